//! Everything provisioning announces.

use bursar_events::Event;
use serde::{Deserialize, Serialize};

/// A service came to another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceChanged {
    /// The service.
    pub service_id: i64,
    /// Whose it is.
    pub customer_id: i64,
    /// What bills it.
    pub subscription_id: Option<i64>,
    /// The state's word before.
    pub from: String,
    /// The state's word now.
    pub to: String,
}

impl Event for ServiceChanged {
    const NAME: &'static str = "provisioning.service.changed";

    fn subject(&self) -> String {
        format!("service:{}", self.service_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written once must be readable for ever.
    #[test]
    fn every_form_that_was_ever_written_can_be_read() {
        let text = r#"{"service_id":1,"customer_id":2,"subscription_id":null,"from":"queued","to":"active"}"#;
        let changed: ServiceChanged = serde_json::from_str(text).unwrap();
        assert_eq!((changed.subject().as_str(), changed.to.as_str()), ("service:1", "active"));
    }
}
