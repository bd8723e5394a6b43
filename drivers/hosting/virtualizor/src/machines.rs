//! Making, suspending, resuming, changing and removing machines.

use bursar_hosting::{
    Change, Creation, Observed, Operation, Origin, Password, PowerAction, Resource, Specification, State,
    Working, server,
};
use bursar_outbound::CallError;

use crate::map::{self, Building};
use crate::settings;
use crate::wire::{Api, Failure, Machine};

/// A machine with its number.
pub(crate) type Found = (String, Machine);

fn zone<'a>(api: &Api<'a>) -> Result<&'a str, CallError> {
    server::setting(api.call, settings::ZONE, "zone of host names")
}

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Found>, CallError> {
    match (resource.origin, &resource.reference) {
        (Origin::Adopted, None) => Ok(None),
        (Origin::Adopted, Some(reference)) => {
            let id = reference.as_str();
            Ok(api.machines(&[("vpsid", id)]).await?.remove_entry(id))
        }
        (Origin::Made, _) => {
            let wanted = map::hostname(&resource.tag, zone(api)?);
            let found = api.machines(&[("vpshostname", &wanted)]).await?;
            let mut exact =
                found.into_iter().filter(|(_, machine)| machine.hostname.eq_ignore_ascii_case(&wanted));
            match (exact.next(), exact.next()) {
                (found, None) => Ok(found.map(numbered)),
                // The master lets two machines have one name; which is ours nobody can tell.
                _ => Err(CallError::Refused(format!(
                    "two machines are called {wanted}; rename the one that is not ours"
                ))),
            }
        }
    }
}

/// Lists are keyed by number in most versions, and by place in others.
fn numbered((key, machine): Found) -> Found {
    (machine.vpsid.clone().unwrap_or(key), machine)
}

pub(crate) async fn state(api: &Api<'_>, id: &str, machine: &Machine) -> Result<State, CallError> {
    let status = api.status(id).await?;
    // Only what is off may be being installed.
    let building = match status.status {
        Some(0) => map::building(api.tasks(id).await?.iter()),
        _ => None,
    };
    Ok(map::state(machine, &status, building.as_ref()))
}

pub(crate) async fn observed(api: &Api<'_>, (id, machine): &Found) -> Result<Observed, CallError> {
    let state = state(api, id, machine).await?;
    Ok(map::observed(id, machine, state, api.for_customers()?.base()))
}

fn working(seconds: u64) -> Working {
    Working::again_after_seconds(seconds)
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    if let Some(found) = find(api, &operation.resource).await? {
        return match map::building(api.tasks(&found.0).await?.iter()) {
            Some(Building::Running) => Ok(Creation::Working(working(5))),
            Some(Building::Failed(why)) => Ok(Creation::Failed { why }),
            // Right after the record there is no task yet; once it is on, it was installed.
            None if api.status(&found.0).await?.status == Some(0)
                && operation.resource.origin == Origin::Made =>
            {
                Ok(Creation::Working(working(5)))
            }
            Some(Building::Over) | None => Ok(Creation::Done(Box::new(observed(api, &found).await?))),
        };
    }
    server::may_be_made(operation)?;
    let hostname = map::hostname(&operation.resource.tag, zone(api)?);
    let plan = &specification.plan;
    let text = |name: &str| plan.text(name).unwrap_or_default().to_owned();
    let mut form: Vec<(String, String)> = [
        ("addvps", "1".to_owned()),
        ("node_select", "1".to_owned()),
        ("virt", text(settings::VIRT)),
        ("hostname", hostname),
        ("rootpass", specification.password.expose().to_owned()),
        ("osid", text(settings::IMAGE)),
        ("plid", text(settings::PLAN)),
        ("user_email", specification.customer.email.clone()),
        ("user_pass", specification.password.expose().to_owned()),
        ("server_group", plan.text(settings::GROUP).unwrap_or("0").to_owned()),
        ("num_ips", plan.text(settings::IPV4).unwrap_or("1").to_owned()),
        ("noemail", "1".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    form.extend(sizes_of(api, &text(settings::PLAN)).await?);
    form.extend(specification.ssh_keys.first().map(|key| ("sshkey".to_owned(), key.clone())));
    match api.change("addvs", &[], &borrowed(&form)).await {
        Ok(_) => Ok(Creation::Working(working(5))),
        Err(Failure::Reason(why)) if map::is_no_room(&why) => Ok(Creation::CapacityFull { why }),
        Err(failure) => Err(failure.into()),
    }
}

fn borrowed(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn sizes_of(api: &Api<'_>, number: &str) -> Result<Vec<(String, String)>, CallError> {
    let plans = api.plans().await?;
    let known = plans.iter().find(|plan| plan.plid.as_deref() == Some(number));
    let unknown = || CallError::Refused(format!("the master has no plan {number}"));
    Ok(map::sizes(known.ok_or_else(unknown)?))
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation, reason: &str) -> Result<Change, CallError> {
    let Some((id, machine)) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if !machine.suspended {
        api.change("vs", &[("suspend", &id)], &[("suspend_reason", reason)]).await?;
    }
    Ok(Change::Done)
}

/// Gives it back and sees to it that it runs: suspending switched it off.
pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some((id, machine)) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if machine.suspended {
        api.change("vs", &[("unsuspend", &id)], &[]).await?;
        return Ok(Change::Working(working(2)));
    }
    if state(api, &id, &machine).await? == State::Stopped {
        switched(api, &id, "start").await?;
        return Ok(Change::Working(working(3)));
    }
    Ok(Change::Done)
}

async fn switched(api: &Api<'_>, id: &str, word: &str) -> Result<(), CallError> {
    // The master finds the node by itself.
    api.change("vs", &[("action", word), ("serid", "0"), ("vpsid", id)], &[]).await?;
    Ok(())
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some((id, _)) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    // A list of numbers would remove them all.
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CallError::Unreadable(format!("{id:?} is no number of a machine")));
    }
    api.change("vs", &[("delete", &id)], &[]).await?;
    Ok(Change::Working(working(5)))
}

pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some((id, machine)) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let number = specification.plan.text(settings::PLAN).unwrap_or_default();
    if machine.plid.as_deref() == Some(number) {
        return Ok(Change::Done);
    }
    let sizes = sizes_of(api, number).await?;
    let space =
        sizes.iter().find(|(name, _)| name == "space").and_then(|(_, value)| value.parse::<i64>().ok());
    if space.zip(machine.space).is_some_and(|(wanted, there)| wanted < there) {
        return Ok(Change::Failed {
            why: "The disk of the new plan is smaller; disks only grow.".to_owned(),
        });
    }
    let mut form = vec![("editvps".to_owned(), "1".to_owned()), ("theme_edit".to_owned(), "1".to_owned())];
    form.push(("plid".to_owned(), number.to_owned()));
    form.extend(sizes);
    match api.change("managevps", &[("vpsid", &id)], &borrowed(&form)).await {
        Ok(_) => {}
        Err(Failure::Reason(why)) if map::is_no_room(&why) => return Ok(Change::CapacityFull { why }),
        Err(failure) => return Err(failure.into()),
    }
    match find(api, &operation.resource).await? {
        Some((_, machine)) if machine.plid.as_deref() == Some(number) => Ok(Change::Done),
        Some(_) => Ok(Change::Failed { why: "The master kept the old plan.".to_owned() }),
        None => Ok(Change::Missing),
    }
}

pub(crate) async fn switch(
    api: &Api<'_>,
    operation: &Operation,
    action: PowerAction,
) -> Result<Change, CallError> {
    let Some((id, machine)) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if machine.suspended {
        return Ok(Change::Failed { why: "It is suspended.".to_owned() });
    }
    let is_on = api.status(&id).await?.status == Some(1);
    let word = match action {
        PowerAction::Start if is_on => return Ok(Change::Done),
        PowerAction::Stop | PowerAction::Kill if !is_on => return Ok(Change::Done),
        PowerAction::Start => "start",
        PowerAction::Stop => "stop",
        PowerAction::Restart => "restart",
        PowerAction::Kill => "poweroff",
    };
    switched(api, &id, word).await?;
    match action {
        // The attempt was made; that it comes up again is seen later.
        PowerAction::Restart => Ok(Change::Done),
        PowerAction::Start | PowerAction::Stop | PowerAction::Kill => Ok(Change::Working(working(3))),
    }
}

pub(crate) async fn set_password(
    api: &Api<'_>,
    operation: &Operation,
    password: &Password,
) -> Result<Change, CallError> {
    let Some((id, _)) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let form =
        [("editvps", "1"), ("theme_edit", "1"), ("enable_guest_agent", "1"), ("rootpass", password.expose())];
    api.change("managevps", &[("vpsid", &id)], &form).await?;
    Ok(Change::Done)
}
