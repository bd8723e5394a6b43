//! A panel that speaks the same interface and makes nothing: a stock of machines, the key behind every path, an envelope
//! around everything, and clients that it leaves to a person.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The key that the fake accepts.
pub const KEY: &str = "scpApiKey0123456789abcdefghij";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("api_key", KEY), ("wipe", "1")],
    plan: &[
        ("cpu", "E3-1270v6"),
        ("memory", "8GB"),
        ("disks", "1TB-HDD,1TB-HDD"),
        ("group", "LOC-LA1"),
        ("ips", "IP-29"),
        ("image", "os-debian13"),
        ("bandwidth_tb", "20"),
    ],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakePanel(Kept::open(state, Panel::stocked())?)))
}

/// The panel.
#[derive(Debug)]
pub struct FakePanel(Kept<Panel>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Panel {
    machines: BTreeMap<i64, Machine>,
    clients: BTreeMap<i64, Client>,
    keys: i64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Machine {
    billing: Option<String>,
    nickname: Option<String>,
    client: Option<i64>,
    is_active: bool,
    percent: i64,
    terabytes: i64,
    used: i64,
    is_stranger: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Client {
    billing: String,
    email: String,
    is_vip: bool,
}

impl FakePanel {
    /// A panel that remembers as long as it lives, with machines in stock.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Panel::stocked()))
    }

    /// Makes every client one that is left to a person.
    pub fn make_vips(&self) {
        self.0.change(|panel| panel.clients.values_mut().for_each(|client| client.is_vip = true));
    }

    /// How many machines nobody has.
    pub fn stock(&self) -> usize {
        self.0.read(|panel| panel.machines.values().filter(|machine| machine.client.is_none()).count())
    }
}

fn done(data: &Value) -> Reply {
    Reply::json(200, &json!({ "error": false, "messages": [], "data": data }))
}

fn failed(text: &str, data: &Value) -> Reply {
    Reply::json(
        400,
        &json!({ "error": true, "messages": [{ "type": "danger", "text": text }], "data": data }),
    )
}

fn page(asked: &Asked, rows: Vec<Value>) -> Reply {
    let number =
        |name: &str, usual: usize| asked.query(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (at, size, total) = (number("page", 1), number("per_page", 20), rows.len());
    let part: Vec<Value> = rows.into_iter().skip((at - 1) * size).take(size).collect();
    done(
        &json!({ "data": part, "current_page": at, "last_page": total.div_ceil(size).max(1), "total": total }),
    )
}

impl Pretend for FakePanel {
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.query("key") != Some(KEY) {
            return Reply::json(
                401,
                &json!({ "error": true, "messages": [{ "type": "danger", "text": "Invalid key." }] }),
            );
        }
        let parts = asked.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.0.change(|panel| panel.answer(asked, &parts))
    }
}

impl Panel {
    fn stocked() -> Self {
        let machines = (345..357).map(|id| (id, Machine::default())).collect();
        Self { machines, ..Self::default() }
    }

    fn answer(&mut self, asked: &Asked, path: &[&str]) -> Reply {
        let body = asked.json();
        match (asked.method.as_str(), path) {
            ("GET", ["server"]) => page(asked, self.list(asked)),
            ("GET", ["client"]) => {
                let found = self.clients.iter().filter(|(_, client)| {
                    asked.query("billing_id").is_none_or(|id| id == client.billing)
                        && asked.query("email").is_none_or(|email| email == client.email)
                });
                page(asked, found.map(|(id, client)| json!({ "id": id, "email": client.email })).collect())
            }
            ("POST", ["client"]) => self.make_client(&body),
            ("GET", ["entity"]) => {
                page(asked, vec![json!({ "id": 29, "name": "IP-29", "address": "192.0.2.29" })])
            }
            ("GET", ["pxe", "profile"]) => {
                page(asked, vec![json!({ "id": 3, "name": "Debian 13", "billing": { "id": "os-debian13" } })])
            }
            ("POST", ["key"]) => {
                self.keys += 1;
                done(&json!({ "key": format!("clientKey{:020}", self.keys * 7_919) }))
            }
            ("POST", ["server", "provision"]) => self.provision(&body),
            (_, ["server", id, rest @ ..]) => {
                self.of_machine(asked, id.parse().unwrap_or_default(), rest, &body)
            }
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }

    fn list(&self, asked: &Asked) -> Vec<Value> {
        let found = self.machines.iter().filter(|(_, machine)| {
            if asked.query("available") == Some("1") {
                let is_kind = asked.query("cpu_billing") == Some("E3-1270v6")
                    && asked.query("mem_billing") == Some("8GB")
                    && asked.query("ip_group_billing[]") == Some("LOC-LA1")
                    && asked
                        .query
                        .iter()
                        .filter(|(name, value)| name == "disks_billing[]" && value == "1TB-HDD")
                        .count()
                        == 2;
                return is_kind && machine.client.is_none();
            }
            asked.query("billing_id").is_none_or(|id| machine.billing.as_deref() == Some(id))
        });
        found.map(|(id, machine)| self.shown(*id, machine)).collect()
    }

    fn shown(&self, id: i64, machine: &Machine) -> Value {
        let access = machine.client.map(|client| {
            let email = self.clients.get(&client).map(|client| client.email.clone());
            json!({ "id": id + 1_000, "is_active": machine.is_active, "client": { "id": client, "email": email } })
        });
        json!({
            "id": id, "srv_id": format!("SRV-{id}"), "nickname": machine.nickname, "access": access,
            "usage": { "used": machine.used, "max": machine.terabytes * 8_000_000_000_000, "percent": 0 },
            "billing": machine.billing.as_ref().map(|billing| json!({ "id": billing })),
        })
    }

    fn make_client(&mut self, body: &Value) -> Reply {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        if let Some((id, _)) = self.clients.iter().find(|(_, client)| client.email == text("email")) {
            return failed("The email has already been taken.", &json!({ "id": id }));
        }
        let id = 12 + i64::try_from(self.clients.len()).unwrap_or_default();
        self.clients.insert(id, Client { billing: text("billing_id"), email: text("email"), is_vip: false });
        done(&json!({ "id": id }))
    }

    fn provision(&mut self, body: &Value) -> Reply {
        let id = body["server_id"].as_i64().unwrap_or_default();
        let billing = body["billing"]["id"].as_str().map(str::to_owned);
        if self.machines.values().any(|machine| machine.billing == billing) {
            return failed("The billing id must be unique.", &Value::Null);
        }
        let Some(machine) = self.machines.get_mut(&id).filter(|machine| machine.client.is_none()) else {
            return done(&json!([]));
        };
        *machine = Machine {
            billing,
            nickname: body["nickname"].as_str().map(str::to_owned),
            client: body["client_id"].as_i64(),
            is_active: true,
            percent: 1,
            terabytes: terabytes(&body["billing"]["max_bandwidth"]),
            ..Machine::default()
        };
        done(&json!({ "server": { "id": id, "srv_id": format!("SRV-{id}") } }))
    }

    fn of_machine(&mut self, asked: &Asked, id: i64, rest: &[&str], body: &Value) -> Reply {
        let Some(machine) = self.machines.get_mut(&id) else {
            return failed("There is no such server.", &Value::Null);
        };
        let is_vip =
            machine.client.and_then(|client| self.clients.get(&client)).is_some_and(|client| client.is_vip);
        if is_vip && body["auto"] == true {
            return failed("The client is a VIP.", &json!({ "ignored": true }));
        }
        match (asked.method.as_str(), rest) {
            ("GET", ["install"]) if machine.percent < 100 && machine.client.is_some() => {
                page(asked, vec![json!({ "id": 1, "percent": machine.percent })])
            }
            ("GET", ["install"]) => page(asked, Vec::new()),
            ("GET", ["access"]) => {
                let rows =
                    machine.client.map(|_| json!({ "id": id + 1_000, "is_active": machine.is_active }));
                page(asked, rows.into_iter().collect())
            }
            ("PATCH", ["access", _]) => {
                let is_active = body["is_active"] == true;
                if !is_active && body["suspension_reason"].as_str().is_none_or(str::is_empty) {
                    return failed("A suspension has a reason.", &Value::Null);
                }
                machine.is_active = is_active;
                done(&json!({}))
            }
            ("PATCH", []) if body["wiped"] == "1" => {
                *machine = Machine::default();
                done(&json!({}))
            }
            ("PATCH", []) => {
                machine.terabytes = terabytes(&body["billing"]["max_bandwidth"]);
                done(&json!({}))
            }
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }
}

fn terabytes(value: &Value) -> i64 {
    value
        .as_str()
        .and_then(|text| text.strip_suffix("TB"))
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

impl Fake for FakePanel {
    fn live(&self, tag: &Tag) -> usize {
        let is_it = |machine: &&Machine| machine.billing.as_deref() == Some(tag.as_str());
        self.0.read(|panel| panel.machines.values().filter(is_it).count())
    }
    fn pass_time(&self) {
        self.0.change(|panel| {
            for machine in panel.machines.values_mut().filter(|machine| machine.client.is_some()) {
                machine.percent = 100;
                machine.used += 8_000_000;
            }
        });
    }
    fn fill(&self) -> bool {
        self.0.change(|panel| panel.machines.retain(|_, machine| machine.client.is_some()));
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        self.0.change(|panel| {
            let stranger = Machine {
                nickname: Some("old.example.net".to_owned()),
                client: Some(7),
                is_active: true,
                percent: 100,
                terabytes: 10,
                is_stranger: true,
                ..Machine::default()
            };
            panel.machines.insert(900, stranger);
            Reference::new("900")
        })
    }
    fn strangers(&self) -> usize {
        self.0.read(|panel| panel.machines.values().filter(|machine| machine.is_stranger).count())
    }
}
