//! Invariant 2: an item is billed once per period, and never for a time it did not have.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Date;

use super::{Check, count};

bursar_db::statements! {
    /// Every billed period, item by item.
    pub(crate) PERIODS = "SELECT item_id, start_on, end_on, invoice_id FROM billing_billed_periods ORDER BY item_id, start_on";
    /// How many recurring lines must have a guard.
    pub(crate) COUNT_RECURRING = "SELECT COUNT(*) FROM billing_lines AS l JOIN billing_invoices AS d ON d.id = l.invoice_id
        WHERE l.kind = 'recurring' AND l.item_id IS NOT NULL AND d.kind = 'invoice'
            AND d.state IN ('open', 'paid', 'uncollectible') AND d.source <> 'import'";
    /// Recurring lines without their guard.
    pub(crate) UNGUARDED = "SELECT l.invoice_id, l.line_no FROM billing_lines AS l
        JOIN billing_invoices AS d ON d.id = l.invoice_id
        LEFT JOIN billing_billed_periods AS b ON b.item_id = l.item_id AND b.start_on = l.start_on
        WHERE l.kind = 'recurring' AND l.item_id IS NOT NULL AND d.kind = 'invoice'
            AND d.state IN ('open', 'paid', 'uncollectible') AND d.source <> 'import'
            AND (b.invoice_id IS NULL OR b.invoice_id <> l.invoice_id OR b.line_no <> l.line_no OR b.end_on <> l.end_on)
        ORDER BY l.invoice_id, l.line_no";
    /// Guards whose line is not there, or whose document is void or a draft.
    pub(crate) STRAY = "SELECT b.item_id, b.start_on, b.invoice_id FROM billing_billed_periods AS b
        LEFT JOIN billing_invoices AS d ON d.id = b.invoice_id
        LEFT JOIN billing_lines AS l ON l.invoice_id = b.invoice_id AND l.line_no = b.line_no
        WHERE d.id IS NULL OR d.state IN ('void', 'draft')
            OR (d.source <> 'import' AND (l.item_id IS NULL OR l.item_id <> b.item_id))
        ORDER BY b.item_id, b.start_on";
    /// Periods before the subscription began, or before the item was to be billed.
    pub(crate) TOO_EARLY = "SELECT b.item_id, b.start_on FROM billing_billed_periods AS b
        JOIN billing_items AS i ON i.id = b.item_id
        JOIN billing_subscriptions AS s ON s.id = i.subscription_id
        JOIN billing_invoices AS d ON d.id = b.invoice_id
        WHERE d.source <> 'import' AND (b.start_on < s.started_on OR b.start_on < i.billed_from_on)
        ORDER BY b.item_id, b.start_on";
    /// How many guards there are.
    pub(crate) COUNT_PERIODS = "SELECT COUNT(*) FROM billing_billed_periods";
}

pub(super) async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let periods = count(tx, &COUNT_PERIODS).await?;
    let mut overlap = Check::new("billing.periods_do_not_overlap", periods);
    let mut last: Option<(i64, Date)> = None;
    tx.query_each(&PERIODS, params![], |row| {
        let (item, start, end) = (row.get::<i64>(0)?, row.get::<Date>(1)?, row.get::<Date>(2)?);
        if end <= start || last.is_some_and(|(before, until)| before == item && start < until) {
            let invoice = row.get::<i64>(3)?;
            overlap.fail(|| format!("item {item} is billed twice from {start} (invoice {invoice})"));
        }
        last = Some((item, end));
        Ok(())
    })
    .await?;
    let mut guarded = Check::new("billing.recurring_lines_are_guarded", count(tx, &COUNT_RECURRING).await?);
    tx.query_each(&UNGUARDED, params![], |row| {
        let (invoice, line) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
        guarded
            .fail(|| format!("line {line} of invoice {invoice} is not guarded against being billed twice"));
        Ok(())
    })
    .await?;
    tx.query_each(&STRAY, params![], |row| {
        let (item, start, invoice) = (row.get::<i64>(0)?, row.get::<Date>(1)?, row.get::<i64>(2)?);
        guarded.fail(|| {
            format!("item {item} counts as billed from {start} by invoice {invoice}, which does not")
        });
        Ok(())
    })
    .await?;
    let mut early = Check::new("billing.no_period_before_the_start", periods);
    tx.query_each(&TOO_EARLY, params![], |row| {
        let (item, start) = (row.get::<i64>(0)?, row.get::<Date>(1)?);
        early.fail(|| format!("item {item} is billed from {start}, before it began"));
        Ok(())
    })
    .await?;
    Ok(vec![overlap, guarded, early])
}
