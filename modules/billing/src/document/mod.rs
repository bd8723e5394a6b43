//! Invoices, credit notes and drafts on paper.
//!
//! Owns the template (`templates/document.typ`), its words and the shape of what it prints. Nothing is computed here or
//! in the template: every amount, rate and date arrives as the text that the invoice shows everywhere else. It does not
//! know invoices, customers or the database; the caller fills [`DocumentData`].

mod data;
mod labels;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use bursar_pdf::{Manuscript, Metadata, PdfError, PlacedText, Template, Typesetter};
use bursar_time::Date;
use serde::Serialize;

pub use data::{
    Brand, Colour, DocumentData, DocumentKind, DocumentLine, LabelledText, Logo, LogoFormat, NotAColour,
    Paper, Party, Payment, SecondaryTotals, Stamp, TaxRow, Totals,
};
pub use labels::Labels;

static TEMPLATE: LazyLock<Template> =
    LazyLock::new(|| Template::new("document", include_str!("../../templates/document.typ")));

/// A template that prints a logo and nothing else.
static LOGO_ONLY: LazyLock<Template> = LazyLock::new(|| {
    Template::new("logo", "#set page(width: auto, height: auto)\n#image(json(\"/data.json\"))")
});

/// The PDF of a document. The same data gives the same bytes, so a document may be made again instead of being kept.
///
/// Takes some milliseconds of one processor and does no input or output.
pub fn render_document(typesetter: &Typesetter, document: &DocumentData) -> Result<Vec<u8>, PdfError> {
    with_manuscript(document, |manuscript| typesetter.render(manuscript))
}

/// Where each piece of text of a document would stand, for tests.
pub fn document_text(typesetter: &Typesetter, document: &DocumentData) -> Result<Vec<PlacedText>, PdfError> {
    with_manuscript(document, |manuscript| typesetter.placed_text(manuscript))
}

/// Refuses a picture that cannot be printed. Ask once when it is uploaded: a broken logo found while invoices are
/// printed would stop all of them.
pub fn check_logo(typesetter: &Typesetter, logo: &Logo) -> Result<(), PdfError> {
    let name = logo_name(logo.format);
    let path = serde_json::to_vec(&logo_path(logo.format)).expect("text is always JSON");
    typesetter
        .render(&Manuscript {
            template: &LOGO_ONLY,
            data: &path,
            assets: &[(name, &logo.bytes)],
            today: Date::constant(2000, 1, 1),
            metadata: Metadata { title: "Logo", author: "Bursar", identifier: "logo" },
        })
        .map(drop)
}

/// What the template reads.
#[derive(Serialize)]
struct Sheet<'a> {
    document: &'a DocumentData,
    language: String,
    is_right_to_left: bool,
    logo: Option<&'static str>,
}

fn with_manuscript<T>(document: &DocumentData, set: impl FnOnce(&Manuscript<'_>) -> T) -> T {
    let language = labels::primary_language(&document.language);
    let sheet = Sheet {
        document,
        is_right_to_left: matches!(language.as_str(), "ar" | "ckb" | "dv" | "fa" | "he" | "ps" | "ur" | "yi"),
        language,
        logo: document.brand.logo.as_ref().map(|logo| logo_path(logo.format)),
    };
    let data = serde_json::to_vec(&sheet).expect("a document has only text keys");
    let assets: Vec<(&str, &[u8])> =
        document.brand.logo.iter().map(|logo| (logo_name(logo.format), logo.bytes.as_slice())).collect();
    let title = title(document);
    set(&Manuscript {
        template: &TEMPLATE,
        data: &data,
        assets: &assets,
        today: document.dated_on,
        metadata: Metadata {
            title: &title,
            author: document.seller.company.as_deref().unwrap_or(&document.seller.name),
            identifier: &format!("{title} {}", document.dated_on),
        },
    })
}

fn title(document: &DocumentData) -> String {
    let key = match document.kind {
        DocumentKind::Invoice => "invoice",
        DocumentKind::CreditNote => "credit_note",
        DocumentKind::Draft => "draft",
    };
    let word = document.labels.get(key).unwrap_or(key);
    if document.number.is_empty() { word.to_owned() } else { format!("{word} {}", document.number) }
}

const fn logo_name(format: LogoFormat) -> &'static str {
    match format {
        LogoFormat::Png => "logo.png",
        LogoFormat::Jpeg => "logo.jpg",
        LogoFormat::Gif => "logo.gif",
        LogoFormat::Webp => "logo.webp",
        LogoFormat::Svg => "logo.svg",
    }
}

const fn logo_path(format: LogoFormat) -> &'static str {
    match format {
        LogoFormat::Png => "/assets/logo.png",
        LogoFormat::Jpeg => "/assets/logo.jpg",
        LogoFormat::Gif => "/assets/logo.gif",
        LogoFormat::Webp => "/assets/logo.webp",
        LogoFormat::Svg => "/assets/logo.svg",
    }
}
