//! Everything ordering announces. What delivers listens to [`OrderAccepted`] and reads the rest with
//! [`items_of_order`](crate::items_of_order).

use bursar_events::Event;
use serde::{Deserialize, Serialize};

macro_rules! order_event {
    ($(#[$doc:meta])* $name:ident = $wire:literal { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            /// The order.
            pub order_id: i64,
            /// Who ordered.
            pub customer_id: i64,
            $($(#[$fdoc])* pub $field: $type),*
        }

        impl Event for $name {
            const NAME: &'static str = $wire;

            fn subject(&self) -> String {
                format!("order:{}", self.order_id)
            }
        }
    };
}

order_event! {
    /// Somebody ordered.
    OrderPlaced = "ordering.order.placed" {
        /// What it asks for now, with its currency as printed: `119.00 EUR`.
        total: String,
    }
}
order_event! {
    /// All that it asked for has arrived, or it asked for nothing.
    OrderPaid = "ordering.order.paid" {}
}
order_event! {
    /// The money for all of it is held: it is taken when it is delivered.
    OrderSecured = "ordering.order.secured" {}
}
order_event! {
    /// It is to be delivered.
    OrderAccepted = "ordering.order.accepted" {}
}
order_event! {
    /// It will not be delivered: not paid in time, or taken back.
    OrderCancelled = "ordering.order.cancelled" {
        /// Why, in words.
        reason: String,
    }
}
order_event! {
    /// Staff will not deliver it.
    OrderRejected = "ordering.order.rejected" {
        /// Why, in words.
        reason: String,
        /// It was no honest order.
        is_fraud: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written once must be readable for ever.
    #[test]
    fn every_form_that_was_ever_written_can_be_read() {
        let placed: OrderPlaced =
            serde_json::from_str(r#"{"order_id":1,"customer_id":2,"total":"119.00 EUR"}"#).unwrap();
        assert_eq!((placed.order_id, placed.total.as_str()), (1, "119.00 EUR"));
        serde_json::from_str::<OrderPaid>(r#"{"order_id":1,"customer_id":2}"#).unwrap();
        serde_json::from_str::<OrderSecured>(r#"{"order_id":1,"customer_id":2}"#).unwrap();
        serde_json::from_str::<OrderAccepted>(r#"{"order_id":1,"customer_id":2}"#).unwrap();
        serde_json::from_str::<OrderCancelled>(r#"{"order_id":1,"customer_id":2,"reason":"late"}"#).unwrap();
        let text = r#"{"order_id":1,"customer_id":2,"reason":"stolen card","is_fraud":true}"#;
        assert!(serde_json::from_str::<OrderRejected>(text).unwrap().is_fraud);
        assert_eq!(placed.subject(), "order:1");
    }
}
