//! What a module is made of.

use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Bulk, Migrations, Statement, Tx};
use bursar_events::{Event, Subscriber};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_jobs::{Handler, Job, JobOutcome, Schedule};
use bursar_mail::{AttachmentSource, MailTemplate};
use bursar_web::{
    Card, Look, Nav, NoticeKind, PageLink, Panel, Resource, Routes, SettingsLink, SettingsPage, Surface,
};

use crate::{PersonalData, Pump};

/// Something a person may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// `billing.invoice.void`; begins with the module's name.
    pub name: &'static str,
    /// What people read where roles and tokens are edited: `Void invoices`; for what customers hold, the key of a text.
    pub label: &'static str,
    /// Who can hold it: people who work here, or people of a customer.
    pub surface: Surface,
    /// Names of the ready-made roles that hold it from the start. The owner's role of a surface holds everything and is
    /// not named.
    pub presets: &'static [&'static str],
}

impl Permission {
    /// For people who work here.
    pub const fn staff(name: &'static str, label: &'static str, presets: &'static [&'static str]) -> Self {
        Self { name, label, surface: Surface::Staff, presets }
    }

    /// For people who sign in for a customer, over what is that customer's own.
    pub const fn customer(name: &'static str, label: &'static str, presets: &'static [&'static str]) -> Self {
        Self { name, label, surface: Surface::Customer, presets }
    }
}

/// A vertical slice of the product. The binary lists them in graph order, lower ones first.
pub trait Module: Send + Sync {
    /// `billing`: the prefix of its tables, events, jobs and permissions.
    fn name(&self) -> &'static str;

    /// Its schema. Migrations run in the order of the modules.
    fn migrations(&self) -> Migrations;

    /// Every statement of every store, so that a test can prepare them on both engines.
    fn statements(&self) -> Vec<&'static Statement>;

    /// Every bulk statement of every store, for the same test.
    fn bulks(&self) -> Vec<&'static Bulk> {
        Vec::new()
    }

    /// What it lets people do. What is not listed cannot be granted.
    fn permissions(&self) -> &'static [Permission] {
        &[]
    }

    /// Hands over its subscribers, job handlers, schedules, routes, navigation and templates.
    fn register(&self, registry: &mut Registry);
}

/// What the modules registered, in the order of registration.
pub struct Registry {
    pub(crate) module: &'static str,
    pub(crate) subscribers: Vec<Subscriber>,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) pumps: Vec<Arc<dyn Pump>>,
    pub(crate) routes: Vec<Routes>,
    pub(crate) look: Look,
    pub(crate) mails: Vec<MailTemplate>,
    pub(crate) personal: Vec<PersonalData>,
    pub(crate) attachments: Vec<(&'static str, Arc<dyn AttachmentSource>)>,
}

impl Registry {
    pub(crate) fn new() -> Self {
        Self {
            module: "",
            subscribers: Vec::new(),
            handlers: Vec::new(),
            schedules: Vec::new(),
            pumps: Vec::new(),
            routes: Vec::new(),
            look: Look::default(),
            mails: Vec::new(),
            personal: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// Calls an async function for every `E`. It runs in a transaction of its own, uses the database only, and may run
    /// again after a failure. `name` is stored with every delivery: a renamed subscriber parks what waits for it.
    pub fn on<E, F>(&mut self, name: &'static str, f: F)
    where
        E: Event,
        F: AsyncFn(&mut Tx, E) -> Result<(), Fault> + Send + Sync + 'static,
    {
        self.subscribers.push(bursar_events::subscriber::<E, F>(name, f));
    }

    /// Handles every job of kind `J`. A handler may run twice and must be safe when it does.
    pub fn job<J, F, Fut>(&mut self, f: F)
    where
        J: Job,
        F: Fn(Cx, J) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = JobOutcome> + Send + 'static,
    {
        self.handlers.push(bursar_jobs::handler::<J, F, Fut>(f));
    }

    /// Enqueues work by the clock.
    pub fn schedule(&mut self, schedule: Schedule) {
        self.schedules.push(schedule);
    }

    /// Works off a queue of the module's own.
    pub fn pump(&mut self, pump: Arc<dyn Pump>) {
        self.pumps.push(pump);
    }

    /// Answers requests. A handler gets the [`Cx`] of whoever asks as `axum::Extension<Cx>`.
    pub fn routes(&mut self, routes: Routes) {
        self.routes.push(routes);
    }

    /// Adds a line to the navigation.
    pub fn nav(&mut self, nav: Nav) {
        self.look.nav.push(nav);
    }

    /// Adds a link to the page of another module's subject.
    pub fn link(&mut self, link: PageLink) {
        self.look.links.push(link);
    }

    /// Adds the module's texts: `registry.texts(bursar_i18n::texts!("../locales"))`.
    pub fn texts(&mut self, files: impl IntoIterator<Item = (Locale, &'static str)>) {
        self.look.texts.add(self.module, files);
    }

    /// A list of one noun: its pages, its JSON, and its line of the navigation.
    pub fn resource(&mut self, resource: Resource) {
        let resource = Arc::new(resource);
        self.routes.push(resource.routes(self.module));
        self.look.nav.extend(resource.nav_entry());
        self.look.resources.push(resource);
    }

    /// Adds a card to the first page of staff.
    pub fn card(&mut self, card: Card) {
        self.look.cards.push(card);
    }

    /// Adds a panel to a page about another module's subject, or about its own.
    pub fn panel(&mut self, panel: Panel) {
        self.look.panels.push(panel);
    }

    /// Adds a page of settings.
    pub fn settings(&mut self, page: SettingsPage) {
        let page = Arc::new(page);
        self.routes.push(page.routes(self.module));
        self.look.settings_pages.push(page);
    }

    /// Leads from the list of all settings to a page of the module's own.
    pub fn settings_link(&mut self, link: SettingsLink) {
        self.look.settings_links.push(link);
    }

    /// Adds a kind of news that the module tells.
    pub fn notice(&mut self, kind: NoticeKind) {
        self.look.notices.push(kind);
    }

    /// Says what the module holds about customers.
    pub fn personal(&mut self, data: PersonalData) {
        self.personal.push(data);
    }

    /// Adds a mail that the module writes.
    pub fn mail(&mut self, template: MailTemplate) {
        self.mails.push(template);
    }

    /// Makes attachments of a kind, which begins with the module's name.
    pub fn attachments(&mut self, kind: &'static str, source: Arc<dyn AttachmentSource>) {
        self.attachments.push((kind, source));
    }

    /// Adds the template `module/name`, `name` being `feature/surface_page.html`.
    pub fn template(&mut self, name: &str, source: &'static str) {
        self.look.templates.add(self.module, name, source);
    }
}
