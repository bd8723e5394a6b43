//! Whom a provider means.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use crate::sessions::Kind;
use crate::subject::{self, Subject};

bursar_db::statements! {
    /// Whom a name of the provider's means.
    pub(crate) FIND = "SELECT subject_id FROM identity_provider_links
        WHERE provider_id = $1 AND kind = $2 AND outside_subject = $3";
    /// From now on it means them.
    pub(crate) INSERT = "INSERT INTO identity_provider_links
            (id, provider_id, outside_subject, kind, subject_id, email, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Not any more; nobody takes somebody else's away.
    pub(crate) DELETE = "DELETE FROM identity_provider_links WHERE id = $1 AND kind = $2 AND subject_id = $3";
    /// All of somebody's.
    pub(crate) DELETE_OF = "DELETE FROM identity_provider_links WHERE kind = $1 AND subject_id = $2";
    /// By which somebody can sign in.
    pub(crate) OF_PERSON = "SELECT l.id, p.name, l.email, l.created_at FROM identity_provider_links l
        JOIN identity_providers p ON p.id = l.provider_id
        WHERE l.kind = $1 AND l.subject_id = $2 ORDER BY l.id LIMIT 50";
}

/// A provider by which somebody can sign in.
pub(crate) struct Linked {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) since: Instant,
}

pub(crate) async fn find(
    tx: &mut Tx,
    provider: i64,
    outside: &str,
    kind: Kind,
) -> Result<Option<Subject>, Fault> {
    let id = tx.query_opt(&FIND, params![provider, kind.code(), outside], |row| row.get(0)).await?;
    Ok(id.map(|id| Subject { kind, id }))
}

/// Connects, and tells the person: whoever has the account there signs in as them from now on.
pub(crate) async fn connect(
    tx: &mut Tx,
    provider: i64,
    outside: &str,
    email: &str,
    who: Subject,
) -> Result<(), Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let values = params![id, provider, outside, who.kind.code(), who.id, email, now];
    tx.exec_one(&INSERT, values).await?;
    subject::announce_change(tx, who, "provider_added").await
}

/// Takes a connection away from its person. False when it is gone already.
pub(crate) async fn disconnect(cx: &Cx, who: Subject, id: i64) -> Result<bool, Fault> {
    cx.write(async move |tx: &mut Tx| {
        let is_gone = tx.exec(&DELETE, params![id, who.kind.code(), who.id]).await? == 1;
        if is_gone {
            subject::announce_change(tx, who, "provider_removed").await?;
        }
        Ok(is_gone)
    })
    .await
}

/// Takes all of somebody's away and says how many.
pub(crate) async fn disconnect_all(tx: &mut Tx, who: Subject) -> Result<u64, Fault> {
    tx.exec(&DELETE_OF, params![who.kind.code(), who.id]).await
}

pub(crate) async fn of_person(tx: &mut Tx, who: Subject) -> Result<Vec<Linked>, Fault> {
    tx.query(&OF_PERSON, params![who.kind.code(), who.id], |row| {
        Ok(Linked { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, since: row.get(3)? })
    })
    .await
}
