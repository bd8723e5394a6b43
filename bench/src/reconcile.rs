//! Comparing everything that is with what should be: many resources on a panel that takes its time.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_context::Cx;
use bursar_db::{Engine, Tx};
use bursar_fault::{Fault, Refusal as _};
use bursar_hosting::{
    Account, AccountPage, Accounts, Change, Connection, Creation, Hosting, Manifest, Observed, Operation,
    Reference, Resource, Specification, State as Seen,
};
use bursar_hosting_sandbox::{Panel, SandboxHosting};
use bursar_inventory::HostingDrivers;
use bursar_outbound::{Call, CallError, Settings};
use bursar_provisioning::mend::adopt;
use bursar_provisioning::reconcile::reconcile;
use bursar_provisioning::services::{NewService, open};
use bursar_time::Stopwatch;
use serde::Serialize;

use crate::provisioning::{AT_ONCE, LATENCY, furnish, pause};
use crate::{memory, seed};

const PRODUCT: i64 = 1;
/// Services taken over in one transaction.
const BATCH: i64 = 500;
/// The first subscription of the seeded business.
const FIRST_SUBSCRIPTION: i64 = 20_000_000;
const FIRST_CUSTOMER: i64 = 10_000_000;
/// Accounts that the panel lists at once.
const ACCOUNTS_A_PAGE: i64 = 200;

/// The figures; a documented contract of `bursar bench reconcile --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How many resources there are.
    pub resources: i64,
    /// How many were compared.
    pub compared: u64,
    /// How many accounts the panel listed.
    pub accounts: u64,
    /// Differences that were found; there are none.
    pub differences: u64,
    /// Seconds for all of it.
    pub elapsed_seconds: f64,
    /// The least that it could take: one question for each, so many at once.
    pub floor_seconds: f64,
    /// Resident memory before, and the most meanwhile.
    pub before_rss_mb: u64,
    /// See there.
    pub peak_rss_mb: u64,
}

/// Makes so many services with what is there of each on [`endless`] machines, and compares them.
///
/// # Errors
/// Faults of the database.
pub async fn measure(cx: &Cx, drivers: &HostingDrivers, resources: i64) -> Result<Report, Fault> {
    let due = bursar_time::plus_days(cx.today(), 20)
        .map_err(|e| Fault::wrap("the bench's calendar is wrong", e))?;
    seed::business(cx, resources, due).await?;
    let server = furnish(cx, drivers, PRODUCT).await.map_err(|error| Fault::new(error.message()))?;
    let mut from = 0;
    while from < resources {
        let to = (from + BATCH).min(resources);
        take_over(cx, drivers, server, (from, to)).await?;
        from = to;
    }
    memory::reset_peak();
    let before = memory::peak_resident_mb();
    let watch = Stopwatch::start();
    let done = reconcile(cx, drivers).await?;
    let elapsed = watch.elapsed().as_secs_f64();
    let rounds = (resources as f64 / AT_ONCE as f64).ceil();
    Ok(Report {
        engine: match cx.db().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        resources,
        compared: done.services - done.unanswered - done.hidden,
        accounts: done.accounts,
        differences: done.differences,
        elapsed_seconds: elapsed,
        floor_seconds: rounds * LATENCY.as_secs_f64(),
        before_rss_mb: before,
        peak_rss_mb: memory::peak_resident_mb(),
    })
}

/// Machines that are on the panel already become services of the business.
async fn take_over(
    cx: &Cx,
    drivers: &HostingDrivers,
    server: i64,
    (from, to): (i64, i64),
) -> Result<(), Fault> {
    let drivers = drivers.clone();
    cx.write_batch(async move |tx: &mut Tx| {
        for number in from..to {
            let new = NewService {
                customer_id: FIRST_CUSTOMER + number / seed::PER_CUSTOMER,
                subscription_id: Some(FIRST_SUBSCRIPTION + number),
                slot: "product:1".to_owned(),
                product_id: PRODUCT,
                order_id: None,
                label: "VPS".to_owned(),
                name: None,
                options: Vec::new(),
            };
            let service = open(tx, new).await?.ok_or_else(|| Fault::new("a service is there already"))?;
            let adopted = adopt(tx, &drivers, service.id, server, &machine(number)).await;
            adopted.map_err(|error| Fault::new(error.message()))?;
        }
        Ok::<_, Fault>(())
    })
    .await
}

/// The plan that all of them have.
fn plan() -> Settings {
    [("cores", "1"), ("memory_mib", "1024"), ("disk_gib", "10"), ("image", "debian-13")].into_iter().collect()
}

fn machine(number: i64) -> Observed {
    Observed {
        // Of one width, so that their order as texts is their order as numbers.
        reference: Reference::new(format!("vm-{number:09}")),
        state: Seen::Running,
        name: Some(format!("vps-{number}.example.org")),
        plan: plan(),
        addresses: vec!["192.0.2.1".to_owned()],
        access: Vec::new(),
    }
}

/// A panel with so many machines that keeps none of them: each is computed when it is asked for, so that the memory that
/// is measured is not its own.
struct Endless {
    machines: i64,
    sandbox: SandboxHosting,
}

/// A driver of such a panel, as far away as a real one.
pub fn endless(machines: i64) -> Arc<dyn Hosting> {
    Arc::new(Endless { machines, sandbox: SandboxHosting::new(Arc::new(Panel::in_memory())) })
}

impl Endless {
    fn number(reference: &str) -> Option<i64> {
        reference.strip_prefix("vm-")?.parse().ok()
    }
}

#[async_trait]
impl Hosting for Endless {
    fn manifest(&self) -> &Manifest {
        self.sandbox.manifest()
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        self.sandbox.test_connection(call).await
    }

    async fn create(&self, _: &Call, _: &Operation, _: &Specification) -> Result<Creation, CallError> {
        Err(unchanging())
    }

    async fn observe(&self, _: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        pause(LATENCY).await;
        let number = resource.reference.as_ref().and_then(|reference| Self::number(reference.as_str()));
        Ok(number.filter(|number| (0..self.machines).contains(number)).map(machine))
    }

    async fn suspend(&self, _: &Call, _: &Operation, _: &str) -> Result<Change, CallError> {
        Err(unchanging())
    }

    async fn resume(&self, _: &Call, _: &Operation) -> Result<Change, CallError> {
        Err(unchanging())
    }

    async fn terminate(&self, _: &Call, _: &Operation) -> Result<Change, CallError> {
        Err(unchanging())
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }
}

fn unchanging() -> CallError {
    CallError::Refused("this panel only answers questions".to_owned())
}

#[async_trait]
impl Accounts for Endless {
    async fn list_accounts(&self, _: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        pause(LATENCY).await;
        let from = from.and_then(Self::number).unwrap_or_default();
        let to = (from + ACCOUNTS_A_PAGE).min(self.machines);
        let accounts = (from..to).map(machine).map(|seen| Account {
            reference: seen.reference,
            tag: None,
            name: seen.name,
            email: None,
            state: seen.state,
            plan: seen.plan,
        });
        let next = (to < self.machines).then(|| machine(to).reference.as_str().to_owned());
        Ok(AccountPage { accounts: accounts.collect(), next })
    }
}
