//! Moving a service to another server: a new thing is made there while the old one goes on, becomes the service's own when
//! it runs, and the old one is removed.
//!
//! Each step is written down with what follows from it, so that a crash between any two of them goes on where it stopped:
//! the new thing with its name and its place before the first call, the exchange with the answer that it runs, and what is
//! left behind until its vendor has said that it is gone. Whatever else is to be done to the service goes before. No driver
//! moves data: the new thing is empty.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::Origin;
use bursar_inventory::HostingDrivers;

use crate::actions::{get, record};
use crate::advance::{self, advance};
use crate::error::ProvisionError;
use crate::permissions::SERVICE_TERMINATE;
use crate::policy::{Action, takes_errands};
use crate::service::{Operation, OperationState, Part, Resource, ResourceState, Service, Shown};
use crate::{operations, places, store};

/// Begins to move a service to a server. What is on the old one is lost with it.
///
/// # Errors
/// [`ProvisionError::Refused`] unless the service is active and nothing else is under way, and when the server has no room
/// or is another driver's; [`ProvisionError::Invalid`] for the server where it is.
pub async fn move_service(
    cx: &Cx,
    drivers: &HostingDrivers,
    id: i64,
    server: i64,
) -> Result<(), ProvisionError> {
    cx.require(SERVICE_TERMINATE)?;
    let drivers = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        let own = movable(tx, &service).await?;
        if own.server_id == server {
            return Err(ProvisionError::field("server", "It is on this server already. Choose another one."));
        }
        let coming = Resource {
            id: tx.new_raw_id()?,
            service_id: id,
            server_id: server,
            driver: own.driver.clone(),
            tag: advance::new_tag(tx.random_u64()),
            origin: Origin::Made,
            reference: None,
            state: ResourceState::Wanted,
            part: Part::Coming,
            shown: Shown::default(),
            // The customer gets in as before.
            password_sealed: own.password_sealed,
            created_at: tx.now(),
        };
        let place = places::take_on(tx, &drivers, &service, coming.id, server).await?;
        if place.map_err(ProvisionError::refused)?.driver != own.driver {
            return Err(ProvisionError::refused(
                "The product is made by another driver by now than this service was. Sell it anew instead.",
            ));
        }
        store::insert_resource(tx, &coming).await?;
        advance::begin_on(tx, &mut service, &coming, Action::Move, "").await?;
        let name = places::server_name(tx, server).await?;
        record(tx, id, "provisioning.service.move", Some(&name)).await
    })
    .await
}

/// What a service has, if it can be moved.
async fn movable(tx: &mut Tx, service: &Service) -> Result<Resource, ProvisionError> {
    if !takes_errands(service.state, service.desired()) {
        return Err(ProvisionError::refused("Only a service that is active can be moved to another server."));
    }
    if operations::open_of(tx, service.id).await?.is_some() {
        return Err(ProvisionError::refused(
            "Something else is being done to this service. Wait until it is done, then try again.",
        ));
    }
    if !store::others(tx, service.id).await?.is_empty() {
        return Err(ProvisionError::refused("What an earlier move left on a server is to be removed first."));
    }
    let own = store::resource_of(tx, service.id).await?;
    own.filter(|own| own.state == ResourceState::Live)
        .ok_or_else(|| ProvisionError::refused("There is nothing yet that could be moved."))
}

/// The new thing runs: it is the service's own from now on, and the old one is to go. Each takes its place along.
pub(crate) async fn arrive(tx: &mut Tx, service: &Service, operation: &Operation) -> Result<(), Fault> {
    let coming = store::find_resource(tx, operation.resource_id).await?;
    let Some(mut coming) = coming.filter(|it| it.part == Part::Coming) else { return Ok(()) };
    if let Some(mut old) = store::resource_of(tx, service.id).await? {
        old.part = Part::Leaving;
        store::save_resource(tx, &old).await?;
        places::hand_over(tx, service.id, old.id).await?;
    }
    coming.part = Part::Own;
    store::save_resource(tx, &coming).await?;
    places::hand_over(tx, coming.id, service.id).await
}

/// The move is off: whatever there is of the new thing is to go, and the old one stays.
pub(crate) async fn call_off(tx: &mut Tx, operation: &Operation) -> Result<(), Fault> {
    set_part(tx, operation.resource_id, Part::Coming, Part::Leaving).await
}

/// What was left cannot be removed. A person has to look.
pub(crate) async fn give_up_on(tx: &mut Tx, operation: &Operation) -> Result<(), Fault> {
    set_part(tx, operation.resource_id, Part::Leaving, Part::Stuck).await
}

async fn set_part(tx: &mut Tx, resource: i64, from: Part, to: Part) -> Result<(), Fault> {
    match store::find_resource(tx, resource).await? {
        Some(mut resource) if resource.part == from => {
            resource.part = to;
            store::save_resource(tx, &resource).await
        }
        Some(_) | None => Ok(()),
    }
}

/// What was left is gone, and its place is free.
pub(crate) async fn is_gone(tx: &mut Tx, resource: i64) -> Result<(), Fault> {
    let Some(mut resource) = store::find_resource(tx, resource).await? else { return Ok(()) };
    if resource.part == Part::Own || resource.state == ResourceState::Gone {
        return Ok(());
    }
    resource.state = ResourceState::Gone;
    resource.password_sealed = None;
    store::save_resource(tx, &resource).await?;
    places::leave(tx, resource.id).await
}

/// Begins to remove what a move has left behind, when nothing else is to be done.
pub(crate) async fn clear_up(tx: &mut Tx, service: &mut Service) -> Result<(), Fault> {
    let left = store::others(tx, service.id).await?.into_iter().find(|it| it.part == Part::Leaving);
    match left {
        Some(left) => advance::begin_on(tx, service, &left, Action::Leave, "").await.map(drop),
        None => Ok(()),
    }
}

/// What is to become of something that a move has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It is tried again to remove it.
    Remove,
    /// A person has seen to it that it is gone.
    Forget,
}

/// Decides about what a move has left behind and could not remove.
///
/// # Errors
/// [`ProvisionError::NotFound`], and [`ProvisionError::Refused`] while it is being removed.
pub async fn decide_on_rest(cx: &Cx, id: i64, resource: i64, word: Rest) -> Result<(), ProvisionError> {
    cx.require(SERVICE_TERMINATE)?;
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        let others = store::others(tx, id).await?;
        let is_left = |it: &&Resource| it.id == resource && matches!(it.part, Part::Leaving | Part::Stuck);
        let left = others.iter().find(is_left).ok_or(ProvisionError::NotFound("machine"))?;
        let busy = || ProvisionError::refused("It is being removed just now. Look again in a minute.");
        let open = operations::open_of(tx, id).await?.filter(|open| open.resource_id == resource);
        if let Some(open) = open
            && (open.state == OperationState::Running || !operations::drop_waiting(tx, open.id).await?)
        {
            return Err(busy());
        }
        let action = match word {
            Rest::Remove => {
                if left.server_id != 0 {
                    crate::lanes::wake(tx, left.server_id).await?;
                }
                set_part(tx, resource, Part::Stuck, Part::Leaving).await?;
                "provisioning.service.remove_rest"
            }
            Rest::Forget => {
                is_gone(tx, resource).await?;
                "provisioning.service.forget_rest"
            }
        };
        advance(tx, &mut service).await?;
        record(tx, id, action, Some(&left.tag)).await
    })
    .await
}

/// Servers to which a service may move, for people to choose from.
pub(crate) async fn servers_for(tx: &mut Tx, own: &Resource) -> Result<Vec<(i64, String)>, Fault> {
    let mut servers = places::servers_with_room(tx, &own.driver).await?;
    servers.retain(|(server, _)| *server != own.server_id);
    Ok(servers)
}
