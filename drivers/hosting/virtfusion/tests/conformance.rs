//! VirtFusion over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::{Aim, FakeServer, Fault};
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{Creation, Hosting as _, IdempotencyKey, Operation, Resizing as _, Resource, Tag};
use bursar_hosting_virtfusion::VirtFusion;
use bursar_hosting_virtfusion::fake::{FakePanel, TOKEN};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

fn plan(package: &str) -> Settings {
    Settings::none().with("package", package).with("group", "2").with("image", "14").with("ipv4_count", "1")
}

async fn rig_over(fake: Arc<FakePanel>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(VirtFusion),
        settings: ServerRig::settings_for(&server),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("token", TOKEN),
        bad_credentials: Credentials::none().with("token", "8|wrongToken0123456789abcdefABC"),
        plan: plan("5"),
        larger_plan: plan("6"),
        name: Some("vps.example.net".to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

#[tokio::test]
async fn virtfusion_conforms() {
    conformance::run(async || rig_over(Arc::new(FakePanel::in_memory())).await).await;
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

#[tokio::test]
async fn nothing_is_installed_twice_and_a_lost_record_is_taken_up_when_it_is_old_enough() {
    let fake = Arc::new(FakePanel::in_memory());
    let rig = rig_over(fake.clone()).await;
    let create =
        async || VirtFusion.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    let faults = rig.server.as_ref().unwrap().faults();
    // The customer's user first, whose answer may be lost too.
    faults.next(Aim::Change, Fault::LoseAfter);
    assert!(matches!(create().await, Err(CallError::Unknown(_))));
    // Now the record itself.
    faults.next(Aim::Change, Fault::LoseAfter);
    assert!(matches!(create().await, Err(CallError::Unknown(_))));
    let waiting = create().await;
    assert!(
        matches!(&waiting, Ok(Creation::Working(working)) if working.again_after.as_secs() == 30),
        "{waiting:?}"
    );
    conformance::Fake::pass_time(&*fake);
    // Named; then the installation, whose answer is lost; and it is not begun again.
    assert!(matches!(create().await, Ok(Creation::Working(_))));
    faults.next(Aim::Change, Fault::LoseAfter);
    assert!(create().await.is_err(), "a key or the installation");
    for _ in 0..4 {
        create().await.unwrap();
    }
    conformance::Fake::pass_time(&*fake);
    assert!(matches!(create().await, Ok(Creation::Done(_))));
    let tag = Tag::new("b1").unwrap();
    assert_eq!((conformance::Fake::live(&*fake, &tag), fake.installations(&tag)), (1, 1));
}

#[tokio::test]
async fn a_locked_server_is_waited_for_and_a_smaller_disk_refused() {
    let fake = Arc::new(FakePanel::in_memory());
    let rig = rig_over(fake.clone()).await;
    for _ in 0..5 {
        VirtFusion.create(&rig.call(), &operation("b1", "create"), &rig.larger()).await.unwrap();
        conformance::Fake::pass_time(&*fake);
    }
    fake.lock();
    let locked = VirtFusion.suspend(&rig.call(), &operation("b1", "suspend"), "overdue").await;
    assert!(matches!(locked, Err(CallError::RateLimited { .. })), "{locked:?}");
    let smaller =
        VirtFusion.resize(&rig.call(), &operation("b1", "resize"), &rig.specification()).await.unwrap();
    assert!(matches!(smaller, bursar_hosting::Change::Failed { .. }), "{smaller:?}");
}
