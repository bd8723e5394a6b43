//! A payment and how news changes it: pure.

use bursar_gateway::{ChargeOutcome, Held, Presence};
use bursar_ids::{Entity, Id};
use bursar_money::Money;
use bursar_outbound::CallError;
use bursar_time::{Date, Instant};
use serde::{Deserialize, Serialize};

use crate::jobs::Follow;

/// Seconds after which a call that was started is taken for lost: four times the longest call.
pub(crate) const PATIENCE_SECONDS: i64 = 120;

/// Money from a customer, wanted or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: Id<Self>,
    /// The customer's id.
    pub customer: i64,
    /// The gateway's id, or where the money was received: `bank_transfer`, `cash`.
    pub gateway: String,
    /// Where it comes from.
    pub kind: PaymentKind,
    /// What is asked for; once captured, what was paid.
    pub amount: Money,
    /// What the gateway kept of it.
    pub fee: Money,
    /// What is given back or on its way back.
    pub refunded: Money,
    /// When the money is taken.
    pub capture: Capture,
    /// Until when what is held can be captured.
    pub held_until: Option<Instant>,
    /// Whether a part of what is held can be taken.
    pub takes_parts: bool,
    /// The part of what is held that is taken when it is taken; none for all of it.
    pub part: Option<Money>,
    /// Where it stands.
    pub state: PaymentState,
    /// The idempotency key, for ever.
    pub key: String,
    /// The vendor's name of it, or empty.
    pub gateway_reference: String,
    /// The decline's word, or empty.
    pub decline_code: String,
    /// What the decline means for the next attempt, or empty.
    pub decline_class: String,
    /// The last news in words, for staff.
    pub message: String,
    /// Where the customer confirms, or empty.
    pub action_url: String,
    /// A bank reference or cheque number, or empty.
    pub reference: String,
    /// The date on which it was received, for manual and imported ones.
    pub received_on: Option<Date>,
    /// What it is meant for.
    pub purpose: Purpose,
    /// The attempt group.
    pub group_key: String,
    /// The stored method that is charged.
    pub method: Option<i64>,
    /// Whether the customer is there.
    pub presence: Presence,
    /// Where the vendor sends the browser back.
    pub return_url: Option<String>,
    /// When the intent was written.
    pub created_at: Instant,
    /// When the last news came.
    pub updated_at: Instant,
    /// When the money arrived.
    pub captured_at: Option<Instant>,
    /// Its entry in the ledger.
    pub entry: Option<Id<bursar_ledger::Entry>>,
    /// Counts the changes.
    pub version: i64,
}

impl Entity for Payment {
    const PREFIX: &'static str = "pay";
}

/// What a payment is meant for. Carried to whoever applies the money.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Invoice ids and minor units, in the order of application.
    pub invoices: Vec<(i64, i64)>,
    /// Why, in a word or sentence.
    pub reason: String,
}

/// Where a payment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentKind {
    /// Through a gateway.
    Charge,
    /// Recorded by staff.
    Manual,
    /// From another system's records.
    Imported,
}

/// When the money of a charge is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// With the charge.
    AtOnce,
    /// Later, by [`capture_held`](crate::capture_held): until then it is held. A gateway that cannot hold is charged at
    /// once, and so is every gateway where the business has switched holding off.
    Later,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentState {
    /// Written down; the vendor has not been asked, or certainly did nothing.
    Created,
    /// A call is under way, or was when the process died.
    Sent,
    /// The vendor works on it.
    Pending,
    /// The customer must confirm.
    RequiresAction,
    /// Nobody knows: must be asked about.
    Unknown,
    /// The money is set aside for us and still the payer's.
    Held,
    /// What is held is being taken.
    Capturing,
    /// What is held is being let go: it no longer counts on.
    Releasing,
    /// The money arrived.
    Captured,
    /// The payer's side refused.
    Declined,
    /// The vendor or the set-up refused.
    Failed,
    /// Withdrawn.
    Cancelled,
    /// What was held is the payer's again.
    Released,
    /// It was held for longer than the vendor holds.
    Expired,
}

impl Capture {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Later => "later",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        [Self::AtOnce, Self::Later].into_iter().find(|capture| capture.code() == code)
    }
}

impl PaymentKind {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Manual => "manual",
            Self::Imported => "imported",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        [Self::Charge, Self::Manual, Self::Imported].into_iter().find(|kind| kind.code() == code)
    }
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 14] = [
        Self::Created,
        Self::Sent,
        Self::Pending,
        Self::RequiresAction,
        Self::Unknown,
        Self::Held,
        Self::Capturing,
        Self::Releasing,
        Self::Captured,
        Self::Declined,
        Self::Failed,
        Self::Cancelled,
        Self::Released,
        Self::Expired,
    ];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sent => "sent",
            Self::Pending => "pending",
            Self::RequiresAction => "requires_action",
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Capturing => "capturing",
            Self::Releasing => "releasing",
            Self::Captured => "captured",
            Self::Declined => "declined",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// Reads a stored word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing is awaited any more. Only a late capture can still change an end without money.
    pub fn is_final(self) -> bool {
        match self {
            Self::Captured
            | Self::Declined
            | Self::Failed
            | Self::Cancelled
            | Self::Released
            | Self::Expired => true,
            Self::Created
            | Self::Sent
            | Self::Pending
            | Self::RequiresAction
            | Self::Unknown
            | Self::Held
            | Self::Capturing
            | Self::Releasing => false,
        }
    }

    /// Whether the payer's money is set aside, whatever is being done about it.
    pub fn holds_money(self) -> bool {
        matches!(self, Self::Held | Self::Capturing | Self::Releasing)
    }
}

/// What we decide about what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Capture,
    Release,
}

/// Where a wish leads from a state; `None` where it cannot be granted any more, or not yet. What is being taken cannot be
/// let go: the money may be ours already. What was granted before is granted again.
pub(crate) fn wished(state: PaymentState, wish: Wish) -> Option<PaymentState> {
    match (wish, state) {
        (Wish::Capture, PaymentState::Held) => Some(PaymentState::Capturing),
        (Wish::Capture, PaymentState::Capturing | PaymentState::Captured) => Some(state),
        (Wish::Release, PaymentState::Held) => Some(PaymentState::Releasing),
        (Wish::Release, PaymentState::Releasing | PaymentState::Released | PaymentState::Expired) => {
            Some(state)
        }
        _ => None,
    }
}

/// News about a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// The vendor's word, from an answer or because we asked.
    Outcome(ChargeOutcome),
    /// We asked, and the vendor never accepted the key.
    NotThere,
    /// The call that should charge gave no outcome.
    CallFailed(CallError),
    /// The call that should ask gave no outcome.
    AskFailed(CallError),
}

/// What news makes of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// It stays what it is, apart from the time of the last news.
    None,
    /// It moves; no money.
    To(Payment),
    /// The money arrived: needs an entry and an event.
    Captured { payment: Payment, at: Instant },
}

/// The one place that decides what news means. Never loses money that arrived: a capture counts from every state,
/// also after an end without money. Nothing leads out of `Captured`.
pub(crate) fn decide(payment: &Payment, news: &News, now: Instant) -> (Change, Follow) {
    match news {
        News::Outcome(outcome) => decide_outcome(payment, outcome),
        News::NotThere => decide_not_there(payment, now),
        News::CallFailed(error) => decide_call_failed(payment, error),
        News::AskFailed(error) if error.is_passing() => (Change::None, Follow::Again(error.to_string())),
        News::AskFailed(error) => (Change::None, Follow::Person(error.to_string())),
    }
}

fn decide_outcome(payment: &Payment, outcome: &ChargeOutcome) -> (Change, Follow) {
    let mut next = payment.clone();
    if let Some(reference) = outcome.reference() {
        reference.as_str().clone_into(&mut next.gateway_reference);
    }
    next.action_url.clear();
    next.message.clear();
    match outcome {
        ChargeOutcome::Captured(captured) => {
            if payment.state == PaymentState::Captured {
                if payment.gateway_reference == captured.reference.as_str() {
                    return (Change::None, Follow::Done);
                }
                let why = format!("the gateway reports a second capture, {}", captured.reference);
                return (Change::None, Follow::Person(why));
            }
            if captured.amount.currency() != payment.amount.currency()
                || captured.fee.currency() != payment.amount.currency()
                || !captured.amount.is_positive()
            {
                let why = format!(
                    "the gateway captured {} where {} was asked for",
                    captured.amount, payment.amount
                );
                return (unknown(next, &why), Follow::Person(why));
            }
            if payment.part == Some(captured.amount) {
                next.message =
                    format!("{} was held, {} was taken: no more was owed", payment.amount, captured.amount);
            } else if captured.amount != payment.amount {
                next.message = format!("{} was asked for, {} was paid", payment.amount, captured.amount);
            }
            next.amount = captured.amount;
            next.fee = captured.fee;
            next.state = PaymentState::Captured;
            next.decline_code.clear();
            next.decline_class.clear();
            (Change::Captured { payment: next, at: captured.at }, Follow::Done)
        }
        _ if payment.state.is_final() => (Change::None, Follow::Done),
        ChargeOutcome::Held(held) => decide_held(payment, next, held),
        // The vendor works on what we decided about a hold; only an end is news.
        ChargeOutcome::Pending { .. } | ChargeOutcome::RequiresAction { .. }
            if payment.state.holds_money() =>
        {
            (Change::None, Follow::Later)
        }
        ChargeOutcome::Pending { .. } => {
            next.state = PaymentState::Pending;
            (moved(payment, next), Follow::Later)
        }
        ChargeOutcome::RequiresAction { url, .. } => {
            next.state = PaymentState::RequiresAction;
            next.action_url.clone_from(url);
            (moved(payment, next), Follow::Later)
        }
        ChargeOutcome::Declined(decline) => {
            next.state = PaymentState::Declined;
            next.decline_code.clone_from(&decline.code);
            decline.class.code().clone_into(&mut next.decline_class);
            next.message.clone_from(&decline.message);
            (Change::To(next), Follow::Done)
        }
        ChargeOutcome::Cancelled { .. } => {
            let was_held = payment.state.holds_money();
            next.state = if was_held { PaymentState::Released } else { PaymentState::Cancelled };
            (Change::To(next), Follow::Done)
        }
        ChargeOutcome::Expired { .. } => {
            next.state = PaymentState::Expired;
            (Change::To(next), Follow::Done)
        }
    }
}

/// Money is set aside. What should have been charged and was held is taken; what we are taking or letting go goes on.
fn decide_held(payment: &Payment, mut next: Payment, held: &Held) -> (Change, Follow) {
    if held.amount != payment.amount {
        let why = format!("the gateway holds {} where {} was asked for", held.amount, payment.amount);
        return (unknown(next, &why), Follow::Person(why));
    }
    next.held_until = Some(held.until);
    next.takes_parts = held.takes_parts;
    let follow = match (payment.state, payment.capture) {
        (PaymentState::Capturing | PaymentState::Releasing, _) => {
            Follow::Again("the gateway still holds the money".to_owned())
        }
        (_, Capture::AtOnce) => {
            next.state = PaymentState::Capturing;
            Follow::Again("the gateway holds what is to be taken at once".to_owned())
        }
        (_, Capture::Later) => {
            next.state = PaymentState::Held;
            Follow::Later
        }
    };
    (moved(payment, next), follow)
}

fn decide_not_there(payment: &Payment, now: Instant) -> (Change, Follow) {
    match payment.state {
        // A call that another worker started a moment ago may not have reached the vendor yet.
        PaymentState::Sent if !is_lost(payment, now) => {
            (Change::None, Follow::Again("a call is under way".to_owned()))
        }
        PaymentState::Sent | PaymentState::Unknown => {
            let mut next = payment.clone();
            next.state = PaymentState::Created;
            next.message = "The gateway never got the request.".to_owned();
            (Change::To(next), Follow::Again("the gateway never got the request".to_owned()))
        }
        PaymentState::Pending
        | PaymentState::RequiresAction
        | PaymentState::Held
        | PaymentState::Capturing
        | PaymentState::Releasing => {
            let why = "the gateway does not know a charge that it had accepted".to_owned();
            (Change::None, Follow::Person(why))
        }
        PaymentState::Created => (Change::None, Follow::Again("not sent yet".to_owned())),
        PaymentState::Captured
        | PaymentState::Declined
        | PaymentState::Failed
        | PaymentState::Cancelled
        | PaymentState::Released
        | PaymentState::Expired => (Change::None, Follow::Done),
    }
}

/// The end of our own call counts only while the payment still waits for it: other news may have been faster.
fn decide_call_failed(payment: &Payment, error: &CallError) -> (Change, Follow) {
    if payment.state != PaymentState::Sent {
        let follow = if payment.state.is_final() { Follow::Done } else { Follow::Again(error.to_string()) };
        return (Change::None, follow);
    }
    let mut next = payment.clone();
    next.message = error.to_string();
    match error {
        CallError::NotSent(_) | CallError::RateLimited { .. } => {
            next.state = PaymentState::Created;
            (Change::To(next), Follow::Again(error.to_string()))
        }
        CallError::Unknown(_) | CallError::Unreadable(_) => {
            (unknown(next, &error.to_string()), Follow::Again(error.to_string()))
        }
        CallError::BadCredentials(_) => {
            next.state = PaymentState::Created;
            (Change::To(next), Follow::Person(error.to_string()))
        }
        CallError::Refused(_) => {
            next.state = PaymentState::Failed;
            (Change::To(next), Follow::Done)
        }
    }
}

fn unknown(mut next: Payment, why: &str) -> Change {
    next.state = PaymentState::Unknown;
    why.clone_into(&mut next.message);
    Change::To(next)
}

fn moved(before: &Payment, next: Payment) -> Change {
    if *before == next { Change::None } else { Change::To(next) }
}

/// Whether a started call must have ended by now, whatever its worker met with.
pub(crate) fn is_lost(payment: &Payment, now: Instant) -> bool {
    now >= payment.updated_at.plus_seconds(PATIENCE_SECONDS)
}

#[cfg(test)]
mod tests;
