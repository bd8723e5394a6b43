//! The list of customers, and what staff write about one. The page of one customer also shows what was bought and paid,
//! which this module does not know: the application puts it together.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, Refusal};
use bursar_ids::Id;
use bursar_web::{Flash, Form, Nav, PageResult, Permission, Routes, Surface, Visit};
use serde::Deserialize;
use serde_json::json;

use crate::customer::Status;
use crate::error::CustomerError;
use crate::list::{CustomerFilter, CustomerRow};
use crate::{list, notes, permissions};

const ROWS: usize = 50;

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
    registry.template("customers/admin_list.html", include_str!("../templates/customers/admin_list.html"));
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Customers",
        label: "Customers",
        icon: "users",
        href: "/admin/customers",
        permission: Some(permissions::CUSTOMER_VIEW),
        order: 100,
    });
    registry.routes(
        Routes::<()>::new("customers")
            .get("/admin/customers", Permission(permissions::CUSTOMER_VIEW), list_page)
            .post("/admin/customers/{id}/notes", Permission(permissions::CUSTOMER_EDIT), add_note)
            .with_state(()),
    );
}

#[derive(Debug, Deserialize)]
struct Place {
    #[serde(default)]
    search: String,
    #[serde(default)]
    status: String,
    after: Option<i64>,
}

async fn list_page(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<Place>) -> PageResult {
    let filter = CustomerFilter {
        search: Some(place.search.trim().to_owned()).filter(|text| !text.is_empty()),
        status: Status::parse(&place.status),
        ..CustomerFilter::default()
    };
    let after = place.after.map(Id::new);
    let mut rows =
        cx.read(async move |tx: &mut Tx| list::list(tx, &filter, after, ROWS as u32 + 1).await).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let address = |after: Option<i64>| address(&place, after);
    let next = rows.last().filter(|_| more).map(|last| address(Some(last.id.get())));
    let first = if place.after.is_some() { address(None) } else { String::new() };
    let statuses: Vec<_> = Status::ALL.iter().map(|status| status.code()).collect();
    visit.page(
        "customers/customers/admin_list.html",
        json!({
            "rows": rows.iter().map(row_view).collect::<Vec<_>>(),
            "search": place.search, "status": place.status, "statuses": statuses,
            "previous": first, "next": next.unwrap_or_default(),
        }),
    )
}

fn address(place: &Place, after: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in [("search", &place.search), ("status", &place.status)] {
        if !value.is_empty() {
            query.append_pair(key, value);
        }
    }
    if let Some(after) = after {
        query.append_pair("after", &after.to_string());
    }
    format!("/admin/customers?{}", query.finish())
}

fn row_view(row: &CustomerRow) -> serde_json::Value {
    json!({
        "id": row.id.get(), "name": row.name,
        "person": if row.person == row.name { "" } else { &row.person },
        "email": row.email, "country": row.country, "currency": row.currency.code(),
        "status": row.status.code(), "since": row.created_at,
    })
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
