//! Proxmox over its fake, through the contract's suite, and what only Proxmox can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Fake as _, Rig as _, ServerRig};
use bursar_hosting::{Creation, Hosting as _, IdempotencyKey, Operation, Resource, State, Tag};
use bursar_hosting_proxmox::Proxmox;
use bursar_hosting_proxmox::fake::{CONTAINER_TEMPLATE, FakeCluster, TEMPLATE, TOKEN_ID, TOKEN_SECRET};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(cluster: Arc<FakeCluster>, plan: Settings) -> ServerRig {
    let server = FakeServer::start(cluster.clone()).await.unwrap();
    ServerRig {
        hosting: Box::new(Proxmox),
        settings: ServerRig::settings_for(&server).with("token_id", TOKEN_ID),
        fake: cluster,
        server: Some(server),
        credentials: Credentials::none().with("token_secret", TOKEN_SECRET),
        bad_credentials: Credentials::none().with("token_secret", "00000000-1111-2222-3333-444444444444"),
        larger_plan: plan.clone().with("cores", "4").with("memory_mib", "4096").with("disk_gib", "80"),
        plan,
        name: Some("vps.example.net".to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

fn machine() -> Settings {
    Settings::from_iter([
        ("kind", "qemu"),
        ("template", &*TEMPLATE.to_string()),
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", "40"),
        ("storage", "local-zfs"),
        ("network_mb_s", "125"),
    ])
}

fn container() -> Settings {
    machine().with("kind", "lxc").with("template", CONTAINER_TEMPLATE).with("disk_gib", "8")
}

async fn machines() -> ServerRig {
    rig_over(Arc::new(FakeCluster::in_memory()), machine()).await
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

/// Calls until it is done, letting time pass between.
async fn made(rig: &ServerRig, name: &str) {
    for _ in 0..30 {
        let call = rig.call();
        match Proxmox.create(&call, &operation(name, "create"), &rig.specification()).await.unwrap() {
            Creation::Done(_) => return,
            Creation::Working(_) => rig.pass_time(),
            other => panic!("{other:?}"),
        }
    }
    panic!("it never ends")
}

#[tokio::test]
async fn virtual_machines_conform() {
    conformance::run(machines).await;
}

#[tokio::test]
async fn containers_conform() {
    conformance::run_lifecycle(async || rig_over(Arc::new(FakeCluster::in_memory()), container()).await)
        .await;
}

#[tokio::test]
async fn a_machine_is_configured_as_ordered() {
    let cluster = Arc::new(FakeCluster::in_memory());
    let rig = rig_over(cluster.clone(), machine()).await;
    made(&rig, "b1").await;
    let tag = Tag::new("b1").unwrap();
    let config = |name: &str| cluster.config(&tag, name);
    assert_eq!(config("ipconfig0").as_deref(), Some("ip=192.0.2.40/24,gw=192.0.2.1"));
    assert_eq!(config("net0").as_deref(), Some("virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,rate=125"));
    assert_eq!(config("tags").as_deref(), Some("bursar.b1"));
    assert_eq!(config("onboot").as_deref(), Some("1"));
    assert!(config("sshkeys").unwrap().starts_with("ssh%2Ded25519%20"));
    assert!(config("scsi0").unwrap().ends_with("size=40G"));
}

#[tokio::test]
async fn a_clone_that_was_abandoned_is_said_to_have_failed() {
    let cluster = Arc::new(FakeCluster::in_memory());
    let rig = rig_over(cluster.clone(), machine()).await;
    let create =
        async || Proxmox.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await.unwrap();
    assert!(matches!(create().await, Creation::Working(_)));
    cluster.abandon_clones();
    assert!(matches!(create().await, Creation::Failed { .. }));
    let observed = Proxmox.observe(&rig.call(), &operation("b1", "any").resource).await.unwrap();
    assert_eq!(observed.unwrap().state, State::Building, "it is there, and locked");
}

#[tokio::test]
async fn a_guest_is_found_after_it_moved_to_another_node() {
    let cluster = Arc::new(FakeCluster::in_memory());
    let rig = rig_over(cluster.clone(), machine()).await;
    made(&rig, "b1").await;
    cluster.migrate(&Tag::new("b1").unwrap());
    let observed = Proxmox.observe(&rig.call(), &operation("b1", "any").resource).await.unwrap();
    assert_eq!(observed.unwrap().state, State::Running);
    assert_eq!(cluster.live(&Tag::new("b1").unwrap()), 1);
}

#[tokio::test]
async fn a_node_sells_no_more_memory_than_it_may() {
    let cluster = Arc::new(FakeCluster::in_memory());
    // 90 % of 256 GiB are 235,929 MiB; a guest of 200,000 fits once on each of two nodes.
    let rig = rig_over(cluster, machine().with("memory_mib", "200000")).await;
    made(&rig, "b1").await;
    made(&rig, "b2").await;
    let third = Proxmox.create(&rig.call(), &operation("b3", "create"), &rig.specification()).await.unwrap();
    assert!(matches!(third, Creation::CapacityFull { .. }), "{third:?}");
}

#[tokio::test]
async fn a_template_that_is_not_there_is_refused() {
    let rig = rig_over(Arc::new(FakeCluster::in_memory()), machine().with("template", "9999")).await;
    let answer = Proxmox.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    assert!(matches!(&answer, Err(CallError::Refused(why)) if why.contains("9999")), "{answer:?}");
}
