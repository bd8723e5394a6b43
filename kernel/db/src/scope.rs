//! What a unit of work knows about its surroundings: who, when, where ids and randomness come from.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bursar_ids::{Actor, IdBlock, Rng};
use bursar_time::{Date, Instant, TimeZone};

crate::statements! {
    /// Takes a block of ids; the caller owns `next - $1 .. next`.
    pub(crate) TAKE_IDS = "UPDATE kernel_id_blocks SET next = next + $1 WHERE name = 'ids' RETURNING next";
    /// Makes sure that new ids start above an imported one.
    pub(crate) RAISE_IDS = "UPDATE kernel_id_blocks SET next = $1 WHERE name = 'ids' AND next < $1";
}

/// Ids are refilled before a unit of work when fewer than this are left.
pub(crate) const LOW_WATER: u64 = 16_384;
/// How many ids a process takes at a time: large, so that bulk work rarely writes the block row.
pub(crate) const BLOCK: i64 = 65_536;

/// Ascending ids for one process, shared by its units of work.
#[derive(Debug, Default)]
pub struct IdSource(Mutex<Vec<IdBlock>>);

impl IdSource {
    pub(crate) fn take(&self) -> Option<i64> {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(block) = blocks.first_mut() {
            if let Some(id) = block.take() {
                return Some(id);
            }
            blocks.remove(0);
        }
        None
    }

    pub(crate) fn left(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(IdBlock::left).sum()
    }

    pub(crate) fn add(&self, block: IdBlock) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(block);
    }

    /// Forgets what is left, so that the next unit takes a fresh block (after ids were raised by an import).
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Values by type that upper kernel crates hang on a unit of work (the event router, for one).
#[derive(Default, Clone)]
pub struct Attachments(BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Attachments {
    /// Adds or replaces the value of its type.
    pub fn insert<T: Any + Send + Sync>(&mut self, value: Arc<T>) {
        self.0.insert(TypeId::of::<T>(), value);
    }

    /// The value of a type.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref())
    }
}

impl std::fmt::Debug for Attachments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachments({})", self.0.len())
    }
}

/// The surroundings of one unit of work. Time stands still inside it.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The instant of this work.
    pub now: Instant,
    /// The calendar date in the tenant's zone.
    pub today: Date,
    /// The tenant's zone.
    pub zone: TimeZone,
    /// Who does it.
    pub actor: Actor,
    /// Ties log lines and audit rows of one request together.
    pub request_id: String,
    /// Randomness.
    pub rng: Arc<Mutex<Rng>>,
    /// See [`Attachments`].
    pub attachments: Arc<Attachments>,
}
