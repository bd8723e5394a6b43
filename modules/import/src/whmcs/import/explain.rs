//! Why a total of Bursar differs from the total of the dump, kept per total and proved by its amount.
//!
//! Whenever the importer leaves something out or rounds it, it says here which totals change and by how much. Afterwards a
//! difference counts as explained only when what was said adds up to exactly that difference.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::whmcs::amount::{Hundredths, parse_fixed};
use crate::whmcs::totals::MonthlyRevenue;

/// A total that differs, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Where it is in the totals: keys with dots between.
    pub path: String,
    /// In the dump.
    pub dump: String,
    /// In Bursar.
    pub bursar: String,
    /// Why.
    pub reason: String,
}

/// A total that differs without a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where it is in the totals: keys with dots between.
    pub path: String,
    /// In the dump.
    pub dump: String,
    /// In Bursar.
    pub bursar: String,
}

const EXAMPLES: usize = 3;

#[derive(Debug, Default)]
struct Cause {
    delta: i128,
    reasons: Vec<String>,
    rounded: u64,
    rounded_by: i128,
    examples: Vec<String>,
}

/// What the importer did that changes totals.
#[derive(Debug, Default)]
pub(super) struct Explainer {
    causes: BTreeMap<String, Cause>,
}

/// A count as the unit in which causes are kept.
pub(super) fn count(n: i64) -> Hundredths {
    Hundredths(i128::from(n) * 100)
}

impl Explainer {
    /// A total is `delta` above the dump's, for this reason.
    pub(super) fn add(&mut self, path: &[&str], delta: Hundredths, reason: &str) {
        if delta == Hundredths::ZERO {
            return;
        }
        let cause = self.causes.entry(path.join(".")).or_default();
        cause.delta += delta.0;
        cause.reasons.push(reason.to_owned());
    }

    /// A total is `delta` above the dump's because an amount was rounded; `what` names one.
    pub(super) fn rounded(&mut self, path: &[&str], delta: Hundredths, what: &str) {
        if delta == Hundredths::ZERO {
            return;
        }
        let cause = self.causes.entry(path.join(".")).or_default();
        cause.delta += delta.0;
        cause.rounded += 1;
        cause.rounded_by += delta.0;
        if cause.examples.len() < EXAMPLES {
            cause.examples.push(what.to_owned());
        }
    }

    /// Compares the dump's totals with Bursar's, both as JSON, and sorts what differs.
    pub(super) fn compare(&self, dump: &Value, bursar: &Value) -> (Vec<Explanation>, Vec<Difference>) {
        let (mut theirs, mut ours) = (BTreeMap::new(), BTreeMap::new());
        flatten("", dump, &mut theirs);
        flatten("", bursar, &mut ours);
        let mut explained = Vec::new();
        let mut unexplained = Vec::new();
        let paths: std::collections::BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
        for path in paths {
            let absent = "absent".to_owned();
            let (dump, bursar) = (theirs.get(path).unwrap_or(&absent), ours.get(path).unwrap_or(&absent));
            let (from, to) = (number(dump), number(bursar));
            if dump == bursar || (from == to && from.is_some()) {
                continue;
            }
            let (path, dump, bursar) = (path.clone(), dump.clone(), bursar.clone());
            match self.reason(&path, from, to) {
                Some(reason) => explained.push(Explanation { path, dump, bursar, reason }),
                None => unexplained.push(Difference { path, dump, bursar }),
            }
        }
        (explained, unexplained)
    }

    fn reason(&self, path: &str, from: Option<i128>, to: Option<i128>) -> Option<String> {
        let cause = self.causes.get(path)?;
        let delta = to? - from?;
        let fits = if path.starts_with("mrr_by_kind_currency.") {
            // Kept in parts of a hundredth; both totals were rounded to four places.
            let parts = delta * MonthlyRevenue::SHARES / 100;
            (parts - cause.delta).abs() <= MonthlyRevenue::SHARES / 100
        } else {
            delta == cause.delta * 100
        };
        fits.then(|| cause.text(path))
    }
}

impl Cause {
    fn text(&self, path: &str) -> String {
        let mut parts = self.reasons.clone();
        parts.sort();
        parts.dedup();
        if self.rounded > 0 {
            let by = if path.starts_with("mrr_by_kind_currency.") {
                String::new()
            } else {
                format!(", together by {}", Hundredths(self.rounded_by))
            };
            parts.push(format!(
                "{} amounts were rounded half-even to what the currency has{by}: {}{}",
                self.rounded,
                self.examples.join("; "),
                if self.rounded > EXAMPLES as u64 { "; …" } else { "" }
            ));
        }
        parts.join("; ")
    }
}

/// Leaves by path. A list of ids becomes a 1 for each id, so that one id can be explained.
fn flatten(at: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let path = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                flatten(&path(key), value, into);
            }
        }
        Value::Array(items) => {
            for item in items {
                into.insert(path(&item.to_string()), "1".to_owned());
            }
        }
        Value::String(text) => {
            into.insert(at.to_owned(), text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            into.insert(at.to_owned(), value.to_string());
        }
    }
}

/// In ten-thousandths; nothing there is zero.
fn number(text: &str) -> Option<i128> {
    if text == "absent" { Some(0) } else { parse_fixed(text, 4) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_is_explained_only_by_reasons_that_add_up_to_it() {
        let mut explainer = Explainer::default();
        explainer.add(&["a", "USD"], Hundredths(-500), "invoice 4 has no client");
        explainer.rounded(&["a", "USD"], Hundredths(40), "0.60 → 1 (line 7)");
        explainer.add(&["n"], count(-1), "one row less");
        explainer.add(&["wrong"], Hundredths(1), "not enough");
        let dump = json!({"a": {"USD": "10.00"}, "n": 3, "wrong": "1.00", "same": "1.00", "ids": [1, 2]});
        let bursar = json!({"a": {"USD": "5.40"}, "n": 2, "wrong": "2.00", "same": "1.00", "ids": [1]});
        let (explained, unexplained) = explainer.compare(&dump, &bursar);
        let paths: Vec<&str> = explained.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["a.USD", "n"]);
        assert!(explained[0].reason.contains("invoice 4 has no client; 1 amounts were rounded"));
        let paths: Vec<&str> = unexplained.iter().map(|d| d.path.as_str()).collect();
        assert_eq!(paths, ["ids.2", "wrong"]);
    }
}
