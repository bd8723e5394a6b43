//! Test cards: what a token or an amount makes the processor do.

/// Captures at once.
pub const VISA: &str = "tok_visa";
/// Captures at once.
pub const MASTERCARD: &str = "tok_mastercard";
/// Wants the customer to confirm on the sandbox's page; declines when the customer is away.
pub const AUTHENTICATE: &str = "tok_authenticate";
/// Pending for an hour, then captured.
pub const PENDING: &str = "tok_pending";
/// Pending for an hour, then declined.
pub const PENDING_DECLINED: &str = "tok_pending_declined";
/// Acts, and the first answer is lost.
pub const LOSE_AFTER: &str = "tok_lose_after";
/// The first request is lost before anything happened; to the caller it looks the same.
pub const LOSE_BEFORE: &str = "tok_lose_before";
/// Every webhook comes twice.
pub const WEBHOOK_TWICE: &str = "tok_webhook_twice";
/// Webhooks come a day late.
pub const WEBHOOK_LATE: &str = "tok_webhook_late";
/// The webhook comes before the answer of the call.
pub const WEBHOOK_FIRST: &str = "tok_webhook_first";
/// No webhook comes.
pub const WEBHOOK_NEVER: &str = "tok_webhook_never";
/// A forged webhook comes beside the true one.
pub const WEBHOOK_FORGED: &str = "tok_webhook_forged";
/// Captures; refunds fail at once.
pub const REFUND_FAILS: &str = "tok_refund_fails";
/// Captures; refunds are pending for an hour, then settled.
pub const REFUND_PENDING: &str = "tok_refund_pending";
/// Captures; refunds are pending for an hour, then fail.
pub const REFUND_FAILS_LATER: &str = "tok_refund_fails_later";
/// Can be held, and the bank refuses the capture.
pub const CAPTURE_DECLINED: &str = "tok_capture_declined";
/// Can be held for an hour only.
pub const HOLD_SHORT: &str = "tok_hold_short";
/// Can be held, and is taken whole or not at all.
pub const HOLD_WHOLE: &str = "tok_hold_whole";
/// Declines with the code that follows.
pub const DECLINE_PREFIX: &str = "tok_decline:";

/// A card the customer may pick on a test page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// What to send as the method.
    pub token: &'static str,
    /// What people see.
    pub label: &'static str,
}

/// The cards to offer on a test page.
pub const OFFERED: &[Card] = &[
    Card { token: VISA, label: "Visa that pays" },
    Card { token: MASTERCARD, label: "Mastercard that pays" },
    Card { token: AUTHENTICATE, label: "Card that asks for confirmation" },
    Card { token: "tok_decline:insufficient_funds", label: "Card without enough money" },
    Card { token: "tok_decline:expired_card", label: "Expired card" },
    Card { token: "tok_decline:stolen_card", label: "Card that must never be tried again" },
    Card { token: PENDING, label: "Bank debit that takes an hour" },
    Card { token: LOSE_AFTER, label: "Card whose answer is lost after paying" },
    Card { token: WEBHOOK_TWICE, label: "Card whose webhook comes twice" },
    Card { token: CAPTURE_DECLINED, label: "Card that holds the money and then refuses it" },
    Card { token: HOLD_SHORT, label: "Card that holds the money for an hour only" },
    Card { token: HOLD_WHOLE, label: "Card whose held money is taken whole or not at all" },
];

/// What a charge is going to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Succeed,
    Decline(String),
    Authenticate,
    Pending { succeeds: bool },
}

/// Exact amounts in minor units that make a plain card misbehave, whatever the currency.
const AMOUNTS: &[(i64, &str)] = &[
    (400_002, "tok_decline:card_declined"),
    (409_995, "tok_decline:insufficient_funds"),
    (400_069, "tok_decline:expired_card"),
    (403_155, AUTHENTICATE),
    (400_300, PENDING),
    (400_008, LOSE_AFTER),
    (400_009, LOSE_BEFORE),
    (400_200, WEBHOOK_TWICE),
];

/// The token that decides: the card's own, or for a plain card the amount's.
pub(crate) fn deciding_token(method: &str, amount_minor: i64) -> String {
    let plain = method == VISA || method == MASTERCARD;
    let by_amount = AMOUNTS.iter().find(|(amount, _)| plain && *amount == amount_minor);
    by_amount.map_or(method, |(_, token)| token).to_owned()
}

/// What a token does; `None` for a token that is not a test card.
pub(crate) fn behaviour(token: &str) -> Option<Behaviour> {
    if let Some(code) = token.strip_prefix(DECLINE_PREFIX) {
        return Some(Behaviour::Decline(code.to_owned()));
    }
    match token {
        VISA | MASTERCARD | LOSE_AFTER | LOSE_BEFORE | WEBHOOK_TWICE | WEBHOOK_LATE | WEBHOOK_FIRST
        | WEBHOOK_NEVER | WEBHOOK_FORGED | REFUND_FAILS | REFUND_PENDING | REFUND_FAILS_LATER
        | CAPTURE_DECLINED | HOLD_SHORT | HOLD_WHOLE => Some(Behaviour::Succeed),
        AUTHENTICATE => Some(Behaviour::Authenticate),
        PENDING => Some(Behaviour::Pending { succeeds: true }),
        PENDING_DECLINED => Some(Behaviour::Pending { succeeds: false }),
        _ => None,
    }
}

/// Brand and last digits for people.
pub(crate) fn face(token: &str) -> (&'static str, &'static str) {
    match token {
        MASTERCARD => ("Mastercard", "4444"),
        PENDING | PENDING_DECLINED => ("Bank debit", "3000"),
        AUTHENTICATE => ("Visa", "3155"),
        _ if token.starts_with(DECLINE_PREFIX) => ("Visa", "0002"),
        _ => ("Visa", "4242"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_decides_only_for_plain_cards() {
        assert_eq!(deciding_token(VISA, 409_995), "tok_decline:insufficient_funds");
        assert_eq!(deciding_token(VISA, 409_996), VISA);
        assert_eq!(deciding_token(AUTHENTICATE, 409_995), AUTHENTICATE);
    }

    #[test]
    fn every_offered_card_does_something() {
        assert!(OFFERED.iter().all(|card| behaviour(card.token).is_some()));
        assert_eq!(behaviour("4242424242424242"), None);
    }
}
