//! Money comes, and a machine; money stays away, and it is taken away; money comes back.

use bursar_billing::changes::{Credit, When as Ends};
use bursar_billing::subscriptions::lifecycle::{
    ResumeDay, cancel_subscription, pause_subscription, resume_subscription,
};
use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_money::{Currency, Money};
use bursar_ordering::carts::Picked;
use bursar_provisioning::State;
use bursar_provisioning::settings::{MoneyBack, ProvisioningSettings, When};
use bursar_provisioning::suspension::{Word, count_held, list_held, release};

use crate::shop::{Shop, monthly, on_both};

fn machine_count(shop: &Shop) -> usize {
    shop.panel.machines(shop.cx.now()).len()
}

#[test]
fn from_the_order_to_the_end() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.settle().await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Pending], 0));
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Active], 1));
        // Bought on 1 January; the February invoice is due a week into February and is not paid.
        shop.night_in(31).await;
        assert_eq!(shop.states(order).await, [State::Active]);
        shop.night_in(8).await;
        assert_eq!(shop.states(order).await, [State::Suspended]);
        assert!(shop.panel.machines(shop.cx.now())[0].suspended);
        let open = shop.open_invoices(ann).await;
        assert_eq!(open.len(), 1);
        shop.pay(ann, open[0]).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
        assert!(!shop.panel.machines(shop.cx.now())[0].suspended);
        let subscription = shop.subscription(order).await;
        let done =
            cancel_subscription(&shop.cx, subscription, Ends::Now, "moved away".into(), Credit::Forfeit);
        done.await.unwrap();
        shop.settle().await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Deprovisioned], 0));
    });
}

#[test]
fn each_unit_is_a_machine_and_what_nobody_delivers_is_none() {
    on_both(async |shop| {
        let (vps, hours) = (shop.machine("VPS", 1_000, "").await, shop.product("Support", 500).await);
        let ann = shop.customer().await;
        let three = Picked { quantity: 3, ..monthly(vps) };
        let (order, invoice) = shop.order(ann, vec![three, monthly(hours)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Active; 3], 3));
    });
}

#[test]
fn a_unit_that_was_given_up_and_is_taken_again_is_another_machine() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let three = Picked { quantity: 3, ..monthly(vps) };
        let (order, invoice) = shop.order(ann, vec![three]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.quantity(order, 1).await;
        assert_eq!(machine_count(shop), 1);
        shop.quantity(order, 3).await;
        let gone = State::Deprovisioned;
        assert_eq!(shop.states(order).await, [State::Active, gone, gone, State::Active, State::Active]);
        assert_eq!(machine_count(shop), 3);
    });
}

/// Found by the simulation: a unit that was added while the subscription was past due was made and stayed.
#[test]
fn more_of_what_is_owed_for_is_begun_with_the_payment() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(31).await;
        shop.night_in(8).await;
        assert_eq!(shop.states(order).await, [State::Suspended]);
        shop.quantity(order, 2).await;
        assert_eq!(shop.states(order).await, [State::Suspended, State::Pending]);
        assert_eq!(machine_count(shop), 1);
        for invoice in shop.open_invoices(ann).await {
            shop.pay(ann, invoice).await;
        }
        shop.settle().await;
        assert_eq!((shop.states(order).await, machine_count(shop)), (vec![State::Active; 2], 2));
    });
}

/// Found by the simulation: what was owed for came back for days when it was paused and resumed.
#[test]
fn a_pause_is_no_payment() {
    on_both(async |shop| {
        let (vps, kept) = (shop.machine("VPS", 1_000, "").await, shop.machine("Kept", 1_000, "").await);
        let ann = shop.customer().await;
        shop.rules(ProvisioningSettings { never_suspend: vec![kept], ..Default::default() }).await;
        let (order, invoice) = shop.order(ann, vec![monthly(vps), monthly(kept)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(31).await;
        shop.night_in(8).await;
        assert_eq!(shop.states(order).await, [State::Suspended, State::Active], "the second never is");
        for service in shop.services_of(order).await {
            let id = service.subscription_id.unwrap();
            pause_subscription(&shop.cx, id, Ends::Now, Credit::Forfeit).await.unwrap();
            shop.settle().await;
            resume_subscription(&shop.cx, id, ResumeDay::Keep).await.unwrap();
            shop.settle().await;
        }
        assert_eq!(shop.states(order).await, [State::Suspended, State::Active]);
        let services = shop.services_of(order).await;
        let reasons: Vec<&str> = services.iter().map(|service| service.hold_reason.as_str()).collect();
        assert_eq!(reasons, ["An invoice is overdue.", ""]);
        for invoice in shop.open_invoices(ann).await {
            shop.pay(ann, invoice).await;
        }
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active; 2]);
    });
}

#[test]
fn a_product_is_made_when_its_rule_says_so() {
    on_both(async |shop| {
        let ann = shop.customer().await;
        let at_once = shop.machine("At once", 1_000, "").await;
        let by_hand = shop.machine("By hand", 1_000, "").await;
        let when_by_product = [(at_once, When::Ordered), (by_hand, When::ByHand)].into_iter().collect();
        shop.rules(ProvisioningSettings { when_by_product, ..Default::default() }).await;
        let (first, _) = shop.order(ann, vec![monthly(at_once)]).await;
        let (second, invoice) = shop.order(ann, vec![monthly(by_hand)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(first).await, [State::Active], "not paid, and made");
        assert_eq!(shop.states(second).await, [State::Pending], "paid, and staff decide");
        let id = shop.services_of(second).await[0].id;
        bursar_provisioning::actions::start_service(&shop.cx, id).await.unwrap();
        shop.settle().await;
        assert_eq!(shop.states(second).await, [State::Active]);
    });
}

#[test]
fn an_order_that_is_not_paid_in_time_leaves_no_place_taken() {
    on_both(async |shop| {
        // One seat: while the first order holds it, the second one has no place, and says so.
        let (vps, ann) = (shop.machine("VPS", 1_000, "1").await, shop.customer().await);
        let (order, _) = shop.order(ann, vec![monthly(vps)]).await;
        shop.settle().await;
        shop.night_in(8).await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned]);
        let (again, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!((shop.states(again).await, machine_count(shop)), (vec![State::Active], 1));
    });
}

#[test]
fn what_cannot_be_made_is_credited_after_the_hours_that_are_set() {
    on_both(async |shop| {
        let rules = ProvisioningSettings {
            money_back: MoneyBack::Credit,
            money_back_hours: 48,
            give_up_hours: 24,
            ..ProvisioningSettings::default()
        };
        shop.rules(rules).await;
        shop.take_at_once().await;
        let (full, ann) = (shop.machine("Full", 1_000, "0").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(full)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert!(!shop.states(order).await.contains(&State::Active));
        assert!(shop.credit(ann).await.iter().all(|credit| credit.minor() == 0), "not yet");
        shop.night_in(3).await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned]);
        assert_eq!(shop.credit(ann).await, [Money::new(1_000, Currency::EUR)]);
        assert_eq!(machine_count(shop), 0);
    });
}

#[test]
fn of_an_order_with_more_in_it_only_what_failed_is_credited() {
    on_both(async |shop| {
        let rules = ProvisioningSettings { money_back: MoneyBack::Credit, ..ProvisioningSettings::default() };
        shop.rules(rules).await;
        shop.take_at_once().await;
        let (full, vps) = (shop.machine("Full", 700, "0").await, shop.machine("VPS", 1_000, "").await);
        let ann = shop.customer().await;
        let (order, invoice) = shop.order(ann, vec![monthly(full), monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(3).await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned, State::Active]);
        assert_eq!(shop.credit(ann).await, [Money::new(700, Currency::EUR)]);
        assert_eq!(machine_count(shop), 1);
    });
}

#[test]
fn many_suspensions_on_one_day_wait_for_a_person() {
    on_both(async |shop| {
        shop.rules(ProvisioningSettings {
            most_suspensions: 2,
            alert_email: "staff@example.com".to_owned(),
            ..Default::default()
        })
        .await;
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let five = Picked { quantity: 5, ..monthly(vps) };
        let (order, invoice) = shop.order(ann, vec![five]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(31).await;
        shop.night_in(8).await;
        let suspended = |states: &[State]| states.iter().filter(|state| **state == State::Suspended).count();
        assert_eq!(suspended(&shop.states(order).await), 2);
        let held = shop.cx.read(async |tx: &mut Tx| list_held(tx, i64::MIN, 10).await).await.unwrap();
        assert_eq!(held.len(), 3);
        let stale = release(&shop.cx, Word::Suspend, 4).await.unwrap_err();
        assert!(stale.message().contains("3 suspensions wait by now"), "{}", stale.message());
        assert_eq!(release(&shop.cx, Word::Suspend, 3).await.unwrap(), 3);
        shop.settle().await;
        assert_eq!(suspended(&shop.states(order).await), 5);
        let open = shop.open_invoices(ann).await;
        shop.pay(ann, open[0]).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, vec![State::Active; 5]);
        assert_eq!(shop.cx.read(async |tx: &mut Tx| count_held(tx).await).await.unwrap(), 0);
    });
}

#[test]
fn who_pays_before_the_days_are_over_is_never_suspended() {
    on_both(async |shop| {
        shop.rules(ProvisioningSettings { suspend_after_days: 5, ..Default::default() }).await;
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(31).await;
        shop.night_in(8).await;
        let open = shop.open_invoices(ann).await;
        shop.pay(ann, open[0]).await;
        shop.settle().await;
        shop.cx.test_clock().set(shop.cx.now().plus_days(6));
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
        assert!(!shop.panel.machines(shop.cx.now())[0].suspended);
    });
}
