//! One tag, one resource, whatever happens on the way.

use bursar_outbound::CallError;

use super::drive::{Memory, calmly, change, create, every_other, looked_at, made, observed, operation, tag};
use super::rig::{Rig, Trouble};
use crate::{Change, Creation, Operation, Resource, State};

pub(super) async fn makes_one_per_tag<R: Rig>(rig: &R) {
    let once = tag("once1");
    let first = made(rig, &once).await;
    assert_eq!(rig.live(&once), 1);
    let again = made(rig, &once).await;
    assert_eq!(again.reference, first.reference, "the same tag is the same resource");
    let different = create(rig, &once, &rig.larger(), Memory::Kept, |_| ()).await;
    assert!(
        matches!(&different, Creation::Done(there) if there.reference == first.reference && there.plan == first.plan),
        "what is there already is answered as it is: {different:?}"
    );
    assert_eq!(rig.live(&once), 1, "the same tag makes one");
    let other = tag("once2");
    let second = named(rig, &other, "second.example.net").await;
    assert_ne!(second.reference, first.reference, "another tag is another resource");
}

/// One more resource, on a name of its own: some vendors have every name once.
pub(super) async fn named<R: Rig>(rig: &R, tag: &crate::Tag, name: &str) -> crate::Observed {
    let mut specification = rig.specification();
    specification.name = specification.name.map(|_| name.to_owned());
    specification.customer.number += 1;
    specification.customer.email = format!("{tag}@customer.example");
    match create(rig, tag, &specification, Memory::Kept, |_| ()).await {
        Creation::Done(observed) => *observed,
        other => panic!("another creation is done, not {other:?}"),
    }
}

pub(super) async fn goes_on_without_any_memory<R: Rig>(rig: &R) {
    let forgetful = tag("forgetful");
    let outcome = create(rig, &forgetful, &rig.specification(), Memory::Lost, |_| ()).await;
    assert!(matches!(outcome, Creation::Done(_)), "a caller that lost the task gets there too: {outcome:?}");
    assert_eq!(rig.live(&forgetful), 1);
}

pub(super) async fn nothing_is_made_when_refused_or_rate_limited<R: Rig>(rig: &R) {
    let blocked = tag("not-sent");
    let attempt = async |trouble| {
        rig.trouble(trouble);
        rig.hosting().create(&rig.call(), &operation(&blocked, "create"), &rig.specification()).await
    };
    let refused = attempt(Trouble::Refuse).await;
    assert!(matches!(refused, Err(CallError::NotSent(_))), "a refused connection: {refused:?}");
    let limited = attempt(Trouble::RateLimit).await;
    assert!(matches!(limited, Err(CallError::RateLimited { .. })), "a rate limit: {limited:?}");
    assert_eq!(rig.live(&blocked), 0, "nothing was made");
    made(rig, &blocked).await;
    assert_eq!(rig.live(&blocked), 1);
}

/// Every change on the way to a resource is lost once: before the vendor acts, after it, and as garbage. A call that is
/// cut off after each of its steps is also what a crash leaves behind.
pub(super) async fn lost_answers_lead_to_one<R: Rig>(rig: &R) {
    for (name, trouble) in [
        ("lost-before", Trouble::LoseBefore),
        ("lost-after", Trouble::LoseAfter),
        ("garbled", Trouble::GarbleChange),
    ] {
        let lost = tag(name);
        let mut specification = rig.specification();
        specification.name = specification.name.map(|_| format!("{name}.example.net"));
        rig.trouble(trouble);
        let first = rig.hosting().create(&rig.call(), &operation(&lost, "create"), &specification).await;
        assert!(
            matches!(first, Err(CallError::Unknown(_) | CallError::Unreadable(_))),
            "{name}: nobody knows the outcome: {first:?}"
        );
        if trouble == Trouble::LoseBefore {
            assert_eq!(rig.live(&lost), 0, "{name}: the vendor never saw it");
        } else {
            // Before the resource itself some vendors make its owner; that may be the answer that was lost.
            assert!(rig.live(&lost) <= 1);
        }
        // Each step is lost once and then gets through.
        let before = every_other(rig, Some(trouble));
        let outcome = create(rig, &lost, &specification, Memory::Lost, before).await;
        assert!(matches!(outcome, Creation::Done(_)), "{name}: it gets there in the end: {outcome:?}");
        assert_eq!(rig.live(&lost), 1, "{name}: there is one");
    }
}

pub(super) async fn a_full_server_makes_nothing<R: Rig>(rig: &R) {
    let full = tag("no-room");
    if !rig.fill() {
        return;
    }
    let outcome = create(rig, &full, &rig.specification(), Memory::Kept, |_| ()).await;
    assert!(matches!(outcome, Creation::CapacityFull { .. }), "no room is an outcome: {outcome:?}");
    assert_eq!(rig.live(&full), 0, "nothing was made");
    assert_eq!(observed(rig, &full).await, None);
}

pub(super) async fn strangers_are_left_alone<R: Rig>(rig: &R) {
    let wanted = tag("wanted");
    rig.block(&wanted);
    let strangers = rig.strangers();
    assert!(strangers > 0, "the rig put a stranger there");
    assert_eq!(observed(rig, &wanted).await, None, "a stranger is not taken for ours");
    let answer = rig.hosting().create(&rig.call(), &operation(&wanted, "create"), &rig.specification()).await;
    let refused = match answer {
        Err(CallError::Refused(_)) => true,
        // A vendor with room beside the stranger makes another one.
        Ok(Creation::Done(_) | Creation::Working(_)) => false,
        other => panic!("a stranger stands in the way: {other:?}"),
    };
    assert_eq!(rig.live(&wanted), usize::from(!refused));
    rig.pass_time();
    let terminate = calmly(rig, operation(&wanted, "terminate"), async |call, operation| {
        rig.hosting().terminate(call, operation).await
    });
    assert_eq!(terminate.await, Change::Done);
    assert_eq!(rig.strangers(), strangers, "the stranger is still there");
}

/// What was there before and was linked by staff is known by its reference and is treated like ours.
pub(super) async fn what_was_adopted_is_ours<R: Rig>(rig: &R) {
    let bought = tag("bought");
    let reference = rig.block(&bought);
    let strangers = rig.strangers();
    let resource = Resource::adopted(bought.clone(), reference.clone());
    let of = |action: &str| Operation { resource: resource.clone(), ..operation(&bought, action) };
    let look = async || looked_at(rig, &resource).await;
    assert_eq!(look().await.expect("it is there").reference, reference);
    let suspended =
        calmly(rig, of("suspend"), async |call, op| rig.hosting().suspend(call, op, "overdue").await);
    assert_eq!(suspended.await, Change::Done);
    assert_eq!(look().await.expect("it is there").state, State::Suspended);
    let resumed = calmly(rig, of("resume"), async |call, op| rig.hosting().resume(call, op).await);
    assert_eq!(resumed.await, Change::Done);
    let terminated = calmly(rig, of("terminate"), async |call, op| rig.hosting().terminate(call, op).await);
    assert_eq!(terminated.await, Change::Done);
    assert_eq!(look().await, None);
    assert_eq!(rig.strangers(), strangers - 1);
    let create = rig.hosting().create(&rig.call(), &of("create"), &rig.specification()).await;
    assert!(matches!(create, Err(CallError::Refused(_))), "what was adopted is never made: {create:?}");
}

pub(super) async fn suspends_and_resumes<R: Rig>(rig: &R) {
    let late = tag("late-payer");
    made(rig, &late).await;
    for trouble in [None, Some(Trouble::LoseBefore), Some(Trouble::LoseAfter)] {
        let before = every_other(rig, trouble);
        for _ in 0..2 {
            let suspended =
                change(rig, operation(&late, "suspend"), Memory::Lost, before, async |call, op| {
                    rig.hosting().suspend(call, op, "Invoice 1 is overdue").await
                });
            assert_eq!(suspended.await, Change::Done, "{trouble:?}");
            let state = observed(rig, &late).await.expect("it is there").state;
            assert_eq!(state, State::Suspended, "{trouble:?}");
        }
        for _ in 0..2 {
            let resumed = change(rig, operation(&late, "resume"), Memory::Lost, before, async |call, op| {
                rig.hosting().resume(call, op).await
            });
            assert_eq!(resumed.await, Change::Done, "{trouble:?}");
            let state = observed(rig, &late).await.expect("it is there").state;
            assert_eq!(state, State::Running, "{trouble:?}");
        }
    }
    let nobody = tag("nobody");
    let call = rig.call();
    let suspended = rig.hosting().suspend(&call, &operation(&nobody, "suspend"), "overdue").await;
    assert_eq!(suspended, Ok(Change::Missing));
    assert_eq!(rig.hosting().resume(&call, &operation(&nobody, "resume")).await, Ok(Change::Missing));
}

pub(super) async fn terminates<R: Rig>(rig: &R) {
    for (name, trouble) in
        [("goes", None), ("goes-before", Some(Trouble::LoseBefore)), ("goes-after", Some(Trouble::LoseAfter))]
    {
        let gone = tag(name);
        named(rig, &gone, &format!("{name}.example.net")).await;
        let before = every_other(rig, trouble);
        for _ in 0..2 {
            let terminated =
                change(rig, operation(&gone, "terminate"), Memory::Lost, before, async |call, op| {
                    rig.hosting().terminate(call, op).await
                });
            assert_eq!(terminated.await, Change::Done, "{name}");
            assert_eq!(rig.live(&gone), 0, "{name}");
            assert_eq!(observed(rig, &gone).await, None, "{name}");
        }
    }
    let never = rig.hosting().terminate(&rig.call(), &operation(&tag("never-made"), "terminate")).await;
    assert_eq!(never, Ok(Change::Done), "what is not there is gone");
}
