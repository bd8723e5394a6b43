//! The guarantee behind the webhooks: whatever had no news for a while is asked about. What has left and may come back is
//! looked for in [`crate::returns`].

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;

use crate::charge::{run_charge, withdraw_charge};
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{Follow, reconcile_soon};
use crate::payment::PaymentState;
use crate::refund_run::run_refund;
use crate::{refund_store, store};

/// Minutes without news before the vendor is asked.
const QUIET_MINUTES: i64 = 10;
/// Hours after which a customer who did not confirm is taken to have gone away.
const ABANDONED_HOURS: i64 = 24;

/// One run of the job: a pass, and the next run while anything is open.
pub(crate) async fn pass(cx: &Cx, gateways: &Gateways, limit: i64) -> Result<(), Fault> {
    reconcile(cx, gateways, limit).await?;
    cx.write(async |tx: &mut Tx| {
        if store::any_open(tx).await? || refund_store::any_open(tx).await? {
            reconcile_soon(tx).await?;
        }
        Ok(())
    })
    .await
}

/// What a pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Payments and refunds looked at.
    pub looked_at: usize,
    /// Those that came to their end.
    pub ended: usize,
    /// What a person must look at: id and reason.
    pub for_a_person: Vec<(i64, String)>,
}

/// Looks after up to `limit` payments and as many refunds that had no news for ten minutes, or for a quarter of the time
/// they have been open, at most a day: what lasts is asked about ever more rarely. Takes no input and may run at any
/// time, also twice at once. Charges that wait for a customer for more than a day are
/// withdrawn at the gateway.
pub async fn reconcile(cx: &Cx, gateways: &Gateways, limit: i64) -> Result<Reconciled, Fault> {
    let (payments, refunds) = cx
        .read(async move |tx: &mut Tx| {
            let before = tx.now().plus_minutes(-QUIET_MINUTES);
            Ok::<_, Fault>((
                store::stale(tx, before, limit).await?,
                refund_store::stale(tx, before, limit).await?,
            ))
        })
        .await?;
    let mut done = Reconciled { looked_at: payments.len() + refunds.len(), ..Reconciled::default() };
    for id in payments {
        let mut result = run_charge(cx, gateways, id).await;
        if let Ok(view) = &result
            && view.payment.state == PaymentState::RequiresAction
            && cx.now() >= view.payment.created_at.plus_minutes(ABANDONED_HOURS * 60)
        {
            result = withdraw_charge(cx, gateways, id).await;
        }
        let ended = result.as_ref().is_ok_and(|view| view.payment.state.is_final());
        done.count(id.get(), ended, result.map(|view| view.follow))?;
    }
    for id in refunds {
        let result = run_refund(cx, gateways, id).await;
        let ended = result.as_ref().is_ok_and(|(refund, _)| refund.state.is_final());
        done.count(id.get(), ended, result.map(|(_, follow)| follow))?;
    }
    Ok(done)
}

impl Reconciled {
    fn count(&mut self, id: i64, ended: bool, follow: Result<Follow, PayError>) -> Result<(), Fault> {
        self.ended += usize::from(ended);
        match follow {
            Ok(Follow::Person(why)) => {
                tracing::error!(id, why, "a payment or refund waits for a person");
                self.for_a_person.push((id, why));
            }
            Ok(Follow::Done | Follow::Later | Follow::Again(_)) => {}
            Err(PayError::Fault(fault)) => return Err(fault),
            Err(error) => self.for_a_person.push((id, error.to_string())),
        }
        Ok(())
    }
}
