//! The port for whoever delivers: before anybody is asked to pay, a module above is asked whether it has room.

use std::future::Future;
use std::pin::Pin;

use bursar_db::Tx;

use crate::error::OrderError;
use crate::orders::Order;

/// The answer of whoever delivers, on its way.
pub type Holding<'t> = Pin<Box<dyn Future<Output = Result<(), OrderError>> + 't>>;

/// Somebody who delivers what is ordered.
pub trait Delivery: Send + Sync {
    /// Holds what the order needs until it would be cancelled for want of payment. Called once in the transaction that
    /// places the order, after everything of it was written; what is held MUST fall back by itself if nobody pays.
    ///
    /// # Errors
    /// [`OrderError::Refused`] in words for the customer when there is no room: then nothing is ordered.
    fn hold<'t>(&'t self, tx: &'t mut Tx, order: &'t Order) -> Holding<'t>;
}
