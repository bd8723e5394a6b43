//! Giving money back: the intent, and how news changes it.
//!
//! Whoever asks for a refund first moves the money back to `unapplied_payments`, in the transaction that writes the
//! intent. Settled, it leaves from there; failed, it stays there and is announced.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::RefundOutcome;
use bursar_ids::{Entity, Id};
use bursar_ledger::{Account, Entry, NewEntry};
use bursar_money::Money;
use bursar_outbound::CallError;
use bursar_time::{Date, Instant};

use crate::error::RefundRefused;
use crate::events::{RefundFailed, RefundSettled};
use crate::jobs::{Follow, RefundJob};
use crate::payment::{PATIENCE_SECONDS, Payment, PaymentState};
use crate::{refund_store, store};

/// Money on its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id.
    pub id: Id<Self>,
    /// The refunded payment; none for an imported refund whose payment is unknown.
    pub payment: Option<Id<Payment>>,
    /// Who gets it.
    pub customer: i64,
    /// The payment's gateway.
    pub gateway: String,
    /// How much; positive.
    pub amount: Money,
    /// Where it goes.
    pub destination: Destination,
    /// Where it stands.
    pub state: RefundState,
    /// The idempotency key, for ever.
    pub key: String,
    /// The vendor's name of it, or empty.
    pub gateway_reference: String,
    /// Why.
    pub reason: String,
    /// The vendor's word for a failure, or ours, or empty.
    pub failure_code: String,
    /// The last news in words, for staff.
    pub message: String,
    /// When the intent was written.
    pub created_at: Instant,
    /// When the last news came.
    pub updated_at: Instant,
    /// When it left.
    pub settled_at: Option<Instant>,
    /// Its entry in the ledger, once it left by gateway or by hand.
    pub entry: Option<Id<Entry>>,
    /// Counts the changes.
    pub version: i64,
}

impl Entity for Refund {
    const PREFIX: &'static str = "ref";
}

/// Where a refund goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Back the way it came, through the driver.
    Gateway,
    /// Back by hand: staff has sent it from the bank or the drawer.
    Manual,
    /// To the customer's credit: no money leaves, so nothing is posted or announced here. Whoever asks does both.
    Credit,
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefundState {
    /// Written down; the vendor has not been asked, or certainly did nothing.
    Created,
    /// A call is under way, or was when the process died.
    Sent,
    /// The vendor works on it.
    Pending,
    /// Nobody knows: must be asked about.
    Unknown,
    /// The money has left.
    Settled,
    /// No money left, or it came back.
    Failed,
}

impl Destination {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Manual => "manual",
            Self::Credit => "credit",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        [Self::Gateway, Self::Manual, Self::Credit].into_iter().find(|d| d.code() == code)
    }
}

impl RefundState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Sent, Self::Pending, Self::Unknown, Self::Settled, Self::Failed];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sent => "sent",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Settled => "settled",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing is awaited any more. A settled refund can still come back.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Settled | Self::Failed)
    }
}

/// What to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefund {
    /// Of which payment.
    pub payment: Id<Payment>,
    /// How much: positive, in the payment's currency, at most what is left of it.
    pub amount: Money,
    /// Where to.
    pub destination: Destination,
    /// Why.
    pub reason: String,
    /// Names the refund, for ever; the same key again gives the same refund. Visible ASCII, at most 240 characters.
    pub key: String,
}

/// Writes down the intent to refund in the caller's transaction and sets the amount aside on the payment, so that no
/// two refunds together exceed it, whatever runs in parallel. By hand and to credit it is settled at once.
pub async fn start_refund(tx: &mut Tx, new: NewRefund) -> Result<Id<Refund>, RefundRefused> {
    let key = bursar_gateway::IdempotencyKey::new(format!("refund:{}", new.key))
        .map_err(|e| Fault::wrap("the refund's key cannot be a key", e))?;
    if let Some(known) = refund_store::find_by_key(tx, key.as_str()).await? {
        let same = known.payment == Some(new.payment)
            && known.amount == new.amount
            && known.destination == new.destination;
        return if same { Ok(known.id) } else { Err(RefundRefused::KeyReused) };
    }
    let payment = store::find(tx, new.payment).await?.ok_or(RefundRefused::NotFound)?;
    check(&payment, &new)?;
    let left = Money::new(payment.amount.minor() - payment.refunded.minor(), payment.amount.currency());
    let reserved =
        tx.exec(&store::RESERVE_REFUND, bursar_db::params![payment.id, new.amount.minor()]).await?;
    if reserved == 0 {
        return Err(RefundRefused::TooMuch { left });
    }
    let now = tx.now();
    let mut refund = Refund {
        id: tx.new_id()?,
        payment: Some(payment.id),
        customer: payment.customer,
        gateway: payment.gateway,
        amount: new.amount,
        destination: new.destination,
        state: RefundState::Created,
        key: key.as_str().to_owned(),
        gateway_reference: String::new(),
        reason: new.reason,
        failure_code: String::new(),
        message: String::new(),
        created_at: now,
        updated_at: now,
        settled_at: None,
        entry: None,
        version: 1,
    };
    match new.destination {
        Destination::Gateway => {
            refund_store::insert(tx, &refund).await?;
            bursar_jobs::enqueue(tx, &RefundJob { refund_id: refund.id.get() }).await?;
        }
        Destination::Credit => {
            refund.state = RefundState::Settled;
            refund.settled_at = Some(now);
            refund_store::insert(tx, &refund).await?;
        }
        Destination::Manual => {
            let on = tx.today();
            settle(tx, &mut refund, now, on).await?;
            refund_store::insert(tx, &refund).await?;
            bursar_events::emit(tx, &settled(&refund)).await?;
        }
    }
    Ok(refund.id)
}

fn check(payment: &Payment, new: &NewRefund) -> Result<(), RefundRefused> {
    if payment.state != PaymentState::Captured {
        return Err(RefundRefused::NotCaptured);
    }
    if new.amount.currency() != payment.amount.currency() {
        return Err(RefundRefused::OtherCurrency);
    }
    if !new.amount.is_positive() {
        return Err(RefundRefused::NotPositive);
    }
    Ok(())
}

/// DR unapplied payments, CR cash.
pub(crate) async fn settle(tx: &mut Tx, refund: &mut Refund, at: Instant, on: Date) -> Result<(), Fault> {
    let entry = NewEntry {
        kind: "refund_settled",
        on,
        source: ("refund", refund.id.get()),
        memo: refund.reason.clone(),
        postings: vec![
            (Account::UnappliedPayments, refund.amount),
            (Account::Cash(refund.gateway.clone()), refund.amount.neg()),
        ],
    };
    refund.entry = Some(bursar_ledger::post(tx, entry).await?);
    refund.state = RefundState::Settled;
    refund.settled_at = Some(at);
    Ok(())
}

/// News about a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefundNews {
    Outcome(RefundOutcome),
    NotThere,
    CallFailed(CallError),
    AskFailed(CallError),
    /// The gateway cannot refund at all.
    NotSupported,
}

/// What news makes of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefundChange {
    None,
    To(Refund),
    Settled(Refund),
    /// No money left us, or what had left came back (then the refund has an entry to reverse).
    Failed(Refund),
}

/// The one place that decides what news means for a refund. `Failed` is the end; `Settled` can only still fail.
pub(crate) fn decide(refund: &Refund, news: &RefundNews, now: Instant) -> (RefundChange, Follow) {
    let mut next = refund.clone();
    let open = !refund.state.is_final();
    match news {
        RefundNews::Outcome(outcome) => {
            if let Some(reference) = outcome.reference() {
                reference.as_str().clone_into(&mut next.gateway_reference);
            }
            match outcome {
                RefundOutcome::Settled { amount, .. } if open && *amount != refund.amount => {
                    let why = format!("the gateway refunded {amount} where {} was asked for", refund.amount);
                    next.state = RefundState::Unknown;
                    next.message.clone_from(&why);
                    (RefundChange::To(next), Follow::Person(why))
                }
                RefundOutcome::Settled { .. } if open => {
                    next.message.clear();
                    (RefundChange::Settled(next), Follow::Done)
                }
                RefundOutcome::Pending { .. } if open => {
                    next.state = RefundState::Pending;
                    next.message.clear();
                    let change = if next == *refund { RefundChange::None } else { RefundChange::To(next) };
                    (change, Follow::Later)
                }
                RefundOutcome::Failed { code, message, .. } if refund.state != RefundState::Failed => {
                    (fail(next, code, message), Follow::Done)
                }
                _ => (RefundChange::None, Follow::Done),
            }
        }
        RefundNews::NotSupported if open => {
            (fail(next, "not_supported", "This gateway cannot refund."), Follow::Done)
        }
        RefundNews::NotThere => decide_not_there(refund, next, now),
        RefundNews::CallFailed(error) if refund.state == RefundState::Sent => decide_call_failed(next, error),
        RefundNews::AskFailed(error) if !error.is_passing() => {
            (RefundChange::None, Follow::Person(error.to_string()))
        }
        RefundNews::CallFailed(error) if open => (RefundChange::None, Follow::Again(error.to_string())),
        // A settled refund may have come back: a question about it without an answer is asked again, too.
        RefundNews::AskFailed(error) if refund.state != RefundState::Failed => {
            (RefundChange::None, Follow::Again(error.to_string()))
        }
        RefundNews::NotSupported | RefundNews::CallFailed(_) | RefundNews::AskFailed(_) => {
            (RefundChange::None, Follow::Done)
        }
    }
}

fn decide_not_there(refund: &Refund, mut next: Refund, now: Instant) -> (RefundChange, Follow) {
    match refund.state {
        RefundState::Sent if !is_lost(refund, now) => {
            (RefundChange::None, Follow::Again("a call is under way".to_owned()))
        }
        RefundState::Sent | RefundState::Unknown => {
            next.state = RefundState::Created;
            "The gateway never got the request.".clone_into(&mut next.message);
            (RefundChange::To(next), Follow::Again("the gateway never got the request".to_owned()))
        }
        RefundState::Pending => {
            let why = "the gateway does not know a refund that it had accepted".to_owned();
            (RefundChange::None, Follow::Person(why))
        }
        RefundState::Created => (RefundChange::None, Follow::Again("not sent yet".to_owned())),
        RefundState::Settled | RefundState::Failed => (RefundChange::None, Follow::Done),
    }
}

fn decide_call_failed(mut next: Refund, error: &CallError) -> (RefundChange, Follow) {
    error.to_string().clone_into(&mut next.message);
    let follow = Follow::Again(error.to_string());
    match error {
        CallError::NotSent(_) | CallError::RateLimited { .. } => {
            next.state = RefundState::Created;
            (RefundChange::To(next), follow)
        }
        CallError::Unknown(_) | CallError::Unreadable(_) => {
            next.state = RefundState::Unknown;
            (RefundChange::To(next), follow)
        }
        CallError::BadCredentials(_) => {
            next.state = RefundState::Created;
            (RefundChange::To(next), Follow::Person(error.to_string()))
        }
        CallError::Refused(_) => (fail(next, "refused", &error.to_string()), Follow::Done),
    }
}

fn fail(mut next: Refund, code: &str, message: &str) -> RefundChange {
    next.state = RefundState::Failed;
    code.clone_into(&mut next.failure_code);
    message.clone_into(&mut next.message);
    RefundChange::Failed(next)
}

pub(crate) fn is_lost(refund: &Refund, now: Instant) -> bool {
    now >= refund.updated_at.plus_seconds(PATIENCE_SECONDS)
}

pub(crate) fn settled(refund: &Refund) -> RefundSettled {
    RefundSettled {
        refund_id: refund.id.get(),
        payment_id: refund.payment.map(Id::get),
        customer_id: refund.customer,
        amount_minor: refund.amount.minor(),
        currency: refund.amount.currency(),
    }
}

pub(crate) fn failed(refund: &Refund) -> RefundFailed {
    RefundFailed {
        refund_id: refund.id.get(),
        payment_id: refund.payment.map(Id::get),
        customer_id: refund.customer,
        amount_minor: refund.amount.minor(),
        currency: refund.amount.currency(),
        failure_code: refund.failure_code.clone(),
    }
}
