//! Webhooks: verify, store, answer; then, in a job, ask the vendor what the news is.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_gateway::{Gateway, WebhookEvent, WebhookRefused, WebhookRequest, WebhookSubject};
use bursar_time::Instant;

use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{Follow, WebhookJob};
use crate::payment::{Payment, PaymentState};
use crate::refund::Refund;
use crate::{charge, permissions, refund_run, refund_store, store, webhook_store};

/// Headers that are stored: what the signature was, never what opens something.
const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "proxy-authorization"];

/// What to answer to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookVerdict {
    /// 200: it is stored and will be followed.
    Accepted,
    /// 200: it was stored before.
    Duplicate,
    /// 404: no such gateway, or it sends none.
    NoGateway,
    /// 400: nothing of it is stored or used.
    Refused(WebhookRefused),
}

/// Takes a webhook in. Durable when it returns `Accepted`; following it is a job of its own.
pub async fn receive_webhook(
    cx: &Cx,
    gateways: &Gateways,
    gateway: &str,
    request: WebhookRequest,
) -> Result<WebhookVerdict, Fault> {
    let Some(webhooks) = gateways.find(gateway).and_then(Gateway::webhooks) else {
        return Ok(WebhookVerdict::NoGateway);
    };
    let event = match webhooks.verify(&gateways.call(cx, gateway), &request) {
        Ok(event) => event,
        Err(refused) => {
            tracing::warn!(gateway, why = %refused, "a webhook is refused");
            return Ok(WebhookVerdict::Refused(refused));
        }
    };
    let headers: Vec<(String, String)> = request
        .headers
        .into_iter()
        .filter(|(name, _)| !SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret)))
        .map(|(name, value)| (name, gateways.redact(gateway, &value)))
        .collect();
    let headers = serde_json::to_string(&headers).map_err(|e| Fault::wrap("encoding headers", e))?;
    let (gateway, body) = (gateway.to_owned(), request.body);
    cx.write(async move |tx: &mut Tx| insert(tx, &gateway, &event, &headers, &body).await).await
}

async fn insert(
    tx: &mut Tx,
    gateway: &str,
    event: &WebhookEvent,
    headers: &str,
    body: &[u8],
) -> Result<WebhookVerdict, Fault> {
    let (subject, key, reference) = match &event.subject {
        WebhookSubject::Charge { key, reference } => ("charge", key.as_ref(), reference.as_str()),
        WebhookSubject::Refund { key, reference } => ("refund", key.as_ref(), reference.as_str()),
        WebhookSubject::Other(what) => ("other", None, what.as_str()),
    };
    let key = key.map_or("", |key| key.as_str());
    let id = tx.new_raw_id()?;
    let now = tx.now();
    let new = tx
        .exec(
            &webhook_store::INSERT,
            params![id, gateway, &event.id, subject, key, reference, headers, body, now],
        )
        .await?;
    if new == 0 {
        return Ok(WebhookVerdict::Duplicate);
    }
    bursar_jobs::enqueue(tx, &WebhookJob { webhook_id: id }).await?;
    Ok(WebhookVerdict::Accepted)
}

enum About {
    Nothing,
    Payment(Box<Payment>),
    Refund(Box<Refund>),
    Stranger(String),
}

/// Follows a stored webhook: asks about the charge or refund it names and records what the vendor says. One that names
/// nothing of ours is parked for a person.
pub async fn process_webhook(cx: &Cx, gateways: &Gateways, id: i64) -> Result<Follow, PayError> {
    let about = cx.read(async move |tx: &mut Tx| look_up(tx, id).await).await?;
    let follow = match about {
        About::Nothing => Follow::Done,
        // What is captured stays captured; there is nothing to learn.
        About::Payment(payment) if payment.state == PaymentState::Captured => Follow::Done,
        // A hold that is being taken or let go is brought on, and not only asked about.
        About::Payment(payment) if payment.state.holds_money() => {
            charge::run_charge(cx, gateways, payment.id).await?.follow
        }
        About::Payment(payment) => charge::ask(cx, gateways, *payment).await?.1,
        About::Refund(refund) => refund_run::ask(cx, gateways, *refund).await?.1,
        About::Stranger(why) => {
            set(cx, id, "parked", why).await?;
            return Ok(Follow::Done);
        }
    };
    match &follow {
        Follow::Done | Follow::Later => set(cx, id, "done", String::new()).await?,
        Follow::Person(why) => set(cx, id, "parked", why.clone()).await?,
        Follow::Again(_) => {}
    }
    // A parked webhook is what staff see; its job is done.
    Ok(if matches!(follow, Follow::Person(_)) { Follow::Done } else { follow })
}

async fn look_up(tx: &mut Tx, id: i64) -> Result<About, PayError> {
    let found = tx
        .query_opt(&webhook_store::FIND, params![id], |row| {
            let text = |index| row.get::<String>(index);
            Ok((text(0)?, text(1)?, text(2)?, text(3)?, text(4)?))
        })
        .await?;
    let (gateway, subject, key, reference, state) = found.ok_or(PayError::NotFound)?;
    if state == "done" {
        return Ok(About::Nothing);
    }
    match subject.as_str() {
        "charge" => {
            let by_key = store::find_by_key(tx, &key).await?.filter(|payment| payment.gateway == gateway);
            let payment = match by_key {
                Some(payment) => Some(payment),
                None => store::find_by_reference(tx, &gateway, &reference).await?,
            };
            Ok(payment
                .map_or_else(|| stranger("payment", &key, &reference), |it| About::Payment(Box::new(it))))
        }
        "refund" => {
            let by_key =
                refund_store::find_by_key(tx, &key).await?.filter(|refund| refund.gateway == gateway);
            let refund = match by_key {
                Some(refund) => Some(refund),
                None => refund_store::find_by_reference(tx, &gateway, &reference).await?,
            };
            Ok(refund.map_or_else(|| stranger("refund", &key, &reference), |it| About::Refund(Box::new(it))))
        }
        _ => Ok(About::Nothing),
    }
}

fn stranger(what: &str, key: &str, reference: &str) -> About {
    About::Stranger(format!("no {what} has the key {key:?} or the reference {reference:?}"))
}

async fn set(cx: &Cx, id: i64, state: &'static str, why: String) -> Result<(), Fault> {
    cx.write(async move |tx: &mut Tx| tx.exec(&webhook_store::SAVE, params![id, state, &why]).await.map(drop))
        .await
}

/// A webhook that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedWebhook {
    /// Its id here.
    pub id: i64,
    /// Who sent it.
    pub gateway: String,
    /// The vendor's id of the announcement.
    pub vendor_event_id: String,
    /// The key it names, or empty.
    pub key: String,
    /// The reference it names.
    pub reference: String,
    /// When it came.
    pub received_at: Instant,
    /// Why nobody could follow it.
    pub why: String,
}

/// How many webhooks wait for a person, counted up to `most`.
pub async fn count_parked_webhooks(tx: &mut Tx, most: i64) -> Result<i64, Fault> {
    tx.query_one(&webhook_store::COUNT_PARKED, params![most], |row| row.get(0)).await
}

/// What waits for a person, oldest first.
pub async fn list_parked_webhooks(tx: &mut Tx, limit: i64) -> Result<Vec<ParkedWebhook>, Fault> {
    tx.query(&webhook_store::PARKED, params![limit], |row| {
        Ok(ParkedWebhook {
            id: row.get(0)?,
            gateway: row.get(1)?,
            vendor_event_id: row.get(2)?,
            key: row.get(3)?,
            reference: row.get(4)?,
            received_at: row.get(5)?,
            why: row.get(6)?,
        })
    })
    .await
}

/// Staff: follow a parked webhook again. False when it is not parked.
pub async fn retry_webhook(cx: &Cx, id: i64) -> Result<bool, PayError> {
    cx.require(permissions::PAYMENT_RECORD)?;
    cx.write(async move |tx: &mut Tx| {
        let again = tx.exec(&webhook_store::LEAVE_PARKED, params![id, "new", ""]).await? == 1;
        if again {
            audit(tx, "payments.webhook.retry", id, None).await?;
            bursar_jobs::enqueue(tx, &WebhookJob { webhook_id: id }).await?;
        }
        Ok(again)
    })
    .await
}

/// Staff: leave a parked webhook alone, with a reason. False when it is not parked.
pub async fn dismiss_webhook(cx: &Cx, id: i64, why: &str) -> Result<bool, PayError> {
    cx.require(permissions::PAYMENT_RECORD)?;
    let why = why.to_owned();
    cx.write(async move |tx: &mut Tx| {
        let dismissed = tx.exec(&webhook_store::LEAVE_PARKED, params![id, "done", &why]).await? == 1;
        if dismissed {
            audit(tx, "payments.webhook.dismiss", id, Some(serde_json::json!({ "why": why }))).await?;
        }
        Ok(dismissed)
    })
    .await
}

async fn audit(tx: &mut Tx, action: &str, id: i64, after: Option<serde_json::Value>) -> Result<(), Fault> {
    let subject = format!("webhook:{id}");
    bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after }).await
}
