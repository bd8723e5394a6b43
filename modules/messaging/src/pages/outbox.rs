//! The outbox.

use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_mail::MailBook;
use bursar_web::{Flash, PageResult, Permission, Problem, Routes, Visit};
use serde_json::json;

use crate::error::MessageError;
use crate::messages::{Message, MessageState, drop_message, send_again, store};
use crate::permissions;

/// Seconds between looks at a message that is under way.
const REFRESH: &str = "2";

pub(super) fn routes() -> Routes {
    let view = || Permission(permissions::MESSAGE_VIEW);
    let send = || Permission(permissions::MESSAGE_SEND);
    Routes::<()>::new("messaging")
        .get("/admin/mail/{id}", view(), show)
        .get("/admin/mail/{id}/html", view(), html)
        .post("/admin/mail/{id}/send", send(), resend)
        .post("/admin/mail/{id}/drop", send(), drop_it)
        .with_state(())
}

async fn find(cx: &Cx, id: i64) -> PageResult<Message> {
    let found = cx.read(async move |tx: &mut Tx| store::find(tx, Id::new(id)).await).await?;
    found.ok_or_else(Problem::not_found)
}

/// Whether a mail lets its reader in. Who may read the outbox may not therefore be everybody.
fn lets_in(cx: &Cx, kind: &str) -> bool {
    let book = cx.foundation().attachments.get::<MailBook>();
    book.and_then(|book| book.find(kind).map(|template| template.is_secret)).unwrap_or_default()
}

/// The message as far as the visitor may read it.
async fn readable(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Message> {
    let mut message = find(cx, id).await?;
    if lets_in(cx, &message.kind) && !visit.can(permissions::SECRET_VIEW) {
        message.body_text =
            "This message lets its reader sign in, so that it is shown only to those who may read such \
                             messages."
                .to_owned();
        message.body_html = String::new();
    }
    Ok(message)
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let message = readable(&visit, &cx, id).await?;
    let attached: Vec<crate::AttachmentRef> = serde_json::from_str(&message.attachments)
        .map_err(|e| Fault::wrap("the attachments of a message cannot be read", e))?;
    let may = visit.can(permissions::MESSAGE_SEND);
    let mut response = visit.page(
        "messaging/messages/admin_show.html",
        json!({
            "message": message, "attachments": attached, "has_html": !message.body_html.is_empty(),
            "can_send": may && message.state.can_send_again(), "can_drop": may && message.state.can_drop(),
            "is_sent": message.state == MessageState::Sent,
        }),
    )?;
    if matches!(message.state, MessageState::Queued | MessageState::Sending | MessageState::HandedOver) {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

/// The mail as its reader sees it, for the frame on the page.
async fn html(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    Ok(visit.frame_content(readable(&visit, &cx, id).await?.body_html))
}

async fn resend(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    back(&visit, id, send_again(&cx, Id::new(id)).await, "The message is on its way.")
}

async fn drop_it(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    back(&visit, id, drop_message(&cx, Id::new(id)).await, "The message will not be sent.")
}

fn back(visit: &Visit, id: i64, result: Result<(), MessageError>, done: &str) -> PageResult {
    let to = format!("/admin/mail/{id}");
    match result {
        Ok(()) => visit.redirect_with(to, Flash::success(done)),
        Err(refused) if refused.kind() == ErrorKind::Conflict => {
            visit.redirect_with(to, Flash::danger(refused.message()))
        }
        Err(error) => Err(error.into()),
    }
}
