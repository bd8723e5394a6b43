//! What services use is measured by the hour, kept for a month and forgotten.

use bursar_db::Tx;
use bursar_provisioning::settings::ProvisioningSettings;
use bursar_provisioning::usage::{KEPT_DAYS, UsageLine, usage_since};
use bursar_time::Instant;

use crate::shop::{Shop, monthly, on_both};

async fn lines(shop: &Shop, service: i64) -> Vec<UsageLine> {
    let all = async move |tx: &mut Tx| usage_since(tx, service, Instant::EPOCH).await;
    shop.cx.read(all).await.unwrap()
}

async fn paid(shop: &Shop) -> i64 {
    let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
    let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
    shop.pay(ann, invoice).await;
    shop.settle().await;
    shop.services_of(order).await[0].id
}

#[test]
fn each_round_leaves_one_line_and_old_ones_go() {
    on_both(async |shop| {
        let id = paid(shop).await;
        shop.tick("provisioning.measure_daily").await;
        for _ in 0..8 {
            shop.cx.test_clock().advance_seconds(3 * 3_600);
            shop.settle().await;
        }
        let all = lines(shop, id).await;
        assert!((3..=9).contains(&all.len()), "{} lines in a day", all.len());
        let hours: Vec<i64> = all.iter().map(|line| line.at.micros() / 3_600_000_000).collect();
        assert!(hours.windows(2).all(|pair| pair[1] - pair[0] >= 3), "every three hours: {hours:?}");
        assert!(all.iter().all(|line| line.cpu_ppm.is_some() && line.memory_bytes.is_some()), "{all:?}");
        assert_eq!(all[0].out_bytes, None, "what came before the first reading nobody knows");
        assert!(all[1..].iter().all(|line| line.out_bytes.is_some_and(|bytes| bytes >= 0)), "{all:?}");
        shop.cx.test_clock().set(shop.cx.now().plus_days(KEPT_DAYS + 1));
        shop.tick("provisioning.measure_daily").await;
        shop.settle().await;
        let left = lines(shop, id).await;
        assert!(left.iter().all(|line| line.at > all[all.len() - 1].at), "old ones are gone: {left:?}");
    });
}

#[test]
fn nobody_is_asked_where_staff_do_not_want_it() {
    on_both(async |shop| {
        shop.rules(ProvisioningSettings { measure_every_hours: 0, ..ProvisioningSettings::default() }).await;
        let id = paid(shop).await;
        shop.tick("provisioning.measure_daily").await;
        shop.cx.test_clock().advance_seconds(86_400);
        shop.settle().await;
        assert_eq!(lines(shop, id).await, []);
    });
}
