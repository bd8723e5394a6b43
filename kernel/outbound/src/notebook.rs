//! What a driver without a vendor writes down: the caller's own storage, handed over with the call.
//!
//! A driver whose vendor is ourselves (a licence we sign, a to-do for staff) has nobody to ask what there is. It may keep
//! nothing either, so that whoever makes the call lends it a place: a few texts under names, in the caller's database.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::CallError;

/// The answer of a notebook, later.
pub type Noted<'a, T> = Pin<Box<dyn Future<Output = Result<T, CallError>> + Send + 'a>>;

/// Texts under names. What was written MUST be there for every later call, in whatever process.
pub trait Notebook: Send + Sync {
    /// The text under a name.
    fn read<'a>(&'a self, name: &'a str) -> Noted<'a, Option<String>>;

    /// Every name that begins so, with its text, in order of names.
    fn list<'a>(&'a self, beginning: &'a str) -> Noted<'a, Vec<(String, String)>>;

    /// Writes `text` under a name (`None` strikes it out) if `before` is still what stands there, and says whether it
    /// was. Two callers who both saw `before` MUST NOT both be told `true`.
    fn write<'a>(&'a self, name: &'a str, before: Option<&'a str>, text: Option<&'a str>) -> Noted<'a, bool>;
}

/// A notebook that lasts as long as the process: for tests. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Jotter(Arc<Mutex<BTreeMap<String, String>>>);

impl Jotter {
    /// Writes without looking.
    pub fn put(&self, name: impl Into<String>, text: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), text.into());
    }

    /// Everything in it.
    pub fn all(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Notebook for Jotter {
    fn read<'a>(&'a self, name: &'a str) -> Noted<'a, Option<String>> {
        let found = self.all().remove(name);
        Box::pin(std::future::ready(Ok(found)))
    }

    fn list<'a>(&'a self, beginning: &'a str) -> Noted<'a, Vec<(String, String)>> {
        let found = self.all().into_iter().filter(|(name, _)| name.starts_with(beginning)).collect();
        Box::pin(std::future::ready(Ok(found)))
    }

    fn write<'a>(&'a self, name: &'a str, before: Option<&'a str>, text: Option<&'a str>) -> Noted<'a, bool> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_so = notes.get(name).map(String::as_str) == before;
        if is_so {
            match text {
                Some(text) => notes.insert(name.to_owned(), text.to_owned()),
                None => notes.remove(name),
            };
        }
        Box::pin(std::future::ready(Ok(is_so)))
    }
}
