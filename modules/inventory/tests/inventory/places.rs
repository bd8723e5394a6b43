//! Places: taken, held, kept, given back, moved, and never twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_inventory::groups::{Fill, GroupDetails, save::save_group};
use bursar_inventory::plans::{Choice, save::save_choice};
use bursar_inventory::servers::save::{add_server, remove_server, set_mode};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::{
    InventoryError, InventoryModule, NoRoom, PlacementState, Wanted, move_to, replan, reserve,
    server_for_call, servers_of_driver,
};
use bursar_jobs::Runner;
use bursar_testkit::{START, TestCx, on_both_engines, open_again};
use futures_util::future::join_all;

use crate::shop::{KEY, Shop, details, schema, with_key};

/// The jobs of the module, run until nothing is due.
async fn run_jobs(cx: &TestCx, shop: &Shop<'_>) {
    let module: Box<dyn bursar_app::Module> = Box::new(InventoryModule::new(shop.drivers.clone()));
    let app = bursar_app::App::build(&[module]).unwrap();
    let runner: &Runner = app.runner();
    while runner.drain(cx, 50).await.unwrap() > 0 {}
}

#[test]
fn a_group_fills_by_its_rule_and_a_full_one_says_so() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::UntilFull, &[Some(2), Some(1)]).await;
        shop.map(|_| ()).await;
        assert_eq!([shop.place(1).await, shop.place(2).await, shop.place(3).await], [0, 0, 1]);
        let refused = shop.reserve(shop.wanted(4)).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NoServer { group_id } if group_id == shop.group), "{refused}");
        assert!(refused.may_come());
        assert_eq!((shop.placement(4).await, shop.seats().await), (None, vec![2, 1]));
        // Given back, the seat is there again.
        shop.release(2).await;
        assert_eq!((shop.place(4).await, shop.seats().await), (0, vec![2, 1]));
    });
}

#[test]
fn one_after_the_other_goes_on_where_it_was() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::RoundRobin, &[None, None, None]).await;
        shop.map(|_| ()).await;
        let mut order = Vec::new();
        for service in 1..=5 {
            order.push(shop.place(service).await);
        }
        assert_eq!(order, [0, 1, 2, 0, 1]);
        shop.release(3).await;
        assert_eq!(shop.place(6).await, 2, "a seat that was given back does not change whose turn it is");
    });
}

#[test]
fn reserving_again_gives_the_same_place_for_as_long_as_was_asked_last() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None, None]).await;
        shop.map(|_| ()).await;
        let first = shop.reserve(shop.wanted(1)).await.unwrap();
        assert_eq!(first.plan.number("memory_mib"), Some(4_096));
        assert_eq!(first.driver, "sandbox");
        let longer = Wanted { until: START.plus_minutes(90), ..shop.wanted(1) };
        let second = shop.reserve(longer).await.unwrap();
        assert_eq!(second.server_id, first.server_id);
        assert_eq!(second.state, PlacementState::Held { until: START.plus_minutes(90) });
        // A shorter time takes nothing away.
        let third = shop.reserve(shop.wanted(1)).await.unwrap();
        assert_eq!(third.state, PlacementState::Held { until: START.plus_minutes(90) });
        assert_eq!(shop.seats().await, [1, 0]);
        // A server that turned out to be full is given up for another, and only there.
        let elsewhere = Wanted { avoid: vec![first.server_id], ..shop.wanted(1) };
        assert_ne!(shop.reserve(elsewhere.clone()).await.unwrap().server_id, first.server_id);
        assert_eq!(shop.seats().await, [0, 1]);
        assert!(shop.confirm(1).await);
        let avoided = shop.placement(1).await.unwrap();
        let stays = Wanted { avoid: vec![avoided.server_id], ..shop.wanted(1) };
        assert_eq!(shop.reserve(stays).await.unwrap().server_id, avoided.server_id, "what is kept stays");
    });
}

#[test]
fn what_nobody_confirms_falls_back_and_what_is_confirmed_stays() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[Some(2)]).await;
        shop.map(|_| ()).await;
        shop.place(1).await;
        shop.place(2).await;
        shop.reserve(Wanted { until: START.plus_minutes(120), ..shop.wanted(2) }).await.unwrap();
        assert!(shop.confirm(1).await);
        cx.test_clock().set(START.plus_minutes(61));
        run_jobs(&cx, &shop).await;
        assert_eq!(shop.seats().await, [2], "one is kept, one is held for two hours");
        cx.test_clock().set(START.plus_minutes(121));
        run_jobs(&cx, &shop).await;
        assert_eq!(shop.seats().await, [1]);
        assert_eq!(shop.placement(1).await.unwrap().state, PlacementState::Confirmed);
        assert!(shop.confirm(1).await, "twice is as good as once");
        assert!(!shop.confirm(2).await, "a place that fell back must be reserved again");
        shop.release(1).await;
        shop.release(1).await;
        assert_eq!(shop.seats().await, [0]);
    });
}

#[test]
fn no_seat_is_given_twice_however_many_ask_at_once() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[Some(4), Some(3)]).await;
        shop.map(|map| map.ipv4_count = 1).await;
        shop.pool("Front", "192.0.2.0/28", |_| ()).await;
        let rivals = Arc::new([cx.cx(), open_again(&cx), open_again(&cx)]);
        let asking = (0..20_i64).map(|service| {
            let (drivers, wanted) = (shop.drivers.clone(), shop.wanted(100 + service));
            let own = rivals[usize::try_from(service).unwrap() % 3].clone();
            async move { own.write(async move |tx: &mut Tx| reserve(tx, &drivers, &wanted).await).await }
        });
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        let mut refused = 0;
        for outcome in join_all(asking).await {
            match outcome {
                Ok(place) => *given.entry(place.addresses[0].address.clone()).or_default() += 1,
                Err(NoRoom::NoServer { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((given.len(), refused), (7, 13), "{given:?}");
        assert!(given.values().all(|times| *times == 1), "{given:?}");
        assert_eq!(shop.seats().await, [4, 3]);
    });
}

#[test]
fn draining_disabled_and_distant_servers_get_nothing() {
    on_both_engines(schema(), async |cx| {
        let mut shop = Shop::open(&cx, Fill::UntilFull, &[None, None]).await;
        let (here, there) = (shop.region("fra").await, shop.region("dac").await);
        let far = ServerDetails { region_id: Some(there), ..details("far") };
        let far = add_server(&cx, &shop.drivers, far, with_key(KEY)).await.unwrap();
        shop.servers.push(far);
        let group = GroupDetails { name: "Machines".into(), driver: "sandbox".into(), fill: Fill::UntilFull };
        let stored = Some((shop.group, 1));
        save_group(&cx, &shop.drivers, stored, group, shop.servers.clone()).await.unwrap();
        shop.map(|_| ()).await;
        set_mode(&cx, shop.servers[0], ServerMode::Draining).await.unwrap();
        assert_eq!(shop.place(1).await, 1);
        set_mode(&cx, shop.servers[1], ServerMode::Disabled).await.unwrap();
        assert_eq!(shop.place(2).await, 2);
        let asked = |service, region| Wanted { region_id: Some(region), ..shop.wanted(service) };
        assert_eq!(shop.reserve(asked(3, there)).await.unwrap().region_id, Some(there));
        let refused = shop.reserve(asked(4, here)).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NoServer { .. }), "{refused}");
    });
}

#[test]
fn a_product_without_a_whole_plan_is_refused_with_what_is_missing() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let refused = shop.reserve(shop.wanted(1)).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NotMapped { .. }) && !refused.may_come(), "{refused}");
        let map = shop.map(|map| map.settings = [("cores", "2")].into_iter().collect()).await;
        let NoRoom::BadPlan { problems, .. } = shop.reserve(shop.wanted(1)).await.unwrap_err() else {
            panic!("half a plan is no plan")
        };
        assert_eq!(
            problems,
            ["Memory: Memory is needed.", "Disk: Disk is needed.", "Image: Image is needed."]
        );
        // An option brings the rest.
        let sets = [("memory_mib", "1024"), ("disk_gib", "10"), ("image", "alma-10")];
        let choice = Choice { value_id: 71, sets: sets.into_iter().collect(), ..Choice::default() };
        save_choice(&cx, &shop.drivers, map, choice).await.unwrap();
        let bought = Wanted { options: vec![(70, 71, 1)], ..shop.wanted(1) };
        assert_eq!(shop.reserve(bought).await.unwrap().plan.text("image"), Some("alma-10"));
    });
}

#[test]
fn a_service_moves_with_what_can_come_along() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::UntilFull, &[None, Some(1)]).await;
        shop.map(|map| map.ipv4_count = 2).await;
        shop.pool("Anywhere", "192.0.2.0/31", |_| ()).await;
        let first = shop.servers[0];
        shop.pool("First only", "198.51.100.0/24", |pool| pool.servers = vec![first]).await;
        shop.place(1).await;
        shop.confirm(1).await;
        let before: Vec<String> = shop.addresses(1).await.into_iter().map(|it| it.address).collect();
        assert_eq!(before, ["198.51.100.1", "198.51.100.2"], "a server's own pool comes first");
        let second = shop.servers[1];
        let moved = cx.write(async move |tx: &mut Tx| move_to(tx, 1, second).await).await.unwrap();
        let after: Vec<String> = moved.addresses.into_iter().map(|it| it.address).collect();
        assert_eq!(after, ["192.0.2.0", "192.0.2.1"]);
        assert_eq!(shop.seats().await, [0, 1]);
        // The second server is full now, and there are no addresses left that serve it.
        shop.place(2).await;
        let refused = cx.write(async move |tx: &mut Tx| move_to(tx, 2, second).await).await.unwrap_err();
        assert!(matches!(refused, NoRoom::NoAddress { .. }), "{refused}");
        assert_eq!(shop.seats().await, [1, 1], "a refusal changes nothing");
    });
}

#[test]
fn an_upgrade_changes_plan_and_addresses_and_keeps_the_main_one() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let map = shop.map(|map| map.ipv4_count = 1).await;
        let more = Choice {
            value_id: 71,
            sets: [("memory_mib", "8192")].into_iter().collect(),
            ipv4_more: 2,
            ..Choice::default()
        };
        save_choice(&cx, &shop.drivers, map, more).await.unwrap();
        shop.pool("Front", "192.0.2.0/29", |_| ()).await;
        shop.place(1).await;
        shop.confirm(1).await;
        let change = async |options: Vec<(i64, i64, i64)>| {
            let (drivers, wanted) = (shop.drivers.clone(), Wanted { options, ..shop.wanted(1) });
            let place = cx.write(async move |tx: &mut Tx| replan(tx, &drivers, &wanted).await).await.unwrap();
            let all: Vec<String> = place.addresses.iter().map(|it| it.address.clone()).collect();
            (place.plan.number("memory_mib"), all)
        };
        let (memory, all) = change(vec![(70, 71, 1)]).await;
        assert_eq!(
            (memory, all),
            (Some(8_192), vec!["192.0.2.1".into(), "192.0.2.2".into(), "192.0.2.3".into()])
        );
        let (memory, all) = change(Vec::new()).await;
        assert_eq!((memory, all), (Some(4_096), vec!["192.0.2.1".to_owned()]));
    });
}

#[test]
fn a_server_that_carries_something_is_not_removed() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|_| ()).await;
        shop.place(1).await;
        let refused = remove_server(&cx, shop.servers[0]).await.unwrap_err();
        assert!(matches!(refused, InventoryError::InUse(_)), "{refused}");
        shop.release(1).await;
        remove_server(&cx, shop.servers[0]).await.unwrap();
        let left = cx.read(async |tx: &mut Tx| servers_of_driver(tx, "sandbox", 0, 10).await).await.unwrap();
        assert_eq!(left, []);
        let (drivers, gone) = (shop.drivers.clone(), shop.servers[0]);
        let refused = cx
            .read(async move |tx: &mut Tx| server_for_call(tx, &drivers, gone).await.map(drop))
            .await
            .unwrap_err();
        assert!(matches!(refused, InventoryError::NotFound(_)), "{refused}");
    });
}

#[test]
fn a_place_needs_no_more_than_the_caller_s_transaction() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|_| ()).await;
        let (drivers, wanted) = (shop.drivers.clone(), shop.wanted(1));
        let rolled_back = cx
            .write(async move |tx: &mut Tx| {
                reserve(tx, &drivers, &wanted).await.map_err(|it| Fault::new(it.to_string()))?;
                Err::<(), _>(Fault::new("the order came to nothing"))
            })
            .await;
        assert!(rolled_back.is_err());
        assert_eq!((shop.placement(1).await, shop.seats().await), (None, vec![0]));
        // The only job that waits is the next look at the servers, in ten minutes.
        assert_eq!(Runner::next_at(&cx).await.unwrap(), Some(START.plus_minutes(10)));
    });
}
