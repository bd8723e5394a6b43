//! Staff take held money, or let it go, from the payment's page.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Denied, ErrorKind, Fault, Refusal};
use bursar_ids::Id;
use serde_json::json;

use super::{capture_held, release_held};
use crate::payment::Payment;
use crate::permissions::PAYMENT_HOLD;
use crate::store;

/// Why held money cannot be decided about.
#[derive(Debug, thiserror::Error)]
pub enum HoldRefused {
    /// There is no such payment.
    #[error("payment not found")]
    NotFound,
    /// Nothing is held that could still be decided about.
    #[error("the payment holds nothing that could be decided about")]
    NotHeld,
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for HoldRefused {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::NotHeld => ErrorKind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound => "The payment was not found.".to_owned(),
            Self::NotHeld => {
                "Nothing is held for this payment any more: it was taken or let go meanwhile.".to_owned()
            }
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => fault.message(),
        }
    }
}

/// As staff: takes what is held now, delivered or not.
///
/// # Errors
/// [`HoldRefused::NotHeld`] when it was let go or has run out meanwhile.
pub async fn capture_by_hand(cx: &Cx, id: Id<Payment>) -> Result<(), HoldRefused> {
    by_hand(cx, id, true).await
}

/// As staff: lets what is held go. The invoice is owed again.
///
/// # Errors
/// [`HoldRefused::NotHeld`] when it is being taken or was taken meanwhile.
pub async fn release_by_hand(cx: &Cx, id: Id<Payment>) -> Result<(), HoldRefused> {
    by_hand(cx, id, false).await
}

async fn by_hand(cx: &Cx, id: Id<Payment>, takes: bool) -> Result<(), HoldRefused> {
    cx.require(PAYMENT_HOLD)?;
    cx.write(async move |tx: &mut Tx| {
        let payment = store::find(tx, id).await?.ok_or(HoldRefused::NotFound)?;
        let granted = if takes { capture_held(tx, id).await? } else { release_held(tx, id).await? };
        if !granted {
            return Err(HoldRefused::NotHeld);
        }
        let subject = format!("payment:{}", id.get());
        let before = Some(json!({ "state": payment.state.code(), "amount": payment.amount.to_string() }));
        let after = Some(json!({ "decided": if takes { "capture" } else { "release" } }));
        Ok(bursar_audit::record(tx, Audit { action: PAYMENT_HOLD, subject: &subject, before, after }).await?)
    })
    .await
}
