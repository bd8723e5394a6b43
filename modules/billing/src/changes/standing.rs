//! Where a subscription stands before a change: its items, and what was paid for the days that lie ahead.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Fraction, Period};

use super::store;
use crate::error::BillError;
use crate::invoices::line::{Line, LineKind};
use crate::invoices::store as documents;
use crate::subscriptions::Granted;
use crate::subscriptions::desk::Case;
use crate::subscriptions::detail::{self, ItemDetail};
use crate::subscriptions::store as subscriptions;

/// A period that was billed and has not ended, with what each item was charged for it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its days.
    pub period: Period,
    /// How much of a full period it is.
    pub share: Fraction,
    /// What each item was charged last, by item.
    pub covers: BTreeMap<i64, Cover>,
}

/// What was charged for the rest of a billed period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    /// The invoice; 0 when that was in another system.
    pub document_id: i64,
    /// The number of the line on it, from 1.
    pub line_no: i64,
    /// The line.
    pub line: Line,
    /// What the customer was charged before tax was taken apart: gross less discounts, less what credit notes have
    /// given back of it.
    pub paid_minor: i64,
    /// Where it can be credited: this line first, then those that charged the same days before it.
    pub sources: Vec<Source>,
}

/// A line that charged some days, and how much of it no credit note has given back; with tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub document_id: i64,
    pub line_no: i64,
    pub left_minor: i64,
}

/// Everything that a quote needs.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub case: Case,
    /// Items that have not ended, with their sources.
    pub items: Vec<ItemDetail>,
    /// Billed periods that have not ended, in order.
    pub pieces: Vec<Piece>,
    /// What no credit note has given back yet of the invoices that charged them; with tax.
    pub left: BTreeMap<i64, i64>,
    /// Discounts, used-up ones included: they still hold for periods they were taken off.
    pub discounts: Vec<Granted>,
}

impl Standing {
    pub(crate) async fn load(tx: &mut Tx, id: i64) -> Result<Self, BillError> {
        let case = Case::load(tx, id).await?;
        let mut items = detail::all_items(tx, id).await?;
        items.retain(|row| row.ended_on.is_none());
        let today = tx.today();
        let discounts = tx.query(&store::ALL_DISCOUNTS, params![id], subscriptions::read_discount).await?;
        let (mut pieces, left) = pieces(tx, id, &items, today).await?;
        if pieces.is_empty() && case.detail.source == "import" {
            pieces.extend(imported_piece(&case, &items, today));
        }
        Ok(Self { case, items, pieces, left, discounts })
    }
}

async fn pieces(
    tx: &mut Tx,
    subscription_id: i64,
    items: &[ItemDetail],
    today: Date,
) -> Result<(Vec<Piece>, BTreeMap<i64, i64>), BillError> {
    let ids: Vec<i64> = items.iter().map(|row| row.item.id).collect();
    let guards = tx
        .query(&store::BILLED, params![ids.as_slice(), today], |row| {
            let (start, end): (Date, Date) = (row.get(1)?, row.get(2)?);
            let period = Period::new(start, end)
                .map_err(|e| Fault::corrupt("a billed period is empty").caused_by(e))?;
            Ok((row.get::<i64>(0)?, period, row.get::<i64>(3)?, row.get::<i64>(4)?))
        })
        .await?;
    let mut read: BTreeMap<i64, Sheet> = BTreeMap::new();
    let mut pieces: BTreeMap<Period, Piece> = BTreeMap::new();
    for (item_id, period, document_id, line_no) in guards {
        let sheet = sheet(tx, &mut read, document_id).await?;
        let cover = sheet
            .cover(document_id, line_no)
            .ok_or_else(|| Fault::corrupt("a billed period names a line that is not there"))?;
        let share = cover.line.spec.share;
        let piece = pieces.entry(period).or_insert_with(|| Piece { period, share, covers: BTreeMap::new() });
        piece.covers.insert(item_id, cover);
    }
    // Later changes replace what the run charged, in the order in which they were made.
    let documents =
        tx.query(&store::CHANGE_DOCUMENTS, params![subscription_id], |row| row.get::<i64>(0)).await?;
    for document_id in documents {
        let sheet = sheet(tx, &mut read, document_id).await?;
        for (line_no, line) in (1..).zip(&sheet.lines) {
            let (LineKind::Proration, Some(item_id), Some(period)) =
                (line.spec.kind, line.spec.item_id, line.spec.period)
            else {
                continue;
            };
            let within = |p: &&mut Piece| p.period.start <= period.start && period.end == p.period.end;
            if let Some(piece) = pieces.values_mut().find(within).filter(|_| ids.contains(&item_id)) {
                let Some(mut cover) = sheet.cover(document_id, line_no) else { continue };
                let earlier = piece.covers.remove(&item_id);
                cover.sources.extend(earlier.into_iter().flat_map(|before| before.sources));
                piece.covers.insert(item_id, cover);
            }
        }
    }
    let left = read.iter().map(|(id, sheet)| (*id, sheet.left_minor)).collect();
    Ok((pieces.into_values().collect(), left))
}

/// An invoice's lines, and what credit notes have given back of each: without tax as it was priced, and with tax.
struct Sheet {
    lines: Vec<Line>,
    given_back: BTreeMap<i64, (i64, i64)>,
    left_minor: i64,
}

impl Sheet {
    fn cover(&self, document_id: i64, line_no: i64) -> Option<Cover> {
        let line = self.lines.get(usize::try_from(line_no - 1).ok()?)?.clone();
        let (back, with_tax) = self.given_back.get(&line_no).copied().unwrap_or_default();
        let paid_minor = (line.gross_minor - line.discount_minor - back).max(0);
        let left_minor = line.total_minor() - with_tax;
        let sources = vec![Source { document_id, line_no, left_minor }];
        Some(Cover { document_id, line_no, line, paid_minor, sources })
    }
}

async fn sheet<'r>(
    tx: &mut Tx,
    read: &'r mut BTreeMap<i64, Sheet>,
    document_id: i64,
) -> Result<&'r Sheet, Fault> {
    if let std::collections::btree_map::Entry::Vacant(slot) = read.entry(document_id) {
        let lines = documents::lines(tx, document_id).await?;
        let mut given_back = BTreeMap::new();
        for note in documents::corrections(tx, document_id).await? {
            for line in documents::lines(tx, note.id).await? {
                let Some(line_no) = line.inputs.corrects_line else { continue };
                let inclusive = usize::try_from(line_no - 1).ok().and_then(|at| lines.get(at));
                let inclusive = inclusive.is_some_and(|original| original.inputs.inclusive);
                let minor = if inclusive { line.total_minor() } else { line.net_minor };
                let sums: &mut (i64, i64) = given_back.entry(line_no).or_default();
                *sums = (sums.0 + minor, sums.1 + line.total_minor());
            }
        }
        let charged: i64 = lines.iter().map(Line::total_minor).sum();
        let left_minor = charged - given_back.values().map(|(_, with_tax)| with_tax).sum::<i64>();
        slot.insert(Sheet { lines, given_back, left_minor });
    }
    Ok(&read[&document_id])
}

/// What an imported subscription was billed by the old system is not there line by line: its present prices for the
/// period before the next one stand for it.
fn imported_piece(case: &Case, items: &[ItemDetail], today: Date) -> Option<Piece> {
    let core = &case.detail.core;
    if core.mode != crate::subscriptions::Mode::Prepaid || core.next.start <= today {
        return None;
    }
    let index = core.anchor.index_of(core.cycle, core.next.start).ok()?;
    let before = core.anchor.period(core.cycle, index - 1).ok()?;
    let period = Period::new(before.start, core.next.start).ok()?;
    let covers = items.iter().filter_map(|row| {
        let item = &row.item;
        let gross_minor = item.unit_minor.checked_mul(item.quantity)?;
        let spec = crate::invoices::line::LineSpec {
            kind: LineKind::Recurring,
            subscription_id: Some(core.id),
            item_id: Some(item.id),
            description: item.description.clone(),
            quantity: item.quantity,
            unit_minor: item.unit_minor,
            period: Some(period),
            share: Fraction::ONE,
            taxable: item.taxable,
        };
        let line = Line {
            gross_minor,
            discount_minor: 0,
            net_minor: gross_minor,
            tax1: Default::default(),
            tax2: Default::default(),
            inputs: Default::default(),
            spec,
        };
        Some((
            item.id,
            Cover { document_id: 0, line_no: 0, paid_minor: gross_minor, sources: Vec::new(), line },
        ))
    });
    Some(Piece { period, share: Fraction::ONE, covers: covers.collect() })
}
