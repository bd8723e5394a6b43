//! The sandbox vendors' own pages, and their webhooks: what for a real vendor lies on the other side of the internet.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway_sandbox::{Authentication, ID as SANDBOX, Processor, cards};
use bursar_money::{Currency, Money};
use bursar_payments::Gateways;
use bursar_web::{Form, PageResult, Problem, Public, Routes, Visit};
use serde_json::json;

use super::desk::Desk;
use crate::drivers::Drivers;

const PAGE: &str = "desk/sandbox/authenticate.html";
const SETUP: &str = "desk/sandbox/setup.html";
const PANEL: &str = "desk/sandbox/panel.html";
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(super) fn routes(desk: Desk) -> Routes {
    Routes::new("desk")
        .get("/sandbox/authenticate/{reference}", Public, page)
        .post("/sandbox/authenticate/{reference}", Public, answer)
        .get("/sandbox/methods/{reference}", Public, setup_page)
        .post("/sandbox/methods/{reference}", Public, answer_setup)
        .get("/sandbox/panel/{reference}/{door}", Public, panel_page)
        .with_state(desk)
}

async fn page(visit: Visit, State(desk): State<Desk>, Path(reference): Path<String>) -> PageResult {
    let charge = desk.sandbox.charge_by_reference(&reference).ok_or_else(Problem::not_found)?;
    let currency = Currency::parse(&charge.currency).map_err(|e| Fault::wrap("the sandbox's currency", e))?;
    visit.page(PAGE, json!({ "amount": Money::new(charge.amount_minor, currency) }))
}

async fn answer(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(reference): Path<String>,
    form: Form,
) -> PageResult {
    let answer =
        if form.text("answer") == "approve" { Authentication::Approved } else { Authentication::Rejected };
    let charge = desk
        .sandbox
        .complete_authentication(cx.now(), &reference, answer)
        .map_err(|_| Problem::not_found())?;
    let group = charge.key.strip_prefix("pay:").unwrap_or(&charge.key).to_owned();
    let payment = cx.read(async move |tx: &mut Tx| bursar_payments::find_by_key(tx, &group).await).await?;
    let payment = payment.ok_or_else(Problem::not_found)?;
    visit.redirect(format!("/portal/payments/{}/return", payment.id))
}

async fn setup_page(visit: Visit, State(desk): State<Desk>, Path(reference): Path<String>) -> PageResult {
    desk.sandbox.setup_by_reference(&reference).ok_or_else(Problem::not_found)?;
    let cards: Vec<_> =
        cards::OFFERED.iter().map(|card| json!({ "token": card.token, "label": card.label })).collect();
    visit.page(SETUP, json!({ "cards": cards }))
}

async fn answer_setup(
    visit: Visit,
    State(desk): State<Desk>,
    Path(reference): Path<String>,
    form: Form,
) -> PageResult {
    let card = (form.text("answer") == "give").then(|| form.text("card"));
    let setup = desk.sandbox.complete_setup(&reference, card).map_err(|_| Problem::not_found())?;
    visit.redirect(setup.return_url)
}

/// Where a panel's own pages would be. Whoever knows the address may see it: it shows what the address says, and no more.
async fn panel_page(visit: Visit, Path((reference, _)): Path<(String, String)>) -> PageResult {
    visit.page(PANEL, json!({ "reference": reference }))
}

/// Carries the sandbox's webhooks to the office until `stop` is ready, as the internet would.
pub async fn deliver_webhooks(cx: &Cx, drivers: &Drivers, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = ticks.tick() => carry(cx, &drivers.gateways, &drivers.sandbox).await,
        }
    }
}

async fn carry(cx: &Cx, gateways: &Gateways, sandbox: &Processor) {
    for request in sandbox.take_webhooks(cx.now()) {
        if let Err(fault) = bursar_payments::receive_webhook(cx, gateways, SANDBOX, request).await {
            // Lost, as webhooks are now and then: the reconciler asks about what nobody announced.
            tracing::warn!(fault = fault.chain(), "a webhook of the sandbox was not taken in");
        }
    }
}
