//! The rules that the tenant sets.

use axum::Extension;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::json;

use super::refuse;
use crate::permissions::SERVER_EDIT;
use crate::settings::{InventorySettings, save_rules};

const EDIT: &str = "inventory/rules/admin_edit.html";
const AT: &str = "/admin/servers/rules";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("inventory")
        .get(AT, Permission(SERVER_EDIT), page)
        .post(AT, Permission(SERVER_EDIT), save)
        .with_state(())
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let rules = cx.read(async |tx: &mut Tx| InventorySettings::load(tx).await).await?;
    let form = Form::filled([
        ("check_minutes", rules.check_minutes.to_string()),
        ("quarantine_days", rules.quarantine_days.to_string()),
    ]);
    visit.page(EDIT, json!({ "form": form.view() }))
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let number = "Write a whole number.";
    let rules = InventorySettings {
        check_minutes: form.value("check_minutes", number).unwrap_or_default(),
        quarantine_days: form.value("quarantine_days", number).unwrap_or_default(),
    };
    if !form.is_refused() {
        match save_rules(&cx, rules).await {
            Ok(()) => return visit.redirect_with(AT, Flash::success("The rules are saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, json!({ "form": form.view() }))
}
