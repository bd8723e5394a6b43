//! The first half of a turn: what is known about the operation, its place, and what opens the server.
//!
//! One transaction. It finds a place for what has none and seals the password that every repetition will carry, so that
//! whatever happens after this has everything it needs in the database.

use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{
    Customer, Hosting, IdempotencyKey, Login, Origin, Password, Reference, Resource as Target, Specification,
    Tag,
};
use bursar_ids::Id;
use bursar_inventory::{HostingDrivers, ServerAccess};
use bursar_outbound::CallError;

use crate::claim::{LEASE_SECONDS, Turn};
use crate::policy::{Action, Desired};
use crate::service::{Operation, Resource, Service};
use crate::states::{Event, State};
use crate::verdict::{Answer, Step};
use crate::{Seals, advance, lanes, operations, places, store};

/// Everything that the call needs.
pub(crate) struct Errand {
    pub(crate) operation: Operation,
    pub(crate) hosting: Arc<dyn Hosting>,
    pub(crate) access: ServerAccess,
    pub(crate) target: Target,
    /// For what makes or changes; nothing else names the plan.
    pub(crate) specification: Option<Specification>,
    /// Why it is suspended.
    pub(crate) reason: String,
    /// The same in every repetition.
    pub(crate) key: IdempotencyKey,
}

/// What the turn is for.
pub(crate) enum Prepared {
    /// To call.
    Call(Box<Errand>),
    /// The answer is known without a call.
    Answered(Box<Operation>, Answer),
    /// It has got a place, and waits for that server's turns.
    Placed,
    /// Somebody else has it by now.
    Lost,
}

pub(crate) async fn prepare(
    cx: &Cx,
    drivers: &HostingDrivers,
    seals: &Seals,
    turn: Turn,
) -> Result<Prepared, Fault> {
    let (drivers, seals) = (drivers.clone(), seals.clone());
    // Made before the transaction: sealing takes randomness of its own. Kept only where there is none yet.
    let fresh = seals.fresh_password(cx);
    cx.write(async move |tx: &mut Tx| prepare_in(tx, &drivers, &seals, turn, &fresh).await).await
}

async fn prepare_in(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    seals: &Seals,
    turn: Turn,
    fresh: &str,
) -> Result<Prepared, Fault> {
    let Some(operation) = operations::find(tx, turn.operation_id).await? else {
        return Ok(Prepared::Lost);
    };
    if operation.fence != turn.fence || operation.lease_until.is_none() {
        return Ok(Prepared::Lost);
    }
    let service = store::find(tx, operation.service_id).await?;
    let resource = store::find_resource(tx, operation.resource_id).await?;
    let (Some(mut service), Some(mut resource)) = (service, resource) else {
        return Err(Fault::corrupt(format!("operation {} has no service or resource", operation.id)));
    };
    if resource.server_id == 0 {
        return settle(tx, drivers, &service, &mut resource, operation).await;
    }
    if operation.action == Action::Create && service.state == State::Queued {
        advance::transit(tx, &mut service, Event::Create, Some(operation.id), "").await?;
        store::save(tx, &mut service).await?;
    }
    if resource.password_sealed.is_none() && makes_password(&resource, operation.action) {
        let own = password_of(tx, drivers, &service, &resource).await?;
        resource.password_sealed = Some(own.unwrap_or_else(|| fresh.to_owned()));
        store::save_resource(tx, &resource).await?;
    }
    let access = match places::access(tx, drivers, resource.server_id).await? {
        Ok(access) => access,
        // Nothing has left: staff mend the server or the keys, and it goes on.
        Err(why) => {
            return Ok(Prepared::Answered(
                Box::new(operation),
                Answer::Failed(CallError::BadCredentials(why)),
            ));
        }
    };
    if operation.action == Action::Update
        && let Err(why) = places::replan(tx, drivers, &service).await?
    {
        return Ok(Prepared::Answered(Box::new(operation), Answer::NoPlace(why)));
    }
    lanes::keep(tx, resource.server_id, access.limits).await?;
    let longest = i64::try_from(access.change_timeout.as_secs()).unwrap_or(i64::MAX / 2_000_000);
    let until = tx.now().plus_seconds(longest + LEASE_SECONDS);
    if !operations::hold(tx, &operation, until).await? {
        return Ok(Prepared::Lost);
    }
    let Some(hosting) = drivers.shared(&access.driver) else {
        let why = format!("this installation has no driver {}", access.driver);
        return Ok(Prepared::Answered(Box::new(operation), Answer::Failed(CallError::BadCredentials(why))));
    };
    let specification = match operation.action {
        Action::Create | Action::Update | Action::Reinstall | Action::Password | Action::Move => {
            Some(specification(tx, seals, &service, &resource, fresh).await?)
        }
        Action::Suspend
        | Action::Resume
        | Action::Terminate
        | Action::Start
        | Action::Stop
        | Action::Restart
        | Action::Kill
        | Action::Leave => None,
    };
    Ok(Prepared::Call(Box::new(Errand {
        key: key_of(&operation)?,
        target: target(&resource)?,
        reason: service.hold_reason.clone(),
        operation,
        hosting,
        access,
        specification,
    })))
}

/// Whether an operation has a password made where none is known. What was linked has one that is not ours to know, until
/// somebody sets another.
fn makes_password(resource: &Resource, action: Action) -> bool {
    match resource.origin {
        Origin::Made => true,
        Origin::Adopted => matches!(action, Action::Password | Action::Reinstall | Action::Move),
    }
}

/// Where a vendor has one password for everything of a customer's, the one that they have there stays.
async fn password_of(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    resource: &Resource,
) -> Result<Option<String>, Fault> {
    match drivers.manifest(&resource.driver).map(|manifest| manifest.login) {
        Some(Login::OfCustomer) => store::password_at(tx, service.customer_id, resource.server_id).await,
        Some(Login::OfResource) | None => Ok(None),
    }
}

/// Finds a place for what has none. The call is for another turn, because it is the server's to give: how fast and how many
/// at once is its own.
async fn settle(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: &Service,
    resource: &mut Resource,
    operation: Operation,
) -> Result<Prepared, Fault> {
    // What never had a place was never made anywhere.
    if operation.action != Action::Create {
        return Ok(Prepared::Answered(Box::new(operation), Answer::Done));
    }
    if service.desired() == Desired::Gone {
        let why = "It is not wanted any more.".to_owned();
        return Ok(Prepared::Answered(Box::new(operation), Answer::NoPlace(why)));
    }
    let place = match places::take(tx, drivers, service, operation.tried.clone()).await? {
        Ok(place) => place,
        Err(why) => return Ok(Prepared::Answered(Box::new(operation), Answer::NoPlace(why))),
    };
    resource.server_id = place.server_id;
    resource.driver = place.driver;
    store::save_resource(tx, resource).await?;
    if let Ok(access) = places::access(tx, drivers, place.server_id).await? {
        lanes::keep(tx, place.server_id, access.limits).await?;
    }
    operations::place(tx, &operation, place.server_id).await?;
    Ok(Prepared::Placed)
}

/// What is asked for, whole, and the same in every repetition.
async fn specification(
    tx: &mut Tx,
    seals: &Seals,
    service: &Service,
    resource: &Resource,
    fresh: &str,
) -> Result<Specification, Fault> {
    let place = places::find(tx, places::key(service, resource)).await?;
    let place = place.ok_or_else(|| Fault::new(format!("service {} has lost its place", service.id)))?;
    let customer = bursar_customers::find(tx, Id::new(service.customer_id)).await?;
    let postal = customer.map(|customer| customer.details.postal).unwrap_or_default();
    // A change of plan sets no password: one that nobody keeps stands for the one that is not known.
    let sealed = resource.password_sealed.as_deref().unwrap_or(fresh);
    Ok(Specification {
        plan: place.plan,
        name: service.name.clone(),
        customer: Customer {
            number: service.customer_id,
            email: postal.email,
            first_name: postal.first_name,
            last_name: postal.last_name,
        },
        password: Password::new(seals.open(sealed)?.expose().clone()),
        addresses: place.addresses,
        ssh_keys: Vec::new(),
    })
}

pub(crate) fn target(resource: &Resource) -> Result<Target, Fault> {
    Ok(Target {
        tag: Tag::new(resource.tag.clone()).map_err(|e| Fault::wrap("a stored tag cannot be read", e))?,
        reference: resource.reference.clone().map(Reference::new),
        origin: resource.origin,
    })
}

fn key_of(operation: &Operation) -> Result<IdempotencyKey, Fault> {
    // Each removal of something half made is one intent of its own.
    let key = match operation.step {
        Step::Do => operation.key.clone(),
        Step::Clean => format!("{}:clean-{}", operation.key, operation.vendor_failures),
    };
    IdempotencyKey::new(key).map_err(|e| Fault::wrap("a stored idempotency key cannot be read", e))
}
