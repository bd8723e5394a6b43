//! Taking a place, keeping it, and giving it back.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::{ExpireReservation, NoRoom, Placement, PlacementState, Wanted, store};
use crate::addresses::Family;
use crate::addresses::take::{self, Finder, Found, Used};
use crate::drivers::HostingDrivers;
use crate::groups::order;
use crate::hardware::Machine;
use crate::plans::{Resolved, plan_problems, resolve};
use crate::servers::ServerMode;
use crate::{groups, hardware, plans, servers};

/// Takes a place for a service and holds it until `wanted.until`. A service that has one keeps it, for at least as long;
/// one that is only held, on a server that is to be avoided, is given up for another.
///
/// # Errors
/// [`NoRoom`]; then nothing was written but the end of a place that was to be avoided.
pub async fn reserve(tx: &mut Tx, drivers: &HostingDrivers, wanted: &Wanted) -> Result<Placement, NoRoom> {
    if let Some(place) = store::placement(tx, wanted.service_id).await? {
        match place.state {
            PlacementState::Held { .. } if wanted.avoid.contains(&place.server_id) => {
                release(tx, wanted.service_id).await?;
            }
            PlacementState::Held { until } => return Ok(prolonged(tx, place, until, wanted.until).await?),
            PlacementState::Confirmed => return Ok(place),
        }
    }
    let resolved = resolved(tx, wanted).await?;
    let machine = find_machine(tx, &resolved, wanted.service_id).await?;
    let mut plan = resolved.plan.clone();
    if let Some(machine) = &machine {
        for (name, value) in machine.details.settings.iter() {
            plan.set(name, value);
        }
    }
    check_plan(drivers, &resolved.driver, &plan, wanted.product_id)?;
    let seat = find_seat(tx, &resolved, machine.as_ref(), &wanted.avoid).await?;
    let place = Placement {
        service_id: wanted.service_id,
        product_id: wanted.product_id,
        server_id: seat.server_id,
        driver: resolved.driver.clone(),
        region_id: seat.region_id,
        machine_id: machine.as_ref().map(|machine| machine.id),
        plan,
        addresses: Vec::new(),
        state: PlacementState::Held { until: wanted.until },
    };
    if let Some(machine) = &machine {
        if machine.service_id.is_none() {
            tx.exec_one(&hardware::store::RESERVE, params![wanted.service_id, machine.id]).await?;
        }
        tx.exec(&hardware::store::LEAVE, params![wanted.service_id]).await?;
    }
    take::give(tx, seat.addresses, wanted.service_id, 0).await?;
    store::insert(tx, &place, wanted.until).await?;
    bursar_jobs::enqueue_at(tx, &ExpireReservation { service_id: wanted.service_id }, wanted.until).await?;
    let kept = store::placement(tx, wanted.service_id).await?;
    Ok(kept.ok_or_else(|| Fault::new("a place that was just written is not there"))?)
}

async fn prolonged(
    tx: &mut Tx,
    mut place: Placement,
    until: Instant,
    wanted: Instant,
) -> Result<Placement, Fault> {
    if wanted > until {
        tx.exec_one(&store::PROLONG, params![wanted, place.service_id]).await?;
        bursar_jobs::enqueue_at(tx, &ExpireReservation { service_id: place.service_id }, wanted).await?;
        place.state = PlacementState::Held { until: wanted };
    }
    Ok(place)
}

/// What the product and what was picked come to.
pub(super) async fn resolved(tx: &mut Tx, wanted: &Wanted) -> Result<Resolved, NoRoom> {
    let product_id = wanted.product_id;
    let map = plans::map_of_product(tx, product_id).await?.ok_or(NoRoom::NotMapped { product_id })?;
    let choices = plans::choices(tx, map.id).await?;
    Ok(resolve(&map, &choices, &wanted.options, wanted.region_id))
}

pub(super) fn check_plan(
    drivers: &HostingDrivers,
    driver: &str,
    plan: &bursar_outbound::Settings,
    product_id: i64,
) -> Result<(), NoRoom> {
    let problems = match drivers.manifest(driver) {
        Some(manifest) => plan_problems(manifest, plan),
        None => vec![format!("This installation has no driver called {driver}.")],
    };
    if problems.is_empty() { Ok(()) } else { Err(NoRoom::BadPlan { product_id, problems }) }
}

/// The machine that staff chose for the service, or a free one of the model that nobody waits for who came before.
async fn find_machine(tx: &mut Tx, resolved: &Resolved, service_id: i64) -> Result<Option<Machine>, NoRoom> {
    if resolved.model.is_empty() {
        return Ok(None);
    }
    if let Some(chosen) = hardware::store::of_service(tx, service_id).await? {
        return Ok(Some(chosen));
    }
    let ahead = hardware::store::ahead_of(tx, &resolved.model, service_id).await?;
    let free =
        hardware::store::free(tx, &resolved.model, resolved.region_id, ahead.saturating_add(1)).await?;
    let is_enough = i64::try_from(free.len()).is_ok_and(|free| free > ahead);
    match free.into_iter().next() {
        Some(machine) if is_enough => Ok(Some(machine)),
        Some(_) | None => Err(NoRoom::NoMachine { model: resolved.model.clone(), ahead }),
    }
}

/// A seat that was taken, with addresses that were found and not given yet.
struct Seat {
    server_id: i64,
    region_id: Option<i64>,
    addresses: Found,
}

async fn find_seat(
    tx: &mut Tx,
    resolved: &Resolved,
    machine: Option<&Machine>,
    avoid: &[i64],
) -> Result<Seat, NoRoom> {
    let mut v4 = Finder::new(tx, Family::V4, resolved.ipv4_count).await?;
    let mut v6 = Finder::new(tx, Family::V6, resolved.ipv6_count).await?;
    let mut missing = None;
    for (server_id, region_id) in in_order(tx, resolved, machine, avoid).await? {
        let Some(mut addresses) = v4.find(tx, server_id, region_id).await? else {
            missing.get_or_insert(Family::V4);
            continue;
        };
        let Some(more) = v6.find(tx, server_id, region_id).await? else {
            missing.get_or_insert(Family::V6);
            continue;
        };
        // Somebody else may have had the last seat meanwhile: then the next one is asked.
        if servers::store::take_seat(tx, server_id).await? {
            addresses.extend(more);
            tx.exec(&groups::store::TAKE_TURN, params![resolved.group_id, server_id]).await?;
            return Ok(Seat { server_id, region_id, addresses });
        }
    }
    Err(match missing {
        Some(family) => NoRoom::NoAddress { family },
        None => NoRoom::NoServer { group_id: resolved.group_id },
    })
}

/// Servers with their regions in the order in which they are asked.
async fn in_order(
    tx: &mut Tx,
    resolved: &Resolved,
    machine: Option<&Machine>,
    avoid: &[i64],
) -> Result<Vec<(i64, Option<i64>)>, Fault> {
    // A machine is steered by its own panel and by no other.
    if let Some(server_id) = machine.and_then(|machine| machine.details.server_id) {
        let server = servers::find_server(tx, server_id).await?;
        let usable = server.filter(|it| {
            it.details.mode == ServerMode::Enabled
                && it.details.driver == resolved.driver
                && !avoid.contains(&it.id)
        });
        return Ok(usable.map(|it| (it.id, it.details.region_id)).into_iter().collect());
    }
    let Some(group) = groups::find_group(tx, resolved.group_id).await? else { return Ok(Vec::new()) };
    let mut candidates = groups::store::candidates(tx, group.id).await?;
    candidates.retain(|it| {
        let is_there = resolved.region_id.is_none() || it.region_id == resolved.region_id;
        is_there && !avoid.contains(&it.server_id)
    });
    let ordered = order(group.details.fill, candidates);
    Ok(ordered.into_iter().map(|it| (it.server_id, it.region_id)).collect())
}

/// Keeps the place of a service until it is released. MUST be called before the first call that makes something at the
/// panel. Whether there was a place: one whose time was over has fallen back and must be reserved again.
///
/// # Errors
/// Faults of the database.
pub async fn confirm(tx: &mut Tx, service_id: i64) -> Result<bool, Fault> {
    if tx.exec(&store::CONFIRM, params![service_id]).await? == 1 {
        tx.exec(&hardware::store::CONFIRM, params![service_id]).await?;
        return Ok(true);
    }
    Ok(store::placement(tx, service_id).await?.is_some())
}

/// Gives the place of a service back, with everything in it. Nothing MUST be left of the service at the panel. A service
/// without one is left alone.
///
/// # Errors
/// Faults of the database.
pub async fn release(tx: &mut Tx, service_id: i64) -> Result<(), Fault> {
    tx.exec(&hardware::store::LEAVE, params![service_id]).await?;
    // Also a machine that staff chose for a service that never got its place.
    tx.exec(&hardware::store::RELEASE, params![service_id]).await?;
    let Some(place) = store::placement(tx, service_id).await? else { return Ok(()) };
    let used = match place.state {
        PlacementState::Held { .. } => Used::Never,
        PlacementState::Confirmed => Used::Perhaps,
    };
    let ids: Vec<i64> = place.addresses.iter().map(|it| it.id).collect();
    take::take_back(tx, &ids, used).await?;
    servers::store::free_seat(tx, place.server_id).await?;
    tx.exec_one(&store::DELETE, params![service_id]).await
}

/// Puts a service on the list of those who wait for a machine of a model. Its place on the list stays.
///
/// # Errors
/// Faults of the database.
pub async fn wait_for_machine(
    tx: &mut Tx,
    service_id: i64,
    product_id: i64,
    model: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&hardware::store::WAIT, params![service_id, product_id, model, now]).await.map(drop)
}

/// Takes a service off the list.
///
/// # Errors
/// Faults of the database.
pub async fn leave_waiting_list(tx: &mut Tx, service_id: i64) -> Result<(), Fault> {
    tx.exec(&hardware::store::LEAVE, params![service_id]).await.map(drop)
}
