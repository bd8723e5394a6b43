//! The second half of a turn: what the answer means, written down in one transaction with everything that follows.

use std::time::Duration;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{Observed, State as Seen};
use serde_json::json;

use crate::act::Acted;
use crate::breaker::{Breaker, ServerNews};
use crate::policy::Action;
use crate::service::{Operation, OperationState, ResourceState, Service, Shown};
use crate::settings::ProvisioningSettings;
use crate::states::{Event, State};
use crate::verdict::{Again, Answer, Class, Progress, Verdict, judge, with_jitter};
use crate::{advance, alerts, calls, lanes, moving, operations, places, store};

/// How long what cannot even be asked for waits.
const UNASKED_PAUSE: Duration = Duration::from_secs(60);

/// Writes down what became of a turn. False when somebody else has it by now: what this one brought is refused.
pub(crate) async fn record(cx: &Cx, operation: Operation, acted: Acted) -> Result<bool, Fault> {
    let service_id = operation.service_id;
    let (what, class) = (acted.what, acted.answer.clone());
    let acted = std::sync::Arc::new(acted);
    let kept = cx.write(async move |tx: &mut Tx| record_in(tx, operation.clone(), &acted).await).await?;
    tracing::info!(service.id = service_id, what, answer = class.word(), kept, "a vendor answered");
    Ok(kept)
}

async fn record_in(tx: &mut Tx, mut operation: Operation, acted: &Acted) -> Result<bool, Fault> {
    let settings = ProvisioningSettings::load(tx).await?;
    let now = tx.now();
    let since = operation.first_tried_at.map_or(0, |first| now.since(first));
    let progress = Progress {
        action: operation.action,
        step: operation.step,
        attempts: operation.attempts,
        polls: operation.polls,
        vendor_failures: operation.vendor_failures,
        tried_for: Duration::from_micros(u64::try_from(since).unwrap_or_default()),
        give_up_after: Duration::from_secs(u64::try_from(settings.give_up_hours * 3_600).unwrap_or(86_400)),
    };
    let verdict = judge(&progress, &acted.answer);
    let asked = operation.clone();
    settle(tx, &mut operation, acted, &verdict);
    if !operations::record(tx, &operation).await? {
        return Ok(false);
    }
    write_call(tx, &operation, acted, asked.server_id).await?;
    if !acted.what.is_empty() {
        calls::count(tx, &asked, acted).await?;
        tell_lane(tx, asked.server_id, &acted.answer).await?;
    }
    let Some(mut service) = store::find(tx, operation.service_id).await? else {
        return Err(Fault::corrupt(format!("operation {} has no service", operation.id)));
    };
    match verdict {
        Verdict::Succeed => {
            if let Some(seen) = &acted.seen {
                show(tx, &operation, seen).await?;
            }
            succeed(tx, &mut service, &operation, &acted.answer).await?;
        }
        Verdict::Again(again) => go_on(tx, &mut service, &operation, again).await?,
        Verdict::Dead(class) => give_up(tx, &mut service, &operation, class).await?,
    }
    Ok(true)
}

/// The operation as it stands after the verdict.
fn settle(tx: &Tx, operation: &mut Operation, acted: &Acted, verdict: &Verdict) {
    let now = tx.now();
    operation.why = acted.answer.why();
    operation.lease_until = None;
    match verdict {
        Verdict::Succeed => {
            operation.state = OperationState::Done;
            operation.class = Class::None;
            operation.ended_at = Some(now);
        }
        Verdict::Dead(class) => {
            operation.state = OperationState::Dead;
            operation.class = *class;
            operation.ended_at = Some(now);
        }
        Verdict::Again(again) => wait(tx, operation, acted, again),
    }
}

fn wait(tx: &Tx, operation: &mut Operation, acted: &Acted, again: &Again) {
    operation.state = OperationState::Waiting;
    operation.class = again.class;
    operation.is_unsure = again.is_unsure;
    operation.step = again.step;
    match again.class {
        Class::Working => operation.polls += 1,
        // A server that does not let us in, or is busy, is no failure of what was to be done there.
        Class::Slow | Class::Credentials | Class::None => {}
        Class::Vendor => operation.vendor_failures += i64::from(again.pause.is_zero()),
        Class::Capacity if again.leaves_server => operation.tried.push(operation.server_id),
        Class::Capacity => {
            // By the next time each of them may have room again.
            operation.tried.clear();
            operation.attempts += 1;
        }
        Class::Retry | Class::Unknown | Class::Permanent | Class::Missing => operation.attempts += 1,
    }
    if let Answer::Working(working) = &acted.answer {
        operation.task = working.task.as_ref().map(|task| task.as_str().to_owned());
        operation.percent = working.percent.map(i64::from);
    }
    let drawn = u32::try_from(tx.random_u64() % 1_000_001).unwrap_or_default();
    // A server that is switched off here is not even asked, and no breaker says when it is tried again.
    let is_unasked = acted.what.is_empty() && again.class == Class::Credentials;
    let pause = with_jitter(if is_unasked { UNASKED_PAUSE } else { again.pause }, drawn);
    operation.due_at = tx.now().plus_micros(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX));
    if again.leaves_server {
        operation.server_id = 0;
    }
}

async fn write_call(tx: &mut Tx, operation: &Operation, acted: &Acted, server: i64) -> Result<(), Fault> {
    if acted.what.is_empty() {
        return Ok(());
    }
    let exchanges: Vec<_> = acted
        .exchanges
        .iter()
        .map(|it| {
            json!({
                "at": it.at.rfc3339(), "method": it.method, "host": it.host, "path": it.path, "status": it.status,
                "took_ms": u64::try_from(it.duration.as_millis()).unwrap_or(u64::MAX),
                "request": it.request, "answer": it.answer, "failure": it.failure,
            })
        })
        .collect();
    let exchanges = serde_json::Value::Array(exchanges).to_string();
    let said = acted.answer.why();
    let outcome = if said.is_empty() {
        acted.answer.word().to_owned()
    } else {
        format!("{}: {said}", acted.answer.word())
    };
    let asked = Operation { server_id: server, ..operation.clone() };
    let row = operations::CallRow {
        operation: &asked,
        what: acted.what,
        outcome: &outcome,
        exchanges: &exchanges,
        at: acted.at,
        took_micros: acted.took_micros,
    };
    operations::insert_call(tx, &row).await
}

/// What the answer says about the server, for everything else that waits for it.
async fn tell_lane(tx: &mut Tx, server: i64, answer: &Answer) -> Result<(), Fault> {
    let news = ServerNews::of(answer);
    let Some(lane) = lanes::take(tx, &[server]).await?.remove(&server) else { return Ok(()) };
    let (breaker, rests_until, alert) = lane.breaker.after(tx.now(), &news);
    if breaker == lane.breaker && rests_until.is_none() {
        return Ok(());
    }
    // A success wakes it at once; otherwise a longer rest is kept.
    let rests_until = match rests_until {
        Some(until) => until.max(lane.rests_until),
        None if breaker == Breaker::default() && lane.breaker.opened_at.is_some() => tx.now(),
        None => lane.rests_until,
    };
    lanes::save(tx, server, &breaker, rests_until).await?;
    match alert {
        Some(alert) => alerts::server(tx, server, alert, &lane.breaker, &breaker).await,
        None => Ok(()),
    }
}

async fn succeed(
    tx: &mut Tx,
    service: &mut Service,
    operation: &Operation,
    answer: &Answer,
) -> Result<(), Fault> {
    if operation.action == Action::Move {
        moving::arrive(tx, service, operation).await?;
    }
    if let Answer::Made(seen) = answer {
        take_in(tx, service, operation, seen).await?;
    }
    match operation.action {
        Action::Update => service.plan_applied = operation.plan_version,
        Action::Suspend => note_seen(tx, service, "suspended"),
        Action::Resume => note_seen(tx, service, "running"),
        Action::Terminate => note_seen(tx, service, ""),
        Action::Leave => moving::is_gone(tx, operation.resource_id).await?,
        Action::Create
        | Action::Move
        | Action::Password
        | Action::Reinstall
        | Action::Start
        | Action::Stop
        | Action::Restart
        | Action::Kill => {}
    }
    if !operation.action.is_errand() {
        advance::transit(tx, service, Event::Succeed, Some(operation.id), "").await?;
    }
    if service.state == State::Deprovisioned {
        return advance::forget(tx, service).await;
    }
    advance::advance(tx, service).await
}

/// What a vendor that shows nothing has done is not seen by its having been asked for.
fn note_seen(tx: &Tx, service: &mut Service, word: &str) {
    if service.observed == Seen::Unseen.code() {
        return;
    }
    word.clone_into(&mut service.observed);
    service.observed_at = Some(tx.now());
}

/// Keeps what the vendor shows now, for the pages.
async fn show(tx: &mut Tx, operation: &Operation, seen: &Observed) -> Result<(), Fault> {
    let Some(mut resource) = store::find_resource(tx, operation.resource_id).await? else { return Ok(()) };
    resource.shown = Shown::of(seen);
    store::save_resource(tx, &resource).await
}

/// What the vendor made. A resource that was there already may have another plan: then the right one is asked for next.
async fn take_in(
    tx: &mut Tx,
    service: &mut Service,
    operation: &Operation,
    seen: &Observed,
) -> Result<(), Fault> {
    let Some(mut resource) = store::find_resource(tx, operation.resource_id).await? else { return Ok(()) };
    resource.reference = Some(seen.reference.as_str().to_owned());
    resource.state = ResourceState::Live;
    resource.shown = Shown::of(seen);
    store::save_resource(tx, &resource).await?;
    service.observed = seen.state.code().to_owned();
    service.observed_at = Some(tx.now());
    if service.name.is_none() {
        service.name.clone_from(&seen.name);
    }
    let wanted = places::find(tx, service.id).await?;
    let differs = wanted.is_some_and(|place| !differences(&place.plan, &seen.plan).is_empty());
    service.plan_applied = if differs { 0 } else { operation.plan_version };
    Ok(())
}

/// The settings of a plan that the vendor shows otherwise than they were asked for. What it does not show is not compared.
pub(crate) fn differences(
    wanted: &bursar_outbound::Settings,
    seen: &bursar_outbound::Settings,
) -> Vec<(String, String, String)> {
    seen.iter()
        .filter_map(|(name, is)| {
            let should = wanted.text(name)?;
            (should != is.trim()).then(|| (name.to_owned(), should.to_owned(), is.to_owned()))
        })
        .collect()
}

async fn go_on(tx: &mut Tx, service: &mut Service, operation: &Operation, again: Again) -> Result<(), Fault> {
    if again.leaves_server {
        places::leave(tx, service.id).await?;
        if let Some(mut resource) = store::find_resource(tx, operation.resource_id).await? {
            resource.server_id = 0;
            resource.driver.clear();
            store::save_resource(tx, &resource).await?;
        }
    }
    service.why.clone_from(&operation.why);
    // What is not wanted any more by now is dropped here.
    advance::advance(tx, service).await
}

async fn give_up(
    tx: &mut Tx,
    service: &mut Service,
    operation: &Operation,
    class: Class,
) -> Result<(), Fault> {
    if operation.action.is_errand() && class != Class::Missing {
        service.why.clone_from(&operation.why);
        if operation.action == Action::Move {
            moving::call_off(tx, operation).await?;
        }
        if operation.action == Action::Leave {
            moving::give_up_on(tx, operation).await?;
        }
        if !operation.action.is_asked_for() {
            alerts::gave_up(tx, service, operation).await?;
        }
        return advance::advance(tx, service).await;
    }
    let event = if class == Class::Missing { Event::Vanish } else { Event::Fail };
    advance::transit(tx, service, event, Some(operation.id), &operation.why).await?;
    alerts::gave_up(tx, service, operation).await?;
    advance::advance(tx, service).await
}

impl Answer {
    /// For logs and lists.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Made(_) => "made",
            Self::Done => "done",
            Self::Working(_) => "working",
            Self::Missing => "missing",
            Self::Full(_) => "no room",
            Self::NoPlace(_) => "no place",
            Self::VendorFailed(_) => "the vendor gave up",
            Self::Failed(_) => "no outcome",
        }
    }

    /// The vendor's words, or ours about what went wrong.
    pub(crate) fn why(&self) -> String {
        match self {
            Self::Made(_) | Self::Done | Self::Working(_) => String::new(),
            Self::Missing => "The vendor has no such thing.".to_owned(),
            Self::Full(why) | Self::NoPlace(why) | Self::VendorFailed(why) => why.clone(),
            Self::Failed(error) => error.to_string(),
        }
    }
}
