//! A panel that speaks the same interface and makes nothing: a second subscription for whoever asks twice, domains that
//! stay blocked after a soft deletion, texts as whole answers, and logins that are unique.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The token that the fake accepts.
pub const TOKEN: &str = "enhance-access-token-0123456789";
/// The organisation whose token it is.
pub const ORG: &str = "0b0e0000-0000-4000-8000-000000000001";
/// Its plans.
pub const PLANS: [i64; 2] = [7, 9];

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("token", TOKEN), ("org_id", ORG)],
    plan: &[("plan", "7")],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakePanel(Kept::open(state, Panel::default())?)))
}

/// The panel.
#[derive(Debug)]
pub struct FakePanel(Kept<Panel>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Panel {
    orgs: BTreeMap<String, Org>,
    logins: BTreeMap<String, String>,
    subscriptions: BTreeMap<i64, Subscription>,
    websites: BTreeMap<String, Website>,
    last: i64,
    is_full: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Org {
    name: String,
    owner: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Subscription {
    org: String,
    plan: i64,
    friendly_name: Option<String>,
    is_suspended: bool,
    is_deleted: bool,
    is_stranger: bool,
    transfer: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Website {
    org: String,
    domain: String,
    subscription: i64,
    is_suspended: bool,
}

impl FakePanel {
    /// A panel that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Panel::default()))
    }

    /// How many organisations of customers there are.
    pub fn customer_count(&self) -> usize {
        self.0.read(|panel| panel.orgs.len())
    }
}

fn failed(status: u16, code: &str, detail: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "detail": detail }))
}

fn absent(what: &str) -> Reply {
    failed(404, "not_found", what)
}

fn made(id: &Value) -> Reply {
    Reply::json(201, &json!({ "id": id }))
}

impl Pretend for FakePanel {
    fn answer(&self, asked: &Asked) -> Reply {
        let parts = asked.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let ["api", rest @ ..] = parts.as_slice() else { return Reply::text(404, "<html>Not Found</html>") };
        match rest {
            ["version"] if asked.header("authorization").is_none() => {
                return Reply::json(200, &json!("12.3.0"));
            }
            _ => {}
        }
        if asked.header("authorization") != Some(format!("Bearer {TOKEN}").as_str()) {
            return Reply::json(401, &json!({ "message": "Unauthorized" }));
        }
        self.0.change(|panel| panel.answer(asked, rest))
    }

    fn changes(&self, asked: &Asked) -> bool {
        asked.method != "GET" && !asked.path.ends_with("/domains/check")
    }
}

/// A part of a list.
fn items(asked: &Asked, all: Vec<Value>) -> Reply {
    let number =
        |name: &str, usual: usize| asked.query(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let total = all.len();
    let part: Vec<Value> = all.into_iter().skip(number("offset", 0)).take(number("limit", 20)).collect();
    Reply::json(200, &json!({ "items": part, "total": total }))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Panel {
    fn answer(&mut self, asked: &Asked, path: &[&str]) -> Reply {
        let body = asked.json();
        match (asked.method.as_str(), path) {
            ("GET", ["version"]) => Reply::json(200, &json!("12.3.0")),
            ("GET", ["status"]) => Reply::json(200, &json!("ready")),
            ("GET", ["servers", "groups"]) => {
                items(asked, vec![json!({ "id": "g-1", "name": "Frankfurt", "serverCount": 2 })])
            }
            ("GET", ["orgs", ORG]) => {
                Reply::json(200, &json!({ "id": ORG, "name": "My Host", "status": "active" }))
            }
            ("GET", ["orgs", ORG, "plans"]) => {
                items(asked, PLANS.map(|id| json!({ "id": id, "name": format!("Plan {id}") })).to_vec())
            }
            ("POST", ["orgs", ORG, "domains", "check"]) => {
                // A deleted site blocks its domain until it is purged.
                let taken = self.websites.values().find(|site| json!(site.domain) == body["domain"]);
                let status = match taken.and_then(|site| self.subscriptions.get(&site.subscription)) {
                    Some(subscription) if subscription.is_deleted => "inUseDeletedSite",
                    Some(_) => "inUseAnotherOrg",
                    None => "notInUse",
                };
                Reply::json(200, &json!({ "status": status }))
            }
            ("GET", ["orgs", ORG, "customers"]) => {
                items(asked, self.orgs.keys().map(|id| self.org(id)).collect())
            }
            ("POST", ["orgs", ORG, "customers"]) => {
                let id = format!("c-{}", self.next());
                self.orgs.insert(id.clone(), Org { name: text(&body["name"]), owner: None });
                made(&json!(id))
            }
            (_, ["orgs", ORG, "customers", org, "subscriptions"]) => self.subscribe(asked, org, &body),
            ("GET", ["v2", "orgs", ORG, "customers", "logins"]) => items(
                asked,
                self.logins.iter().map(|(id, email)| json!({ "id": id, "email": email })).collect(),
            ),
            ("POST", ["logins"]) => {
                let email = text(&body["email"]);
                if self.logins.values().any(|other| other.eq_ignore_ascii_case(&email)) {
                    return failed(409, "already_exists", "login");
                }
                if text(&body["password"]).len() < 12 {
                    return failed(400, "invalid", "the password is too short");
                }
                let id = format!("l-{}", self.next());
                self.logins.insert(id.clone(), email);
                made(&json!(id))
            }
            ("PUT", ["v2", "logins", id, "password"]) if self.logins.contains_key(*id) => Reply::empty(200),
            (_, ["orgs", org, rest @ ..]) if self.orgs.contains_key(*org) => {
                self.of_org(asked, org, rest, &body)
            }
            ("GET", ["orgs", ..]) => absent("org"),
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }

    fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    fn org(&self, id: &str) -> Value {
        let org = &self.orgs[id];
        let email = org.owner.as_ref().and_then(|login| self.logins.get(login));
        json!({
            "id": id, "parentId": ORG, "name": org.name, "status": "active", "ownerEmail": email,
            "ownerId": org.owner.as_ref().map(|login| format!("m-{login}")), "ownerLoginId": org.owner,
        })
    }

    fn subscribe(&mut self, asked: &Asked, org: &str, body: &Value) -> Reply {
        if asked.method == "GET" {
            let own = self.subscriptions.iter().filter(|(_, subscription)| subscription.org == org);
            let listed = own.map(|(id, subscription)| {
                let mut whole = shown(*id, subscription);
                whole["resources"] = json!([]);
                whole
            });
            return items(asked, listed.collect());
        }
        if self.is_full {
            return failed(403, "quota", "the customers of this plan are used up");
        }
        let plan = body["planId"].as_i64().unwrap_or_default();
        if !PLANS.contains(&plan) {
            return failed(400, "invalid", "planId");
        }
        let id = self.next();
        let subscription = Subscription {
            org: org.to_owned(),
            plan,
            friendly_name: body["friendlyName"].as_str().map(str::to_owned),
            ..Subscription::empty()
        };
        self.subscriptions.insert(id, subscription);
        made(&json!(id))
    }

    fn of_org(&mut self, asked: &Asked, org: &str, rest: &[&str], body: &Value) -> Reply {
        match (asked.method.as_str(), rest) {
            ("GET", []) => Reply::json(200, &self.org(org)),
            ("POST", ["members"]) => {
                let login = text(&body["loginId"]);
                let Some(found) = self.orgs.get_mut(org) else { return absent("org") };
                if found.owner.is_some() {
                    return failed(409, "already_exists", "member");
                }
                found.owner = Some(login.clone());
                made(&json!(format!("m-{login}")))
            }
            ("GET", ["members", member, "sso"]) => {
                let host = asked.header("host").unwrap_or_default();
                let otp = self.next() * 7_919;
                Reply::json(201, &json!(format!("https://{host}/login/sessions/sso?otp={member}-{otp:012}")))
            }
            (_, ["subscriptions", id]) => self.subscription(asked, id.parse().unwrap_or_default(), body),
            ("GET", ["websites"]) => {
                let own = self.websites.iter().filter(|(_, site)| site.org == org);
                let shown = own.map(|(id, site)| {
                    let by = site.is_suspended.then_some(ORG);
                    let is_deleted = self.subscriptions.get(&site.subscription).is_none_or(|s| s.is_deleted);
                    json!({ "id": id, "domain": { "id": "d", "domain": site.domain, "kind": "primary" },
                            "status": if is_deleted { "deleted" } else { "active" }, "suspendedBy": by,
                            "subscriptionId": site.subscription, "unixUser": "demoexam_1",
                            "serverIps": [{ "ip": "192.0.2.50", "isPrimary": true }] })
                });
                items(asked, shown.collect())
            }
            ("POST", ["websites"]) => {
                let domain = text(&body["domain"]);
                if self.websites.values().any(|site| site.domain == domain) {
                    return failed(409, "already_exists", "domain");
                }
                let id = format!("w-{}", self.next());
                let subscription = body["subscriptionId"].as_i64().unwrap_or_default();
                let site = Website { org: org.to_owned(), domain, subscription, is_suspended: false };
                self.websites.insert(id.clone(), site);
                made(&json!(id))
            }
            ("PATCH", ["websites", id]) => {
                let Some(site) = self.websites.get_mut(*id) else { return absent("website") };
                site.is_suspended = body["isSuspended"] == true;
                Reply::empty(204)
            }
            _ => Reply::text(404, "<html>Not Found</html>"),
        }
    }

    fn subscription(&mut self, asked: &Asked, id: i64, body: &Value) -> Reply {
        let Some(subscription) = self.subscriptions.get_mut(&id) else { return absent("subscription") };
        match asked.method.as_str() {
            "GET" => return Reply::json(200, &shown(id, subscription)),
            "PATCH" => {
                if let Some(is_suspended) = body["isSuspended"].as_bool() {
                    subscription.is_suspended = is_suspended;
                }
                if let Some(plan) = body["planId"].as_i64() {
                    subscription.plan = plan;
                }
            }
            _ if asked.query("force") == Some("true") => {
                self.subscriptions.remove(&id);
                self.websites.retain(|_, site| site.subscription != id);
            }
            _ => subscription.is_deleted = true,
        }
        Reply::empty(204)
    }
}

impl Subscription {
    fn empty() -> Self {
        Self {
            org: String::new(),
            plan: PLANS[0],
            friendly_name: None,
            is_suspended: false,
            is_deleted: false,
            is_stranger: false,
            transfer: 0,
        }
    }
}

fn shown(id: i64, subscription: &Subscription) -> Value {
    json!({
        "id": id, "planId": subscription.plan, "planName": format!("Plan {}", subscription.plan),
        "friendlyName": subscription.friendly_name,
        "status": if subscription.is_deleted { "deleted" } else { "active" },
        "suspendedBy": subscription.is_suspended.then_some(ORG),
        "resources": [{ "name": "diskspace", "total": 10_000_000_000_i64, "usage": 123_456_789 },
                      { "name": "transfer", "usage": subscription.transfer }],
    })
}

impl Fake for FakePanel {
    fn live(&self, tag: &Tag) -> usize {
        let is_it = |subscription: &&Subscription| {
            !subscription.is_deleted && subscription.friendly_name.as_deref() == Some(tag.as_str())
        };
        self.0.read(|panel| panel.subscriptions.values().filter(is_it).count())
    }
    fn pass_time(&self) {
        self.0.change(|panel| panel.subscriptions.values_mut().for_each(|one| one.transfer += 5_000_000));
    }
    fn fill(&self) -> bool {
        self.0.change(|panel| panel.is_full = true);
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        self.0.change(|panel| {
            let org = format!("c-{}", panel.next());
            panel.orgs.insert(org.clone(), Org { name: "Old Shop".to_owned(), owner: None });
            let id = panel.next();
            let stranger = Subscription { org: org.clone(), is_stranger: true, ..Subscription::empty() };
            panel.subscriptions.insert(id, stranger);
            let site = Website {
                org: org.clone(),
                domain: "old.example.net".to_owned(),
                subscription: id,
                is_suspended: false,
            };
            panel.websites.insert(format!("w-{id}"), site);
            Reference::new(format!("{org}/{id}"))
        })
    }
    fn strangers(&self) -> usize {
        let is_it = |subscription: &&Subscription| subscription.is_stranger && !subscription.is_deleted;
        self.0.read(|panel| panel.subscriptions.values().filter(is_it).count())
    }
}
