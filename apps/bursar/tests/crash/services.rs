//! A burst of paid orders, while the process that makes their services is killed again and again. The panel is a process of
//! its own and is never killed: what it made is there, whatever we remember of it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bursar::config::Config;
use bursar::office::Office;
use bursar_billing::settle::credit_balances;
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_events::Dispatcher;
use bursar_fault::Fault;
use bursar_hosting::Account;
use bursar_ids::Rng;
use bursar_inventory::groups::{Fill, GroupDetails};
use bursar_inventory::plans::MapDetails;
use bursar_inventory::servers::save::{NewSecret, NewSecrets};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::settings::InventorySettings;
use bursar_jobs::Runner;
use bursar_ordering::Kinds;
use bursar_ordering::orders::states::OrderStatus;
use bursar_outbound::Settings;
use bursar_payments::PaymentFilter;
use bursar_provisioning::settings::{MoneyBack, ProvisioningSettings};
use bursar_provisioning::{Service, State};
use bursar_time::{Clock as _, Instant, ManualClock};
use bursar_vault::Secret;
use serde_json::Value;

use super::office::{self, config, config_of_child, remember, run};
use super::{Place, kill_after};

/// Set for the process that is to be killed.
const STORM: &str = "BURSAR_TEST_SERVICES";
const MOST_ORDERS: usize = 500;
const DRIVER: &str = "kasm";
/// What the shop's product costs.
const PRICE_MINOR: i64 = 1_000;
const CONNECTIONS: usize = 4;

/// Kills of each engine's burst: the full hundred takes minutes, and `BURSAR_TEST_KILLS` asks for it.
fn kills() -> usize {
    std::env::var("BURSAR_TEST_KILLS").map_or(8, |text| text.parse().expect("BURSAR_TEST_KILLS is a number"))
}

/// Orders of a burst, enough that every kill finds some of them under way: five hundred for a hundred kills.
fn orders() -> usize {
    (kills() * 5).clamp(60, MOST_ORDERS)
}

/// The panel, in a process of its own.
struct Panel {
    child: Child,
    state: PathBuf,
    server: Settings,
    plan: Settings,
}

impl Panel {
    fn start(place: &Place) -> Self {
        let state = place.data.path().join("panel.json");
        let mut child = Command::new(env!("CARGO_BIN_EXE_bursar"))
            .args(["fake", DRIVER, "--json", "--state"])
            .arg(&state)
            .env("BURSAR_DATA", place.data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the fake starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is ours"));
        let mut text = String::new();
        // It says where it listens in one document, and stays.
        let told: Value = loop {
            let read = lines.read_line(&mut text).expect("the fake says where it is");
            assert!(read > 0, "the fake ended: {text}");
            if let Ok(told) = serde_json::from_str(&text) {
                break told;
            }
        };
        let settings = |part: &str| {
            let values = told[part].as_object().expect("what staff fill in");
            values.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default())).collect()
        };
        Self { child, state, server: settings("server"), plan: settings("plan") }
    }

    /// How much it has written down: it grows with everything it makes.
    fn memory(&self) -> u64 {
        std::fs::metadata(&self.state).map_or(0, |file| file.len())
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        // A test that failed already has said why; the process must not outlive it.
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop)) {
            tracing::warn!(%error, "the fake panel could not be ended");
        }
    }
}

/// Opens the office so much later than it was last open that whatever a killed process held has run out.
async fn open(config: &Config) -> Result<(Office, ManualClock), Fault> {
    let start = Instant::parse("2026-01-01T09:00:00Z").expect("an instant");
    office::open(config, start, 600).await
}

fn told(error: impl std::fmt::Display) -> Fault {
    Fault::new(error.to_string())
}

/// A shop whose product is made on the panel. Half of the orders are paid, so that their things are to be made; those of the
/// other half have charges that wait.
async fn found(config: &Config, panel: &Panel) -> Result<Vec<i64>, Fault> {
    let (office, _) = open(config).await?;
    let cx = office.system("storm");
    let product = shop(&cx, &office, panel).await?;
    let rooms = bursar_provisioning::Rooms::new(office.drivers.hosting.clone());
    let kinds = Kinds::default().delivered_by(Arc::new(rooms));
    let mut orders = Vec::new();
    let wanted = i64::try_from(self::orders()).expect("a few hundred");
    for number in 0..wanted {
        if number == wanted / 2 {
            while news(&cx, &office).await? > 0 {}
        }
        let gateways = &office.drivers.gateways;
        orders.push(bursar_bench::shop::order(&cx, gateways, &kinds, product, number).await?);
    }
    Ok(orders)
}

async fn shop(cx: &Cx, office: &Office, panel: &Panel) -> Result<i64, Fault> {
    let product = bursar_bench::shop::open(cx).await?;
    cx.write(async |tx: &mut Tx| {
        let rules = ProvisioningSettings { money_back: MoneyBack::Credit, ..Default::default() };
        settings::set(tx, bursar_provisioning::settings::KEY, &rules).await?;
        // Four days would be hundreds of looks at a panel that never goes away.
        let watch = InventorySettings { check_minutes: 0, ..InventorySettings::default() };
        settings::set(tx, bursar_inventory::settings::KEY, &watch).await
    })
    .await?;
    let drivers = &office.drivers.hosting;
    let manifest = drivers.manifest(DRIVER).ok_or_else(|| Fault::new("no such driver"))?;
    let is_secret = |name: &str| {
        manifest.server_settings.iter().any(|setting| setting.name == name && setting.kind.is_secret())
    };
    let (mut open, mut secrets) = (Settings::none(), NewSecrets::new());
    for (name, value) in panel.server.iter() {
        if is_secret(name) {
            secrets.insert(name.to_owned(), NewSecret::Set(Secret::new(value.to_owned())));
        } else {
            open.set(name, value);
        }
    }
    let details = ServerDetails {
        name: "panel".to_owned(),
        driver: DRIVER.to_owned(),
        region_id: None,
        settings: open,
        mode: ServerMode::Enabled,
        seat_limit: None,
        weight: 1,
        at_once: Some(8),
        per_minute: None,
        notes: String::new(),
    };
    let server = bursar_inventory::servers::save::add_server(cx, drivers, details, secrets);
    let server = server.await.map_err(told)?;
    let group = GroupDetails { name: "Desktops".into(), driver: DRIVER.into(), fill: Fill::UntilFull };
    let group = bursar_inventory::groups::save::save_group(cx, drivers, None, group, vec![server]);
    let map = MapDetails {
        product_id: product,
        driver: DRIVER.to_owned(),
        group_id: group.await.map_err(told)?,
        region_id: None,
        model: String::new(),
        settings: panel.plan.clone(),
        ipv4_count: 0,
        ipv6_count: 0,
    };
    bursar_inventory::plans::save::save_map(cx, drivers, None, map).await.map_err(told)?;
    Ok(product)
}

/// Charges, orders, operations, and whatever becomes due within four days: the money of what could not be made goes back
/// after two. Goes on where an earlier process was killed.
async fn live(config: &Config) -> Result<(), Fault> {
    let (office, clock) = open(config).await?;
    let cx = office.system("storm");
    loop {
        // Beside each other, as in a server: things are made while others are still being paid for.
        let mut ran = 0;
        for pump in office.app.pumps() {
            ran += pump.drain(&cx, &|| true).await?;
        }
        if ran + news(&cx, &office).await? > 0 {
            continue;
        }
        let next = office.app.next_at(&cx).await?.filter(|next| *next <= end());
        let Some(next) = next else { return Ok(()) };
        clock.set(next.max(clock.now().plus_seconds(1)));
        remember(&config.data, clock.now());
    }
}

/// A few deliveries and jobs that are due; nothing is made.
async fn news(cx: &Cx, office: &Office) -> Result<usize, Fault> {
    const FEW: usize = 25;
    let delivered = office.app.dispatcher().drain(cx, FEW).await?;
    Ok(delivered + office.app.runner().drain(cx, FEW).await?)
}

fn end() -> Instant {
    Instant::parse("2026-01-08T09:00:00Z").expect("an instant")
}

/// Each order has one thing at the panel, is active and paid, or its money was let go or is back; and the panel has nothing
/// else.
async fn audit(config: &Config, orders: &[i64]) -> Result<(), Fault> {
    let (office, _) = open(config).await?;
    let cx = office.system("audit");
    let accounts = accounts(&cx, &office).await?;
    let mut by_reference: BTreeMap<String, usize> = BTreeMap::new();
    for account in &accounts {
        *by_reference.entry(account.reference.as_str().to_owned()).or_default() += 1;
    }
    let (mut active, mut back) = (0, 0);
    for (order, is_paid, service) in services(&cx, orders).await? {
        let resource =
            cx.read(async move |tx: &mut Tx| bursar_provisioning::resource_of(tx, service.id).await).await?;
        let reference = resource.and_then(|resource| resource.reference);
        let there = reference.and_then(|reference| by_reference.remove(&reference)).unwrap_or_default();
        match service.state {
            State::Active => {
                assert_eq!(
                    (there, is_paid),
                    (1, true),
                    "order {order}: paid, active, and one thing at the panel"
                );
                active += 1;
            }
            State::Deprovisioned => {
                let customer = service.customer_id;
                let credit = cx.read(async move |tx: &mut Tx| credit_balances(tx, customer).await).await?;
                let minor: i64 = credit.iter().map(|money| money.minor()).sum();
                // What was only held was let go, and is no credit.
                let owed_back = if is_paid { PRICE_MINOR } else { 0 };
                assert_eq!(
                    (there, minor),
                    (0, owed_back),
                    "order {order}: nothing there, and no money of theirs"
                );
                back += 1;
            }
            other => panic!("order {order} is {other:?}: {}", service.why),
        }
    }
    assert_eq!(active + back, orders.len(), "every order was paid and settled");
    let held = PaymentFilter { only_open: true, ..PaymentFilter::default() };
    let open = cx.read(async move |tx: &mut Tx| bursar_payments::list(tx, &held, None, 10).await).await?;
    assert!(open.is_empty(), "no money is held any more: {open:?}");
    assert_eq!(by_reference, BTreeMap::new(), "nothing at the panel is without an owner");
    assert_eq!(active, accounts.len());
    assert!(Runner::dead(&cx, 10).await?.is_empty() && Dispatcher::parked(&cx, 10).await?.is_empty());
    Ok(())
}

/// Everything that the panel says it has of ours.
async fn accounts(cx: &Cx, office: &Office) -> Result<Vec<Account>, Fault> {
    let drivers = office.drivers.hosting.clone();
    let access = cx
        .read(async move |tx: &mut Tx| {
            let server = bursar_inventory::servers_of_driver(tx, DRIVER, 0, 1).await?[0].id;
            bursar_inventory::server_for_call(tx, &drivers, server).await.map_err(told)
        })
        .await?;
    let hosting = office.drivers.hosting.shared(DRIVER).expect("the driver is built in");
    let list = hosting.accounts().expect("it lists accounts");
    let (mut all, mut from) = (Vec::new(), None::<String>);
    loop {
        let call = access.ask(&office.drivers.hosting, cx);
        let page = list.list_accounts(&call, from.as_deref()).await.map_err(told)?;
        all.extend(page.accounts.into_iter().filter(|account| account.tag.is_some()));
        from = page.next;
        if from.is_none() {
            return Ok(all);
        }
    }
}

/// Every order with its service, and whether it is paid.
async fn services(cx: &Cx, orders: &[i64]) -> Result<Vec<(i64, bool, Service)>, Fault> {
    let orders = orders.to_vec();
    cx.read(async move |tx: &mut Tx| {
        let mut all = Vec::new();
        for order in &orders {
            let found = bursar_ordering::find_order(tx, *order).await?.expect("the order is there");
            assert_eq!(found.status, OrderStatus::Accepted, "{order}");
            let is_paid = found.paid_at.is_some();
            let of_customer = bursar_provisioning::actions::list_of_customer;
            let mut services = of_customer(tx, found.customer_id, i64::MAX, 10).await?;
            assert_eq!(services.len(), 1, "order {order} is one service");
            all.extend(services.pop().map(|service| (*order, is_paid, service)));
        }
        Ok::<_, Fault>(all)
    })
    .await
}

/// A process that works off the burst.
fn spawn(place: &Place) -> Child {
    office::spawn(place, "services::a_burst_of_paid_orders_is_served", (STORM, "1"))
}

/// Waits for something to be made, then a moment longer, and kills without warning. False when the child came to its end
/// before that.
#[expect(clippy::disallowed_methods, reason = "the moment of the kill is the point of this test")]
fn kill_in_the_middle(panel: &Panel, mut child: Child, longer: Duration) -> bool {
    let known = panel.memory();
    while panel.memory() <= known {
        if let Some(status) = child.try_wait().expect("the child can be asked") {
            assert!(status.success(), "a run that was left alone succeeds");
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    kill_after(child, longer)
}

fn storm(place: &Place, seed_of_moments: u64) {
    let panel = Panel::start(place);
    let config = config(place.data.path(), &place.database, CONNECTIONS);
    let orders = run(found(&config, &panel));
    let mut rng = Rng::from_seed(seed_of_moments);
    let (mut killed, mut in_the_middle) = (0, 0);
    while killed < kills() {
        let known = panel.memory();
        let child = spawn(place);
        // Every fourth falls anywhere, while nothing may have begun yet; the others while things are made.
        let is_killed = if killed % 4 == 3 {
            kill_after(child, Duration::from_millis(20 + rng.below(600)))
        } else {
            kill_in_the_middle(&panel, child, Duration::from_millis(rng.below(20)))
        };
        if !is_killed {
            break;
        }
        killed += 1;
        in_the_middle += usize::from(panel.memory() > known);
    }
    assert!(
        in_the_middle * 2 >= kills(),
        "only {in_the_middle} of {} kills fell while things were made",
        kills()
    );
    run(live(&config));
    run(audit(&config, &orders));
    let report = place.json(&["verify"]);
    assert_eq!(report["ok"], true, "{report:#}");
}

/// Without a kill; and, when the storms below start it, the process that they kill.
#[test]
fn a_burst_of_paid_orders_is_served() {
    if std::env::var(STORM).is_ok() {
        return run(live(&config_of_child(CONNECTIONS)));
    }
    let place = Place::on_sqlite();
    let panel = Panel::start(&place);
    let config = config(place.data.path(), &place.database, CONNECTIONS);
    run(async {
        let orders = found(&config, &panel).await?;
        live(&config).await?;
        audit(&config, &orders).await
    });
}

#[test]
fn a_burst_killed_at_random_moments_is_served_once_on_sqlite() {
    storm(&Place::on_sqlite(), 5);
}

#[test]
fn a_burst_killed_at_random_moments_is_served_once_on_postgres() {
    storm(&Place::on_postgres(), 6);
}
