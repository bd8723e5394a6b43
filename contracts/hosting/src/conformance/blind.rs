//! Vendors that show nothing: their drivers say so, and still make one thing per tag.

use bursar_outbound::CallError;

use super::drive::{Memory, create, every_other, made, observed, operation, tag};
use super::rig::{Rig, Trouble};
use crate::{Creation, Observed, Resource, State};

pub(super) async fn what_is_not_shown_is_not_said<R: Rig>(rig: &R) {
    let hidden = tag("hidden");
    let there = made(rig, &hidden).await;
    assert_eq!(there.state, State::Unseen, "how it is was not seen");
    assert_eq!(there.plan.iter().next(), None, "and neither was its plan");
    rig.exchanges();
    let observed = rig.hosting().observe(&rig.call(), &Resource::tagged(hidden)).await;
    assert!(matches!(observed, Err(CallError::Refused(_))), "it does not claim to have looked: {observed:?}");
    assert_eq!(rig.exchanges(), [], "and asks nobody");
    assert!(
        rig.hosting().accounts().is_none() && rig.hosting().usage().is_none(),
        "what lists and measures sees"
    );
}

/// The driver cannot tell whether there is one, so that it makes none.
pub(super) async fn what_cannot_be_told_is_not_made<R: Rig>(rig: &R) {
    let unsure = tag("unsure");
    for trouble in [
        Trouble::Refuse,
        Trouble::RateLimit,
        Trouble::LoseQuestion,
        Trouble::FailQuestion,
        Trouble::GarbleQuestion,
    ] {
        rig.trouble(trouble);
        let answer =
            rig.hosting().create(&rig.call(), &operation(&unsure, "create"), &rig.specification()).await;
        assert!(answer.is_err(), "{trouble:?} is an error and no creation: {answer:?}");
        assert_eq!(rig.live(&unsure), 0, "{trouble:?}: nothing was made");
        rig.forget_trouble();
    }
}

/// Time is over before the vendor acted and after it: by callers with a memory and without one, once and with every other
/// call lost, there is one in the end, and it is the same one for whoever asks again.
pub(super) async fn what_was_made_unheard_is_not_made_again<R: Rig, F: AsyncFn() -> R>(fresh: &F) {
    for trouble in [Trouble::LoseBefore, Trouble::LoseAfter, Trouble::GarbleChange] {
        for memory in [Memory::Kept, Memory::Lost] {
            let rig = fresh().await;
            let unheard = tag("unheard");
            rig.trouble(trouble);
            let lost =
                rig.hosting().create(&rig.call(), &operation(&unheard, "create"), &rig.specification()).await;
            assert!(lost.is_err(), "{trouble:?}: {lost:?}");
            let there = usize::from(trouble != Trouble::LoseBefore);
            assert_eq!(rig.live(&unheard), there, "{trouble:?}: the vendor made it or did not");
            let disturb = every_other(&rig, Some(trouble));
            let outcome = create(&rig, &unheard, &rig.specification(), memory, disturb).await;
            let Creation::Done(first) = outcome else { panic!("{trouble:?}: {outcome:?}") };
            let again: Observed = made(&rig, &unheard).await;
            assert_eq!(*first, again, "{trouble:?}: the same one");
            assert_eq!(rig.live(&unheard), 1, "{trouble:?}");
            let really = observed(&rig, &unheard).await.expect("the rig looks for itself");
            assert_eq!(really.reference, again.reference, "{trouble:?}: and that is the one");
        }
    }
}
