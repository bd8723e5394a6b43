use bursar_db::Tx;
use bursar_gateway::{WebhookRefused, WebhookRequest};
use bursar_gateway_sandbox::{Authentication, cards};
use bursar_outbound::signature;
use bursar_payments::{PaymentState, WebhookVerdict};

use crate::shop::{Shop, eur, on_both};

fn body(id: &str, key: &str, amount_minor: i64) -> String {
    format!(
        r#"{{"id":"{id}","created_at":0,"subject":"charge","key":"{key}","reference":"sbx_ch_x","status":"captured","amount_minor":{amount_minor},"currency":"EUR"}}"#
    )
}

fn signed(shop: &Shop, secret: &str, body: &str) -> WebhookRequest {
    let header = signature::sign(secret, shop.cx.now(), body.as_bytes());
    WebhookRequest { headers: vec![("sandbox-signature".into(), header)], body: body.as_bytes().to_vec() }
}

fn secret(shop: &Shop) -> String {
    shop.processor.credentials().get("webhook_secret").unwrap().to_owned()
}

#[test]
fn a_webhook_that_overtakes_its_answer_is_counted_once() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::WEBHOOK_FIRST, eur(1_000)).await;
        assert_eq!(view.payment.state, PaymentState::Captured);
        shop.run_jobs().await;
        shop.audit().await;
    });
}

#[test]
fn a_webhook_that_comes_twice_is_stored_and_counted_once() {
    on_both(async |shop| {
        let id = shop.charge("k", cards::AUTHENTICATE, eur(1_000)).await.payment.id;
        let reference = shop.payment(id).await.gateway_reference;
        let now = shop.cx.now();
        shop.processor.complete_authentication(now, &reference, Authentication::Approved).unwrap();
        let hook = shop.processor.take_webhooks(now).remove(0);
        assert_eq!(shop.receive(hook.clone()).await, WebhookVerdict::Accepted);
        assert_eq!(shop.receive(hook.clone()).await, WebhookVerdict::Duplicate);
        shop.run_jobs().await;
        assert_eq!(shop.payment(id).await.state, PaymentState::Captured);
        assert_eq!(shop.receive(hook).await, WebhookVerdict::Duplicate, "also after it was followed");
        shop.run_jobs().await;

        shop.charge("t", cards::WEBHOOK_TWICE, eur(2_000)).await;
        assert_eq!(shop.carry_webhooks().await, [WebhookVerdict::Accepted, WebhookVerdict::Duplicate]);
        shop.run_jobs().await;
        shop.audit().await;
    });
}

#[test]
fn the_jobs_alone_settle_what_no_webhook_tells() {
    on_both(async |shop| {
        let id = shop.charge("k", cards::PENDING, eur(1_000)).await.payment.id;
        shop.run_jobs().await;
        assert_eq!(shop.waiting_jobs().await, 1, "the reconciler's next run");
        for _ in 0..8 {
            shop.cx.test_clock().advance_seconds(600);
            shop.run_jobs().await;
        }
        assert_eq!(shop.payment(id).await.state, PaymentState::Captured);
        shop.cx.test_clock().advance_seconds(1_200);
        shop.run_jobs().await;
        assert_eq!(shop.waiting_jobs().await, 0, "nothing is open, so nobody looks");
        shop.audit().await;
    });
}

#[test]
fn a_late_webhook_changes_nothing_that_is_known_already() {
    on_both(async |shop| {
        let payment = shop.charge("k", cards::WEBHOOK_LATE, eur(1_000)).await.payment;
        assert!(shop.carry_webhooks().await.is_empty());
        shop.cx.test_clock().advance_days(1);
        assert_eq!(shop.carry_webhooks().await, [WebhookVerdict::Accepted]);
        shop.run_jobs().await;
        assert_eq!(shop.payment(payment.id).await, payment);
        shop.audit().await;
    });
}

#[test]
fn a_webhook_settles_what_was_unknown_while_the_job_waits() {
    on_both(async |shop| {
        let payment = shop.charge("k", cards::LOSE_AFTER, eur(1_000)).await.payment;
        assert_eq!(payment.state, PaymentState::Unknown);
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.payment(payment.id).await.state, PaymentState::Captured);
        shop.audit().await;
    });
}

#[test]
fn forged_altered_replayed_and_unsigned_webhooks_are_refused_and_leave_no_trace() {
    on_both(async |shop| {
        let id = shop.charge("k", cards::AUTHENTICATE, eur(1_000)).await.payment.id;
        let lie = body("evt_lie", "pay:k", 1_000);
        let forged = signed(&shop, "guessed", &lie);
        assert_eq!(shop.receive(forged).await, WebhookVerdict::Refused(WebhookRefused::BadSignature));
        let good = signed(&shop, &secret(&shop), &lie);
        let altered = WebhookRequest { body: body("evt_lie", "pay:k", 9_000).into_bytes(), ..good.clone() };
        assert_eq!(shop.receive(altered).await, WebhookVerdict::Refused(WebhookRefused::BadSignature));
        let unsigned = WebhookRequest { headers: vec![], ..good.clone() };
        assert_eq!(shop.receive(unsigned).await, WebhookVerdict::Refused(WebhookRefused::NotSigned));
        let garbage = signed(&shop, &secret(&shop), "not json");
        assert!(matches!(
            shop.receive(garbage).await,
            WebhookVerdict::Refused(WebhookRefused::Unreadable(_))
        ));
        shop.cx.test_clock().advance_seconds(301);
        assert_eq!(shop.receive(good).await, WebhookVerdict::Refused(WebhookRefused::Stale));
        let stranger = WebhookRequest { headers: vec![], body: vec![] };
        let nowhere =
            bursar_payments::receive_webhook(&shop.cx, &shop.gateways, "nowhere", stranger).await.unwrap();
        assert_eq!(nowhere, WebhookVerdict::NoGateway);
        shop.run_jobs().await;
        assert_eq!(shop.payment(id).await.state, PaymentState::RequiresAction);
        shop.audit().await;
    });
}

#[test]
fn even_a_signed_lie_about_amount_or_state_is_not_believed() {
    on_both(async |shop| {
        let id = shop.charge("k", cards::AUTHENTICATE, eur(1_000)).await.payment.id;
        let lie = signed(&shop, &secret(&shop), &body("evt_lie", "pay:k", 999_999));
        assert_eq!(shop.receive(lie).await, WebhookVerdict::Accepted);
        shop.run_jobs().await;
        assert_eq!(shop.payment(id).await.state, PaymentState::RequiresAction, "the vendor was asked");
        shop.audit().await;
    });
}

#[test]
fn a_webhook_about_nothing_of_ours_is_parked_for_a_person() {
    on_both(async |shop| {
        let stranger = signed(&shop, &secret(&shop), &body("evt_9", "pay:somebody-elses", 100));
        assert_eq!(shop.receive(stranger).await, WebhookVerdict::Accepted);
        shop.run_jobs().await;
        let parked = || shop.cx.read(async |tx: &mut Tx| bursar_payments::list_parked_webhooks(tx, 10).await);
        let waiting = parked().await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert!(waiting[0].why.contains("pay:somebody-elses"), "{}", waiting[0].why);
        let id = waiting[0].id;
        assert!(bursar_payments::retry_webhook(&shop.cx, id).await.unwrap());
        shop.run_jobs().await;
        assert_eq!(parked().await.unwrap().len(), 1, "still nobody's");
        assert!(bursar_payments::dismiss_webhook(&shop.cx, id, "test account").await.unwrap());
        assert!(!bursar_payments::dismiss_webhook(&shop.cx, id, "test account").await.unwrap());
        assert!(parked().await.unwrap().is_empty());
    });
}
