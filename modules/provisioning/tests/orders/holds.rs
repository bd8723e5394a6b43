//! Held, made, taken: the money for an order is the customer's until the machine runs.

use std::collections::BTreeSet;

use bursar_billing::settle::take_back::PaidBack;
use bursar_db::Tx;
use bursar_gateway_sandbox::{ChargeStatus, cards};
use bursar_messaging::notices::{Reader, list};
use bursar_money::{Currency, Money};
use bursar_ordering::carts::Picked;
use bursar_ordering::orders::decide::{Ending, reject_order, withdraw_order};
use bursar_payments::PaymentState;
use bursar_provisioning::State;
use bursar_provisioning::permissions::SERVICE_VIEW;
use bursar_provisioning::settings::{MoneyBack, ProvisioningSettings};

use crate::shop::{Shop, monthly, on_both};

fn money_back(money_back: MoneyBack) -> ProvisioningSettings {
    ProvisioningSettings { money_back, ..ProvisioningSettings::default() }
}

async fn invoice_state(shop: &Shop, invoice: i64) -> &'static str {
    let read = async move |tx: &mut Tx| bursar_billing::invoices::store::find(tx, invoice).await;
    shop.cx.read(read).await.unwrap().unwrap().state.code()
}

fn credit(minor: i64) -> Vec<Money> {
    if minor == 0 { Vec::new() } else { vec![Money::new(minor, Currency::EUR)] }
}

async fn has_credit(shop: &Shop, customer: i64) -> Vec<Money> {
    shop.credit(customer).await.into_iter().filter(Money::is_positive).collect()
}

#[test]
fn the_money_is_held_until_the_machine_runs_and_then_taken_once() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        let payment = shop.payment_of(ann).await;
        assert_eq!((payment.state, payment.amount), (PaymentState::Held, Money::new(1_000, Currency::EUR)));
        // The news comes round: the order is accepted, and its machine is being made.
        shop.drain().await;
        assert_eq!(shop.states(order).await, [State::Provisioning]);
        assert_eq!(invoice_state(shop, invoice).await, "open");
        assert!(shop.payable(ann).await.is_empty(), "nobody is asked to pay twice");
        shop.settle().await;
        assert_eq!((shop.states(order).await, shop.machine_count()), (vec![State::Active], 1));
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Captured);
        assert_eq!(invoice_state(shop, invoice).await, "paid");
        assert_eq!(shop.processor.charges()[0].captures, 1);
    });
}

#[test]
fn of_several_machines_the_last_one_takes_the_money() {
    on_both(async |shop| {
        let (vps, full) = (shop.machine("VPS", 1_000, "").await, shop.machine("Full", 700, "0").await);
        let ann = shop.customer().await;
        let (order, invoice) = shop.order(ann, vec![monthly(vps), monthly(full)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert!(shop.states(order).await.contains(&State::Active), "one of them is there");
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held, "and the other one is not");
        shop.widen("Full", "5").await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active, State::Active]);
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Captured);
    });
}

#[test]
fn what_cannot_be_made_is_let_go_and_never_charged() {
    for rule in [MoneyBack::Credit, MoneyBack::Refund] {
        on_both(async |shop| {
            shop.rules(money_back(rule)).await;
            let (full, ann) = (shop.machine("Full", 1_000, "0").await, shop.customer().await);
            let (order, invoice) = shop.order(ann, vec![monthly(full), monthly(full)]).await;
            shop.pay(ann, invoice).await;
            shop.settle().await;
            assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held);
            shop.night_in(3).await;
            assert_eq!(shop.states(order).await, [State::Deprovisioned, State::Deprovisioned]);
            assert_eq!(shop.payment_of(ann).await.state, PaymentState::Released);
            assert_eq!(shop.processor.charges()[0].status, ChargeStatus::Cancelled);
            assert_eq!(invoice_state(shop, invoice).await, "void");
            assert_eq!(has_credit(shop, ann).await, credit(0));
            let mails = shop.mails("provisioning.failed").await;
            assert_eq!(mails.len(), 2, "one for each machine");
            assert!(mails[0].contains("20.00") && mails[0].contains("are not charged"), "{}", mails[0]);
        });
    }
}

#[test]
fn of_an_order_with_more_in_it_only_what_is_there_is_taken() {
    for rule in [MoneyBack::Credit, MoneyBack::Refund] {
        on_both(async |shop| {
            shop.rules(money_back(rule)).await;
            let (full, vps) = (shop.machine("Full", 700, "0").await, shop.machine("VPS", 1_000, "").await);
            let ann = shop.customer().await;
            let (order, invoice) = shop.order(ann, vec![monthly(full), monthly(vps)]).await;
            shop.pay(ann, invoice).await;
            shop.settle().await;
            assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held);
            shop.night_in(3).await;
            assert_eq!(shop.states(order).await, [State::Deprovisioned, State::Active]);
            // 17.00 were held, 7.00 of them for what could not be made.
            let payment = shop.payment_of(ann).await;
            assert_eq!((payment.state, payment.amount.minor()), (PaymentState::Captured, 1_000));
            let charge = &shop.processor.charges()[0];
            assert_eq!((charge.captures, charge.amount_minor, charge.taken_minor()), (1, 1_700, 1_000));
            assert_eq!(invoice_state(shop, invoice).await, "paid");
            assert_eq!((has_credit(shop, ann).await, shop.processor.refunds().len()), (credit(0), 0));
            let mails = shop.mails("provisioning.failed").await;
            assert_eq!(mails.len(), 1);
            assert!(mails[0].contains("7.00") && mails[0].contains("are not charged"), "{}", mails[0]);
        });
    }
}

#[test]
fn what_nobody_makes_is_paid_for_when_the_rest_of_its_order_cannot_be_made() {
    on_both(async |shop| {
        shop.rules(money_back(MoneyBack::Refund)).await;
        let (full, mailbox) = (shop.machine("Full", 700, "0").await, shop.product("Mailbox", 199).await);
        let ann = shop.customer().await;
        let (order, invoice) = shop.order(ann, vec![monthly(full), monthly(full), monthly(mailbox)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(3).await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned, State::Deprovisioned]);
        let payment = shop.payment_of(ann).await;
        assert_eq!((payment.state, payment.amount.minor()), (PaymentState::Captured, 199));
        assert_eq!(invoice_state(shop, invoice).await, "paid");
        assert_eq!((has_credit(shop, ann).await, shop.processor.refunds().len()), (credit(0), 0));
    });
}

#[test]
fn what_is_held_for_two_orders_is_taken_for_the_one_that_runs() {
    on_both(async |shop| {
        shop.rules(money_back(MoneyBack::Refund)).await;
        let (full, vps) = (shop.machine("Full", 700, "0").await, shop.machine("VPS", 1_000, "").await);
        let ann = shop.customer().await;
        let (never, first) = shop.order(ann, vec![monthly(full)]).await;
        let (runs, second) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay_together(ann, vec![first, second]).await;
        shop.settle().await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held, "one of them is not there");
        shop.night_in(3).await;
        assert_eq!(
            (shop.states(never).await, shop.states(runs).await),
            (vec![State::Deprovisioned], vec![State::Active])
        );
        let payment = shop.payment_of(ann).await;
        assert_eq!((payment.state, payment.amount.minor()), (PaymentState::Captured, 1_000));
        assert_eq!((invoice_state(shop, first).await, invoice_state(shop, second).await), ("void", "paid"));
        assert_eq!((has_credit(shop, ann).await, shop.processor.refunds().len()), (credit(0), 0));
    });
}

#[test]
fn what_is_held_whole_is_taken_whole_and_what_failed_goes_back() {
    on_both(async |shop| {
        shop.rules(money_back(MoneyBack::Credit)).await;
        let (full, vps) = (shop.machine("Full", 700, "0").await, shop.machine("VPS", 1_000, "").await);
        let ann = shop.customer().await;
        let (order, invoice) = shop.order(ann, vec![monthly(full), monthly(vps)]).await;
        shop.pay_with(ann, invoice, cards::HOLD_WHOLE).await;
        shop.settle().await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held);
        shop.night_in(3).await;
        assert_eq!(shop.states(order).await, [State::Deprovisioned, State::Active]);
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Captured);
        assert_eq!(has_credit(shop, ann).await, credit(700));
    });
}

#[test]
fn a_bank_that_refuses_in_the_end_leaves_an_invoice_that_is_owed() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay_with(ann, invoice, cards::CAPTURE_DECLINED).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active], "it is there, and owed for");
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Declined);
        assert_eq!((invoice_state(shop, invoice).await, shop.payable(ann).await), ("open", vec![invoice]));
        assert_eq!(shop.mails("billing.payment_failed").await.len(), 1);
        // From here on as with any other: past due in the night, and paid by another card.
        shop.night_in(8).await;
        assert_eq!(shop.states(order).await, [State::Suspended]);
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(
            (shop.states(order).await, invoice_state(shop, invoice).await),
            (vec![State::Active], "paid")
        );
    });
}

#[test]
fn by_the_rule_it_is_suspended_at_once_and_given_back_with_the_payment() {
    on_both(async |shop| {
        shop.rules(ProvisioningSettings { suspend_when_not_taken: true, ..Default::default() }).await;
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay_with(ann, invoice, cards::CAPTURE_DECLINED).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Suspended]);
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Captured);
    });
}

#[test]
fn what_is_held_is_not_dunned_and_runs_out_in_good_time() {
    on_both(async |shop| {
        // Staff decide about what cannot be made, and do not.
        let (full, ann) = (shop.machine("Full", 1_000, "0").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(full)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(6).await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held);
        assert_eq!(shop.mails("billing.invoice_overdue").await.len(), 0, "six days, and nobody is reminded");
        // Twelve hours before the seventh day is over.
        shop.cx.test_clock().set(shop.cx.now().plus_minutes(12 * 60));
        shop.settle().await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Released);
        assert_eq!((invoice_state(shop, invoice).await, shop.payable(ann).await), ("open", vec![invoice]));
        assert_eq!(shop.mails("billing.payment_released").await.len(), 1);
        assert!(!shop.states(order).await.contains(&State::Active));
    });
}

#[test]
fn an_order_that_is_looked_at_is_let_go_when_it_is_not_wanted() {
    on_both(async |shop| {
        shop.review_all().await;
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!((shop.order_status(order).await, shop.machine_count()), ("pending_review", 0));
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Held);
        let ending = Ending { reason: "no such street".into(), paid: PaidBack::Gateway };
        let back = reject_order(&shop.cx, order, ending).await.unwrap();
        assert_eq!((back.released_minor, back.refunded_minor, back.voided), (1_000, 0, true));
        shop.settle().await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Released);
        assert_eq!(invoice_state(shop, invoice).await, "void");

        // The customer may take back what nobody has looked at yet.
        let (again, _) = shop.order(ann, vec![monthly(vps)]).await;
        let invoice = shop.open_invoices(ann).await[0];
        shop.pay(ann, invoice).await;
        shop.settle().await;
        withdraw_order(&shop.cx, again, ann).await.unwrap();
        shop.settle().await;
        assert_eq!(shop.order_status(again).await, "cancelled");
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Released);
    });
}

#[test]
fn an_order_that_lost_its_hold_before_anybody_looked_waits_for_its_payment_again() {
    on_both(async |shop| {
        shop.review_all().await;
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        let payment = shop.payment_of(ann).await;
        assert!(shop.processor.run_out(shop.cx.now(), &payment.key));
        shop.night_in(1).await;
        assert_eq!(shop.order_status(order).await, "pending_payment");
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.order_status(order).await, "pending_review");
    });
}

#[test]
fn what_is_paid_otherwise_lets_the_hold_go() {
    on_both(async |shop| {
        let (full, ann) = (shop.machine("Full", 1_000, "0").await, shop.customer().await);
        let (_, invoice) = shop.order(ann, vec![monthly(full)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.transfer(ann, invoice, 1_000).await;
        shop.settle().await;
        assert_eq!(invoice_state(shop, invoice).await, "paid");
        assert_eq!(
            shop.processor.charges()[0].status,
            ChargeStatus::Cancelled,
            "held no more, and not taken"
        );
        assert_eq!(has_credit(shop, ann).await, credit(0));
    });
}

#[test]
fn without_the_rule_the_money_is_taken_with_the_order() {
    on_both(async |shop| {
        shop.take_at_once().await;
        let (full, ann) = (shop.machine("Full", 1_000, "0").await, shop.customer().await);
        let (_, invoice) = shop.order(ann, vec![monthly(full)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(shop.payment_of(ann).await.state, PaymentState::Captured);
        assert_eq!(invoice_state(shop, invoice).await, "paid");
    });
}

/// How often staff were told that something is late.
async fn told_late(shop: &Shop) -> usize {
    let reader = Reader::staff(1, &BTreeSet::from([SERVICE_VIEW.to_owned()]));
    let all = shop.cx.read(async move |tx: &mut Tx| list(tx, &reader, None, 1_000).await).await.unwrap();
    all.iter().filter(|notice| notice.kind == "provisioning.late").count()
}

#[test]
fn of_several_units_staff_decide_about_the_one_that_is_missing_and_nobody_promises_otherwise() {
    on_both(async |shop| {
        shop.rules(money_back(MoneyBack::Refund)).await;
        shop.take_at_once().await;
        let (full, ann) = (shop.machine("Full", 700, "1").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![Picked { quantity: 2, ..monthly(full) }]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        assert_eq!(told_late(shop).await, 0);
        shop.night_in(3).await;
        let states = shop.states(order).await;
        assert!(states.contains(&State::Active) && !states.contains(&State::Deprovisioned), "{states:?}");
        let mails = shop.mails("provisioning.delayed").await;
        assert_eq!(mails.len(), 1);
        assert!(!mails[0].contains("money back"), "{}", mails[0]);
        assert_eq!((told_late(shop).await, shop.processor.refunds().len()), (1, 0));
    });
}

#[test]
fn where_staff_decide_they_hear_of_what_was_not_made_in_time() {
    on_both(async |shop| {
        shop.rules(money_back(MoneyBack::Wait)).await;
        let (full, vps) = (shop.machine("Full", 700, "0").await, shop.machine("VPS", 1_000, "").await);
        let ann = shop.customer().await;
        let (_, invoice) = shop.order(ann, vec![monthly(full), monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        shop.night_in(3).await;
        assert_eq!(told_late(shop).await, 1, "of the one that is missing");
    });
}
