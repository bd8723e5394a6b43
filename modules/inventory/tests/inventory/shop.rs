//! A small hosting company: servers of the sandbox, a group, a product made from it.

use std::sync::Arc;

use bursar_db::{Migrations, Tx};
use bursar_fault::Fault;
use bursar_hosting_sandbox::{Panel, SandboxHosting};
use bursar_ids::Rng;
use bursar_inventory::addresses::{Assigned, PoolForm, addresses_of, save_pool};
use bursar_inventory::groups::{Fill, GroupDetails, save::save_group};
use bursar_inventory::plans::{MapDetails, save::save_map};
use bursar_inventory::regions::{RegionDetails, save_region};
use bursar_inventory::servers::save::{NewSecret, NewSecrets, add_server};
use bursar_inventory::servers::{ServerDetails, ServerMode, seats_taken};
use bursar_inventory::{HostingDrivers, NoRoom, Placement, Wanted, confirm, placement, release, reserve};
use bursar_outbound::{Outbound, Settings};
use bursar_testkit::{START, TestCx};
use bursar_vault::{KeyRing, Secret, Vault};

pub fn schema() -> Vec<Migrations> {
    vec![bursar_audit::migrations(), bursar_jobs::migrations(), bursar_inventory::migrations()]
}

/// The sandbox's own.
pub const KEY: &str = "sandbox-api-key";

pub fn drivers() -> HostingDrivers {
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    let sandbox = SandboxHosting::new(Arc::new(Panel::in_memory()));
    HostingDrivers::new(vec![Arc::new(sandbox)], vault, Outbound::new())
}

pub fn details(name: &str) -> ServerDetails {
    ServerDetails {
        name: name.to_owned(),
        driver: "sandbox".to_owned(),
        region_id: None,
        settings: Settings::none().with("node", name),
        mode: ServerMode::Enabled,
        seat_limit: None,
        weight: 1,
        at_once: None,
        per_minute: None,
        notes: String::new(),
    }
}

pub fn with_key(key: &str) -> NewSecrets {
    NewSecrets::from([("api_key".to_owned(), NewSecret::Set(Secret::new(key.to_owned())))])
}

pub struct Shop<'a> {
    pub cx: &'a TestCx,
    pub drivers: HostingDrivers,
    pub servers: Vec<i64>,
    pub group: i64,
}

/// The product that is made from the shop's group.
pub const PRODUCT: i64 = 7_001;

impl<'a> Shop<'a> {
    /// Servers with these limits, in a group that fills by the rule.
    pub async fn open(cx: &'a TestCx, fill: Fill, limits: &[Option<i64>]) -> Self {
        let drivers = drivers();
        let mut servers = Vec::new();
        for (at, limit) in limits.iter().enumerate() {
            let server = ServerDetails { seat_limit: *limit, ..details(&format!("node{}", at + 1)) };
            servers.push(add_server(cx, &drivers, server, with_key(KEY)).await.unwrap());
        }
        let mut shop = Self { cx, drivers, servers, group: 0 };
        shop.group = shop.group_of("Machines", fill, shop.servers.clone()).await;
        shop
    }

    pub async fn group_of(&self, name: &str, fill: Fill, servers: Vec<i64>) -> i64 {
        let group = GroupDetails { name: name.to_owned(), driver: "sandbox".to_owned(), fill };
        save_group(self.cx, &self.drivers, None, group, servers).await.unwrap()
    }

    /// Says what the product is made from: 2 cores, 4096 MiB and 40 GiB.
    pub async fn map(&self, change: impl FnOnce(&mut MapDetails)) -> i64 {
        let plan = [("cores", "2"), ("memory_mib", "4096"), ("disk_gib", "40"), ("image", "debian-13")];
        let mut map = MapDetails {
            product_id: PRODUCT,
            driver: "sandbox".to_owned(),
            group_id: self.group,
            region_id: None,
            model: String::new(),
            settings: plan.into_iter().collect(),
            ipv4_count: 0,
            ipv6_count: 0,
        };
        change(&mut map);
        save_map(self.cx, &self.drivers, None, map).await.unwrap()
    }

    pub async fn region(&self, code: &str) -> i64 {
        let region =
            RegionDetails { code: code.to_owned(), name: code.to_uppercase(), ..RegionDetails::default() };
        save_region(self.cx, None, region).await.unwrap()
    }

    pub async fn pool(&self, name: &str, network: &str, change: impl FnOnce(&mut PoolForm)) -> i64 {
        let mut form = PoolForm { name: name.to_owned(), network: network.to_owned(), ..PoolForm::default() };
        change(&mut form);
        save_pool(self.cx, None, form).await.unwrap()
    }

    /// What a service wants that bought the product without options.
    pub fn wanted(&self, service_id: i64) -> Wanted {
        Wanted {
            service_id,
            product_id: PRODUCT,
            options: Vec::new(),
            region_id: None,
            until: START.plus_minutes(60),
            avoid: Vec::new(),
        }
    }

    pub async fn reserve(&self, wanted: Wanted) -> Result<Placement, NoRoom> {
        let drivers = self.drivers.clone();
        self.cx.write(async move |tx: &mut Tx| reserve(tx, &drivers, &wanted).await).await
    }

    /// Which server a service gets, counted from 0.
    pub async fn place(&self, service_id: i64) -> usize {
        let place = self.reserve(self.wanted(service_id)).await.unwrap();
        self.servers.iter().position(|id| *id == place.server_id).unwrap()
    }

    pub async fn placement(&self, service_id: i64) -> Option<Placement> {
        self.cx.read(async move |tx: &mut Tx| placement(tx, service_id).await).await.unwrap()
    }

    pub async fn confirm(&self, service_id: i64) -> bool {
        self.cx.write(async move |tx: &mut Tx| confirm(tx, service_id).await).await.unwrap()
    }

    pub async fn release(&self, service_id: i64) {
        self.cx.write(async move |tx: &mut Tx| release(tx, service_id).await).await.unwrap();
    }

    pub async fn addresses(&self, service_id: i64) -> Vec<Assigned> {
        self.cx.read(async move |tx: &mut Tx| addresses_of(tx, service_id).await).await.unwrap()
    }

    /// How many seats are taken on each server.
    pub async fn seats(&self) -> Vec<i64> {
        let servers = self.servers.clone();
        self.cx
            .read(async move |tx: &mut Tx| {
                let mut seats = Vec::new();
                for server in &servers {
                    seats.push(seats_taken(tx, *server).await?);
                }
                Ok::<_, Fault>(seats)
            })
            .await
            .unwrap()
    }
}
