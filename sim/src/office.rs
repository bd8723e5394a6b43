//! The application, built as the binary builds it, in one thread; it can be taken down between two commits and built
//! up again on the same file, around a vendor that goes on living.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bursar_app::{App, Module};
use bursar_context::{Cx, Foundation, Permissions};
use bursar_db::{DatabaseUrl, Db, OpenOptions};
use bursar_fault::Fault;
use bursar_gateway::WebhookRequest;
use bursar_gateway_sandbox::{Courier, Processor, SandboxGateway};
use bursar_hosting_sandbox::{Machine, Panel, SandboxHosting};
use bursar_ids::{Actor, Rng, TenantId};
use bursar_inventory::{HostingDrivers, InventoryModule};
use bursar_ordering::{Kinds, OrderingModule};
use bursar_outbound::Outbound;
use bursar_payments::Gateways;
use bursar_provisioning::{ProvisioningModule, Rooms, Seals};
use bursar_taxid_sandbox::SandboxRegister;
use bursar_time::{Clock as _, Instant, ManualClock, TimeZone};
use bursar_vault::{KeyRing, Vault};

use crate::chaos::Chaos;

/// How often the nightly schedule and the queues are worked on before an unfinished queue counts as stuck.
const MOST_ROUNDS: u32 = 2_000;

/// What lives through a crash: the machine, the vendors, the clock.
pub(crate) struct Office {
    _folder: tempfile::TempDir,
    file: PathBuf,
    pub(crate) clock: ManualClock,
    pub(crate) zone: TimeZone,
    pub(crate) processor: Arc<Processor>,
    pub(crate) chaos: Arc<Chaos>,
    pub(crate) gateways: Gateways,
    pub(crate) panel: Arc<Panel>,
    pub(crate) hosting: HostingDrivers,
    /// What may be ordered, with whoever has to have room for it.
    pub(crate) kinds: Kinds,
    vault: Vault,
    post: Arc<Post>,
    rng: Rng,
    running: Option<Running>,
    /// The auditor's own way into the file: it never crashes and never writes.
    pub(crate) spy: Cx,
    pub(crate) restarts: u32,
}

/// What the vendors know, for the auditor.
pub(crate) struct Vendors<'a> {
    pub(crate) processor: &'a Processor,
    pub(crate) machines: Vec<Machine>,
}

/// What dies in a crash.
struct Running {
    app: App,
    cx: Cx,
}

/// Webhooks on their way. One that is not taken, because the application is down, is sent again.
#[derive(Default)]
struct Post {
    open: Mutex<Option<(Cx, Gateways)>>,
    returned: Mutex<Vec<WebhookRequest>>,
}

#[async_trait]
impl Courier for Post {
    async fn deliver(&self, request: WebhookRequest) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let taken = match open {
            None => false,
            Some((cx, gateways)) => {
                let sent = request.clone();
                bursar_payments::receive_webhook(&cx, &gateways, bursar_gateway_sandbox::ID, sent)
                    .await
                    .is_ok()
            }
        };
        if !taken {
            self.returned.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        }
    }
}

/// The product's modules, in graph order; the simulated company has no pages.
fn modules(
    gateways: &Gateways,
    hosting: &HostingDrivers,
    kinds: &Kinds,
    vault: &Vault,
) -> Vec<Box<dyn Module>> {
    vec![
        Box::new(bursar_customers::CustomersModule::new(Arc::new(SandboxRegister::default()))),
        Box::new(bursar_ledger::LedgerModule),
        Box::new(bursar_messaging::MessagingModule::new(vault.clone())),
        Box::new(bursar_catalog::CatalogModule),
        Box::new(bursar_payments::PaymentsModule::new(gateways.clone())),
        Box::new(bursar_billing::BillingModule::new(gateways.clone())),
        Box::new(OrderingModule::new(kinds.clone())),
        Box::new(InventoryModule::new(hosting.clone())),
        Box::new(ProvisioningModule::new(hosting.clone(), Seals::new(vault.clone()))),
    ]
}

impl Office {
    pub(crate) async fn open(mut rng: Rng, start: Instant, zone: TimeZone) -> Result<Self, Fault> {
        let folder = folder().map_err(|e| Fault::wrap("making a folder for the simulation", e))?;
        let file = folder.path().join("bursar.sqlite");
        let processor = Arc::new(Processor::in_memory());
        let post = Arc::new(Post::default());
        let gateway =
            SandboxGateway::new(Arc::clone(&processor)).with_courier(Arc::clone(&post) as Arc<dyn Courier>);
        let vault = Vault::new(KeyRing::generate(&mut rng));
        let gateways = Gateways::new(vault.clone()).with(Arc::new(gateway), processor.credentials());
        let panel = Arc::new(Panel::in_memory());
        let machines =
            vec![Arc::new(SandboxHosting::new(Arc::clone(&panel))) as Arc<dyn bursar_hosting::Hosting>];
        let hosting = HostingDrivers::new(machines, vault.clone(), Outbound::new());
        let kinds = Kinds::default().delivered_by(Arc::new(Rooms::new(hosting.clone())));
        let clock = ManualClock::at(start);
        let chaos = Arc::new(Chaos::new(rng.fork()));
        let spy = spy(&file, &clock, &zone)?;
        let mut office = Self {
            _folder: folder,
            file,
            clock,
            zone,
            processor,
            chaos,
            gateways,
            panel,
            hosting,
            kinds,
            vault,
            post,
            rng,
            running: None,
            spy,
            restarts: 0,
        };
        office.start().await?;
        Ok(office)
    }

    async fn start(&mut self) -> Result<(), Fault> {
        self.chaos.restarted();
        let app = App::build(&modules(&self.gateways, &self.hosting, &self.kinds, &self.vault))?;
        let hook = Arc::clone(&self.chaos) as Arc<dyn bursar_db::CommitHook>;
        let options = OpenOptions { inline: true, crash: Some(hook), ..OpenOptions::default() };
        let db = Db::open(DatabaseUrl::Sqlite(self.file.clone()), &options)?;
        db.migrate(app.migrations(), self.clock.now()).await?;
        let foundation = Foundation {
            tenant: TenantId::new("sim").map_err(|e| Fault::new(e.to_string()))?,
            clock: Arc::new(self.clock.clone()),
            zone: self.zone.clone(),
            rng: Arc::new(Mutex::new(self.rng.fork())),
            db,
            attachments: Arc::new(app.attachments()),
        };
        let cx = Cx::new(
            foundation,
            Actor::System { module: "sim", why: "a simulated person" },
            Permissions::All,
            "sim",
        );
        *self.post.open.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((cx.clone(), self.gateways.clone()));
        self.running = Some(Running { app, cx });
        Ok(())
    }

    /// Everybody outside.
    pub(crate) fn vendors(&self) -> Vendors<'_> {
        Vendors { processor: &self.processor, machines: self.panel.machines(self.clock.now()) }
    }

    /// What time it is.
    pub(crate) fn clock_now(&self) -> Instant {
        self.clock.now()
    }

    /// The context of the application that runs now.
    pub(crate) fn cx(&self) -> &Cx {
        &self.running.as_ref().expect("the application runs between crashes").cx
    }

    pub(crate) fn app(&self) -> App {
        self.running.as_ref().expect("the application runs between crashes").app.clone()
    }

    /// Builds the application up again when it is down; whether it was.
    pub(crate) async fn recover(&mut self) -> Result<bool, Fault> {
        if !self.chaos.has_struck() {
            return Ok(false);
        }
        *self.post.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.running = None;
        // Somebody restarts it within minutes; sometimes before its leases have run out, sometimes after.
        self.clock.advance_seconds(i64::try_from(self.rng.below(600)).expect("a small number"));
        self.restarts += 1;
        self.start().await?;
        Ok(true)
    }

    /// Delivers webhooks, ticks schedules and works the queues until nothing is due now, through any number of crashes.
    pub(crate) async fn pump(&mut self) -> Result<(), Fault> {
        for _ in 0..MOST_ROUNDS {
            let done = self.pump_once().await;
            let crashed = self.recover().await?;
            match done {
                Ok(()) if !crashed => return Ok(()),
                Err(fault) if !crashed => return Err(fault),
                _ => {}
            }
        }
        Err(Fault::new("the queues are never done"))
    }

    async fn pump_once(&self) -> Result<(), Fault> {
        let (app, cx) = (self.app(), self.cx().clone());
        self.deliver_webhooks().await;
        app.tick(&cx).await?;
        app.drain(&cx).await?;
        self.deliver_webhooks().await;
        app.drain(&cx).await.map(drop)
    }

    async fn deliver_webhooks(&self) {
        let mut due = std::mem::take(&mut *self.post.returned.lock().unwrap_or_else(PoisonError::into_inner));
        due.extend(self.processor.take_webhooks(self.clock.now()));
        for request in due {
            self.post.deliver(request).await;
        }
    }

    /// When something is due next, at the vendor or in the queues.
    pub(crate) async fn next_due(&self) -> Result<Option<Instant>, Fault> {
        let queue = self.app().next_at(self.cx()).await?;
        Ok(queue.into_iter().chain(self.processor.next_due()).min())
    }

    /// Lets time run up to a moment, stopping wherever something is due.
    pub(crate) async fn live_until(&mut self, until: Instant) -> Result<(), Fault> {
        for _ in 0..MOST_ROUNDS {
            self.pump().await?;
            match self.next_due().await? {
                // What is due now but cannot run (a lease that somebody holds) is looked at a little later.
                Some(next) if next < until => {
                    let now = self.clock.now();
                    self.clock.set(next.max(now.plus_seconds(1)));
                }
                _ => {
                    self.clock.set(self.clock.now().max(until));
                    return self.pump().await;
                }
            }
        }
        Err(Fault::new("something is due again and again without getting done"))
    }
}

/// In memory where the system has such a place: every commit waits for the disk, and crashes here are not the disk's.
fn folder() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

fn spy(file: &Path, clock: &ManualClock, zone: &TimeZone) -> Result<Cx, Fault> {
    let options = OpenOptions { inline: true, ..OpenOptions::default() };
    let foundation = Foundation {
        tenant: TenantId::new("sim").map_err(|e| Fault::new(e.to_string()))?,
        clock: Arc::new(clock.clone()),
        zone: zone.clone(),
        rng: Arc::new(Mutex::new(Rng::from_seed(0))),
        db: Db::open(DatabaseUrl::Sqlite(file.to_owned()), &options)?,
        attachments: Arc::default(),
    };
    Ok(Cx::system(foundation, "sim", "the auditor reads"))
}
