//! A panel that speaks the same interface and makes nothing: absence in its own words, records without a name, locks,
//! reasons in both of their shapes, and installations that wipe what was there.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::map;

/// The token that the fake accepts.
pub const TOKEN: &str = "9|vfToken0123456789abcdefABCDEF";
/// Its packages: number, memory in MiB, disk in GB, cores.
pub const PACKAGES: [(i64, i64, i64, i64); 2] = [(5, 2_048, 40, 2), (6, 4_096, 80, 4)];
const GROUP: i64 = 2;
const IMAGE: i64 = 14;
/// 2026-01-01T12:00:00Z, when everything is made unless time is told to pass.
const NOON: i64 = 1_767_268_800;

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("token", TOKEN)],
    plan: &[("package", "5"), ("group", "2"), ("image", "14")],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakePanel(Kept::open(state, Panel::default())?)))
}

/// The panel.
#[derive(Debug)]
pub struct FakePanel(Kept<Panel>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Panel {
    users: BTreeMap<i64, User>,
    servers: BTreeMap<i64, Server>,
    keys: Vec<(i64, String)>,
    last: i64,
    is_full: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct User {
    relation: Option<i64>,
    email: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Server {
    owner: i64,
    name: Option<String>,
    hostname: Option<String>,
    package: i64,
    commissioned: i64,
    created: i64,
    is_suspended: bool,
    is_on: bool,
    is_locked: bool,
    is_stranger: bool,
    installations: i64,
}

impl FakePanel {
    /// A panel that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Panel::default()))
    }

    /// How often a tag's server was installed.
    pub fn installations(&self, tag: &Tag) -> i64 {
        self.0.read(|panel| panel.of(tag).map(|server| server.installations).sum())
    }

    /// Holds every server for something else until time passes.
    pub fn lock(&self) {
        self.0.change(|panel| panel.servers.values_mut().for_each(|server| server.is_locked = true));
    }
}

fn absent(what: &str) -> Reply {
    Reply::json(404, &json!({ "msg": format!("{what} not found") }))
}

fn data(status: u16, value: &Value) -> Reply {
    Reply::json(status, &json!({ "data": value }))
}

impl Pretend for FakePanel {
    fn answer(&self, asked: &Asked) -> Reply {
        if !asked.header("accept").is_some_and(|accept| accept.contains("json")) {
            return Reply::empty(302).with_header("location", "/login");
        }
        if asked.header("authorization") != Some(format!("Bearer {TOKEN}").as_str()) {
            return Reply::json(401, &json!({ "message": "Unauthenticated." }));
        }
        let parts = asked.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["api", "v1", rest @ ..] => self.0.change(|panel| panel.answer(asked, rest)),
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }
}

impl Panel {
    fn of<'a>(&'a self, tag: &Tag) -> impl Iterator<Item = &'a Server> {
        let name = map::name_of(tag);
        self.servers.values().filter(move |server| server.name.as_deref() == Some(name.as_str()))
    }

    fn answer(&mut self, asked: &Asked, path: &[&str]) -> Reply {
        let body = asked.json();
        match (asked.method.as_str(), path) {
            ("GET", ["connect"]) => Reply::json(200, &json!({ "msg": "connected" })),
            ("GET", ["packages"]) => data(200, &json!(PACKAGES.map(|(id, memory, disk, cores)| json!({
                "id": id, "name": format!("Package {id}"), "enabled": true, "memory": memory, "primaryStorage": disk,
                "cpuCores": cores, "traffic": 2_000,
            })))),
            ("GET", ["compute", "hypervisors", "groups"]) => {
                data(200, &json!([{ "id": GROUP, "name": "Frankfurt", "icon": "x" }]))
            }
            ("GET", ["compute", "hypervisors", "groups", _, "resources"]) => data(200, &json!([{
                "hypervisor": { "id": 7, "name": "kvm7", "enabled": true },
                "resources": {
                    "memory": { "max": 65_536, "allocated": 4_096 }, "servers": { "allocated": self.servers.len() },
                },
            }])),
            ("GET", ["media", "templates", "fromServerPackageSpec", _]) => data(200, &json!([{
                "id": 1, "name": "Debian", "templates": [{ "id": IMAGE, "name": "Debian", "version": 13 }],
            }])),
            ("GET", ["users", relation, "byExtRelation"]) => self.user(relation),
            ("POST", ["users"]) => self.make_user(&body),
            ("POST", ["users", _, "serverAuthenticationTokens", id]) => token(id),
            ("GET", ["ssh_keys", "user", user]) => {
                let own = self.keys.iter().enumerate().filter(|(_, (owner, _))| owner.to_string() == *user);
                data(200, &own.map(|(id, (_, key))| json!({ "id": id, "publicKey": key })).collect())
            }
            ("POST", ["ssh_keys"]) => {
                self.keys.push((body["userId"].as_i64().unwrap_or_default(), text(&body["publicKey"])));
                data(201, &json!({ "id": self.keys.len() - 1 }))
            }
            // Everything is done at once here, so that nothing is ever under way.
            ("GET", ["queue", id]) => data(200, &json!({ "id": id, "finished": "now", "failed": false, "progress": 100 })),
            ("GET", ["servers"]) => self.list(asked),
            ("POST", ["servers"]) => self.make(&body),
            (_, ["servers", id, rest @ ..]) => self.of_server(asked, id, rest, &body),
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }

    fn user(&self, relation: &str) -> Reply {
        let found = self
            .users
            .iter()
            .find(|(_, user)| user.relation.map(|own| own.to_string()).as_deref() == Some(relation));
        found
            .map_or_else(|| absent("user"), |(id, user)| data(200, &json!({ "id": id, "email": user.email })))
    }

    fn make_user(&mut self, body: &Value) -> Reply {
        let (relation, email) = (body["extRelationId"].as_i64(), text(&body["email"]));
        if self.users.values().any(|user| user.email == email || user.relation == relation) {
            return Reply::json(
                422,
                &json!({ "errors": { "email": ["The email has already been taken."] } }),
            );
        }
        self.last += 1;
        self.users.insert(self.last, User { relation, email });
        data(201, &json!({ "id": self.last, "password": "one-time-Password-5" }))
    }

    fn make(&mut self, body: &Value) -> Reply {
        let known = PACKAGES.iter().any(|(id, ..)| body["packageId"] == *id);
        if !known || body["hypervisorId"] != GROUP {
            return Reply::json(422, &json!({ "errors": ["The package or group is not known."] }));
        }
        if self.is_full {
            return Reply::json(
                422,
                &json!({ "errors": ["No hypervisors available with the required resources."] }),
            );
        }
        self.last += 1;
        let server = Server {
            owner: body["userId"].as_i64().unwrap_or_default(),
            package: body["packageId"].as_i64().unwrap_or_default(),
            ..Server::nameless()
        };
        self.servers.insert(self.last, server);
        data(201, &self.shown(self.last))
    }

    fn list(&self, asked: &Asked) -> Reply {
        const PER_PAGE: usize = 2;
        let page: usize = asked.query("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        let rows = self.servers.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(|(id, server)| {
            json!({
                "id": id, "name": server.name.clone().unwrap_or_default(), "commissioned": server.commissioned,
                "owner": server.owner, "suspended": server.is_suspended, "protected": false,
                "created": Instant::EPOCH.plus_seconds(server.created).rfc3339(),
            })
        });
        let last_page = self.servers.len().div_ceil(PER_PAGE).max(1);
        Reply::json(
            200,
            &json!({ "current_page": page, "last_page": last_page, "data": rows.collect::<Vec<_>>() }),
        )
    }

    fn shown(&self, id: i64) -> Value {
        let Some(server) = self.servers.get(&id) else { return Value::Null };
        let (_, memory, storage, cores) =
            PACKAGES.into_iter().find(|(id, ..)| *id == server.package).unwrap_or_default();
        let owner = self.users.get(&server.owner);
        json!({
            "id": id, "name": server.name.clone().unwrap_or_default(), "hostname": server.hostname,
            "commissionStatus": server.commissioned, "suspended": server.is_suspended, "buildFailed": false,
            "state": match server.commissioned { 0 => "allocated", 3 => "complete", _ => "queued" },
            "owner": { "id": server.owner, "extRelationId": owner.and_then(|user| user.relation),
                       "email": owner.map(|user| &user.email) },
            "settings": { "resources": { "memory": memory, "storage": storage, "traffic": 2_000, "cpuCores": cores } },
            "network": { "interfaces": [{ "order": 1, "ipv4": [{ "address": "192.0.2.30" }], "ipv6": [] }] },
            "remoteState": if server.commissioned == 3 {
                json!({ "state": if server.is_on { "running" } else { "shutoff" },
                        "memory": { "actual": memory * 1_024, "unused": 1_024 } })
            } else {
                Value::Bool(false)
            },
        })
    }

    fn of_server(&mut self, asked: &Asked, id: &str, rest: &[&str], body: &Value) -> Reply {
        let number: i64 = id.parse().unwrap_or_default();
        let Some(server) = self.servers.get_mut(&number) else { return absent("server") };
        let method = asked.method.as_str();
        if method != "GET" && server.is_locked {
            return Reply::json(423, &json!({ "msg": "the server is locked" }));
        }
        match (method, rest) {
            ("GET", []) => return data(200, &self.shown(number)),
            ("GET", ["traffic"]) => {
                return data(
                    200,
                    &json!({ "monthly": [{ "month": 1, "rx": 1_000, "tx": 2_000, "limit": 2_000 }] }),
                );
            }
            ("DELETE", []) => {
                self.servers.remove(&number);
            }
            ("PUT", ["modify", "name"]) => {
                server.name = Some(text(&body["name"]));
                return data(201, &Value::Null);
            }
            ("POST", ["build"]) => {
                server.commissioned = 1;
                server.installations += 1;
                server.hostname = body["hostname"].as_str().map(str::to_owned);
                return data(
                    201,
                    &json!({ "id": number, "settings": { "decryptedPassword": "made-up-Password-77" } }),
                );
            }
            ("POST", ["suspend"]) => (server.is_suspended, server.is_on) = (true, false),
            ("POST", ["unsuspend"]) => server.is_suspended = false,
            ("PUT", ["package", package]) => {
                server.package = package.parse().unwrap_or_default();
                return Reply::json(200, &json!({ "info": [] }));
            }
            ("POST", ["power", action]) => {
                server.is_on = matches!(*action, "boot" | "restart");
                return data(200, &json!({ "queueId": 5_511 }));
            }
            _ => return Reply::text(404, "<html>Not Found</html>"),
        }
        Reply::empty(204)
    }
}

impl Server {
    fn nameless() -> Self {
        Self {
            owner: 0,
            name: None,
            hostname: None,
            package: PACKAGES[0].0,
            commissioned: 0,
            created: NOON,
            is_suspended: false,
            is_on: false,
            is_locked: false,
            is_stranger: false,
            installations: 0,
        }
    }
}

fn token(id: &str) -> Reply {
    let complete = format!("/token_authenticate/?1=first-{id}-token&2=second-{id}-token");
    data(
        200,
        &json!({ "authentication": { "endpoint": "/token_authenticate", "endpoint_complete": complete } }),
    )
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Fake for FakePanel {
    fn live(&self, tag: &Tag) -> usize {
        // A record that no call has named yet belongs to the last one that made it.
        self.0.read(|panel| panel.of(tag).count())
    }
    fn pass_time(&self) {
        self.0.change(|panel| {
            for server in panel.servers.values_mut() {
                server.created -= 60;
                server.is_locked = false;
                if matches!(server.commissioned, 1 | 2) {
                    (server.commissioned, server.is_on) = (3, true);
                }
            }
        });
    }
    fn fill(&self) -> bool {
        self.0.change(|panel| panel.is_full = true);
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        self.0.change(|panel| {
            panel.last += 1;
            let stranger = Server {
                name: Some("web1".to_owned()),
                hostname: Some("web1.example.net".to_owned()),
                commissioned: 3,
                is_on: true,
                is_stranger: true,
                ..Server::nameless()
            };
            panel.servers.insert(panel.last, stranger);
            Reference::new(panel.last.to_string())
        })
    }
    fn strangers(&self) -> usize {
        self.0.read(|panel| panel.servers.values().filter(|server| server.is_stranger).count())
    }
}
