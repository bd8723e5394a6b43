use bursar_gateway_sandbox::{CallTrouble, cards};
use bursar_ledger::Account;
use bursar_money::{Currency, Money};
use bursar_payments::{Destination, PaymentState, RefundRefused, RefundState};

use crate::shop::{Shop, eur, on_both};

async fn paid(shop: &Shop, card: &str, minor: i64) -> bursar_ids::Id<bursar_payments::Payment> {
    let payment = shop.charge(&format!("pay-{card}"), card, eur(minor)).await.payment;
    assert_eq!(payment.state, PaymentState::Captured);
    payment.id
}

#[test]
fn a_refund_leaves_once_and_its_money_is_off_the_books() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        let refund = shop.refund("r", id, 400).await.unwrap();
        assert_eq!(shop.refund("r", id, 400).await.unwrap(), refund, "the same key is the same refund");
        assert!(matches!(shop.refund("r", id, 401).await, Err(RefundRefused::KeyReused)));
        shop.run_jobs().await;
        assert_eq!(shop.run_refund(refund).await.state, RefundState::Settled);
        // 10.00 less the fee of 0.14, less 4.00.
        assert_eq!(shop.balance(Account::Cash("sandbox".into()), Currency::EUR).await, 586);
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -600);
        assert_eq!(shop.payment(id).await.refunded, eur(400));
        assert_eq!(shop.events("payments.refund.settled").await, 1);
        shop.audit().await;
    });
}

#[test]
fn refunds_never_exceed_the_payment_also_when_asked_for_at_once() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        let (a, b, c, d) = tokio::join!(
            shop.refund("a", id, 400),
            shop.refund("b", id, 400),
            shop.refund("c", id, 400),
            shop.refund("d", id, 400)
        );
        let good = [&a, &b, &c, &d].into_iter().filter(|r| r.is_ok()).count();
        assert_eq!(good, 2, "{a:?} {b:?} {c:?} {d:?}");
        assert!(
            matches!(shop.refund("e", id, 201).await, Err(RefundRefused::TooMuch { left }) if left == eur(200))
        );
        shop.refund("f", id, 200).await.unwrap();
        shop.run_jobs().await;
        assert_eq!(shop.payment(id).await.refunded, eur(1_000));
        shop.audit().await;
    });
}

#[test]
fn what_cannot_be_refunded_is_refused_by_name() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        assert!(matches!(shop.refund("a", id, 0).await, Err(RefundRefused::NotPositive)));
        assert!(matches!(shop.refund("b", id, -5).await, Err(RefundRefused::NotPositive)));
        let waiting = shop.charge("w", cards::AUTHENTICATE, eur(500)).await.payment.id;
        assert!(matches!(shop.refund("c", waiting, 100).await, Err(RefundRefused::NotCaptured)));
        let other = shop
            .cx
            .write(async move |tx: &mut bursar_db::Tx| {
                let new = bursar_payments::NewRefund {
                    payment: id,
                    amount: Money::new(100, Currency::USD),
                    destination: Destination::Gateway,
                    reason: String::new(),
                    key: "d".into(),
                };
                bursar_payments::start_refund(tx, new).await
            })
            .await;
        assert!(matches!(other, Err(RefundRefused::OtherCurrency)));
        assert_eq!(shop.payment(id).await.refunded, eur(0));
    });
}

#[test]
fn a_refund_whose_answer_is_lost_is_asked_about_and_given_once() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        for (key, trouble) in [
            ("after", CallTrouble::LoseAfter),
            ("before", CallTrouble::LoseBefore),
            ("garbled", CallTrouble::Garble),
        ] {
            let refund = shop.refund(key, id, 100).await.unwrap();
            shop.processor.next_calls([trouble]);
            assert_eq!(shop.run_refund(refund).await.state, RefundState::Unknown);
            assert_eq!(shop.run_refund(refund).await.state, RefundState::Settled, "{key}");
        }
        let refund = shop.refund("refused", id, 100).await.unwrap();
        shop.processor.next_calls([CallTrouble::Refuse]);
        assert_eq!(shop.run_refund(refund).await.state, RefundState::Created);
        let (one, two) = tokio::join!(shop.run_refund(refund), shop.run_refund(refund));
        assert!(one.state == RefundState::Settled || two.state == RefundState::Settled);
        assert_eq!(shop.payment(id).await.refunded, eur(400));
        shop.audit().await;
    });
}

#[test]
fn a_failed_refund_is_announced_and_its_part_can_be_refunded_again() {
    on_both(async |shop| {
        let id = paid(&shop, cards::REFUND_FAILS, 1_000).await;
        let refund = shop.refund("r", id, 1_000).await.unwrap();
        let refund = shop.run_refund(refund).await;
        assert_eq!(refund.state, RefundState::Failed);
        assert_eq!(refund.failure_code, "expired_or_canceled_card");
        assert_eq!(shop.events("payments.refund.failed").await, 1);
        assert_eq!(shop.payment(id).await.refunded, eur(0));
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -1_000, "still there");
        shop.refund_to("to-credit", id, 1_000, Destination::Credit).await.unwrap();
        assert_eq!(shop.payment(id).await.refunded, eur(1_000));
        shop.audit().await;
    });
}

#[test]
fn pending_refunds_end_by_webhook_or_reconciler() {
    on_both(async |shop| {
        let settles = paid(&shop, cards::REFUND_PENDING, 1_000).await;
        let fails = paid(&shop, cards::REFUND_FAILS_LATER, 1_000).await;
        let (a, b) =
            (shop.refund("a", settles, 500).await.unwrap(), shop.refund("b", fails, 500).await.unwrap());
        assert_eq!(shop.run_refund(a).await.state, RefundState::Pending);
        assert_eq!(shop.run_refund(b).await.state, RefundState::Pending);
        shop.cx.test_clock().advance_seconds(3_600);
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.the_refund(a).await.state, RefundState::Settled);
        assert_eq!(shop.the_refund(b).await.state, RefundState::Failed);
        let late = shop.refund("c", settles, 100).await.unwrap();
        shop.run_refund(late).await;
        shop.cx.test_clock().advance_seconds(3_600);
        assert_eq!(shop.reconcile().await.ended, 1);
        assert_eq!(shop.the_refund(late).await.state, RefundState::Settled);
        shop.audit().await;
    });
}

#[test]
fn a_settled_refund_that_comes_back_is_reversed_and_announced() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        let refund = shop.refund("r", id, 700).await.unwrap();
        shop.run_refund(refund).await;
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert!(shop.processor.return_refund(shop.cx.now(), "refund:r").unwrap());
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Failed);
        assert_eq!(shop.balance(Account::Cash("sandbox".into()), Currency::EUR).await, 986);
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -1_000);
        assert_eq!(shop.payment(id).await.refunded, eur(0));
        assert_eq!(shop.events("payments.refund.failed").await, 1);
        shop.audit().await;
    });
}

/// Pays and refunds; the webhooks are lost.
async fn refunded(shop: &Shop, minor: i64) -> bursar_ids::Id<bursar_payments::Refund> {
    let id = paid(shop, cards::VISA, 1_000).await;
    let refund = shop.refund("r", id, minor).await.unwrap();
    assert_eq!(shop.run_refund(refund).await.state, RefundState::Settled);
    shop.processor.take_webhooks(shop.cx.now());
    refund
}

#[test]
fn a_settled_refund_that_comes_back_without_a_word_is_found_by_asking() {
    on_both(async |shop| {
        let refund = refunded(&shop, 700).await;
        assert!(shop.processor.return_refund(shop.cx.now(), "refund:r").unwrap());
        shop.processor.take_webhooks(shop.cx.now());
        assert_eq!(shop.look_for_returns().await.asked, 0, "not on the day it left");
        shop.cx.test_clock().advance_seconds(86_400);
        let found = shop.look_for_returns().await;
        assert_eq!((found.asked, found.came_back), (1, 1));
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Failed);
        // 10.00 less the fee of 0.14 is in the bank again, and 10.00 wait to be given back another way.
        assert_eq!(shop.balance(Account::Cash("sandbox".into()), Currency::EUR).await, 986);
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -1_000);
        assert_eq!(shop.events("payments.refund.failed").await, 1);
        shop.cx.test_clock().advance_seconds(86_400);
        assert_eq!(shop.look_for_returns().await.asked, 0, "what came back is over");
        shop.audit().await;
    });
}

#[test]
fn a_refund_is_asked_about_ever_more_rarely_and_not_after_sixty_days() {
    on_both(async |shop| {
        let refund = refunded(&shop, 700).await;
        let mut days = Vec::new();
        for day in 1..=130 {
            shop.cx.test_clock().advance_seconds(86_400);
            if shop.look_for_returns().await.asked > 0 {
                days.push(day);
            }
        }
        // Each time half of the age has passed again: 3 + 1.5, 5 + 2.5, 8 + 4, 12 + 6, 18 + 9, 27 + 13.5; 41 + 20.5 is
        // past the sixtieth day.
        assert_eq!(days, [1, 2, 3, 5, 8, 12, 18, 27, 41]);
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Settled);
        shop.audit().await;
    });
}

#[test]
fn a_question_without_an_answer_is_asked_again() {
    on_both(async |shop| {
        let refund = refunded(&shop, 700).await;
        assert!(shop.processor.return_refund(shop.cx.now(), "refund:r").unwrap());
        shop.cx.test_clock().advance_seconds(86_400);
        shop.processor.next_calls([CallTrouble::LoseAfter]);
        let found = shop.look_for_returns().await;
        assert_eq!((found.asked, found.came_back), (1, 0));
        // The webhook comes after all, and the question it leads to is lost as well.
        shop.carry_webhooks().await;
        shop.processor.next_calls([CallTrouble::Refuse]);
        shop.run_jobs().await;
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Settled);
        shop.cx.test_clock().advance_seconds(60);
        shop.run_jobs().await;
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Failed, "the webhook is followed again");
        shop.audit().await;
    });
}

#[test]
fn many_refunds_are_asked_about_a_page_at_a_time() {
    on_both(async |shop| {
        let id = paid(&shop, cards::VISA, 1_000).await;
        for n in 0..5 {
            let refund = shop.refund(&format!("r{n}"), id, 100).await.unwrap();
            shop.run_refund(refund).await;
        }
        shop.cx.test_clock().advance_seconds(86_400);
        let (mut after, mut pages) = (None, Vec::new());
        loop {
            let found = bursar_payments::look_for_returns(&shop.cx, &shop.gateways, after, 2).await.unwrap();
            pages.push(found.asked);
            after = found.more_after;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(pages, [2, 2, 1]);
        assert_eq!(shop.look_for_returns().await.asked, 0, "each was asked about once");
    });
}
