//! Payments, credit, automatic settlement, and one charge at a time.

use bursar_billing::BillError;
use bursar_billing::invoices::InvoiceState;
use bursar_billing::invoices::draft::DraftLine;
use bursar_billing::invoices::line::LineKind;
use bursar_billing::settle::{
    PayRequest, adjust_credit, apply_credit_to_invoice, apply_payment, pay_invoices, refund,
};
use bursar_billing::settle::{RefundFrom, RefundRequest, RefundTo};
use bursar_customers::CustomerDetails;
use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_gateway_sandbox::cards;
use bursar_money::Currency;
use bursar_payments::{PaymentCaptured, PaymentState, Purpose};

use crate::office::{Office, eur, manual, on_both};

async fn without_auto_credit(office: &Office) -> i64 {
    let details = CustomerDetails { auto_apply_credit: false, ..CustomerDetails::default() };
    office.customer_with(Currency::EUR, details).await
}

#[test]
fn a_transfer_pays_several_invoices_and_the_rest_is_credit() {
    on_both(async |office| {
        let ann = office.customer().await;
        let a = office.invoice(ann, 10_000).await;
        let b = office.invoice(ann, 5_000).await;
        let got = office.receive(ann, 17_500, vec![(a, 10_000), (b, 2_000)], "f1").await;
        // What was meant first, then the rest of the same invoices, then credit.
        assert_eq!(got.invoices, [(a, 10_000), (b, 5_000)]);
        assert_eq!(got.credit_minor, 2_500);
        let again = office.receive(ann, 17_500, vec![(a, 10_000), (b, 2_000)], "f1").await;
        assert_eq!(again, got, "the same form records once");
        office.drain().await;
        assert_eq!(office.document(a).await.state, InvoiceState::Paid);
        assert_eq!(office.document(b).await.state, InvoiceState::Paid);
        assert_eq!(office.credit(ann).await, 2_500);
        let books = office.books().await;
        assert_eq!(books["cash:bank_transfer EUR"], 17_500);
        assert_eq!(books["customer_credit EUR"], -2_500);
        assert!(!books.contains_key("unapplied_payments EUR") && !books.contains_key("receivable EUR"));
    });
}

#[test]
fn a_partial_payment_leaves_the_rest_open() {
    on_both(async |office| {
        let ann = office.customer().await;
        let a = office.invoice(ann, 10_000).await;
        office.receive(ann, 3_333, vec![(a, 3_333)], "f1").await;
        let invoice = office.document(a).await;
        assert_eq!((invoice.state, invoice.open_minor()), (InvoiceState::Open, 6_667));
        let more = office.try_receive(ann, 7_000, vec![(a, 7_000)], "f2").await.unwrap_err();
        assert!(more.message().contains("66.67 EUR"), "{more:?}");
        let bob = office.customer().await;
        let others = office.try_receive(bob, 100, vec![(a, 100)], "f3").await.unwrap_err();
        assert!(matches!(others, BillError::Invalid(_)));
    });
}

#[test]
fn the_news_of_a_payment_counts_once_however_often_it_comes() {
    on_both(async |office| {
        let ann = office.customer().await;
        let a = office.invoice(ann, 10_000).await;
        let got = office.receive(ann, 4_000, vec![(a, 4_000)], "f1").await;
        let event = PaymentCaptured {
            payment_id: got.payment_id,
            customer_id: ann,
            amount_minor: 4_000,
            currency: Currency::EUR,
            purpose: Purpose { invoices: vec![(a, 4_000)], reason: String::new() },
        };
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (cx, event) = (office.cx.cx(), event.clone());
            tasks.spawn(async move {
                cx.write(async move |tx: &mut Tx| apply_payment(tx, &event).await).await.unwrap()
            });
        }
        assert!(tasks.join_all().await.into_iter().all(|applied| applied.is_none()));
        assert_eq!(office.document(a).await.settled_minor, 4_000);
    });
}

#[test]
fn eight_transfers_at_once_never_pay_more_than_is_open() {
    on_both(async |office| {
        let ann = office.customer().await;
        let a = office.invoice(ann, 10_000).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let cx = office.cx.cx();
            let payment = bursar_payments::ManualPayment {
                customer: ann,
                gateway: "cash".into(),
                amount: eur(2_000),
                fee: eur(0),
                received_on: cx.today(),
                reference: String::new(),
                purpose: Purpose { invoices: vec![(a, 2_000)], reason: String::new() },
                form_key: format!("cash-{n}"),
            };
            tasks.spawn(async move { bursar_payments::record_payment(&cx, payment).await.unwrap() });
        }
        tasks.join_all().await;
        office.drain().await;
        assert_eq!(office.document(a).await.state, InvoiceState::Paid);
        assert_eq!(office.credit(ann).await, 6_000, "16 times 10.00 arrived, 100.00 were owed");
    });
}

#[test]
fn credit_pays_a_fresh_invoice_by_itself_where_the_customer_wants_it() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.receive(ann, 3_000, Vec::new(), "deposit").await;
        let a = office.invoice(ann, 10_000).await;
        office.drain().await;
        office.drain().await;
        assert_eq!(office.document(a).await.open_minor(), 7_000);
        assert_eq!(office.credit(ann).await, 0);

        let bob = without_auto_credit(office).await;
        office.receive(bob, 3_000, Vec::new(), "deposit 2").await;
        let b = office.invoice(bob, 1_000).await;
        office.drain().await;
        assert_eq!(office.document(b).await.open_minor(), 1_000);
        assert_eq!(apply_credit_to_invoice(&office.cx, b, Some(400)).await.unwrap(), 400);
        assert_eq!(apply_credit_to_invoice(&office.cx, b, None).await.unwrap(), 600);
        assert!(apply_credit_to_invoice(&office.cx, b, None).await.is_err());
        assert_eq!((office.document(b).await.state, office.credit(bob).await), (InvoiceState::Paid, 2_000));
    });
}

#[test]
fn staff_gives_and_takes_credit_but_not_below_nothing() {
    on_both(async |office| {
        let ann = office.customer().await;
        let left = adjust_credit(&office.cx, ann, eur(1_000), "goodwill".into()).await.unwrap();
        assert_eq!(left, eur(1_000));
        let too_much = adjust_credit(&office.cx, ann, eur(-1_001), "mistake".into()).await.unwrap_err();
        assert!(too_much.message().contains("10.00 EUR"), "{too_much:?}");
        assert_eq!(adjust_credit(&office.cx, ann, eur(-400), "mistake".into()).await.unwrap(), eur(600));
        assert_eq!(office.books().await["refunds EUR"], 600);
        assert!(adjust_credit(&office.cx, ann, eur(0), "x".into()).await.is_err());
    });
}

#[test]
fn a_kept_card_pays_a_fresh_invoice_once() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.card(ann, cards::VISA).await;
        office.receive(ann, 1_000, Vec::new(), "deposit").await;
        let a = office.invoice(ann, 10_000).await;
        office.drain().await;
        assert_eq!(office.document(a).await.state, InvoiceState::Paid);
        let charges = office.processor.charges();
        assert_eq!(charges.len(), 1);
        assert_eq!(charges[0].amount_minor, 9_000, "credit went first");
        let books = office.books().await;
        assert_eq!(books["cash:sandbox EUR"] + books.get("fees:sandbox EUR").copied().unwrap_or(0), 9_000);
    });
}

#[test]
fn a_declined_card_is_not_tried_again_by_the_settling_job() {
    on_both(async |office| {
        let ann = office.customer().await;
        let method = office.card(ann, "tok_decline:insufficient_funds").await;
        let a = office.invoice(ann, 10_000).await;
        office.drain().await;
        assert_eq!(office.document(a).await.open_minor(), 10_000);
        assert_eq!(office.processor.charges().len(), 1);
        // The customer tries again: a new attempt under a new key.
        let request = pay(ann, vec![a], Some(method));
        let second = pay_invoices(&office.cx, request).await.unwrap();
        assert!(office.payment(second.get()).await.key.ends_with(":2"));
        office.drain().await;
        assert_eq!(office.processor.charges().len(), 2);
    });
}

fn pay(customer: i64, invoices: Vec<i64>, method: Option<i64>) -> PayRequest {
    PayRequest {
        customer,
        invoices,
        gateway: "sandbox".into(),
        method,
        is_present: true,
        return_url: None,
        reason: "portal".into(),
    }
}

#[test]
fn an_invoice_never_has_two_charges_under_way() {
    on_both(async |office| {
        let ann = without_auto_credit(office).await;
        let (a, b) = (office.invoice(ann, 1_000).await, office.invoice(ann, 2_000).await);
        office.drain().await;
        let method = office.card(ann, cards::AUTHENTICATE).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (cx, request) = (office.cx.cx(), pay(ann, vec![a, b], Some(method)));
            tasks.spawn(async move { pay_invoices(&cx, request).await.unwrap().get() });
        }
        let mut ids = tasks.join_all().await;
        ids.dedup();
        assert_eq!(ids.len(), 1, "a second click is the same payment");
        let other = pay_invoices(&office.cx, pay(ann, vec![b], Some(method))).await.unwrap_err();
        assert!(other.message().contains("already under way"), "{other:?}");
        let view = bursar_payments::run_charge(&office.cx, &office.gateways, bursar_ids::Id::new(ids[0]))
            .await
            .unwrap();
        assert_eq!(view.payment.state, PaymentState::RequiresAction);
        bursar_payments::withdraw_charge(&office.cx, &office.gateways, view.payment.id).await.unwrap();
        office.drain().await;
        let next = pay_invoices(&office.cx, pay(ann, vec![b], Some(method))).await.unwrap();
        assert_ne!(next.get(), ids[0]);
        assert!(pay_invoices(&office.cx, pay(ann, vec![], None)).await.is_err());
    });
}

#[test]
fn a_deposit_becomes_credit_when_it_is_paid_and_is_no_turnover() {
    on_both(async |office| {
        let ann = without_auto_credit(office).await;
        let deposit = DraftLine { kind: LineKind::AddFunds, ..manual("Deposit", 1, 5_000, true) };
        let id = office.invoice_of(ann, vec![deposit]).await;
        assert_eq!(office.document(id).await.totals.total_minor, 5_000, "no tax on a deposit");
        assert_eq!(office.credit(ann).await, 0);
        let off = bursar_billing::invoices::write_off::write_off_invoice(&office.cx, id, "x".into())
            .await
            .unwrap_err();
        assert!(off.message().contains("void it"), "{off:?}");
        let got = office.receive(ann, 5_000, vec![(id, 5_000)], "f").await;
        assert_eq!(office.credit(ann).await, 5_000);
        let books = office.books().await;
        assert!(
            !books.contains_key("revenue EUR") && !books.contains_key("deferred_revenue EUR"),
            "{books:?}"
        );
        let request = RefundRequest {
            payment_id: got.payment_id,
            amount: eur(5_000),
            to: RefundTo::ByHand,
            from: RefundFrom::Reopen { invoice_id: id },
            reason: "leaves".into(),
            form_key: "r".into(),
        };
        assert!(refund(&office.cx, request.clone()).await.is_err(), "the deposit would be given twice");
        refund(&office.cx, RefundRequest { from: RefundFrom::Credit, ..request }).await.unwrap();
        assert_eq!(office.credit(ann).await, 0);
        office.drain().await;
        assert!(office.books().await.is_empty());
    });
}
