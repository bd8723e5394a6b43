//! Delivery: find what is due, run the subscriber and remove the delivery in one transaction, back off or park.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use futures_util::FutureExt as _;

use crate::store;
use crate::{Stored, Subscriber};

/// Failures in a row before a delivery is parked: with doubling pauses from 2 seconds, about 34 minutes.
pub const MOST_ATTEMPTS: i64 = 10;

/// A delivery that waits for a person.
#[derive(Debug, Clone)]
pub struct Parked {
    /// Its id.
    pub id: i64,
    /// Who refused it.
    pub subscriber: String,
    /// What it is about.
    pub subject: String,
    /// The event's name.
    pub event: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
}

#[derive(Debug, Clone)]
struct Ready {
    id: i64,
    subscriber: String,
    attempts: i64,
    event: Stored,
}

/// Runs deliveries.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    subscribers: Arc<BTreeMap<&'static str, Subscriber>>,
}

impl Dispatcher {
    /// A dispatcher for these subscribers.
    pub fn new(subscribers: &[Subscriber]) -> Self {
        Self { subscribers: Arc::new(subscribers.iter().map(|s| (s.name, s.clone())).collect()) }
    }

    /// Runs up to `limit` deliveries that are due and returns how many were tried.
    pub async fn drain(&self, cx: &Cx, limit: usize) -> Result<usize, Fault> {
        let page = i64::try_from(limit.min(200)).expect("a small number fits");
        let ready: Vec<Ready> = cx
            .read(async move |tx: &mut Tx| {
                let now = tx.now();
                tx.query(&store::READY, params![now, page], |row| {
                    Ok(Ready {
                        id: row.get(0)?,
                        subscriber: row.get(1)?,
                        attempts: row.get(2)?,
                        event: Stored { name: row.get(3)?, version: row.get(4)?, payload: row.get(5)? },
                    })
                })
                .await
            })
            .await?;
        let tried = ready.len();
        for delivery in ready {
            self.deliver(cx, delivery).await?;
        }
        Ok(tried)
    }

    async fn deliver(&self, cx: &Cx, delivery: Ready) -> Result<(), Fault> {
        let Some(subscriber) = self.subscribers.get(delivery.subscriber.as_str()).cloned() else {
            return fail(cx, &delivery, Fault::new("no such subscriber is registered"), true).await;
        };
        let inner = delivery.clone();
        let outcome = cx
            .as_system("events", subscriber.name)
            .write(async move |tx: &mut Tx| {
                if tx.exec(&store::FINISH, params![inner.id]).await? == 0 {
                    return Ok(());
                }
                // A panic is one subscriber's mistake: its transaction is rolled back, and the others go on.
                AssertUnwindSafe((subscriber.handler)(tx, &inner.event))
                    .catch_unwind()
                    .await
                    .unwrap_or_else(|_| Err(Fault::new("the subscriber panicked")))
            })
            .await;
        match outcome {
            Ok(()) => Ok(()),
            Err(fault) => fail(cx, &delivery, fault, false).await,
        }
    }

    /// What waits for a person.
    pub async fn parked(cx: &Cx, limit: i64) -> Result<Vec<Parked>, Fault> {
        cx.read(async move |tx: &mut Tx| {
            tx.query(&store::PARKED, params![limit], |row| {
                Ok(Parked {
                    id: row.get(0)?,
                    subscriber: row.get(1)?,
                    subject: row.get(2)?,
                    event: row.get(3)?,
                    attempts: row.get(4)?,
                    last_error: row.get(5)?,
                })
            })
            .await
        })
        .await
    }

    /// How many wait for a person, counted up to `most`.
    pub async fn count_parked(tx: &mut Tx, most: i64) -> Result<i64, Fault> {
        tx.query_one(&store::COUNT_PARKED, params![most], |row| row.get(0)).await
    }

    /// Tries a parked delivery again.
    pub async fn retry_parked(cx: &Cx, id: i64) -> Result<bool, Fault> {
        cx.write(async move |tx: &mut Tx| {
            let now = tx.now();
            Ok(tx.exec(&store::UNPARK, params![id, now]).await? == 1)
        })
        .await
    }

    /// Gives a parked delivery up.
    pub async fn skip_parked(cx: &Cx, id: i64) -> Result<bool, Fault> {
        cx.write(async move |tx: &mut Tx| Ok(tx.exec(&store::SKIP, params![id]).await? == 1)).await
    }

    /// When the next delivery may run, if any can without a person.
    pub async fn next_at(cx: &Cx) -> Result<Option<Instant>, Fault> {
        cx.read(async |tx: &mut Tx| tx.query_opt(&store::NEXT_AT, params![], |row| row.get(0)).await).await
    }
}

async fn fail(cx: &Cx, delivery: &Ready, fault: Fault, hopeless: bool) -> Result<(), Fault> {
    let attempts = delivery.attempts + 1;
    let park = hopeless || attempts >= MOST_ATTEMPTS;
    let state = if park { "parked" } else { "ready" };
    let pause = 2_i64 << (attempts - 1).clamp(0, 10);
    let error = fault.chain();
    if park {
        tracing::error!(
            subscriber = delivery.subscriber,
            event = delivery.event.name,
            error,
            "a delivery is parked"
        );
    } else {
        tracing::warn!(
            subscriber = delivery.subscriber,
            event = delivery.event.name,
            error,
            "a delivery failed"
        );
    }
    let id = delivery.id;
    cx.write(async move |tx: &mut Tx| {
        let run_at = tx.now().plus_seconds(pause);
        tx.exec(&store::FAIL, params![id, state, attempts, run_at, &error]).await.map(drop)
    })
    .await
}
