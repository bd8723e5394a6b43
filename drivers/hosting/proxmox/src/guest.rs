//! Finding a guest and saying what it is.

use std::collections::BTreeSet;

use bursar_hosting::{Access, AccessKind, Observed, Origin, Reference, Resource, State, Tag};
use bursar_outbound::{Call, CallError, Settings, path_part};

use crate::map::{self, Known};
use crate::settings;
use crate::wire::{Api, Config, Failure, Listed, Status};

/// A guest with everything that is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    /// "qemu" or "lxc".
    pub(crate) kind: String,
    pub(crate) vmid: u32,
    pub(crate) node: String,
    pub(crate) words: BTreeSet<String>,
    pub(crate) config: Config,
    pub(crate) status: Status,
}

impl Guest {
    /// The path of everything about it.
    pub(crate) fn path(&self) -> String {
        format!("/nodes/{}/{}/{}", path_part(&self.node), self.kind, self.vmid)
    }

    pub(crate) fn lock(&self) -> Option<String> {
        self.config.text("lock")
    }

    pub(crate) fn is_running(&self) -> bool {
        self.status.status == "running"
    }

    pub(crate) fn is_container(&self) -> bool {
        self.kind == "lxc"
    }

    pub(crate) fn disk(&self) -> Option<(String, i64)> {
        let name = map::boot_disk(&self.config)?;
        let bytes = self.config.text(&name).as_deref().and_then(map::size_bytes)?;
        Some((name, bytes))
    }

    pub(crate) fn observed(&self) -> Observed {
        let status = match self.status.qmpstatus.as_deref() {
            Some("paused") => "paused",
            _ => self.status.status.as_str(),
        };
        let name = self.config.text("name").or_else(|| self.config.text("hostname"));
        let user = self.config.text("ciuser").unwrap_or_else(|| "root".to_owned());
        let number = |name: &str| self.config.text(name).and_then(|text| text.parse::<i64>().ok());
        let mut plan = Settings::none().with(settings::KIND, &*self.kind);
        // Absent means the default of one, for both.
        let cores = number("cores").unwrap_or(1) * number("sockets").unwrap_or(1);
        plan.set(settings::CORES, cores.to_string());
        if let Some(memory) = self.config.text("memory").as_deref().and_then(map::memory_mib) {
            plan.set(settings::MEMORY, memory.to_string());
        }
        if let Some((_, bytes)) = self.disk() {
            plan.set(settings::DISK, map::gib(bytes).to_string());
        }
        Observed {
            reference: reference(&self.kind, self.vmid),
            state: self.state(status),
            name,
            plan,
            addresses: map::addresses(&self.config),
            access: vec![Access::new(AccessKind::Username, user)],
        }
    }

    /// A clone that carries no tag yet is not configured.
    fn state(&self, status: &str) -> State {
        let description = self.config.text("description").unwrap_or_default();
        if map::tag_among(&self.words).is_none() && description.starts_with("bursar") {
            return State::Building;
        }
        map::state(status, self.lock().as_deref(), &self.words)
    }
}

pub(crate) fn reference(kind: &str, vmid: u32) -> Reference {
    Reference::new(format!("{kind}/{vmid}"))
}

/// The numbers that are ours to give.
pub(crate) fn range(call: &Call) -> (u32, u32) {
    let number = |name: &str, usual: u32| {
        call.settings().number(name).and_then(|number| u32::try_from(number).ok()).unwrap_or(usual)
    };
    (number(settings::VMID_FIRST, 100_000), number(settings::VMID_LAST, 999_999))
}

/// The guest of a resource, looked up in a list that was just read.
pub(crate) async fn find(
    api: &Api<'_>,
    guests: &[Listed],
    resource: &Resource,
) -> Result<Option<Guest>, CallError> {
    match resource.origin {
        Origin::Adopted => {
            let Some(wanted) = &resource.reference else { return Ok(None) };
            let listed = guests.iter().find(|listed| reference(&listed.kind, listed.vmid) == *wanted);
            match listed {
                Some(listed) => read(api, listed).await,
                None => Ok(None),
            }
        }
        Origin::Made => {
            let word = map::tag_word(&resource.tag);
            if let Some(listed) = guests.iter().find(|listed| map::words(&listed.tags).contains(&word)) {
                return read(api, listed).await;
            }
            find_untagged(api, guests, &resource.tag).await
        }
    }
}

/// A clone carries no tags before it is configured; until then its description says whose it is.
async fn find_untagged(api: &Api<'_>, guests: &[Listed], tag: &Tag) -> Result<Option<Guest>, CallError> {
    let (first, last) = range(api.call);
    let candidates = map::candidates(tag, first, last);
    for listed in guests {
        let is_untagged = map::tag_among(&map::words(&listed.tags)).is_none();
        if !candidates.contains(&listed.vmid) || !is_untagged {
            continue;
        }
        if let Some(guest) = read(api, listed).await?
            && map::is_marked(&guest.config.text("description").unwrap_or_default(), tag)
        {
            return Ok(Some(guest));
        }
    }
    Ok(None)
}

/// Everything about a listed guest. One that was removed or moved between the list and now is not there; a guest that
/// moved is found again with the next list, so it is an error and never absence.
async fn read(api: &Api<'_>, listed: &Listed) -> Result<Option<Guest>, CallError> {
    let path = format!("/nodes/{}/{}/{}", path_part(&listed.node), listed.kind, listed.vmid);
    let config = match api.get::<Config>(&format!("{path}/config")).await {
        Ok(config) => config,
        Err(Failure::Known(Known::Absent, _)) => {
            let still = api.guests().await?.iter().any(|other| other.vmid == listed.vmid);
            let moved = "the guest is being moved to another node".to_owned();
            return if still { Err(CallError::NotSent(moved)) } else { Ok(None) };
        }
        Err(failure) => return Err(failure.into()),
    };
    let status = api.get::<Status>(&format!("{path}/status/current")).await?;
    let words = map::words(&config.text("tags").unwrap_or_default());
    Ok(Some(Guest {
        kind: listed.kind.clone(),
        vmid: listed.vmid,
        node: listed.node.clone(),
        words,
        config,
        status,
    }))
}

/// Reads a guest again after a change.
pub(crate) async fn read_again(api: &Api<'_>, guest: &Guest) -> Result<Guest, CallError> {
    let config = api.get::<Config>(&format!("{}/config", guest.path())).await?;
    let status = api.get::<Status>(&format!("{}/status/current", guest.path())).await?;
    let words = map::words(&config.text("tags").unwrap_or_default());
    Ok(Guest { words, config, status, ..guest.clone() })
}
