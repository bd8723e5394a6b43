//! What every gateway that holds money must do with it.

use bursar_outbound::CallError;

use super::{Behaviour, Rig, Trouble, captured, eur, key, request};
use crate::{ChargeOutcome, ChargeRequest, DeclineClass, Held, Holds, IdempotencyKey, WebhookSubject};

pub(super) async fn run<R: Rig>(fresh: &impl Fn() -> R) {
    if fresh().gateway().holds().is_none() {
        return;
    }
    holds_once_per_key_and_moves_nothing(&fresh()).await;
    captures_once(&fresh()).await;
    captures_a_part_once_and_lets_the_rest_go(&fresh()).await;
    lost_answers_are_found_by_looking(&fresh()).await;
    declines_and_confirmations_come_before_the_hold(&fresh()).await;
    a_bank_may_refuse_the_capture(&fresh()).await;
    what_ran_out_is_not_captured(&fresh()).await;
    what_was_released_is_not_captured(&fresh()).await;
    what_was_never_held_is_refused(&fresh()).await;
    holds_are_announced_under_their_key(&fresh()).await;
}

fn holds<R: Rig>(rig: &R) -> &dyn Holds {
    rig.gateway().holds().expect("asked before")
}

fn held(outcome: &ChargeOutcome) -> &Held {
    match outcome {
        ChargeOutcome::Held(held) => held,
        other => panic!("expected a hold, got {other:?}"),
    }
}

async fn authorise<R: Rig>(rig: &R, request: &ChargeRequest) -> ChargeOutcome {
    holds(rig).authorise(&rig.call(), request).await.expect("a plain hold answers")
}

async fn capture<R: Rig>(rig: &R, key: &IdempotencyKey) -> ChargeOutcome {
    holds(rig).capture(&rig.call(), key, None).await.expect("a capture answers")
}

async fn find<R: Rig>(rig: &R, key: &IdempotencyKey) -> Option<ChargeOutcome> {
    rig.gateway().find_charge(&rig.call(), key).await.expect("asking works")
}

async fn holds_once_per_key_and_moves_nothing<R: Rig>(rig: &R) {
    let asked = request(rig, "held", Behaviour::Succeeds, eur(1_250));
    let first = authorise(rig, &asked).await;
    assert_eq!(held(&first).amount, eur(1_250), "what was asked for is held");
    assert!(held(&first).until > rig.call().started_at(), "a hold lasts");
    assert_eq!(authorise(rig, &asked).await, first, "the same key holds once");
    assert_eq!(find(rig, &asked.key).await, Some(first), "asking tells the same");
    assert_eq!(rig.captures(&asked.key), 0, "a hold moves no money");
    let other = ChargeRequest { amount: eur(1_251), ..asked };
    let answer = holds(rig).authorise(&rig.call(), &other).await;
    assert!(matches!(answer, Err(CallError::Refused(_))), "a key with another amount: {answer:?}");
}

async fn captures_once<R: Rig>(rig: &R) {
    let asked = request(rig, "captured-once", Behaviour::Succeeds, eur(2_000));
    authorise(rig, &asked).await;
    let first = capture(rig, &asked.key).await;
    assert_eq!(captured(&first).amount, eur(2_000), "all that was held is taken");
    let second = capture(rig, &asked.key).await;
    assert_eq!(captured(&first), captured(&second), "a second capture tells of the first");
    let late = holds(rig).release(&rig.call(), &asked.key).await.expect("a captured hold answers");
    assert_eq!(captured(&late), captured(&first), "a capture is not undone by releasing");
    let again = authorise(rig, &asked).await;
    assert_eq!(captured(&again), captured(&first), "the key of a capture holds nothing more");
    assert_eq!(rig.captures(&asked.key), 1, "money moved once");
}

async fn captures_a_part_once_and_lets_the_rest_go<R: Rig>(rig: &R) {
    let asked = request(rig, "captured-in-part", Behaviour::Succeeds, eur(2_000));
    let takes_parts = held(&authorise(rig, &asked).await).takes_parts;
    let part = async |minor| holds(rig).capture(&rig.call(), &asked.key, Some(eur(minor))).await;
    let answer = part(2_001).await;
    assert!(matches!(answer, Err(CallError::Refused(_))), "more than is held: {answer:?}");
    let answer = part(1_300).await;
    if !takes_parts {
        assert!(matches!(answer, Err(CallError::Refused(_))), "a part of what is taken whole: {answer:?}");
        assert_eq!(rig.captures(&asked.key), 0);
        return;
    }
    let first = answer.expect("a part is taken");
    assert_eq!(captured(&first).amount, eur(1_300), "no more than was asked for");
    assert_eq!(captured(&capture(rig, &asked.key).await), captured(&first), "the rest is not taken later");
    let found = find(rig, &asked.key).await.expect("it is there");
    assert_eq!(captured(&found), captured(&first), "asking tells what was taken");
    assert_eq!(rig.captures(&asked.key), 1, "money moved once");
}

async fn lost_answers_are_found_by_looking<R: Rig>(rig: &R) {
    let before = request(rig, "hold-lost-before", Behaviour::Succeeds, eur(800));
    rig.trouble(Trouble::LoseBefore);
    let answer = holds(rig).authorise(&rig.call(), &before).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    assert_eq!(find(rig, &before.key).await, None, "the vendor never saw it");

    let asked = request(rig, "hold-lost-after", Behaviour::Succeeds, eur(900));
    rig.trouble(Trouble::LoseAfter);
    let answer = holds(rig).authorise(&rig.call(), &asked).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    held(&find(rig, &asked.key).await.expect("the vendor acted"));

    rig.trouble(Trouble::LoseBefore);
    let answer = holds(rig).capture(&rig.call(), &asked.key, None).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    held(&find(rig, &asked.key).await.expect("it is there"));
    rig.trouble(Trouble::LoseAfter);
    let answer = holds(rig).capture(&rig.call(), &asked.key, None).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    captured(&find(rig, &asked.key).await.expect("it is there"));
    captured(&capture(rig, &asked.key).await);
    assert_eq!(rig.captures(&asked.key), 1, "whatever was repeated");

    let let_go = request(rig, "release-lost-after", Behaviour::Succeeds, eur(950));
    authorise(rig, &let_go).await;
    rig.trouble(Trouble::LoseAfter);
    let answer = holds(rig).release(&rig.call(), &let_go.key).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    let found = find(rig, &let_go.key).await;
    assert!(matches!(found, Some(ChargeOutcome::Cancelled { .. })), "the vendor acted: {found:?}");
}

async fn declines_and_confirmations_come_before_the_hold<R: Rig>(rig: &R) {
    let refused = request(rig, "hold-declined", Behaviour::Declines, eur(500));
    let outcome = authorise(rig, &refused).await;
    assert!(matches!(&outcome, ChargeOutcome::Declined(d) if d.code == "insufficient_funds"), "{outcome:?}");

    let asks = request(rig, "hold-confirmed", Behaviour::WantsAuthentication, eur(600));
    let outcome = authorise(rig, &asks).await;
    assert!(matches!(outcome, ChargeOutcome::RequiresAction { .. }), "{outcome:?}");
    rig.authenticate(&asks.key);
    held(&find(rig, &asks.key).await.expect("it is there"));
    assert_eq!(rig.captures(&asks.key), 0, "a confirmation holds and does not take");
}

async fn a_bank_may_refuse_the_capture<R: Rig>(rig: &R) {
    let asked = request(rig, "capture-declined", Behaviour::RefusesCapture, eur(700));
    held(&authorise(rig, &asked).await);
    let outcome = capture(rig, &asked.key).await;
    let ChargeOutcome::Declined(decline) = &outcome else { panic!("expected a decline, got {outcome:?}") };
    assert_eq!((decline.code.as_str(), decline.class), ("insufficient_funds", DeclineClass::RetryLater));
    assert_eq!(capture(rig, &asked.key).await, outcome, "a second capture tells of the first");
    assert_eq!(rig.captures(&asked.key), 0);
}

async fn what_ran_out_is_not_captured<R: Rig>(rig: &R) {
    let asked = request(rig, "ran-out", Behaviour::Succeeds, eur(1_100));
    authorise(rig, &asked).await;
    rig.run_out(&asked.key);
    let found = find(rig, &asked.key).await;
    assert!(matches!(found, Some(ChargeOutcome::Expired { .. })), "asking tells: {found:?}");
    let outcome = capture(rig, &asked.key).await;
    assert!(matches!(outcome, ChargeOutcome::Expired { .. }), "its own word, not a decline: {outcome:?}");
    assert_eq!(rig.captures(&asked.key), 0);
}

async fn what_was_released_is_not_captured<R: Rig>(rig: &R) {
    let asked = request(rig, "released", Behaviour::Succeeds, eur(1_200));
    authorise(rig, &asked).await;
    for _ in 0..2 {
        let outcome = holds(rig).release(&rig.call(), &asked.key).await.expect("a hold is let go");
        assert!(matches!(outcome, ChargeOutcome::Cancelled { .. }), "{outcome:?}");
    }
    let outcome = capture(rig, &asked.key).await;
    assert!(matches!(outcome, ChargeOutcome::Cancelled { .. }), "{outcome:?}");
    assert_eq!(rig.captures(&asked.key), 0);
}

async fn what_was_never_held_is_refused<R: Rig>(rig: &R) {
    let nobody = key("never-held");
    let answer = holds(rig).capture(&rig.call(), &nobody, None).await;
    assert!(matches!(answer, Err(CallError::Refused(_))), "nothing to capture: {answer:?}");
    let answer = holds(rig).release(&rig.call(), &nobody).await;
    assert!(matches!(answer, Err(CallError::Refused(_))), "nothing to release: {answer:?}");
}

async fn holds_are_announced_under_their_key<R: Rig>(rig: &R) {
    let Some(webhooks) = rig.gateway().webhooks() else { return };
    let asked = request(rig, "hold-announced", Behaviour::Succeeds, eur(1_300));
    authorise(rig, &asked).await;
    let at_hold = rig.webhooks();
    capture(rig, &asked.key).await;
    let at_capture = rig.webhooks();
    for sent in [at_hold, at_capture] {
        let announced = sent.first().expect("a change is announced");
        let event = webhooks.verify(&rig.call(), announced).expect("the vendor's own webhook is accepted");
        assert!(
            matches!(&event.subject, WebhookSubject::Charge { key: Some(k), .. } if *k == asked.key),
            "the announcement names our key: {event:?}"
        );
    }
}
