//! Charging through a gateway: intent, call, record.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::{ChargeRequest, Gateway, IdempotencyKey, MethodToken, Presence};
use bursar_ids::Id;
use bursar_money::Money;
use bursar_outbound::CallError;

use crate::capture::{failed, record_news};
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{ChargeJob, Follow};
use crate::payment::{Capture, News, Payment, PaymentKind, PaymentState, Purpose, is_lost};
use crate::{holds, methods, store};

/// What to charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCharge {
    /// The customer's id.
    pub customer: i64,
    /// The gateway's id.
    pub gateway: String,
    /// Positive.
    pub amount: Money,
    /// What it is for.
    pub purpose: Purpose,
    /// Names the attempt, for ever: `inv-12:1`, after a decline `inv-12:2`. Visible ASCII, at most 250 characters.
    pub group_key: String,
    /// A stored method of this customer.
    pub method: Option<i64>,
    /// Whether the customer waits.
    pub presence: Presence,
    /// Where the vendor sends the browser back.
    pub return_url: Option<String>,
    /// When the money is taken.
    pub capture: Capture,
}

/// Where a charge stands, for the page or job that drives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeView {
    /// The payment as it is now.
    pub payment: Payment,
    /// What should happen next.
    pub follow: Follow,
}

/// Writes down the intent to charge, with its key and its job, in the caller's transaction. The same group key again
/// gives the same payment.
///
/// # Errors
/// A fault when the amount is not positive, the key cannot be a key, or the key belongs to another intent.
pub async fn start_charge(tx: &mut Tx, charge: NewCharge) -> Result<Id<Payment>, Fault> {
    let key = IdempotencyKey::new(format!("pay:{}", charge.group_key))
        .map_err(|e| Fault::wrap("the attempt group cannot name a charge", e))?;
    if let Some(known) = store::find_by_key(tx, key.as_str()).await? {
        // A captured payment shows what was paid, which the vendor may have changed: the purpose names the intent.
        let same = known.customer == charge.customer
            && known.gateway == charge.gateway
            && known.amount.currency() == charge.amount.currency()
            && known.purpose == charge.purpose
            && (known.amount == charge.amount || known.state == PaymentState::Captured);
        if same {
            return Ok(known.id);
        }
        return Err(Fault::new(format!(
            "the attempt group {} belongs to payment {}",
            charge.group_key, known.id
        )));
    }
    if !charge.amount.is_positive() {
        return Err(Fault::new(format!("{} cannot be charged", charge.amount)));
    }
    let payment = new_payment(tx, charge, key)?;
    store::insert(tx, &payment).await?;
    bursar_jobs::enqueue(tx, &ChargeJob { payment_id: payment.id.get() }).await?;
    Ok(payment.id)
}

fn new_payment(tx: &mut Tx, charge: NewCharge, key: IdempotencyKey) -> Result<Payment, Fault> {
    let now = tx.now();
    let zero = Money::zero(charge.amount.currency());
    Ok(Payment {
        id: tx.new_id()?,
        customer: charge.customer,
        gateway: charge.gateway,
        kind: PaymentKind::Charge,
        amount: charge.amount,
        fee: zero,
        refunded: zero,
        capture: charge.capture,
        held_until: None,
        takes_parts: false,
        part: None,
        state: PaymentState::Created,
        key: key.as_str().to_owned(),
        gateway_reference: String::new(),
        decline_code: String::new(),
        decline_class: String::new(),
        message: String::new(),
        action_url: String::new(),
        reference: String::new(),
        received_on: None,
        purpose: charge.purpose,
        group_key: charge.group_key,
        method: charge.method,
        presence: charge.presence,
        return_url: charge.return_url,
        created_at: now,
        updated_at: now,
        captured_at: None,
        entry: None,
        version: 1,
    })
}

/// Withdraws an intent that certainly never reached the gateway. False when it is too late; then see
/// [`withdraw_charge`].
pub async fn cancel_unsent(tx: &mut Tx, id: Id<Payment>) -> Result<bool, Fault> {
    let Some(before) = store::find(tx, id).await? else { return Ok(false) };
    if before.state != PaymentState::Created {
        return Ok(false);
    }
    let next = Payment { state: PaymentState::Cancelled, ..before.clone() };
    let next = store::save(tx, &before, next).await?;
    bursar_events::emit(tx, &failed(&next)).await?;
    Ok(true)
}

/// Drives a charge as far as it goes now: sends it when it was never sent, asks about it when nobody knows. Safe to
/// run twice and at the same time: the state is moved to `sent` before the call, and every attempt carries the same key.
///
/// Checks no permission: the surface has decided who may pay.
pub async fn run_charge(cx: &Cx, gateways: &Gateways, id: Id<Payment>) -> Result<ChargeView, PayError> {
    let mut view = step(cx, gateways, id).await?;
    // What was asked about and never arrived is sent in the same go.
    if view.payment.state == PaymentState::Created && view.asked {
        view = step(cx, gateways, id).await?;
    }
    Ok(ChargeView { payment: view.payment, follow: view.follow })
}

struct Step {
    payment: Payment,
    follow: Follow,
    asked: bool,
}

enum Next {
    Nothing(Payment, Follow),
    Ask(Payment),
    Finish(Payment),
    Send(Payment, Option<(i64, String)>),
}

async fn step(cx: &Cx, gateways: &Gateways, id: Id<Payment>) -> Result<Step, PayError> {
    let given = gateways.clone();
    let next = cx.write(async move |tx: &mut Tx| begin(tx, &given, id).await).await?;
    match next {
        Next::Nothing(payment, follow) => Ok(Step { payment, follow, asked: false }),
        Next::Ask(payment) => {
            let (payment, follow) = ask(cx, gateways, payment).await?;
            Ok(Step { payment, follow, asked: true })
        }
        Next::Finish(payment) => {
            let (payment, follow) = holds::finish(cx, gateways, payment).await?;
            Ok(Step { payment, follow, asked: false })
        }
        Next::Send(payment, sealed) => {
            let news = send(cx, gateways, &payment, sealed).await?;
            let (payment, follow) = record_news(cx, id, news).await?;
            Ok(Step { payment, follow, asked: false })
        }
    }
}

/// Decides what to do and, before a call, says so in the database: from here on the vendor may have it.
async fn begin(tx: &mut Tx, gateways: &Gateways, id: Id<Payment>) -> Result<Next, PayError> {
    let payment = store::find(tx, id).await?.ok_or(PayError::NotFound)?;
    Ok(match payment.state {
        PaymentState::Captured
        | PaymentState::Declined
        | PaymentState::Failed
        | PaymentState::Cancelled
        | PaymentState::Released
        | PaymentState::Expired => Next::Nothing(payment, Follow::Done),
        PaymentState::Sent if !is_lost(&payment, tx.now()) => {
            Next::Nothing(payment, Follow::Again("a call is under way".to_owned()))
        }
        PaymentState::Sent
        | PaymentState::Unknown
        | PaymentState::Pending
        | PaymentState::RequiresAction
        | PaymentState::Held => Next::Ask(payment),
        PaymentState::Capturing | PaymentState::Releasing => Next::Finish(payment),
        PaymentState::Created => {
            let can_hold = gateways.find(&payment.gateway).is_some_and(|gateway| gateway.holds().is_some());
            let capture = holds::settle_capture(tx, &payment, can_hold).await?;
            let sent = Payment { state: PaymentState::Sent, capture, ..payment.clone() };
            let sent = store::save(tx, &payment, sent).await?;
            let sealed = match payment.method {
                Some(method) => methods::sealed_token(tx, method, payment.customer, &payment.gateway).await?,
                None => None,
            };
            Next::Send(sent, sealed)
        }
    })
}

async fn send(
    cx: &Cx,
    gateways: &Gateways,
    payment: &Payment,
    sealed: Option<(i64, String)>,
) -> Result<News, PayError> {
    let refused = |why: &str| Ok(News::CallFailed(CallError::Refused(why.to_owned())));
    let Some(gateway) = gateways.find(&payment.gateway) else {
        return refused("this gateway is not set up");
    };
    if !gateway.manifest().accepts(payment.amount.currency().code()) {
        return refused("the gateway does not take this currency");
    }
    let method = match (payment.method, sealed) {
        (None, _) => None,
        (Some(_), None) => return refused("the payment method is not there any more"),
        (Some(_), Some((method, sealed))) => match gateways.open(method, &sealed) {
            Ok(token) => Some(token),
            // Nothing has left yet: staff mend the keys, then it goes on.
            Err(fault) => return Ok(News::CallFailed(CallError::BadCredentials(fault.to_string()))),
        },
    };
    let request = charge_request(payment, method)?;
    let call = gateways.call(cx, &payment.gateway);
    let answer = match (payment.capture, gateway.holds()) {
        (Capture::Later, Some(holds)) => holds.authorise(&call, &request).await,
        _ => gateway.charge(&call, &request).await,
    };
    Ok(match answer {
        Ok(outcome) => News::Outcome(outcome),
        Err(error) => News::CallFailed(redacted(gateways, &payment.gateway, error)),
    })
}

fn charge_request(payment: &Payment, method: Option<MethodToken>) -> Result<ChargeRequest, Fault> {
    Ok(ChargeRequest {
        key: key_of(&payment.key)?,
        amount: payment.amount,
        method,
        customer: payment.customer,
        description: payment.purpose.reason.clone(),
        return_url: payment.return_url.clone(),
        presence: payment.presence,
    })
}

/// Asks the vendor what became of a charge and records the answer.
pub(crate) async fn ask(
    cx: &Cx,
    gateways: &Gateways,
    payment: Payment,
) -> Result<(Payment, Follow), PayError> {
    let Some(gateway) = gateways.find(&payment.gateway) else {
        let why = format!("the gateway {} is not set up", payment.gateway);
        return Ok((payment, Follow::Person(why)));
    };
    let call = gateways.call(cx, &payment.gateway);
    let news = match gateway.find_charge(&call, &key_of(&payment.key)?).await {
        Ok(Some(outcome)) => News::Outcome(outcome),
        Ok(None) => News::NotThere,
        Err(error) => News::AskFailed(redacted(gateways, &payment.gateway, error)),
    };
    record_news(cx, payment.id, news).await
}

/// Withdraws a charge that waits for the customer, where the gateway can; otherwise only asks. The view says what it
/// became: a payment may have been faster.
pub async fn withdraw_charge(cx: &Cx, gateways: &Gateways, id: Id<Payment>) -> Result<ChargeView, PayError> {
    cx.write(async move |tx: &mut Tx| cancel_unsent(tx, id).await).await?;
    let payment = find(cx, id).await?;
    let waits = matches!(payment.state, PaymentState::RequiresAction | PaymentState::Pending);
    let gateway: Option<&dyn Gateway> = gateways.find(&payment.gateway);
    let (payment, follow) = match gateway.and_then(Gateway::cancellations) {
        Some(cancellations) if waits => {
            let call = gateways.call(cx, &payment.gateway);
            let news = match cancellations.cancel(&call, &key_of(&payment.key)?).await {
                Ok(outcome) => News::Outcome(outcome),
                Err(error) => News::AskFailed(redacted(gateways, &payment.gateway, error)),
            };
            record_news(cx, id, news).await?
        }
        _ if payment.state.is_final() => (payment, Follow::Done),
        _ => ask(cx, gateways, payment).await?,
    };
    Ok(ChargeView { payment, follow })
}

async fn find(cx: &Cx, id: Id<Payment>) -> Result<Payment, PayError> {
    cx.read(async move |tx: &mut Tx| store::find(tx, id).await?.ok_or(PayError::NotFound)).await
}

pub(crate) fn key_of(stored: &str) -> Result<IdempotencyKey, Fault> {
    IdempotencyKey::new(stored).map_err(|e| Fault::wrap("a stored idempotency key cannot be read", e))
}

/// The same error without the account's secrets, fit to be stored and shown to staff.
pub(crate) fn redacted(gateways: &Gateways, gateway: &str, error: CallError) -> CallError {
    let clean = |text: String| gateways.redact(gateway, &text);
    match error {
        CallError::NotSent(text) => CallError::NotSent(clean(text)),
        CallError::Unknown(text) => CallError::Unknown(clean(text)),
        CallError::RateLimited { retry_after } => CallError::RateLimited { retry_after },
        CallError::BadCredentials(text) => CallError::BadCredentials(clean(text)),
        CallError::Refused(text) => CallError::Refused(clean(text)),
        CallError::Unreadable(text) => CallError::Unreadable(clean(text)),
    }
}
