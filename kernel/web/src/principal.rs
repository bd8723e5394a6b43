//! Who visits, and the ports through which the shell learns it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Actor;
use bursar_time::{Instant, TimeZone};
use serde::Serialize;

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

    /// Where one proves again who one is, before something dangerous.
    pub const fn confirm_path(self) -> &'static str {
        match self {
            Self::Staff => "/admin/confirm",
            Self::Customer => "/portal/confirm",
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
    /// Signs in for a customer.
    Customer {
        /// The customer the person acts for now: one, or none yet. Other customers of the same person are not here,
        /// because the permissions are those over this one.
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
    /// What is special about the session; nothing by default.
    pub standing: Standing,
}

/// What is special about a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Until when the person counts as having just proved who they are.
    pub fresh_until: Option<Instant>,
    /// The beginning of the only paths the person may visit for now, because something must be done there first.
    pub confined_to: Option<&'static str>,
    /// The member of staff who looks through this person's eyes.
    pub impersonator: Option<String>,
    /// Whether a program acts with a token instead of a person with a cookie: no browser sends a token by itself, so
    /// its requests need no form token.
    pub is_token: bool,
    /// The customers the person can act for, the present one included.
    pub accounts: Vec<Account>,
}

/// A customer somebody can switch to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The customer.
    pub id: i64,
    /// What to call it.
    pub name: String,
    /// Whether the person acts for it now.
    pub is_current: bool,
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

    /// The customer the person acts for; none for staff and for somebody who is nobody's user yet.
    pub fn customer_id(&self) -> Option<i64> {
        self.customer_ids().first().copied()
    }

    /// Whether the person proved a moment ago who they are.
    pub fn is_fresh(&self, now: Instant) -> bool {
        self.standing.fresh_until.is_some_and(|until| now < until)
    }

    /// The same as a list, for whoever asks whether something is among it.
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

    /// Whether the request may come near at all, whoever sends it; asked before anybody is authenticated. Who may not
    /// is told that there is nothing.
    async fn may_approach(&self, _request: &Parts) -> Result<bool, Fault> {
        Ok(true)
    }
}

/// What a request meets when it arrives.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The tenant's look.
    pub brand: Brand,
    /// The tenant's language, for visitors of whom no better one is known.
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

    /// The language somebody gave us to write to them in. Asked once a session, after [`Site::admit`], of customers who
    /// have not chosen a language in this browser.
    async fn language_of(&self, _request: &Parts, _who: &Principal) -> Result<Option<Locale>, Fault> {
        Ok(None)
    }

    /// How much news somebody has not read, for the bell of the page they get; `None` where there is no bell. Asked for
    /// whole pages only, so it must cost one quick look.
    async fn unread(&self, _request: &Parts, _who: &Principal) -> Result<Option<u32>, Fault> {
        Ok(None)
    }

    /// Puts what handlers extract (the context of this piece of work) into the request's extensions.
    async fn admit(&self, request: &mut Parts, who: Option<&Principal>) -> Result<(), Fault>;
}
