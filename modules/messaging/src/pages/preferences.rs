//! Which mails a customer wants, in the portal and by the link at the foot of a mail.

use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::Response;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_mail::{MailBook, MailTemplate};
use bursar_web::{Access, Flash, Form, PageResult, Permission, Problem, Public, Routes, Visit};
use serde_json::{Value, json};

use crate::{permissions, preferences};

const PORTAL: &str = "messaging/preferences/portal_edit.html";
const PUBLIC: &str = "messaging/preferences/public_edit.html";

pub(super) fn routes() -> Routes {
    let edit = || Permission(permissions::PREFERENCE_EDIT);
    // Mail programs call this for their reader, without any page of ours; the token is the proof.
    let one_click = Access::Machine { proof: "unguessable token of the customer" };
    Routes::<()>::new("messaging")
        .get("/portal/mail", edit(), page)
        .post("/portal/mail", edit(), save)
        .get("/mail/preferences/{token}", Public, page_by_link)
        .post("/mail/preferences/{token}", Public, save_by_link)
        .post("/mail/unsubscribe/{token}/{kind}", one_click, unsubscribe)
        .with_state(())
}

/// The mails that can be refused.
fn optional(cx: &Cx) -> Vec<MailTemplate> {
    let book = cx.foundation().attachments.get::<MailBook>();
    book.into_iter().flat_map(MailBook::templates).filter(|it| !it.is_essential).copied().collect()
}

async fn context(visit: &Visit, cx: &Cx, customer: i64) -> Result<Value, Fault> {
    let refused = cx.read(async move |tx: &mut Tx| preferences::refused_kinds(tx, customer).await).await?;
    let choices: Vec<Value> = optional(cx)
        .iter()
        .map(|it| {
            json!({
                "kind": it.name, "label": visit.translator().label(it.label),
                "is_wanted": !refused.iter().any(|kind| kind == it.name),
            })
        })
        .collect();
    Ok(json!({ "choices": choices }))
}

async fn store(cx: &Cx, customer: i64, form: &Form) -> Result<(), Fault> {
    let wanted: Vec<&str> = form.all("want").collect();
    let refused: Vec<String> =
        optional(cx).iter().map(|it| it.name).filter(|it| !wanted.contains(it)).map(str::to_owned).collect();
    cx.write(async move |tx: &mut Tx| preferences::refuse_kinds(tx, customer, &refused).await).await
}

fn own(visit: &Visit) -> PageResult<i64> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let context = context(&visit, &cx, own(&visit)?).await?;
    visit.page(PORTAL, context)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    cx.require(permissions::PREFERENCE_EDIT)?;
    store(&cx, own(&visit)?, &form).await?;
    visit.redirect_with("/portal/mail", Flash::success(visit.t("messaging-preferences-saved")))
}

async fn by_link(cx: &Cx, token: &str) -> PageResult<i64> {
    let token = token.to_owned();
    let owner = cx.read(async move |tx: &mut Tx| preferences::owner(tx, &token).await).await?;
    owner.ok_or_else(Problem::not_found)
}

async fn page_by_link(visit: Visit, Extension(cx): Extension<Cx>, Path(token): Path<String>) -> PageResult {
    let customer = by_link(&cx, &token).await?;
    let context = context(&visit, &cx, customer).await?;
    visit.page(PUBLIC, context)
}

async fn save_by_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
    form: Form,
) -> PageResult {
    let customer = by_link(&cx, &token).await?;
    let office = cx.as_system("messaging", "preferences by the link of a mail");
    store(&office, customer, &form).await?;
    let to = format!("/mail/preferences/{token}");
    visit.redirect_with(to, Flash::success(visit.t("messaging-preferences-saved")))
}

async fn unsubscribe(
    Extension(cx): Extension<Cx>,
    Path((token, kind)): Path<(String, String)>,
) -> PageResult<Response<Body>> {
    let customer = by_link(&cx, &token).await?;
    if !optional(&cx).iter().any(|it| it.name == kind) {
        return Err(Problem::not_found());
    }
    let office = cx.as_system("messaging", "one-click unsubscribe");
    office.write(async move |tx: &mut Tx| preferences::refuse(tx, customer, &kind).await).await?;
    Ok(Response::new(Body::from("done\n")))
}
