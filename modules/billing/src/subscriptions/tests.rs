//! Opening, pausing, cancelling, shifting and the daily step, on both engines with figures worked out by hand.

use bursar_catalog::{CouponDetails, CouponKind};
use bursar_db::{Tx, params};
use bursar_fault::Refusal as _;
use bursar_money::{Currency, Ppm};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_time::Cycle;

use super::fixture::*;
use super::lifecycle::{ResumeDay, cancel, pause, resume, uncancel};
use super::shift::{Charge, Shift, preview_shift_many, shift, shift_many};
use super::subscribe::{self, BillingDay};
use super::{Mode, Status};
use crate::changes::{Credit, When};
use crate::error::BillError;
use crate::invoices::line::{DiscountValue, LineKind};
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::settle::delivery;

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn an_order_is_invoiced_at_once_and_the_31st_is_remembered() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-31");
        let mut opening = monthly(ann, "2026-01-31", 995);
        opening.items[0].setup_minor = 500;
        let opened = open(&cx, opening).await;
        // 9.95 + 5.00; 19 %: 1.89 and 0.95; in all 17.79.
        let (invoice, lines) = document(&cx, opened.invoice_id.unwrap()).await;
        assert_eq!((invoice.totals.total_minor, lines.len(), invoice.source.as_str()), (1_779, 2, "order"));
        let id = opened.subscription_id;
        assert_eq!(subscription(&cx, id).await.core.next.start, day("2026-02-28"));
        night_of(&cx, "2026-02-28").await;
        assert_eq!(subscription(&cx, id).await.core.next.start, day("2026-03-31"));
        assert_eq!(nets(&cx).await, [1_495, 995]);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_fixed_day_begins_with_a_part_of_a_month() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-03-10");
        let opening = monthly(ann, "2026-03-10", 3_100);
        let opened =
            open(&cx, super::subscribe::Opening { billing_day: BillingDay::Fixed(1), ..opening }).await;
        night_of(&cx, "2026-04-01").await;
        assert_eq!(nets(&cx).await, [2_200, 3_100], "22 of 31 days, then a full month");
        let expected = pairs(&[("2026-03-10", "2026-04-01"), ("2026-04-01", "2026-05-01")]);
        assert_eq!(guards(&cx, opened.subscription_id).await, expected);
    });
}

#[test]
fn half_price_for_three_periods_and_then_the_full_price() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        let details = CouponDetails {
            code: "half".into(),
            kind: CouponKind::Percent,
            value_ppm: 500_000,
            recurring_periods: 3,
            max_uses: 1,
            ..CouponDetails::default()
        };
        coupon(&cx, details).await;
        go_to(&cx, "2026-01-10");
        let mut wanted = order(ann, shop.small, "2026-01-10");
        wanted.coupons = vec!["HALF".into()];
        subscribe(&cx, wanted.clone()).await;
        night_of(&cx, "2026-05-10").await;
        assert_eq!(nets(&cx).await, [500, 500, 500, 1_000, 1_000]);
        let again = cx.write(async move |tx: &mut Tx| super::order::subscribe(tx, &wanted).await).await;
        assert!(again.unwrap_err().message().contains("used up"));
        all_is_well(&cx).await;
    });
}

#[test]
fn coupons_set_prices_waive_set_up_and_extend_trials() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        let base = CouponDetails { stackable: true, ..CouponDetails::default() };
        let seven = CouponDetails {
            code: "SEVEN".into(),
            kind: CouponKind::PriceOverride,
            amounts: [("EUR".to_owned(), 700)].into(),
            recurring_periods: 1,
            ..base.clone()
        };
        coupon(&cx, seven).await;
        coupon(&cx, CouponDetails { code: "FREE".into(), kind: CouponKind::FreeSetup, ..base.clone() }).await;
        let longer =
            CouponDetails { code: "TRY".into(), kind: CouponKind::TrialExtension, trial_days: 10, ..base };
        coupon(&cx, longer).await;
        go_to(&cx, "2026-01-10");
        let mut wanted = order(ann, shop.small, "2026-01-10");
        wanted.selection.addons = vec![(shop.backup, 1)];
        wanted.coupons = vec!["seven".into(), "free".into()];
        subscribe(&cx, wanted.clone()).await;
        // 7.00 + 6.00 without the set-up fee of 2.00; the second month 10.00 + 6.00.
        night_of(&cx, "2026-02-10").await;
        assert_eq!(nets(&cx).await, [1_300, 1_600]);
        wanted.coupons = vec!["try".into()];
        wanted.start_on = day("2026-02-10");
        let trial = subscribe(&cx, wanted).await;
        assert_eq!(trial.invoice_id, None);
        let now = subscription(&cx, trial.subscription_id).await;
        assert_eq!((now.core.status, now.core.next.start), (Status::Trial, day("2026-02-20")));
        night_of(&cx, "2026-02-20").await;
        assert_eq!(subscription(&cx, trial.subscription_id).await.core.status, Status::Active);
        assert_eq!(nets(&cx).await, [1_300, 1_600, 1_800], "10.00 + 6.00 + set-up 2.00");
    });
}

#[test]
fn what_is_paid_once_is_invoiced_at_once_and_over() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opening = subscribe::Opening {
            cycle: Cycle::OneTime,
            discounts: vec![discount("TEN", DiscountValue::Percent(Ppm::new(100_000)), None)],
            ..monthly(ann, "2026-01-10", 5_000)
        };
        let opened = open(&cx, opening).await;
        let (invoice, lines) = document(&cx, opened.invoice_id.unwrap()).await;
        assert_eq!((lines[0].spec.kind, invoice.totals.subtotal_minor), (LineKind::OneTime, 4_500));
        assert_eq!(subscription(&cx, opened.subscription_id).await.core.status, Status::Ended);
        assert_eq!(night_of(&cx, "2026-03-10").await.run.invoices_issued, 0);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_subscription_may_begin_later_and_be_free() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let later = open(&cx, monthly(ann, "2026-01-20", 1_000)).await;
        let free = open(&cx, monthly(ann, "2026-01-10", 0)).await;
        assert_eq!((later.invoice_id, free.invoice_id), (None, None));
        assert_eq!(subscription(&cx, later.subscription_id).await.core.status, Status::Pending);
        assert_eq!(night_of(&cx, "2026-01-19").await.run.invoices_issued, 0);
        let report = night_of(&cx, "2026-01-20").await;
        assert_eq!((report.daily.changed, report.run.invoices_issued), (1, 1));
        let expected = pairs(&[("2026-01-20", "2026-02-20")]);
        assert_eq!(guards(&cx, later.subscription_id).await, expected);
        all_is_well(&cx).await;
    });
}

#[test]
fn wrong_orders_are_refused_with_every_reason() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let mut opening = subscribe::Opening {
            label: " ".into(),
            billing_day: BillingDay::Fixed(32),
            lead_days: Some(28),
            trial_days: -1,
            currency: Currency::JPY,
            ..monthly(ann, "2028-01-10", 1_000)
        };
        opening.items[0].quantity = 0;
        let refused = cx.write(async move |tx: &mut Tx| subscribe::open(tx, &opening).await).await;
        let Err(BillError::Invalid(fields)) = refused else { panic!("{refused:?}") };
        let names: Vec<&str> = fields.iter().map(|f| f.field.as_ref()).collect();
        let expected = ["currency", "label", "items", "start_on", "billing_day", "lead_days", "trial_days"];
        assert_eq!(names, expected);
    });
}

#[test]
fn cancelled_at_the_end_of_the_period_and_taken_back() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opening = monthly(ann, "2026-01-10", 1_000);
        let opened = open(&cx, subscribe::Opening { lead_days: Some(5), ..opening }).await;
        let id = opened.subscription_id;
        let at_end = async move |tx: &mut Tx| cancel(tx, id, When::PeriodEnd, "moved", Credit::Forfeit).await;
        go_to(&cx, "2026-01-20");
        cx.write(at_end).await.unwrap();
        let now = subscription(&cx, id).await;
        assert_eq!((now.core.status, now.core.cancel_on), (Status::Active, Some(day("2026-02-10"))));
        // The bill would be made on 5 February; it waits for the end instead.
        assert_eq!(night_of(&cx, "2026-02-07").await.run.invoices_issued, 0);
        cx.write(async move |tx: &mut Tx| uncancel(tx, id).await).await.unwrap();
        assert_eq!(night_of(&cx, "2026-02-08").await.run.invoices_issued, 1);
        cx.write(at_end).await.unwrap();
        let report = night_of(&cx, "2026-03-10").await;
        assert_eq!((report.daily.cancelled, report.run.invoices_issued), (1, 0));
        let now = subscription(&cx, id).await;
        assert_eq!((now.core.status, now.ended_on), (Status::Cancelled, Some(day("2026-03-10"))));
        assert_eq!(now.cancel_reason.as_deref(), Some("moved"));
        let again = cx.write(async move |tx: &mut Tx| uncancel(tx, id).await).await;
        assert!(matches!(again, Err(BillError::Refused(_))));
        all_is_well(&cx).await;
    });
}

#[test]
fn cancelled_now_the_unused_time_comes_back_if_wanted() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let opened = open(&cx, monthly(ann, "2026-04-01", 3_000)).await;
        let id = opened.subscription_id;
        go_to(&cx, "2026-04-11");
        cx.write(async move |tx: &mut Tx| cancel(tx, id, When::Now, "", Credit::GiveBack).await)
            .await
            .unwrap();
        // 20 of 30 days of 30.00, with 19 %.
        let all = documents(&cx).await;
        assert_eq!(all[1].0.kind, crate::invoices::DocumentKind::CreditNote);
        assert_eq!(all[1].0.totals.total_minor, 2_380);
        assert_eq!(subscription(&cx, id).await.core.status, Status::Cancelled);
        all_is_well(&cx).await;
    });
}

#[test]
fn arrears_are_billed_up_to_the_day_of_a_cancellation() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let opening = subscribe::Opening { mode: Mode::Arrears, ..monthly(ann, "2026-04-01", 3_000) };
        let (now, end) = (open(&cx, opening.clone()).await, open(&cx, opening).await);
        assert_eq!((now.invoice_id, end.invoice_id), (None, None));
        go_to(&cx, "2026-04-11");
        let (first, second) = (now.subscription_id, end.subscription_id);
        cx.write(async move |tx: &mut Tx| {
            cancel(tx, first, When::Now, "", Credit::Forfeit).await?;
            cancel(tx, second, When::PeriodEnd, "", Credit::Forfeit).await
        })
        .await
        .unwrap();
        assert_eq!(nets(&cx).await, [1_000], "10 of 30 days");
        night_of(&cx, "2026-05-02").await;
        assert_eq!(nets(&cx).await, [1_000, 3_000]);
        assert_eq!(subscription(&cx, second).await.core.status, Status::Cancelled);
        assert_eq!(night_of(&cx, "2026-07-02").await.run.invoices_issued, 0);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_pause_over_a_boundary_costs_nothing_and_keeps_the_day() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let id = open(&cx, monthly(ann, "2026-01-10", 3_100)).await.subscription_id;
        go_to(&cx, "2026-02-01");
        cx.write(async move |tx: &mut Tx| pause(tx, id, When::Now, Credit::Forfeit).await).await.unwrap();
        assert_eq!(night_of(&cx, "2026-03-12").await.run.invoices_issued, 0);
        go_to(&cx, "2026-03-20");
        cx.write(async move |tx: &mut Tx| resume(tx, id, ResumeDay::Keep).await).await.unwrap();
        night_of(&cx, "2026-03-20").await;
        night_of(&cx, "2026-04-10").await;
        // 21 of 31 days from 20 March to 10 April, then full months from the 10th again.
        assert_eq!(nets(&cx).await, [3_100, 2_100, 3_100]);
        let expected = pairs(&[
            ("2026-01-10", "2026-02-10"),
            ("2026-03-20", "2026-04-10"),
            ("2026-04-10", "2026-05-10"),
        ]);
        assert_eq!(guards(&cx, id).await, expected);
        all_is_well(&cx).await;
    });
}

#[test]
fn a_pause_within_what_is_paid_changes_no_date_and_one_from_the_end_waits() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opening = subscribe::Opening { lead_days: Some(5), ..monthly(ann, "2026-01-10", 3_100) };
        let id = open(&cx, opening).await.subscription_id;
        let pause_now = async move |tx: &mut Tx| pause(tx, id, When::Now, Credit::Forfeit).await;
        let go_on = async move |tx: &mut Tx| resume(tx, id, ResumeDay::Keep).await;
        cx.write(pause_now).await.unwrap();
        go_to(&cx, "2026-01-15");
        cx.write(go_on).await.unwrap();
        assert_eq!(subscription(&cx, id).await.core.next_bill_on, Some(day("2026-02-05")));
        cx.write(async move |tx: &mut Tx| pause(tx, id, When::PeriodEnd, Credit::Forfeit).await)
            .await
            .unwrap();
        night_of(&cx, "2026-02-06").await;
        assert_eq!(subscription(&cx, id).await.core.status, Status::PastDue, "nobody paid; still running");
        let report = night_of(&cx, "2026-02-10").await;
        assert_eq!((report.daily.changed, report.run.invoices_issued), (1, 0));
        let now = subscription(&cx, id).await;
        assert_eq!((now.core.status, now.paused_on), (Status::Paused, Some(day("2026-02-10"))));
        go_to(&cx, "2026-02-20");
        cx.write(async move |tx: &mut Tx| resume(tx, id, ResumeDay::Today).await).await.unwrap();
        night_of(&cx, "2026-02-20").await;
        assert_eq!(nets(&cx).await, [3_100, 3_100], "a full period from the day it was resumed");
        all_is_well(&cx).await;
    });
}

#[test]
fn a_refunded_pause_bills_the_rest_of_the_month_again() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let id = open(&cx, monthly(ann, "2026-04-01", 3_000)).await.subscription_id;
        go_to(&cx, "2026-04-11");
        cx.write(async move |tx: &mut Tx| pause(tx, id, When::Now, Credit::GiveBack).await).await.unwrap();
        go_to(&cx, "2026-04-21");
        cx.write(async move |tx: &mut Tx| resume(tx, id, ResumeDay::Keep).await).await.unwrap();
        night_of(&cx, "2026-04-21").await;
        // 30.00, back 20/30, again 10/30.
        assert_eq!(nets(&cx).await, [3_000, 2_000, 1_000]);
        all_is_well(&cx).await;
    });
}

#[test]
fn dates_move_free_or_charged_and_the_new_day_is_remembered() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-04-01");
        let free = open(&cx, monthly(ann, "2026-04-01", 3_100)).await.subscription_id;
        let paid = open(&cx, monthly(ann, "2026-04-01", 3_100)).await.subscription_id;
        let back = async move |tx: &mut Tx| shift(tx, free, Shift::To(day("2026-04-20")), Charge::Free).await;
        assert!(matches!(cx.write(back).await, Err(BillError::Invalid(_))), "those days are billed");
        cx.write(async move |tx: &mut Tx| {
            shift(tx, free, Shift::Days(9), Charge::Free).await?;
            shift(tx, paid, Shift::Days(9), Charge::Prorated).await
        })
        .await
        .unwrap();
        // 9 of May's 31 days.
        assert_eq!(nets(&cx).await, [3_100, 3_100, 900]);
        night_of(&cx, "2026-06-10").await;
        for (id, first) in [(free, vec![]), (paid, vec![("2026-05-01", "2026-05-10")])] {
            let mut expected = vec![("2026-04-01", "2026-05-01")];
            expected.extend(first);
            expected.extend([("2026-05-10", "2026-06-10"), ("2026-06-10", "2026-07-10")]);
            assert_eq!(guards(&cx, id).await, pairs(&expected));
        }
        let ids = vec![free, paid, 999_999];
        let preview = preview_shift_many(&cx, ids.clone(), Shift::Days(5), Charge::Prorated).await.unwrap();
        let done = shift_many(&cx, ids, Shift::Days(5), Charge::Prorated).await.unwrap();
        assert_eq!(preview, done);
        // 5 of 31 days are 5.00, with tax 5.95 each.
        assert_eq!((done.done.len(), done.refused.len(), done.invoiced[&Currency::EUR]), (2, 1, 1_190));
        all_is_well(&cx).await;
    });
}

/// An invoice is settled, and the news of it arrives.
async fn is_paid(cx: &TestCx, customer_id: i64, invoice_id: i64) {
    settle(cx, invoice_id).await;
    let event = crate::events::InvoicePaid { invoice_id, customer_id };
    cx.write(async move |tx: &mut Tx| super::daily::on_paid(tx, event.clone()).await).await.unwrap();
}

/// A pause that is over at once.
async fn rest_a_moment(cx: &TestCx, id: i64) {
    cx.write(async move |tx: &mut Tx| pause(tx, id, When::Now, Credit::Forfeit).await).await.unwrap();
    cx.write(async move |tx: &mut Tx| resume(tx, id, ResumeDay::Keep).await).await.unwrap();
}

#[test]
fn an_overdue_invoice_makes_it_past_due_until_it_is_paid() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opened = open(&cx, monthly(ann, "2026-01-10", 1_000)).await;
        let (id, invoice) = (opened.subscription_id, opened.invoice_id.unwrap());
        assert_eq!(night_of(&cx, "2026-01-17").await.daily.past_due, 0, "due today");
        assert_eq!(night_of(&cx, "2026-01-18").await.daily.past_due, 1);
        assert_eq!(night_of(&cx, "2026-01-19").await.daily.past_due, 0);
        assert_eq!(subscription(&cx, id).await.core.status, Status::PastDue);
        is_paid(&cx, ann, invoice).await;
        assert_eq!(subscription(&cx, id).await.core.status, Status::Active);
    });
}

#[test]
fn what_is_overdue_and_held_keeps_nothing_past_due() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opened = open(&cx, monthly(ann, "2026-01-10", 1_000)).await;
        let (id, first) = (opened.subscription_id, opened.invoice_id.unwrap());
        night_of(&cx, "2026-02-10").await;
        night_of(&cx, "2026-02-18").await;
        assert_eq!(subscription(&cx, id).await.core.status, Status::PastDue);
        cx.write(async move |tx: &mut Tx| {
            let mine = InvoiceFilter { customer_id: Some(ann), ..InvoiceFilter::default() };
            let newest = list_invoices(tx, &mine, None, 10).await?;
            assert_eq!((newest.len(), newest[1].id), (2, first));
            delivery::deliver_first(tx, newest[0].id).await?;
            tx.exec_one(&delivery::SECURE, params![newest[0].id, 1_i64]).await
        })
        .await
        .unwrap();
        is_paid(&cx, ann, first).await;
        assert_eq!(subscription(&cx, id).await.core.status, Status::Active, "nobody is asked for the other");
    });
}

#[test]
fn whoever_owes_still_owes_after_a_pause_until_it_is_paid() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let opened = open(&cx, monthly(ann, "2026-01-10", 1_000)).await;
        let (id, invoice) = (opened.subscription_id, opened.invoice_id.unwrap());
        go_to(&cx, "2026-01-15");
        let other = open(&cx, monthly(ann, "2026-01-15", 1_000)).await.subscription_id;
        for (on, status) in [("2026-01-17", Status::Active), ("2026-01-18", Status::PastDue)] {
            go_to(&cx, on);
            for id in [id, other] {
                rest_a_moment(&cx, id).await;
            }
            assert_eq!(subscription(&cx, id).await.core.status, status, "{on}: due on the 17th");
            assert_eq!(subscription(&cx, other).await.core.status, Status::Active, "{on}: due on the 22nd");
        }
        is_paid(&cx, ann, invoice).await;
        assert_eq!(subscription(&cx, id).await.core.status, Status::Active);
    });
}

/// Found by the simulation: it was on trial again for good, and nobody asked for what it owed.
#[test]
fn what_was_billed_ahead_of_its_trials_end_is_not_on_trial_after_a_pause() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let ahead =
            subscribe::Opening { trial_days: 14, lead_days: Some(7), ..monthly(ann, "2026-01-10", 1_000) };
        let id = open(&cx, ahead).await.subscription_id;
        for (on, status, net) in
            [("2026-01-12", Status::Trial, vec![]), ("2026-01-18", Status::Active, vec![1_000])]
        {
            night_of(&cx, on).await;
            rest_a_moment(&cx, id).await;
            assert_eq!((subscription(&cx, id).await.core.status, nets(&cx).await), (status, net), "{on}");
        }
        all_is_well(&cx).await;
    });
}

#[test]
fn lists_and_pages_show_what_there_is_and_what_comes() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR).await;
        go_to(&cx, "2026-01-10");
        let mut ids = Vec::new();
        for unit in [1_000, 2_000, 3_000] {
            ids.push(open(&cx, monthly(ann, "2026-01-10", unit)).await.subscription_id);
        }
        let filter = super::list::SubscriptionFilter {
            search: Some("vps".into()),
            status: Some(Status::Active),
            customer_id: Some(ann),
            due_by: Some(day("2026-02-10")),
            ..Default::default()
        };
        let newest = ids[2];
        let (first, rest, page) = cx
            .read(async move |tx: &mut Tx| {
                let first = super::list::list_subscriptions(tx, &filter, None, 1).await?;
                let rest = super::list::list_subscriptions(tx, &filter, Some(first[0].id), 10).await?;
                Ok::<_, BillError>((first, rest, super::list::subscription_page(tx, newest).await?))
            })
            .await
            .unwrap();
        assert_eq!((first[0].id, rest.len()), (newest, 2));
        let next = page.next_bill.unwrap();
        assert_eq!((next.bill_on, next.totals.total_minor), (day("2026-02-10"), 3_570));
        assert_eq!((page.items.len(), page.billed.len()), (1, 1));
    });
}
