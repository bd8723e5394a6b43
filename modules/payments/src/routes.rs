//! The door for the vendors' webhooks.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_gateway::WebhookRequest;
use bursar_web::{Access, PageResult, Routes};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::gateways::Gateways;
use crate::webhook::{WebhookVerdict, receive_webhook};

/// `POST /webhooks/{gateway}`.
pub(crate) fn routes(gateways: Gateways) -> Routes {
    Routes::new("payments")
        .post("/webhooks/{gateway}", Access::Machine { proof: "the gateway's signature" }, webhook)
        .with_state(gateways)
}

/// 200 when it is stored, now or before; 404 for no such gateway; 400 when the signature does not hold. A fault is a
/// 500, upon which vendors send it again.
async fn webhook(
    State(gateways): State<Gateways>,
    Extension(visitor): Extension<Cx>,
    Path(gateway): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> PageResult<StatusCode> {
    // A header that is not text cannot be a signature.
    let headers = headers
        .iter()
        .filter_map(|(name, value)| value.to_str().ok().map(|value| (name.to_string(), value.to_owned())))
        .collect();
    let request = WebhookRequest { headers, body: body.to_vec() };
    // The visitor may do nothing; what the vendor signed is taken in by the product itself.
    let cx = visitor.as_system("payments", "webhook");
    Ok(match receive_webhook(&cx, &gateways, &gateway, request).await? {
        WebhookVerdict::Accepted | WebhookVerdict::Duplicate => StatusCode::OK,
        WebhookVerdict::NoGateway => StatusCode::NOT_FOUND,
        WebhookVerdict::Refused(_) => StatusCode::BAD_REQUEST,
    })
}

#[cfg(test)]
mod tests;
