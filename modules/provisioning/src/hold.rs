//! Room before money: what an order needs is held in the transaction that places it, and an order for which there is none
//! is not placed.

use bursar_db::Tx;
use bursar_inventory::HostingDrivers;
use bursar_ordering::orders::Order;
use bursar_ordering::{Delivery, Holding, OrderError};
use bursar_time::Instant;

use crate::follow::open_of_order;
use crate::places::{self, NoPlace};
use crate::service::Service;
use crate::settings::ProvisioningSettings;
use crate::{store, taking};

/// Answers ordering whether there is room.
#[derive(Debug, Clone)]
pub struct Rooms {
    drivers: HostingDrivers,
}

impl Rooms {
    /// On the servers of these drivers.
    pub fn new(drivers: HostingDrivers) -> Self {
        Self { drivers }
    }
}

impl Delivery for Rooms {
    fn hold<'t>(&'t self, tx: &'t mut Tx, order: &'t Order) -> Holding<'t> {
        Box::pin(hold_order(tx, &self.drivers, order))
    }
}

/// Until when the place of an order is held. A day longer than the order waits for its payment: with one that is under way
/// then, its money may still come. An order that is cancelled gives its places back at once.
pub(crate) fn until(tx: &Tx, order: &Order) -> Instant {
    order.expires_at.unwrap_or_else(|| tx.now()).plus_days(1)
}

async fn hold_order(tx: &mut Tx, drivers: &HostingDrivers, order: &Order) -> Result<(), OrderError> {
    open_of_order(tx, order.id, order.customer_id).await?;
    let services = store::of_order(tx, order.id).await?;
    if services.is_empty() {
        return Ok(());
    }
    let settings = ProvisioningSettings::load(tx).await?;
    taking::wait_for_delivery(tx, &settings, order, &services).await?;
    let until = until(tx, order);
    for mut service in services {
        let Err(no_place) = places::try_hold(tx, drivers, &service, until).await? else { continue };
        if !settings.sell_when_full.contains(&service.product_id) {
            return Err(refusal(order, &service, &no_place));
        }
        if let Some(model) = &no_place.model {
            places::wait_for(tx, &service, model).await?;
        }
        service.why = no_place.advice;
        store::save(tx, &mut service).await?;
    }
    Ok(())
}

/// Staff read what is to be done about it, customers that it is not their doing.
fn refusal(order: &Order, service: &Service, no_place: &NoPlace) -> OrderError {
    tracing::warn!(
        product.id = service.product_id,
        why = no_place.advice,
        "an order was refused for want of room"
    );
    if order.source == "staff" {
        return OrderError::refused(format!(
            "There is no room for {}, so nothing was ordered. {}",
            service.label, no_place.advice
        ));
    }
    OrderError::refused(if no_place.may_come {
        format!(
            "{} is sold out at the moment. Nothing was ordered and nothing is owed. Take it out of the cart to go on \
             with the rest, or try again later.",
            service.label
        )
    } else {
        format!(
            "{} cannot be set up the way it was chosen. Nothing was ordered and nothing is owed. Choose other options, \
             or write to us.",
            service.label
        )
    })
}
