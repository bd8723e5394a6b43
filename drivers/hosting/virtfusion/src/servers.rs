//! Making, suspending, resuming, changing and removing servers.
//!
//! A server is made in three steps: the record, its name, and the installation, which must not be begun twice. The panel
//! takes no key with the first. What a lost answer left is found again: a record of the customer's without a name that is
//! older than anybody takes to name it, and of the size that was ordered.

use bursar_hosting::{
    Change, Creation, Observed, Operation, Origin, PowerAction, Resource, Specification, Working, server,
};
use bursar_outbound::CallError;
use serde_json::{Value, json};

use crate::map::{self, Age, COMPLETE};
use crate::settings;
use crate::wire::{Api, Failure, Listed, Server, User};

/// An installation takes minutes.
const BUILD_SECONDS: u64 = 10;

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Server>, CallError> {
    if let Some(reference) = &resource.reference {
        let found = api.server(reference.as_str()).await?;
        if resource.origin == Origin::Adopted {
            return Ok(found);
        }
        if let Some(server) =
            found.filter(|server| map::tag_in(server.name.as_deref()).as_ref() == Some(&resource.tag))
        {
            return Ok(Some(server));
        }
    }
    if resource.origin == Origin::Adopted {
        return Ok(None);
    }
    let name = map::name_of(&resource.tag);
    match all(api).await?.into_iter().find(|listed| listed.name.as_deref() == Some(name.as_str())) {
        Some(listed) => api.server(&listed.id.to_string()).await,
        None => Ok(None),
    }
}

/// Every server of the panel.
async fn all(api: &Api<'_>) -> Result<Vec<Listed>, CallError> {
    let mut all = Vec::new();
    let mut page = 1;
    loop {
        let part = api.servers(page).await?;
        let is_last = part.data.is_empty() || part.current_page >= part.last_page;
        all.extend(part.data);
        if is_last {
            return Ok(all);
        }
        page += 1;
    }
}

pub(crate) async fn observed(api: &Api<'_>, server: &Server) -> Result<Observed, CallError> {
    Ok(map::observed(server, &api.packages().await?, api.endpoint().base()))
}

fn working(seconds: u64) -> Creation {
    Creation::Working(Working::again_after_seconds(seconds))
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    if let Some(found) = find(api, &operation.resource).await? {
        return go_on(api, found, specification, operation.resource.origin).await;
    }
    server::may_be_made(operation)?;
    let user = customer(api, specification).await?;
    let package = number(specification, settings::PACKAGE)?;
    let size = api.packages().await?.into_iter().find(|known| known.id == package);
    let Some(size) = size.map(|package| package.resources()) else {
        return Err(CallError::Refused(format!("the panel has no package {package}")));
    };
    let now = api.call.now();
    for listed in all(api).await? {
        match map::is_left_behind(&listed, user.id, now) {
            Age::NotOurs => {}
            // Somebody may be about to name it.
            Age::Young => return Ok(working(30)),
            Age::Old => {
                let left = api.server(&listed.id.to_string()).await?;
                if left.is_some_and(|server| server.settings.resources == size) {
                    return name(api, listed.id, operation).await;
                }
            }
        }
    }
    let body = json!({
        "packageId": package, "userId": user.id, "hypervisorId": number(specification, settings::GROUP)?,
        "ipv4": specification.plan.number(settings::IPV4).unwrap_or(1),
    });
    match api.post::<Server>("/servers", &body).await {
        Ok(made) => name(api, made.id, operation).await,
        Err(Failure::Reason(why)) if map::is_no_room(&why) => Ok(Creation::CapacityFull { why }),
        Err(failure) => Err(failure.into()),
    }
}

/// From here on it is ours.
async fn name(api: &Api<'_>, id: i64, operation: &Operation) -> Result<Creation, CallError> {
    let body = json!({ "name": map::name_of(&operation.resource.tag) });
    api.change(api.putting(&format!("/servers/{id}/modify/name"), &body)).await?;
    Ok(working(1))
}

async fn go_on(
    api: &Api<'_>,
    server: Server,
    specification: &Specification,
    origin: Origin,
) -> Result<Creation, CallError> {
    if server.build_failed || server.state == "failed" {
        return Ok(Creation::Failed { why: "The installation failed on the hypervisor.".to_owned() });
    }
    match server.commission_status {
        COMPLETE => Ok(Creation::Done(Box::new(observed(api, &server).await?))),
        0 if origin == Origin::Made => {
            build(api, server.id, specification).await?;
            Ok(working(BUILD_SECONDS))
        }
        _ => Ok(working(BUILD_SECONDS)),
    }
}

/// Installs. Everything on the disk is lost: only on a server that has nothing yet, or that is meant to start over.
pub(crate) async fn build(api: &Api<'_>, id: i64, specification: &Specification) -> Result<(), CallError> {
    let found = api.server(&id.to_string()).await?;
    let tagged = found.and_then(|server| server.name).unwrap_or_default();
    let body = json!({
        "operatingSystemId": number(specification, settings::IMAGE)?, "name": tagged, "hostname": specification.name,
        "ipv6": specification.plan.is_on(settings::IPV6), "vnc": false, "email": false,
        "sshKeys": keys(api, specification).await?,
    });
    // The answer carries a password that the panel made up; customers set their own there.
    api.change(api.posting(&format!("/servers/{id}/build")).json(&body).with_secret_answer()).await?;
    Ok(())
}

/// The customer's keys on the panel, uploaded where they are not there yet.
async fn keys(api: &Api<'_>, specification: &Specification) -> Result<Vec<i64>, CallError> {
    if specification.ssh_keys.is_empty() {
        return Ok(Vec::new());
    }
    let user = customer(api, specification).await?;
    let known: Vec<Value> = api.get(&format!("/ssh_keys/user/{}", user.id)).await?;
    let mut ids = Vec::new();
    for key in &specification.ssh_keys {
        let there = known.iter().find(|one| one["publicKey"].as_str() == Some(key.as_str()));
        let id = match there {
            Some(one) => one["id"].as_i64(),
            None => {
                let name = key.split(' ').nth(2).unwrap_or("key");
                let body = json!({ "userId": user.id, "name": name, "publicKey": key });
                api.post::<Value>("/ssh_keys", &body).await?["id"].as_i64()
            }
        };
        ids.extend(id);
    }
    Ok(ids)
}

/// The customer's user on the panel, made when there is none.
async fn customer(api: &Api<'_>, specification: &Specification) -> Result<User, CallError> {
    let customer = &specification.customer;
    if let Some(user) = api.user(customer.number).await? {
        return Ok(user);
    }
    let name = format!("{} {}", customer.first_name, customer.last_name);
    let name = if name.trim().is_empty() { customer.email.clone() } else { name.trim().to_owned() };
    let body =
        json!({ "name": name, "email": customer.email, "extRelationId": customer.number, "sendMail": false });
    let request = api.posting("/users").json(&body).with_secret_answer();
    match api.change(request).await {
        Ok(_) | Err(Failure::Reason(_)) => {}
        Err(failure) => return Err(failure.into()),
    }
    let unknown = || {
        CallError::Refused(format!("the panel makes no user for {}; is the address taken?", customer.email))
    };
    api.user(customer.number).await?.ok_or_else(unknown)
}

fn number(specification: &Specification, name: &str) -> Result<i64, CallError> {
    let missing = || CallError::Refused(format!("the plan's {name} is not a number of the panel's"));
    specification.plan.number(name).ok_or_else(missing)
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if server.suspended {
        return Ok(Change::Done);
    }
    if server.commission_status != COMPLETE {
        return Ok(Change::Working(Working::again_after_seconds(BUILD_SECONDS)));
    }
    api.change(api.posting(&format!("/servers/{}/suspend", server.id))).await?;
    // It waits behind whatever the panel is doing.
    Ok(Change::Working(Working::again_after_seconds(2)))
}

/// Gives it back and sees to it that it runs: suspending switched it off.
pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if server.suspended {
        api.change(api.posting(&format!("/servers/{}/unsuspend", server.id))).await?;
        return Ok(Change::Working(Working::again_after_seconds(2)));
    }
    if server.commission_status == COMPLETE && map::power(&server) == Some("shutoff") {
        api.change(api.posting(&format!("/servers/{}/power/boot", server.id))).await?;
        return Ok(Change::Working(Working::again_after_seconds(3)));
    }
    Ok(Change::Done)
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    match api.change(api.deleting(&format!("/servers/{}?delay=0", server.id))).await {
        Ok(_) => Ok(Change::Working(Working::again_after_seconds(5))),
        Err(Failure::Absent) => Ok(Change::Done),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let package = number(specification, settings::PACKAGE)?;
    let packages = api.packages().await?;
    let Some(wanted) = packages.iter().find(|known| known.id == package).map(crate::wire::Package::resources)
    else {
        return Err(CallError::Refused(format!("the panel has no package {package}")));
    };
    if server.settings.resources == wanted {
        return Ok(Change::Done);
    }
    if wanted.storage < server.settings.resources.storage {
        return Ok(Change::Failed {
            why: "The disk of the new package is smaller; disks only grow.".to_owned(),
        });
    }
    let body = json!({
        "cpu": true, "memory": true, "primaryDiskSize": true, "primaryNetworkTraffic": true,
        "primaryNetworkInboundSpeed": true, "primaryNetworkOutboundSpeed": true,
    });
    match api.change(api.putting(&format!("/servers/{}/package/{package}", server.id), &body)).await {
        Ok(answer) => match answer["info"][0].as_str() {
            Some(why) => Ok(Change::Failed { why: why.to_owned() }),
            None => Ok(Change::Done),
        },
        Err(Failure::Reason(why)) if map::is_no_room(&why) => Ok(Change::CapacityFull { why }),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn switch(
    api: &Api<'_>,
    operation: &Operation,
    action: PowerAction,
) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if server.suspended {
        return Ok(Change::Failed { why: "It is suspended.".to_owned() });
    }
    if let Some(task) = &operation.task {
        match api.queue(task.as_str()).await? {
            Some(queued) if queued.failed => {
                return Ok(Change::Failed { why: "The hypervisor could not do it.".to_owned() });
            }
            // A fresh one may not be there yet, and an old one not any more.
            Some(queued) if queued.finished.is_none() => return Ok(waiting(task.as_str())),
            Some(_) if action == PowerAction::Restart => return Ok(Change::Done),
            Some(_) | None => {}
        }
    }
    let is_on = map::power(&server) == Some("running");
    let word = match action {
        PowerAction::Start if is_on => return Ok(Change::Done),
        PowerAction::Stop | PowerAction::Kill if !is_on => return Ok(Change::Done),
        PowerAction::Start => "boot",
        PowerAction::Stop => "shutdown",
        PowerAction::Restart => "restart",
        PowerAction::Kill => "poweroff",
    };
    let answer = api.change(api.posting(&format!("/servers/{}/power/{word}", server.id))).await?;
    Ok(match answer["data"]["queueId"].as_i64() {
        Some(id) => waiting(&id.to_string()),
        // Older versions say nothing, and do it at once.
        None if action == PowerAction::Restart => Change::Done,
        None => Change::Working(Working::again_after_seconds(3)),
    })
}

fn waiting(task: &str) -> Change {
    Change::Working(Working::again_after_seconds(3).with_task(task))
}

/// Installs anew. That it was begun shows by the task only.
pub(crate) async fn reinstall(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(server) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let again = || Change::Working(Working::again_after_seconds(BUILD_SECONDS).with_task("rebuild"));
    if server.commission_status != COMPLETE {
        return Ok(again());
    }
    if operation.task.is_some() {
        return Ok(Change::Done);
    }
    build(api, server.id, specification).await?;
    Ok(again())
}
