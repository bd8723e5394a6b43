//! Any sequence of commands: previews are what is invoiced, periods never overlap, what is over stays over, and
//! everything that always holds of documents and money holds.

use bursar_db::Tx;
use bursar_money::{Currency, Ppm};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_time::{Cycle, Date, plus_days};
use proptest::prelude::*;

use crate::changes::apply::{change_now_or_later, quote_change};
use crate::changes::*;
use crate::error::BillError;
use crate::invoices::DocumentKind;
use crate::invoices::line::DiscountValue;
use crate::nightly::night;
use crate::run::RunOptions;
use crate::subscriptions::Mode;
use crate::subscriptions::detail::Detail;
use crate::subscriptions::fixture::*;
use crate::subscriptions::lifecycle::{ResumeDay, cancel, pause, resume, uncancel};
use crate::subscriptions::shift::{Charge, Shift, preview_shift, shift};
use crate::subscriptions::subscribe::{BillingDay, Opening};
use crate::taxes::TaxSettings;

bursar_db::statements! {
    /// The end of what was billed for the items that still run.
    BILLED_TO = "SELECT MAX(b.end_on) FROM billing_billed_periods b JOIN billing_items i ON i.id = b.item_id
        WHERE i.subscription_id = $1 AND i.ended_on IS NULL";
}

#[derive(Debug, Clone)]
enum Command {
    Wait(i64),
    Price(i64, ChangeOptions),
    Quantity(i64, ChangeOptions),
    Cycle(Cycle, BillingDay, ChangeOptions),
    Pause(When, Credit),
    Resume(ResumeDay),
    Cancel(When, Credit),
    Keep,
    Shift(i64, Charge),
}

fn options() -> impl Strategy<Value = ChangeOptions> {
    let when = prop_oneof![3 => Just(When::Now), 1 => Just(When::PeriodEnd)];
    let proration =
        prop_oneof![3 => Just(Proration::ByDay), 2 => Just(Proration::BySecond), 1 => Just(Proration::None)];
    let credit = prop_oneof![2 => Just(Credit::GiveBack), 1 => Just(Credit::Forfeit)];
    (when, proration, credit).prop_map(|(when, proration, credit)| ChangeOptions { when, proration, credit })
}

fn command() -> impl Strategy<Value = Command> {
    let cycle =
        prop_oneof![Just(Cycle::Weekly), Just(Cycle::Monthly), Just(Cycle::Quarterly), Just(Cycle::Annual)];
    let day = prop_oneof![Just(BillingDay::Anniversary), (1_u8..=31).prop_map(BillingDay::Fixed)];
    let when = prop_oneof![Just(When::Now), Just(When::PeriodEnd)];
    let credit = prop_oneof![Just(Credit::GiveBack), Just(Credit::Forfeit)];
    prop_oneof![
        8 => (0_i64..45).prop_map(Command::Wait),
        4 => (0_i64..20_000, options()).prop_map(|(unit, options)| Command::Price(unit, options)),
        4 => (1_i64..7, options()).prop_map(|(units, options)| Command::Quantity(units, options)),
        2 => (cycle, day, options()).prop_map(|(cycle, day, options)| Command::Cycle(cycle, day, options)),
        2 => (when.clone(), credit.clone()).prop_map(|(when, credit)| Command::Pause(when, credit)),
        3 => prop_oneof![Just(ResumeDay::Keep), Just(ResumeDay::Today)].prop_map(Command::Resume),
        1 => Just(Command::Cancel(When::PeriodEnd, Credit::Forfeit)),
        1 => credit.prop_map(|credit| Command::Cancel(When::Now, credit)),
        2 => Just(Command::Keep),
        2 => (-10_i64..40, prop_oneof![Just(Charge::Free), Just(Charge::Prorated)])
            .prop_map(|(days, charge)| Command::Shift(days, charge)),
    ]
}

#[derive(Debug, Clone)]
struct World {
    currency: Currency,
    arrears: bool,
    inclusive: bool,
    start: i64,
    fixed_day: Option<u8>,
    lead_days: i64,
    trial_days: i64,
    coupon: Option<(DiscountValue, Option<i64>)>,
    commands: Vec<Command>,
}

fn world() -> impl Strategy<Value = World> {
    let currency = prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")];
    let value = prop_oneof![
        (1_i64..=1_000_000).prop_map(|ppm| DiscountValue::Percent(Ppm::new(ppm))),
        (1_i64..5_000).prop_map(DiscountValue::Fixed),
    ];
    let coupon = proptest::option::of((value, proptest::option::of(1_i64..4)));
    let calendar = (
        0_i64..365,
        proptest::option::of(1_u8..=31),
        0_i64..15,
        prop_oneof![3 => Just(0_i64), 1 => 1_i64..20],
    );
    (currency, any::<bool>(), any::<bool>(), calendar, coupon, proptest::collection::vec(command(), 4..14))
        .prop_map(
            |(currency, arrears, inclusive, (start, fixed_day, lead_days, trial_days), coupon, commands)| {
                World {
                    currency: Currency::parse(currency).unwrap(),
                    arrears,
                    inclusive,
                    start,
                    fixed_day,
                    lead_days,
                    trial_days,
                    coupon,
                    commands,
                }
            },
        )
}

fn opening(world: &World, customer: i64, on: Date) -> Opening {
    let mut opening = monthly(customer, &on.to_string(), 9_999);
    opening.items[0].quantity = 3;
    let mut second = item(1_501);
    second.description = "IPv4".into();
    opening.items.push(second);
    Opening {
        currency: world.currency,
        mode: if world.arrears { Mode::Arrears } else { Mode::Prepaid },
        billing_day: world.fixed_day.map_or(BillingDay::Anniversary, BillingDay::Fixed),
        lead_days: Some(world.lead_days),
        trial_days: world.trial_days,
        discounts: world.coupon.map(|(value, periods)| discount("C", value, periods)).into_iter().collect(),
        ..opening
    }
}

async fn play(cx: &TestCx, world: &World) {
    business(cx).await;
    let taxes = TaxSettings { inclusive: world.inclusive, ..TaxSettings::default() };
    let key = crate::taxes::store::SETTINGS_KEY;
    cx.write(async move |tx: &mut Tx| bursar_context::settings::set(tx, key, &taxes).await).await.unwrap();
    let who = customer(cx, world.currency).await;
    let mut today = plus_days(day("2026-01-01"), world.start).unwrap();
    go_to(cx, &today.to_string());
    let id = open(cx, opening(world, who, today)).await.subscription_id;
    for command in &world.commands {
        let before = subscription(cx, id).await;
        if let Command::Wait(days) = command {
            today = plus_days(today, *days).unwrap();
            go_to(cx, &today.to_string());
            // Credit notes in between never leave the run with something it cannot bill.
            let report = night(cx, RunOptions::for_date(today)).await.unwrap();
            assert_eq!((report.run.put_aside, report.daily.waiting.len()), (0, 0), "{report:?}");
        } else {
            carry_out(cx, id, command).await;
        }
        check(cx, id, &before, today).await;
    }
    all_is_well(cx).await;
}

async fn check(cx: &TestCx, id: i64, before: &Detail, today: Date) {
    let after = subscription(cx, id).await;
    if before.core.status.is_over() {
        assert_eq!(after.core, before.core, "what is over stays as it is");
        return;
    }
    let billed_to = cx
        .read(async move |tx: &mut Tx| {
            tx.query_one(&BILLED_TO, bursar_db::params![id], |row| row.get::<Option<Date>>(0)).await
        })
        .await
        .unwrap();
    assert!(
        billed_to.is_none_or(|end| end <= after.core.next.start),
        "the next period follows what was billed"
    );
    assert_eq!(
        after.core.next_bill_on.is_some(),
        after.core.status.is_billed() && costs(cx, id).await,
        "{after:?}"
    );
    let _ = today;
}

async fn costs(cx: &TestCx, id: i64) -> bool {
    subscription(cx, id).await.core.next_bill_on.is_some()
        || items(cx, id).await.iter().any(|row| row.item.unit_minor != 0)
}

/// What new documents ask for, less what they give back.
async fn sum_after(cx: &TestCx, known: &[i64]) -> i64 {
    let new = documents(cx).await.into_iter().filter(|(d, _)| !known.contains(&d.id));
    new.map(|(d, _)| match d.kind {
        DocumentKind::Invoice => d.totals.total_minor,
        DocumentKind::CreditNote => -d.totals.total_minor,
    })
    .sum()
}

async fn carry_out(cx: &TestCx, id: i64, command: &Command) {
    let known: Vec<i64> = documents(cx).await.iter().map(|(d, _)| d.id).collect();
    let item_id = items(cx, id).await.first().map_or(0, |row| row.item.id);
    let change = match command {
        Command::Price(unit_minor, options) => {
            Some((Change::Price { item_id, unit_minor: *unit_minor }, *options))
        }
        Command::Quantity(quantity, options) => {
            Some((Change::Quantity { item_id, quantity: *quantity }, *options))
        }
        Command::Cycle(cycle, day, options) => Some((Change::Cycle { cycle: *cycle, day: *day }, *options)),
        _ => None,
    };
    let agreed = match change {
        Some((change, options)) => changed(cx, id, change, options).await,
        None => lived(cx, id, command.clone()).await,
    };
    if let Some(agreed) = agreed {
        assert_eq!(sum_after(cx, &known).await, agreed, "{command:?}: the preview is what was invoiced");
    }
}

/// The total of the preview, after the change was made; a preview refuses exactly what the change refuses.
async fn changed(cx: &TestCx, id: i64, change: Change, options: ChangeOptions) -> Option<i64> {
    let again = change.clone();
    let quote = cx.read(async move |tx: &mut Tx| quote_change(tx, id, &again, options).await).await;
    let made =
        cx.write(async move |tx: &mut Tx| change_now_or_later(tx, id, &change, options, None).await).await;
    match (quote, made) {
        (Ok(quote), Ok(_)) => Some(quote.totals.total_minor),
        (Err(quote), Err(made)) => {
            let words = (quote.to_string(), made.to_string());
            assert!(!matches!(made, BillError::Fault(_) | BillError::Changed), "{words:?}");
            Some(0)
        }
        (quote, made) => panic!("preview {quote:?}, change {made:?}"),
    }
}

async fn lived(cx: &TestCx, id: i64, command: Command) -> Option<i64> {
    let result = match command {
        Command::Pause(when, credit) => {
            cx.write(async move |tx: &mut Tx| pause(tx, id, when, credit).await).await.map(|()| None)
        }
        Command::Resume(day) => {
            cx.write(async move |tx: &mut Tx| resume(tx, id, day).await).await.map(|()| Some(0))
        }
        Command::Cancel(when, credit) => {
            cx.write(async move |tx: &mut Tx| cancel(tx, id, when, "", credit).await).await.map(|()| None)
        }
        Command::Keep => cx.write(async move |tx: &mut Tx| uncancel(tx, id).await).await.map(|()| Some(0)),
        Command::Shift(days, charge) => {
            let to = Shift::Days(days);
            let quote = cx.read(async move |tx: &mut Tx| preview_shift(tx, id, to, charge).await).await;
            let moved = cx.write(async move |tx: &mut Tx| shift(tx, id, to, charge).await).await;
            assert_eq!(quote.is_ok(), moved.is_ok());
            moved.map(|_| quote.ok().map(|q| q.totals.total_minor))
        }
        Command::Wait(_) | Command::Price(..) | Command::Quantity(..) | Command::Cycle(..) => Ok(None),
    };
    match result {
        Ok(agreed) => agreed,
        Err(BillError::Fault(fault)) => panic!("{fault:?}"),
        Err(_) => Some(0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_what_always_holds(world in world()) {
        on_both_engines(schema(), async |cx| play(&cx, &world).await);
    }
}
