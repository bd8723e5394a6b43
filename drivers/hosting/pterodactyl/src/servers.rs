//! Making, suspending, resuming and removing servers.

use bursar_hosting::{
    Change, Creation, Observed, Operation, Origin, Resource, Specification, Working, server,
};
use bursar_outbound::CallError;
use serde_json::{Value, json};

use crate::wire::{Api, Failure, Item, Server, User};
use crate::{map, settings};

/// How long an installation may be left alone: it takes from ten seconds to ten minutes.
const INSTALL_SECONDS: u64 = 10;

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Server>, CallError> {
    match (resource.origin, &resource.reference) {
        (Origin::Made, _) => api.server_of_tag(resource.tag.as_str()).await,
        (Origin::Adopted, Some(reference)) => api.server(reference.as_str()).await,
        (Origin::Adopted, None) => Ok(None),
    }
}

/// With the daemon's word on power, where there is a key to ask with. A daemon that does not answer, and a server that
/// is in no state to be asked about, leave the panel's word alone.
pub(crate) async fn observed(api: &Api<'_>, server: &Server) -> Result<Observed, CallError> {
    let power = power_of(api, server).await?;
    Ok(map::observed(server, api.base(), power.as_deref()))
}

async fn power_of(api: &Api<'_>, server: &Server) -> Result<Option<String>, CallError> {
    if !api.has_client_key() || server.status.is_some() || server.is_suspended() {
        return Ok(None);
    }
    match api.stats(&server.identifier).await {
        Ok(stats) => Ok(Some(stats.current_state)),
        Err(Failure::Conflict) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    if let Some(server) = find(api, &operation.resource).await? {
        return match server.status.as_deref() {
            Some("installing") => Ok(Creation::Working(Working::again_after_seconds(INSTALL_SECONDS))),
            Some("install_failed") => {
                Ok(Creation::Failed { why: "The installation failed on the node.".to_owned() })
            }
            Some(_) | None => Ok(Creation::Done(Box::new(observed(api, &server).await?))),
        };
    }
    server::may_be_made(operation)?;
    let (nest, egg) = map::egg_of(&specification.plan);
    let Some(egg) = api.egg(nest, egg).await? else {
        return Err(CallError::Refused(format!("the panel has no egg {egg}")));
    };
    let user = customer(api, specification).await?;
    let body = map::server_body(&operation.resource.tag, specification, &egg, user.id, api.is_pelican());
    match api.post::<Item<Server>>("/servers", &body).await {
        Ok(_) => Ok(Creation::Working(Working::again_after_seconds(INSTALL_SECONDS))),
        Err(Failure::NoRoom(why)) => Ok(Creation::CapacityFull { why }),
        // Somebody made it since we looked; it was us.
        Err(Failure::Duplicate(field)) if field == "external_id" => {
            Ok(Creation::Working(Working::again_after_seconds(2)))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The customer's user on the panel, made when there is none.
async fn customer(api: &Api<'_>, specification: &Specification) -> Result<User, CallError> {
    let prefix = api.call.settings().text(settings::PREFIX).unwrap_or("bursar");
    let external = map::external_customer(prefix, &specification.customer);
    if let Some(user) = api.user(&external, &specification.customer.email).await? {
        return Ok(user);
    }
    let body = map::user_body(&external, &specification.customer, specification.password.expose());
    Ok(api.post::<Item<User>>("/users", &body).await?.attributes)
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if server.is_suspended() {
        return Ok(Change::Done);
    }
    // Suspending overwrites the state of the installation, which would then never be known.
    if server.status.as_deref() == Some("installing") {
        return Ok(Change::Working(Working::again_after_seconds(INSTALL_SECONDS)));
    }
    api.post::<Value>(&format!("/servers/{}/suspend", server.id), &json!({})).await?;
    Ok(Change::Done)
}

/// Gives the server back and sees to it that it runs: suspending switched it off.
pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if server.is_suspended() {
        api.post::<Value>(&format!("/servers/{}/unsuspend", server.id), &json!({})).await?;
        return Ok(Change::Working(Working::again_after_seconds(1)));
    }
    if power_of(api, &server).await?.as_deref() == Some("offline") {
        api.signal(&server.identifier, "start").await?;
        return Ok(Change::Working(Working::again_after_seconds(3)));
    }
    Ok(Change::Done)
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    match api.delete(&format!("/servers/{}", server.id)).await {
        Ok(()) | Err(Failure::Absent) => Ok(Change::Done),
        Err(failure) => Err(failure.into()),
    }
}
