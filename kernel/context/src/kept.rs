//! What is asked for far more often than it changes, kept beside the database.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::TenantId;
use bursar_time::Instant;

use crate::Cx;

/// How long what another process changed may be shown as it was.
const KEPT_MICROS: i64 = 5_000_000;

/// Something read from the database, by tenant. It is read again as soon as this process has written anything, so that
/// whoever changed it sees it changed, and every few seconds for what another process changed.
#[derive(Debug)]
pub struct Kept<T>(RwLock<BTreeMap<TenantId, Entry<T>>>);

#[derive(Debug)]
struct Entry<T> {
    value: Arc<T>,
    read_at: Instant,
    /// How much this process had written before it was read.
    writes: u64,
}

impl<T> Entry<T> {
    fn holds(&self, now: Instant, writes: u64) -> bool {
        self.writes == writes && (0..KEPT_MICROS).contains(&now.since(self.read_at))
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// What is kept, or what `read` finds.
    ///
    /// # Errors
    /// What `read` fails with.
    pub async fn get<F>(&self, cx: &Cx, read: F) -> Result<Arc<T>, Fault>
    where
        F: AsyncFn(&mut Tx) -> Result<T, Fault> + Send + 'static,
    {
        // Before it is read: what is written meanwhile makes it stale, whether it was seen or not.
        let (now, writes) = (cx.now(), cx.db().writes());
        if let Some(value) = self.find(cx.tenant(), now, writes) {
            return Ok(value);
        }
        let value = Arc::new(cx.read(read).await?);
        let entry = Entry { value: Arc::clone(&value), read_at: now, writes };
        // An entry is replaced whole, so a thread that died while it held the lock left nothing half-done.
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(cx.tenant().clone(), entry);
        Ok(value)
    }

    fn find(&self, tenant: &TenantId, now: Instant, writes: u64) -> Option<Arc<T>> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(tenant).filter(|entry| entry.holds(now, writes)).map(|entry| Arc::clone(&entry.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_holds_until_something_is_written_or_five_seconds_are_over() {
        let noon = Instant::from_micros(1_767_268_800_000_000);
        let entry = Entry { value: Arc::new(()), read_at: noon, writes: 7 };
        assert!(entry.holds(noon, 7) && entry.holds(noon.plus_seconds(4), 7));
        assert!(!entry.holds(noon, 8), "something was written");
        assert!(!entry.holds(noon.plus_seconds(5), 7), "another process may have written");
        assert!(!entry.holds(noon.plus_seconds(-1), 7), "the clock was set back");
    }
}
