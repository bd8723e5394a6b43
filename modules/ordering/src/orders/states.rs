//! Where an order stands, and what may follow: data, so that a reader sees all of it and a test prints it.

use serde::{Deserialize, Serialize};

use crate::error::OrderError;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Something is owed for it.
    PendingPayment,
    /// Paid, or free; a person is to look at it.
    PendingReview,
    /// It is delivered.
    Accepted,
    /// Staff did not want it.
    Rejected,
    /// Not paid in time, or taken back.
    Cancelled,
    /// It was no honest order.
    Fraud,
}

/// Every status with those that may follow it.
///
/// Staff may accept before the money is there: business customers pay by invoice. What waits for a person and whose money
/// was only held waits for its payment again when the hold is lost. What was accepted is called off by staff
/// as long as it was billed once, and ends through its subscriptions later. What is over stays so: whoever comes back
/// orders again.
pub const TRANSITIONS: [(OrderStatus, &[OrderStatus]); 6] = [
    (
        OrderStatus::PendingPayment,
        &[
            OrderStatus::PendingReview,
            OrderStatus::Accepted,
            OrderStatus::Rejected,
            OrderStatus::Cancelled,
            OrderStatus::Fraud,
        ],
    ),
    (
        OrderStatus::PendingReview,
        &[
            OrderStatus::PendingPayment,
            OrderStatus::Accepted,
            OrderStatus::Rejected,
            OrderStatus::Cancelled,
            OrderStatus::Fraud,
        ],
    ),
    (OrderStatus::Accepted, &[OrderStatus::Cancelled, OrderStatus::Fraud]),
    (OrderStatus::Rejected, &[]),
    (OrderStatus::Cancelled, &[]),
    (OrderStatus::Fraud, &[]),
];

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::PendingPayment,
        Self::PendingReview,
        Self::Accepted,
        Self::Rejected,
        Self::Cancelled,
        Self::Fraud,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::PendingPayment => "pending_payment",
            Self::PendingReview => "pending_review",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Fraud => "fraud",
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::PendingPayment => "waiting for payment",
            Self::PendingReview => "waiting for review",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Fraud => "marked as fraud",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether the status may become another one.
    pub fn may_become(self, to: Self) -> bool {
        TRANSITIONS.iter().any(|(from, next)| *from == self && next.contains(&to))
    }

    /// Whether nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Rejected | Self::Cancelled | Self::Fraud)
    }

    pub(crate) fn check_move(self, to: Self) -> Result<(), OrderError> {
        if self.may_become(to) {
            return Ok(());
        }
        let (from, to) = (self.label(), to.label());
        Err(OrderError::refused(format!("An order that is {from} cannot become {to}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_agreed() {
        let table: Vec<String> = TRANSITIONS
            .iter()
            .map(|(from, to)| {
                let to: Vec<&str> = to.iter().map(|s| s.code()).collect();
                format!("{} -> {}", from.code(), if to.is_empty() { "(none)".into() } else { to.join(", ") })
            })
            .collect();
        assert_eq!(
            table.join("\n"),
            "pending_payment -> pending_review, accepted, rejected, cancelled, fraud\n\
             pending_review -> pending_payment, accepted, rejected, cancelled, fraud\n\
             accepted -> cancelled, fraud\n\
             rejected -> (none)\n\
             cancelled -> (none)\n\
             fraud -> (none)"
        );
    }

    #[test]
    fn every_status_has_its_row_and_what_is_over_leads_nowhere() {
        for (status, (from, to)) in OrderStatus::ALL.into_iter().zip(TRANSITIONS) {
            assert_eq!(status, from);
            assert_eq!(OrderStatus::parse(status.code()), Some(status));
            assert_eq!(status.is_over(), to.is_empty());
            assert!(!status.may_become(status));
        }
    }
}
