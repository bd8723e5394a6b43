//! Assigning, suspending, resuming and giving back machines.

use bursar_hosting::{
    Change, Creation, Observed, Operation, Origin, Resource, Specification, Working, server,
};
use bursar_outbound::CallError;
use serde_json::{Value, json};

use crate::map;
use crate::settings;
use crate::wire::{Access, Api, Client, Entity, Failure, Install, Machine, Page};

/// An installation takes from five minutes to an hour.
const INSTALL_SECONDS: u64 = 60;
const ONE: [(&str, &str); 2] = [("page", "1"), ("per_page", "1")];

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Machine>, CallError> {
    match (resource.origin, &resource.reference) {
        // A machine in the stock is nobody's, also when it once was somebody's.
        (Origin::Adopted, Some(reference)) => {
            Ok(api.machine(reference.as_str()).await?.filter(|machine| machine.access.is_some()))
        }
        (Origin::Adopted, None) => Ok(None),
        (Origin::Made, _) => {
            let tag = resource.tag.as_str();
            let found: Page<Machine> =
                api.list("/server", &[("billing_id", tag), ("page", "1"), ("per_page", "10")]).await?;
            Ok(found.data.into_iter().find(|machine| map::tag_of(machine).as_ref() == Some(&resource.tag)))
        }
    }
}

pub(crate) async fn installs(api: &Api<'_>, machine: &Machine) -> Result<Vec<Install>, CallError> {
    let rows: Page<Install> =
        api.list(&format!("/server/{}/install", machine.id), &[("page", "1"), ("per_page", "100")]).await?;
    Ok(rows.data)
}

pub(crate) async fn observed(api: &Api<'_>, machine: &Machine) -> Result<Observed, CallError> {
    let rows = installs(api, machine).await?;
    let id = machine.id.to_string();
    let entities: Page<Entity> =
        api.list("/entity", &[("server", &id), ("page", "1"), ("per_page", "1000")]).await?;
    Ok(map::observed(machine, &rows, &entities.data))
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    if let Some(machine) = find(api, &operation.resource).await? {
        return if map::is_installing(&installs(api, &machine).await?) {
            Ok(Creation::Working(Working::again_after_seconds(INSTALL_SECONDS)))
        } else {
            Ok(Creation::Done(Box::new(observed(api, &machine).await?)))
        };
    }
    server::may_be_made(operation)?;
    let Some(machine) = in_stock(api, specification).await? else {
        return Ok(Creation::CapacityFull { why: "No machine of this kind is in stock.".to_owned() });
    };
    if !has_addresses(api, specification).await? {
        return Ok(Creation::CapacityFull { why: "No block of these addresses is free.".to_owned() });
    }
    let client = client(api, specification).await?;
    let text = |name: &str| specification.plan.text(name).unwrap_or_default();
    let mut body = json!({
        "client_id": client, "server_id": machine.id, "ips_billing": text(settings::IPS),
        "pxe_profile_billing": text(settings::IMAGE), "nickname": specification.name,
        "password": specification.password.expose(), "server": { "fields": {} },
        "billing": { "id": operation.resource.tag.as_str(), "max_bandwidth": map::bandwidth(&specification.plan) },
        "access": { "pxe": true, "ipmi": true, "switch": true },
    });
    if let Some(speed) = specification.plan.text(settings::SPEED) {
        body["port_speed_billing"] = Value::from(speed);
    }
    let made = api.post("/server/provision", &body).await?;
    if made["server"]["id"].is_null() {
        return Ok(Creation::Failed { why: "The panel assigned no machine.".to_owned() });
    }
    Ok(Creation::Working(Working::again_after_seconds(INSTALL_SECONDS)))
}

async fn in_stock(api: &Api<'_>, specification: &Specification) -> Result<Option<Machine>, CallError> {
    let text = |name: &str| specification.plan.text(name).unwrap_or_default();
    let mut filter = vec![
        ("available", "1"),
        ("parts[exact]", "1"),
        ("cpu_billing", text(settings::CPU)),
        ("mem_billing", text(settings::MEMORY)),
        ("ip_group_billing[]", text(settings::GROUP)),
        ("force_refresh_count", "1"),
    ];
    let disks = text(settings::DISKS).split(',').map(str::trim).filter(|disk| !disk.is_empty());
    filter.extend(disks.map(|disk| ("disks_billing[]", disk)));
    filter.extend(ONE);
    let found: Page<Machine> = api.list("/server", &filter).await?;
    Ok(found.data.into_iter().next())
}

async fn has_addresses(api: &Api<'_>, specification: &Specification) -> Result<bool, CallError> {
    let text = |name: &str| specification.plan.text(name).unwrap_or_default();
    let mut filter = vec![
        ("group[billing][]", text(settings::GROUP)),
        ("billing_id", text(settings::IPS)),
        ("server", "none"),
    ];
    filter.extend(ONE);
    let found: Page<Entity> = api.list("/entity", &filter).await?;
    Ok(!found.data.is_empty())
}

/// The customer's client on the panel, made when there is none. One with the same mail address is used as it is.
async fn client(api: &Api<'_>, specification: &Specification) -> Result<i64, CallError> {
    let customer = &specification.customer;
    let number = customer.number.to_string();
    for filter in [("billing_id", number.as_str()), ("email", customer.email.as_str())] {
        let found: Page<Client> = api.list("/client", &[filter, ONE[0], ONE[1]]).await?;
        if let Some(client) = found.data.first() {
            return Ok(client.id);
        }
    }
    // Without a password nobody signs in but by our links.
    let body = json!({
        "email": customer.email, "first": customer.first_name, "last": customer.last_name, "billing_id": number,
        "password": "",
    });
    let id = match api.post("/client", &body).await {
        Ok(made) => made["id"].as_i64(),
        Err(Failure::Reason(why, there)) => match there["id"].as_i64() {
            Some(id) => Some(id),
            None => return Err(CallError::Refused(why)),
        },
        Err(failure) => return Err(failure.into()),
    };
    id.ok_or_else(|| CallError::Unreadable("the client that was made has no id".to_owned()))
}

/// What the panel leaves to a person.
fn left_to_staff(failure: Failure, what: &str) -> Result<Change, CallError> {
    match failure {
        Failure::Reason(why, data) if map::is_ignored(&data) => {
            Ok(Change::Failed { why: format!("The panel leaves this to a person: {what} it there. {why}") })
        }
        other => Err(other.into()),
    }
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation, reason: &str) -> Result<Change, CallError> {
    let body = json!({ "is_active": false, "auto": true, "suspension_reason": reason });
    set_active(api, operation, false, &body).await
}

pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    set_active(api, operation, true, &json!({ "is_active": true })).await
}

async fn set_active(
    api: &Api<'_>,
    operation: &Operation,
    is_active: bool,
    body: &Value,
) -> Result<Change, CallError> {
    let Some(machine) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let path = format!("/server/{}/access", machine.id);
    let primary: Page<Access> = api.list(&path, &[("is_primary", "1"), ONE[0], ONE[1]]).await?;
    let Some(access) = primary.data.first() else {
        return Ok(Change::Failed { why: "The machine is assigned to nobody.".to_owned() });
    };
    if access.is_active == is_active {
        return Ok(Change::Done);
    }
    match api.patch(&format!("{path}/{}", access.id), body).await {
        Ok(_) => Ok(Change::Done),
        Err(failure) => left_to_staff(failure, "suspend"),
    }
}

pub(crate) async fn terminate(
    api: &Api<'_>,
    operation: &Operation,
    may_wipe: bool,
) -> Result<Change, CallError> {
    let Some(machine) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    if !may_wipe {
        let why =
            "The server's settings leave wiping to a person; wipe the machine on the panel, then try again.";
        return Ok(Change::Failed { why: why.to_owned() });
    }
    // Never a deletion, which would take the machine out of the stock.
    match api.patch(&format!("/server/{}", machine.id), &json!({ "wiped": "1", "auto": true })).await {
        Ok(_) => Ok(Change::Done),
        Err(failure) => left_to_staff(failure, "wipe"),
    }
}

/// Hardware stays what it is; the traffic can change.
pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(machine) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let body = json!({ "billing": { "max_bandwidth": map::bandwidth(&specification.plan) } });
    api.patch(&format!("/server/{}", machine.id), &body).await?;
    Ok(Change::Done)
}
