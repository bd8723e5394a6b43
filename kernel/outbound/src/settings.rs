//! What staff filled in about a vendor's account or about what to order there, where it is not secret.

use std::collections::BTreeMap;

/// Plain settings by name ("host", "memory_mib"). Empty values count as absent, because forms send them for fields
/// that were left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// No settings.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds or replaces one.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds or replaces one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The trimmed value of a name; `None` when it is absent or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value as a whole number; `None` when it is absent or no number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// Whether a box is ticked: "1", "true", "on" and "yes" are.
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.text(name), Some("1" | "true" | "on" | "yes"))
    }

    /// Every name with its value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_numbers_and_ticks_are_read() {
        let settings =
            Settings::from_iter([("host", " a.example "), ("port", ""), ("cores", "4"), ("ssd", "on")]);
        assert_eq!(settings.text("host"), Some("a.example"));
        assert_eq!(settings.text("port"), None);
        assert_eq!((settings.number("cores"), settings.number("host")), (Some(4), None));
        assert!(settings.is_on("ssd") && !settings.is_on("cores") && !settings.is_on("missing"));
    }
}
