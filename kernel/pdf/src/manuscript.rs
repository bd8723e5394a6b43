//! What goes in: a template, and everything one document is made of.

use jiff::civil::Date;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};

/// A typst source, parsed once. Cheap to clone; keep it for as long as it is in use, because the compiler remembers
/// what it has already worked out about this very source.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    source: Source,
}

impl Template {
    /// Parse `text`. A template with mistakes is still a template: the mistakes are told when it is rendered.
    ///
    /// `name` is for messages only. The template reads its data with `json("/data.json")` and its images with
    /// `image("/assets/<name>")`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), source: Source::new(file_id("/template.typ"), text.into()) }
    }

    /// The name it was made with.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }
}

/// Everything one document is made of. Borrowed: the caller's data is copied once, into the compiler.
#[derive(Debug, Clone, Copy)]
pub struct Manuscript<'a> {
    /// What it looks like.
    pub template: &'a Template,
    /// What it says, as JSON; the template finds it at `/data.json`.
    pub data: &'a [u8],
    /// Files by name; the template finds them at `/assets/<name>`. A name is a slot (`logo.svg`), the same for every
    /// document, and at most a few hundred exist in one process.
    pub assets: &'a [(&'a str, &'a [u8])],
    /// The date that the template's `datetime.today()` gives and that stands in the PDF as its date of creation.
    pub today: Date,
    /// What the PDF says about itself.
    pub metadata: Metadata<'a>,
}

/// What the PDF says about itself. The language comes from the template (`set text(lang: …)`).
#[derive(Debug, Clone, Copy)]
pub struct Metadata<'a> {
    /// Shown by readers in the window's title: "Invoice 2026-0001".
    pub title: &'a str,
    /// Who made the document: the seller's name.
    pub author: &'a str,
    /// What makes this document different from every other, for the PDF's own identifier; the same for the same
    /// document. It is hashed, not written out.
    pub identifier: &'a str,
}

/// The interned id of an absolute path in the sealed world.
///
/// The compiler never forgets a path and has room for 65 535, so this is only called for a bounded set of names.
pub(crate) fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("only called with checked absolute paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
