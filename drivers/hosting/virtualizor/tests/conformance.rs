//! Virtualizor over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{Creation, Hosting as _, IdempotencyKey, Operation, Resource, Tag};
use bursar_hosting_virtualizor::Virtualizor;
use bursar_hosting_virtualizor::fake::{FakeMaster, KEY, PASS, ZONE};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

fn plan(number: &str) -> Settings {
    Settings::none().with("plan", number).with("image", "270").with("virt", "kvm").with("ipv4_count", "1")
}

async fn rig_over(fake: Arc<FakeMaster>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(Virtualizor),
        settings: ServerRig::settings_for(&server).with("zone", ZONE).with("customer_url", server.url()),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("api_key", KEY).with("api_pass", PASS),
        bad_credentials: Credentials::none().with("api_key", KEY).with("api_pass", "wrong-abcdef0123456789"),
        plan: plan("12"),
        larger_plan: plan("13"),
        name: None,
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

#[tokio::test]
async fn virtualizor_conforms() {
    conformance::run(async || rig_over(Arc::new(FakeMaster::in_memory())).await).await;
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

#[tokio::test]
async fn an_installation_that_failed_is_told_and_two_of_one_name_need_a_person() {
    let fake = Arc::new(FakeMaster::in_memory());
    let rig = rig_over(fake.clone()).await;
    let create = async |tag: &str| {
        Virtualizor.create(&rig.call(), &operation(tag, "create"), &rig.specification()).await
    };
    fake.fail_next();
    assert!(matches!(create("b1").await, Ok(Creation::Working(_))));
    let failed = create("b1").await.unwrap();
    assert!(matches!(&failed, Creation::Failed { why } if why == "The disk is broken."), "{failed:?}");
    assert!(matches!(create("b2").await, Ok(Creation::Working(_))));
    fake.make_double(&Tag::new("b2").unwrap());
    let terminated = Virtualizor.terminate(&rig.call(), &operation("b2", "terminate")).await;
    assert!(matches!(&terminated, Err(CallError::Refused(why)) if why.contains("b2.")), "{terminated:?}");
}
