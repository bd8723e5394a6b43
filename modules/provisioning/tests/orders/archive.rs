//! What is over is kept for a while, and can be given back.

use bursar_billing::changes::{Credit, When as Ends};
use bursar_billing::subscriptions::lifecycle::cancel_subscription;
use bursar_fault::Refusal as _;
use bursar_provisioning::State;
use bursar_provisioning::actions::resume_service;
use bursar_provisioning::archive::{archive_service, restore_service};
use bursar_provisioning::settings::{ProvisioningSettings, When};

use crate::shop::{Shop, monthly, on_both};

fn machine_count(shop: &Shop) -> usize {
    shop.panel.machines(shop.cx.now()).len()
}

/// A paid service of a new customer's: customer, order and service.
async fn paid(shop: &Shop, product: i64) -> (i64, i64, i64) {
    let ann = shop.customer().await;
    let (order, invoice) = shop.order(ann, vec![monthly(product)]).await;
    shop.pay(ann, invoice).await;
    shop.settle().await;
    (ann, order, shop.services_of(order).await[0].id)
}

async fn cancel(shop: &Shop, order: i64) {
    let subscription = shop.subscription(order).await;
    let done = cancel_subscription(&shop.cx, subscription, Ends::Now, "moved away".into(), Credit::Forfeit);
    done.await.unwrap();
    shop.settle().await;
}

#[test]
fn what_is_over_comes_back_under_a_subscription_that_pays_for_it() {
    on_both(async |shop| {
        shop.rules(ProvisioningSettings { remove_after_days: 14, ..ProvisioningSettings::default() }).await;
        let vps = shop.machine("VPS", 1_000, "").await;
        let (ann, order, id) = paid(shop, vps).await;
        let (_, strange, _) = paid(shop, vps).await;
        cancel(shop, order).await;
        let over = shop.services_of(order).await.remove(0);
        assert_eq!((over.state, machine_count(shop)), (State::Suspended, 2));
        let kept = over.archived_until.unwrap().micros() - shop.cx.now().micros();
        assert!((13..=14).contains(&(kept / 86_400_000_000)), "kept for {kept} µs");
        let why =
            async |subscription| restore_service(&shop.cx, id, subscription).await.unwrap_err().message();
        assert!(why(None).await.starts_with("Its own subscription is over."));
        assert_eq!(why(Some(999)).await, "There is no such subscription.");
        assert_eq!(
            why(Some(shop.subscription(strange).await)).await,
            "This subscription is another customer's."
        );
        assert_eq!(why(over.subscription_id).await, "This subscription is over.");
        let back = resume_service(&shop.cx, id).await.unwrap_err();
        assert!(back.message().contains("Restore it"), "nothing is given back for nothing");
        // Bought again; nothing is made for it before staff say so.
        shop.rules(ProvisioningSettings {
            remove_after_days: 14,
            when: When::ByHand,
            ..ProvisioningSettings::default()
        })
        .await;
        let (again, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        let subscription = shop.subscription(again).await;
        restore_service(&shop.cx, id, Some(subscription)).await.unwrap();
        shop.settle().await;
        assert_eq!(shop.states(again).await, [State::Active, State::Deprovisioned]);
        assert_eq!(machine_count(shop), 2, "it is the old one");
        shop.night_in(20).await;
        let states = shop.states(again).await;
        assert_eq!(
            states.iter().filter(|state| **state == State::Active).count(),
            1,
            "and it stays: {states:?}"
        );
        let taken = restore_service(&shop.cx, id, Some(subscription)).await.unwrap_err();
        assert!(taken.message().starts_with("It is not among what is kept"), "{}", taken.message());
    });
}

#[test]
fn what_staff_put_away_is_removed_when_its_time_is_over_and_not_before() {
    on_both(async |shop| {
        let vps = shop.machine("VPS", 1_000, "").await;
        let (_, order, id) = paid(shop, vps).await;
        let long = archive_service(&shop.cx, id, 400).await.unwrap_err();
        assert_eq!(long.message(), "Keep it for 1 to 365 days.");
        archive_service(&shop.cx, id, 10).await.unwrap();
        shop.settle().await;
        let away = shop.services_of(order).await.remove(0);
        assert_eq!(
            (away.state, away.hold_reason.as_str()),
            (State::Suspended, "It is kept until 2026-01-11 and then removed.")
        );
        restore_service(&shop.cx, id, None).await.unwrap();
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active], "its subscription goes on");
        archive_service(&shop.cx, id, 20).await.unwrap();
        shop.night_in(15).await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Suspended], 1));
        shop.night_in(6).await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Deprovisioned], 0));
        let gone = archive_service(&shop.cx, id, 10).await.unwrap_err();
        assert!(gone.message().starts_with("There is nothing of it"), "{}", gone.message());
    });
}
