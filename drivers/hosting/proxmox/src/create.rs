//! Making a guest, one step a call, each found by looking.

use bursar_hosting::{Creation, Operation, Origin, Specification, Working};
use bursar_outbound::{CallError, path_part};

use crate::guest::{self, Guest};
use crate::map::{self, Known};
use crate::settings;
use crate::wire::{Api, Failure, Listed, Node, TaskEnd};

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    if let Some(task) = &operation.task {
        match api.task(task.as_str()).await? {
            TaskEnd::Running => return Ok(working(3, Some(task.as_str()))),
            TaskEnd::Bad(why) => return Ok(ended_badly(why)),
            TaskEnd::Good | TaskEnd::Forgotten => {}
        }
    }
    let guests = api.guests().await?;
    match guest::find(api, &guests, &operation.resource).await? {
        Some(guest) => go_on(api, operation, specification, guest).await,
        None if operation.resource.origin == Origin::Adopted => {
            Err(CallError::Refused("the guest that was taken over is gone, and is not made again".to_owned()))
        }
        None => begin(api, operation, specification, &guests).await,
    }
}

fn working(seconds: u64, task: Option<&str>) -> Creation {
    let working = Working::again_after_seconds(seconds);
    Creation::Working(match task {
        Some(task) => working.with_task(task),
        None => working,
    })
}

fn ended_badly(why: String) -> Creation {
    match map::known(&why) {
        Some(Known::NoRoom) => Creation::CapacityFull { why },
        _ => Creation::Failed { why },
    }
}

/// There is nothing yet.
async fn begin(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
    guests: &[Listed],
) -> Result<Creation, CallError> {
    let tag = &operation.resource.tag;
    let (first, last) = guest::range(api.call);
    let free = |vmid: &u32| !guests.iter().any(|listed| listed.vmid == *vmid);
    let Some(vmid) = map::candidates(tag, first, last).into_iter().find(free) else {
        return Err(CallError::Refused(format!(
            "all numbers for this guest between {first} and {last} are taken: widen the range, and let nobody else use it"
        )));
    };
    let nodes = api.nodes().await?;
    let node = match choose_node(api, specification, guests, &nodes) {
        Ok(node) => node,
        Err(why) => return Ok(Creation::CapacityFull { why }),
    };
    if let Some(why) = lacks_disk(api, specification, &node).await? {
        return Ok(Creation::CapacityFull { why });
    }
    let answer = if specification.plan.text(settings::KIND) == Some("lxc") {
        let mut options = map::container_options(specification, tag, vmid);
        options.extend(pool(api));
        api.post::<String>(&format!("/nodes/{}/lxc", path_part(&node)), &options).await
    } else {
        let (path, options) = clone_of_template(api, operation, specification, guests, (vmid, &node))?;
        api.post::<String>(&path, &options).await
    };
    match answer {
        Ok(task) => Ok(working(3, Some(&task))),
        // Somebody took the number since the list was read; it may have been us.
        Err(Failure::Known(Known::Taken, _)) => Ok(working(2, None)),
        Err(Failure::Known(Known::NoRoom, why)) => Ok(Creation::CapacityFull { why }),
        Err(failure) => Err(failure.into()),
    }
}

fn clone_of_template(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
    guests: &[Listed],
    (vmid, node): (u32, &str),
) -> Result<(String, Vec<(String, String)>), CallError> {
    let plan = &specification.plan;
    let wanted = plan.number(settings::TEMPLATE).unwrap_or_default();
    let template = guests
        .iter()
        .find(|listed| i64::from(listed.vmid) == wanted && listed.template == 1 && listed.kind == "qemu")
        .ok_or_else(|| {
            CallError::Refused(format!("there is no template of virtual machines number {wanted}"))
        })?;
    let mut options = vec![
        ("newid".to_owned(), vmid.to_string()),
        ("full".to_owned(), "1".to_owned()),
        ("description".to_owned(), map::marker(&operation.resource.tag)),
    ];
    options.extend(specification.name.iter().map(|name| ("name".to_owned(), name.clone())));
    options.extend(plan.text(settings::STORAGE).map(|storage| ("storage".to_owned(), storage.to_owned())));
    if template.node != node {
        options.push(("target".to_owned(), node.to_owned()));
    }
    options.extend(pool(api));
    Ok((format!("/nodes/{}/qemu/{}/clone", path_part(&template.node), template.vmid), options))
}

fn pool(api: &Api<'_>) -> Option<(String, String)> {
    api.call.settings().text(settings::POOL).map(|pool| ("pool".to_owned(), pool.to_owned()))
}

/// The plan's node, or the one with most memory left to sell; otherwise what is used up.
fn choose_node(
    api: &Api<'_>,
    specification: &Specification,
    guests: &[Listed],
    nodes: &[Node],
) -> Result<String, String> {
    const MIB: i64 = 1 << 20;
    let wanted = specification.plan.number(settings::MEMORY).unwrap_or_default().saturating_mul(MIB);
    let percent = api.call.settings().number(settings::OVERCOMMIT).unwrap_or(90);
    let named = specification.plan.text(settings::NODE);
    let left = |node: &Node| {
        let sold: i64 = guests
            .iter()
            .filter(|guest| guest.node == node.node && guest.template == 0)
            .map(|guest| guest.maxmem)
            .sum();
        (node.maxmem / 100).saturating_mul(percent).saturating_sub(sold)
    };
    let best = nodes
        .iter()
        .filter(|node| node.is_online() && named.is_none_or(|name| name == node.node))
        .max_by_key(|node| left(node));
    match best {
        Some(node) if left(node) >= wanted => Ok(node.node.clone()),
        Some(node) => Err(format!("node {} has {} MiB of memory left to sell", node.node, left(node) / MIB)),
        None => Err(format!("node {} is not online", named.unwrap_or("(any)"))),
    }
}

/// What the storage lacks. Without a named storage the template's is used, and Proxmox says whether it has room.
async fn lacks_disk(
    api: &Api<'_>,
    specification: &Specification,
    node: &str,
) -> Result<Option<String>, CallError> {
    const GIB: i64 = 1 << 30;
    let Some(name) = specification.plan.text(settings::STORAGE) else { return Ok(None) };
    let is_container = specification.plan.text(settings::KIND) == Some("lxc");
    let storages = api.storages(node, if is_container { "rootdir" } else { "images" }).await?;
    let Some(storage) = storages.iter().find(|storage| storage.storage == name) else {
        return Err(CallError::Refused(format!("node {node} has no storage {name} for this kind of disk")));
    };
    let wanted = specification.plan.number(settings::DISK).unwrap_or_default().saturating_mul(GIB);
    let lacks = storage.avail < wanted;
    Ok(lacks.then(|| format!("storage {name} on {node} has {} GiB left", storage.avail / GIB)))
}

/// There is something: the next step is the first that was not done.
async fn go_on(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
    guest: Guest,
) -> Result<Creation, CallError> {
    let tag = &operation.resource.tag;
    let is_tagged = guest.words.contains(&map::tag_word(tag));
    let is_adopted = operation.resource.origin == Origin::Adopted;
    if is_adopted || (is_tagged && !guest.words.contains(map::BUILDING)) {
        return Ok(Creation::Done(Box::new(guest.observed())));
    }
    if matches!(guest.lock().as_deref(), Some("clone" | "create")) {
        return wait_for_copy(api, specification, &guest).await;
    }
    if api.is_busy(&guest.node, guest.vmid).await? {
        return Ok(working(3, None));
    }
    if !is_tagged {
        let options = map::machine_options(specification, tag);
        api.put::<Option<String>>(&format!("{}/config", guest.path()), &options).await?;
        return Ok(working(1, None));
    }
    if let Some(task) = grow_disk(api, specification, &guest).await? {
        return Ok(working(2, task.as_deref()));
    }
    if !guest.is_running() {
        let task = api.post::<String>(&format!("{}/status/start", guest.path()), &[]).await?;
        return Ok(working(3, Some(&task)));
    }
    let mut words = guest.words.clone();
    words.remove(map::BUILDING);
    let options = [("tags".to_owned(), map::joined(&words)), ("onboot".to_owned(), "1".to_owned())];
    api.put::<Option<String>>(&format!("{}/config", guest.path()), &options).await?;
    Ok(Creation::Done(Box::new(guest::read_again(api, &guest).await?.observed())))
}

/// A lock without a task is what a task that died leaves behind. Clones run under the template's number.
async fn wait_for_copy(
    api: &Api<'_>,
    specification: &Specification,
    guest: &Guest,
) -> Result<Creation, CallError> {
    let template =
        specification.plan.number(settings::TEMPLATE).and_then(|number| u32::try_from(number).ok());
    let own = api.is_busy(&guest.node, guest.vmid).await?;
    let busy = match template {
        Some(template) if !own => {
            let guests = api.guests().await?;
            match guests.iter().find(|listed| listed.vmid == template) {
                Some(listed) => api.is_busy(&listed.node, template).await?,
                None => false,
            }
        }
        _ => own,
    };
    if busy {
        return Ok(working(5, None));
    }
    let again = guest::read_again(api, guest).await?;
    if again.lock().is_none() {
        return Ok(working(1, None));
    }
    Ok(Creation::Failed {
        why: "The copying of the template was abandoned and left a locked guest.".to_owned(),
    })
}

/// Grows the disk to the plan's size; `None` when it has it. The task's name may be absent: older versions grow at once.
pub(crate) async fn grow_disk(
    api: &Api<'_>,
    specification: &Specification,
    guest: &Guest,
) -> Result<Option<Option<String>>, CallError> {
    const GIB: i64 = 1 << 30;
    let wanted = specification.plan.number(settings::DISK).unwrap_or_default();
    let Some((name, bytes)) = guest.disk() else { return Ok(None) };
    if bytes >= wanted.saturating_mul(GIB) {
        return Ok(None);
    }
    // An absolute size may be asked for twice.
    let options = [("disk".to_owned(), name), ("size".to_owned(), format!("{wanted}G"))];
    Ok(Some(api.put::<Option<String>>(&format!("{}/resize", guest.path()), &options).await?))
}
