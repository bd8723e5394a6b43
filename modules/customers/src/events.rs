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
