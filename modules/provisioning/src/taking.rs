//! The money for what is to be made: held while it is made where the gateway can, taken when everything of the order is
//! there, let go when none of it will be. What is made and cannot be taken after all follows the business's rule.

use bursar_billing::events::InvoiceUnsecured;
use bursar_billing::settle::{deliver_first, delivered};
use bursar_billing::subscriptions::Status;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ordering::orders::Order;

use crate::events::ServiceChanged;
use crate::service::Service;
use crate::services::{Fact, learn};
use crate::settings::{ProvisioningSettings, When};
use crate::states::State;
use crate::{follow, store};

bursar_db::statements! {
    /// Something of an order that is still to be made.
    pub(crate) UNMADE = "SELECT s.id FROM provisioning_services AS s WHERE s.order_id = $1 AND s.is_ended = 0
        AND NOT EXISTS (SELECT 1 FROM provisioning_resources AS r
            WHERE r.service_id = s.id AND r.part = 'own' AND r.state = 'live') LIMIT 1";
    /// Something of an order that is there.
    pub(crate) MADE = "SELECT s.id FROM provisioning_services AS s WHERE s.order_id = $1 AND s.is_ended = 0
        AND EXISTS (SELECT 1 FROM provisioning_resources AS r
            WHERE r.service_id = s.id AND r.part = 'own' AND r.state = 'live') LIMIT 1";
}

/// What the customer reads as the reason.
const WHY: &str = "The money that was held for it could not be taken.";

/// The invoice of an order is for what is to be made soon: its money can wait for that. What waits for a day or for staff
/// may take longer than a card holds anything.
pub(crate) async fn wait_for_delivery(
    tx: &mut Tx,
    settings: &ProvisioningSettings,
    order: &Order,
    services: &[Service],
) -> Result<(), Fault> {
    let is_soon = |service: &Service| match settings.when_of(service.product_id) {
        When::Ordered | When::Paid | When::Accepted => true,
        When::OnDate | When::ByHand => false,
    };
    match order.invoice_id {
        Some(invoice) if services.iter().all(is_soon) => deliver_first(tx, invoice).await,
        _ => Ok(()),
    }
}

/// The subscriber `provisioning.take_money`: when the last thing of an order is there, what is held for it is taken.
pub(crate) async fn on_changed(tx: &mut Tx, event: ServiceChanged) -> Result<(), Fault> {
    if !matches!(State::parse(&event.to), Some(State::Active | State::Deprovisioned)) {
        return Ok(());
    }
    let Some(service) = store::find(tx, event.service_id).await? else { return Ok(()) };
    let Some(order) = service.order_id else { return Ok(()) };
    let is_unmade = tx.query_opt(&UNMADE, params![order], |row| row.get::<i64>(0)).await?.is_some();
    if is_unmade || !is_any_made(tx, order).await? {
        return Ok(());
    }
    let invoice = bursar_ordering::find_order(tx, order).await?.and_then(|order| order.invoice_id);
    match invoice {
        Some(invoice) => delivered(tx, invoice).await,
        None => Ok(()),
    }
}

/// Something of an order was called off, and its part of what is held is let go. When everything else is there, or is
/// nothing that anybody makes, the rest is taken.
pub(crate) async fn take_for_the_rest(tx: &mut Tx, service: &Service) -> Result<(), Fault> {
    let Some(order) = service.order_id else { return Ok(()) };
    if tx.query_opt(&UNMADE, params![order], |row| row.get::<i64>(0)).await?.is_some() {
        return Ok(());
    }
    match bursar_ordering::find_order(tx, order).await?.and_then(|order| order.invoice_id) {
        Some(invoice) => delivered(tx, invoice).await,
        None => Ok(()),
    }
}

/// Whether anything of an order is there.
pub(crate) async fn is_any_made(tx: &mut Tx, order: i64) -> Result<bool, Fault> {
    Ok(tx.query_opt(&MADE, params![order], |row| row.get::<i64>(0)).await?.is_some())
}

/// The subscriber `provisioning.money_lost`: the bank refused what was held, or the hold ran out. Whoever let it go knows
/// what they did.
pub(crate) async fn on_unsecured(tx: &mut Tx, unsecured: InvoiceUnsecured) -> Result<(), Fault> {
    let settings = ProvisioningSettings::load(tx).await?;
    if !settings.suspend_when_not_taken || unsecured.state == "released" {
        return Ok(());
    }
    let Some(order) = bursar_ordering::order_of_invoice(tx, unsecured.invoice_id).await? else {
        return Ok(());
    };
    // They may have paid another way by now.
    if order.paid_at.is_some() {
        return Ok(());
    }
    for mut service in store::of_order(tx, order.id).await? {
        let is_exempt = settings.never_suspend.contains(&service.product_id);
        if !is_exempt && !service.facts.is_ended {
            learn(tx, &mut service, Fact::HeldByBilling(WHY.to_owned())).await?;
        }
    }
    Ok(())
}

/// An order is paid after all: what was taken away because its money could not be taken is given back, unless it owes
/// otherwise.
pub(crate) async fn paid_after_all(tx: &mut Tx, order: i64) -> Result<(), Fault> {
    for mut service in store::of_order(tx, order).await? {
        if !service.facts.is_held_by_billing || service.hold_reason != WHY {
            continue;
        }
        let status = match service.subscription_id {
            Some(subscription) => follow::status(tx, subscription).await?,
            None => None,
        };
        if status.is_none_or(|status| matches!(status, Status::Pending | Status::Trial | Status::Active)) {
            learn(tx, &mut service, Fact::FreedByBilling).await?;
        }
    }
    Ok(())
}
