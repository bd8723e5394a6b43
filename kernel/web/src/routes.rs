//! Routes that say who may use them. A route that does not say it cannot be written down.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use bursar_time::Instant;

use crate::principal::{Principal, Surface};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Everybody: sign-in pages, the shop.
    Public,
    /// Everybody who is signed in on a surface.
    SignedIn(Surface),
    /// Who has the permission. The surface follows from the path.
    Permission(&'static str),
    /// Programs that prove themselves in the handler (a gateway's signed webhook). No cookies, so no form token either.
    Machine {
        /// How they prove themselves; shown in the permission matrix.
        proof: &'static str,
    },
}

/// Everybody may use the route.
pub struct Public;
/// Only who is signed in on the surface.
pub struct SignedIn(pub Surface);
/// Only who has the permission.
pub struct Permission(pub &'static str);

impl From<Public> for Access {
    fn from(_: Public) -> Self {
        Self::Public
    }
}

impl From<SignedIn> for Access {
    fn from(SignedIn(surface): SignedIn) -> Self {
        Self::SignedIn(surface)
    }
}

impl From<Permission> for Access {
    fn from(Permission(name): Permission) -> Self {
        Self::Permission(name)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::SignedIn(Surface::Staff) => f.write_str("signed in (staff)"),
            Self::SignedIn(Surface::Customer) => f.write_str("signed in (customer)"),
            Self::Permission(name) => f.write_str(name),
            Self::Machine { proof } => write!(f, "machine ({proof})"),
        }
    }
}

/// What a route asks of the person beside the access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Demands {
    /// They proved a moment ago who they are: for what a stolen session must not be able to do.
    pub fresh: bool,
    /// They are there themselves: not a member of staff in their place, and not a program with their token.
    pub personal: bool,
}

impl fmt::Display for Demands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.fresh, self.personal) {
            (true, _) => "fresh",
            (false, true) => "personal",
            (false, false) => "",
        })
    }
}

/// What the gate decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Enter,
    SignIn(Surface),
    /// Looks as if there were nothing: the visitor may not know of it.
    Hide,
    Forbid(&'static str),
    /// Something must be done there first.
    Confine(&'static str),
    /// They must prove again who they are.
    Confirm(Surface),
    /// Only the person themself may.
    NotInPlace,
}

impl Access {
    /// Whether `who` may use a route at `path`. People of the other surface are told that there is nothing; staff who
    /// lack a permission are told which one, because the feature itself is no secret to them.
    pub(crate) fn decide(
        self,
        demands: Demands,
        path: &str,
        who: Option<&Principal>,
        now: Instant,
    ) -> Verdict {
        let (surface, permission) = match self {
            Self::Public | Self::Machine { .. } => return Verdict::Enter,
            Self::SignedIn(surface) => (surface, None),
            Self::Permission(name) => (Surface::of_path(path), Some(name)),
        };
        let Some(who) = who else { return Verdict::SignIn(surface) };
        if who.surface() != surface {
            return Verdict::Hide;
        }
        let standing = &who.standing;
        if let Some(place) = standing.confined_to
            && !path.starts_with(place)
            && path != surface.sign_out_path()
        {
            return Verdict::Confine(place);
        }
        match permission {
            Some(name) if !who.can(name) => Verdict::Forbid(name),
            _ if (demands.personal || demands.fresh)
                && (standing.impersonator.is_some() || standing.is_token) =>
            {
                Verdict::NotInPlace
            }
            _ if demands.fresh && !who.is_fresh(now) => Verdict::Confirm(surface),
            _ => Verdict::Enter,
        }
    }
}

/// One row of the route table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteRow {
    /// The path with its parameters: `/admin/invoices/{id}`.
    pub path: &'static str,
    /// GET, POST, …
    pub method: String,
    /// Who may use it.
    pub access: Access,
    /// What it asks of them beside.
    pub demands: Demands,
    /// The module that registered it.
    pub module: &'static str,
}

impl RouteRow {
    /// What the gate tells somebody who comes to this route, in a word: what the permission matrix is made of.
    pub fn verdict(&self, who: Option<&Principal>, now: Instant) -> &'static str {
        match self.access.decide(self.demands, self.path, who, now) {
            Verdict::Enter => "enters",
            Verdict::SignIn(_) => "signs in",
            Verdict::Hide => "sees nothing",
            Verdict::Forbid(_) => "is denied",
            Verdict::Confine(_) => "is led away",
            Verdict::Confirm(_) => "confirms",
            Verdict::NotInPlace => "is not the person",
        }
    }
}

pub(crate) struct Route<S> {
    pub(crate) row: RouteRow,
    pub(crate) handler: MethodRouter<S, Infallible>,
}

/// The routes of one module. `S` is the module's own state; give it with [`Routes::with_state`].
pub struct Routes<S = ()> {
    module: &'static str,
    pub(crate) routes: Vec<Route<S>>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// The routes of `module`, none yet.
    pub fn new(module: &'static str) -> Self {
        Self { module, routes: Vec::new() }
    }

    /// A page. GET must change nothing: no form token is asked for.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: impl Into<Access>, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(MethodFilter::GET, Method::GET, path, access.into(), handler)
    }

    /// A form's target. The form token is checked before the handler runs, except for [`Access::Machine`].
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: impl Into<Access>, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(MethodFilter::POST, Method::POST, path, access.into(), handler)
    }

    /// The route added last asks for a person who has just proved who they are: for money that leaves, for rights, keys
    /// and passwords.
    #[must_use]
    pub fn fresh(self) -> Self {
        self.demand(|demands| demands.fresh = true)
    }

    /// The route added last is for the person themself: not for staff in their place, not for a token.
    #[must_use]
    pub fn personal(self) -> Self {
        self.demand(|demands| demands.personal = true)
    }

    fn demand(mut self, ask: impl FnOnce(&mut Demands)) -> Self {
        ask(&mut self.routes.last_mut().expect("a demand follows the route it is about").row.demands);
        self
    }

    fn add<H, T>(
        mut self,
        filter: MethodFilter,
        method: Method,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let demands = Demands::default();
        let row = RouteRow { path, method: method.to_string(), access, demands, module: self.module };
        self.routes.push(Route { row, handler: on(filter, handler) });
        self
    }

    /// Gives the handlers their state, so that routes of different modules fit into one router.
    #[must_use]
    pub fn with_state(self, state: S) -> Routes<()> {
        let routes = self
            .routes
            .into_iter()
            .map(|route| Route { row: route.row, handler: route.handler.with_state(state.clone()) })
            .collect();
        Routes { module: self.module, routes }
    }
}

/// Why a set of routes is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// Two modules, or one twice, claim the same.
    #[error("{method} {path} is registered by {first} and again by {second}")]
    Duplicate {
        /// GET, POST, …
        method: String,
        /// The path.
        path: &'static str,
        /// Who came first.
        first: &'static str,
        /// Who came again.
        second: &'static str,
    },
    /// The permission is in nobody's list.
    #[error("{method} {path} of {module} needs the permission {permission}, which no module declares")]
    UnknownPermission {
        /// GET, POST, …
        method: String,
        /// The path.
        path: &'static str,
        /// The module.
        module: &'static str,
        /// The permission.
        permission: &'static str,
    },
    /// The path does not begin with a slash, or lies in the shell's own space.
    #[error("{path} of {module} is not a path a module may register")]
    BadPath {
        /// The path.
        path: &'static str,
        /// The module.
        module: &'static str,
    },
}

/// Every registered route with who may use it: what the permission matrix is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteTable(Vec<RouteRow>);

impl RouteTable {
    /// The rows in order of path and method.
    pub fn rows(&self) -> &[RouteRow] {
        &self.0
    }

    /// Checks the rows of all modules against each other and against the declared permissions.
    pub(crate) fn check(rows: Vec<RouteRow>, permissions: &BTreeSet<&str>) -> Result<Self, RouteError> {
        let mut rows = rows;
        rows.sort();
        for pair in rows.windows(2) {
            if pair[0].path == pair[1].path && pair[0].method == pair[1].method {
                return Err(RouteError::Duplicate {
                    method: pair[0].method.clone(),
                    path: pair[0].path,
                    first: pair[0].module,
                    second: pair[1].module,
                });
            }
        }
        for row in &rows {
            let shells_own = row.module != crate::SHELL_MODULE
                && (row.path.starts_with(crate::assets::ASSET_PREFIX) || row.path.starts_with("/shell/"));
            if !row.path.starts_with('/') || shells_own {
                return Err(RouteError::BadPath { path: row.path, module: row.module });
            }
            if let Access::Permission(name) = row.access
                && !permissions.contains(name)
            {
                return Err(RouteError::UnknownPermission {
                    method: row.method.clone(),
                    path: row.path,
                    module: row.module,
                    permission: name,
                });
            }
        }
        Ok(Self(rows))
    }
}

impl fmt::Display for RouteTable {
    /// One line a route: method, path, access, module.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            let RouteRow { path, method, access, demands, module } = row;
            writeln!(
                f,
                "{method:<5} {path:<48} {:<32} {:<8} {module}",
                access.to_string(),
                demands.to_string()
            )?;
        }
        Ok(())
    }
}

/// Puts checked routes into a router; `guard` wraps each handler with the gate for its access.
pub(crate) fn assemble(
    modules: Vec<Routes<()>>,
    guard: impl Fn(&RouteRow, MethodRouter<(), Infallible>) -> MethodRouter<(), Infallible>,
) -> Router {
    let mut router = Router::new();
    for route in modules.into_iter().flat_map(|module| module.routes) {
        router = router.route(route.row.path, guard(&route.row, route.handler));
    }
    router
}
