//! The context of one piece of work: which tenant, who, when, with which rights, on which database.
//!
//! `Cx` is made at every entry (request, job, subscriber, command, simulation) and passed first. It holds no drivers,
//! no mailers and no settings: those belong to the module that uses them.

mod kept;
pub mod settings;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use bursar_db::{Attachments, Db, Glance, Scope, Tx};
use bursar_fault::{Denied, Fault};
use bursar_ids::{Actor, Rng, TenantId};
use bursar_time::{Clock, Date, Instant, TimeZone};

pub use kept::Kept;

/// What the actor may do. What is not granted is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permissions {
    /// Everything: the owner, and the product's own background work.
    All,
    /// Exactly these.
    Only(BTreeSet<String>),
}

impl Permissions {
    /// Nothing at all.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Whether a permission is granted.
    pub fn allows(&self, permission: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(granted) => granted.contains(permission),
        }
    }
}

/// What every context of one installation shares.
#[derive(Clone)]
pub struct Foundation {
    /// Whose business this is.
    pub tenant: TenantId,
    /// The only source of time.
    pub clock: Arc<dyn Clock>,
    /// The tenant's zone; billing dates are calendar dates in it.
    pub zone: TimeZone,
    /// The only source of randomness.
    pub rng: Arc<Mutex<Rng>>,
    /// The tenant's database.
    pub db: Db,
    /// Values that kernel crates attach to every unit of work (the event router).
    pub attachments: Arc<Attachments>,
}

struct Inner {
    foundation: Foundation,
    actor: Actor,
    permissions: Permissions,
    request_id: String,
}

/// The context. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cx({}, {})", self.0.foundation.tenant, self.0.actor)
    }
}

impl Cx {
    /// A context for an actor with the given rights.
    pub fn new(
        foundation: Foundation,
        actor: Actor,
        permissions: Permissions,
        request_id: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Inner { foundation, actor, permissions, request_id: request_id.into() }))
    }

    /// A context of the product itself: every permission, and a reason that shows in the audit log.
    pub fn system(foundation: Foundation, module: &'static str, why: &'static str) -> Self {
        let request_id = format!("{module}:{why}");
        Self::new(foundation, Actor::System { module, why }, Permissions::All, request_id)
    }

    /// The same tenant, as the product itself.
    pub fn as_system(&self, module: &'static str, why: &'static str) -> Self {
        Self::system(self.0.foundation.clone(), module, why)
    }

    /// The same tenant, for another actor.
    pub fn for_actor(&self, actor: Actor, permissions: Permissions, request_id: impl Into<String>) -> Self {
        Self::new(self.0.foundation.clone(), actor, permissions, request_id)
    }

    /// The same actor and request with these rights beside their own: for a page of a customer that has found the
    /// subject to be the customer's own and now calls the action that staff call too.
    #[must_use]
    pub fn with_grants(&self, permissions: &[&'static str]) -> Self {
        let granted = match &self.0.permissions {
            Permissions::All => Permissions::All,
            Permissions::Only(own) => {
                let more = permissions.iter().map(|name| (*name).to_owned());
                Permissions::Only(own.iter().cloned().chain(more).collect())
            }
        };
        self.for_actor(self.0.actor, granted, self.0.request_id.clone())
    }

    /// Refuses unless the actor holds the permission.
    pub fn require(&self, permission: &'static str) -> Result<(), Denied> {
        if self.can(permission) { Ok(()) } else { Err(Denied::new(permission)) }
    }

    /// Whether the actor holds the permission.
    pub fn can(&self, permission: &str) -> bool {
        self.0.permissions.allows(permission)
    }

    /// Now, by the injected clock.
    pub fn now(&self) -> Instant {
        self.0.foundation.clock.now()
    }

    /// The calendar date in the tenant's zone.
    pub fn today(&self) -> Date {
        self.now().to_date(self.zone())
    }

    /// The tenant's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0.foundation.zone
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// Whose business this is.
    pub fn tenant(&self) -> &TenantId {
        &self.0.foundation.tenant
    }

    /// Ties log lines and audit rows of one request together.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The database handle, for maintenance and reports about the engine.
    pub fn db(&self) -> &Db {
        &self.0.foundation.db
    }

    /// What this context shares with every other of the installation.
    pub fn foundation(&self) -> &Foundation {
        &self.0.foundation
    }

    /// Uses the injected randomness.
    pub fn with_rng<T>(&self, f: impl FnOnce(&mut Rng) -> T) -> T {
        f(&mut self.0.foundation.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The surroundings a unit of work gets; time is taken here and stands still inside.
    pub fn scope(&self) -> Scope {
        let now = self.now();
        Scope {
            now,
            today: now.to_date(self.zone()),
            zone: self.zone().clone(),
            actor: self.0.actor,
            request_id: self.0.request_id.clone(),
            rng: Arc::clone(&self.0.foundation.rng),
            attachments: Arc::clone(&self.0.foundation.attachments),
        }
    }

    /// Runs a unit of work that only reads.
    pub async fn read<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.db().read(self.scope(), unit).await
    }

    /// The rows of one statement that only reads. See [`Db::glance`].
    ///
    /// # Errors
    /// See [`Db::glance`].
    pub async fn glance<T: Send + 'static>(&self, glance: Glance<T>) -> Result<Vec<T>, Fault> {
        self.db().glance(|| self.scope(), glance).await
    }

    /// Runs a unit of work that writes; all of it or nothing. See [`Db::write`].
    pub async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.db().write(self.scope(), unit).await
    }

    /// Runs bulk work that guards each row itself. See [`bursar_db::Mode::Batch`].
    pub async fn write_batch<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.db().write_batch(self.scope(), unit).await
    }
}
