//! What vendors announce by themselves: a signed word that something changed. It says nothing that is believed; whoever it
//! names is looked at soon instead of tonight.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Capability, WebhookEvent, WebhookRefused, WebhookRequest};
use bursar_inventory::HostingDrivers;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use crate::{digest, operations, places, reconcile};

bursar_db::statements! {
    /// Whose a name of ours is.
    pub(crate) BY_TAG = "SELECT service_id, tag FROM provisioning_resources
        WHERE tag_digest = $1 AND server_id = $2 AND state <> 'gone'";
    /// Whose a vendor's name is.
    pub(crate) BY_REFERENCE = "SELECT service_id, COALESCE(reference, '') FROM provisioning_resources
        WHERE reference_digest = $1 AND server_id = $2 AND state <> 'gone'";
}

/// Compares one service with its vendor. Safe twice: it asks, and writes down what it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LookAtService {
    service_id: i64,
}

impl Job for LookAtService {
    const KIND: &'static str = "provisioning.look_at_service";
}

/// What became of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Whoever it named is looked at.
    Taken,
    /// There is no such server, or its driver announces nothing.
    NoServer,
    /// It is not the vendor's.
    Refused(WebhookRefused),
}

/// Checks an announcement of a server and has whoever it names looked at.
///
/// # Errors
/// Faults of the database, upon which vendors send it again.
pub async fn receive(
    cx: &Cx,
    drivers: &HostingDrivers,
    server: i64,
    request: &WebhookRequest,
) -> Result<Verdict, Fault> {
    let given = drivers.clone();
    let access = cx.read(async move |tx: &mut Tx| places::access(tx, &given, server).await).await?;
    let Ok(access) = access else { return Ok(Verdict::NoServer) };
    let Some(hosting) = drivers.shared(&access.driver) else { return Ok(Verdict::NoServer) };
    let offered = hosting.offers(&access.settings, Capability::Webhooks);
    let Some(webhooks) = hosting.webhooks().filter(|_| offered) else { return Ok(Verdict::NoServer) };
    match webhooks.verify(&access.ask(drivers, cx), request) {
        Ok(event) => {
            cx.write(async move |tx: &mut Tx| look_soon(tx, server, &event).await).await?;
            Ok(Verdict::Taken)
        }
        Err(refused) => Ok(Verdict::Refused(refused)),
    }
}

async fn look_soon(tx: &mut Tx, server: i64, event: &WebhookEvent) -> Result<(), Fault> {
    let now = tx.now();
    if event.tag.is_none() && event.reference.is_none() {
        return reconcile::soon(tx).await;
    }
    let Some(service_id) = owner(tx, server, event).await? else { return Ok(()) };
    // What waits for the vendor has its turn now; what nobody is at is compared.
    match operations::open_of(tx, service_id).await? {
        Some(open) => operations::hurry(tx, open.id).await.map(drop),
        None => {
            let key = format!("{}:{service_id}", LookAtService::KIND);
            bursar_jobs::enqueue_once(tx, &LookAtService { service_id }, now, &key).await.map(drop)
        }
    }
}

/// Whose it is; nobody's is left to the nightly comparison.
async fn owner(tx: &mut Tx, server: i64, event: &WebhookEvent) -> Result<Option<i64>, Fault> {
    if let Some(tag) = &event.tag {
        let values = params![digest::of_tag(tag.as_str()), server];
        let found: Vec<(i64, String)> =
            tx.query(&BY_TAG, values, |row| Ok((row.get(0)?, row.get(1)?))).await?;
        return Ok(found.into_iter().find(|(_, own)| own == tag.as_str()).map(|(service, _)| service));
    }
    let Some(reference) = &event.reference else { return Ok(None) };
    let values = params![digest::of_reference(server, reference.as_str()), server];
    let found: Vec<(i64, String)> =
        tx.query(&BY_REFERENCE, values, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(found.into_iter().find(|(_, own)| own == reference.as_str()).map(|(service, _)| service))
}

/// The job `provisioning.look_at_service`.
pub(crate) async fn look(cx: Cx, drivers: HostingDrivers, job: LookAtService) -> JobOutcome {
    match reconcile::compare_service(&cx, &drivers, job.service_id).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}
