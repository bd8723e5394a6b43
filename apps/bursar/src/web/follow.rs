//! Identity hears what customers are called and whether they are open; it does not know customers itself.

use bursar_customers::{CustomerUpdated, Status};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;

/// Safe to run twice: it writes what is so now.
pub(super) async fn on_customer_updated(tx: &mut Tx, event: CustomerUpdated) -> Result<(), Fault> {
    let Some(customer) = bursar_customers::find(tx, Id::new(event.customer_id)).await? else { return Ok(()) };
    let is_open = !matches!(customer.status, Status::Banned | Status::Closed);
    let name = customer.details.postal.display_name();
    bursar_identity::follow_customer(tx, event.customer_id, &name, is_open).await
}
