//! Views that a person saved: an address of the list under a name of their own.

use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_ids::Actor;

/// Views of one list that a person can have.
const MOST: i64 = 50;
/// Letters of a name.
const LONGEST_NAME: usize = 60;
/// Bytes of an address.
const LONGEST_QUERY: usize = 2_000;

bursar_db::statements! {
    /// A person's views of a list.
    pub(crate) LIST = "SELECT id, name, query, is_first FROM kernel_saved_views
        WHERE actor_kind = $1 AND actor_id = $2 AND resource = $3 ORDER BY name, id LIMIT $4";
    /// A new view, or a new address under a name that is there.
    pub(crate) SAVE = "INSERT INTO kernel_saved_views (id, actor_kind, actor_id, resource, name, query, is_first, saved_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (actor_kind, actor_id, resource, name)
        DO UPDATE SET query = excluded.query, is_first = excluded.is_first, saved_at = excluded.saved_at";
    /// No view is the first one any more.
    pub(crate) CLEAR_FIRST = "UPDATE kernel_saved_views SET is_first = 0
        WHERE actor_kind = $1 AND actor_id = $2 AND resource = $3 AND is_first = 1";
    /// Forgets one of a person's own.
    pub(crate) REMOVE = "DELETE FROM kernel_saved_views
        WHERE id = $1 AND actor_kind = $2 AND actor_id = $3 AND resource = $4";
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SavedView {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// What stands behind the question mark of its address.
    pub(crate) query: String,
    /// The list begins with it.
    pub(crate) is_first: bool,
}

/// A view to be saved.
#[derive(Debug, Clone)]
pub(crate) struct NewView {
    pub(crate) name: String,
    pub(crate) query: String,
    pub(crate) is_first: bool,
}

/// Why a view is not saved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ViewError {
    #[error("{}", .0.message)]
    Invalid(FieldError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl NewView {
    pub(crate) fn check(&self) -> Result<(), ViewError> {
        let refuse = |message: &str| Err(ViewError::Invalid(FieldError::new("name", message)));
        match self.name.chars().count() {
            0 => refuse("Give the view a name, for example: Overdue in Germany."),
            letters if letters > LONGEST_NAME => refuse("Use at most 60 characters for the name of a view."),
            _ if self.query.len() > LONGEST_QUERY => {
                refuse("This view narrows by more than can be kept. Leave a filter out.")
            }
            _ => Ok(()),
        }
    }
}

/// Who keeps views: people and keys, not the system.
fn owner(actor: &Actor) -> Option<(&'static str, i64)> {
    actor.id().map(|id| (actor.kind(), id))
}

pub(crate) async fn list(tx: &mut Tx, resource: &str) -> Result<Vec<SavedView>, Fault> {
    let Some((kind, id)) = owner(tx.actor()) else { return Ok(Vec::new()) };
    tx.query(&LIST, params![kind, id, resource, MOST], |row| {
        Ok(SavedView { id: row.get(0)?, name: row.get(1)?, query: row.get(2)?, is_first: row.get(3)? })
    })
    .await
}

/// Saves a view; one of the same name gets the new address.
pub(crate) async fn save(tx: &mut Tx, resource: &str, view: &NewView) -> Result<(), ViewError> {
    view.check()?;
    let Some((kind, owner_id)) = owner(tx.actor()) else { return Ok(()) };
    let saved = list(tx, resource).await?;
    if saved.len() as i64 >= MOST && !saved.iter().any(|known| known.name == view.name) {
        let message = "You have 50 views of this list. Remove one first.";
        return Err(ViewError::Invalid(FieldError::new("name", message)));
    }
    if view.is_first {
        tx.exec(&CLEAR_FIRST, params![kind, owner_id, resource]).await?;
    }
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let values = params![id, kind, owner_id, resource, &view.name, &view.query, view.is_first, now];
    tx.exec_one(&SAVE, values).await?;
    Ok(())
}

/// Forgets a view of the person's own; whether there was one.
pub(crate) async fn remove(tx: &mut Tx, resource: &str, id: i64) -> Result<bool, Fault> {
    let Some((kind, owner_id)) = owner(tx.actor()) else { return Ok(false) };
    Ok(tx.exec(&REMOVE, params![id, kind, owner_id, resource]).await? > 0)
}
