//! What other modules call customers, and what staff write about one. The page of one customer also shows what was bought and paid,
//! which this module does not know: the application puts it together.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, Refusal};
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};

use crate::error::CustomerError;
use crate::{notes, permissions};

bursar_db::statements! {
    /// What to call some customers.
    pub(crate) NAMES = "SELECT id, company, first_name, last_name FROM customers_customers WHERE id {any:$1}";
    /// How many are active, for the dashboard.
    pub(crate) COUNT_ACTIVE = "SELECT COUNT(*) FROM customers_customers WHERE status = 'active'";
}

/// What to call some customers on lists: the company, or the person.
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

/// How many customers are active.
pub async fn count_active(tx: &mut Tx) -> Result<i64, Fault> {
    tx.query_one(&COUNT_ACTIVE, params![], |row| row.get(0)).await
}

pub(crate) fn register(registry: &mut Registry) {
    registry.resource(crate::resource::customers());
    registry.routes(
        Routes::<()>::new("customers")
            .post("/admin/customers/{id}/notes", Permission(permissions::CUSTOMER_EDIT), add_note)
            .with_state(()),
    );
}

async fn add_note(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let to = format!("/admin/customers/{id}");
    let body = form.text("body").to_owned();
    match notes::add_note(&cx, Id::new(id), body, form.is_checked("sticky")).await {
        Ok(_) => visit.redirect_with(to, Flash::success("The note is kept.")),
        Err(CustomerError::Invalid(fields)) => {
            let why = fields.first().map_or_else(String::new, |field| field.message.clone());
            visit.redirect_with(to, Flash::danger(why))
        }
        Err(refused @ CustomerError::Changed) => visit.redirect_with(to, Flash::danger(refused.message())),
        Err(error) => Err(error.into()),
    }
}
