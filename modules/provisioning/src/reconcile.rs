//! Compares what is with what should be: every service with its vendor, and every account on a server with our services.
//! Takes no input, may run at any time and twice at once: it only asks and writes down what it saw.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use bursar_billing::subscriptions::Subscription;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Account, Hosting, Observed, Sight};
use bursar_inventory::{HostingDrivers, ServerAccess};
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_money::Money;
use bursar_time::{Date, Instant};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use crate::drift::{self, Found, Subject, compare};
use crate::service::{Resource, Service};
use crate::{calls, digest, places, prepare, store};

/// Services read and written together.
const PAGE: i64 = 200;
/// Questions under way at once.
const AT_ONCE: usize = 50;
/// A job works so long and then lets another go on where it stopped: well within its lease.
const STRETCH_SECONDS: i64 = 100;

bursar_db::statements! {
    /// Services whose resource is there and that nothing is being done to, after one.
    pub(crate) QUIET = concat!("SELECT ", store::columns!(), " FROM provisioning_services
        WHERE id > $1 AND state IN ('active', 'suspended')
            AND EXISTS (SELECT 1 FROM provisioning_resources AS r
                WHERE r.service_id = provisioning_services.id AND r.state = 'live' AND r.part = 'own')
            AND NOT EXISTS (SELECT 1 FROM provisioning_operations AS o
                WHERE o.service_id = provisioning_services.id AND o.state IN ('waiting', 'running'))
        ORDER BY id LIMIT $2");
    /// What is there of some services.
    pub(crate) LIVE = concat!("SELECT ", store::resource_columns!(), " FROM provisioning_resources
        WHERE service_id {any:$1} AND state = 'live' AND part = 'own'");
    /// Resources under some of a server's names.
    pub(crate) NAMED = "SELECT reference FROM provisioning_resources
        WHERE reference_digest {any:$1} AND server_id = $2 AND state <> 'gone' AND reference IS NOT NULL";
    /// Resources under some of our own names.
    pub(crate) TAGGED = "SELECT tag FROM provisioning_resources WHERE tag_digest {any:$1} AND state <> 'gone'";
    /// What the vendor showed, of a service that has not changed meanwhile.
    pub(crate) SAW = "UPDATE provisioning_services SET observed = $3, observed_at = $4 WHERE id = $1 AND version = $2";
}

/// Where a comparison stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reconcile {
    /// Names the comparison: what it does not see any more is forgotten.
    run: i64,
    /// Services up to here are done.
    after_service: i64,
    /// When those are, servers up to here.
    after_server: Option<i64>,
}

impl Job for Reconcile {
    const KIND: &'static str = "provisioning.reconcile";
}

/// What a comparison did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Services that were compared.
    pub services: u64,
    /// Of those, how many the vendor did not answer for.
    pub unanswered: u64,
    /// How many services cannot be compared because their vendor shows nothing.
    pub hidden: u64,
    /// Accounts that were looked at.
    pub accounts: u64,
    /// Differences that were seen.
    pub differences: u64,
}

/// Before people come to work.
pub(crate) fn schedule() -> Schedule {
    Schedule::daily("provisioning.reconcile_daily", 3, |on: Date| Reconcile {
        run: Instant::from_date_start(on, &bursar_time::TimeZone::UTC).micros(),
        after_service: i64::MIN,
        after_server: None,
    })
}

/// The job. Safe twice: it asks, and writes down what it saw.
pub(crate) async fn job(cx: Cx, drivers: HostingDrivers, job: Reconcile) -> JobOutcome {
    let until = cx.now().plus_seconds(STRETCH_SECONDS);
    if job.after_service == i64::MIN && job.after_server.is_none() {
        // The daily look is also when old figures go.
        if let Err(fault) = cx.write(async |tx: &mut Tx| calls::forget(tx).await).await {
            return JobOutcome::from(fault);
        }
    }
    match stretch(&cx, &drivers, job, until).await {
        Ok((_, None)) => JobOutcome::Done,
        Ok((_, Some(rest))) => {
            let next = cx.write(async move |tx: &mut Tx| bursar_jobs::enqueue(tx, &rest).await).await;
            next.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
        }
        Err(fault) => JobOutcome::from(fault),
    }
}

/// Compares everything now.
///
/// # Errors
/// Faults of the database; what was seen until then is kept.
pub async fn reconcile(cx: &Cx, drivers: &HostingDrivers) -> Result<Reconciled, Fault> {
    let whole = Reconcile { run: cx.now().micros(), after_service: i64::MIN, after_server: None };
    Ok(stretch(cx, drivers, whole, Instant::MAX).await?.0)
}

async fn stretch(
    cx: &Cx,
    drivers: &HostingDrivers,
    mut at: Reconcile,
    until: Instant,
) -> Result<(Reconciled, Option<Reconcile>), Fault> {
    let mut done = Reconciled::default();
    let mut known = BTreeMap::new();
    while at.after_server.is_none() {
        match compare_page(cx, drivers, &mut known, &at, &mut done).await? {
            Some(last) => at.after_service = last,
            None => at.after_server = Some(0),
        }
        if cx.now() >= until {
            return Ok((done, Some(at)));
        }
    }
    while let Some(after) = at.after_server {
        at.after_server = next_server(cx, drivers, after, at.run, &mut done).await?;
        if cx.now() >= until && at.after_server.is_some() {
            return Ok((done, Some(at)));
        }
    }
    Ok((done, None))
}

/// Compares everything within the hour, once however often it is asked for.
pub(crate) async fn soon(tx: &mut Tx) -> Result<(), Fault> {
    const HOUR_MICROS: i64 = 3_600_000_000;
    let now = tx.now();
    let hour = now.micros().div_euclid(HOUR_MICROS);
    let whole = Reconcile { run: now.micros(), after_service: i64::MIN, after_server: None };
    let key = format!("{}:hour:{hour}", Reconcile::KIND);
    let at = Instant::from_micros((hour + 1) * HOUR_MICROS);
    bursar_jobs::enqueue_once(tx, &whole, at, &key).await.map(drop)
}

/// Compares one service, unless something is being done to it.
pub(crate) async fn compare_service(cx: &Cx, drivers: &HostingDrivers, id: i64) -> Result<(), Fault> {
    let mut cases = cx.read(async move |tx: &mut Tx| read_cases(tx, id - 1, 1).await).await?;
    let Some(case) = cases.pop().filter(|case| case.service.id == id) else { return Ok(()) };
    let server = case.resource.server_id;
    let known = Known::from([(server, open_server(cx, drivers, server).await?)]);
    let answer = observe(cx, drivers, &known, &case).await;
    let (run, answers) = (cx.now().micros(), Arc::new(vec![(case, answer)]));
    cx.write(async move |tx: &mut Tx| write_page(tx, run, &answers).await).await.map(drop)
}

pub(crate) type Known = BTreeMap<i64, Option<(ServerAccess, Arc<dyn Hosting>)>>;

/// A service with everything that it is compared by.
struct Case {
    service: Service,
    resource: Resource,
    wanted: Option<bursar_outbound::Settings>,
    billed: Option<(Subscription, Money)>,
}

async fn compare_page(
    cx: &Cx,
    drivers: &HostingDrivers,
    known: &mut Known,
    at: &Reconcile,
    done: &mut Reconciled,
) -> Result<Option<i64>, Fault> {
    let after = at.after_service;
    let cases = cx.read(async move |tx: &mut Tx| read_cases(tx, after, PAGE).await).await?;
    let Some(last) = cases.last().map(|case| case.service.id) else { return Ok(None) };
    for server in cases.iter().map(|case| case.resource.server_id) {
        if let Entry::Vacant(place) = known.entry(server) {
            place.insert(open_server(cx, drivers, server).await?);
        }
    }
    let known = &*known;
    let answers: Vec<(Case, Sighting)> = stream::iter(cases)
        .map(|case| async move {
            let answer = observe(cx, drivers, known, &case).await;
            (case, answer)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    done.services += answers.len() as u64;
    let count = |is: fn(&Sighting) -> bool| answers.iter().filter(|(_, answer)| is(answer)).count() as u64;
    done.unanswered += count(|answer| matches!(answer, Sighting::Silent));
    done.hidden += count(|answer| matches!(answer, Sighting::Hidden));
    let run = at.run;
    let answers = Arc::new(answers);
    done.differences += cx.write(async move |tx: &mut Tx| write_page(tx, run, &answers).await).await?;
    Ok(Some(last))
}

async fn read_cases(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Case>, Fault> {
    let services = tx.query(&QUIET, params![after, limit], store::service).await?;
    let ids: Vec<i64> = services.iter().map(|service| service.id).collect();
    let live = tx.query(&LIVE, params![&ids], store::resource).await?;
    let mut live: BTreeMap<i64, Resource> = live.into_iter().map(|it| (it.service_id, it)).collect();
    let mut wanted = places::plans(tx, &ids).await?;
    let subscriptions: Vec<i64> = services.iter().filter_map(|service| service.subscription_id).collect();
    let mut billed = drift::monthly(tx, &subscriptions).await?;
    let cases = services.into_iter().filter_map(|service| {
        let resource = live.remove(&service.id)?;
        let wanted = wanted.remove(&service.id);
        // Several units of one subscription share what it costs.
        let billed = service.subscription_id.and_then(|id| billed.get(&id).cloned());
        Some(Case { service, resource, wanted, billed })
    });
    let cases = cases.collect();
    billed.clear();
    Ok(cases)
}

pub(crate) async fn open_server(
    cx: &Cx,
    drivers: &HostingDrivers,
    server: i64,
) -> Result<Option<(ServerAccess, Arc<dyn Hosting>)>, Fault> {
    let given = drivers.clone();
    let access = cx.read(async move |tx: &mut Tx| places::access(tx, &given, server).await).await?;
    let Ok(access) = access else { return Ok(None) };
    Ok(drivers.shared(&access.driver).map(|hosting| (access, hosting)))
}

/// What came of looking.
enum Sighting {
    /// Nobody answered, which says nothing.
    Silent,
    /// The vendor shows nothing, ever.
    Hidden,
    /// What the vendor has, or that it has nothing.
    Seen(Option<Box<Observed>>),
}

async fn observe(cx: &Cx, drivers: &HostingDrivers, known: &Known, case: &Case) -> Sighting {
    let opened = known.get(&case.resource.server_id).and_then(Option::as_ref);
    let (Some((access, hosting)), Ok(target)) = (opened, prepare::target(&case.resource)) else {
        return Sighting::Silent;
    };
    if hosting.manifest().sight == Sight::Blind {
        return Sighting::Hidden;
    }
    let call = access.ask(drivers, cx);
    match hosting.observe(&call, &target).await {
        Ok(seen) => Sighting::Seen(seen.map(Box::new)),
        Err(error) => {
            tracing::debug!(service.id = case.service.id, %error, "a vendor did not answer");
            Sighting::Silent
        }
    }
}

async fn write_page(tx: &mut Tx, run: i64, answers: &[(Case, Sighting)]) -> Result<u64, Fault> {
    let now = tx.now();
    let mut differences = 0;
    let mut compared = Vec::new();
    for (case, answer) in answers {
        let service = &case.service;
        let (word, at) = match answer {
            Sighting::Silent => continue,
            Sighting::Hidden => (service.observed.as_str(), service.observed_at),
            Sighting::Seen(seen) => (seen.as_ref().map_or("", |seen| seen.state.code()), Some(now)),
        };
        // What somebody has begun meanwhile is compared the next time.
        if tx.exec(&SAW, params![service.id, service.version, word, at]).await? == 0 {
            continue;
        }
        compared.push(service.id);
        let is_paid_for = case.billed.as_ref().is_none_or(|(core, _)| !core.status.is_over());
        let subject = Subject {
            service: Some(service),
            server_id: case.resource.server_id,
            reference: case.resource.reference.as_deref().unwrap_or_default(),
            label: &service.label,
            monthly: case.billed.as_ref().map(|(_, monthly)| *monthly),
        };
        let all = match answer {
            Sighting::Seen(seen) => compare(service, case.wanted.as_ref(), seen.as_deref(), is_paid_for),
            Sighting::Hidden | Sighting::Silent => drift::unpaid(is_paid_for).into_iter().collect(),
        };
        for found in all {
            drift::see(tx, run, &subject, &found).await?;
            differences += 1;
        }
    }
    drift::forget_services(tx, &compared, run).await?;
    Ok(differences)
}

/// Goes over everything on the next server that can list it.
async fn next_server(
    cx: &Cx,
    drivers: &HostingDrivers,
    after: i64,
    run: i64,
    done: &mut Reconciled,
) -> Result<Option<i64>, Fault> {
    let Some(server) = cx.read(async move |tx: &mut Tx| places::server_after(tx, after).await).await? else {
        return Ok(None);
    };
    let Some((access, hosting)) = open_server(cx, drivers, server).await? else { return Ok(Some(server)) };
    let Some(accounts) = hosting.accounts() else { return Ok(Some(server)) };
    let mut from: Option<String> = None;
    loop {
        let call = access.ask(drivers, cx);
        let page = match accounts.list_accounts(&call, from.as_deref()).await {
            Ok(page) => page,
            // What was not listed is not known to be gone: nothing is forgotten.
            Err(error) => {
                tracing::debug!(server.id = server, %error, "a server did not list its accounts");
                return Ok(Some(server));
            }
        };
        done.accounts += page.accounts.len() as u64;
        let found = Arc::new(page.accounts);
        done.differences +=
            cx.write(async move |tx: &mut Tx| write_strangers(tx, run, server, &found).await).await?;
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    cx.write(async move |tx: &mut Tx| drift::forget_server(tx, server, run).await).await?;
    Ok(Some(server))
}

async fn write_strangers(tx: &mut Tx, run: i64, server: i64, accounts: &[Account]) -> Result<u64, Fault> {
    let references: Vec<i64> =
        accounts.iter().map(|account| digest::of_reference(server, account.reference.as_str())).collect();
    let named: Vec<String> = tx.query(&NAMED, params![&references, server], |row| row.get(0)).await?;
    let tags: Vec<i64> = accounts
        .iter()
        .filter_map(|account| account.tag.as_ref())
        .map(|tag| digest::of_tag(tag.as_str()))
        .collect();
    let tagged: Vec<String> = tx.query(&TAGGED, params![&tags], |row| row.get(0)).await?;
    let mut strangers = 0;
    for account in accounts {
        let reference = account.reference.as_str();
        let is_ours = named.iter().any(|own| own == reference)
            || account.tag.as_ref().is_some_and(|tag| tagged.iter().any(|own| own == tag.as_str()));
        if is_ours {
            continue;
        }
        strangers += 1;
        let label = account.name.as_deref().unwrap_or(reference);
        let mut detail = format!("On the server as {reference}, {}", account.state.code());
        if let Some(email) = &account.email {
            detail.push_str(&format!(", of {email}"));
        }
        let subject = Subject { service: None, server_id: server, reference, label, monthly: None };
        drift::see(tx, run, &subject, &Found { kind: drift::DriftKind::Unowned, detail }).await?;
    }
    Ok(strangers)
}
