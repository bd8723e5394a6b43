//! Drafts, issuing, voiding, writing off.

use bursar_billing::invoices::InvoiceState;
use bursar_billing::invoices::draft::{
    DraftInput, DraftLine, create_draft, delete_draft, edit_draft, issue_draft, merge_drafts,
};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::invoices::write_off::write_off_invoice;
use bursar_billing::{BillError, verify};
use bursar_db::{Tx, params};
use bursar_fault::{Fault, Refusal as _};
use bursar_money::Currency;
use bursar_time::Cycle;

use crate::office::{day, manual, on_both};

bursar_db::statements! {
    BILLED = "SELECT COUNT(*) FROM billing_billed_periods";
    TAMPER = "UPDATE billing_lines SET description = 'Something else' WHERE invoice_id = $1";
    SKIP = "UPDATE billing_series SET next_sequence = next_sequence + 1";
}

fn input(customer_id: i64, lines: Vec<DraftLine>) -> DraftInput {
    DraftInput { customer_id, due_on: None, notes: None, lines }
}

#[test]
fn a_draft_becomes_an_invoice_with_number_date_tax_and_entry() {
    on_both(async |office| {
        let ann = office.customer().await;
        let lines = vec![manual("Migration", 3, 1_000, true), manual("Stamps", 1, 500, false)];
        let id = create_draft(&office.cx, input(ann, lines)).await.unwrap();
        let draft = office.document(id).await;
        assert_eq!((draft.state, draft.number, draft.totals.total_minor), (InvoiceState::Draft, None, 4_070));
        assert!(office.books().await.is_empty(), "nobody owes a draft");
        let issued = issue_draft(&office.cx, id, 1).await.unwrap();
        assert_eq!((issued.number.as_str(), issued.issued_on), ("INV-2026-000001", day("2026-01-01")));
        let invoice = office.document(id).await;
        // 3 × 10.00 with 19 % (5.70) and 5.00 without.
        assert_eq!((invoice.totals.subtotal_minor, invoice.totals.tax1_minor), (3_500, 570));
        assert_eq!((invoice.state, invoice.due_on), (InvoiceState::Open, Some(day("2026-01-08"))));
        let books = office.books().await;
        assert_eq!(books["receivable EUR"], 4_070);
        assert_eq!(books["revenue EUR"], -3_500);
        assert_eq!(books["tax_payable:1 EUR"], -570);
        let again = issue_draft(&office.cx, id, 1).await.unwrap_err();
        assert!(matches!(again, BillError::Refused(_)), "{again:?}");
    });
}

#[test]
fn drafts_are_edited_merged_and_deleted_until_they_are_issued() {
    on_both(async |office| {
        let ann = office.customer().await;
        let bob = office.customer().await;
        let cx = &office.cx;
        let a = create_draft(cx, input(ann, vec![manual("A", 1, 100, false)])).await.unwrap();
        let b = create_draft(cx, input(ann, vec![manual("B", 2, 100, false)])).await.unwrap();
        let c = create_draft(cx, input(bob, vec![manual("C", 1, 100, false)])).await.unwrap();
        edit_draft(cx, a, 1, input(ann, vec![manual("A", 1, 700, false)])).await.unwrap();
        let stale = edit_draft(cx, a, 1, input(ann, vec![manual("A", 1, 1, false)])).await.unwrap_err();
        assert!(matches!(stale, BillError::Changed));
        let mixed = merge_drafts(cx, vec![a, c]).await.unwrap_err();
        assert!(mixed.message().contains("one customer"), "{mixed:?}");
        assert_eq!(merge_drafts(cx, vec![a, b]).await.unwrap(), a);
        assert_eq!(office.document(a).await.totals.total_minor, 900);
        delete_draft(cx, c).await.unwrap();
        let merged = office.document(a).await;
        issue_draft(cx, a, merged.version).await.unwrap();
        let edit = edit_draft(cx, a, 1, input(ann, vec![manual("A", 1, 1, false)])).await.unwrap_err();
        assert!(edit.message().contains("credit note"), "{edit:?}");
        assert!(delete_draft(cx, a).await.is_err());
        let all = cx
            .read(async |tx: &mut Tx| list_invoices(tx, &InvoiceFilter::default(), None, 10).await)
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
    });
}

#[test]
fn what_cannot_be_an_invoice_is_refused_in_words() {
    on_both(async |office| {
        let ann = office.customer().await;
        let cx = &office.cx;
        let negative = input(ann, vec![manual("Gift", 1, -100, false)]);
        let refused = create_draft(cx, negative).await.unwrap_err();
        assert!(refused.message().contains("make a credit note"), "{refused:?}");
        let empty = create_draft(cx, input(ann, Vec::new())).await.unwrap_err();
        assert!(empty.message().contains("add a line"), "{empty:?}");
        let wrong = input(ann, vec![manual(" ", 0, 100, false)]);
        let BillError::Invalid(fields) = create_draft(cx, wrong).await.unwrap_err() else { panic!("fields") };
        let fields: Vec<_> = fields.iter().map(|f| f.field.as_ref()).collect();
        assert_eq!(fields, ["lines[0].description", "lines[0].quantity"]);
        let huge = input(ann, vec![manual("Huge", 1_000_000_000, 1_000_000_000_000, false)]);
        assert!(matches!(create_draft(cx, huge).await.unwrap_err(), BillError::Money(_)));
        let recurring = DraftLine { kind: LineKind::Recurring, ..manual("X", 1, 100, false) };
        assert!(create_draft(cx, input(ann, vec![recurring])).await.is_err());
    });
}

#[test]
fn a_zero_total_settles_itself() {
    on_both(async |office| {
        let ann = office.customer().await;
        let lines = vec![manual("Work", 1, 1_000, true), manual("Goodwill", 1, -1_000, true)];
        let id = office.invoice_of(ann, lines).await;
        let invoice = office.document(id).await;
        assert_eq!((invoice.state, invoice.totals.total_minor), (InvoiceState::Paid, 0));
        assert_eq!(invoice.entry_id, None);
        office.drain().await;
    });
}

#[test]
fn a_void_keeps_its_number_and_frees_its_periods() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.subscribe(ann, "2026-01-01", Cycle::Monthly, 1_000).await;
        assert_eq!(office.bill("2026-01-01").await, 1);
        let all = office
            .cx
            .read(async |tx: &mut Tx| list_invoices(tx, &InvoiceFilter::default(), None, 10).await)
            .await
            .unwrap();
        let id = all[0].id;
        void_invoice(&office.cx, id, "wrong customer".into()).await.unwrap();
        let invoice = office.document(id).await;
        assert_eq!(invoice.state, InvoiceState::Void);
        assert_eq!(invoice.number.as_deref(), Some("INV-2026-000001"));
        assert!(office.books().await.is_empty(), "the entry is reversed");
        let left =
            office.cx.read(async |tx: &mut Tx| tx.query_one(&BILLED, params![], |r| r.get::<i64>(0)).await);
        assert_eq!(left.await.unwrap(), 0);
        let twice = void_invoice(&office.cx, id, "again".into()).await.unwrap_err();
        assert!(twice.message().contains("void already"));
        let next = office.invoice(ann, 100).await;
        assert_eq!(office.document(next).await.number.as_deref(), Some("INV-2026-000002"));
        office.receive(ann, 40, vec![(next, 40)], "f").await;
        let settled = void_invoice(&office.cx, next, "no".into()).await.unwrap_err();
        assert!(settled.message().contains("0.40 EUR"), "{settled:?}");
    });
}

#[test]
fn a_write_off_is_a_loss_of_what_is_open() {
    on_both(async |office| {
        let ann = office.customer().await;
        let id = office.invoice(ann, 10_000).await;
        office.receive(ann, 4_000, vec![(id, 4_000)], "f").await;
        write_off_invoice(&office.cx, id, "insolvent".into()).await.unwrap();
        let invoice = office.document(id).await;
        assert_eq!((invoice.state, invoice.settled_minor), (InvoiceState::Uncollectible, 10_000));
        let books = office.books().await;
        assert_eq!(books["bad_debt EUR"], 6_000);
        assert!(!books.contains_key("receivable EUR"));
        // Money that comes after all is the customer's.
        let late = office.receive(ann, 1_000, Vec::new(), "late").await;
        assert_eq!((late.credit_minor, office.credit(ann).await), (1_000, 1_000));
        assert!(write_off_invoice(&office.cx, id, "again".into()).await.is_err());
    });
}

#[test]
fn fifty_issued_at_once_have_no_gap() {
    on_both(async |office| {
        let ann = office.customer().await;
        let mut drafts = Vec::new();
        for n in 1..=50 {
            drafts.push(create_draft(&office.cx, input(ann, vec![manual("W", 1, n, true)])).await.unwrap());
        }
        let mut tasks = tokio::task::JoinSet::new();
        for id in drafts {
            let cx = office.cx.cx();
            tasks.spawn(async move { issue_draft(&cx, id, 1).await.unwrap().number });
        }
        let mut numbers = tasks.join_all().await;
        numbers.sort();
        let expected: Vec<String> = (1..=50).map(|n| format!("INV-2026-{n:06}")).collect();
        assert_eq!(numbers, expected);
    });
}

#[test]
fn a_changed_document_and_a_missing_number_are_found() {
    on_both(async |office| {
        let ann = office.customer().await;
        let first = office.invoice(ann, 100).await;
        office.invoice(ann, 200).await;
        let failed = async || {
            let checks = verify::verify(&office.cx).await.unwrap();
            checks.into_iter().filter(|c| c.failed > 0).map(|c| c.name).collect::<Vec<_>>()
        };
        assert!(failed().await.is_empty());
        let tamper = async move |tx: &mut Tx| {
            tx.exec(&TAMPER, params![first]).await?;
            tx.exec(&SKIP, params![]).await?;
            Ok::<_, Fault>(())
        };
        office.cx.write(tamper).await.unwrap();
        assert_eq!(failed().await, ["billing.numbers_have_no_gap", "billing.documents_are_as_issued"]);
        let mend = async move |tx: &mut Tx| {
            tx.exec(&MEND, params![first]).await?;
            tx.exec(&BACK, params![]).await?;
            Ok::<_, Fault>(())
        };
        office.cx.write(mend).await.unwrap();
    });
}

mod mend {
    bursar_db::statements! {
        pub(super) MEND = "UPDATE billing_lines SET description = 'Work' WHERE invoice_id = $1";
        pub(super) BACK = "UPDATE billing_series SET next_sequence = next_sequence - 1";
    }
}
use mend::{BACK, MEND};

#[test]
fn currencies_without_cents_are_invoiced_in_whole_units() {
    on_both(async |office| {
        let ken = office.customer_with(Currency::JPY, Default::default()).await;
        let id = office.invoice_of(ken, vec![manual("Server", 3, 333, true)]).await;
        // 999 yen, 19 % = 189.81 → 190.
        assert_eq!(office.document(id).await.totals.total_minor, 1_189);
        let sara = office.customer_with(Currency::KWD, Default::default()).await;
        let id = office.invoice_of(sara, vec![manual("Server", 1, 1_234, true)]).await;
        // 1.234 dinar, 19 % = 0.23446 → 0.234.
        assert_eq!(office.document(id).await.totals.total_minor, 1_468);
    });
}
