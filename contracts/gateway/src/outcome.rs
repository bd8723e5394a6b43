//! What can become of a charge or a refund.

use bursar_money::Money;
use bursar_time::Instant;

use crate::{GatewayReference, StoredMethod};

/// The state of a charge or hold at the vendor. `Captured`, `Declined`, `Cancelled` and `Expired` are final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChargeOutcome {
    /// The money is ours.
    Captured(Captured),
    /// Accepted, the money is on its way or may still fail. The default for anything not understood.
    Pending {
        /// The vendor's name of the charge.
        reference: GatewayReference,
    },
    /// The customer must confirm on the vendor's page.
    RequiresAction {
        /// The vendor's name of the charge.
        reference: GatewayReference,
        /// Where to send the browser.
        url: String,
    },
    /// The money is set aside for us and still the payer's. Only ever said of what was asked for with
    /// [`Holds`](crate::Holds).
    Held(Held),
    /// The payer or the payer's bank refused. No money moved or will move under this key.
    Declined(Decline),
    /// Withdrawn before it was captured. No money moved or will move under this key.
    Cancelled {
        /// The vendor's name of the charge.
        reference: GatewayReference,
    },
    /// Held for longer than the vendor holds. No money moved or will move under this key.
    Expired {
        /// The vendor's name of the hold.
        reference: GatewayReference,
    },
}

impl ChargeOutcome {
    /// Whether nothing can change any more.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Captured(_) | Self::Declined(_) | Self::Cancelled { .. } | Self::Expired { .. } => true,
            Self::Pending { .. } | Self::RequiresAction { .. } | Self::Held(_) => false,
        }
    }

    /// The vendor's name of the charge, where one was given.
    pub fn reference(&self) -> Option<&GatewayReference> {
        match self {
            Self::Captured(Captured { reference, .. })
            | Self::Pending { reference }
            | Self::RequiresAction { reference, .. }
            | Self::Held(Held { reference, .. })
            | Self::Cancelled { reference }
            | Self::Expired { reference } => Some(reference),
            Self::Declined(decline) => decline.reference.as_ref(),
        }
    }
}

/// Money that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The vendor's name of the charge.
    pub reference: GatewayReference,
    /// What the payer paid, as the vendor says it: the books follow this and not what was asked for.
    pub amount: Money,
    /// What the vendor kept, in the same currency; zero when it bills its fees apart.
    pub fee: Money,
    /// When.
    pub at: Instant,
}

/// Money that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The vendor's name of the hold.
    pub reference: GatewayReference,
    /// What can be captured, as the vendor says it.
    pub amount: Money,
    /// Until when it can be captured. A driver whose vendor does not say names the shortest time that the vendor's
    /// rules allow.
    pub until: Instant,
    /// Whether less than all of it can be taken. What is held for a payer whose method does not allow that is taken whole.
    pub takes_parts: bool,
}

/// A refusal by the payer's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// The vendor's name of the charge, where one was given.
    pub reference: Option<GatewayReference>,
    /// A stable word ("insufficient_funds"); unknown ones become "generic_decline".
    pub code: String,
    /// What it means for the next attempt.
    pub class: DeclineClass,
    /// For staff. Never tells the customer that a card is reported stolen.
    pub message: String,
}

/// What a decline means for dunning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineClass {
    /// Try again on the schedule.
    RetryLater,
    /// Useless until the customer changes or confirms something.
    CustomerMustAct,
    /// Never charge this method again.
    NeverRetry,
}

impl DeclineClass {
    /// The class of a decline word, by the grouping in use among the vendors. Unknown words: try later.
    pub fn of_code(code: &str) -> Self {
        match code {
            "lost_card"
            | "stolen_card"
            | "pickup_card"
            | "restricted_card"
            | "fraudulent"
            | "merchant_blacklist"
            | "do_not_try_again"
            | "stop_payment_order"
            | "revocation_of_authorization"
            | "revocation_of_all_authorizations" => Self::NeverRetry,
            "authentication_required"
            | "authentication_failed"
            | "expired_card"
            | "incorrect_cvc"
            | "incorrect_number"
            | "incorrect_zip"
            | "incorrect_pin"
            | "invalid_expiry"
            | "invalid_account"
            | "card_not_supported"
            | "currency_not_supported"
            | "invalid_amount"
            | "duplicate_transaction"
            | "method_forgotten"
            | "method_missing" => Self::CustomerMustAct,
            _ => Self::RetryLater,
        }
    }

    /// Stored with the payment.
    pub fn code(self) -> &'static str {
        match self {
            Self::RetryLater => "retry_later",
            Self::CustomerMustAct => "customer_must_act",
            Self::NeverRetry => "never_retry",
        }
    }
}

/// The state of a refund at the vendor. `Failed` is final; `Settled` may, with some vendors, still become `Failed`
/// weeks later when the payer's bank sends the money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundOutcome {
    /// The money has left us.
    Settled {
        /// The vendor's name of the refund.
        reference: GatewayReference,
        /// How much.
        amount: Money,
    },
    /// Accepted and on its way.
    Pending {
        /// The vendor's name of the refund.
        reference: GatewayReference,
    },
    /// No money leaves us.
    Failed {
        /// The vendor's name of the refund, where one was given.
        reference: Option<GatewayReference>,
        /// A stable word ("charge_already_refunded").
        code: String,
        /// For staff.
        message: String,
    },
}

impl RefundOutcome {
    /// The vendor's name of the refund, where one was given.
    pub fn reference(&self) -> Option<&GatewayReference> {
        match self {
            Self::Settled { reference, .. } | Self::Pending { reference } => Some(reference),
            Self::Failed { reference, .. } => reference.as_ref(),
        }
    }
}

/// The state of a setup at the vendor. All but `Waiting` are final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupOutcome {
    /// The customer is asked.
    Waiting {
        /// Where to send the browser.
        url: String,
    },
    /// The customer gave a method, and the vendor keeps it.
    Stored(StoredMethod),
    /// The customer gave none.
    Abandoned,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declines_fall_into_three_classes_and_unknown_words_are_tried_later() {
        for (code, class) in [
            ("insufficient_funds", DeclineClass::RetryLater),
            ("a_word_of_tomorrow", DeclineClass::RetryLater),
            ("expired_card", DeclineClass::CustomerMustAct),
            ("stolen_card", DeclineClass::NeverRetry),
        ] {
            assert_eq!(DeclineClass::of_code(code), class, "{code}");
        }
    }
}
