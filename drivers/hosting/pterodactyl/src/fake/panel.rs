//! What the panel remembers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How many requests an installation, and a change of power, takes.
const STEPS: u32 = 4;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Panel {
    pub(super) users: BTreeMap<i64, User>,
    pub(super) servers: BTreeMap<i64, Server>,
    /// Ports that no server has.
    pub(super) free_ports: BTreeSet<i64>,
    pub(super) next_installation_fails: bool,
    next_id: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) external_id: Option<String>,
    pub(super) email: String,
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) external_id: Option<String>,
    pub(super) name: String,
    pub(super) user: i64,
    pub(super) egg: i64,
    pub(super) status: Option<String>,
    pub(super) power: String,
    pub(super) port: Option<i64>,
    pub(super) limits: BTreeMap<String, i64>,
    pub(super) features: BTreeMap<String, Option<i64>>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) installs_badly: bool,
    /// Requests until the present change of state has ended.
    pub(super) left: u32,
    /// Requests since the container was started: its counters start over with it.
    pub(super) uptime: i64,
}

impl Panel {
    /// With ports and nothing sold.
    pub(super) fn furnished() -> Self {
        Self { free_ports: (25_565..25_665).collect(), next_id: 1, ..Self::default() }
    }

    pub(super) fn number(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn of(&self, external: &str) -> Option<&Server> {
        self.servers.values().find(|server| server.external_id.as_deref() == Some(external))
    }

    pub(super) fn by_identifier(&mut self, identifier: &str) -> Option<&mut Server> {
        self.servers
            .iter_mut()
            .find(|(id, _)| super::routes::identifier(**id) == identifier)
            .map(|(_, server)| server)
    }

    pub(super) fn add_stranger(&mut self) -> i64 {
        let user = self.number();
        self.users.insert(
            user,
            User {
                external_id: None,
                email: format!("root{user}@panel.example"),
                username: format!("root{user}"),
                first_name: "Ro".to_owned(),
                last_name: "Ot".to_owned(),
            },
        );
        let id = self.number();
        let limit = |name: &str, value: i64| (name.to_owned(), value);
        self.servers.insert(
            id,
            Server {
                external_id: None,
                name: "lobby".to_owned(),
                user,
                egg: 5,
                status: None,
                power: "running".to_owned(),
                port: None,
                limits: [
                    limit("memory", 512),
                    limit("swap", 0),
                    limit("disk", 512),
                    limit("io", 500),
                    limit("cpu", 50),
                ]
                .into(),
                features: ["databases", "allocations", "backups"]
                    .map(|name| (name.to_owned(), Some(0)))
                    .into(),
                environment: BTreeMap::new(),
                installs_badly: false,
                left: 0,
                uptime: 0,
            },
        );
        id
    }

    pub(super) fn pass_one_request(&mut self) {
        for server in self.servers.values_mut() {
            server.left = server.left.saturating_sub(1);
            if server.left == 0 {
                server.finish();
            }
            if server.power == "running" {
                server.uptime += 1;
            }
        }
    }

    pub(super) fn finish(&mut self) {
        self.servers.values_mut().for_each(Server::finish);
    }
}

impl Server {
    /// Begins an installation.
    pub(super) fn install(&mut self) {
        self.status = Some("installing".to_owned());
        "offline".clone_into(&mut self.power);
        self.left = STEPS;
    }

    /// Begins to go to another state of power.
    pub(super) fn go(&mut self, state: &str) {
        state.clone_into(&mut self.power);
        self.left = STEPS;
    }

    fn finish(&mut self) {
        self.left = 0;
        if self.status.as_deref() == Some("installing") {
            self.status = self.installs_badly.then(|| "install_failed".to_owned());
            if !self.installs_badly {
                "running".clone_into(&mut self.power);
            }
            self.uptime = 0;
            return;
        }
        match self.power.as_str() {
            "starting" => {
                "running".clone_into(&mut self.power);
                self.uptime = 0;
            }
            "stopping" => "offline".clone_into(&mut self.power),
            _ => {}
        }
    }
}
