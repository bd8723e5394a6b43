//! What runs, and what it is worth a month: at the prices of the items, before discounts and tax.
//!
//! A year's price counts by its twelfth and an hour's 730 times, rounded half-even per subscription. A trial runs and is
//! worth nothing yet. Every subscription has a row of its own beside the sums, so that counting it again takes out what
//! it counted before. An item of more than 10^15 minor units is a mistake and counts nothing, so that no
//! sum overflows.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Money, Rounding};
use bursar_time::Cycle;

use super::place;
use crate::subscriptions::Status;

/// The condition stands once: what a list shows is what is added up.
macro_rules! price {
    () => {
        "COALESCE((SELECT CAST(SUM(p.quantity * p.unit_minor) AS BIGINT) FROM billing_items AS p
            WHERE p.subscription_id = s.id AND p.ended_on IS NULL
                AND p.unit_minor BETWEEN -1000000000000000 / NULLIF(p.quantity, 0)
                    AND 1000000000000000 / NULLIF(p.quantity, 0)), 0)"
    };
}

/// What the items of a subscription `s` cost a period, before discounts and tax, in minor units. What is too large to be
/// right is nothing: a sum that overflows would take everything beside it away.
pub(crate) const PRICE: &str = price!();

bursar_db::statements! {
    /// How some subscriptions stand, with the prices of their items.
    pub(crate) STANDING = concat!(
        "SELECT s.id, s.currency, COALESCE(s.product_id, 0), s.cycle, s.status, ",
        price!(),
        " FROM billing_subscriptions AS s WHERE s.id {any:$1}"
    );
    /// What some subscriptions counted before.
    pub(crate) COUNTED = "SELECT subscription_id, currency, product_id, monthly_minor FROM billing_running
        WHERE subscription_id {any:$1}";
    /// They do not run any more.
    pub(crate) DROP = "DELETE FROM billing_running WHERE subscription_id {any:$1}";
    /// More or less runs.
    pub(crate) ADD = "INSERT INTO billing_running_sums (currency, product_id, place, subscriptions, monthly_minor)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (currency, product_id, place)
        DO UPDATE SET subscriptions = billing_running_sums.subscriptions + excluded.subscriptions,
            monthly_minor = billing_running_sums.monthly_minor + excluded.monthly_minor";
    /// What runs, by currency and product.
    pub(crate) SUMS = "SELECT currency, product_id, CAST(SUM(subscriptions) AS BIGINT),
            CAST(SUM(monthly_minor) AS BIGINT)
        FROM billing_running_sums GROUP BY currency, product_id ORDER BY currency, product_id";
}

bursar_db::bulk! {
    /// What subscriptions count now.
    pub(crate) PUT = insert "billing_running" {
        subscription_id: int, currency: text, product_id: int, monthly_minor: int
    } "ON CONFLICT (subscription_id) DO UPDATE SET currency = excluded.currency,
        product_id = excluded.product_id, monthly_minor = excluded.monthly_minor";
}

/// What one subscription counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    currency: Currency,
    product_id: i64,
    monthly_minor: i64,
}

/// A period's price as a month's: numerator and denominator; nothing for what is sold once.
const fn months(cycle: Cycle) -> Option<(i64, i64)> {
    match cycle {
        Cycle::OneTime => None,
        Cycle::Hourly => Some((730, 1)),
        Cycle::Daily => Some((365, 12)),
        Cycle::Weekly => Some((365, 84)),
        Cycle::Monthly => Some((1, 1)),
        Cycle::Quarterly => Some((1, 3)),
        Cycle::SemiAnnual => Some((1, 6)),
        Cycle::Annual => Some((1, 12)),
        Cycle::Biennial => Some((1, 24)),
        Cycle::Triennial => Some((1, 36)),
        Cycle::Quadrennial => Some((1, 48)),
        Cycle::Quinquennial => Some((1, 60)),
    }
}

/// What a subscription is worth a month; nothing when it does not run.
fn monthly(cycle: Cycle, status: Status, sum: Money) -> Result<Option<i64>, Fault> {
    let Some((num, den)) = months(cycle).filter(|_| status.is_billed()) else { return Ok(None) };
    if status == Status::Trial {
        return Ok(Some(0));
    }
    let month = sum.fraction(num, den, Rounding::HalfEven);
    month.map(|it| Some(it.minor())).map_err(|e| Fault::wrap("what a subscription is worth a month", e))
}

/// Counts some subscriptions again, as they stand now.
pub async fn recount(tx: &mut Tx, ids: &[i64]) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let was = counted_of(tx, ids).await?;
    let is = standing_of(tx, ids).await?;
    let mut sums: BTreeMap<(Currency, i64, i64), (i64, i64)> = BTreeMap::new();
    let mut count = |id: i64, part: Part, sign: i64| {
        let sum = sums.entry((part.currency, part.product_id, place(id))).or_default();
        sum.0 += sign;
        sum.1 += sign * part.monthly_minor;
    };
    let mut gone = Vec::new();
    let mut writer = tx.bulk(&PUT)?;
    for (id, now) in is {
        let before = was.get(&id).copied();
        if before == now {
            continue;
        }
        if let Some(before) = before {
            count(id, before, -1);
        }
        match now {
            None => gone.push(id),
            Some(now) => {
                count(id, now, 1);
                writer.row(params![id, now.currency, now.product_id, now.monthly_minor])?;
            }
        }
    }
    writer.finish().await?;
    if !gone.is_empty() {
        tx.exec(&DROP, params![gone.as_slice()]).await?;
    }
    for ((currency, product, place), (many, minor)) in sums {
        if (many, minor) != (0, 0) {
            tx.exec_one(&ADD, params![currency, product, place, many, minor]).await?;
        }
    }
    Ok(())
}

/// What some subscriptions count so far.
pub(crate) async fn counted_of(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, Part>, Fault> {
    let rows = tx.query(&COUNTED, params![ids], |row| Ok((row.get::<i64>(0)?, part(row, 3)?))).await?;
    Ok(rows.into_iter().collect())
}

/// What some subscriptions are to count as they stand; nothing for those that do not run.
pub(crate) async fn standing_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(i64, Option<Part>)>, Fault> {
    tx.query(&STANDING, params![ids], standing).await
}

fn part(row: &Row<'_>, monthly_at: usize) -> Result<Part, Fault> {
    Ok(Part { currency: row.get(1)?, product_id: row.get(2)?, monthly_minor: row.get(monthly_at)? })
}

fn standing(row: &Row<'_>) -> Result<(i64, Option<Part>), Fault> {
    let part = part(row, 5)?;
    let cycle = row.text(3)?.parse::<Cycle>().map_err(|e| Fault::wrap("a subscription's cycle", e))?;
    let status = Status::parse(row.text(4)?);
    let status = status.ok_or_else(|| Fault::corrupt("a subscription has an unknown status"))?;
    let sum = Money::new(part.monthly_minor, part.currency);
    let monthly = monthly(cycle, status, sum)?.map(|monthly_minor| Part { monthly_minor, ..part });
    Ok((row.get(0)?, monthly))
}

/// What runs of one product in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// The product; none for what was sold without one.
    pub product_id: Option<i64>,
    /// How many subscriptions.
    pub subscriptions: i64,
    /// What they are worth a month.
    pub monthly: Money,
}

/// What runs, by currency and product. What does not run any more is left out.
pub async fn running(tx: &mut Tx) -> Result<Vec<Running>, Fault> {
    let mut all = tx
        .query(&SUMS, params![], |row| {
            Ok(Running {
                product_id: Some(row.get::<i64>(1)?).filter(|id| *id != 0),
                subscriptions: row.get(2)?,
                monthly: Money::new(row.get(3)?, row.get(0)?),
            })
        })
        .await?;
    all.retain(|running| running.subscriptions != 0);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cycle_counts_by_the_month() {
        let worth = |cycle, minor| monthly(cycle, Status::Active, Money::new(minor, Currency::EUR)).unwrap();
        // 120.00 a year are 10.00 a month; 10.00 a quarter 3.33; 0.01 an hour 7.30.
        assert_eq!(worth(Cycle::Annual, 12_000), Some(1_000));
        assert_eq!(worth(Cycle::Quarterly, 1_000), Some(333));
        assert_eq!(worth(Cycle::Hourly, 1), Some(730));
        // 7.00 a week: 365 / 84 weeks a month, 30.4166… 0.12 a year is a cent, 0.06 half a cent and goes to the even nothing.
        assert_eq!(worth(Cycle::Weekly, 700), Some(3_042));
        assert_eq!((worth(Cycle::Annual, 12), worth(Cycle::Annual, 6)), (Some(1), Some(0)));
        assert_eq!(worth(Cycle::OneTime, 5_000), None);
    }

    #[test]
    fn a_trial_runs_for_nothing_and_a_pause_does_not_run() {
        let worth = |status| monthly(Cycle::Monthly, status, Money::new(500, Currency::EUR)).unwrap();
        assert_eq!(worth(Status::Trial), Some(0));
        assert_eq!(worth(Status::PastDue), Some(500));
        assert_eq!((worth(Status::Paused), worth(Status::Pending), worth(Status::Ended)), (None, None, None));
    }
}
