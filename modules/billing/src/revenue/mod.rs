//! Earning what was invoiced ahead: from deferred revenue to revenue, month by month.
//!
//! A line whose period reaches beyond its date of issue is earned day by day: by the end of a month, as large a share of
//! its net amount as days of its period have passed, rounded half-even on the running sum, so that the months add up to
//! the line exactly. A credit note's line takes back in the same way, and a voided invoice counts as never earned.
//!
//! A month is booked once per currency, as the difference between what should be earned by its end and what was booked
//! so far; an invoice that is written late for an earlier date is therefore caught up with, never lost. Every line is
//! read once per month, in constant memory. Imported documents have no part in it: their turnover lies in the books of
//! the old system.

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_ledger::{Account, NewEntry};
use bursar_money::{Currency, Money, Rounding};
use bursar_time::{Date, Instant, Period, days_between, plus_days};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::BillError;
use crate::permissions;

bursar_db::statements! {
    /// Lines that may be earned over time, of documents issued before $1 and not voided before $2.
    pub(crate) EARNING = "SELECT d.kind, d.currency, l.net_minor, l.start_on, l.end_on
        FROM billing_invoices AS d
        JOIN billing_lines AS l ON l.invoice_id = d.id
        LEFT JOIN billing_invoices AS o ON o.id = d.corrects_id
        WHERE d.issued_on < $1 AND d.state <> 'draft' AND d.source <> 'import'
            AND (d.state <> 'void' OR d.closed_at >= $2)
            AND l.kind <> 'add_funds' AND l.end_on > COALESCE(o.issued_on, d.issued_on)";
    /// What was booked so far.
    pub(crate) BOOKED = "SELECT currency, CAST(SUM(amount_minor) AS BIGINT) FROM billing_recognitions
        GROUP BY currency ORDER BY currency";
    /// The last month that was booked.
    pub(crate) LAST_MONTH = "SELECT MAX(month_on) FROM billing_recognitions";
    /// The first document.
    pub(crate) FIRST_ISSUED = "SELECT MIN(issued_on) FROM billing_invoices WHERE state <> 'draft' AND source <> 'import'";
    /// A month is booked once.
    pub(crate) BOOK = "INSERT INTO billing_recognitions (month_on, currency, amount_minor, entry_id, recognised_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// What was booked, newest first.
    pub(crate) LIST = "SELECT month_on, currency, amount_minor FROM billing_recognitions
        WHERE month_on < $1 ORDER BY month_on DESC, currency LIMIT $2";
}

/// Books the months that were over on a date. Safe to run twice: a month is booked once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecogniseRevenue {
    /// The civil date.
    pub as_of: Date,
}

impl Job for RecogniseRevenue {
    const KIND: &'static str = "billing.recognise_revenue";
}

/// Every night after the run; only the first of a month finds something to do.
pub(crate) fn register(registry: &mut bursar_app::Registry) {
    registry.schedule(Schedule::daily("billing.revenue", 3, |as_of| RecogniseRevenue { as_of }));
    registry.job(handle);
}

async fn handle(cx: Cx, job: RecogniseRevenue) -> JobOutcome {
    let last_month = match plus_days(job.as_of.first_of_month(), -1) {
        Ok(day) => day,
        Err(error) => return JobOutcome::Park { why: error.to_string() },
    };
    match recognise(&cx, last_month).await {
        Ok(_) => JobOutcome::Done,
        Err(BillError::Fault(fault)) => fault.into(),
        Err(other) => JobOutcome::Park { why: other.to_string() },
    }
}

/// What was earned in a month, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// The first day of the month.
    pub month_on: Date,
    /// How much; negative when credit notes took back more than was earned.
    pub amount: Money,
}

/// Books what was earned up to the end of a month (named by any of its days), one month after the other from the last
/// one booked. Returns what was booked now; nothing when the month is booked already.
///
/// # Errors
/// [`BillError::Refused`] for a month that is not over: what is still written in it would be missed.
pub async fn recognise(cx: &Cx, month: Date) -> Result<Vec<Recognised>, BillError> {
    cx.require(permissions::RUN_BILLING)?;
    let wanted = Month::of(month)?;
    if cx.today() < wanted.end {
        return Err(BillError::refused(
            "This month is not over yet; it is booked from the first day of the next.",
        ));
    }
    let mut booked = Vec::new();
    let mut next = cx.read(async move |tx: &mut Tx| first_unbooked(tx).await).await?;
    while let Some(month) = next.filter(|month| month.start <= wanted.start) {
        booked.extend(cx.write(async move |tx: &mut Tx| book(tx, month).await).await?);
        next = Some(Month::of(month.end)?);
    }
    Ok(booked)
}

/// What was booked in the months before one, newest first.
pub async fn recognised_before(tx: &mut Tx, month_on: Date, limit: i64) -> Result<Vec<Recognised>, Fault> {
    tx.query(&LIST, params![month_on, limit], |row| {
        Ok(Recognised { month_on: row.get(0)?, amount: Money::new(row.get(2)?, row.get(1)?) })
    })
    .await
}

/// A calendar month, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month {
    start: Date,
    end: Date,
}

impl Month {
    fn of(day: Date) -> Result<Self, Fault> {
        let calendar = |e| Fault::wrap("a month of revenue", e);
        let start = day.first_of_month();
        let end = plus_days(day.last_of_month(), 1).map_err(calendar)?;
        Ok(Self { start, end })
    }
}

async fn first_unbooked(tx: &mut Tx) -> Result<Option<Month>, Fault> {
    let last = tx.query_one(&LAST_MONTH, params![], |row| row.get::<Option<Date>>(0)).await?;
    if let Some(last) = last {
        return Month::of(Month::of(last)?.end).map(Some);
    }
    let first = tx.query_one(&FIRST_ISSUED, params![], |row| row.get::<Option<Date>>(0)).await?;
    first.map(Month::of).transpose()
}

/// Books one month, unless somebody else just did.
async fn book(tx: &mut Tx, month: Month) -> Result<Vec<Recognised>, BillError> {
    if first_unbooked(tx).await? != Some(month) {
        return Ok(Vec::new());
    }
    let mut due = earned_by(tx, month.end).await?;
    for (currency, minor) in booked_so_far(tx).await? {
        *due.entry(currency).or_default() -= i128::from(minor);
    }
    let (now, on) = (tx.now(), plus_days(month.end, -1).map_err(|e| Fault::wrap("the end of a month", e))?);
    if due.is_empty() {
        // Nothing in any currency: the month is done all the same.
        due.insert(Currency::EUR, 0);
    }
    let mut booked = Vec::with_capacity(due.len());
    for (currency, minor) in due {
        let minor = i64::try_from(minor).map_err(|_| bursar_money::MoneyError::Overflow)?;
        let amount = Money::new(minor, currency);
        let entry = if amount.is_zero() {
            None
        } else {
            let postings = vec![(Account::DeferredRevenue, amount), (Account::Revenue, amount.neg())];
            let source = ("month", i64::from(month.start.year()) * 100 + i64::from(month.start.month()));
            let memo = String::new();
            let entry = NewEntry { kind: "revenue_recognised", on, source, memo, postings };
            Some(bursar_ledger::post(tx, entry).await?)
        };
        tx.exec_one(&BOOK, params![month.start, currency, minor, entry, now]).await?;
        booked.push(Recognised { month_on: month.start, amount });
    }
    let subject = format!("month:{:04}-{:02}", month.start.year(), month.start.month());
    let amounts: Vec<String> = booked.iter().map(|r| r.amount.to_string()).collect();
    let after = Some(json!({ "recognised": amounts }));
    let audit = Audit { action: "billing.revenue.recognise", subject: &subject, before: None, after };
    bursar_audit::record(tx, audit).await?;
    Ok(booked)
}

/// What should be earned of deferred lines by a day, per currency, in minor units.
pub(crate) async fn earned_by(tx: &mut Tx, day: Date) -> Result<BTreeMap<Currency, i128>, Fault> {
    let at = Instant::from_date_start(day, tx.zone());
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    tx.query_each(&EARNING, params![day, at], |row| {
        let sign = if row.text(0)? == "credit_note" { -1 } else { 1 };
        let currency: Currency = row.get(1)?;
        let period = Period::new(row.get(3)?, row.get(4)?)
            .map_err(|e| Fault::corrupt("a line's period is empty").caused_by(e))?;
        let earned = earned(Money::new(row.get(2)?, currency), period, day)?;
        *sums.entry(currency).or_default() += sign * i128::from(earned.minor());
        Ok(())
    })
    .await?;
    Ok(sums)
}

/// What was moved to revenue so far, per currency.
pub(crate) async fn booked_so_far(tx: &mut Tx) -> Result<BTreeMap<Currency, i64>, Fault> {
    Ok(tx.query(&BOOKED, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?.into_iter().collect())
}

/// What is earned of an amount by a day (exclusive): its share by days of the period.
fn earned(net: Money, period: Period, day: Date) -> Result<Money, Fault> {
    let days = days_between(period.start, day).clamp(0, period.days());
    net.fraction(days, period.days(), Rounding::HalfEven)
        .map_err(|e| Fault::wrap("what is earned by a day", e))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn by_month(net: i64, start: &str, end: &str) -> Vec<i64> {
        let period = Period::new(day(start), day(end)).unwrap();
        let (mut parts, mut before) = (Vec::new(), 0);
        let mut month = Month::of(period.start).unwrap();
        loop {
            let until = earned(Money::new(net, Currency::EUR), period, month.end).unwrap().minor();
            parts.push(until - before);
            before = until;
            if month.end >= period.end {
                return parts;
            }
            month = Month::of(month.end).unwrap();
        }
    }

    #[test]
    fn a_year_of_120_from_15_january_is_earned_by_days() {
        // 17 of 365 days in January: 558.90 cents; 45 by the end of February: 1479.45; 76: 2498.63; 106: 3484.93;
        // 137: 4504.11; 167: 5490.41; 198: 6509.59; 229: 7528.77; 259: 8515.07; 290: 9534.25; 320: 10520.55;
        // 351: 11539.73; 365: 12000.
        let parts = by_month(12_000, "2026-01-15", "2027-01-15");
        assert_eq!(parts, [559, 920, 1_020, 986, 1_019, 986, 1_020, 1_019, 986, 1_019, 987, 1_019, 460]);
        assert_eq!(parts.iter().sum::<i64>(), 12_000);
    }

    #[test]
    fn a_month_from_the_31st_lies_in_two_months() {
        // 31 January to 28 February exclusive: 28 days, one of them in January. 995 / 28 = 35.54.
        assert_eq!(by_month(995, "2026-01-31", "2026-02-28"), [36, 959]);
    }

    proptest! {
        #[test]
        fn the_months_add_up_to_the_line_and_what_is_given_back_to_what_is_left(
            net in -1_000_000_i64..1_000_000, part in 0_i64..1_000_000, days in 1_i64..1_200, offset in 0_i64..400,
        ) {
            let start = plus_days(day("2026-01-01"), offset).unwrap();
            let end = plus_days(start, days).unwrap();
            let parts = by_month(net, &start.to_string(), &end.to_string());
            prop_assert_eq!(parts.iter().sum::<i64>(), net);
            let back = by_month(part, &start.to_string(), &end.to_string());
            prop_assert_eq!(parts.iter().zip(&back).map(|(a, b)| a - b).sum::<i64>(), net - part);
        }
    }
}
