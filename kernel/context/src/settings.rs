//! Settings in the database: one JSON document per key, owned by the module whose name the key begins with.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

bursar_db::statements! {
    /// One document.
    pub(crate) FIND = "SELECT value FROM kernel_settings WHERE key = $1";
    /// Writes one document.
    pub(crate) PUT = "INSERT INTO kernel_settings (key, value, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
}

/// The statements of this store.
pub fn statements() -> &'static [&'static bursar_db::Statement] {
    STATEMENTS
}

/// The settings under a key, or their defaults when nobody has set them.
///
/// # Errors
/// A stored document that no longer fits its type is a fault that names the key, never silently a default.
pub async fn get<T: DeserializeOwned + Default>(tx: &mut Tx, key: &str) -> Result<T, Fault> {
    match tx.query_opt(&FIND, params![key], |row| row.get::<String>(0)).await? {
        None => Ok(T::default()),
        Some(text) => serde_json::from_str(&text)
            .map_err(|e| Fault::wrap(format!("settings {key} do not fit their type"), e)),
    }
}

/// Replaces the settings under a key.
pub async fn set<T: Serialize>(tx: &mut Tx, key: &str, value: &T) -> Result<(), Fault> {
    let text = serde_json::to_string(value).map_err(|e| Fault::wrap(format!("writing settings {key}"), e))?;
    let now = tx.now();
    tx.exec(&PUT, params![key, &text, now]).await.map(drop)
}
