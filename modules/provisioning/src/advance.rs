//! Bringing a service on: what the facts say it should be becomes the next operation, in the caller's transaction.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::Origin;

use crate::policy::{Action, Desired, gives_way, next_action};
use crate::service::{OperationState, Part, Resource, ResourceState, Service, Shown};
use crate::states::{Event, State};
use crate::{moving, news, operations, places, store};

/// Moves a service and writes down how. The caller saves it.
///
/// # Errors
/// A fault when the table has no such move: a mistake of ours.
pub(crate) async fn transit(
    tx: &mut Tx,
    service: &mut Service,
    event: Event,
    operation_id: Option<i64>,
    why: &str,
) -> Result<(), Fault> {
    let from = service.state;
    let to = from.after(event).ok_or_else(|| {
        Fault::new(format!("service {} cannot {} while it is {}", service.id, event.code(), from.code()))
    })?;
    service.state = to;
    service.failed_at = (to == State::Failed).then(|| tx.now());
    why.clone_into(&mut service.why);
    let note = store::Note { service_id: service.id, operation_id, from, event, to, why };
    store::note(tx, &note).await?;
    news::moved(tx, service, from).await
}

/// Decides what is to be done next to a service, unless something is under way, and saves it.
pub(crate) async fn advance(tx: &mut Tx, service: &mut Service) -> Result<(), Fault> {
    let desired = service.desired();
    if let Some(open) = operations::open_of(tx, service.id).await? {
        let next = next_action(service.state, desired, service.plan_is_stale());
        let stays = open.state == OperationState::Running || !gives_way(open.action, desired, next);
        // What a worker has is finished first: recording its outcome comes back here.
        if stays || !operations::drop_waiting(tx, open.id).await? {
            return store::save(tx, service).await;
        }
        if open.action == Action::Move {
            moving::call_off(tx, &open).await?;
        }
    }
    match next_action(service.state, desired, service.plan_is_stale()) {
        Some(action) => begin(tx, service, action, "").await.map(drop),
        None if desired == Desired::Gone && !service.state.is_over() => {
            transit(tx, service, Event::Drop, None, "it was never begun").await?;
            forget(tx, service).await
        }
        None => {
            store::save(tx, service).await?;
            moving::clear_up(tx, service).await
        }
    }
}

/// Begins an action, and gives the operation's id.
pub(crate) async fn begin(
    tx: &mut Tx,
    service: &mut Service,
    action: Action,
    why: &str,
) -> Result<i64, Fault> {
    let resource = match store::resource_of(tx, service.id).await? {
        Some(resource) => resource,
        None => new_resource(tx, service).await?,
    };
    begin_on(tx, service, &resource, action, why).await
}

/// Begins an action on one of the things that a service has.
pub(crate) async fn begin_on(
    tx: &mut Tx,
    service: &mut Service,
    resource: &Resource,
    action: Action,
    why: &str,
) -> Result<i64, Fault> {
    service.generation += 1;
    let operation = operations::begin(tx, service, resource, action).await?;
    if let Some(event) = first_event(service.state, action) {
        transit(tx, service, event, Some(operation.id), why).await?;
    }
    store::save(tx, service).await?;
    Ok(operation.id)
}

/// Making waits in a state of its own until a place is found and the vendor is asked.
fn first_event(state: State, action: Action) -> Option<Event> {
    match (state, action) {
        (State::Pending, Action::Create) => Some(Event::Queue),
        (State::Queued, Action::Create) => None,
        (_, action) => action.begins_with(),
    }
}

/// Its name at the vendor is chosen and stored before any call, and random: other tenants share the server.
async fn new_resource(tx: &mut Tx, service: &Service) -> Result<Resource, Fault> {
    let now = tx.now();
    let resource = Resource {
        id: tx.new_raw_id()?,
        service_id: service.id,
        server_id: 0,
        driver: String::new(),
        tag: new_tag(tx.random_u64()),
        origin: Origin::Made,
        reference: None,
        state: ResourceState::Wanted,
        part: Part::Own,
        shown: Shown::default(),
        password_sealed: None,
        created_at: now,
    };
    store::insert_resource(tx, &resource).await?;
    Ok(resource)
}

/// `b` and twelve letters or digits: 59 of the 64 bits, in an alphabet that every vendor takes.
pub(crate) fn new_tag(mut random: u64) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut tag = String::from("b");
    for _ in 0..12 {
        let index = usize::try_from(random % 32).expect("a remainder of 32 is small");
        tag.push(char::from(ALPHABET[index]));
        random /= 32;
    }
    tag
}

/// What is over holds nothing any more; what a move has left behind is still to go.
pub(crate) async fn forget(tx: &mut Tx, service: &mut Service) -> Result<(), Fault> {
    if let Some(mut resource) = store::resource_of(tx, service.id).await? {
        resource.state = ResourceState::Gone;
        resource.password_sealed = None;
        store::save_resource(tx, &resource).await?;
    }
    places::leave(tx, service.id).await?;
    store::save(tx, service).await?;
    moving::clear_up(tx, service).await
}

#[cfg(test)]
mod tests {
    use bursar_hosting::Tag;

    use super::*;

    #[test]
    fn tags_are_what_every_vendor_takes() {
        for random in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            let tag = new_tag(random);
            assert_eq!(tag.len(), 13);
            assert!(Tag::new(tag.clone()).is_ok(), "{tag}");
        }
        assert_ne!(new_tag(1), new_tag(2));
    }
}
