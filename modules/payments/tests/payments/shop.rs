//! A shop with a sandbox gateway, and an auditor that compares what the vendor knows with what we booked.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bursar_context::Cx;
use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;
use bursar_gateway::{Gateway, MethodToken, Presence, WebhookRequest};
use bursar_gateway_sandbox::{ChargeStatus, Courier, Processor, RefundStatus, SandboxGateway};
use bursar_ids::{Id, Rng};
use bursar_jobs::Runner;
use bursar_ledger::Account;
use bursar_money::{Currency, Money};
use bursar_payments::{
    Capture, ChargeView, Destination, Gateways, Keep, NewCharge, NewRefund, Payment, PaymentFilter,
    PaymentState, Purpose, Refund, RefundRefused, RefundState, WebhookVerdict,
};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_vault::{KeyRing, Vault};

bursar_db::statements! {
    EVENTS = "SELECT COUNT(*) FROM kernel_events WHERE name = $1";
}

pub fn migrations() -> Vec<bursar_db::Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_messaging::migrations(),
        bursar_payments::migrations(),
    ]
}

pub fn on_both(body: impl AsyncFn(Shop)) {
    on_both_engines(migrations(), async |cx| body(Shop::new(cx)).await);
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub struct Shop {
    pub cx: TestCx,
    pub processor: Arc<Processor>,
    pub gateways: Gateways,
}

/// Delivers webhooks that overtake their answer, and follows them at once.
#[derive(Default)]
struct Postman(OnceLock<(Cx, Gateways)>);

#[async_trait]
impl Courier for Postman {
    async fn deliver(&self, request: WebhookRequest) {
        let (cx, gateways) = self.0.get().expect("the postman knows the way");
        bursar_payments::receive_webhook(cx, gateways, "sandbox", request).await.unwrap();
        Runner::new(&bursar_payments::handlers(gateways)[2..]).drain(cx, 10).await.unwrap();
    }
}

impl Shop {
    fn new(cx: TestCx) -> Self {
        let processor = Arc::new(Processor::in_memory());
        let postman = Arc::new(Postman::default());
        let gateway = SandboxGateway::new(processor.clone()).with_courier(postman.clone());
        let shop = Self::over(cx, processor, Arc::new(gateway));
        assert!(postman.0.set((shop.cx.cx(), shop.gateways.clone())).is_ok());
        shop
    }

    pub fn over(cx: TestCx, processor: Arc<Processor>, gateway: Arc<dyn Gateway>) -> Self {
        let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
        let gateways = Gateways::new(vault).with(gateway, processor.credentials());
        Self { cx, processor, gateways }
    }

    /// The intent to charge a test card.
    pub async fn intend(&self, group: &str, card: &str, amount: Money) -> Id<Payment> {
        let token = MethodToken::new(card);
        let method = bursar_payments::store_method(&self.cx, &self.gateways, 7, "sandbox", token, Keep::Once)
            .await
            .unwrap();
        self.start(NewCharge { method: Some(method), ..new_charge(group, amount) }).await.unwrap()
    }

    /// The intent to hold money on a test card, and to take it later.
    pub async fn intend_hold(&self, group: &str, card: &str, amount: Money) -> Id<Payment> {
        let token = MethodToken::new(card);
        let method = bursar_payments::store_method(&self.cx, &self.gateways, 7, "sandbox", token, Keep::Once)
            .await
            .unwrap();
        let charge = NewCharge { method: Some(method), capture: Capture::Later, ..new_charge(group, amount) };
        self.start(charge).await.unwrap()
    }

    /// Takes what is held, as whoever delivered does.
    pub async fn take(&self, id: Id<Payment>) -> bool {
        self.cx.write(async move |tx: &mut Tx| bursar_payments::capture_held(tx, id).await).await.unwrap()
    }

    /// Lets go of what is held.
    pub async fn let_go(&self, id: Id<Payment>) -> bool {
        self.cx.write(async move |tx: &mut Tx| bursar_payments::release_held(tx, id).await).await.unwrap()
    }

    pub async fn start(&self, charge: NewCharge) -> Result<Id<Payment>, Fault> {
        self.cx.write(async move |tx: &mut Tx| bursar_payments::start_charge(tx, charge.clone()).await).await
    }

    pub async fn run(&self, id: Id<Payment>) -> ChargeView {
        bursar_payments::run_charge(&self.cx, &self.gateways, id).await.unwrap()
    }

    /// Intent and one step.
    pub async fn charge(&self, group: &str, card: &str, amount: Money) -> ChargeView {
        let id = self.intend(group, card, amount).await;
        self.run(id).await
    }

    pub async fn payment(&self, id: Id<Payment>) -> Payment {
        self.cx.read(async move |tx: &mut Tx| bursar_payments::find(tx, id).await).await.unwrap().unwrap()
    }

    pub async fn refund(
        &self,
        key: &str,
        payment: Id<Payment>,
        minor: i64,
    ) -> Result<Id<Refund>, RefundRefused> {
        self.refund_to(key, payment, minor, Destination::Gateway).await
    }

    /// Moves the money back to where refunds leave from, as billing does, and writes the intent.
    pub async fn refund_to(
        &self,
        key: &str,
        payment: Id<Payment>,
        minor: i64,
        destination: Destination,
    ) -> Result<Id<Refund>, RefundRefused> {
        let key = key.to_owned();
        self.cx
            .write(async move |tx: &mut Tx| {
                let currency = bursar_payments::find(tx, payment).await?.unwrap().amount.currency();
                let new = NewRefund {
                    payment,
                    amount: Money::new(minor, currency),
                    destination,
                    reason: "asked for".to_owned(),
                    key: key.clone(),
                };
                bursar_payments::start_refund(tx, new).await
            })
            .await
    }

    pub async fn the_refund(&self, id: Id<Refund>) -> Refund {
        self.cx
            .read(async move |tx: &mut Tx| bursar_payments::find_refund(tx, id).await)
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn run_refund(&self, id: Id<Refund>) -> Refund {
        bursar_payments::run_refund(&self.cx, &self.gateways, id).await.unwrap().0
    }

    /// Runs the jobs that are due now; returns how many ran.
    pub async fn run_jobs(&self) -> usize {
        let runner = Runner::new(&bursar_payments::handlers(&self.gateways));
        let mut ran = 0;
        loop {
            match runner.drain(&self.cx, 100).await.unwrap() {
                0 => return ran,
                n => ran += n,
            }
        }
    }

    pub async fn waiting_jobs(&self) -> i64 {
        Runner::waiting(&self.cx, 1_000).await.unwrap()
    }

    pub async fn dead_jobs(&self) -> usize {
        Runner::dead(&self.cx, 1_000).await.unwrap().len()
    }

    /// Carries the webhooks that are due; returns what was answered.
    pub async fn carry_webhooks(&self) -> Vec<WebhookVerdict> {
        let mut verdicts = Vec::new();
        for request in self.processor.take_webhooks(self.cx.now()) {
            verdicts.push(self.receive(request).await);
        }
        verdicts
    }

    pub async fn receive(&self, request: WebhookRequest) -> WebhookVerdict {
        bursar_payments::receive_webhook(&self.cx, &self.gateways, "sandbox", request).await.unwrap()
    }

    pub async fn reconcile(&self) -> bursar_payments::Reconciled {
        bursar_payments::reconcile(&self.cx, &self.gateways, 100).await.unwrap()
    }

    pub async fn look_for_returns(&self) -> bursar_payments::Returns {
        bursar_payments::look_for_returns(&self.cx, &self.gateways, None, 100).await.unwrap()
    }

    pub async fn balance(&self, account: Account, currency: Currency) -> i64 {
        self.cx
            .read(async move |tx: &mut Tx| bursar_ledger::balance(tx, &account, currency).await)
            .await
            .unwrap()
            .minor()
    }

    pub async fn events(&self, name: &str) -> i64 {
        let name = name.to_owned();
        let statement: &'static Statement = &EVENTS;
        self.cx
            .read(async move |tx: &mut Tx| tx.query_one(statement, params![&name], |row| row.get(0)).await)
            .await
            .unwrap()
    }

    pub async fn payments(&self) -> Vec<Payment> {
        self.cx
            .read(async |tx: &mut Tx| {
                bursar_payments::list(tx, &PaymentFilter::default(), None, 10_000).await
            })
            .await
            .unwrap()
    }

    /// What must hold at any time when nothing is under way: the vendor's word and our books are the same, every
    /// capture was announced once, and every self-check passes.
    pub async fn audit(&self) {
        let checks = self
            .cx
            .read(async |tx: &mut Tx| {
                let mut checks = bursar_ledger::verify(tx).await?;
                checks.extend(bursar_payments::verify(tx).await?);
                Ok::<_, Fault>(checks)
            })
            .await
            .unwrap();
        for check in checks {
            assert_eq!(check.failed, 0, "{check:?}");
        }
        let payments = self.payments().await;
        let booked: BTreeMap<&str, (i64, &str)> = payments
            .iter()
            .filter(|p| p.state == PaymentState::Captured && p.gateway == "sandbox")
            .map(|p| (p.key.as_str(), (p.amount.minor(), p.amount.currency().code())))
            .collect();
        let charges = self.processor.charges();
        for charge in charges.iter().filter(|charge| matches!(charge.status, ChargeStatus::Held { .. })) {
            let holds = payments.iter().any(|p| p.key == charge.key && !p.state.is_final());
            assert!(holds, "the vendor holds {} and nobody here knows", charge.key);
        }
        assert!(charges.iter().all(|c| c.captures <= 1), "the vendor charged twice");
        let taken: BTreeMap<&str, (i64, &str)> = charges
            .iter()
            .filter(|c| matches!(c.status, ChargeStatus::Captured { .. }))
            .map(|c| (c.key.as_str(), (c.taken_minor(), c.currency.as_str())))
            .collect();
        assert_eq!(booked, taken, "booked by us, taken by the vendor");
        // What another system received is no news of ours.
        let own = payments.iter().filter(|p| !p.key.as_str().starts_with("import:"));
        let captured = own.filter(|p| p.state == PaymentState::Captured).count();
        let announced = self.events("payments.payment.captured").await;
        assert_eq!(announced, i64::try_from(captured).unwrap(), "announced once each");
        self.audit_refunds(&payments).await;
    }

    async fn audit_refunds(&self, payments: &[Payment]) {
        let mut booked = BTreeMap::new();
        for payment in payments {
            let id = payment.id;
            let refunds =
                self.cx.read(async move |tx: &mut Tx| bursar_payments::refunds_of(tx, id).await).await;
            for refund in refunds.unwrap() {
                if refund.state == RefundState::Settled && refund.destination == Destination::Gateway {
                    booked.insert(refund.key.clone(), refund.amount.minor());
                }
            }
        }
        let given: BTreeMap<String, i64> = self
            .processor
            .refunds()
            .into_iter()
            .filter(|r| r.status == RefundStatus::Settled)
            .map(|r| (r.key, r.amount_minor))
            .collect();
        assert_eq!(booked, given, "refunded in our books, given by the vendor");
    }
}

pub fn new_charge(group: &str, amount: Money) -> NewCharge {
    NewCharge {
        customer: 7,
        gateway: "sandbox".to_owned(),
        amount,
        purpose: Purpose { invoices: vec![(12, amount.minor())], reason: "Invoice 12".to_owned() },
        group_key: group.to_owned(),
        method: None,
        presence: Presence::Present,
        return_url: Some("https://portal.example/invoices/12".to_owned()),
        capture: Capture::AtOnce,
    }
}
