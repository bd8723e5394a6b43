//! What a driver says about itself, as data: the admin form is made from it.

/// A driver's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Stored with every payment; never changes.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// What staff fill in.
    pub settings: &'static [Setting],
    /// Currency codes it takes; empty means every one.
    pub currencies: &'static [&'static str],
    /// Whether a charge may be made while the customer is away.
    pub charges_unattended: bool,
}

impl Manifest {
    /// Whether the gateway takes a currency (ISO 4217 code).
    pub fn accepts(&self, currency: &str) -> bool {
        self.currencies.is_empty() || self.currencies.contains(&currency)
    }
}

/// One field of a driver's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name under which the value is stored and found in the call's credentials.
    pub name: &'static str,
    /// For people.
    pub label: &'static str,
    /// Where to find it at the vendor.
    pub help: &'static str,
    /// How it is entered and kept.
    pub kind: SettingKind,
    /// Whether the gateway can work without it.
    pub required: bool,
}

/// How a setting is entered and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Plain text.
    Text,
    /// Sealed when stored and never shown again.
    Secret,
    /// One of these.
    Choice(&'static [&'static str]),
}
