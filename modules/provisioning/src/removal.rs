//! Removing what was delivered with a subscription that is over: at once, or after days in which it can be asked back.

use bursar_billing::subscriptions::Status;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use crate::service::Service;
use crate::services::{Fact, learn};
use crate::settings::ProvisioningSettings;
use crate::{follow, store};

/// Removes what a subscription was delivered by, if it is still over then. Safe twice: what is removed stays so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemoveEnded {
    pub(crate) subscription_id: i64,
}

impl Job for RemoveEnded {
    const KIND: &'static str = "provisioning.remove_ended";
}

impl RemoveEnded {
    /// A subscription is over.
    pub(crate) async fn plan(
        tx: &mut Tx,
        settings: &ProvisioningSettings,
        subscription_id: i64,
        services: &mut [Service],
    ) -> Result<(), Fault> {
        let at = tx.now().plus_days(settings.remove_after_days);
        for service in &mut *services {
            // What was never made has nothing to be asked back.
            let fact = if settings.remove_after_days == 0 || !service.facts.is_started {
                Fact::Ended
            } else {
                // What staff keep for longer is kept for longer.
                service.archived_until = Some(service.archived_until.map_or(at, |until| until.max(at)));
                Fact::HeldByBilling("The subscription is over.".to_owned())
            };
            learn(tx, service, fact).await?;
            store::save(tx, service).await?;
        }
        if settings.remove_after_days == 0 {
            return Ok(());
        }
        bursar_jobs::enqueue_at(tx, &Self { subscription_id }, at).await
    }
}

pub(crate) async fn remove_ended(cx: Cx, job: RemoveEnded) -> JobOutcome {
    let id = job.subscription_id;
    let done = cx
        .write(async move |tx: &mut Tx| {
            let status = follow::status(tx, id).await?;
            if status.is_none_or(Status::is_over) {
                let now = tx.now();
                let mut services = store::of_subscription(tx, id).await?;
                for service in &mut services {
                    if service.archived_until.is_none_or(|until| until <= now) {
                        learn(tx, service, Fact::Ended).await?;
                    }
                }
            }
            Ok::<_, Fault>(())
        })
        .await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}
