//! A house with servers of the sandbox panel, and an auditor that compares what the vendor has with what we believe.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bursar_app::Pump as _;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::Hosting;
use bursar_hosting_sandbox::{Machine, Panel, SandboxHosting};
use bursar_ids::Rng;
use bursar_inventory::HostingDrivers;
use bursar_inventory::groups::{Fill, GroupDetails};
use bursar_inventory::plans::MapDetails;
use bursar_inventory::servers::save::{NewSecret, NewSecrets};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_outbound::{Outbound, Settings};
use bursar_provisioning::services::{Fact, NewService, learn, open};
use bursar_provisioning::settings::{KEY, ProvisioningSettings};
use bursar_provisioning::{Operations, Resource, Seals, Service, State};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_vault::{KeyRing, Secret, Vault};

pub const PRODUCT: i64 = 7;
pub const CUSTOMER: i64 = 70;

bursar_db::statements! {
    CALLS = "SELECT c.what, c.outcome FROM provisioning_calls c WHERE c.service_id = $1 ORDER BY c.id";
    MOVES = "SELECT from_state, event, to_state FROM provisioning_transitions WHERE service_id = $1 ORDER BY id";
    MAILS = "SELECT subject FROM messaging_messages WHERE kind = $1 ORDER BY id";
    DEAD = "SELECT class, why FROM provisioning_operations WHERE service_id = $1 AND state = 'dead' ORDER BY id";
    OPERATIONS = "SELECT action, state, class FROM provisioning_operations WHERE service_id = $1 ORDER BY id";
}

pub fn migrations() -> Vec<bursar_db::Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_messaging::migrations(),
        bursar_inventory::migrations(),
        bursar_provisioning::migrations(),
    ]
}

/// Runs a body on each engine over an ordinary sandbox, and audits what it left.
pub fn on_both(body: impl AsyncFn(&House)) {
    on_both_with(|sandbox| Arc::new(sandbox), body);
}

/// The same over a driver that the test puts before the sandbox.
pub fn on_both_with(driver: impl Fn(SandboxHosting) -> Arc<dyn Hosting>, body: impl AsyncFn(&House)) {
    on_both_engines(migrations(), async |cx| {
        let house = House::new(cx, &driver).await;
        body(&house).await;
        house.audit().await;
    });
}

pub struct House {
    pub cx: TestCx,
    pub panel: Arc<Panel>,
    pub drivers: HostingDrivers,
    pub operations: Operations,
    pub seals: Seals,
    pub group: i64,
}

impl House {
    async fn new(cx: TestCx, driver: &impl Fn(SandboxHosting) -> Arc<dyn Hosting>) -> Self {
        let panel = Arc::new(Panel::in_memory());
        let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
        let hosting = driver(SandboxHosting::new(Arc::clone(&panel)));
        let drivers = HostingDrivers::new(vec![hosting], vault.clone(), Outbound::new());
        let seals = Seals::new(vault);
        let operations = Operations::new(drivers.clone(), seals.clone());
        let mut house = Self { cx, panel, drivers, operations, seals, group: 0 };
        let server = house.add_server("node1", "").await;
        house.group = house.save_group(None, vec![server]).await;
        house.map("20").await;
        house
    }

    pub async fn add_server(&self, node: &str, room: &str) -> i64 {
        let details = ServerDetails {
            name: node.to_owned(),
            driver: "sandbox".to_owned(),
            region_id: None,
            settings: Settings::none().with("node", node).with("room", room),
            mode: ServerMode::Enabled,
            seat_limit: None,
            weight: 1,
            at_once: None,
            per_minute: None,
            notes: String::new(),
        };
        let secrets = key("sandbox-api-key");
        bursar_inventory::servers::save::add_server(&self.cx, &self.drivers, details, secrets).await.unwrap()
    }

    /// Other credentials or settings for a server.
    pub async fn edit_server(&self, id: i64, secrets: NewSecrets, change: impl Fn(&mut ServerDetails)) {
        let server = self
            .cx
            .read(async move |tx: &mut Tx| bursar_inventory::servers::find_server(tx, id).await)
            .await
            .unwrap()
            .unwrap();
        let mut details = server.details;
        change(&mut details);
        let seen = (id, server.version);
        bursar_inventory::servers::save::edit_server(&self.cx, &self.drivers, seen, details, secrets)
            .await
            .unwrap();
    }

    pub async fn save_group(&self, stored: Option<(i64, i64)>, members: Vec<i64>) -> i64 {
        let details =
            GroupDetails { name: "Nodes".to_owned(), driver: "sandbox".to_owned(), fill: Fill::UntilFull };
        bursar_inventory::groups::save::save_group(&self.cx, &self.drivers, stored, details, members)
            .await
            .unwrap()
    }

    async fn map(&self, disk: &str) {
        let details = MapDetails {
            product_id: PRODUCT,
            driver: "sandbox".to_owned(),
            group_id: self.group,
            region_id: None,
            model: String::new(),
            settings: plan(disk),
            ipv4_count: 0,
            ipv6_count: 0,
        };
        bursar_inventory::plans::save::save_map(&self.cx, &self.drivers, None, details).await.unwrap();
    }

    /// Makes the product of another size from now on.
    pub async fn remap(&self, disk: &str) {
        let stored = self
            .cx
            .read(async |tx: &mut Tx| bursar_inventory::plans::map_of_product(tx, PRODUCT).await)
            .await
            .unwrap()
            .unwrap();
        let details = MapDetails { settings: plan(disk), ..stored.details };
        let seen = Some((stored.id, stored.version));
        bursar_inventory::plans::save::save_map(&self.cx, &self.drivers, seen, details).await.unwrap();
    }

    /// Puts the product on these servers from now on.
    pub async fn regroup(&self, members: Vec<i64>) {
        let group = self.group;
        let stored = self
            .cx
            .read(async move |tx: &mut Tx| bursar_inventory::groups::find_group(tx, group).await)
            .await
            .unwrap()
            .unwrap();
        self.save_group(Some((group, stored.version)), members).await;
    }

    /// The first server.
    pub async fn server(&self) -> i64 {
        let servers = self
            .cx
            .read(async |tx: &mut Tx| bursar_inventory::servers_of_driver(tx, "sandbox", 0, 1).await)
            .await
            .unwrap();
        servers[0].id
    }

    pub async fn settings(&self, settings: ProvisioningSettings) {
        self.cx
            .write(async move |tx: &mut Tx| bursar_context::settings::set(tx, KEY, &settings).await)
            .await
            .unwrap();
    }

    /// A service that nobody wants made yet.
    pub async fn sell(&self) -> i64 {
        self.cx
            .write(async |tx: &mut Tx| {
                let new = NewService {
                    customer_id: CUSTOMER,
                    subscription_id: None,
                    slot: "product:1".to_owned(),
                    product_id: PRODUCT,
                    order_id: None,
                    label: "VPS".to_owned(),
                    name: Some("web.example.com".to_owned()),
                    options: Vec::new(),
                };
                Ok::<_, Fault>(open(tx, new).await?.unwrap().id)
            })
            .await
            .unwrap()
    }

    pub async fn learn(&self, id: i64, fact: Fact) {
        learn_through(&self.cx, id, fact).await;
    }

    /// A service that is to be made.
    pub async fn start(&self) -> i64 {
        let id = self.sell().await;
        self.learn(id, Fact::Started).await;
        id
    }

    /// Does what is due now.
    pub async fn work(&self) {
        self.operations.drain(&self.cx, &|| true).await.unwrap();
    }

    /// One round of what is due now, and nothing that follows from it.
    pub async fn turn(&self) {
        let is_first = AtomicBool::new(true);
        self.operations.drain(&self.cx, &|| is_first.swap(false, Ordering::SeqCst)).await.unwrap();
    }

    /// Does what is due, and moves the clock to what is due next, until nothing is. For at most so many hours.
    pub async fn settle_within(&self, hours: i64) {
        let end = self.cx.now().plus_minutes(hours * 60);
        loop {
            self.work().await;
            match self.operations.next_at(&self.cx).await.unwrap() {
                Some(next) if next <= end => self.cx.test_clock().set(next.max(self.cx.now())),
                _ => return,
            }
        }
    }

    pub async fn settle(&self) {
        self.settle_within(100).await;
        assert_eq!(self.operations.next_at(&self.cx).await.unwrap(), None, "something still waits");
    }

    pub async fn service(&self, id: i64) -> Service {
        self.cx
            .read(async move |tx: &mut Tx| bursar_provisioning::find_service(tx, id).await)
            .await
            .unwrap()
            .unwrap()
    }

    /// The customer's services in a state.
    pub async fn in_state(&self, state: State) -> Vec<Service> {
        let list = async |tx: &mut Tx| {
            bursar_provisioning::actions::list_of_customer(tx, CUSTOMER, i64::MAX, 1_000).await
        };
        let all = self.cx.read(list).await.unwrap();
        all.into_iter().filter(|service| service.state == state).collect()
    }

    pub async fn resource(&self, id: i64) -> Option<Resource> {
        self.cx.read(async move |tx: &mut Tx| bursar_provisioning::resource_of(tx, id).await).await.unwrap()
    }

    pub async fn state(&self, id: i64) -> State {
        self.service(id).await.state
    }

    pub fn machines(&self) -> Vec<Machine> {
        self.panel.machines(self.cx.now())
    }

    /// The machine of a service; more than one is the mistake that everything here is against.
    pub async fn machine(&self, id: i64) -> Option<Machine> {
        let tag = self.resource(id).await?.tag;
        let mut found: Vec<Machine> =
            self.machines().into_iter().filter(|machine| machine.tag == tag).collect();
        assert!(found.len() <= 1, "service {id} has {} machines", found.len());
        found.pop()
    }

    /// Does something at the panel behind our back.
    pub async fn tamper(&self, id: i64, what: &str) {
        let resource = self.resource(id).await.unwrap();
        let server = resource.server_id;
        let drivers = self.drivers.clone();
        let access = self
            .cx
            .read(async move |tx: &mut Tx| bursar_inventory::server_for_call(tx, &drivers, server).await)
            .await
            .unwrap();
        let call = access.change(&self.drivers, &self.cx);
        let operation = bursar_hosting::Operation {
            key: bursar_hosting::IdempotencyKey::new("by-hand").unwrap(),
            resource: bursar_hosting::Resource::tagged(bursar_hosting::Tag::new(resource.tag).unwrap()),
            task: None,
        };
        let hosting = self.drivers.shared("sandbox").unwrap();
        let done = match what {
            "terminate" => hosting.terminate(&call, &operation).await,
            _ => hosting.suspend(&call, &operation, "by hand").await,
        };
        assert_eq!(done.unwrap(), bursar_hosting::Change::Done);
    }

    pub async fn calls(&self, id: i64) -> Vec<String> {
        self.cx
            .read(async move |tx: &mut Tx| {
                tx.query(&CALLS, params![id], |row| Ok(format!("{}: {}", row.text(0)?, row.text(1)?))).await
            })
            .await
            .map_err(|fault: Fault| fault.chain())
            .unwrap()
    }

    pub async fn moves(&self, id: i64) -> Vec<String> {
        self.cx
            .read(async move |tx: &mut Tx| {
                tx.query(&MOVES, params![id], |row| {
                    Ok(format!("{} {} {}", row.text(0)?, row.text(1)?, row.text(2)?))
                })
                .await
            })
            .await
            .map_err(|fault: Fault| fault.chain())
            .unwrap()
    }

    pub async fn mails(&self, kind: &'static str) -> Vec<String> {
        self.cx
            .read(async move |tx: &mut Tx| tx.query(&MAILS, params![kind], |row| row.get(0)).await)
            .await
            .map_err(|fault: Fault| fault.chain())
            .unwrap()
    }

    pub async fn dead(&self, id: i64) -> Vec<(String, String)> {
        self.cx
            .read(async move |tx: &mut Tx| {
                tx.query(&DEAD, params![id], |row| Ok((row.get(0)?, row.get(1)?))).await
            })
            .await
            .map_err(|fault: Fault| fault.chain())
            .unwrap()
    }

    pub async fn operations_of(&self, id: i64) -> Vec<String> {
        self.cx
            .read(async move |tx: &mut Tx| {
                tx.query(&OPERATIONS, params![id], |row| {
                    Ok(format!("{} {} {}", row.text(0)?, row.text(1)?, row.text(2)?))
                })
                .await
            })
            .await
            .map_err(|fault: Fault| fault.chain())
            .unwrap()
    }

    /// Whatever a test did: no tag has two machines, and no machine of ours is without an owner.
    async fn audit(&self) {
        let mut by_tag: BTreeMap<String, usize> = BTreeMap::new();
        for machine in self.machines() {
            *by_tag.entry(machine.tag).or_default() += 1;
        }
        let twice: Vec<_> = by_tag.iter().filter(|(tag, count)| !tag.is_empty() && **count > 1).collect();
        assert!(twice.is_empty(), "made twice: {twice:?}");
    }
}

pub async fn learn_through(cx: &Cx, id: i64, fact: Fact) {
    cx.write(async move |tx: &mut Tx| {
        let mut service = bursar_provisioning::find_service(tx, id).await?.unwrap();
        learn(tx, &mut service, fact.clone()).await
    })
    .await
    .unwrap();
}

pub fn key(secret: &str) -> NewSecrets {
    [("api_key".to_owned(), NewSecret::Set(Secret::new(secret.to_owned())))].into_iter().collect()
}

pub fn plan(disk: &str) -> Settings {
    [
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", disk),
        ("image", "debian-13"),
        ("build_seconds", "0"),
    ]
    .into_iter()
    .collect()
}
