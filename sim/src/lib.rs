//! Deterministic simulation: the real application in one thread, with a clock, a vendor and crashes drawn from a seed;
//! people who use it for months; and an auditor with a simple model of its own, who compares.
//!
//! ```text
//! cargo run -p bursar-sim -- --seed 7 --days 90     # replays a seed; prints the whole story when something is wrong
//! ```
//!
//! The same seed and days give the same story on every machine. What the auditor believes comes from what people did
//! ([`model`], with the day-by-day [`calendar`]) and from the vendor's own record; from the product's tables it takes
//! only what is to be checked.

mod audit;
pub mod calendar;
mod chaos;
pub mod model;
mod office;
mod sabotage;
mod trace;
mod workload;

use bursar_fault::Fault;
use bursar_gateway_sandbox::FaultPlan;
use bursar_ids::Rng;
use bursar_time::{Date, Instant, TimeZone};

use office::Office;
pub use sabotage::Sabotage;
pub use trace::Trace;
use workload::World;

/// The first simulated day: the end of January, so that short months come soon.
const FIRST_DAY: Date = Date::constant(2026, 1, 26);
/// Where the company may be; its billing days are calendar days there.
const ZONES: &[&str] = &["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"];
/// Days without faults at the end: longer than any pause, lease, late webhook or abandoned confirmation.
const CALM_DAYS: u32 = 4;

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// Days with people and faults; a few calm days follow.
    pub days: u32,
    /// Something done behind everybody's back, to see that the auditor sees it.
    pub sabotage: Option<Sabotage>,
    /// How many of a million commits the application goes down at; drawn from the seed otherwise.
    pub crash_ppm: Option<u32>,
}

impl Plan {
    /// An honest run.
    pub fn new(seed: u64, days: u32) -> Self {
        Self { seed, days, sabotage: None, crash_ppm: None }
    }

    /// The command that does it again. What was sabotaged is in a test only.
    pub fn replay(&self) -> String {
        let crashes = self.crash_ppm.map(|ppm| format!(" --crash-ppm {ppm}")).unwrap_or_default();
        format!("cargo run -p bursar-sim -- --seed {} --days {}{crashes}", self.seed, self.days)
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Story {
    /// What was simulated.
    pub plan: Plan,
    /// In order.
    pub trace: Trace,
    /// What is wrong; nothing, if all is well.
    pub findings: Vec<String>,
    /// How often the application went down.
    pub crashes: u32,
    /// Documents that were issued.
    pub documents: usize,
    /// Payments that were made or tried.
    pub payments: usize,
    /// Subscriptions that were opened.
    pub subscriptions: usize,
}

/// Lives through a plan. The first day on which something is wrong is the last.
pub async fn simulate(plan: &Plan) -> Story {
    let mut story = Story {
        plan: plan.clone(),
        trace: Trace::default(),
        findings: Vec::new(),
        crashes: 0,
        documents: 0,
        payments: 0,
        subscriptions: 0,
    };
    match World::begin(plan).await {
        Ok(mut world) => {
            if let Err(fault) = world.live(plan, &mut story).await {
                story.findings.push(format!("the application failed: {}", fault.chain()));
            }
            story.crashes = world.office.chaos.crashes();
            story.subscriptions = world.model.subscriptions.len();
            story.trace = world.trace;
        }
        Err(fault) => story.findings.push(format!("the application does not start: {}", fault.chain())),
    }
    story
}

/// What goes wrong at the panel. Now and then it refuses for good, or has no room just then: those who wait for a person
/// are looked after every morning.
fn stormy_panel(seed: u64) -> bursar_hosting_sandbox::FaultPlan {
    let storm = bursar_hosting_sandbox::FaultPlan::stormy(seed);
    bursar_hosting_sandbox::FaultPlan { reject_ppm: 10_000, full_ppm: 50_000, ..storm }
}

impl World {
    async fn begin(plan: &Plan) -> Result<Self, Fault> {
        let mut rng = Rng::from_seed(plan.seed);
        let name = rng.pick(ZONES).copied().unwrap_or("UTC");
        let zone = TimeZone::get(name).map_err(|e| Fault::wrap("finding the company's zone", e))?;
        let start = Instant::from_date_start(FIRST_DAY, &zone);
        let office = Office::open(rng.fork(), start, zone).await?;
        let mut world = Self::open(rng.fork(), office).await?;
        world.trace.note(start, format!("a company in {name} opens, seed {}", plan.seed));
        world.office.processor.set_plan(FaultPlan::stormy(plan.seed));
        world.office.panel.set_plan(stormy_panel(plan.seed));
        let rate = 500 + u32::try_from(rng.below(6_000)).expect("a small number");
        world.office.chaos.set_rate(plan.crash_ppm.unwrap_or(rate));
        Ok(world)
    }

    async fn live(&mut self, plan: &Plan, story: &mut Story) -> Result<(), Fault> {
        let mut day = FIRST_DAY;
        for n in 0..plan.days {
            self.one_day(day, true).await?;
            if let Some(sabotage) = plan.sabotage.filter(|_| n + 1 == plan.days) {
                sabotage.commit(self).await?;
            }
            if !self.audit(day, story).await? {
                return Ok(());
            }
            day = calendar::next_day(day);
        }
        self.office.processor.set_plan(FaultPlan::calm());
        self.office.panel.set_plan(bursar_hosting_sandbox::FaultPlan::calm());
        self.office.chaos.set_rate(0);
        self.trace.note(self.office.clock_now(), "the faults stop");
        self.deliver_the_rest().await?;
        for _ in 0..CALM_DAYS {
            self.one_day(day, false).await?;
            if !self.audit(day, story).await? {
                return Ok(());
            }
            day = calendar::next_day(day);
        }
        story.findings = audit::at_rest(&self.office.spy, &self.model, &self.office.vendors()).await?;
        Ok(())
    }

    /// The night's work, then people at any time of the day.
    async fn one_day(&mut self, day: Date, with_people: bool) -> Result<(), Fault> {
        let start = Instant::from_date_start(day, &self.office.zone);
        let evening = Instant::from_date_start(calendar::next_day(day), &self.office.zone).plus_minutes(-1);
        // After the hour of the nightly work on every clock, those that are set forward this night included.
        self.office.live_until(start.plus_minutes(210)).await?;
        self.follow_the_shop().await?;
        self.model.night(day);
        self.look_after_failures().await?;
        self.look_after_orders().await?;
        let deeds = if with_people { 3 + self.rng.below(9) } else { 0 };
        for n in 0..deeds {
            let pause = i64::try_from(self.rng.below(1_200 * 60 / deeds)).expect("less than a day");
            let noon = self.office.clock_now().plus_seconds(pause).min(evening);
            self.office.live_until(noon).await?;
            if self.today() == day {
                self.act().await.map_err(|fault| fault.context(format!("deed {n} of {day}")))?;
            }
        }
        self.office.live_until(evening).await?;
        self.follow_the_shop().await
    }

    /// Whether all is well at the end of a day.
    async fn audit(&mut self, day: Date, story: &mut Story) -> Result<bool, Fault> {
        let (findings, records) = audit::daily(&self.office.spy, &self.model, &self.office.vendors()).await?;
        story.findings = findings.into_vec();
        story.documents = records.documents.len();
        story.payments = records.payments.len();
        let (documents, payments) = (story.documents, story.payments);
        let crashes = self.office.chaos.crashes();
        let now = self.office.clock_now();
        self.trace
            .note(now, format!("{day} ends: {documents} documents, {payments} payments, {crashes} crashes"));
        Ok(story.findings.is_empty())
    }
}
