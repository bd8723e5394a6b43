//! Kasm over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{Change, Creation, Hosting as _, IdempotencyKey, Operation, Resource, Tag};
use bursar_hosting_kasm::Kasm;
use bursar_hosting_kasm::fake::{FakeKasm, GROUPS, KEY, SECRET};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(fake: Arc<FakeKasm>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(Kasm),
        settings: ServerRig::settings_for(&server),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("api_key", KEY).with("api_key_secret", SECRET),
        bad_credentials: Credentials::none()
            .with("api_key", KEY)
            .with("api_key_secret", "wrong-secret-0123456789"),
        plan: Settings::none().with("group", GROUPS[0]),
        larger_plan: Settings::none().with("group", GROUPS[1]),
        name: None,
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

#[tokio::test]
async fn kasm_conforms() {
    conformance::run(async || rig_over(Arc::new(FakeKasm::in_memory())).await).await;
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

#[tokio::test]
async fn what_runs_ends_with_the_suspension_and_an_unknown_group_makes_nothing() {
    let fake = Arc::new(FakeKasm::in_memory());
    let rig = rig_over(fake.clone()).await;
    let tag = Tag::new("b1").unwrap();
    while !matches!(
        Kasm.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await,
        Ok(Creation::Done(_))
    ) {}
    fake.start_session(&tag);
    fake.start_session(&tag);
    assert_eq!(fake.session_count(&tag), 2);
    assert_eq!(Kasm.suspend(&rig.call(), &operation("b1", "suspend"), "overdue").await, Ok(Change::Done));
    assert_eq!(fake.session_count(&tag), 0);
    let mut elsewhere = rig.specification();
    elsewhere.plan = Settings::none().with("group", "ffff");
    let refused = Kasm.create(&rig.call(), &operation("b2", "create"), &elsewhere).await;
    assert!(matches!(refused, Err(CallError::Refused(_))), "{refused:?}");
    assert_eq!(conformance::Fake::live(&*fake, &Tag::new("b2").unwrap()), 0);
}
