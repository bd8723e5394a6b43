//! Changes on both engines, with figures worked out by hand.

mod paths;
mod sequences;

use bursar_db::Tx;
use bursar_money::{Currency, Ppm};
use bursar_testkit::{Setup, TestCx, on_both_engines, on_both_engines_with};
use bursar_time::{Cycle, TimeZone};

use super::apply::{Made, change_now_or_later, quote_change};
use super::reprice::{Repricing, preview_repricing, reprice};
use super::*;
use crate::error::BillError;
use crate::invoices::DocumentKind;
use crate::invoices::line::{DiscountValue, LineKind};
use crate::subscriptions::Mode;
use crate::subscriptions::fixture::*;
use crate::subscriptions::lifecycle;
use crate::subscriptions::subscribe::{BillingDay, Opening};

/// Makes a change and checks that the preview said what was then invoiced and credited.
async fn change(cx: &TestCx, id: i64, change: Change, options: ChangeOptions) -> Made {
    let before: Vec<i64> = documents(cx).await.iter().map(|(d, _)| d.id).collect();
    let again = change.clone();
    let quote = cx.read(async move |tx: &mut Tx| quote_change(tx, id, &again, options).await).await.unwrap();
    let agreed = quote.totals.total_minor;
    let made = cx
        .write(async move |tx: &mut Tx| change_now_or_later(tx, id, &change, options, Some(agreed)).await)
        .await
        .unwrap();
    let mut total = 0;
    let mut invoiced = Vec::new();
    for (document, lines) in documents(cx).await.into_iter().filter(|(d, _)| !before.contains(&d.id)) {
        match document.kind {
            DocumentKind::Invoice => {
                total += document.totals.total_minor;
                invoiced.extend(lines);
            }
            DocumentKind::CreditNote => total -= document.totals.total_minor,
        }
    }
    assert_eq!(total, agreed, "the preview is what was invoiced and credited");
    if made.credit_notes.is_empty() && !made.scheduled {
        assert_eq!(amounts(&invoiced), amounts(&quote.lines));
    }
    if !made.scheduled {
        assert_eq!(subscription(cx, id).await.core.next, quote.next, "the preview knows the next period");
    }
    made
}

fn now() -> ChangeOptions {
    ChangeOptions::default()
}

fn later() -> ChangeOptions {
    ChangeOptions { when: When::PeriodEnd, ..ChangeOptions::default() }
}

async fn price_to(cx: &TestCx, id: i64, unit_minor: i64, options: ChangeOptions) -> Made {
    let item_id = items(cx, id).await[0].item.id;
    change(cx, id, Change::Price { item_id, unit_minor }, options).await
}

fn choice(product: i64) -> Choice {
    Choice { product, quantity: 1, options: Vec::new(), addons: Vec::new() }
}

#[test]
fn an_upgrade_on_the_tenth_of_thirty_days_charges_the_difference() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let id = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
        go_to(&cx, "2026-04-10");
        let made = change(&cx, id, Change::Switch(choice(shop.large)), now()).await;
        // 21 of 30 days: 10.00 × 21/30 = 7.00 back, 30.00 × 21/30 = 21.00; tax −1.33 and 3.99.
        let (invoice, lines) = document(&cx, made.invoice_id.unwrap()).await;
        let by_kind = |kind| lines.iter().find(|l| l.spec.kind == kind).unwrap();
        assert_eq!(by_kind(LineKind::UnusedPeriod).net_minor, -700);
        assert_eq!(by_kind(LineKind::Proration).net_minor, 2_100);
        assert_eq!((invoice.totals.subtotal_minor, invoice.totals.total_minor), (1_400, 1_666));
        let now = subscription(&cx, id).await;
        assert_eq!((now.core.label.as_str(), now.product_id), ("VPS-2", Some(shop.large)));
        night_of(&cx, "2026-05-01").await;
        assert_eq!(nets(&cx).await, [1_000, 1_400, 3_000]);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_downgrade_gives_back_forfeits_or_waits() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(subscribe(&cx, order(ann, shop.large, "2026-04-01")).await.subscription_id);
        }
        go_to(&cx, "2026-04-16");
        let to_small = Change::Switch(choice(shop.small));
        // 15 of 30 days: 15.00 back by a credit note, 5.00 charged; with 19 %: 17.85 and 5.95.
        let made = change(&cx, ids[0], to_small.clone(), now()).await;
        let (note, _) = document(&cx, made.credit_notes[0]).await;
        let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
        assert_eq!((note.totals.total_minor, invoice.totals.total_minor), (1_785, 595));
        let forfeit = ChangeOptions { credit: Credit::Forfeit, ..now() };
        let made = change(&cx, ids[1], to_small.clone(), forfeit).await;
        assert_eq!((made.invoice_id, made.credit_notes.len()), (None, 0));
        let made = change(&cx, ids[2], to_small, later()).await;
        assert!(made.scheduled);
        assert_eq!(subscription(&cx, ids[2]).await.product_id, Some(shop.large), "not yet");
        let count = documents(&cx).await.len();
        let report = night_of(&cx, "2026-05-01").await;
        assert_eq!(report.daily.changed, 1);
        assert_eq!(nets(&cx).await[count..], [1_000, 1_000, 1_000]);
        // Forfeited time is still paid for: going up again within the period costs only what was not paid.
        all_is_well(&cx).await;
    });
}

#[test]
fn what_was_forfeited_still_counts_as_paid() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 3_000)).await.subscription_id;
        go_to(&cx, "2026-04-11");
        price_to(&cx, id, 1_000, ChangeOptions { credit: Credit::Forfeit, ..now() }).await;
        go_to(&cx, "2026-04-16");
        price_to(&cx, id, 5_000, now()).await;
        // 15 of 30 days: 50.00 less the 30.00 that were paid: 25.00 − 15.00.
        assert_eq!(nets(&cx).await, [3_000, 1_000]);
        go_to(&cx, "2026-04-21");
        price_to(&cx, id, 8_000, now()).await;
        // 10 of 30 days: 80.00 less 50.00: 26.67 − 16.67 (10/15 of 25.00).
        assert_eq!(nets(&cx).await, [3_000, 1_000, 1_000]);
        all_is_well(&cx).await;
    });
}

#[test]
fn currencies_without_cents_and_with_three_decimals() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        for (currency, unit, to, expected) in [
            // 21 of 30 days of 1000 and 2500 yen: −700, 1750.
            (Currency::JPY, 1_000, 2_500, 1_050),
            // 1.234 → −0.864 (0.8638), 9.999 → 6.999 (6.9993): 6.135.
            (Currency::parse("KWD").unwrap(), 1_234, 9_999, 6_135),
        ] {
            let who = customer(&cx, currency).await;
            go_to(&cx, "2026-04-01");
            let opening = Opening { currency, ..monthly(who, "2026-04-01", unit) };
            let id = open(&cx, opening).await.subscription_id;
            go_to(&cx, "2026-04-10");
            let made = price_to(&cx, id, to, now()).await;
            let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
            assert_eq!(invoice.totals.subtotal_minor, expected);
        }
        all_is_well(&cx).await;
    });
}

#[test]
fn by_the_second_across_the_day_on_which_clocks_change() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let setup = Setup { zone, ..Setup::new(schema()) };
    on_both_engines_with(setup, async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-03-01");
        // March 2026 has 743 hours in Berlin.
        let id = open(&cx, monthly(ann, "2026-03-01", 74_300)).await.subscription_id;
        // 29 March, noon in Berlin: 60 hours are left.
        go_to(&cx, "2026-03-29T10:00:00Z");
        let by_second = ChangeOptions { proration: Proration::BySecond, ..now() };
        price_to(&cx, id, 148_600, by_second).await;
        assert_eq!(nets(&cx).await, [74_300, 6_000], "60 hours at 1.00 back, at 2.00 charged");
        // 30 hours later, half of the rest: what is left of the first change is taken as the base.
        go_to(&cx, "2026-03-30T16:00:00Z");
        price_to(&cx, id, 222_900, by_second).await;
        assert_eq!(nets(&cx).await, [74_300, 6_000, 3_000], "30 hours: 90.00 − 60.00");
        all_is_well(&cx).await;
    });
}

#[test]
fn an_addon_ends_with_its_parent_and_can_go_again() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let id = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
        go_to(&cx, "2026-04-21");
        let add = Change::AddAddon { addon_id: shop.backup, quantity: 1 };
        change(&cx, id, add.clone(), now()).await;
        // 10 of 30 days of 6.00, and the set-up fee of 2.00.
        assert_eq!(nets(&cx).await, [1_000, 400]);
        let twice =
            cx.write(async move |tx: &mut Tx| change_now_or_later(tx, id, &add, now(), None).await).await;
        assert!(matches!(twice, Err(BillError::Invalid(_))));
        night_of(&cx, "2026-05-01").await;
        assert_eq!(nets(&cx).await, [1_000, 400, 1_600]);
        go_to(&cx, "2026-05-16");
        let addon = items(&cx, id).await[1].item.id;
        let made = change(&cx, id, Change::Remove { item_id: addon }, now()).await;
        // 16 of 31 days of 6.00 come back: 3.10 (3.0968), with tax 3.69.
        let (note, _) = document(&cx, made.credit_notes[0]).await;
        assert_eq!((made.invoice_id, note.totals.total_minor), (None, 369));
        night_of(&cx, "2026-06-01").await;
        assert_eq!(nets(&cx).await.last(), Some(&1_000));
        all_is_well(&cx).await;
    });
}

#[test]
fn three_then_five_then_two_units() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let mut opening = monthly(ann, "2026-04-01", 1_000);
        opening.items[0].quantity = 3;
        let id = open(&cx, opening).await.subscription_id;
        let item_id = items(&cx, id).await[0].item.id;
        go_to(&cx, "2026-04-11");
        change(&cx, id, Change::Quantity { item_id, quantity: 5 }, now()).await;
        // 20 of 30 days: 33.33 − 20.00.
        assert_eq!(nets(&cx).await, [3_000, 1_333]);
        go_to(&cx, "2026-04-21");
        let made = change(&cx, id, Change::Quantity { item_id, quantity: 2 }, now()).await;
        // 10 of the 20 days of 33.33 come back: 16.66 (16.665 to even), 10/30 of 20.00 is charged: 6.67.
        // The second invoice asked for 13.33 only, so that a part comes off the first one.
        let mut back = Vec::new();
        for note in &made.credit_notes {
            back.push(document(&cx, *note).await.0.totals.subtotal_minor);
        }
        let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
        // 15.86 with tax is all of the second invoice, 3.97 of the first: 19.83 as the preview says.
        assert_eq!((back, invoice.totals.subtotal_minor), (vec![334, 1_333], 667));
        night_of(&cx, "2026-05-01").await;
        assert_eq!(nets(&cx).await.last(), Some(&2_000));
        all_is_well(&cx).await;
    });
}

#[test]
fn coupons_of_a_billed_period_hold_for_its_new_price() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        for (value, expected) in [
            // Half: 10.00 paid 5.00, back 3.33; 30.00 × 20/30 = 20.00, half 10.00: 6.67.
            (DiscountValue::Percent(Ppm::new(500_000)), 667),
            // 2.00 off: paid 8.00, back 5.33; 20.00 less 20/30 of 2.00 = 1.33: 18.67 − 5.33 = 13.34.
            (DiscountValue::Fixed(200), 1_334),
        ] {
            go_to(&cx, "2026-04-01");
            let opening = Opening {
                discounts: vec![discount("C", value, Some(1))],
                ..monthly(ann, "2026-04-01", 1_000)
            };
            let id = open(&cx, opening).await.subscription_id;
            go_to(&cx, "2026-04-11");
            let made = price_to(&cx, id, 3_000, now()).await;
            let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
            assert_eq!(invoice.totals.subtotal_minor, expected);
        }
        night_of(&cx, "2026-05-01").await;
        let all = nets(&cx).await;
        assert_eq!(all[all.len() - 2..], [3_000, 3_000], "the coupons were for one period");
        all_is_well(&cx).await;
    });
}

#[test]
fn another_cycle_begins_today_or_at_the_end() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id);
        }
        go_to(&cx, "2026-04-16");
        let yearly = |day| Change::Cycle { cycle: Cycle::Annual, day };
        let made = change(&cx, ids[0], yearly(BillingDay::Anniversary), now()).await;
        // A year for 100.00 from today, less 15/30 of 10.00.
        let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
        assert_eq!(invoice.totals.subtotal_minor, 9_500);
        assert_eq!(subscription(&cx, ids[0]).await.core.next.start, day("2027-04-16"));
        // To 1 May, as a part of the year before: 15/365 of 100.00 = 4.11, less 5.00: −0.89 net.
        let made = change(&cx, ids[1], yearly(BillingDay::Fixed(1)), now()).await;
        let (invoice, _) = document(&cx, made.invoice_id.unwrap()).await;
        let (note, _) = document(&cx, made.credit_notes[0]).await;
        assert_eq!((invoice.totals.subtotal_minor, note.totals.subtotal_minor), (411, 500));
        change(&cx, ids[2], yearly(BillingDay::Anniversary), later()).await;
        night_of(&cx, "2026-05-01").await;
        assert_eq!(subscription(&cx, ids[2]).await.core.next.start, day("2027-05-01"));
        let all = nets(&cx).await;
        assert_eq!(all[all.len() - 2..], [10_000, 10_000]);
        // Back to months in the middle of the year: most of it comes back.
        go_to(&cx, "2026-05-16");
        let monthly = Change::Cycle { cycle: Cycle::Monthly, day: BillingDay::Anniversary };
        change(&cx, ids[2], monthly, now()).await;
        assert_eq!(subscription(&cx, ids[2]).await.core.next.start, day("2026-06-16"));
        all_is_well(&cx).await;
    });
}

#[test]
fn what_was_billed_ahead_is_changed_too() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let opening = Opening { lead_days: Some(10), ..monthly(ann, "2026-04-01", 3_000) };
        let id = open(&cx, opening).await.subscription_id;
        night_of(&cx, "2026-04-21").await;
        assert_eq!(nets(&cx).await, [3_000, 3_000]);
        price_to(&cx, id, 6_000, now()).await;
        // 10 of 30 days of April at 30.00 more, and all of May.
        assert_eq!(nets(&cx).await[2], 1_000 + 3_000);
        all_is_well(&cx).await;
    });
}

#[test]
fn arrears_are_split_at_the_change_and_scheduled_changes_catch_up() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let opening = Opening { mode: Mode::Arrears, ..monthly(ann, "2026-04-01", 3_000) };
        let (at_once, at_end) =
            (open(&cx, opening.clone()).await.subscription_id, open(&cx, opening).await.subscription_id);
        go_to(&cx, "2026-04-11");
        price_to(&cx, at_once, 6_000, now()).await;
        price_to(&cx, at_end, 6_000, later()).await;
        assert_eq!(nets(&cx).await, [1_000], "10 of 30 days at the old price");
        // Nobody looks for two months: April at the old prices where it was agreed, May and June at the new one.
        night_of(&cx, "2026-06-03").await;
        let mut rest = nets(&cx).await[1..].to_vec();
        rest.sort_unstable();
        assert_eq!(rest, [3_000, 4_000, 6_000, 6_000], "20 of 30 days at 60.00 are 40.00");
        all_is_well(&cx).await;
    });
}

#[test]
fn a_scheduled_change_can_be_taken_back_and_is_replaced_by_the_next() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 1_000)).await.subscription_id;
        price_to(&cx, id, 2_000, later()).await;
        price_to(&cx, id, 3_000, later()).await;
        let waiting = cx.read(async move |tx: &mut Tx| store::scheduled(tx, id).await).await.unwrap();
        assert_eq!(waiting.len(), 1);
        drop_scheduled_change(&cx, id).await.unwrap();
        assert!(drop_scheduled_change(&cx, id).await.is_err());
        night_of(&cx, "2026-05-01").await;
        assert_eq!(nets(&cx).await, [1_000, 1_000]);
    });
}

#[test]
fn a_scheduled_change_waits_for_a_pause_to_end() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 3_000)).await.subscription_id;
        cx.write(async move |tx: &mut Tx| lifecycle::pause(tx, id, When::PeriodEnd, Credit::Forfeit).await)
            .await
            .unwrap();
        price_to(&cx, id, 6_000, later()).await;
        let report = night_of(&cx, "2026-05-01").await;
        assert_eq!((report.daily.changed, report.daily.waiting.len()), (1, 0), "the pause only");
        go_to(&cx, "2026-05-22");
        let keep = lifecycle::ResumeDay::Keep;
        cx.write(async move |tx: &mut Tx| lifecycle::resume(tx, id, keep).await).await.unwrap();
        night_of(&cx, "2026-05-22").await;
        // 10 of May's 31 days at 60.00.
        assert_eq!(nets(&cx).await, [3_000, 1_935]);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_scheduled_change_follows_items_that_a_refunded_pause_replaced() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 3_000)).await.subscription_id;
        price_to(&cx, id, 6_000, later()).await;
        go_to(&cx, "2026-04-11");
        cx.write(async move |tx: &mut Tx| lifecycle::pause(tx, id, When::Now, Credit::GiveBack).await)
            .await
            .unwrap();
        let keep = lifecycle::ResumeDay::Keep;
        cx.write(async move |tx: &mut Tx| lifecycle::resume(tx, id, keep).await).await.unwrap();
        night_of(&cx, "2026-05-01").await;
        // 30.00, back 20/30, billed again 20/30 at the old price, May at the new one.
        assert_eq!(nets(&cx).await, [3_000, 2_000, 2_000, 6_000]);
        assert_eq!(items(&cx, id).await.len(), 1);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_figure_that_is_not_the_agreed_one_changes_nothing() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 1_000)).await.subscription_id;
        let item_id = items(&cx, id).await[0].item.id;
        let change = Change::Quantity { item_id, quantity: 2 };
        let made = change_subscription(&cx, id, change, now(), Some(1)).await;
        assert!(matches!(made, Err(BillError::Changed)));
        assert_eq!(nets(&cx).await, [1_000]);
    });
}

#[test]
fn a_new_price_of_the_catalogue_reaches_old_subscriptions_only_when_applied() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let early = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
        go_to(&cx, "2026-04-20");
        let late = subscribe(&cx, order(ann, shop.small, "2026-04-20")).await.subscription_id;
        let product = shop.small;
        cx.write(async move |tx: &mut Tx| {
            put_price(tx, bursar_catalog::OwnerKind::Product, product, Cycle::Monthly, 1_200, 0).await;
            Ok::<_, BillError>(())
        })
        .await
        .unwrap();
        night_of(&cx, "2026-05-01").await;
        assert_eq!(nets(&cx).await, [1_000, 1_000, 1_000], "the price they bought at");
        let what = Repricing {
            owner_kind: bursar_catalog::OwnerKind::Product,
            owner_id: product,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            from_on: day("2026-06-01"),
            only_minor: None,
        };
        let preview = preview_repricing(&cx, what).await.unwrap();
        assert_eq!((preview.items, preview.scheduled), (2, 1));
        assert_eq!((preview.before_minor, preview.after_minor), (2_000, 2_400));
        assert_eq!(reprice(&cx, what).await.unwrap(), preview);
        night_of(&cx, "2026-05-20").await;
        night_of(&cx, "2026-06-01").await;
        night_of(&cx, "2026-06-20").await;
        assert_eq!(nets(&cx).await[3..], [1_000, 1_200, 1_200]);
        for id in [early, late] {
            assert_eq!(items(&cx, id).await[0].item.unit_minor, 1_200);
        }
        all_is_well(&cx).await;
    });
}
