//! The built registry.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use bursar_context::Cx;
use bursar_db::{Attachments, Bulk, Migrations, Statement};
use bursar_events::{Dispatcher, Router};
use bursar_fault::Fault;
use bursar_jobs::{Runner, Schedule};
use bursar_mail::MailBook;
use bursar_time::Instant;
use bursar_web::{Look, Resource, RouteTable, Routes, Web};

use crate::{Module, Permission, PersonalBook, Pump, Registry};

/// How much one pass of [`App::drain`] takes at a time.
const PAGE: usize = 100;

struct Inner {
    migrations: Vec<Migrations>,
    statements: Vec<&'static Statement>,
    bulks: Vec<&'static Bulk>,
    permissions: Vec<Permission>,
    router: Arc<Router>,
    dispatcher: Dispatcher,
    runner: Runner,
    schedules: Vec<Schedule>,
    pumps: Vec<Arc<dyn Pump>>,
    look: Look,
    mails: Arc<MailBook>,
    personal: Arc<PersonalBook>,
    /// Until the router is built from them.
    routes: Mutex<Option<Vec<Routes>>>,
}

/// Everything the modules registered, checked. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.0.migrations.iter().map(|m| m.module).collect();
        write!(f, "App({})", names.join(", "))
    }
}

impl App {
    /// Asks every module for its parts.
    ///
    /// # Errors
    /// Names that clash, and names that do not begin with their module's, all of them in one message. That is a
    /// mistake in the program, so the binary does not start.
    pub fn build(modules: &[Box<dyn Module>]) -> Result<Self, Fault> {
        let mut names = Names::default();
        let mut registry = Registry::new();
        let mut migrations = vec![
            bursar_db::kernel_migrations(),
            bursar_events::migrations(),
            bursar_jobs::migrations(),
            bursar_audit::migrations(),
            bursar_web::migrations(),
        ];
        let mut statements = bursar_db::kernel_statements();
        statements.extend(bursar_context::settings::statements());
        statements.extend(bursar_events::statements());
        statements.extend(bursar_jobs::statements());
        statements.extend(bursar_audit::statements());
        statements.extend(bursar_web::statements());
        let mut bulks: Vec<&'static Bulk> = Vec::new();
        bulks.extend(bursar_events::bulks());
        bulks.extend(bursar_jobs::bulks());
        bulks.extend(bursar_audit::bulks());
        let mut permissions = Vec::new();
        for module in modules {
            let name = module.name();
            names.add("module", name);
            let own = module.migrations();
            if own.module != name {
                names.problem(format!("module {name} brings the migrations of {}", own.module));
            }
            migrations.push(own);
            statements.extend(module.statements());
            bulks.extend(module.bulks());
            for permission in module.permissions() {
                names.add_of(name, "permission", permission.name);
            }
            permissions.extend(module.permissions());
            let before = (registry.subscribers.len(), registry.handlers.len(), registry.schedules.len());
            let mails = (registry.mails.len(), registry.attachments.len());
            let parts = (registry.look.cards.len(), registry.look.panels.len());
            let news = registry.look.notices.len();
            let personal = registry.personal.len();
            let pumps = registry.pumps.len();
            registry.module = name;
            module.register(&mut registry);
            for subscriber in &registry.subscribers[before.0..] {
                names.add_of(name, "subscriber", subscriber.name);
            }
            for handler in &registry.handlers[before.1..] {
                names.add_of(name, "job", handler.kind);
            }
            for schedule in &registry.schedules[before.2..] {
                names.add_of(name, "schedule", schedule.name);
            }
            for pump in &registry.pumps[pumps..] {
                names.add_of(name, "pump", pump.name());
            }
            for mail in &registry.mails[mails.0..] {
                names.add_of(name, "mail", mail.name);
            }
            for (kind, _) in &registry.attachments[mails.1..] {
                names.add_of(name, "attachment", kind);
            }
            for data in &registry.personal[personal..] {
                names.add_of(name, "personal data", data.name);
            }
            for kind in &registry.look.notices[news..] {
                names.add_of(name, "notice", kind.name);
            }
            for card in &registry.look.cards[parts.0..] {
                names.add_of(name, "card", card.name());
            }
            for panel in &registry.look.panels[parts.1..] {
                names.add_of(name, "panel", panel.name());
            }
        }
        for card in &registry.look.cards {
            names.needs(card.permission(), || format!("the card {}", card.name()));
        }
        for kind in &registry.look.notices {
            if let Some(permission) = kind.permission {
                names.needs(permission, || format!("the notice {}", kind.name));
            }
        }
        for page in &registry.look.settings_pages {
            names.needs(page.permission(), || format!("the settings {}", page.key()));
            names.add("settings", page.key());
            page.mistakes().into_iter().for_each(|mistake| names.problem(mistake));
        }
        for link in &registry.look.settings_links {
            names.needs(link.permission, || format!("the settings at {}", link.href));
        }
        for panel in &registry.look.panels {
            names.needs(panel.permission(), || format!("the panel {}", panel.name()));
        }
        for nav in &registry.look.nav {
            if let Some(permission) = nav.permission {
                names.needs(permission, || format!("{} in the navigation", nav.label));
            }
        }
        for link in &registry.look.links {
            names.needs(link.permission, || format!("the link {} on {}", link.label, link.page));
        }
        for resource in &registry.look.resources {
            names.add("resource", resource.key());
            resource.mistakes().into_iter().for_each(|mistake| names.problem(mistake));
        }
        names.finish()?;
        let mails = Arc::new(MailBook::new(registry.mails, registry.attachments)?);
        Ok(Self(Arc::new(Inner {
            migrations,
            statements,
            bulks,
            permissions,
            router: Arc::new(Router::new(&registry.subscribers)),
            dispatcher: Dispatcher::new(&registry.subscribers),
            runner: Runner::new(&registry.handlers),
            schedules: registry.schedules,
            pumps: registry.pumps,
            look: registry.look,
            mails,
            personal: Arc::new(PersonalBook::new(registry.personal)),
            routes: Mutex::new(Some(registry.routes)),
        })))
    }

    /// The whole schema: the kernel's, then every module's in order.
    pub fn migrations(&self) -> Vec<Migrations> {
        self.0.migrations.clone()
    }

    /// Every registered statement.
    pub fn statements(&self) -> &[&'static Statement] {
        &self.0.statements
    }

    /// Every registered bulk statement.
    pub fn bulks(&self) -> &[&'static Bulk] {
        &self.0.bulks
    }

    /// Every permission there is, in module order.
    pub fn permissions(&self) -> &[Permission] {
        &self.0.permissions
    }

    /// What every context must carry: the routes from events to their subscribers, the mails that can be written, and what
    /// modules hold about customers.
    pub fn attachments(&self) -> Attachments {
        let mut attachments = Attachments::default();
        attachments.insert(Arc::clone(&self.0.router));
        attachments.insert(Arc::clone(&self.0.mails));
        attachments.insert(Arc::clone(&self.0.personal));
        attachments
    }

    /// Every mail that can be written.
    pub fn mails(&self) -> &MailBook {
        &self.0.mails
    }

    /// Runs deliveries.
    pub fn dispatcher(&self) -> &Dispatcher {
        &self.0.dispatcher
    }

    /// Runs jobs.
    pub fn runner(&self) -> &Runner {
        &self.0.runner
    }

    /// What runs by the clock.
    pub fn schedules(&self) -> &[Schedule] {
        &self.0.schedules
    }

    /// Queues of the modules' own.
    pub fn pumps(&self) -> &[Arc<dyn Pump>] {
        &self.0.pumps
    }

    /// Templates and navigation of all modules, for [`Web::new`].
    pub fn look(&self) -> Look {
        self.0.look.clone()
    }

    /// The lists of all modules.
    pub fn resources(&self) -> &[Arc<Resource>] {
        &self.0.look.resources
    }

    /// The routes of all modules behind the shell's gate, and their table. They are given away: it works once.
    ///
    /// # Errors
    /// Two routes that are the same, and a route that needs a permission no module declares.
    pub fn router(&self, web: &Arc<Web>) -> Result<(axum::Router, RouteTable), Fault> {
        let routes = self.0.routes.lock().unwrap_or_else(PoisonError::into_inner).take();
        let routes = routes.ok_or_else(|| Fault::new("the router has been built already"))?;
        let permissions = self.permissions().iter().map(|permission| permission.name).collect();
        web.router(routes, &permissions).map_err(|error| Fault::wrap("building the router", error))
    }

    /// Enqueues what the schedules owe since they last ran, and returns how much that is.
    pub async fn tick(&self, cx: &Cx) -> Result<u32, Fault> {
        let mut enqueued = 0;
        for schedule in self.schedules() {
            enqueued += schedule.tick(cx).await?;
        }
        Ok(enqueued)
    }

    /// Runs deliveries, jobs and pumps until nothing more is due now, and returns how many ran. What fails is due later and
    /// does not keep this from ending. Schedules are not asked; see [`tick`](Self::tick).
    pub async fn drain(&self, cx: &Cx) -> Result<usize, Fault> {
        let mut ran = 0;
        loop {
            // Deliveries first: a job may count on what a subscriber records.
            let deliveries = self.0.dispatcher.drain(cx, PAGE).await?;
            ran += deliveries;
            if deliveries > 0 {
                continue;
            }
            let jobs = self.0.runner.drain(cx, PAGE).await?;
            ran += jobs;
            if jobs > 0 {
                continue;
            }
            let mut pumped = 0;
            for pump in self.pumps() {
                pumped += pump.drain(cx, &|| true).await?;
            }
            ran += pumped;
            if pumped == 0 {
                return Ok(ran);
            }
        }
    }

    /// When the next delivery, job or piece of a pump's is due, if any waits: how far a simulation may move its clock.
    pub async fn next_at(&self, cx: &Cx) -> Result<Option<Instant>, Fault> {
        let delivery = Dispatcher::next_at(cx).await?;
        let job = Runner::next_at(cx).await?;
        let mut next = delivery.into_iter().chain(job).min();
        for pump in self.pumps() {
            next = next.into_iter().chain(pump.next_at(cx).await?).min();
        }
        Ok(next)
    }
}

/// Finds clashes.
#[derive(Default)]
struct Names {
    taken: BTreeSet<(&'static str, &'static str)>,
    problems: Vec<String>,
}

impl Names {
    fn add(&mut self, what: &'static str, name: &'static str) {
        if !self.taken.insert((what, name)) {
            self.problem(format!("{what} {name} is registered twice"));
        }
    }

    fn add_of(&mut self, module: &str, what: &'static str, name: &'static str) {
        self.add(what, name);
        if name.strip_prefix(module).and_then(|rest| rest.strip_prefix('.')).is_none_or(str::is_empty) {
            self.problem(format!("{what} {name} of module {module} does not begin with {module}."));
        }
    }

    fn needs(&mut self, permission: &'static str, what: impl FnOnce() -> String) {
        if !self.taken.contains(&("permission", permission)) {
            self.problem(format!("{} needs {permission}, which no module declares", what()));
        }
    }

    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn finish(self) -> Result<(), Fault> {
        if self.problems.is_empty() { Ok(()) } else { Err(Fault::new(self.problems.join("; "))) }
    }
}
