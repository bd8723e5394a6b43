//! Paying several invoices at once, a part, and from credit: allocated exactly once, whatever the gateway does.

use bursar_billing::BillError;
use bursar_billing::invoices::InvoiceState;
use bursar_billing::settle::{
    DepositSettings, NewDeposit, PayOrder, PayPlan, PayWish, Paying, UseCredit, add_funds, pay,
    payable_invoices, plan_payment, running_charge,
};
use bursar_customers::CustomerDetails;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _};
use bursar_gateway_sandbox::{CallTrouble, FaultPlan, cards};
use bursar_money::{Currency, Money};
use bursar_payments::{PaymentState, run_charge};

use crate::office::{Office, eur, on_both};

/// A customer whose credit waits to be used, with two invoices over 25.00 and 40.00.
async fn debtor(office: &Office, credit: i64) -> (i64, i64, i64) {
    let details = CustomerDetails { auto_apply_credit: false, ..CustomerDetails::default() };
    let ann = office.customer_with(Currency::EUR, details).await;
    if credit > 0 {
        office.receive(ann, credit, Vec::new(), &format!("deposit-{ann}")).await;
    }
    let (a, b) = (office.invoice(ann, 2_500).await, office.invoice(ann, 4_000).await);
    office.drain().await;
    (ann, a, b)
}

fn wish(customer: i64, invoices: &[i64], amount: Option<Money>, credit: UseCredit) -> PayWish {
    PayWish { customer, invoices: invoices.to_vec(), amount, credit }
}

async fn plan(office: &Office, wish: &PayWish) -> Result<PayPlan, BillError> {
    let wish = wish.clone();
    office.cx.read(async move |tx: &mut Tx| plan_payment(tx, &wish).await).await
}

async fn order(office: &Office, wish: PayWish, card: &str, form_key: &str) -> PayOrder {
    let method = office.card_once(wish.customer, card).await;
    let agreed = plan(office, &wish).await.unwrap().agreed();
    PayOrder {
        wish,
        agreed,
        form_key: form_key.to_owned(),
        gateway: "sandbox".into(),
        method: Some(method),
        return_url: None,
    }
}

async fn open(office: &Office, invoices: &[i64]) -> Vec<i64> {
    let mut minors = Vec::new();
    for id in invoices {
        minors.push(office.document(*id).await.open_minor());
    }
    minors
}

fn charged(office: &Office) -> i64 {
    office.processor.charges().iter().map(|it| i64::from(it.captures) * it.amount_minor).sum()
}

#[test]
fn two_invoices_are_paid_at_once_partly_from_credit() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 3_000).await;
        let wished = wish(ann, &[b, a], None, UseCredit::First);
        let shown = plan(office, &wished).await.unwrap();
        // 65.00 are open. The credit of 30.00 pays 25.00 and 5.00, the card 35.00, nothing stays.
        assert_eq!(shown.agreed(), "3000+3500");
        let parts: Vec<_> =
            shown.parts.iter().map(|it| (it.invoice_id, it.by_credit_minor, it.by_charge_minor)).collect();
        assert_eq!(parts, [(a, 2_500, 0), (b, 500, 3_500)]);
        let order = order(office, wished, cards::VISA, "form-1").await;
        let done = pay(&office.cx, order.clone()).await.unwrap();
        assert_eq!(done.credit_minor, 3_000);
        assert_eq!(office.document(a).await.state, InvoiceState::Paid, "credit is used at once");
        assert_eq!(pay(&office.cx, order).await.unwrap(), done, "the same form does nothing more");
        office.drain().await;
        assert_eq!(open(office, &[a, b]).await, [0, 0]);
        assert_eq!((office.credit(ann).await, charged(office)), (0, 3_500));
        let books = office.books().await;
        assert!(!books.contains_key("receivable EUR") && !books.contains_key("customer_credit EUR"));
    });
}

#[test]
fn a_part_is_paid_what_is_due_first_first() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 1_000).await;
        let wished = wish(ann, &[a, b], Some(eur(3_500)), UseCredit::First);
        let shown = plan(office, &wished).await.unwrap();
        assert_eq!((shown.agreed().as_str(), shown.stays_minor), ("1000+2500", 3_000));
        pay(&office.cx, order(office, wished, cards::VISA, "form-1").await).await.unwrap();
        office.drain().await;
        assert_eq!(open(office, &[a, b]).await, [0, 3_000]);
        // Credit alone pays a part without a card.
        office.receive(ann, 700, Vec::new(), "more").await;
        let rest = wish(ann, &[b], Some(eur(700)), UseCredit::First);
        let done = pay(&office.cx, order(office, rest, cards::VISA, "form-2").await).await.unwrap();
        assert_eq!(done, Paying { credit_minor: 700, payment: None });
        assert_eq!(open(office, &[b]).await, [2_300]);
        let payable = office.cx.read(async move |tx: &mut Tx| payable_invoices(tx, ann).await).await.unwrap();
        assert_eq!(payable, [b]);
    });
}

#[test]
fn what_cannot_be_paid_says_why() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 0).await;
        let bob = office.customer().await;
        for (amount, field) in
            [(Some(eur(0)), "amount"), (Some(eur(6_501)), "amount"), (Some(eur(-1)), "amount")]
        {
            let refused = plan(office, &wish(ann, &[a, b], amount, UseCredit::Keep)).await.unwrap_err();
            let ErrorKind::Invalid(fields) = refused.kind() else { panic!("{refused:?}") };
            assert_eq!(fields[0].field, field);
            assert!(fields[0].message.contains("65.00 EUR"), "{}", fields[0].message);
        }
        let dollars = Some(Money::new(100, Currency::USD));
        assert!(plan(office, &wish(ann, &[a], dollars, UseCredit::Keep)).await.is_err());
        let foreign = plan(office, &wish(bob, &[a], None, UseCredit::Keep)).await.unwrap_err();
        assert!(matches!(foreign, BillError::NotFound(_)), "{foreign:?}");
        assert!(plan(office, &wish(ann, &[], None, UseCredit::Keep)).await.is_err());
        office.receive(ann, 2_500, vec![(a, 2_500)], "paid").await;
        let paid = plan(office, &wish(ann, &[a, b], None, UseCredit::Keep)).await.unwrap_err();
        assert!(paid.message().contains("not open"), "{paid:?}");
    });
}

#[test]
fn figures_that_moved_are_shown_again_and_nothing_is_paid() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 3_000).await;
        let order = order(office, wish(ann, &[a, b], None, UseCredit::First), cards::VISA, "form-1").await;
        office.receive(ann, 1_000, vec![(b, 1_000)], "meanwhile").await;
        let moved = pay(&office.cx, order.clone()).await.unwrap_err();
        assert!(matches!(moved, BillError::Changed), "{moved:?}");
        assert_eq!((office.credit(ann).await, office.processor.charges().len()), (3_000, 0));
        // The form was not used up by that: with the new figures it pays.
        let agreed = plan(office, &order.wish).await.unwrap().agreed();
        pay(&office.cx, PayOrder { agreed, ..order }).await.unwrap();
        office.drain().await;
        assert_eq!(open(office, &[a, b]).await, [0, 0]);
    });
}

#[test]
fn a_declined_card_leaves_the_credit_where_it_was_put() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 1_000).await;
        let wished = wish(ann, &[a, b], None, UseCredit::First);
        let order_1 = order(office, wished.clone(), "tok_decline:insufficient_funds", "form-1").await;
        pay(&office.cx, order_1).await.unwrap();
        office.drain().await;
        assert_eq!((open(office, &[a, b]).await, office.credit(ann).await), (vec![1_500, 4_000], 0));
        let order_2 = order(office, wished, cards::VISA, "form-2").await;
        assert_eq!(order_2.agreed, "0+5500");
        pay(&office.cx, order_2).await.unwrap();
        office.drain().await;
        assert_eq!((open(office, &[a, b]).await, charged(office)), (vec![0, 0], 5_500));
    });
}

#[test]
fn eight_clicks_at_once_pay_once_and_use_the_credit_once() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 3_000).await;
        let order = order(office, wish(ann, &[a, b], None, UseCredit::First), cards::VISA, "form-1").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (cx, order) = (office.cx.cx(), order.clone());
            tasks.spawn(async move { pay(&cx, order).await.unwrap() });
        }
        let mut done = tasks.join_all().await;
        done.dedup();
        assert_eq!(done.len(), 1, "{done:?}");
        office.drain().await;
        assert_eq!(
            (open(office, &[a, b]).await, office.credit(ann).await, charged(office)),
            (vec![0, 0], 0, 3_500)
        );
    });
}

#[test]
fn two_pages_open_at_once_never_charge_one_invoice_twice() {
    on_both(async |office| {
        let (ann, a, b) = debtor(office, 0).await;
        let both =
            order(office, wish(ann, &[a, b], None, UseCredit::Keep), cards::AUTHENTICATE, "form-1").await;
        let one = order(office, wish(ann, &[b], None, UseCredit::Keep), cards::VISA, "form-2").await;
        let same = order(office, wish(ann, &[a, b], None, UseCredit::Keep), cards::VISA, "form-3").await;
        let first = pay(&office.cx, both).await.unwrap();
        let other = pay(&office.cx, one.clone()).await.unwrap_err();
        assert!(other.message().contains("already under way"), "{other:?}");
        assert_eq!(pay(&office.cx, same).await.unwrap(), first, "who pays the same again joins it");
        let id = first.payment.unwrap();
        let view = run_charge(&office.cx, &office.gateways, id).await.unwrap();
        assert_eq!(view.payment.state, PaymentState::RequiresAction);
        let running = office.cx.read(async move |tx: &mut Tx| running_charge(tx, &[b]).await).await.unwrap();
        assert_eq!(running, Some(id));
        bursar_payments::withdraw_charge(&office.cx, &office.gateways, id).await.unwrap();
        pay(&office.cx, one).await.unwrap();
        office.drain().await;
        assert_eq!((open(office, &[a, b]).await, charged(office)), (vec![2_500, 0], 4_000));
    });
}

#[test]
fn lost_answers_and_double_webhooks_allocate_exactly_once() {
    on_both(async |office| {
        for (turn, card) in [
            cards::LOSE_AFTER,
            cards::LOSE_BEFORE,
            cards::WEBHOOK_TWICE,
            cards::WEBHOOK_FIRST,
            cards::WEBHOOK_NEVER,
        ]
        .into_iter()
        .enumerate()
        {
            let (ann, a, b) = debtor(office, 1_000).await;
            let wished = wish(ann, &[a, b], Some(eur(6_000)), UseCredit::First);
            let order = order(office, wished, card, &format!("form-{turn}")).await;
            let before = charged(office);
            office.processor.next_calls([CallTrouble::RateLimit]);
            pay(&office.cx, order.clone()).await.unwrap();
            office.come_to_rest().await;
            pay(&office.cx, order).await.unwrap();
            office.come_to_rest().await;
            assert_eq!(charged(office) - before, 5_000, "{card}");
            assert_eq!((open(office, &[a, b]).await, office.credit(ann).await), (vec![0, 500], 0), "{card}");
        }
    });
}

#[test]
fn a_storm_at_the_gateway_loses_nothing_and_charges_nothing_twice() {
    on_both(async |office| {
        office.processor.set_plan(FaultPlan::stormy(11));
        for turn in 0..6 {
            let (ann, a, b) = debtor(office, 700).await;
            let wished = wish(ann, &[a, b], None, UseCredit::First);
            let order = order(office, wished, cards::VISA, &format!("form-{turn}")).await;
            let before = charged(office);
            pay(&office.cx, order.clone()).await.unwrap();
            office.come_to_rest().await;
            pay(&office.cx, order).await.unwrap();
            office.come_to_rest().await;
            let left: i64 = open(office, &[a, b]).await.iter().sum();
            let paid = charged(office) - before;
            // Either the card was declined and 58.00 stay, or it paid them.
            assert!((left, paid) == (5_800, 0) || (left, paid) == (0, 5_800), "{turn}: {left} {paid}");
            assert_eq!(office.credit(ann).await, 0);
        }
        assert!(office.processor.charges().iter().all(|charge| charge.captures <= 1));
    });
}

fn deposit(customer: i64, minor: i64, method: i64, form_key: &str) -> NewDeposit {
    NewDeposit {
        customer,
        amount: eur(minor),
        form_key: form_key.to_owned(),
        gateway: "sandbox".into(),
        method: Some(method),
        return_url: None,
        reason: "credit".into(),
    }
}

#[test]
fn what_is_paid_ahead_becomes_credit_once_and_pays_the_next_invoice() {
    on_both(async |office| {
        let ann = office.customer().await;
        for (turn, card) in [cards::VISA, cards::LOSE_AFTER, cards::WEBHOOK_TWICE].into_iter().enumerate() {
            let method = office.card_once(ann, card).await;
            let new = deposit(ann, 2_000, method, &format!("form-{turn}"));
            let payment = add_funds(&office.cx, new.clone()).await.unwrap();
            assert_eq!(add_funds(&office.cx, new.clone()).await.unwrap(), payment, "the same form");
            office.come_to_rest().await;
            assert_eq!(add_funds(&office.cx, new).await.unwrap(), payment, "also when it is over");
            office.come_to_rest().await;
        }
        assert_eq!((office.credit(ann).await, charged(office)), (6_000, 6_000));
        let invoice = office.invoice(ann, 2_500).await;
        office.drain().await;
        assert_eq!(office.document(invoice).await.state, InvoiceState::Paid);
        assert_eq!(office.credit(ann).await, 3_500);
        let books = office.books().await;
        assert_eq!(books["customer_credit EUR"], -3_500);
        assert!(!books.contains_key("unapplied_payments EUR"), "{books:?}");
    });
}

#[test]
fn no_more_is_paid_ahead_than_may_lie_there_counting_what_is_on_its_way() {
    on_both(async |office| {
        let ann = office.customer().await;
        let limits = DepositSettings {
            smallest_minor: [("EUR".to_owned(), 500)].into(),
            largest_minor: [("EUR".to_owned(), 4_000)].into(),
            largest_balance_minor: [("EUR".to_owned(), 6_000)].into(),
        };
        bursar_web::save_settings(&office.cx, limits).await.unwrap();
        let method = office.card_once(ann, cards::PENDING).await;
        let refused = async |minor: i64, key: &str| {
            let refused = add_funds(&office.cx, deposit(ann, minor, method, key)).await.unwrap_err();
            let ErrorKind::Invalid(fields) = refused.kind() else { panic!("{refused:?}") };
            fields[0].message.clone()
        };
        assert_eq!(refused(499, "a").await, "Add at least 5.00 EUR.");
        assert_eq!(refused(4_001, "b").await, "Add at most 40.00 EUR.");
        add_funds(&office.cx, deposit(ann, 4_000, method, "c")).await.unwrap();
        // 40.00 are on their way, so 20.00 are left of 60.00.
        assert_eq!(refused(2_001, "d").await, "Add at most 20.00 EUR.");
        add_funds(&office.cx, deposit(ann, 2_000, method, "e")).await.unwrap();
        assert_eq!(refused(500, "f").await, "Your credit is as high as it may be.");
        office.come_to_rest().await;
        assert_eq!(office.credit(ann).await, 6_000);
    });
}

#[test]
fn who_pays_by_hand_is_not_charged_unasked() {
    on_both(async |office| {
        let ann = office.customer().await;
        office.card(ann, cards::VISA).await;
        let by_hand = async move |tx: &mut Tx| bursar_payments::charge_by_hand(tx, ann).await;
        office.cx.write(by_hand).await.unwrap();
        let invoice = office.invoice(ann, 2_500).await;
        office.drain().await;
        assert_eq!((office.document(invoice).await.open_minor(), charged(office)), (2_500, 0));
    });
}
