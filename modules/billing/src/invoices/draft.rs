//! Drafts: written by staff, never owed, without a number until they are issued.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::FieldError;
use bursar_time::{Date, Fraction, Period};
use serde_json::json;

use super::issue::{Issued, NewInvoice, Office, issue_invoice, priced, profile};
use super::line::{DiscountTaken, LineKind, LineSpec};
use super::store::{self, Document, NewDocument, find, insert_documents, insert_lines, lines};
use super::{DocumentKind, InvoiceState};
use crate::error::BillError;
use crate::permissions;

/// Lines a person may write on one invoice.
const MOST_LINES: usize = 500;
/// Quantities beyond this are typing errors.
const MOST_UNITS: i64 = 1_000_000_000;
/// Prices beyond this many minor units are typing errors.
const MOST_MINOR: i64 = 1_000_000_000_000;

/// A line as staff writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// What it is: [`LineKind::Manual`], or a deposit ([`LineKind::AddFunds`]).
    pub kind: LineKind,
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// Price of one in minor units; negative for a discount.
    pub unit_minor: i64,
    /// Whether tax rules apply. Deposits are never taxed: what they pay for later is.
    pub taxable: bool,
    /// The time it is for, when it is earned over time.
    pub period: Option<Period>,
}

/// A draft as staff writes it. The currency is the customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftInput {
    /// Who pays.
    pub customer_id: i64,
    /// When it is due; by the settings when empty.
    pub due_on: Option<Date>,
    /// Printed notes.
    pub notes: Option<String>,
    /// What is charged.
    pub lines: Vec<DraftLine>,
}

impl DraftInput {
    fn check(&self) -> Result<(), BillError> {
        let mut wrong = Vec::new();
        if self.lines.len() > MOST_LINES {
            wrong.push(FieldError::new("lines", format!("An invoice has at most {MOST_LINES} lines.")));
        }
        for (index, line) in self.lines.iter().enumerate() {
            let mut fail = |field: &str, why: &str| {
                wrong.push(FieldError::new(format!("lines[{index}].{field}"), why.to_owned()));
            };
            if line.description.trim().is_empty() || line.description.chars().count() > 1_000 {
                fail("description", "Say what is charged, in at most 1000 characters.");
            }
            if !(1..=MOST_UNITS).contains(&line.quantity) {
                fail("quantity", "Enter a quantity of at least 1.");
            }
            if line.unit_minor.unsigned_abs() > MOST_MINOR.unsigned_abs() {
                fail("unit_price", "This price is too large.");
            }
            match line.kind {
                LineKind::Manual | LineKind::OneTime => {}
                LineKind::AddFunds if line.unit_minor > 0 => {}
                LineKind::AddFunds => fail("unit_price", "A deposit is more than zero."),
                _ => fail("kind", "This kind of line cannot be written by hand."),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(BillError::Invalid(wrong)) }
    }

    fn specs(&self) -> Vec<(LineSpec, Vec<DiscountTaken>)> {
        let spec = |line: &DraftLine| LineSpec {
            kind: line.kind,
            subscription_id: None,
            item_id: None,
            description: line.description.trim().to_owned(),
            quantity: line.quantity,
            unit_minor: line.unit_minor,
            period: line.period,
            share: Fraction::ONE,
            taxable: line.taxable && line.kind != LineKind::AddFunds,
        };
        self.lines.iter().map(|line| (spec(line), Vec::new())).collect()
    }
}

/// As staff: writes a new draft and returns its id.
pub async fn create_draft(cx: &Cx, input: DraftInput) -> Result<i64, BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    input.check()?;
    cx.write(async move |tx: &mut Tx| {
        let id = tx.new_raw_id()?;
        write(tx, id, 1, &input).await?;
        audit(tx, "billing.invoice.draft", id, json!({ "lines": input.lines.len() })).await?;
        Ok(id)
    })
    .await
}

/// As staff: replaces what a draft says, over the version that was seen.
pub async fn edit_draft(cx: &Cx, id: i64, seen_version: i64, input: DraftInput) -> Result<(), BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    input.check()?;
    cx.write(async move |tx: &mut Tx| {
        let draft = draft(tx, id).await?;
        if draft.version != seen_version {
            return Err(BillError::Changed);
        }
        if draft.customer_id != input.customer_id {
            return Err(BillError::field("customer_id", "A draft stays with its customer; make a new one."));
        }
        drop_draft(tx, &draft).await?;
        write(tx, id, draft.version + 1, &input).await?;
        audit(tx, "billing.invoice.draft", id, json!({ "lines": input.lines.len() })).await
    })
    .await
}

/// As staff: deletes a draft. Nothing remains of it but its audit record.
pub async fn delete_draft(cx: &Cx, id: i64) -> Result<(), BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    cx.write(async move |tx: &mut Tx| {
        let draft = draft(tx, id).await?;
        drop_draft(tx, &draft).await?;
        audit(tx, "billing.invoice.draft_delete", id, json!({ "total_minor": draft.totals.total_minor }))
            .await
    })
    .await
}

/// As staff: puts the lines of several drafts of one customer on the first, which is returned; the others are gone.
pub async fn merge_drafts(cx: &Cx, ids: Vec<i64>) -> Result<i64, BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    cx.write(async move |tx: &mut Tx| merge(tx, &ids).await).await
}

async fn merge(tx: &mut Tx, ids: &[i64]) -> Result<i64, BillError> {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 2 || distinct.len() != ids.len() {
        return Err(BillError::field("drafts", "Choose at least two different drafts."));
    }
    let first = draft(tx, ids[0]).await?;
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    let mut due_on = None;
    for id in ids {
        let other = draft(tx, *id).await?;
        if other.customer_id != first.customer_id || other.currency != first.currency {
            return Err(BillError::refused("Only drafts of one customer in one currency can be merged."));
        }
        all.extend(lines(tx, *id).await?.into_iter().map(|line| (line.spec, line.inputs.discounts)));
        notes.extend(other.notes.clone());
        due_on = due_on.max(other.due_on);
        drop_draft(tx, &other).await?;
    }
    if all.len() > MOST_LINES {
        return Err(BillError::field("drafts", format!("An invoice has at most {MOST_LINES} lines.")));
    }
    let notes = (!notes.is_empty()).then(|| notes.join("\n"));
    write_row(tx, (first.id, first.version + 1), first.customer_id, due_on, notes.as_deref(), all).await?;
    audit(tx, "billing.invoice.merge", first.id, json!({ "merged": ids })).await?;
    Ok(first.id)
}

/// As staff: issues a draft with the tax of today.
pub async fn issue_draft(cx: &Cx, id: i64, seen_version: i64) -> Result<Issued, BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    cx.write(async move |tx: &mut Tx| {
        let draft = draft(tx, id).await?;
        if draft.version != seen_version {
            return Err(BillError::Changed);
        }
        let specs = lines(tx, id).await?.into_iter().map(|line| (line.spec, line.inputs.discounts)).collect();
        drop_draft(tx, &draft).await?;
        let office = Office::load(tx).await?;
        let new = NewInvoice {
            id: Some(id),
            customer_id: draft.customer_id,
            lines: specs,
            due_on: draft.due_on,
            notes: draft.notes,
            source: "manual",
        };
        let issued = issue_invoice(tx, &office, new).await?;
        let after = json!({ "number": issued.number, "total_minor": issued.total_minor });
        audit(tx, permissions::INVOICE_ISSUE, id, after).await?;
        Ok(issued)
    })
    .await
}

async fn draft(tx: &mut Tx, id: i64) -> Result<Document, BillError> {
    let document = find(tx, id).await?.ok_or(BillError::NotFound("draft"))?;
    if document.state != InvoiceState::Draft {
        return Err(BillError::refused(
            "This invoice is issued and does not change any more. Make a credit note to correct it.",
        ));
    }
    Ok(document)
}

async fn drop_draft(tx: &mut Tx, draft: &Document) -> Result<(), BillError> {
    if tx.exec(&store::DROP_DRAFT, params![draft.id, draft.version]).await? != 1 {
        return Err(BillError::Changed);
    }
    tx.exec(&store::DROP_LINES, params![draft.id]).await?;
    Ok(())
}

async fn write(tx: &mut Tx, id: i64, version: i64, input: &DraftInput) -> Result<(), BillError> {
    let notes = input.notes.as_deref().map(str::trim).filter(|text| !text.is_empty());
    write_row(tx, (id, version), input.customer_id, input.due_on, notes, input.specs()).await
}

/// Drafts show the tax of the day they were written; issuing computes it again.
async fn write_row(
    tx: &mut Tx,
    (id, version): (i64, i64),
    customer_id: i64,
    due_on: Option<Date>,
    notes: Option<&str>,
    specs: Vec<(LineSpec, Vec<DiscountTaken>)>,
) -> Result<(), BillError> {
    let profile = profile(tx, customer_id).await?;
    let taxes = crate::taxes::store::load(tx).await?;
    let rates = taxes.rates(&crate::run::plan::tax_place(&profile));
    let (lines, totals) = priced(specs, profile.currency, &rates)?;
    insert_lines(tx, [(id, lines.as_slice())]).await?;
    let row = NewDocument {
        id,
        kind: DocumentKind::Invoice,
        state: InvoiceState::Draft,
        customer_id,
        currency: profile.currency,
        series: "",
        issue: None,
        due_on,
        seller_id: None,
        buyer_id: None,
        totals,
        corrects_id: None,
        entry_id: None,
        source: "manual",
        tax_note: rates.note.map(crate::taxes::TaxNote::code),
        notes,
        version,
    };
    insert_documents(tx, &[row]).await?;
    Ok(())
}

async fn audit(tx: &mut Tx, action: &str, id: i64, after: serde_json::Value) -> Result<(), BillError> {
    let subject = format!("invoice:{id}");
    let record = Audit { action, subject: &subject, before: None, after: Some(after) };
    Ok(bursar_audit::record(tx, record).await?)
}
