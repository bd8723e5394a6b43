//! What opens a server: sealed, never read back, and right when a call is made.

use bursar_db::{Tx, params};
use bursar_hosting::InventoryKind;
use bursar_inventory::groups::Fill;
use bursar_inventory::servers::health::health_of;
use bursar_inventory::servers::listing::{listing_of, listing_of_group, refresh_group, refresh_listings};
use bursar_inventory::servers::save::{NewSecret, NewSecrets, add_server, edit_server};
use bursar_inventory::servers::{HealthState, find_server, secrets_set};
use bursar_inventory::{InventoryError, ServerAccess, probe_server, server_for_call};
use bursar_testkit::{START, TestCx, on_both_engines};
use bursar_vault::Secret;

use crate::shop::{KEY, Shop, details, drivers, schema, with_key};

async fn access(shop: &Shop<'_>, id: i64) -> ServerAccess {
    let drivers = shop.drivers.clone();
    shop.cx.read(async move |tx: &mut Tx| server_for_call(tx, &drivers, id).await).await.unwrap()
}

/// Everything that was written about servers, as one text.
async fn everything(cx: &TestCx) -> String {
    let rows = cx
        .read(async |tx: &mut Tx| {
            let text = "SELECT settings || notes FROM inventory_servers
                UNION ALL SELECT sealed FROM inventory_server_secrets
                UNION ALL SELECT COALESCE(before, '') || COALESCE(after, '') FROM audit_log
                UNION ALL SELECT why || remarks FROM inventory_health";
            tx.query_text(text, params![], |row| row.get::<String>(0)).await
        })
        .await
        .unwrap();
    rows.join("\n")
}

#[test]
fn a_secret_is_sealed_and_reaches_only_a_call() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let id = shop.servers[0];
        let access = access(&shop, id).await;
        assert_eq!(access.credentials.get("api_key"), Some(KEY));
        assert_eq!(access.settings.text("node"), Some("node1"));
        assert_eq!((access.limits.at_once, access.limits.per_minute), (50, None));
        assert!(!format!("{access:?}").contains(KEY));
        let set = cx.read(async move |tx: &mut Tx| secrets_set(tx, id).await).await.unwrap();
        assert_eq!(set.into_iter().collect::<Vec<_>>(), ["api_key"]);
        assert!(!everything(&cx).await.contains(KEY));
    });
}

#[test]
fn an_empty_field_keeps_the_secret_and_a_needed_one_cannot_be_cleared() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let id = shop.servers[0];
        edit_server(&cx, &shop.drivers, (id, 1), details("renamed"), NewSecrets::new()).await.unwrap();
        assert_eq!(access(&shop, id).await.credentials.get("api_key"), Some(KEY));
        let cleared = NewSecrets::from([("api_key".to_owned(), NewSecret::Clear)]);
        let refused =
            edit_server(&cx, &shop.drivers, (id, 2), details("renamed"), cleared).await.unwrap_err();
        let InventoryError::Invalid(fields) = refused else { panic!("{refused}") };
        assert_eq!(fields[0].field, "set_api_key");
        let stale = edit_server(&cx, &shop.drivers, (id, 1), details("late"), NewSecrets::new()).await;
        assert!(matches!(stale, Err(InventoryError::Changed)));
        edit_server(&cx, &shop.drivers, (id, 2), details("renamed"), with_key("another")).await.unwrap();
        assert_eq!(access(&shop, id).await.credentials.get("api_key"), Some("another"));
        let none = add_server(&cx, &shop.drivers, details("second"), NewSecrets::new()).await;
        assert!(matches!(none, Err(InventoryError::Invalid(_))));
    });
}

#[test]
fn a_sealed_text_copied_to_another_server_does_not_open_there() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None, None]).await;
        let (first, second) = (shop.servers[0], shop.servers[1]);
        cx.write(async move |tx: &mut Tx| {
            let text =
                "UPDATE inventory_server_secrets SET sealed = (SELECT sealed FROM inventory_server_secrets
                WHERE server_id = $1) WHERE server_id = $2 RETURNING server_id";
            tx.query_text(text, params![first, second], |row| row.get::<i64>(0)).await
        })
        .await
        .unwrap();
        let drivers = shop.drivers.clone();
        let opened =
            cx.read(async move |tx: &mut Tx| server_for_call(tx, &drivers, second).await.map(drop)).await;
        assert!(matches!(opened, Err(InventoryError::Fault(_))));
    });
}

#[test]
fn a_look_is_kept_with_what_was_found() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let id = shop.servers[0];
        let look = probe_server(&cx, &shop.drivers, id).await.unwrap();
        assert_eq!(look.state, HealthState::Up);
        let known =
            async || cx.read(async move |tx: &mut Tx| health_of(tx, id).await).await.unwrap().unwrap();
        assert_eq!((known().await.figures.resource_count, known().await.since), (Some(0), START));
        cx.test_clock().set(START.plus_minutes(5));
        probe_server(&cx, &shop.drivers, id).await.unwrap();
        assert_eq!((known().await.since, known().await.checked_at), (START, START.plus_minutes(5)));
        edit_server(&cx, &shop.drivers, (id, 1), details("node1"), with_key("wrong-key-altogether"))
            .await
            .unwrap();
        let look = probe_server(&cx, &shop.drivers, id).await.unwrap();
        assert_eq!((look.state, known().await.since), (HealthState::Refused, START.plus_minutes(5)));
        let server = cx.read(async move |tx: &mut Tx| find_server(tx, id).await).await.unwrap().unwrap();
        assert_eq!((server.health, server.version), (HealthState::Refused, 2), "a look is no edit");
        assert!(!everything(&cx).await.contains("wrong-key-altogether"));
    });
}

#[test]
fn what_a_panel_offers_is_kept_with_its_time() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None, None]).await;
        let (id, group) = (shop.servers[1], shop.group);
        let images = async || {
            cx.read(async move |tx: &mut Tx| listing_of(tx, id, InventoryKind::Images).await).await.unwrap()
        };
        assert_eq!(images().await, None);
        assert_eq!(refresh_listings(&cx, &shop.drivers, id).await.unwrap(), 2);
        let first = images().await.unwrap();
        assert_eq!((first.items[0].id.as_str(), first.listed_at), ("debian-13", START));
        cx.test_clock().set(START.plus_minutes(3));
        assert_eq!(refresh_group(&cx, &shop.drivers, group).await.unwrap(), 2, "the first that answers");
        let newest = cx
            .read(async move |tx: &mut Tx| listing_of_group(tx, group, InventoryKind::Images).await)
            .await
            .unwrap();
        assert_eq!(newest.unwrap().listed_at, START.plus_minutes(3));
        // Where the second server is asked because the first does not let us in.
        let first = shop.servers[0];
        edit_server(&cx, &shop.drivers, (first, 1), details("node1"), with_key("wrong")).await.unwrap();
        assert_eq!(refresh_group(&cx, &shop.drivers, group).await.unwrap(), 2);
    });
}

#[test]
fn a_server_of_a_driver_that_is_gone_is_named() {
    on_both_engines(schema(), async |cx| {
        let mut unknown = details("node1");
        unknown.driver = "virtfusion".to_owned();
        let refused = add_server(&cx, &drivers(), unknown, with_key(KEY)).await;
        assert!(matches!(refused, Err(InventoryError::NoDriver(id)) if id == "virtfusion"));
        let secret = Secret::new(KEY.to_owned());
        assert!(!format!("{:?}", NewSecret::Set(secret)).contains(KEY));
    });
}
