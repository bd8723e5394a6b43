//! Payments for staff.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_ids::Id;
use bursar_web::{
    Cell, Flash, PANEL_ROWS, PageResult, Panel, PanelAsk, PanelQuery, PanelView, Permission, Problem,
    Reading, Routes, Visit,
};
use serde_json::{Value, json};

use crate::holds::by_hand::{HoldRefused, capture_by_hand, release_by_hand};
use crate::list::{PaymentFilter, find, list, refunds_of};
use crate::payment::{Payment, PaymentState};
use crate::refund::Refund;
use crate::{permissions, resources};

/// What others show of a payment: its links and panels.
const PAGE: &str = "payments.payment";

pub(crate) fn register(registry: &mut Registry) {
    registry.template("payments/admin_show.html", include_str!("../templates/payments/admin_show.html"));
    registry.resource(resources::payments());
    registry.resource(resources::refunds());
    registry.panel(
        Panel::new(
            "customers.customer",
            "payments.payments",
            "Payments",
            permissions::PAYMENT_VIEW,
            of_customer,
        )
        .order(40),
    );
    registry.routes(
        Routes::<()>::new("payments")
            .get("/admin/payments/{id}", Permission(permissions::PAYMENT_VIEW), show)
            .post("/admin/payments/{id}/capture", Permission(permissions::PAYMENT_HOLD), capture)
            .post("/admin/payments/{id}/release", Permission(permissions::PAYMENT_HOLD), release)
            .with_state(()),
    );
}

/// A customer's payments, for the customer's page.
fn of_customer(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let filter = PaymentFilter { customer: Some(ask.id), ..PaymentFilter::default() };
        let found = list(tx, &filter, ask.before.map(Id::new), PANEL_ROWS + 1).await?;
        let rows = found
            .iter()
            .map(|payment| {
                let id = payment.id.get();
                let cells = vec![
                    Cell::text(id.to_string()).to(format!("/admin/payments/{id}")),
                    Cell::instant(payment.created_at),
                    Cell::word(&payment.gateway),
                    Cell::badge(payment.state.code()).note(&*payment.decline_code),
                    Cell::money(payment.amount),
                ];
                (id, cells)
            })
            .collect();
        Ok(PanelView::new("No payments yet.")
            .table(&["Payment", "Started", "Through", "State", "Amount"], rows)
            .all(format!("/admin/payments?customer={}", ask.id)))
    })
}

async fn show(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(query): Query<PanelQuery>,
) -> PageResult {
    let own = async move |tx: &mut Tx| {
        let id = Id::new(id);
        let payment = find(tx, id).await?;
        let customer: Vec<i64> = payment.iter().map(|it| it.customer).collect();
        let names = bursar_customers::names(tx, &customer).await?;
        Ok((payment, refunds_of(tx, id).await?, names))
    };
    let ((payment, refunds, names), panels) = visit.with_panels(&cx, PAGE, id, &query, own).await?;
    let payment = payment.ok_or_else(Problem::not_found)?;
    visit.page(
        "payments/payments/admin_show.html",
        json!({
            "payment": view(&payment), "customer": names.get(&payment.customer),
            "refunds": refunds.iter().map(refund_view).collect::<Vec<_>>(),
            "links": visit.links(PAGE, payment.id.get()), "panels": panels,
            "may_decide": payment.state == PaymentState::Held && visit.can(permissions::PAYMENT_HOLD),
        }),
    )
}

async fn capture(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let done = capture_by_hand(&cx, Id::new(id)).await;
    decided(&visit, id, done, "The money is being taken.")
}

async fn release(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let done = release_by_hand(&cx, Id::new(id)).await;
    decided(&visit, id, done, "The money is being let go. The invoice is owed again.")
}

fn decided(visit: &Visit, id: i64, done: Result<(), HoldRefused>, told: &str) -> PageResult {
    let page = format!("/admin/payments/{id}");
    match done {
        Ok(()) => visit.redirect_with(page, Flash::success(told)),
        Err(HoldRefused::NotHeld) => {
            visit.redirect_with(page, Flash::warning(HoldRefused::NotHeld.message()))
        }
        Err(error) => Err(error.into()),
    }
}

fn view(payment: &Payment) -> Value {
    json!({
        "id": payment.id.get(), "customer_id": payment.customer, "gateway": payment.gateway,
        "kind": payment.kind.code(), "amount": payment.amount, "fee": payment.fee,
        "has_fee": !payment.fee.is_zero(), "refunded": payment.refunded,
        "has_refund": !payment.refunded.is_zero(), "state": payment.state.code(),
        "vendor": payment.gateway_reference, "reference": payment.reference, "decline": payment.decline_code,
        "message": payment.message, "received_on": payment.received_on, "why": payment.purpose.reason,
        "created_at": payment.created_at,
        "captured_at": payment.captured_at, "key": payment.key,
        "part": payment.part,
        "held_until": payment.held_until.filter(|_| payment.state.holds_money()),
    })
}

fn refund_view(refund: &Refund) -> Value {
    json!({ "id": refund.id.get(), "amount": refund.amount, "state": refund.state.code(), "why": refund.reason })
}
