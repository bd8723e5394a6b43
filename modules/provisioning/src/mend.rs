//! Mending what differs, with one click; and taking over what is on a server already.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{Observed, Origin, Reference, Resource as Target, Sight, Tag};
use bursar_inventory::HostingDrivers;

use crate::actions::{get, record};
use crate::advance::{self, advance, begin, transit};
use crate::drift::{self, Drift, DriftKind};
use crate::error::ProvisionError;
use crate::permissions::SERVICE_LINK;
use crate::policy::Action;
use crate::service::{Part, Resource, ResourceState, Service, Shown};
use crate::services::{Fact, learn};
use crate::states::{Event, State};
use crate::{operations, places, store};

/// Mends one difference: what is missing is made again, a wrong plan or state is put right, what nobody pays for is removed.
///
/// # Errors
/// [`ProvisionError::Refused`] for what only a person can decide, and while something else is being done to the service.
pub async fn mend(cx: &Cx, id: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_LINK)?;
    cx.write(async move |tx: &mut Tx| {
        let found = drift::find(tx, id).await?.ok_or(ProvisionError::NotFound("difference"))?;
        let Some(service_id) = found.service_id else {
            return Err(ProvisionError::refused(
                "Nobody knows whose this is. Link it to a service, or remove it at the panel.",
            ));
        };
        let mut service = get(tx, service_id).await?;
        if operations::open_of(tx, service_id).await?.is_some() {
            return Err(ProvisionError::refused("Something is being done to this service already."));
        }
        mend_service(tx, &mut service, &found).await?;
        drift::forget(tx, id).await?;
        record(tx, service_id, "provisioning.drift.mend", Some(found.kind.code())).await
    })
    .await
}

async fn mend_service(tx: &mut Tx, service: &mut Service, found: &Drift) -> Result<(), ProvisionError> {
    match found.kind {
        DriftKind::Missing => {
            transit(tx, service, Event::Vanish, None, &found.detail).await?;
            begin(tx, service, Action::Create, "made again").await?;
        }
        DriftKind::Plan => drop(begin(tx, service, Action::Update, "the plan is put right").await?),
        DriftKind::State if service.state == State::Suspended => {
            begin(tx, service, Action::Suspend, "suspended again").await?;
        }
        DriftKind::State => drop(begin(tx, service, Action::Resume, "given back again").await?),
        DriftKind::Unpaid => learn(tx, service, Fact::Ended).await?,
        DriftKind::Unowned => {
            return Err(ProvisionError::refused("Nobody knows whose this is. Link it to a service."));
        }
    }
    Ok(())
}

/// Links a service that has nothing yet to an account that is on a server already. The vendor is asked first whether it
/// is there, unless it shows nothing.
///
/// # Errors
/// [`ProvisionError::Refused`] when the service has something, or the account is not there or somebody else's.
pub async fn link_service(
    cx: &Cx,
    drivers: &HostingDrivers,
    id: i64,
    server: i64,
    reference: &str,
) -> Result<(), ProvisionError> {
    cx.require(SERVICE_LINK)?;
    let reference = reference.trim().to_owned();
    if reference.is_empty() {
        return Err(ProvisionError::field("reference", "Enter the panel's own name of the account."));
    }
    let given = drivers.clone();
    let access = cx
        .read(async move |tx: &mut Tx| {
            get(tx, id).await?;
            places::access(tx, &given, server).await?.map_err(ProvisionError::refused)
        })
        .await?;
    let no_driver = || ProvisionError::refused("This server's driver is not part of this installation.");
    let hosting = drivers.shared(&access.driver).ok_or_else(no_driver)?;
    let tag = cx.with_rng(|rng| advance::new_tag(rng.u64()));
    let named = Tag::new(tag.clone()).map_err(|e| Fault::wrap("a new tag is no tag", e))?;
    let target = Target::adopted(named, Reference::new(&*reference));
    let seen = match hosting.manifest().sight {
        Sight::Clear => {
            let call = access.ask(drivers, cx);
            let seen = hosting.observe(&call, &target).await.map_err(|error| {
                let why = bursar_outbound::redact(&error.to_string(), call.credentials());
                ProvisionError::refused(format!("The server was asked and gave no answer: {why}"))
            })?;
            let absent = || ProvisionError::field("reference", "The server has no such account.");
            seen.ok_or_else(absent)?
        }
        // Whoever links it has looked at the panel: nobody else can.
        Sight::Blind => Observed::unseen(Reference::new(&*reference)),
    };
    let given = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        adopt(tx, &given, id, server, &seen).await?;
        record(tx, id, "provisioning.service.link", Some(seen.reference.as_str())).await
    })
    .await
}

/// Gives a service that has nothing yet what was seen on a server, in the caller's transaction: for whoever has listed what
/// is there.
///
/// # Errors
/// As [`link_service`].
pub async fn adopt(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    id: i64,
    server: i64,
    seen: &Observed,
) -> Result<(), ProvisionError> {
    let mut service = get(tx, id).await?;
    let is_free = service.state.after(Event::Adopt).is_some();
    let own = store::resource_of(tx, id).await?;
    if !is_free || own.as_ref().is_some_and(|own| own.state == ResourceState::Live) {
        return Err(ProvisionError::refused("This service has something at a vendor already."));
    }
    if let Some(open) = operations::open_of(tx, id).await?
        && !operations::drop_waiting(tx, open.id).await?
    {
        return Err(ProvisionError::refused("It is being made just now. Wait until that is done."));
    }
    if let Some(mut own) = own {
        own.state = ResourceState::Gone;
        own.password_sealed = None;
        store::save_resource(tx, &own).await?;
    }
    let reference = seen.reference.as_str();
    if store::is_taken(tx, server, reference).await? {
        return Err(ProvisionError::field("reference", "Another service has this account."));
    }
    places::adopt(tx, drivers, &service, server).await?;
    let adopted = Resource {
        id: tx.new_raw_id()?,
        service_id: id,
        server_id: server,
        driver: places::driver_of(tx, server).await?,
        tag: advance::new_tag(tx.random_u64()),
        origin: Origin::Adopted,
        reference: Some(reference.to_owned()),
        state: ResourceState::Live,
        part: Part::Own,
        shown: Shown::of(seen),
        password_sealed: None,
        created_at: tx.now(),
    };
    store::insert_resource(tx, &adopted).await?;
    service.facts.is_started = true;
    service.observed = seen.state.code().to_owned();
    service.observed_at = Some(tx.now());
    service.plan_applied = service.plan_wanted;
    if service.name.is_none() {
        service.name.clone_from(&seen.name);
    }
    transit(tx, &mut service, Event::Adopt, None, "linked to what was there").await?;
    advance(tx, &mut service).await?;
    let key = format!("{}:{server}:{reference}", DriftKind::Unowned.code());
    Ok(drift::forget_key(tx, &key).await?)
}
