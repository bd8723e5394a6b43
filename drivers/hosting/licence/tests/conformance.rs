//! Licences of both kinds through the contract's suite.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bursar_hosting::conformance::{self, OwnRig, Rig as _};
use bursar_hosting::{
    AccessKind, Change, Creation, Health, Hosting as _, IdempotencyKey, Observed, Operation, Resource, State,
    Tag,
};
use bursar_hosting_licence::{Licence, Licences, is_live, key_name, read};
use bursar_outbound::{Call, CallError, Credentials, Settings};

const KEYS: [&str; 12] = [
    "AAAA-0001",
    "AAAA-0002",
    "AAAA-0003",
    "AAAA-0004",
    "AAAA-0005",
    "AAAA-0006",
    "AAAA-0007",
    "AAAA-0008",
    "AAAA-0009",
    "AAAA-0010",
    "AAAA-0011",
    "AAAA-0012",
];

fn plan(seats: &str) -> Settings {
    Settings::none().with("product", "gizmo").with("seats", seats).with("days", "35")
}

fn pool() -> OwnRig {
    let mut rig = OwnRig::new(Box::new(Licences), plan("5"), plan("10"));
    rig.settings = Settings::none().with("kind", "pool");
    rig.credentials = Credentials::none().with("keys", KEYS.join("\n"));
    rig.live = |notes, tag| usize::from(is_live(notes, tag));
    rig.fill = Some(|notes| KEYS.iter().for_each(|key| notes.put(key_name(key), "another")));
    rig
}

fn signing() -> OwnRig {
    let mut rig = pool();
    rig.settings = Settings::none().with("kind", "signed");
    rig.credentials = Credentials::none().with("signing_key", "07".repeat(32));
    rig.fill = None;
    rig
}

#[tokio::test]
async fn keys_out_of_a_pool_conform() {
    conformance::run(async || pool()).await;
}

#[tokio::test]
async fn signed_licences_conform() {
    conformance::run(async || signing()).await;
}

fn operation(tag: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{tag}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(tag).unwrap()),
        task: None,
    }
}

async fn made(rig: &OwnRig, tag: &str) -> Observed {
    match Licences.create(&rig.call(), &operation(tag, "create"), &rig.specification()).await {
        Ok(Creation::Done(observed)) => *observed,
        other => panic!("{other:?}"),
    }
}

fn licence_of(observed: &Observed) -> Option<&str> {
    observed
        .access
        .iter()
        .find(|access| access.kind == AccessKind::Licence)
        .map(|access| access.value.as_str())
}

#[tokio::test]
async fn a_key_is_given_once_and_never_again() {
    let rig = pool();
    let first = made(&rig, "b1").await;
    assert_eq!(licence_of(&first), Some(KEYS[0]));
    assert_eq!(licence_of(&made(&rig, "b2").await), Some(KEYS[1]));
    assert_eq!(Licences.terminate(&rig.call(), &operation("b1", "terminate")).await, Ok(Change::Done));
    assert_eq!(licence_of(&made(&rig, "b3").await), Some(KEYS[2]), "a key that was out stays out");
    let health = Health::health(&Licences, &rig.call()).await.unwrap();
    assert_eq!((health.resource_count, health.resource_limit), (Some(3), Some(12)));
    let written = format!("{:?}", rig.notes.all());
    assert!(!written.contains("AAAA"), "keys stay sealed: {written}");
}

#[tokio::test]
async fn a_key_that_left_the_pool_is_a_failure_to_look_at() {
    let mut rig = pool();
    made(&rig, "b1").await;
    rig.credentials = Credentials::none().with("keys", KEYS[1]);
    let seen = Licences.observe(&rig.call(), &operation("b1", "any").resource).await.unwrap().unwrap();
    assert!(matches!(seen.state, State::Failed(_)) && licence_of(&seen).is_none(), "{seen:?}");
}

#[tokio::test]
async fn a_signed_licence_can_be_checked_and_ends() {
    let rig = signing();
    let version = Licences.test_connection(&rig.call()).await.unwrap().version.unwrap();
    let public_key = version.strip_prefix("public key ").unwrap();
    let made = made(&rig, "b1").await;
    let text = licence_of(&made).unwrap();
    // The suite's time is 2026-01-01, day 20454; 35 days later is 2026-02-05T00:00:00Z.
    let expected = Licence {
        id: "b1".to_owned(),
        product: "gizmo".to_owned(),
        customer: 42,
        seats: Some(5),
        ends: Some((20_454 + 35) * 86_400),
    };
    assert_eq!(read(public_key, text), Some(expected));
    let altered = format!("A{}", &text[1..]);
    assert_eq!(read(public_key, &altered), None);
    // The first test vector of RFC 8032 has this public key.
    let vector = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let call = Call::new(
        rig.call().started_at(),
        rig.call().timeout(),
        Credentials::none().with("signing_key", vector),
    )
    .with_settings(rig.settings.clone())
    .with_notebook(std::sync::Arc::new(rig.notes.clone()));
    let shown = Licences.test_connection(&call).await.unwrap().version.unwrap();
    assert_eq!(shown, "public key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    let bad = Call::new(
        rig.call().started_at(),
        rig.call().timeout(),
        Credentials::none().with("signing_key", "abc"),
    )
    .with_settings(rig.settings.clone())
    .with_notebook(std::sync::Arc::new(rig.notes.clone()));
    assert!(matches!(Licences.test_connection(&bad).await, Err(CallError::BadCredentials(_))));
}
