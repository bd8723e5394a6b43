//! What the demo's products are made on: sandbox servers in two places, a rack of machines, and people for the rest.

use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_inventory::addresses::{PoolForm, block_address, save_pool};
use bursar_inventory::groups::save::save_group;
use bursar_inventory::groups::{Fill, GroupDetails};
use bursar_inventory::hardware::{MachineDetails, MachineState, save_machine, set_machine_state};
use bursar_inventory::plans::MapDetails;
use bursar_inventory::plans::save::save_map;
use bursar_inventory::regions::{RegionDetails, save_region};
use bursar_inventory::servers::listing::refresh_listings;
use bursar_inventory::servers::save::{NewSecret, NewSecrets, add_server};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::{HostingDrivers, InventoryError, probe_server};
use bursar_outbound::Settings;
use bursar_provisioning::settings::{KEY as PROVISIONING, ProvisioningSettings};
use bursar_vault::Secret;

use super::catalog::{COLOCATION, DEDICATED, GRAPHICS, Shelved};

const DRIVER: &str = "sandbox";
/// The sandbox's own: it opens nothing real.
const SANDBOX_KEY: &str = "sandbox-api-key";

/// Name, region, most services and weight.
const SERVERS: [(&str, usize, i64, i64); 3] =
    [("fra-node-1", 0, 400, 2), ("fra-node-2", 0, 200, 1), ("dac-node-1", 1, 200, 1)];

/// Cores, memory in MiB and disk in GiB of what each product is, in the order of the shelf.
const PLANS: [(&str, &str, &str); 7] = [
    ("1", "512", "10"),
    ("2", "2048", "100"),
    ("1", "2048", "40"),
    ("2", "4096", "80"),
    ("4", "16384", "240"),
    ("8", "65536", "1000"),
    ("2", "6144", "30"),
];
const MODEL: &str = "Ryzen 64";
/// Enough for everybody who takes one in a year, and one that is broken.
const RACK_UNITS: i64 = 36;

const BY_HAND: &str = "manual";

/// Sets up servers, groups, plan maps, addresses and machines.
pub(super) async fn furnish(cx: &Cx, drivers: &HostingDrivers, shelf: &[Shelved]) -> Result<(), Fault> {
    set_up(cx, drivers, shelf).await.map_err(|e| Fault::new(format!("the demo's servers: {e}")))
}

async fn set_up(cx: &Cx, drivers: &HostingDrivers, shelf: &[Shelved]) -> Result<(), InventoryError> {
    let mut regions = Vec::new();
    for (position, (code, name, country)) in (0..).zip([("fra", "Frankfurt", "DE"), ("dac", "Dhaka", "BD")]) {
        let details = RegionDetails {
            code: code.into(),
            name: name.into(),
            country: country.into(),
            datacentre: format!("{name} 1, hall B"),
            position,
        };
        regions.push(save_region(cx, None, details).await?);
    }
    let mut servers = Vec::new();
    for (name, region, seat_limit, weight) in SERVERS {
        let details = ServerDetails {
            settings: Settings::none().with("node", name),
            seat_limit: Some(seat_limit),
            weight,
            ..server(name, DRIVER, regions[region])
        };
        let key = NewSecret::Set(Secret::new(SANDBOX_KEY.to_owned()));
        let id = stand_up(cx, drivers, details, NewSecrets::from([("api_key".into(), key)])).await?;
        refresh_listings(cx, drivers, id).await?;
        servers.push(id);
    }
    let group = |name: &str, fill| GroupDetails { name: name.into(), driver: DRIVER.into(), fill };
    let everywhere =
        save_group(cx, drivers, None, group("Everywhere", Fill::ByRegion), servers.clone()).await?;
    let here = servers[..2].to_vec();
    let frankfurt = save_group(cx, drivers, None, group("Frankfurt", Fill::Weighted), here).await?;
    for (place, (product, (cores, memory, disk))) in shelf.iter().zip(PLANS).enumerate() {
        let plan = [
            ("cores", cores),
            ("memory_mib", memory),
            ("disk_gib", disk),
            ("image", "debian-13"),
            ("build_seconds", "20"),
        ];
        let is_whole = place == DEDICATED;
        let made = plan_map(product.id, DRIVER, if is_whole { frankfurt } else { everywhere }, &plan);
        let map = MapDetails {
            model: if is_whole { MODEL.into() } else { String::new() },
            ipv4_count: i64::from(is_whole),
            ..made
        };
        save_map(cx, drivers, None, map).await?;
    }
    people(cx, drivers, regions[0], shelf[COLOCATION]).await?;
    graphics(cx, drivers, regions[0], shelf[GRAPHICS]).await?;
    addresses(cx, regions[0]).await?;
    rack(cx, regions[0]).await
}

/// What no panel makes: each waits as a card for whoever is on site.
async fn people(
    cx: &Cx,
    drivers: &HostingDrivers,
    region: i64,
    product: Shelved,
) -> Result<(), InventoryError> {
    let details = ServerDetails {
        notes: "On site from 8 to 20.".into(),
        ..server("Hands in Frankfurt", BY_HAND, region)
    };
    let server = stand_up(cx, drivers, details, NewSecrets::new()).await?;
    let group = GroupDetails { name: "By hand".into(), driver: BY_HAND.into(), fill: Fill::Weighted };
    let group = save_group(cx, drivers, None, group, vec![server]).await?;
    let plan = [
        ("plan", "A unit in the colocation rack"),
        (
            "instructions",
            "Take the parcel from the dock, mount it, connect both feeds, note unit and switch port.",
        ),
    ];
    save_map(cx, drivers, None, plan_map(product.id, BY_HAND, group, &plan)).await.map(drop)
}

/// One card in one server. It is sold all the same when it is taken: who comes later waits, and pays when theirs is there.
async fn graphics(
    cx: &Cx,
    drivers: &HostingDrivers,
    region: i64,
    product: Shelved,
) -> Result<(), InventoryError> {
    let name = "fra-gpu-1";
    let details = ServerDetails {
        settings: Settings::none().with("node", name),
        seat_limit: Some(1),
        ..server(name, DRIVER, region)
    };
    let key = NewSecret::Set(Secret::new(SANDBOX_KEY.to_owned()));
    let server = stand_up(cx, drivers, details, NewSecrets::from([("api_key".into(), key)])).await?;
    let group = GroupDetails { name: "Graphics".into(), driver: DRIVER.into(), fill: Fill::Weighted };
    let group = save_group(cx, drivers, None, group, vec![server]).await?;
    let plan = [
        ("cores", "8"),
        ("memory_mib", "65536"),
        ("disk_gib", "1000"),
        ("image", "debian-13"),
        ("build_seconds", "20"),
    ];
    save_map(cx, drivers, None, plan_map(product.id, DRIVER, group, &plan)).await?;
    let rules = ProvisioningSettings { sell_when_full: vec![product.id], ..ProvisioningSettings::default() };
    Ok(cx.write(async move |tx: &mut Tx| settings::set(tx, PROVISIONING, &rules).await).await?)
}

/// A server with nothing special about it.
fn server(name: &str, driver: &str, region: i64) -> ServerDetails {
    ServerDetails {
        name: name.into(),
        driver: driver.into(),
        region_id: Some(region),
        settings: Settings::none(),
        mode: ServerMode::Enabled,
        seat_limit: None,
        weight: 1,
        at_once: None,
        per_minute: None,
        notes: String::new(),
    }
}

/// What a product is made from, with no address of its own.
fn plan_map(product_id: i64, driver: &str, group_id: i64, plan: &[(&str, &str)]) -> MapDetails {
    MapDetails {
        product_id,
        driver: driver.into(),
        group_id,
        region_id: None,
        model: String::new(),
        settings: plan.iter().copied().collect(),
        ipv4_count: 0,
        ipv6_count: 0,
    }
}

/// Adds a server and looks whether it answers.
async fn stand_up(
    cx: &Cx,
    drivers: &HostingDrivers,
    details: ServerDetails,
    secrets: NewSecrets,
) -> Result<i64, InventoryError> {
    let id = add_server(cx, drivers, details, secrets).await?;
    probe_server(cx, drivers, id).await?;
    Ok(id)
}

/// Networks that are set aside for documents.
async fn addresses(cx: &Cx, region: i64) -> Result<(), InventoryError> {
    for (name, network, gateway, unit, set_aside) in [
        ("Frankfurt front", "203.0.113.0/24", "203.0.113.1", "", "203.0.113.2"),
        ("Frankfurt six", "2001:db8:40::/48", "", "64", "2001:db8:40::"),
    ] {
        let form = PoolForm {
            name: name.into(),
            network: network.into(),
            gateway: gateway.into(),
            unit_prefix: unit.into(),
            region_id: Some(region),
            ..PoolForm::default()
        };
        let pool = save_pool(cx, None, form).await?;
        block_address(cx, pool, set_aside.into(), "Monitoring".into()).await?;
    }
    Ok(())
}

async fn rack(cx: &Cx, region: i64) -> Result<(), InventoryError> {
    for unit in 1..=RACK_UNITS {
        let details = MachineDetails {
            label: format!("R12-U{unit:02}"),
            model: MODEL.into(),
            specification: "Ryzen 7, 8 cores\n64 GB ECC\n2 × 1 TB NVMe, mirrored\n1 Gbit/s".into(),
            serial: format!("NL-{}", 20_410 + unit),
            region_id: Some(region),
            ..MachineDetails::default()
        };
        let id = save_machine(cx, None, details).await?;
        if unit == RACK_UNITS {
            set_machine_state(cx, id, MachineState::Broken).await?;
        }
    }
    Ok(())
}
