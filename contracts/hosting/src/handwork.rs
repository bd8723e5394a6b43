//! What staff do by hand: a card for each thing, with what there is and what is to be done.
//!
//! The driver `manual` writes cards into the notebook of its calls, and asks again until somebody has done what a card
//! asks for. Whoever shows the cards to staff marks them with [`Card::done`]; nothing else changes what there is.

use std::collections::BTreeMap;

use bursar_outbound::{CallError, Settings};
use serde::{Deserialize, Serialize};

use crate::{Specification, Tag};

/// What names of cards begin with in a notebook.
pub const CARDS: &str = "manual/";

/// The name of a tag's card.
pub fn card_name(tag: &Tag) -> String {
    format!("{CARDS}{tag}")
}

/// What is known of one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What there is.
    pub thing: Option<Thing>,
    /// What is to be done to it.
    pub to_do: Option<ToDo>,
}

/// A thing that staff made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// What staff call it: a rack and a slot, a number at a supplier.
    pub reference: String,
    /// Host name, where it has one.
    pub name: Option<String>,
    /// The plan it was made on.
    pub plan: BTreeMap<String, String>,
    /// Its addresses, as staff gave them.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Whether it was taken away from the customer.
    pub is_suspended: bool,
    /// What the customer is to know about it.
    #[serde(default)]
    pub told: String,
    /// What staff are to know about it.
    #[serde(default)]
    pub notes: String,
}

/// What staff say when they have done what a card asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What they call what they made; its tag when this is empty.
    pub reference: String,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// What the customer is to know; empty keeps what was said before.
    pub told: String,
    /// What staff are to know; empty keeps what was said before.
    pub notes: String,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToDo {
    /// What.
    pub act: Act,
    /// Which intent asks for it.
    pub key: String,
    /// Since when, in Unix seconds.
    pub asked_at: i64,
    /// The plan it shall be on, for making and changing.
    pub plan: BTreeMap<String, String>,
    /// Host name it shall have.
    pub name: Option<String>,
    /// For whom.
    pub customer: Option<i64>,
    /// Why, for taking away.
    pub reason: Option<String>,
}

/// What staff can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Make it.
    Create,
    /// Take it away from the customer without losing anything.
    Suspend,
    /// Give it back.
    Resume,
    /// Bring it to another plan.
    Resize,
    /// Remove it with everything in it.
    Terminate,
}

impl Act {
    /// Stored, and part of the key that its label is translated under.
    pub fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Resize => "resize",
            Self::Terminate => "terminate",
        }
    }
}

impl Card {
    /// Reads a card out of a notebook.
    pub fn read(text: &str) -> Result<Self, CallError> {
        serde_json::from_str(text)
            .map_err(|error| CallError::Unreadable(format!("a card for staff: {error}")))
    }

    /// The card as a notebook keeps it.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("a card of texts is JSON")
    }

    /// The card when staff have done what it asks for; `None` strikes it out. A card that asks for nothing stays as it is.
    #[must_use]
    pub fn done(mut self, tag: &Tag, report: &Report) -> Option<Self> {
        let Some(to_do) = self.to_do.take() else { return Some(self) };
        match to_do.act {
            Act::Create => {
                let named = Some(report.reference.as_str()).filter(|text| !text.is_empty());
                self.thing = Some(Thing {
                    reference: named.unwrap_or(tag.as_str()).to_owned(),
                    name: to_do.name,
                    plan: to_do.plan,
                    addresses: report.addresses.clone(),
                    is_suspended: false,
                    told: String::new(),
                    notes: String::new(),
                });
            }
            Act::Terminate => return None,
            Act::Suspend | Act::Resume | Act::Resize => {
                if let Some(thing) = &mut self.thing {
                    match to_do.act {
                        Act::Suspend => thing.is_suspended = true,
                        Act::Resume => thing.is_suspended = false,
                        Act::Resize | Act::Create | Act::Terminate => thing.plan = to_do.plan,
                    }
                }
            }
        }
        if let Some(thing) = &mut self.thing {
            for (said, kept) in [(&report.told, &mut thing.told), (&report.notes, &mut thing.notes)] {
                if !said.is_empty() {
                    kept.clone_from(said);
                }
            }
        }
        Some(self)
    }
}

impl ToDo {
    /// Something to do, asked for by an intent.
    pub fn new(act: Act, key: &str, asked_at: i64) -> Self {
        let (plan, name, customer, reason) = (BTreeMap::new(), None, None, None);
        Self { act, key: key.to_owned(), asked_at, plan, name, customer, reason }
    }

    /// With what it shall become.
    #[must_use]
    pub fn becoming(mut self, specification: &Specification) -> Self {
        self.plan = pairs(&specification.plan);
        self.name.clone_from(&specification.name);
        self.customer = Some(specification.customer.number);
        self
    }

    /// With the reason that the caller gave.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
}

fn pairs(settings: &Settings) -> BTreeMap<String, String> {
    settings.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_says_what_there_is_after_what_was_done() {
        let tag = Tag::new("b1").unwrap();
        let asks = |act| ToDo::new(act, "b1:1", 0);
        let card = Card { thing: None, to_do: Some(asks(Act::Create)) };
        assert_eq!(Card::read(&card.written()), Ok(card.clone()));
        let report = |reference: &str, notes: &str| Report {
            reference: reference.to_owned(),
            addresses: vec!["192.0.2.9".to_owned()],
            notes: notes.to_owned(),
            ..Report::default()
        };
        let made = card.done(&tag, &report("rack 7", "second power supply is spare")).unwrap();
        assert_eq!(made.thing.as_ref().map(|thing| thing.reference.as_str()), Some("rack 7"));
        assert_eq!(
            made.clone().done(&tag, &report("rack 8", "")),
            Some(made.clone()),
            "nothing was asked for"
        );
        let after =
            |card: &Card, act| Card { to_do: Some(asks(act)), ..card.clone() }.done(&tag, &Report::default());
        let suspended = after(&made, Act::Suspend).unwrap();
        assert!(suspended.thing.as_ref().unwrap().is_suspended);
        assert_eq!(after(&suspended, Act::Resume), Some(made.clone()), "what staff noted stays");
        assert_eq!(after(&made, Act::Terminate), None);
    }
}
