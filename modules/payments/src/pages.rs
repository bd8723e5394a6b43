//! Payments for staff.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_web::{Nav, PageResult, Permission, Problem, Routes, Surface, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::list::{PaymentFilter, find, list, refunds_of};
use crate::payment::{Payment, PaymentState};
use crate::permissions;
use crate::refund::Refund;

const ROWS: usize = 50;

pub(crate) fn register(registry: &mut Registry) {
    registry.template("payments/admin_list.html", include_str!("../templates/payments/admin_list.html"));
    registry.template("payments/admin_show.html", include_str!("../templates/payments/admin_show.html"));
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Money",
        label: "Payments",
        icon: "credit-card",
        href: "/admin/payments",
        permission: Some(permissions::PAYMENT_VIEW),
        order: 210,
    });
    registry.routes(
        Routes::<()>::new("payments")
            .get("/admin/payments", Permission(permissions::PAYMENT_VIEW), list_page)
            .get("/admin/payments/{id}", Permission(permissions::PAYMENT_VIEW), show)
            .with_state(()),
    );
}

#[derive(Debug, Deserialize)]
struct Place {
    #[serde(default)]
    state: String,
    before: Option<i64>,
}

async fn list_page(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<Place>) -> PageResult {
    let filter = PaymentFilter { state: PaymentState::parse(&place.state), ..PaymentFilter::default() };
    let before = place.before.map(Id::new);
    let mut rows = cx.read(async move |tx: &mut Tx| list(tx, &filter, before, ROWS as i64 + 1).await).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    // A state that is none narrows nothing and is not repeated.
    let state = PaymentState::parse(&place.state).map_or("", PaymentState::code);
    let next =
        rows.last().filter(|_| more).map(|last| format!("/admin/payments?state={state}&before={}", last.id));
    let first = if before.is_some() { format!("/admin/payments?state={state}") } else { String::new() };
    visit.page(
        "payments/payments/admin_list.html",
        json!({
            "rows": rows.iter().map(view).collect::<Vec<_>>(), "state": state,
            "states": PaymentState::ALL.map(PaymentState::code),
            "previous": first, "next": next.unwrap_or_default(),
        }),
    )
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let (payment, refunds) = cx
        .read(async move |tx: &mut Tx| {
            let id = Id::new(id);
            Ok::<_, Fault>((find(tx, id).await?, refunds_of(tx, id).await?))
        })
        .await?;
    let payment = payment.ok_or_else(Problem::not_found)?;
    visit.page(
        "payments/payments/admin_show.html",
        json!({
            "payment": view(&payment), "refunds": refunds.iter().map(refund_view).collect::<Vec<_>>(),
            "links": visit.links("payments.payment", payment.id.get()),
        }),
    )
}

fn view(payment: &Payment) -> Value {
    json!({
        "id": payment.id.get(), "customer_id": payment.customer, "gateway": payment.gateway,
        "kind": payment.kind.code(), "amount": payment.amount, "fee": payment.fee,
        "has_fee": !payment.fee.is_zero(), "refunded": payment.refunded,
        "has_refund": !payment.refunded.is_zero(), "state": payment.state.code(),
        "vendor": payment.gateway_reference, "reference": payment.reference, "decline": payment.decline_code,
        "message": payment.message, "received_on": payment.received_on, "why": payment.purpose.reason,
        "invoices": payment.purpose.invoices, "created_at": payment.created_at,
        "captured_at": payment.captured_at, "key": payment.key,
    })
}

fn refund_view(refund: &Refund) -> Value {
    json!({ "id": refund.id.get(), "amount": refund.amount, "state": refund.state.code(), "why": refund.reason })
}
