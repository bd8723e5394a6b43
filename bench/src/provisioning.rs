//! A burst of captured payments against a panel that takes its time and fails now and then: how long until each has its machine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bursar_app::{App, Background};
use bursar_context::{Cx, settings};
use bursar_db::{Engine, Tx};
use bursar_fault::{Fault, Refusal as _};
use bursar_hosting::{
    Change, Connection, Creation, Hosting, Manifest, Observed, Operation, Resource, Specification,
};
use bursar_hosting_sandbox::{FaultPlan, Panel, SandboxHosting};
use bursar_inventory::groups::{Fill, GroupDetails};
use bursar_inventory::plans::MapDetails;
use bursar_inventory::servers::save::NewSecret;
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::{HostingDrivers, InventoryError};
use bursar_ordering::Kinds;
use bursar_outbound::{Call, CallError, Settings};
use bursar_payments::{Gateways, HOLD_SETTINGS, HoldSettings};
use bursar_provisioning::State;
use bursar_provisioning::services::count_by_state;
use bursar_time::Stopwatch;
use bursar_vault::Secret;
use serde::Serialize;

use crate::{memory, shop};

/// How long each call takes.
pub(crate) const LATENCY: Duration = Duration::from_millis(200);
/// How often a call fails, half of the times after its effect.
const FAULT_PPM: u32 = 20_000;
/// Calls under way at once at the one server there is.
pub(crate) const AT_ONCE: i64 = 50;
/// As a server has.
const WORKERS: usize = 2;
/// How often somebody looks how far it is.
const LOOK: Duration = Duration::from_millis(50);
/// It ends here, whatever still waits.
const LONGEST: Duration = Duration::from_secs(600);

/// The figures; a documented contract of `bursar bench provisioning --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How many orders were paid at once.
    pub orders: i64,
    /// Seconds from the first charge until each was active or visibly waiting.
    pub elapsed_seconds: f64,
    /// The least that it could take: the calls one after another, so many at once.
    pub floor_seconds: f64,
    /// How many are active.
    pub active: i64,
    /// How many wait or failed.
    pub waiting: i64,
    /// How many machines the panel has.
    pub machines: usize,
    /// Machines that carry a name twice; anything but nought is a mistake.
    pub made_twice: usize,
    /// The longest that a page's reading had to wait meanwhile.
    pub slowest_read_ms: u64,
    /// Most resident memory meanwhile.
    pub peak_rss_mb: u64,
}

/// What the burst runs on: the whole product, over a panel that takes its time.
pub struct House<'a> {
    /// The modules.
    pub app: &'a App,
    /// What ordering is lent.
    pub kinds: Kinds,
    /// Who charges.
    pub gateways: &'a Gateways,
    /// Who makes: [`slow`].
    pub drivers: &'a HostingDrivers,
    /// Behind it.
    pub panel: Arc<Panel>,
}

/// A driver of a panel as far away as a real one.
pub fn slow(panel: &Arc<Panel>) -> Arc<dyn Hosting> {
    Arc::new(Slow(SandboxHosting::new(Arc::clone(panel))))
}

/// Has so many orders paid at once and works them off, as a server does.
///
/// # Errors
/// Faults of the database.
pub async fn measure(cx: &Cx, house: House<'_>, orders: i64) -> Result<Report, Fault> {
    let product = shop::open(cx).await?;
    furnish(cx, house.drivers, product).await.map_err(|error| Fault::new(error.message()))?;
    // What is measured begins with money that has come; held, it would be taken in between.
    let at_once = HoldSettings { on_delivery: false, ..HoldSettings::default() };
    cx.write(async move |tx: &mut Tx| settings::set(tx, HOLD_SETTINGS, &at_once).await).await?;
    for number in 0..orders {
        shop::order(cx, house.gateways, &house.kinds, product, number).await?;
    }
    let half = FAULT_PPM / 2;
    let plan = FaultPlan { seed: 1, lose_before_ppm: half, lose_after_ppm: half, ..FaultPlan::calm() };
    house.panel.set_plan(plan);
    memory::reset_peak();
    let watch = Stopwatch::start();
    let mut seen = Seen::default();
    let until_done = wait(cx, orders, &watch, &mut seen);
    Background::new(house.app.clone(), WORKERS).run(cx.clone(), until_done).await;
    let (machines, made_twice) = count(&house.panel, cx);
    let rounds = (orders as f64 / AT_ONCE as f64).ceil();
    Ok(Report {
        engine: match cx.db().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        orders,
        elapsed_seconds: seen.elapsed.as_secs_f64(),
        floor_seconds: rounds * LATENCY.as_secs_f64(),
        active: seen.active,
        waiting: orders - seen.active,
        machines,
        made_twice,
        slowest_read_ms: u64::try_from(seen.slowest_read.as_millis()).unwrap_or(u64::MAX),
        peak_rss_mb: memory::peak_resident_mb(),
    })
}

/// What somebody saw who looked all the time.
#[derive(Default)]
struct Seen {
    active: i64,
    elapsed: Duration,
    slowest_read: Duration,
}

/// Looks how far it is, as a page would, until everything is done.
async fn wait(cx: &Cx, orders: i64, watch: &Stopwatch, seen: &mut Seen) {
    while watch.elapsed() < LONGEST {
        let before = watch.elapsed();
        let states = cx.read(async |tx: &mut Tx| count_by_state(tx).await).await.unwrap_or_default();
        seen.elapsed = watch.elapsed();
        seen.slowest_read = seen.slowest_read.max(seen.elapsed - before);
        seen.active = states.get(&State::Active).copied().unwrap_or_default();
        let failed = states.get(&State::Failed).copied().unwrap_or_default();
        if seen.active + failed >= orders {
            return;
        }
        pause(LOOK).await;
    }
}

/// Nothing ends this early: it is how the bench waits.
pub(crate) async fn pause(time: Duration) {
    tokio::time::timeout(time, std::future::pending::<()>()).await.ok();
}

fn count(panel: &Panel, cx: &Cx) -> (usize, usize) {
    let machines = panel.machines(cx.now());
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for machine in &machines {
        *names.entry(&machine.tag).or_default() += 1;
    }
    (machines.len(), names.values().filter(|count| **count > 1).count())
}

/// One server that takes so many calls at once, and the product that is made there.
pub(crate) async fn furnish(
    cx: &Cx,
    drivers: &HostingDrivers,
    product_id: i64,
) -> Result<i64, InventoryError> {
    let details = ServerDetails {
        name: "bench".to_owned(),
        driver: "sandbox".to_owned(),
        region_id: None,
        settings: Settings::none().with("node", "bench"),
        mode: ServerMode::Enabled,
        seat_limit: None,
        weight: 1,
        at_once: Some(AT_ONCE),
        per_minute: None,
        notes: String::new(),
    };
    let key = NewSecret::Set(Secret::new("sandbox-api-key".to_owned()));
    let secrets = [("api_key".to_owned(), key)].into_iter().collect();
    let server = bursar_inventory::servers::save::add_server(cx, drivers, details, secrets).await?;
    let group =
        GroupDetails { name: "Bench".to_owned(), driver: "sandbox".to_owned(), fill: Fill::LeastUsed };
    let group_id = bursar_inventory::groups::save::save_group(cx, drivers, None, group, vec![server]).await?;
    let settings = [("cores", "1"), ("memory_mib", "1024"), ("disk_gib", "10"), ("image", "debian-13")];
    let map = MapDetails {
        product_id,
        driver: "sandbox".to_owned(),
        group_id,
        region_id: None,
        model: String::new(),
        settings: settings.into_iter().chain([("build_seconds", "0")]).collect(),
        ipv4_count: 0,
        ipv6_count: 0,
    };
    bursar_inventory::plans::save::save_map(cx, drivers, None, map).await?;
    Ok(server)
}

/// The sandbox, as far away as a real panel.
struct Slow(SandboxHosting);

impl Slow {
    async fn travel() {
        pause(LATENCY).await;
    }
}

#[async_trait]
impl Hosting for Slow {
    fn manifest(&self) -> &Manifest {
        self.0.manifest()
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        Self::travel().await;
        self.0.test_connection(call).await
    }

    async fn create(
        &self,
        call: &Call,
        asked: &Operation,
        plan: &Specification,
    ) -> Result<Creation, CallError> {
        Self::travel().await;
        self.0.create(call, asked, plan).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        Self::travel().await;
        self.0.observe(call, resource).await
    }

    async fn suspend(&self, call: &Call, asked: &Operation, why: &str) -> Result<Change, CallError> {
        Self::travel().await;
        self.0.suspend(call, asked, why).await
    }

    async fn resume(&self, call: &Call, asked: &Operation) -> Result<Change, CallError> {
        Self::travel().await;
        self.0.resume(call, asked).await
    }

    async fn terminate(&self, call: &Call, asked: &Operation) -> Result<Change, CallError> {
        Self::travel().await;
        self.0.terminate(call, asked).await
    }
}
