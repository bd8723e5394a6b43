use bursar_gateway::{Captured, Decline, DeclineClass, GatewayReference};
use bursar_money::Currency;
use proptest::prelude::*;

use super::*;

fn payment(state: PaymentState) -> Payment {
    let captured = state == PaymentState::Captured;
    Payment {
        id: Id::new(1),
        customer: 2,
        gateway: "sandbox".into(),
        kind: PaymentKind::Charge,
        amount: eur(1_000),
        fee: eur(0),
        refunded: eur(0),
        capture: Capture::Later,
        held_until: state.holds_money().then_some(Instant::EPOCH),
        takes_parts: false,
        part: None,
        state,
        key: "pay:k".into(),
        gateway_reference: if captured { "ch_1".into() } else { String::new() },
        decline_code: String::new(),
        decline_class: String::new(),
        message: String::new(),
        action_url: String::new(),
        reference: String::new(),
        received_on: None,
        purpose: Purpose::default(),
        group_key: "k".into(),
        method: None,
        presence: Presence::Present,
        return_url: None,
        created_at: Instant::EPOCH,
        updated_at: Instant::EPOCH,
        captured_at: captured.then_some(Instant::EPOCH),
        entry: captured.then(|| Id::new(9)),
        version: 1,
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn reference() -> GatewayReference {
    GatewayReference::new("ch_1")
}

fn captured(amount: Money, fee: Money) -> News {
    News::Outcome(ChargeOutcome::Captured(Captured {
        reference: reference(),
        amount,
        fee,
        at: Instant::EPOCH,
    }))
}

fn held(minor: i64) -> News {
    let held = Held { reference: reference(), amount: eur(minor), until: Instant::EPOCH, takes_parts: true };
    News::Outcome(ChargeOutcome::Held(held))
}

fn declined() -> News {
    News::Outcome(ChargeOutcome::Declined(Decline {
        reference: None,
        code: "expired_card".into(),
        class: DeclineClass::CustomerMustAct,
        message: "no".into(),
    }))
}

fn all_news() -> Vec<(&'static str, News)> {
    let text = String::new;
    vec![
        ("captured", captured(eur(1_000), eur(14))),
        ("pending", News::Outcome(ChargeOutcome::Pending { reference: reference() })),
        ("action", News::Outcome(ChargeOutcome::RequiresAction { reference: reference(), url: "/a".into() })),
        ("declined", declined()),
        ("cancelled", News::Outcome(ChargeOutcome::Cancelled { reference: reference() })),
        ("held", held(1_000)),
        ("expired", News::Outcome(ChargeOutcome::Expired { reference: reference() })),
        ("not there", News::NotThere),
        ("not sent", News::CallFailed(CallError::NotSent(text()))),
        ("rate limited", News::CallFailed(CallError::RateLimited { retry_after: None })),
        ("lost", News::CallFailed(CallError::Unknown(text()))),
        ("garbage", News::CallFailed(CallError::Unreadable(text()))),
        ("bad key", News::CallFailed(CallError::BadCredentials(text()))),
        ("refused", News::CallFailed(CallError::Refused(text()))),
        ("ask failed", News::AskFailed(CallError::Unknown(text()))),
        ("ask refused", News::AskFailed(CallError::BadCredentials(text()))),
    ]
}

fn later() -> Instant {
    Instant::EPOCH.plus_seconds(PATIENCE_SECONDS)
}

fn state_after(from: PaymentState, news: &News, now: Instant) -> PaymentState {
    match decide(&payment(from), news, now).0 {
        Change::None => from,
        Change::To(next) | Change::Captured { payment: next, .. } => next.state,
    }
}

/// The transition table, printed so that a reader of a change sees what it does. Rows: states; columns: news.
#[test]
fn the_transition_table_is_this() {
    let names: Vec<_> = all_news().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names.join(" | "),
        "captured | pending | action | declined | cancelled | held | expired | not there | not sent | rate limited \
         | lost | garbage | bad key | refused | ask failed | ask refused"
    );
    let table: Vec<String> = PaymentState::ALL
        .into_iter()
        .map(|from| {
            let cells = all_news().into_iter().map(|(_, news)| {
                let to = state_after(from, &news, later());
                if to == from { "." } else { to.code() }
            });
            format!("{}: {}", from.code(), cells.collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        table,
        [
            "created: captured pending requires_action declined cancelled held expired . . . . . . . . .",
            "sent: captured pending requires_action declined cancelled held expired created created created unknown \
             unknown created failed . .",
            "pending: captured . requires_action declined cancelled held expired . . . . . . . . .",
            "requires_action: captured pending . declined cancelled held expired . . . . . . . . .",
            "unknown: captured pending requires_action declined cancelled held expired created . . . . . . . .",
            "held: captured . . declined released . expired . . . . . . . . .",
            "capturing: captured . . declined released . expired . . . . . . . . .",
            "releasing: captured . . declined released . expired . . . . . . . . .",
            "captured: . . . . . . . . . . . . . . . .",
            "declined: captured . . . . . . . . . . . . . . .",
            "failed: captured . . . . . . . . . . . . . . .",
            "cancelled: captured . . . . . . . . . . . . . . .",
            "released: captured . . . . . . . . . . . . . . .",
            "expired: captured . . . . . . . . . . . . . . .",
        ]
    );
}

/// What we decide about a hold, and where it is refused.
#[test]
fn what_is_being_taken_cannot_be_let_go_and_the_other_way_round() {
    let table: Vec<String> = PaymentState::ALL
        .into_iter()
        .filter_map(|from| {
            let (takes, lets_go) = (wished(from, Wish::Capture), wished(from, Wish::Release));
            let word = |to: Option<PaymentState>| to.map_or("-", PaymentState::code);
            (takes.is_some() || lets_go.is_some())
                .then(|| format!("{}: {} {}", from.code(), word(takes), word(lets_go)))
        })
        .collect();
    assert_eq!(
        table,
        [
            "held: capturing releasing",
            "capturing: capturing -",
            "releasing: - releasing",
            "captured: captured -",
            "released: - released",
            "expired: - expired",
        ]
    );
}

#[test]
fn what_is_held_otherwise_than_asked_for_needs_a_person() {
    let (change, follow) = decide(&payment(PaymentState::Sent), &held(999), later());
    assert!(matches!(change, Change::To(next) if next.state == PaymentState::Unknown));
    assert!(matches!(follow, Follow::Person(_)));
}

#[test]
fn what_should_have_been_charged_and_was_held_is_taken_at_once() {
    let at_once = Payment { capture: Capture::AtOnce, ..payment(PaymentState::Sent) };
    let (change, follow) = decide(&at_once, &held(1_000), later());
    assert!(matches!(change, Change::To(next) if next.state == PaymentState::Capturing));
    assert!(matches!(follow, Follow::Again(_)));
}

#[test]
fn a_call_under_way_is_not_taken_for_lost() {
    let just_before = Instant::EPOCH.plus_seconds(PATIENCE_SECONDS - 1);
    assert_eq!(state_after(PaymentState::Sent, &News::NotThere, just_before), PaymentState::Sent);
    assert_eq!(state_after(PaymentState::Sent, &News::NotThere, later()), PaymentState::Created);
}

#[test]
fn the_books_follow_what_was_paid_and_not_what_was_asked() {
    let (change, follow) = decide(&payment(PaymentState::Sent), &captured(eur(900), eur(12)), later());
    let Change::Captured { payment, .. } = change else { panic!("expected a capture") };
    assert_eq!((payment.amount, payment.fee), (eur(900), eur(12)));
    assert_eq!(payment.message, "10.00 EUR was asked for, 9.00 EUR was paid");
    assert_eq!(follow, Follow::Done);
}

#[test]
fn another_currency_or_nothing_at_all_needs_a_person() {
    let dollars = Money::new(1_000, Currency::USD);
    for news in [captured(dollars, dollars), captured(eur(1_000), dollars), captured(eur(0), eur(0))] {
        let (change, follow) = decide(&payment(PaymentState::Sent), &news, later());
        assert!(matches!(change, Change::To(next) if next.state == PaymentState::Unknown));
        assert!(matches!(follow, Follow::Person(_)));
    }
}

#[test]
fn a_second_capture_under_another_reference_needs_a_person() {
    let mut before = payment(PaymentState::Captured);
    let (change, follow) = decide(&before, &captured(eur(1_000), eur(14)), later());
    assert_eq!((change, follow), (Change::None, Follow::Done));
    before.gateway_reference = "ch_0".into();
    let (change, follow) = decide(&before, &captured(eur(1_000), eur(14)), later());
    assert_eq!(change, Change::None);
    assert!(matches!(follow, Follow::Person(_)));
}

proptest! {
    #[test]
    fn any_news_in_any_order_captures_at_most_once_and_never_loses_a_capture(
        order in proptest::collection::vec(0_usize..18, 0..40),
        early in any::<bool>(),
    ) {
        let now = if early { Instant::EPOCH } else { later() };
        let news = all_news();
        let mut current = payment(PaymentState::Sent);
        let mut captures = 0;
        for index in &order {
            if let Some(wish) = [Wish::Capture, Wish::Release].get(index.wrapping_sub(16)) {
                // What we decide ourselves moves no money.
                let state = wished(current.state, *wish).unwrap_or(current.state);
                prop_assert_eq!(state == PaymentState::Captured, current.state == PaymentState::Captured);
                current.state = state;
                continue;
            }
            match decide(&current, &news[*index].1, now).0 {
                Change::None => {}
                Change::To(next) => {
                    prop_assert_ne!(current.state, PaymentState::Captured);
                    prop_assert_ne!(next.state, PaymentState::Captured);
                    current = next;
                }
                Change::Captured { payment: next, .. } => {
                    captures += 1;
                    prop_assert_eq!(next.amount, eur(1_000), "no more than was held");
                    current = next;
                }
            }
        }
        prop_assert_eq!(captures, usize::from(order.contains(&0)));
        prop_assert_eq!(current.state == PaymentState::Captured, order.contains(&0));
    }
}
