//! The door for what vendors announce.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use bursar_context::Cx;
use bursar_hosting::WebhookRequest;
use bursar_web::{Access, PageResult, Routes};

use super::Pages;
use crate::announced::{Verdict, receive};

pub(super) fn routes(pages: Pages) -> Routes {
    let access = Access::Machine { proof: "the server's signature" };
    Routes::new("provisioning").post("/webhooks/hosting/{server}", access, announced).with_state(pages)
}

/// 200 when it is the vendor's, whatever it names; 404 for no such server; 400 when the signature does not hold.
async fn announced(
    State(pages): State<Pages>,
    Extension(visitor): Extension<Cx>,
    Path(server): Path<i64>,
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
    let cx = visitor.as_system("provisioning", "an announcement");
    Ok(match receive(&cx, &pages.drivers, server, &request).await? {
        Verdict::Taken => StatusCode::OK,
        Verdict::NoServer => StatusCode::NOT_FOUND,
        Verdict::Refused(refused) => {
            tracing::warn!(server.id = server, %refused, "an announcement was refused");
            StatusCode::BAD_REQUEST
        }
    })
}
