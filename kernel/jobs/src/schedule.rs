//! Daily work: enqueued once for every civil date, missed dates included.

use std::pin::Pin;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant, plus_days};
use jiff::Timestamp;

use crate::{Job, enqueue_once, store};

/// Missed dates caught up at once; older ones are dropped, because daily work reads the state of the day it runs.
const MOST_MISSED: i64 = 7;

type EnqueueFuture<'t> = Pin<Box<dyn Future<Output = Result<(), Fault>> + 't>>;

/// A daily trigger in the tenant's zone.
#[derive(Clone)]
pub struct Schedule {
    /// `billing.nightly_run`.
    pub name: &'static str,
    /// The local hour from which the day's work is due.
    pub hour: i8,
    enqueue: Arc<dyn for<'t> Fn(&'t mut Tx, Date) -> EnqueueFuture<'t> + Send + Sync>,
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} daily at {}:00", self.name, self.hour)
    }
}

impl Schedule {
    /// Enqueues the job that `make` gives for a date, once for each date, from `hour` o'clock in the tenant's zone.
    pub fn daily<J: Job>(name: &'static str, hour: i8, make: fn(Date) -> J) -> Self {
        let enqueue = erase(move |tx, on| enqueue_day(tx, name, make(on), on));
        Self { name, hour, enqueue: Arc::new(enqueue) }
    }

    /// Enqueues what has become due since the last call.
    pub async fn tick(&self, cx: &Cx) -> Result<u32, Fault> {
        let schedule = self.clone();
        let (today, due) = self.due(cx)?;
        if self.last_run(cx).await?.is_some_and(|last| last >= due) {
            return Ok(0);
        }
        cx.write(async move |tx: &mut Tx| {
            let last =
                tx.query_opt(&store::LAST_RUN, params![schedule.name], |row| row.get::<Date>(0)).await?;
            let mut on = match last {
                // The first start begins today and does not invent a past: before today's hour nothing is owed.
                None => today,
                Some(last) if last >= due => return Ok(0),
                Some(last) => day_after(last, 1)?.max(day_after(due, 1 - MOST_MISSED)?),
            };
            let mut enqueued = 0;
            while on <= due {
                (schedule.enqueue)(tx, on).await?;
                enqueued += 1;
                on = day_after(on, 1)?;
            }
            tx.exec(&store::RAN, params![schedule.name, due]).await?;
            Ok::<_, Fault>(enqueued)
        })
        .await
    }

    /// Today in the tenant's zone, and the latest date whose hour has come. Read from the clock on the wall, not by
    /// subtracting hours: on the days when clocks change the two differ.
    fn due(&self, cx: &Cx) -> Result<(Date, Date), Fault> {
        let now = Timestamp::from_microsecond(cx.now().micros())
            .map_err(|e| Fault::wrap("reading the clock for a schedule", e))?;
        let local = cx.zone().to_datetime(now);
        let today = local.date();
        Ok((today, if local.hour() >= self.hour { today } else { day_after(today, -1)? }))
    }

    async fn last_run(&self, cx: &Cx) -> Result<Option<Date>, Fault> {
        let name = self.name;
        cx.read(async move |tx: &mut Tx| {
            tx.query_opt(&store::LAST_RUN, params![name], |row| row.get(0)).await
        })
        .await
    }
}

/// Fixes the lifetimes of an enqueuing closure, which inference cannot do by itself.
fn erase<F>(f: F) -> F
where
    F: for<'t> Fn(&'t mut Tx, Date) -> EnqueueFuture<'t> + Send + Sync,
{
    f
}

fn enqueue_day<'t, J: Job>(tx: &'t mut Tx, name: &'static str, job: J, on: Date) -> EnqueueFuture<'t> {
    Box::pin(async move {
        let now: Instant = tx.now();
        let key = format!("{name}:{on}");
        enqueue_once(tx, &job, now, &key).await.map(drop)
    })
}

fn day_after(date: Date, days: i64) -> Result<Date, Fault> {
    plus_days(date, days).map_err(|e| Fault::wrap("counting a schedule's dates", e))
}
