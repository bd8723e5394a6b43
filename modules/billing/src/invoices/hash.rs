//! What is frozen at issue, as a hash: the content of a document, and the chain of its series.
//!
//! Fields are length-prefixed, so that no two documents can read the same. The chain covers number and date, which are
//! given together at issue.

use bursar_time::Date;
use sha2::{Digest as _, Sha256};

use super::line::{Line, Totals};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Before the first document of a series.
pub const CHAIN_START: Hash = [0; 32];

/// The frozen head of a document.
#[derive(Debug, Clone, Copy)]
pub struct FrozenHead<'a> {
    /// `invoice` or `credit_note`.
    pub kind: &'a str,
    /// The customer's id.
    pub customer_id: i64,
    /// ISO code.
    pub currency: &'a str,
    /// Snapshot of the seller.
    pub seller_id: i64,
    /// Snapshot of the buyer.
    pub buyer_id: i64,
    /// When it is due.
    pub due_on: Option<Date>,
    /// The document it corrects.
    pub corrects_id: Option<i64>,
    /// Its sums.
    pub totals: Totals,
    /// Why there is no tax.
    pub tax_note: Option<&'a str>,
    /// Printed notes.
    pub notes: Option<&'a str>,
}

struct Feeder(Sha256);

impl Feeder {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn int(&mut self, value: i64) {
        self.0.update(value.to_le_bytes());
    }

    fn opt_int(&mut self, value: Option<i64>) {
        self.0.update([u8::from(value.is_some())]);
        self.int(value.unwrap_or(0));
    }

    fn opt_text(&mut self, value: Option<&str>) {
        self.0.update([u8::from(value.is_some())]);
        self.text(value.unwrap_or(""));
    }

    fn opt_date(&mut self, value: Option<Date>) {
        self.opt_int(value.map(day_number));
    }
}

/// Days as one number; only its uniqueness matters.
fn day_number(date: Date) -> i64 {
    (i64::from(date.year()) * 16 + i64::from(date.month())) * 32 + i64::from(date.day())
}

/// The hash of a document's content.
pub fn content(head: &FrozenHead<'_>, lines: &[Line]) -> Hash {
    let mut feed = Feeder(Sha256::new());
    feed.text(head.kind);
    feed.int(head.customer_id);
    feed.text(head.currency);
    feed.int(head.seller_id);
    feed.int(head.buyer_id);
    feed.opt_date(head.due_on);
    feed.opt_int(head.corrects_id);
    let t = head.totals;
    for amount in [t.discount_minor, t.subtotal_minor, t.tax1_minor, t.tax2_minor, t.total_minor] {
        feed.int(amount);
    }
    feed.opt_text(head.tax_note);
    feed.opt_text(head.notes);
    feed.int(i64::try_from(lines.len()).expect("a document has few lines"));
    for line in lines {
        let spec = &line.spec;
        feed.text(spec.kind.code());
        feed.opt_int(spec.subscription_id);
        feed.opt_int(spec.item_id);
        feed.text(&spec.description);
        feed.int(spec.quantity);
        feed.int(spec.unit_minor);
        feed.opt_date(spec.period.map(|p| p.start));
        feed.opt_date(spec.period.map(|p| p.end));
        for amount in [line.gross_minor, line.discount_minor, line.net_minor] {
            feed.int(amount);
        }
        for tax in [line.tax1, line.tax2] {
            feed.opt_int(tax.rule_id);
            feed.int(tax.ppm);
            feed.int(tax.minor);
        }
    }
    feed.0.finalize().into()
}

/// The next link of a series' chain.
pub fn link(previous: &Hash, number: &str, issued_on: Date, content: &Hash) -> Hash {
    let mut feed = Feeder(Sha256::new());
    feed.0.update(previous);
    feed.text(number);
    feed.int(day_number(issued_on));
    feed.0.update(content);
    feed.0.finalize().into()
}
