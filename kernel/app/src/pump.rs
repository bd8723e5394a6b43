//! Work of a module's own queue.

use async_trait::async_trait;
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_time::Instant;

/// A queue of a module's own beside the jobs, for work that mostly waits for somebody else and is done many at once: a
/// job worker would stand still over each.
///
/// The module keeps the queue in its tables, with leases, because any number of processes work it off at once.
#[async_trait]
pub trait Pump: Send + Sync {
    /// `provisioning.operations`; begins with the module's name.
    fn name(&self) -> &'static str;

    /// Works off what is due until nothing is, and returns how much that was. While `going_on` says no, what is under way
    /// comes to its end and nothing new begins.
    async fn drain(&self, cx: &Cx, going_on: &(dyn Fn() -> bool + Sync)) -> Result<usize, Fault>;

    /// When the next piece is due, if any waits.
    async fn next_at(&self, cx: &Cx) -> Result<Option<Instant>, Fault>;
}
