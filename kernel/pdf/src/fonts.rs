//! The fonts that are part of the binary. Licences and coverage: `fonts/README.md`.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::PdfError;

/// Earlier families win when the compiler has to guess a font for a letter that the template's own list lacks.
const EMBEDDED: [&[u8]; 12] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../fonts/IBMPlexSansArabic-Regular.ttf"),
    include_bytes!("../fonts/IBMPlexSansArabic-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansBengali-Regular.ttf"),
    include_bytes!("../fonts/NotoSansBengali-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansThai-Regular.ttf"),
    include_bytes!("../fonts/NotoSansThai-SemiBold.ttf"),
];

/// Parsed fonts and the book the compiler chooses from.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    /// The embedded fonts, then `extra` files (each may be a collection of several fonts).
    pub(crate) fn load(extra: Vec<Vec<u8>>) -> Result<Self, PdfError> {
        let mut fonts = Vec::new();
        for bytes in EMBEDDED {
            fonts.extend(Font::iter(Bytes::new(bytes)));
        }
        for bytes in extra {
            let known = fonts.len();
            fonts.extend(Font::iter(Bytes::new(bytes)));
            if fonts.len() == known {
                return Err(PdfError::Font);
            }
        }
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }

    pub(crate) fn get(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_file_is_a_font_of_a_family_we_name() {
        let fonts = Fonts::load(Vec::new()).unwrap();
        let mut families: Vec<&str> = fonts.book.families().map(|(name, _)| name).collect();
        families.sort_unstable();
        assert_eq!(
            families,
            [
                "IBM Plex Sans Arabic",
                "Inter",
                "Noto Sans Bengali",
                "Noto Sans Devanagari",
                "Noto Sans Hebrew",
                "Noto Sans Thai",
            ],
        );
        assert_eq!(fonts.fonts.len(), EMBEDDED.len());
    }

    #[test]
    fn a_file_without_a_font_in_it_is_refused() {
        assert!(matches!(Fonts::load(vec![b"not a font".to_vec()]), Err(PdfError::Font)));
    }
}
