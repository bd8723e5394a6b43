//! The portal's door by mail: an address is given, a link comes. Nobody learns from it which addresses we know.

use axum::Extension;
use bursar_context::Cx;
use bursar_customers::{Customer, Status};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{Handover, LINK_MINUTES, Limit, PortalLink, SIGN_IN_PAGE, sign_in_page};
use bursar_messaging::NewMessage;
use bursar_web::{Form, PageResult, Public, Routes, Visit};

use super::PublicUrl;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("desk")
        .post("/portal/sign-in", Public, request_link)
        .get("/portal/sign-in/sent", Public, sent)
        .with_state(())
}

async fn sent(visit: Visit) -> PageResult {
    visit.page(SIGN_IN_PAGE, sign_in_page(&Form::default(), None, true))
}

async fn request_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(PublicUrl(base)): Extension<PublicUrl>,
    mut form: Form,
) -> PageResult {
    let email = form.required("email", 254).to_lowercase();
    if form.is_refused() {
        return visit.refused_form(SIGN_IN_PAGE, sign_in_page(&form, None, false));
    }
    let office = cx.as_system("desk", "portal sign-in");
    office.write(async move |tx: &mut Tx| send_links(tx, &email, &base).await).await?;
    visit.redirect("/portal/sign-in/sent")
}

/// Whom a link for a customer signs in: the user with the customer's own address.
pub(super) fn portal_link(customer: &Customer) -> PortalLink {
    let postal = &customer.details.postal;
    PortalLink {
        customer_id: customer.id.get(),
        customer_name: postal.display_name(),
        email: postal.email.clone(),
        name: postal.full_name(),
    }
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
        let link = portal_link(&customer);
        let name = link.customer_name.clone();
        let path = bursar_identity::create_portal_link(tx, &link, Handover::Mail).await?;
        let message = NewMessage {
            to_email: link.email,
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
