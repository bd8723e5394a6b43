//! Everything goes wrong at once, drawn from seeds; when it stops, every payment ends and the books are right.

use bursar_gateway_sandbox::{Authentication, FaultPlan, cards};
use bursar_ids::Rng;
use bursar_money::{Currency, Money};
use bursar_payments::PaymentState;

use crate::shop::{Shop, on_both};

const CARDS: &[&str] = &[
    cards::VISA,
    cards::VISA,
    cards::AUTHENTICATE,
    cards::PENDING,
    cards::PENDING_DECLINED,
    cards::LOSE_AFTER,
    cards::LOSE_BEFORE,
    cards::REFUND_PENDING,
    cards::REFUND_FAILS_LATER,
    cards::CAPTURE_DECLINED,
    cards::HOLD_SHORT,
    "tok_decline:expired_card",
];

async fn step(shop: &Shop, rng: &mut Rng, n: u64) {
    let currency = *rng.pick(&[Currency::EUR, Currency::JPY, Currency::KWD]).unwrap();
    let card = *rng.pick(CARDS).unwrap();
    let amount = Money::new(i64::try_from(rng.below(100_000)).unwrap() + 1, currency);
    if rng.chance_ppm(500_000) {
        shop.intend_hold(&format!("storm-{n}"), card, amount).await;
    } else {
        shop.intend(&format!("storm-{n}"), card, amount).await;
    }
    shop.cx.test_clock().advance_seconds(i64::try_from(rng.below(900)).unwrap());
    shop.run_jobs().await;
    shop.carry_webhooks().await;
    if rng.chance_ppm(300_000) {
        shop.reconcile().await;
    }
    for payment in shop.payments().await {
        let now = shop.cx.now();
        if payment.state == PaymentState::RequiresAction && rng.chance_ppm(300_000) {
            let answer = *rng.pick(&[Authentication::Approved, Authentication::Rejected]).unwrap();
            shop.processor.complete_authentication(now, &payment.gateway_reference, answer).unwrap();
        }
        if payment.state == PaymentState::Held && rng.chance_ppm(200_000) {
            let granted = if rng.chance_ppm(600_000) {
                shop.take(payment.id).await
            } else {
                shop.let_go(payment.id).await
            };
            assert!(granted, "what is held can be decided about");
        }
        let left = payment.amount.minor() - payment.refunded.minor();
        if payment.state == PaymentState::Captured && left > 0 && rng.chance_ppm(50_000) {
            let part = i64::try_from(rng.below(left.unsigned_abs())).unwrap() + 1;
            shop.refund(&format!("r{n}-{}", payment.id), payment.id, part).await.unwrap();
        }
    }
}

async fn weather(shop: &Shop, seed: u64) {
    let mut rng = Rng::from_seed(seed);
    shop.processor.set_plan(FaultPlan::stormy(seed));
    for n in 0..25 {
        step(shop, &mut rng, n).await;
    }
    shop.processor.set_plan(FaultPlan::calm());
    // Calm: a week suffices for every pause, settlement, late webhook, abandoned confirmation and hold that nobody decided
    // about. The jobs alone see to it: nobody calls the reconciler.
    for _ in 0..190 {
        shop.cx.test_clock().advance_seconds(3_600);
        shop.carry_webhooks().await;
        shop.run_jobs().await;
    }
    assert_eq!(shop.waiting_jobs().await, 0, "seed {seed}: the queue is empty");
    let open: Vec<_> =
        shop.payments().await.into_iter().filter(|p| !p.state.is_final()).map(|p| (p.id, p.state)).collect();
    assert_eq!(open, [], "seed {seed}: every payment ends");
    assert_eq!(shop.dead_jobs().await, 0, "seed {seed}: nothing waits for a person");
    shop.audit().await;
}

#[test]
fn after_the_storm_every_payment_has_ended_and_the_books_are_right_seed_1() {
    on_both(async |shop| weather(&shop, 1).await);
}

#[test]
fn after_the_storm_every_payment_has_ended_and_the_books_are_right_seed_2() {
    on_both(async |shop| weather(&shop, 2).await);
}

#[test]
fn after_the_storm_every_payment_has_ended_and_the_books_are_right_seed_3() {
    on_both(async |shop| weather(&shop, 3).await);
}
