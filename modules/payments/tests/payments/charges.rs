use std::sync::Arc;

use async_trait::async_trait;
use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::{
    Cancellations, ChargeOutcome, ChargeRequest, Gateway, IdempotencyKey, Manifest, MethodToken, Presence,
};
use bursar_gateway_sandbox::{Authentication, CallTrouble, Processor, SandboxGateway, cards};
use bursar_ids::{Actor, Id};
use bursar_ledger::Account;
use bursar_money::{Currency, Money};
use bursar_outbound::{Call, CallError};
use bursar_payments::{Follow, Keep, NewCharge, PaymentFilter, PaymentState};
use bursar_testkit::on_both_engines;
use tokio::sync::Notify;

use crate::shop::{Shop, eur, migrations, new_charge, on_both};

#[test]
fn the_module_fits_into_the_application() {
    on_both(async |shop| {
        let modules: Vec<Box<dyn bursar_app::Module>> = vec![
            Box::new(bursar_ledger::LedgerModule),
            Box::new(bursar_payments::PaymentsModule::new(shop.gateways.clone())),
        ];
        let app = bursar_app::App::build(&modules).unwrap();
        let id = shop.intend("k", cards::VISA, eur(1_000)).await;
        shop.cx.test_clock().advance_seconds(1);
        assert_eq!(app.drain(&shop.cx).await.unwrap(), 1);
        assert_eq!(shop.payment(id).await.state, PaymentState::Captured);
    });
}

#[test]
fn every_statement_prepares() {
    on_both(async |shop| {
        let prepared = shop.cx.read(async |tx: &mut Tx| {
            for statement in bursar_payments::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        });
        prepared.await.unwrap();
    });
}

#[test]
fn a_capture_is_booked_with_its_fee_and_announced_once() {
    on_both(async |shop| {
        // 12.50 × 1.4 % = 0.175: the sandbox keeps 0.17.
        let view = shop.charge("inv-12:1", cards::VISA, eur(1_250)).await;
        assert_eq!((view.payment.state, view.follow), (PaymentState::Captured, Follow::Done));
        assert_eq!((view.payment.amount, view.payment.fee), (eur(1_250), eur(17)));
        assert_eq!(shop.balance(Account::Cash("sandbox".into()), Currency::EUR).await, 1_233);
        assert_eq!(shop.balance(Account::Fees("sandbox".into()), Currency::EUR).await, 17);
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -1_250);
        // The job of the intent, a second run and the webhook find nothing left to do.
        shop.run(view.payment.id).await;
        shop.carry_webhooks().await;
        assert_eq!(shop.run_jobs().await, 2);
        assert_eq!(shop.payment(view.payment.id).await, view.payment);
        shop.audit().await;
    });
}

#[test]
fn amounts_keep_their_exponents() {
    on_both(async |shop| {
        // 1500 yen × 1.4 % = 21 yen; 12.340 dinar × 1.4 % = 0.17276, kept 0.172.
        for (group, minor, currency, fee) in
            [("jpy", 1_500, Currency::JPY, 21), ("kwd", 12_340, Currency::KWD, 172)]
        {
            let view = shop.charge(group, cards::VISA, Money::new(minor, currency)).await;
            assert_eq!(view.payment.amount, Money::new(minor, currency));
            assert_eq!(view.payment.fee, Money::new(fee, currency));
            assert_eq!(shop.balance(Account::Cash("sandbox".into()), currency).await, minor - fee);
        }
        shop.audit().await;
    });
}

#[test]
fn the_same_attempt_group_is_one_payment_and_another_intent_under_it_is_a_fault() {
    on_both(async |shop| {
        let first = shop.start(new_charge("inv-12:1", eur(1_000))).await.unwrap();
        assert_eq!(shop.start(new_charge("inv-12:1", eur(1_000))).await.unwrap(), first);
        let other = NewCharge { purpose: Default::default(), ..new_charge("inv-12:1", eur(1_001)) };
        assert!(shop.start(other).await.unwrap_err().to_string().contains("belongs to payment"));
        for bad in [new_charge("a b", eur(1)), new_charge("zero", eur(0)), new_charge("less", eur(-1))] {
            assert!(shop.start(bad).await.is_err());
        }
        assert_eq!(shop.payments().await.len(), 1);
    });
}

#[test]
fn one_intent_written_by_eight_at_once_is_one_payment() {
    on_both(async |shop| {
        let one = || shop.start(new_charge("race", eur(1_000)));
        let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
        let (e, f, g, h) = tokio::join!(one(), one(), one(), one());
        let all: Vec<_> = [a, b, c, d, e, f, g, h].into_iter().map(Result::unwrap).collect();
        assert!(all.iter().all(|id| *id == all[0]));
        assert_eq!(shop.payments().await.len(), 1);
    });
}

#[test]
fn a_decline_ends_the_attempt_with_its_class_and_without_money() {
    on_both(async |shop| {
        for (code, class) in [
            ("insufficient_funds", "retry_later"),
            ("expired_card", "customer_must_act"),
            ("stolen_card", "never_retry"),
        ] {
            let view = shop.charge(code, &format!("tok_decline:{code}"), eur(1_000)).await;
            assert_eq!(view.payment.state, PaymentState::Declined);
            assert_eq!(view.payment.decline_code, code);
            assert_eq!(view.payment.decline_class, class);
            assert_eq!(view.follow, Follow::Done);
        }
        assert_eq!(shop.events("payments.payment.failed").await, 3);
        shop.run_jobs().await;
        assert_eq!(shop.events("payments.payment.failed").await, 3, "said once each");
        shop.audit().await;
    });
}

#[test]
fn an_answer_lost_after_the_effect_is_found_and_never_charged_again() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::LOSE_AFTER, eur(1_000)).await;
        assert_eq!(view.payment.state, PaymentState::Unknown);
        assert!(matches!(view.follow, Follow::Again(_)));
        assert_eq!(shop.events("payments.payment.captured").await, 0);
        let view = shop.run(view.payment.id).await;
        assert_eq!(view.payment.state, PaymentState::Captured);
        shop.audit().await;
    });
}

#[test]
fn a_request_lost_before_the_effect_is_asked_about_and_then_sent_again_under_its_key() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::LOSE_BEFORE, eur(1_000)).await;
        assert_eq!(view.payment.state, PaymentState::Unknown);
        assert!(shop.processor.charges().is_empty());
        let view = shop.run(view.payment.id).await;
        assert_eq!(view.payment.state, PaymentState::Captured);
        assert_eq!(shop.processor.charges()[0].key, "pay:k");
        shop.audit().await;
    });
}

#[test]
fn an_unknown_outcome_stays_unknown_while_nobody_answers() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::LOSE_AFTER, eur(1_000)).await;
        shop.processor.next_calls([CallTrouble::LoseBefore, CallTrouble::Refuse, CallTrouble::Garble]);
        for _ in 0..3 {
            let view = shop.run(view.payment.id).await;
            assert_eq!(view.payment.state, PaymentState::Unknown, "a failed question is never 'not there'");
        }
        assert_eq!(shop.run(view.payment.id).await.payment.state, PaymentState::Captured);
        shop.audit().await;
    });
}

#[test]
fn what_was_certainly_not_sent_is_simply_sent_again_by_its_job() {
    on_both(async |shop| {
        let id = shop.intend("k", cards::VISA, eur(1_000)).await;
        shop.processor.next_calls([CallTrouble::Refuse, CallTrouble::RateLimit]);
        for expected in [PaymentState::Created, PaymentState::Created, PaymentState::Captured] {
            shop.run_jobs().await;
            assert_eq!(shop.payment(id).await.state, expected);
            shop.cx.test_clock().advance_seconds(120);
        }
        shop.audit().await;
    });
}

#[test]
fn a_garbled_answer_is_unknown_too() {
    on_both(async |shop| {
        shop.processor.next_calls([CallTrouble::Garble]);
        let view = shop.charge("k", cards::VISA, eur(1_000)).await;
        assert_eq!(view.payment.state, PaymentState::Unknown);
        assert_eq!(shop.run(view.payment.id).await.payment.state, PaymentState::Captured);
        shop.audit().await;
    });
}

#[test]
fn two_workers_running_one_charge_at_once_charge_once() {
    on_both(async |shop| {
        for (group, card) in [("a", cards::VISA), ("b", cards::LOSE_AFTER), ("c", cards::LOSE_BEFORE)] {
            let id = shop.intend(group, card, eur(1_000)).await;
            tokio::join!(shop.run(id), shop.run(id), shop.run_jobs());
            shop.cx.test_clock().advance_seconds(300);
            assert_eq!(shop.run(id).await.payment.state, PaymentState::Captured, "{group}");
        }
        shop.audit().await;
    });
}

/// A gateway during whose call the process dies, before or after the vendor acted.
struct Deadly {
    inner: SandboxGateway,
    acts: bool,
    died: Arc<Notify>,
}

#[async_trait]
impl Gateway for Deadly {
    fn manifest(&self) -> &Manifest {
        self.inner.manifest()
    }
    async fn charge(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        if self.acts {
            self.inner.charge(call, request).await?;
        }
        self.died.notify_one();
        std::future::pending().await
    }
    async fn find_charge(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<ChargeOutcome>, CallError> {
        self.inner.find_charge(call, key).await
    }
    fn cancellations(&self) -> Option<&dyn Cancellations> {
        None
    }
}

#[test]
fn a_crash_during_the_call_is_asked_about_after_a_while_and_charged_once() {
    on_both_engines(migrations(), async |cx| {
        let processor = Arc::new(Processor::in_memory());
        for (group, acts) in [("before", false), ("after", true)] {
            let died = Arc::new(Notify::new());
            let inner = SandboxGateway::new(processor.clone());
            let deadly = Deadly { inner: inner.clone(), acts, died: died.clone() };
            let dying = Shop::over(cx.clone(), processor.clone(), Arc::new(deadly));
            let id = dying.intend(group, cards::VISA, eur(1_000)).await;
            tokio::select! {
                _ = dying.run(id) => panic!("the call never answers"),
                () = died.notified() => {}
            }
            let shop = Shop::over(cx.clone(), processor.clone(), Arc::new(inner));
            assert_eq!(shop.payment(id).await.state, PaymentState::Sent);
            let view = shop.run(id).await;
            assert_eq!(view.payment.state, PaymentState::Sent, "it may still be under way");
            assert!(matches!(view.follow, Follow::Again(_)));
            cx.test_clock().advance_seconds(120);
            assert_eq!(shop.run(id).await.payment.state, PaymentState::Captured);
            shop.audit().await;
        }
    });
}

#[test]
fn authentication_waits_for_the_customer_and_ends_either_way() {
    on_both(async |shop| {
        for (group, answer, end) in [
            ("yes", Authentication::Approved, PaymentState::Captured),
            ("no", Authentication::Rejected, PaymentState::Declined),
        ] {
            let view = shop.charge(group, cards::AUTHENTICATE, eur(1_000)).await;
            assert_eq!((view.payment.state, view.follow), (PaymentState::RequiresAction, Follow::Later));
            let reference = view.payment.gateway_reference.clone();
            assert_eq!(view.payment.action_url, format!("/sandbox/authenticate/{reference}"));
            let now = shop.cx.now();
            shop.processor.complete_authentication(now, &reference, answer).unwrap();
            let view = shop.run(view.payment.id).await;
            assert_eq!((view.payment.state, view.payment.action_url.as_str()), (end, ""));
        }
        shop.audit().await;
    });
}

#[test]
fn a_card_that_wants_the_customer_declines_by_night() {
    on_both(async |shop| {
        let id =
            shop.start(NewCharge { presence: Presence::Absent, ..new_charge("k", eur(500)) }).await.unwrap();
        let view = shop.run(id).await;
        assert_eq!(view.payment.decline_code, "method_missing");
        assert_eq!(view.payment.decline_class, "customer_must_act");
        let token = MethodToken::new(cards::AUTHENTICATE);
        let store =
            bursar_payments::store_method(&shop.cx, &shop.gateways, 7, "sandbox", token, Keep::ForLater);
        let method = Some(store.await.unwrap());
        let night = NewCharge { presence: Presence::Absent, method, ..new_charge("n", eur(500)) };
        let id = shop.start(night).await.unwrap();
        let view = shop.run(id).await;
        assert_eq!(view.payment.decline_code, "authentication_required");
        assert_eq!(view.payment.decline_class, "customer_must_act");
    });
}

#[test]
fn whoever_goes_away_is_withdrawn_after_a_day_and_cannot_pay_later() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::AUTHENTICATE, eur(1_000)).await;
        shop.run_jobs().await;
        shop.cx.test_clock().advance_seconds(3_600);
        assert_eq!(shop.reconcile().await.ended, 0);
        shop.cx.test_clock().advance_days(1);
        assert_eq!(shop.reconcile().await.ended, 1);
        let payment = shop.payment(view.payment.id).await;
        assert_eq!(payment.state, PaymentState::Cancelled);
        let now = shop.cx.now();
        shop.processor
            .complete_authentication(now, &payment.gateway_reference, Authentication::Approved)
            .unwrap();
        shop.audit().await;
        assert_eq!(shop.events("payments.payment.failed").await, 1);
    });
}

#[test]
fn withdrawing_comes_too_late_when_the_customer_was_faster() {
    on_both(async |shop| {
        let view = shop.charge("k", cards::AUTHENTICATE, eur(1_000)).await;
        let now = shop.cx.now();
        let reference = &view.payment.gateway_reference;
        shop.processor.complete_authentication(now, reference, Authentication::Approved).unwrap();
        let view = bursar_payments::withdraw_charge(&shop.cx, &shop.gateways, view.payment.id).await.unwrap();
        assert_eq!(view.payment.state, PaymentState::Captured);
        shop.audit().await;
    });
}

#[test]
fn an_unsent_intent_is_cancelled_and_its_job_finds_nothing_to_do() {
    on_both(async |shop| {
        let id = shop.intend("k", cards::VISA, eur(1_000)).await;
        let cancel = || shop.cx.write(async move |tx: &mut Tx| bursar_payments::cancel_unsent(tx, id).await);
        assert!(cancel().await.unwrap());
        assert!(!cancel().await.unwrap(), "once");
        shop.run_jobs().await;
        assert!(shop.processor.charges().is_empty());
        assert_eq!(shop.payment(id).await.state, PaymentState::Cancelled);
        assert_eq!(shop.events("payments.payment.failed").await, 1);
    });
}

#[test]
fn a_pending_payment_is_settled_by_the_reconciler_when_no_webhook_comes() {
    on_both(async |shop| {
        let paid = shop.charge("paid", cards::PENDING, eur(1_000)).await.payment;
        let lost = shop.charge("lost", cards::PENDING_DECLINED, eur(1_000)).await.payment;
        assert_eq!((paid.state, lost.state), (PaymentState::Pending, PaymentState::Pending));
        shop.cx.test_clock().advance_seconds(3_600);
        let done = shop.reconcile().await;
        assert_eq!((done.looked_at, done.ended), (2, 2));
        assert_eq!(shop.payment(paid.id).await.state, PaymentState::Captured);
        assert_eq!(shop.payment(lost.id).await.state, PaymentState::Declined);
        assert_eq!(shop.reconcile().await.looked_at, 0);
        shop.audit().await;
    });
}

#[test]
fn wrong_credentials_and_missing_gateways_wait_for_a_person_or_end() {
    on_both(async |shop| {
        let gateway = SandboxGateway::new(shop.processor.clone());
        let wrong = shop.processor.credentials().with("api_key", "wrong");
        let vault =
            bursar_vault::Vault::new(bursar_vault::KeyRing::generate(&mut bursar_ids::Rng::from_seed(1)));
        let gateways = bursar_payments::Gateways::new(vault).with(Arc::new(gateway), wrong);
        let id = shop.intend("k", cards::VISA, eur(1_000)).await;
        let view = bursar_payments::run_charge(&shop.cx, &gateways, id).await.unwrap();
        assert_eq!(view.payment.state, PaymentState::Created, "nothing happened; it can go on once mended");
        assert!(matches!(view.follow, Follow::Person(_)));
        assert_eq!(shop.run(id).await.payment.state, PaymentState::Captured);

        let nowhere = NewCharge { gateway: "nowhere".into(), ..new_charge("n", eur(1_000)) };
        let id = shop.start(nowhere).await.unwrap();
        assert_eq!(shop.run(id).await.payment.state, PaymentState::Failed);
        assert!(bursar_payments::run_charge(&shop.cx, &shop.gateways, Id::new(987_654_321)).await.is_err());
        shop.audit().await;
    });
}

#[test]
fn stored_methods_are_sealed_listed_charged_and_forgotten() {
    on_both(async |shop| {
        let store = |customer: i64, card: &'static str| {
            let token = MethodToken::new(card);
            bursar_payments::store_method(
                &shop.cx,
                &shop.gateways,
                customer,
                "sandbox",
                token,
                Keep::ForLater,
            )
        };
        let visa = store(7, cards::VISA).await.unwrap();
        let mastercard = store(7, cards::MASTERCARD).await.unwrap();
        let strangers = store(8, cards::VISA).await.unwrap();
        assert!(store(7, "4242424242424242").await.is_err(), "not something the vendor gave out");
        assert!(store(7, " ").await.is_err());
        let methods = || shop.cx.read(async |tx: &mut Tx| bursar_payments::list_methods(tx, 7).await);
        let listed = methods().await.unwrap();
        let shown: Vec<_> = listed.iter().map(|m| (m.id, m.label.as_str(), m.is_default)).collect();
        assert_eq!(shown, [(visa, "Visa ···· 4242", true), (mastercard, "Mastercard ···· 4444", false)]);

        let mark =
            |m: i64| shop.cx.write(async move |tx: &mut Tx| bursar_payments::make_default(tx, 7, m).await);
        mark(mastercard).await.unwrap();
        assert!(mark(strangers).await.is_err(), "another customer's");
        let default =
            shop.cx.read(async |tx: &mut Tx| bursar_payments::default_method(tx, 7).await).await.unwrap();
        assert_eq!(default.unwrap().id, mastercard, "a refused choice changes nothing");

        let night = |group: &'static str, method: i64| NewCharge {
            method: Some(method),
            presence: Presence::Absent,
            ..new_charge(group, eur(1_000))
        };
        let id = shop.start(night("renewal", visa)).await.unwrap();
        assert_eq!(shop.run(id).await.payment.state, PaymentState::Captured);
        let id = shop.start(night("strangers", strangers)).await.unwrap();
        assert_eq!(shop.run(id).await.payment.state, PaymentState::Failed, "another customer's method");

        bursar_payments::forget_method(&shop.cx, &shop.gateways, 7, visa).await.unwrap();
        assert!(bursar_payments::forget_method(&shop.cx, &shop.gateways, 7, visa).await.is_err());
        assert!(bursar_payments::forget_method(&shop.cx, &shop.gateways, 7, strangers).await.is_err());
        assert_eq!(methods().await.unwrap().len(), 1);
        let id = shop.start(night("forgotten", visa)).await.unwrap();
        assert_eq!(shop.run(id).await.payment.state, PaymentState::Failed);
        shop.audit().await;
    });
}

#[test]
fn payments_are_listed_newest_first_by_page_and_filter() {
    on_both(async |shop| {
        for n in 1..=5 {
            shop.charge(&format!("k{n}"), cards::VISA, eur(n)).await;
        }
        shop.charge("d", "tok_decline:card_declined", eur(6)).await;
        let list = |filter: PaymentFilter, before, limit| {
            let cx = shop.cx.cx();
            async move {
                cx.read(async move |tx: &mut Tx| bursar_payments::list(tx, &filter, before, limit).await)
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|p| (p.id, p.amount.minor()))
                    .collect::<Vec<_>>()
            }
        };
        let minors =
            |page: &[(Id<bursar_payments::Payment>, i64)]| page.iter().map(|p| p.1).collect::<Vec<_>>();
        let first = list(PaymentFilter::default(), None, 4).await;
        assert_eq!(minors(&first), [6, 5, 4, 3]);
        assert_eq!(minors(&list(PaymentFilter::default(), Some(first[3].0), 4).await), [2, 1]);
        let declined = PaymentFilter { state: Some(PaymentState::Declined), ..PaymentFilter::default() };
        assert_eq!(minors(&list(declined, None, 9).await), [6]);
        let strangers = PaymentFilter { customer: Some(8), ..PaymentFilter::default() };
        assert!(list(strangers, None, 9).await.is_empty());
        let all =
            PaymentFilter { customer: Some(7), gateway: Some("sandbox".into()), ..PaymentFilter::default() };
        assert_eq!(list(all, None, 9).await.len(), 6);
        let open = PaymentFilter { only_open: true, ..PaymentFilter::default() };
        assert!(list(open, None, 9).await.is_empty());
    });
}

#[test]
fn recording_by_hand_needs_its_permission() {
    on_both(async |shop| {
        let nobody = shop.cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        let payment = crate::manual::by_bank("f", eur(1_000));
        assert!(bursar_payments::record_payment(&nobody, payment.clone()).await.is_err());
        assert!(shop.payments().await.is_empty());
        bursar_payments::record_payment(&shop.cx, payment).await.unwrap();
        shop.audit().await;
    });
}
