//! A master that speaks the same interface and makes nothing: status 200 for everything, numbers as texts, lists for empty
//! maps, filters that find parts of words, and a sign-in form for whoever has the wrong key.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::map;

/// The key that the fake accepts.
pub const KEY: &str = "vzkey0123456789abcdef";
/// Its password.
pub const PASS: &str = "vzPass-abcdef0123456789";
/// The zone of machines' names.
pub const ZONE: &str = "vps.example.net";
/// Its plans: number, memory in MB, disk in GB.
const PLANS: [(&str, &str, &str); 2] = [("12", "2048", "20"), ("13", "4096", "40")];

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("api_key", KEY), ("api_pass", PASS), ("zone", ZONE)],
    plan: &[("plan", "12"), ("image", "270"), ("virt", "kvm")],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeMaster(Kept::open(state, Master::default())?)))
}

/// The master.
#[derive(Debug)]
pub struct FakeMaster(Kept<Master>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Master {
    machines: BTreeMap<u64, Machine>,
    last: u64,
    is_full: bool,
    next_fails: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Machine {
    hostname: String,
    plan: String,
    email: String,
    /// 1 under way, 2 well, -1 badly; `None` for what was never installed by us.
    task: Option<i64>,
    is_on: bool,
    is_suspended: bool,
    is_stranger: bool,
    sessions: u64,
}

impl FakeMaster {
    /// A master that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Master::default()))
    }

    /// The next installation fails.
    pub fn fail_next(&self) {
        self.0.change(|master| master.next_fails = true);
    }

    /// Somebody makes a second machine of a tag's name.
    pub fn make_double(&self, tag: &Tag) {
        self.0.change(|master| {
            master.last += 1;
            let double =
                Machine { hostname: map::hostname(tag, ZONE), is_stranger: true, ..Machine::default() };
            master.machines.insert(master.last, double);
        });
    }
}

impl Pretend for FakeMaster {
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.path != "/index.php" {
            return Reply::text(404, "<html>Not Found</html>");
        }
        if asked.query("adminapikey") != Some(KEY) || asked.query("adminapipass") != Some(PASS) {
            return Reply::empty(302).with_header("location", "/index.php?act=login");
        }
        let mut answer = self.0.change(|master| master.answer(asked));
        answer["title"] = json!("Virtualizor");
        answer["timenow"] = json!("1767268800");
        Reply::json(200, &answer)
    }

    fn changes(&self, asked: &Asked) -> bool {
        asked.method != "GET" && asked.query("act") != Some("sso")
    }
}

/// PHP has one kind of collection: an empty one is a list.
fn map_of(fields: Map<String, Value>) -> Value {
    if fields.is_empty() { json!([]) } else { Value::Object(fields) }
}

impl Master {
    fn answer(&mut self, asked: &Asked) -> Value {
        match asked.query("act").unwrap_or_default() {
            "servers" => json!({ "servs": { "0": { "serid": "0", "server_name": "node1", "ram": 8_192,
                "total_ram": "16384", "numvps": self.machines.len().to_string(), "locked": "0" } } }),
            "plans" => {
                let plan = |(id, ram, space): (&str, &str, &str)| {
                    let cores = if id == "12" { "2" } else { "4" };
                    (
                        id.to_owned(),
                        json!({ "plid": id, "plan_name": format!("vps-{id}"), "ram": ram, "space": space,
                        "cores": cores, "bandwidth": 2_000, "cpu_percent": "100.00" }),
                    )
                };
                json!({ "plans": PLANS.into_iter().map(plan).collect::<Map<_, _>>() })
            }
            "ostemplates" => {
                json!({ "ostemplates": { "270": { "osid": "270", "name": "debian-13-x86_64" } } })
            }
            "servergroups" => json!({ "servergroups": [{ "sgid": "0", "sg_name": "Default" }] }),
            "tasks" => json!({ "tasks": self.tasks(asked.query("vpsid").unwrap_or_default()) }),
            "addvs" => self.make(asked),
            "managevps" => self.manage(asked),
            "sso" => self.session(asked.query("svs").unwrap_or_default()),
            "vs" => self.machine_list(asked),
            other => json!({ "fatal_error_text": format!("no act {other}") }),
        }
    }

    fn tasks(&self, id: &str) -> Value {
        let found = id.parse().ok().and_then(|id: u64| Some((id, self.machines.get(&id)?.task?)));
        match found {
            Some((id, status)) => json!({ (id + 5_000).to_string(): { "actid": (id + 5_000).to_string(),
                "action": "addvs", "status": status.to_string(), "status_txt": "The disk is broken.", "ended": null } }),
            None => json!([]),
        }
    }

    fn make(&mut self, asked: &Asked) -> Value {
        let of = |name: &str| asked.value(name).unwrap_or_default();
        if !PLANS.iter().any(|(id, ..)| *id == of("plid")) || of("osid") != "270" || of("addvps") != "1" {
            return json!({ "error": { "plid": "The plan or template is not valid" }, "done": false });
        }
        if of("rootpass").len() < 8 {
            return json!({ "error": ["The password is too weak"], "done": false });
        }
        if self.is_full {
            return json!({ "error": ["There is not enough RAM on the node"], "done": false });
        }
        self.last += 1;
        let task = if std::mem::take(&mut self.next_fails) { -1 } else { 1 };
        let machine = Machine {
            hostname: of("hostname"),
            plan: of("plid"),
            email: of("user_email"),
            task: Some(task),
            ..Machine::default()
        };
        self.machines.insert(self.last, machine);
        let id = self.last.to_string();
        json!({ "done": id, "error": [], "newvs": { "vpsid": id, "pass": of("rootpass") } })
    }

    fn manage(&mut self, asked: &Asked) -> Value {
        let Some(machine) = self.of(asked.query("vpsid")) else {
            return json!({ "error": ["There is no such VPS"] });
        };
        if let Some(plan) = asked.value("plid") {
            machine.plan = plan;
        }
        json!({ "done": { "done": true, "change_pass_msg": "The password was changed" } })
    }

    fn session(&mut self, id: &str) -> Value {
        let Some(machine) = self.of(Some(id)) else { return json!({ "error": ["There is no such VPS"] }) };
        machine.sessions += 1;
        json!({ "token_key": format!("tok{:012}", machine.sessions * 7_919), "sid": format!("sid{id}abcdef") })
    }

    fn of(&mut self, id: Option<&str>) -> Option<&mut Machine> {
        self.machines.get_mut(&id?.parse().ok()?)
    }

    fn machine_list(&mut self, asked: &Asked) -> Value {
        for (name, change) in [("suspend", true), ("unsuspend", false)] {
            if let Some(id) = asked.query(name) {
                let Some(machine) = self.of(Some(id)) else {
                    return json!({ "error": ["There is no such VPS"] });
                };
                machine.is_suspended = change;
                machine.is_on &= !change;
                return json!({ "done": true, "done_msg": "…", "vs": {} });
            }
        }
        if let Some(id) = asked.query("delete") {
            let removed = id.parse().ok().and_then(|id: u64| self.machines.remove(&id));
            return json!({ "done": i32::from(removed.is_some()), "error": [] });
        }
        if let Some(action) = asked.query("action") {
            let Some(machine) = self.of(asked.query("vpsid")) else {
                return json!({ "error": ["There is no such VPS"] });
            };
            if machine.is_suspended {
                return json!({ "error": ["The VPS is suspended"], "done": false });
            }
            machine.is_on = matches!(action, "start" | "restart");
            return json!({ "done": true, "vsop": { "action": action } });
        }
        if let Some(id) = asked.query("vs_status") {
            let status = self.of(Some(id)).map(|machine| {
                let status = if machine.is_suspended { 2 } else { i64::from(machine.is_on) };
                (
                    id.to_owned(),
                    json!({ "status": status, "used_ram": 812, "used_disk": "6.4", "ram": "2048" }),
                )
            });
            return json!({ "status": map_of(status.into_iter().collect()) });
        }
        self.search(asked)
    }

    fn search(&self, asked: &Asked) -> Value {
        let of =
            |name: &str, usual: usize| asked.query(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let (page, length) = (of("page", 1), of("reslen", 50));
        let found = self.machines.iter().filter(|(id, machine)| {
            asked.query("vpsid").is_none_or(|wanted| wanted == id.to_string())
                && asked.query("vpshostname").is_none_or(|part| machine.hostname.contains(part))
        });
        let rows = found.skip((page - 1) * length).take(length).map(|(id, machine)| {
            let space = PLANS.iter().find(|(plan, ..)| *plan == machine.plan).map_or("20", |(_, _, space)| space);
            let row = json!({ "vpsid": id.to_string(), "hostname": machine.hostname, "plid": machine.plan,
                "space": space, "used_bandwidth": "12.5", "email": machine.email, "ips": { "9": "192.0.2.20" },
                "suspended": if machine.is_suspended { "1" } else { "0" } });
            (id.to_string(), row)
        });
        json!({ "vs": map_of(rows.collect()) })
    }
}

impl Fake for FakeMaster {
    fn live(&self, tag: &Tag) -> usize {
        let name = map::hostname(tag, ZONE);
        self.0.read(|master| master.machines.values().filter(|machine| machine.hostname == name).count())
    }
    fn pass_time(&self) {
        self.0.change(|master| {
            for machine in master.machines.values_mut().filter(|machine| machine.task == Some(1)) {
                (machine.task, machine.is_on) = (Some(2), true);
            }
        });
    }
    fn fill(&self) -> bool {
        self.0.change(|master| master.is_full = true);
        true
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.0.change(|master| {
            master.last += 1;
            let stranger = Machine {
                // The filter finds it too.
                hostname: format!("old-{}", map::hostname(tag, ZONE)),
                plan: PLANS[0].0.to_owned(),
                is_on: true,
                is_stranger: true,
                ..Machine::default()
            };
            master.machines.insert(master.last, stranger);
            Reference::new(master.last.to_string())
        })
    }
    fn strangers(&self) -> usize {
        self.0.read(|master| master.machines.values().filter(|machine| machine.is_stranger).count())
    }
}
