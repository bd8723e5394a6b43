//! The pages of customers: one customer with everything modules show of it, what is changed there, and what other
//! modules call customers.

mod contacts;
mod edit;
mod panels;
mod postal;
mod show;

use std::collections::BTreeMap;

use bursar_app::Registry;
use bursar_db::{Tx, params};
use bursar_fault::Fault;

bursar_db::statements! {
    /// What to call some customers.
    pub(crate) NAMES = "SELECT id, company, first_name, last_name FROM customers_customers WHERE id {any:$1}";
}

/// What to call some customers on lists: the company, or the person.
///
/// # Errors
/// Faults of the database.
pub async fn names(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let rows = tx
        .query(&NAMES, params![ids], |row| {
            let company: String = row.get(1)?;
            let person = [row.text(2)?, row.text(3)?].join(" ").trim().to_owned();
            Ok((row.get::<i64>(0)?, if company.is_empty() { person } else { company }))
        })
        .await?;
    Ok(rows.into_iter().collect())
}

/// The page about one customer, for panels and links of other modules.
pub const PAGE: &str = "customers.customer";

pub(crate) fn register(registry: &mut Registry) {
    for (name, source) in [
        ("customers/admin_show.html", include_str!("../../templates/customers/admin_show.html")),
        ("customers/admin_edit.html", include_str!("../../templates/customers/admin_edit.html")),
        ("customers/admin_contact.html", include_str!("../../templates/customers/admin_contact.html")),
        ("customers/postal_fields.html", include_str!("../../templates/customers/postal_fields.html")),
        ("customers/notes.html", include_str!("../../templates/customers/notes.html")),
    ] {
        registry.template(name, source);
    }
    registry.resource(crate::resource::customers());
    registry.card(crate::figures::CARD);
    panels::register(registry);
    registry.routes(show::routes());
    registry.routes(edit::routes());
    registry.routes(contacts::routes());
}
