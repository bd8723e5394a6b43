//! What customers are told about their money, and what they are not.

use bursar_billing::invoices::credit_note::Part;
use bursar_billing::invoices::overdue::notice_overdue;
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::settle::{PayRequest, RefundFrom, RefundRequest, RefundTo, pay_invoices, refund};
use bursar_gateway_sandbox::cards;
use bursar_payments::PaymentState;

use crate::office::{Office, day, eur, manual, on_both};

/// Subject and kind of each mail since the last ones, oldest first.
async fn told(office: &Office, known: usize) -> Vec<(String, String)> {
    office.drain().await;
    let mails = office.mails().await;
    mails.into_iter().skip(known).map(|mail| (mail.kind, mail.subject)).collect()
}

fn pair(kind: &str, subject: &str) -> (String, String) {
    (format!("billing.{kind}"), subject.to_owned())
}

#[test]
fn an_invoice_goes_out_once_with_its_paper_and_is_called_in_when_it_is_late() {
    on_both(async |office| {
        let ann = office.customer().await;
        let id = office.invoice(ann, 10_000).await;
        assert_eq!(told(office, 0).await, [pair("invoice_issued", "Invoice INV-2026-000001")]);
        let mails = office.mails().await;
        assert_eq!(mails[0].to_email, "ann@example.org");
        assert!(mails[0].body_text.contains("100.00"), "{}", mails[0].body_text);
        assert!(mails[0].body_text.contains(&format!("/portal/invoices/{id}/pay")), "{}", mails[0].body_text);
        assert!(mails[0].attachments.contains(&id.to_string()), "{}", mails[0].attachments);
        notice_overdue(&office.cx, day("2026-01-09")).await.unwrap();
        let reminder = pair("invoice_overdue", "Reminder: invoice INV-2026-000001 is overdue");
        assert_eq!(told(office, 1).await, [reminder]);
        notice_overdue(&office.cx, day("2026-01-10")).await.unwrap();
        assert_eq!(told(office, 2).await, []);
    });
}

#[test]
fn who_has_paid_or_owes_nothing_any_more_is_not_reminded() {
    on_both(async |office| {
        let ann = office.customer().await;
        let paid = office.invoice(ann, 10_000).await;
        let void = office.invoice(ann, 2_000).await;
        office.drain().await;
        // The news of both being late is on its way while one is paid and the other voided.
        notice_overdue(&office.cx, day("2026-01-09")).await.unwrap();
        office.receive(ann, 10_000, vec![(paid, 10_000)], "f1").await;
        void_invoice(&office.cx, void, "a mistake".into()).await.unwrap();
        let after = told(office, 2).await;
        assert_eq!(after.len(), 1, "{after:?}");
        assert!(after[0].0 == "billing.payment_received" && after[0].1.contains("100.00"), "{after:?}");
    });
}

#[test]
fn a_charge_that_failed_on_its_own_is_told_and_one_that_was_watched_is_not() {
    on_both(async |office| {
        let ann = office.customer().await;
        let card = office.card(ann, "tok_decline:insufficient_funds").await;
        let id = office.invoice(ann, 10_000).await;
        let kinds: Vec<String> = told(office, 0).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["billing.invoice_issued", "billing.payment_failed"]);
        let watched = PayRequest {
            customer: ann,
            invoices: vec![id],
            gateway: "sandbox".into(),
            method: Some(card),
            is_present: true,
            return_url: None,
            reason: "INV-2026-000001".into(),
        };
        let payment = pay_invoices(&office.cx, watched).await.unwrap();
        assert_eq!(told(office, 2).await, []);
        assert_eq!(office.payment(payment.get()).await.state, PaymentState::Declined, "it did fail");
    });
}

#[test]
fn credit_notes_and_refunds_are_told() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.card(ann, cards::VISA).await;
        let id = office.invoice_of(ann, vec![manual("Server", 1, 10_000, true)]).await;
        office.drain().await;
        let before = office.mails().await.len();
        assert_eq!(before, 2, "the invoice and the receipt");
        let payments = office
            .cx
            .read(async move |tx: &mut bursar_db::Tx| {
                let filter = bursar_payments::PaymentFilter { customer: Some(ann), ..Default::default() };
                bursar_payments::list(tx, &filter, None, 1).await
            })
            .await
            .unwrap();
        let ask = RefundRequest {
            payment_id: payments[0].id.get(),
            amount: eur(5_950),
            to: RefundTo::Gateway,
            from: RefundFrom::CreditNote { invoice_id: id },
            reason: "asked for".into(),
            form_key: "r1".into(),
        };
        refund(&office.cx, ask).await.unwrap();
        let news = told(office, before).await;
        assert_eq!(news[0], pair("credit_note_issued", "Credit note CN-2026-000001"));
        assert!(news[1].0 == "billing.refund_sent" && news[1].1.contains("59.50"), "{news:?}");
        assert_eq!(news.len(), 2);
        office.credit_note(id, Part::Whole).await.unwrap();
        assert_eq!(told(office, before + 2).await.len(), 1);
    });
}
