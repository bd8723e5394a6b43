//! Drivers whose vendor is ourselves: what staff make, and licences out of a pool.

use std::sync::Arc;

use bursar_app::Pump as _;
use bursar_db::{Migrations, Tx, params};
use bursar_fault::Fault;
use bursar_hosting::Hosting;
use bursar_hosting::handwork::{Act, Report};
use bursar_hosting_licence::Licences;
use bursar_hosting_manual::Manual;
use bursar_ids::Rng;
use bursar_inventory::HostingDrivers;
use bursar_inventory::groups::{Fill, GroupDetails, save::save_group};
use bursar_inventory::plans::{MapDetails, save::save_map};
use bursar_inventory::servers::save::{NewSecret, NewSecrets, add_server};
use bursar_inventory::servers::supply::{Supplied, add_supply};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::{NoRoom, Wanted, probe_server};
use bursar_outbound::{Outbound, Settings};
use bursar_provisioning::actions::reveal;
use bursar_provisioning::by_hand::{Task, finish_task, list_tasks};
use bursar_provisioning::services::{Fact, NewService, learn, open};
use bursar_provisioning::{Operations, ProvisionError, Resource, Seals, State};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_vault::{KeyRing, Secret, Vault};

const PRODUCT: i64 = 7;
const CUSTOMER: i64 = 70;

fn migrations() -> Vec<Migrations> {
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

struct House {
    cx: TestCx,
    drivers: HostingDrivers,
    operations: Operations,
}

impl House {
    /// A service that is to be made.
    async fn start(&self) -> i64 {
        self.cx
            .write(async |tx: &mut Tx| {
                let new = NewService {
                    customer_id: CUSTOMER,
                    subscription_id: None,
                    slot: "product:1".to_owned(),
                    product_id: PRODUCT,
                    order_id: None,
                    label: "Ours".to_owned(),
                    name: None,
                    options: Vec::new(),
                };
                let mut service = open(tx, new).await?.unwrap();
                learn(tx, &mut service, Fact::Started).await?;
                Ok::<_, Fault>(service.id)
            })
            .await
            .unwrap()
    }

    async fn learn(&self, id: i64, fact: Fact) {
        self.cx
            .write(async move |tx: &mut Tx| {
                let mut service = bursar_provisioning::find_service(tx, id).await?.unwrap();
                learn(tx, &mut service, fact.clone()).await
            })
            .await
            .unwrap();
    }

    /// Does what is due now.
    async fn work(&self) {
        self.operations.drain(&self.cx, &|| true).await.unwrap();
    }

    /// Does what is due, and what becomes due within an hour.
    async fn settle(&self) {
        let end = self.cx.now().plus_minutes(60);
        loop {
            self.work().await;
            match self.operations.next_at(&self.cx).await.unwrap() {
                Some(next) if next <= end => self.cx.test_clock().set(next.max(self.cx.now())),
                _ => return,
            }
        }
    }

    async fn state(&self, id: i64) -> State {
        let find = async move |tx: &mut Tx| bursar_provisioning::find_service(tx, id).await;
        self.cx.read(find).await.unwrap().unwrap().state
    }

    async fn resource(&self, id: i64) -> Resource {
        let find = async move |tx: &mut Tx| bursar_provisioning::resource_of(tx, id).await;
        self.cx.read(find).await.unwrap().unwrap()
    }
}

fn vault() -> Vault {
    Vault::new(KeyRing::generate(&mut Rng::from_seed(1)))
}

/// A house that sells one product, made by this driver on one server.
async fn house_of(
    cx: TestCx,
    driver: Arc<dyn Hosting>,
    server: Settings,
    secrets: NewSecrets,
    plan: &[(&str, &str)],
) -> (House, i64) {
    let id = driver.manifest().id.to_owned();
    let drivers = HostingDrivers::new(vec![driver], vault(), Outbound::new());
    let operations = Operations::new(drivers.clone(), Seals::new(vault()));
    let details = ServerDetails {
        name: "Ours".to_owned(),
        driver: id.clone(),
        region_id: None,
        settings: server,
        mode: ServerMode::Enabled,
        seat_limit: None,
        weight: 1,
        at_once: None,
        per_minute: None,
        notes: String::new(),
    };
    let server = add_server(&cx, &drivers, details, secrets).await.unwrap();
    let group = GroupDetails { name: "Ours".to_owned(), driver: id.clone(), fill: Fill::UntilFull };
    let group = save_group(&cx, &drivers, None, group, vec![server]).await.unwrap();
    let map = MapDetails {
        product_id: PRODUCT,
        driver: id,
        group_id: group,
        region_id: None,
        model: String::new(),
        settings: plan.iter().copied().collect(),
        ipv4_count: 0,
        ipv6_count: 0,
    };
    save_map(&cx, &drivers, None, map).await.unwrap();
    (House { cx, drivers, operations }, server)
}

async fn tasks(house: &House) -> Vec<Task> {
    list_tasks(&house.cx, &house.drivers, 0, 50).await.unwrap().0
}

/// Everything that provisioning and inventory keep in clear, as one text.
async fn everything(house: &House) -> String {
    let rows = house
        .cx
        .read(async |tx: &mut Tx| {
            let text = "SELECT shown || COALESCE(reference, '') FROM provisioning_resources
                UNION ALL SELECT outcome || exchanges FROM provisioning_calls
                UNION ALL SELECT sealed FROM inventory_server_secrets
                UNION ALL SELECT name || text FROM inventory_notes
                UNION ALL SELECT COALESCE(before, '') || COALESCE(after, '') FROM audit_log";
            tx.query_text(text, params![], |row| row.get::<String>(0)).await
        })
        .await
        .unwrap();
    rows.join("\n")
}

#[test]
fn what_staff_make_is_active_when_they_say_so_and_goes_when_they_have_removed_it() {
    on_both_engines(migrations(), async |cx| {
        let plan = [("plan", "Rack server"), ("instructions", "Order it\nRack it")];
        let (house, _) = house_of(cx, Arc::new(Manual), Settings::none(), NewSecrets::new(), &plan).await;
        let id = house.start().await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Provisioning);
        let open = tasks(&house).await;
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].service_id, open[0].to_do.act), (id, Act::Create));
        assert_eq!(open[0].to_do.plan.get("plan").map(String::as_str), Some("Rack server"));

        let key = open[0].to_do.key.clone();
        let report = Report {
            reference: "rack 7, slot 3".to_owned(),
            addresses: vec!["192.0.2.9".to_owned()],
            told: "Sign in with your own key.".to_owned(),
            notes: "The second disk is slow.".to_owned(),
        };
        let other = finish_task(&house.cx, id, "something else", report.clone()).await;
        assert!(matches!(other, Err(ProvisionError::Refused(_))), "{other:?}");
        let wrong = Report { addresses: vec!["rack".to_owned()], ..Report::default() };
        assert!(matches!(finish_task(&house.cx, id, &key, wrong).await, Err(ProvisionError::Invalid(_))));
        finish_task(&house.cx, id, &key, report.clone()).await.unwrap();
        // At once, without waiting for the next time it would have been asked.
        house.work().await;
        assert_eq!(house.state(id).await, State::Active);
        let resource = house.resource(id).await;
        assert_eq!(resource.reference.as_deref(), Some("rack 7, slot 3"));
        assert_eq!(resource.shown.addresses, ["192.0.2.9"]);
        assert_eq!(resource.shown.access, [("note".to_owned(), "Sign in with your own key.".to_owned())]);
        let again = finish_task(&house.cx, id, &key, report).await;
        assert!(matches!(again, Err(ProvisionError::Refused(_))), "a second click: {again:?}");

        house.learn(id, Fact::HeldByBilling("It is not paid.".to_owned())).await;
        house.settle().await;
        let open = tasks(&house).await;
        assert_eq!(open[0].to_do.act, Act::Suspend);
        assert_eq!(open[0].notes, "The second disk is slow.");
        finish_task(&house.cx, id, &open[0].to_do.key.clone(), Report::default()).await.unwrap();
        house.work().await;
        assert_eq!(house.state(id).await, State::Suspended);
        assert_eq!(tasks(&house).await, []);

        house.learn(id, Fact::Ended).await;
        house.settle().await;
        let open = tasks(&house).await;
        assert_eq!(open[0].to_do.act, Act::Terminate);
        finish_task(&house.cx, id, &open[0].to_do.key.clone(), Report::default()).await.unwrap();
        house.work().await;
        assert_eq!(house.state(id).await, State::Deprovisioned);
    });
}

#[test]
fn what_was_called_off_before_anybody_made_it_is_struck_out() {
    on_both_engines(migrations(), async |cx| {
        let plan = [("plan", "Rack server")];
        let (house, _) = house_of(cx, Arc::new(Manual), Settings::none(), NewSecrets::new(), &plan).await;
        let id = house.start().await;
        house.settle().await;
        assert_eq!(tasks(&house).await.len(), 1);
        house.learn(id, Fact::Ended).await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Deprovisioned);
        assert_eq!(tasks(&house).await, []);
    });
}

fn keys(text: &str) -> NewSecrets {
    NewSecrets::from([("keys".to_owned(), NewSecret::Set(Secret::new(text.to_owned())))])
}

#[test]
fn each_customer_gets_a_key_of_their_own_and_nobody_else_can_read_it() {
    on_both_engines(migrations(), async |cx| {
        let pool = Settings::none().with("kind", "pool");
        let plan = [("product", "Gizmo")];
        let (house, server) = house_of(cx, Arc::new(Licences), pool, keys("GIZMO-0001"), &plan).await;
        probe_server(&house.cx, &house.drivers, server).await.unwrap();
        let first = house.start().await;
        house.settle().await;
        assert_eq!(house.state(first).await, State::Active);
        let seals = Seals::new(vault());
        let entrance = reveal(&house.cx, &house.drivers, &seals, first).await.unwrap();
        assert_eq!(entrance.secrets.len(), 1);
        assert_eq!(
            (entrance.secrets[0].0, entrance.secrets[0].1.expose().as_str()),
            ("licence", "GIZMO-0001")
        );
        assert!(entrance.password.is_none(), "nobody set a password anywhere");
        assert!(house.resource(first).await.shown.has_secrets);

        // The pool is empty, which is known before the next one is ordered.
        probe_server(&house.cx, &house.drivers, server).await.unwrap();
        let wanted = Wanted {
            service_id: 1,
            product_id: PRODUCT,
            options: Vec::new(),
            region_id: None,
            until: house.cx.now().plus_minutes(60),
            avoid: Vec::new(),
        };
        let drivers = house.drivers.clone();
        let asked = wanted.clone();
        let full = house
            .cx
            .write(async move |tx: &mut Tx| bursar_inventory::reserve(tx, &drivers, &asked).await.map(drop))
            .await;
        assert!(matches!(full, Err(NoRoom::NoServer { .. })), "{full:?}");

        let more = Secret::new("GIZMO-0001\nGIZMO-0002\n".to_owned());
        let supplied = add_supply(&house.cx, &house.drivers, server, "keys", more).await.unwrap();
        assert_eq!(supplied, Supplied { added: 1, known: 1 });
        probe_server(&house.cx, &house.drivers, server).await.unwrap();
        let drivers = house.drivers.clone();
        let place = house
            .cx
            .write(async move |tx: &mut Tx| bursar_inventory::reserve(tx, &drivers, &wanted).await.map(drop))
            .await;
        assert!(place.is_ok(), "{place:?}");
        assert!(!everything(&house).await.contains("GIZMO-000"));
    });
}
