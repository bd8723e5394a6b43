//! Billing's pages: invoices and subscriptions for staff, invoices for customers.
//!
//! Handlers read the form, call one action and answer; every rule is in the actions. How a customer pays is not here:
//! that depends on the gateways' own forms, which the application knows.

mod bulk;
mod cards;
mod change_form;
mod coupon_panel;
mod customer_panels;
mod drafts;
mod give_back;
mod invoices;
pub(crate) mod paper;
mod payment_panel;
mod portal;
mod portal_home;
mod portal_subscriptions;
mod resources;
mod settings;
pub(crate) mod store;
mod subscriptions;
mod terms;
mod views;

use std::sync::{Arc, OnceLock};

use bursar_app::Registry;
use bursar_fault::{ErrorKind, Refusal};
use bursar_pdf::Typesetter;
use bursar_web::{Flash, Nav, PageLink, PageResult, Problem, Surface, Visit};

use crate::error::BillError;
use crate::permissions;

pub use portal::invoice_of;
pub(crate) use resources::STATEMENTS as LIST_STATEMENTS;
pub(crate) use store::STATEMENTS;
pub use views::InvoiceRow;

/// Rows on a page of a list.
const ROWS: i64 = 50;

/// What the handlers share.
#[derive(Clone, Default)]
pub(crate) struct Pages {
    /// Made when the first document is asked for: fonts take time and memory.
    typesetter: Arc<OnceLock<Typesetter>>,
}

pub(crate) fn register(registry: &mut Registry, pages: Pages) {
    registry.texts(bursar_i18n::texts!("../../locales"));
    for (name, source) in [
        ("invoices/admin_show.html", include_str!("../../templates/pages/invoices/admin_show.html")),
        ("invoices/admin_payment.html", include_str!("../../templates/pages/invoices/admin_payment.html")),
        ("invoices/admin_edit.html", include_str!("../../templates/pages/invoices/admin_edit.html")),
        ("payments/admin_refund.html", include_str!("../../templates/pages/payments/admin_refund.html")),
        ("credit/admin_adjust.html", include_str!("../../templates/pages/credit/admin_adjust.html")),
        (
            "subscriptions/change_fields.html",
            include_str!("../../templates/pages/subscriptions/change_fields.html"),
        ),
        ("subscriptions/quote.html", include_str!("../../templates/pages/subscriptions/quote.html")),
        (
            "subscriptions/admin_change.html",
            include_str!("../../templates/pages/subscriptions/admin_change.html"),
        ),
        (
            "subscriptions/admin_move.html",
            include_str!("../../templates/pages/subscriptions/admin_move.html"),
        ),
        ("invoices/lines.html", include_str!("../../templates/pages/invoices/lines.html")),
        ("home/portal_show.html", include_str!("../../templates/pages/home/portal_show.html")),
        (
            "subscriptions/portal_list.html",
            include_str!("../../templates/pages/subscriptions/portal_list.html"),
        ),
        (
            "subscriptions/portal_rows.html",
            include_str!("../../templates/pages/subscriptions/portal_rows.html"),
        ),
        (
            "subscriptions/portal_show.html",
            include_str!("../../templates/pages/subscriptions/portal_show.html"),
        ),
        (
            "subscriptions/portal_change.html",
            include_str!("../../templates/pages/subscriptions/portal_change.html"),
        ),
        (
            "subscriptions/portal_cancel.html",
            include_str!("../../templates/pages/subscriptions/portal_cancel.html"),
        ),
        ("invoices/portal_list.html", include_str!("../../templates/pages/invoices/portal_list.html")),
        ("invoices/portal_show.html", include_str!("../../templates/pages/invoices/portal_show.html")),
        (
            "subscriptions/admin_show.html",
            include_str!("../../templates/pages/subscriptions/admin_show.html"),
        ),
    ] {
        registry.template(name, source);
    }
    cards::register(registry);
    coupon_panel::register(registry);
    customer_panels::register(registry);
    payment_panel::register(registry);
    settings::register(registry);
    registry.resource(resources::invoices());
    registry.resource(resources::credit_notes());
    registry.resource(resources::subscriptions());
    for (label, icon, href, permission, order) in [
        ("billing-nav-home", "home", "/portal", None, 10),
        (
            "billing-nav-subscriptions",
            "package",
            "/portal/subscriptions",
            Some(permissions::PORTAL_SUBSCRIPTION_VIEW),
            20,
        ),
        (
            "billing-nav-invoices",
            "file-invoice",
            "/portal/invoices",
            Some(permissions::PORTAL_INVOICE_VIEW),
            25,
        ),
    ] {
        registry.nav(Nav { surface: Surface::Customer, section: "", label, icon, href, permission, order });
    }
    for (page, label, icon, href, permission) in [
        ("payments.payment", "Refund", "receipt-refund", "/admin/payments/{id}/refund", permissions::REFUND),
        (
            "customers.customer",
            "New invoice",
            "file-invoice",
            "/admin/invoices/new?customer={id}",
            permissions::INVOICE_ISSUE,
        ),
        (
            "customers.customer",
            "Adjust credit",
            "wallet",
            "/admin/customers/{id}/credit",
            permissions::CREDIT_ADJUST,
        ),
    ] {
        registry.link(PageLink { page, label, icon, href, permission, order: 100 });
    }
    registry.routes(invoices::routes(pages.clone()));
    registry.routes(drafts::routes());
    registry.routes(give_back::routes());
    registry.routes(subscriptions::routes());
    registry.routes(terms::routes());
    registry.routes(portal::routes(pages));
    registry.routes(portal_home::routes());
    registry.routes(portal_subscriptions::routes());
}

/// Back to a page after a form: with what was done, or with what was wrong with the form.
fn back<T>(
    visit: &Visit,
    to: &str,
    result: Result<T, BillError>,
    done: impl FnOnce(T) -> String,
) -> PageResult {
    match result {
        Ok(value) => visit.redirect_with(to, Flash::success(done(value))),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(_) | ErrorKind::Conflict => {
                visit.redirect_with(to, Flash::danger(error.message()))
            }
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                Err(Problem::from(error))
            }
        },
    }
}

/// The rows of a page and whether there are more: asks for one row more than it shows.
fn cut<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(ROWS).expect("a small number fits");
    let more = rows.len() > most;
    rows.truncate(most);
    (rows, more)
}

/// The address of a list with its filters; empty ones are left out.
fn address(path: &str, filters: &[(&str, &str)], before: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(key, value);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
