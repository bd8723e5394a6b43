//! Taking an invoice back whose sale does not happen: nothing is owed for it any more, and what was paid is the
//! customer's again.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_payments::RefundRefused;

use super::refund::{RefundFrom, RefundRequest, RefundTo, refund_in};
use super::{delivery, store};
use crate::error::BillError;
use crate::invoices::InvoiceState;
use crate::invoices::credit_note::{CreditNoteRequest, Left, Part, credit_note};
use crate::invoices::line::Line;
use crate::invoices::store::{Document, corrections, find, lines};
use crate::invoices::void::void;

const UNDER_WAY: &str =
    "A payment for this invoice is under way. Wait until its outcome is known, then try again.";

/// Where what was paid goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidBack {
    /// It stays as the customer's credit.
    Credit,
    /// Back the way it came; what cannot go that way stays as credit.
    Gateway,
}

/// What taking an invoice back did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Nothing of it was settled, so that it is void.
    pub voided: bool,
    /// The credit note, when something was settled.
    pub credit_note_id: Option<i64>,
    /// How much became the customer's credit, minor units.
    pub to_credit_minor: i64,
    /// How much of that is on its way back.
    pub refunded_minor: i64,
    /// How much was held and is let go: it never was ours.
    pub released_minor: i64,
    /// The refunds.
    pub refunds: Vec<i64>,
}

/// Takes an invoice back in the caller's transaction. `key` names the attempt: the same key refunds once. An invoice
/// that asks for nothing any more is left alone.
///
/// # Errors
/// [`BillError::Refused`] while a payment for it is under way: nobody knows yet what there will be to give back. What is
/// only held is let go, for other invoices too only what was held for this one.
pub async fn take_back(
    tx: &mut Tx,
    invoice_id: i64,
    reason: &str,
    paid: PaidBack,
    key: &str,
) -> Result<TakenBack, BillError> {
    let invoice = find(tx, invoice_id).await?.ok_or(BillError::NotFound("invoice"))?;
    let released_minor = delivery::let_go(tx, invoice_id).await?;
    refuse_while_paid(tx, invoice_id).await?;
    let untouched = invoice.settled_minor == 0 && corrections(tx, invoice_id).await?.is_empty();
    let whole = Taking { part: Part::Whole, reason, paid, key };
    match invoice.state {
        InvoiceState::Open if untouched => {
            void(tx, invoice_id, reason).await?;
            let released_minor = released_minor + delivery::owed_less(tx, invoice_id).await?;
            return Ok(TakenBack { voided: true, released_minor, ..TakenBack::default() });
        }
        InvoiceState::Open | InvoiceState::Paid if invoice.totals.total_minor > 0 => {}
        InvoiceState::Open
        | InvoiceState::Paid
        | InvoiceState::Draft
        | InvoiceState::Void
        | InvoiceState::Uncollectible => return Ok(TakenBack::default()),
    }
    // All of it was given back by hand before: what it was for can end all the same.
    let original = lines(tx, invoice_id).await?;
    if Left::of(tx, &invoice, &original).await?.total() == 0 {
        return Ok(TakenBack { released_minor, ..TakenBack::default() });
    }
    let back = give_back(tx, &invoice, whole).await?;
    let released_minor = released_minor + back.released_minor;
    Ok(TakenBack { released_minor, ..back })
}

/// Refuses while nobody knows what a payment for an invoice brings. What is held and can be let go in parts is known.
async fn refuse_while_paid(tx: &mut Tx, invoice_id: i64) -> Result<(), BillError> {
    if delivery::is_held_in_parts(tx, invoice_id).await? || !is_being_paid(tx, invoice_id).await? {
        return Ok(());
    }
    Err(BillError::refused(UNDER_WAY))
}

/// Whether what is held for an invoice of some subscriptions is for something else too, on it or on others: then it is not
/// let go whole.
///
/// # Errors
/// Faults of the database.
pub async fn is_held_for_more(tx: &mut Tx, subscriptions: &[i64], invoice_id: i64) -> Result<bool, Fault> {
    if !delivery::is_held(tx, invoice_id).await? {
        return Ok(false);
    }
    let is_its = |line: &Line| line.spec.subscription_id.is_some_and(|id| subscriptions.contains(&id));
    let original = lines(tx, invoice_id).await?;
    Ok(!original.iter().all(is_its) || delivery::is_held_with_others(tx, invoice_id).await?)
}

/// The invoices that ask for a subscription, or asked for it and were paid; oldest first.
///
/// # Errors
/// Faults of the database.
pub async fn invoices_of(tx: &mut Tx, subscription: i64) -> Result<Vec<i64>, Fault> {
    tx.query(&store::LIVE_WITH, params![subscription], |row| row.get(0)).await
}

/// Takes back what invoices ask for one subscription, in the caller's transaction; what else is on them stays owed. As
/// [`take_back`] otherwise.
///
/// # Errors
/// As [`take_back`].
pub async fn take_back_lines(
    tx: &mut Tx,
    subscription: i64,
    reason: &str,
    paid: PaidBack,
    key: &str,
) -> Result<TakenBack, BillError> {
    let mut done = TakenBack::default();
    for invoice_id in invoices_of(tx, subscription).await? {
        let key = format!("{key}:{invoice_id}");
        let original = lines(tx, invoice_id).await?;
        let is_its = |line: &Line| line.spec.subscription_id == Some(subscription);
        let back = if original.iter().all(is_its) {
            take_back(tx, invoice_id, reason, paid, &key).await?
        } else {
            take_back_some(
                tx,
                invoice_id,
                &original,
                is_its,
                Taking { part: Part::Whole, reason, paid, key: &key },
            )
            .await?
        };
        done.voided |= back.voided;
        done.credit_note_id = back.credit_note_id.or(done.credit_note_id);
        done.to_credit_minor += back.to_credit_minor;
        done.refunded_minor += back.refunded_minor;
        done.released_minor += back.released_minor;
        done.refunds.extend(back.refunds);
    }
    Ok(done)
}

async fn take_back_some(
    tx: &mut Tx,
    invoice_id: i64,
    original: &[Line],
    is_its: impl Fn(&Line) -> bool,
    taking: Taking<'_>,
) -> Result<TakenBack, BillError> {
    let invoice = find(tx, invoice_id).await?.ok_or(BillError::NotFound("invoice"))?;
    refuse_while_paid(tx, invoice_id).await?;
    let left = Left::of(tx, &invoice, original).await?;
    let rest = (1..).zip(original.iter().zip(left.amounts()));
    let chosen: Vec<(i64, i64)> = rest
        .filter(|(_, (line, rest))| is_its(line) && rest.total() != 0)
        .map(|(number, (_, rest))| (number, rest.total()))
        .collect();
    if chosen.is_empty() {
        return Ok(TakenBack::default());
    }
    give_back(tx, &invoice, Taking { part: Part::Lines(chosen), ..taking }).await
}

/// What is taken back, why, where what was paid goes, and the name of the attempt.
struct Taking<'a> {
    part: Part,
    reason: &'a str,
    paid: PaidBack,
    key: &'a str,
}

async fn give_back(tx: &mut Tx, invoice: &Document, taking: Taking<'_>) -> Result<TakenBack, BillError> {
    let Taking { part, reason, paid, key } = taking;
    let invoice_id = invoice.id;
    // Before the credit note: what each payment brought to this invoice.
    let allocated = store::allocations(tx, invoice_id).await?;
    let request = CreditNoteRequest { invoice_id, part, reason: reason.to_owned() };
    let note = credit_note(tx, &request).await?;
    let mut done = TakenBack {
        credit_note_id: Some(note.id),
        to_credit_minor: note.to_credit_minor,
        released_minor: delivery::owed_less(tx, invoice_id).await?,
        ..TakenBack::default()
    };
    if paid == PaidBack::Credit {
        return Ok(done);
    }
    let payments = allocated.iter().filter(|a| a.source_kind == "payment" && a.reversed_at.is_none());
    for allocation in payments {
        let minor = allocation.amount_minor.min(done.to_credit_minor - done.refunded_minor);
        let payment_id = allocation.source_id;
        if minor <= 0 || !can_go_back(tx, payment_id).await? {
            continue;
        }
        let refund = RefundRequest {
            payment_id,
            amount: Money::new(minor, invoice.currency),
            to: RefundTo::Gateway,
            from: RefundFrom::Credit,
            reason: reason.to_owned(),
            form_key: format!("{key}:{payment_id}"),
        };
        let refunded = refund_in(tx, &refund).await?;
        done.refunded_minor += minor;
        done.refunds.extend(refunded.refund_id);
    }
    Ok(done)
}

/// Whether a charge for the invoice may still bring money.
pub async fn is_being_paid(tx: &mut Tx, invoice_id: i64) -> Result<bool, BillError> {
    let live = tx.query_opt(&store::LIVE_CHARGE, params![invoice_id], |row| row.get::<i64>(0)).await?;
    let Some(live) = live else { return Ok(false) };
    let payment = bursar_payments::find(tx, Id::new(live)).await?;
    // Captured money whose news has not come round is on its way to the invoice.
    let over = payment.is_none_or(|payment| {
        payment.state.is_final() && payment.state != bursar_payments::PaymentState::Captured
    });
    Ok(!over)
}

/// What was received by hand does not go back by itself.
async fn can_go_back(tx: &mut Tx, payment_id: i64) -> Result<bool, RefundRefused> {
    let payment = bursar_payments::find(tx, Id::new(payment_id)).await?;
    Ok(payment.is_some_and(|payment| payment.kind == bursar_payments::PaymentKind::Charge))
}
