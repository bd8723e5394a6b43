//! What a server does beside answering requests.

use std::sync::Arc;
use std::time::Duration;

use bursar_context::Cx;
use bursar_events::Dispatcher;
use bursar_fault::Fault;
use bursar_jobs::Runner;
use bursar_time::Instant;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::App;

/// The longest sleep: other processes write to the same database and cannot wake this one.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// The shortest, for work that is due in less or that somebody else holds.
const SHORTEST_SLEEP: Duration = Duration::from_millis(20);
/// The longest pause while the database does not answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// What runs when the server stops gets so long to end. What does not is cut off, and its lease gives it to another.
const GRACE: Duration = Duration::from_secs(20);
/// Small, so that a stopping server does not first work off a long list.
const PAGE: usize = 16;

/// Ticks schedules, delivers events and runs jobs until it is told to stop.
///
/// Any number of processes may do this on one database. One task delivers (deliveries of one subject are in order, so
/// more would only wait for each other), one ticks, each pump has one, and `workers` run jobs.
#[derive(Debug, Clone)]
pub struct Background {
    app: App,
    workers: usize,
    wake: Arc<Wake>,
}

/// Tells sleeping tasks that there is work.
#[derive(Debug)]
struct Wake {
    deliveries: Notify,
    jobs: Notify,
    /// One for each pump.
    pumps: Vec<Notify>,
}

impl Wake {
    fn pumps(&self) {
        self.pumps.iter().for_each(Notify::notify_one);
    }
}

#[derive(Debug, Clone, Copy)]
enum Task {
    Tick,
    Deliver,
    Work,
    Pump(usize),
}

impl Background {
    /// Background work with so many job workers (at least one).
    pub fn new(app: App, workers: usize) -> Self {
        let pumps = app.pumps().iter().map(|_| Notify::new()).collect();
        let wake = Arc::new(Wake { deliveries: Notify::new(), jobs: Notify::new(), pumps });
        Self { app, workers: workers.max(1), wake }
    }

    /// Looks for work now and not within a second: for a caller that has just committed some.
    pub fn wake(&self) {
        self.wake.deliveries.notify_one();
        self.wake.jobs.notify_one();
        self.wake.pumps();
    }

    /// Runs until `shutdown` resolves, then lets what runs come to its end.
    pub async fn run(&self, cx: Cx, shutdown: impl Future<Output = ()>) {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let kinds =
            [Task::Tick, Task::Deliver].into_iter().chain(std::iter::repeat_n(Task::Work, self.workers));
        let kinds = kinds.chain((0..self.app.pumps().len()).map(Task::Pump));
        for task in kinds {
            tasks.spawn(repeat(self.clone(), cx.clone(), task, stopped.clone()));
        }
        shutdown.await;
        stop.send_replace(true);
        let all_ended = tokio::time::timeout(GRACE, async {
            while let Some(ended) = tasks.join_next().await {
                if let Err(panic) = ended {
                    tracing::error!(%panic, "a background task panicked");
                }
            }
        });
        if all_ended.await.is_err() {
            tracing::warn!("background work did not end in time and is cut off; its leases will run out");
            tasks.shutdown().await;
        }
    }

    /// One round. Returns whether there may be more to do at once, and otherwise when there will be.
    async fn round(&self, cx: &Cx, task: Task, stopped: &watch::Receiver<bool>) -> Result<Next, Fault> {
        let (ran, next_at) = match task {
            Task::Tick => {
                let enqueued = self.app.tick(cx).await?;
                if enqueued > 0 {
                    self.wake.jobs.notify_one();
                }
                return Ok(Next::At(None));
            }
            Task::Deliver => match self.app.dispatcher().drain(cx, PAGE).await? {
                0 => (0, Dispatcher::next_at(cx).await?),
                ran => {
                    self.wake.jobs.notify_one();
                    self.wake.pumps();
                    (ran, None)
                }
            },
            Task::Work => match self.app.runner().drain(cx, PAGE).await? {
                0 => (0, Runner::next_at(cx).await?),
                ran => {
                    self.wake.deliveries.notify_one();
                    if ran == PAGE {
                        self.wake.jobs.notify_one();
                    }
                    self.wake.pumps();
                    (ran, None)
                }
            },
            Task::Pump(index) => {
                let pump = &self.app.pumps()[index];
                match pump.drain(cx, &|| !*stopped.borrow()).await? {
                    0 => (0, pump.next_at(cx).await?),
                    ran => {
                        self.wake.deliveries.notify_one();
                        self.wake.jobs.notify_one();
                        (ran, None)
                    }
                }
            }
        };
        Ok(if ran > 0 { Next::Now } else { Next::At(next_at) })
    }

    async fn sleep(&self, task: Task, time: Duration) {
        let woken = match task {
            Task::Tick => {
                tokio::time::timeout(time, std::future::pending::<()>()).await.ok();
                return;
            }
            Task::Deliver => self.wake.deliveries.notified(),
            Task::Work => self.wake.jobs.notified(),
            Task::Pump(index) => self.wake.pumps[index].notified(),
        };
        // Woken or not: both mean that it is time to look.
        tokio::time::timeout(time, woken).await.ok();
    }
}

enum Next {
    Now,
    At(Option<Instant>),
}

async fn repeat(background: Background, cx: Cx, task: Task, mut stopped: watch::Receiver<bool>) {
    let mut failures = 0_u32;
    while !*stopped.borrow() {
        let pause = match background.round(&cx, task, &stopped).await {
            Ok(next) => {
                if failures > 0 {
                    tracing::info!(?task, failures, "background work goes on");
                }
                failures = 0;
                match next {
                    Next::Now => continue,
                    Next::At(at) => until(cx.now(), at),
                }
            }
            Err(fault) => {
                failures = failures.saturating_add(1);
                // An outage is one line in the log, not one a second.
                if failures == 1 {
                    tracing::error!(?task, fault = fault.chain(), "background work failed and will go on");
                }
                LONGEST_SLEEP.saturating_mul(1 << failures.min(5)).min(LONGEST_PAUSE)
            }
        };
        tokio::select! {
            () = background.sleep(task, pause) => {}
            // An error means that the sender is gone, which is a reason to stop too.
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

fn until(now: Instant, next: Option<Instant>) -> Duration {
    let wait =
        next.map_or(LONGEST_SLEEP, |at| Duration::from_micros(u64::try_from(at.since(now)).unwrap_or(0)));
    wait.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sleeps_until_the_next_work_but_never_longer_than_a_second_and_never_not_at_all() {
        let now = Instant::from_micros(1_000_000);
        assert_eq!(until(now, None), Duration::from_secs(1));
        assert_eq!(until(now, Some(now.plus_micros(300_000))), Duration::from_millis(300));
        assert_eq!(until(now, Some(now.plus_seconds(60))), Duration::from_secs(1));
        assert_eq!(until(now, Some(now)), Duration::from_millis(20));
        assert_eq!(until(now, Some(now.plus_seconds(-5))), Duration::from_millis(20));
    }
}
