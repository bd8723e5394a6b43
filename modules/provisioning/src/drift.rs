//! Differences between what is and what should be: what they are (pure), and where they are kept.

use std::collections::BTreeMap;

use bursar_billing::subscriptions::{Subscription, store as subscriptions};
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Observed, Sight, State as Seen};
use bursar_inventory::HostingDrivers;
use bursar_money::{Currency, Money};
use bursar_outbound::Settings;
use bursar_time::Instant;

use crate::record::differences;
use crate::service::Service;
use crate::states::State;
use crate::words::{stored, words};

words! {
    /// How what is differs from what should be.
    pub enum DriftKind {
        /// A service is paid for, and the vendor has nothing.
        Missing = "missing",
        /// The vendor has another plan.
        Plan = "plan",
        /// It runs and should not, or the other way round.
        State = "state",
        /// It is there, and nobody pays for it.
        Unpaid = "unpaid",
        /// It is on a server, and no service owns it.
        Unowned = "unowned",
    }
}

macro_rules! columns {
    () => {
        "id, kind, service_id, customer_id, server_id, reference, label, detail, monthly_minor, currency, found_at"
    };
}

bursar_db::statements! {
    /// One difference.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM provisioning_drift WHERE id = $1");
    /// Some differences, by id.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM provisioning_drift WHERE id > $1 ORDER BY id LIMIT $2");
    /// How many of each kind, and what they cost in each currency.
    pub(crate) SUMS = "SELECT kind, COALESCE(currency, ''), COUNT(*), CAST(COALESCE(SUM(monthly_minor), 0) AS BIGINT)
        FROM provisioning_drift GROUP BY kind, currency ORDER BY kind, currency";
    /// How many things of a driver there are.
    pub(crate) COUNT_OF_DRIVER = "SELECT COUNT(*) FROM provisioning_resources WHERE driver = $1 AND state = 'live'";
    /// A difference that was seen.
    pub(crate) SEE = "INSERT INTO provisioning_drift
            (id, key, kind, service_id, customer_id, server_id, reference, label, detail, monthly_minor, currency,
             found_at, seen_in)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (key) DO UPDATE SET detail = excluded.detail, monthly_minor = excluded.monthly_minor,
            label = excluded.label, seen_in = excluded.seen_in";
    /// Differences of services that were compared and are not different any more.
    pub(crate) FORGET_SERVICES = "DELETE FROM provisioning_drift WHERE service_id {any:$1} AND seen_in < $2";
    /// Things on a server that are not there any more, or have an owner by now.
    pub(crate) FORGET_SERVER = "DELETE FROM provisioning_drift
        WHERE kind = 'unowned' AND server_id = $1 AND seen_in < $2";
    /// What it was about is known by now.
    pub(crate) FORGET_KEY = "DELETE FROM provisioning_drift WHERE key = $1";
    /// It is mended.
    pub(crate) FORGET = "DELETE FROM provisioning_drift WHERE id = $1";
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Identity.
    pub id: i64,
    /// What kind.
    pub kind: DriftKind,
    /// The service, where there is one.
    pub service_id: Option<i64>,
    /// Whose it is.
    pub customer_id: Option<i64>,
    /// On which server.
    pub server_id: i64,
    /// The vendor's name of it.
    pub reference: String,
    /// For people.
    pub label: String,
    /// What differs.
    pub detail: String,
    /// What it costs a month, where that is known.
    pub monthly: Option<Money>,
    /// When it was first seen.
    pub found_at: Instant,
}

/// A difference that was seen just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) kind: DriftKind,
    pub(crate) detail: String,
}

/// Compares a service that nothing is being done to with what its vendor has.
pub(crate) fn compare(
    service: &Service,
    wanted: Option<&Settings>,
    seen: Option<&Observed>,
    is_paid_for: bool,
) -> Vec<Found> {
    let Some(seen) = seen else {
        let detail = "The vendor has nothing under its name.".to_owned();
        return vec![Found { kind: DriftKind::Missing, detail }];
    };
    let mut found: Vec<Found> = unpaid(is_paid_for).into_iter().collect();
    let is_suspended = seen.state == Seen::Suspended;
    let should = service.state == State::Suspended;
    // What is building, broken or in a word that nobody knows says nothing about being suspended.
    let is_clear = matches!(seen.state, Seen::Running | Seen::Stopped | Seen::Suspended);
    if is_clear && is_suspended != should {
        let detail =
            if should { "It should be suspended and is not." } else { "It is suspended and should not be." };
        found.push(Found { kind: DriftKind::State, detail: detail.to_owned() });
    }
    if let Seen::Failed(why) = &seen.state {
        found.push(Found {
            kind: DriftKind::State,
            detail: format!("The vendor says that it is broken: {why}"),
        });
    }
    let plan = wanted.map(|wanted| differences(wanted, &seen.plan)).unwrap_or_default();
    if !plan.is_empty() && !service.plan_is_stale() {
        let parts = plan.iter().map(|(name, should, is)| format!("{name} is {is} and should be {should}"));
        found.push(Found { kind: DriftKind::Plan, detail: parts.collect::<Vec<_>>().join("; ") });
    }
    found
}

/// What our own books say of something that is there, whatever its vendor shows.
pub(crate) fn unpaid(is_paid_for: bool) -> Option<Found> {
    let detail = "Its subscription is over, and it is still there.".to_owned();
    (!is_paid_for).then_some(Found { kind: DriftKind::Unpaid, detail })
}

/// What a month of some subscriptions costs, without tax and discounts.
pub(crate) async fn monthly(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, (Subscription, Money)>, Fault> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let cores = subscriptions::by_ids(tx, ids).await?;
    let items = subscriptions::items(tx, ids).await?;
    let mut all = BTreeMap::new();
    for core in cores {
        let own = items.get(&core.id).map(Vec::as_slice).unwrap_or_default();
        let sum: i64 = own.iter().map(|item| item.unit_minor.saturating_mul(item.quantity)).sum();
        let months = i64::from(core.cycle.months().unwrap_or(1).max(1));
        let monthly = Money::new(sum / months, core.currency);
        all.insert(core.id, (core, monthly));
    }
    Ok(all)
}

/// Whose difference it is.
pub(crate) struct Subject<'a> {
    pub(crate) service: Option<&'a Service>,
    pub(crate) server_id: i64,
    pub(crate) reference: &'a str,
    pub(crate) label: &'a str,
    pub(crate) monthly: Option<Money>,
}

/// Keeps a difference; one that is known keeps the time at which it was found.
pub(crate) async fn see(tx: &mut Tx, run: i64, subject: &Subject<'_>, found: &Found) -> Result<(), Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let key = match subject.service {
        Some(service) => format!("{}:{}", found.kind.code(), service.id),
        None => format!("{}:{}:{}", found.kind.code(), subject.server_id, subject.reference),
    };
    let values = params![
        id,
        &key,
        found.kind.code(),
        subject.service.map(|service| service.id),
        subject.service.map(|service| service.customer_id),
        subject.server_id,
        subject.reference,
        subject.label,
        &found.detail,
        subject.monthly.map(|monthly| monthly.minor()),
        subject.monthly.map(|monthly| monthly.currency()),
        now,
        run
    ];
    tx.exec(&SEE, values).await.map(drop)
}

/// Some differences after an id.
///
/// # Errors
/// Faults of the database.
pub async fn list(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Drift>, Fault> {
    tx.query(&LIST, params![after, limit], drift).await
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Drift>, Fault> {
    tx.query_opt(&FIND, params![id], drift).await
}

pub(crate) async fn forget(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    tx.exec(&FORGET, params![id]).await.map(drop)
}

pub(crate) async fn forget_key(tx: &mut Tx, key: &str) -> Result<(), Fault> {
    tx.exec(&FORGET_KEY, params![key]).await.map(drop)
}

pub(crate) async fn forget_services(tx: &mut Tx, services: &[i64], run: i64) -> Result<(), Fault> {
    tx.exec(&FORGET_SERVICES, params![services, run]).await.map(drop)
}

pub(crate) async fn forget_server(tx: &mut Tx, server: i64, run: i64) -> Result<(), Fault> {
    tx.exec(&FORGET_SERVER, params![server, run]).await.map(drop)
}

/// How many of a kind there are, and what they cost a month in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftSum {
    /// The kind.
    pub kind: DriftKind,
    /// What they cost, where that is known.
    pub monthly: Option<Money>,
    /// How many.
    pub count: i64,
}

/// How many of each kind there are, and what they cost in each currency.
///
/// # Errors
/// Faults of the database.
pub async fn sums(tx: &mut Tx) -> Result<Vec<DriftSum>, Fault> {
    tx.query(&SUMS, params![], |row| {
        let minor: i64 = row.get(3)?;
        let currency = Currency::parse(row.text(1)?).ok();
        Ok(DriftSum {
            kind: stored(row.text(0)?, DriftKind::parse)?,
            monthly: currency.map(|currency| Money::new(minor, currency)),
            count: row.get(2)?,
        })
    })
    .await
}

/// How many things there are whose vendors show nothing, so that nobody can compare them.
///
/// # Errors
/// Faults of the database.
pub async fn count_hidden(tx: &mut Tx, drivers: &HostingDrivers) -> Result<i64, Fault> {
    let mut count = 0;
    for manifest in drivers.manifests().filter(|manifest| manifest.sight == Sight::Blind) {
        count += tx.query_one(&COUNT_OF_DRIVER, params![manifest.id], |row| row.get::<i64>(0)).await?;
    }
    Ok(count)
}

fn drift(row: &Row<'_>) -> Result<Drift, Fault> {
    let (minor, currency): (Option<i64>, Option<Currency>) = (row.get(8)?, row.get(9)?);
    Ok(Drift {
        id: row.get(0)?,
        kind: stored(row.text(1)?, DriftKind::parse)?,
        service_id: row.get(2)?,
        customer_id: row.get(3)?,
        server_id: row.get(4)?,
        reference: row.get(5)?,
        label: row.get(6)?,
        detail: row.get(7)?,
        monthly: minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency)),
        found_at: row.get(10)?,
    })
}
