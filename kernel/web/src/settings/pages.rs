//! The forms of settings, and the page that leads to all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::declare::SettingsPage;
use super::kind::{Choices, Kind, Setting};
use super::save::{NotSaved, SettingsWatch};
use crate::flash::Flash;
use crate::form::Form;
use crate::principal::Surface;
use crate::problem::{PageResult, Problem};
use crate::routes::{Permission, Routes, SignedIn};
use crate::visit::Visit;

const FORM: &str = "shell/settings.html";

impl SettingsPage {
    /// Everything the page answers, as routes of its module.
    pub fn routes(self: &Arc<Self>, module: &'static str) -> Routes {
        let may = || Permission(self.permission);
        Routes::<Arc<Self>>::new(module)
            .get(self.path, may(), show)
            .post(self.path, may(), save)
            .with_state(Arc::clone(self))
    }
}

type Held = State<Arc<SettingsPage>>;

/// What is in force, and what the database offers for settings that ask it, by name.
type Stored = (Value, BTreeMap<&'static str, Choices>);

async fn stored(cx: &Cx, page: &Arc<SettingsPage>) -> Result<Stored, Fault> {
    let page = Arc::clone(page);
    cx.read(async move |tx: &mut Tx| {
        let values = (page.load)(tx).await?;
        let mut offered = BTreeMap::new();
        for setting in page.settings() {
            if let Some(ask) = setting.asks() {
                let found = ask(tx).await?.into_iter().map(|(id, label)| (id.to_string(), label));
                let mut choices: Choices = found.collect();
                // What was picked once is kept and shown, even when it is not offered any more.
                for id in Setting::picked_ids(values.get(setting.name).unwrap_or(&Value::Null)) {
                    if !choices.iter().any(|(code, _)| *code == id) {
                        choices.push((id.clone(), format!("Number {id}")));
                    }
                }
                offered.insert(setting.name, choices);
            }
        }
        Ok((values, offered))
    })
    .await
}

async fn show(
    visit: Visit,
    State(page): Held,
    Extension(cx): Extension<Cx>,
    Query(trying): Query<BTreeMap<String, String>>,
) -> PageResult {
    let (values, offered) = stored(&cx, &page).await?;
    let form = filled(&page, &values, &trying);
    visit.page(FORM, context(&page, &form, &offered)?)
}

/// The form with what is stored. A value that is being typed comes with the address, so that its example is shown
/// before it is saved.
fn filled(page: &SettingsPage, stored: &Value, trying: &BTreeMap<String, String>) -> Form {
    let mut form = Form::default();
    for setting in page.settings() {
        match trying.get(setting.name).filter(|_| setting.example.is_some()) {
            Some(typed) => form.set(setting.name, typed),
            None => {
                for typed in setting.typed(stored.get(setting.name).unwrap_or(&Value::Null)) {
                    form.set(setting.name, typed);
                }
            }
        }
    }
    form
}

fn context(
    page: &SettingsPage,
    form: &Form,
    offered: &BTreeMap<&'static str, Choices>,
) -> Result<Value, Fault> {
    let usual = (page.usual)()?;
    let groups: Vec<Value> = page
        .groups
        .iter()
        .map(|group| {
            let settings: Vec<Value> = group
                .settings
                .iter()
                .map(|it| it.shown(form, &usual, offered.get(it.name).map_or(&[][..], Vec::as_slice)))
                .collect();
            json!({ "title": group.title, "about": group.about, "settings": settings })
        })
        .collect();
    Ok(json!({
        "title": page.title, "about": page.about, "path": page.path, "groups": groups, "form": form.view(),
    }))
}

impl Setting {
    fn shown(&self, form: &Form, usual: &Value, offered: &[(String, String)]) -> Value {
        let fixed = |choices: &[(&'static str, &'static str)]| -> Choices {
            choices.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect()
        };
        let (kind, choices) = match &self.kind {
            Kind::Text { .. } | Kind::Amounts => ("text", Vec::new()),
            Kind::LongText { .. } | Kind::Lines { .. } => ("long", Vec::new()),
            Kind::Whole { .. } => ("whole", Vec::new()),
            Kind::Percent { .. } => ("percent", Vec::new()),
            Kind::YesNo => ("yes_no", Vec::new()),
            Kind::Choice(choices) => ("choice", fixed(choices)),
            Kind::Several(choices) => ("several", fixed(choices)),
            Kind::Picked(_) => ("several", offered.to_vec()),
            Kind::Each(..) => ("each", offered.to_vec()),
        };
        let choices: Vec<Value> = choices
            .iter()
            .map(|(code, label)| {
                let is_chosen = form.all(self.name).any(|it| it == code);
                json!({ "value": code, "label": label, "is_chosen": is_chosen })
            })
            .collect();
        let words: Vec<Value> = if let Kind::Each(_, words) = &self.kind {
            words.iter().map(|(code, label)| json!([code, label])).collect()
        } else {
            Vec::new()
        };
        // What it is without anybody's doing, for who wants to go back; what is ticked or chosen shows it itself.
        let says_usual = matches!(
            self.kind,
            Kind::Text { .. } | Kind::Whole { .. } | Kind::Percent { .. } | Kind::Amounts
        );
        let usual =
            if says_usual { self.typed(usual.get(self.name).unwrap_or(&Value::Null)) } else { Vec::new() };
        let example = self.example.map(|example| match form.text(self.name) {
            "" => json!({ "text": "", "is_good": true }),
            typed => match example(typed) {
                Ok(text) => json!({ "text": text, "is_good": true }),
                Err(text) => json!({ "text": text, "is_good": false }),
            },
        });
        json!({
            "name": self.name, "label": self.label, "kind": kind, "help": self.help, "unit": self.unit,
            "is_required": self.is_required, "choices": choices, "words": words, "example": example,
            "usual": usual.into_iter().find(|it| !it.is_empty()),
        })
    }
}

async fn save(
    visit: Visit,
    State(page): Held,
    Extension(cx): Extension<Cx>,
    watch: Option<Extension<Arc<dyn SettingsWatch>>>,
    mut form: Form,
) -> PageResult {
    cx.require(page.permission)?;
    let (values, offered) = stored(&cx, &page).await?;
    // What is not on the form stays as it is.
    let mut typed: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
    for setting in page.settings() {
        let value = setting.read(&mut form, offered.get(setting.name).unwrap_or(&Vec::new()));
        typed.insert(setting.name.to_owned(), value);
    }
    if !form.is_refused() {
        let put = page.save;
        match cx.write(async move |tx: &mut Tx| put(tx, Value::Object(typed.clone())).await).await {
            Ok(()) => {
                if let Some(Extension(watch)) = watch {
                    watch.saved(&cx).await?;
                }
                return visit.redirect_with(page.path, Flash::success("The settings are saved."));
            }
            Err(NotSaved::Invalid(fields)) => form.refuse_all(fields),
            Err(error @ (NotSaved::Denied(_) | NotSaved::Fault(_))) => return Err(Problem::from(error)),
        }
    }
    visit.refused_form(FORM, context(&page, &form, &offered)?)
}

/// The page that leads to all of them.
pub(crate) fn index_routes(module: &'static str) -> Routes {
    Routes::<()>::new(module).get("/admin/settings", SignedIn(Surface::Staff), index).with_state(())
}

/// What somebody looks for among the settings.
#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn index(visit: Visit, Extension(cx): Extension<Cx>, Query(search): Query<Search>) -> PageResult {
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let web = &visit.0.web;
    let mut found: Vec<Value> = Vec::new();
    for page in web.settings_pages.iter().filter(|page| cx.can(page.permission)) {
        let own = speaks_of(&words, &[page.title, page.about]);
        let settings: Vec<Value> = page
            .groups
            .iter()
            .flat_map(|group| group.settings.iter().map(move |setting| (group, setting)))
            .filter(|(group, it)| {
                !words.is_empty()
                    && speaks_of(&words, &[page.title, group.title, group.about, it.label, it.help, it.name])
            })
            .map(|(_, it)| json!({ "label": it.label, "href": format!("{}#field-{}", page.path, it.name) }))
            .collect();
        if own || !settings.is_empty() {
            found.push(json!({
                "title": page.title, "about": page.about, "icon": page.icon, "href": page.path, "settings": settings,
            }));
        }
    }
    for link in web.settings_links.iter().filter(|link| cx.can(link.permission)) {
        if speaks_of(&words, &[link.title, link.about]) {
            found.push(json!({
                "title": link.title, "about": link.about, "icon": link.icon, "href": link.href, "settings": [],
            }));
        }
    }
    visit.page("shell/settings_index.html", json!({ "pages": found, "q": search.q.trim() }))
}

/// Whether every word stands in one of the texts, upper or lower case.
fn speaks_of(words: &[String], texts: &[&str]) -> bool {
    let all = texts.join(" ").to_lowercase();
    words.iter().all(|word| all.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_speaks_of_every_word() {
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        assert!(speaks_of(&words("late FEE"), &["Invoices", "Late fee"]));
        assert!(!speaks_of(&words("late delivery"), &["Invoices", "Late fee"]));
        assert!(speaks_of(&[], &["anything"]), "without a word everything is shown");
    }
}
