//! The sandbox through the contract's suite, and what only the sandbox can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bursar_gateway::conformance::{self, Behaviour, Rig, Trouble};
use bursar_gateway::{
    ChargeOutcome, ChargeRequest, Gateway, Holds as _, IdempotencyKey, MethodToken, Presence, RefundOutcome,
    RefundRequest, WebhookRefused, WebhookRequest, Webhooks,
};
use bursar_gateway_sandbox::{
    Authentication, CallTrouble, Courier, FaultPlan, Processor, SandboxGateway, cards,
};
use bursar_money::{Currency, Money};
use bursar_outbound::{Call, CallError, DEFAULT_TIMEOUT};
use bursar_time::Instant;

fn noon() -> Instant {
    Instant::from_micros(1_767_268_800_000_000)
}

struct Sandbox {
    processor: Arc<Processor>,
    gateway: SandboxGateway,
}

impl Sandbox {
    fn new() -> Self {
        Self::over(Processor::in_memory())
    }

    fn over(processor: Processor) -> Self {
        let processor = Arc::new(processor);
        Self { gateway: SandboxGateway::new(processor.clone()), processor }
    }

    fn call_at(&self, now: Instant) -> Call {
        Call::new(now, DEFAULT_TIMEOUT, self.processor.credentials())
    }

    async fn charge(&self, key: &str, card: &str, minor: i64) -> Result<ChargeOutcome, CallError> {
        self.gateway.charge(&self.call_at(noon()), &request(key, card, minor)).await
    }
}

fn request(key: &str, card: &str, minor: i64) -> ChargeRequest {
    ChargeRequest {
        key: IdempotencyKey::new(key).unwrap(),
        amount: Money::new(minor, Currency::EUR),
        method: Some(MethodToken::new(card)),
        customer: 7,
        description: "Invoice 1".to_owned(),
        return_url: None,
        presence: Presence::Present,
    }
}

#[async_trait]
impl Rig for Sandbox {
    fn gateway(&self) -> &dyn Gateway {
        &self.gateway
    }
    fn call(&self) -> Call {
        self.call_at(noon())
    }
    fn call_with_bad_credentials(&self) -> Call {
        let wrong =
            self.processor.credentials().with("api_key", "wrong-key").with("webhook_secret", "wrong-secret");
        Call::new(noon(), DEFAULT_TIMEOUT, wrong)
    }
    fn method(&self, behaviour: Behaviour) -> MethodToken {
        MethodToken::new(match behaviour {
            Behaviour::Succeeds => cards::VISA,
            Behaviour::Declines => "tok_decline:insufficient_funds",
            Behaviour::WantsAuthentication => cards::AUTHENTICATE,
            Behaviour::RefusesCapture => cards::CAPTURE_DECLINED,
        })
    }
    fn trouble(&self, trouble: Trouble) {
        self.processor.next_calls([match trouble {
            Trouble::Refuse => CallTrouble::Refuse,
            Trouble::LoseBefore => CallTrouble::LoseBefore,
            Trouble::LoseAfter => CallTrouble::LoseAfter,
            Trouble::RateLimit => CallTrouble::RateLimit,
        }]);
    }
    fn captures(&self, key: &IdempotencyKey) -> usize {
        let charges = self.processor.charges();
        charges.iter().filter(|c| c.key == key.as_str()).map(|c| c.captures as usize).sum()
    }
    fn authenticate(&self, key: &IdempotencyKey) {
        let charges = self.processor.charges();
        let charge = charges.iter().find(|c| c.key == key.as_str()).expect("the charge is known");
        self.processor.complete_authentication(noon(), &charge.reference, Authentication::Approved).unwrap();
    }
    fn answer_setup(&self, key: &IdempotencyKey, behaviour: Option<Behaviour>) {
        let reference =
            self.processor.setups().into_iter().find(|it| it.key == key.as_str()).unwrap().reference;
        let card = behaviour.map(|behaviour| self.method(behaviour));
        self.processor.complete_setup(&reference, card.as_ref().map(MethodToken::expose)).unwrap();
    }
    fn run_out(&self, key: &IdempotencyKey) {
        assert!(self.processor.run_out(noon(), key.as_str()), "nothing is held under {key}");
    }
    fn webhooks(&self) -> Vec<WebhookRequest> {
        self.processor.take_webhooks(noon())
    }
}

#[tokio::test]
async fn the_sandbox_conforms() {
    conformance::run(Sandbox::new).await;
}

#[tokio::test]
async fn the_fee_is_one_point_four_percent_rounded_down() {
    let sandbox = Sandbox::new();
    // 12.50 × 1.4 % = 0.175, rounded down 0.17.
    let ChargeOutcome::Captured(captured) = sandbox.charge("fee", cards::VISA, 1_250).await.unwrap() else {
        panic!("expected a capture")
    };
    assert_eq!(captured.fee, Money::new(17, Currency::EUR));
}

#[tokio::test]
async fn amounts_choose_behaviour_for_plain_cards() {
    let sandbox = Sandbox::new();
    assert!(matches!(
        sandbox.charge("a", cards::VISA, 409_995).await,
        Ok(ChargeOutcome::Declined(decline)) if decline.code == "insufficient_funds"
    ));
    assert!(matches!(sandbox.charge("b", cards::VISA, 400_008).await, Err(CallError::Unknown(_))));
    assert!(matches!(sandbox.charge("b", cards::VISA, 400_008).await, Ok(ChargeOutcome::Captured(_))));
}

#[tokio::test]
async fn pending_charges_become_final_after_an_hour_and_say_so() {
    let sandbox = Sandbox::new();
    for (key, card, paid) in [("p", cards::PENDING, true), ("q", cards::PENDING_DECLINED, false)] {
        assert!(matches!(sandbox.charge(key, card, 1_000).await, Ok(ChargeOutcome::Pending { .. })));
        let key = IdempotencyKey::new(key).unwrap();
        let before = sandbox.gateway.find_charge(&sandbox.call_at(noon().plus_seconds(3_599)), &key).await;
        assert!(matches!(before, Ok(Some(ChargeOutcome::Pending { .. }))));
        let after = sandbox.gateway.find_charge(&sandbox.call_at(noon().plus_seconds(3_600)), &key).await;
        let after = after.unwrap().unwrap();
        assert_eq!(matches!(after, ChargeOutcome::Captured(_)), paid, "{after:?}");
        assert!(after.is_final());
    }
    assert_eq!(
        sandbox.processor.take_webhooks(noon().plus_seconds(3_600)).len(),
        4,
        "pending and final, for both"
    );
}

#[tokio::test]
async fn webhooks_come_twice_late_never_or_forged() {
    let count = async |card: &str, at: Instant| {
        let sandbox = Sandbox::new();
        sandbox.charge("k", card, 1_000).await.unwrap();
        sandbox.processor.take_webhooks(at).len()
    };
    assert_eq!(count(cards::VISA, noon()).await, 1);
    assert_eq!(count(cards::WEBHOOK_TWICE, noon()).await, 2);
    assert_eq!(count(cards::WEBHOOK_NEVER, noon().plus_seconds(900_000)).await, 0);
    assert_eq!(count(cards::WEBHOOK_LATE, noon().plus_seconds(86_399)).await, 0);
    assert_eq!(count(cards::WEBHOOK_LATE, noon().plus_seconds(86_400)).await, 1);

    let sandbox = Sandbox::new();
    sandbox.charge("k", cards::WEBHOOK_FORGED, 1_000).await.unwrap();
    let verdicts: Vec<bool> = sandbox
        .processor
        .take_webhooks(noon())
        .iter()
        .map(|hook| match sandbox.gateway.verify(&sandbox.call(), hook) {
            Ok(_) => true,
            Err(refused) => {
                assert_eq!(refused, WebhookRefused::BadSignature);
                false
            }
        })
        .collect();
    assert_eq!(verdicts.iter().filter(|good| **good).count(), 1);
    assert_eq!(verdicts.len(), 2);
}

#[derive(Default)]
struct Letterbox(Mutex<Vec<WebhookRequest>>);

#[async_trait]
impl Courier for Letterbox {
    async fn deliver(&self, request: WebhookRequest) {
        self.0.lock().unwrap().push(request);
    }
}

#[tokio::test]
async fn a_webhook_can_overtake_its_answer() {
    let processor = Arc::new(Processor::in_memory());
    let letterbox = Arc::new(Letterbox::default());
    let gateway = SandboxGateway::new(processor.clone()).with_courier(letterbox.clone());
    let call = Call::new(noon(), DEFAULT_TIMEOUT, processor.credentials());
    gateway.charge(&call, &request("first", cards::WEBHOOK_FIRST, 1_000)).await.unwrap();
    assert_eq!(letterbox.0.lock().unwrap().len(), 1);
    assert_eq!(processor.take_webhooks(noon()).len(), 0, "delivered once");
}

#[tokio::test]
async fn a_rejected_confirmation_declines_and_cannot_be_approved_afterwards() {
    let sandbox = Sandbox::new();
    sandbox.charge("k", cards::AUTHENTICATE, 1_000).await.unwrap();
    let reference = sandbox.processor.charges()[0].reference.clone();
    sandbox.processor.complete_authentication(noon(), &reference, Authentication::Rejected).unwrap();
    sandbox.processor.complete_authentication(noon(), &reference, Authentication::Approved).unwrap();
    let key = IdempotencyKey::new("k").unwrap();
    let found = sandbox.gateway.find_charge(&sandbox.call(), &key).await.unwrap().unwrap();
    assert!(matches!(found, ChargeOutcome::Declined(d) if d.code == "authentication_failed"));
}

#[tokio::test]
async fn refunds_fail_at_once_or_later_and_come_back() {
    let sandbox = Sandbox::new();
    let refund = async |card: &str| {
        let ChargeOutcome::Captured(captured) = sandbox.charge(card, card, 1_000).await.unwrap() else {
            panic!("expected a capture")
        };
        let request = RefundRequest {
            key: IdempotencyKey::new(format!("refund-{card}")).unwrap(),
            charge: captured.reference,
            amount: Money::new(400, Currency::EUR),
            reason: "asked for".to_owned(),
        };
        let refunds = sandbox.gateway.refunds().unwrap();
        let now = refunds.refund(&sandbox.call(), &request).await.unwrap();
        let later = sandbox.call_at(noon().plus_seconds(3_600));
        (now, refunds.find_refund(&later, &request.key).await.unwrap().unwrap())
    };
    let (now, later) = refund(cards::REFUND_FAILS).await;
    assert!(matches!((now, later), (RefundOutcome::Failed { .. }, RefundOutcome::Failed { .. })));
    let (now, later) = refund(cards::REFUND_PENDING).await;
    assert!(matches!((now, later), (RefundOutcome::Pending { .. }, RefundOutcome::Settled { .. })));
    let (now, later) = refund(cards::REFUND_FAILS_LATER).await;
    assert!(matches!((now, later), (RefundOutcome::Pending { .. }, RefundOutcome::Failed { .. })));
    let (now, _) = refund(cards::VISA).await;
    assert!(matches!(now, RefundOutcome::Settled { .. }));
    assert!(sandbox.processor.return_refund(noon(), "refund-tok_visa").unwrap());
    assert!(!sandbox.processor.return_refund(noon(), "refund-tok_visa").unwrap(), "only once");
}

#[tokio::test]
async fn the_file_remembers_across_restarts_and_survives_a_cut_off_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let first = Sandbox::over(Processor::open(&path).unwrap());
    first.charge("k", cards::VISA, 1_000).await.unwrap();
    first.charge("p", cards::PENDING, 2_000).await.unwrap();
    let charges = first.processor.charges();
    drop(first);

    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"record":"charge","key":"half"#).unwrap();
    drop(file);

    let second = Sandbox::over(Processor::open(&path).unwrap());
    assert_eq!(second.processor.charges(), charges);
    second.charge("k", cards::VISA, 1_000).await.unwrap();
    assert_eq!(second.processor.charges()[0].captures, 1, "still once");
    assert_eq!(second.processor.take_webhooks(noon()).len(), 2, "undelivered webhooks are kept");
    second.charge("n", cards::VISA, 3_000).await.unwrap();
    drop(second);
    let third = Sandbox::over(Processor::open(&path).unwrap());
    assert_eq!(third.processor.charges().len(), 3);
    assert_eq!(third.processor.take_webhooks(noon()).len(), 1, "only the new one");
    assert_eq!(third.processor.next_due(), Some(noon().plus_seconds(3_600)));
}

#[tokio::test]
async fn a_hold_runs_out_after_seven_days_or_an_hour_and_says_so() {
    let sandbox = Sandbox::new();
    for (card, seconds) in [(cards::VISA, 604_800), (cards::HOLD_SHORT, 3_600)] {
        let holds = sandbox.gateway.holds().unwrap();
        let asked = request(card, card, 1_000);
        let outcome = holds.authorise(&sandbox.call(), &asked).await.unwrap();
        let until = noon().plus_seconds(seconds);
        assert!(matches!(&outcome, ChargeOutcome::Held(held) if held.until == until), "{outcome:?}");
        let last = sandbox.gateway.find_charge(&sandbox.call_at(until.plus_seconds(-1)), &asked.key).await;
        assert!(matches!(last, Ok(Some(ChargeOutcome::Held(_)))), "{last:?}");
        let over = sandbox.gateway.find_charge(&sandbox.call_at(until), &asked.key).await;
        assert!(matches!(over, Ok(Some(ChargeOutcome::Expired { .. }))), "{over:?}");
        let said = sandbox.processor.take_webhooks(until).len();
        assert_eq!(said, 2, "held and expired");
    }
}

#[tokio::test]
async fn a_hold_is_found_again_after_a_restart_and_its_webhooks_come_first_or_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let first = Sandbox::over(Processor::open(&path).unwrap());
    let asked = request("h", cards::WEBHOOK_TWICE, 1_000);
    first.gateway.holds().unwrap().authorise(&first.call(), &asked).await.unwrap();
    assert_eq!(first.processor.take_webhooks(noon()).len(), 2);
    drop(first);
    let second = Sandbox::over(Processor::open(&path).unwrap());
    assert_eq!(second.processor.next_due(), Some(noon().plus_seconds(604_800)), "it still runs out");
    let taken = second.gateway.holds().unwrap().capture(&second.call(), &asked.key, None).await.unwrap();
    assert!(matches!(taken, ChargeOutcome::Captured(captured) if captured.amount.minor() == 1_000));
    assert_eq!(second.processor.charges()[0].captures, 1);
    assert_eq!(second.processor.next_due(), Some(noon()), "only the webhooks wait");

    let processor = Arc::new(Processor::in_memory());
    let letterbox = Arc::new(Letterbox::default());
    let gateway = SandboxGateway::new(processor.clone()).with_courier(letterbox.clone());
    let call = Call::new(noon(), DEFAULT_TIMEOUT, processor.credentials());
    let asked = request("first", cards::WEBHOOK_FIRST, 1_000);
    gateway.authorise(&call, &asked).await.unwrap();
    assert_eq!(letterbox.0.lock().unwrap().len(), 1, "before the answer");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let outcomes = async |seed: u64| {
        let sandbox = Sandbox::new();
        sandbox.processor.set_plan(FaultPlan::stormy(seed));
        let mut all = Vec::new();
        for n in 0..200 {
            all.push(format!("{:?}", sandbox.charge(&format!("k{n}"), cards::VISA, 1_000 + n).await));
        }
        assert!(sandbox.processor.charges().iter().all(|c| c.captures <= 1));
        all
    };
    let first = outcomes(1).await;
    assert_eq!(first, outcomes(1).await);
    assert_ne!(first, outcomes(2).await);
    assert!(
        first.iter().any(|o| o.starts_with("Err(Unknown"))
            && first.iter().any(|o| o.starts_with("Ok(Captured"))
    );
}
