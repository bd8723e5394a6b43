//! Where each piece of text stands on the paper.

use typst::layout::{Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;

/// A run of text as it stands on a page: one font, one size, one direction.
///
/// For tests of templates (what is printed, and where) without a PDF reader. Text is in reading order of the file, not
/// always of the eye: a right-to-left run holds its letters in logical order.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedText {
    /// Page, from 1.
    pub page: usize,
    /// Left end of the run, in points from the left edge of the page.
    pub x: f64,
    /// Baseline, in points from the top edge of the page.
    pub y: f64,
    /// Length of the run, in points.
    pub width: f64,
    /// Size of the font, in points.
    pub size: f64,
    /// Width of the page, in points.
    pub page_width: f64,
    /// Family of the font that was used.
    pub family: String,
    /// True when a letter of the run is in none of the fonts and prints as an empty box.
    pub has_missing_glyph: bool,
    /// The letters.
    pub text: String,
}

/// All text of a document, page by page.
pub(crate) fn placed_text(document: &PagedDocument) -> Vec<PlacedText> {
    let mut found = Vec::new();
    for (index, page) in document.pages().iter().enumerate() {
        let mut walk = Walk { page: index + 1, page_width: page.frame.width().to_pt(), found: &mut found };
        walk.frame(&page.frame, Transform::identity());
    }
    found
}

struct Walk<'a> {
    page: usize,
    page_width: f64,
    found: &'a mut Vec<PlacedText>,
}

impl Walk<'_> {
    fn frame(&mut self, frame: &Frame, outer: Transform) {
        for (position, item) in frame.items() {
            let here = outer.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, here.pre_concat(group.transform)),
                FrameItem::Text(text) => {
                    let origin = Point::zero().transform(here);
                    self.found.push(PlacedText {
                        page: self.page,
                        x: origin.x.to_pt(),
                        y: origin.y.to_pt(),
                        width: text.width().to_pt(),
                        size: text.size.to_pt(),
                        page_width: self.page_width,
                        family: text.font.font().info().family.to_string(),
                        has_missing_glyph: text.glyphs.iter().any(|glyph| glyph.id == 0),
                        text: text.text.to_string(),
                    });
                }
                FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }
}
