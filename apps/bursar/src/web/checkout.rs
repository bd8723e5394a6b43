//! A customer pays: one invoice or several, all or a part, from credit and by a method of theirs.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use bursar_billing::BillError;
use bursar_billing::permissions::PORTAL_INVOICE_PAY;
use bursar_billing::settle::{
    PayOrder, PayPlan, PayWish, UseCredit, pay, payable_invoices, plan_payment, running_charge,
};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _, Text};
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_payments::{Payment, PaymentState, run_charge, withdraw_charge};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::desk::Desk;
use super::ways::{self, Way};

const PAY: &str = "desk/checkout/portal_pay.html";
/// Seconds between looks at a payment that nobody knows the outcome of.
const REFRESH: &str = "3";

pub(super) fn routes(desk: Desk) -> Routes {
    let may_pay = || Permission(PORTAL_INVOICE_PAY);
    Routes::new("desk")
        .get("/portal/pay", may_pay(), page_of_several)
        .post("/portal/pay", may_pay(), pay_several)
        .get("/portal/invoices/{id}/pay", may_pay(), page_of_one)
        .post("/portal/invoices/{id}/pay", may_pay(), pay_one)
        .get("/portal/payments/{id}", may_pay(), result)
        .get("/portal/payments/{id}/return", may_pay(), come_back)
        .post("/portal/payments/{id}/withdraw", may_pay(), withdraw)
        .with_state(desk)
}

/// What somebody is about to pay.
struct Till {
    customer: i64,
    currency: Currency,
    invoices: Vec<i64>,
    /// Where the form goes.
    here: String,
}

fn own(visit: &Visit) -> PageResult<i64> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

/// The till for some invoices of one customer, if the first is the visitor's own; whatever else exists is not theirs to
/// know, and the plan refuses it.
async fn till(visit: &Visit, cx: &Cx, invoices: Vec<i64>, here: String) -> PageResult<Till> {
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    let id = *invoices.first().ok_or_else(Problem::not_found)?;
    let first = bursar_billing::pages::invoice_of(cx, customers, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Till { customer: first.customer_id, currency: first.currency, invoices, here })
}

async fn till_of_one(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Till> {
    till(visit, cx, vec![id], format!("/portal/invoices/{id}/pay")).await
}

/// The chosen invoices of a query or form; everything that is open when none is chosen.
async fn till_of(visit: &Visit, cx: &Cx, chosen: Vec<i64>) -> PageResult<Option<Till>> {
    let customer = own(visit)?;
    let mut invoices = chosen;
    if invoices.is_empty() {
        invoices = cx.read(async move |tx: &mut Tx| payable_invoices(tx, customer).await).await?;
    }
    invoices.sort_unstable();
    invoices.dedup();
    invoices.truncate(bursar_billing::settle::MOST_INVOICES);
    if invoices.is_empty() {
        return Ok(None);
    }
    till(visit, cx, invoices, "/portal/pay".to_owned()).await.map(Some)
}

/// What a form wishes; an amount that cannot be read is refused beside its field.
fn wish(till: &Till, form: &mut Form) -> PayWish {
    let amount = if form.text("amount").is_empty() { None } else { form.money("amount", till.currency) };
    let credit = if form.is_checked("use_credit") { UseCredit::First } else { UseCredit::Keep };
    PayWish { customer: till.customer, invoices: till.invoices.clone(), amount, credit }
}

/// The page with what the form comes to. An amount that cannot be paid shows what the whole would be.
async fn show(visit: &Visit, cx: &Cx, desk: &Desk, till: &Till, mut form: Form) -> PageResult {
    let wished = wish(till, &mut form);
    let planned = cx.read(async move |tx: &mut Tx| plan_payment(tx, &wished).await).await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(BillError::Invalid(fields)) => {
            form.refuse_all(fields);
            let whole = PayWish { amount: None, ..wish(till, &mut form) };
            cx.read(async move |tx: &mut Tx| plan_payment(tx, &whole).await).await?
        }
        Err(refused) if matches!(refused.kind(), ErrorKind::Conflict) => {
            return visit.redirect_with("/portal/invoices", Flash::info(visit.refusal(&refused)));
        }
        Err(error) => return Err(error.into()),
    };
    if form.text("form_key").is_empty() {
        form.set("form_key", cx.with_rng(|rng| rng.token(16)));
    }
    let invoices = till.invoices.clone();
    let running = cx.read(async move |tx: &mut Tx| running_charge(tx, &invoices).await).await?;
    if let Some(held) = held(cx, running).await? {
        return visit.redirect(format!("/portal/payments/{held}"));
    }
    let mut context = plan_view(till, &plan);
    context["running"] = json!(running.map(Id::get));
    context["ways"] = ways::offered(cx, desk, till.customer, till.currency).await?;
    context["form"] = json!(form.view());
    if form.is_refused() { visit.refused_form(PAY, context) } else { visit.page(PAY, context) }
}

/// The payment that is under way, if its money is held: nobody is asked for more.
async fn held(cx: &Cx, running: Option<Id<Payment>>) -> Result<Option<Id<Payment>>, Fault> {
    let Some(id) = running else { return Ok(None) };
    let payment = cx.read(async move |tx: &mut Tx| bursar_payments::find(tx, id).await).await?;
    Ok(payment.filter(|payment| payment.state.holds_money()).map(|payment| payment.id))
}

fn plan_view(till: &Till, plan: &PayPlan) -> Value {
    let money = |minor| Money::new(minor, plan.currency);
    let parts: Vec<Value> = plan
        .parts
        .iter()
        .map(|part| {
            json!({
                "id": part.invoice_id, "number": part.number, "open": money(part.open_minor),
                "by_credit": money(part.by_credit_minor), "by_charge": money(part.by_charge_minor),
                "stays": money(part.stays_minor()),
            })
        })
        .collect();
    let total = plan.by_credit_minor + plan.by_charge_minor;
    json!({
        "here": till.here, "parts": parts, "agreed": plan.agreed(), "currency": plan.currency.code(),
        "has_credit": plan.credit_minor > 0, "credit": money(plan.credit_minor),
        "uses_credit": plan.by_credit_minor > 0, "by_credit": money(plan.by_credit_minor),
        "credit_left": money(plan.credit_minor - plan.by_credit_minor),
        "charges": plan.by_charge_minor > 0, "by_charge": money(plan.by_charge_minor),
        "total": money(total), "open": money(total + plan.stays_minor),
        "stays_open": plan.stays_minor > 0, "stays": money(plan.stays_minor),
    })
}

async fn page_of_one(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let till = till_of_one(&visit, &cx, id).await?;
    show(&visit, &cx, &desk, &till, Form::default()).await
}

async fn page_of_several(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Query(query): Query<Vec<(String, String)>>,
) -> PageResult {
    let chosen = query.iter().filter(|(name, _)| name == "invoice").filter_map(|(_, id)| id.parse().ok());
    match till_of(&visit, &cx, chosen.collect()).await? {
        Some(till) => show(&visit, &cx, &desk, &till, Form::default()).await,
        None => visit.redirect_with("/portal/invoices", Flash::info(visit.t("desk-pay-nothing"))),
    }
}

async fn pay_one(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let till = till_of_one(&visit, &cx, id).await?;
    carry_out(&visit, &cx, &desk, &till, form).await
}

async fn pay_several(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    form: Form,
) -> PageResult {
    let chosen = form.all("invoice").filter_map(|id| id.parse().ok()).collect();
    let till = till_of(&visit, &cx, chosen).await?.ok_or_else(Problem::not_found)?;
    carry_out(&visit, &cx, &desk, &till, form).await
}

/// Pays what was shown; without the figures that were agreed to it is shown again.
async fn carry_out(visit: &Visit, cx: &Cx, desk: &Desk, till: &Till, mut form: Form) -> PageResult {
    let wished = wish(till, &mut form);
    // A form without its token would be taken for any other without one.
    if form.is_refused() || form.text("step") == "show" || form.text("form_key").is_empty() {
        return show(visit, cx, desk, till, form).await;
    }
    let agreed = form.text("agreed").to_owned();
    // What credit pays alone needs no card.
    let way = if agreed.ends_with("+0") {
        Some(Way::none())
    } else {
        ways::chosen(visit, cx, desk, till.customer, &mut form).await?
    };
    let Some(way) = way else { return show(visit, cx, desk, till, form).await };
    let order = PayOrder {
        wish: wished,
        agreed,
        form_key: form.text("form_key").to_owned(),
        gateway: way.gateway,
        method: way.method,
        return_url: Some("/portal".to_owned()),
    };
    match pay(cx, order).await {
        Ok(paying) => match paying.payment {
            Some(payment) => follow(visit, cx, desk, payment).await,
            None => {
                visit.redirect_with("/portal/invoices", Flash::success(visit.t("desk-pay-by-credit-done")))
            }
        },
        Err(BillError::Changed) => {
            form.refuse_text("agreed", &Text::new("desk-pay-moved"));
            show(visit, cx, desk, till, form).await
        }
        Err(BillError::Invalid(fields)) => {
            form.refuse_all(fields);
            show(visit, cx, desk, till, form).await
        }
        Err(refused) if matches!(refused.kind(), ErrorKind::Conflict) => {
            visit.redirect_with("/portal/invoices", Flash::info(visit.refusal(&refused)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Drives a charge that was just begun and goes where it leads: to the vendor's own page where the customer must
/// confirm, otherwise to the result.
pub(super) async fn follow(visit: &Visit, cx: &Cx, desk: &Desk, payment: Id<Payment>) -> PageResult {
    let payment = run_charge(cx, &desk.gateways, payment).await?.payment;
    match payment.state {
        PaymentState::RequiresAction if !payment.action_url.is_empty() => visit.go_on(&payment.action_url),
        _ => visit.redirect(format!("/portal/payments/{}", payment.id)),
    }
}

async fn own_payment(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Payment> {
    let found = cx.read(async move |tx: &mut Tx| bursar_payments::find(tx, Id::new(id)).await).await?;
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    found.filter(|payment| customers.contains(&payment.customer)).ok_or_else(Problem::not_found)
}

/// Back from the vendor's page: what became of it is asked, never believed.
async fn come_back(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let payment = own_payment(&visit, &cx, id).await?;
    run_charge(&cx, &desk.gateways, payment.id).await?;
    visit.redirect(format!("/portal/payments/{id}"))
}

/// The customer would rather pay another way. A payment that was faster counts.
async fn withdraw(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let payment = own_payment(&visit, &cx, id).await?;
    let view = withdraw_charge(&cx, &desk.gateways, payment.id).await?;
    let said = if view.payment.state == PaymentState::Cancelled {
        Flash::success(visit.t("desk-withdrawn"))
    } else {
        Flash::info(visit.t("desk-not-withdrawn"))
    };
    visit.redirect_with(format!("/portal/payments/{id}"), said)
}

async fn result(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let payment = own_payment(&visit, &cx, id).await?;
    let stands = standing(payment.state);
    let invoices: Vec<i64> = payment.purpose.invoices.iter().map(|(invoice, _)| *invoice).collect();
    let order = order_of(&cx, invoices.first().copied()).await?;
    let again = match invoices.as_slice() {
        [] => String::new(),
        [one] => format!("/portal/invoices/{one}/pay"),
        several => {
            let query: Vec<String> = several.iter().map(|invoice| format!("invoice={invoice}")).collect();
            format!("/portal/pay?{}", query.join("&"))
        }
    };
    let mut response = visit.page(
        "desk/checkout/portal_result.html",
        json!({
            "id": id, "stands": stands, "amount": payment.amount, "why": payment.decline_code, "again": again,
            "number": payment.purpose.reason, "confirm_at": payment.action_url, "order": order,
            "held_until": payment.held_until,
        }),
    )?;
    if stands == "asking" {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

async fn order_of(cx: &Cx, invoice: Option<i64>) -> Result<Option<i64>, Fault> {
    let Some(invoice) = invoice else { return Ok(None) };
    let read = async move |tx: &mut Tx| bursar_ordering::order_of_invoice(tx, invoice).await;
    Ok(cx.read(read).await?.map(|order| order.id))
}

/// What the page says of a state.
fn standing(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Captured => "paid",
        PaymentState::RequiresAction => "confirm",
        PaymentState::Created | PaymentState::Sent | PaymentState::Pending | PaymentState::Unknown => {
            "asking"
        }
        PaymentState::Held | PaymentState::Capturing => "held",
        PaymentState::Releasing | PaymentState::Released | PaymentState::Expired => "released",
        PaymentState::Cancelled => "cancelled",
        PaymentState::Declined | PaymentState::Failed => "declined",
    }
}
