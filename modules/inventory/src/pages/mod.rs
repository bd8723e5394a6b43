//! The inventory for staff: servers and groups, what products are made from, addresses, machines.

mod addresses;
mod fields;
mod groups;
mod lists;
mod machines;
mod plans;
mod pools;
mod regions;
mod servers;

use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, FieldError, Refusal as _};
use bursar_web::{Form, PageResult};
use serde_json::{Value, json};

use crate::drivers::HostingDrivers;
use crate::error::InventoryError;

pub(crate) use lists::STATEMENTS as LIST_STATEMENTS;

macro_rules! templates {
    ($registry:ident: $($name:literal),+ $(,)?) => {
        $($registry.template($name, include_str!(concat!("../../templates/", $name)));)+
    };
}

pub(crate) fn register(registry: &mut Registry, drivers: &HostingDrivers) {
    templates!(registry:
        "addresses/admin_show.html",
        "groups/admin_edit.html",
        "machines/admin_edit.html",
        "machines/admin_waiting.html",
        "plans/admin_choice.html",
        "plans/admin_edit.html",
        "plans/admin_new.html",
        "pools/admin_edit.html",
        "pools/admin_show.html",
        "regions/admin_edit.html",
        "servers/admin_edit.html",
        "servers/admin_new.html",
        "servers/admin_show.html",
        "settings/fields.html",
    );
    registry.resource(lists::servers());
    registry.resource(lists::groups());
    registry.resource(lists::plan_maps());
    registry.resource(lists::pools());
    registry.resource(lists::addresses());
    registry.resource(lists::machines());
    registry.resource(lists::regions());
    registry.routes(servers::routes(drivers.clone()));
    registry.routes(groups::routes(drivers.clone()));
    registry.routes(plans::routes(drivers.clone()));
    registry.routes(pools::routes());
    registry.routes(addresses::routes());
    registry.routes(machines::routes());
    registry.routes(regions::routes());
    registry.settings(crate::settings::page());
}

/// What an action refused, beside its fields; what belongs to no field stands under `form`.
fn refuse(form: &mut Form, error: InventoryError) -> PageResult<()> {
    match error.kind() {
        ErrorKind::Invalid(fields) => form.refuse_all(fields),
        ErrorKind::Conflict => form.refuse_all([FieldError::new("form", error.message())]),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            return Err(error.into());
        }
    }
    Ok(())
}

/// The sentence of a refusal for the top of the next page, where there is no form to show it beside.
fn sentence(error: InventoryError) -> PageResult<String> {
    match error.kind() {
        ErrorKind::Invalid(fields) => {
            Ok(fields.into_iter().next().map(|it| it.message).unwrap_or_else(|| error.message()))
        }
        ErrorKind::Conflict => Ok(error.message()),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            Err(error.into())
        }
    }
}

/// An optional whole number.
fn number(form: &mut Form, field: &'static str) -> Option<i64> {
    if form.text(field).is_empty() {
        return None;
    }
    form.value(field, "Write a whole number, for example 10, or nothing.")
}

/// The id that was chosen from a list; none for its empty line.
fn chosen(form: &Form, field: &str) -> Option<i64> {
    form.text(field).parse().ok()
}

fn text_of(value: Option<i64>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}

/// Regions to choose from, beginning with none.
async fn region_options(cx: &Cx, none: &str) -> Result<Vec<Value>, Fault> {
    let regions = cx.read(async |tx: &mut Tx| crate::regions::regions(tx).await).await?;
    let all = regions.into_iter().map(|it| json!({ "value": it.id, "label": it.details.name }));
    Ok(std::iter::once(json!({ "value": "", "label": none })).chain(all).collect())
}

/// The groups of a driver to choose from.
async fn group_options(cx: &Cx, driver: &str, none: Option<&str>) -> Result<Vec<Value>, Fault> {
    let groups = cx.read(async |tx: &mut Tx| crate::groups::groups(tx).await).await?;
    let all = groups
        .into_iter()
        .filter(|it| it.details.driver == driver)
        .map(|it| json!({ "value": it.id, "label": it.details.name }));
    let none = none.map(|label| json!({ "value": "", "label": label }));
    Ok(none.into_iter().chain(all).collect())
}
