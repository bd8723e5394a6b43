//! Giving an app a code for somebody who is signed in.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::apps::{self, App};
use super::request::{Asker, Request};
use super::scope::Scopes;
use super::store::{self, Grant};
use crate::limits::{self, Limit};
use crate::subject::Subject;
use crate::token;

/// How long a code can be exchanged: the browser carries it from one page to the next.
const CODE_SECONDS: i64 = 120;
/// Sign-ins of one person at apps: somebody who opens many windows, not a program that runs in circles.
const SIGN_INS: Limit = Limit { tries: 120, minutes: 15 };

/// The app that asks, who is there, and what they have allowed it.
pub(crate) async fn situation(
    cx: &Cx,
    client_id: &str,
    who: Option<(Subject, [u8; 32])>,
) -> Result<Option<(App, Option<Asker>, Scopes)>, Fault> {
    let client_id = client_id.to_owned();
    cx.read(async move |tx: &mut Tx| {
        let found = apps::find_by_client(tx, &client_id).await?;
        let Some(app) = found.filter(|app| app.draft.is_active) else { return Ok(None) };
        let Some((subject, session)) = who else { return Ok(Some((app, None, Scopes::default()))) };
        let hash = hex::encode(session);
        let session = tx
            .query_opt(&store::SESSION, params![&hash], |row| {
                Ok((row.get::<String>(0)?, row.get::<Instant>(1)?))
            })
            .await?;
        let allowed = store::consent(tx, app.id, subject).await?;
        let asker = session.map(|(method, proved_at)| Asker { subject, method, proved_at });
        Ok(Some((app, asker, allowed)))
    })
    .await
}

/// Notes what somebody allowed, beside what they had allowed before.
pub(crate) async fn allow(cx: &Cx, app: &App, subject: Subject, scopes: Scopes) -> Result<(), Fault> {
    let (app, name) = (app.id, app.draft.name.clone());
    cx.write(async move |tx: &mut Tx| {
        let before = store::consent(tx, app, subject).await?;
        let names = before.names().chain(scopes.names()).collect::<Vec<_>>().join(" ");
        store::put_consent(tx, app, subject, Scopes::parse(&names)).await?;
        let (path, after) = (subject.path(), serde_json::json!({ "app": name, "scopes": names }));
        let action = "identity.app.allow";
        bursar_audit::record(
            tx,
            bursar_audit::Audit { action, subject: &path, before: None, after: Some(after) },
        )
        .await
    })
    .await
}

/// Makes a code. None when somebody signed in too often in a short time.
pub(crate) async fn issue(
    cx: &Cx,
    app: &App,
    asker: &Asker,
    request: &Request,
) -> Result<Option<String>, Fault> {
    let (app_id, asker, request) = (app.id, asker.clone(), request.clone());
    cx.write(async move |tx: &mut Tx| {
        let subject = asker.subject;
        if !limits::spend(tx, SIGN_INS, "app-sign-in", &subject.path()).await? {
            return Ok(None);
        }
        let (code, now) = (tx.random_token(token::BYTES), tx.now());
        let expires_at = now.plus_seconds(CODE_SECONDS);
        let grant = Grant {
            id: tx.new_raw_id()?,
            app_id,
            subject,
            scopes: request.scopes,
            nonce: request.nonce.clone(),
            method: asker.method.clone(),
            proved_at: asker.proved_at,
            created_at: now,
            expires_at,
        };
        store::insert_grant(tx, &grant).await?;
        let hash = token::stored(&code);
        let values = params![&hash, grant.id, &request.redirect_uri, &request.challenge, expires_at];
        tx.exec_one(&store::INSERT_CODE, values).await?;
        Ok(Some(code))
    })
    .await
}
