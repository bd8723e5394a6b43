//! What a panel may offer beyond the lifecycle. Each is an object of its own: what is absent cannot be called.

use async_trait::async_trait;
use bursar_outbound::{Call, CallError, Settings};
use bursar_time::Instant;
use zeroize::Zeroizing;

use crate::{
    Change, Hosting, Operation, Password, Reference, Resource, Specification, State, Tag, WebhookEvent,
    WebhookRefused, WebhookRequest,
};

/// The capability to change to another plan.
#[async_trait]
pub trait Resizing: Send + Sync {
    /// Makes the resource what the specification says, whole. Asking for what is already so is `Done`. A driver MUST
    /// answer `Failed`, and change nothing, where data would be lost (a smaller disk). `Done` MUST mean that the new
    /// limits are in force or will be at the next start, and that [`Hosting::observe`] shows them.
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError>;
}

/// What to do with the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PowerAction {
    /// Switch on.
    Start,
    /// Ask it to shut down.
    Stop,
    /// Off and on again.
    Restart,
    /// Pull the plug.
    Kill,
}

impl PowerAction {
    /// Stored, and the name of the form's field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Kill => "kill",
        }
    }
}

/// The capability to switch on and off.
#[async_trait]
pub trait Power: Send + Sync {
    /// Which actions there are.
    fn actions(&self) -> &'static [PowerAction];

    /// Does one. Starting what runs and stopping what is off are `Done`. A suspended resource MUST NOT be started:
    /// that is `Failed`.
    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError>;
}

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// The customer's own panel.
    Panel,
    /// The screen and keyboard of the machine.
    Console,
    /// Mail in the browser.
    Webmail,
    /// The panel of a customer who sells on.
    ResellerPanel,
}

impl Door {
    /// Part of the address, and of the key that its label is translated under.
    pub fn code(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Console => "console",
            Self::Webmail => "webmail",
            Self::ResellerPanel => "reseller_panel",
        }
    }
}

/// An address that lets in whoever opens it. A secret: it never prints, and is neither stored nor logged; the browser
/// is sent there at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    url: Zeroizing<String>,
    /// When it stops working, where the vendor says so.
    pub expires_at: Option<Instant>,
}

impl Link {
    /// A link.
    pub fn new(url: impl Into<String>, expires_at: Option<Instant>) -> Self {
        Self { url: Zeroizing::new(url.into()), expires_at }
    }

    /// The address, for the redirect only.
    pub fn expose(&self) -> &str {
        &self.url
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// The capability to let the customer in without a password.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Which doors there are.
    fn doors(&self) -> &'static [Door];

    /// A fresh link for one visit. `Ok(None)` when there is no such resource or it is suspended; a driver without sight
    /// cannot know, and is asked only about what the caller holds to be active. The link MUST lead to the server of the
    /// call or to a host that its settings name. A vendor without such links leads to its own page for signing in. A
    /// sandbox, which is nowhere, leads to a path of the office under `/sandbox/`.
    async fn sign_in(&self, call: &Call, resource: &Resource, door: Door) -> Result<Option<Link>, CallError>;
}

/// The capability to set a password.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// Sets the customer's password. A password that the vendor finds too weak is `Refused` with its reason.
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError>;
}

/// How much is used, at one moment. What the vendor does not say is `None`, and never nought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReading {
    /// When the vendor was asked.
    pub at: Instant,
    /// Load of the processors, in parts per million of all that were sold.
    pub cpu_ppm: Option<i64>,
    /// Memory in use.
    pub memory_bytes: Option<i64>,
    /// Disk in use.
    pub disk_bytes: Option<i64>,
    /// Traffic.
    pub traffic: Option<Traffic>,
}

/// Bytes through the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Towards the customer's machine.
    pub in_bytes: i64,
    /// From it. A vendor that counts both together says so here.
    pub out_bytes: i64,
    /// Since when they count.
    pub meter: TrafficMeter,
}

/// When a traffic counter starts over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrafficMeter {
    /// At every start of the machine: a smaller figure than the last one is a new beginning and all of it is new.
    SinceStart,
    /// With the calendar month of the server.
    ThisMonth,
    /// Never.
    Total,
}

/// The capability to measure.
#[async_trait]
pub trait Usage: Send + Sync {
    /// What is used now. `Ok(None)` when there is no such resource or it cannot be measured in its state.
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError>;
}

/// How a server is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerHealth {
    /// Load of its processors, in parts per million.
    pub cpu_ppm: Option<i64>,
    /// Memory: how much in use, how much there is.
    pub memory_bytes: Option<(i64, i64)>,
    /// Disk for resources: how much in use, how much there is.
    pub disk_bytes: Option<(i64, i64)>,
    /// How many resources it carries, ours or not.
    pub resource_count: Option<i64>,
    /// How many it may carry.
    pub resource_limit: Option<i64>,
    /// What staff should know, a sentence each: a node that is down, a node under maintenance.
    pub warnings: Vec<String>,
}

/// The capability to say how the server is.
#[async_trait]
pub trait Health: Send + Sync {
    /// How it is now.
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError>;
}

/// What a panel offers to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InventoryKind {
    /// Packages with limits that are kept on the panel.
    Plans,
    /// Templates, operating systems, games.
    Images,
    /// Nodes, locations.
    Regions,
    /// Where disks are put.
    Storages,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryItem {
    /// The value of a plan setting of kind [`Listed`](crate::SettingKind::Listed).
    pub id: String,
    /// For people.
    pub label: String,
}

/// The capability to list what things are made from.
#[async_trait]
pub trait Inventory: Send + Sync {
    /// Which lists there are.
    fn kinds(&self) -> &'static [InventoryKind];

    /// One list, in the order in which people should see it.
    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError>;
}

/// Something that is on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The vendor's name of it.
    pub reference: Reference,
    /// Our tag, when it carries one. Vendors that keep no field of ours show none: ours are known by their references.
    pub tag: Option<Tag>,
    /// Host name, domain or title.
    pub name: Option<String>,
    /// The customer's mail address as the vendor knows it, to match by.
    pub email: Option<String>,
    /// As in [`Observed`](crate::Observed).
    pub state: State,
    /// As in [`Observed`](crate::Observed).
    pub plan: Settings,
}

/// Part of what is on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPage {
    /// This part.
    pub accounts: Vec<Account>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<String>,
}

/// The capability to list everything on the server, for comparing and for taking over.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The part that begins at `from` (`None` for the first). Every account that was there from the first part to the
    /// last MUST be in one of them.
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError>;
}

/// A copy to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The vendor's name of it.
    pub reference: Reference,
    /// For people.
    pub name: String,
    /// When it was made.
    pub created_at: Option<Instant>,
    /// How large it is.
    pub size_bytes: Option<i64>,
    /// Whether it can be restored already.
    pub is_complete: bool,
}

/// The capability to make copies and go back to them.
#[async_trait]
pub trait Backups: Send + Sync {
    /// What copies there are, newest first.
    async fn list_backups(&self, call: &Call, resource: &Resource) -> Result<Vec<Backup>, CallError>;

    /// Makes one under a name. The same operation MUST NOT make two.
    async fn create_backup(
        &self,
        call: &Call,
        operation: &Operation,
        name: &str,
    ) -> Result<Change, CallError>;

    /// Puts the resource back to a copy. What changed since is lost.
    async fn restore_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError>;

    /// Removes a copy; one that is not there is `Done`.
    async fn delete_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError>;
}

/// The capability to announce changes. Without a signature or secret there is no such capability.
pub trait Webhooks: Send + Sync {
    /// Checks the signature over the raw body, then reads it. Reads nothing of an unsigned body. Makes no call.
    fn verify(&self, call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused>;
}

/// The capability to start over.
#[async_trait]
pub trait Reinstallation: Send + Sync {
    /// Installs the specification's image anew, with its password and keys. Everything on the disk is lost; tag,
    /// addresses and plan stay.
    async fn reinstall(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError>;
}

/// A capability by name, for tables and for hiding buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// [`Resizing`].
    Resizing,
    /// [`Power`].
    Power,
    /// [`SignIn`].
    SignIn,
    /// [`Passwords`].
    Passwords,
    /// [`Usage`].
    Usage,
    /// [`Health`].
    Health,
    /// [`Inventory`].
    Inventory,
    /// [`Accounts`].
    Accounts,
    /// [`Backups`].
    Backups,
    /// [`Webhooks`].
    Webhooks,
    /// [`Reinstallation`].
    Reinstallation,
}

impl Capability {
    /// Stored, and what staff write where a server says what it offers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Resizing => "resize",
            Self::Power => "power",
            Self::SignIn => "sign_in",
            Self::Passwords => "password",
            Self::Usage => "usage",
            Self::Health => "health",
            Self::Inventory => "inventory",
            Self::Accounts => "accounts",
            Self::Backups => "backups",
            Self::Webhooks => "webhooks",
            Self::Reinstallation => "reinstall",
        }
    }

    /// Every one, in the order of tables.
    pub const ALL: [Self; 11] = [
        Self::Resizing,
        Self::Power,
        Self::SignIn,
        Self::Passwords,
        Self::Usage,
        Self::Health,
        Self::Inventory,
        Self::Accounts,
        Self::Backups,
        Self::Webhooks,
        Self::Reinstallation,
    ];

    /// The heading of its column.
    pub fn title(self) -> &'static str {
        match self {
            Self::Resizing => "Resize",
            Self::Power => "Power",
            Self::SignIn => "Sign-in link",
            Self::Passwords => "Password",
            Self::Usage => "Usage",
            Self::Health => "Health",
            Self::Inventory => "Inventory",
            Self::Accounts => "Account list",
            Self::Backups => "Backups",
            Self::Webhooks => "Webhooks",
            Self::Reinstallation => "Reinstall",
        }
    }
}

/// What a driver offers at a server with these settings.
pub fn capabilities_at(hosting: &dyn Hosting, settings: &Settings) -> Vec<Capability> {
    let mut all = capabilities(hosting);
    all.retain(|capability| hosting.offers(settings, *capability));
    all
}

/// What a driver offers, read from the objects that it hands out.
pub fn capabilities(hosting: &dyn Hosting) -> Vec<Capability> {
    Capability::ALL
        .into_iter()
        .filter(|capability| match capability {
            Capability::Resizing => hosting.resizing().is_some(),
            Capability::Power => hosting.power().is_some(),
            Capability::SignIn => hosting.sign_in().is_some(),
            Capability::Passwords => hosting.passwords().is_some(),
            Capability::Usage => hosting.usage().is_some(),
            Capability::Health => hosting.health().is_some(),
            Capability::Inventory => hosting.inventory().is_some(),
            Capability::Accounts => hosting.accounts().is_some(),
            Capability::Backups => hosting.backups().is_some(),
            Capability::Webhooks => hosting.webhooks().is_some(),
            Capability::Reinstallation => hosting.reinstallation().is_some(),
        })
        .collect()
}
