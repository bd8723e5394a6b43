//! What is owed, by how long it has been due.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::{Date, plus_days};

bursar_db::statements! {
    /// Per currency. $1 is the day, $2 to $4 are 30, 60 and 90 days before it.
    pub(crate) BY_CURRENCY = "SELECT currency, COUNT(*),
            CAST(SUM(CASE WHEN due_on IS NULL OR due_on >= $1 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $1 AND due_on >= $2 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $2 AND due_on >= $3 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $3 AND due_on >= $4 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $4 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT)
        FROM billing_invoices WHERE state = 'open' AND kind = 'invoice' GROUP BY currency ORDER BY currency";
    /// Per customer and currency, after a customer.
    pub(crate) BY_CUSTOMER = "SELECT currency, COUNT(*),
            CAST(SUM(CASE WHEN due_on IS NULL OR due_on >= $1 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $1 AND due_on >= $2 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $2 AND due_on >= $3 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $3 AND due_on >= $4 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $4 THEN total_minor - settled_minor ELSE 0 END) AS BIGINT), customer_id
        FROM billing_invoices WHERE state = 'open' AND kind = 'invoice' AND (customer_id, currency) > ($5, $6)
        GROUP BY customer_id, currency ORDER BY customer_id, currency LIMIT $7";
}

/// Open amounts in minor units. Due today is not overdue yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aged {
    /// In which currency.
    pub currency: Currency,
    /// Open invoices.
    pub invoices: i64,
    /// Not due yet, or due today.
    pub not_due_minor: i64,
    /// 1 to 30 days overdue.
    pub days_1_30_minor: i64,
    /// 31 to 60 days overdue.
    pub days_31_60_minor: i64,
    /// 61 to 90 days overdue.
    pub days_61_90_minor: i64,
    /// More than 90 days overdue.
    pub older_minor: i64,
}

impl Aged {
    /// All of it.
    pub fn total_minor(&self) -> i64 {
        self.not_due_minor + self.overdue_minor()
    }

    /// What is past its due date.
    pub fn overdue_minor(&self) -> i64 {
        self.days_1_30_minor + self.days_31_60_minor + self.days_61_90_minor + self.older_minor
    }
}

/// What is owed per currency.
pub async fn aged_receivables(tx: &mut Tx, as_of: Date) -> Result<Vec<Aged>, Fault> {
    let [d30, d60, d90] = limits(as_of)?;
    tx.query(&BY_CURRENCY, params![as_of, d30, d60, d90], read).await
}

/// What each customer owes, after a customer and currency, at most `limit` rows.
pub async fn aged_by_customer(
    tx: &mut Tx,
    as_of: Date,
    after: Option<(i64, Currency)>,
    limit: i64,
) -> Result<Vec<(i64, Aged)>, Fault> {
    let [d30, d60, d90] = limits(as_of)?;
    let (customer, currency) =
        after.map_or((i64::MIN, ""), |(customer, currency)| (customer, currency.code()));
    tx.query(&BY_CUSTOMER, params![as_of, d30, d60, d90, customer, currency, limit], |row| {
        Ok((row.get(7)?, read(row)?))
    })
    .await
}

fn limits(as_of: Date) -> Result<[Date; 3], Fault> {
    let before = |days: i64| plus_days(as_of, -days).map_err(|e| Fault::wrap("the limits of ageing", e));
    Ok([before(30)?, before(60)?, before(90)?])
}

fn read(row: &Row<'_>) -> Result<Aged, Fault> {
    Ok(Aged {
        currency: row.get(0)?,
        invoices: row.get(1)?,
        not_due_minor: row.get(2)?,
        days_1_30_minor: row.get(3)?,
        days_31_60_minor: row.get(4)?,
        days_61_90_minor: row.get(5)?,
        older_minor: row.get(6)?,
    })
}
