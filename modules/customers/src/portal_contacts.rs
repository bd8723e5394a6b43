//! Further people of a customer, and which mails each of them gets.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use crate::contacts::{
    self, Contact, ContactDetails, add_contact, contacts_of, remove_contact, update_contact,
};
use crate::customer::Customer;
use crate::error::CustomerError;
use crate::permissions::PORTAL_PROFILE_EDIT;
use crate::portal::{filled, lent, own, postal};

const HERE: &str = "/portal/contacts";
const LIST: &str = "customers/portal/portal_contacts.html";
const EDIT: &str = "customers/portal/portal_contact.html";
const NEW: &str = "/portal/contacts/new";
/// What a contact can be there for: the name in forms and texts.
const ROLES: [&str; 5] = ["general", "invoices", "services", "domains", "support"];

pub(crate) fn routes() -> Routes {
    let may = || Permission(PORTAL_PROFILE_EDIT);
    Routes::<()>::new("customers")
        .get(HERE, may(), list)
        .get(NEW, may(), new_page)
        .post(NEW, may(), add)
        .get("/portal/contacts/{id}", may(), edit_page)
        .post("/portal/contacts/{id}", may(), save)
        .post("/portal/contacts/{id}/remove", may(), remove)
        .with_state(())
}

fn roles(details: &ContactDetails) -> [bool; 5] {
    [
        details.receives_general,
        details.receives_invoices,
        details.receives_services,
        details.receives_domains,
        details.receives_support,
    ]
}

fn details(form: &Form) -> ContactDetails {
    ContactDetails {
        postal: postal(form),
        receives_general: form.is_checked("general"),
        receives_invoices: form.is_checked("invoices"),
        receives_services: form.is_checked("services"),
        receives_domains: form.is_checked("domains"),
        receives_support: form.is_checked("support"),
    }
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit, &cx).await?;
    let id = customer.id;
    let contacts = cx.read(async move |tx: &mut Tx| contacts_of(tx, id).await).await?;
    let rows: Vec<Value> = contacts
        .iter()
        .map(|contact| {
            let gets: Vec<&str> = ROLES
                .into_iter()
                .zip(roles(&contact.details))
                .filter(|(_, is_on)| *is_on)
                .map(|(role, _)| role)
                .collect();
            json!({
                "id": contact.id, "name": contact.details.postal.display_name(),
                "email": contact.details.postal.email, "roles": gets,
                "is_printed": customer.details.billing_contact_id == Some(contact.id),
            })
        })
        .collect();
    visit.page(LIST, json!({ "rows": rows }))
}

fn context(id: Option<i64>, form: &Form) -> Value {
    let here = id.map_or_else(|| NEW.to_owned(), |id| format!("{HERE}/{id}"));
    json!({ "here": here, "is_new": id.is_none(), "form": form.view(), "roles": ROLES })
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit, &cx).await?;
    let country = customer.details.postal.country.as_str();
    visit.page(EDIT, context(None, &Form::filled([("country", country), ("general", "1")])))
}

/// A contact, if it is the customer's own.
async fn own_contact(visit: &Visit, cx: &Cx, id: i64) -> PageResult<(Customer, Contact)> {
    let customer = own(visit, cx).await?;
    let found = cx.read(async move |tx: &mut Tx| contacts::find(tx, id).await).await?;
    let contact = found.filter(|it| Id::new(it.customer_id) == customer.id).ok_or_else(Problem::not_found)?;
    Ok((customer, contact))
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let (_, contact) = own_contact(&visit, &cx, id).await?;
    let mut form = filled(&contact.details.postal);
    for (role, is_on) in ROLES.into_iter().zip(roles(&contact.details)) {
        if is_on {
            form.set(role, "1");
        }
    }
    visit.page(EDIT, context(Some(id), &form))
}

/// Back to the list, or the form with what is wrong.
fn answer(
    visit: &Visit,
    id: Option<i64>,
    mut form: Form,
    done: Result<(), CustomerError>,
    said: &'static str,
) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(HERE, Flash::success(visit.t(said))),
        Err(CustomerError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(EDIT, context(id, &form))
        }
        Err(error) => Err(error.into()),
    }
}

async fn add(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let (customer, lent) = (own(&visit, &cx).await?, lent(&cx)?);
    let done = add_contact(&lent, customer.id, details(&form)).await.map(drop);
    answer(&visit, None, form, done, "customers-contact-added")
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    own_contact(&visit, &cx, id).await?;
    let done = update_contact(&lent(&cx)?, id, details(&form)).await;
    answer(&visit, Some(id), form, done, "customers-contact-saved")
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    own_contact(&visit, &cx, id).await?;
    match remove_contact(&lent(&cx)?, id).await {
        Ok(()) => visit.redirect_with(HERE, Flash::success(visit.t("customers-contact-removed"))),
        Err(refused @ CustomerError::ContactInUse) => {
            visit.redirect_with(HERE, Flash::danger(visit.refusal(&refused)))
        }
        Err(error) => Err(error.into()),
    }
}
