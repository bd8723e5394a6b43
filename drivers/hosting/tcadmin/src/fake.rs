//! A panel that speaks the same interface and makes nothing: one address, both forms of answer, errors with status 200,
//! users that are kept when they order again, and a second service for whoever orders twice under one billing id.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Observed, Origin, Reference, Resource, State, Tag};
use bursar_outbound::Settings;
use serde::{Deserialize, Serialize};

use crate::map::{self, Known};

/// The user that the fake accepts.
pub const USERNAME: &str = "tcadmin-api";
/// Its password.
pub const PASSWORD: &str = "tcadmin-Fake-0123456789";
/// The games that it offers.
pub const GAMES: [(&str, &str); 2] = [("82", "Minecraft"), ("17", "Counter-Strike 2")];
/// What it says of a service that does not exist, unless told otherwise.
pub const ABSENT: &str = "The service was not found.";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("username", USERNAME), ("password", PASSWORD)],
    plan: &[("game_id", "82"), ("game_slots", "16"), ("game_datacenter", "1")],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeTcAdmin(Kept::open(state, Panel::default())?)))
}

/// The panel.
#[derive(Debug)]
pub struct FakeTcAdmin(Kept<Panel>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Panel {
    users: BTreeMap<String, User>,
    services: Vec<Service>,
    /// What it says of what is not there, where a test asks for other words.
    absent: Option<String>,
    starts: u64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct User {
    name: String,
    password: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Service {
    billing: String,
    client: String,
    game: String,
    voice: String,
    settings: BTreeMap<String, String>,
    is_suspended: bool,
    is_running: bool,
    is_stranger: bool,
}

impl FakeTcAdmin {
    /// A panel that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Panel::default()))
    }

    /// Another panel's words for a service that does not exist.
    pub fn say_of_absence(&self, words: &str) {
        self.0.change(|panel| panel.absent = Some(words.to_owned()));
    }

    /// Somebody who was a client of the panel before.
    pub fn add_user(&self, client: &str, name: &str, password: &str) {
        let user = User { name: name.to_owned(), password: password.to_owned() };
        self.0.change(|panel| panel.users.insert(client.to_owned(), user));
    }

    /// The password of a client.
    pub fn password_of(&self, client: &str) -> Option<String> {
        self.0.read(|panel| panel.users.get(client).map(|user| user.password.clone()))
    }

    /// A value that a service was ordered or changed with.
    pub fn setting_of(&self, tag: &Tag, name: &str) -> Option<String> {
        self.0.read(|panel| panel.find(tag.as_str())?.settings.get(name).cloned())
    }

    /// How often something that was there was asked to start.
    pub fn start_count(&self) -> u64 {
        self.0.read(|panel| panel.starts)
    }
}

/// What a function comes to: a text, or what is wrong.
type Outcome = Result<String, (i64, String)>;

impl Pretend for FakeTcAdmin {
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.method != "POST" || asked.path != "/billingapi.aspx" {
            return Reply::text(404, "<html><body>The resource cannot be found.</body></html>");
        }
        let form: BTreeMap<String, String> = asked.form().into_iter().collect();
        let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let is_xml = value("response_type") == "xml";
        if (value("tcadmin_username"), value("tcadmin_password")) != (USERNAME, PASSWORD) {
            return reply(is_xml, &Err((-1, "Access denied".to_owned())), "");
        }
        match value("function") {
            "GetSupportedGames" => {
                let games =
                    GAMES.map(|(id, name)| format!("<game><gameid>{id}</gameid><name>{name}</name></game>"));
                reply(true, &Ok(String::new()), &games.concat())
            }
            "GetSupportedVoiceServers" => {
                let voice = "<game><gameid>TEAMSPEAK3</gameid><name>TeamSpeak 3</name></game>";
                reply(true, &Ok(String::new()), voice)
            }
            function => reply(is_xml, &self.0.change(|panel| panel.tell(function, &form)), ""),
        }
    }

    fn changes(&self, asked: &Asked) -> bool {
        let value = |name: &str| asked.value(name).unwrap_or_default();
        match value("function").as_str() {
            "GetSupportedGames" | "GetSupportedVoiceServers" => false,
            // To start what is not there changes nothing.
            "StartByBillingId" => self.0.read(|panel| panel.find(&value("client_package_id")).is_some()),
            _ => true,
        }
    }
}

fn reply(is_xml: bool, outcome: &Outcome, more: &str) -> Reply {
    let (text, code, error) = match outcome {
        Ok(text) => (text.as_str(), 0, ""),
        Err((code, error)) => ("", *code, error.as_str()),
    };
    if is_xml {
        return Reply::text(
            200,
            &format!(
                "<results><returncode>0</returncode><returntext>{text}</returntext><errorcode>{code}</errorcode>\
                 <errortext>{error}</errortext>{more}</results>"
            ),
        );
    }
    Reply::text(200, &format!("0\t{text}\t{code}\t{error}\r\n"))
}

impl Panel {
    fn find(&self, billing: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.billing == billing)
    }

    fn tell(&mut self, function: &str, form: &BTreeMap<String, String>) -> Outcome {
        let value = |name: &str| form.get(name).cloned().unwrap_or_default();
        let billing = value("client_package_id");
        if function == "AddPendingSetup" {
            return self.order(form);
        }
        if self.find(&billing).is_none() {
            let absent = self.absent.clone().unwrap_or_else(|| ABSENT.to_owned());
            return Err((-12, absent));
        }
        match function {
            "DeleteGameAndVoiceByBillingID" => {
                self.services.retain(|service| service.billing != billing);
                return Ok(String::new());
            }
            "ChangePassword" => {
                let (client, name) = (value("client_id"), value("user_name"));
                let known = self.users.get_mut(&client).filter(|user| user.name == name);
                let Some(user) = known else { return Err((-14, "The user was not identified.".to_owned())) };
                user.password = value("user_password");
                return Ok(String::new());
            }
            "StartByBillingId" => self.starts += 1,
            _ => {}
        }
        for service in self.services.iter_mut().filter(|service| service.billing == billing) {
            service.tell(function, form)?;
        }
        Ok(String::new())
    }

    fn order(&mut self, form: &BTreeMap<String, String>) -> Outcome {
        let value = |name: &str| form.get(name).cloned().unwrap_or_default();
        let (game, voice) = (value("game_id"), value("voice_id"));
        let wrong = |why: &str| Err((-20, why.to_owned()));
        if value("user_email").is_empty() || value("client_id").is_empty() {
            return wrong("The client's data is incomplete.");
        }
        if !game.is_empty() && !GAMES.iter().any(|(id, _)| *id == game) {
            return wrong("The game is not supported.");
        }
        for (kind, thing) in [("game", &game), ("voice", &voice)] {
            let has = |name: &str| !value(&format!("{kind}_{name}")).is_empty();
            if !thing.is_empty()
                && !(has("slots") && has("package_id") && (has("datacenter") || has("server")))
            {
                return wrong("The order is incomplete.");
            }
        }
        let fresh = || User { name: value("user_name"), password: value("user_password") };
        let user = self.users.entry(value("client_id")).or_insert_with(fresh).name.clone();
        self.services.push(Service {
            billing: value("client_package_id"),
            client: value("client_id"),
            game,
            voice,
            settings: form.clone(),
            is_running: true,
            ..Service::default()
        });
        Ok(user)
    }
}

impl Service {
    fn tell(&mut self, function: &str, form: &BTreeMap<String, String>) -> Result<(), (i64, String)> {
        match function {
            "SuspendGameAndVoiceByBillingID" => (self.is_suspended, self.is_running) = (true, false),
            "UnSuspendGameAndVoiceByBillingID" if self.is_suspended => {
                (self.is_suspended, self.is_running) = (false, true);
            }
            "UnSuspendGameAndVoiceByBillingID" => {}
            "StartByBillingId" | "RestartByBillingId" if self.is_suspended => {
                return Err((-30, "A suspended service cannot be started.".to_owned()));
            }
            "StartByBillingId" | "RestartByBillingId" => self.is_running = true,
            "StopByBillingId" => self.is_running = false,
            "UpdateSettings" => self.settings.extend(form.clone()),
            other => return Err((-99, format!("{other} is no function."))),
        }
        Ok(())
    }

    /// As an eye would see it.
    fn seen(&self, users: &BTreeMap<String, User>) -> Observed {
        let known = Known {
            billing: self.billing.clone(),
            client: self.client.clone(),
            game: self.game.clone(),
            voice: self.voice.clone(),
            user: users.get(&self.client).map(|user| user.name.clone()).unwrap_or_default(),
        };
        let mut seen = map::unseen(&known, "");
        seen.state = match (self.is_suspended, self.is_running) {
            (true, _) => State::Suspended,
            (false, true) => State::Running,
            (false, false) => State::Stopped,
        };
        let told = ["game_id", "game_slots", "voice_id", "voice_slots"];
        seen.plan = told
            .into_iter()
            .filter_map(|name| Some((name, self.settings.get(name)?.as_str())))
            .collect::<Settings>();
        seen
    }
}

impl Fake for FakeTcAdmin {
    fn live(&self, tag: &Tag) -> usize {
        self.0.read(|panel| panel.services.iter().filter(|service| service.billing == tag.as_str()).count())
    }
    fn pass_time(&self) {}
    fn fill(&self) -> bool {
        false
    }
    fn block(&self, _tag: &Tag) -> Reference {
        self.0.change(|panel| {
            panel.services.push(Service {
                billing: "1001".to_owned(),
                client: "7".to_owned(),
                is_running: true,
                is_stranger: true,
                ..Service::default()
            });
        });
        Reference::new("1001")
    }
    fn strangers(&self) -> usize {
        self.0.read(|panel| panel.services.iter().filter(|service| service.is_stranger).count())
    }
    fn really(&self, resource: &Resource) -> Option<Observed> {
        let known = Known::of(resource)?;
        let seen = self.0.read(|panel| Some(panel.find(&known.billing)?.seen(&panel.users)))?;
        let reference = match resource.origin {
            Origin::Adopted => resource.reference.clone()?,
            Origin::Made => seen.reference.clone(),
        };
        Some(Observed { reference, ..seen })
    }
}
