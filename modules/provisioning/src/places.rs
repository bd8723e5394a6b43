//! Places of services: the one file that speaks with inventory.

use std::collections::BTreeMap;

use bursar_db::Tx;
use bursar_fault::{Fault, FaultClass, Refusal as _};
use bursar_hosting::Address;
use bursar_inventory::servers::ServerMode;
use bursar_inventory::{
    HostingDrivers, InventoryError, NoRoom, Placement, PlacementState, ServerAccess, Wanted,
};
use bursar_outbound::Settings;
use bursar_time::Instant;

use crate::service::{Part, Resource, Service};

/// More servers of one driver than anybody has.
const MOST_SERVERS: i64 = 1_000;

/// Where a service is, and what it is made from.
pub(crate) struct Place {
    pub(crate) server_id: i64,
    pub(crate) driver: String,
    pub(crate) plan: Settings,
    pub(crate) addresses: Vec<Address>,
}

impl From<Placement> for Place {
    fn from(placement: Placement) -> Self {
        Self {
            addresses: placement.addresses_for_driver(),
            server_id: placement.server_id,
            driver: placement.driver,
            plan: placement.plan,
        }
    }
}

/// A place that a service has for good from now on, outside of these servers; or why there is none.
pub(crate) async fn take(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    avoid: Vec<i64>,
) -> Result<Result<Place, String>, Fault> {
    let until = tx.now().plus_minutes(60);
    let place = hold(tx, drivers, service, until, avoid).await?;
    if place.is_ok() {
        bursar_inventory::confirm(tx, service.id).await?;
    }
    Ok(place)
}

/// A place that falls back by itself unless it is taken before a time.
pub(crate) async fn hold(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    until: Instant,
    avoid: Vec<i64>,
) -> Result<Result<Place, String>, Fault> {
    let wanted = wanted(service, until, avoid);
    in_words(bursar_inventory::reserve(tx, drivers, &wanted).await)
}

/// Why there is no place.
pub(crate) struct NoPlace {
    /// For staff.
    pub(crate) advice: String,
    /// Whether there may be one later, without anybody changing the product.
    pub(crate) may_come: bool,
    /// The model of machine that none is free of.
    pub(crate) model: Option<String>,
}

/// As [`hold`], for an order that is not placed yet.
pub(crate) async fn try_hold(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    until: Instant,
) -> Result<Result<(), NoPlace>, Fault> {
    match bursar_inventory::reserve(tx, drivers, &wanted(service, until, Vec::new())).await {
        Ok(_) => Ok(Ok(())),
        Err(NoRoom::Fault(fault)) => Err(fault),
        Err(no_room) => Ok(Err(NoPlace {
            advice: no_room.advice(),
            may_come: no_room.may_come(),
            model: match no_room {
                NoRoom::NoMachine { model, .. } => Some(model),
                _ => None,
            },
        })),
    }
}

/// Puts a service on the list of those who wait for a machine.
pub(crate) async fn wait_for(tx: &mut Tx, service: &Service, model: &str) -> Result<(), Fault> {
    bursar_inventory::wait_for_machine(tx, service.id, service.product_id, model).await
}

/// The plan that is wanted now, on the server where the service is; or why it cannot be had there.
pub(crate) async fn replan(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
) -> Result<Result<Place, String>, Fault> {
    let wanted = wanted(service, tx.now(), Vec::new());
    in_words(bursar_inventory::replan(tx, drivers, &wanted).await)
}

fn wanted(service: &Service, until: Instant, avoid: Vec<i64>) -> Wanted {
    Wanted {
        service_id: service.id,
        product_id: service.product_id,
        options: service.options.clone(),
        region_id: None,
        until,
        avoid,
    }
}

fn in_words(place: Result<Placement, NoRoom>) -> Result<Result<Place, String>, Fault> {
    match place {
        Ok(placement) => Ok(Ok(placement.into())),
        Err(NoRoom::Fault(fault)) => Err(fault),
        Err(no_room) => Ok(Err(no_room.advice())),
    }
}

/// Whether a driver makes something of a product.
pub(crate) async fn is_delivered(tx: &mut Tx, product: i64) -> Result<bool, Fault> {
    Ok(bursar_inventory::plans::map_of_product(tx, product).await?.is_some())
}

/// Under what the place of one of a service's things is kept: its own under the service, any other under itself.
pub(crate) fn key(service: &Service, resource: &Resource) -> i64 {
    if resource.part == Part::Own { service.id } else { resource.id }
}

/// A place for good on a server that a person chose, beside the one that the service has; or why there is none.
pub(crate) async fn take_on(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    key: i64,
    server: i64,
) -> Result<Result<Place, String>, Fault> {
    let wanted = Wanted { service_id: key, ..wanted(service, tx.now().plus_minutes(60), Vec::new()) };
    in_words(bursar_inventory::take_on(tx, drivers, &wanted, server).await)
}

/// Keeps a place under another key.
pub(crate) async fn hand_over(tx: &mut Tx, from: i64, to: i64) -> Result<(), Fault> {
    bursar_inventory::hand_over(tx, from, to).await
}

/// The servers of a driver that have room and are in use, by name.
pub(crate) async fn servers_with_room(tx: &mut Tx, driver: &str) -> Result<Vec<(i64, String)>, Fault> {
    bursar_inventory::servers::servers_with_room(tx, driver, MOST_SERVERS).await
}

/// The place that a service has.
pub(crate) async fn find(tx: &mut Tx, service: i64) -> Result<Option<Place>, Fault> {
    Ok(bursar_inventory::placement(tx, service).await?.map(Place::from))
}

/// What some services are made from.
pub(crate) async fn plans(tx: &mut Tx, services: &[i64]) -> Result<BTreeMap<i64, Settings>, Fault> {
    bursar_inventory::reservations::plans_of(tx, services).await
}

/// The services that have a place on a server, before one, the newest first; whether their place is firm.
pub(crate) async fn on_server(
    tx: &mut Tx,
    server: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<(i64, bool)>, Fault> {
    let found = bursar_inventory::reservations::of_server(tx, server, before, limit).await?;
    Ok(found.into_iter().map(|it| (it.service_id, it.state == PlacementState::Confirmed)).collect())
}

/// The next server after one, whatever its driver.
pub(crate) async fn server_after(tx: &mut Tx, after: i64) -> Result<Option<i64>, Fault> {
    Ok(bursar_inventory::servers::servers(tx, after, 1).await?.first().map(|server| server.id))
}

/// The servers of a driver.
pub(crate) async fn servers_of(tx: &mut Tx, driver: &str) -> Result<Vec<i64>, Fault> {
    let servers = bursar_inventory::servers_of_driver(tx, driver, 0, MOST_SERVERS).await?;
    Ok(servers.into_iter().map(|server| server.id).collect())
}

/// Every server, by number, with its name.
pub(crate) async fn all_servers(tx: &mut Tx) -> Result<Vec<(i64, String)>, Fault> {
    let servers = bursar_inventory::servers::servers(tx, 0, MOST_SERVERS).await?;
    Ok(servers.into_iter().map(|server| (server.id, server.details.name)).collect())
}

/// What staff have filled in for a server, without secrets.
pub(crate) async fn settings_of(tx: &mut Tx, server: i64) -> Result<Option<Settings>, Fault> {
    Ok(bursar_inventory::servers::find_server(tx, server).await?.map(|server| server.details.settings))
}

/// The driver of a server.
pub(crate) async fn driver_of(tx: &mut Tx, server: i64) -> Result<String, Fault> {
    let found = bursar_inventory::servers::find_server(tx, server).await?;
    found
        .map(|server| server.details.driver)
        .ok_or_else(|| Fault::new(format!("there is no server {server}")))
}

/// Gives what is on a server already its seat in our books, where there is one: a server that is full by our books still
/// carries what it carries.
pub(crate) async fn adopt(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    server: i64,
) -> Result<(), Fault> {
    let until = tx.now().plus_minutes(60);
    let place = hold(tx, drivers, service, until, Vec::new()).await?;
    let is_there = match place {
        Ok(place) if place.server_id == server => true,
        Ok(_) => match bursar_inventory::move_to(tx, service.id, server).await {
            Ok(_) => true,
            Err(NoRoom::Fault(fault)) => return Err(fault),
            Err(_) => false,
        },
        Err(_) => return Ok(()),
    };
    if is_there {
        return bursar_inventory::confirm(tx, service.id).await.map(drop);
    }
    leave(tx, service.id).await
}

/// Gives a place back.
pub(crate) async fn leave(tx: &mut Tx, service: i64) -> Result<(), Fault> {
    bursar_inventory::release(tx, service).await
}

/// What opens a server; or why it cannot be called, for staff.
pub(crate) async fn access(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    server: i64,
) -> Result<Result<ServerAccess, String>, Fault> {
    match bursar_inventory::server_for_call(tx, drivers, server).await {
        Ok(access) if access.mode == ServerMode::Disabled => {
            Ok(Err(format!("the server {} is switched off here", access.name)))
        }
        Ok(access) => Ok(Ok(access)),
        // A sealed credential that does not open is for staff to mend, like one that the vendor does not take.
        Err(InventoryError::Fault(fault)) if fault.class() != FaultClass::Corrupt => Err(fault),
        Err(error) => Ok(Err(error.message())),
    }
}

/// The names of some servers, for people.
pub(crate) async fn server_names(tx: &mut Tx, servers: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    bursar_inventory::servers::server_names(tx, servers).await
}

/// A server's name, for people.
pub(crate) async fn server_name(tx: &mut Tx, server: i64) -> Result<String, Fault> {
    let found = bursar_inventory::servers::find_server(tx, server).await?;
    Ok(found.map_or_else(|| server.to_string(), |server| server.details.name))
}
