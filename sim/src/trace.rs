//! What happened, in order: printed when something is wrong, and compared between two runs of one seed.

use std::fmt;

use bursar_time::Instant;

/// The diary of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace(Vec<(Instant, String)>);

impl Trace {
    /// Notes something.
    pub(crate) fn note(&mut self, now: Instant, what: impl Into<String>) {
        self.0.push((now, what.into()));
    }

    /// Everything, a line each.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(at, what)| format!("{} {what}", at.rfc3339()))
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|line| writeln!(f, "{line}"))
    }
}
