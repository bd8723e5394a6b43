//! What we ask of a panel: make a resource, say what there is, suspend it, resume it, remove it, and, where the panel
//! can, resize it, switch it on and off, sign the customer in, and more.
//!
//! Four rules carry everything else, and every driver passes `conformance` on them:
//!
//! - **One tag, one resource.** The caller chooses the [`Tag`] before the first call and keeps it. A driver MUST write
//!   it on the vendor's object, MUST look for it before it makes another one, and MUST never touch an object that
//!   carries somebody else's. The one exception is a resource that staff have linked to an object that was there
//!   before ([`Origin::Adopted`]): that one is known by its reference.
//! - **Going on is calling again.** Long work answers [`Working`]. The caller makes the same call again, with the same
//!   key and the task it was given, no sooner than it was told, until the answer is another one. A driver MUST find
//!   its place by looking at the vendor, so that a caller that lost the task gets there too.
//! - **Outcomes are not errors.** A panel without room is `Ok`. [`bursar_outbound::CallError`] says that there is no
//!   outcome and what may be done about it. Only an explicit success is success.
//! - **There is an eye, or the driver says that there is none.** [`Hosting::observe`] says what *is*. "Not there" MUST
//!   come from a panel that answered. A vendor that shows nothing is [`Sight::Blind`], which says what its driver does
//!   instead.
//!
//! No vendor word crosses this line. Drivers keep no state and retry nothing; what they may use is in the [`Call`]. One
//! whose vendor is ourselves ([`Vendor::Ourselves`]) writes into the call's notebook what a vendor would remember.

mod capabilities;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "handwork")]
pub mod handwork;
mod manifest;
mod observed;
mod outcome;
#[cfg(feature = "relay")]
pub mod relay;
mod request;
pub mod server;
mod words;

use async_trait::async_trait;
use bursar_outbound::{Call, CallError, Settings};

pub use capabilities::{
    Account, AccountPage, Accounts, Backup, Backups, Capability, Door, Health, Inventory, InventoryItem,
    InventoryKind, Link, Passwords, Power, PowerAction, Reinstallation, Resizing, ServerHealth, SignIn,
    Traffic, TrafficMeter, Usage, UsageReading, Webhooks, capabilities, capabilities_at,
};
pub use manifest::{
    AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, SettingProblem, Sight, Vendor, check,
};
pub use observed::{Access, AccessKind, Observed, State};
pub use outcome::{Change, Connection, Creation, Working};
pub use request::{Address, Customer, Operation, Origin, Resource, Specification};
pub use words::{
    BadKey, BadTag, IdempotencyKey, Password, Reference, Tag, TaskReference, WebhookEvent, WebhookRefused,
    WebhookRequest,
};

/// One kind of panel.
#[async_trait]
pub trait Hosting: Send + Sync {
    /// The driver's name, settings and pace, as data.
    fn manifest(&self) -> &Manifest;

    /// Whether a server with these settings offers what the driver offers in general. For drivers that speak for programs
    /// of somebody else's, which can do more or less; what is `false` here is neither shown nor called.
    fn offers(&self, _settings: &Settings, _capability: Capability) -> bool {
        true
    }

    /// Whether the server of this call can be worked with. MUST change nothing. Wrong credentials are
    /// `BadCredentials`; rights that are missing are named in [`Connection::problems`].
    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError>;

    /// Makes the resource of the operation's tag, or goes on making it.
    ///
    /// Called any number of times with one tag, there MUST never be two resources. A resource with this tag that is
    /// there already MUST be answered as if this call had made it, whatever its plan; the caller compares. An object
    /// that stands in the way and does not carry the tag MUST be `Refused` and stay as it is. `Done` MUST mean that
    /// the customer can use it.
    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError>;

    /// What the vendor has under this tag. `Ok(None)` MUST mean that the vendor answered and has none, so that it may
    /// be made; a question that was not answered is an error. The reference of a resource that was made saves a search
    /// and MUST NOT be trusted against the tag: an object that carries another tag is `None`. A driver without sight
    /// answers `Refused` and asks nobody.
    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError>;

    /// Takes the resource away from the customer without losing anything of it. Suspending what is suspended is
    /// `Done`. `reason` is for the panel's own records and may be shown to the customer.
    async fn suspend(&self, call: &Call, operation: &Operation, reason: &str) -> Result<Change, CallError>;

    /// Gives it back. Resuming what is not suspended is `Done`.
    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError>;

    /// Removes the resource and everything in it. MUST remove only an object that is the resource's. What is not there
    /// is `Done`; `Missing` is never answered.
    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError>;

    /// Changing to another plan.
    fn resizing(&self) -> Option<&dyn Resizing> {
        None
    }

    /// Switching on and off.
    fn power(&self) -> Option<&dyn Power> {
        None
    }

    /// One-click doors for the customer: the panel, a console.
    fn sign_in(&self) -> Option<&dyn SignIn> {
        None
    }

    /// Setting a new password.
    fn passwords(&self) -> Option<&dyn Passwords> {
        None
    }

    /// How much is used.
    fn usage(&self) -> Option<&dyn Usage> {
        None
    }

    /// How the server itself is, and how much room it has.
    fn health(&self) -> Option<&dyn Health> {
        None
    }

    /// What the panel offers to make things from.
    fn inventory(&self) -> Option<&dyn Inventory> {
        None
    }

    /// Everything that is on the server, ours or not.
    fn accounts(&self) -> Option<&dyn Accounts> {
        None
    }

    /// Copies to go back to.
    fn backups(&self) -> Option<&dyn Backups> {
        None
    }

    /// Being told of changes.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }

    /// Starting over from an image.
    fn reinstallation(&self) -> Option<&dyn Reinstallation> {
        None
    }
}
