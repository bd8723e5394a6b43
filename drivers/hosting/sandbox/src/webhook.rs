//! Webhooks of the sandbox: made, signed and checked.

use bursar_hosting::{Reference, Tag, WebhookEvent, WebhookRefused, WebhookRequest};
use bursar_outbound::Call;
use bursar_outbound::signature::{self, SignatureError};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

const HEADER: &str = "Sandbox-Signature";
/// Name of the setting that holds the secret.
pub(crate) const SECRET: &str = "webhook_secret";

#[derive(Debug, Serialize, Deserialize)]
struct Body {
    id: String,
    machine: String,
    tag: Option<String>,
}

pub(crate) fn signed(
    secret: &str,
    now: Instant,
    number: u64,
    reference: &str,
    tag: Option<&str>,
) -> WebhookRequest {
    let body = Body {
        id: format!("evt-{number:016x}"),
        machine: reference.to_owned(),
        tag: tag.filter(|tag| !tag.is_empty()).map(str::to_owned),
    };
    let body = serde_json::to_vec(&body).expect("a body of texts is JSON");
    WebhookRequest {
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            (HEADER.to_owned(), signature::sign(secret, now, &body)),
        ],
        body,
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
    let tag = body.tag.map(Tag::new).transpose().map_err(|error| unreadable(error.to_string()))?;
    Ok(WebhookEvent { id: body.id, tag, reference: Some(Reference::new(body.machine)) })
}
