//! Where drivers without a vendor write: a few texts under names, for each server.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_outbound::{CallError, Notebook, Noted};

bursar_db::statements! {
    /// One note.
    pub(crate) READ = "SELECT text FROM inventory_notes WHERE server_id = $1 AND name = $2";
    /// The notes whose names begin so, after one.
    pub(crate) LIST = "SELECT name, text FROM inventory_notes WHERE server_id = $1 AND name > $2 AND substr(name, 1, $3) = $4
        ORDER BY name LIMIT $5";
    /// A new note, unless there is one.
    pub(crate) INSERT = "INSERT INTO inventory_notes (server_id, name, text, digest) VALUES ($1, $2, $3, $4)
        ON CONFLICT (server_id, name) DO NOTHING";
    /// Another text over the one that was seen.
    pub(crate) UPDATE = "UPDATE inventory_notes SET text = $1 WHERE server_id = $2 AND name = $3 AND text = $4";
    /// Strikes out what was seen.
    pub(crate) DELETE = "DELETE FROM inventory_notes WHERE server_id = $1 AND name = $2 AND text = $3";
    /// Some notes of some servers.
    pub(crate) READ_MANY = "SELECT server_id, name, text FROM inventory_notes
        WHERE digest {any:$1} AND server_id {any:$2}";
    /// Strikes out everything of a server.
    pub(crate) DELETE_ALL = "DELETE FROM inventory_notes WHERE server_id = $1";
}

/// How many notes are read at once.
const PART: i64 = 500;

/// The notes of one server, in the tenant's database.
#[derive(Debug, Clone)]
pub struct ServerNotebook {
    cx: Cx,
    server_id: i64,
}

impl ServerNotebook {
    /// The notebook of a server.
    pub fn new(cx: &Cx, server_id: i64) -> Self {
        Self { cx: cx.clone(), server_id }
    }
}

/// The notes after a name that begin so.
async fn part(
    tx: &mut Tx,
    server_id: i64,
    beginning: &str,
    after: &str,
) -> Result<Vec<(String, String)>, Fault> {
    let length = i64::try_from(beginning.chars().count()).unwrap_or(i64::MAX);
    tx.query(&LIST, params![server_id, after, length, beginning, PART], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?))
    })
    .await
}

/// The notes of these names that these servers have: for whoever shows them.
///
/// # Errors
/// Faults of the database.
pub async fn read_notes(
    tx: &mut Tx,
    servers: &[i64],
    names: &[String],
) -> Result<BTreeMap<(i64, String), String>, Fault> {
    let digests: Vec<i64> = names.iter().map(|name| digest(name)).collect();
    let found = tx
        .query(&READ_MANY, params![&digests, servers], |row| {
            Ok(((row.get::<i64>(0)?, row.get::<String>(1)?), row.get::<String>(2)?))
        })
        .await?;
    // Two names may have one digest.
    Ok(found.into_iter().filter(|((_, name), _)| names.contains(name)).collect())
}

/// FNV-1a: stored, so that it never becomes another one.
fn digest(name: &str) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash.cast_signed()
}

/// Writes a note in the caller's transaction, as [`Notebook::write`] says.
///
/// # Errors
/// Faults of the database.
pub async fn write_note(
    tx: &mut Tx,
    server_id: i64,
    name: &str,
    before: Option<&str>,
    text: Option<&str>,
) -> Result<bool, Fault> {
    let changed = match (before, text) {
        (None, Some(text)) => tx.exec(&INSERT, params![server_id, name, text, digest(name)]).await?,
        (Some(before), Some(text)) => tx.exec(&UPDATE, params![text, server_id, name, before]).await?,
        (Some(before), None) => tx.exec(&DELETE, params![server_id, name, before]).await?,
        (None, None) => {
            let there = tx.query_opt(&READ, params![server_id, name], |row| row.get::<String>(0)).await?;
            return Ok(there.is_none());
        }
    };
    Ok(changed == 1)
}

impl Notebook for ServerNotebook {
    fn read<'a>(&'a self, name: &'a str) -> Noted<'a, Option<String>> {
        let (server_id, name) = (self.server_id, name.to_owned());
        Box::pin(async move {
            let note = self.cx.read(async move |tx: &mut Tx| {
                tx.query_opt(&READ, params![server_id, &*name], |row| row.get::<String>(0)).await
            });
            note.await
                .map_err(|fault: Fault| CallError::NotSent(format!("the notes cannot be read: {fault}")))
        })
    }

    fn list<'a>(&'a self, beginning: &'a str) -> Noted<'a, Vec<(String, String)>> {
        let server_id = self.server_id;
        Box::pin(async move {
            let mut all: Vec<(String, String)> = Vec::new();
            loop {
                let beginning = beginning.to_owned();
                let after = all.last().map(|(name, _)| name.clone()).unwrap_or_default();
                let found = self
                    .cx
                    .read(async move |tx: &mut Tx| part(tx, server_id, &beginning, &after).await)
                    .await
                    .map_err(|fault: Fault| {
                        CallError::NotSent(format!("the notes cannot be read: {fault}"))
                    })?;
                let is_last = i64::try_from(found.len()).is_ok_and(|count| count < PART);
                all.extend(found);
                if is_last {
                    return Ok(all);
                }
            }
        })
    }

    fn write<'a>(&'a self, name: &'a str, before: Option<&'a str>, text: Option<&'a str>) -> Noted<'a, bool> {
        let server_id = self.server_id;
        let (name, before, text) = (name.to_owned(), before.map(str::to_owned), text.map(str::to_owned));
        Box::pin(async move {
            let written = self.cx.write(async move |tx: &mut Tx| {
                write_note(tx, server_id, &name, before.as_deref(), text.as_deref()).await
            });
            // Whether a commit that failed was kept nobody knows.
            written
                .await
                .map_err(|fault: Fault| CallError::Unknown(format!("the notes cannot be written: {fault}")))
        })
    }
}
