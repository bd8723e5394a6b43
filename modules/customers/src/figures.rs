//! How many customers came on which day, and how many are what: written with each customer, read by the first page.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant, plus_days};
use bursar_web::{Amount, Card, CardView, Figure, Reading};

use crate::customer::Status;
use crate::permissions::CUSTOMER_VIEW;

bursar_db::statements! {
    /// One more came on a day.
    pub(crate) CAME = "INSERT INTO customers_days (day_on, came) VALUES ($1, 1)
        ON CONFLICT (day_on) DO UPDATE SET came = customers_days.came + 1";
    /// More or fewer are something.
    pub(crate) COUNT = "INSERT INTO customers_counts (status, customers) VALUES ($1, $2)
        ON CONFLICT (status) DO UPDATE SET customers = customers_counts.customers + excluded.customers";
    /// How many came from one day to another, both included.
    pub(crate) BETWEEN = "SELECT COALESCE(CAST(SUM(came) AS BIGINT), 0) FROM customers_days
        WHERE day_on >= $1 AND day_on <= $2";
    /// How many are something.
    pub(crate) ARE = "SELECT COALESCE(CAST(SUM(customers) AS BIGINT), 0) FROM customers_counts WHERE status = $1";
}

pub(crate) const CARD: Card =
    Card::new("customers.new", "New customers", CUSTOMER_VIEW, card).order(40).leads_to("/admin/customers");

/// A customer is there, since then and with this status.
pub(crate) async fn came(tx: &mut Tx, since: Instant, status: Status) -> Result<(), Fault> {
    let day = since.to_date(tx.zone());
    tx.exec_one(&CAME, params![day]).await?;
    tx.exec_one(&COUNT, params![status.code(), 1_i64]).await
}

/// A customer is something else now.
pub(crate) async fn became(tx: &mut Tx, before: Status, after: Status) -> Result<(), Fault> {
    if before != after {
        tx.exec_one(&COUNT, params![before.code(), -1_i64]).await?;
        tx.exec_one(&COUNT, params![after.code(), 1_i64]).await?;
    }
    Ok(())
}

/// How many customers came from one day to another, both included.
///
/// # Errors
/// Faults of the database.
pub async fn came_between(tx: &mut Tx, from: Date, to: Date) -> Result<i64, Fault> {
    tx.query_one(&BETWEEN, params![from, to], |row| row.get(0)).await
}

/// How many customers are active.
///
/// # Errors
/// Faults of the database.
pub async fn count_active(tx: &mut Tx) -> Result<i64, Fault> {
    tx.query_one(&ARE, params![Status::Active.code()], |row| row.get(0)).await
}

fn card(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let today = tx.today();
        let calendar = |e| Fault::wrap("the months of new customers", e);
        let month = today.first_of_month();
        let last = plus_days(month, -1).map_err(calendar)?;
        // The same days of the month before; all of it when it is shorter.
        let until = plus_days(last.first_of_month(), i64::from(today.day()) - 1).map_err(calendar)?.min(last);
        let now = came_between(tx, month, today).await?;
        let before = came_between(tx, last.first_of_month(), until).await?;
        let active = count_active(tx).await?;
        Ok(CardView {
            figures: vec![
                Figure::of("This month", Amount::Number(now)).before(Amount::Number(before)),
                Figure::of("Active customers", Amount::Number(active)),
            ],
            ..CardView::default()
        })
    })
}
