//! What waits for a person: subscriptions put aside, dead jobs, parked deliveries and webhooks.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_events::Dispatcher;
use bursar_fault::Fault;
use bursar_jobs::Runner;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::desk::{Desk, PROBLEM_MEND, PROBLEM_VIEW};

/// The most of each kind on the page.
const MOST: i64 = 100;

pub(super) fn routes(desk: Desk) -> Routes {
    Routes::new("desk")
        .get("/admin/problems", Permission(PROBLEM_VIEW), list)
        .post("/admin/problems/{kind}/{id}/{what}", Permission(PROBLEM_MEND), mend)
        .with_state(desk)
}

async fn stored(cx: &Cx) -> Result<(Vec<Value>, Vec<Value>), Fault> {
    cx.read(async |tx: &mut Tx| {
        let aside = bursar_billing::run::store::list_aside(tx, 0, MOST).await?;
        let webhooks = bursar_payments::list_parked_webhooks(tx, MOST).await?;
        let aside = aside.iter().map(|it| {
            json!({ "subscription_id": it.subscription_id, "start_on": it.start_on, "why": it.detail, "since": it.first_at })
        });
        let webhooks = webhooks.iter().map(|it| {
            json!({ "id": it.id, "gateway": it.gateway, "reference": it.reference, "why": it.why, "since": it.received_at })
        });
        Ok((aside.collect(), webhooks.collect()))
    })
    .await
}

async fn list(visit: Visit, State(_): State<Desk>, Extension(cx): Extension<Cx>) -> PageResult {
    let (aside, webhooks) = stored(&cx).await?;
    let jobs: Vec<Value> = Runner::dead(&cx, MOST)
        .await?
        .iter()
        .map(|it| json!({ "id": it.id, "kind": it.kind, "payload": it.payload, "attempts": it.attempts, "why": it.last_error, "since": it.created_at }))
        .collect();
    let deliveries: Vec<Value> = Dispatcher::parked(&cx, MOST)
        .await?
        .iter()
        .map(|it| json!({ "id": it.id, "subscriber": it.subscriber, "event": it.event, "subject": it.subject, "attempts": it.attempts, "why": it.last_error }))
        .collect();
    visit.page(
        "desk/problems/admin_list.html",
        json!({ "aside": aside, "jobs": jobs, "deliveries": deliveries, "webhooks": webhooks }),
    )
}

async fn mend(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((kind, id, what)): Path<(String, i64, String)>,
    form: Form,
) -> PageResult {
    let found = match (kind.as_str(), what.as_str()) {
        ("jobs", "retry") => Runner::revive(&cx, id).await?,
        ("jobs", "drop") => Runner::drop_dead(&cx, id).await?,
        ("deliveries", "retry") => Dispatcher::retry_parked(&cx, id).await?,
        ("deliveries", "drop") => Dispatcher::skip_parked(&cx, id).await?,
        ("webhooks", "retry") => bursar_payments::retry_webhook(&cx, id).await?,
        ("webhooks", "drop") => bursar_payments::dismiss_webhook(&cx, id, form.text("why")).await?,
        _ => return Err(Problem::not_found()),
    };
    let flash = match (found, what.as_str()) {
        (false, _) => Flash::info("Somebody else has dealt with this already."),
        (true, "retry") => Flash::success("It is tried again now."),
        (true, _) => Flash::success("It is dropped."),
    };
    if found && kind != "webhooks" {
        note(&cx, &kind, id, &what).await?;
    }
    visit.redirect_with("/admin/problems", flash)
}

/// Who retried or dropped what; the webhooks' own actions note it themselves.
async fn note(cx: &Cx, kind: &str, id: i64, what: &str) -> Result<(), Fault> {
    let (subject, action) = (format!("{kind}:{id}"), format!("{PROBLEM_MEND}.{what}"));
    cx.write(async move |tx: &mut Tx| {
        let audit = Audit { action: &action, subject: &subject, before: None, after: None };
        bursar_audit::record(tx, audit).await
    })
    .await
}
