//! Forms that are made from what a driver says about itself.

use std::collections::{BTreeMap, BTreeSet};

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{InventoryKind, Setting, SettingKind};
use bursar_outbound::Settings;
use bursar_vault::Secret;
use bursar_web::Form;
use serde_json::{Value, json};

use crate::servers::listing::{Listing, kind_code, listing_of_group};
use crate::servers::save::{NewSecret, NewSecrets, field_of};

/// What panels offered, by kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Offers(BTreeMap<&'static str, Listing>);

impl Offers {
    /// What the servers of a group offered last, for the settings that are chosen from a list.
    pub(super) async fn of_group(cx: &Cx, group_id: i64, settings: &[Setting]) -> Result<Self, Fault> {
        let kinds: Vec<InventoryKind> = settings
            .iter()
            .filter_map(|setting| match setting.kind {
                SettingKind::Listed(kind) => Some(kind),
                _ => None,
            })
            .collect();
        cx.read(async move |tx: &mut Tx| {
            let mut offers = BTreeMap::new();
            for kind in &kinds {
                if let Some(listing) = listing_of_group(tx, group_id, *kind).await? {
                    offers.insert(kind_code(*kind), listing);
                }
            }
            Ok(Self(offers))
        })
        .await
    }

    /// When the oldest of the lists was given; none when there is none.
    pub(super) fn listed_at(&self) -> Option<i64> {
        self.0.values().map(|listing| listing.listed_at.micros()).min()
    }

    /// What to choose from: empty when the panel was never asked, so that people type. What is set and not offered any
    /// more stays in the list.
    fn options(&self, kind: InventoryKind, current: &str, is_required: bool) -> Vec<Value> {
        let Some(listing) = self.0.get(kind_code(kind)) else { return Vec::new() };
        if listing.items.is_empty() {
            return Vec::new();
        }
        let mut options = Vec::new();
        if !is_required || current.is_empty() {
            options.push(json!({ "value": "", "label": "" }));
        }
        if !current.is_empty() && !listing.items.iter().any(|item| item.id == current) {
            options.push(json!({ "value": current, "label": format!("{current} (not offered any more)") }));
        }
        let offered = listing.items.iter().map(|item| {
            let label =
                if item.label == item.id { item.id.clone() } else { format!("{} ({})", item.label, item.id) };
            json!({ "value": item.id, "label": label })
        });
        options.extend(offered);
        options
    }
}

/// The settings as the template shows them. `required` false makes every field one that may stay empty.
pub(super) fn views(
    settings: &[Setting],
    form: &Form,
    set: &BTreeSet<String>,
    offers: &Offers,
    required: Required,
) -> Vec<Value> {
    settings
        .iter()
        .map(|setting| {
            let field = field_of(setting.name);
            let is_required = setting.required && required == Required::AsDeclared;
            let (kind, options) = match setting.kind {
                SettingKind::Text | SettingKind::Url | SettingKind::Host | SettingKind::Fingerprint => {
                    ("text", Vec::new())
                }
                SettingKind::LongText => ("long_text", Vec::new()),
                SettingKind::Secret => ("secret", Vec::new()),
                SettingKind::LongSecret | SettingKind::SecretList => ("long_secret", Vec::new()),
                SettingKind::Number { .. } => ("number", Vec::new()),
                SettingKind::Flag => ("flag", Vec::new()),
                SettingKind::Choice(choices) => ("choice", chosen_from(choices, is_required)),
                SettingKind::Listed(kind) => {
                    ("listed", offers.options(kind, form.text(&field), is_required))
                }
            };
            let is_set = set.contains(setting.name);
            json!({
                "name": setting.name, "field": field, "add_field": crate::plans::save::add_field_of(setting.name),
                "label": setting.label, "kind": kind, "options": options, "unit": unit_of(setting.kind),
                "help": setting.help, "is_set": is_set, "required": is_required && !is_set,
                "may_clear": is_set && !setting.required, "clear_field": clear_field(setting.name),
            })
        })
        .collect()
}

/// Whether fields must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Required {
    /// Those that the driver declares so.
    AsDeclared,
    /// None: what is left empty comes from somewhere else.
    Never,
}

fn chosen_from(choices: &[(&str, &str)], is_required: bool) -> Vec<Value> {
    let empty = (!is_required).then(|| json!({ "value": "", "label": "" }));
    let all = choices.iter().map(|(value, label)| json!({ "value": value, "label": label }));
    empty.into_iter().chain(all).collect()
}

fn unit_of(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::Number { unit, .. } => unit,
        _ => "",
    }
}

fn clear_field(setting: &str) -> String {
    format!("clear_{setting}")
}

/// What a form begins with: the driver's defaults.
pub(super) fn defaults(settings: &[Setting]) -> Settings {
    settings.iter().filter_map(|it| it.default.map(|value| (it.name, value))).collect()
}

/// What is stored, as values of a form.
pub(super) fn filled(settings: &[Setting], values: &Settings) -> Vec<(String, String)> {
    settings
        .iter()
        .filter_map(|setting| {
            let value = values.text(setting.name)?;
            let is_off = setting.kind == SettingKind::Flag && !values.is_on(setting.name);
            (!is_off).then(|| (field_of(setting.name), value.to_owned()))
        })
        .collect()
}

/// What was typed, without secrets.
pub(super) fn typed(form: &Form, settings: &[Setting]) -> Settings {
    settings
        .iter()
        .filter(|setting| !setting.kind.is_secret())
        .map(|setting| {
            let field = field_of(setting.name);
            let value = match setting.kind {
                SettingKind::Flag if form.is_checked(&field) => "1".to_owned(),
                SettingKind::Flag => String::new(),
                _ => form.text(&field).to_owned(),
            };
            (setting.name, value)
        })
        .collect()
}

/// The secrets that were typed, and those that are to be forgotten. A field left empty keeps what is stored.
pub(super) fn typed_secrets(form: &Form, settings: &[Setting]) -> NewSecrets {
    settings
        .iter()
        .filter(|setting| setting.kind.is_secret())
        .filter_map(|setting| {
            let field = field_of(setting.name);
            let text = form.all(&field).next().unwrap_or_default();
            let text = if setting.kind == SettingKind::Secret { text.trim() } else { text };
            let secret = if !text.trim().is_empty() {
                NewSecret::Set(Secret::new(text.to_owned()))
            } else if form.is_checked(&clear_field(setting.name)) {
                NewSecret::Clear
            } else {
                return None;
            };
            Some((setting.name.to_owned(), secret))
        })
        .collect()
}
