//! A deployment that speaks the same interface and makes nothing: credentials in the body, failures with status 200, names
//! that are unique, and sessions that outlive their user's being disabled.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::map;

/// The key that the fake accepts.
pub const KEY: &str = "kasmKey012345";
/// Its secret.
pub const SECRET: &str = "kasmSecret0123456789abcdefghijkl";
/// The groups of its plans.
pub const GROUPS: [&str; 2] = ["a1b2c3d4e5f60718293a4b5c6d7e8f01", "a1b2c3d4e5f60718293a4b5c6d7e8f02"];
const EVERYBODY: &str = "68d557ac4cac42cca9f31c7c853de0f3";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("api_key", KEY), ("api_key_secret", SECRET)],
    plan: &[("group", GROUPS[0])],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeKasm(Kept::open(state, Deployment::default())?)))
}

/// The deployment.
#[derive(Debug)]
pub struct FakeKasm(Kept<Deployment>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Deployment {
    users: BTreeMap<String, User>,
    last: u64,
    is_full: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct User {
    username: String,
    groups: Vec<String>,
    is_disabled: bool,
    is_stranger: bool,
    sessions: Vec<String>,
}

impl FakeKasm {
    /// A deployment that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Deployment::default()))
    }

    /// The customer starts a desktop.
    pub fn start_session(&self, tag: &Tag) {
        let name = map::username(tag);
        self.0.change(|kasm| {
            for user in kasm.users.values_mut().filter(|user| user.username == name) {
                user.sessions.push(format!("898c{}", user.sessions.len()));
            }
        });
    }

    /// How many desktops of a tag's run.
    pub fn session_count(&self, tag: &Tag) -> usize {
        let name = map::username(tag);
        let of = |user: &User| if user.username == name { user.sessions.len() } else { 0 };
        self.0.read(|kasm| kasm.users.values().map(of).sum())
    }
}

fn refused(text: &str) -> Value {
    json!({ "error_message": text })
}

impl Pretend for FakeKasm {
    fn answer(&self, asked: &Asked) -> Reply {
        let parts = asked.parts();
        let ["api", "public", function] = parts.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
            return Reply::text(404, "<html>Not Found</html>");
        };
        let body = asked.json();
        if asked.method != "POST" || body["api_key"] != KEY || body["api_key_secret"] != SECRET {
            return Reply::json(403, &refused("Access Denied"));
        }
        Reply::json(200, &self.0.change(|kasm| kasm.answer(function, &body, asked)))
    }

    fn changes(&self, asked: &Asked) -> bool {
        !asked.path.contains("/get_")
    }
}

impl Deployment {
    fn answer(&mut self, function: &str, body: &Value, asked: &Asked) -> Value {
        let target = &body["target_user"];
        match function {
            "get_images" => {
                json!({ "images": [{ "image_id": "i1", "friendly_name": "Debian", "cores": 2.0 }] })
            }
            "get_groups" => json!({ "groups": [
                { "group_id": EVERYBODY, "name": "All Users" },
                { "group_id": GROUPS[0], "name": "Small" }, { "group_id": GROUPS[1], "name": "Large" },
            ] }),
            "get_users" => {
                let number = |name: &str, usual| {
                    body[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usual)
                };
                let (page, size) = (number("page", 0), number("page_size", 20));
                let part = self.users.iter().skip(page * size).take(size).map(|(id, user)| shown(id, user));
                json!({ "users": part.collect::<Vec<_>>(), "total": self.users.len() })
            }
            "create_user" => self.create(target),
            _ => match self.find(target, body) {
                Some(id) => self.of_user(function, &id, body, asked),
                None => refused("User not found"),
            },
        }
    }

    fn find(&self, target: &Value, body: &Value) -> Option<String> {
        let by_id = target["user_id"].as_str().or(body["user_id"].as_str());
        let found = self.users.iter().find(|(id, user)| {
            by_id == Some(id.as_str()) || target["username"].as_str() == Some(user.username.as_str())
        });
        found.map(|(id, _)| id.clone())
    }

    fn create(&mut self, target: &Value) -> Value {
        let username = target["username"].as_str().unwrap_or_default().to_owned();
        if self.users.values().any(|user| user.username == username) {
            return refused("A user with that username already exists");
        }
        if target["password"].as_str().is_none_or(|password| password.len() < 8) {
            return refused("Password does not meet the requirements");
        }
        if self.is_full {
            return refused("License limit exceeded. Unable to create user");
        }
        self.last += 1;
        let id = format!("50fa{:028x}", self.last);
        self.users.insert(id.clone(), User { username, ..User::default() });
        json!({ "user": shown(&id, &self.users[&id]) })
    }

    fn of_user(&mut self, function: &str, id: &str, body: &Value, asked: &Asked) -> Value {
        let Some(user) = self.users.get_mut(id) else { return refused("User not found") };
        let group = body["target_group"]["group_id"].as_str().unwrap_or_default().to_owned();
        match function {
            "get_user" => return json!({ "user": shown(id, user) }),
            "get_login" => {
                let host = asked.header("host").unwrap_or_default();
                self.last += 1;
                let token = self.last * 7_919;
                return json!({ "url": format!("https://{host}/#/connect/login/dashboard/{id}/{token:032x}") });
            }
            "update_user" => {
                if let Some(is_disabled) = body["target_user"]["disabled"].as_bool() {
                    user.is_disabled = is_disabled;
                }
            }
            "logout_user" => {}
            "destroy_kasm" => {
                let there = user.sessions.len();
                user.sessions.retain(|session| body["kasm_id"] != session.as_str());
                if user.sessions.len() == there {
                    return refused("Kasm does not exist");
                }
            }
            "delete_user" if body["force"] != true && !user.sessions.is_empty() => {
                return refused("User has live sessions");
            }
            "delete_user" => {
                self.users.remove(id);
            }
            "add_user_group" if user.groups.contains(&group) => return refused("User is already a member"),
            "add_user_group" if !GROUPS.contains(&group.as_str()) => return refused("Group not authorized"),
            "add_user_group" => user.groups.push(group),
            "remove_user_group" => user.groups.retain(|own| *own != group),
            other => return refused(&format!("{other} is not a function")),
        }
        json!({})
    }
}

fn shown(id: &str, user: &User) -> Value {
    let mut groups = vec![json!({ "name": "All Users", "group_id": EVERYBODY })];
    groups.extend(user.groups.iter().map(
        |group| json!({ "name": if group == GROUPS[0] { "Small" } else { "Large" }, "group_id": group }),
    ));
    json!({
        "user_id": id, "username": user.username, "realm": "local", "groups": groups, "disabled": user.is_disabled,
        "locked": false, "last_session": null, "phone": null,
        "kasms": user.sessions.iter().map(|id| json!({ "kasm_id": id })).collect::<Vec<_>>(),
    })
}

impl Fake for FakeKasm {
    fn live(&self, tag: &Tag) -> usize {
        let name = map::username(tag);
        self.0.read(|kasm| kasm.users.values().filter(|user| user.username == name).count())
    }
    fn pass_time(&self) {}
    fn fill(&self) -> bool {
        self.0.change(|kasm| kasm.is_full = true);
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        self.0.change(|kasm| {
            kasm.last += 1;
            let id = format!("50fa{:028x}", kasm.last);
            let stranger = User {
                username: "admin@kasm.local".to_owned(),
                groups: vec![GROUPS[0].to_owned()],
                is_stranger: true,
                ..User::default()
            };
            kasm.users.insert(id.clone(), stranger);
            Reference::new(id)
        })
    }
    fn strangers(&self) -> usize {
        self.0.read(|kasm| kasm.users.values().filter(|user| user.is_stranger).count())
    }
}
