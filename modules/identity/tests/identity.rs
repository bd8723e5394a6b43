//! Signing in, on both engines.

use std::collections::BTreeSet;
use std::sync::Arc;

use bursar_context::Permissions;
use bursar_db::{Migrations, Tx};
use bursar_fault::Fault;
use bursar_identity::{
    Authenticator, IdentityError, LinkMail, NewOwner, NewSession, Origin, PortalFuture, PortalPeople,
    SessionOwner,
};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};
use bursar_vault::Secret;
use bursar_web::{Authenticate, Principal, PrincipalKind, Transport};

const PASSWORD: &str = "seven grey otters";

fn schema() -> Vec<Migrations> {
    vec![bursar_audit::migrations(), bursar_identity::migrations()]
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn origin() -> Origin {
    Origin { ip: "192.0.2.1".to_owned(), agent: "test".to_owned() }
}

fn owner(email: &str, password: &str) -> NewOwner {
    NewOwner { name: "Olga Owner".to_owned(), email: email.to_owned(), password: secret(password) }
}

async fn set_up(cx: &TestCx) -> NewSession {
    let token = bursar_identity::issue_setup_token(cx).await.unwrap().unwrap();
    let new = owner("Olga@Example.com", PASSWORD);
    bursar_identity::create_owner(cx, token.expose(), new, origin()).await.unwrap()
}

async fn sign_in(cx: &TestCx, email: &str, password: &str) -> Result<NewSession, IdentityError> {
    bursar_identity::sign_in(cx, email, secret(password), origin()).await
}

async fn who(cx: &TestCx, session: &NewSession) -> Option<Principal> {
    let all = |name: &str| BTreeSet::from([name.to_owned()]);
    let authenticator = Authenticator::new(Transport::Plain, all("all"), all("own"));
    let request = http::Request::builder()
        .header("cookie", format!("bursar_session={}", session.token.expose()))
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
fn the_first_owner_is_made_once_with_the_token_of_whoever_started_the_server() {
    on_both_engines(schema(), async |cx| {
        let old = bursar_identity::issue_setup_token(&cx).await.unwrap().unwrap();
        let token = bursar_identity::issue_setup_token(&cx).await.unwrap().unwrap();
        let try_with = async |token: &str, password| {
            bursar_identity::create_owner(&cx, token, owner("olga@example.com", password), origin()).await
        };
        assert!(matches!(try_with(old.expose(), PASSWORD).await, Err(IdentityError::DeadSetup)));
        assert!(matches!(try_with("guess", PASSWORD).await, Err(IdentityError::DeadSetup)));
        assert!(matches!(try_with(token.expose(), "1234567890").await, Err(IdentityError::Invalid(_))));
        let session = try_with(token.expose(), PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.name.as_str(), person.kind.clone()), ("Olga Owner", PrincipalKind::Staff));
        assert!(person.can("all"));
        assert!(matches!(try_with(token.expose(), PASSWORD).await, Err(IdentityError::DeadSetup)));
        assert!(bursar_identity::issue_setup_token(&cx).await.unwrap().is_none());
    });
}

#[test]
fn two_who_set_up_at_once_make_one_owner() {
    on_both_engines(schema(), async |cx| {
        let token = bursar_identity::issue_setup_token(&cx).await.unwrap().unwrap();
        let tries = ["a@example.com", "b@example.com"].map(|email| {
            bursar_identity::create_owner(&cx, token.expose(), owner(email, PASSWORD), origin())
        });
        let made = futures_util::future::join_all(tries).await;
        assert_eq!(made.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let staff = cx.read(async |tx| bursar_identity::list_staff(tx).await).await.unwrap();
        assert_eq!(staff.len(), 1);
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
        bursar_identity::sign_out(&cx, session.token.expose()).await.unwrap();
        assert!(who(&cx, &session).await.is_none());
    });
}

#[test]
fn guessing_is_stopped_even_in_parallel_and_starts_anew_after_the_window() {
    on_both_engines(schema(), async |cx| {
        set_up(&cx).await;
        let guesses = (0..12).map(|_| sign_in(&cx, "olga@example.com", "seven grey beavers"));
        let outcomes = futures_util::future::join_all(guesses).await;
        let looked_at = outcomes.iter().filter(|o| matches!(o, Err(IdentityError::WrongCredentials))).count();
        assert_eq!(looked_at, 5, "{outcomes:?}");
        let stopped = sign_in(&cx, "olga@example.com", PASSWORD).await;
        assert!(matches!(stopped, Err(IdentityError::TooManyAttempts { minutes: 1..=16 })));
        cx.test_clock().advance_seconds(15 * 60);
        sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
    });
}

#[test]
fn sessions_end_when_idle_or_old_and_use_keeps_them() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        for _ in 0..13 {
            cx.test_clock().advance_seconds(11 * 3_600);
            assert!(who(&cx, &session).await.is_some());
        }
        cx.test_clock().advance_seconds(12 * 3_600);
        assert!(who(&cx, &session).await.is_none(), "idle for twelve hours");
        let session = sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
        for _ in 0..15 {
            cx.test_clock().advance_seconds(11 * 3_600);
            who(&cx, &session).await;
        }
        cx.test_clock().advance_seconds(4 * 3_600);
        assert!(who(&cx, &session).await.is_none(), "seven days old");
    });
}

#[test]
fn a_new_password_ends_every_session() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        let person = who(&cx, &session).await.unwrap();
        let own = cx.for_actor(person.actor, Permissions::none(), "test");
        let wrong =
            bursar_identity::change_password(&own, secret("not the old one"), secret("nine red herrings"));
        assert!(matches!(wrong.await, Err(IdentityError::Invalid(_))));
        bursar_identity::change_password(&own, secret(PASSWORD), secret("nine red herrings")).await.unwrap();
        assert!(who(&cx, &session).await.is_none());
        assert!(sign_in(&cx, "olga@example.com", PASSWORD).await.is_err());
        sign_in(&cx, "olga@example.com", "nine red herrings").await.unwrap();
    });
}

/// Ann has two customers; mail goes to a list.
#[derive(Default)]
struct People(std::sync::Mutex<Vec<LinkMail>>);

impl PortalPeople for People {
    fn find_by_email<'t>(
        &'t self,
        _: &'t mut Tx,
        email: &'t str,
    ) -> PortalFuture<'t, Option<(Vec<i64>, String)>> {
        Box::pin(async move { Ok((email == "ann@example.com").then(|| (vec![7, 9], "Ann".to_owned()))) })
    }

    fn send_link<'t>(&'t self, _: &'t mut Tx, mail: LinkMail) -> PortalFuture<'t, ()> {
        Box::pin(async move {
            self.0.lock().unwrap().push(mail);
            Ok(())
        })
    }
}

#[test]
fn a_link_is_mailed_works_once_and_nobody_learns_who_is_a_customer() {
    on_both_engines(schema(), async |cx| {
        let people = Arc::new(People::default());
        let ask = |email: &'static str| {
            bursar_identity::request_portal_link(&cx, Arc::clone(&people), email, origin())
        };
        ask("stranger@example.com").await.unwrap();
        ask("Ann@Example.com").await.unwrap();
        let mails = people.0.lock().unwrap().clone();
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].email.as_str(), mails[0].name.as_str()), ("ann@example.com", "Ann"));
        let token = mails[0].token.expose().clone();
        let tries = (0..10).map(|_| bursar_identity::redeem_portal_link(&cx, &token, origin()));
        let mut outcomes = futures_util::future::join_all(tries).await;
        outcomes.retain(Result::is_ok);
        assert_eq!(outcomes.len(), 1);
        let session = outcomes.pop().unwrap().unwrap();
        assert_eq!(session.owner, SessionOwner::Customers(vec![7, 9]));
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.customer_ids(), person.actor), (&[7_i64, 9][..], Actor::User(7)));
        assert!(person.can("own") && !person.can("all"));
        for _ in 0..2 {
            ask("stranger@example.com").await.unwrap();
            ask("ann@example.com").await.unwrap();
        }
        assert!(matches!(ask("stranger@example.com").await, Err(IdentityError::TooManyAttempts { .. })));
        assert!(matches!(ask("ann@example.com").await, Err(IdentityError::TooManyAttempts { .. })));
    });
}

#[test]
fn a_link_is_dead_after_fifteen_minutes() {
    on_both_engines(schema(), async |cx| {
        let link = bursar_identity::create_portal_link(&cx, 7, "Ann").await.unwrap();
        let fresh = bursar_identity::create_portal_link(&cx, 7, "Ann").await.unwrap();
        cx.test_clock().advance_seconds(15 * 60 - 1);
        bursar_identity::redeem_portal_link(&cx, fresh.expose(), origin()).await.unwrap();
        cx.test_clock().advance_seconds(1);
        let dead = bursar_identity::redeem_portal_link(&cx, link.expose(), origin()).await;
        assert!(matches!(dead, Err(IdentityError::DeadLink)));
        let nobody = cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        let denied = bursar_identity::create_portal_link(&nobody, 7, "Ann").await;
        assert!(matches!(denied, Err(IdentityError::Denied(_))));
    });
}
