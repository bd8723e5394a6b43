//! From the cookie to the person.

use std::collections::BTreeSet;

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Actor;
use bursar_web::{Authenticate, Principal, PrincipalKind, SESSION_COOKIE, Transport};

use crate::token;

bursar_db::statements! {
    /// A session that has not ended, of staff only while they are active.
    pub(crate) FIND = "SELECT s.kind, s.subject_id, s.name FROM identity_sessions s
        LEFT JOIN identity_staff p ON s.kind = 'staff' AND p.id = s.subject_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND (s.kind = 'customer' OR p.status = 'active')";
}

/// Finds the person behind a request's session cookie. Expects the tenant's context among the request's extensions.
#[derive(Debug)]
pub struct SessionAuthenticator {
    transport: Transport,
    every_permission: BTreeSet<String>,
}

impl SessionAuthenticator {
    /// For requests over this transport; owners get every permission there is.
    pub fn new(transport: Transport, every_permission: impl IntoIterator<Item = &'static str>) -> Self {
        Self { transport, every_permission: every_permission.into_iter().map(str::to_owned).collect() }
    }

    fn principal(&self, kind: &str, subject: i64, name: String, session_hash: [u8; 32]) -> Principal {
        let (actor, kind, permissions) = if kind == "staff" {
            (Actor::Staff(subject), PrincipalKind::Staff, self.every_permission.clone())
        } else {
            let kind = PrincipalKind::Customer { customer_ids: vec![subject] };
            (Actor::User(subject), kind, BTreeSet::new())
        };
        Principal { actor, name, kind, permissions, session_hash }
    }
}

#[async_trait]
impl Authenticate for SessionAuthenticator {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Principal>, Fault> {
        let Some(token) = SESSION_COOKIE.read(self.transport, &request.headers) else { return Ok(None) };
        let cx = request
            .extensions
            .get::<Cx>()
            .cloned()
            .ok_or_else(|| Fault::new("a request reached the authenticator without a context"))?;
        let hash = token::hash(&token);
        let stored = hex::encode(hash);
        let found = cx
            .read(async move |tx: &mut Tx| {
                let now = tx.now();
                tx.query_opt(&FIND, params![&stored, now], |row| {
                    Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?))
                })
                .await
            })
            .await?;
        Ok(found.map(|(kind, subject, name)| self.principal(&kind, subject, name, hash)))
    }
}
