//! What the cluster remembers, and its tasks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{TEMPLATE, TOKEN_ID};
use crate::map;

/// How many requests a task takes.
const TASK_REQUESTS: u32 = 3;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Cluster {
    pub(super) guests: BTreeMap<u32, Guest>,
    pub(super) tasks: BTreeMap<String, Task>,
    next_task: u32,
    /// Room on the storage for disks.
    pub(super) available_gib: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Guest {
    pub(super) kind: String,
    pub(super) node: String,
    pub(super) is_template: bool,
    pub(super) is_running: bool,
    pub(super) is_stranger: bool,
    pub(super) lock: Option<String>,
    pub(super) config: BTreeMap<String, String>,
    /// Requests since it was started: all counters start over with it.
    pub(super) uptime: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) node: String,
    /// The number it runs under: the template's, for a clone.
    pub(super) id: u32,
    pub(super) end: Option<String>,
    left: u32,
    effect: Effect,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Effect {
    Unlock(u32),
    Start(u32),
    Stop(u32),
    Restart(u32),
    Destroy(u32),
    Resize { vmid: u32, disk: String, gib: i64 },
}

impl Cluster {
    /// With what is there before anything is sold.
    pub(super) fn furnished() -> Self {
        let mut cluster = Self { available_gib: 4_000, next_task: 1, ..Self::default() };
        let template = Guest {
            is_template: true,
            config: [
                ("name", "debian-13-cloud"),
                ("boot", "order=scsi0"),
                ("scsi0", "local-zfs:base-9000-disk-0,size=2252M"),
                ("ide2", "local-zfs:vm-9000-cloudinit,media=cdrom"),
                ("net0", "virtio=BC:24:11:00:00:00,bridge=vmbr0"),
                ("memory", "1024"),
                ("cores", "1"),
                ("sockets", "1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            ..Guest::new("qemu", "pve1")
        };
        cluster.guests.insert(TEMPLATE, template);
        cluster
    }

    pub(super) fn add_stranger(&mut self, vmid: u32) {
        let stranger = Guest {
            is_stranger: true,
            is_running: true,
            config: [
                ("name", "mail.other.example"),
                ("description", "do not touch\n"),
                ("scsi0", "local-zfs:vm-1-disk-0,size=10G"),
                ("memory", "512"),
                ("cores", "1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            ..Guest::new("qemu", "pve2")
        };
        self.guests.insert(vmid, stranger);
    }

    pub(super) fn of(&self, word: &str, marker: &str) -> Option<&Guest> {
        self.guests.values().find(|guest| guest.is_marked(word, marker))
    }

    pub(super) fn count(&self, word: &str, marker: &str) -> usize {
        self.guests.values().filter(|guest| guest.is_marked(word, marker)).count()
    }

    pub(super) fn migrate(&mut self, word: &str) {
        for guest in self.guests.values_mut().filter(|guest| guest.has_word(word)) {
            guest.node = if guest.node == "pve1" { "pve2".to_owned() } else { "pve1".to_owned() };
        }
    }

    pub(super) fn abandon_clones(&mut self) {
        self.tasks.retain(|_, task| task.end.is_some() || !matches!(task.effect, Effect::Unlock(_)));
    }

    /// Begins a task and gives its name. The trailing colon is part of it.
    pub(super) fn begin(&mut self, kind: &str, node: &str, id: u32, effect: Effect) -> String {
        let number = self.next_task;
        self.next_task += 1;
        let upid = format!("UPID:{node}:0000C0DE:{number:08X}:69566E80:{kind}:{id}:{TOKEN_ID}:");
        let task = Task { node: node.to_owned(), id, end: None, left: TASK_REQUESTS, effect };
        self.tasks.insert(upid.clone(), task);
        upid
    }

    /// Every request lets the tasks go on a little.
    pub(super) fn pass_one_request(&mut self) {
        for guest in self.guests.values_mut().filter(|guest| guest.is_running) {
            guest.uptime += 1;
        }
        for task in self.tasks.values_mut().filter(|task| task.end.is_none()) {
            task.left = task.left.saturating_sub(1);
        }
        self.end_tasks(|task| task.left == 0);
    }

    pub(super) fn finish_tasks(&mut self) {
        self.end_tasks(|_| true);
    }

    fn end_tasks(&mut self, ends: impl Fn(&Task) -> bool) {
        let due: Vec<String> = self
            .tasks
            .iter()
            .filter(|(_, task)| task.end.is_none() && ends(task))
            .map(|(upid, _)| upid.clone())
            .collect();
        for upid in due {
            let Some(effect) = self.tasks.get(&upid).map(|task| task.effect.clone()) else { continue };
            let end = self.take_effect(&effect);
            if let Some(task) = self.tasks.get_mut(&upid) {
                task.end = Some(end);
            }
        }
    }

    /// What a task does at its end, and the words it ends with.
    fn take_effect(&mut self, effect: &Effect) -> String {
        let vmid = match effect {
            Effect::Unlock(vmid)
            | Effect::Start(vmid)
            | Effect::Stop(vmid)
            | Effect::Restart(vmid)
            | Effect::Destroy(vmid)
            | Effect::Resize { vmid, .. } => *vmid,
        };
        let Some(guest) = self.guests.get_mut(&vmid) else { return format!("VM {vmid} does not exist") };
        match effect {
            Effect::Unlock(_) => guest.lock = None,
            Effect::Start(_) if guest.is_running => return format!("VM {vmid} already running"),
            Effect::Start(_) | Effect::Restart(_) => {
                guest.is_running = true;
                guest.uptime = 0;
            }
            Effect::Stop(_) => guest.is_running = false,
            Effect::Destroy(_) if guest.is_running => {
                return format!("VM {vmid} is running - destroy failed");
            }
            Effect::Destroy(_) => {
                self.guests.remove(&vmid);
            }
            Effect::Resize { disk, gib, .. } => guest.set_size(disk, *gib),
        }
        "OK".to_owned()
    }
}

impl Guest {
    pub(super) fn new(kind: &str, node: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            node: node.to_owned(),
            is_template: false,
            is_running: false,
            is_stranger: false,
            lock: None,
            config: BTreeMap::new(),
            uptime: 0,
        }
    }

    pub(super) fn value(&self, name: &str) -> &str {
        self.config.get(name).map_or("", String::as_str)
    }

    fn has_word(&self, word: &str) -> bool {
        map::words(self.value("tags")).contains(word)
    }

    fn is_marked(&self, word: &str, marker: &str) -> bool {
        self.has_word(word) || self.value("description").trim_end() == marker
    }

    pub(super) fn number(&self, name: &str, usual: i64) -> i64 {
        self.value(name).parse().unwrap_or(usual)
    }

    pub(super) fn disk_bytes(&self) -> i64 {
        let name = if self.kind == "lxc" { "rootfs" } else { "scsi0" };
        map::size_bytes(self.value(name)).unwrap_or_default()
    }

    pub(super) fn set_size(&mut self, disk: &str, gib: i64) {
        let volume = self.value(disk).split(",size=").next().unwrap_or_default().to_owned();
        self.config.insert(disk.to_owned(), format!("{volume},size={gib}G"));
    }
}
