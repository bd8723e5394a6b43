//! A panel that answers relayed questions and makes nothing: behind the fakes and test programs of every carrier.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use bursar_fakeserver::Kept;
use bursar_outbound::signature;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::WEBHOOK_HEADER;
use super::answer::instant;
use crate::conformance::Fake;
use crate::{Reference, Tag, WebhookRequest};

/// What it sells; the first is the smaller one.
pub const PLANS: [&str; 2] = ["small", "large"];
/// The secret that it wants among the secret parameters, under `key`.
pub const KEY: &str = "relay-panel-key-1";
/// What it signs announcements with.
pub const ANNOUNCEMENT_SECRET: &str = "relay-announcement-secret";
/// Everything that a relayed driver can offer.
pub const EVERYTHING: &str =
    "resize power sign_in password usage health inventory accounts backups webhooks reinstall";

/// The panel.
#[derive(Debug)]
pub struct Panel(Kept<Site>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Site {
    things: BTreeMap<String, Thing>,
    limit: Option<usize>,
    number: u64,
    announcements: Vec<(i64, String)>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Thing {
    tag: Option<String>,
    plan: Map<String, Value>,
    name: Option<String>,
    is_building: bool,
    is_off: bool,
    is_suspended: bool,
    uses: i64,
    copies: BTreeMap<String, String>,
}

impl Panel {
    /// A panel that remembers as long as it lives, or in a file.
    pub fn open(state: Option<&Path>) -> io::Result<Self> {
        Ok(Self(Kept::open(state, Site::default())?))
    }

    /// Whether a question changes something.
    pub fn changes(question: &Value) -> bool {
        const ASKS: [&str; 8] =
            ["test", "observe", "sign_in", "usage", "health", "inventory", "accounts", "list_backups"];
        question["action"].as_str().is_some_and(|action| !ASKS.contains(&action))
    }

    /// Answers a question as a program should.
    pub fn answer(&self, question: &Value) -> Value {
        if question["secrets"]["key"] != KEY {
            return json!({ "error": "bad_credentials", "message": "the key is another one" });
        }
        self.0.change(|site| site.answer(question))
    }

    /// Takes what was announced so far, signed.
    pub fn announcements(&self) -> Vec<WebhookRequest> {
        let all = self.0.change(|site| std::mem::take(&mut site.announcements));
        all.into_iter()
            .map(|(at, body)| {
                let signed = signature::sign(ANNOUNCEMENT_SECRET, instant(at), body.as_bytes());
                WebhookRequest { headers: vec![(WEBHOOK_HEADER.to_owned(), signed)], body: body.into_bytes() }
            })
            .collect()
    }
}

impl Site {
    fn answer(&mut self, question: &Value) -> Value {
        let done = || json!({ "outcome": "done" });
        match question["action"].as_str().unwrap_or_default() {
            "test" => json!({ "outcome": "done", "version": "1.0" }),
            "inventory" => json!({ "items": listed(question["kind"].as_str().unwrap_or_default()) }),
            "health" => json!({ "health": { "resource_count": self.things.len(), "memory_bytes": [1, 4] } }),
            "accounts" => self.accounts(question["from"].as_str()),
            "create" => self.create(question),
            "terminate" => {
                if let Some(reference) = self.find(question) {
                    self.things.remove(&reference);
                }
                done()
            }
            action => match self.find(question) {
                Some(reference) => self.with(action, &reference, question),
                None if action == "list_backups" => json!({ "backups": [] }),
                None => json!({ "outcome": "missing" }),
            },
        }
    }

    fn find(&self, question: &Value) -> Option<String> {
        let asked = &question["resource"];
        let is_it = |(reference, thing): &(&String, &Thing)| {
            if asked["adopted"] == true {
                asked["reference"] == reference.as_str()
            } else {
                thing.tag.is_some() && thing.tag.as_deref() == asked["tag"].as_str()
            }
        };
        self.things.iter().find(is_it).map(|(reference, _)| reference.clone())
    }

    fn create(&mut self, question: &Value) -> Value {
        if let Some(reference) = self.find(question) {
            let thing = &self.things[&reference];
            return if thing.is_building {
                json!({ "outcome": "working", "percent": 50, "again_after_seconds": 5, "task": "build" })
            } else {
                json!({ "outcome": "done", "resource": shown(&reference, thing) })
            };
        }
        if question["resource"]["adopted"] == true {
            return json!({ "error": "refused", "message": "what was taken over is gone" });
        }
        if self.limit.is_some_and(|limit| self.things.len() >= limit) {
            return json!({ "outcome": "capacity_full", "message": "no room is left" });
        }
        let strong = question["password"].as_str().is_some_and(|password| password.len() >= 10);
        if !strong {
            return json!({ "error": "refused", "message": "the password is too short" });
        }
        self.number += 1;
        let reference = format!("relay-{}", self.number);
        let thing = Thing {
            tag: question["resource"]["tag"].as_str().map(str::to_owned),
            plan: question["plan"].as_object().cloned().unwrap_or_default(),
            name: question["name"].as_str().map(str::to_owned),
            is_building: true,
            ..Thing::default()
        };
        let body = json!({ "id": format!("a{}", self.number), "tag": thing.tag, "reference": reference })
            .to_string();
        self.announcements.push((question["now"].as_i64().unwrap_or_default(), body));
        self.things.insert(reference, thing);
        json!({ "outcome": "working", "again_after_seconds": 5 })
    }

    fn accounts(&self, from: Option<&str>) -> Value {
        const PAGE: usize = 2;
        let rest: Vec<_> =
            self.things.iter().filter(|(key, _)| from.is_none_or(|from| key.as_str() >= from)).collect();
        let page: Vec<Value> =
            rest.iter().take(PAGE).map(|(reference, thing)| shown(reference, thing)).collect();
        json!({ "accounts": page, "next": rest.get(PAGE).map(|(reference, _)| reference) })
    }

    fn with(&mut self, action: &str, reference: &str, question: &Value) -> Value {
        let Some(thing) = self.things.get_mut(reference) else { return json!({ "outcome": "missing" }) };
        match action {
            "observe" => return json!({ "outcome": "done", "resource": shown(reference, thing) }),
            "suspend" => thing.is_suspended = true,
            "resume" => thing.is_suspended = false,
            "resize" => thing.plan = question["plan"].as_object().cloned().unwrap_or_default(),
            "power" => match question["power"].as_str() {
                Some("start" | "restart") if thing.is_suspended => {
                    return json!({ "outcome": "failed", "message": "it is suspended" });
                }
                Some("start" | "restart") => thing.is_off = false,
                _ => thing.is_off = true,
            },
            "sign_in" if thing.is_suspended => return json!({ "outcome": "missing" }),
            "sign_in" => {
                thing.uses += 1;
                let url = format!("https://panel.invalid/enter/{reference}-{}", thing.uses * 7_919);
                return json!({ "outcome": "done", "url": url, "expires_at": question["now"] });
            }
            "set_password" | "reinstall" => thing.uses += 1,
            "usage" => {
                let used =
                    json!({ "memory_bytes": 1_048_576, "in_bytes": 10, "out_bytes": 20, "counts": "total" });
                return json!({ "outcome": "done", "usage": used });
            }
            "list_backups" => {
                let copies: Vec<Value> = thing
                    .copies
                    .iter()
                    .map(|(key, name)| json!({ "reference": key, "name": name, "complete": true }))
                    .collect();
                return json!({ "backups": copies });
            }
            "create_backup" => {
                let key = question["key"].as_str().unwrap_or_default().to_owned();
                thing.copies.insert(key, question["name"].as_str().unwrap_or_default().to_owned());
            }
            "restore_backup" => {}
            "delete_backup" => {
                thing.copies.remove(question["backup"].as_str().unwrap_or_default());
            }
            other => return json!({ "error": "refused", "message": format!("{other} is not known here") }),
        }
        json!({ "outcome": "done" })
    }
}

fn listed(kind: &str) -> Value {
    match kind {
        "plans" => json!(PLANS.map(|plan| json!({ "id": plan }))),
        other => json!([{ "id": format!("{other}-1"), "label": "The first" }]),
    }
}

fn shown(reference: &str, thing: &Thing) -> Value {
    let state = match thing {
        thing if thing.is_building => "building",
        thing if thing.is_suspended => "suspended",
        thing if thing.is_off => "stopped",
        _ => "running",
    };
    json!({
        "reference": reference, "tag": thing.tag, "state": state, "name": thing.name, "plan": thing.plan,
        "addresses": ["192.0.2.77"], "access": { "username": "root" },
    })
}

impl Fake for Panel {
    fn live(&self, tag: &Tag) -> usize {
        self.0.read(|site| {
            site.things.values().filter(|thing| thing.tag.as_deref() == Some(tag.as_str())).count()
        })
    }
    fn pass_time(&self) {
        self.0.change(|site| site.things.values_mut().for_each(|thing| thing.is_building = false));
    }
    fn fill(&self) -> bool {
        self.0.change(|site| site.limit = Some(site.things.len()));
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        let plan = json!({ "plan": PLANS[0] }).as_object().cloned().unwrap_or_default();
        self.0.change(|site| site.things.insert("another-s".to_owned(), Thing { plan, ..Thing::default() }));
        Reference::new("another-s")
    }
    fn strangers(&self) -> usize {
        self.0.read(|site| site.things.values().filter(|thing| thing.tag.is_none()).count())
    }
}
