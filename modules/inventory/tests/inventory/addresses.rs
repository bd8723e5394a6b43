//! Addresses: given once, resting, set aside, in pools that do not overlap.

use bursar_inventory::addresses::{
    PoolForm, block_address, find_pool, pool_counts, save_pool, set_reverse_dns, unblock_address,
};
use bursar_inventory::groups::Fill;
use bursar_inventory::{InventoryError, NoRoom};
use bursar_testkit::{START, on_both_engines};

use crate::shop::{Shop, schema};

async fn first_of(shop: &Shop<'_>, service: i64) -> String {
    shop.place(service).await;
    shop.addresses(service).await[0].address.clone()
}

#[test]
fn an_address_that_was_used_rests_and_one_that_was_only_held_does_not() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        // Two usable addresses.
        shop.pool("Front", "192.0.2.0/30", |pool| pool.gateway = String::new()).await;
        assert_eq!(first_of(&shop, 1).await, "192.0.2.1");
        shop.release(1).await;
        assert_eq!(first_of(&shop, 2).await, "192.0.2.1", "nobody ever had it");
        assert!(shop.confirm(2).await);
        assert_eq!(first_of(&shop, 3).await, "192.0.2.2");
        shop.release(2).await;
        let refused = shop.reserve(shop.wanted(4)).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NoAddress { .. }), "{refused}");
        // Seven days, and not a minute less.
        cx.test_clock().set(START.plus_minutes(7 * 24 * 60 - 1));
        assert!(shop.reserve(shop.wanted(4)).await.is_err());
        cx.test_clock().set(START.plus_minutes(7 * 24 * 60));
        assert_eq!(first_of(&shop, 4).await, "192.0.2.1");
    });
}

#[test]
fn gateways_and_what_was_set_aside_are_passed_over() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        let pool = shop.pool("Front", "192.0.2.0/29", |pool| pool.gateway = "192.0.2.1".into()).await;
        block_address(&cx, pool, "192.0.2.2".into(), "Monitor".into()).await.unwrap();
        let counts = cx
            .read(async move |tx: &mut bursar_db::Tx| {
                let pool = find_pool(tx, pool).await?.expect("it was just made");
                pool_counts(tx, &pool).await
            })
            .await
            .unwrap();
        // Six usable ones, one of which is the gateway, and one set aside.
        assert_eq!((counts["all"], counts["free"], counts["blocked"]), (5, 4, 1));
        assert_eq!(first_of(&shop, 1).await, "192.0.2.3");
        let own = &shop.addresses(1).await[0];
        assert_eq!((own.prefix, own.gateway.as_deref()), (29, Some("192.0.2.1")));
        let refused = block_address(&cx, pool, "192.0.2.3".into(), String::new()).await.unwrap_err();
        assert!(matches!(refused, InventoryError::Invalid(_)), "{refused}");
        let refused = block_address(&cx, pool, "198.51.100.1".into(), String::new()).await.unwrap_err();
        assert!(matches!(refused, InventoryError::Invalid(_)), "{refused}");
        // 4, 5 and 6 are left; then nothing but what is let go again.
        for service in 2..=4 {
            shop.place(service).await;
        }
        assert!(shop.reserve(shop.wanted(5)).await.is_err());
        let aside = cx
            .read(async |tx: &mut bursar_db::Tx| {
                let text = "SELECT id FROM inventory_addresses WHERE state = 'blocked'";
                tx.query_text(text, bursar_db::params![], |row| row.get::<i64>(0)).await
            })
            .await
            .unwrap();
        unblock_address(&cx, aside[0]).await.unwrap();
        assert_eq!(first_of(&shop, 5).await, "192.0.2.2");
    });
}

#[test]
fn both_families_go_together_and_a_network_for_each_is_known_by_its_first_address() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| (map.ipv4_count, map.ipv6_count) = (1, 1)).await;
        shop.pool("Four", "192.0.2.0/24", |pool| pool.first = "192.0.2.100".into()).await;
        let refused = shop.reserve(shop.wanted(1)).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NoAddress { .. }), "{refused}");
        assert_eq!(shop.seats().await, [0]);
        shop.pool("Six", "2001:db8::/56", |pool| pool.unit_prefix = "64".into()).await;
        shop.place(1).await;
        shop.place(2).await;
        let both = |all: Vec<bursar_inventory::addresses::Assigned>| {
            all.into_iter().map(|it| format!("{}/{}", it.address, it.prefix)).collect::<Vec<_>>()
        };
        assert_eq!(both(shop.addresses(1).await), ["192.0.2.100/24", "2001:db8::1/64"]);
        assert_eq!(both(shop.addresses(2).await), ["192.0.2.101/24", "2001:db8:0:1::1/64"]);
    });
}

#[test]
fn pools_serve_their_servers_or_their_region() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::UntilFull, &[None, None]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        let (region, second) = (shop.region("fra").await, shop.servers[1]);
        shop.pool("Region", "192.0.2.0/24", |pool| pool.region_id = Some(region)).await;
        assert!(shop.reserve(shop.wanted(1)).await.is_err(), "the servers stand nowhere");
        shop.pool("Second", "198.51.100.0/24", |pool| pool.servers = vec![second]).await;
        // The first server would be next, and has no addresses.
        assert_eq!(shop.place(1).await, 1);
    });
}

#[test]
fn pools_do_not_overlap_and_keep_what_they_gave() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        let pool = shop.pool("Front", "192.0.2.0/24", |_| ()).await;
        let form = |name: &str, network: &str| PoolForm {
            name: name.to_owned(),
            network: network.to_owned(),
            ..PoolForm::default()
        };
        let field = |refused: InventoryError| match refused {
            InventoryError::Invalid(fields) => fields[0].field.to_string(),
            other => panic!("{other}"),
        };
        let overlapping = form("Back", "192.0.2.128/25");
        assert_eq!(field(save_pool(&cx, None, overlapping).await.unwrap_err()), "network");
        let namesake = form("Front", "198.51.100.0/24");
        assert_eq!(field(save_pool(&cx, None, namesake).await.unwrap_err()), "name");
        shop.place(1).await;
        let smaller = form("Front", "192.0.2.128/25");
        assert_eq!(field(save_pool(&cx, Some((pool, 1)), smaller).await.unwrap_err()), "network");
        let other_size = PoolForm { unit_prefix: "30".into(), ..form("Front", "192.0.2.0/24") };
        assert_eq!(field(save_pool(&cx, Some((pool, 1)), other_size).await.unwrap_err()), "unit_prefix");
        let renamed = form("Frontier", "192.0.2.0/24");
        save_pool(&cx, Some((pool, 1)), renamed.clone()).await.unwrap();
        let stale = save_pool(&cx, Some((pool, 1)), renamed).await.unwrap_err();
        assert!(matches!(stale, InventoryError::Changed), "{stale}");
    });
}

#[test]
fn the_name_backwards_belongs_to_whoever_has_the_address() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        shop.pool("Front", "192.0.2.0/30", |_| ()).await;
        shop.place(1).await;
        let id = shop.addresses(1).await[0].id;
        set_reverse_dns(&cx, id, "Mail.Example.com.".into()).await.unwrap();
        assert_eq!(shop.addresses(1).await[0].reverse_dns, "mail.example.com");
        assert!(set_reverse_dns(&cx, id, "not a name".into()).await.is_err());
        shop.release(1).await;
        assert!(set_reverse_dns(&cx, id, "late.example.com".into()).await.is_err());
        shop.place(2).await;
        assert_eq!(shop.addresses(2).await[0].reverse_dns, "", "the next one does not inherit it");
    });
}
