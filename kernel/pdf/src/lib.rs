//! Typeset documents: a typst template, data and images in; a PDF out.
//!
//! This crate owns the compiler, the fonts and the sealed world a template runs in. A template sees nothing but itself,
//! the data it is given at `/data.json` and the files it is given under `/assets/`: no file system, no network, no
//! packages, and the date is the caller's. The same manuscript gives the same bytes, on every machine.
//!
//! Data is never markup: it is JSON that a template reads, so `#`, `*` and `$` in a customer's name are only letters.
//!
//! It does not know what it prints; the templates belong to the modules.

mod error;
mod fonts;
mod manuscript;
mod placed;
mod typesetter;
mod world;

pub use error::{Complaint, PdfError};
pub use manuscript::{Manuscript, Metadata, Template};
pub use placed::PlacedText;
pub use typesetter::Typesetter;
