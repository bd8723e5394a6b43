//! A customer adds to their credit.

use axum::Extension;
use axum::extract::State;
use bursar_billing::BillError;
use bursar_billing::permissions::PORTAL_INVOICE_PAY;
use bursar_billing::settle::{NewDeposit, add_funds, credit_balances, credit_moves, deposit_limits};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::checkout::follow;
use super::desk::Desk;
use super::ways;

const PAGE: &str = "desk/funds/portal_add.html";
/// Changes of credit that are shown.
const NEWEST: i64 = 20;

pub(super) fn routes(desk: Desk) -> Routes {
    Routes::new("desk")
        .get("/portal/funds", Permission(PORTAL_INVOICE_PAY), page)
        .post("/portal/funds", Permission(PORTAL_INVOICE_PAY), add)
        .with_state(desk)
}

fn own(visit: &Visit) -> PageResult<i64> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

async fn context(cx: &Cx, desk: &Desk, customer: i64, form: &Form) -> PageResult<Value> {
    let (limits, credit, moves) = cx
        .read(async move |tx: &mut Tx| {
            let limits = deposit_limits(tx, customer).await?;
            let credit = credit_balances(tx, customer).await?;
            Ok::<_, BillError>((limits, credit, credit_moves(tx, customer, None, NEWEST).await?))
        })
        .await?;
    let currency = limits.smallest.currency();
    let moves: Vec<Value> = moves
        .iter()
        .map(|it| json!({ "amount": it.amount, "reason": it.reason, "at": it.created_at }))
        .collect();
    Ok(json!({
        "form": form.view(), "currency": currency.code(), "credit": credit, "moves": moves,
        "smallest": limits.smallest, "largest": limits.largest, "is_full": limits.is_full(),
        "ways": ways::offered(cx, desk, customer, currency).await?,
    }))
}

async fn page(visit: Visit, State(desk): State<Desk>, Extension(cx): Extension<Cx>) -> PageResult {
    let form = Form::filled([("form_key", cx.with_rng(|rng| rng.token(16)))]);
    let context = context(&cx, &desk, own(&visit)?, &form).await?;
    visit.page(PAGE, context)
}

async fn add(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let customer = own(&visit)?;
    let limits = cx.read(async move |tx: &mut Tx| deposit_limits(tx, customer).await).await?;
    let amount = form.money("amount", limits.smallest.currency());
    let form_key = form.required("form_key", 60);
    if let Some(amount) = amount.filter(|_| !form_key.is_empty())
        && let Some(way) = ways::chosen(&visit, &cx, &desk, customer, &mut form).await?
    {
        let deposit = NewDeposit {
            customer,
            amount,
            form_key,
            gateway: way.gateway,
            method: way.method,
            return_url: Some("/portal".to_owned()),
            reason: visit.t("desk-funds-reason"),
        };
        match add_funds(&cx, deposit).await {
            Ok(payment) => return follow(&visit, &cx, &desk, payment).await,
            Err(BillError::Invalid(fields)) => form.refuse_all(fields),
            Err(error) => return Err(error.into()),
        }
    }
    let context = context(&cx, &desk, customer, &form).await?;
    visit.refused_form(PAGE, context)
}
