//! Works off operations, many at once: most of a turn is waiting for a vendor.

use async_trait::async_trait;
use bursar_app::Pump;
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_inventory::HostingDrivers;
use bursar_time::Instant;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use crate::Seals;
use crate::act::{Acted, act};
use crate::claim::{Turn, claim, next_at};
use crate::prepare::{Prepared, prepare};
use crate::record::record;

/// Turns under way at once in one process; each server has a limit of its own below this.
pub const MOST_AT_ONCE: usize = 200;
/// While turns are under way, new ones are looked for this often.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The operations of services.
#[derive(Debug, Clone)]
pub struct Operations {
    drivers: HostingDrivers,
    seals: Seals,
    at_once: usize,
}

impl Operations {
    /// Over these drivers.
    pub fn new(drivers: HostingDrivers, seals: Seals) -> Self {
        Self { drivers, seals, at_once: MOST_AT_ONCE }
    }

    /// One turn, from reading what is known to writing down what came of it. Safe to lose anywhere: the lease runs out,
    /// and whoever takes the operation over looks at the vendor first.
    async fn turn(&self, cx: &Cx, turn: Turn) -> Result<(), Fault> {
        let (operation, acted) = match prepare(cx, &self.drivers, &self.seals, turn).await? {
            Prepared::Placed | Prepared::Lost => return Ok(()),
            Prepared::Answered(operation, answer) => {
                let acted = Acted {
                    what: "",
                    answer,
                    exchanges: Vec::new(),
                    at: cx.now(),
                    took_micros: 0,
                    seen: None,
                };
                (*operation, acted)
            }
            Prepared::Call(errand) => {
                let acted = act(cx, &self.drivers, &errand).await;
                (errand.operation, acted)
            }
        };
        if !record(cx, operation, acted).await? {
            tracing::warn!(
                operation.id = turn.operation_id,
                "a turn took longer than its lease and counts for nothing"
            );
        }
        Ok(())
    }

    async fn guarded(&self, cx: &Cx, turn: Turn) -> Result<(), Fault> {
        // A panic is one driver's mistake, and the other turns must go on; the lease gives this one back.
        AssertUnwindSafe(self.turn(cx, turn)).catch_unwind().await.unwrap_or_else(|_| {
            Err(Fault::new(format!("the turn of operation {} panicked", turn.operation_id)))
        })
    }
}

#[async_trait]
impl Pump for Operations {
    fn name(&self) -> &'static str {
        "provisioning.operations"
    }

    async fn drain(&self, cx: &Cx, going_on: &(dyn Fn() -> bool + Sync)) -> Result<usize, Fault> {
        let cx = &cx.as_system("provisioning", "bringing services to what they should be");
        let mut under_way = FuturesUnordered::new();
        let (mut done, mut first_fault) = (0, None);
        loop {
            // A fault is the database's: what is under way is still recorded if it can be, and nothing new begins.
            if going_on() && first_fault.is_none() {
                let room = self.at_once.saturating_sub(under_way.len());
                match claim(cx, room).await {
                    Ok(turns) => under_way.extend(turns.into_iter().map(|turn| self.guarded(cx, turn))),
                    Err(fault) => first_fault = Some(fault),
                }
            }
            if under_way.is_empty() {
                return first_fault.map_or(Ok(done), Err);
            }
            let Ok(Some(ended)) = tokio::time::timeout(LOOK_AGAIN, under_way.next()).await else { continue };
            let mut ended = vec![ended];
            // What ended at the same time is taken together, so that one look for new turns serves all of it.
            while let Some(Some(more)) = under_way.next().now_or_never() {
                ended.push(more);
            }
            for result in ended {
                done += 1;
                if let Err(fault) = result {
                    tracing::error!(fault = fault.chain(), "a turn failed; its lease gives it back");
                    first_fault.get_or_insert(fault);
                }
            }
        }
    }

    async fn next_at(&self, cx: &Cx) -> Result<Option<Instant>, Fault> {
        next_at(cx).await
    }
}
