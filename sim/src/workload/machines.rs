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
use bursar_outbound::Settings;
use bursar_provisioning::ProvisionError;
use bursar_provisioning::actions::retry_service;
use bursar_provisioning::services::list_failed;
use bursar_provisioning::settings::{KEY, ProvisioningSettings};
use bursar_vault::Secret;

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

/// Two nodes, of which one fills up, and the products that are made there.
pub(super) async fn furnish(cx: &Cx, drivers: &HostingDrivers, products: Vec<i64>) -> Result<(), Fault> {
    // Looked at once a day: nobody here pulls plugs, and every look stops the clock.
    let watch = InventorySettings { check_minutes: 1_440, ..InventorySettings::default() };
    cx.write(async move |tx: &mut Tx| settings::set(tx, bursar_inventory::settings::KEY, &watch).await)
        .await?;
    set_up(cx, drivers, products).await.map_err(|error| Fault::new(error.message()))?;
    // Nobody is at hand who would let many suspensions through, and who fails is looked after every morning.
    let rules = ProvisioningSettings { most_suspensions: 1_000_000, ..ProvisioningSettings::default() };
    cx.write(async move |tx: &mut Tx| settings::set(tx, KEY, &rules).await).await
}

async fn set_up(cx: &Cx, drivers: &HostingDrivers, products: Vec<i64>) -> Result<(), InventoryError> {
    let mut servers = Vec::new();
    for (name, room) in [("node-1", "10"), ("node-2", "")] {
        let details = ServerDetails {
            name: name.to_owned(),
            driver: DRIVER.to_owned(),
            region_id: None,
            settings: Settings::none().with("node", name).with("room", room),
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
    let group = GroupDetails { name: "Nodes".into(), driver: DRIVER.into(), fill: Fill::LeastUsed };
    let group_id = save_group(cx, drivers, None, group, servers).await?;
    let plan = [
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", "20"),
        ("image", "debian-13"),
        ("build_seconds", "30"),
    ];
    for product_id in products {
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
        save_map(cx, drivers, None, map).await?;
    }
    Ok(())
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
