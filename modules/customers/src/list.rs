//! The list of customers: filters, and paging by id, newest first.

use bursar_db::{Param, Tx};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;
use bursar_time::Instant;

use crate::customer::{Customer, Status};
use crate::store::coded;

/// Which customers to list; everything absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Part of the name, company or address; an id when it is a number.
    pub search: Option<String>,
    /// What they are to us.
    pub status: Option<Status>,
    /// Their group.
    pub group_id: Option<i64>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Their currency.
    pub currency: Option<Currency>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    /// Identity, and the cursor of the next page.
    pub id: Id<Customer>,
    /// Company, or the person.
    pub name: String,
    /// The person, also where there is a company.
    pub person: String,
    /// Address.
    pub email: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Currency.
    pub currency: Currency,
    /// What they are to us.
    pub status: Status,
    /// Group.
    pub group_id: Option<i64>,
    /// Since when.
    pub created_at: Instant,
}

/// A page, newest first. `after` is the id of the last row of the page before; `limit` is cut to 200.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    tx: &mut Tx,
    filter: &CustomerFilter,
    after: Option<Id<Customer>>,
    limit: u32,
) -> Result<Vec<CustomerRow>, Fault> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let pattern = search.map(like_pattern);
    let number = search.and_then(|text| text.parse::<i64>().ok());
    let mut sql = String::from(
        "SELECT id, first_name, last_name, company, email, country, currency, status, group_id, created_at
         FROM customers_customers WHERE 1 = 1",
    );
    let mut values: Vec<Param<'_>> = Vec::new();
    let mut bind = |sql: &mut String, before: &str, value, after: &str| {
        values.push(value);
        sql.push_str(&format!(" {before} ${}{after}", values.len()));
    };
    if let Some(pattern) = &pattern {
        bind(&mut sql, "AND (search_text LIKE", pattern.into(), " ESCAPE '\\'");
        if let Some(number) = number {
            bind(&mut sql, "OR id =", number.into(), "");
        }
        sql.push(')');
    }
    if let Some(status) = filter.status {
        bind(&mut sql, "AND status =", status.code().into(), "");
    }
    if let Some(group) = filter.group_id {
        bind(&mut sql, "AND group_id =", group.into(), "");
    }
    if let Some(country) = &filter.country {
        bind(&mut sql, "AND country =", country.into(), "");
    }
    if let Some(currency) = filter.currency {
        bind(&mut sql, "AND currency =", currency.into(), "");
    }
    if let Some(after) = after {
        bind(&mut sql, "AND id <", after.into(), "");
    }
    bind(&mut sql, "ORDER BY id DESC LIMIT", limit.min(200).into(), "");
    tx.query_text(&sql, &values, |row| {
        let person = [row.text(1)?, row.text(2)?].join(" ").trim().to_owned();
        let company: String = row.get(3)?;
        Ok(CustomerRow {
            id: row.get(0)?,
            name: if company.is_empty() { person.clone() } else { company },
            person,
            email: row.get(4)?,
            country: row.get(5)?,
            currency: row.get(6)?,
            status: coded(row.text(7)?, Status::parse)?,
            group_id: row.get(8)?,
            created_at: row.get(9)?,
        })
    })
    .await
}

/// The text anywhere inside, with the pattern's own signs taken literally.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
