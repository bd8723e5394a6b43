//! The sums that are kept for the first page are the sums of what they count.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::Check;
use crate::figures::running::{counted_of, standing_of};

bursar_db::statements! {
    /// What documents say of a day.
    pub(crate) TURNED_OVER = "SELECT d.issued_on, d.currency,
            CAST(SUM(CASE WHEN d.kind = 'credit_note' THEN -l.net_minor ELSE l.net_minor END) AS BIGINT), 0
        FROM billing_invoices AS d JOIN billing_lines AS l ON l.invoice_id = d.id
        WHERE d.state NOT IN ('draft', 'void') AND l.kind <> 'add_funds' GROUP BY d.issued_on, d.currency";
    /// What is kept of a day.
    pub(crate) KEPT_DAYS = "SELECT day_on, currency, net_minor, 0 FROM billing_days";
    /// What open invoices say.
    pub(crate) OPEN = "SELECT COALESCE(due_on, '9999-12-31'), currency,
            CAST(SUM(total_minor - settled_minor) AS BIGINT), COUNT(*)
        FROM billing_invoices WHERE state = 'open' AND kind = 'invoice'
        GROUP BY COALESCE(due_on, '9999-12-31'), currency";
    /// What is kept of what is owed.
    pub(crate) KEPT_OWED = "SELECT due_on, currency, CAST(SUM(open_minor) AS BIGINT), CAST(SUM(invoices) AS BIGINT)
        FROM billing_owed GROUP BY due_on, currency";
    /// The next subscriptions.
    pub(crate) SUBSCRIPTIONS = "SELECT id FROM billing_subscriptions WHERE id > $1 ORDER BY id LIMIT 500";
    /// What the rows of running subscriptions add up to.
    pub(crate) RUNNING = "SELECT CAST(product_id AS TEXT), currency, CAST(SUM(monthly_minor) AS BIGINT), COUNT(*)
        FROM billing_running GROUP BY product_id, currency";
    /// What is kept of it.
    pub(crate) KEPT_RUNNING = "SELECT CAST(product_id AS TEXT), currency, CAST(SUM(monthly_minor) AS BIGINT),
            CAST(SUM(subscriptions) AS BIGINT)
        FROM billing_running_sums GROUP BY product_id, currency";
}

pub(super) async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let days = compare(tx, "billing.days_are_what_was_invoiced", &TURNED_OVER, &KEPT_DAYS).await?;
    let owed = compare(tx, "billing.owed_is_what_is_open", &OPEN, &KEPT_OWED).await?;
    let sums = compare(tx, "billing.running_adds_up", &RUNNING, &KEPT_RUNNING).await?;
    Ok(vec![days, owed, sums, counted(tx).await?])
}

type Sums = BTreeMap<(String, String), (i64, i64)>;

async fn sums(tx: &mut Tx, statement: &'static bursar_db::Statement) -> Result<Sums, Fault> {
    let read = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
    let rows: Vec<((String, String), (i64, i64))> = tx.query(statement, params![], read).await?;
    // Nothing is the same as no row.
    Ok(rows.into_iter().filter(|(_, sum)| *sum != (0, 0)).collect())
}

async fn compare(
    tx: &mut Tx,
    name: &'static str,
    counted: &'static bursar_db::Statement,
    kept: &'static bursar_db::Statement,
) -> Result<Check, Fault> {
    let (counted, kept) = (sums(tx, counted).await?, sums(tx, kept).await?);
    let mut check = Check::new(name, i64::try_from(counted.len()).unwrap_or(i64::MAX));
    let mut keys: Vec<_> = counted.keys().chain(kept.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (is, says) = (counted.get(key), kept.get(key));
        if is != says {
            check.fail(|| format!("{} in {}: {is:?} are counted and {says:?} are kept", key.0, key.1));
        }
    }
    Ok(check)
}

/// Every subscription counts as it stands.
async fn counted(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.running_is_what_runs", 0);
    let mut after = i64::MIN;
    loop {
        let ids: Vec<i64> = tx.query(&SUBSCRIPTIONS, params![after], |row| row.get(0)).await?;
        let Some(last) = ids.last() else { return Ok(check) };
        after = *last;
        let kept = counted_of(tx, &ids).await?;
        for (id, stands) in standing_of(tx, &ids).await? {
            check.checked += 1;
            let says = kept.get(&id).copied();
            if stands != says {
                check.fail(|| format!("subscription {id}: {stands:?} runs and {says:?} is kept"));
            }
        }
    }
}
