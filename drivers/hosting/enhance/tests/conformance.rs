//! Enhance over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{Change, Creation, Hosting as _, IdempotencyKey, Operation, Resource, Tag};
use bursar_hosting_enhance::Enhance;
use bursar_hosting_enhance::fake::{FakePanel, ORG, TOKEN};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(fake: Arc<FakePanel>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(Enhance),
        settings: ServerRig::settings_for(&server).with("org_id", ORG),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("token", TOKEN),
        bad_credentials: Credentials::none().with("token", "enhance-wrong-token-0123456789"),
        plan: Settings::none().with("plan", "7"),
        larger_plan: Settings::none().with("plan", "9"),
        name: Some("shop.example.net".to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

#[tokio::test]
async fn enhance_conforms() {
    conformance::run(async || rig_over(Arc::new(FakePanel::in_memory())).await).await;
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

async fn created(rig: &ServerRig, tag: &str, domain: &str) -> Result<Creation, CallError> {
    let mut specification = rig.specification();
    specification.name = Some(domain.to_owned());
    for _ in 0..4 {
        match Enhance.create(&rig.call(), &operation(tag, "create"), &specification).await {
            Ok(Creation::Working(_)) => {}
            other => return other,
        }
    }
    panic!("it comes to no end")
}

#[tokio::test]
async fn one_customer_is_one_organisation_and_a_deleted_site_keeps_its_domain() {
    let fake = Arc::new(FakePanel::in_memory());
    let rig = rig_over(fake.clone()).await;
    assert!(matches!(created(&rig, "b1", "one.example.net").await, Ok(Creation::Done(_))));
    assert!(matches!(created(&rig, "b2", "two.example.net").await, Ok(Creation::Done(_))));
    assert_eq!(fake.customer_count(), 1);
    let taken = created(&rig, "b3", "one.example.net").await;
    assert!(matches!(&taken, Err(CallError::Refused(why)) if why.contains("inUseAnotherOrg")), "{taken:?}");
    assert_eq!(Enhance.terminate(&rig.call(), &operation("b1", "terminate")).await, Ok(Change::Done));
    let blocked = created(&rig, "b4", "one.example.net").await;
    assert!(
        matches!(&blocked, Err(CallError::Refused(why)) if why.contains("inUseDeletedSite")),
        "{blocked:?}"
    );
    let mut wiping = rig_over(fake).await;
    wiping.settings = wiping.settings.with("force_delete", "1");
    assert_eq!(Enhance.terminate(&wiping.call(), &operation("b2", "terminate")).await, Ok(Change::Done));
    assert!(matches!(created(&rig, "b5", "two.example.net").await, Ok(Creation::Done(_))));
}
