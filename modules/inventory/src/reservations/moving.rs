//! Another server, a second place and another plan, for a service that has a place.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use super::reserve::{check_plan, confirm, resolved};
use super::{NoRoom, Placement, PlacementState, Wanted, store};
use crate::addresses::take::{self, Finder, Found, Used};
use crate::addresses::{Assigned, Family};
use crate::drivers::HostingDrivers;
use crate::servers::ServerMode;
use crate::stored::settings_text;
use crate::{addresses, servers};

/// Puts the place of a service on another server of its driver. Addresses that are not routed there are exchanged.
/// Whatever moves it at the panels is the caller's.
///
/// # Errors
/// [`NoRoom`]; then nothing was written. A server that only drains is taken too: a person chose it.
pub async fn move_to(tx: &mut Tx, service_id: i64, server_id: i64) -> Result<Placement, NoRoom> {
    let place = store::placement(tx, service_id).await?.ok_or(NoRoom::NoPlace { service_id })?;
    if place.server_id == server_id {
        return Ok(place);
    }
    if let Some(machine_id) = place.machine_id {
        return Err(NoRoom::OnMachine { machine_id });
    }
    let server = servers::find_server(tx, server_id).await?;
    let usable = server.filter(|it| it.details.mode != ServerMode::Disabled);
    let server = usable.ok_or(NoRoom::NoSeat { server_id })?;
    if server.details.driver != place.driver {
        return Err(NoRoom::OtherDriver { server_id, driver: server.details.driver });
    }
    let region_id = server.details.region_id;
    let (kept, left) = routed(tx, &place.addresses, server_id, region_id).await?;
    let mut found = Found::default();
    for family in [Family::V4, Family::V6] {
        let count = left.iter().filter(|it| it.family() == family).count();
        let mut finder = Finder::new(tx, family, i64::try_from(count).unwrap_or(i64::MAX)).await?;
        let more = finder.find(tx, server_id, region_id).await?;
        found.extend(more.ok_or(NoRoom::NoAddress { family })?);
    }
    if !servers::store::take_seat(tx, server_id).await? {
        return Err(NoRoom::NoSeat { server_id });
    }
    servers::store::free_seat(tx, place.server_id).await?;
    let gone: Vec<i64> = left.iter().map(|it| it.id).collect();
    take::take_back(tx, &gone, Used::Perhaps).await?;
    let from = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    take::give(tx, found, service_id, from).await?;
    tx.exec_one(&store::MOVE, params![server_id, region_id, service_id]).await?;
    again(tx, service_id).await
}

/// Takes a place for good on a server that a person chose, beside whatever place its service has: `wanted.service_id` names
/// the place until it is [handed over](hand_over). For what is made anew elsewhere while the old one goes on.
///
/// # Errors
/// [`NoRoom`]; then nothing was written. A server that only drains is taken too.
pub async fn take_on(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    wanted: &Wanted,
    server_id: i64,
) -> Result<Placement, NoRoom> {
    let resolved = resolved(tx, wanted).await?;
    if !resolved.model.is_empty() {
        return Err(NoRoom::NeedsMachine { model: resolved.model });
    }
    check_plan(drivers, &resolved.driver, &resolved.plan, wanted.product_id)?;
    let server = servers::find_server(tx, server_id).await?;
    let usable = server.filter(|it| it.details.mode != ServerMode::Disabled);
    let server = usable.ok_or(NoRoom::NoSeat { server_id })?;
    if server.details.driver != resolved.driver {
        return Err(NoRoom::OtherDriver { server_id, driver: server.details.driver });
    }
    let region_id = server.details.region_id;
    let mut found = Found::default();
    for (family, count) in [(Family::V4, resolved.ipv4_count), (Family::V6, resolved.ipv6_count)] {
        let mut finder = Finder::new(tx, family, count).await?;
        let more = finder.find(tx, server_id, region_id).await?;
        found.extend(more.ok_or(NoRoom::NoAddress { family })?);
    }
    if !servers::store::take_seat(tx, server_id).await? {
        return Err(NoRoom::NoSeat { server_id });
    }
    let place = Placement {
        service_id: wanted.service_id,
        product_id: wanted.product_id,
        server_id,
        driver: resolved.driver,
        region_id,
        machine_id: None,
        plan: resolved.plan,
        addresses: Vec::new(),
        state: PlacementState::Held { until: wanted.until },
    };
    take::give(tx, found, wanted.service_id, 0).await?;
    store::insert(tx, &place, wanted.until).await?;
    confirm(tx, wanted.service_id).await?;
    again(tx, wanted.service_id).await
}

/// Gives the place of one to another that has none, with its addresses. Without a place nothing happens.
///
/// # Errors
/// Faults of the database, and when the other one has a place.
pub async fn hand_over(tx: &mut Tx, from: i64, to: i64) -> Result<(), Fault> {
    tx.exec(&store::HAND_OVER, params![from, to]).await?;
    tx.exec(&addresses::store::HAND_OVER, params![from, to]).await.map(drop)
}

/// Which of some addresses are routed to a server, and which are not.
async fn routed(
    tx: &mut Tx,
    all: &[Assigned],
    server_id: i64,
    region_id: Option<i64>,
) -> Result<(Vec<Assigned>, Vec<Assigned>), Fault> {
    let pools = addresses::pools(tx).await?;
    let serves = |address: &Assigned| {
        pools.iter().any(|pool| pool.id == address.pool_id && pool.serves(server_id, region_id))
    };
    Ok(all.iter().cloned().partition(serves))
}

/// Gives the place of a service another plan, on the server where it is: what an upgrade asks for. Addresses that are
/// more are added at the end; those that are fewer are taken from there, never the main one.
///
/// # Errors
/// [`NoRoom`]; then nothing was written.
pub async fn replan(tx: &mut Tx, drivers: &HostingDrivers, wanted: &Wanted) -> Result<Placement, NoRoom> {
    let service_id = wanted.service_id;
    let place = store::placement(tx, service_id).await?.ok_or(NoRoom::NoPlace { service_id })?;
    let resolved = resolved(tx, wanted).await?;
    if resolved.driver != place.driver {
        return Err(NoRoom::OtherDriver { server_id: place.server_id, driver: resolved.driver });
    }
    check_plan(drivers, &resolved.driver, &resolved.plan, wanted.product_id)?;
    let mut found = Found::default();
    let mut gone = Vec::new();
    for (family, count) in [(Family::V4, resolved.ipv4_count), (Family::V6, resolved.ipv6_count)] {
        let own: Vec<&Assigned> = place.addresses.iter().filter(|it| it.family() == family).collect();
        let have = i64::try_from(own.len()).unwrap_or(i64::MAX);
        let mut finder = Finder::new(tx, family, (count - have).max(0)).await?;
        let more = finder.find(tx, place.server_id, place.region_id).await?;
        found.extend(more.ok_or(NoRoom::NoAddress { family })?);
        gone.extend(own.iter().skip(usize::try_from(count).unwrap_or_default()).map(|it| it.id));
    }
    take::take_back(tx, &gone, Used::Perhaps).await?;
    let from = i64::try_from(place.addresses.len()).unwrap_or(i64::MAX);
    take::give(tx, found, service_id, from).await?;
    let plan = settings_text(&resolved.plan);
    tx.exec_one(&store::REPLAN, params![wanted.product_id, &plan, service_id]).await?;
    again(tx, service_id).await
}

async fn again(tx: &mut Tx, service_id: i64) -> Result<Placement, NoRoom> {
    let place = store::placement(tx, service_id).await?;
    Ok(place.ok_or_else(|| Fault::new("a place that was just changed is not there"))?)
}
