//! The middle of a turn: the call. No transaction is open, and nothing is decided here.

use std::sync::Arc;

use bursar_context::Cx;
use bursar_hosting::{
    Change, Creation, Observed, Operation as Asked, PowerAction, Sight, Specification, State as Seen,
    TaskReference,
};
use bursar_inventory::HostingDrivers;
use bursar_outbound::{Call, CallError, Exchange, Recording, redact};
use bursar_time::Instant;

use crate::policy::Action;
use crate::prepare::Errand;
use crate::verdict::{Answer, Step};

/// What a turn did outside.
pub(crate) struct Acted {
    pub(crate) what: &'static str,
    pub(crate) answer: Answer,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) at: Instant,
    pub(crate) took_micros: i64,
    /// What is there after a change of plan, where the vendor said.
    pub(crate) seen: Option<Observed>,
}

pub(crate) async fn act(cx: &Cx, drivers: &HostingDrivers, errand: &Errand) -> Acted {
    let at = cx.now();
    let recording = Recording::default();
    let call = errand.access.change(drivers, cx).recorded_by(Arc::new(recording.clone()));
    let (what, answer) = match look_first(&call, errand).await {
        Some(answer) => ("observe", answer),
        None => (what(errand), perform(&call, errand).await),
    };
    let answer = match answer {
        Answer::Failed(error) => Answer::Failed(cleaned(&call, error)),
        Answer::Full(why) => Answer::Full(redact(&why, call.credentials())),
        Answer::VendorFailed(why) => Answer::VendorFailed(redact(&why, call.credentials())),
        other @ (Answer::Made(_)
        | Answer::Done
        | Answer::Working(_)
        | Answer::Missing
        | Answer::NoPlace(_)) => other,
    };
    let seen = look_after(&call, errand, &answer).await;
    let took_micros = i64::try_from(call.elapsed().as_micros()).unwrap_or(i64::MAX);
    Acted { what, answer, exchanges: recording.take(), at, took_micros, seen }
}

/// Pages show what the vendor showed, and after a change of plan that is something else. The change is done whether this
/// is answered or not.
async fn look_after(call: &Call, errand: &Errand, answer: &Answer) -> Option<Observed> {
    if errand.operation.action != Action::Update || !matches!(answer, Answer::Done) || is_blind(errand) {
        return None;
    }
    errand.hosting.observe(call, &errand.target).await.ok().flatten()
}

fn what(errand: &Errand) -> &'static str {
    match errand.operation.step {
        Step::Do => errand.operation.action.code(),
        Step::Clean => "terminate",
    }
}

/// Nobody can look at what the vendor has. Its driver finds out itself before it makes anything, and all else may be asked
/// for again.
fn is_blind(errand: &Errand) -> bool {
    errand.hosting.manifest().sight == Sight::Blind
}

/// After a lost answer the vendor is asked what there is, and only what is not as it should be is asked for again.
async fn look_first(call: &Call, errand: &Errand) -> Option<Answer> {
    if !errand.operation.is_unsure || errand.operation.step == Step::Clean || is_blind(errand) {
        return None;
    }
    let seen = match errand.hosting.observe(call, &errand.target).await {
        Ok(seen) => seen,
        Err(error) => return Some(Answer::Failed(error)),
    };
    match (errand.operation.action, seen) {
        (Action::Create | Action::Move, Some(seen)) if is_usable(&seen) => Some(Answer::Made(Box::new(seen))),
        (Action::Suspend, Some(seen)) if seen.state == Seen::Suspended => Some(Answer::Done),
        (Action::Resume, Some(seen)) if is_usable(&seen) => Some(Answer::Done),
        (Action::Terminate | Action::Leave, None) => Some(Answer::Done),
        // Not there, half made, or not as asked for: the same call under the same key goes on.
        (
            Action::Create
            | Action::Suspend
            | Action::Resume
            | Action::Terminate
            | Action::Update
            | Action::Password
            | Action::Reinstall
            | Action::Start
            | Action::Stop
            | Action::Restart
            | Action::Kill
            | Action::Move
            | Action::Leave,
            _,
        ) => None,
    }
}

fn is_usable(seen: &Observed) -> bool {
    matches!(seen.state, Seen::Running | Seen::Stopped)
}

async fn perform(call: &Call, errand: &Errand) -> Answer {
    let hosting = &errand.hosting;
    let asked = Asked {
        key: errand.key.clone(),
        resource: errand.target.clone(),
        task: errand.operation.task.clone().map(TaskReference::new),
    };
    if errand.operation.step == Step::Clean {
        return changed(hosting.terminate(call, &asked).await);
    }
    let not_offered = |what: &str| {
        let why = format!("the driver {} cannot {what}", errand.access.driver);
        Answer::Failed(CallError::Refused(why))
    };
    let specification = errand.specification.as_ref();
    let power = |action| async move {
        match hosting.power() {
            Some(power) if power.actions().contains(&action) => {
                changed(power.power(call, &asked_again(errand), action).await)
            }
            Some(_) | None => not_offered(action.code()),
        }
    };
    match errand.operation.action {
        Action::Create | Action::Move => match specification {
            Some(specification) => made(hosting.create(call, &asked, specification).await),
            None => not_offered("make something without a plan"),
        },
        Action::Suspend => changed(hosting.suspend(call, &asked, &errand.reason).await),
        Action::Resume => changed(hosting.resume(call, &asked).await),
        Action::Terminate | Action::Leave => changed(hosting.terminate(call, &asked).await),
        Action::Update => match (hosting.resizing(), specification) {
            (Some(resizing), Some(plan)) => changed(resizing.resize(call, &asked, plan).await),
            _ => not_offered("change a plan"),
        },
        Action::Password => match (hosting.passwords(), specification) {
            (Some(passwords), Some(Specification { password, .. })) => {
                changed(passwords.set_password(call, &asked, password).await)
            }
            _ => not_offered("set a password"),
        },
        Action::Reinstall => match (hosting.reinstallation(), specification) {
            (Some(again), Some(plan)) => changed(again.reinstall(call, &asked, plan).await),
            _ => not_offered("install anew"),
        },
        Action::Start => power(PowerAction::Start).await,
        Action::Stop => power(PowerAction::Stop).await,
        Action::Restart => power(PowerAction::Restart).await,
        Action::Kill => power(PowerAction::Kill).await,
    }
}

fn asked_again(errand: &Errand) -> Asked {
    Asked {
        key: errand.key.clone(),
        resource: errand.target.clone(),
        task: errand.operation.task.clone().map(TaskReference::new),
    }
}

fn made(outcome: Result<Creation, CallError>) -> Answer {
    match outcome {
        Ok(Creation::Done(seen)) => Answer::Made(seen),
        Ok(Creation::Working(working)) => Answer::Working(working),
        Ok(Creation::CapacityFull { why }) => Answer::Full(why),
        Ok(Creation::Failed { why }) => Answer::VendorFailed(why),
        Err(error) => Answer::Failed(error),
    }
}

fn changed(outcome: Result<Change, CallError>) -> Answer {
    match outcome {
        Ok(Change::Done) => Answer::Done,
        Ok(Change::Working(working)) => Answer::Working(working),
        Ok(Change::Missing) => Answer::Missing,
        Ok(Change::CapacityFull { why }) => Answer::Full(why),
        Ok(Change::Failed { why }) => Answer::VendorFailed(why),
        Err(error) => Answer::Failed(error),
    }
}

/// The same error without the account's secrets, fit to be stored and shown to staff.
pub(crate) fn cleaned(call: &Call, error: CallError) -> CallError {
    let clean = |text: String| redact(&text, call.credentials());
    match error {
        CallError::NotSent(text) => CallError::NotSent(clean(text)),
        CallError::Unknown(text) => CallError::Unknown(clean(text)),
        CallError::RateLimited { retry_after } => CallError::RateLimited { retry_after },
        CallError::BadCredentials(text) => CallError::BadCredentials(clean(text)),
        CallError::Refused(text) => CallError::Refused(clean(text)),
        CallError::Unreadable(text) => CallError::Unreadable(clean(text)),
    }
}
