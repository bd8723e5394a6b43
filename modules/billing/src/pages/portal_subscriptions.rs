//! Subscriptions for the customer who pays them: what runs, another plan or cycle, and the end. Every change is shown
//! first exactly as it will be invoiced.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Text};
use bursar_i18n::Translator;
use bursar_money::Money;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::change_form::{self, Asker, Offer, cycle_words};
use super::terms::{refuse, when};
use super::{ROWS, address, cut, store};
use crate::changes::survey::CancelSurvey;
use crate::changes::{Credit, change_subscription, drop_scheduled_change, preview_change};
use crate::error::BillError;
use crate::permissions::{PORTAL_SUBSCRIPTION_CHANGE, PORTAL_SUBSCRIPTION_VIEW, SUBSCRIPTION_CHANGE};
use crate::subscriptions::detail::{self, Detail};
use crate::subscriptions::lifecycle::{cancel_subscription, keep_subscription};

const LIST: &str = "/portal/subscriptions";
const CHANGE: &str = "billing/subscriptions/portal_change.html";
const CANCEL: &str = "billing/subscriptions/portal_cancel.html";

pub(crate) fn routes() -> Routes {
    let (view, change) = (|| Permission(PORTAL_SUBSCRIPTION_VIEW), || Permission(PORTAL_SUBSCRIPTION_CHANGE));
    Routes::<()>::new("billing")
        .get(LIST, view(), list)
        .get("/portal/subscriptions/{id}", view(), show)
        .get("/portal/subscriptions/{id}/change", change(), change_page)
        .post("/portal/subscriptions/{id}/change", change(), make_change)
        .post("/portal/subscriptions/{id}/drop-change", change(), drop_change)
        .get("/portal/subscriptions/{id}/cancel", change(), cancel_page)
        .post("/portal/subscriptions/{id}/cancel", change(), cancel)
        .post("/portal/subscriptions/{id}/keep", change(), keep)
        .with_state(())
}

fn page(id: i64) -> String {
    format!("{LIST}/{id}")
}

/// The context in which the action runs that staff call too, once the subscription is known to be the customer's own.
async fn own(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Cx> {
    let found = cx.read(async move |tx: &mut Tx| detail::get(tx, id).await).await;
    let detail = found.map_err(|error| match error {
        BillError::NotFound(_) => Problem::not_found(),
        other => other.into(),
    })?;
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    if !customers.contains(&detail.core.customer_id) {
        return Err(Problem::not_found());
    }
    Ok(cx.with_grants(&[SUBSCRIPTION_CHANGE]))
}

/// A line of a list as templates see it.
pub(super) fn row(row: &store::SubscriptionRow, words: &Translator) -> Value {
    let cycle = bursar_time::Cycle::parse(&row.cycle).map(|cycle| cycle_words(cycle, words));
    json!({
        "id": row.id, "label": row.label, "status": row.status, "next_bill_on": row.next_bill_on,
        "price": row.price, "cycle": cycle.unwrap_or_default(),
    })
}

#[derive(Debug, Deserialize)]
struct Place {
    before: Option<i64>,
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<Place>) -> PageResult {
    let customer = visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)?;
    let before = place.before;
    let found =
        cx.read(async move |tx: &mut Tx| store::of_customer(tx, customer, before, ROWS + 1).await).await?;
    let (rows, more) = cut(found);
    let last = rows.last().map(|row| row.id).filter(|_| more);
    visit.page(
        "billing/subscriptions/portal_list.html",
        json!({
            "rows": rows.iter().map(|found| row(found, visit.translator())).collect::<Vec<_>>(),
            "next": last.map(|last| address(LIST, &[], Some(last))).unwrap_or_default(),
            "previous": if before.is_some() { LIST } else { "" },
        }),
    )
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    own(&visit, &cx, id).await?;
    let words = visit.translator().clone();
    let mut context = cx
        .read(async move |tx: &mut Tx| {
            let found = detail::get(tx, id).await?;
            let items = detail::all_items(tx, id).await?;
            let changes = store::changes(tx, id).await?;
            let money = |minor| Money::new(minor, found.core.currency);
            let items: Vec<Value> = items
                .iter()
                .filter(|row| row.ended_on.is_none())
                .map(|row| {
                    json!({
                        "description": row.item.description, "quantity": row.item.quantity,
                        "unit": money(row.item.unit_minor),
                    })
                })
                .collect();
            Ok::<_, BillError>(json!({
                "subscription": view(&found, &words), "items": items,
                "scheduled": changes.iter().any(store::ChangeRow::is_scheduled),
            }))
        })
        .await?;
    context["may_change"] = json!(visit.can(PORTAL_SUBSCRIPTION_CHANGE));
    visit.page("billing/subscriptions/portal_show.html", context)
}

fn view(found: &Detail, words: &Translator) -> Value {
    let core = &found.core;
    json!({
        "id": core.id, "label": core.label, "status": core.status.code(), "cycle": cycle_words(core.cycle, words),
        "next_on": core.next.start, "next_bill_on": core.next_bill_on, "cancel_on": core.cancel_on,
        "started_on": found.started_on, "trial_ends_on": found.trial_ends_on, "ended_on": found.ended_on,
        "is_over": core.status.is_over(), "is_paused": found.paused_on.is_some(),
    })
}

async fn offer(cx: &Cx, id: i64, plan: Option<i64>) -> Result<Offer, BillError> {
    cx.read(async move |tx: &mut Tx| change_form::offer(tx, id, Asker::Customer, plan).await).await
}

#[derive(Debug, Deserialize)]
struct Picked {
    product: Option<i64>,
}

async fn change_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(picked): Query<Picked>,
) -> PageResult {
    own(&visit, &cx, id).await?;
    let offer = offer(&cx, id, picked.product).await?;
    visit.page(CHANGE, with_quote(&visit, &offer, &change_form::filled(&offer), Value::Null))
}

fn with_quote(visit: &Visit, offer: &Offer, form: &Form, quote: Value) -> Value {
    let mut view = change_form::view(offer, form, visit.translator());
    view["quote"] = quote;
    view
}

async fn make_change(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let cx = own(&visit, &cx, id).await?;
    let offer = offer(&cx, id, form.text("product").parse().ok()).await?;
    if form.text("step") == "plan" {
        return visit.page(CHANGE, with_quote(&visit, &offer, &form, Value::Null));
    }
    let Some((change, options)) = change_form::typed(&mut form, &offer, Asker::Customer) else {
        return visit.refused_form(CHANGE, with_quote(&visit, &offer, &form, Value::Null));
    };
    // A customer makes only what was shown: without the agreed figure it is shown.
    let agreed: Option<i64> = form.text("agreed").parse().ok();
    if form.text("step") == "make" && agreed.is_some() {
        match change_subscription(&cx, id, change.clone(), options, agreed).await {
            Ok(made) => {
                let said = if made.scheduled {
                    Text::new("billing-change-scheduled").with("date", bursar_i18n::day(made.effective_on))
                } else {
                    Text::new("billing-change-made")
                };
                return visit.redirect_with(page(id), Flash::success(visit.say(&said)));
            }
            Err(BillError::Changed) => form.refuse_text("agreed", &Text::new("billing-change-moved")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    match preview_change(&cx, id, change, options).await {
        Ok(quote) => {
            let quote = change_form::quote_view(&quote, visit.translator());
            let context = with_quote(&visit, &offer, &form, quote);
            if form.is_refused() { visit.refused_form(CHANGE, context) } else { visit.page(CHANGE, context) }
        }
        Err(error) => {
            refuse(&mut form, error)?;
            visit.refused_form(CHANGE, with_quote(&visit, &offer, &form, Value::Null))
        }
    }
}

/// Back to the subscription: with what was done, or with why not.
fn back(visit: &Visit, id: i64, result: Result<(), BillError>, done: &'static str) -> PageResult {
    match result {
        Ok(()) => visit.redirect_with(page(id), Flash::success(visit.t(done))),
        Err(error @ (BillError::Refused(_) | BillError::Told(..) | BillError::Changed)) => {
            visit.redirect_with(page(id), Flash::danger(visit.refusal(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn drop_change(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let cx = own(&visit, &cx, id).await?;
    back(&visit, id, drop_scheduled_change(&cx, id).await, "billing-change-dropped")
}

async fn cancel_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    own(&visit, &cx, id).await?;
    let context = cancel_context(&visit, &cx, id, &Form::filled([("when", "period_end")])).await?;
    visit.page(CANCEL, context)
}

async fn cancel_context(visit: &Visit, cx: &Cx, id: i64, form: &Form) -> Result<Value, Fault> {
    let found = cx
        .read(async move |tx: &mut Tx| Ok((detail::get(tx, id).await?, CancelSurvey::load(tx).await?)))
        .await;
    let (found, survey) =
        found.map_err(|error: BillError| Fault::wrap("a subscription that was just found", error))?;
    let ready = survey.offered().map(|code| {
        let said = Text::new("billing-cancel-reason").with("reason", code);
        json!({ "value": code, "label": visit.say(&said) })
    });
    let own = survey.own.iter().map(|reason| json!({ "value": reason, "label": reason }));
    let reasons: Vec<Value> = ready.chain(own).collect();
    Ok(json!({ "form": form.view(), "subscription": view(&found, visit.translator()), "reasons": reasons }))
}

async fn cancel(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let cx = own(&visit, &cx, id).await?;
    let reason = form.text("reason").to_owned();
    let survey = cx.read(async |tx: &mut Tx| CancelSurvey::load(tx).await).await?;
    if !survey.accepts(&reason) {
        form.refuse_text("reason", &Text::new("billing-cancel-choose"));
    }
    let comment = form.optional("comment", 1_000).unwrap_or_default();
    if form.is_refused() {
        let context = cancel_context(&visit, &cx, id, &form).await?;
        return visit.refused_form(CANCEL, context);
    }
    let reason = match (reason.as_str(), comment.as_str()) {
        (_, "") => reason,
        ("", _) => comment,
        _ => format!("{reason}: {comment}"),
    };
    // What a customer ends before its time is not given back; staff may.
    let cancelled = cancel_subscription(&cx, id, when(&form), reason, Credit::Forfeit).await;
    back(&visit, id, cancelled, "billing-cancel-done")
}

async fn keep(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let cx = own(&visit, &cx, id).await?;
    back(&visit, id, keep_subscription(&cx, id).await, "billing-kept")
}
