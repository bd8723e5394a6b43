//! Credit notes: the only way to correct an issued invoice.
//!
//! A credit note gives back whole lines or parts of them, never more than is left of each, with the tax that was
//! charged on them. It first lowers what is owed; what was paid already becomes the customer's credit. It frees no
//! billed period: the period was sold, and is not sold again. (To bill it again, void the invoice instead.)

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::{Currency, Money, MoneyError};
use bursar_time::Fraction;
use serde_json::json;

use super::hash::{self, FrozenHead};
use super::issue::{Corrects, Ready, issue_all, one};
use super::line::{LINE_ROUNDING, Line, LineInputs, LineKind, LineSpec, TaxPart, totals};
use super::store::{Document, corrections, find, insert_lines, lines};
use super::{DocumentKind, InvoiceState};
use crate::error::BillError;
use crate::permissions;
use crate::settings::BillingSettings;
use crate::settle::{Source, allocate::allocate, credit};

/// How much of an invoice is given back. Amounts include tax, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All that is left of it.
    Whole,
    /// So much of these lines, by number from 1.
    Lines(Vec<(i64, i64)>),
    /// So much in all, spread over the lines in proportion to what is left of them.
    Amount(i64),
}

/// What to credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNoteRequest {
    /// The invoice.
    pub invoice_id: i64,
    /// How much of it.
    pub part: Part,
    /// Why; printed on the credit note.
    pub reason: String,
}

/// A credit note that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNoted {
    /// The credit note.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// What it gives back, with tax, in minor units.
    pub total_minor: i64,
    /// How much of that lowers what is owed.
    pub settled_minor: i64,
    /// How much became the customer's credit.
    pub to_credit_minor: i64,
}

/// As staff: makes a credit note.
pub async fn issue_credit_note(cx: &Cx, request: CreditNoteRequest) -> Result<CreditNoted, BillError> {
    cx.require(permissions::CREDIT_NOTE)?;
    if request.reason.trim().is_empty() {
        return Err(BillError::field("reason", "Say why; the customer reads it on the credit note."));
    }
    cx.write(async move |tx: &mut Tx| {
        let made = credit_note(tx, &request).await?;
        let subject = format!("invoice:{}", request.invoice_id);
        let after = json!({
            "credit_note": made.number,
            "total_minor": made.total_minor,
            "to_credit_minor": made.to_credit_minor,
            "reason": request.reason,
        });
        let audit =
            Audit { action: permissions::CREDIT_NOTE, subject: &subject, before: None, after: Some(after) };
        bursar_audit::record(tx, audit).await?;
        Ok(made)
    })
    .await
}

/// Makes a credit note in the caller's transaction.
///
/// # Errors
/// [`BillError::Refused`] for an invoice that is not open or paid, or for more than is left of it.
pub async fn credit_note(tx: &mut Tx, request: &CreditNoteRequest) -> Result<CreditNoted, BillError> {
    let invoice = find(tx, request.invoice_id).await?.ok_or(BillError::NotFound("invoice"))?;
    check(&invoice)?;
    let original = lines(tx, invoice.id).await?;
    let left = Left::of(tx, &invoice, &original).await?;
    let credited = credit_lines(&invoice, &original, &left, &request.part)?;
    let totals = totals(&credited, invoice.currency)?;
    if totals.total_minor <= 0 {
        return Err(BillError::refused("Nothing is left of this invoice to give back."));
    }
    let settles_minor = totals.total_minor.min(invoice.open_minor());
    let to_credit_minor = totals.total_minor - settles_minor;
    if to_credit_minor > 0 && credited.iter().any(|l| l.spec.kind == LineKind::AddFunds) {
        return Err(BillError::refused(
            "A deposit that was paid is the customer's credit now. Refund it from their credit instead.",
        ));
    }
    let settings = BillingSettings::load(tx).await?;
    let seller_id = crate::sellers::current(tx).await?.ok_or(BillError::NoSeller)?;
    // The party that was invoiced is the one that is credited.
    let buyer_id = invoice.buyer_id.ok_or_else(|| Fault::corrupt("an issued invoice has no buyer"))?;
    let issued_on = invoice.issued_on.ok_or_else(|| Fault::corrupt("an issued invoice has no date"))?;
    let notes = Some(request.reason.trim()).filter(|text| !text.is_empty());
    let head = FrozenHead {
        kind: DocumentKind::CreditNote.code(),
        customer_id: invoice.customer_id,
        currency: invoice.currency.code(),
        seller_id,
        buyer_id,
        due_on: None,
        corrects_id: Some(invoice.id),
        totals,
        tax_note: invoice.tax_note.as_deref(),
        notes,
    };
    let (id, entry_id) = (tx.new_raw_id()?, tx.new_raw_id()?);
    let ready = Ready {
        id,
        entry_id,
        customer_id: invoice.customer_id,
        currency: invoice.currency,
        buyer_id,
        due_on: None,
        tax_note: invoice.tax_note.as_deref(),
        notes,
        lines: &credited,
        totals,
        content: hash::content(&head, &credited),
        source: "manual",
        corrects: Some(Corrects { invoice_id: invoice.id, issued_on, settles_minor }),
    };
    insert_lines(tx, [(id, credited.as_slice())]).await?;
    let today = tx.today();
    let issued = one(issue_all(tx, &settings, seller_id, today, DocumentKind::CreditNote, &[ready]).await?)?;
    let entry = Id::new(issued.entry_id.ok_or_else(|| Fault::new("a credit note without an entry"))?);
    if settles_minor > 0 {
        allocate(tx, &invoice, Source::CreditNote(id), settles_minor, entry).await?;
    }
    if to_credit_minor > 0 {
        let amount = Money::new(to_credit_minor, invoice.currency);
        credit::give(tx, invoice.customer_id, amount, "credit note", ("credit_note", id), entry).await?;
    }
    Ok(CreditNoted {
        id,
        number: issued.number,
        total_minor: totals.total_minor,
        settled_minor: settles_minor,
        to_credit_minor,
    })
}

fn check(invoice: &Document) -> Result<(), BillError> {
    if invoice.kind != DocumentKind::Invoice {
        return Err(BillError::refused("A credit note is made for an invoice, not for another credit note."));
    }
    match invoice.state {
        InvoiceState::Open | InvoiceState::Paid => Ok(()),
        InvoiceState::Draft => Err(BillError::refused("This is a draft: edit or delete it.")),
        InvoiceState::Void => Err(BillError::refused("This invoice is void; nothing of it is owed.")),
        InvoiceState::Uncollectible => {
            Err(BillError::refused("This invoice was written off; nothing of it is owed any more."))
        }
    }
}

/// What no credit note has given back yet, line by line.
pub(crate) struct Left(Vec<Amounts>);

/// The parts of a line that a credit note takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) net: i64,
    pub(crate) tax1: i64,
    pub(crate) tax2: i64,
}

impl Amounts {
    pub(crate) fn of(line: &Line) -> Self {
        Self { net: line.net_minor, tax1: line.tax1.minor, tax2: line.tax2.minor }
    }

    pub(crate) fn total(self) -> i64 {
        self.net + self.tax1 + self.tax2
    }
}

impl Left {
    pub(crate) async fn of(tx: &mut Tx, invoice: &Document, original: &[Line]) -> Result<Self, Fault> {
        let mut credited = Vec::new();
        for note in corrections(tx, invoice.id).await? {
            credited.extend(lines(tx, note.id).await?);
        }
        Ok(Self::after(original, &credited))
    }

    /// What the lines of credit notes leave of an invoice's lines.
    pub(crate) fn after(original: &[Line], credited: &[Line]) -> Self {
        let mut left: Vec<Amounts> = original.iter().map(Amounts::of).collect();
        for line in credited {
            let at = line.inputs.corrects_line.and_then(|n| usize::try_from(n - 1).ok());
            if let Some(rest) = at.and_then(|at| left.get_mut(at)) {
                rest.net -= line.net_minor;
                rest.tax1 -= line.tax1.minor;
                rest.tax2 -= line.tax2.minor;
            }
        }
        Self(left)
    }

    pub(crate) fn amounts(&self) -> &[Amounts] {
        &self.0
    }

    pub(crate) fn total(&self) -> i64 {
        self.0.iter().map(|a| a.total()).sum()
    }
}

/// The lines of the credit note.
fn credit_lines(
    invoice: &Document,
    original: &[Line],
    left: &Left,
    part: &Part,
) -> Result<Vec<Line>, BillError> {
    let wanted = wanted(invoice.currency, original, left, part)?;
    let mut lines = Vec::with_capacity(wanted.len());
    for (index, minor) in wanted {
        let (line, rest) = (&original[index], left.0[index]);
        let untouched = rest == Amounts::of(line);
        let taken = if minor == rest.total() { rest } else { share(line, rest, minor)? };
        if taken == (Amounts { net: 0, tax1: 0, tax2: 0 }) {
            continue;
        }
        let is_whole = untouched && taken == rest;
        lines.push(given_back(
            line,
            i64::try_from(index + 1).expect("an invoice has few lines"),
            taken,
            is_whole,
        ));
    }
    Ok(lines)
}

/// Which lines, by index, and how much of each with tax.
fn wanted(
    currency: Currency,
    original: &[Line],
    left: &Left,
    part: &Part,
) -> Result<Vec<(usize, i64)>, BillError> {
    let all = || left.0.iter().enumerate().map(|(at, rest)| (at, rest.total())).collect::<Vec<_>>();
    let too_much = |minor: i64| {
        let rest = Money::new(left.total(), currency);
        let asked = Money::new(minor, currency);
        BillError::field("amount", format!("{asked} is more than what is left of the invoice, {rest}."))
    };
    match part {
        Part::Whole => Ok(all()),
        Part::Amount(minor) => {
            if *minor <= 0 {
                return Err(BillError::field("amount", "Enter an amount above zero."));
            }
            if *minor > left.total() {
                return Err(too_much(*minor));
            }
            if *minor == left.total() {
                return Ok(all());
            }
            let weights: Vec<u64> =
                left.0.iter().map(|rest| u64::try_from(rest.total()).unwrap_or(0)).collect();
            let parts = Money::new(*minor, currency).allocate(&weights);
            Ok(parts.iter().map(Money::minor).enumerate().filter(|(_, minor)| *minor != 0).collect())
        }
        Part::Lines(chosen) => {
            let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
            for (line_no, minor) in chosen {
                let at = usize::try_from(line_no - 1).ok().filter(|at| *at < original.len());
                let field = format!("lines[{line_no}]");
                let at = at.ok_or_else(|| BillError::field(field.clone(), "There is no such line."))?;
                let rest = left.0[at].total();
                if *minor != rest && !(0 < *minor && *minor < rest) {
                    let rest = Money::new(rest, currency);
                    return Err(BillError::field(
                        field,
                        format!("At most {rest} of this line can be given back."),
                    ));
                }
                if sums.insert(at, *minor).is_some() {
                    return Err(BillError::field(field, "Name each line once."));
                }
            }
            let sum: i64 = sums.values().sum();
            if sum > left.total() {
                return Err(too_much(sum));
            }
            Ok(sums.into_iter().collect())
        }
    }
}

/// Part of a line with its share of the tax: net first, each rounded once, never more than is left of each part, and
/// together exactly the amount.
fn share(line: &Line, rest: Amounts, minor: i64) -> Result<Amounts, MoneyError> {
    let whole = Amounts::of(line);
    // The currency plays no part in a proportion.
    let part = |of: i64, out_of: i64, amount: i64| -> Result<i64, MoneyError> {
        if out_of == 0 {
            return Ok(0);
        }
        Ok(Money::new(amount, Currency::EUR).fraction(of, out_of, LINE_ROUNDING)?.minor())
    };
    let net = part(whole.net, whole.total(), minor)?.clamp(minor - rest.tax1 - rest.tax2, rest.net);
    let tax = minor - net;
    let tax1 = part(whole.tax1, whole.tax1 + whole.tax2, tax)?.clamp(tax - rest.tax2, rest.tax1);
    Ok(Amounts { net, tax1, tax2: tax - tax1 })
}

fn given_back(line: &Line, line_no: i64, taken: Amounts, is_whole: bool) -> Line {
    if is_whole {
        let inputs = LineInputs { corrects_line: Some(line_no), ..line.inputs.clone() };
        return Line { inputs, ..line.clone() };
    }
    let tax = |from: TaxPart, minor: i64| TaxPart { minor, ..from };
    Line {
        spec: LineSpec { quantity: 1, unit_minor: taken.net, share: Fraction::ONE, ..line.spec.clone() },
        gross_minor: taken.net,
        discount_minor: 0,
        net_minor: taken.net,
        tax1: tax(line.tax1, taken.tax1),
        tax2: tax(line.tax2, taken.tax2),
        inputs: LineInputs { corrects_line: Some(line_no), ..LineInputs::default() },
    }
}
