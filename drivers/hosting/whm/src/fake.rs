//! A server that speaks WHM API 1 and makes nothing: its rules for names, its envelope around refusals, numbers as
//! texts where the real one has them, and searches that are regular expressions.

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

/// Whose token the fake accepts.
pub const USERNAME: &str = "root";
/// The token.
pub const TOKEN: &str = "KX9QF3ZT7P2M8R5W1N6B4C0V";
/// The packages it sells from.
pub const PACKAGES: [&str; 2] = ["starter", "business"];
/// The domain that a stranger holds after [`Fake::block`].
pub const TAKEN_DOMAIN: &str = "shop.example.net";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("username", USERNAME), ("token", TOKEN)],
    plan: &[("plan", PACKAGES[0])],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeWhm::open(state)?))
}

/// The server.
#[derive(Debug)]
pub struct FakeWhm(Kept<Server>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Server {
    accounts: BTreeMap<String, Account>,
    /// How many accounts it takes.
    limit: Option<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Account {
    domain: String,
    email: String,
    plan: String,
    suspended: bool,
    reason: String,
    is_locked: bool,
    is_stranger: bool,
    bytes: i64,
    sessions: u64,
}

impl FakeWhm {
    /// A server that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Server::default()))
    }

    /// A server that keeps its state in a file.
    pub fn open(state: Option<&Path>) -> io::Result<Self> {
        Ok(Self(Kept::open(state, Server::default())?))
    }

    /// Locks an account, as root does, so that a reseller cannot resume it.
    pub fn lock(&self, tag: &Tag) {
        self.0.change(|server| {
            if let Some(account) = server.accounts.get_mut(&map::username(tag)) {
                account.is_locked = true;
            }
        });
    }
}

impl Pretend for FakeWhm {
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(format!("whm {USERNAME}:{TOKEN}").as_str()) {
            return Reply::text(403, "Forbidden Access denied");
        }
        let parts = asked.parts();
        let [folder, function] = parts.as_slice() else { return Reply::text(404, "<html>Not Found</html>") };
        if folder != "json-api" {
            return Reply::text(404, "<html>Not Found</html>");
        }
        if asked.value("api.version").as_deref() != Some("1") {
            // What API 0 says, which nobody should read by mistake.
            return Reply::json(200, &json!({ "result": [{ "status": 0, "statusmsg": "legacy" }] }));
        }
        let host = asked.header("host").unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
        let outcome = self.0.change(|server| server.call(function, &|name| asked.value(name), &host));
        match outcome {
            Ok(data) => {
                let metadata = json!({ "command": function, "reason": "OK", "result": 1, "version": 1 });
                Reply::json(200, &json!({ "metadata": metadata, "data": data }))
            }
            Err(reason) => {
                // The result is a text as often as it is a number.
                let metadata =
                    json!({ "command": function, "reason": format!("(XID 5wsj8e) {reason}"), "result": "0" });
                Reply::json(200, &json!({ "metadata": metadata }))
            }
        }
    }
}

type Ask<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Server {
    fn call(&mut self, function: &str, value: Ask<'_>, host: &str) -> Result<Value, String> {
        match function {
            "version" => Ok(json!({ "version": "11.134.0.5" })),
            "applist" => Ok(json!({ "app": [
                "accountsummary", "changepackage", "create_user_session", "createacct", "listaccts", "listpkgs", "passwd",
                "removeacct", "showbw", { "name": "suspendacct" }, "unsuspendacct", "version",
            ] })),
            "listpkgs" => Ok(json!({ "pkg": PACKAGES.map(|name| json!({ "name": name, "QUOTA": "500" })) })),
            "listaccts" => Ok(json!({ "acct": self.list(value) })),
            "showbw" => Ok(json!({ "acct": self.bandwidth(value), "month": 6, "year": 2026 })),
            "createacct" => self.create(value),
            _ => self.of_account(function, value, host),
        }
    }

    fn of_account(&mut self, function: &str, value: Ask<'_>, host: &str) -> Result<Value, String> {
        let user = value("user").or_else(|| value("username")).unwrap_or_default();
        let Some(account) = self.accounts.get_mut(&user) else {
            return Err("Account does not exist.".to_owned());
        };
        match function {
            "accountsummary" => Ok(json!({ "acct": [summary(&user, account)] })),
            "suspendacct" => {
                account.suspended = true;
                account.reason = value("reason").unwrap_or_default();
                Ok(Value::Null)
            }
            "unsuspendacct" if account.is_locked => Err("The account is locked by root.".to_owned()),
            "unsuspendacct" => {
                account.suspended = false;
                Ok(Value::Null)
            }
            "changepackage" => {
                let plan = known_package(value("pkg"))?;
                account.plan = plan;
                Ok(json!({}))
            }
            "passwd" => {
                strong(&value("password").unwrap_or_default(), &user)?;
                Ok(json!({ "app": ["system", "ftp", "mail"] }))
            }
            "removeacct" => {
                self.accounts.remove(&user);
                Ok(Value::Null)
            }
            "create_user_session" => {
                account.sessions += 1;
                let token = format!("cpsess{:010}", account.sessions * 7_919);
                let port = if value("service").as_deref() == Some("webmaild") { 2096 } else { 2083 };
                let url = format!("https://{host}:{port}/{token}/login/?session={user}%3a{token}");
                Ok(
                    json!({ "url": url, "cp_security_token": format!("/{token}"), "session": user, "expires": "1767272400" }),
                )
            }
            other => Err(format!("Unknown app (“{other}”) requested.")),
        }
    }

    fn create(&mut self, value: Ask<'_>) -> Result<Value, String> {
        let user = value("username").unwrap_or_default();
        let domain = value("domain").unwrap_or_default();
        let plan = known_package(value("plan"))?;
        let spelled = user.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let starts = user.starts_with(|c: char| c.is_ascii_lowercase()) && !user.starts_with("test");
        if !spelled || !starts || user.len() > 16 {
            return Err(format!("“{user}” is not a valid username on this system."));
        }
        if self.accounts.contains_key(&user) {
            return Err(format!("This system already has an account named “{user}”."));
        }
        let begins = |name: &str| name.get(..8).unwrap_or(name).to_owned();
        if self.accounts.keys().any(|other| begins(other) == begins(&user)) {
            return Err(format!(
                "The name of another account on this server has the same initial 8 letters as the given username ({user})."
            ));
        }
        if !domain.contains('.') {
            return Err("You must specify a valid domain name.".to_owned());
        }
        if self.accounts.values().any(|other| other.domain == domain) {
            return Err(format!("The domain “{domain}” already exists in the Apache configuration."));
        }
        if self.limit.is_some_and(|limit| self.accounts.len() >= limit) {
            return Err("You have reached the limit of accounts that you may create.".to_owned());
        }
        strong(&value("password").unwrap_or_default(), &user)?;
        let email = value("contactemail").unwrap_or_else(|| "*unknown*".to_owned());
        self.accounts.insert(user, Account::new(&domain, &email, &plan));
        Ok(
            json!({ "ip": "192.0.2.10", "package": plan, "nameserver": "ns1.example.net", "nameserver2": "ns2.example.net" }),
        )
    }

    fn list(&self, value: Ask<'_>) -> Vec<Value> {
        let by_domain = value("searchtype").as_deref() == Some("domain");
        let search = value("search").unwrap_or_default();
        self.accounts
            .iter()
            .filter(|(user, account)| finds(&search, if by_domain { &account.domain } else { user }))
            .map(|(user, account)| summary(user, account))
            .collect()
    }

    fn bandwidth(&self, value: Ask<'_>) -> Vec<Value> {
        let search = value("search").unwrap_or_default();
        let found = self.accounts.iter().filter(|(user, _)| finds(&search, user));
        found
            .map(|(user, account)| {
                json!({ "user": user, "maindomain": account.domain, "limit": "unlimited",
                        "totalbytes": account.bytes.to_string() })
            })
            .collect()
    }
}

impl Account {
    fn new(domain: &str, email: &str, plan: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            email: email.to_owned(),
            plan: plan.to_owned(),
            suspended: false,
            reason: String::new(),
            is_locked: false,
            is_stranger: false,
            bytes: 0,
            sessions: 0,
        }
    }
}

fn summary(user: &str, account: &Account) -> Value {
    let (suspended, reason) =
        if account.suspended { ("1", account.reason.as_str()) } else { ("0", "not suspended") };
    json!({
        "user": user, "domain": account.domain, "email": account.email, "plan": account.plan, "owner": USERNAME,
        "ip": "192.0.2.10", "suspended": suspended, "suspendreason": reason, "is_locked": i32::from(account.is_locked),
        "diskused": "14M", "disklimit": "unlimited", "maxaddon": "unlimited",
    })
}

/// The small part of regular expressions that matters: anchors and escapes.
fn finds(search: &str, text: &str) -> bool {
    let (start, rest) = search.strip_prefix('^').map_or((false, search), |rest| (true, rest));
    let (end, rest) = rest.strip_suffix('$').map_or((false, rest), |rest| (true, rest));
    let plain = rest.replace('\\', "");
    match (start, end) {
        (true, true) => text == plain,
        (true, false) => text.starts_with(&plain),
        (false, true) => text.ends_with(&plain),
        (false, false) => text.contains(&plain),
    }
}

fn known_package(name: Option<String>) -> Result<String, String> {
    let name = name.unwrap_or_default();
    if PACKAGES.contains(&name.as_str()) {
        Ok(name)
    } else {
        Err(format!("The package “{name}” is not known."))
    }
}

fn strong(password: &str, user: &str) -> Result<(), String> {
    if password.len() < 10 || password.contains(user) {
        return Err("Sorry, the password you selected cannot be used because it is too weak.".to_owned());
    }
    Ok(())
}

impl Fake for FakeWhm {
    fn live(&self, tag: &Tag) -> usize {
        self.0.read(|server| usize::from(server.accounts.contains_key(&map::username(tag))))
    }
    fn pass_time(&self) {
        self.0.change(|server| server.accounts.values_mut().for_each(|account| account.bytes += 1_048_576));
    }
    fn fill(&self) -> bool {
        self.0.change(|server| server.limit = Some(server.accounts.len()));
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        let stranger = Account { is_stranger: true, ..Account::new(TAKEN_DOMAIN, "*unknown*", PACKAGES[0]) };
        self.0.change(|server| server.accounts.insert("annashop".to_owned(), stranger));
        Reference::new("annashop")
    }
    fn strangers(&self) -> usize {
        self.0.read(|server| server.accounts.values().filter(|account| account.is_stranger).count())
    }
}
