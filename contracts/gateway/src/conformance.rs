//! The suite every gateway driver passes over its fake.
//!
//! A driver's test gives a [`Rig`] (the driver, its fake and a way to make the fake misbehave) and calls [`run`]. A
//! check that fails panics with what was expected. The fake must start empty for every rig.

mod holds;

use async_trait::async_trait;
use bursar_money::{Currency, Money};
use bursar_outbound::{Call, CallError};
use bursar_time::Instant;

use crate::{
    ChargeOutcome, ChargeRequest, DeclineClass, Gateway, IdempotencyKey, MethodToken, Presence,
    RefundOutcome, RefundRequest, SetupOutcome, SetupRequest, WebhookRefused, WebhookRequest, WebhookSubject,
};

/// How the fake behaves for a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Captures at once.
    Succeeds,
    /// Declines with `insufficient_funds`.
    Declines,
    /// Wants the customer to confirm.
    WantsAuthentication,
    /// Can be held, and the bank refuses the capture with `insufficient_funds`. Only for drivers that hold.
    RefusesCapture,
}

/// What the fake does to the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection is refused.
    Refuse,
    /// The answer is lost before the vendor acted.
    LoseBefore,
    /// The answer is lost after the vendor acted.
    LoseAfter,
    /// The vendor asks to wait.
    RateLimit,
}

/// A driver with its fake.
#[async_trait]
pub trait Rig: Send + Sync {
    /// The driver.
    fn gateway(&self) -> &dyn Gateway;
    /// A call with good credentials at the fake's time.
    fn call(&self) -> Call;
    /// A call with credentials the vendor does not accept.
    fn call_with_bad_credentials(&self) -> Call;
    /// A method that behaves so.
    fn method(&self, behaviour: Behaviour) -> MethodToken;
    /// Makes the next call go wrong.
    fn trouble(&self, trouble: Trouble);
    /// How often the fake moved money for a key.
    fn captures(&self, key: &IdempotencyKey) -> usize;
    /// The customer confirms the charge of a key on the vendor's page.
    fn authenticate(&self, key: &IdempotencyKey);
    /// The customer answers the setup of a key on the vendor's page: with a method that succeeds, or with none. Only for
    /// drivers that offer setups.
    fn answer_setup(&self, _key: &IdempotencyKey, _behaviour: Option<Behaviour>) {
        panic!("the driver offers setups, and its rig cannot answer one");
    }
    /// The hold of a key runs out at the vendor. Only for drivers that hold.
    fn run_out(&self, _key: &IdempotencyKey) {
        panic!("the driver holds money, and its rig cannot let a hold run out");
    }
    /// Takes the webhooks that the fake has sent by now.
    fn webhooks(&self) -> Vec<WebhookRequest>;
}

/// Runs every check. `fresh` makes a rig with an empty fake.
pub async fn run<R: Rig>(fresh: impl Fn() -> R) {
    charges_once_per_key(&fresh()).await;
    refuses_a_key_with_another_amount(&fresh()).await;
    keeps_amounts_in_every_exponent(&fresh()).await;
    declines_are_outcomes(&fresh()).await;
    nothing_happened_when_refused_or_rate_limited(&fresh()).await;
    lost_answers_are_unknown_and_can_be_asked_about(&fresh()).await;
    authentication_ends_in_capture(&fresh()).await;
    bad_credentials_are_said_and_secrets_are_not(&fresh()).await;
    refunds_once_and_never_more_than_there_is(&fresh()).await;
    stored_methods_charge_until_forgotten(&fresh()).await;
    setups_give_a_method_once_or_none(&fresh()).await;
    cancelled_means_never_collected(&fresh()).await;
    webhooks_are_signed_and_name_the_key(&fresh()).await;
    holds::run(&fresh).await;
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new(text).expect("the suite's keys are plain")
}

fn request<R: Rig>(rig: &R, name: &str, behaviour: Behaviour, amount: Money) -> ChargeRequest {
    ChargeRequest {
        key: key(name),
        amount,
        method: Some(rig.method(behaviour)),
        customer: 7,
        description: "Invoice 1".to_owned(),
        return_url: Some("https://portal.example/return".to_owned()),
        presence: Presence::Present,
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn captured(outcome: &ChargeOutcome) -> &crate::Captured {
    match outcome {
        ChargeOutcome::Captured(captured) => captured,
        other => panic!("expected a capture, got {other:?}"),
    }
}

async fn charges_once_per_key<R: Rig>(rig: &R) {
    let request = request(rig, "once", Behaviour::Succeeds, eur(1_250));
    let first = rig.gateway().charge(&rig.call(), &request).await.expect("a plain charge succeeds");
    let second = rig.gateway().charge(&rig.call(), &request).await.expect("a repeated charge answers");
    assert_eq!(captured(&first), captured(&second), "the same key gives the same outcome");
    assert_eq!(rig.captures(&request.key), 1, "the same key moves money once");
    let found = rig.gateway().find_charge(&rig.call(), &request.key).await.expect("asking works");
    assert_eq!(found, Some(first), "asking tells the same");
    let nothing = rig.gateway().find_charge(&rig.call(), &key("never-sent")).await.expect("asking works");
    assert_eq!(nothing, None, "a key that was never sent is not there");
}

async fn refuses_a_key_with_another_amount<R: Rig>(rig: &R) {
    let first = request(rig, "reused", Behaviour::Succeeds, eur(1_000));
    rig.gateway().charge(&rig.call(), &first).await.expect("a plain charge succeeds");
    let yen = Money::new(1_000, Currency::JPY);
    for amount in [eur(1_001), yen] {
        let other = ChargeRequest { amount, ..first.clone() };
        let answer = rig.gateway().charge(&rig.call(), &other).await;
        assert!(matches!(answer, Err(CallError::Refused(_))), "a key with another amount: {answer:?}");
    }
    assert_eq!(rig.captures(&first.key), 1);
}

async fn keeps_amounts_in_every_exponent<R: Rig>(rig: &R) {
    let cases = [
        (1_500, Currency::JPY),
        (1_999, Currency::EUR),
        (12_340, Currency::KWD),
        (99_999_990, Currency::KWD),
    ];
    for (minor, currency) in cases {
        if !rig.gateway().manifest().accepts(currency.code()) {
            continue;
        }
        let amount = Money::new(minor, currency);
        let name = format!("exponent-{}-{minor}", currency.code());
        let request = request(rig, &name, Behaviour::Succeeds, amount);
        let outcome = rig.gateway().charge(&rig.call(), &request).await.expect("a plain charge succeeds");
        let captured = captured(&outcome);
        assert_eq!(captured.amount, amount, "the amount survives the vendor's spelling");
        assert_eq!(captured.fee.currency(), currency, "the fee is in the charge's currency");
        assert!(!captured.fee.is_negative() && captured.fee.minor() <= minor, "a fee is part of the amount");
    }
}

async fn declines_are_outcomes<R: Rig>(rig: &R) {
    let request = request(rig, "declined", Behaviour::Declines, eur(500));
    let outcome = rig.gateway().charge(&rig.call(), &request).await.expect("a decline is not an error");
    let ChargeOutcome::Declined(decline) = &outcome else { panic!("expected a decline, got {outcome:?}") };
    assert_eq!((decline.code.as_str(), decline.class), ("insufficient_funds", DeclineClass::RetryLater));
    assert_eq!(rig.captures(&request.key), 0, "a decline moves nothing");
}

async fn nothing_happened_when_refused_or_rate_limited<R: Rig>(rig: &R) {
    let request = request(rig, "not-sent", Behaviour::Succeeds, eur(700));
    rig.trouble(Trouble::Refuse);
    let answer = rig.gateway().charge(&rig.call(), &request).await;
    assert!(matches!(answer, Err(CallError::NotSent(_))), "a refused connection: {answer:?}");
    rig.trouble(Trouble::RateLimit);
    let answer = rig.gateway().charge(&rig.call(), &request).await;
    assert!(matches!(answer, Err(CallError::RateLimited { .. })), "a rate limit: {answer:?}");
    assert_eq!(rig.captures(&request.key), 0);
    assert_eq!(rig.gateway().find_charge(&rig.call(), &request.key).await, Ok(None));
    rig.gateway().charge(&rig.call(), &request).await.expect("the same key works afterwards");
    assert_eq!(rig.captures(&request.key), 1);
}

async fn lost_answers_are_unknown_and_can_be_asked_about<R: Rig>(rig: &R) {
    let before = request(rig, "lost-before", Behaviour::Succeeds, eur(800));
    rig.trouble(Trouble::LoseBefore);
    let answer = rig.gateway().charge(&rig.call(), &before).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    assert_eq!(
        rig.gateway().find_charge(&rig.call(), &before.key).await,
        Ok(None),
        "the vendor never saw it"
    );
    rig.gateway().charge(&rig.call(), &before).await.expect("what was never seen may be sent again");
    assert_eq!(rig.captures(&before.key), 1);

    let after = request(rig, "lost-after", Behaviour::Succeeds, eur(900));
    rig.trouble(Trouble::LoseAfter);
    let answer = rig.gateway().charge(&rig.call(), &after).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    let found = rig.gateway().find_charge(&rig.call(), &after.key).await.expect("asking works");
    assert_eq!(captured(&found.expect("the vendor acted")).amount, eur(900));
    assert_eq!(rig.captures(&after.key), 1);

    rig.trouble(Trouble::LoseBefore);
    let asked = rig.gateway().find_charge(&rig.call(), &after.key).await;
    assert!(asked.is_err(), "a lost answer to a question is an error and never 'not there': {asked:?}");
}

async fn authentication_ends_in_capture<R: Rig>(rig: &R) {
    let request = request(rig, "authenticate", Behaviour::WantsAuthentication, eur(1_100));
    let outcome = rig.gateway().charge(&rig.call(), &request).await.expect("the charge is accepted");
    let ChargeOutcome::RequiresAction { url, .. } = &outcome else {
        panic!("expected an action, got {outcome:?}")
    };
    assert!(!url.is_empty(), "the customer is told where to go");
    assert_eq!(rig.captures(&request.key), 0, "nothing moves before the customer confirms");
    rig.authenticate(&request.key);
    let found = rig.gateway().find_charge(&rig.call(), &request.key).await.expect("asking works");
    assert_eq!(captured(&found.expect("it is there")).amount, eur(1_100));
}

async fn bad_credentials_are_said_and_secrets_are_not<R: Rig>(rig: &R) {
    let request = request(rig, "credentials", Behaviour::Succeeds, eur(100));
    let answer = rig.gateway().charge(&rig.call_with_bad_credentials(), &request).await;
    let Err(CallError::BadCredentials(text)) = &answer else { panic!("bad credentials: {answer:?}") };
    let token = rig.method(Behaviour::Succeeds);
    for setting in rig.gateway().manifest().settings {
        for call in [rig.call(), rig.call_with_bad_credentials()] {
            if let Some(secret) = call.credentials().get(setting.name) {
                assert!(!text.contains(secret), "an error shows the setting {}", setting.name);
            }
        }
    }
    assert!(!format!("{request:?}").contains(token.expose()), "a request prints its token");
    assert_eq!(rig.captures(&request.key), 0);
}

async fn refunds_once_and_never_more_than_there_is<R: Rig>(rig: &R) {
    let Some(refunds) = rig.gateway().refunds() else { return };
    let charge = request(rig, "refunded", Behaviour::Succeeds, eur(1_000));
    let outcome = rig.gateway().charge(&rig.call(), &charge).await.expect("a plain charge succeeds");
    let part = RefundRequest {
        key: key("refund-1"),
        charge: captured(&outcome).reference.clone(),
        amount: eur(600),
        reason: "asked for".to_owned(),
    };
    rig.trouble(Trouble::LoseAfter);
    let answer = refunds.refund(&rig.call(), &part).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    let found =
        refunds.find_refund(&rig.call(), &part.key).await.expect("asking works").expect("the vendor acted");
    assert!(!matches!(found, RefundOutcome::Failed { .. }), "the refund was accepted: {found:?}");
    let again = refunds.refund(&rig.call(), &part).await.expect("a repeated refund answers");
    assert_eq!(again, found, "the same key refunds once");

    let too_much = RefundRequest { key: key("refund-2"), amount: eur(401), ..part.clone() };
    let answer = refunds.refund(&rig.call(), &too_much).await;
    assert!(
        matches!(answer, Ok(RefundOutcome::Failed { .. }) | Err(CallError::Refused(_))),
        "6.00 of 10.00 are refunded, 4.01 more cannot be: {answer:?}"
    );
    let rest = RefundRequest { key: key("refund-3"), amount: eur(400), ..part };
    let answer = refunds.refund(&rig.call(), &rest).await.expect("the rest can be refunded");
    assert!(!matches!(answer, RefundOutcome::Failed { .. }), "{answer:?}");
    assert_eq!(refunds.find_refund(&rig.call(), &key("refund-never")).await, Ok(None));
}

async fn stored_methods_charge_until_forgotten<R: Rig>(rig: &R) {
    let Some(methods) = rig.gateway().stored_methods() else { return };
    let token = rig.method(Behaviour::Succeeds);
    let stored = methods.store(&rig.call(), 7, &token).await.expect("a good method is kept");
    let charge = |name: &str| ChargeRequest {
        method: Some(stored.token.clone()),
        presence: Presence::Absent,
        ..request(rig, name, Behaviour::Succeeds, eur(300))
    };
    let outcome =
        rig.gateway().charge(&rig.call(), &charge("stored")).await.expect("a stored method charges");
    captured(&outcome);
    methods.forget(&rig.call(), &stored.token).await.expect("forgetting works");
    methods.forget(&rig.call(), &stored.token).await.expect("forgetting twice works");
    let request = charge("forgotten");
    let answer = rig.gateway().charge(&rig.call(), &request).await;
    assert!(
        matches!(answer, Ok(ChargeOutcome::Declined(_)) | Err(CallError::Refused(_))),
        "a forgotten method cannot be charged: {answer:?}"
    );
    assert_eq!(rig.captures(&request.key), 0);
}

async fn setups_give_a_method_once_or_none<R: Rig>(rig: &R) {
    let Some(setups) = rig.gateway().method_setups() else { return };
    assert!(rig.gateway().stored_methods().is_some(), "what a setup gives must be forgettable");
    let asked = |name: &str| SetupRequest {
        key: key(name),
        customer: 7,
        return_url: "https://portal.example/return".to_owned(),
    };
    assert_eq!(setups.find_setup(&rig.call(), &key("setup-never")).await, Ok(None));
    let given = asked("setup-given");
    rig.trouble(Trouble::LoseAfter);
    let answer = setups.open(&rig.call(), &given).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "a lost answer: {answer:?}");
    let again = setups.open(&rig.call(), &given).await.expect("a repeated setup answers");
    let SetupOutcome::Waiting { url } = &again else { panic!("expected a page, got {again:?}") };
    assert!(!url.is_empty(), "the customer is told where to go");
    rig.answer_setup(&given.key, Some(Behaviour::Succeeds));
    let found = setups.find_setup(&rig.call(), &given.key).await.expect("asking works");
    let Some(SetupOutcome::Stored(stored)) = found else { panic!("expected a method, got {found:?}") };
    let told = setups.find_setup(&rig.call(), &given.key).await.expect("asking works");
    assert_eq!(told, Some(SetupOutcome::Stored(stored.clone())), "asking twice gives the same method");
    let charge = ChargeRequest {
        method: Some(stored.token),
        presence: Presence::Absent,
        ..request(rig, "setup-charged", Behaviour::Succeeds, eur(300))
    };
    captured(&rig.gateway().charge(&rig.call(), &charge).await.expect("a method of a setup charges"));

    let refused = asked("setup-refused");
    setups.open(&rig.call(), &refused).await.expect("a setup opens");
    rig.answer_setup(&refused.key, None);
    let found = setups.find_setup(&rig.call(), &refused.key).await.expect("asking works");
    assert_eq!(found, Some(SetupOutcome::Abandoned));
}

async fn cancelled_means_never_collected<R: Rig>(rig: &R) {
    let Some(cancellations) = rig.gateway().cancellations() else { return };
    let waiting = request(rig, "abandoned", Behaviour::WantsAuthentication, eur(1_200));
    rig.gateway().charge(&rig.call(), &waiting).await.expect("the charge is accepted");
    let outcome =
        cancellations.cancel(&rig.call(), &waiting.key).await.expect("a waiting charge is withdrawn");
    assert!(matches!(outcome, ChargeOutcome::Cancelled { .. }), "{outcome:?}");
    rig.authenticate(&waiting.key);
    assert_eq!(rig.captures(&waiting.key), 0, "a withdrawn charge is never collected");

    let done = request(rig, "too-late", Behaviour::Succeeds, eur(1_300));
    rig.gateway().charge(&rig.call(), &done).await.expect("a plain charge succeeds");
    let outcome = cancellations.cancel(&rig.call(), &done.key).await.expect("a captured charge answers");
    assert_eq!(captured(&outcome).amount, eur(1_300), "a capture is not undone by cancelling");
}

async fn webhooks_are_signed_and_name_the_key<R: Rig>(rig: &R) {
    let Some(webhooks) = rig.gateway().webhooks() else { return };
    let charge = request(rig, "announced", Behaviour::Succeeds, eur(1_400));
    rig.gateway().charge(&rig.call(), &charge).await.expect("a plain charge succeeds");
    let sent = rig.webhooks();
    let good = sent.first().expect("a capture is announced");
    let event = webhooks.verify(&rig.call(), good).expect("the vendor's own webhook is accepted");
    assert!(!event.id.is_empty(), "an announcement has an id");
    assert!(
        matches!(&event.subject, WebhookSubject::Charge { key: Some(k), .. } if *k == charge.key),
        "the announcement names our key: {event:?}"
    );

    let mut altered = good.clone();
    altered.body.push(b' ');
    assert_eq!(webhooks.verify(&rig.call(), &altered), Err(WebhookRefused::BadSignature), "an altered body");
    let unsigned = WebhookRequest { headers: Vec::new(), body: good.body.clone() };
    assert_eq!(webhooks.verify(&rig.call(), &unsigned), Err(WebhookRefused::NotSigned), "an unsigned body");
    let stranger = webhooks.verify(&rig.call_with_bad_credentials(), good);
    assert_eq!(stranger, Err(WebhookRefused::BadSignature), "a body signed with another secret");
    let call = rig.call();
    let an_hour_later = Instant::from_micros(call.started_at().micros() + 3_600_000_000);
    let late = Call::new(an_hour_later, call.timeout(), call.credentials().clone());
    assert_eq!(webhooks.verify(&late, good), Err(WebhookRefused::Stale), "a replayed webhook");
}
