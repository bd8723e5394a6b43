//! Adding, changing and removing contacts.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{postal, show};
use crate::actions::get_customer;
use crate::contacts::{Contact, ContactDetails, add_contact, contacts_of, remove_contact, update_contact};
use crate::error::CustomerError;
use crate::permissions;

const FORM: &str = "customers/customers/admin_contact.html";

pub(super) fn routes() -> Routes {
    let edit = || Permission(permissions::CUSTOMER_EDIT);
    Routes::<()>::new("customers")
        .get("/admin/customers/{id}/contacts/new", edit(), blank)
        .post("/admin/customers/{id}/contacts", edit(), add)
        .get("/admin/customers/{id}/contacts/{contact}", edit(), page)
        .post("/admin/customers/{id}/contacts/{contact}", edit(), save)
        .post("/admin/customers/{id}/contacts/{contact}/remove", edit(), remove)
        .with_state(())
}

const RECEIVES: [(&str, &str); 5] = [
    ("receives_general", "General mail"),
    ("receives_invoices", "Invoices and reminders"),
    ("receives_services", "Mail about services"),
    ("receives_domains", "Mail about domains"),
    ("receives_support", "Mail about tickets"),
];

async fn context(cx: &Cx, id: i64, contact: Option<i64>, form: &Form) -> PageResult<Value> {
    let customer = get_customer(cx, Id::new(id)).await?;
    let receives = RECEIVES.map(|(name, label)| json!({ "name": name, "label": label }));
    Ok(json!({
        "id": id, "customer": customer.details.postal.display_name(), "contact": contact, "form": form.view(),
        "receives": receives,
    }))
}

/// The contact, if it is this customer's.
async fn own(cx: &Cx, id: i64, contact: i64) -> PageResult<Contact> {
    let all = cx.read(async move |tx: &mut Tx| contacts_of(tx, Id::new(id)).await).await?;
    all.into_iter().find(|it| it.id == contact).ok_or_else(Problem::not_found)
}

async fn blank(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let form = Form::filled([("receives_general", "1")]);
    visit.page(FORM, context(&cx, id, None, &form).await?)
}

async fn page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, contact)): Path<(i64, i64)>,
) -> PageResult {
    let details = own(&cx, id, contact).await?.details;
    let mut values = postal::filled(&details.postal);
    let flags = [
        details.receives_general,
        details.receives_invoices,
        details.receives_services,
        details.receives_domains,
        details.receives_support,
    ];
    let ticked = RECEIVES.iter().zip(flags).filter(|(_, on)| *on);
    values.extend(ticked.map(|((name, _), _)| ((*name).to_owned(), "1".to_owned())));
    visit.page(FORM, context(&cx, id, Some(contact), &Form::filled(values)).await?)
}

fn typed(form: &Form) -> ContactDetails {
    ContactDetails {
        postal: postal::typed(form),
        receives_general: form.is_checked("receives_general"),
        receives_invoices: form.is_checked("receives_invoices"),
        receives_services: form.is_checked("receives_services"),
        receives_domains: form.is_checked("receives_domains"),
        receives_support: form.is_checked("receives_support"),
    }
}

async fn add(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    match add_contact(&cx, Id::new(id), typed(&form)).await {
        Ok(_) => saved(&visit, id),
        Err(CustomerError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(FORM, context(&cx, id, None, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn save(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, contact)): Path<(i64, i64)>,
    mut form: Form,
) -> PageResult {
    own(&cx, id, contact).await?;
    match update_contact(&cx, contact, typed(&form)).await {
        Ok(()) => saved(&visit, id),
        Err(CustomerError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(FORM, context(&cx, id, Some(contact), &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn saved(visit: &Visit, id: i64) -> PageResult {
    visit.redirect_with(format!("/admin/customers/{id}"), Flash::success("The contact is saved."))
}

async fn remove(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, contact)): Path<(i64, i64)>,
) -> PageResult {
    own(&cx, id, contact).await?;
    show::back(&visit, id, remove_contact(&cx, contact).await, "The contact is removed.")
}
