//! A technician sets up what services are put on, by pages only.

use std::sync::Arc;

use axum::http::StatusCode;
use bursar_catalog::{
    GroupDetails, OptionDetails, OptionKind, ProductDetails, create_group, create_option,
    create_option_group, create_product, offer_option_groups,
};
use bursar_db::Tx;
use bursar_fakeserver::{FakeServer, Identity};
use bursar_fault::Fault;
use bursar_hosting_proxmox::fake::{FakeCluster, TOKEN_ID, TOKEN_SECRET};
use bursar_inventory::{NoRoom, Placement, Wanted, reserve};

use crate::{Browser, HOSTILE, House};

fn last(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// A product with a choice of memory: the product, and the value for more.
async fn product(house: &House) -> (i64, i64) {
    let cx = &house.cx;
    let group = GroupDetails { name: "Servers".to_owned(), ..GroupDetails::default() };
    let group = create_group(cx, group).await.unwrap();
    let product = create_product(cx, ProductDetails::named(group, "VPS-2")).await.unwrap();
    let options = create_option_group(cx, "Machines".to_owned()).await.unwrap();
    let memory = OptionDetails {
        group_id: options,
        name: "Memory".to_owned(),
        kind: OptionKind::Choice,
        min_qty: 0,
        max_qty: 1,
        position: 0,
        hidden: false,
    };
    let (_, values) = create_option(cx, memory, vec!["4 GB".into(), "8 GB".into()]).await.unwrap();
    offer_option_groups(cx, product, vec![options]).await.unwrap();
    (product.get(), values[1])
}

async fn place(house: &House, product_id: i64, options: Vec<(i64, i64, i64)>) -> Result<Placement, NoRoom> {
    let drivers = house.office.drivers.hosting.clone();
    let until = house.cx.now().plus_minutes(60);
    let wanted = Wanted { service_id: 900, product_id, options, region_id: None, until, avoid: Vec::new() };
    house.cx.write(async move |tx: &mut Tx| reserve(tx, &drivers, &wanted).await).await
}

const KEY: &str = "sandbox-api-key";

async fn sandbox_server(owner: &mut Browser<'_>) -> i64 {
    let choose = owner.get("/admin/servers/new").await.text;
    assert!(choose.contains("/admin/servers/new?driver=sandbox") && choose.contains("Proxmox VE"));
    let form = owner.get("/admin/servers/new?driver=sandbox").await.text;
    assert!(form.contains("API key") && form.contains("value=\"node1\""), "defaults are filled in");
    let mut typed = vec![
        ("driver", "sandbox"),
        ("name", "fra-1"),
        ("mode", "enabled"),
        ("set_api_key", "typed-by-mistake-77"),
        ("set_room", "many"),
        ("seat_limit", "20"),
        ("weight", ""),
    ];
    let wrong = owner.post("/admin/servers/new", &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Write a whole number from 0 to 1000000 machines."));
    assert!(wrong.text.contains("value=\"many\"") && wrong.text.contains("value=\"fra-1\""));
    assert!(!wrong.text.contains("typed-by-mistake-77"), "a secret does not come back onto the page");
    (typed[3].1, typed[4].1) = (KEY, "50");
    let made = owner.post("/admin/servers/new", &typed).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    last(&made.location)
}

#[tokio::test]
async fn from_an_empty_office_to_a_place_for_an_order() {
    let house = House::build().await;
    let (product, more) = product(&house).await;
    let mut owner = house.owner().await;
    assert!(owner.get("/admin/servers").await.text.contains("No servers yet"));
    let server = sandbox_server(&mut owner).await;
    let at = format!("/admin/servers/{server}");
    assert!(owner.get(&at).await.text.contains("Nobody has asked it yet"));
    assert_eq!(owner.post(&format!("{at}/test"), &[]).await.location, at);
    let page = owner.get(&at).await.text;
    assert!(page.contains("The server answers and lets us in.") && page.contains("0 of 50"), "{page}");
    assert!(!page.contains(KEY) && page.contains("not set"), "secrets are only said to be set");

    owner.get("/admin/server-groups/new?driver=sandbox").await;
    let server_text = server.to_string();
    let group = [
        ("driver", "sandbox"),
        ("name", "Machines"),
        ("fill", "least_used"),
        ("member", server_text.as_str()),
    ];
    let group = last(&owner.post("/admin/server-groups/new", &group).await.location).to_string();

    let first = owner.get("/admin/plan-maps/new").await.text;
    assert!(first.contains("VPS-2") && first.contains("Machines (Sandbox)"));
    let form = owner.get(&format!("/admin/plan-maps/new?product={product}&group={group}")).await.text;
    assert!(form.contains("Memory (MiB)") && form.contains("name=\"set_image\""));
    let product_text = product.to_string();
    let map = [
        ("product_id", product_text.as_str()),
        ("driver", "sandbox"),
        ("group_id", group.as_str()),
        ("set_cores", "2"),
        ("set_memory_mib", "4096"),
        ("set_disk_gib", "40"),
    ];
    let made = owner.post("/admin/plan-maps/new", &map).await;
    let map_at = made.location;
    let page = owner.get(&map_at).await.text;
    assert!(page.contains("Image: Image is needed."), "what the plan lacks is said");
    assert!(matches!(place(&house, product, Vec::new()).await, Err(NoRoom::BadPlan { .. })));

    // With what the panel offers the image is chosen from a list.
    owner.post(&format!("{map_at}/lists"), &[]).await;
    let page = owner.get(&map_at).await.text;
    assert!(page.contains("<option value=\"debian-13\">Debian 13 (debian-13)</option>"), "{page}");
    let mut whole = map.to_vec();
    whole.extend([("version", "1"), ("set_image", "debian-13"), ("ipv4_count", "1")]);
    assert_eq!(owner.post(&map_at, &whole).await.location, map_at);
    assert_eq!(owner.post(&map_at, &whole).await.status, StatusCode::UNPROCESSABLE_ENTITY, "an old version");
    assert!(matches!(place(&house, product, Vec::new()).await, Err(NoRoom::NoAddress { .. })));

    let value = more.to_string();
    assert!(owner.get(&format!("{map_at}/choice?value={value}")).await.text.contains("Memory: 8 GB"));
    let wrong = [("value", value.as_str()), ("add_image", "1")];
    assert_eq!(
        owner.post(&format!("{map_at}/choice"), &wrong).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let choice = [("value", value.as_str()), ("set_memory_mib", "8192")];
    assert_eq!(owner.post(&format!("{map_at}/choice"), &choice).await.location, map_at);
    assert!(owner.get(&map_at).await.text.contains("Memory = 8192"));

    owner.get("/admin/ip-pools/new").await;
    let wrong = owner.post("/admin/ip-pools/new", &[("name", "Front"), ("network", "192.0.2.9/24")]).await;
    assert!(wrong.text.contains("value=\"192.0.2.9/24\"") && wrong.text.contains("with its first address"));
    let pool =
        [("name", "Front"), ("network", "192.0.2.0/29"), ("gateway", "192.0.2.1"), ("mode", "enabled")];
    let pool = owner.post("/admin/ip-pools/new", &pool).await.location;
    owner.get(&pool).await;
    let aside = [("address", "192.0.2.2"), ("note", HOSTILE)];
    assert_eq!(owner.post(&format!("{pool}/block"), &aside).await.location, pool);

    let placed = place(&house, product, vec![(1, more, 1)]).await.unwrap();
    assert_eq!((placed.server_id, placed.plan.number("memory_mib")), (server, Some(8_192)));
    assert_eq!(placed.addresses[0].address, "192.0.2.3");
    assert!(owner.get(&at).await.text.contains("Service 900"));
    let addresses = owner.get("/admin/ip-addresses").await.text;
    assert!(addresses.contains("192.0.2.3") && !addresses.contains(HOSTILE));
    let refused = owner.post(&format!("{at}/remove"), &[]).await;
    assert_eq!(refused.location, at);
    assert!(owner.get(&at).await.text.contains("1 services and 0 machines are on this server"));
}

#[tokio::test]
async fn a_panel_that_signed_its_own_certificate_is_pinned_after_it_was_compared() {
    let house = House::build().await;
    let address = "127.0.0.1:0".parse().unwrap();
    let cluster = Arc::new(FakeCluster::in_memory());
    let panel = FakeServer::listen(address, Identity::fresh(), cluster).await.unwrap();
    let print = panel.identity().fingerprint();
    let mut owner = house.owner().await;
    owner.get("/admin/servers/new?driver=proxmox").await;
    let url = panel.url();
    let typed = [
        ("driver", "proxmox"),
        ("name", "pve"),
        ("mode", "enabled"),
        ("set_url", url.as_str()),
        ("set_token_id", TOKEN_ID),
        ("set_token_secret", TOKEN_SECRET),
    ];
    let at = owner.post("/admin/servers/new", &typed).await.location;
    owner.get(&at).await;
    owner.post(&format!("{at}/test"), &[]).await;
    let page = owner.get(&at).await.text;
    assert!(page.contains("could not be reached") && page.contains("nobody vouches for"), "{page}");
    let shown =
        page.split_once("name=\"fingerprint\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let plain = |text: &str| text.replace(':', "").to_lowercase();
    assert_eq!(plain(&shown), plain(&print));
    // Something else than what was compared is not pinned.
    owner.post(&format!("{at}/pin"), &[("fingerprint", "AB:CD")]).await;
    assert!(owner.get(&at).await.text.contains("The server shows another certificate now."));
    owner.post(&format!("{at}/pin"), &[("fingerprint", &shown)]).await;
    let page = owner.get(&at).await.text;
    assert!(page.contains("The server answers and lets us in.") && page.contains(&shown), "{page}");
    assert!(!page.contains(TOKEN_SECRET) && !page.contains("nobody vouches for"));
}

#[tokio::test]
async fn machines_wait_for_who_wipes_them_and_are_given_by_hand() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    owner.get("/admin/regions/new").await;
    let wrong = owner.post("/admin/regions/new", &[("name", "Frankfurt"), ("code", "F R A")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    owner.post("/admin/regions/new", &[("name", "Frankfurt"), ("code", "fra"), ("country", "de")]).await;
    assert!(owner.get("/admin/regions").await.text.contains("DE"));
    owner.get("/admin/machines/new").await;
    let typed = [("label", "R1-U1"), ("model", "DS-1"), ("settings", "device = 17\nnonsense")];
    let wrong = owner.post("/admin/machines/new", &typed).await;
    assert!(wrong.text.contains("Write name = value, one a line.") && wrong.text.contains("device = 17"));
    let typed = [("label", "R1-U1"), ("model", "DS-1"), ("settings", "device = 17")];
    let machine = owner.post("/admin/machines/new", &typed).await.location;
    assert!(owner.get("/admin/machines/waiting").await.text.contains("Nobody waits"));
    house
        .cx
        .write(async |tx: &mut Tx| bursar_inventory::wait_for_machine(tx, 900, 1, "DS-1").await)
        .await
        .map_err(|fault: Fault| fault)
        .unwrap();
    assert!(owner.get("/admin/machines/waiting").await.text.contains("R1-U1 (DS-1)"));
    let id = last(&machine).to_string();
    owner.post("/admin/machines/waiting", &[("service", "900"), ("machine", &id)]).await;
    let page = owner.get(&machine).await.text;
    assert!(page.contains("Reserved") && page.contains("device = 17"), "{page}");
    owner.get("/admin/settings/servers").await;
    let wrong =
        owner.post("/admin/settings/servers", &[("check_minutes", "5"), ("quarantine_days", "400")]).await;
    assert!(
        wrong.text.contains("Enter a whole number from 0 to 365.") && wrong.text.contains("value=\"400\"")
    );
    owner.post("/admin/settings/servers", &[("check_minutes", "5"), ("quarantine_days", "14")]).await;
    assert!(owner.get("/admin/settings/servers").await.text.contains("value=\"14\""));
    house.cx.write(async |tx: &mut Tx| bursar_inventory::release(tx, 900).await).await.unwrap();
    owner.post(&format!("{machine}/state"), &[("state", "broken")]).await;
    assert!(owner.get(&machine).await.text.contains("Is mended and free"));
}
