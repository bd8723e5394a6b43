//! Deferred revenue is earned month by month.

use bursar_billing::BillError;
use bursar_billing::invoices::credit_note::Part;
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::revenue::recognise;
use bursar_db::Tx;
use bursar_time::Cycle;

use crate::office::{Office, day, manual, on_both, period};

async fn newest(office: &Office) -> i64 {
    let all = office.cx.read(async |tx: &mut Tx| list_invoices(tx, &InvoiceFilter::default(), None, 1).await);
    all.await.unwrap()[0].id
}

async fn month(office: &Office, date: &str) -> Vec<i64> {
    recognise(&office.cx, day(date)).await.unwrap().iter().map(|r| r.amount.minor()).collect()
}

#[test]
fn a_year_paid_ahead_is_earned_by_the_days_of_each_month_exactly_once() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.subscribe(ann, "2026-01-15", Cycle::Annual, 12_000).await;
        office.move_to("2026-01-15");
        assert_eq!(office.bill("2026-01-15").await, 1);
        assert_eq!(office.books().await["deferred_revenue EUR"], -12_000);
        let early = recognise(&office.cx, day("2026-01-20")).await.unwrap_err();
        assert!(matches!(early, BillError::Refused(_)), "the month is not over");
        office.move_to("2026-02-01");
        assert_eq!(month(office, "2026-01-31").await, [559], "17 of 365 days");
        assert_eq!(month(office, "2026-01-31").await, Vec::<i64>::new(), "once");
        let books = office.books().await;
        assert_eq!((books["revenue EUR"], books["deferred_revenue EUR"]), (-559, -11_441));
        // Missed months are booked one by one.
        office.move_to("2027-02-01");
        let rest = month(office, "2027-01-31").await;
        assert_eq!(rest, [920, 1_020, 986, 1_019, 986, 1_020, 1_019, 986, 1_019, 987, 1_019, 460]);
        let books = office.books().await;
        assert_eq!(books["revenue EUR"], -12_000);
        assert!(!books.contains_key("deferred_revenue EUR"));
    });
}

#[test]
fn a_credit_note_takes_back_what_was_earned_of_its_part() {
    on_both(async |office| {
        let ann = office.customer().await;
        let line = |period| bursar_billing::invoices::draft::DraftLine {
            period,
            ..manual("Support", 1, 9_000, false)
        };
        // 90 days from 1 January: 31, 28, 31 days at 1.00.
        let id = office.invoice_of(ann, vec![line(period("2026-01-01", "2026-04-01"))]).await;
        assert_eq!(office.books().await["deferred_revenue EUR"], -9_000);
        office.move_to("2026-02-10");
        assert_eq!(month(office, "2026-01-01").await, [3_100]);
        office.credit_note(id, Part::Amount(3_000)).await.unwrap();
        office.audit().await;
        office.move_to("2026-04-01");
        // By the end of February 59.00 less 19.67 of the part given back: 39.33, of which 31.00 are booked.
        assert_eq!(month(office, "2026-03-31").await, [833, 2_067]);
        let books = office.books().await;
        assert_eq!(books["revenue EUR"], -6_000);
        assert!(!books.contains_key("deferred_revenue EUR"));
    });
}

#[test]
fn a_voided_invoice_was_never_earned() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.subscribe(ann, "2026-01-16", Cycle::Monthly, 3_100).await;
        office.move_to("2026-01-16");
        office.bill("2026-01-16").await;
        let id = newest(office).await;
        office.move_to("2026-02-03");
        assert_eq!(month(office, "2026-01-01").await, [1_600], "16 of 31 days");
        void_invoice(&office.cx, id, "never wanted".into()).await.unwrap();
        office.audit().await;
        office.move_to("2026-03-01");
        assert_eq!(month(office, "2026-02-01").await, [-1_600]);
        assert!(office.books().await.is_empty());
        office.move_to("2026-05-01");
        assert_eq!(month(office, "2026-04-01").await, [0, 0]);
    });
}

#[test]
fn an_invoice_written_late_for_an_earlier_date_is_caught_up_with() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.subscribe(ann, "2026-01-01", Cycle::Monthly, 3_100).await;
        office.subscribe(ann, "2026-01-31", Cycle::Quarterly, 8_900).await;
        office.move_to("2026-02-02");
        office.bill("2026-01-01").await;
        assert_eq!(month(office, "2026-01-01").await, [3_100]);
        // Billed for the 31st only after January was booked: its one day of 89 is earned in February.
        office.bill("2026-01-31").await;
        office.move_to("2026-03-01");
        assert_eq!(month(office, "2026-02-01").await, [100 + 2_800]);
    });
}
