//! Invariants 3 and 4: numbers without a gap, documents as they were issued, figures that can be computed again.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::Ppm;
use bursar_time::Date;

use super::{Check, count};
use crate::invoices::DocumentKind;
use crate::invoices::credit_note::{Amounts, Left};
use crate::invoices::hash::{self, CHAIN_START, FrozenHead, Hash};
use crate::invoices::line::{Line, TaxPart, price, totals};
use crate::invoices::store::{self, Document, corrections, find, lines_of, read_document};
use crate::taxes::{AppliedRule, Rates};

bursar_db::statements! {
    /// Invoices that credit notes correct.
    pub(crate) CORRECTED = "SELECT corrects_id FROM billing_invoices
        WHERE kind = 'credit_note' AND corrects_id > $1 GROUP BY corrects_id ORDER BY corrects_id LIMIT $2";
    /// How many documents we numbered.
    pub(crate) COUNT_NUMBERED = "SELECT COUNT(*) FROM billing_invoices WHERE sequence IS NOT NULL";
    /// How many series there are.
    pub(crate) COUNT_SERIES = "SELECT COUNT(*) FROM billing_series";
}

/// Documents read at a time.
const PAGE: i64 = 500;

pub(super) async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let mut walk = Walk::start(tx).await?;
    let (mut series, mut sequence) = (String::new(), i64::MIN);
    loop {
        let page = tx.query(&store::WALK, params![&series, sequence, PAGE], read_document).await?;
        let Some(last) = page.last() else { break };
        (series, sequence) = (last.series.clone(), last.sequence.unwrap_or(i64::MAX));
        let ids: Vec<i64> = page.iter().map(|d| d.id).collect();
        let lines = lines_of(tx, &ids).await?;
        for document in &page {
            walk.numbered(document, lines.get(&document.id).map_or(&[], Vec::as_slice))?;
        }
    }
    walk.end_of_series();
    let mut after = i64::MIN;
    loop {
        let page = tx.query(&store::WALK_FOREIGN, params![after, PAGE], read_document).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        let ids: Vec<i64> = page.iter().map(|d| d.id).collect();
        let lines = lines_of(tx, &ids).await?;
        for document in &page {
            walk.sums.checked += 1;
            walk.check_sums(document, lines.get(&document.id).map_or(&[], Vec::as_slice));
        }
    }
    let credit = verify_credit_notes(tx).await?;
    Ok(vec![walk.gaps, walk.dates, walk.chain, walk.sums, walk.lines, credit])
}

/// A series as its row says it is.
struct SeriesRow {
    first: i64,
    next: i64,
    last_hash: Hash,
}

struct Walk {
    rows: BTreeMap<String, SeriesRow>,
    current: Option<(String, i64, Hash, Option<Date>)>,
    gaps: Check,
    dates: Check,
    chain: Check,
    sums: Check,
    lines: Check,
}

impl Walk {
    async fn start(tx: &mut Tx) -> Result<Self, Fault> {
        let numbered = count(tx, &COUNT_NUMBERED).await?;
        let rows = tx
            .query(&store::ALL_SERIES, params![], |row| {
                let (first, next) = (row.get(1)?, row.get(2)?);
                let last_hash = store::to_hash(&row.get::<Vec<u8>>(3)?)?;
                Ok((row.get::<String>(0)?, SeriesRow { first, next, last_hash }))
            })
            .await?;
        Ok(Self {
            rows: rows.into_iter().collect(),
            current: None,
            gaps: Check::new("billing.numbers_have_no_gap", numbered),
            dates: Check::new("billing.dates_follow_numbers", numbered),
            chain: Check::new("billing.documents_are_as_issued", numbered),
            sums: Check::new("billing.totals_are_sums_of_lines", numbered),
            lines: Check::new("billing.lines_follow_from_their_inputs", 0),
        })
    }

    fn numbered(&mut self, document: &Document, lines: &[Line]) -> Result<(), Fault> {
        let name = &document.series;
        if self.current.as_ref().is_none_or(|(series, ..)| series != name) {
            self.end_of_series();
            let first = self.rows.get(name).map_or(1, |row| row.first);
            self.current = Some((name.clone(), first, CHAIN_START, None));
        }
        let Some((_, expected, previous, last_date)) = self.current.take() else {
            return Err(Fault::new("a document without its series"));
        };
        let (id, sequence) = (document.id, document.sequence.unwrap_or(0));
        let number = document.number.as_deref().unwrap_or_default();
        if sequence != expected {
            self.gaps
                .fail(|| format!("{name}: number {expected} is missing before {number} (document {id})"));
        }
        if document.issued_on < last_date {
            self.dates.fail(|| format!("{number} (document {id}) is dated before the number in front of it"));
        }
        let link = self.check_hash(document, lines, &previous);
        self.check_sums(document, lines);
        for (line_no, line) in (1..).zip(lines) {
            self.check_line(document, line_no, line);
        }
        self.current = Some((name.clone(), sequence + 1, link, document.issued_on));
        Ok(())
    }

    /// The document's own link, so that one broken document is told once.
    fn check_hash(&mut self, document: &Document, lines: &[Line], previous: &Hash) -> Hash {
        let id = document.id;
        let stored = document.hash.as_deref().and_then(|bytes| store::to_hash(bytes).ok());
        let (Some(seller_id), Some(buyer_id), Some(issued_on), Some(number), Some(stored)) =
            (document.seller_id, document.buyer_id, document.issued_on, document.number.as_deref(), stored)
        else {
            self.chain.fail(|| format!("document {id} lacks a party, its date, its number or its hash"));
            return stored.unwrap_or(CHAIN_START);
        };
        let head = FrozenHead {
            kind: document.kind.code(),
            customer_id: document.customer_id,
            currency: document.currency.code(),
            seller_id,
            buyer_id,
            due_on: document.due_on,
            corrects_id: document.corrects_id,
            totals: document.totals,
            tax_note: document.tax_note.as_deref(),
            notes: document.notes.as_deref(),
        };
        let content = hash::content(&head, lines);
        if document.content_hash.as_deref() != Some(content.as_slice()) {
            self.chain.fail(|| format!("{number} (document {id}) was changed after it was issued"));
        } else if hash::link(previous, number, issued_on, &content) != stored {
            self.chain
                .fail(|| format!("{number} (document {id}) does not follow from the document before it"));
        }
        stored
    }

    fn check_sums(&mut self, document: &Document, lines: &[Line]) {
        let (id, number) = (document.id, document.number.as_deref().unwrap_or_default());
        match totals(lines, document.currency) {
            // Only what came from elsewhere may be negative.
            Ok(sums) if sums == document.totals && (sums.total_minor >= 0 || document.sequence.is_none()) => {
            }
            Ok(sums) => self.sums.fail(|| {
                let stated = document.totals.total_minor;
                format!(
                    "{number} (document {id}) says {stated}, its lines {} in minor units",
                    sums.total_minor
                )
            }),
            Err(error) => self.sums.fail(|| format!("{number} (document {id}): {error}")),
        }
    }

    /// Prices a line again from what is stored of it. Parts that a credit note takes off a line are no prices; they
    /// are checked against the line they take from.
    fn check_line(&mut self, document: &Document, line_no: i64, line: &Line) {
        self.lines.checked += 1;
        let is_part = document.kind == DocumentKind::CreditNote;
        let again =
            price(line.spec.clone(), document.currency, line.inputs.discounts.clone(), &rates_of(line));
        let holds = match again {
            Ok(mut again) => {
                again.inputs.corrects_line = line.inputs.corrects_line;
                again == *line || is_part
            }
            Err(_) => false,
        };
        if !holds || line.gross_minor - line.discount_minor != line_amount(line) {
            let number = document.number.as_deref().unwrap_or_default().to_owned();
            self.lines.fail(|| {
                format!("line {line_no} of {number} does not follow from its quantity, price and tax")
            });
        }
    }

    fn end_of_series(&mut self) {
        let Some((name, next, link, _)) = self.current.take() else { return };
        let fits = self.rows.get(&name).is_some_and(|row| row.next == next && row.last_hash == link);
        if !fits {
            self.gaps.fail(|| format!("{name}: documents are missing at its end, or its row was changed"));
        }
    }
}

/// What a line was priced for: with tax when the price included it.
fn line_amount(line: &Line) -> i64 {
    if line.inputs.inclusive { line.total_minor() } else { line.net_minor }
}

/// The rates a line was priced with, from what is stored of them.
fn rates_of(line: &Line) -> Rates {
    let rule = |part: TaxPart| part.rule_id.map(|rule_id| AppliedRule { rule_id, rate: Ppm::new(part.ppm) });
    Rates {
        level1: rule(line.tax1),
        level2: rule(line.tax2),
        compound: line.inputs.compound,
        inclusive: line.inputs.inclusive,
        note: None,
    }
}

/// Credit notes never give back more than was invoiced, line by line and tax by tax.
async fn verify_credit_notes(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.credit_notes_within_invoices", 0);
    let mut after = i64::MIN;
    loop {
        let page = tx.query(&CORRECTED, params![after, PAGE], |row| row.get::<i64>(0)).await?;
        let Some(last) = page.last().copied() else { return Ok(check) };
        after = last;
        for id in page {
            check.checked += 1;
            let Some(invoice) = find(tx, id).await? else {
                check.fail(|| format!("invoice {id} is corrected but not there"));
                continue;
            };
            let notes: Vec<i64> = corrections(tx, id).await?.iter().map(|d| d.id).collect();
            let credited: Vec<Line> = lines_of(tx, &notes).await?.into_values().flatten().collect();
            let original = store::lines(tx, id).await?;
            let left = Left::after(&original, &credited);
            let is_stray = credited.iter().any(|line| {
                let at = line.inputs.corrects_line.and_then(|n| usize::try_from(n - 1).ok());
                at.is_none_or(|at| at >= original.len())
            });
            let fits =
                original.iter().zip(left.amounts()).all(|(line, rest)| within(*rest, Amounts::of(line)));
            if invoice.source != "import" && (is_stray || !fits) {
                check.fail(|| format!("credit notes of invoice {id} give back something that was not on it"));
            }
        }
    }
}

/// What is left lies between nothing and the whole.
fn within(rest: Amounts, whole: Amounts) -> bool {
    [(rest.net, whole.net), (rest.tax1, whole.tax1), (rest.tax2, whole.tax2)]
        .into_iter()
        .all(|(rest, whole)| (0.min(whole)..=0.max(whole)).contains(&rest))
}
