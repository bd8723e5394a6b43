//! The sums of the first page, worked out by hand. That they equal what they count is checked after every other test too.

use bursar_billing::changes::{Credit, When};
use bursar_billing::figures::days::between;
use bursar_billing::figures::owed::{Owed, owed};
use bursar_billing::figures::running::running;
use bursar_billing::invoices::credit_note::Part;
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::invoices::write_off::write_off_invoice;
use bursar_billing::subscriptions::lifecycle::{cancel_subscription, pause_subscription};
use bursar_db::Tx;
use bursar_time::Cycle;

use crate::office::{Office, day, eur, manual, on_both};

async fn days(office: &Office, from: &'static str, to: &'static str) -> Vec<(String, i64)> {
    let found = office.cx.read(async move |tx: &mut Tx| between(tx, day(from), day(to)).await).await.unwrap();
    found.into_iter().map(|day| (day.on.to_string(), day.net.minor())).collect()
}

async fn what_is_owed(office: &Office, today: &'static str) -> Vec<Owed> {
    office.cx.read(async move |tx: &mut Tx| owed(tx, day(today)).await).await.unwrap()
}

async fn what_runs(office: &Office) -> Vec<(i64, i64)> {
    let found = office.cx.read(async |tx: &mut Tx| running(tx).await).await.unwrap();
    found.into_iter().map(|it| (it.subscriptions, it.monthly.minor())).collect()
}

#[test]
fn a_day_counts_without_tax_less_what_was_given_back_and_voided() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.move_to("2026-03-10");
        // 100.00 and 19 % on it, and 50.00 without tax.
        let taxed = office.invoice_of(ann, vec![manual("Work", 1, 10_000, true)]).await;
        let other = office.invoice(ann, 5_000).await;
        assert_eq!(days(office, "2026-03-01", "2026-03-31").await, [("2026-03-10".to_owned(), 15_000)]);
        office.move_to("2026-03-12");
        // 11.90 given back are 10.00 and the tax on them, on their own day.
        office.credit_note(taxed, Part::Amount(1_190)).await.unwrap();
        let expected = [("2026-03-10".to_owned(), 15_000), ("2026-03-12".to_owned(), -1_000)];
        assert_eq!(days(office, "2026-03-01", "2026-03-31").await, expected);
        // What is void never was: it leaves the day on which it was issued.
        void_invoice(&office.cx, other, "never wanted".into()).await.unwrap();
        assert_eq!(days(office, "2026-03-10", "2026-03-10").await, [("2026-03-10".to_owned(), 10_000)]);
        assert_eq!(days(office, "2026-03-11", "2026-03-11").await, []);
    });
}

#[test]
fn what_is_owed_goes_down_by_what_is_settled_and_is_overdue_after_its_day() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.move_to("2026-03-10");
        let first = office.invoice(ann, 10_000).await;
        let second = office.invoice(ann, 2_500).await;
        // Due seven days later, and not overdue on that day.
        let all = |invoices, open, overdue_invoices, overdue| Owed {
            invoices,
            open: eur(open),
            overdue_invoices,
            overdue: eur(overdue),
        };
        assert_eq!(what_is_owed(office, "2026-03-17").await, [all(2, 12_500, 0, 0)]);
        assert_eq!(what_is_owed(office, "2026-03-18").await, [all(2, 12_500, 2, 12_500)]);
        office.receive(ann, 4_000, vec![(first, 4_000)], "f1").await;
        assert_eq!(what_is_owed(office, "2026-03-18").await, [all(2, 8_500, 2, 8_500)]);
        office.receive(ann, 6_000, vec![(first, 6_000)], "f2").await;
        assert_eq!(what_is_owed(office, "2026-03-18").await, [all(1, 2_500, 1, 2_500)]);
        write_off_invoice(&office.cx, second, "moved away".into()).await.unwrap();
        assert_eq!(what_is_owed(office, "2026-03-18").await, []);
    });
}

#[test]
fn what_runs_counts_by_the_month_and_stops_with_a_pause_or_the_end() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.move_to("2026-03-10");
        let yearly = office.subscribe(ann, "2026-03-10", Cycle::Annual, 12_000).await;
        let monthly = office.subscribe(ann, "2026-03-10", Cycle::Monthly, 999).await;
        // 120.00 a year and 9.99 a month.
        assert_eq!(what_runs(office).await, [(2, 1_999)]);
        office.bill("2026-03-10").await;
        assert_eq!(what_runs(office).await, [(2, 1_999)], "billing changes nothing");
        pause_subscription(&office.cx, monthly, When::Now, Credit::Forfeit).await.unwrap();
        assert_eq!(what_runs(office).await, [(1, 1_000)]);
        cancel_subscription(&office.cx, yearly, When::Now, "leaves".into(), Credit::Forfeit).await.unwrap();
        assert_eq!(what_runs(office).await, []);
    });
}
