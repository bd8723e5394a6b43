//! Signing in, on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use bursar_context::Permissions;
use bursar_db::Migrations;
use bursar_fault::Fault;
use bursar_identity::{IdentityError, NewStaff, Session, SessionAuthenticator, Setup};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};
use bursar_web::{Authenticate, Principal, PrincipalKind, Transport};

const PASSWORD: &str = "seven grey otters";

fn schema() -> Vec<Migrations> {
    vec![bursar_audit::migrations(), bursar_identity::migrations()]
}

fn olga(email: &str, password: &str) -> NewStaff {
    NewStaff { name: "Olga Owner".to_owned(), email: email.to_owned(), password: password.to_owned() }
}

async fn setup_token(cx: &TestCx) -> String {
    match bursar_identity::begin_setup(cx).await.unwrap() {
        Setup::Needed { path } => path.strip_prefix("/admin/set-up/").unwrap().to_owned(),
        Setup::Done => panic!("nobody works here yet"),
    }
}

async fn set_up(cx: &TestCx) -> Session {
    let token = setup_token(cx).await;
    bursar_identity::finish_setup(cx, &token, olga("Olga@Example.com", PASSWORD)).await.unwrap()
}

async fn sign_in(cx: &TestCx, email: &str, password: &str) -> Result<Session, IdentityError> {
    bursar_identity::sign_in(cx, email, password.to_owned()).await
}

async fn who(cx: &TestCx, session: &Session) -> Option<Principal> {
    let authenticator = SessionAuthenticator::new(Transport::Plain, ["everything"]);
    let request = axum::http::Request::builder()
        .header("cookie", format!("bursar_session={}", session.token))
        .extension(cx.cx())
        .body(())
        .unwrap();
    authenticator.authenticate(&request.into_parts().0).await.unwrap()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(schema(), async |cx| {
        cx.read(async |tx| {
            for statement in bursar_identity::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn the_first_owner_is_made_once_with_the_newest_link() {
    on_both_engines(schema(), async |cx| {
        let old = setup_token(&cx).await;
        let token = setup_token(&cx).await;
        let try_with = async |token: &str, password: &str| {
            bursar_identity::finish_setup(&cx, token, olga("olga@example.com", password)).await
        };
        assert!(matches!(try_with(&old, PASSWORD).await, Err(IdentityError::LinkNotValid)));
        assert!(matches!(try_with("guess", PASSWORD).await, Err(IdentityError::LinkNotValid)));
        assert!(matches!(try_with(&token, "too short").await, Err(IdentityError::Invalid(_))));
        let session = try_with(&token, PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.name.as_str(), person.kind.clone()), ("Olga Owner", PrincipalKind::Staff));
        assert!(person.can("everything"));
        assert!(try_with(&token, PASSWORD).await.is_err());
        assert_eq!(bursar_identity::begin_setup(&cx).await.unwrap(), Setup::Done);
    });
}

#[test]
fn two_who_set_up_at_once_make_one_owner() {
    on_both_engines(schema(), async |cx| {
        let token = setup_token(&cx).await;
        let tries = ["a@example.com", "b@example.com"]
            .map(|email| bursar_identity::finish_setup(&cx, &token, olga(email, PASSWORD)));
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
fn a_session_ends_by_time() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        cx.test_clock().advance_seconds(bursar_identity::SESSION_HOURS * 3_600 - 1);
        assert!(who(&cx, &session).await.is_some());
        cx.test_clock().advance_seconds(1);
        assert!(who(&cx, &session).await.is_none());
    });
}

#[test]
fn a_link_signs_one_customer_in_once_however_many_try() {
    on_both_engines(schema(), async |cx| {
        let path = bursar_identity::offer_portal_link(&cx, 7, "Ann".to_owned()).await.unwrap();
        let token = path.strip_prefix("/portal/link/").unwrap();
        let tries = (0..10).map(|_| bursar_identity::redeem_portal_link(&cx, token));
        let mut outcomes = futures_util::future::join_all(tries).await;
        outcomes.retain(Result::is_ok);
        assert_eq!(outcomes.len(), 1);
        let session = outcomes.pop().unwrap().unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.customer_ids(), person.actor), (&[7_i64][..], Actor::User(7)));
        assert!(!person.can("everything"));
        let ended = cx.write(async |tx| bursar_identity::end_sessions_of_customer(tx, 7).await).await;
        assert_eq!(ended.unwrap(), 1);
        assert!(who(&cx, &session).await.is_none());
    });
}

#[test]
fn a_link_is_dead_after_fifteen_minutes_and_staff_need_leave_to_make_one() {
    on_both_engines(schema(), async |cx| {
        let link = bursar_identity::offer_portal_link(&cx, 7, "Ann".to_owned()).await.unwrap();
        cx.test_clock().advance_seconds(15 * 60);
        let token = link.strip_prefix("/portal/link/").unwrap();
        let dead = bursar_identity::redeem_portal_link(&cx, token).await;
        assert!(matches!(dead, Err(IdentityError::LinkNotValid)));
        let nobody = cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        let denied = bursar_identity::offer_portal_link(&nobody, 7, "Ann".to_owned()).await;
        assert!(matches!(denied, Err(IdentityError::Denied(_))));
    });
}
