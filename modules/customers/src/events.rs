use bursar_events::Event;
use serde::{Deserialize, Serialize};

/// A customer exists now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCreated {
    /// Which.
    pub customer_id: i64,
}

impl Event for CustomerCreated {
    const NAME: &'static str = "customers.customer.created";

    fn subject(&self) -> String {
        format!("customer:{}", self.customer_id)
    }
}

/// Something about a customer changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerUpdated {
    /// Which.
    pub customer_id: i64,
    /// The fields that changed, by column name.
    pub changed: Vec<String>,
}

impl Event for CustomerUpdated {
    const NAME: &'static str = "customers.customer.updated";

    fn subject(&self) -> String {
        format!("customer:{}", self.customer_id)
    }
}

/// A copy of their data waits for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivacyCopyReady {
    /// The request.
    pub request_id: i64,
    /// Which.
    pub customer_id: i64,
}

impl Event for PrivacyCopyReady {
    const NAME: &'static str = "customers.privacy.copy_ready";

    fn subject(&self) -> String {
        format!("customer:{}", self.customer_id)
    }
}

/// A customer wishes to be forgotten, or still does after something came between: staff decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureAsked {
    /// The request.
    pub request_id: i64,
    /// Which.
    pub customer_id: i64,
}

impl Event for ErasureAsked {
    const NAME: &'static str = "customers.privacy.erasure_asked";

    fn subject(&self) -> String {
        format!("customer:{}", self.customer_id)
    }
}

/// A customer was forgotten: what need not be kept is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerErased {
    /// Which.
    pub customer_id: i64,
}

impl Event for CustomerErased {
    const NAME: &'static str = "customers.customer.erased";

    fn subject(&self) -> String {
        format!("customer:{}", self.customer_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written once must be readable for ever.
    #[test]
    fn every_form_that_was_ever_written_can_be_read() {
        let ready: PrivacyCopyReady = serde_json::from_str(r#"{"request_id":1,"customer_id":2}"#).unwrap();
        assert_eq!((ready.request_id, ready.subject().as_str()), (1, "customer:2"));
        serde_json::from_str::<ErasureAsked>(r#"{"request_id":1,"customer_id":2}"#).unwrap();
        serde_json::from_str::<CustomerErased>(r#"{"customer_id":2}"#).unwrap();
    }
}
