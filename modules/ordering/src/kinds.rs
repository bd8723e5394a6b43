//! The port for things that are ordered and that this module does not understand: a module above brings an [`ItemKind`],
//! which checks and prices what was asked for. Everything else (cart, tax, invoice, review) is the same for all.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bursar_billing::subscriptions::subscribe::Opening;
use bursar_db::Tx;
use bursar_money::Currency;
use serde_json::Value;

use crate::delivery::Delivery;
use crate::error::OrderError;
use crate::orders::Order;

/// The opening of one thing, on its way.
pub type Pricing<'t> = Pin<Box<dyn Future<Output = Result<Opening, OrderError>> + 't>>;

/// One kind of thing that can be ordered.
pub trait ItemKind: Send + Sync {
    /// `domain`: stored with every item.
    fn code(&self) -> &'static str;

    /// Checks what was asked for and prices it in a currency: what billing is to open. Called for the cart, again for
    /// the order, and MUST NOT write. Who pays, the start, the gateway and the source are filled in by the caller.
    ///
    /// # Errors
    /// [`OrderError::Invalid`] or [`OrderError::Refused`] in words for the customer.
    fn opening<'t>(&'t self, tx: &'t mut Tx, payload: &'t Value, currency: Currency) -> Pricing<'t>;
}

/// What modules above bring to ordering: kinds of things by code, and who delivers.
#[derive(Clone, Default)]
pub struct Kinds {
    by_code: Arc<BTreeMap<&'static str, Arc<dyn ItemKind>>>,
    deliveries: Vec<Arc<dyn Delivery>>,
}

impl std::fmt::Debug for Kinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let deliveries = self.deliveries.len();
        f.debug_struct("Kinds").field("codes", &self.by_code.keys()).field("deliveries", &deliveries).finish()
    }
}

impl Kinds {
    /// These kinds; of two with one code the later counts.
    pub fn new(kinds: impl IntoIterator<Item = Arc<dyn ItemKind>>) -> Self {
        let by_code = Arc::new(kinds.into_iter().map(|kind| (kind.code(), kind)).collect());
        Self { by_code, deliveries: Vec::new() }
    }

    /// With somebody who delivers, and is asked for room before an order is placed.
    #[must_use]
    pub fn delivered_by(mut self, delivery: Arc<dyn Delivery>) -> Self {
        self.deliveries.push(delivery);
        self
    }

    /// Asks everybody who delivers for room.
    ///
    /// # Errors
    /// The first refusal.
    pub(crate) async fn hold(&self, tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
        for delivery in &self.deliveries {
            delivery.hold(tx, order).await?;
        }
        Ok(())
    }

    /// The kind with this code.
    ///
    /// # Errors
    /// [`OrderError::Refused`] for what this installation does not sell (any more).
    pub(crate) fn get(&self, code: &str) -> Result<&dyn ItemKind, OrderError> {
        let kind = self.by_code.get(code).map(AsRef::as_ref);
        kind.ok_or_else(|| OrderError::refused("This is not sold here any more; remove it to go on."))
    }
}
