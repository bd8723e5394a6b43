//! Invoices past their due date: noticing them once, and the late fee.
//!
//! Being overdue is no state of its own: an open invoice whose due date is before today is overdue, unless its money is
//! held. What is kept is that it was announced, and which late fee it was given, so that neither happens twice.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_money::{Currency, Money, Ppm, Rounding};
use bursar_time::{Date, Fraction, plus_days};

use super::InvoiceState;
use super::issue::{NewInvoice, Office, issue_invoice, profile};
use super::line::{LineKind, LineSpec};
use super::store::{Document, find};
use crate::error::BillError;
use crate::events::InvoiceOverdue;
use crate::permissions;
use crate::settings::BillingSettings;
use crate::settle::delivery::money_is_held;

bursar_db::statements! {
    /// Overdue invoices that nobody noticed yet, in the order of the index of what is unsettled.
    pub(crate) NEWLY_OVERDUE = concat!("SELECT i.id, i.customer_id, i.due_on FROM billing_invoices AS i
        WHERE i.state = 'open' AND i.kind = 'invoice' AND i.due_on < $1 AND (i.due_on, i.id) > ($2, $3)
            AND NOT EXISTS (SELECT 1 FROM billing_overdue AS o WHERE o.invoice_id = i.id)
            AND NOT ", money_is_held!("i.id"), "
        ORDER BY i.due_on, i.id LIMIT $4");
    /// Overdue invoices that may get a late fee.
    pub(crate) FOR_FEE = concat!("SELECT i.id, i.due_on FROM billing_invoices AS i
        WHERE i.state = 'open' AND i.kind = 'invoice' AND i.source <> 'late_fee' AND i.due_on <= $1
            AND (i.due_on, i.id) > ($2, $3)
            AND NOT EXISTS (SELECT 1 FROM billing_overdue AS o
                WHERE o.invoice_id = i.id AND o.fee_invoice_id IS NOT NULL)
            AND NOT ", money_is_held!("i.id"), "
        ORDER BY i.due_on, i.id LIMIT $4");
    /// Notices an invoice once.
    pub(crate) NOTICE = "INSERT INTO billing_overdue (invoice_id, noticed_at) VALUES ($1, $2)
        ON CONFLICT (invoice_id) DO NOTHING";
    /// Gives an invoice its one late fee.
    pub(crate) SET_FEE = "UPDATE billing_overdue SET fee_invoice_id = $2 WHERE invoice_id = $1 AND fee_invoice_id IS NULL";
    /// The late fee an invoice was given.
    pub(crate) FEE_OF = "SELECT fee_invoice_id FROM billing_overdue WHERE invoice_id = $1";
}

/// Invoices per transaction.
const BATCH: i64 = 500;

/// Announces invoices that became overdue, each once. Returns how many.
pub async fn notice_overdue(cx: &Cx, as_of: Date) -> Result<u64, BillError> {
    cx.require(permissions::RUN_BILLING)?;
    let (mut cursor, mut noticed) = ((Date::ZERO, i64::MIN), 0);
    loop {
        let page = cx.write(async move |tx: &mut Tx| notice_page(tx, as_of, cursor).await).await?;
        let Some((last, count)) = page else { return Ok(noticed) };
        cursor = last;
        noticed += count;
    }
}

async fn notice_page(
    tx: &mut Tx,
    as_of: Date,
    (due_on, id): (Date, i64),
) -> Result<Option<((Date, i64), u64)>, BillError> {
    let page = tx
        .query(&NEWLY_OVERDUE, params![as_of, due_on, id, BATCH], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<Date>(2)?))
        })
        .await?;
    let Some((last_id, _, last_due)) = page.last().copied() else { return Ok(None) };
    let now = tx.now();
    let mut events = Vec::with_capacity(page.len());
    for (invoice_id, customer_id, _) in page {
        if tx.exec(&NOTICE, params![invoice_id, now]).await? == 1 {
            events.push(InvoiceOverdue { invoice_id, customer_id });
        }
    }
    bursar_events::emit_all(tx, &events).await?;
    Ok(Some(((last_due, last_id), events.len() as u64)))
}

/// Charges the late fee of the settings on every invoice that is so many days overdue: as an invoice of its own that
/// names it, once per invoice, not to customers who are exempt, and not on late fees. Returns how many were charged.
pub async fn charge_late_fees(cx: &Cx, as_of: Date) -> Result<u64, BillError> {
    cx.require(permissions::RUN_BILLING)?;
    let settings = cx.read(async |tx: &mut Tx| BillingSettings::load(tx).await).await?;
    if settings.late_fee_ppm == 0 && settings.late_fee_minor == 0 {
        return Ok(0);
    }
    // Overdue by at least one day, whatever the settings say.
    let until = plus_days(as_of, -settings.late_fee_days.max(1))
        .map_err(|e| bursar_fault::Fault::wrap("the date of late fees", e))?;
    let (mut cursor, mut charged) = ((Date::ZERO, i64::MIN), 0);
    loop {
        let (due_on, id) = cursor;
        let page = cx
            .read(async move |tx: &mut Tx| {
                tx.query(&FOR_FEE, params![until, due_on, id, BATCH], |row| {
                    Ok((row.get::<Date>(1)?, row.get::<i64>(0)?))
                })
                .await
            })
            .await?;
        let Some(last) = page.last().copied() else { return Ok(charged) };
        cursor = last;
        for (_, id) in page {
            let is_charged = cx.write(async move |tx: &mut Tx| charge_fee(tx, id).await).await?;
            charged += u64::from(is_charged);
        }
    }
}

/// Charges the fee of one invoice; false when there is none to charge (any more).
async fn charge_fee(tx: &mut Tx, invoice_id: i64) -> Result<bool, BillError> {
    let Some(invoice) = find(tx, invoice_id).await?.filter(|d| d.state == InvoiceState::Open) else {
        return Ok(false);
    };
    if profile(tx, invoice.customer_id).await?.late_fee_exempt {
        return Ok(false);
    }
    let now = tx.now();
    tx.exec(&NOTICE, params![invoice_id, now]).await?;
    let fee = tx.query_one(&FEE_OF, params![invoice_id], |row| row.get::<Option<i64>>(0)).await?;
    if fee.is_some() {
        return Ok(false);
    }
    let office = Office::load(tx).await?;
    let minor = fee_minor(&office.settings, invoice.open_minor(), invoice.currency)?;
    if minor <= 0 {
        return Ok(false);
    }
    let issued = issue_invoice(tx, &office, fee_invoice(&invoice, minor)).await?;
    tx.exec_one(&SET_FEE, params![invoice_id, issued.id]).await?;
    Ok(true)
}

fn fee_invoice(invoice: &Document, minor: i64) -> NewInvoice {
    let number = invoice.number.as_deref().unwrap_or_default();
    let spec = LineSpec {
        kind: LineKind::LateFee,
        subscription_id: None,
        item_id: None,
        description: format!("Late fee for {number}"),
        quantity: 1,
        unit_minor: minor,
        period: None,
        share: Fraction::ONE,
        // Compensation for damage, not the price of a supply.
        taxable: false,
    };
    NewInvoice {
        id: None,
        customer_id: invoice.customer_id,
        lines: vec![(spec, Vec::new())],
        due_on: None,
        notes: None,
        source: "late_fee",
    }
}

/// The share of what is open, rounded half-even, but at least the least fee.
fn fee_minor(settings: &BillingSettings, open_minor: i64, currency: Currency) -> Result<i64, BillError> {
    let share = Money::new(open_minor, currency).ppm(Ppm::new(settings.late_fee_ppm), Rounding::HalfEven)?;
    Ok(share.minor().max(settings.late_fee_minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fee_is_a_share_of_what_is_open_but_not_less_than_the_least() {
        let settings =
            BillingSettings { late_fee_ppm: 25_000, late_fee_minor: 500, ..BillingSettings::default() };
        let fee = |open| fee_minor(&settings, open, Currency::EUR).unwrap();
        assert_eq!(fee(100_000), 2_500, "2.5 % of 1000.00");
        assert_eq!(fee(10_000), 500, "2.50 is less than 5.00");
        assert_eq!(fee(20_020), 500, "500.5 to the even cent");
        assert_eq!(fee(20_060), 502, "501.5 to the even cent");
    }
}
