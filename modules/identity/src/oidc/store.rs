//! SQL of sign-ins at apps: grants, codes, tokens, and what people have allowed.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::scope::Scopes;
use crate::sessions::Kind;
use crate::subject::Subject;

bursar_db::statements! {
    /// How and when the person of a session showed who they are.
    pub(crate) SESSION = "SELECT method, confirmed_at FROM identity_sessions WHERE token_hash = $1";
    /// A sign-in at an app.
    pub(crate) INSERT_GRANT = "INSERT INTO identity_app_grants
            (id, app_id, kind, subject_id, scopes, nonce, method, proved_at, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// It lasts until then.
    pub(crate) EXTEND_GRANT = "UPDATE identity_app_grants SET expires_at = $2 WHERE id = $1";
    /// Over, with everything that followed from it.
    pub(crate) DELETE_GRANT = "DELETE FROM identity_app_grants WHERE id = $1";
    /// A grant's.
    pub(crate) DELETE_CODES = "DELETE FROM identity_app_codes WHERE grant_id = $1";
    /// A grant's.
    pub(crate) DELETE_TOKENS = "DELETE FROM identity_app_tokens WHERE grant_id = $1";
    /// All of a person's.
    pub(crate) DELETE_GRANTS_OF = "DELETE FROM identity_app_grants WHERE kind = $1 AND subject_id = $2";
    /// All of a person's at one app.
    pub(crate) DELETE_GRANTS_AT = "DELETE FROM identity_app_grants
        WHERE kind = $1 AND subject_id = $2 AND app_id = $3";
    /// All at one app.
    pub(crate) DELETE_GRANTS_OF_APP = "DELETE FROM identity_app_grants WHERE app_id = $1";
    /// Those that are over.
    pub(crate) PURGE_GRANTS = "DELETE FROM identity_app_grants WHERE expires_at < $1";
    /// Those of grants that are over: nothing opens with them any more.
    pub(crate) PURGE_CODES = "DELETE FROM identity_app_codes WHERE NOT EXISTS
        (SELECT 1 FROM identity_app_grants g WHERE g.id = identity_app_codes.grant_id)";
    /// Those of grants that are over.
    pub(crate) PURGE_TOKENS = "DELETE FROM identity_app_tokens WHERE NOT EXISTS
        (SELECT 1 FROM identity_app_grants g WHERE g.id = identity_app_tokens.grant_id)";
    /// Those that are over.
    pub(crate) PURGE_OLD_TOKENS = "DELETE FROM identity_app_tokens WHERE expires_at < $1";
    /// A code.
    pub(crate) INSERT_CODE = "INSERT INTO identity_app_codes (code_hash, grant_id, redirect_uri, challenge, expires_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// A code with what it stands for.
    pub(crate) FIND_CODE = "SELECT g.id, g.app_id, g.kind, g.subject_id, g.scopes, g.nonce, g.method, g.proved_at,
            g.created_at, g.expires_at, c.redirect_uri, c.challenge, c.expires_at, c.used_at
        FROM identity_app_codes c JOIN identity_app_grants g ON g.id = c.grant_id WHERE c.code_hash = $1";
    /// Used, once.
    pub(crate) USE_CODE = "UPDATE identity_app_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL";
    /// A token.
    pub(crate) INSERT_TOKEN = "INSERT INTO identity_app_tokens (token_hash, grant_id, purpose, scopes, expires_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// A token with what it stands for.
    pub(crate) FIND_TOKEN = "SELECT g.id, g.app_id, g.kind, g.subject_id, t.scopes, g.nonce, g.method, g.proved_at,
            g.created_at, g.expires_at, t.expires_at, t.used_at
        FROM identity_app_tokens t JOIN identity_app_grants g ON g.id = t.grant_id
        WHERE t.token_hash = $1 AND t.purpose = $2";
    /// Used, once.
    pub(crate) USE_TOKEN = "UPDATE identity_app_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL";
    /// Given up.
    pub(crate) DELETE_TOKEN = "DELETE FROM identity_app_tokens WHERE token_hash = $1";
    /// What somebody allowed an app.
    pub(crate) CONSENT = "SELECT scopes FROM identity_app_consents
        WHERE app_id = $1 AND kind = $2 AND subject_id = $3";
    /// Allowed.
    pub(crate) PUT_CONSENT = "INSERT INTO identity_app_consents (app_id, kind, subject_id, scopes, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (app_id, kind, subject_id) DO UPDATE SET scopes = excluded.scopes, created_at = excluded.created_at";
    /// Allowed no more.
    pub(crate) DELETE_CONSENT = "DELETE FROM identity_app_consents WHERE app_id = $1 AND kind = $2 AND subject_id = $3";
    /// Nothing is allowed any more.
    pub(crate) DELETE_CONSENTS_OF = "DELETE FROM identity_app_consents WHERE kind = $1 AND subject_id = $2";
    /// Nobody allows anything to an app that is gone.
    pub(crate) DELETE_CONSENTS_OF_APP = "DELETE FROM identity_app_consents WHERE app_id = $1";
    /// Apps that know somebody: by consent, or because somebody is signed in there.
    pub(crate) CONNECTED = "SELECT a.id, a.name, MAX(x.at) FROM identity_apps a JOIN (
            SELECT app_id, created_at AS at FROM identity_app_consents WHERE kind = $1 AND subject_id = $2
            UNION ALL
            SELECT app_id, created_at AS at FROM identity_app_grants
            WHERE kind = $1 AND subject_id = $2 AND expires_at > $3) x ON x.app_id = a.id
        GROUP BY a.id, a.name ORDER BY a.name, a.id LIMIT 100";
}

/// A sign-in of a person at an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) id: i64,
    pub(crate) app_id: i64,
    pub(crate) subject: Subject,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: String,
    pub(crate) method: String,
    pub(crate) proved_at: Instant,
    pub(crate) created_at: Instant,
    pub(crate) expires_at: Instant,
}

/// A code as stored.
pub(crate) struct CodeRow {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) expires_at: Instant,
    pub(crate) is_used: bool,
}

/// A token as stored.
pub(crate) struct TokenRow {
    pub(crate) grant: Grant,
    pub(crate) expires_at: Instant,
    pub(crate) is_used: bool,
}

fn grant(row: &Row<'_>) -> Result<Grant, Fault> {
    let kind = if row.text(2)? == "staff" { Kind::Staff } else { Kind::User };
    Ok(Grant {
        id: row.get(0)?,
        app_id: row.get(1)?,
        subject: Subject { kind, id: row.get(3)? },
        scopes: Scopes::parse(row.text(4)?),
        nonce: row.get(5)?,
        method: row.get(6)?,
        proved_at: row.get(7)?,
        created_at: row.get(8)?,
        expires_at: row.get(9)?,
    })
}

pub(crate) async fn insert_grant(tx: &mut Tx, it: &Grant) -> Result<(), Fault> {
    let scopes = it.scopes.to_string();
    let values = params![
        it.id,
        it.app_id,
        it.subject.kind.code(),
        it.subject.id,
        &scopes,
        &it.nonce,
        &it.method,
        it.proved_at,
        it.created_at,
        it.expires_at
    ];
    tx.exec_one(&INSERT_GRANT, values).await
}

pub(crate) async fn find_code(tx: &mut Tx, hash: &str) -> Result<Option<CodeRow>, Fault> {
    tx.query_opt(&FIND_CODE, params![hash], |row| {
        Ok(CodeRow {
            grant: grant(row)?,
            redirect_uri: row.get(10)?,
            challenge: row.get(11)?,
            expires_at: row.get(12)?,
            is_used: row.get::<Option<Instant>>(13)?.is_some(),
        })
    })
    .await
}

pub(crate) async fn find_token(tx: &mut Tx, hash: &str, purpose: &str) -> Result<Option<TokenRow>, Fault> {
    tx.query_opt(&FIND_TOKEN, params![hash, purpose], |row| {
        Ok(TokenRow {
            grant: grant(row)?,
            expires_at: row.get(10)?,
            is_used: row.get::<Option<Instant>>(11)?.is_some(),
        })
    })
    .await
}

/// Ends a sign-in: its codes and tokens open nothing any more.
pub(crate) async fn end_grant(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    for statement in [&DELETE_TOKENS, &DELETE_CODES, &DELETE_GRANT] {
        tx.exec(statement, params![id]).await?;
    }
    Ok(())
}

/// Signs somebody out of every app: their password changed, or they may not sign in any more. A token without its
/// grant is found by nobody, and the nightly purge takes it.
pub(crate) async fn end_grants_of(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&DELETE_GRANTS_OF, params![subject.kind.code(), subject.id]).await.map(drop)
}

/// Forgets what somebody has allowed apps to know.
pub(crate) async fn forget_consents(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&DELETE_CONSENTS_OF, params![subject.kind.code(), subject.id]).await.map(drop)
}

/// What somebody has allowed an app.
pub(crate) async fn consent(tx: &mut Tx, app: i64, subject: Subject) -> Result<Scopes, Fault> {
    let found = tx
        .query_opt(&CONSENT, params![app, subject.kind.code(), subject.id], |row| row.get::<String>(0))
        .await?;
    Ok(found.map(|text| Scopes::parse(&text)).unwrap_or_default())
}

pub(crate) async fn put_consent(
    tx: &mut Tx,
    app: i64,
    subject: Subject,
    scopes: Scopes,
) -> Result<(), Fault> {
    let (text, now) = (scopes.to_string(), tx.now());
    tx.exec_one(&PUT_CONSENT, params![app, subject.kind.code(), subject.id, &text, now]).await
}

/// An app that knows somebody.
pub(crate) struct Connected {
    pub(crate) app_id: i64,
    pub(crate) name: String,
    pub(crate) since: Instant,
}

/// The apps that know somebody.
pub(crate) async fn connected(tx: &mut Tx, subject: Subject) -> Result<Vec<Connected>, Fault> {
    let now = tx.now();
    tx.query(&CONNECTED, params![subject.kind.code(), subject.id, now], |row| {
        Ok(Connected { app_id: row.get(0)?, name: row.get(1)?, since: row.get(2)? })
    })
    .await
}

/// Takes back what somebody allowed an app, and signs them out there.
pub(crate) async fn disconnect(tx: &mut Tx, subject: Subject, app: i64) -> Result<(), Fault> {
    let kind = subject.kind.code();
    tx.exec(&DELETE_CONSENT, params![app, kind, subject.id]).await?;
    tx.exec(&DELETE_GRANTS_AT, params![kind, subject.id, app]).await.map(drop)
}

/// Removes what is over.
pub(crate) async fn purge(tx: &mut Tx) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&PURGE_GRANTS, params![now]).await?;
    tx.exec(&PURGE_OLD_TOKENS, params![now]).await?;
    tx.exec(&PURGE_TOKENS, params![]).await?;
    tx.exec(&PURGE_CODES, params![]).await?;
    let signed = now.plus_days(-super::keys::BESIDE_DAYS);
    tx.exec(&super::keys::PURGE, params![signed]).await.map(drop)
}
