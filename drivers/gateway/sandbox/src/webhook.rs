//! Webhooks of the sandbox: made, signed and checked.

use async_trait::async_trait;
use bursar_gateway::{
    GatewayReference, IdempotencyKey, WebhookEvent, WebhookRefused, WebhookRequest, WebhookSubject,
};
use bursar_outbound::Call;
use bursar_outbound::signature::{self, SignatureError};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

pub(crate) const HEADER: &str = "Sandbox-Signature";
/// Name of the setting that holds the secret.
pub(crate) const SECRET: &str = "webhook_secret";

/// Carries a webhook to the application while the call that caused it is still under way.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Delivers one webhook, as an HTTP request would.
    async fn deliver(&self, request: WebhookRequest);
}

/// The body of a webhook.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) id: String,
    pub(crate) created_at: Instant,
    pub(crate) subject: Subject,
    pub(crate) key: String,
    pub(crate) reference: String,
    /// What it became, for people who read the stored webhooks. The driver does not trust it.
    pub(crate) status: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    Charge,
    Refund,
}

pub(crate) fn signed(secret: &str, now: Instant, body: &str) -> WebhookRequest {
    WebhookRequest {
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            (HEADER.to_owned(), signature::sign(secret, now, body.as_bytes())),
        ],
        body: body.as_bytes().to_vec(),
    }
}

pub(crate) fn verify(call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused> {
    let secret = call.credentials().get(SECRET).ok_or(WebhookRefused::NoSecret)?;
    let header = request.header(HEADER).ok_or(WebhookRefused::NotSigned)?;
    signature::verify(secret, call.started_at(), header, &request.body).map_err(|error| match error {
        SignatureError::Malformed => WebhookRefused::NotSigned,
        SignatureError::Mismatch => WebhookRefused::BadSignature,
        SignatureError::Stale => WebhookRefused::Stale,
    })?;
    let unreadable = |why: String| WebhookRefused::Unreadable(why);
    let body: Body = serde_json::from_slice(&request.body).map_err(|error| unreadable(error.to_string()))?;
    let key = Some(IdempotencyKey::new(body.key).map_err(|error| unreadable(error.to_string()))?);
    let reference = GatewayReference::new(body.reference);
    let subject = match body.subject {
        Subject::Charge => WebhookSubject::Charge { key, reference },
        Subject::Refund => WebhookSubject::Refund { key, reference },
    };
    Ok(WebhookEvent { id: body.id, created_at: body.created_at, subject })
}
