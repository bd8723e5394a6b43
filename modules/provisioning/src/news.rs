//! What happens to services, told to whoever wants to know.

use bursar_db::Tx;
use bursar_fault::Fault;

use crate::events::ServiceChanged;
use crate::service::Service;
use crate::states::State;

/// A service came to another state.
pub(crate) async fn moved(tx: &mut Tx, service: &Service, from: State) -> Result<(), Fault> {
    if from == service.state {
        return Ok(());
    }
    let event = ServiceChanged {
        service_id: service.id,
        customer_id: service.customer_id,
        subscription_id: service.subscription_id,
        from: from.code().to_owned(),
        to: service.state.code().to_owned(),
    };
    bursar_events::emit(tx, &event).await
}
