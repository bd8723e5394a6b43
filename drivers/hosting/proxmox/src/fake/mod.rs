//! A cluster that speaks Proxmox VE's interface and makes nothing: two nodes, two templates, tasks that take a few
//! requests, locks, and the words of Proxmox's own failures.

mod cluster;
mod routes;

use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Kept, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::{Reference, Tag};
use serde_json::json;

use crate::{guest, map};
use cluster::Cluster;

/// The token that the fake accepts.
pub const TOKEN_ID: &str = "bursar@pve!prod";
/// Its secret.
pub const TOKEN_SECRET: &str = "8c1d7f2e-5a3b-4e6f-9d80-1b2c3d4e5f60";
/// The numbers that are ours in the settings for the fake.
pub const RANGE: (u32, u32) = (100_000, 999_999);
/// The template of virtual machines.
pub const TEMPLATE: u32 = 9_000;
/// The template of containers.
pub const CONTAINER_TEMPLATE: &str = "local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[("token_id", TOKEN_ID), ("token_secret", TOKEN_SECRET)],
    plan: &[
        ("kind", "qemu"),
        ("template", "9000"),
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", "40"),
        ("storage", "local-zfs"),
    ],
};

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeCluster::open(state)?))
}

/// The cluster.
#[derive(Debug)]
pub struct FakeCluster(Kept<Cluster>);

impl FakeCluster {
    /// A cluster that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self(Kept::in_memory(Cluster::furnished()))
    }

    /// A cluster that keeps its state in a file.
    pub fn open(state: Option<&Path>) -> io::Result<Self> {
        Ok(Self(Kept::open(state, Cluster::furnished())?))
    }

    /// Tears the task of a clone out, as a crashed node does: the guest stays locked and nothing works on it.
    pub fn abandon_clones(&self) {
        self.0.change(Cluster::abandon_clones);
    }

    /// Moves a guest to the other node, as staff may do at any time.
    pub fn migrate(&self, tag: &Tag) {
        self.0.change(|cluster| cluster.migrate(&map::tag_word(tag)));
    }

    /// What a guest's configuration says, for tests.
    pub fn config(&self, tag: &Tag, name: &str) -> Option<String> {
        self.0.read(|cluster| cluster.of(&map::tag_word(tag), &map::marker(tag))?.config.get(name).cloned())
    }
}

impl Pretend for FakeCluster {
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(format!("PVEAPIToken={TOKEN_ID}={TOKEN_SECRET}").as_str()) {
            return Reply::json(401, &json!({ "data": null })).with_reason("No ticket");
        }
        self.0.change(|cluster| {
            let reply = routes::answer(cluster, asked);
            cluster.pass_one_request();
            reply
        })
    }
}

impl Fake for FakeCluster {
    fn live(&self, tag: &Tag) -> usize {
        self.0.read(|cluster| cluster.count(&map::tag_word(tag), &map::marker(tag)))
    }
    fn pass_time(&self) {
        self.0.change(Cluster::finish_tasks);
    }
    fn fill(&self) -> bool {
        self.0.change(|cluster| cluster.available_gib = 0);
        true
    }
    fn block(&self, tag: &Tag) -> Reference {
        let vmid = map::candidates(tag, RANGE.0, RANGE.1)[0];
        self.0.change(|cluster| cluster.add_stranger(vmid));
        guest::reference("qemu", vmid)
    }
    fn strangers(&self) -> usize {
        self.0.read(|cluster| cluster.guests.values().filter(|guest| guest.is_stranger).count())
    }
}
