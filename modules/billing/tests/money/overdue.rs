//! Overdue invoices, late fees, ageing.

use bursar_billing::invoices::ageing::{aged_by_customer, aged_receivables};
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_billing::invoices::overdue::{charge_late_fees, notice_overdue};
use bursar_billing::settings::BillingSettings;
use bursar_customers::CustomerDetails;
use bursar_db::Tx;
use bursar_money::Currency;

use crate::office::{day, on_both};

#[test]
fn a_late_fee_is_charged_once_and_not_to_everybody() {
    on_both(async |office| {
        let settings = BillingSettings {
            lead_days: 0,
            late_fee_ppm: 50_000,
            late_fee_minor: 300,
            late_fee_days: 10,
            ..BillingSettings::default()
        };
        office.settings(settings).await;
        let ann = office.customer().await;
        let exempt = CustomerDetails { late_fee_exempt: true, ..CustomerDetails::default() };
        let bob = office.customer_with(Currency::EUR, exempt).await;
        let a = office.invoice(ann, 20_000).await;
        office.invoice(bob, 20_000).await;
        office.receive(ann, 10_000, vec![(a, 10_000)], "half").await;
        // Due on 8 January; ten days later is the 18th.
        office.move_to("2026-01-17");
        assert_eq!(charge_late_fees(&office.cx, day("2026-01-17")).await.unwrap(), 0);
        office.move_to("2026-01-18");
        assert_eq!(charge_late_fees(&office.cx, day("2026-01-18")).await.unwrap(), 1);
        assert_eq!(charge_late_fees(&office.cx, day("2026-01-18")).await.unwrap(), 0, "once");
        let newest = office
            .cx
            .read(async |tx: &mut Tx| list_invoices(tx, &InvoiceFilter::default(), None, 1).await)
            .await
            .unwrap();
        let fee = &newest[0];
        assert_eq!((fee.customer_id, fee.source.as_str(), fee.totals.total_minor), (ann, "late_fee", 500));
        assert_eq!(office.lines(fee.id).await[0].spec.description, "Late fee for INV-2026-000001");
        office.move_to("2026-06-01");
        assert_eq!(charge_late_fees(&office.cx, day("2026-06-01")).await.unwrap(), 0, "no fee on a fee");
    });
}

#[test]
fn an_invoice_is_noticed_as_overdue_once_from_the_day_after_it_was_due() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.invoice(ann, 1_000).await;
        office.invoice(ann, 2_000).await;
        assert_eq!(notice_overdue(&office.cx, day("2026-01-08")).await.unwrap(), 0, "due today");
        assert_eq!(notice_overdue(&office.cx, day("2026-01-09")).await.unwrap(), 2);
        assert_eq!(notice_overdue(&office.cx, day("2026-02-09")).await.unwrap(), 0);
        let overdue = InvoiceFilter { overdue_on: Some(day("2026-01-09")), ..InvoiceFilter::default() };
        let search = InvoiceFilter { number: Some("inv-2026-000002".into()), ..InvoiceFilter::default() };
        let (late, found, wild) = office
            .cx
            .read(async move |tx: &mut Tx| {
                let wild = InvoiceFilter { number: Some("INV%2".into()), ..InvoiceFilter::default() };
                Ok::<_, bursar_fault::Fault>((
                    list_invoices(tx, &overdue, None, 10).await?,
                    list_invoices(tx, &search, None, 10).await?,
                    list_invoices(tx, &wild, None, 10).await?,
                ))
            })
            .await
            .unwrap();
        assert_eq!((late.len(), found.len(), wild.len()), (2, 1, 0));
    });
}

#[test]
fn what_is_owed_is_sorted_by_age() {
    on_both(async |office| {
        let ann = office.customer().await;
        // Due seven days after each: 8 January, 8 February, 8 March, 8 April, 8 May.
        for (date, minor) in [
            ("2026-01-01", 1),
            ("2026-02-01", 20),
            ("2026-03-01", 300),
            ("2026-04-01", 4_000),
            ("2026-05-01", 50_000),
        ] {
            office.move_to(date);
            office.invoice(ann, minor).await;
        }
        let (aged, mine) = office
            .cx
            .read(async |tx: &mut Tx| {
                let on = "2026-05-08".parse().unwrap();
                let mine = aged_by_customer(tx, on, None, 10).await?;
                Ok::<_, bursar_fault::Fault>((aged_receivables(tx, on).await?, mine))
            })
            .await
            .unwrap();
        let all = aged[0];
        // On 8 May: due today; 30, 61, 89 and 120 days late.
        assert_eq!((all.currency, all.invoices), (Currency::EUR, 5));
        assert_eq!(
            [
                all.not_due_minor,
                all.days_1_30_minor,
                all.days_31_60_minor,
                all.days_61_90_minor,
                all.older_minor
            ],
            [50_000, 4_000, 0, 320, 1]
        );
        assert_eq!((all.total_minor(), all.overdue_minor()), (54_321, 4_321));
        assert_eq!(mine, [(ann, all)]);
    });
}
