//! Whole machines: stock, the waiting list, and what comes back.

use bursar_db::Tx;
use bursar_inventory::groups::Fill;
use bursar_inventory::hardware::{
    MachineDetails, MachineState, assign_machine, find_machine, save_machine, set_machine_state, waiting,
};
use bursar_inventory::{InventoryError, NoRoom, wait_for_machine};
use bursar_testkit::on_both_engines;

use crate::shop::{PRODUCT, Shop, schema};

async fn machine(shop: &Shop<'_>, label: &str) -> i64 {
    let details = MachineDetails {
        label: label.to_owned(),
        model: "DS-1".to_owned(),
        settings: [("region", "fra")].into_iter().collect(),
        ..MachineDetails::default()
    };
    save_machine(shop.cx, None, details).await.unwrap()
}

async fn state(shop: &Shop<'_>, id: i64) -> (MachineState, Option<i64>) {
    let found = shop.cx.read(async move |tx: &mut Tx| find_machine(tx, id).await).await.unwrap().unwrap();
    (found.state, found.service_id)
}

async fn wait(shop: &Shop<'_>, service: i64) {
    shop.cx
        .write(async move |tx: &mut Tx| wait_for_machine(tx, service, PRODUCT, "DS-1").await)
        .await
        .unwrap();
}

#[test]
fn a_machine_goes_from_free_to_its_service_and_comes_back_to_be_wiped() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.model = "DS-1".into()).await;
        let id = machine(&shop, "R1-U1").await;
        let place = shop.reserve(shop.wanted(1)).await.unwrap();
        assert_eq!(
            (place.machine_id, place.plan.text("region")),
            (Some(id), Some("fra")),
            "its own settings win"
        );
        assert_eq!(state(&shop, id).await, (MachineState::Reserved, Some(1)));
        shop.release(1).await;
        assert_eq!(state(&shop, id).await, (MachineState::Free, None), "nobody had it");
        shop.place(2).await;
        shop.confirm(2).await;
        assert_eq!(state(&shop, id).await, (MachineState::InUse, Some(2)));
        let refused = set_machine_state(&cx, id, MachineState::Free).await.unwrap_err();
        assert!(matches!(refused, InventoryError::InUse(_)), "{refused}");
        shop.release(2).await;
        assert_eq!(state(&shop, id).await, (MachineState::Returned, None));
        assert!(shop.reserve(shop.wanted(3)).await.is_err(), "it was not wiped yet");
        set_machine_state(&cx, id, MachineState::Free).await.unwrap();
        shop.place(3).await;
    });
}

#[test]
fn who_waits_for_longer_comes_first_unless_a_person_decides() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.model = "DS-1".into()).await;
        let refused = shop.reserve(shop.wanted(1)).await.unwrap_err();
        assert!(matches!(&refused, NoRoom::NoMachine { ahead: 0, .. }) && refused.may_come(), "{refused}");
        wait(&shop, 1).await;
        cx.test_clock().set(bursar_testkit::START.plus_minutes(1));
        wait(&shop, 2).await;
        let first = machine(&shop, "R1-U1").await;
        let refused = shop.reserve(shop.wanted(2)).await.unwrap_err();
        assert!(matches!(&refused, NoRoom::NoMachine { ahead: 1, .. }), "{refused}");
        let refused = shop.reserve(shop.wanted(3)).await.unwrap_err();
        assert!(matches!(&refused, NoRoom::NoMachine { ahead: 2, .. }), "{refused}");
        let place = shop.reserve(shop.wanted(1)).await.unwrap();
        assert_eq!(place.machine_id, Some(first));
        let left = cx.read(async |tx: &mut Tx| waiting(tx, 10).await).await.unwrap();
        assert_eq!(left.iter().map(|it| it.service_id).collect::<Vec<_>>(), [2]);
        // Of two machines the one who waits gets one, and the other is anybody's.
        let (second, third) = (machine(&shop, "R1-U2").await, machine(&shop, "R1-U3").await);
        wait(&shop, 4).await;
        assign_machine(&cx, third, 4).await.unwrap();
        assert_eq!(state(&shop, third).await, (MachineState::Reserved, Some(4)));
        assert_eq!(shop.reserve(shop.wanted(4)).await.unwrap().machine_id, Some(third));
        assert_eq!(shop.reserve(shop.wanted(2)).await.unwrap().machine_id, Some(second));
        let refused = assign_machine(&cx, second, 9).await.unwrap_err();
        assert!(matches!(refused, InventoryError::Invalid(_)), "{refused}");
    });
}

#[test]
fn a_machine_that_was_chosen_for_nothing_is_free_again() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        shop.map(|map| map.model = "DS-1".into()).await;
        wait(&shop, 1).await;
        let id = machine(&shop, "R1-U1").await;
        assign_machine(&cx, id, 1).await.unwrap();
        shop.release(1).await;
        assert_eq!(state(&shop, id).await, (MachineState::Free, None));
        assert_eq!(cx.read(async |tx: &mut Tx| waiting(tx, 10).await).await.unwrap(), []);
    });
}
