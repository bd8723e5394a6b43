//! The catalogue for staff: what is sold, its prices, options, add-ons and coupons.

mod addons;
pub(crate) mod choices;
mod coupons;
mod groups;
mod lists;
mod options;
mod prices;
mod products;

use bursar_app::Registry;
use bursar_fault::{ErrorKind, FieldError, Refusal as _};
use bursar_web::{Form, Nav, PageResult, Surface, humanised};
use serde_json::{Value, json};

use crate::error::CatalogError;
use crate::permissions::PRODUCT_VIEW;

pub(crate) use lists::STATEMENTS as LIST_STATEMENTS;

pub(crate) fn register(registry: &mut Registry) {
    for (name, source) in [
        ("catalog/admin_show.html", include_str!("../../templates/catalog/admin_show.html")),
        ("groups/admin_edit.html", include_str!("../../templates/groups/admin_edit.html")),
        ("products/admin_edit.html", include_str!("../../templates/products/admin_edit.html")),
        ("options/admin_group.html", include_str!("../../templates/options/admin_group.html")),
        ("options/admin_edit.html", include_str!("../../templates/options/admin_edit.html")),
        ("options/admin_value.html", include_str!("../../templates/options/admin_value.html")),
        ("addons/admin_edit.html", include_str!("../../templates/addons/admin_edit.html")),
        ("coupons/admin_edit.html", include_str!("../../templates/coupons/admin_edit.html")),
        ("prices/admin_grid.html", include_str!("../../templates/prices/admin_grid.html")),
    ] {
        registry.template(name, source);
    }
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Catalogue",
        label: "Catalogue",
        icon: "package",
        href: "/admin/catalog",
        permission: Some(PRODUCT_VIEW),
        order: 250,
    });
    registry.resource(lists::products());
    registry.resource(lists::coupons());
    registry.routes(groups::routes());
    registry.routes(products::routes());
    registry.routes(options::routes());
    registry.routes(addons::routes());
    registry.routes(coupons::routes());
}

/// What an action refused, beside its fields; what belongs to no field stands under `form`.
fn refuse(form: &mut Form, error: CatalogError) -> PageResult<()> {
    match error.kind() {
        ErrorKind::Invalid(fields) => form.refuse_all(fields),
        ErrorKind::Conflict => form.refuse_all([FieldError::new("form", error.message())]),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            return Err(error.into());
        }
    }
    Ok(())
}

/// An optional whole number; empty is `empty`.
fn number(form: &mut Form, field: &'static str, empty: i64) -> i64 {
    if form.text(field).is_empty() {
        return empty;
    }
    form.value(field, "Give a whole number, for example 10.").unwrap_or(empty)
}

/// Codes with the words people read: `semi_annual` is `Semi annual`.
fn choices(codes: impl IntoIterator<Item = &'static str>) -> Vec<Value> {
    codes.into_iter().map(|code| json!({ "value": code, "label": humanised(code) })).collect()
}

/// The fields of a form that are checkboxes, as values of a filled form.
fn ticked<const N: usize>(flags: [(&'static str, bool); N]) -> Vec<(String, String)> {
    flags
        .into_iter()
        .filter(|(_, is_set)| *is_set)
        .map(|(name, _)| (name.to_owned(), "1".to_owned()))
        .collect()
}
