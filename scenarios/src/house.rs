//! The office a walk visits: the real server on a loopback port, with a clock that the walk moves.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use bursar::config::Config;
use bursar::demo;
use bursar::office::Office;
use bursar::web::{self, PublicUrl};
use bursar_billing::invoices::InvoiceState;
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{
    Handover, NewStaff, Policy, PortalLink, Setup, add_owner, begin_setup, create_portal_link, put_policy,
};
use bursar_ids::Rng;
use bursar_provisioning::State;
use bursar_provisioning::actions::list_of_customer;
use bursar_time::{Instant, ManualClock};
use bursar_web::RouteTable;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::driver::driver;
use crate::furnish::{furnish, name_seller};

/// Who owns a house that [`House::empty`] built.
pub const OWNER_EMAIL: &str = "ann@northwind.example";
/// Their password.
pub const OWNER_PASSWORD: &str = "correct horse battery";
/// What is done by the clock is done at most this long after its hour.
const ASKED_AGAIN_SECONDS: i64 = 4 * 3_600;
/// More than a demonstration has open at a time, and than one customer has services.
const OPEN_INVOICES: i64 = 200;
/// When every house is built: a Tuesday morning.
const OPENING: &str = "2026-03-10T09:30:00Z";

/// Who walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nobody is signed in.
    Visitor,
    /// Of the staff, and may do everything.
    Owner,
    /// For the customer with this id.
    Customer(i64),
}

/// A running office. It stops with the process, and its data goes with it.
pub struct House {
    runtime: Runtime,
    office: Office,
    table: RouteTable,
    clock: ManualClock,
    base: String,
    owner: (&'static str, &'static str),
}

impl House {
    /// A business that has been running for a while. One for all walks of the process: they may add to it, each at a
    /// customer of its own, but leave the clock alone.
    pub fn demo() -> &'static Self {
        static DEMO: OnceLock<House> = OnceLock::new();
        DEMO.get_or_init(|| {
            let (config, runtime) = ground();
            let script = demo::Script { seed: 7, extent: demo::Extent::SMALL, now: opening() };
            runtime.block_on(demo::build(&config, script, |_, _| {})).expect("the demo can be built");
            let house = Self::open(&config, runtime, (demo::OWNER, demo::OWNER_PASSWORD));
            furnish(&house);
            house
        })
    }

    /// Walks that are about something else come in with a password alone.
    fn without_second_factor(&self) {
        let policy = Policy { staff_second_factor: false, ..Policy::default() };
        let cx = self.cx();
        let done = cx.write(async move |tx: &mut Tx| put_policy(tx, &policy).await);
        self.runtime.block_on(done).expect("the rules can be set");
    }

    /// A business that nobody has set up, and the path where its owner is made.
    pub fn untouched() -> (Self, String) {
        let (config, runtime) = ground();
        let house = Self::open(&config, runtime, (OWNER_EMAIL, OWNER_PASSWORD));
        house.without_second_factor();
        let begun = house.runtime.block_on(begin_setup(&house.cx())).expect("setting up can begin");
        let Setup::Needed { path } = begun else { panic!("nobody is there yet") };
        (house, path)
    }

    /// A business on its first day, whose owner can sign in and nothing else is there.
    pub fn empty() -> Self {
        let (config, runtime) = ground();
        let house = Self::open(&config, runtime, (OWNER_EMAIL, OWNER_PASSWORD));
        let owner = NewStaff {
            name: "Ann Becker".to_owned(),
            email: OWNER_EMAIL.to_owned(),
            password: OWNER_PASSWORD.to_owned(),
        };
        house.runtime.block_on(add_owner(&house.cx(), owner)).expect("the owner can be added");
        house.without_second_factor();
        name_seller(&house);
        house
    }

    fn open(config: &Config, runtime: Runtime, owner: (&'static str, &'static str)) -> Self {
        let clock = ManualClock::at(opening());
        let opened = Office::open_with(config, Arc::new(clock.clone()), Rng::from_seed(11));
        let office = runtime.block_on(opened).expect("the office opens");
        let any: SocketAddr = ([127, 0, 0, 1], 0).into();
        let listener = runtime.block_on(TcpListener::bind(any)).expect("a loopback port is free");
        let port = listener.local_addr().expect("it has an address").port();
        // By name: passkeys belong to a host's name and not to an address.
        let base = format!("http://localhost:{port}");
        let routed = web::router(&office, config, PublicUrl(base.clone()));
        let web::Served { router, table, .. } = runtime.block_on(routed).expect("the pages fit together");
        // Served until the process ends; nothing asks it to stop earlier.
        let served = bursar_web::serve(listener, router, std::future::pending());
        runtime.spawn(served);
        Self { runtime, office, table, clock, base, owner }
    }

    /// Where it is: `http://localhost:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// Every address it answers.
    pub fn routes(&self) -> &RouteTable {
        &self.table
    }

    /// A context that may do everything, for what a walk takes for granted.
    pub fn cx(&self) -> Cx {
        self.office.system("scenario")
    }

    /// Waits for what a walk does beside its pages.
    pub fn wait<F: Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    /// Does everything that waits in the background, as it would have been done a moment later.
    pub fn settle(&self) {
        self.wait(self.office.app.drain(&self.cx())).expect("the background work can be done");
    }

    /// Lets days pass, with everything that happens in them by the clock and in the background, hours late at most.
    pub fn live_until(&self, instant: &str) {
        self.live(instant, |now, _| now.plus_seconds(ASKED_AGAIN_SECONDS));
    }

    /// Waits until a step at a vendor and the questions that follow it are over, an hour at most. Nothing is late.
    pub fn live_an_hour(&self) {
        self.live(&self.cx().now().plus_minutes(60).rfc3339(), |now, work| {
            let later = now.plus_seconds(ASKED_AGAIN_SECONDS);
            work.map_or(later, |at| at.min(later).max(now))
        });
    }

    /// `next` says when the house is looked at again: from now, and from when the next work is due.
    fn live(&self, until: &str, next: impl Fn(Instant, Option<Instant>) -> Instant) {
        let (cx, app) = (self.cx(), &self.office.app);
        let end = Instant::parse(until).expect("an instant");
        self.wait(async {
            loop {
                app.tick(&cx).await.expect("the schedules can be asked");
                app.drain(&cx).await.expect("the background work can be done");
                let next = next(cx.now(), app.next_at(&cx).await.expect("the queues can be asked"));
                if next > end {
                    break;
                }
                self.clock.set(next);
            }
            self.clock.set(end);
        });
        self.settle();
    }

    /// E-mail address and password of the owner.
    pub fn owner(&self) -> (&str, &str) {
        self.owner
    }

    /// The path of a link that signs in for a customer, once.
    pub fn portal_link(&self, customer: i64) -> String {
        let link = PortalLink {
            customer_id: customer,
            customer_name: "Martin & Fils".to_owned(),
            email: format!("chloe.{customer}@shop.example"),
            name: "Chloé Martin".to_owned(),
        };
        let cx = self.cx();
        let made = cx.write(async move |tx: &mut Tx| create_portal_link(tx, &link, Handover::Mail).await);
        self.wait(made).expect("a link can be made")
    }

    /// A customer who has something to pay and something that runs.
    pub fn debtor(&self) -> i64 {
        let filter = InvoiceFilter { state: Some(InvoiceState::Open), ..InvoiceFilter::default() };
        let listed = self.cx();
        let found = listed.read(async move |tx: &mut Tx| {
            for invoice in list_invoices(tx, &filter, None, OPEN_INVOICES).await? {
                let services = list_of_customer(tx, invoice.customer_id, i64::MAX, OPEN_INVOICES).await?;
                if services.iter().any(|service| service.state == State::Active) {
                    return Ok(Some(invoice.customer_id));
                }
            }
            Ok::<_, Fault>(None)
        });
        self.wait(found).expect("invoices can be listed").expect("somebody owes and is served")
    }
}

/// A configuration in a folder of its own, and what runs it.
fn ground() -> (Config, Runtime) {
    let config = Config::embedded(&driver().folder("house-"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    (config, runtime.expect("the runtime starts"))
}

fn opening() -> Instant {
    Instant::parse(OPENING).expect("an instant")
}
