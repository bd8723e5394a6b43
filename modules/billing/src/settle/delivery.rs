//! Invoices for what is to be delivered: their money is held where the gateway can, taken when everything on them is
//! delivered, and let go when it never will be.
//!
//! Whoever delivers says that an invoice waits and, later, that it was delivered; whether and how its money was held is
//! not theirs to know. Money that is held asks nobody for more: such an invoice is open and not overdue. When what was
//! held is lost, it is owed like any other.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_payments::{
    Capture, Payment, PaymentFailed, PaymentHeld, PaymentState, capture_held, capture_no_more, release_held,
};

use super::store;
use crate::events::{InvoicePaid, InvoiceSecured, InvoiceUnsecured, InvoiceVoided, InvoiceWrittenOff};
use crate::invoices::InvoiceState;
use crate::invoices::store::{Document, find, find_many};

/// Whether the money for an invoice is held, or just being taken, as a condition of SQL: nobody is asked for it, and it is
/// not overdue. Given the column that has the invoice's id.
macro_rules! money_is_held {
    ($invoice:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM billing_deliveries AS h WHERE h.invoice_id = ",
            $invoice,
            " AND h.payment_id IS NOT NULL)"
        )
    };
}
pub(crate) use money_is_held;

bursar_db::statements! {
    /// An invoice waits for its delivery, unless that is known.
    pub(crate) WAIT = "INSERT INTO billing_deliveries (invoice_id, payment_id, since, delivered_at)
        VALUES ($1, NULL, $2, NULL) ON CONFLICT (invoice_id) DO NOTHING";
    /// Which of some invoices wait for their delivery.
    pub(crate) WAITING = "SELECT invoice_id FROM billing_deliveries WHERE invoice_id {any:$1} AND delivered_at IS NULL";
    /// The payment that holds an invoice's money.
    pub(crate) HELD_BY = "SELECT payment_id FROM billing_deliveries WHERE invoice_id = $1 AND payment_id IS NOT NULL";
    /// Which of some invoices have their money held.
    pub(crate) HELD_OF = "SELECT invoice_id FROM billing_deliveries
        WHERE invoice_id {any:$1} AND payment_id IS NOT NULL";
    /// Whether an invoice waits for what a payment holds the money for.
    pub(crate) STILL_WAITS = "SELECT invoice_id FROM billing_deliveries
        WHERE payment_id = $1 AND delivered_at IS NULL LIMIT 1";
    /// The money for it is held.
    pub(crate) SECURE = "UPDATE billing_deliveries SET payment_id = $2
        WHERE invoice_id = $1 AND delivered_at IS NULL AND payment_id IS NULL";
    /// Everything on it is delivered.
    pub(crate) DELIVER = "UPDATE billing_deliveries SET delivered_at = $2 WHERE invoice_id = $1 AND delivered_at IS NULL";
    /// The invoices that a payment holds money for.
    pub(crate) SECURED_BY = "SELECT invoice_id FROM billing_deliveries WHERE payment_id = $1 ORDER BY invoice_id";
    /// A payment holds nothing any more.
    pub(crate) END_HOLD = "UPDATE billing_deliveries SET payment_id = NULL WHERE payment_id = $1";
}

/// Says that an invoice is for something that is still to be delivered: a charge for all of it is held and not taken,
/// where that can be. Said again it changes nothing.
///
/// # Errors
/// Faults of the database.
pub async fn deliver_first(tx: &mut Tx, invoice_id: i64) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&WAIT, params![invoice_id, now]).await.map(drop)
}

/// Says that everything on an invoice is delivered: what is held for it is taken. Said again, or of an invoice that never
/// waited, it changes nothing.
///
/// # Errors
/// Faults of the database.
pub async fn delivered(tx: &mut Tx, invoice_id: i64) -> Result<(), Fault> {
    let now = tx.now();
    if tx.exec(&DELIVER, params![invoice_id, now]).await? == 0 {
        return Ok(());
    }
    match held_by(tx, invoice_id).await? {
        Some(payment) => take(tx, payment).await,
        None => Ok(()),
    }
}

/// Takes what is owed of what a payment holds, once nothing that it is for waits any more.
async fn take(tx: &mut Tx, payment: Id<Payment>) -> Result<(), Fault> {
    let waits = tx.query_opt(&STILL_WAITS, params![payment], |row| row.get::<i64>(0)).await?;
    if waits.is_some() {
        return Ok(());
    }
    if lower(tx, payment).await?.is_held {
        capture_held(tx, payment).await?;
    }
    Ok(())
}

/// What is left of a hold.
struct Lowered {
    /// Something of it is still to be taken.
    is_held: bool,
    /// How much of it is not to be taken any more, minor units.
    released_minor: i64,
}

/// Makes a hold no more than what is owed of its invoices; where nothing is, it is let go. What is held whole or not at all
/// stays as it is, and what is too much then becomes the customer's credit.
async fn lower(tx: &mut Tx, id: Id<Payment>) -> Result<Lowered, Fault> {
    let unchanged = Lowered { is_held: true, released_minor: 0 };
    let payment = bursar_payments::find(tx, id).await?.filter(|it| it.state == PaymentState::Held);
    let Some(payment) = payment else { return Ok(unchanged) };
    let meant = payment.part.unwrap_or(payment.amount).minor();
    let owed = owed(tx, &payment).await?.min(meant);
    if owed == 0 {
        if !release_held(tx, id).await? {
            return Ok(unchanged);
        }
        end(tx, id).await?;
        return Ok(Lowered { is_held: false, released_minor: meant });
    }
    if owed == meant || !capture_no_more(tx, id, Money::new(owed, payment.amount.currency())).await? {
        return Ok(unchanged);
    }
    Ok(Lowered { is_held: true, released_minor: meant - owed })
}

/// What is still owed of what a payment holds money for, minor units.
async fn owed(tx: &mut Tx, payment: &Payment) -> Result<i64, Fault> {
    let parts = &payment.purpose.invoices;
    let ids: Vec<i64> = parts.iter().map(|(id, _)| *id).collect();
    let found = if ids.is_empty() { Vec::new() } else { find_many(tx, &ids).await? };
    let of = |(id, meant): &(i64, i64)| {
        let invoice = found.iter().find(|invoice| invoice.id == *id && asks(invoice, payment.customer));
        invoice.map_or(0, |invoice| invoice.open_minor().min(*meant))
    };
    Ok(parts.iter().map(of).sum())
}

/// Whether the money for an invoice is held in such a way that a part of it can be let go.
///
/// # Errors
/// Faults of the database.
pub async fn is_held_in_parts(tx: &mut Tx, invoice_id: i64) -> Result<bool, Fault> {
    let Some(payment) = held_by(tx, invoice_id).await? else { return Ok(false) };
    let payment = bursar_payments::find(tx, payment).await?;
    Ok(payment.is_some_and(|payment| payment.state == PaymentState::Held && payment.takes_parts))
}

/// A part of what an invoice asked for is not owed any more: what is held for that is let go, and the rest is taken if
/// nothing else is waited for. How much is let go, minor units.
pub(crate) async fn owed_less(tx: &mut Tx, invoice_id: i64) -> Result<i64, Fault> {
    let Some(payment) = held_by(tx, invoice_id).await? else { return Ok(0) };
    let lowered = lower(tx, payment).await?;
    let is_open = find(tx, invoice_id).await?.is_some_and(|invoice| asks(&invoice, invoice.customer_id));
    if !is_open && lowered.is_held {
        wait_no_more(tx, invoice_id, payment).await?;
    }
    Ok(lowered.released_minor)
}

/// What a payment holds is not for an invoice any more: whatever else it is for may be taken.
async fn wait_no_more(tx: &mut Tx, invoice_id: i64, payment: Id<Payment>) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&DELIVER, params![invoice_id, now]).await?;
    take(tx, payment).await
}

/// Takes all that is held for an invoice now, whatever else waits for its delivery: for holds of which no part can be let
/// go. What of it is not owed becomes credit or goes back. False when nothing is held.
///
/// # Errors
/// Faults of the database.
pub async fn take_held(tx: &mut Tx, invoice_id: i64) -> Result<bool, Fault> {
    let Some(payment) = held_by(tx, invoice_id).await? else { return Ok(false) };
    let now = tx.now();
    tx.exec(&DELIVER, params![invoice_id, now]).await?;
    capture_held(tx, payment).await
}

/// Whether the money for an invoice is held, and not on its way.
///
/// # Errors
/// Faults of the database.
pub async fn is_held(tx: &mut Tx, invoice_id: i64) -> Result<bool, Fault> {
    let Some(payment) = held_by(tx, invoice_id).await? else { return Ok(false) };
    Ok(bursar_payments::find(tx, payment).await?.is_some_and(|payment| payment.state == PaymentState::Held))
}

/// Whether what is held for an invoice is for other invoices too.
///
/// # Errors
/// Faults of the database.
pub async fn is_held_with_others(tx: &mut Tx, invoice_id: i64) -> Result<bool, Fault> {
    let Some(payment) = held_by(tx, invoice_id).await? else { return Ok(false) };
    let payment = bursar_payments::find(tx, payment).await?;
    Ok(payment.is_some_and(|payment| payment.purpose.invoices.len() > 1))
}

/// Which of some invoices have their money held, or just being taken.
pub(crate) async fn held_of(tx: &mut Tx, invoices: &[i64]) -> Result<Vec<i64>, Fault> {
    if invoices.is_empty() {
        return Ok(Vec::new());
    }
    tx.query(&HELD_OF, params![invoices], |row| row.get(0)).await
}

async fn held_by(tx: &mut Tx, invoice_id: i64) -> Result<Option<Id<Payment>>, Fault> {
    tx.query_opt(&HELD_BY, params![invoice_id], |row| row.get::<Id<Payment>>(0)).await
}

/// When the money of a charge is taken: later, if all of it is for invoices that wait and pays all that is open on them.
/// A part would neither let anything be delivered nor let the rest be paid.
pub(crate) async fn capture_of(tx: &mut Tx, parts: &[(i64, i64)]) -> Result<Capture, Fault> {
    let ids: Vec<i64> = parts.iter().map(|(id, _)| *id).collect();
    let waiting: Vec<i64> = tx.query(&WAITING, params![ids.as_slice()], |row| row.get(0)).await?;
    let invoices = find_many(tx, &ids).await?;
    let is_whole = |(id, minor): &(i64, i64)| {
        let invoice = invoices.iter().find(|invoice| invoice.id == *id);
        waiting.contains(id) && invoice.is_some_and(|invoice| invoice.open_minor() == *minor)
    };
    Ok(if parts.iter().all(is_whole) { Capture::Later } else { Capture::AtOnce })
}

/// Lets go of what is held for an invoice alone that is taken back, and returns how much that was.
pub(crate) async fn let_go(tx: &mut Tx, invoice_id: i64) -> Result<i64, Fault> {
    let Some(id) = held_by(tx, invoice_id).await? else { return Ok(0) };
    let Some(payment) = bursar_payments::find(tx, id).await? else { return Ok(0) };
    if payment.purpose.invoices.len() > 1 || !release_held(tx, id).await? {
        return Ok(0);
    }
    end(tx, id).await?;
    Ok(payment.amount.minor())
}

/// A payment holds nothing for any invoice any more, and none waits for it.
async fn end(tx: &mut Tx, payment: Id<Payment>) -> Result<(), Fault> {
    tx.exec(&END_HOLD, params![payment]).await?;
    tx.exec(&store::END_CHARGE, params![payment]).await.map(drop)
}

/// The subscriber `billing.secure_invoices`.
pub(crate) async fn on_held(tx: &mut Tx, held: PaymentHeld) -> Result<(), Fault> {
    let payment = Id::<Payment>::new(held.payment_id);
    let is_live = bursar_payments::find(tx, payment).await?.is_some_and(|it| it.state == PaymentState::Held);
    if !is_live {
        return Ok(());
    }
    let ids: Vec<i64> = held.purpose.invoices.iter().map(|(id, _)| *id).collect();
    let found = if ids.is_empty() { Vec::new() } else { find_many(tx, &ids).await? };
    let open: Vec<&Document> = found.iter().filter(|invoice| asks(invoice, held.customer_id)).collect();
    if open.is_empty() {
        // Settled otherwise, or taken back, while the gateway was asked.
        release_held(tx, payment).await?;
        return Ok(());
    }
    for invoice in open {
        if tx.exec(&SECURE, params![invoice.id, payment]).await? == 1 {
            let (invoice_id, customer_id) = (invoice.id, invoice.customer_id);
            bursar_events::emit(tx, &InvoiceSecured { invoice_id, customer_id }).await?;
        }
    }
    // What was delivered while the gateway was asked is paid for now.
    take(tx, payment).await
}

fn asks(invoice: &Document, customer: i64) -> bool {
    invoice.state == InvoiceState::Open && invoice.customer_id == customer && invoice.open_minor() > 0
}

/// What was held for invoices is not any more, and the money did not come.
pub(crate) async fn lost(tx: &mut Tx, failed: &PaymentFailed) -> Result<(), Fault> {
    let id = failed.payment_id;
    let secured: Vec<i64> = tx.query(&SECURED_BY, params![id], |row| row.get(0)).await?;
    tx.exec(&END_HOLD, params![id]).await?;
    for invoice_id in secured {
        let Some(invoice) = find(tx, invoice_id).await? else { continue };
        if asks(&invoice, invoice.customer_id) {
            let (customer_id, state) = (invoice.customer_id, failed.state.clone());
            bursar_events::emit(tx, &InvoiceUnsecured { invoice_id, customer_id, state }).await?;
        }
    }
    Ok(())
}

/// An invoice asks for nothing any more: what is held for it is let go, and what else its hold is for waits for it no more.
async fn asks_nothing(tx: &mut Tx, invoice_id: i64) -> Result<(), Fault> {
    let_go(tx, invoice_id).await?;
    match held_by(tx, invoice_id).await? {
        Some(payment) => wait_no_more(tx, invoice_id, payment).await,
        None => Ok(()),
    }
}

/// The subscriber `billing.hold_after_payment`: an invoice that was paid otherwise needs no hold.
pub(crate) async fn on_paid(tx: &mut Tx, paid: InvoicePaid) -> Result<(), Fault> {
    asks_nothing(tx, paid.invoice_id).await
}

/// The subscriber `billing.hold_after_void`.
pub(crate) async fn on_voided(tx: &mut Tx, voided: InvoiceVoided) -> Result<(), Fault> {
    asks_nothing(tx, voided.invoice_id).await
}

/// The subscriber `billing.hold_after_write_off`.
pub(crate) async fn on_written_off(tx: &mut Tx, written_off: InvoiceWrittenOff) -> Result<(), Fault> {
    asks_nothing(tx, written_off.invoice_id).await
}
