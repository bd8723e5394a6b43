//! Pterodactyl and Pelican over their fake, through the contract's suite, and what only they can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig as _, ServerRig};
use bursar_hosting::{AccessKind, Creation, Hosting as _, IdempotencyKey, Operation, Resource, State, Tag};
use bursar_hosting_pterodactyl::Pterodactyl;
use bursar_hosting_pterodactyl::fake::{APPLICATION_KEY, CLIENT_KEY, FakePanel};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(panel: Arc<FakePanel>, flavour: &str, plan: Settings) -> ServerRig {
    let server = FakeServer::start(panel.clone()).await.unwrap();
    let wrong = "ptla_000000000000000000000000000000000000000000A";
    ServerRig {
        hosting: Box::new(Pterodactyl),
        settings: ServerRig::settings_for(&server).with("flavour", flavour),
        fake: panel,
        server: Some(server),
        credentials: Credentials::none()
            .with("application_key", APPLICATION_KEY)
            .with("client_key", CLIENT_KEY),
        bad_credentials: Credentials::none()
            .with("application_key", wrong)
            .with("client_key", "ptlc_wrong-wrong"),
        larger_plan: plan.clone().with("memory_mib", "4096").with("disk_mib", "20480").with("backups", "3"),
        plan,
        name: None,
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

fn plan() -> Settings {
    Settings::from_iter([
        ("egg", "1:5"),
        ("location", "1"),
        ("memory_mib", "2048"),
        ("swap_mib", "0"),
        ("disk_mib", "10240"),
        ("cpu_percent", "200"),
        ("databases", "1"),
        ("extra_ports", "0"),
        ("backups", "2"),
        ("environment", "MINECRAFT_VERSION=1.21.4"),
    ])
}

async fn rig() -> ServerRig {
    rig_over(Arc::new(FakePanel::pterodactyl()), "pterodactyl", plan()).await
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

async fn create(rig: &ServerRig, name: &str) -> Creation {
    for _ in 0..30 {
        let call = rig.call();
        match Pterodactyl.create(&call, &operation(name, "create"), &rig.specification()).await.unwrap() {
            Creation::Working(_) => rig.pass_time(),
            other => return other,
        }
    }
    panic!("it never ends")
}

#[tokio::test]
async fn pterodactyl_conforms() {
    conformance::run(rig).await;
}

#[tokio::test]
async fn pelican_conforms() {
    let plan = plan().with("egg", "5").with("location", "fra").with("ports", "25565-25664");
    conformance::run_lifecycle(async || {
        rig_over(Arc::new(FakePanel::pelican()), "pelican", plan.clone()).await
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_one_user_with_many_servers() {
    let panel = Arc::new(FakePanel::pterodactyl());
    let rig = rig_over(panel.clone(), "pterodactyl", plan()).await;
    let Creation::Done(first) = create(&rig, "b1").await else { panic!("it is made") };
    assert!(matches!(create(&rig, "b2").await, Creation::Done(_)));
    assert_eq!(panel.user_count(), 1);
    let value =
        |kind| first.access.iter().find(|access| access.kind == kind).map(|access| access.value.clone());
    assert_eq!(value(AccessKind::Username).as_deref(), Some("bursar-customer-42"));
    assert_eq!(value(AccessKind::Endpoint).as_deref(), Some("203.0.113.5:25565"));
    let version = panel.variable(&Tag::new("b1").unwrap(), "MINECRAFT_VERSION");
    assert_eq!(version.as_deref(), Some("1.21.4"), "the plan's variable goes over the egg's");
    let jar = panel.variable(&Tag::new("b1").unwrap(), "SERVER_JARFILE");
    assert_eq!(jar.as_deref(), Some("server.jar"), "the others are the egg's");
}

#[tokio::test]
async fn an_installation_that_failed_is_said_and_can_be_removed() {
    let panel = Arc::new(FakePanel::pterodactyl());
    let rig = rig_over(panel.clone(), "pterodactyl", plan()).await;
    panel.fail_next_installation();
    assert!(matches!(create(&rig, "b1").await, Creation::Failed { .. }));
    let observed = Pterodactyl.observe(&rig.call(), &operation("b1", "any").resource).await.unwrap();
    assert!(matches!(observed.unwrap().state, State::Failed(_)));
    Pterodactyl.terminate(&rig.call(), &operation("b1", "terminate")).await.unwrap();
    assert!(matches!(create(&rig, "b1").await, Creation::Done(_)), "and made again");
}

#[tokio::test]
async fn without_a_client_key_everything_but_power_and_usage_works() {
    let mut rig = rig().await;
    rig.credentials = Credentials::none().with("application_key", APPLICATION_KEY);
    assert!(matches!(create(&rig, "b1").await, Creation::Done(_)));
    let usage = Pterodactyl.usage().unwrap().usage(&rig.call(), &operation("b1", "any").resource).await;
    assert!(matches!(&usage, Err(CallError::Refused(why)) if why.contains("client key")), "{usage:?}");
    let connection = Pterodactyl.test_connection(&rig.call()).await.unwrap();
    assert_eq!(connection.problems.len(), 1, "and it is said: {:?}", connection.problems);
}
