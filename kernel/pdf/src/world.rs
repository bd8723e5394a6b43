//! The sealed world that a template runs in.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::fonts::Fonts;
use crate::manuscript::file_id;
use crate::{Manuscript, PdfError};

/// Different asset names in one process, over all templates. Far below the compiler's own limit, where it panics.
const ASSET_NAMES_MAX: usize = 1_000;

static ASSET_NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The world of one document. Everything outside of it does not exist.
pub(crate) struct SealedWorld<'a> {
    library: &'a LazyHash<Library>,
    fonts: &'a Fonts,
    source: Source,
    files: Vec<(FileId, Bytes)>,
    today: Datetime,
}

impl<'a> SealedWorld<'a> {
    pub(crate) fn new(
        library: &'a LazyHash<Library>,
        fonts: &'a Fonts,
        manuscript: &Manuscript<'_>,
    ) -> Result<Self, PdfError> {
        let mut files = Vec::with_capacity(manuscript.assets.len() + 1);
        files.push((file_id("/data.json"), Bytes::new(manuscript.data.to_vec())));
        for (name, bytes) in manuscript.assets {
            files.push((asset_id(name)?, Bytes::new(bytes.to_vec())));
        }
        let today = compiler_date(manuscript.today)?;
        Ok(Self { library, fonts, source: manuscript.template.source().clone(), files, today })
    }
}

impl World for SealedWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(not_found(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index)
    }

    /// The caller's date, in every time zone: a document has one date.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

pub(crate) fn compiler_date(date: Date) -> Result<Datetime, PdfError> {
    let month = u8::try_from(date.month()).expect("a civil month is 1 to 12");
    let day = u8::try_from(date.day()).expect("a civil day is 1 to 31");
    if date.year() < 0 {
        return Err(PdfError::Date(date));
    }
    Datetime::from_ymd(date.year().into(), month, day).ok_or(PdfError::Date(date))
}

/// The id of `/assets/<name>`, if the name is one and there is room for it.
fn asset_id(name: &str) -> Result<FileId, PdfError> {
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    let well_formed = name.len() <= 64 && name.split_once('.').is_some_and(|(a, b)| plain(a) && plain(b));
    if !well_formed {
        return Err(PdfError::AssetName(name.to_owned()));
    }
    // A panic elsewhere cannot leave a set of strings half written.
    let mut known = ASSET_NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if !known.contains(name) {
        if known.len() >= ASSET_NAMES_MAX {
            return Err(PdfError::TooManyAssetNames);
        }
        known.insert(name.to_owned());
    }
    Ok(file_id(&format!("/assets/{name}")))
}
