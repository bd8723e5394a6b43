//! What was given out, in the notebook: an entry for each thing, and a line for each key that was ever taken.

use std::collections::BTreeMap;

use bursar_hosting::{Change, Specification, Tag};
use bursar_outbound::{Call, CallError, Jotter, Notebook, Settings};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How often a rival may write first.
const TRIES: usize = 5;
const THINGS: &str = "licence/thing/";
const TAKEN: &str = "licence/key/";

/// One licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) held: Held,
    pub(crate) plan: BTreeMap<String, String>,
    pub(crate) customer: i64,
    pub(crate) is_suspended: bool,
    reference: String,
}

/// What the customer holds. Keys themselves stay with the sealed settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Held {
    /// A key of the pool, by its digest.
    Key(String),
    /// A licence of our own.
    Signed,
}

/// An entry, and the text it was read from.
pub(crate) struct Found {
    pub(crate) entry: Entry,
    text: String,
}

pub(crate) struct Book<'a>(&'a dyn Notebook);

impl Entry {
    pub(crate) fn new(held: Held, specification: &Specification, tag: &Tag) -> Self {
        let reference = match &held {
            Held::Key(digest) => format!("key-{digest}"),
            Held::Signed => format!("signed-{tag}"),
        };
        let customer = specification.customer.number;
        Self { held, plan: pairs(&specification.plan), customer, is_suspended: false, reference }
    }

    pub(crate) fn reference(&self) -> &str {
        &self.reference
    }
}

pub(crate) fn pairs(settings: &Settings) -> BTreeMap<String, String> {
    settings.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The line of a key. Sixteen hexadecimal digits tell keys apart and do not give them away.
pub fn key_name(key: &str) -> String {
    let digest = hex::encode(Sha256::digest(key.as_bytes()));
    format!("{TAKEN}{}", &digest[..16])
}

fn thing_name(tag: &Tag) -> String {
    format!("{THINGS}{tag}")
}

/// Whether a jotter holds a licence of this tag.
pub fn is_live(notes: &Jotter, tag: &Tag) -> bool {
    notes.all().contains_key(&thing_name(tag))
}

impl<'a> Book<'a> {
    pub(crate) fn of(call: &'a Call) -> Result<Self, CallError> {
        Ok(Self(call.notebook()?))
    }

    pub(crate) async fn find(&self, tag: &Tag) -> Result<Option<Found>, CallError> {
        let Some(text) = self.0.read(&thing_name(tag)).await? else { return Ok(None) };
        let entry = serde_json::from_str(&text)
            .map_err(|error| CallError::Unreadable(format!("a licence in the book: {error}")))?;
        Ok(Some(Found { entry, text }))
    }

    pub(crate) async fn write(
        &self,
        tag: &Tag,
        before: Option<&str>,
        entry: Option<&Entry>,
    ) -> Result<bool, CallError> {
        let text = entry.map(|entry| serde_json::to_string(entry).expect("an entry of texts is JSON"));
        self.0.write(&thing_name(tag), before, text.as_deref()).await
    }

    pub(crate) async fn change(&self, tag: &Tag, change: impl Fn(&mut Entry)) -> Result<Change, CallError> {
        for _ in 0..TRIES {
            let Some(found) = self.find(tag).await? else { return Ok(Change::Missing) };
            let mut entry = found.entry.clone();
            change(&mut entry);
            if entry == found.entry || self.write(tag, Some(&found.text), Some(&entry)).await? {
                return Ok(Change::Done);
            }
        }
        Err(CallError::RateLimited { retry_after: None })
    }

    pub(crate) async fn strike_out(&self, tag: &Tag) -> Result<Change, CallError> {
        for _ in 0..TRIES {
            let Some(found) = self.find(tag).await? else { return Ok(Change::Done) };
            if self.write(tag, Some(&found.text), None).await? {
                return Ok(Change::Done);
            }
        }
        Err(CallError::RateLimited { retry_after: None })
    }

    pub(crate) async fn count(&self) -> Result<usize, CallError> {
        Ok(self.0.list(THINGS).await?.len())
    }

    /// Keys that nobody has ever taken, in the order of the pool.
    pub(crate) async fn free<'k>(&self, keys: &[&'k str]) -> Result<Vec<&'k str>, CallError> {
        let taken = self.taken().await?;
        Ok(keys.iter().copied().filter(|key| !taken.contains_key(&key_name(key))).collect())
    }

    async fn taken(&self) -> Result<BTreeMap<String, String>, CallError> {
        Ok(self.0.list(TAKEN).await?.into_iter().collect())
    }

    /// Takes a key for a tag: the one it took before an answer was lost, or the first that is free. The digest of it.
    pub(crate) async fn take(&self, tag: &Tag, keys: &[&str]) -> Result<Option<String>, CallError> {
        let taken = self.taken().await?;
        let own =
            taken.iter().find(|(_, owner)| owner.as_str() == tag.as_str()).map(|(name, _)| name.clone());
        if let Some(name) = own {
            return Ok(name.strip_prefix(TAKEN).map(str::to_owned));
        }
        for key in keys {
            let name = key_name(key);
            if !taken.contains_key(&name) && self.0.write(&name, None, Some(tag.as_str())).await? {
                return Ok(name.strip_prefix(TAKEN).map(str::to_owned));
            }
        }
        Ok(None)
    }
}
