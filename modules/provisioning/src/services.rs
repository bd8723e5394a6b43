//! Opening services, and the facts that change what they should be: parts, for subscribers and actions to compose.

use std::collections::BTreeMap;

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_time::Instant;

use crate::advance::advance;
use crate::error::ProvisionError;
use crate::policy::{Action, Facts, takes_errands};
use crate::service::Service;
use crate::states::State;
use crate::{advance as moves, operations, store};

/// A part of a sale that is to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewService {
    /// Whose it is.
    pub customer_id: i64,
    /// What bills it.
    pub subscription_id: Option<i64>,
    /// Which part of the subscription: `product`, or `addon:` and the add-on.
    pub slot: String,
    /// What it is made from.
    pub product_id: i64,
    /// The order it came with.
    pub order_id: Option<i64>,
    /// As shown.
    pub label: String,
    /// Host name or domain.
    pub name: Option<String>,
    /// Option, value and quantity.
    pub options: Vec<(i64, i64, i64)>,
}

/// Writes a service down, not to be made yet. A part of a subscription that has one already keeps it, and `None` is the
/// answer: news that comes twice makes nothing twice.
///
/// # Errors
/// Faults of the database.
pub async fn open(tx: &mut Tx, new: NewService) -> Result<Option<Service>, Fault> {
    let now = tx.now();
    let service = Service {
        id: tx.new_raw_id()?,
        customer_id: new.customer_id,
        subscription_id: new.subscription_id,
        slot: new.slot,
        product_id: new.product_id,
        order_id: new.order_id,
        label: new.label,
        name: new.name,
        start_on: None,
        options: new.options,
        facts: Facts::default(),
        hold_reason: String::new(),
        state: State::Pending,
        observed: String::new(),
        observed_at: None,
        generation: 0,
        plan_wanted: 1,
        plan_applied: 0,
        archived_until: None,
        why: String::new(),
        failed_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    Ok(store::insert(tx, &service).await?.then_some(service))
}

/// A fact about a service that others decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It is to be delivered.
    Started,
    /// Billing wants it taken away, and says why.
    HeldByBilling(String),
    /// Billing wants it given back.
    FreedByBilling,
    /// Staff want it taken away, and say why.
    HeldByStaff(String),
    /// Staff want it given back.
    FreedByStaff,
    /// It is given back, whoever had it taken away or kept it.
    Freed,
    /// Staff have it taken away and kept until then, and say why.
    PutAway {
        /// Then it is removed.
        until: Instant,
        /// For whoever asks where it is.
        why: String,
    },
    /// What it was sold with is over.
    Ended,
    /// It is another product or has other options.
    Replanned {
        /// What it is made from now.
        product_id: i64,
        /// Option, value and quantity.
        options: Vec<(i64, i64, i64)>,
    },
}

/// Takes note of a fact and decides what is to be done about it. The same fact again changes nothing.
///
/// # Errors
/// Faults of the database.
pub async fn learn(tx: &mut Tx, service: &mut Service, fact: Fact) -> Result<(), Fault> {
    let before = service.clone();
    match fact {
        Fact::Started => service.facts.is_started = true,
        Fact::HeldByBilling(why) => {
            service.facts.is_held_by_billing = true;
            service.hold_reason = why;
        }
        Fact::FreedByBilling => service.facts.is_held_by_billing = false,
        Fact::HeldByStaff(why) => {
            service.facts.is_held_by_staff = true;
            service.hold_reason = why;
        }
        Fact::FreedByStaff => service.facts.is_held_by_staff = false,
        Fact::Freed => {
            service.facts.is_held_by_billing = false;
            service.facts.is_held_by_staff = false;
            service.archived_until = None;
        }
        Fact::PutAway { until, why } => {
            service.facts.is_held_by_staff = true;
            service.hold_reason = why;
            service.archived_until = Some(until);
        }
        Fact::Ended => service.facts.is_ended = true,
        Fact::Replanned { product_id, options } => {
            if (service.product_id, &service.options) != (product_id, &options) {
                service.product_id = product_id;
                service.options = options;
                service.plan_wanted += 1;
            }
        }
    }
    if !service.facts.is_held_by_billing && !service.facts.is_held_by_staff {
        service.hold_reason.clear();
    }
    if *service == before {
        return Ok(());
    }
    advance(tx, service).await
}

/// Takes note of a fact about everything that a subscription is delivered by, and says how many services there are.
///
/// # Errors
/// Faults of the database.
pub async fn learn_of_subscription(tx: &mut Tx, subscription: i64, fact: &Fact) -> Result<usize, Fault> {
    let mut services = store::of_subscription(tx, subscription).await?;
    for service in &mut services {
        learn(tx, service, fact.clone()).await?;
    }
    Ok(services.len())
}

/// Asks for an errand: a switch, a new password, a new installation.
///
/// # Errors
/// [`ProvisionError::Refused`] unless the service runs and nothing else is under way.
pub async fn ask(tx: &mut Tx, id: i64, action: Action) -> Result<i64, ProvisionError> {
    let mut service = store::find(tx, id).await?.ok_or(ProvisionError::NotFound("service"))?;
    if !action.is_asked_for() || !takes_errands(service.state, service.desired()) {
        return Err(ProvisionError::refused("This can only be done while the service is active."));
    }
    // What a move has left behind can wait: a server that does not answer must not stand in the way.
    let open = operations::open_of(tx, id).await?;
    let is_free = match &open {
        Some(open) => open.action == Action::Leave && operations::drop_waiting(tx, open.id).await?,
        None => true,
    };
    if !is_free {
        return Err(ProvisionError::refused(
            "Something else is being done to this service. Wait until it is done, then try again.",
        ));
    }
    Ok(moves::begin(tx, &mut service, action, "").await?)
}

/// Gives what was given up another life, or lets what waits have its turn now. The same operation under the same key: what
/// the vendor has done already is not done again.
///
/// # Errors
/// [`ProvisionError::Refused`] when there is nothing to try again.
pub async fn retry(tx: &mut Tx, id: i64) -> Result<(), ProvisionError> {
    let mut service = store::find(tx, id).await?.ok_or(ProvisionError::NotFound("service"))?;
    if let Some(open) = operations::open_of(tx, id).await? {
        if open.server_id != 0 {
            crate::lanes::wake(tx, open.server_id).await?;
        }
        operations::hurry(tx, open.id).await?;
        return Ok(());
    }
    let dead = operations::last_dead(tx, id).await?;
    let dead = dead.filter(|dead| service.state == State::Failed && !dead.action.is_errand());
    let Some(dead) = dead else {
        return Err(ProvisionError::refused("Nothing of this service waits or has failed."));
    };
    let event = dead.action.begins_with().ok_or_else(|| Fault::new("only steps of the machine fail it"))?;
    if dead.server_id != 0 {
        crate::lanes::wake(tx, dead.server_id).await?;
    }
    operations::revive(tx, dead.id, service.plan_wanted).await?;
    moves::transit(tx, &mut service, event, Some(dead.id), "tried again").await?;
    store::save(tx, &mut service).await?;
    Ok(())
}

/// How many services stand in each state.
///
/// # Errors
/// Faults of the database.
pub async fn count_by_state(tx: &mut Tx) -> Result<BTreeMap<State, i64>, Fault> {
    store::count_by_state(tx).await
}

/// Services that wait for a person, after one.
///
/// # Errors
/// Faults of the database.
pub async fn list_failed(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<i64>, Fault> {
    store::failed(tx, after, limit).await
}
