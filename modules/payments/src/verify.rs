//! What always holds of payments, checked over all of them.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ledger::{Account, Check};
use bursar_money::Currency;

bursar_db::statements! {
    /// How many payments there are.
    pub(crate) COUNT = "SELECT COUNT(*) FROM payments_payments";
    /// How many refunds there are.
    pub(crate) COUNT_REFUNDS = "SELECT COUNT(*) FROM payments_refunds";
    /// Payments whose refunds are not what is set aside on them.
    pub(crate) WRONGLY_REFUNDED = "SELECT p.id, p.refunded_minor, COALESCE(CAST(SUM(r.amount_minor) AS BIGINT), 0)
        FROM payments_payments AS p
        LEFT JOIN payments_refunds AS r ON r.payment_id = p.id AND r.state <> 'failed'
        GROUP BY p.id, p.refunded_minor
        HAVING p.refunded_minor <> COALESCE(CAST(SUM(r.amount_minor) AS BIGINT), 0) ORDER BY p.id";
    /// Refunds that left without an entry, or have one without having left.
    pub(crate) REFUND_ENTRIES = "SELECT id, state FROM payments_refunds
        WHERE (state = 'settled' AND destination <> 'credit') <> (entry_id IS NOT NULL)
        AND NOT (state = 'failed' AND entry_id IS NOT NULL) ORDER BY id";
    /// Entries that two payments claim.
    pub(crate) SHARED_ENTRIES = "SELECT entry_id, COUNT(*) FROM payments_payments WHERE entry_id IS NOT NULL
        GROUP BY entry_id HAVING COUNT(*) > 1 ORDER BY entry_id";
    /// What came in and was kept on the way, per gateway and currency.
    pub(crate) CAPTURED = "SELECT gateway, currency, CAST(SUM(amount_minor) AS BIGINT),
        CAST(SUM(fee_minor) AS BIGINT) FROM payments_payments WHERE state = 'captured'
        GROUP BY gateway, currency ORDER BY gateway, currency";
    /// What went out.
    pub(crate) REFUNDED = "SELECT gateway, currency, CAST(SUM(amount_minor) AS BIGINT) FROM payments_refunds
        WHERE state = 'settled' AND destination <> 'credit'
        GROUP BY gateway, currency ORDER BY gateway, currency";
}

/// Checks payments and refunds against themselves and against the ledger's cash and fee accounts.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let payments = count(tx, &COUNT).await?;
    let refunds = count(tx, &COUNT_REFUNDS).await?;
    let mut once = Check::new("payments.captured_once", payments);
    tx.query_each(&SHARED_ENTRIES, params![], |row| {
        let (entry, payments) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
        once.fail(|| format!("entry {entry} belongs to {payments} payments"));
        Ok(())
    })
    .await?;
    let mut within = Check::new("payments.refunds_within_payment", payments);
    tx.query_each(&WRONGLY_REFUNDED, params![], |row| {
        let (id, aside, sum) = (row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?);
        within.fail(|| format!("payment {id} has {aside} set aside and {sum} refunded, in minor units"));
        Ok(())
    })
    .await?;
    let mut entries = Check::new("payments.refunds_have_entries", refunds);
    tx.query_each(&REFUND_ENTRIES, params![], |row| {
        let (id, state) = (row.get::<i64>(0)?, row.text(1)?);
        entries.fail(|| format!("refund {id} is {state} and its entry does not fit that"));
        Ok(())
    })
    .await?;
    let books = check_books(tx).await?;
    Ok(vec![once, within, entries, books])
}

/// How many payments and refunds there are.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64), Fault> {
    Ok((count(tx, &COUNT).await?, count(tx, &COUNT_REFUNDS).await?))
}

/// Cash and fees in the ledger are exactly what the payments and refunds say.
async fn check_books(tx: &mut Tx) -> Result<Check, Fault> {
    let mut expected: BTreeMap<(String, Currency), (i64, i64)> = BTreeMap::new();
    tx.query_each(&CAPTURED, params![], |row| {
        let (amount, fee) = (row.get::<i64>(2)?, row.get::<i64>(3)?);
        expected.insert((row.get(0)?, row.get(1)?), (amount - fee, fee));
        Ok(())
    })
    .await?;
    tx.query_each(&REFUNDED, params![], |row| {
        expected.entry((row.get(0)?, row.get(1)?)).or_default().0 -= row.get::<i64>(2)?;
        Ok(())
    })
    .await?;
    let mut check = Check::new("payments.books_agree", 0);
    for ((gateway, currency), (cash, fees)) in expected {
        for (account, minor) in
            [(Account::Cash(gateway.clone()), cash), (Account::Fees(gateway.clone()), fees)]
        {
            check.checked += 1;
            // One question per gateway, currency and side: a handful, however many payments there are.
            let found = bursar_ledger::balance(tx, &account, currency).await?.minor();
            if found != minor {
                check.fail(|| {
                    format!("{account} has {found} {currency} in minor units where {minor} came in")
                });
            }
        }
    }
    Ok(check)
}

async fn count(tx: &mut Tx, statement: &'static bursar_db::Statement) -> Result<i64, Fault> {
    tx.query_one(statement, params![], |row| row.get(0)).await
}
