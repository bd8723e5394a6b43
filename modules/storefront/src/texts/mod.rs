//! The public texts: about us, terms, privacy and the like, in Markdown, in every version there ever was.
//!
//! Publishing adds a version and changes none. A text is shown in the reader's language where it was written in it,
//! otherwise in the language it was written in last. Nothing is published for a tenant who has written nothing: nobody
//! agrees to terms that their host has never read.

pub mod publish;
pub(crate) mod store;

use bursar_time::Instant;
use serde::Serialize;

pub use store::{Titles, current};

/// A text every host has, or will want to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextName {
    /// What stands on the first page above the products.
    Home,
    /// Who we are.
    About,
    /// How to reach us.
    Contact,
    /// Terms of service.
    Terms,
    /// What happens with personal data.
    Privacy,
    /// What one may not do.
    AcceptableUse,
    /// What we promise about availability.
    Sla,
}

impl TextName {
    /// All of them, in the order of the footer.
    pub const ALL: [Self; 7] =
        [Self::Home, Self::About, Self::Contact, Self::Terms, Self::Privacy, Self::AcceptableUse, Self::Sla];

    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::About => "about",
            Self::Contact => "contact",
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::AcceptableUse => "acceptable_use",
            Self::Sla => "sla",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.code() == code)
    }

    /// Where it is shown.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::About => "/about",
            Self::Contact => "/contact",
            Self::Terms => "/terms",
            Self::Privacy => "/privacy",
            Self::AcceptableUse => "/acceptable-use",
            Self::Sla => "/sla",
        }
    }

    /// What staff call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Home => "Home page",
            Self::About => "About us",
            Self::Contact => "Contact",
            Self::Terms => "Terms of service",
            Self::Privacy => "Privacy policy",
            Self::AcceptableUse => "Acceptable use policy",
            Self::Sla => "Service level agreement",
        }
    }
}

/// One version of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteText {
    /// Which text.
    pub name: TextName,
    /// The language it is written in.
    pub locale: String,
    /// Counted from 1 over all languages.
    pub version: i64,
    /// Its heading.
    pub title: String,
    /// Markdown.
    pub body_md: String,
    /// SHA-256 of title and body, in hex: what was agreed to can be proved.
    pub hash: String,
    /// When it was published.
    pub published_at: Instant,
}
