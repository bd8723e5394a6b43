//! The run against both engines, with figures worked out by hand.

use std::collections::BTreeMap;

use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_db::{Migrations, Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Ppm};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_time::{Anchor, Cycle, Date, Period};

use super::*;
use crate::invoices::line::{Discount, DiscountValue};
use crate::invoices::store::Document;
use crate::sellers::Seller;
use crate::subscriptions::store::{
    NewItem, NewSubscription, insert_discounts, insert_items, insert_subscriptions,
};
use crate::subscriptions::{Granted, Item, Mode, Status};
use crate::taxes::TaxRule;

bursar_db::statements! {
    INVOICES = "SELECT id FROM billing_invoices WHERE sequence IS NOT NULL ORDER BY sequence";
    NEXT = "SELECT next_start_on, status FROM billing_subscriptions WHERE id = $1";
    PERIODS = "SELECT start_on FROM billing_billed_periods ORDER BY item_id, start_on";
    JOBS = "SELECT COUNT(*) FROM kernel_jobs WHERE kind = 'billing.settle_invoice'";
    CLOSE = "UPDATE customers_customers SET status = 'closed' WHERE id = $1";
}

fn schema() -> Vec<Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        crate::migrations(),
    ]
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A business in Berlin with 19 % VAT, numbering from 1.
async fn business(cx: &TestCx) {
    cx.write(async |tx: &mut Tx| {
        let seller = Seller { name: "Host GmbH".into(), country: "DE".into(), ..Seller::default() };
        crate::sellers::set(tx, &seller).await?;
        let settings = BillingSettings { lead_days: 0, due_days: 7, ..BillingSettings::default() };
        bursar_context::settings::set(tx, crate::settings::KEY, &settings).await?;
        let rule = TaxRule {
            id: 1,
            level: 1,
            name: "VAT".into(),
            country: "DE".into(),
            state: String::new(),
            rate: Ppm::new(190_000),
        };
        taxes::store::insert(tx, &rule).await?;
        Ok::<_, Fault>(())
    })
    .await
    .unwrap();
}

async fn customer(cx: &TestCx, currency: Currency, grouping: Grouping) -> i64 {
    cx.write(async move |tx: &mut Tx| {
        let new = NewCustomer {
            currency,
            details: CustomerDetails {
                postal: Postal {
                    first_name: "Ann".into(),
                    last_name: "Ode".into(),
                    email: "ann@example.org".into(),
                    address1: "Street 1".into(),
                    city: "Berlin".into(),
                    postcode: "10115".into(),
                    country: "DE".into(),
                    ..Postal::default()
                },
                grouping,
                ..CustomerDetails::default()
            },
        };
        let id = tx.new_id()?;
        let now = tx.now();
        bursar_customers::import_customer(tx, id, &new, bursar_customers::Status::Active, now).await?;
        Ok::<_, Fault>(id.get())
    })
    .await
    .unwrap()
}

struct Sub {
    customer: i64,
    currency: Currency,
    cycle: Cycle,
    start: &'static str,
    anchor_day: u8,
    mode: Mode,
    unit: i64,
    setup: i64,
    quantity: i64,
}

impl Sub {
    fn monthly(customer: i64, start: &'static str, unit: i64) -> Self {
        let anchor_day = u8::try_from(day(start).day()).unwrap();
        Self {
            customer,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            start,
            anchor_day,
            mode: Mode::Prepaid,
            unit,
            setup: 0,
            quantity: 1,
        }
    }
}

async fn subscribe(cx: &TestCx, sub: Sub) -> i64 {
    subscribe_with(cx, sub, Vec::new()).await
}

async fn subscribe_with(cx: &TestCx, sub: Sub, discounts: Vec<(DiscountValue, Option<i64>)>) -> i64 {
    let sub = Arc::new(sub);
    cx.write(async move |tx: &mut Tx| {
        let id = tx.new_raw_id()?;
        let start = day(sub.start);
        let anchor = if sub.anchor_day == u8::try_from(start.day()).unwrap() {
            Anchor::anniversary(start)
        } else {
            Anchor::fixed_day(start, sub.anchor_day).unwrap()
        };
        let (next, _) = anchor.first_period(sub.cycle, start).unwrap();
        let mut core = Subscription {
            id,
            customer_id: sub.customer,
            label: "VPS-2".into(),
            currency: sub.currency,
            cycle: sub.cycle,
            mode: sub.mode,
            status: Status::Active,
            anchor,
            next,
            next_bill_on: None,
            lead_days: 0,
            cancel_on: None,
            periods_left: None,
            version: 1,
        };
        core.next_bill_on = Some(core.bill_date(next).unwrap());
        let row = NewSubscription {
            core,
            product_id: None,
            trial_ends_on: None,
            paused_on: None,
            ended_on: None,
            gateway: "sandbox".into(),
            started_on: start,
            source: "staff",
            legacy: None,
        };
        insert_subscriptions(tx, &[row]).await?;
        let item = Item {
            id: tx.new_raw_id()?,
            subscription_id: id,
            description: "VPS-2".into(),
            quantity: sub.quantity,
            unit_minor: sub.unit,
            setup_minor: sub.setup,
            setup_due: sub.setup != 0,
            taxable: true,
            billed_from_on: start,
            version: 1,
        };
        let item =
            NewItem { item, kind: "product", source_id: None, value_id: None, ended_on: None, legacy: None };
        insert_items(tx, &[item]).await?;
        let mut rows = Vec::new();
        for (value, periods_left) in &discounts {
            let discount = Discount { label: "CODE".into(), value: *value, item_ids: None };
            let granted = Granted {
                id: tx.new_raw_id()?,
                subscription_id: id,
                discount,
                periods_left: *periods_left,
                waives_setup: false,
                version: 1,
            };
            rows.push((granted, None));
        }
        insert_discounts(tx, &rows).await?;
        Ok::<_, Fault>(id)
    })
    .await
    .unwrap()
}

async fn bill(cx: &TestCx, as_of: &str) -> RunReport {
    run(cx, RunOptions::for_date(day(as_of))).await.unwrap()
}

async fn invoices(cx: &TestCx) -> Vec<(Document, Vec<crate::invoices::line::Line>)> {
    cx.read(async |tx: &mut Tx| {
        let ids = tx.query(&INVOICES, params![], |row| row.get::<i64>(0)).await?;
        let mut out = Vec::new();
        for id in ids {
            let document = crate::invoices::store::find(tx, id).await?.expect("it is there");
            out.push((document, crate::invoices::store::lines(tx, id).await?));
        }
        Ok::<_, Fault>(out)
    })
    .await
    .unwrap()
}

async fn next_start(cx: &TestCx, id: i64) -> (Date, String) {
    cx.read(async move |tx: &mut Tx| {
        tx.query_one(&NEXT, params![id], |row| Ok::<_, Fault>((row.get(0)?, row.get(1)?))).await
    })
    .await
    .unwrap()
}

async fn trial(cx: &TestCx) -> BTreeMap<String, i64> {
    cx.read(async |tx: &mut Tx| {
        let rows = tx
            .query_text(
                "SELECT a.code || ' ' || a.currency, CAST(SUM(p.amount_minor) AS BIGINT)
                 FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id GROUP BY 1",
                params![],
                |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
            )
            .await?;
        Ok::<_, Fault>(rows.into_iter().collect())
    })
    .await
    .unwrap()
}

#[test]
fn a_monthly_subscription_is_billed_once_a_period_with_tax_and_ledger() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let id = subscribe(&cx, Sub { setup: 500, ..Sub::monthly(ann, "2026-01-31", 995) }).await;

        let report = bill(&cx, "2026-01-30").await;
        assert_eq!((report.subscriptions_due, report.invoices_issued), (0, 0));
        let report = bill(&cx, "2026-01-31").await;
        assert_eq!(
            (report.subscriptions_due, report.subscriptions_billed, report.invoices_issued),
            (1, 1, 1)
        );
        assert_eq!(bill(&cx, "2026-01-31").await.invoices_issued, 0, "the same day again bills nothing");
        assert_eq!(next_start(&cx, id).await.0, day("2026-02-28"));
        bill(&cx, "2026-02-28").await;
        assert_eq!(next_start(&cx, id).await.0, day("2026-03-31"), "the 31st is remembered");

        let all = invoices(&cx).await;
        assert_eq!(all.len(), 2);
        let (first, lines) = &all[0];
        assert_eq!(first.number.as_deref(), Some("INV-2026-000001"));
        assert_eq!(all[1].0.number.as_deref(), Some("INV-2026-000002"));
        // 9.95 + 5.00 set-up; 19 %: 1.8905 → 1.89 and 0.95; in all 17.79.
        assert_eq!(first.totals.subtotal_minor, 1_495);
        assert_eq!(first.totals.tax1_minor, 189 + 95);
        assert_eq!(first.totals.total_minor, 1_779);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].spec.period, Some(Period::new(day("2026-01-31"), day("2026-02-28")).unwrap()));
        assert_eq!(first.due_on, Some(day("2026-02-07")), "seven days to pay");
        assert_eq!(all[1].1.len(), 1, "the set-up fee is charged once");
        let ledger = trial(&cx).await;
        assert_eq!(ledger["receivable EUR"], 1_779 + 1_184);
        assert_eq!(ledger["deferred_revenue EUR"], -2 * 995);
        assert_eq!(ledger["revenue EUR"], -500);
        assert_eq!(ledger["tax_payable:1 EUR"], -(284 + 189));
    });
}

#[test]
fn missed_days_are_caught_up_one_period_after_the_other() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let id = subscribe(&cx, Sub::monthly(ann, "2026-01-15", 1_000)).await;
        let report = bill(&cx, "2026-04-20").await;
        assert_eq!((report.subscriptions_billed, report.invoices_issued), (1, 4));
        assert_eq!(next_start(&cx, id).await.0, day("2026-05-15"));
        let starts = cx
            .read(async |tx: &mut Tx| tx.query(&PERIODS, params![], |row| row.get::<Date>(0)).await)
            .await
            .unwrap();
        let expected: Vec<Date> =
            ["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15"].iter().map(|d| day(d)).collect();
        assert_eq!(starts, expected);
    });
}

#[test]
fn a_fixed_billing_day_begins_with_a_part_of_a_month() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let id = subscribe(&cx, Sub { anchor_day: 1, ..Sub::monthly(ann, "2026-03-10", 3_100) }).await;
        bill(&cx, "2026-03-10").await;
        assert_eq!(next_start(&cx, id).await.0, day("2026-04-01"));
        bill(&cx, "2026-04-01").await;
        let nets: Vec<i64> = invoices(&cx).await.iter().map(|(d, _)| d.totals.subtotal_minor).collect();
        assert_eq!(nets, [2_200, 3_100], "22 of 31 days, then a full month");
    });
}

#[test]
fn arrears_hours_and_currencies_without_cents() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ken = customer(&cx, Currency::JPY, Grouping::Separate).await;
        let sub = Sub {
            currency: Currency::JPY,
            cycle: Cycle::Hourly,
            mode: Mode::Arrears,
            ..Sub::monthly(ken, "2026-01-05", 3)
        };
        subscribe(&cx, sub).await;
        assert_eq!(bill(&cx, "2026-01-05").await.invoices_issued, 0, "the day is not over");
        assert_eq!(bill(&cx, "2026-01-06").await.invoices_issued, 1);
        let all = invoices(&cx).await;
        // 24 hours × 3 yen = 72; 19 % = 13.68 → 14.
        assert_eq!((all[0].1[0].spec.quantity, all[0].0.totals.total_minor), (24, 86));
        let ledger = trial(&cx).await;
        assert_eq!(ledger["revenue JPY"], -72, "arrears are earned at once");
    });
}

#[test]
fn a_customer_may_get_one_invoice_a_day() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Daily).await;
        let bob = customer(&cx, Currency::EUR, Grouping::Separate).await;
        for who in [ann, bob] {
            for unit in [1_000, 2_000, 3_000] {
                subscribe(&cx, Sub::monthly(who, "2026-02-01", unit)).await;
            }
        }
        subscribe(&cx, Sub::monthly(ann, "2026-02-02", 5_000)).await;
        let report = bill(&cx, "2026-02-02").await;
        assert_eq!((report.subscriptions_billed, report.invoices_issued), (7, 5));
        let all = invoices(&cx).await;
        assert_eq!(all[0].1.len(), 3, "one invoice with three lines for Ann's first day");
        assert_eq!(all.iter().map(|(d, _)| d.totals.subtotal_minor).sum::<i64>(), 17_000);
    });
}

#[test]
fn a_discount_lasts_its_number_of_periods() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let half = DiscountValue::Percent(Ppm::new(500_000));
        subscribe_with(&cx, Sub::monthly(ann, "2026-01-01", 1_000), vec![(half, Some(2))]).await;
        bill(&cx, "2026-01-01").await;
        bill(&cx, "2026-04-01").await;
        let nets: Vec<i64> = invoices(&cx).await.iter().map(|(d, _)| d.totals.subtotal_minor).collect();
        assert_eq!(nets, [500, 500, 1_000, 1_000]);
    });
}

#[test]
fn a_zero_total_settles_itself_and_asks_for_nothing() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        subscribe(&cx, Sub::monthly(ann, "2026-01-01", 0)).await;
        bill(&cx, "2026-01-01").await;
        let all = invoices(&cx).await;
        assert_eq!(all[0].0.state, crate::invoices::InvoiceState::Paid);
        assert_eq!(all[0].0.entry_id, None);
        let jobs =
            cx.read(async |tx: &mut Tx| tx.query_one(&JOBS, params![], |r| r.get::<i64>(0)).await).await;
        assert_eq!(jobs.unwrap(), 0);
    });
}

#[test]
fn what_cannot_be_billed_is_put_aside_and_stops_nobody_else() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let gone = customer(&cx, Currency::EUR, Grouping::Separate).await;
        subscribe(&cx, Sub::monthly(ann, "2026-01-01", 1_000)).await;
        let huge =
            subscribe(&cx, Sub { quantity: 1_000_000, ..Sub::monthly(ann, "2026-01-01", i64::MAX / 2) })
                .await;
        let closed = subscribe(&cx, Sub::monthly(gone, "2026-01-01", 1_000)).await;
        let nobody = subscribe(&cx, Sub::monthly(987_654, "2026-01-01", 1_000)).await;
        let yen = subscribe(&cx, Sub { currency: Currency::JPY, ..Sub::monthly(ann, "2026-01-01", 1) }).await;
        cx.write(async move |tx: &mut Tx| tx.exec(&CLOSE, params![gone]).await).await.unwrap();

        let report = bill(&cx, "2026-01-01").await;
        assert_eq!((report.invoices_issued, report.put_aside), (1, 4));
        let waiting = cx.read(async |tx: &mut Tx| store::list_aside(tx, 0, 10).await).await.unwrap();
        let reasons: BTreeMap<i64, String> =
            waiting.into_iter().map(|w| (w.subscription_id, w.reason)).collect();
        assert_eq!(reasons[&huge], "amount");
        assert_eq!(reasons[&closed], "customer_closed");
        assert_eq!(reasons[&nobody], "no_customer");
        assert_eq!(reasons[&yen], "currency");
    });
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        for unit in 1..=30 {
            subscribe(&cx, Sub::monthly(ann, "2026-01-01", unit * 100)).await;
        }
        let mut options = RunOptions { dry_run: true, batch: 7, ..RunOptions::for_date(day("2026-02-10")) };
        let dry = run(&cx, options.clone()).await.unwrap();
        assert!(invoices(&cx).await.is_empty());
        options.dry_run = false;
        let wet = run(&cx, options).await.unwrap();
        assert_eq!(RunReport { elapsed_micros: 0, ..dry }, RunReport { elapsed_micros: 0, ..wet });
        assert_eq!(invoices(&cx).await.len(), 60);
    });
}

#[test]
fn two_runs_at_once_come_to_the_same_as_one() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let mut expected = 0;
        for n in 0..40 {
            let grouping = if n % 3 == 0 { Grouping::Daily } else { Grouping::Separate };
            let who = customer(&cx, Currency::EUR, grouping).await;
            for unit in [700, 1_100, 1_300] {
                subscribe(&cx, Sub::monthly(who, "2026-01-07", unit)).await;
            }
            expected += if n % 3 == 0 { 1 } else { 3 };
        }
        let options = RunOptions { batch: 10, ..RunOptions::for_date(day("2026-01-07")) };
        // Two handles on one database, as two processes would have.
        let rival = bursar_testkit::open_again(&cx);
        let (one, two) = futures_util::join!(run(&cx, options.clone()), run(&rival, options.clone()));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.invoices_issued + two.invoices_issued, expected);
        let all = invoices(&cx).await;
        let sequences: Vec<i64> = all.iter().filter_map(|(d, _)| d.sequence).collect();
        assert_eq!(
            sequences,
            (1..=i64::try_from(expected).unwrap()).collect::<Vec<_>>(),
            "no gap, no double"
        );
        assert_eq!(all.iter().map(|(d, _)| d.totals.subtotal_minor).sum::<i64>(), 40 * 3_100);
        let mut previous = hash::CHAIN_START;
        for (document, _) in &all {
            let content = crate::invoices::store::to_hash(document.content_hash.as_deref().unwrap()).unwrap();
            let link = hash::link(
                &previous,
                document.number.as_deref().unwrap(),
                document.issued_on.unwrap(),
                &content,
            );
            assert_eq!(document.hash.as_deref(), Some(link.as_slice()));
            previous = link;
        }
    });
}

#[test]
fn cancelled_at_period_end_is_not_billed_again_and_limits_end() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let ann = customer(&cx, Currency::EUR, Grouping::Separate).await;
        let id = subscribe(&cx, Sub::monthly(ann, "2026-01-10", 1_000)).await;
        bill(&cx, "2026-01-10").await;
        cx.write(async move |tx: &mut Tx| {
            tx.query_text(
                "UPDATE billing_subscriptions SET cancel_on = '2026-02-10' WHERE id = $1 RETURNING id",
                params![id],
                |row| row.get::<i64>(0),
            )
            .await
        })
        .await
        .unwrap();
        let report = bill(&cx, "2026-03-01").await;
        assert_eq!(report.invoices_issued, 0);
        assert_eq!(next_start(&cx, id).await.1, "cancelled");
    });
}

use crate::invoices::hash;

/// Forty subscriptions of one customer, all due on one day.
async fn forty(cx: &TestCx) {
    business(cx).await;
    let ann = customer(cx, Currency::EUR, Grouping::Separate).await;
    for unit in 1..=40 {
        subscribe(cx, Sub::monthly(ann, "2026-01-07", unit * 100)).await;
    }
}

#[test]
fn a_full_disk_stops_the_run_with_a_clear_error_and_the_next_run_finishes() {
    let setup = bursar_testkit::Setup::new(schema());
    bursar_testkit::on_sqlite_with(setup, async |cx| {
        forty(&cx).await;
        // SQLite refuses to grow beyond this, with the very error of a full disk.
        cx.db().maintain("PRAGMA max_page_count = 1", cx.now()).await.unwrap();
        let options = RunOptions { batch: 10, ..RunOptions::for_date(day("2026-05-07")) };
        let mut stopped = None;
        for month in 1..=5 {
            let as_of = day(&format!("2026-0{month}-07"));
            if let Err(error) = run(&cx, RunOptions { as_of, ..options.clone() }).await {
                stopped = Some(error.to_string());
                break;
            }
        }
        let error = stopped.expect("two hundred invoices do not fit into the pages there are");
        assert!(error.contains("disk of the database is full"), "{error}");
        cx.db().maintain("PRAGMA max_page_count = 1000000", cx.now()).await.unwrap();
        run(&cx, options.clone()).await.unwrap();
        assert_eq!(invoices(&cx).await.len(), 5 * 40, "each period once");
        assert_eq!(run(&cx, options).await.unwrap().subscriptions_due, 0);
    });
}

#[test]
fn a_database_that_goes_away_stops_the_run_and_the_next_run_finishes() {
    let setup = bursar_testkit::Setup::new(schema());
    bursar_testkit::on_postgres_with(setup, async |cx| {
        forty(&cx).await;
        let options = RunOptions { batch: 2, ..RunOptions::for_date(day("2026-12-07")) };
        let rival = bursar_testkit::open_again(&cx);
        let cut = async {
            for _ in 0..6 {
                // Ends every other connection to this database, in the middle of whatever it does.
                let killed = rival
                    .read(async |tx: &mut Tx| {
                        tx.query_text(
                            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                             WHERE datname = current_database() AND pid <> pg_backend_pid()",
                            params![],
                            |row| row.get::<i64>(0),
                        )
                        .await
                    })
                    .await;
                assert!(killed.is_ok(), "{killed:?}");
            }
        };
        let (first, ()) = futures_util::join!(run(&cx, options.clone()), cut);
        if let Err(error) = first {
            assert!(error.to_string().contains("cannot be reached"), "{error}");
        }
        let mut tries = 0;
        while run(&cx, options.clone()).await.is_err() {
            tries += 1;
            assert!(tries < 20, "the database is back, so a run must succeed");
        }
        assert_eq!(invoices(&cx).await.len(), 12 * 40, "each period once");
    });
}
