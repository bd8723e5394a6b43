//! A burst of orders against a panel that takes its time and fails now and then: how long until each has its machine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bursar_app::Pump as _;
use bursar_context::Cx;
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
use bursar_outbound::{Call, CallError, Outbound, Settings};
use bursar_provisioning::services::{Fact, NewService, count_by_state, learn, open};
use bursar_provisioning::{Operations, Seals, State};
use bursar_time::Stopwatch;
use bursar_vault::{Secret, Vault};
use serde::Serialize;

use crate::memory;

const PRODUCT: i64 = 1;
/// How long each call takes.
const LATENCY: Duration = Duration::from_millis(200);
/// How often a call fails, half of the times after its effect.
const FAULT_PPM: u32 = 20_000;
/// Calls under way at once at the one server there is.
const AT_ONCE: i64 = 50;
/// Services written down in one transaction.
const BATCH: i64 = 100;
/// It ends here, whatever still waits.
const LONGEST: Duration = Duration::from_secs(600);

/// The figures; a documented contract of `bursar bench provisioning --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How many services were started.
    pub orders: i64,
    /// Seconds until each was active or visibly waiting.
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
    /// Most resident memory meanwhile.
    pub peak_rss_mb: u64,
}

/// Starts so many services and works them off.
///
/// # Errors
/// Faults of the database.
pub async fn measure(cx: &Cx, vault: Vault, orders: i64) -> Result<Report, Fault> {
    let panel = Arc::new(Panel::in_memory());
    let slow = Slow(SandboxHosting::new(Arc::clone(&panel)));
    let drivers = HostingDrivers::new(vec![Arc::new(slow)], vault.clone(), Outbound::new());
    furnish(cx, &drivers).await.map_err(|error| Fault::new(error.message()))?;
    let half = FAULT_PPM / 2;
    panel.set_plan(FaultPlan { seed: 1, lose_before_ppm: half, lose_after_ppm: half, ..FaultPlan::calm() });
    memory::reset_peak();
    let watch = Stopwatch::start();
    start(cx, orders).await?;
    let pump = Operations::new(drivers, Seals::new(vault));
    while watch.elapsed() < LONGEST {
        pump.drain(cx, &|| true).await?;
        let Some(next) = pump.next_at(cx).await? else { break };
        let wait = Duration::from_micros(u64::try_from(next.since(cx.now())).unwrap_or_default());
        // Nothing ends this early: it is how the bench waits for what is due later.
        tokio::time::timeout(wait, std::future::pending::<()>()).await.ok();
    }
    let elapsed = watch.elapsed().as_secs_f64();
    let states = cx.read(async |tx: &mut Tx| count_by_state(tx).await).await?;
    let active = states.get(&State::Active).copied().unwrap_or_default();
    let (machines, made_twice) = count(&panel, cx);
    let rounds = (orders as f64 / AT_ONCE as f64).ceil();
    Ok(Report {
        engine: match cx.db().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        orders,
        elapsed_seconds: elapsed,
        floor_seconds: rounds * LATENCY.as_secs_f64(),
        active,
        waiting: orders - active,
        machines,
        made_twice,
        peak_rss_mb: memory::peak_resident_mb(),
    })
}

fn count(panel: &Panel, cx: &Cx) -> (usize, usize) {
    let machines = panel.machines(cx.now());
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for machine in &machines {
        *names.entry(&machine.tag).or_default() += 1;
    }
    (machines.len(), names.values().filter(|count| **count > 1).count())
}

async fn furnish(cx: &Cx, drivers: &HostingDrivers) -> Result<(), InventoryError> {
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
        product_id: PRODUCT,
        driver: "sandbox".to_owned(),
        group_id,
        region_id: None,
        model: String::new(),
        settings: settings.into_iter().chain([("build_seconds", "0")]).collect(),
        ipv4_count: 0,
        ipv6_count: 0,
    };
    bursar_inventory::plans::save::save_map(cx, drivers, None, map).await.map(drop)
}

/// As the subscribers of orders do it.
async fn start(cx: &Cx, orders: i64) -> Result<(), Fault> {
    let mut left = orders;
    while left > 0 {
        let batch = left.min(BATCH);
        cx.write(async move |tx: &mut Tx| {
            for _ in 0..batch {
                let new = NewService {
                    customer_id: 1,
                    subscription_id: None,
                    slot: "product:1".to_owned(),
                    product_id: PRODUCT,
                    order_id: None,
                    label: "VPS".to_owned(),
                    name: None,
                    options: Vec::new(),
                };
                if let Some(mut service) = open(tx, new).await? {
                    learn(tx, &mut service, Fact::Started).await?;
                }
            }
            Ok::<_, Fault>(())
        })
        .await?;
        left -= batch;
    }
    Ok(())
}

/// The sandbox, as far away as a real panel.
struct Slow(SandboxHosting);

impl Slow {
    async fn travel() {
        tokio::time::timeout(LATENCY, std::future::pending::<()>()).await.ok();
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
