//! Credit notes, whole and in part.

use bursar_billing::BillError;
use bursar_billing::invoices::credit_note::Part;
use bursar_billing::invoices::{DocumentKind, InvoiceState};
use bursar_fault::Refusal as _;

use crate::office::{manual, on_both};

#[test]
fn a_credit_note_first_lowers_what_is_owed() {
    on_both(async |office| {
        let ann = office.customer().await;
        // 100.00 + 19.00 and 50.00 + 9.50.
        let lines = vec![manual("Server", 1, 10_000, true), manual("Backup", 1, 5_000, true)];
        let id = office.invoice_of(ann, lines).await;
        let made = office.credit_note(id, Part::Lines(vec![(2, 5_950)])).await.unwrap();
        assert_eq!(made.number, "CN-2026-000001");
        assert_eq!((made.total_minor, made.settled_minor, made.to_credit_minor), (5_950, 5_950, 0));
        let invoice = office.document(id).await;
        assert_eq!((invoice.state, invoice.open_minor()), (InvoiceState::Open, 11_900));
        let note = office.document(made.id).await;
        assert_eq!((note.kind, note.totals.tax1_minor), (DocumentKind::CreditNote, 950));
        let books = office.books().await;
        assert_eq!(books["receivable EUR"], 11_900);
        assert_eq!(books["revenue EUR"], -10_000);
        assert_eq!(books["tax_payable:1 EUR"], -1_900);
        let again = office.credit_note(id, Part::Lines(vec![(2, 1)])).await.unwrap_err();
        assert!(matches!(again, BillError::Invalid(_)), "{again:?}");
        // The rest closes it.
        let rest = office.credit_note(id, Part::Whole).await.unwrap();
        assert_eq!((rest.total_minor, office.document(id).await.state), (11_900, InvoiceState::Paid));
        assert!(office.books().await.is_empty());
        assert!(office.credit_note(id, Part::Whole).await.is_err(), "nothing is left");
    });
}

#[test]
fn parts_add_up_to_the_tax_of_the_line() {
    on_both(async |office| {
        let ann = office.customer().await;
        // 33.33 + 19 % 6.3327 → 6.33 = 39.66; thirds of 13.22 carry 11.11 + 2.11.
        let id = office.invoice_of(ann, vec![manual("Server", 1, 3_333, true)]).await;
        let mut taxes = Vec::new();
        for _ in 0..3 {
            let made = office.credit_note(id, Part::Amount(1_322)).await.unwrap();
            taxes.push(office.document(made.id).await.totals.tax1_minor);
        }
        assert_eq!(taxes, [211, 211, 211]);
        assert!(office.books().await.is_empty(), "not a cent is left");
        assert_eq!(office.document(id).await.state, InvoiceState::Paid);
    });
}

#[test]
fn what_was_paid_becomes_credit() {
    on_both(async |office| {
        let ann = office.customer().await;
        let id = office.invoice_of(ann, vec![manual("Server", 1, 10_000, true)]).await;
        office.receive(ann, 5_000, vec![(id, 5_000)], "half").await;
        // 119.00 invoiced, 50.00 paid, 100.00 given back: 69.00 were open, 31.00 become credit.
        let made = office.credit_note(id, Part::Amount(10_000)).await.unwrap();
        assert_eq!((made.settled_minor, made.to_credit_minor), (6_900, 3_100));
        assert_eq!((office.document(id).await.state, office.credit(ann).await), (InvoiceState::Paid, 3_100));
        let books = office.books().await;
        // 100.00 of 119.00 carry 84.03 net and 15.97 tax.
        assert_eq!(books["revenue EUR"], -(10_000 - 8_403));
        assert_eq!(books["tax_payable:1 EUR"], -(1_900 - 1_597));
        assert_eq!(books["customer_credit EUR"], -3_100);
    });
}

#[test]
fn only_issued_invoices_that_count_are_credited() {
    on_both(async |office| {
        let ann = office.customer().await;
        let id = office.invoice(ann, 1_000).await;
        let made = office.credit_note(id, Part::Amount(400)).await.unwrap();
        let of_note = office.credit_note(made.id, Part::Whole).await.unwrap_err();
        assert!(of_note.message().contains("not for another credit note"));
        let too_much = office.credit_note(id, Part::Amount(601)).await.unwrap_err();
        assert!(too_much.message().contains("6.00 EUR"), "{too_much:?}");
        assert!(office.credit_note(id, Part::Amount(0)).await.is_err());
        assert!(office.credit_note(999_999_999, Part::Whole).await.is_err());
        bursar_billing::invoices::void::void_invoice(&office.cx, id, "x".into()).await.unwrap_err();
    });
}

#[test]
fn an_invoice_with_a_negative_line_is_given_back_to_nothing() {
    on_both(async |office| {
        let ann = office.customer().await;
        let lines = vec![manual("Server", 1, 10_000, true), manual("Goodwill", 1, -3_000, true)];
        let id = office.invoice_of(ann, lines).await;
        // 119.00 − 35.70 = 83.30.
        office.credit_note(id, Part::Amount(3_330)).await.unwrap();
        let rest = office.credit_note(id, Part::Whole).await.unwrap();
        assert_eq!(rest.total_minor, 5_000);
        assert!(office.books().await.is_empty());
    });
}
