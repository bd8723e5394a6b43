//! Doing what the orchestrator does: calling again until there is an outcome.

use std::time::Duration;

use bursar_outbound::{Call, CallError};

use super::rig::{Rig, Trouble};
use crate::{
    Change, Creation, IdempotencyKey, Observed, Operation, Resource, Sight, Specification, Tag, TaskReference,
};

/// No operation needs more calls than this over a fake whose work ends between two calls.
const MOST_ROUNDS: usize = 60;

pub(super) fn tag(text: &str) -> Tag {
    Tag::new(text).expect("the suite's tags are plain")
}

pub(super) fn operation(tag: &Tag, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{tag}:{action}:1")).expect("the suite's keys are plain"),
        resource: Resource::tagged(tag.clone()),
        task: None,
    }
}

/// As [`operation`], by whoever kept the vendor's name of what was made.
pub(super) fn operation_on(there: &Observed, tag: &Tag, action: &str) -> Operation {
    let resource = Resource::tagged(tag.clone()).at(there.reference.clone());
    Operation { resource, ..operation(tag, action) }
}

/// Whether the caller keeps what it was told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    /// Hands the task and the reference to the next call.
    Kept,
    /// Forgets everything but tag and key, as after a crash.
    Lost,
}

/// Calls until there is an outcome. `before` runs before every call and may make trouble; calls that fail are made
/// again, which is what the orchestrator does once it has looked.
pub(super) async fn create<R: Rig>(
    rig: &R,
    tag: &Tag,
    specification: &Specification,
    memory: Memory,
    mut before: impl FnMut(usize),
) -> Creation {
    let mut operation = operation(tag, "create");
    for round in 0..MOST_ROUNDS {
        before(round);
        let outcome = rig.hosting().create(&rig.call(), &operation, specification).await;
        assert!(rig.live(tag) <= 1, "two objects carry one tag after {outcome:?}");
        match outcome {
            Ok(Creation::Working(working)) => {
                check_pause(working.again_after);
                operation.task = task_of(working.task, memory);
                rig.pass_time();
            }
            Ok(outcome) => {
                rig.forget_trouble();
                return outcome;
            }
            Err(error) => {
                assert!(error.is_passing(), "a repeated creation fails for good: {error:?}");
                rig.pass_time();
            }
        }
    }
    panic!("the creation of {tag} comes to no end")
}

/// A resource that is there and usable.
pub(super) async fn made<R: Rig>(rig: &R, tag: &Tag) -> Observed {
    match create(rig, tag, &rig.specification(), Memory::Kept, |_| ()).await {
        Creation::Done(observed) => *observed,
        other => panic!("a plain creation is done, not {other:?}"),
    }
}

/// As [`create`], for a change.
pub(super) async fn change<R: Rig>(
    rig: &R,
    operation: Operation,
    memory: Memory,
    mut before: impl FnMut(usize),
    call: impl AsyncFn(&Call, &Operation) -> Result<Change, CallError>,
) -> Change {
    let mut operation = operation;
    for round in 0..MOST_ROUNDS {
        before(round);
        match call(&rig.call(), &operation).await {
            Ok(Change::Working(working)) => {
                check_pause(working.again_after);
                operation.task = task_of(working.task, memory);
                rig.pass_time();
            }
            Ok(outcome) => {
                rig.forget_trouble();
                return outcome;
            }
            Err(error) => {
                assert!(error.is_passing(), "a repeated change fails for good: {error:?}");
                rig.pass_time();
            }
        }
    }
    panic!("the change of {} comes to no end", operation.resource.tag)
}

/// Makes the same trouble for every other call, beginning with the first, so that each step meets it once and then gets
/// through.
pub(super) fn every_other<R: Rig>(rig: &R, trouble: Option<Trouble>) -> impl Fn(usize) + Copy {
    move |round| {
        if round.is_multiple_of(2)
            && let Some(trouble) = trouble
        {
            rig.trouble(trouble);
        }
    }
}

/// A change that meets no trouble.
pub(super) async fn calmly<R: Rig>(
    rig: &R,
    operation: Operation,
    call: impl AsyncFn(&Call, &Operation) -> Result<Change, CallError>,
) -> Change {
    change(rig, operation, Memory::Kept, |_| (), call).await
}

pub(super) async fn observed<R: Rig>(rig: &R, tag: &Tag) -> Option<Observed> {
    looked_at(rig, &Resource::tagged(tag.clone())).await
}

/// As [`observed`], for any resource.
pub(super) async fn looked_at<R: Rig>(rig: &R, resource: &Resource) -> Option<Observed> {
    match rig.hosting().manifest().sight {
        Sight::Clear => rig.hosting().observe(&rig.call(), resource).await.expect("asking works"),
        Sight::Blind => rig.really(resource),
    }
}

fn task_of(task: Option<TaskReference>, memory: Memory) -> Option<TaskReference> {
    match memory {
        Memory::Kept => task,
        Memory::Lost => None,
    }
}

fn check_pause(pause: Duration) {
    assert!(!pause.is_zero(), "a vendor that works is not asked again at once");
}
