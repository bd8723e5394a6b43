//! Changing a customer.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use super::{postal, show};
use crate::actions::{get_customer, set_customer_status, update_customer};
use crate::customer::{Customer, CustomerDetails, Grouping, Status};
use crate::error::CustomerError;
use crate::portal::languages;
use crate::{contacts, groups, permissions};

const EDIT: &str = "customers/customers/admin_edit.html";

pub(super) fn routes() -> Routes {
    let edit = || Permission(permissions::CUSTOMER_EDIT);
    Routes::<()>::new("customers")
        .get("/admin/customers/{id}/edit", edit(), page)
        .post("/admin/customers/{id}/edit", edit(), save)
        .post("/admin/customers/{id}/status", Permission(permissions::CUSTOMER_STATUS), set_status)
        .with_state(())
}

/// What a status means, for who chooses one.
pub(super) const fn status_label(status: Status) -> &'static str {
    match status {
        Status::Active => "Active: buys and signs in",
        Status::Inactive => "Inactive: has nothing at the moment",
        Status::Suspended => "Suspended: stopped for now",
        Status::Banned => "Banned: not wanted any more",
        Status::Closed => "Closed: has left",
    }
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let customer = get_customer(&cx, Id::new(id)).await?;
    visit.page(EDIT, context(&cx, &customer, &filled(&customer)).await?)
}

fn filled(customer: &Customer) -> Form {
    let details = &customer.details;
    let mut values = postal::filled(&details.postal);
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    values.extend(
        [
            ("language", details.language.clone()),
            ("group_id", id(details.group_id)),
            ("grouping", details.grouping.code().to_owned()),
            ("billing_contact_id", id(details.billing_contact_id)),
            ("shipping_contact_id", id(details.shipping_contact_id)),
            ("version", customer.version.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let flags = [
        ("tax_exempt", details.tax_exempt),
        ("auto_apply_credit", details.auto_apply_credit),
        ("late_fee_exempt", details.late_fee_exempt),
        ("dunning_exempt", details.dunning_exempt),
    ];
    values.extend(flags.iter().filter(|(_, on)| *on).map(|(name, _)| ((*name).to_owned(), "1".to_owned())));
    Form::filled(values)
}

async fn context(cx: &Cx, customer: &Customer, form: &Form) -> PageResult<Value> {
    let id = customer.id;
    let (groups, contacts) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((groups::groups(tx).await?, contacts::contacts_of(tx, id).await?))
        })
        .await?;
    let option = |value: i64, label: &str| json!({ "value": value.to_string(), "label": label });
    let none = |label: &str| json!({ "value": "", "label": label });
    let mut group_options = vec![none("No group")];
    group_options.extend(groups.iter().map(|group| option(group.id, &group.details.name)));
    let mut contact_options = vec![none("The customer")];
    contact_options
        .extend(contacts.iter().map(|contact| option(contact.id, &contact.details.postal.display_name())));
    Ok(json!({
        "id": id.get(), "name": customer.details.postal.display_name(), "currency": customer.currency.code(),
        "form": form.view(), "groups": group_options, "contacts": contact_options,
        "languages": languages(&customer.details.language),
        "groupings": [
            { "value": Grouping::Daily.code(), "label": "One a day for everything" },
            { "value": Grouping::Separate.code(), "label": "One for each subscription" },
        ],
    }))
}

/// What was typed, over what is not on the form.
fn typed(form: &mut Form, before: &CustomerDetails) -> CustomerDetails {
    let mut id = |name: &'static str| match form.text(name) {
        "" => None,
        _ => form.value::<i64>(name, "Choose from the list."),
    };
    let (group_id, billing, shipping) = (id("group_id"), id("billing_contact_id"), id("shipping_contact_id"));
    let grouping = Grouping::parse(form.text("grouping"));
    if grouping.is_none() {
        form.refuse("grouping", "Choose from the list.");
    }
    CustomerDetails {
        postal: postal::typed(form),
        tax_exempt: form.is_checked("tax_exempt"),
        language: form.text("language").to_owned(),
        group_id,
        grouping: grouping.unwrap_or(before.grouping),
        auto_apply_credit: form.is_checked("auto_apply_credit"),
        late_fee_exempt: form.is_checked("late_fee_exempt"),
        dunning_exempt: form.is_checked("dunning_exempt"),
        billing_contact_id: billing,
        shipping_contact_id: shipping,
        ..before.clone()
    }
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let customer = get_customer(&cx, Id::new(id)).await?;
    let version = form.value::<i64>("version", "Load the page again.");
    let details = typed(&mut form, &customer.details);
    if let Some(version) = version.filter(|_| !form.is_refused()) {
        match update_customer(&cx, customer.id, version, details).await {
            Ok(()) => {
                let to = format!("/admin/customers/{id}");
                return visit.redirect_with(to, Flash::success("The customer is saved."));
            }
            Err(CustomerError::Invalid(fields)) => form.refuse_all(fields),
            Err(CustomerError::Changed) => form.refuse(
                "first_name",
                "Somebody else changed this customer meanwhile. Open the page again and repeat your change.",
            ),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(EDIT, context(&cx, &customer, &form).await?)
}

async fn set_status(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let Some(status) = Status::parse(form.text("status")) else {
        return visit.redirect_with(
            format!("/admin/customers/{id}"),
            Flash::danger("Choose a status from the list."),
        );
    };
    let done = set_customer_status(&cx, Id::new(id), status).await;
    show::back(&visit, id, done, "The status is changed.")
}
