//! The portal's door by mail: an address is given, a link comes. Nobody learns from it which addresses we know.

use axum::Extension;
use bursar_context::Cx;
use bursar_customers::{Customer, Status};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_identity::{Handover, LINK_MINUTES, Limit, PortalLink, SIGN_IN_PAGE, sign_in_page};
use bursar_mail::MailTemplate;
use bursar_messaging::{Mail, Recipient};
use bursar_web::{Form, PageResult, Public, Routes, Visit};
use serde_json::json;

use super::PublicUrl;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("desk")
        .post("/portal/sign-in", Public, request_link)
        .get("/portal/sign-in/sent", Public, sent)
        .with_state(())
}

/// The mail with a link into the portal.
const SIGN_IN_MAIL: &str = "desk.sign_in_link";

pub(super) const fn sign_in_mail() -> MailTemplate {
    MailTemplate {
        name: SIGN_IN_MAIL,
        label: "Link into the portal",
        is_essential: true,
        is_secret: true,
        sources: bursar_mail::sources!("../../mails/sign_in_link"),
        samples: || {
            vec![json!({
                "name": "Ann Becker", "minutes": LINK_MINUTES, "url": "https://office.example/portal/link/example",
            })]
        },
    }
}

async fn sent(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    visit.page(SIGN_IN_PAGE, sign_in_page(&cx, &Form::default(), None, true).await?)
}

async fn request_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(PublicUrl(base)): Extension<PublicUrl>,
    mut form: Form,
) -> PageResult {
    let email = form.required("email", 254).to_lowercase();
    if form.is_refused() {
        return visit.refused_form(SIGN_IN_PAGE, sign_in_page(&cx, &form, None, false).await?);
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
        let path = bursar_identity::create_portal_link(tx, &link, Handover::Mail).await?;
        let mail = Mail {
            template: SIGN_IN_MAIL,
            to: Recipient {
                email: link.email,
                name: link.name,
                locale: Locale::parse(&customer.details.language).unwrap_or_default(),
                customer_id: Some(id.get()),
            },
            values: json!({
                "name": link.customer_name, "minutes": LINK_MINUTES, "url": format!("{base}{path}"),
            }),
            attachments: Vec::new(),
        };
        bursar_messaging::post(tx, &mail).await?;
    }
    Ok(())
}
