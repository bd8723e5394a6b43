//! Invariants 5 and 6: money that arrived is in one place, the books agree, and no invoice is charged twice at once.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::Account;
use bursar_money::Currency;
use bursar_payments::{Payment, PaymentFilter, PaymentState, RefundState};
use bursar_time::Date;

use super::{Check, count};
use crate::revenue;

bursar_db::statements! {
    /// How many invoices have been issued.
    pub(crate) COUNT_INVOICES = "SELECT COUNT(*) FROM billing_invoices WHERE kind = 'invoice' AND state <> 'draft'";
    /// Invoices that are not settled by exactly their allocations.
    pub(crate) WRONGLY_SETTLED = "SELECT i.id, i.settled_minor, COALESCE(CAST(SUM(a.amount_minor) AS BIGINT), 0)
        FROM billing_invoices AS i
        LEFT JOIN billing_allocations AS a ON a.invoice_id = i.id AND a.reversed_at IS NULL
        WHERE i.kind = 'invoice'
        GROUP BY i.id, i.settled_minor
        HAVING i.settled_minor <> COALESCE(CAST(SUM(a.amount_minor) AS BIGINT), 0) ORDER BY i.id";
    /// Invoices whose state does not fit what is settled.
    pub(crate) WRONG_STATE = "SELECT id, state, settled_minor, total_minor FROM billing_invoices
        WHERE kind = 'invoice' AND NOT (
            (state = 'open' AND settled_minor >= 0 AND settled_minor < total_minor)
            OR (state IN ('paid', 'uncollectible') AND settled_minor = total_minor)
            OR (state IN ('void', 'draft') AND settled_minor = 0))
        ORDER BY id";
    /// How many credit balances there are.
    pub(crate) COUNT_BALANCES = "SELECT COUNT(*) FROM billing_credit_balances";
    /// Balances that are not the sum of their moves, and moves without a balance.
    pub(crate) WRONG_BALANCES = "SELECT customer_id, currency, CAST(SUM(minor) AS BIGINT) FROM (
            SELECT customer_id, currency, balance_minor AS minor FROM billing_credit_balances
            UNION ALL
            SELECT customer_id, currency, -amount_minor AS minor FROM billing_credit_moves
        ) AS both_sides GROUP BY customer_id, currency HAVING SUM(minor) <> 0 ORDER BY customer_id, currency";
    /// Balances below nothing.
    pub(crate) NEGATIVE_BALANCES = "SELECT customer_id, currency, balance_minor FROM billing_credit_balances
        WHERE balance_minor < 0 ORDER BY customer_id, currency";
    /// How many payments were applied.
    pub(crate) COUNT_APPLIED = "SELECT COUNT(*) FROM billing_applied_payments";
    /// Applied payments that are not exactly on invoices and on credit.
    pub(crate) WRONGLY_APPLIED = "SELECT p.payment_id, p.amount_minor,
            COALESCE((SELECT CAST(SUM(a.amount_minor) AS BIGINT) FROM billing_allocations AS a
                WHERE a.source_kind = 'payment' AND a.source_id = p.payment_id AND a.reversed_at IS NULL), 0)
            + COALESCE((SELECT CAST(SUM(m.amount_minor) AS BIGINT) FROM billing_credit_moves AS m
                WHERE m.customer_id = p.customer_id AND m.source_kind = 'payment' AND m.source_id = p.payment_id), 0)
        FROM billing_applied_payments AS p
        WHERE p.amount_minor <>
            COALESCE((SELECT CAST(SUM(a.amount_minor) AS BIGINT) FROM billing_allocations AS a
                WHERE a.source_kind = 'payment' AND a.source_id = p.payment_id AND a.reversed_at IS NULL), 0)
            + COALESCE((SELECT CAST(SUM(m.amount_minor) AS BIGINT) FROM billing_credit_moves AS m
                WHERE m.customer_id = p.customer_id AND m.source_kind = 'payment' AND m.source_id = p.payment_id), 0)
        ORDER BY p.payment_id";
    /// What some payments were applied with.
    pub(crate) APPLIED = "SELECT payment_id, amount_minor FROM billing_applied_payments WHERE payment_id {any:$1}";
    /// Refunds we took from credit that may still be on their way.
    pub(crate) REFUNDS = "SELECT refund_id, currency, amount_minor FROM billing_refunds
        WHERE state <> 'failed' AND refund_id > $1 ORDER BY refund_id LIMIT $2";
    /// What open invoices still ask for.
    pub(crate) OPEN = "SELECT currency, CAST(SUM(total_minor - settled_minor) AS BIGINT) FROM billing_invoices
        WHERE kind = 'invoice' AND state = 'open' GROUP BY currency ORDER BY currency";
    /// All credit.
    pub(crate) CREDIT = "SELECT currency, CAST(SUM(balance_minor) AS BIGINT) FROM billing_credit_balances
        GROUP BY currency ORDER BY currency";
    /// What was ever put on deferred revenue and not taken back: lines earned over time, and deposits nobody paid yet.
    pub(crate) DEFERRED = "SELECT d.currency, CAST(SUM(CASE WHEN d.kind = 'credit_note' THEN -l.net_minor ELSE l.net_minor END) AS BIGINT)
        FROM billing_invoices AS d
        JOIN billing_lines AS l ON l.invoice_id = d.id
        LEFT JOIN billing_invoices AS o ON o.id = d.corrects_id
        WHERE d.source <> 'import' AND d.state NOT IN ('draft', 'void') AND (
            (l.kind <> 'add_funds' AND l.end_on > COALESCE(o.issued_on, d.issued_on))
            OR (l.kind = 'add_funds' AND COALESCE(o.state, d.state) <> 'paid'))
        GROUP BY d.currency ORDER BY d.currency";
    /// Charges that count as under way.
    pub(crate) LIVE = "SELECT payment_id, invoice_id FROM billing_charges WHERE live = 1 ORDER BY invoice_id";
}

const PAGE: i64 = 500;

pub(super) async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let mut checks = vec![settled(tx).await?, credit(tx).await?, applied(tx).await?];
    checks.push(books(tx).await?);
    checks.push(one_charge(tx).await?);
    Ok(checks)
}

async fn settled(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.settled_is_what_was_allocated", count(tx, &COUNT_INVOICES).await?);
    tx.query_each(&WRONGLY_SETTLED, params![], |row| {
        let (id, settled, sum) = (row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?);
        check.fail(|| {
            format!("invoice {id} is settled with {settled}, its allocations are {sum} in minor units")
        });
        Ok(())
    })
    .await?;
    tx.query_each(&WRONG_STATE, params![], |row| {
        let (id, state) = (row.get::<i64>(0)?, row.text(1)?);
        let (settled, total) = (row.get::<i64>(2)?, row.get::<i64>(3)?);
        check.fail(|| format!("invoice {id} is {state} with {settled} of {total} settled"));
        Ok(())
    })
    .await?;
    Ok(check)
}

async fn credit(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.credit_is_the_sum_of_its_moves", count(tx, &COUNT_BALANCES).await?);
    tx.query_each(&WRONG_BALANCES, params![], |row| {
        let (customer, currency, off) = (row.get::<i64>(0)?, row.text(1)?, row.get::<i64>(2)?);
        check.fail(|| format!("the credit of customer {customer} in {currency} is off by {off} minor units"));
        Ok(())
    })
    .await?;
    tx.query_each(&NEGATIVE_BALANCES, params![], |row| {
        let (customer, currency, minor) = (row.get::<i64>(0)?, row.text(1)?, row.get::<i64>(2)?);
        check.fail(|| format!("the credit of customer {customer} is {minor} minor units of {currency}"));
        Ok(())
    })
    .await?;
    Ok(check)
}

async fn applied(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.payments_are_applied_once", count(tx, &COUNT_APPLIED).await?);
    tx.query_each(&WRONGLY_APPLIED, params![], |row| {
        let (id, amount, placed) = (row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?);
        check.fail(|| {
            format!("payment {id} of {amount} lies on invoices and credit with {placed} in minor units")
        });
        Ok(())
    })
    .await?;
    Ok(check)
}

type Sums = BTreeMap<Currency, i128>;

/// The control accounts, per currency.
async fn books(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.books_agree", 0);
    let open = sums(tx, &OPEN, 1).await?;
    let credit = sums(tx, &CREDIT, -1).await?;
    let unapplied = unapplied(tx, &mut check).await?;
    let mut deferred = sums(tx, &DEFERRED, -1).await?;
    for (currency, minor) in revenue::booked_so_far(tx).await? {
        *deferred.entry(currency).or_default() += i128::from(minor);
    }
    let sides = [
        (Account::Receivable, open),
        (Account::CustomerCredit, credit),
        (Account::UnappliedPayments, unapplied),
        (Account::DeferredRevenue, deferred),
    ];
    // Far beyond every date that can be booked.
    let books = bursar_ledger::trial_balance(tx, Date::constant(2300, 1, 1)).await?;
    for (account, mut expected) in sides {
        let mut found: Sums = BTreeMap::new();
        for line in books.iter().filter(|line| line.account == account) {
            found.insert(line.amount.currency(), i128::from(line.amount.minor()));
        }
        expected.retain(|_, minor| *minor != 0);
        let currencies: BTreeSet<Currency> = expected.keys().chain(found.keys()).copied().collect();
        for currency in currencies {
            check.checked += 1;
            let (should, is) =
                (expected.get(&currency).copied().unwrap_or(0), found.get(&currency).copied().unwrap_or(0));
            if should != is {
                check.fail(|| {
                    format!("{account} is {is} {currency} in minor units; the documents say {should}")
                });
            }
        }
    }
    Ok(check)
}

async fn sums(tx: &mut Tx, statement: &'static bursar_db::Statement, sign: i128) -> Result<Sums, Fault> {
    let rows = tx
        .query(statement, params![], |row| {
            Ok((row.get::<Currency>(0)?, sign * i128::from(row.get::<i64>(1)?)))
        })
        .await?;
    Ok(rows.into_iter().collect())
}

/// What should lie on unapplied payments (a credit): captured money whose news is still under way, and refunds that
/// left the credit and did not leave the house.
async fn unapplied(tx: &mut Tx, check: &mut Check) -> Result<Sums, Fault> {
    let mut sums: Sums = BTreeMap::new();
    let filter = PaymentFilter { state: Some(PaymentState::Captured), ..PaymentFilter::default() };
    let mut before: Option<Id<Payment>> = None;
    loop {
        let page = bursar_payments::list(tx, &filter, before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        let ids: Vec<i64> = page.iter().map(|p| p.id.get()).collect();
        let applied: BTreeMap<i64, i64> = tx
            .query(&APPLIED, params![ids.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
            .await?
            .into_iter()
            .collect();
        for payment in page {
            let minor = payment.amount.minor();
            match applied.get(&payment.id.get()) {
                None => *sums.entry(payment.amount.currency()).or_default() -= i128::from(minor),
                Some(applied) if *applied == minor => {}
                Some(applied) => {
                    check.fail(|| format!("payment {} is {minor}, {applied} were applied", payment.id.get()));
                }
            }
        }
    }
    let mut after = i64::MIN;
    loop {
        let page = tx
            .query(&REFUNDS, params![after, PAGE], |row| {
                Ok((row.get::<i64>(0)?, row.get::<Currency>(1)?, row.get::<i64>(2)?))
            })
            .await?;
        let Some(last) = page.last() else { return Ok(sums) };
        after = last.0;
        for (id, currency, minor) in page {
            let refund = bursar_payments::find_refund(tx, Id::new(id)).await?;
            if refund.is_none_or(|refund| refund.state != RefundState::Settled) {
                *sums.entry(currency).or_default() -= i128::from(minor);
            }
        }
    }
}

/// Of the charges that are under way, no two are for the same invoice.
async fn one_charge(tx: &mut Tx) -> Result<Check, Fault> {
    let mut check = Check::new("billing.one_charge_per_invoice", 0);
    let mut last: Option<i64> = None;
    tx.query_each(&LIVE, params![], |row| {
        let invoice = row.get::<i64>(1)?;
        check.checked += 1;
        if last == Some(invoice) {
            check.fail(|| format!("invoice {invoice} has two charges under way"));
        }
        last = Some(invoice);
        Ok(())
    })
    .await?;
    let filter = PaymentFilter { only_open: true, ..PaymentFilter::default() };
    let mut charged: BTreeMap<i64, i64> = BTreeMap::new();
    let mut before: Option<Id<Payment>> = None;
    loop {
        let page = bursar_payments::list(tx, &filter, before, PAGE).await?;
        let Some(end) = page.last() else { return Ok(check) };
        before = Some(end.id);
        for payment in page {
            for (invoice, _) in &payment.purpose.invoices {
                check.checked += 1;
                if let Some(other) = charged.insert(*invoice, payment.id.get()) {
                    let id = payment.id.get();
                    check.fail(|| {
                        format!("payments {other} and {id} are both under way for invoice {invoice}")
                    });
                }
            }
        }
    }
}
