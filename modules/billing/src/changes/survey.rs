//! What a customer is asked who cancels a subscription.

use std::collections::BTreeSet;

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use serde::{Deserialize, Serialize};

/// Where the settings lie.
pub const KEY: &str = "billing.cancelling";

/// Reasons that are said in every language, in the order they are asked: code, and what staff read.
pub(crate) const READY: [(&str, &str); 6] = [
    ("price", "It is too expensive"),
    ("unused", "I do not need it any more"),
    ("missing", "Something I need is missing"),
    ("quality", "It did not work well"),
    ("moving", "I am moving to somebody else"),
    ("other", "Something else"),
];

/// The reasons customers choose from when they leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelSurvey {
    /// Codes of those that are said in every language.
    pub ready: BTreeSet<String>,
    /// Others, in the tenant's own words.
    pub own: Vec<String>,
    /// Nobody leaves without one.
    pub must_answer: bool,
}

impl Default for CancelSurvey {
    fn default() -> Self {
        let ready = READY.iter().map(|(code, _)| (*code).to_owned()).collect();
        Self { ready, own: Vec::new(), must_answer: true }
    }
}

impl CancelSurvey {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// What could not work, field by field.
    pub(crate) fn problems(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if self.own.iter().any(|reason| reason.chars().count() > 200) {
            wrong.push(FieldError::new("own", "Shorten each reason to at most 200 characters."));
        }
        let is_double = |at: usize, reason: &String| {
            self.own[..at].contains(reason) || READY.iter().any(|(code, _)| code == reason)
        };
        if let Some((_, double)) = self.own.iter().enumerate().find(|(at, reason)| is_double(*at, reason)) {
            wrong.push(FieldError::new("own", format!("{double} stands there twice.")));
        }
        if self.must_answer && self.ready.is_empty() && self.own.is_empty() {
            wrong.push(FieldError::new("must_answer", "Offer a reason, or let people leave without one."));
        }
        wrong
    }

    /// The ready-made reasons that are offered, in order.
    pub(crate) fn offered(&self) -> impl Iterator<Item = &'static str> {
        READY.iter().map(|(code, _)| *code).filter(|code| self.ready.contains(*code))
    }

    /// Whether a customer can give this reason; none at all is empty.
    pub(crate) fn accepts(&self, reason: &str) -> bool {
        match reason {
            "" => !self.must_answer,
            _ => self.offered().any(|code| code == reason) || self.own.iter().any(|own| own == reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_offered_is_accepted() {
        let mut survey = CancelSurvey::default();
        assert!(survey.accepts("price") && !survey.accepts("") && !survey.accepts("The game is over"));
        survey.ready.remove("price");
        survey.own.push("The game is over".to_owned());
        survey.must_answer = false;
        assert!(!survey.accepts("price") && survey.accepts("") && survey.accepts("The game is over"));
        assert_eq!(survey.offered().collect::<Vec<_>>(), ["unused", "missing", "quality", "moving", "other"]);
    }

    #[test]
    fn a_survey_nobody_could_answer_is_refused() {
        let nothing = CancelSurvey { ready: BTreeSet::new(), own: Vec::new(), must_answer: true };
        assert_eq!(nothing.problems().len(), 1);
        let twice = ["Over".to_owned(), "Over".to_owned()];
        assert_eq!(CancelSurvey { own: twice.into(), ..CancelSurvey::default() }.problems().len(), 1);
        assert!(CancelSurvey::default().problems().is_empty());
    }
}
