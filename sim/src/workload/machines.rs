//! What the machines are made on, and the member of staff who looks after what failed.

use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_inventory::groups::save::save_group;
use bursar_inventory::groups::{Fill, GroupDetails};
use bursar_inventory::plans::MapDetails;
use bursar_inventory::plans::save::save_map;
use bursar_inventory::servers::save::{NewSecret, NewSecrets, add_server};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::settings::InventorySettings;
use bursar_inventory::{HostingDrivers, InventoryError};
use bursar_ordering::settings::OrderSettings;
use bursar_outbound::Settings;
use bursar_provisioning::ProvisionError;
use bursar_provisioning::actions::retry_service;
use bursar_provisioning::services::list_failed;
use bursar_provisioning::settings::{KEY, MoneyBack, ProvisioningSettings};
use bursar_vault::Secret;

use super::setup::{Fate, Shelf};
use super::{Outcome, World};

const DRIVER: &str = "sandbox";

impl Outcome for ProvisionError {
    fn told(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            other => Ok(other.to_string()),
        }
    }
}

/// What the business decides about what cannot be made, and about who orders for the first time.
pub(super) struct Rules {
    pub(super) money_back: MoneyBack,
    pub(super) money_back_hours: i64,
    pub(super) looks_at_first_orders: bool,
}

/// Nodes, of which one fills up and one never has room, and the products that are made there.
pub(super) async fn furnish(
    cx: &Cx,
    drivers: &HostingDrivers,
    shelf: &Shelf,
    rules: Rules,
) -> Result<(), Fault> {
    // Looked at once a day: nobody here pulls plugs, and every look stops the clock.
    let watch = InventorySettings { check_minutes: 1_440, ..InventorySettings::default() };
    cx.write(async move |tx: &mut Tx| settings::set(tx, bursar_inventory::settings::KEY, &watch).await)
        .await?;
    set_up(cx, drivers, shelf).await.map_err(|error| Fault::new(error.message()))?;
    let orders =
        OrderSettings { review_first_order: rules.looks_at_first_orders, ..OrderSettings::default() };
    cx.write(async move |tx: &mut Tx| settings::set(tx, bursar_ordering::settings::KEY, &orders).await)
        .await?;
    // Nobody is at hand who would let many suspensions through, and who fails is looked after every morning.
    let rules = ProvisioningSettings {
        most_suspensions: 1_000_000,
        money_back: rules.money_back,
        money_back_hours: rules.money_back_hours,
        ..ProvisioningSettings::default()
    };
    cx.write(async move |tx: &mut Tx| settings::set(tx, KEY, &rules).await).await
}

async fn set_up(cx: &Cx, drivers: &HostingDrivers, shelf: &Shelf) -> Result<(), InventoryError> {
    let nodes = group_of(cx, drivers, "Nodes", &[("node-1", "10"), ("node-2", "")]).await?;
    let full = group_of(cx, drivers, "Full", &[("node-3", "0")]).await?;
    for product in shelf.products.iter().filter(|product| product.is_made) {
        make_on(cx, drivers, product.id, nodes, "works").await?;
    }
    for good in &shelf.goods {
        match good.fate {
            Fate::Made => make_on(cx, drivers, good.id, nodes, "works").await?,
            Fate::NoRoom => make_on(cx, drivers, good.id, full, "works").await?,
            Fate::Fails => make_on(cx, drivers, good.id, nodes, "fails").await?,
            Fate::Nobody => {}
        }
    }
    Ok(())
}

/// A group of nodes, each with its room.
async fn group_of(
    cx: &Cx,
    drivers: &HostingDrivers,
    name: &str,
    nodes: &[(&str, &str)],
) -> Result<i64, InventoryError> {
    let mut servers = Vec::new();
    for (node, room) in nodes {
        let details = ServerDetails {
            name: (*node).to_owned(),
            driver: DRIVER.to_owned(),
            region_id: None,
            settings: Settings::none().with("node", *node).with("room", *room),
            mode: ServerMode::Enabled,
            seat_limit: None,
            weight: 1,
            at_once: None,
            per_minute: None,
            notes: String::new(),
        };
        let key = NewSecret::Set(Secret::new("sandbox-api-key".to_owned()));
        let secrets: NewSecrets = [("api_key".to_owned(), key)].into_iter().collect();
        servers.push(add_server(cx, drivers, details, secrets).await?);
    }
    let group = GroupDetails { name: name.to_owned(), driver: DRIVER.into(), fill: Fill::LeastUsed };
    save_group(cx, drivers, None, group, servers).await
}

async fn make_on(
    cx: &Cx,
    drivers: &HostingDrivers,
    product_id: i64,
    group_id: i64,
    behaviour: &str,
) -> Result<(), InventoryError> {
    let plan = [
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", "20"),
        ("image", "debian-13"),
        ("build_seconds", "30"),
        ("behaviour", behaviour),
    ];
    let map = MapDetails {
        product_id,
        driver: DRIVER.to_owned(),
        group_id,
        region_id: None,
        model: String::new(),
        settings: plan.into_iter().collect(),
        ipv4_count: 0,
        ipv6_count: 0,
    };
    save_map(cx, drivers, None, map).await.map(drop)
}

impl World {
    /// Somebody tries again what was given up.
    pub(crate) async fn look_after_failures(&mut self) -> Result<(), Fault> {
        let failed = self.office.spy.read(async |tx: &mut Tx| list_failed(tx, i64::MIN, 1_000).await).await?;
        for service in failed {
            let wish = async move |cx: Cx| retry_service(&cx, service).await;
            self.ask(format!("staff try service {service} again"), wish).await?;
        }
        Ok(())
    }
}
