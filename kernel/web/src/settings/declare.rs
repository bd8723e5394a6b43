//! The declaration of a page of settings.

use std::pin::Pin;

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kind::Setting;
use super::save::{NotSaved, as_value, replace};
use crate::resource::Reading;

/// Settings of a module as one value: its defaults are those of the product.
pub trait SettingsDocument: Serialize + DeserializeOwned + Default + Send + Sync + 'static {
    /// Where it lies; begins with the module's name.
    const KEY: &'static str;
    /// Who may change it.
    const PERMISSION: &'static str;

    /// What could not work, field by field. Bounds that the form declares are checked here again where they matter,
    /// because a command saves without a form.
    fn wrong(&self) -> Vec<FieldError>;

    /// What is in force.
    fn load(tx: &mut Tx) -> impl Future<Output = Result<Self, Fault>> {
        settings::get(tx, Self::KEY)
    }

    /// Puts these values in force.
    fn store(&self, tx: &mut Tx) -> impl Future<Output = Result<(), Fault>> {
        settings::set(tx, Self::KEY, self)
    }
}

pub(super) type Saving<'t> = Pin<Box<dyn Future<Output = Result<(), NotSaved>> + 't>>;

/// Settings that belong together, with what they are about.
#[derive(Debug, Clone)]
pub struct SettingsGroup {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) settings: Vec<Setting>,
}

impl SettingsGroup {
    /// A group with its heading and a sentence.
    pub const fn new(title: &'static str, about: &'static str, settings: Vec<Setting>) -> Self {
        Self { title, about, settings }
    }
}

/// A page of settings.
#[derive(Debug, Clone)]
pub struct SettingsPage {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    pub(super) icon: &'static str,
    pub(super) about: &'static str,
    pub(super) permission: &'static str,
    pub(super) key: &'static str,
    pub(super) groups: Vec<SettingsGroup>,
    pub(super) usual: fn() -> Result<Value, Fault>,
    pub(super) load: for<'t> fn(&'t mut Tx) -> Reading<'t, Value>,
    pub(super) save: for<'t> fn(&'t mut Tx, Value) -> Saving<'t>,
}

/// A page of settings that is written by hand, because it does more than keep values: the list of all settings leads
/// there too.
#[derive(Debug, Clone, Copy)]
pub struct SettingsLink {
    /// Where it leads.
    pub href: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// A name from the icon sprite.
    pub icon: &'static str,
    /// What is set there, in the words somebody may search for.
    pub about: &'static str,
    /// Who may open it.
    pub permission: &'static str,
}

impl SettingsPage {
    /// The page of a document at `/admin/settings/…`.
    pub fn of<T: SettingsDocument>(
        path: &'static str,
        title: &'static str,
        groups: Vec<SettingsGroup>,
    ) -> Self {
        Self {
            path,
            title,
            icon: "settings",
            about: "",
            permission: T::PERMISSION,
            key: T::KEY,
            groups,
            usual: || as_value(&T::default()),
            load: load::<T>,
            save: save::<T>,
        }
    }

    /// A name from the icon sprite, and a sentence under the heading.
    #[must_use]
    pub const fn described(mut self, icon: &'static str, about: &'static str) -> Self {
        self.icon = icon;
        self.about = about;
        self
    }

    /// Who may open it.
    pub const fn permission(&self) -> &'static str {
        self.permission
    }

    /// Where the values lie.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    pub(super) fn settings(&self) -> impl Iterator<Item = &Setting> {
        self.groups.iter().flat_map(|group| &group.settings)
    }

    /// What is wrong with the declaration: a setting that the document does not have, one that stands twice, or one
    /// whose default is of another kind. Shown when the program starts.
    pub fn mistakes(&self) -> Vec<String> {
        let usual = match (self.usual)() {
            Ok(usual) => usual,
            Err(fault) => return vec![format!("settings {}: {fault}", self.key)],
        };
        let mut seen = std::collections::BTreeSet::new();
        let mut wrong = Vec::new();
        for setting in self.settings() {
            let name = setting.name;
            match usual.get(name) {
                None => wrong.push(format!("settings {}: there is no {name}", self.key)),
                Some(value) if !setting.fits(value) => {
                    wrong.push(format!("settings {}: {name} is kept as something else", self.key));
                }
                Some(_) => {}
            }
            if !seen.insert(name) {
                wrong.push(format!("settings {}: {name} stands there twice", self.key));
            }
        }
        wrong
    }
}

fn load<T: SettingsDocument>(tx: &mut Tx) -> Reading<'_, Value> {
    Box::pin(async move { as_value(&T::load(tx).await?) })
}

fn save<T: SettingsDocument>(tx: &mut Tx, typed: Value) -> Saving<'_> {
    Box::pin(async move {
        let new: T = serde_json::from_value(typed)
            .map_err(|e| Fault::wrap(format!("what was typed for {} does not fit its type", T::KEY), e))?;
        replace(tx, &new).await
    })
}
