//! Changing, pausing, moving and cancelling a subscription, for staff. Each change is shown first as it will be invoiced.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _};
use bursar_i18n::Translator;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::back;
use super::change_form::{self, Asker, Offer};
use crate::changes::{Credit, When, change_subscription, drop_scheduled_change, preview_change};
use crate::error::BillError;
use crate::permissions;
use crate::subscriptions::lifecycle::{
    ResumeDay, cancel_subscription, keep_subscription, pause_subscription, resume_subscription,
};
use crate::subscriptions::shift::{Charge, Shift, preview_shift_many, shift_many};

const CHANGE: &str = "billing/subscriptions/admin_change.html";
const MOVE: &str = "billing/subscriptions/admin_move.html";

pub(crate) fn routes() -> Routes {
    let may = || Permission(permissions::SUBSCRIPTION_CHANGE);
    Routes::<()>::new("billing")
        .get("/admin/subscriptions/{id}/change", may(), change_page)
        .post("/admin/subscriptions/{id}/change", may(), change)
        .post("/admin/subscriptions/{id}/drop-change", may(), drop_change)
        .post("/admin/subscriptions/{id}/pause", may(), pause)
        .post("/admin/subscriptions/{id}/resume", may(), resume)
        .post("/admin/subscriptions/{id}/cancel", may(), cancel)
        .post("/admin/subscriptions/{id}/keep", may(), keep)
        .get("/admin/subscriptions/{id}/move", may(), move_page)
        .post("/admin/subscriptions/{id}/move", may(), move_date)
        .with_state(())
}

fn page(id: i64) -> String {
    format!("/admin/subscriptions/{id}")
}

async fn offer(cx: &Cx, id: i64, plan: Option<i64>) -> Result<Offer, BillError> {
    cx.read(async move |tx: &mut Tx| change_form::offer(tx, id, Asker::Staff, plan).await).await
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
    let offer = offer(&cx, id, picked.product).await?;
    visit.page(CHANGE, with_quote(&offer, &change_form::filled(&offer), Value::Null, visit.translator()))
}

fn with_quote(offer: &Offer, form: &Form, quote: Value, words: &Translator) -> Value {
    let mut view = change_form::view(offer, form, words);
    view["quote"] = quote;
    view
}

/// Shows what a change comes to; makes it when the figure that was shown is sent along.
async fn change(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let offer = offer(&cx, id, form.text("product").parse().ok()).await?;
    if form.text("step") == "plan" {
        return visit.page(CHANGE, with_quote(&offer, &form, Value::Null, visit.translator()));
    }
    let Some((change, options)) = change_form::typed(&mut form, &offer, Asker::Staff) else {
        return visit.refused_form(CHANGE, with_quote(&offer, &form, Value::Null, visit.translator()));
    };
    if form.text("step") == "make" {
        let agreed = form.text("agreed").parse().ok();
        match change_subscription(&cx, id, change.clone(), options, agreed).await {
            Ok(made) => {
                let said = if made.scheduled {
                    format!("The change is made on {}.", made.effective_on)
                } else {
                    "The change is made.".to_owned()
                };
                return visit.redirect_with(page(id), Flash::success(said));
            }
            Err(BillError::Changed) => {
                form.refuse("agreed", "The figures are not the ones you saw any more. Look at them again.");
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    match preview_change(&cx, id, change, options).await {
        Ok(quote) if form.is_refused() => {
            let quote = change_form::quote_view(&quote, visit.translator());
            visit.refused_form(CHANGE, with_quote(&offer, &form, quote, visit.translator()))
        }
        Ok(quote) => {
            let quote = change_form::quote_view(&quote, visit.translator());
            visit.page(CHANGE, with_quote(&offer, &form, quote, visit.translator()))
        }
        Err(error) => {
            refuse(&mut form, error)?;
            visit.refused_form(CHANGE, with_quote(&offer, &form, Value::Null, visit.translator()))
        }
    }
}

/// A refusal above the form, and everything else as it is.
pub(super) fn refuse(form: &mut Form, error: BillError) -> PageResult<()> {
    match error.kind() {
        ErrorKind::Invalid(fields) if !fields.is_empty() => {
            let said: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            form.refuse("change", said.join(" "));
        }
        ErrorKind::Invalid(_) | ErrorKind::Conflict => form.refuse("change", error.message()),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            return Err(error.into());
        }
    }
    Ok(())
}

async fn drop_change(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let dropped = drop_scheduled_change(&cx, id).await;
    back(&visit, &page(id), dropped, |()| "The scheduled change is taken back.".to_owned())
}

pub(super) fn when(form: &Form) -> When {
    if form.text("when") == "now" { When::Now } else { When::PeriodEnd }
}

fn credit(form: &Form) -> Credit {
    if form.text("credit") == "give_back" { Credit::GiveBack } else { Credit::Forfeit }
}

async fn pause(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let when = when(&form);
    let paused = pause_subscription(&cx, id, when, credit(&form)).await;
    back(&visit, &page(id), paused, |()| match when {
        When::Now => "The subscription is paused. Nothing is billed until it is resumed.".to_owned(),
        When::PeriodEnd => "The subscription pauses when what is billed ends.".to_owned(),
    })
}

async fn resume(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let day = if form.text("day") == "today" { ResumeDay::Today } else { ResumeDay::Keep };
    let resumed = resume_subscription(&cx, id, day).await;
    back(&visit, &page(id), resumed, |()| "The subscription goes on.".to_owned())
}

async fn cancel(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let when = when(&form);
    let reason = form.text("reason").to_owned();
    let cancelled = cancel_subscription(&cx, id, when, reason, credit(&form)).await;
    back(&visit, &page(id), cancelled, |()| match when {
        When::Now => "The subscription is cancelled.".to_owned(),
        When::PeriodEnd => {
            "The subscription ends when what is billed ends. Until then it can be kept.".to_owned()
        }
    })
}

async fn keep(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let kept = keep_subscription(&cx, id).await;
    back(&visit, &page(id), kept, |()| "The subscription stays.".to_owned())
}

async fn move_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let offer = offer(&cx, id, None).await?;
    let form =
        Form::filled([("to", offer.detail.core.next.start.to_string()), ("charge", "free".to_owned())]);
    visit.page(MOVE, move_context(&offer, &form, Value::Null))
}

fn move_context(offer: &Offer, form: &Form, quote: Value) -> Value {
    let core = &offer.detail.core;
    json!({
        "form": form.view(), "id": core.id, "label": core.label, "next_on": core.next.start, "quote": quote,
        "charges": [{"value": "free", "label": "Free of charge"},
                    {"value": "prorated", "label": "Their share of the price, invoiced now"}],
    })
}

/// Shows what moving the date comes to; moves it when that is confirmed.
async fn move_date(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let offer = offer(&cx, id, None).await?;
    let charge = if form.text("charge") == "prorated" { Charge::Prorated } else { Charge::Free };
    let Some(to) = form.date("to") else {
        return visit.refused_form(MOVE, move_context(&offer, &form, Value::Null));
    };
    let report = if form.text("step") == "make" {
        shift_many(&cx, vec![id], Shift::To(to), charge).await?
    } else {
        preview_shift_many(&cx, vec![id], Shift::To(to), charge).await?
    };
    if let Some((_, why)) = report.refused.into_iter().next() {
        form.refuse("to", why);
        return visit.refused_form(MOVE, move_context(&offer, &form, Value::Null));
    }
    if form.text("step") == "make" {
        return visit.redirect_with(page(id), Flash::success(format!("The next period begins on {to}.")));
    }
    let invoiced: Vec<Value> = report
        .invoiced
        .into_iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|(currency, minor)| json!(bursar_money::Money::new(minor, currency)))
        .collect();
    visit.page(MOVE, move_context(&offer, &form, json!({ "to": to, "invoiced": invoiced })))
}
