//! Signing in with a password, and what a session is worth.

use bursar_identity::{IdentityError, Setup};
use bursar_testkit::on_both_engines;
use bursar_web::PrincipalKind;

use crate::house::{PASSWORD, client, olga, relax, schema, set_up, setup_token, sign_in, who};

#[test]
fn the_first_owner_is_made_once_with_the_newest_link() {
    on_both_engines(schema(), async |cx| {
        relax(&cx).await;
        let old = setup_token(&cx).await;
        let token = setup_token(&cx).await;
        let try_with = async |token: &str, password: &str| {
            bursar_identity::finish_setup(&cx, token, olga("olga@example.com", password), client()).await
        };
        assert!(matches!(try_with(&old, PASSWORD).await, Err(IdentityError::LinkNotValid)));
        assert!(matches!(try_with("guess", PASSWORD).await, Err(IdentityError::LinkNotValid)));
        assert!(matches!(try_with(&token, "too short").await, Err(IdentityError::Invalid(_))));
        let session = try_with(&token, PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.name.as_str(), person.kind.clone()), ("Olga Owner", PrincipalKind::Staff));
        assert!(person.can("shop.door.open") && person.can("shop.till.open") && !person.can("shop.bill.see"));
        assert!(try_with(&token, PASSWORD).await.is_err());
        assert_eq!(bursar_identity::begin_setup(&cx).await.unwrap(), Setup::Done);
    });
}

#[test]
fn two_who_set_up_at_once_make_one_owner() {
    on_both_engines(schema(), async |cx| {
        let token = setup_token(&cx).await;
        let tries = ["a@example.com", "b@example.com"]
            .map(|email| bursar_identity::finish_setup(&cx, &token, olga(email, PASSWORD), client()));
        let made = futures_util::future::join_all(tries).await;
        assert_eq!(made.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{made:?}");
    });
}

#[test]
fn right_signs_in_and_wrong_and_unknown_are_told_apart_by_nothing() {
    on_both_engines(schema(), async |cx| {
        set_up(&cx).await;
        let session = sign_in(&cx, " OLGA@example.com ", PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!(person.actor.kind(), "staff");
        let wrong = sign_in(&cx, "olga@example.com", "seven grey beavers").await.unwrap_err();
        let unknown = sign_in(&cx, "nobody@example.com", PASSWORD).await.unwrap_err();
        assert_eq!(wrong.to_string(), unknown.to_string());
        bursar_identity::sign_out(&cx, person.session_hash).await.unwrap();
        assert!(who(&cx, &session).await.is_none());
    });
}

#[test]
fn guessing_is_stopped_even_in_parallel_and_starts_anew_after_the_window() {
    on_both_engines(schema(), async |cx| {
        set_up(&cx).await;
        let guesses = (0..12).map(|_| sign_in(&cx, "olga@example.com", "seven grey beavers"));
        let outcomes = futures_util::future::join_all(guesses).await;
        let looked_at = outcomes.iter().filter(|o| matches!(o, Err(IdentityError::NoMatch))).count();
        assert_eq!(looked_at, 5, "{outcomes:?}");
        assert!(matches!(sign_in(&cx, "olga@example.com", PASSWORD).await, Err(IdentityError::TooMany)));
        assert!(matches!(sign_in(&cx, "Olga@example.com ", PASSWORD).await, Err(IdentityError::TooMany)));
        cx.test_clock().advance_seconds(15 * 60 + 1);
        sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
    });
}

#[test]
fn a_session_ends_when_nobody_uses_it_and_at_its_end_even_when_somebody_does() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        cx.test_clock().advance_seconds(4 * 3_600 - 1);
        assert!(who(&cx, &session).await.is_some(), "and now it counts as used");
        cx.test_clock().advance_seconds(4 * 3_600 - 1);
        assert!(who(&cx, &session).await.is_some());
        cx.test_clock().advance_seconds(4 * 3_600);
        assert!(who(&cx, &session).await.is_none(), "unused for four hours");
        let session = sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
        for _ in 0..3 {
            cx.test_clock().advance_seconds(4 * 3_600 - 1);
            assert!(who(&cx, &session).await.is_some());
        }
        cx.test_clock().advance_seconds(3);
        assert!(who(&cx, &session).await.is_none(), "twelve hours are over");
    });
}

#[test]
fn who_has_just_signed_in_is_fresh_for_a_quarter_of_an_hour() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        assert!(who(&cx, &session).await.unwrap().is_fresh(cx.now()));
        cx.test_clock().advance_seconds(15 * 60);
        assert!(!who(&cx, &session).await.unwrap().is_fresh(cx.now()));
    });
}
