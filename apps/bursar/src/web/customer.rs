//! Everything about one customer on one page.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_customers::{Customer, contacts_of, get_customer, notes_of};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_payments::{Payment, PaymentFilter};
use bursar_web::{Flash, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use super::PublicUrl;

const NEWEST: i64 = 10;

pub(super) fn routes() -> Routes {
    let link = bursar_identity::permissions::PORTAL_LINK_CREATE;
    Routes::<()>::new("desk")
        .get("/admin/customers/{id}", Permission(bursar_customers::permissions::CUSTOMER_VIEW), show)
        .post("/admin/customers/{id}/portal-link", Permission(link), portal_link)
        .with_state(())
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let customer = get_customer(&cx, Id::new(id)).await?;
    let (contacts, notes, money, payments) = cx
        .read(async move |tx: &mut Tx| {
            let filter = PaymentFilter { customer: Some(id), ..PaymentFilter::default() };
            Ok::<_, Fault>((
                contacts_of(tx, Id::new(id)).await?,
                notes_of(tx, Id::new(id)).await?,
                bursar_billing::pages::customer_money(tx, id).await?,
                bursar_payments::list(tx, &filter, None, NEWEST).await?,
            ))
        })
        .await?;
    let contacts: Vec<Value> = contacts
        .iter()
        .map(|contact| {
            let postal = &contact.details.postal;
            json!({ "name": postal.full_name(), "email": postal.email, "phone": postal.phone })
        })
        .collect();
    let notes: Vec<Value> = notes
        .iter()
        .map(|note| json!({ "body": note.body, "sticky": note.sticky, "author": note.author, "at": note.created_at }))
        .collect();
    visit.page(
        "desk/customers/admin_show.html",
        json!({
            "customer": profile(&customer), "contacts": contacts, "notes": notes, "money": money,
            "payments": payments.iter().map(payment).collect::<Vec<_>>(),
            "links": visit.links("customers.customer", id),
        }),
    )
}

fn profile(customer: &Customer) -> Value {
    let postal = &customer.details.postal;
    let place = [&postal.postcode, &postal.city, &postal.state].map(String::as_str).join(" ");
    let address = [postal.address1.as_str(), &postal.address2, place.trim(), &postal.country];
    json!({
        "id": customer.id.get(), "name": postal.display_name(), "person": postal.full_name(),
        "company": postal.company, "email": postal.email, "phone": postal.phone, "tax_id": postal.tax_id,
        "address": address.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>(),
        "currency": customer.currency.code(), "status": customer.status.code(), "since": customer.created_at,
        "tax_exempt": customer.details.tax_exempt, "language": customer.details.language,
        "grouping": customer.details.grouping.code(),
    })
}

fn payment(payment: &Payment) -> Value {
    json!({
        "id": payment.id.get(), "amount": payment.amount, "state": payment.state.code(),
        "gateway": payment.gateway, "at": payment.created_at,
    })
}

async fn portal_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(PublicUrl(base)): Extension<PublicUrl>,
    Path(id): Path<i64>,
) -> PageResult {
    let customer = get_customer(&cx, Id::new(id)).await?;
    let path = bursar_identity::offer_portal_link(&cx, super::door::portal_link(&customer)).await?;
    let minutes = bursar_identity::LINK_MINUTES;
    let text =
        format!("Give this link to the customer; it signs in once within {minutes} minutes: {base}{path}");
    visit.redirect_with(format!("/admin/customers/{id}"), Flash::info(text))
}
