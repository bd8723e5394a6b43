//! A customer's own record: name, addresses, tax number, language.

use axum::Extension;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Text};
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_web::{Flash, Form, Nav, PageResult, Permission, Problem, Routes, Surface, Visit};
use serde_json::{Value, json};

use crate::actions::update_customer;
use crate::contacts::contacts_of;
use crate::customer::{Customer, CustomerDetails, Postal};
use crate::error::CustomerError;
use crate::permissions::{CUSTOMER_EDIT, PORTAL_PROFILE_EDIT};
use crate::{portal_contacts, store};

const HERE: &str = "/portal/profile";
const PAGE: &str = "customers/portal/portal_profile.html";
/// The fields of a name and address.
pub(crate) const POSTAL: [&str; 12] = [
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "address1",
    "address2",
    "city",
    "state",
    "postcode",
    "country",
    "tax_id",
];

pub(crate) fn register(registry: &mut Registry) {
    registry.texts(bursar_i18n::texts!("../locales"));
    for (name, source) in [
        ("portal/fields.html", include_str!("../templates/portal/fields.html")),
        ("portal/portal_profile.html", include_str!("../templates/portal/profile.html")),
        ("portal/portal_contacts.html", include_str!("../templates/portal/contacts.html")),
        ("portal/portal_contact.html", include_str!("../templates/portal/contact.html")),
    ] {
        registry.template(name, source);
    }
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "account",
        label: "customers-nav-profile",
        icon: "user",
        href: HERE,
        permission: Some(PORTAL_PROFILE_EDIT),
        order: 790,
    });
    registry.routes(
        Routes::<()>::new("customers")
            .get(HERE, Permission(PORTAL_PROFILE_EDIT), page)
            .post(HERE, Permission(PORTAL_PROFILE_EDIT), save)
            .with_state(()),
    );
    registry.routes(portal_contacts::routes());
}

/// The customer who is signed in.
pub(crate) async fn own(visit: &Visit, cx: &Cx) -> PageResult<Customer> {
    let id = visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)?;
    let found = cx.read(async move |tx: &mut Tx| store::find(tx, Id::new(id)).await).await?;
    found.ok_or_else(Problem::not_found)
}

/// The context in which the actions run that staff call too: what they are called with is the customer's own.
pub(crate) fn lent(cx: &Cx) -> Result<Cx, Problem> {
    cx.require(PORTAL_PROFILE_EDIT)?;
    Ok(cx.with_grants(&[CUSTOMER_EDIT]))
}

pub(crate) fn filled(postal: &Postal) -> Form {
    let values = [
        &postal.first_name,
        &postal.last_name,
        &postal.company,
        &postal.email,
        &postal.phone,
        &postal.address1,
        &postal.address2,
        &postal.city,
        &postal.state,
        &postal.postcode,
        &postal.country,
        &postal.tax_id,
    ];
    Form::filled(POSTAL.into_iter().zip(values.into_iter().cloned()))
}

pub(crate) fn postal(form: &Form) -> Postal {
    let text = |field: &str| form.text(field).to_owned();
    Postal {
        first_name: text("first_name"),
        last_name: text("last_name"),
        company: text("company"),
        email: text("email"),
        phone: text("phone"),
        address1: text("address1"),
        address2: text("address2"),
        city: text("city"),
        state: text("state"),
        postcode: text("postcode"),
        country: text("country"),
        tax_id: text("tax_id"),
    }
}

/// The languages we write, in themselves. One that was imported and that we do not write stays chosen until somebody
/// chooses another.
pub(crate) fn languages(own: &str) -> Vec<Value> {
    let written = Locale::ALL.into_iter().map(|locale| (locale.code(), locale.name()));
    let other = Locale::ALL.into_iter().all(|locale| locale.code() != own).then_some((own, own));
    written.chain(other).map(|(code, name)| json!({ "value": code, "label": name })).collect()
}

async fn context(visit: &Visit, cx: &Cx, customer: &Customer, form: &Form) -> Result<Value, Fault> {
    let id = customer.id;
    let contacts = cx.read(async move |tx: &mut Tx| contacts_of(tx, id).await).await?;
    let mut printed = vec![json!({ "value": "", "label": visit.t("customers-printed-own") })];
    printed.extend(contacts.iter().map(
        |contact| json!({ "value": contact.id.to_string(), "label": contact.details.postal.display_name() }),
    ));
    Ok(json!({
        "form": form.view(), "printed": printed, "languages": languages(&customer.details.language),
        "tax_id_status": customer.tax_id_status.code(), "currency": customer.currency.code(),
        "number": id.get(), "since": customer.created_at,
    }))
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit, &cx).await?;
    let mut form = filled(&customer.details.postal);
    form.set("version", customer.version.to_string());
    form.set("language", customer.details.language.clone());
    let printed = customer.details.billing_contact_id.map(|id| id.to_string());
    form.set("billing_contact", printed.unwrap_or_default());
    if customer.details.auto_apply_credit {
        form.set("auto_apply_credit", "1");
    }
    let context = context(&visit, &cx, &customer, &form).await?;
    visit.page(PAGE, context)
}

fn details(customer: &Customer, form: &Form) -> CustomerDetails {
    CustomerDetails {
        postal: postal(form),
        language: form.text("language").to_owned(),
        billing_contact_id: form.text("billing_contact").parse().ok(),
        auto_apply_credit: form.is_checked("auto_apply_credit"),
        ..customer.details.clone()
    }
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let (customer, lent) = (own(&visit, &cx).await?, lent(&cx)?);
    let new = details(&customer, &form);
    // Links that sign in go to this address: a session that somebody left open is not enough to change it.
    let moves = new.postal.tidied().email != customer.details.postal.email;
    if moves && !visit.who().is_some_and(|who| who.is_fresh(visit.now())) {
        form.refuse_text("email", &Text::new("customers-email-confirm"));
    }
    let seen: i64 = form.text("version").parse().unwrap_or_default();
    if !form.is_refused() {
        let locale = Locale::parse(&new.language);
        match update_customer(&lent, customer.id, seen, new).await {
            Ok(()) => {
                let said = Flash::success(visit.t("customers-profile-saved"));
                let mut response = visit.redirect_with(HERE, said)?;
                if let Some(locale) = locale.filter(|locale| *locale != visit.locale()) {
                    visit.store_language(&mut response, locale);
                }
                return Ok(response);
            }
            Err(CustomerError::Invalid(fields)) => form.refuse_all(fields),
            Err(refused @ CustomerError::Changed) => form.refuse("version", visit.refusal(&refused)),
            Err(error) => return Err(error.into()),
        }
    }
    let context = context(&visit, &cx, &customer, &form).await?;
    visit.refused_form(PAGE, context)
}
