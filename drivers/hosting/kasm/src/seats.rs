//! Making, suspending, resuming and removing seats: a user in the plan's group.

use bursar_hosting::{Change, Creation, Operation, Origin, Resource, Specification, Working, server};
use bursar_outbound::CallError;
use serde_json::{Value, json};

use crate::map;
use crate::settings;
use crate::wire::{Api, Failure, User};

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<User>, CallError> {
    match (resource.origin, &resource.reference) {
        (Origin::Adopted, Some(reference)) => api.user("user_id", reference.as_str()).await,
        (Origin::Adopted, None) => Ok(None),
        // Names are unique and found exactly.
        (Origin::Made, _) => {
            let name = map::username(&resource.tag);
            Ok(api.user("username", &name).await?.filter(|user| user.username == name))
        }
    }
}

fn group_of(specification: &Specification) -> Result<&str, CallError> {
    let missing = || CallError::Refused("the plan names no group".to_owned());
    specification.plan.text(settings::GROUP).ok_or_else(missing)
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    let again = || Ok(Creation::Working(Working::again_after_seconds(1)));
    if let Some(user) = find(api, &operation.resource).await? {
        let is_ready =
            operation.resource.origin == Origin::Adopted || map::own_groups(&user).next().is_some();
        if !is_ready {
            join(api, &user, group_of(specification)?).await?;
            return again();
        }
        return Ok(Creation::Done(Box::new(map::observed(&user, api.endpoint().base()))));
    }
    server::may_be_made(operation)?;
    let group = group_of(specification)?;
    if !api.groups().await?.iter().any(|known| map::is_same_id(&known.group_id, group)) {
        return Err(CallError::Refused(format!("Kasm has no group {group}")));
    }
    let customer = &specification.customer;
    let user = json!({ "target_user": {
        "username": map::username(&operation.resource.tag), "password": specification.password.expose(),
        "first_name": customer.first_name, "last_name": customer.last_name, "locked": false, "disabled": false,
        "organization": customer.number.to_string(), "phone": "",
    } });
    match api.change("create_user", &user).await {
        Ok(()) | Err(Failure::Exists) => again(),
        Err(Failure::NoRoom(why)) => Ok(Creation::CapacityFull { why }),
        Err(failure) => Err(failure.into()),
    }
}

async fn join(api: &Api<'_>, user: &User, group: &str) -> Result<(), CallError> {
    match api.change("add_user_group", &membership(user, group)).await {
        Ok(()) | Err(Failure::Exists) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

fn membership(user: &User, group: &str) -> Value {
    json!({ "target_user": { "user_id": user.user_id }, "target_group": { "group_id": group } })
}

async fn set_disabled(api: &Api<'_>, user: &User, is_disabled: bool) -> Result<(), CallError> {
    let body = json!({ "target_user": { "user_id": user.user_id, "disabled": is_disabled } });
    Ok(api.change("update_user", &body).await?)
}

/// Nobody signs in any more, whoever is in goes out, and what runs is ended. Persistent profiles stay.
pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(user) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if !user.disabled {
        set_disabled(api, &user, true).await?;
        api.change("logout_user", &json!({ "target_user": { "user_id": user.user_id } })).await?;
    }
    end_sessions(api, &user).await?;
    Ok(Change::Done)
}

async fn end_sessions(api: &Api<'_>, user: &User) -> Result<(), CallError> {
    for session in &user.kasms {
        let body = json!({ "kasm_id": session.kasm_id, "user_id": user.user_id });
        match api.change("destroy_kasm", &body).await {
            // One that has ended meanwhile is what was wanted.
            Ok(()) | Err(Failure::Absent) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}

pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(user) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if user.disabled {
        set_disabled(api, &user, false).await?;
    }
    Ok(Change::Done)
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(user) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    let body = json!({ "target_user": { "user_id": user.user_id }, "force": true });
    match api.change("delete_user", &body).await {
        Ok(()) | Err(Failure::Absent) => Ok(Change::Done),
        Err(failure) => Err(failure.into()),
    }
}

/// Into the new group first, so that there is always one.
pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(user) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let wanted = group_of(specification)?;
    if !map::is_in(&user, wanted) {
        join(api, &user, wanted).await?;
    }
    let others: Vec<_> =
        map::own_groups(&user).filter(|group| !map::is_same_id(&group.group_id, wanted)).collect();
    match others.as_slice() {
        [] => Ok(Change::Done),
        [old] => {
            api.change("remove_user_group", &membership(&user, &old.group_id)).await?;
            Ok(Change::Done)
        }
        _ => {
            let why = "The user is in several groups; take those of the old plan away by hand.";
            Ok(Change::Failed { why: why.to_owned() })
        }
    }
}
