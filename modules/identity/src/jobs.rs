//! What is kept for a while and then removed.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use crate::{api_tokens, challenges, devices, impersonation, oidc, passwords, sessions};

/// Removes what has ended: sessions, links and what was begun; browsers and sign-ins when they are old. Safe to run
/// twice: it removes what is old now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Purge {}

impl Job for Purge {
    const KIND: &'static str = "identity.purge";
}

pub(crate) async fn purge(cx: Cx, _: Purge) -> JobOutcome {
    let done = cx
        .write(async |tx: &mut Tx| {
            let now = tx.now();
            for statement in [
                &sessions::PURGE,
                &challenges::PURGE,
                &passwords::PURGE,
                &api_tokens::PURGE,
                &impersonation::PURGE,
            ] {
                tx.exec(statement, params![now]).await?;
            }
            tx.exec(&devices::PURGE, params![now.plus_days(-devices::DEVICE_DAYS)]).await?;
            oidc::store::purge(tx).await?;
            tx.exec(&devices::PURGE_HISTORY, params![now.plus_days(-devices::HISTORY_DAYS)]).await?;
            Ok::<_, Fault>(())
        })
        .await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}
