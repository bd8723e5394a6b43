//! Money that goes back.

use bursar_billing::invoices::InvoiceState;
use bursar_billing::settle::{RefundFrom, RefundRequest, RefundTo, refund};
use bursar_fault::Refusal as _;
use bursar_gateway_sandbox::cards;

use crate::office::{Office, eur, manual, on_both};

/// An invoice over 119.00, paid by a card. Gives the customer, the invoice and the payment.
async fn paid(office: &Office, card: &str) -> (i64, i64, i64) {
    let ann = office.customer().await;
    office.card(ann, card).await;
    let id = office.invoice_of(ann, vec![manual("Server", 1, 10_000, true)]).await;
    office.drain().await;
    assert_eq!(office.document(id).await.state, InvoiceState::Paid);
    let payments = office
        .cx
        .read(async move |tx: &mut bursar_db::Tx| {
            let filter = bursar_payments::PaymentFilter { customer: Some(ann), ..Default::default() };
            bursar_payments::list(tx, &filter, None, 1).await
        })
        .await
        .unwrap();
    (ann, id, payments[0].id.get())
}

fn request(payment_id: i64, minor: i64, to: RefundTo, from: RefundFrom, key: &str) -> RefundRequest {
    RefundRequest {
        payment_id,
        amount: eur(minor),
        to,
        from,
        reason: "asked for".into(),
        form_key: key.into(),
    }
}

#[test]
fn a_refund_with_a_credit_note_takes_back_turnover_and_tax() {
    on_both(async |office| {
        let (ann, id, payment) = paid(office, cards::VISA).await;
        let ask = request(payment, 5_950, RefundTo::Gateway, RefundFrom::CreditNote { invoice_id: id }, "r1");
        let done = refund(&office.cx, ask.clone()).await.unwrap();
        assert!(done.credit_note_id.is_some() && done.refund_id.is_some());
        office.audit().await;
        let again = refund(&office.cx, ask).await.unwrap();
        assert_eq!(again.refund_id, done.refund_id, "the same form refunds once");
        office.drain().await;
        let refunds = office.processor.refunds();
        assert_eq!(refunds.iter().map(|r| r.amount_minor).collect::<Vec<_>>(), [5_950]);
        let books = office.books().await;
        assert_eq!(books["revenue EUR"], -5_000);
        assert_eq!(books["tax_payable:1 EUR"], -950);
        assert_eq!((office.credit(ann).await, office.document(id).await.state), (0, InvoiceState::Paid));
        assert!(!books.contains_key("unapplied_payments EUR") && !books.contains_key("customer_credit EUR"));
    });
}

#[test]
fn a_refund_without_a_credit_note_must_say_that_the_invoice_is_owed_again() {
    on_both(async |office| {
        let (ann, id, payment) = paid(office, cards::VISA).await;
        let from_credit = request(payment, 100, RefundTo::Gateway, RefundFrom::Credit, "r0");
        let refused = refund(&office.cx, from_credit).await.unwrap_err();
        assert!(refused.message().contains("only 0.00 EUR"), "{refused:?}");
        let ask = request(payment, 4_000, RefundTo::Gateway, RefundFrom::Reopen { invoice_id: id }, "r1");
        let done = refund(&office.cx, ask).await.unwrap();
        assert_eq!(done.reopened_id, Some(id));
        office.drain().await;
        let invoice = office.document(id).await;
        assert_eq!((invoice.state, invoice.open_minor()), (InvoiceState::Open, 4_000));
        assert_eq!(office.credit(ann).await, 0);
        let too_much =
            request(payment, 8_000, RefundTo::Gateway, RefundFrom::Reopen { invoice_id: id }, "r2");
        let refused = refund(&office.cx, too_much).await.unwrap_err();
        assert!(refused.message().contains("79.00 EUR"), "{refused:?}");
    });
}

#[test]
fn a_refund_to_credit_moves_no_money() {
    on_both(async |office| {
        let (ann, id, payment) = paid(office, cards::VISA).await;
        let ask = request(payment, 11_900, RefundTo::Credit, RefundFrom::CreditNote { invoice_id: id }, "r1");
        let done = refund(&office.cx, ask).await.unwrap();
        assert_eq!((done.refund_id, office.credit(ann).await), (None, 11_900));
        assert!(office.processor.refunds().is_empty());
        // The credit then pays the next invoice, and what is left goes back by hand.
        let next = office.invoice(ann, 10_000).await;
        office.drain().await;
        assert_eq!(
            (office.document(next).await.state, office.credit(ann).await),
            (InvoiceState::Paid, 1_900)
        );
        let ask = request(payment, 1_900, RefundTo::ByHand, RefundFrom::Credit, "r2");
        refund(&office.cx, ask).await.unwrap();
        assert_eq!(office.credit(ann).await, 0);
        office.drain().await;
    });
}

#[test]
fn a_refund_that_fails_becomes_credit_once() {
    on_both(async |office| {
        for (n, card) in [cards::REFUND_FAILS, cards::REFUND_FAILS_LATER].into_iter().enumerate() {
            let (ann, id, payment) = paid(office, card).await;
            let key = format!("r{n}");
            let ask =
                request(payment, 11_900, RefundTo::Gateway, RefundFrom::CreditNote { invoice_id: id }, &key);
            refund(&office.cx, ask).await.unwrap();
            assert_eq!(office.credit(ann).await, 0);
            office.drain().await;
            office.audit().await;
            office.cx.test_clock().advance_seconds(7_200);
            bursar_payments::reconcile(&office.cx, &office.gateways, 100).await.unwrap();
            office.drain().await;
            assert_eq!(office.credit(ann).await, 11_900, "{card}");
            office.drain().await;
            assert_eq!(office.credit(ann).await, 11_900);
        }
    });
}

#[test]
fn a_credit_note_on_an_unpaid_invoice_pays_nothing_out() {
    on_both(async |office| {
        let (ann, _, payment) = paid(office, cards::VISA).await;
        let other = office.invoice(ann, 500_000).await;
        let ask =
            request(payment, 1_000, RefundTo::Gateway, RefundFrom::CreditNote { invoice_id: other }, "r1");
        let open = office.document(other).await.state;
        if open == InvoiceState::Open {
            let refused = refund(&office.cx, ask).await.unwrap_err();
            assert!(refused.message().contains("not paid that far"), "{refused:?}");
        }
        assert!(office.processor.refunds().is_empty());
        let of_nobody = request(999_999, 100, RefundTo::Gateway, RefundFrom::Credit, "r2");
        assert!(refund(&office.cx, of_nobody).await.is_err());
    });
}
