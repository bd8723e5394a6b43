//! Second factors, and that nobody comes in without one who needs it.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{
    Client, Entry, IdentityError, Kind, Policy, Session, Subject, TeamRole, begin_totp, confirm_totp,
    factors_of, list_sessions, remove_totp, renew_recovery_codes, sign_ins_of,
};
use bursar_testkit::{TestCx, on_both_engines};
use ring::hmac;

use crate::house::{PASSWORD, a_user, client, join, olga, schema, set_up, setup_token, sign_in, vault, who};

/// The code an app shows for a secret at an instant: written anew from RFC 6238, apart from the code under test.
pub fn app(secret: &str, seconds: i64) -> String {
    let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret.chars().map(|c| format!("{:05b}", signs.find(c).expect("base32"))).collect();
    let key: Vec<u8> = (0..bits.len() / 8)
        .map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).expect("eight bits"))
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().expect("four bytes"));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn seconds(cx: &TestCx) -> i64 {
    cx.now().micros() / 1_000_000
}

/// Sets an app up and returns its secret and the recovery codes.
async fn enrol(cx: &TestCx, subject: Subject) -> (String, Vec<String>) {
    let new = begin_totp(cx, &vault(), subject, "Office".to_owned()).await.unwrap();
    let code = app(&new.secret, seconds(cx));
    let codes = confirm_totp(cx, &vault(), subject, code).await.unwrap();
    (new.secret, codes)
}

async fn a_user_with_an_app(cx: &TestCx) -> (Subject, String, Vec<String>) {
    let subject = Subject { kind: Kind::User, id: a_user(cx, "ann@example.com").await };
    join(cx, subject.id, 7, TeamRole::Owner).await;
    let (secret, codes) = enrol(cx, subject).await;
    (subject, secret, codes)
}

async fn enter(cx: &TestCx, client: Client) -> Entry {
    bursar_identity::sign_in_user(cx, "ann@example.com", PASSWORD.to_owned(), client).await.unwrap()
}

async fn second(cx: &TestCx, entry: Entry, code: &str) -> Result<Session, IdentityError> {
    let Entry::SecondFactor(half) = entry else { panic!("a second factor was not asked for") };
    half.finish(cx, &vault(), code, client(), false).await
}

#[test]
fn with_an_app_a_password_alone_is_not_enough_and_a_code_works_once() {
    on_both_engines(schema(), async |cx| {
        let (subject, secret, _) = a_user_with_an_app(&cx).await;
        let shown = app(&secret, seconds(&cx));
        let again = second(&cx, enter(&cx, client()).await, &shown).await;
        assert!(matches!(again, Err(IdentityError::WrongCode)), "used when it was set up");
        cx.test_clock().advance_seconds(30);
        let code = app(&secret, seconds(&cx));
        let (one, two) = (enter(&cx, client()).await, enter(&cx, client()).await);
        let (one, two) = futures_util::future::join(second(&cx, one, &code), second(&cx, two, &code)).await;
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|is_in| **is_in).count(), 1);
        let session = one.or(two).unwrap();
        assert!(who(&cx, &session).await.unwrap().can("shop.bill.pay"));
        let history: Vec<_> =
            cx.read(async move |tx: &mut Tx| sign_ins_of(tx, subject, 10).await).await.unwrap();
        let shape: Vec<_> = history.iter().map(|it| (it.is_success, it.method.as_str())).collect();
        assert!(shape.contains(&(true, "password and code")), "{shape:?}");
        assert!(shape.contains(&(false, "code")), "{shape:?}");
    });
}

#[test]
fn guessing_codes_ends_after_five_for_one_sign_in_and_ten_for_the_person() {
    on_both_engines(schema(), async |cx| {
        a_user_with_an_app(&cx).await;
        for _ in 0..2 {
            let entry = enter(&cx, client()).await;
            for _ in 0..5 {
                let refused = second(&cx, entry.clone(), "000000").await;
                assert!(matches!(refused, Err(IdentityError::WrongCode)));
            }
            assert!(matches!(second(&cx, entry, "000000").await, Err(IdentityError::ChallengeOver)));
        }
        let entry = enter(&cx, client()).await;
        assert!(matches!(second(&cx, entry, "000000").await, Err(IdentityError::TooMany)));
    });
}

#[test]
fn a_recovery_code_works_once_and_new_ones_end_the_old() {
    on_both_engines(schema(), async |cx| {
        let (subject, _, codes) = a_user_with_an_app(&cx).await;
        assert_eq!(codes.len(), 10);
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert!(second(&cx, enter(&cx, client()).await, &typed).await.is_ok());
        let again = second(&cx, enter(&cx, client()).await, &codes[0]).await;
        assert!(matches!(again, Err(IdentityError::WrongCode)));
        let fresh = renew_recovery_codes(&cx, subject).await.unwrap();
        let old = second(&cx, enter(&cx, client()).await, &codes[1]).await;
        assert!(matches!(old, Err(IdentityError::WrongCode)));
        assert!(second(&cx, enter(&cx, client()).await, &fresh[0]).await.is_ok());
        remove_totp(&cx, subject).await.unwrap();
        assert!(enter(&cx, client()).await.session().is_some());
        let left = cx.read(async move |tx: &mut Tx| factors_of(tx, subject).await).await.unwrap();
        assert_eq!((left.recovery_codes, left.any()), (0, false));
    });
}

#[test]
fn a_trusted_device_is_not_asked_again_until_its_days_are_over() {
    on_both_engines(schema(), async |cx| {
        let (_, _, codes) = a_user_with_an_app(&cx).await;
        let Entry::SecondFactor(half) = enter(&cx, client()).await else { panic!("not asked") };
        let session = half.finish(&cx, &vault(), &codes[0], client(), true).await.unwrap();
        let known = Client { device: session.device_token().map(str::to_owned), ..client() };
        assert!(known.device.is_some());
        assert!(enter(&cx, known.clone()).await.session().is_some());
        assert!(enter(&cx, client()).await.session().is_none(), "another browser is asked");
        cx.test_clock().advance_days(30);
        assert!(enter(&cx, known).await.session().is_none());
    });
}

#[test]
fn staff_without_a_second_factor_can_do_nothing_but_set_one_up() {
    on_both_engines(schema(), async |cx| {
        let token = setup_token(&cx).await;
        let new = olga("olga@example.com", PASSWORD);
        let session = bursar_identity::finish_setup(&cx, &token, new, client()).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!(person.standing.confined_to, Some("/admin/security"));
        assert!(person.permissions.is_empty());
        let subject = Subject::of(&person.actor).unwrap();
        enrol(&cx, subject).await;
        let person = who(&cx, &session).await.unwrap();
        assert_eq!(person.standing.confined_to, None);
        assert!(person.can("shop.door.open"));
        let second_app = begin_totp(&cx, &vault(), subject, "Office".to_owned()).await;
        assert!(matches!(second_app, Err(IdentityError::FactorAlready)));
        let entry = bursar_identity::sign_in(&cx, "olga@example.com", PASSWORD.to_owned(), client()).await;
        assert!(entry.unwrap().session().is_none());
    });
}

#[test]
fn a_wrong_code_confirms_nothing_and_no_secret_lies_in_the_database() {
    on_both_engines(schema(), async |cx| {
        let subject = Subject { kind: Kind::User, id: a_user(&cx, "ann@example.com").await };
        let new = begin_totp(&cx, &vault(), subject, "Office".to_owned()).await.unwrap();
        let refused = confirm_totp(&cx, &vault(), subject, "000000".to_owned()).await;
        assert!(matches!(refused, Err(IdentityError::Invalid(_))));
        assert!(enter(&cx, client()).await.session().is_some(), "not confirmed, not asked for");
        let stored: Result<Vec<String>, Fault> = cx
            .read(async |tx: &mut Tx| {
                let text = "SELECT secret_sealed FROM identity_totp";
                tx.query_text(text, &[], |row| row.get::<String>(0)).await
            })
            .await;
        let stored = stored.unwrap().remove(0);
        assert!(stored.starts_with("v1.") && !stored.contains(&new.secret));
    });
}

async fn told(cx: &TestCx) -> i64 {
    let rows: Result<Vec<i64>, Fault> = cx
        .read(async |tx: &mut Tx| {
            let text = "SELECT COUNT(*) FROM kernel_events WHERE name = 'identity.device.used_first'";
            tx.query_text(text, &[], |row| row.get::<i64>(0)).await
        })
        .await;
    rows.unwrap()[0]
}

#[test]
fn a_new_browser_is_told_of_but_not_the_first_one() {
    on_both_engines(schema(), async |cx| {
        a_user(&cx, "ann@example.com").await;
        let first = enter(&cx, client()).await.session().unwrap();
        assert_eq!(told(&cx).await, 0);
        let known = Client { device: first.device_token().map(str::to_owned), ..client() };
        enter(&cx, known).await;
        assert_eq!(told(&cx).await, 0);
        enter(&cx, client()).await;
        assert_eq!(told(&cx).await, 1);
    });
}

#[test]
fn a_network_that_tries_many_addresses_is_stopped() {
    on_both_engines(schema(), async |cx| {
        let cx = &cx;
        let tries = (0..70).map(|n| async move {
            let from = Client { network: "192.0.2.7".to_owned(), ..client() };
            let address = format!("guess{n}@example.com");
            bursar_identity::sign_in_user(cx, &address, PASSWORD.to_owned(), from).await
        });
        let outcomes = futures_util::future::join_all(tries).await;
        let stopped = outcomes.iter().filter(|it| matches!(it, Err(IdentityError::TooMany))).count();
        assert_eq!(stopped, 10);
    });
}

#[test]
fn sessions_are_listed_and_the_rules_of_the_door_are_checked() {
    on_both_engines(schema(), async |cx| {
        let session = set_up(&cx).await;
        sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
        let person = who(&cx, &session).await.unwrap();
        let (subject, hash) = (Subject::of(&person.actor).unwrap(), person.session_hash);
        let rows = cx.read(async move |tx: &mut Tx| list_sessions(tx, subject, Some(hash)).await).await;
        let rows = rows.unwrap();
        let shape: Vec<_> = rows.iter().map(|it| (it.method.as_str(), it.is_this)).collect();
        assert_eq!(shape, [("password", false), ("set-up", true)]);
        let wrong = Policy { staff_networks: vec!["everywhere".to_owned()], ..Policy::default() };
        assert!(matches!(bursar_identity::set_policy(&cx, wrong).await, Err(IdentityError::Invalid(_))));
    });
}
