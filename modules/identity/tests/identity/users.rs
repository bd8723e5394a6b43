//! Users and what they are for each of their customers.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::mail::{IdentityMail, Letter, Recipient};
use bursar_identity::{
    Client, Handover, IdentityError, ImportedUser, Kind, NewUser, PortalLink, Subject, TeamRole, begin_totp,
    confirm_totp, remove_totp,
};
use bursar_ids::Actor;
use bursar_testkit::{START, TestCx, on_both_engines};

use crate::factors::app;
use crate::house::{PASSWORD, a_user, client, join, schema, vault, who};

async fn enter(cx: &TestCx, email: &str, password: &str) -> Result<bursar_identity::Session, IdentityError> {
    let entry = bursar_identity::sign_in_user(cx, email, password.to_owned(), client()).await?;
    Ok(entry.session().expect("no second factor is set up"))
}

#[test]
fn a_user_acts_for_one_customer_at_a_time_with_the_rights_over_that_one() {
    on_both_engines(schema(), async |cx| {
        let user = a_user(&cx, "Ann@Example.com").await;
        join(&cx, user, 7, TeamRole::ReadOnly).await;
        join(&cx, user, 8, TeamRole::Owner).await;
        let session = enter(&cx, "ann@example.com", PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.actor, person.customer_ids()), (Actor::User(user), &[7_i64][..]));
        assert!(person.can("shop.bill.see") && !person.can("shop.bill.pay"));
        let names: Vec<_> =
            person.standing.accounts.iter().map(|it| (it.name.as_str(), it.is_current)).collect();
        assert_eq!(names, [("Customer 7", true), ("Customer 8", false)]);
        assert!(!bursar_identity::switch_customer(&cx, person.session_hash, user, 9).await.unwrap());
        assert!(bursar_identity::switch_customer(&cx, person.session_hash, user, 8).await.unwrap());
        let person = who(&cx, &session).await.unwrap();
        assert_eq!(person.customer_id(), Some(8));
        assert!(person.can("shop.bill.pay"));
        let again = enter(&cx, "ann@example.com", PASSWORD).await.unwrap();
        assert_eq!(who(&cx, &again).await.unwrap().customer_id(), Some(8), "where they were last");
    });
}

#[test]
fn a_role_taken_away_or_a_customer_closed_works_in_open_sessions_at_once() {
    on_both_engines(schema(), async |cx| {
        let user = a_user(&cx, "ann@example.com").await;
        join(&cx, user, 7, TeamRole::Owner).await;
        let session = enter(&cx, "ann@example.com", PASSWORD).await.unwrap();
        assert!(who(&cx, &session).await.unwrap().can("shop.bill.pay"));
        join(&cx, user, 7, TeamRole::Technical).await;
        assert!(who(&cx, &session).await.unwrap().permissions.is_empty());
        join(&cx, user, 7, TeamRole::Owner).await;
        let close = async |is_open: bool| {
            cx.write(async move |tx: &mut Tx| bursar_identity::follow_customer(tx, 7, "Gone", is_open).await)
                .await
                .unwrap();
        };
        close(false).await;
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.customer_id(), person.permissions.is_empty()), (None, true));
        close(true).await;
        assert_eq!(who(&cx, &session).await.unwrap().standing.accounts[0].name, "Gone");
        let left =
            cx.write(async move |tx: &mut Tx| bursar_identity::remove_membership(tx, user, 7).await).await;
        assert!(left.unwrap());
        assert_eq!(who(&cx, &session).await.unwrap().customer_id(), None);
    });
}

#[test]
fn one_address_is_one_user_and_staff_of_that_address_are_somebody_else() {
    on_both_engines(schema(), async |cx| {
        a_user(&cx, "ann@example.com").await;
        let again = NewUser {
            email: " ANN@example.com".into(),
            name: "Ann".into(),
            password: None,
            is_verified: true,
        };
        let taken = cx.write(async move |tx: &mut Tx| bursar_identity::register_user(tx, &again).await).await;
        assert!(matches!(taken, Err(IdentityError::AddressTaken)));
        let staff = bursar_identity::sign_in(&cx, "ann@example.com", PASSWORD.to_owned(), client()).await;
        assert!(matches!(staff, Err(IdentityError::NoMatch)));
        for (name, email) in [("", "a@b.c"), ("Ann", "a@"), ("Ann", "a b@c.d"), ("Ann", "a@b@c")] {
            let new = NewUser { email: email.into(), name: name.into(), password: None, is_verified: true };
            let refused =
                cx.write(async move |tx: &mut Tx| bursar_identity::register_user(tx, &new).await).await;
            assert!(matches!(refused, Err(IdentityError::Invalid(_))), "{name} {email}");
        }
    });
}

/// A user as an old system had them, with the password `Hunter2!`.
async fn bring_in(cx: &TestCx, id: i64, email: &str, must_enrol: bool) -> bool {
    let user = ImportedUser {
        id,
        email: email.to_owned(),
        name: "Old".to_owned(),
        foreign_hash: Some("62497ec27fd56edd5fc92c206f4b3086:x7Kq2".to_owned()),
        verified_at: Some(START),
        must_enrol,
        created_at: START,
    };
    cx.write(async move |tx: &mut Tx| bursar_identity::import_user(tx, &user).await).await.unwrap()
}

#[test]
fn who_had_a_second_factor_elsewhere_sets_one_up_before_anything_else() {
    on_both_engines(schema(), async |cx| {
        bring_in(&cx, 41, "old@example.com", true).await;
        let session = enter(&cx, "old@example.com", "Hunter2!").await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!(person.standing.confined_to, Some("/portal/security"));
        let subject = Subject { kind: Kind::User, id: 41 };
        let new = begin_totp(&cx, &vault(), subject, "Office".to_owned()).await.unwrap();
        let code = app(&new.secret, cx.now().micros() / 1_000_000);
        confirm_totp(&cx, &vault(), subject, code).await.unwrap();
        assert_eq!(who(&cx, &session).await.unwrap().standing.confined_to, None);
        remove_totp(&cx, subject).await.unwrap();
        let again = enter(&cx, "old@example.com", "Hunter2!").await.unwrap();
        assert_eq!(
            who(&cx, &again).await.unwrap().standing.confined_to,
            None,
            "once, then it is theirs to decide"
        );
    });
}

#[test]
fn an_old_hash_lets_its_owner_in_once_and_is_ours_from_then_on() {
    on_both_engines(schema(), async |cx| {
        assert!(bring_in(&cx, 41, "Old@example.com", false).await);
        assert!(!bring_in(&cx, 41, "old@example.com", false).await, "once");
        assert!(!bring_in(&cx, 42, "OLD@example.com", false).await, "an address is one user's");
        assert!(matches!(enter(&cx, "old@example.com", "hunter2!").await, Err(IdentityError::NoMatch)));
        assert!(enter(&cx, "old@example.com", "Hunter2!").await.is_ok());
        let stored = cx
            .read(async |tx: &mut Tx| {
                let text = "SELECT password_hash FROM identity_users";
                tx.query_text(text, &[], |row| row.get::<String>(0)).await
            })
            .await;
        let stored: Result<Vec<String>, bursar_fault::Fault> = stored;
        assert!(stored.unwrap()[0].starts_with("$argon2id$"));
        assert!(enter(&cx, "old@example.com", "Hunter2!").await.is_ok());
    });
}

/// Keeps what was written to whom.
#[derive(Default)]
struct Letters(Mutex<Vec<(String, String)>>);

#[async_trait(?Send)]
impl IdentityMail for Letters {
    async fn write(&self, _: &mut Tx, to: &Recipient, letter: &Letter) -> Result<(), Fault> {
        self.0.lock().unwrap().push((to.email.clone(), format!("{letter:?}")));
        Ok(())
    }
}

async fn sign_up(cx: &TestCx, mail: &Arc<Letters>, password: &str) -> i64 {
    let password = bursar_identity::hash_password(cx, password.to_owned()).await.unwrap();
    let new = NewUser {
        email: "Ann@example.com".into(),
        name: "Ann".into(),
        password: Some(password),
        is_verified: false,
    };
    let mail = Arc::clone(mail);
    cx.write(async move |tx: &mut Tx| {
        let id = bursar_identity::sign_up_user(tx, &new).await?;
        bursar_identity::send_verification(tx, &*mail, id).await?;
        Ok::<_, IdentityError>(id)
    })
    .await
    .unwrap()
}

#[test]
fn a_second_sign_up_with_an_address_comes_in_apart_and_its_owner_takes_over_what_it_made() {
    on_both_engines(schema(), async |cx| {
        let mail = Arc::new(Letters::default());
        let ann = sign_up(&cx, &mail, PASSWORD).await;
        let twin = sign_up(&cx, &mail, "another long password").await;
        assert_ne!(ann, twin);
        let said = mail.0.lock().unwrap().clone();
        let to = |letter: &str| ("ann@example.com".to_owned(), letter.to_owned());
        assert_eq!(said, [to("VerifyAddress(…)"), to("AddressKnown")]);
        join(&cx, ann, 7, TeamRole::Owner).await;
        join(&cx, twin, 8, TeamRole::Owner).await;
        let first = enter(&cx, "ann@example.com", PASSWORD).await.unwrap();
        let second = enter(&cx, "ann@example.com", "another long password").await.unwrap();
        assert_eq!(who(&cx, &first).await.unwrap().actor, Actor::User(ann));
        assert_eq!(who(&cx, &second).await.unwrap().customer_ids(), [8]);
        let wrong = enter(&cx, "ann@example.com", "neither of the two").await;
        assert!(matches!(wrong, Err(IdentityError::NoMatch)));
        let link = PortalLink {
            customer_id: 8,
            customer_name: "Customer 8".into(),
            email: "ann@example.com".into(),
            name: "Ann".into(),
        };
        let path = cx
            .write(async move |tx: &mut Tx| {
                bursar_identity::create_portal_link(tx, &link, Handover::Mail).await
            })
            .await
            .unwrap();
        let token = path.strip_prefix("/portal/link/").unwrap();
        let browser = Client { device: first.device_token().map(str::to_owned), ..client() };
        bursar_identity::redeem_portal_link(&cx, token, browser).await.unwrap();
        let accounts = who(&cx, &first).await.unwrap().standing.accounts;
        assert_eq!(accounts.iter().map(|it| it.id).collect::<Vec<_>>(), [7, 8]);
        assert!(who(&cx, &second).await.unwrap().customer_ids().is_empty(), "the twin has nothing left");
    });
}
