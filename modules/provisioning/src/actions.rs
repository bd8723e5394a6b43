//! What people may do to services: each checks its permission, keeps the audit log and calls a part.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{Door, Login, Sight, Vendor};
use bursar_inventory::HostingDrivers;
use bursar_vault::Secret;
use serde_json::json;

use crate::act::cleaned;
use crate::error::ProvisionError;
use crate::permissions::{SERVICE_OPERATE, SERVICE_TERMINATE, SERVICE_VIEW};
use crate::policy::{Action, takes_errands};
use crate::service::{Resource, Service, Shown};
use crate::services::{Fact, ask, learn, retry};
use crate::{Seals, places, prepare, store};

const LONGEST_REASON: usize = 500;

/// Tries again what waits or was given up.
///
/// # Errors
/// [`ProvisionError::Refused`] when there is nothing to try again.
pub async fn retry_service(cx: &Cx, id: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    cx.write(async move |tx: &mut Tx| {
        retry(tx, id).await?;
        record(tx, id, "provisioning.service.retry", None).await
    })
    .await
}

/// Lets something be made that waits for staff.
///
/// # Errors
/// [`ProvisionError::NotFound`].
pub async fn start_service(cx: &Cx, id: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    tell(cx, id, Fact::Started, "provisioning.service.start").await
}

/// Takes a service away; paying does not give it back.
///
/// # Errors
/// [`ProvisionError::Invalid`] without a reason.
pub async fn suspend_service(cx: &Cx, id: i64, reason: &str) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let why = format!("Say why, in 1 to {LONGEST_REASON} characters; the customer reads it.");
        return Err(ProvisionError::field("reason", why));
    }
    tell(cx, id, Fact::HeldByStaff(reason), "provisioning.service.suspend").await
}

/// Gives a service back, whoever had it taken away. One that still owes is suspended again by the next overdue invoice.
///
/// # Errors
/// [`ProvisionError::NotFound`], and [`ProvisionError::Refused`] for what is kept until it is removed: that is restored.
pub async fn resume_service(cx: &Cx, id: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let service = cx.read(async move |tx: &mut Tx| get(tx, id).await).await?;
    if service.archived_until.is_some() {
        return Err(ProvisionError::refused(
            "It is only kept until it is removed. Restore it to give it back.",
        ));
    }
    tell(cx, id, Fact::Freed, "provisioning.service.resume").await
}

/// Removes a service and everything in it.
///
/// # Errors
/// [`ProvisionError::NotFound`].
pub async fn terminate_service(cx: &Cx, id: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_TERMINATE)?;
    tell(cx, id, Fact::Ended, "provisioning.service.terminate").await
}

async fn tell(cx: &Cx, id: i64, fact: Fact, action: &'static str) -> Result<(), ProvisionError> {
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        learn(tx, &mut service, fact.clone()).await?;
        record(tx, id, action, Some(service.desired().code())).await
    })
    .await
}

/// Asks for a switch, a new password or a new installation.
///
/// # Errors
/// [`ProvisionError::Refused`] unless the service runs and nothing else is under way.
pub async fn ask_service(
    cx: &Cx,
    drivers: &HostingDrivers,
    seals: &Seals,
    id: i64,
    action: Action,
) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let drivers = drivers.clone();
    let fresh = seals.fresh_password(cx);
    cx.write(async move |tx: &mut Tx| {
        ask(tx, id, action).await?;
        if action == Action::Password
            && let Some(mut resource) = store::resource_of(tx, id).await?
        {
            // Every repetition of the operation carries this one.
            resource.password_sealed = Some(fresh.clone());
            store::save_resource(tx, &resource).await?;
            let login = drivers.manifest(&resource.driver).map(|manifest| manifest.login);
            if login == Some(Login::OfCustomer) {
                let customer = get(tx, id).await?.customer_id;
                store::set_password_at(tx, customer, resource.server_id, &fresh).await?;
            }
        }
        record(tx, id, "provisioning.service.ask", Some(action.code())).await
    })
    .await
}

/// How a customer gets in.
#[derive(Debug)]
pub struct Entrance {
    /// What the vendor shows: names and addresses.
    pub shown: Shown,
    /// The password, where the vendor knows one of ours.
    pub password: Option<Secret<String>>,
    /// What is worth money to whoever reads it, by the contract's word: a licence.
    pub secrets: Vec<(&'static str, Secret<String>)>,
}

/// Shows how to get in, password included; who looked is written down.
///
/// # Errors
/// [`ProvisionError::Refused`] when nothing is there yet, or a licence cannot be read at the moment.
pub async fn reveal(
    cx: &Cx,
    drivers: &HostingDrivers,
    seals: &Seals,
    id: i64,
) -> Result<Entrance, ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let known = drivers.clone();
    let (resource, access) = cx
        .write(async move |tx: &mut Tx| {
            let resource = live(tx, id).await?;
            let access = places::access(tx, &known, resource.server_id).await?;
            record(tx, id, "provisioning.service.reveal", None).await?;
            Ok::<_, ProvisionError>((resource, access))
        })
        .await?;
    if has_password(drivers, &resource) {
        let password = resource.password_sealed.as_deref().map(|sealed| seals.open(sealed)).transpose()?;
        return Ok(Entrance { shown: resource.shown, password, secrets: Vec::new() });
    }
    // What we give out ourselves is read when it is shown: it is kept nowhere else, and a signed licence gets newer.
    let access = access.map_err(ProvisionError::refused)?;
    let away = || ProvisionError::refused("It cannot be shown at the moment. Try again in a minute.");
    let hosting = drivers.shared(&access.driver).ok_or_else(away)?;
    let call = access.ask(drivers, cx);
    let seen = hosting.observe(&call, &prepare::target(&resource)?).await.map_err(|error| {
        tracing::warn!(service.id = id, error = %cleaned(&call, error), "what was to be shown cannot be read");
        away()
    })?;
    let seen = seen.ok_or_else(away)?;
    let shown = Shown::of(&seen);
    let secrets = seen.access.into_iter().filter(|fact| fact.kind.is_secret());
    let secrets = secrets.map(|fact| (fact.kind.code(), Secret::new(fact.value))).collect();
    Ok(Entrance { shown, password: None, secrets })
}

/// Whether the vendor of a resource knows the password that we made for it. What we make ourselves has none.
pub(crate) fn has_password(drivers: &HostingDrivers, resource: &Resource) -> bool {
    drivers.manifest(&resource.driver).is_some_and(|manifest| manifest.vendor == Vendor::Outside)
}

/// A fresh link that lets in whoever opens it: for the redirect only.
///
/// # Errors
/// [`ProvisionError::Refused`] when the panel has no such door or does not answer.
pub async fn sign_in(
    cx: &Cx,
    drivers: &HostingDrivers,
    id: i64,
    door: Door,
) -> Result<bursar_hosting::Link, ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let known = drivers.clone();
    let (resource, access) = cx
        .write(async move |tx: &mut Tx| {
            let resource = live(tx, id).await?;
            let service = get(tx, id).await?;
            // A panel that shows nothing does not say that the door is shut.
            let is_blind = known.manifest(&resource.driver).is_some_and(|it| it.sight == Sight::Blind);
            if is_blind && !takes_errands(service.state, service.desired()) {
                return Err(ProvisionError::refused("The panel is open to it while the service is active."));
            }
            let access = places::access(tx, &known, resource.server_id).await?;
            record(tx, id, "provisioning.service.sign_in", Some(door.code())).await?;
            Ok::<_, ProvisionError>((resource, access.map_err(ProvisionError::refused)?))
        })
        .await?;
    let no_door = || ProvisionError::refused("There is no such way in.");
    let hosting = drivers.shared(&access.driver).ok_or_else(no_door)?;
    let doors = hosting.sign_in().filter(|it| it.doors().contains(&door)).ok_or_else(no_door)?;
    let call = access.ask(drivers, cx);
    match doors.sign_in(&call, &prepare::target(&resource)?, door).await {
        Ok(Some(link)) => Ok(link),
        Ok(None) => Err(ProvisionError::refused("The panel does not let anybody in at the moment.")),
        Err(error) => {
            tracing::warn!(service.id = id, error = %cleaned(&call, error), "no sign-in link");
            Err(ProvisionError::refused("The panel does not answer at the moment. Try again in a minute."))
        }
    }
}

/// What a service may be asked for, by what its driver offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Offers {
    /// Words of actions.
    pub actions: Vec<&'static str>,
    /// Words of doors.
    pub doors: Vec<&'static str>,
}

impl Offers {
    /// What a driver offers for what it made.
    pub fn of(drivers: &HostingDrivers, resource: Option<&Resource>) -> Self {
        let Some(hosting) = resource.and_then(|resource| drivers.find(&resource.driver)) else {
            return Self::default();
        };
        let power = hosting.power().map_or(&[][..], |power| power.actions());
        let mut actions: Vec<&'static str> = power.iter().map(|action| action.code()).collect();
        if hosting.passwords().is_some() {
            actions.push(Action::Password.code());
        }
        if hosting.reinstallation().is_some() {
            actions.push(Action::Reinstall.code());
        }
        let doors = hosting.sign_in().map_or(&[][..], |doors| doors.doors());
        Self { actions, doors: doors.iter().map(|door| door.code()).collect() }
    }
}

pub(crate) async fn get(tx: &mut Tx, id: i64) -> Result<Service, ProvisionError> {
    store::find(tx, id).await?.ok_or(ProvisionError::NotFound("service"))
}

async fn live(tx: &mut Tx, id: i64) -> Result<Resource, ProvisionError> {
    let resource = store::resource_of(tx, id).await?;
    resource
        .filter(|it| it.reference.is_some())
        .ok_or_else(|| ProvisionError::refused("It is not there yet. As soon as it is, this page says so."))
}

/// A line of the audit log.
pub(crate) async fn record(
    tx: &mut Tx,
    id: i64,
    action: &'static str,
    what: Option<&str>,
) -> Result<(), ProvisionError> {
    let subject = format!("service:{id}");
    let after = what.map(|what| json!({ "what": what }));
    Ok(bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after }).await?)
}

/// Whether somebody may look at a service: for pages that have found it another way.
///
/// # Errors
/// [`ProvisionError::NotFound`] and faults.
pub async fn look_at(cx: &Cx, id: i64) -> Result<Service, ProvisionError> {
    cx.require(SERVICE_VIEW)?;
    cx.read(async move |tx: &mut Tx| get(tx, id).await).await
}

/// What staff of a customer see first: everything of theirs, newest first.
///
/// # Errors
/// Faults of the database.
pub async fn list_of_customer(
    tx: &mut Tx,
    customer: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Service>, Fault> {
    store::of_customer(tx, customer, before, limit).await
}
