//! The compiler, loaded once and shared.

use std::sync::Arc;

use typst::comemo;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst::syntax::DiagSpanKind;
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::fonts::Fonts;
use crate::placed::placed_text;
use crate::world::{SealedWorld, compiler_date};
use crate::{Complaint, Manuscript, PdfError, PlacedText};

/// After each document the compiler forgets what was not used by this many documents before it. Fonts, the parsed
/// template and the logo stay; what belonged to one document goes. Rarer sweeps were measured to be slower, because they
/// let the caches grow by 5 MB a document; a few documents of age leave room for other threads.
const SWEEP_AGE: usize = 4;

/// Turns manuscripts into PDFs. Loading takes some milliseconds (fonts); make one for the process and clone it: a
/// clone is a pointer. Any number of threads may render at once.
///
/// The compiler remembers what it has worked out before, in memory that all typesetters of the process share; old
/// memories are swept regularly, so that memory stays constant however many documents are made.
#[derive(Clone)]
pub struct Typesetter(Arc<Shared>);

struct Shared {
    library: LazyHash<Library>,
    fonts: Fonts,
}

impl Typesetter {
    /// With the embedded fonts.
    pub fn new() -> Self {
        Self::with_fonts(Vec::new()).expect("the embedded fonts are fonts; a test loads them")
    }

    /// With the embedded fonts and, after them, the fonts of these files (TrueType, OpenType or collections). For what
    /// is not embedded: house fonts, Chinese, Japanese, Korean.
    pub fn with_fonts(files: Vec<Vec<u8>>) -> Result<Self, PdfError> {
        let shared = Shared { library: LazyHash::new(Library::default()), fonts: Fonts::load(files)? };
        Ok(Self(Arc::new(shared)))
    }

    /// The PDF of a manuscript. The same manuscript gives the same bytes.
    ///
    /// Takes some milliseconds of one processor and does no input or output: on a server, run it where blocking work
    /// runs.
    pub fn render(&self, manuscript: &Manuscript<'_>) -> Result<Vec<u8>, PdfError> {
        let rendered = self.compile(manuscript).and_then(|(world, document)| {
            let options = PdfOptions {
                ident: Smart::Custom(manuscript.metadata.identifier.to_owned()),
                creator: Smart::Custom(Some("Bursar".to_owned())),
                timestamp: Some(Timestamp::new_utc(compiler_date(manuscript.today)?)),
                ..PdfOptions::default()
            };
            typst_pdf::pdf(&document, &options).map_err(|errors| complain(&world, manuscript, &errors))
        });
        comemo::evict(SWEEP_AGE);
        rendered
    }

    /// Where each piece of text of a manuscript would stand; no PDF is made. For tests of templates.
    pub fn placed_text(&self, manuscript: &Manuscript<'_>) -> Result<Vec<PlacedText>, PdfError> {
        let placed = self.compile(manuscript).map(|(_, document)| placed_text(&document));
        comemo::evict(SWEEP_AGE);
        placed
    }

    fn compile(&self, manuscript: &Manuscript<'_>) -> Result<(SealedWorld<'_>, PagedDocument), PdfError> {
        let world = SealedWorld::new(&self.0.library, &self.0.fonts, manuscript)?;
        // Warnings are for whoever writes a template (a family that is not there, say), not for whoever prints.
        let Warned { output, warnings: _ } = typst::compile::<PagedDocument>(&world);
        match output {
            Ok(mut document) => {
                let info = document.info_mut();
                info.title = Some(manuscript.metadata.title.into());
                info.author = vec![manuscript.metadata.author.into()];
                Ok((world, document))
            }
            Err(errors) => Err(complain(&world, manuscript, &errors)),
        }
    }
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

fn complain(world: &SealedWorld<'_>, manuscript: &Manuscript<'_>, errors: &[SourceDiagnostic]) -> PdfError {
    let source = manuscript.template.source();
    let complaints = errors.iter().map(|error| {
        let in_template = match error.span.get() {
            DiagSpanKind::Number { id, .. } | DiagSpanKind::Range { id, .. } => id == source.id(),
            DiagSpanKind::Detached => false,
        };
        let line = world
            .range(error.span)
            .filter(|_| in_template)
            .and_then(|range| source.lines().byte_to_line(range.start))
            .map(|line| line + 1);
        let hints = error.hints.iter().map(|hint| hint.v.to_string()).collect();
        Complaint { message: error.message.to_string(), line, hints }
    });
    PdfError::Template { template: manuscript.template.name().to_owned(), complaints: complaints.collect() }
}
