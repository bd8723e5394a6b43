//! When services are made and taken away.

use std::collections::BTreeMap;

use axum::Extension;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use crate::error::ProvisionError;
use crate::permissions::SETTINGS;
use crate::settings::{MoneyBack, ProvisioningSettings, When, save_settings};

const RULES: &str = "provisioning/services/admin_rules.html";

const WHEN: [(&str, &str, When); 4] = [
    ("ordered", "when it is ordered, paid or not", When::Ordered),
    ("paid", "when its order is paid", When::Paid),
    ("accepted", "when its order is accepted", When::Accepted),
    ("by_hand", "when staff say so", When::ByHand),
];

const MONEY: [(&str, &str, MoneyBack); 3] = [
    ("wait", "waits for staff", MoneyBack::Wait),
    ("credit", "becomes the customer's credit", MoneyBack::Credit),
    ("refund", "goes back the way it came", MoneyBack::Refund),
];

pub(super) fn routes() -> Routes {
    Routes::<()>::new("provisioning")
        .get("/admin/service-rules", Permission(SETTINGS), page)
        .post("/admin/service-rules", Permission(SETTINGS), save)
        .with_state(())
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let settings = cx.read(async |tx: &mut Tx| ProvisioningSettings::load(tx).await).await?;
    visit.page(RULES, context(&filled(&settings)))
}

fn word_of<T: PartialEq + Copy>(all: &[(&'static str, &str, T)], value: T) -> &'static str {
    all.iter().find(|(_, _, own)| *own == value).map_or("", |(word, _, _)| word)
}

fn choice_of<T: Copy>(form: &mut Form, field: &'static str, all: &[(&str, &str, T)]) -> Option<T> {
    let found = all.iter().find(|(word, _, _)| *word == form.text(field)).map(|(_, _, value)| *value);
    if found.is_none() {
        form.refuse(field, "Choose from the list.");
    }
    found
}

fn filled(settings: &ProvisioningSettings) -> Form {
    let by_product =
        settings.when_by_product.iter().map(|(id, when)| format!("{id} {}", word_of(&WHEN, *when)));
    let never: Vec<String> = settings.never_suspend.iter().map(ToString::to_string).collect();
    Form::filled([
        ("when", word_of(&WHEN, settings.when).to_owned()),
        ("when_by_product", by_product.collect::<Vec<_>>().join(", ")),
        ("give_up_hours", settings.give_up_hours.to_string()),
        ("money_back", word_of(&MONEY, settings.money_back).to_owned()),
        ("money_back_hours", settings.money_back_hours.to_string()),
        ("suspend_after_days", settings.suspend_after_days.to_string()),
        ("never_suspend", never.join(", ")),
        ("most_suspensions", settings.most_suspensions.to_string()),
        ("remove_after_days", settings.remove_after_days.to_string()),
        ("alert_email", settings.alert_email.clone()),
    ])
}

fn context(form: &Form) -> Value {
    let when: Vec<Value> = WHEN.iter().map(|(v, label, _)| json!({ "value": v, "label": label })).collect();
    let money: Vec<Value> = MONEY.iter().map(|(v, label, _)| json!({ "value": v, "label": label })).collect();
    json!({ "form": form.view(), "when": when, "money": money })
}

/// `12 paid, 15 by_hand`.
fn by_product(form: &mut Form) -> BTreeMap<i64, When> {
    let mut found = BTreeMap::new();
    let typed = form.text("when_by_product").to_owned();
    for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let read = part.split_once(' ').and_then(|(id, word)| {
            let (_, _, when) = WHEN.iter().find(|(known, _, _)| *known == word.trim())?;
            Some((id.parse().ok()?, *when))
        });
        match read {
            Some((id, when)) => drop(found.insert(id, when)),
            None => form.refuse(
                "when_by_product",
                "Give product numbers with ordered, paid, accepted or by_hand, for example: 12 paid, 15 by_hand.",
            ),
        }
    }
    found
}

fn products(form: &mut Form) -> Vec<i64> {
    let typed = form.text("never_suspend").to_owned();
    let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read: Vec<Option<i64>> = parts.map(|part| part.parse().ok()).collect();
    if read.iter().any(Option::is_none) {
        form.refuse("never_suspend", "Give product numbers with commas between them, for example: 12, 15.");
    }
    read.into_iter().flatten().collect()
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let settings = ProvisioningSettings {
        when: choice_of(&mut form, "when", &WHEN).unwrap_or_default(),
        when_by_product: by_product(&mut form),
        give_up_hours: form.value("give_up_hours", "Enter a number of hours.").unwrap_or_default(),
        money_back: choice_of(&mut form, "money_back", &MONEY).unwrap_or_default(),
        money_back_hours: form.value("money_back_hours", "Enter a number of hours.").unwrap_or_default(),
        suspend_after_days: form.value("suspend_after_days", "Enter a number of days.").unwrap_or_default(),
        never_suspend: products(&mut form),
        most_suspensions: form.value("most_suspensions", "Enter a number of services.").unwrap_or_default(),
        remove_after_days: form.value("remove_after_days", "Enter a number of days.").unwrap_or_default(),
        alert_email: form.optional("alert_email", 254).unwrap_or_default(),
    };
    if !form.is_refused() {
        match save_settings(&cx, settings).await {
            Ok(()) => {
                return visit.redirect_with("/admin/service-rules", Flash::success("The rules are saved."));
            }
            Err(ProvisionError::Invalid(fields)) => form.refuse_all(fields),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(RULES, context(&form))
}
