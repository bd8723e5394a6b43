//! Who visits, and the ports through which the shell learns it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Actor;
use bursar_time::{Instant, TimeZone};

use crate::Brand;

/// The two kinds of signed-in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Under `/admin`, for staff.
    Staff,
    /// Under `/portal`, for people of a customer.
    Customer,
}

impl Surface {
    /// The surface a path belongs to.
    pub fn of_path(path: &str) -> Self {
        if path == "/admin" || path.starts_with("/admin/") { Self::Staff } else { Self::Customer }
    }

    /// Where one signs in.
    pub const fn sign_in_path(self) -> &'static str {
        match self {
            Self::Staff => "/admin/sign-in",
            Self::Customer => "/portal/sign-in",
        }
    }

    /// Where the sign-out form posts to.
    pub const fn sign_out_path(self) -> &'static str {
        match self {
            Self::Staff => "/admin/sign-out",
            Self::Customer => "/portal/sign-out",
        }
    }

    /// The first page after signing in.
    pub const fn home_path(self) -> &'static str {
        match self {
            Self::Staff => "/admin",
            Self::Customer => "/portal",
        }
    }
}

/// On which side somebody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Works here.
    Staff,
    /// Signs in for these customers.
    Customer {
        /// The ids of the customers; never empty for somebody who can see anything.
        customer_ids: Vec<i64>,
    },
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Who acts, for the context and the audit log.
    pub actor: Actor,
    /// The name shown in the corner.
    pub name: String,
    /// Staff or customer.
    pub kind: PrincipalKind,
    /// Everything this person may do, by permission name.
    pub permissions: BTreeSet<String>,
    /// Hash of the session token: what forms are bound to. Never the token itself.
    pub session_hash: [u8; 32],
}

impl Principal {
    /// Whether the person has the permission.
    pub fn can(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// The surface the person belongs to.
    pub fn surface(&self) -> Surface {
        match self.kind {
            PrincipalKind::Staff => Surface::Staff,
            PrincipalKind::Customer { .. } => Surface::Customer,
        }
    }

    /// The customers the person signs in for; none for staff.
    pub fn customer_ids(&self) -> &[i64] {
        match &self.kind {
            PrincipalKind::Staff => &[],
            PrincipalKind::Customer { customer_ids } => customer_ids,
        }
    }
}

/// Finds out who is signed in. `identity` implements it.
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// The person whose session the request carries; `None` for nobody and for a session that ended. Called after
    /// [`Site::arrive`], so the request's extensions already say which tenant is meant.
    async fn authenticate(&self, request: &Parts) -> Result<Option<Principal>, Fault>;
}

/// What a request meets when it arrives.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The tenant's look.
    pub brand: Brand,
    /// The language of the page.
    pub locale: Locale,
    /// The tenant's time zone, in which instants are shown.
    pub zone: TimeZone,
    /// The clock's time.
    pub now: Instant,
}

/// The place a request comes to: which tenant, and what handlers work with. The application implements it.
#[async_trait]
pub trait Site: Send + Sync {
    /// Resolves the tenant. May put what [`Authenticate`] needs into the request's extensions.
    async fn arrive(&self, request: &mut Parts) -> Result<Arrival, Fault>;

    /// Puts what handlers extract (the context of this piece of work) into the request's extensions.
    async fn admit(&self, request: &mut Parts, who: Option<&Principal>) -> Result<(), Fault>;
}
