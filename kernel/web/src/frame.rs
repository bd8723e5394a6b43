//! The layout around a page, kept after it was rendered once.
//!
//! Pages of the office are asked for thousands of times with the same navigation, brand and person around them. What
//! differs between two such requests are a few values; the layout is rendered with marks in their places, cut at the
//! marks and kept. Its key is everything else the layout was given, so a new name, a changed permission or another
//! language is another frame.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bursar_ids::Rng;

use crate::markup::escape_into;

/// Frames kept at most: the people at work, times the lists they look at.
const MOST_KEPT: usize = 512;

/// A value that differs from request to request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Nonce,
    Csrf,
    Path,
    Here,
    RequestId,
    Bell,
    Title,
    Head,
    Scripts,
    Content,
}

impl Slot {
    const ALL: [Self; 10] = [
        Self::Nonce,
        Self::Csrf,
        Self::Path,
        Self::Here,
        Self::RequestId,
        Self::Bell,
        Self::Title,
        Self::Head,
        Self::Scripts,
        Self::Content,
    ];
}

/// What a page puts into the layout, as HTML.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) title: &'a str,
    pub(crate) head: &'a str,
    pub(crate) scripts: &'a str,
    pub(crate) content: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a page that was rendered without its layout: they stand one after the other, divided by a mark. None
    /// for what was rendered otherwise.
    pub(crate) fn of(html: &'a str, mark: &str) -> Option<Self> {
        let mut parts = html.splitn(4, mark);
        let mut next = || parts.next();
        Some(Self { title: next()?, head: next()?, scripts: next()?, content: next()? })
    }

    const fn part(&self, slot: Slot) -> Option<&'a str> {
        match slot {
            Slot::Title => Some(self.title),
            Slot::Head => Some(self.head),
            Slot::Scripts => Some(self.scripts),
            Slot::Content => Some(self.content),
            Slot::Nonce | Slot::Csrf | Slot::Path | Slot::Here | Slot::RequestId | Slot::Bell => None,
        }
    }

    const fn len(&self) -> usize {
        self.title.len() * 2 + self.head.len() + self.scripts.len() + self.content.len()
    }
}

/// The marks that stand in the places of slots: unguessable, so that no text of anybody's can be one, and made of
/// letters and digits, so that no escaping changes them.
#[derive(Debug)]
pub(crate) struct Marks([String; Slot::ALL.len()]);

impl Marks {
    fn new(rng: &mut Rng) -> Self {
        Self(std::array::from_fn(|_| {
            let bytes: [u8; 16] = rng.bytes();
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("mark{digits}")
        }))
    }

    pub(crate) fn of(&self, slot: Slot) -> &str {
        let at = Slot::ALL.iter().position(|known| *known == slot).expect("every slot is in the list");
        &self.0[at]
    }
}

/// A layout cut at its marks.
#[derive(Debug)]
pub(crate) struct Frame {
    pieces: Vec<(String, Option<Slot>)>,
}

impl Frame {
    /// Cuts rendered HTML at its marks.
    pub(crate) fn cut(html: &str, marks: &Marks) -> Self {
        let mut pieces = Vec::new();
        let mut rest = html;
        loop {
            let next = Slot::ALL
                .into_iter()
                .filter_map(|slot| rest.find(marks.of(slot)).map(|at| (at, slot)))
                .min_by_key(|(at, _)| *at);
            let Some((at, slot)) = next else {
                pieces.push((rest.to_owned(), None));
                return Self { pieces };
            };
            pieces.push((rest[..at].to_owned(), Some(slot)));
            rest = &rest[at + marks.of(slot).len()..];
        }
    }

    /// Puts the values in. The parts of the page are HTML already; everything else is escaped.
    pub(crate) fn fill(&self, parts: &Parts<'_>, value: impl Fn(Slot) -> String) -> String {
        let fixed: usize = self.pieces.iter().map(|(text, _)| text.len()).sum();
        let mut html = String::with_capacity(fixed + parts.len() + 512);
        for (text, slot) in &self.pieces {
            html.push_str(text);
            let Some(slot) = *slot else { continue };
            match parts.part(slot) {
                Some(part) => html.push_str(part),
                None => escape_into(&mut html, &value(slot)),
            }
        }
        html
    }
}

/// The frames of a process.
#[derive(Debug)]
pub(crate) struct Frames {
    pub(crate) marks: Marks,
    kept: Mutex<BTreeMap<Vec<u8>, Arc<Frame>>>,
}

impl Frames {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self { marks: Marks::new(rng), kept: Mutex::default() }
    }

    pub(crate) fn find(&self, key: &[u8]) -> Option<Arc<Frame>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(crate) fn keep(&self, key: Vec<u8>, frame: Arc<Frame>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Rarely reached, and quickly filled again: no bookkeeping of use is worth its cost.
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_filled_where_its_marks_were_and_values_are_text() {
        let frames = Frames::new(&mut Rng::from_seed(1));
        let mark = |slot| frames.marks.of(slot);
        let html = format!(
            "<a nonce=\"{}\">{}</a><b>{}</b>{}",
            mark(Slot::Nonce),
            mark(Slot::Title),
            mark(Slot::Title),
            mark(Slot::Content)
        );
        let frame = Frame::cut(&html, &frames.marks);
        let parts = Parts { title: "&lt;T&gt;", content: "<i>x</i>", ..Parts::default() };
        let filled = frame.fill(&parts, |_| "<n>".to_owned());
        assert_eq!(filled, "<a nonce=\"&lt;n&gt;\">&lt;T&gt;</a><b>&lt;T&gt;</b><i>x</i>");
    }

    #[test]
    fn a_page_without_its_layout_is_divided_by_marks_and_nothing_else_is_one() {
        let parts = Parts::of("T|<link>||a | b|c", "|").unwrap();
        assert_eq!((parts.title, parts.head, parts.scripts), ("T", "<link>", ""));
        assert_eq!(parts.content, "a | b|c");
        assert!(Parts::of("<!doctype html>", "|").is_none());
    }

    #[test]
    fn frames_are_given_up_before_they_fill_the_memory() {
        let frames = Frames::new(&mut Rng::from_seed(1));
        let frame = Arc::new(Frame::cut("", &frames.marks));
        for n in 0..=MOST_KEPT {
            frames.keep(n.to_be_bytes().to_vec(), Arc::clone(&frame));
        }
        assert!(frames.find(&0_usize.to_be_bytes()).is_none());
        assert!(frames.find(&MOST_KEPT.to_be_bytes()).is_some());
    }
}
