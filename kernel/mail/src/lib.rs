//! What a mail looks like: templates in every language, a letterhead, strict and bounded rendering.
//!
//! A module registers [`MailTemplate`]s; [`MailBook`] holds them all, and `messaging` writes mails from it. A template is
//! a subject line and a Markdown body. HTML and plain text come from the one body, so that they cannot say different
//! things. Values are escaped for Markdown: what a customer typed is shown and never becomes a link or markup. A tenant
//! may write its own templates, so rendering has no loader, a bound on steps and a bound on size. Deliberately absent:
//! storage, addresses and sending.

mod book;
mod letter;
mod markdown;
mod render;

pub use book::{Attached, AttachmentSource, MailBook, MailTemplate, PublicAddress};
pub use letter::{Letterhead, Preferences};
pub use render::{Draft, Rendered, WriteError};

/// The files of a template in every language: `sources!("../mails/invoice_issued")` takes `invoice_issued.en.md` and so
/// on, relative to the file that says it.
#[macro_export]
macro_rules! sources {
    ($path:literal) => {
        [
            ($crate::Locale::En, include_str!(concat!($path, ".en.md"))),
            ($crate::Locale::De, include_str!(concat!($path, ".de.md"))),
            ($crate::Locale::Es, include_str!(concat!($path, ".es.md"))),
            ($crate::Locale::Fr, include_str!(concat!($path, ".fr.md"))),
            ($crate::Locale::Bn, include_str!(concat!($path, ".bn.md"))),
            ($crate::Locale::Ar, include_str!(concat!($path, ".ar.md"))),
        ]
    };
}

pub use bursar_i18n::Locale;
