//! All SQL that writes and reads documents, their lines and series.

use std::collections::BTreeMap;

use bursar_db::{FromColumn as _, Param, Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::{Date, Fraction, Instant, Period};

use super::hash::Hash;
use super::line::{Line, LineInputs, LineKind, LineSpec, TaxPart, Totals};
use super::{DocumentKind, InvoiceState};

/// The columns of a document in the order [`read_document`] reads them.
macro_rules! document_columns {
    () => {
        "id, kind, state, customer_id, currency, series, sequence, number, issued_on, due_on, seller_id, buyer_id, \
         discount_minor, subtotal_minor, tax1_minor, tax2_minor, total_minor, settled_minor, corrects_id, entry_id, \
         source, tax_note, notes, content_hash, hash, paid_at, closed_at, closed_why, legacy, created_at, version"
    };
}

/// The columns of a line in the order [`read_line`] reads them.
macro_rules! line_columns {
    () => {
        "line_no, kind, subscription_id, item_id, description, quantity, unit_minor, start_on, end_on, gross_minor, \
         discount_minor, net_minor, taxable, tax1_rule_id, tax1_ppm, tax1_minor, tax2_rule_id, tax2_ppm, tax2_minor, \
         inputs"
    };
}

/// For the list builder.
pub(crate) const DOCUMENT_COLUMNS: &str = document_columns!();

bursar_db::statements! {
    /// The series, locked until the end of the transaction.
    pub(crate) LOCK_SERIES = "SELECT format, next_sequence, last_issued_on, last_hash FROM billing_series
        WHERE name = $1 {for_update}";
    /// The last date of a series, without a lock.
    pub(crate) LAST_ISSUED = "SELECT last_issued_on FROM billing_series WHERE name = $1";
    /// A new series.
    pub(crate) NEW_SERIES = "INSERT INTO billing_series
            (name, kind, format, next_sequence, first_sequence, last_issued_on, last_hash)
        VALUES ($1, $2, $3, $4, $4, NULL, $5) ON CONFLICT (name) DO NOTHING";
    /// Moves a series on.
    pub(crate) MOVE_SERIES = "UPDATE billing_series SET next_sequence = $2, last_issued_on = $3, last_hash = $4
        WHERE name = $1";
    /// Every series.
    pub(crate) ALL_SERIES = "SELECT name, first_sequence, next_sequence, last_hash FROM billing_series ORDER BY name";
    /// One document.
    pub(crate) FIND = concat!("SELECT ", document_columns!(), " FROM billing_invoices WHERE id = $1");
    /// Some documents.
    pub(crate) FIND_MANY = concat!("SELECT ", document_columns!(), " FROM billing_invoices WHERE id {any:$1} ORDER BY id");
    /// The credit notes of an invoice.
    pub(crate) CORRECTIONS = concat!("SELECT ", document_columns!(),
        " FROM billing_invoices WHERE corrects_id = $1 AND kind = 'credit_note' ORDER BY id");
    /// Numbered documents in the order of their numbers.
    pub(crate) WALK = concat!("SELECT ", document_columns!(), " FROM billing_invoices
        WHERE sequence IS NOT NULL AND (series, sequence) > ($1, $2) ORDER BY series, sequence LIMIT $3");
    /// Documents that were issued elsewhere, in the order of their ids.
    pub(crate) WALK_FOREIGN = concat!("SELECT ", document_columns!(), " FROM billing_invoices
        WHERE sequence IS NULL AND state <> 'draft' AND id > $1 ORDER BY id LIMIT $2");
    /// By printed number; the newest when an old system used one twice.
    pub(crate) BY_NUMBER = "SELECT id FROM billing_invoices WHERE number = $1 ORDER BY id DESC LIMIT 1";
    /// Whether an id exists.
    pub(crate) BY_ID = "SELECT id FROM billing_invoices WHERE id = $1";
    /// Its lines.
    pub(crate) LINES = concat!("SELECT ", line_columns!(), " FROM billing_lines WHERE invoice_id = $1 ORDER BY line_no");
    /// The lines of some documents.
    pub(crate) LINES_OF = concat!("SELECT ", line_columns!(), ", invoice_id
        FROM billing_lines WHERE invoice_id {any:$1} ORDER BY invoice_id, line_no");
    /// Drops a draft, which nobody but us has ever seen.
    pub(crate) DROP_DRAFT = "DELETE FROM billing_invoices WHERE id = $1 AND state = 'draft' AND version = $2";
    /// And its lines.
    pub(crate) DROP_LINES = "DELETE FROM billing_lines WHERE invoice_id = $1";
    /// Voids an invoice that nothing was settled of.
    pub(crate) VOID = "UPDATE billing_invoices SET state = 'void', closed_at = $2, closed_why = $3, version = version + 1
        WHERE id = $1 AND kind = 'invoice' AND state = 'open' AND settled_minor = 0 AND version = $4";
    /// The periods of a voided invoice may be billed again.
    pub(crate) FREE_PERIODS = "DELETE FROM billing_billed_periods WHERE invoice_id = $1";
    /// Says when and why a document was closed.
    pub(crate) CLOSE = "UPDATE billing_invoices SET closed_at = $2, closed_why = $3 WHERE id = $1";
}

bursar_db::bulk! {
    /// Documents.
    pub(crate) INSERT = insert "billing_invoices" {
        id: int, kind: text, state: text, customer_id: int, currency: text, series: text, sequence: int, number: text,
        issued_on: text, due_on: text, seller_id: int, buyer_id: int, discount_minor: int, subtotal_minor: int,
        tax1_minor: int, tax2_minor: int, total_minor: int, settled_minor: int, corrects_id: int, entry_id: int,
        source: text, tax_note: text, notes: text, content_hash: bytes, hash: bytes, issued_at: int, paid_at: int,
        created_at: int, version: int
    };
    /// Lines.
    pub(crate) INSERT_LINES = insert "billing_lines" {
        invoice_id: int, line_no: int, kind: text, subscription_id: int, item_id: int, description: text, quantity: int,
        unit_minor: int, start_on: text, end_on: text, gross_minor: int, discount_minor: int, net_minor: int,
        taxable: int, tax1_rule_id: int, tax1_ppm: int, tax1_minor: int, tax2_rule_id: int, tax2_ppm: int,
        tax2_minor: int, inputs: text
    };
}

/// A document as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: i64,
    /// Invoice or credit note.
    pub kind: DocumentKind,
    /// Where it stands.
    pub state: InvoiceState,
    /// Who pays.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// Its series.
    pub series: String,
    /// Its place in the series.
    pub sequence: Option<i64>,
    /// Its number as printed.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_on: Option<Date>,
    /// When it is due.
    pub due_on: Option<Date>,
    /// Snapshot of the seller.
    pub seller_id: Option<i64>,
    /// Snapshot of the buyer.
    pub buyer_id: Option<i64>,
    /// Its sums.
    pub totals: Totals,
    /// What allocations settled.
    pub settled_minor: i64,
    /// The invoice a credit note corrects.
    pub corrects_id: Option<i64>,
    /// Its journal entry.
    pub entry_id: Option<i64>,
    /// `run`, `manual`, `change`, `import`, `late_fee`.
    pub source: String,
    /// Why there is no tax.
    pub tax_note: Option<String>,
    /// Printed notes.
    pub notes: Option<String>,
    /// Hash of its content as issued.
    pub content_hash: Option<Vec<u8>>,
    /// Its link in the chain.
    pub hash: Option<Vec<u8>>,
    /// When it was settled.
    pub paid_at: Option<Instant>,
    /// When it was voided or written off.
    pub closed_at: Option<Instant>,
    /// Why.
    pub closed_why: Option<String>,
    /// What the old system said.
    pub legacy: Option<String>,
    /// When the row was made.
    pub created_at: Instant,
    /// Changes with every save.
    pub version: i64,
}

impl Document {
    /// What is still owed, in minor units.
    pub fn open_minor(&self) -> i64 {
        match self.state {
            InvoiceState::Open => self.totals.total_minor - self.settled_minor,
            InvoiceState::Draft | InvoiceState::Paid | InvoiceState::Void | InvoiceState::Uncollectible => 0,
        }
    }
}

/// One document, or none.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<Document>, Fault> {
    tx.query_opt(&FIND, params![id], read_document).await
}

/// Some documents by id.
pub async fn find_many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Document>, Fault> {
    tx.query(&FIND_MANY, params![ids], read_document).await
}

/// The credit notes of an invoice, oldest first.
pub async fn corrections(tx: &mut Tx, invoice_id: i64) -> Result<Vec<Document>, Fault> {
    tx.query(&CORRECTIONS, params![invoice_id], read_document).await
}

/// Reads a row of [`DOCUMENT_COLUMNS`].
pub(crate) fn read_document(row: &Row<'_>) -> Result<Document, Fault> {
    let bad = |what: &str| Fault::corrupt(format!("a document has an unknown {what}"));
    Ok(Document {
        id: row.get(0)?,
        kind: DocumentKind::parse(row.text(1)?).ok_or_else(|| bad("kind"))?,
        state: InvoiceState::parse(row.text(2)?).ok_or_else(|| bad("state"))?,
        customer_id: row.get(3)?,
        currency: row.get(4)?,
        series: row.get(5)?,
        sequence: row.get(6)?,
        number: row.get(7)?,
        issued_on: row.get(8)?,
        due_on: row.get(9)?,
        seller_id: row.get(10)?,
        buyer_id: row.get(11)?,
        totals: Totals {
            discount_minor: row.get(12)?,
            subtotal_minor: row.get(13)?,
            tax1_minor: row.get(14)?,
            tax2_minor: row.get(15)?,
            total_minor: row.get(16)?,
        },
        settled_minor: row.get(17)?,
        corrects_id: row.get(18)?,
        entry_id: row.get(19)?,
        source: row.get(20)?,
        tax_note: row.get(21)?,
        notes: row.get(22)?,
        content_hash: row.get(23)?,
        hash: row.get(24)?,
        paid_at: row.get(25)?,
        closed_at: row.get(26)?,
        closed_why: row.get(27)?,
        legacy: row.get(28)?,
        created_at: row.get(29)?,
        version: row.get(30)?,
    })
}

/// The lines of a document in order.
pub async fn lines(tx: &mut Tx, id: i64) -> Result<Vec<Line>, Fault> {
    tx.query(&LINES, params![id], read_line).await
}

/// The lines of some documents, by document.
pub async fn lines_of(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, Vec<Line>>, Fault> {
    let mut lines: BTreeMap<i64, Vec<Line>> = BTreeMap::new();
    tx.query_each(&LINES_OF, params![ids], |row| {
        lines.entry(row.get(20)?).or_default().push(read_line(row)?);
        Ok(())
    })
    .await?;
    Ok(lines)
}

fn read_line(row: &Row<'_>) -> Result<Line, Fault> {
    let inputs: LineInputs = match row.get::<Option<String>>(19)? {
        None => LineInputs::default(),
        Some(text) => {
            serde_json::from_str(&text).map_err(|e| Fault::wrap("a line's inputs cannot be read", e))?
        }
    };
    let period = match (row.get::<Option<Date>>(7)?, row.get::<Option<Date>>(8)?) {
        (Some(start), Some(end)) => Some(
            Period::new(start, end).map_err(|e| Fault::corrupt("a line's period is empty").caused_by(e))?,
        ),
        _ => None,
    };
    let share = match inputs.share {
        None => Fraction::ONE,
        Some((num, den)) => {
            Fraction::new(num, den).map_err(|e| Fault::corrupt("a line's share is not one").caused_by(e))?
        }
    };
    let tax = |at: usize| -> Result<TaxPart, Fault> {
        Ok(TaxPart { rule_id: row.get(at)?, ppm: row.get(at + 1)?, minor: row.get(at + 2)? })
    };
    Ok(Line {
        spec: LineSpec {
            kind: LineKind::parse(row.text(1)?)
                .ok_or_else(|| Fault::corrupt("a line has an unknown kind"))?,
            subscription_id: row.get(2)?,
            item_id: row.get(3)?,
            description: row.get(4)?,
            quantity: row.get(5)?,
            unit_minor: row.get(6)?,
            period,
            share,
            taxable: bool::from_column(row, 12)?,
        },
        gross_minor: row.get(9)?,
        discount_minor: row.get(10)?,
        net_minor: row.get(11)?,
        tax1: tax(13)?,
        tax2: tax(16)?,
        inputs,
    })
}

/// A document to insert; the number is there when it is issued at once.
#[derive(Debug)]
pub struct NewDocument<'a> {
    /// Its id.
    pub id: i64,
    /// Invoice or credit note.
    pub kind: DocumentKind,
    /// Draft, open or paid.
    pub state: InvoiceState,
    /// Who pays.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// Its series.
    pub series: &'a str,
    /// Given together with the date, at issue.
    pub issue: Option<Issue>,
    /// When it is due.
    pub due_on: Option<Date>,
    /// Snapshot of the seller.
    pub seller_id: Option<i64>,
    /// Snapshot of the buyer.
    pub buyer_id: Option<i64>,
    /// Its sums.
    pub totals: Totals,
    /// What it corrects.
    pub corrects_id: Option<i64>,
    /// Its journal entry.
    pub entry_id: Option<i64>,
    /// Where it comes from.
    pub source: &'a str,
    /// Why there is no tax.
    pub tax_note: Option<&'a str>,
    /// Printed notes.
    pub notes: Option<&'a str>,
    /// 1, or one more than the draft it replaces.
    pub version: i64,
}

/// What issuing gives a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its place in the series.
    pub sequence: i64,
    /// As printed.
    pub number: String,
    /// Its date.
    pub issued_on: Date,
    /// Hash of its content.
    pub content: Hash,
    /// Its link in the chain.
    pub hash: Hash,
}

/// Inserts documents.
pub async fn insert_documents(tx: &mut Tx, documents: &[NewDocument<'_>]) -> Result<(), Fault> {
    let now = tx.now();
    let mut writer = tx.bulk(&INSERT)?;
    for d in documents {
        let issue = d.issue.as_ref();
        let paid = d.state == InvoiceState::Paid;
        writer.row(params![
            d.id,
            d.kind.code(),
            d.state.code(),
            d.customer_id,
            d.currency,
            d.series,
            issue.map(|i| i.sequence),
            issue.map(|i| i.number.as_str()),
            issue.map(|i| i.issued_on),
            d.due_on,
            d.seller_id,
            d.buyer_id,
            d.totals.discount_minor,
            d.totals.subtotal_minor,
            d.totals.tax1_minor,
            d.totals.tax2_minor,
            d.totals.total_minor,
            if d.kind == DocumentKind::CreditNote { d.totals.total_minor } else { 0 },
            d.corrects_id,
            d.entry_id,
            d.source,
            d.tax_note,
            d.notes,
            issue.map(|i| i.content.as_slice()).map_or(Param::Null, Param::Bytes),
            issue.map(|i| i.hash.as_slice()).map_or(Param::Null, Param::Bytes),
            issue.map(|_| now),
            paid.then_some(now),
            now,
            d.version
        ])?;
    }
    writer.finish().await.map(drop)
}

/// Inserts the lines of documents, numbered from 1 within each.
pub async fn insert_lines<'l>(
    tx: &mut Tx,
    documents: impl IntoIterator<Item = (i64, &'l [Line])>,
) -> Result<(), Fault> {
    let mut writer = tx.bulk(&INSERT_LINES)?;
    for (invoice_id, lines) in documents {
        for (line_no, line) in (1_i64..).zip(lines) {
            let s = &line.spec;
            let inputs = (line.inputs != LineInputs::default())
                .then(|| serde_json::to_string(&line.inputs))
                .transpose()
                .map_err(|e| Fault::wrap("encoding a line's inputs", e))?;
            writer.row(params![
                invoice_id,
                line_no,
                s.kind.code(),
                s.subscription_id,
                s.item_id,
                &s.description,
                s.quantity,
                s.unit_minor,
                s.period.map(|p| p.start),
                s.period.map(|p| p.end),
                line.gross_minor,
                line.discount_minor,
                line.net_minor,
                s.taxable,
                line.tax1.rule_id,
                line.tax1.ppm,
                line.tax1.minor,
                line.tax2.rule_id,
                line.tax2.ppm,
                line.tax2.minor,
                &inputs
            ])?;
        }
    }
    writer.finish().await.map(drop)
}

/// A series, locked.
#[derive(Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: String,
    /// The next number.
    pub next_sequence: i64,
    /// The date of the last document.
    pub last_issued_on: Option<Date>,
    /// The head of its chain.
    pub last_hash: Hash,
}

/// Locks a series, making it first when needed. Take it last: on PostgreSQL everybody who issues waits for it.
pub async fn lock_series(tx: &mut Tx, name: &str, kind: DocumentKind, format: &str) -> Result<Series, Fault> {
    if let Some(series) = read_series(tx, name).await? {
        return Ok(series);
    }
    let start = super::hash::CHAIN_START;
    tx.exec(&NEW_SERIES, params![name, kind.code(), format, 1_i64, &start]).await?;
    read_series(tx, name).await?.ok_or_else(|| Fault::new(format!("the series {name} vanished")))
}

async fn read_series(tx: &mut Tx, name: &str) -> Result<Option<Series>, Fault> {
    tx.query_opt(&LOCK_SERIES, params![name], |row| {
        Ok(Series {
            name: name.to_owned(),
            format: row.get(0)?,
            next_sequence: row.get(1)?,
            last_issued_on: row.get(2)?,
            last_hash: to_hash(&row.get::<Vec<u8>>(3)?)?,
        })
    })
    .await
}

/// The date of the last document of a series.
pub async fn last_issued_on(tx: &mut Tx, name: &str) -> Result<Option<Date>, Fault> {
    Ok(tx.query_opt(&LAST_ISSUED, params![name], |row| row.get::<Option<Date>>(0)).await?.flatten())
}

/// Writes a series back.
pub async fn save_series(tx: &mut Tx, series: &Series) -> Result<(), Fault> {
    let row = params![&series.name, series.next_sequence, series.last_issued_on, &series.last_hash];
    tx.exec_one(&MOVE_SERIES, row).await
}

/// Thirty-two bytes.
pub(crate) fn to_hash(bytes: &[u8]) -> Result<Hash, Fault> {
    bytes.try_into().map_err(|_| Fault::corrupt("a stored hash is not 32 bytes long"))
}
/// The document that people mean by a text: its printed number, or else its id.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<i64>, Fault> {
    let name = name.trim();
    if let Some(id) = tx.query_opt(&BY_NUMBER, params![name], |row| row.get(0)).await? {
        return Ok(Some(id));
    }
    match name.parse::<i64>() {
        Ok(id) => tx.query_opt(&BY_ID, params![id], |row| row.get(0)).await,
        Err(_) => Ok(None),
    }
}
