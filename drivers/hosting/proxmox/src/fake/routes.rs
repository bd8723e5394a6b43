//! Paths, parameters and failures as Proxmox has them.

use bursar_fakeserver::{Asked, Reply};
use serde_json::{Map, Value, json};

use super::CONTAINER_TEMPLATE;
use super::cluster::{Cluster, Effect, Guest};
use crate::map;

const GIB: i64 = 1 << 30;
const MIB: i64 = 1 << 20;
const NODES: [&str; 2] = ["pve1", "pve2"];

pub(super) fn answer(cluster: &mut Cluster, asked: &Asked) -> Reply {
    if matches!(asked.method.as_str(), "DELETE" | "GET") && !asked.body.is_empty() {
        return failed(501, "Unexpected content for method");
    }
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let ["api2", "json", rest @ ..] = parts.as_slice() else { return failed(404, "no such file") };
    match (asked.method.as_str(), rest) {
        ("GET", ["version"]) => data(json!({ "version": "9.1.2", "release": "9.1", "repoid": "e6a9e1b2" })),
        ("GET", ["access", "permissions"]) => data(permissions()),
        ("GET", ["cluster", "resources"]) => data(resources(cluster)),
        ("GET", ["nodes"]) => data(nodes(cluster)),
        ("GET", ["nodes", _, "storage"]) => data(storages(cluster, asked.query("content"))),
        ("GET", ["nodes", _, "storage", "local", "content"]) => data(
            json!([{ "volid": CONTAINER_TEMPLATE, "format": "tzst", "size": 126_515_062, "ctime": 1_756_000_000 }]),
        ),
        ("GET", ["nodes", node, "tasks"]) => data(active_tasks(cluster, node, asked)),
        ("GET", ["nodes", _, "tasks", upid, "status"]) => task_status(cluster, upid),
        ("POST", ["nodes", node, "lxc"]) => create_container(cluster, asked, node),
        (method, ["nodes", node, kind @ ("qemu" | "lxc"), vmid, rest @ ..]) => {
            let Ok(vmid) = vmid.parse::<u32>() else {
                return invalid("vmid", "type check ('integer') failed");
            };
            if !cluster.guests.get(&vmid).is_some_and(|guest| guest.kind == *kind && guest.node == *node) {
                let folder = if *kind == "qemu" { "qemu-server" } else { "lxc" };
                return failed(
                    500,
                    &format!("Configuration file 'nodes/{node}/{folder}/{vmid}.conf' does not exist"),
                );
            }
            of_guest(cluster, asked, method, vmid, rest)
        }
        _ => failed(501, &format!("Method '{} {}' not implemented", asked.method, asked.path)),
    }
}

fn of_guest(cluster: &mut Cluster, asked: &Asked, method: &str, vmid: u32, rest: &[&str]) -> Reply {
    match (method, rest) {
        ("GET", ["config"]) => data(config(&cluster.guests[&vmid])),
        ("GET", ["status", "current"]) => data(status(vmid, &cluster.guests[&vmid])),
        ("POST", ["clone"]) => clone(cluster, asked, vmid),
        ("PUT", ["config"]) => configure(cluster, asked, vmid),
        ("PUT", ["resize"]) => resize(cluster, asked, vmid),
        ("POST", ["status", action]) => switch(cluster, vmid, action),
        ("POST", ["agent", "set-user-password"]) => set_password(cluster, asked, vmid),
        ("DELETE", []) => destroy(cluster, vmid),
        _ => failed(501, &format!("Method '{method} {}' not implemented", asked.path)),
    }
}

fn data(value: Value) -> Reply {
    Reply::json(200, &json!({ "data": value }))
}

fn failed(status: u16, words: &str) -> Reply {
    Reply::json(status, &json!({ "data": null, "message": format!("{words}\n") })).with_reason(words)
}

fn invalid(field: &str, words: &str) -> Reply {
    Reply::json(400, &json!({ "data": null, "errors": { field: words } }))
        .with_reason("Parameter verification failed.")
}

fn permissions() -> Value {
    let privileges = [
        "VM.Allocate",
        "VM.Audit",
        "VM.Clone",
        "VM.Config.CPU",
        "VM.Config.Cloudinit",
        "VM.Config.Disk",
        "VM.Config.Memory",
        "VM.Config.Network",
        "VM.Config.Options",
        "VM.PowerMgmt",
        "Datastore.AllocateSpace",
        "Datastore.Audit",
        "Sys.Audit",
        "SDN.Use",
        "VM.GuestAgent.Unrestricted",
    ];
    let held: Map<String, Value> = privileges.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
    json!({ "/": held })
}

fn resources(cluster: &Cluster) -> Value {
    let item = |(vmid, guest): (&u32, &Guest)| {
        let mut item = json!({
            "id": format!("{}/{vmid}", guest.kind), "type": guest.kind, "vmid": vmid, "node": guest.node,
            "name": name(guest), "status": power(guest), "template": i32::from(guest.is_template),
            "maxcpu": guest.number("cores", 1) * guest.number("sockets", 1),
            "maxmem": guest.number("memory", 512) * MIB, "maxdisk": guest.disk_bytes(), "uptime": guest.uptime,
        });
        if !guest.value("tags").is_empty() {
            item["tags"] = json!(guest.value("tags"));
        }
        if let Some(lock) = &guest.lock {
            item["lock"] = json!(lock);
        }
        item
    };
    cluster.guests.iter().map(item).collect()
}

fn name(guest: &Guest) -> &str {
    if guest.kind == "lxc" { guest.value("hostname") } else { guest.value("name") }
}

fn power(guest: &Guest) -> &'static str {
    if guest.is_running { "running" } else { "stopped" }
}

fn nodes(cluster: &Cluster) -> Value {
    let used = |node: &str| {
        let there = cluster.guests.values().filter(|guest| guest.node == node && guest.is_running);
        there.map(|guest| guest.number("memory", 512) * MIB).sum::<i64>()
    };
    NODES
        .iter()
        .map(|node| {
            json!({ "node": node, "status": "online", "cpu": 0.05, "maxcpu": 32, "mem": used(node),
                    "maxmem": 256 * GIB, "uptime": 86_400, "ssl_fingerprint": "AA:BB" })
        })
        .collect()
}

fn storages(cluster: &Cluster, content: Option<&str>) -> Value {
    let all = [
        ("local", "vztmpl,iso", 100 * GIB, 80 * GIB),
        ("local-zfs", "images,rootdir", 4_000 * GIB, cluster.available_gib * GIB),
    ];
    all.iter()
        .filter(|(_, holds, ..)| content.is_none_or(|content| holds.split(',').any(|kind| kind == content)))
        .map(|(name, holds, total, available)| {
            json!({ "storage": name, "type": "zfspool", "content": holds, "active": 1, "enabled": 1, "shared": 0,
                    "total": total, "used": total - available, "avail": available })
        })
        .collect()
}

fn active_tasks(cluster: &Cluster, node: &str, asked: &Asked) -> Value {
    let wanted = asked.query("vmid").and_then(|vmid| vmid.parse::<u32>().ok());
    let active = cluster.tasks.iter().filter(|(_, task)| {
        task.end.is_none() && task.node == node && wanted.is_none_or(|vmid| vmid == task.id)
    });
    active.map(|(upid, task)| json!({ "upid": upid, "node": task.node, "id": task.id.to_string() })).collect()
}

fn task_status(cluster: &Cluster, upid: &str) -> Reply {
    match cluster.tasks.get(upid) {
        None => invalid("upid", "no such task"),
        Some(task) => match &task.end {
            None => data(json!({ "upid": upid, "node": task.node, "status": "running" })),
            Some(end) => {
                data(json!({ "upid": upid, "node": task.node, "status": "stopped", "exitstatus": end }))
            }
        },
    }
}

/// Passwords come back as stars, and a digest says which version this is.
fn config(guest: &Guest) -> Value {
    let mut out: Map<String, Value> = Map::new();
    for (name, value) in &guest.config {
        let shown = match name.as_str() {
            "cipassword" => json!("**********"),
            "cores" | "sockets" | "onboot" => {
                value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number))
            }
            _ => json!(value),
        };
        out.insert(name.clone(), shown);
    }
    if let Some(lock) = &guest.lock {
        out.insert("lock".to_owned(), json!(lock));
    }
    out.insert("digest".to_owned(), json!(digest(guest)));
    Value::Object(out)
}

fn digest(guest: &Guest) -> String {
    let text = format!("{:?}", guest.config);
    let sum = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{sum:040x}")
}

fn status(vmid: u32, guest: &Guest) -> Value {
    let on = i64::from(guest.is_running);
    let memory = guest.number("memory", 512) * MIB;
    json!({
        "vmid": vmid, "status": power(guest), "qmpstatus": power(guest), "name": name(guest), "cpus": guest.number("cores", 1),
        "cpu": if guest.is_running { 0.013 } else { 0.0 }, "mem": on * memory / 3, "maxmem": memory,
        "disk": if guest.kind == "lxc" { guest.disk_bytes() / 5 } else { 0 }, "maxdisk": guest.disk_bytes(),
        "netin": on * guest.uptime * 1_234, "netout": on * guest.uptime * 6_543, "uptime": on * guest.uptime,
        "ha": { "managed": 0 },
    })
}

fn clone(cluster: &mut Cluster, asked: &Asked, template: u32) -> Reply {
    let Some(new) = asked.value("newid").and_then(|id| id.parse::<u32>().ok()).filter(|id| *id >= 100) else {
        return invalid("newid", "type check ('integer') failed - property is missing or too small");
    };
    if cluster.guests.contains_key(&new) {
        return failed(500, &format!("unable to create VM {new}: config file already exists"));
    }
    let source = cluster.guests[&template].clone();
    let node = asked.value("target").unwrap_or_else(|| source.node.clone());
    let mut guest =
        Guest { lock: Some("clone".to_owned()), config: source.config.clone(), ..Guest::new("qemu", &node) };
    let storage = asked.value("storage").unwrap_or_else(|| "local-zfs".to_owned());
    guest.config.insert("scsi0".to_owned(), format!("{storage}:vm-{new}-disk-0,size=2252M"));
    for name in ["name", "description"] {
        if let Some(value) = asked.value(name) {
            let ending = if name == "description" { "\n" } else { "" };
            guest.config.insert(name.to_owned(), format!("{value}{ending}"));
        }
    }
    cluster.guests.insert(new, guest);
    data(json!(cluster.begin("qmclone", &source.node, template, Effect::Unlock(new))))
}

fn create_container(cluster: &mut Cluster, asked: &Asked, node: &str) -> Reply {
    let Some(vmid) = asked.value("vmid").and_then(|id| id.parse::<u32>().ok()).filter(|id| *id >= 100) else {
        return invalid("vmid", "property is missing and it is not optional");
    };
    if let Some(there) = cluster.guests.get(&vmid) {
        return failed(
            500,
            &format!("unable to create CT {vmid} - CT {vmid} already exists on node '{}'", there.node),
        );
    }
    if asked.value("ostemplate").as_deref() != Some(CONTAINER_TEMPLATE) {
        return failed(500, "volume 'ostemplate' does not exist");
    }
    let mut guest = Guest { lock: Some("create".to_owned()), ..Guest::new("lxc", node) };
    for (name, value) in asked.form() {
        match name.as_str() {
            "rootfs" => {
                let Some((storage, gib)) = value.split_once(':') else {
                    return invalid("rootfs", "unable to parse");
                };
                guest.config.insert(name, format!("{storage}:subvol-{vmid}-disk-0,size={gib}G"));
            }
            "net0" => {
                guest.config.insert(name, format!("{value},hwaddr=BC:24:11:00:00:02,type=veth"));
            }
            "description" => {
                guest.config.insert(name, format!("{value}\n"));
            }
            "hostname" | "cores" | "memory" | "swap" | "tags" | "unprivileged" | "nameserver" => {
                guest.config.insert(name, value);
            }
            // Used once and not kept.
            "vmid" | "ostemplate" | "password" | "ssh-public-keys" | "pool" => {}
            other => return invalid(other, "property is not defined in schema"),
        }
    }
    cluster.guests.insert(vmid, guest);
    data(json!(cluster.begin("vzcreate", node, vmid, Effect::Unlock(vmid))))
}

/// Says so when another task holds the guest.
fn locked(vmid: u32, guest: &Guest) -> Option<Reply> {
    let kind = if guest.kind == "lxc" { "CT" } else { "VM" };
    guest.lock.as_ref().map(|lock| failed(500, &format!("{kind} is locked ({lock}) {vmid}")))
}

fn configure(cluster: &mut Cluster, asked: &Asked, vmid: u32) -> Reply {
    const KNOWN: &[&str] = &[
        "agent",
        "cipassword",
        "ciuser",
        "cores",
        "description",
        "ipconfig0",
        "memory",
        "name",
        "nameserver",
        "net0",
        "onboot",
        "sockets",
        "sshkeys",
        "swap",
        "tags",
    ];
    let guest = cluster.guests.get_mut(&vmid).expect("the caller found it");
    if let Some(reply) = locked(vmid, guest) {
        return reply;
    }
    let form = asked.form();
    if form.iter().any(|(name, value)| name == "digest" && *value != digest(guest)) {
        return failed(500, "checksum mismatch (file change by other user?)");
    }
    for (name, value) in form {
        match name.as_str() {
            "digest" => {}
            "sshkeys" if value.contains(' ') => return invalid("sshkeys", "invalid urlencoded string"),
            "net0" if value.starts_with("virtio,") => {
                guest.config.insert(name, value.replacen("virtio,", "virtio=BC:24:11:00:00:01,", 1));
            }
            "tags" => {
                guest.config.insert(name, map::joined(&map::words(&value)));
            }
            known if KNOWN.contains(&known) => {
                guest.config.insert(name, value);
            }
            other => return invalid(other, "property is not defined in schema"),
        }
    }
    data(Value::Null)
}

fn resize(cluster: &mut Cluster, asked: &Asked, vmid: u32) -> Reply {
    let guest = &cluster.guests[&vmid];
    if let Some(reply) = locked(vmid, guest) {
        return reply;
    }
    let disk = asked.value("disk").unwrap_or_default();
    let Some(now) = map::size_bytes(guest.value(&disk)) else {
        return failed(500, &format!("disk '{disk}' does not exist"));
    };
    let size = asked.value("size").unwrap_or_default();
    let Some(gib) = size.strip_suffix('G').and_then(|gib| gib.parse::<i64>().ok()) else {
        return invalid("size", "value does not match the regex pattern");
    };
    if gib * GIB < now {
        return failed(500, "shrinking disks is not supported");
    }
    let node = guest.node.clone();
    data(json!(cluster.begin("resize", &node, vmid, Effect::Resize { vmid, disk, gib })))
}

fn switch(cluster: &mut Cluster, vmid: u32, action: &str) -> Reply {
    let guest = &cluster.guests[&vmid];
    if let Some(reply) = locked(vmid, guest) {
        return reply;
    }
    let is_container = guest.kind == "lxc";
    // Containers say so at once, machines by a task that fails; stopping a machine that is off is no failure.
    let (kind, running) = if is_container { ("CT", guest.is_running) } else { ("VM", guest.is_running) };
    let refused = match action {
        "start" => is_container && running,
        "stop" | "shutdown" => is_container && !running,
        "reboot" | "reset" => !running,
        _ => return failed(501, "not implemented"),
    };
    if refused {
        let words = if running { "already running" } else { "not running" };
        return failed(500, &format!("{kind} {vmid} {words}"));
    }
    let effect = match action {
        "start" => Effect::Start(vmid),
        "stop" | "shutdown" => Effect::Stop(vmid),
        _ => Effect::Restart(vmid),
    };
    let prefix = if is_container { "vz" } else { "qm" };
    let node = guest.node.clone();
    data(json!(cluster.begin(&format!("{prefix}{action}"), &node, vmid, effect)))
}

fn set_password(cluster: &Cluster, asked: &Asked, vmid: u32) -> Reply {
    let guest = &cluster.guests[&vmid];
    if !guest.is_running {
        return failed(500, &format!("VM {vmid} is not running"));
    }
    if guest.value("agent") != "1" {
        return failed(500, "QEMU guest agent is not running");
    }
    if asked.value("username").is_none() || asked.value("password").is_none_or(|password| password.len() < 5)
    {
        return invalid("password", "value must be at least 5 characters long");
    }
    data(json!({ "result": {} }))
}

fn destroy(cluster: &mut Cluster, vmid: u32) -> Reply {
    let guest = &cluster.guests[&vmid];
    if let Some(reply) = locked(vmid, guest) {
        return reply;
    }
    if guest.is_running {
        return failed(500, &format!("VM {vmid} is running - destroy failed"));
    }
    let kind = if guest.kind == "lxc" { "vzdestroy" } else { "qmdestroy" };
    let node = guest.node.clone();
    data(json!(cluster.begin(kind, &node, vmid, Effect::Destroy(vmid))))
}
