use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::Account;
use bursar_money::{Currency, Money};
use bursar_payments::{
    Destination, ImportedPayment, ImportedRefund, ManualPayment, PaymentState, Purpose, RefundState,
};
use bursar_time::Date;

use crate::shop::{eur, on_both};

pub fn by_bank(form_key: &str, amount: Money) -> ManualPayment {
    ManualPayment {
        customer: 7,
        gateway: "bank_transfer".to_owned(),
        amount,
        fee: Money::zero(amount.currency()),
        received_on: Date::constant(2025, 12, 31),
        reference: "RF18 5390 0754 7034".to_owned(),
        purpose: Purpose { invoices: vec![(12, amount.minor())], reason: String::new() },
        form_key: form_key.to_owned(),
    }
}

#[test]
fn a_bank_transfer_is_captured_at_once_on_its_date_and_a_form_sent_twice_records_once() {
    on_both(async |shop| {
        let record = |payment: ManualPayment| {
            let cx = shop.cx.cx();
            async move { bursar_payments::record_payment(&cx, payment).await.unwrap() }
        };
        let with_fee = ManualPayment { fee: eur(150), ..by_bank("form-1", eur(10_000)) };
        let id = record(with_fee.clone()).await;
        assert_eq!(record(with_fee).await, id);
        assert_ne!(record(by_bank("form-2", eur(10_000))).await, id, "another form is another payment");
        assert_eq!(shop.payment(id).await.state, PaymentState::Captured);
        assert_eq!(shop.balance(Account::Cash("bank_transfer".into()), Currency::EUR).await, 19_850);
        assert_eq!(shop.balance(Account::Fees("bank_transfer".into()), Currency::EUR).await, 150);
        let last_year = shop
            .cx
            .read(async |tx: &mut Tx| bursar_ledger::trial_balance(tx, Date::constant(2025, 12, 31)).await)
            .await
            .unwrap();
        assert_eq!(last_year.len(), 3, "it counts for the day on which it was received");
        shop.audit().await;
    });
}

#[test]
fn a_payment_that_is_all_fee_still_balances() {
    on_both(async |shop| {
        let payment = ManualPayment { fee: eur(100), ..by_bank("f", eur(100)) };
        bursar_payments::record_payment(&shop.cx, payment).await.unwrap();
        assert_eq!(shop.balance(Account::Fees("bank_transfer".into()), Currency::EUR).await, 100);
        shop.audit().await;
    });
}

#[test]
fn money_sent_back_by_hand_leaves_the_bank_account() {
    on_both(async |shop| {
        let id = bursar_payments::record_payment(&shop.cx, by_bank("f", eur(10_000))).await.unwrap();
        let refund = shop.refund_to("r", id, 4_000, Destination::Manual).await.unwrap();
        assert_eq!(shop.the_refund(refund).await.state, RefundState::Settled);
        assert_eq!(shop.balance(Account::Cash("bank_transfer".into()), Currency::EUR).await, 6_000);
        assert_eq!(shop.balance(Account::UnappliedPayments, Currency::EUR).await, -6_000);
        assert_eq!(shop.events("payments.refund.settled").await, 1);

        let through = shop.refund_to("g", id, 1_000, Destination::Gateway).await.unwrap();
        let through = shop.run_refund(through).await;
        assert_eq!(through.state, RefundState::Failed, "no driver can send back what it never saw");
        assert_eq!(through.failure_code, "not_supported");
        assert_eq!(shop.payment(id).await.refunded, eur(4_000));
        shop.audit().await;
    });
}

#[test]
fn an_import_keeps_ids_and_running_it_twice_changes_nothing() {
    on_both(async |shop| {
        let import = || {
            shop.cx.write(async |tx: &mut Tx| {
                let yen = Money::new(5_000, Currency::JPY);
                let payment = ImportedPayment {
                    id: 41,
                    customer: 7,
                    gateway: "paypal".into(),
                    amount: yen,
                    fee: Money::new(180, Currency::JPY),
                    received_on: Date::constant(2024, 2, 29),
                    reference: "9XY".into(),
                    purpose: Purpose::default(),
                };
                let refund = |id, payment, minor| ImportedRefund {
                    id,
                    payment,
                    customer: 7,
                    gateway: "paypal".into(),
                    amount: Money::new(minor, Currency::JPY),
                    settled_on: Date::constant(2024, 3, 1),
                    reference: "R".into(),
                    reason: "imported".into(),
                };
                let known = Some(Id::new(41));
                Ok::<_, Fault>((
                    bursar_payments::import_payments(tx, std::slice::from_ref(&payment)).await?.contains(&41),
                    bursar_payments::import_refund(tx, refund(42, known, 2_000)).await?,
                    bursar_payments::import_refund(tx, refund(43, None, 700)).await?,
                    bursar_payments::import_refund(tx, refund(44, known, 3_001)).await.is_err(),
                ))
            })
        };
        assert_eq!(import().await.unwrap(), (true, true, true, true));
        assert_eq!(import().await.unwrap(), (false, false, false, true));
        // 5000 − 180 − 2000 − 700
        assert_eq!(shop.balance(Account::Cash("paypal".into()), Currency::JPY).await, 2_120);
        assert_eq!(shop.payment(Id::new(41)).await.refunded, Money::new(2_000, Currency::JPY));
        shop.audit().await;
    });
}
