//! The portal's door: an address is given, a link comes by mail. Nobody learns from it which addresses we know.

use axum::Extension;
use bursar_context::Cx;
use bursar_customers::Status;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{LINK_MINUTES, Limit};
use bursar_messaging::NewMessage;
use bursar_web::{Form, PageResult, Public, Routes, Surface, Visit};
use serde_json::json;

use super::PublicUrl;

const PAGE: &str = "desk/door/portal_sign_in.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("desk")
        .get("/portal/sign-in", Public, page)
        .post("/portal/sign-in", Public, request_link)
        .get("/portal/sign-in/sent", Public, sent)
        .with_state(())
}

async fn page(visit: Visit) -> PageResult {
    if visit.who().is_some_and(|who| who.surface() == Surface::Customer) {
        return visit.redirect("/portal");
    }
    visit.page(PAGE, json!({ "form": Form::default().view(), "is_sent": false }))
}

async fn sent(visit: Visit) -> PageResult {
    visit.page(PAGE, json!({ "form": Form::default().view(), "is_sent": true }))
}

async fn request_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(PublicUrl(base)): Extension<PublicUrl>,
    mut form: Form,
) -> PageResult {
    let email = form.required("email", 254).to_lowercase();
    if form.is_refused() {
        return visit.refused_form(PAGE, json!({ "form": form.view(), "is_sent": false }));
    }
    let office = cx.as_system("desk", "portal sign-in");
    office.write(async move |tx: &mut Tx| send_links(tx, &email, &base).await).await?;
    visit.redirect("/portal/sign-in/sent")
}

/// A link for each customer with the address, at most three times in a quarter of an hour. Whether any mail was
/// written is not told.
async fn send_links(tx: &mut Tx, email: &str, base: &str) -> Result<(), Fault> {
    if !bursar_identity::spend(tx, Limit::LINKS, "portal-link", email).await? {
        return Ok(());
    }
    for id in bursar_customers::find_by_email(tx, email).await? {
        let Some(customer) = bursar_customers::find(tx, id).await? else { continue };
        if matches!(customer.status, Status::Banned | Status::Closed) {
            continue;
        }
        let name = customer.details.postal.display_name();
        let path = bursar_identity::create_portal_link(tx, id.get(), &name).await?;
        let message = NewMessage {
            to_email: customer.details.postal.email.clone(),
            subject: "Your sign-in link".to_owned(),
            body_text: format!(
                "Hello {name},\n\nthis link signs you in once, within {LINK_MINUTES} minutes:\n\n{base}{path}\n\n\
                 If you did not ask for it, do nothing: nobody signs in without this mail.\n"
            ),
            kind: "portal.sign_in_link",
            customer_id: Some(id.get()),
        };
        bursar_messaging::queue(tx, &message).await?;
    }
    Ok(())
}
