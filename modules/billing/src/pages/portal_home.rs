//! The first page of the portal: what runs, what comes next, what is owed, and where to go from there.

use axum::Extension;
use axum::extract::Query;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_money::Money;
use bursar_web::{PageResult, PanelQuery, Problem, Routes, SignedIn, Surface, Visit};
use serde_json::json;

use super::portal_subscriptions::row;
use super::{store, views};
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::invoices::{DocumentKind, InvoiceState};
use crate::permissions::{PORTAL_INVOICE_PAY, PORTAL_INVOICE_VIEW, PORTAL_SUBSCRIPTION_VIEW};
use crate::settle::credit_balances;

/// The page, for links and panels of modules that it has never heard of.
const PAGE: &str = "portal.home";
/// Rows of each list.
const NEWEST: i64 = 5;

pub(crate) fn routes() -> Routes {
    Routes::<()>::new("billing").get("/portal", SignedIn(Surface::Customer), home).with_state(())
}

async fn home(visit: Visit, Extension(cx): Extension<Cx>, Query(query): Query<PanelQuery>) -> PageResult {
    let who = visit.who().ok_or_else(Problem::not_found)?;
    let Some(customer) = who.customer_id() else {
        return visit.page("billing/home/portal_show.html", json!({ "is_member": false }));
    };
    let (sees_money, sees_services) = (visit.can(PORTAL_INVOICE_VIEW), visit.can(PORTAL_SUBSCRIPTION_VIEW));
    let words = visit.translator().clone();
    let own = async move |tx: &mut Tx| {
        let mut context =
            json!({ "is_member": true, "sees_money": sees_money, "sees_services": sees_services });
        if sees_money {
            let filter = InvoiceFilter {
                customer_id: Some(customer),
                state: Some(InvoiceState::Open),
                kind: Some(DocumentKind::Invoice),
                ..InvoiceFilter::default()
            };
            let open = list_invoices(tx, &filter, None, NEWEST).await?;
            let credit = credit_balances(tx, customer).await?;
            context["owed"] = json!(store::to_pay(tx, customer).await?);
            context["credit"] = json!(credit.into_iter().filter(Money::is_positive).collect::<Vec<_>>());
            let mut open = views::rows(tx, &open).await?;
            open.retain(|row| row.is_payable);
            context["open"] = json!(open);
        }
        if sees_services {
            let (running, next) = store::running_of_customer(tx, customer).await?;
            let rows = store::of_customer(tx, customer, None, NEWEST).await?;
            (context["running"], context["next"]) = (json!(running), json!(next));
            context["subscriptions"] = json!(rows.iter().map(|found| row(found, &words)).collect::<Vec<_>>());
        }
        Ok(context)
    };
    let (mut context, panels) = visit.with_panels(&cx, PAGE, customer, &query, own).await?;
    context["may_pay"] = json!(visit.can(PORTAL_INVOICE_PAY));
    context["name"] = json!(who.name);
    context["panels"] = json!(panels);
    context["links"] = json!(visit.links(PAGE, customer));
    visit.page("billing/home/portal_show.html", context)
}
