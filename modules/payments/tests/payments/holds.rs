//! Money that is held: taken once, let go, lost, and never in the books before it is ours.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_gateway::{ChargeOutcome, ChargeRequest, Gateway, Holds, IdempotencyKey, Manifest};
use bursar_gateway_sandbox::{Authentication, CallTrouble, ChargeStatus, Processor, SandboxGateway, cards};
use bursar_ids::{Actor, Id};
use bursar_ledger::Account;
use bursar_messaging::notices::{Reader, list};
use bursar_money::{Currency, Money};
use bursar_outbound::{Call, CallError};
use bursar_payments::permissions::PAYMENT_VIEW;
use bursar_payments::{
    Ending, Follow, HOLD_SETTINGS, HoldRefused, HoldSettings, Payment, PaymentState, capture_by_hand,
    capture_no_more, release_by_hand,
};
use bursar_testkit::on_both_engines;
use tokio::sync::Notify;

use crate::shop::{Shop, eur, migrations, on_both};

const DAY: i64 = 86_400;

async fn rules(shop: &Shop, rules: HoldSettings) {
    let set = async move |tx: &mut Tx| bursar_context::settings::set(tx, HOLD_SETTINGS, &rules).await;
    shop.cx.write(set).await.unwrap();
}

async fn hold(shop: &Shop, group: &str, card: &str) -> Payment {
    let id = shop.intend_hold(group, card, eur(1_250)).await;
    shop.run(id).await.payment
}

async fn cash(shop: &Shop) -> i64 {
    shop.balance(Account::Cash("sandbox".into()), Currency::EUR).await
}

/// How often something was told to staff.
async fn told(shop: &Shop, kind: &str) -> usize {
    let reader = Reader::staff(1, &BTreeSet::from([PAYMENT_VIEW.to_owned()]));
    let all = shop.cx.read(async move |tx: &mut Tx| list(tx, &reader, None, 1_000).await).await.unwrap();
    all.iter().filter(|notice| notice.kind == kind).count()
}

#[test]
fn nothing_is_in_the_books_until_what_is_held_is_taken() {
    on_both(async |shop| {
        let held = hold(&shop, "inv-12:1", cards::VISA).await;
        assert_eq!((held.state, held.amount), (PaymentState::Held, eur(1_250)));
        assert_eq!(held.held_until, Some(shop.cx.now().plus_days(7)));
        assert_eq!((cash(&shop).await, held.entry, held.captured_at), (0, None, None));
        assert_eq!(shop.events("payments.payment.held").await, 1);
        assert_eq!(shop.events("payments.payment.captured").await, 0);
        // The webhook of the hold, the job and the reconciler change nothing about it.
        shop.carry_webhooks().await;
        shop.cx.test_clock().advance_seconds(3_600);
        shop.run_jobs().await;
        shop.reconcile().await;
        assert_eq!(shop.payment(held.id).await.state, PaymentState::Held);

        assert!(shop.take(held.id).await && shop.take(held.id).await, "asked twice");
        assert!(!shop.let_go(held.id).await, "what is being taken is not let go");
        shop.run_jobs().await;
        let taken = shop.payment(held.id).await;
        // 12.50 × 1.4 % = 0.175: the sandbox keeps 0.17.
        assert_eq!((taken.state, taken.fee, cash(&shop).await), (PaymentState::Captured, eur(17), 1_233));
        assert!(shop.take(held.id).await, "it is taken");
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.events("payments.payment.captured").await, 1);
        assert_eq!(shop.events("payments.payment.held").await, 1);
        shop.audit().await;
    });
}

#[test]
fn what_is_let_go_was_never_ours() {
    on_both(async |shop| {
        let held = hold(&shop, "h", cards::VISA).await;
        assert!(shop.let_go(held.id).await && shop.let_go(held.id).await);
        assert!(!shop.take(held.id).await, "what is being let go is not taken");
        shop.run_jobs().await;
        assert_eq!(shop.payment(held.id).await.state, PaymentState::Released);
        assert_eq!(shop.processor.charges()[0].status, ChargeStatus::Cancelled);
        assert_eq!(shop.events("payments.payment.failed").await, 1);
        assert_eq!(told(&shop, "payments.hold_lost").await, 0, "we let it go ourselves");
        assert_eq!(cash(&shop).await, 0);
        shop.audit().await;
    });
}

#[test]
fn a_lost_answer_is_looked_for_and_nothing_is_done_twice() {
    on_both(async |shop| {
        for (group, trouble) in [("before", CallTrouble::LoseBefore), ("after", CallTrouble::LoseAfter)] {
            let id = shop.intend_hold(group, cards::VISA, eur(1_250)).await;
            shop.processor.next_calls([trouble]);
            assert_eq!(shop.run(id).await.payment.state, PaymentState::Unknown);
            assert_eq!(shop.run(id).await.payment.state, PaymentState::Held, "{group}");
            assert!(shop.take(id).await);
            // It looks before it takes, and without a look nothing is taken.
            shop.processor.next_calls([CallTrouble::Refuse]);
            let view = shop.run(id).await;
            assert_eq!(view.payment.state, PaymentState::Capturing);
            assert!(matches!(view.follow, Follow::Again(_)));
            assert_eq!(shop.run(id).await.payment.state, PaymentState::Captured, "{group}");
        }
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.events("payments.payment.held").await, 2);
        shop.audit().await;
    });
}

#[test]
fn webhooks_of_a_hold_come_before_the_answer_twice_or_late() {
    on_both(async |shop| {
        for card in [cards::WEBHOOK_FIRST, cards::WEBHOOK_TWICE, cards::WEBHOOK_LATE] {
            let held = hold(&shop, card, card).await;
            assert_eq!(held.state, PaymentState::Held, "{card}");
            shop.carry_webhooks().await;
            shop.run_jobs().await;
            assert!(shop.take(held.id).await);
            shop.run(held.id).await;
            shop.carry_webhooks().await;
            shop.run_jobs().await;
            assert_eq!(shop.payment(held.id).await.state, PaymentState::Captured, "{card}");
        }
        shop.cx.test_clock().advance_seconds(DAY);
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.events("payments.payment.held").await, 3);
        assert_eq!(shop.events("payments.payment.captured").await, 3);
        shop.audit().await;
    });
}

#[test]
fn a_hold_may_want_the_customer_and_may_be_declined() {
    on_both(async |shop| {
        let asks = hold(&shop, "asks", cards::AUTHENTICATE).await;
        assert_eq!(asks.state, PaymentState::RequiresAction);
        let now = shop.cx.now();
        shop.processor
            .complete_authentication(now, &asks.gateway_reference, Authentication::Approved)
            .unwrap();
        assert_eq!(shop.run(asks.id).await.payment.state, PaymentState::Held, "held, and not taken");
        let no = hold(&shop, "no", "tok_decline:expired_card").await;
        assert_eq!((no.state, no.decline_code.as_str()), (PaymentState::Declined, "expired_card"));
        assert_eq!(told(&shop, "payments.hold_lost").await, 0, "nothing was held");
    });
}

#[test]
fn a_bank_that_refuses_what_it_held_is_told_of_once() {
    on_both(async |shop| {
        let held = hold(&shop, "h", cards::CAPTURE_DECLINED).await;
        shop.take(held.id).await;
        shop.run_jobs().await;
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        let lost = shop.payment(held.id).await;
        assert_eq!((lost.state, lost.decline_code.as_str()), (PaymentState::Declined, "insufficient_funds"));
        assert_eq!(told(&shop, "payments.hold_lost").await, 1);
        assert_eq!((cash(&shop).await, shop.events("payments.payment.failed").await), (0, 1));
        shop.audit().await;
    });
}

#[test]
fn a_hold_that_would_run_out_is_let_go_or_taken_as_the_business_says() {
    on_both(async |shop| {
        let endings = [
            (Ending::Release, PaymentState::Released, "payments.hold_let_go", 0),
            (Ending::Capture, PaymentState::Captured, "payments.hold_taken", 1_233),
        ];
        for (when_ending, ends, kind, booked) in endings {
            rules(&shop, HoldSettings { when_ending, ..HoldSettings::default() }).await;
            let held = hold(&shop, kind, cards::VISA).await;
            // Six and a half days, less a minute; then over.
            shop.cx.test_clock().advance_seconds(561_540);
            shop.run_jobs().await;
            assert_eq!(shop.payment(held.id).await.state, PaymentState::Held);
            shop.cx.test_clock().advance_seconds(60);
            shop.run_jobs().await;
            assert_eq!(shop.payment(held.id).await.state, ends);
            assert_eq!((told(&shop, kind).await, cash(&shop).await), (1, booked));
        }
        shop.audit().await;
    });
}

#[test]
fn a_hold_that_ran_out_at_the_vendor_is_noticed_and_not_taken() {
    on_both(async |shop| {
        let held = hold(&shop, "h", cards::VISA).await;
        shop.take(held.id).await;
        assert!(shop.processor.run_out(shop.cx.now(), &held.key));
        assert_eq!(shop.run(held.id).await.payment.state, PaymentState::Expired);
        assert_eq!(told(&shop, "payments.hold_lost").await, 1);
        let quiet = hold(&shop, "q", cards::VISA).await;
        assert!(shop.processor.run_out(shop.cx.now(), &quiet.key));
        shop.carry_webhooks().await;
        shop.run_jobs().await;
        assert_eq!(shop.payment(quiet.id).await.state, PaymentState::Expired, "told by the webhook");
        assert!(!shop.take(quiet.id).await);
        shop.audit().await;
    });
}

#[test]
fn without_the_rule_or_the_capability_the_money_is_taken_at_once() {
    on_both(async |shop| {
        rules(&shop, HoldSettings { on_delivery: false, ..HoldSettings::default() }).await;
        assert_eq!(hold(&shop, "h", cards::VISA).await.state, PaymentState::Captured);
        shop.audit().await;
    });
    on_both_engines(migrations(), async |cx| {
        let processor = Arc::new(Processor::in_memory());
        let plain = Arc::new(Plain(SandboxGateway::new(processor.clone())));
        let shop = Shop::over(cx, processor, plain);
        assert_eq!(hold(&shop, "h", cards::VISA).await.state, PaymentState::Captured);
        shop.audit().await;
    });
}

/// A gateway that cannot hold.
struct Plain(SandboxGateway);

#[async_trait]
impl Gateway for Plain {
    fn manifest(&self) -> &Manifest {
        self.0.manifest()
    }
    async fn charge(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        self.0.charge(call, request).await
    }
    async fn find_charge(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<ChargeOutcome>, CallError> {
        self.0.find_charge(call, key).await
    }
}

#[test]
fn staff_who_may_take_or_let_go_and_it_is_written_down() {
    on_both(async |shop| {
        let (first, second) = (hold(&shop, "a", cards::VISA).await, hold(&shop, "b", cards::VISA).await);
        let may_not = shop.cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        let refused = capture_by_hand(&may_not, first.id).await;
        assert!(matches!(refused, Err(HoldRefused::Denied(_))), "{refused:?}");
        capture_by_hand(&shop.cx, first.id).await.unwrap();
        release_by_hand(&shop.cx, second.id).await.unwrap();
        let late = release_by_hand(&shop.cx, first.id).await;
        assert!(matches!(late, Err(HoldRefused::NotHeld)), "{late:?}");
        let nobody = capture_by_hand(&shop.cx, Id::new(1)).await;
        assert!(matches!(nobody, Err(HoldRefused::NotFound)), "{nobody:?}");
        shop.run_jobs().await;
        assert_eq!(shop.payment(first.id).await.state, PaymentState::Captured);
        assert_eq!(shop.payment(second.id).await.state, PaymentState::Released);
        for (payment, decided) in [(&first, "capture"), (&second, "release")] {
            let subject = format!("payment:{}", payment.id.get());
            let read = async move |tx: &mut Tx| bursar_audit::list(tx, Some(&subject), None, 10).await;
            let entries = shop.cx.read(read).await.unwrap();
            assert_eq!(entries.len(), 1, "{decided}");
        }
        shop.audit().await;
    });
}

/// A gateway during whose capture or release the process dies, before or after the vendor acted.
struct Deadly {
    inner: SandboxGateway,
    acts: bool,
    died: Arc<Notify>,
}

impl Deadly {
    async fn die<T>(&self) -> T {
        self.died.notify_one();
        std::future::pending().await
    }
}

#[async_trait]
impl Gateway for Deadly {
    fn manifest(&self) -> &Manifest {
        self.inner.manifest()
    }
    async fn charge(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        self.inner.charge(call, request).await
    }
    async fn find_charge(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<ChargeOutcome>, CallError> {
        self.inner.find_charge(call, key).await
    }
    fn holds(&self) -> Option<&dyn Holds> {
        Some(self)
    }
}

#[async_trait]
impl Holds for Deadly {
    async fn authorise(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        if self.acts {
            self.inner.authorise(call, request).await?;
        }
        self.die().await
    }
    async fn capture(
        &self,
        call: &Call,
        key: &IdempotencyKey,
        part: Option<Money>,
    ) -> Result<ChargeOutcome, CallError> {
        if self.acts {
            self.inner.capture(call, key, part).await?;
        }
        self.die().await
    }
    async fn release(&self, call: &Call, key: &IdempotencyKey) -> Result<ChargeOutcome, CallError> {
        if self.acts {
            self.inner.release(call, key).await?;
        }
        self.die().await
    }
}

#[test]
fn a_part_of_a_hold_is_taken_once_and_the_books_have_that_part() {
    on_both(async |shop| {
        let id = shop.intend_hold("part", cards::VISA, eur(2_000)).await;
        shop.run(id).await;
        let no_more =
            async |part| shop.cx.write(async move |tx: &mut Tx| capture_no_more(tx, id, part).await).await;
        assert!(no_more(eur(1_500)).await.unwrap());
        assert!(no_more(eur(1_300)).await.unwrap(), "the last word counts");
        for none in [eur(0), eur(2_001), Money::new(1_000, Currency::USD)] {
            assert!(no_more(none).await.is_err(), "{none}");
        }
        assert!(shop.take(id).await);
        assert!(!no_more(eur(1_000)).await.unwrap(), "it is being taken");
        // The vendor takes it and its answer is lost: the part that was taken is found by looking.
        shop.processor.next_calls([CallTrouble::LoseAfter]);
        shop.run(id).await;
        let payment = shop.run(id).await.payment;
        assert_eq!((payment.state, payment.amount), (PaymentState::Captured, eur(1_300)));
        assert_eq!(payment.message, "20.00 EUR was held, 13.00 EUR was taken: no more was owed");
        assert_eq!(shop.processor.charges()[0].captures, 1);
    });
}

#[test]
fn what_is_held_whole_has_no_parts() {
    on_both(async |shop| {
        let id = shop.intend_hold("whole", cards::HOLD_WHOLE, eur(2_000)).await;
        shop.run(id).await;
        let less = async move |tx: &mut Tx| capture_no_more(tx, id, eur(1_300)).await;
        assert!(!shop.cx.write(less).await.unwrap());
        assert!(shop.take(id).await);
        assert_eq!(shop.run(id).await.payment.amount, eur(2_000));
    });
}

#[test]
fn a_crash_during_any_call_about_a_hold_ends_as_if_there_had_been_none() {
    on_both_engines(migrations(), async |cx| {
        let processor = Arc::new(Processor::in_memory());
        for acts in [false, true] {
            let inner = SandboxGateway::new(processor.clone());
            let shop = Shop::over(cx.clone(), processor.clone(), Arc::new(inner.clone()));
            let dies_with = async |id: Id<Payment>| {
                let died = Arc::new(Notify::new());
                let deadly = Deadly { inner: inner.clone(), acts, died: died.clone() };
                let dying = Shop::over(cx.clone(), processor.clone(), Arc::new(deadly));
                tokio::select! {
                    _ = dying.run(id) => panic!("the call never answers"),
                    () = died.notified() => {}
                }
            };
            for (group, takes) in [("take", true), ("let-go", false)] {
                let id = shop.intend_hold(&format!("{group}-{acts}"), cards::VISA, eur(1_250)).await;
                dies_with(id).await;
                assert_eq!(shop.payment(id).await.state, PaymentState::Sent);
                cx.test_clock().advance_seconds(120);
                assert_eq!(shop.run(id).await.payment.state, PaymentState::Held);
                assert!(if takes { shop.take(id).await } else { shop.let_go(id).await });
                dies_with(id).await;
                let ended = shop.run(id).await.payment.state;
                assert_eq!(ended, if takes { PaymentState::Captured } else { PaymentState::Released });
            }
            shop.audit().await;
        }
    });
}
