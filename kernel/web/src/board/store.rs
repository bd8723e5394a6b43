//! What people arranged.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use super::arrange::Layout;

bursar_db::statements! {
    /// A person's order of the cards.
    pub(crate) FIND = "SELECT layout FROM kernel_boards WHERE actor_kind = $1 AND actor_id = $2";
    /// Keeps it.
    pub(crate) PUT = "INSERT INTO kernel_boards (actor_kind, actor_id, layout, saved_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (actor_kind, actor_id) DO UPDATE SET layout = excluded.layout, saved_at = excluded.saved_at";
    /// As it was at first.
    pub(crate) FORGET = "DELETE FROM kernel_boards WHERE actor_kind = $1 AND actor_id = $2";
}

/// The actor's layout; the usual one for who never changed it, and for who is no person.
pub(crate) async fn find(tx: &mut Tx) -> Result<Layout, Fault> {
    let Some(id) = tx.actor().id() else { return Ok(Layout::default()) };
    let kind = tx.actor().kind();
    let text = tx.query_opt(&FIND, params![kind, id], |row| row.get::<String>(0)).await?;
    match text {
        None => Ok(Layout::default()),
        Some(text) => serde_json::from_str(&text)
            .map_err(|e| Fault::wrap("a person's order of cards cannot be read", e)),
    }
}

/// Keeps the actor's layout.
pub(crate) async fn save(tx: &mut Tx, layout: &Layout) -> Result<(), Fault> {
    let Some(id) = tx.actor().id() else { return Ok(()) };
    let text = serde_json::to_string(layout).map_err(|e| Fault::wrap("writing an order of cards", e))?;
    let (kind, now) = (tx.actor().kind(), tx.now());
    tx.exec_one(&PUT, params![kind, id, &text, now]).await
}

/// Forgets the actor's layout.
pub(crate) async fn forget(tx: &mut Tx) -> Result<(), Fault> {
    let Some(id) = tx.actor().id() else { return Ok(()) };
    let kind = tx.actor().kind();
    tx.exec(&FORGET, params![kind, id]).await.map(drop)
}
