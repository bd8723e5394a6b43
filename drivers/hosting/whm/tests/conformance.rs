//! WHM over its fake, through the contract's suite, and what only WHM can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{
    Change, Creation, Hosting as _, IdempotencyKey, Operation, Password, Passwords as _, Resource, Tag,
};
use bursar_hosting_whm::Whm;
use bursar_hosting_whm::fake::{FakeWhm, PACKAGES, TAKEN_DOMAIN, TOKEN, USERNAME};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(fake: Arc<FakeWhm>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(Whm),
        settings: ServerRig::settings_for(&server).with("username", USERNAME),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("token", TOKEN),
        bad_credentials: Credentials::none().with("token", "A0B1C2D3E4F5G6H7I8J9K0L1"),
        plan: Settings::none().with("plan", PACKAGES[0]),
        larger_plan: Settings::none().with("plan", PACKAGES[1]),
        name: Some(TAKEN_DOMAIN.to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

async fn rig() -> ServerRig {
    rig_over(Arc::new(FakeWhm::in_memory())).await
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

#[tokio::test]
async fn whm_conforms() {
    conformance::run(rig).await;
}

#[tokio::test]
async fn an_account_that_root_locked_is_not_resumed() {
    let fake = Arc::new(FakeWhm::in_memory());
    let rig = rig_over(fake.clone()).await;
    let created = Whm.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await.unwrap();
    assert!(matches!(created, Creation::Done(_)));
    assert_eq!(Whm.suspend(&rig.call(), &operation("b1", "suspend"), "overdue").await, Ok(Change::Done));
    fake.lock(&Tag::new("b1").unwrap());
    let resumed = Whm.resume(&rig.call(), &operation("b1", "resume")).await.unwrap();
    assert!(
        matches!(&resumed, Change::Failed { why } if why == "The account is locked by root."),
        "{resumed:?}"
    );
}

#[tokio::test]
async fn a_weak_password_and_an_unknown_package_are_refused_with_the_reason() {
    let rig = rig().await;
    Whm.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await.unwrap();
    let weak = Whm.set_password(&rig.call(), &operation("b1", "password"), &Password::new("short")).await;
    assert!(matches!(&weak, Err(CallError::Refused(why)) if why.contains("too weak")), "{weak:?}");
    let mut specification = rig.specification();
    specification.plan = Settings::none().with("plan", "gold");
    specification.name = Some("other.example.net".to_owned());
    let unknown = Whm.create(&rig.call(), &operation("b2", "create"), &specification).await;
    assert!(matches!(&unknown, Err(CallError::Refused(why)) if why.contains("gold")), "{unknown:?}");
}
