//! A panel that speaks Pterodactyl's two interfaces, or Pelican's, and makes nothing: unique external ids, ports that
//! run out, installations and power that take a few requests, and the panel's own envelopes.

mod panel;
mod routes;

use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde_json::json;

use panel::Panel;

/// The application key that the fake accepts.
pub const APPLICATION_KEY: &str = "ptla_b8Qm3nV6xT9cW2zL5kH8jG1fD4sA7pR0yU3iO6eK2mN";
/// The client key.
pub const CLIENT_KEY: &str = "ptlc_z7Yk4mX1vB8nC5qW2eR9tG6hJ3sD0fL7aP4oU1iZ8xV";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("application_key", APPLICATION_KEY), ("client_key", CLIENT_KEY)],
    plan: &[
        ("egg", "1:5"),
        ("location", "1"),
        ("memory_mib", "2048"),
        ("swap_mib", "0"),
        ("disk_mib", "10240"),
        ("cpu_percent", "200"),
        ("databases", "1"),
        ("extra_ports", "0"),
        ("backups", "2"),
    ],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakePanel { panel: Kept::open(state, Panel::furnished())?, is_pelican: false }))
}

/// The panel.
#[derive(Debug)]
pub struct FakePanel {
    panel: Kept<Panel>,
    is_pelican: bool,
}

impl FakePanel {
    /// A Pterodactyl panel that remembers as long as it lives.
    pub fn pterodactyl() -> Self {
        Self { panel: Kept::in_memory(Panel::furnished()), is_pelican: false }
    }

    /// A Pelican panel, without nests and locations.
    pub fn pelican() -> Self {
        Self { panel: Kept::in_memory(Panel::furnished()), is_pelican: true }
    }

    /// The next installation fails.
    pub fn fail_next_installation(&self) {
        self.panel.change(|panel| panel.next_installation_fails = true);
    }

    /// What a server was told in its environment, for tests.
    pub fn variable(&self, tag: &Tag, name: &str) -> Option<String> {
        self.panel.read(|panel| panel.of(tag.as_str())?.environment.get(name).cloned())
    }

    /// How many users the panel has, for tests.
    pub fn user_count(&self) -> usize {
        self.panel.read(|panel| panel.users.len())
    }
}

impl Pretend for FakePanel {
    fn answer(&self, asked: &Asked) -> Reply {
        self.panel.change(|panel| {
            let reply = routes::answer(panel, asked, self.is_pelican);
            panel.pass_one_request();
            reply
        })
    }

    fn too_often(&self) -> Reply {
        routes::failed(429, "ThrottleRequestsException", "Too Many Attempts.").with_header("retry-after", "2")
    }
}

impl Fake for FakePanel {
    fn live(&self, tag: &Tag) -> usize {
        let is_it = |external: &Option<String>| external.as_deref() == Some(tag.as_str());
        self.panel.read(|panel| panel.servers.values().filter(|server| is_it(&server.external_id)).count())
    }
    fn pass_time(&self) {
        self.panel.change(Panel::finish);
    }
    fn fill(&self) -> bool {
        self.panel.change(|panel| panel.free_ports.clear());
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        Reference::new(self.panel.change(Panel::add_stranger).to_string())
    }
    fn strangers(&self) -> usize {
        self.panel.read(|panel| panel.servers.values().filter(|server| server.external_id.is_none()).count())
    }
}

/// An envelope around one object.
fn item(object: &str, attributes: serde_json::Value) -> serde_json::Value {
    json!({ "object": object, "attributes": attributes })
}
