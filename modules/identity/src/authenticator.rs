//! From the cookie to the person.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::http::header;
use axum::http::request::Parts;
use bursar_context::Cx;
use bursar_db::{Glance, Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Actor;
use bursar_time::Instant;
use bursar_web::{
    Account, Authenticate, ClientAddress, CookieName, Principal, PrincipalKind, SESSION_COOKIE, Standing,
    Surface, Transport,
};

use crate::policy::{self, Policy};
use crate::roles::RoleBook;
use crate::sessions::{self, Kind};
use crate::users::store::role;
use crate::{api_tokens, impersonation, staff_gate, token};

bursar_db::statements! {
    /// A session of staff that has not ended, with the person if they are active.
    pub(crate) FIND_STAFF = "SELECT s.subject_id, s.customer_id, s.confirmed_at, s.seen_at, s.stage, p.name, p.role, r.permissions
        FROM identity_sessions s
        JOIN identity_staff p ON p.id = s.subject_id AND p.status = 'active'
        LEFT JOIN identity_roles r ON r.code = p.role
        WHERE s.token_hash = $1 AND s.kind = 'staff' AND s.expires_at > $2 AND s.idle_at > $2 LIMIT 1";
    /// A session of a user that has not ended, with the person if they are active: a row for each of their customers, or one
    /// for none.
    pub(crate) FIND_USER = "SELECT s.subject_id, s.customer_id, s.confirmed_at, s.seen_at, s.stage, u.name, m.role, m.customer_id,
            m.customer_name
        FROM identity_sessions s
        JOIN identity_users u ON u.id = s.subject_id AND u.status = 'active'
        LEFT JOIN identity_memberships m ON m.user_id = u.id AND m.is_suspended = 0
        WHERE s.token_hash = $1 AND s.kind = 'user' AND s.expires_at > $2 AND s.idle_at > $2
        ORDER BY m.customer_name, m.customer_id LIMIT 200";
    /// It is used.
    pub(crate) TOUCH = "UPDATE identity_sessions SET seen_at = $2, idle_at = $3 WHERE token_hash = $1";
}

/// Says through whose eyes a member of staff looks.
pub(crate) const EYES_COOKIE: CookieName = CookieName::new("eyes");
/// How long after proving who one is one counts as having just done so.
pub(crate) const FRESH_MINUTES: i64 = 15;
/// How often the use of a session is written down: not with every request.
const TOUCH_SECONDS: i64 = 300;

/// How long a node goes by the rules it has read: a change of the allow-list reaches every node within this time.
const RULES_SECONDS: i64 = 5;

/// Finds the person behind a request's session cookie, and keeps from the admin area who may not come near. Expects the
/// tenant's context among the request's extensions.
#[derive(Debug)]
pub struct SessionAuthenticator {
    transport: Transport,
    book: Arc<RoleBook>,
    /// The rules, and when they were read: asked for with every page of the admin area, they are not read every time.
    rules: Mutex<Option<(Instant, Arc<Policy>)>>,
}

/// One row of the answer.
struct Found {
    kind: Kind,
    subject: i64,
    customer: Option<i64>,
    confirmed_at: Instant,
    seen_at: Instant,
    name: String,
    staff_role: Option<String>,
    own_permissions: Option<String>,
    membership: Option<(i64, String, String)>,
    must_enrol: bool,
}

fn found(row: &Row<'_>, kind: Kind) -> Result<Found, Fault> {
    let (staff_role, own_permissions, membership) = match kind {
        Kind::Staff => (row.get(6)?, row.get(7)?, None),
        Kind::User => match row.get::<Option<i64>>(7)? {
            Some(customer) => (None, None, Some((customer, row.get(6)?, row.get(8)?))),
            None => (None, None, None),
        },
    };
    Ok(Found {
        kind,
        subject: row.get(0)?,
        customer: row.get(1)?,
        confirmed_at: row.get(2)?,
        seen_at: row.get(3)?,
        must_enrol: row.text(4)? == "enrol",
        name: row.get(5)?,
        staff_role,
        own_permissions,
        membership,
    })
}

/// What is known of a session's person. Whose area a page is of says whose session it most likely is.
async fn find(cx: &Cx, session: &str, area: Surface) -> Result<Vec<Found>, Fault> {
    let kinds = match area {
        Surface::Staff => [Kind::Staff, Kind::User],
        Surface::Customer => [Kind::User, Kind::Staff],
    };
    for kind in kinds {
        let values = params![session, cx.now()];
        let rows = cx
            .glance(match kind {
                Kind::Staff => Glance::new(&FIND_STAFF, values, |row| found(row, Kind::Staff)),
                Kind::User => Glance::new(&FIND_USER, values, |row| found(row, Kind::User)),
            })
            .await?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

impl SessionAuthenticator {
    /// For requests over this transport, with the rights that roles have.
    pub fn new(transport: Transport, book: Arc<RoleBook>) -> Self {
        Self { transport, book, rules: Mutex::new(None) }
    }

    async fn rules(&self, cx: &Cx) -> Result<Arc<Policy>, Fault> {
        let now = cx.now();
        let kept = self.rules.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, rules)) = kept
            && now < read_at.plus_seconds(RULES_SECONDS)
            && now >= read_at
        {
            return Ok(rules);
        }
        let rules = Arc::new(cx.read(async |tx: &mut Tx| policy::policy(tx).await).await?);
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&rules)));
        Ok(rules)
    }

    fn principal(&self, rows: Vec<Found>, session_hash: [u8; 32]) -> Result<Option<Principal>, Fault> {
        let Some(first) = rows.first() else { return Ok(None) };
        let mut standing = Standing {
            fresh_until: Some(first.confirmed_at.plus_minutes(FRESH_MINUTES)),
            ..Standing::default()
        };
        if first.must_enrol {
            standing.confined_to = Some(match first.kind {
                Kind::Staff => "/admin/security",
                Kind::User => "/portal/security",
            });
        }
        let name = first.name.clone();
        let (actor, kind, permissions) = match first.kind {
            Kind::Staff => {
                let role = first.staff_role.as_deref().unwrap_or_default();
                let permissions = self.book.of_staff(role, first.own_permissions.as_deref());
                (Actor::Staff(first.subject), PrincipalKind::Staff, permissions)
            }
            Kind::User => {
                let (accounts, permissions) = self.accounts(&rows)?;
                let customer_ids = accounts.iter().filter(|it| it.is_current).map(|it| it.id).collect();
                standing.accounts = accounts;
                (Actor::User(first.subject), PrincipalKind::Customer { customer_ids }, permissions)
            }
        };
        // Until a second factor is set up there is nothing to be done but that.
        let permissions = if first.must_enrol { BTreeSet::new() } else { permissions };
        Ok(Some(Principal { actor, name, kind, permissions, session_hash, standing }))
    }

    /// A program with a token: some of the rights that its maker has now.
    async fn by_token(&self, cx: &Cx, header: &str) -> Result<Option<Principal>, Fault> {
        let Some(token) = header.strip_prefix("Bearer ").filter(|it| it.starts_with(api_tokens::PREFIX))
        else {
            return Ok(None);
        };
        let hash = token::hash(token);
        let stored = hex::encode(hash);
        let Some(found) = cx.read(async move |tx: &mut Tx| api_tokens::find(tx, &stored).await).await? else {
            return Ok(None);
        };
        if found.last_used_at.is_none_or(|at| cx.now() > at.plus_seconds(TOUCH_SECONDS)) {
            let id = found.id;
            cx.write(async move |tx: &mut Tx| {
                let now = tx.now();
                tx.exec(&api_tokens::TOUCH, params![id, now]).await.map(drop)
            })
            .await?;
        }
        let (kind, held) = match found.kind {
            Kind::Staff => {
                let role = found.staff_role.as_deref().unwrap_or_default();
                (PrincipalKind::Staff, self.book.of_staff(role, found.own_permissions.as_deref()))
            }
            Kind::User => {
                let held = match &found.team_role {
                    Some(code) => self.book.of_team(role(code)?),
                    None => BTreeSet::new(),
                };
                (PrincipalKind::Customer { customer_ids: found.customer.into_iter().collect() }, held)
            }
        };
        Ok(Some(Principal {
            actor: Actor::ApiKey(found.id),
            name: found.name,
            kind,
            permissions: held.intersection(&found.scopes).cloned().collect(),
            session_hash: hash,
            standing: Standing { is_token: true, ..Standing::default() },
        }))
    }

    /// The user whose eyes a member of staff looks through, on the pages of customers.
    async fn through_eyes(
        &self,
        cx: &Cx,
        token: String,
        session: String,
        session_hash: [u8; 32],
    ) -> Result<Option<Principal>, Fault> {
        let found = cx.read(async move |tx: &mut Tx| impersonation::find(tx, &token, &session).await).await?;
        let Some(eyes) = found else { return Ok(None) };
        Ok(Some(Principal {
            actor: Actor::StaffAs { staff: eyes.staff, user: eyes.user },
            name: eyes.user_name,
            kind: PrincipalKind::Customer { customer_ids: vec![eyes.customer] },
            permissions: self.book.of_team(role(&eyes.role)?),
            // The session of staff, so that forms of both areas belong to one session.
            session_hash,
            standing: Standing { impersonator: Some(eyes.staff_name), ..Standing::default() },
        }))
    }

    /// A user's customers, and the rights over the one the session acts for. Rights over another one are never mixed in.
    fn accounts(&self, rows: &[Found]) -> Result<(Vec<Account>, BTreeSet<String>), Fault> {
        let mut permissions = BTreeSet::new();
        let mut accounts = Vec::new();
        for found in rows {
            let Some((id, code, name)) = &found.membership else { continue };
            let is_current = found.customer == Some(*id);
            if is_current {
                permissions = self.book.of_team(role(code)?);
            }
            accounts.push(Account { id: *id, name: name.clone(), is_current });
        }
        Ok((accounts, permissions))
    }
}

fn context(request: &Parts) -> Result<Cx, Fault> {
    let cx = request.extensions.get::<Cx>().cloned();
    cx.ok_or_else(|| Fault::new("a request reached the authenticator without a context"))
}

#[async_trait]
impl Authenticate for SessionAuthenticator {
    async fn may_approach(&self, request: &Parts) -> Result<bool, Fault> {
        if Surface::of_path(request.uri.path()) != Surface::Staff {
            return Ok(true);
        }
        let cx = context(request)?;
        let rules = self.rules(&cx).await?;
        let address = request.extensions.get::<ClientAddress>().map(|it| it.0);
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(staff_gate::admits(&rules, address, &request.headers, cx.now()))
    }

    async fn authenticate(&self, request: &Parts) -> Result<Option<Principal>, Fault> {
        let cx = context(request)?;
        if let Some(value) = request.headers.get(header::AUTHORIZATION) {
            return self.by_token(&cx, value.to_str().unwrap_or_default()).await;
        }
        let Some(token) = SESSION_COOKIE.read(self.transport, &request.headers) else { return Ok(None) };
        let hash = token::hash(&token);
        let stored = hex::encode(hash);
        if Surface::of_path(request.uri.path()) == Surface::Customer
            && let Some(eyes) = EYES_COOKIE.read(self.transport, &request.headers)
            && let Some(seen) = self.through_eyes(&cx, eyes, stored.clone(), hash).await?
        {
            return Ok(Some(seen));
        }
        let rows = find(&cx, &stored, Surface::of_path(request.uri.path())).await?;
        if let Some(first) = rows.first()
            && cx.now() > first.seen_at.plus_seconds(TOUCH_SECONDS)
        {
            let kind = first.kind;
            cx.write(async move |tx: &mut Tx| {
                let now = tx.now();
                let idle_at = sessions::idle_until(kind, now);
                tx.exec(&TOUCH, params![&stored, now, idle_at]).await.map(drop)
            })
            .await?;
        }
        self.principal(rows, hash)
    }
}
