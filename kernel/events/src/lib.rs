//! News goes up the module graph as events, through an outbox in the tenant's own database.
//!
//! [`emit`] writes the event and one delivery per registered subscriber in the transaction of the fact. A subscriber
//! runs in a transaction of its own that also removes the delivery, so its database effects happen once. Failures back
//! off; after [`MOST_ATTEMPTS`] the delivery is parked for a person. Later events of the same subject wait for earlier
//! ones, whichever process they came from; other subjects go on.

mod dispatch;
mod store;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use bursar_db::{Bulk, Migrations, Statement, Tx, params};
use bursar_fault::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use dispatch::{Dispatcher, MOST_ATTEMPTS, Parked};

/// A fact, owned by the module that knows it.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `billing.invoice.issued`.
    const NAME: &'static str;
    /// Raised when the form changes in a way that old readers would not understand.
    const VERSION: i64 = 1;
    /// What it is about, `invoice:123`: deliveries of one subject keep their order.
    fn subject(&self) -> String;
}

/// An event as it lies in the outbox.
#[derive(Debug, Clone)]
pub struct Stored {
    /// `billing.invoice.issued`.
    pub name: String,
    /// The form of the payload.
    pub version: i64,
    /// JSON.
    pub payload: String,
}

type HandlerFuture<'t> = Pin<Box<dyn Future<Output = Result<(), Fault>> + 't>>;

/// A registered subscriber.
#[derive(Clone)]
pub struct Subscriber {
    /// `billing.allocate_payment`.
    pub name: &'static str,
    /// The event it listens to.
    pub event: &'static str,
    handler: Arc<dyn for<'t> Fn(&'t mut Tx, &'t Stored) -> HandlerFuture<'t> + Send + Sync>,
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.name, self.event)
    }
}

/// Makes a subscriber from an async function over the decoded event.
///
/// The function runs inside a unit of work: it may use the database only, and may run again after a failure.
pub fn subscriber<E, F>(name: &'static str, f: F) -> Subscriber
where
    E: Event,
    F: AsyncFn(&mut Tx, E) -> Result<(), Fault> + Send + Sync + 'static,
{
    let f = Arc::new(f);
    let handler = erase(move |tx, stored| {
        let f = Arc::clone(&f);
        let decoded = serde_json::from_str::<E>(&stored.payload).map_err(|e| {
            Fault::wrap(format!("event {} v{} cannot be decoded", stored.name, stored.version), e)
        });
        // The borrow of `tx` must not depend on `stored`, which the decoded event no longer needs.
        run(f, tx, decoded)
    });
    Subscriber { name, event: E::NAME, handler: Arc::new(handler) }
}

fn run<'t, E, F>(f: Arc<F>, tx: &'t mut Tx, decoded: Result<E, Fault>) -> HandlerFuture<'t>
where
    E: Event,
    F: AsyncFn(&mut Tx, E) -> Result<(), Fault> + Send + Sync + 'static,
{
    Box::pin(async move { f(tx, decoded?).await })
}

/// Fixes the lifetimes of a handler closure, which inference cannot do by itself.
fn erase<F>(f: F) -> F
where
    F: for<'t> Fn(&'t mut Tx, &'t Stored) -> HandlerFuture<'t> + Send + Sync,
{
    f
}

/// Which subscribers each event has; attached to every unit of work so that [`emit`] can write the deliveries.
#[derive(Debug, Default)]
pub struct Router {
    by_event: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Router {
    /// The routes of these subscribers.
    pub fn new(subscribers: &[Subscriber]) -> Self {
        let mut by_event: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for subscriber in subscribers {
            by_event.entry(subscriber.event).or_default().push(subscriber.name);
        }
        Self { by_event }
    }

    /// The subscribers of one event.
    pub fn subscribers(&self, event: &str) -> &[&'static str] {
        self.by_event.get(event).map_or(&[], Vec::as_slice)
    }
}

/// Writes an event and its deliveries into the caller's transaction.
///
/// Whoever has seen another's fact announces after it, from whatever process. Bulk work that is not serialisable must
/// move the rows it guards before it announces, so that it announces after the rival it waited for.
pub async fn emit<E: Event>(tx: &mut Tx, event: &E) -> Result<(), Fault> {
    emit_all(tx, std::slice::from_ref(event)).await
}

/// As [`emit`], for many events of one kind with two bulk statements.
pub async fn emit_all<E: Event>(tx: &mut Tx, events: &[E]) -> Result<(), Fault> {
    if events.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let mut ids = Vec::with_capacity(events.len());
    for _ in events {
        ids.push(tx.new_raw_id()?);
    }
    let mut writer = tx.bulk(&store::INSERT_EVENTS)?;
    for (id, event) in ids.iter().zip(events) {
        let payload = serde_json::to_string(event).map_err(|e| Fault::wrap("encoding an event", e))?;
        let subject = event.subject();
        writer.row(params![*id, E::NAME, E::VERSION, &subject, &payload, now])?;
    }
    writer.finish().await?;
    let subscribers: Vec<&'static str> =
        tx.attachment::<Router>().map(|r| r.subscribers(E::NAME).to_vec()).unwrap_or_default();
    for subscriber in subscribers {
        let mut writer = tx.bulk(&store::INSERT_DELIVERIES)?;
        for (event, event_id) in events.iter().zip(&ids) {
            let subject = event.subject();
            writer.row(params![*event_id, subscriber, &subject, "ready", 0_i64, now])?;
        }
        writer.finish().await?;
    }
    Ok(())
}

/// The tables of the outbox.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "events",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_order" => "../migrations/0002_order.sql",
    )
}

/// Every statement, for the test that prepares them.
pub fn statements() -> &'static [&'static Statement] {
    store::STATEMENTS
}

/// Every bulk statement, for the test that prepares them.
pub fn bulks() -> &'static [&'static Bulk] {
    store::BULKS
}
