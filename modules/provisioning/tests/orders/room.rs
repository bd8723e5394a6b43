//! Room before money: what cannot be delivered is not sold, and what is not paid for makes room again.

use bursar_billing::settle::take_back::PaidBack;
use bursar_fault::Refusal as _;
use bursar_money::{Currency, Money};
use bursar_ordering::carts::Picked;
use bursar_ordering::orders::decide::{Ending, cancel_order};
use bursar_provisioning::State;
use bursar_provisioning::settings::ProvisioningSettings;
use futures_util::future::join_all;

use crate::shop::{monthly, on_both};

fn ending(paid: PaidBack) -> Ending {
    Ending { reason: "ordered by mistake".to_owned(), paid }
}

#[test]
fn an_order_for_which_there_is_no_room_is_refused_before_anybody_pays() {
    on_both(async |shop| {
        let (vps, ann, bob) =
            (shop.machine("VPS", 1_000, "").await, shop.customer().await, shop.customer().await);
        shop.limit("VPS", 2).await;
        let two = Picked { quantity: 2, ..monthly(vps) };
        let (order, invoice) = shop.order(ann, vec![two]).await;
        let refused = shop.try_order(bob, vec![monthly(vps)]).await.unwrap_err();
        assert_eq!(
            refused.message(),
            "VPS is sold out at the moment. Nothing was ordered and nothing is owed. Take it out of the cart to go on \
             with the rest, or try again later."
        );
        assert_eq!(shop.open_invoices(bob).await, [] as [i64; 0]);
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active; 2]);
        // Another seat, and the same cart goes through: refusing it lost nothing.
        shop.limit("VPS", 3).await;
        let (order, invoice) = shop.order(bob, Vec::new()).await;
        shop.pay(bob, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
    });
}

#[test]
fn what_is_never_paid_for_makes_room_again() {
    on_both(async |shop| {
        let (vps, ann, bob) =
            (shop.machine("VPS", 1_000, "").await, shop.customer().await, shop.customer().await);
        shop.limit("VPS", 1).await;
        let (order, _) = shop.order(ann, vec![monthly(vps)]).await;
        assert!(shop.try_order(bob, vec![monthly(vps)]).await.is_err());
        // A week is what an order waits for its payment; its place is free the moment it is cancelled.
        shop.cx.test_clock().set(shop.cx.now().plus_days(7).plus_minutes(1));
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned]);
        let (order, invoice) = shop.order(bob, Vec::new()).await;
        shop.pay(bob, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
    });
}

#[test]
fn of_many_who_want_the_last_place_one_gets_it() {
    on_both(async |shop| {
        let vps = shop.machine("VPS", 1_000, "").await;
        shop.limit("VPS", 1).await;
        let mut buyers = Vec::new();
        for _ in 0..8 {
            buyers.push(shop.customer().await);
        }
        let placed = join_all(buyers.iter().map(|buyer| shop.try_order(*buyer, vec![monthly(vps)]))).await;
        assert_eq!(placed.iter().filter(|placed| placed.is_ok()).count(), 1);
    });
}

#[test]
fn a_product_may_be_sold_although_it_has_to_wait() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        shop.limit("VPS", 0).await;
        shop.rules(ProvisioningSettings { sell_when_full: vec![vps], ..Default::default() }).await;
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        assert!(shop.services_of(order).await[0].why.contains("No server of the group has room"));
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Queued]);
        shop.limit("VPS", 1).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
    });
}

#[test]
fn an_accepted_order_is_called_off_with_its_machines_and_its_money() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
        let back = cancel_order(&shop.cx, order, ending(PaidBack::Credit)).await.unwrap();
        assert_eq!(back.to_credit_minor, 1_000);
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned]);
        assert_eq!(shop.panel.machines(shop.cx.now()).len(), 0);
        assert_eq!(shop.credit(ann).await, [Money::new(1_000, Currency::EUR)]);

        // Once it was billed again, part of the money was used.
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(32).await;
        let refused = cancel_order(&shop.cx, order, ending(PaidBack::Credit)).await.unwrap_err();
        assert!(refused.message().contains("was billed again"), "{}", refused.message());
        assert_eq!(shop.states(order).await, [State::Active]);
    });
}
