//! Releasing what was bought on condition: it runs and is billed from now on, by the calendar of its first invoice.

use bursar_db::Tx;

use super::desk::calendar;
use super::{Status, detail, lifecycle, store};
use crate::changes::apply::Written;
use crate::error::BillError;

/// Starts a subscription that was [held](super::basket::Begin::OnRelease), in the caller's transaction. One that runs
/// already, or was sold once, is left alone: it may run twice. `false` when it is over.
///
/// # Errors
/// Faults, and [`BillError::NotFound`].
pub async fn release(tx: &mut Tx, id: i64) -> Result<bool, BillError> {
    let mut detail = detail::get(tx, id).await?;
    if detail.core.status != Status::Pending {
        return Ok(detail.core.status != Status::Cancelled);
    }
    let (before, today) = (detail.clone(), tx.today());
    let in_trial = detail.trial_ends_on.is_some_and(|ends| ends > today);
    let to = if in_trial { Status::Trial } else { Status::Active };
    detail.core.status.check_move(to)?;
    detail.core.status = to;
    let items = store::items(tx, &[id]).await?.remove(&id).unwrap_or_default();
    if items.iter().any(|item| item.unit_minor != 0 || item.setup_due) {
        let bill_on = detail.core.bill_date(detail.core.next).map_err(calendar)?;
        detail.core.next_bill_on = Some(bill_on.max(detail.started_on));
    }
    detail::save(tx, &mut detail).await?;
    lifecycle::moved(tx, &before, to, "start", today, Written::default()).await?;
    Ok(true)
}
