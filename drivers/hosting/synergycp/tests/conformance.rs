//! SynergyCP over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Fake as _, Rig as _, ServerRig};
use bursar_hosting::{Change, Creation, Hosting as _, IdempotencyKey, Operation, Resource, Tag};
use bursar_hosting_synergycp::SynergyCp;
use bursar_hosting_synergycp::fake::{BY_HAND, FakePanel, KEY};
use bursar_outbound::{Credentials, Outbound, Recording, Settings};

fn plan() -> Settings {
    BY_HAND.plan.iter().copied().collect()
}

async fn rig_over(fake: Arc<FakePanel>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(SynergyCp),
        settings: ServerRig::settings_for(&server).with("wipe", "1"),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("api_key", KEY),
        bad_credentials: Credentials::none().with("api_key", "scpWrongKey0123456789abcdefg"),
        plan: plan(),
        larger_plan: plan().with("bandwidth_tb", "30"),
        name: Some("srv1.example.net".to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

#[tokio::test]
async fn synergycp_conforms() {
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
async fn wiping_needs_a_word_and_important_clients_need_a_person() {
    let fake = Arc::new(FakePanel::in_memory());
    let mut rig = rig_over(fake.clone()).await;
    let stock = fake.stock();
    let created = SynergyCp.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    assert!(matches!(created, Ok(Creation::Working(_))), "{created:?}");
    fake.pass_time();
    assert_eq!(fake.stock(), stock - 1);
    rig.settings = rig.settings.with("wipe", "");
    let kept = SynergyCp.terminate(&rig.call(), &operation("b1", "terminate")).await.unwrap();
    assert!(matches!(&kept, Change::Failed { why } if why.contains("wiping")), "{kept:?}");
    rig.settings = rig.settings.with("wipe", "1");
    fake.make_vips();
    let suspended = SynergyCp.suspend(&rig.call(), &operation("b1", "suspend"), "overdue").await.unwrap();
    assert!(matches!(&suspended, Change::Failed { why } if why.contains("person")), "{suspended:?}");
    let wiped = SynergyCp.terminate(&rig.call(), &operation("b1", "terminate")).await.unwrap();
    assert!(matches!(&wiped, Change::Failed { why } if why.contains("person")), "{wiped:?}");
    assert_eq!(fake.live(&Tag::new("b1").unwrap()), 1);
}
