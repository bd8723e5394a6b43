//! A business in Berlin with 19 % VAT, one sandbox gateway, and an auditor.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_app::App;
use bursar_billing::BillingModule;
use bursar_billing::invoices::credit_note::{CreditNoteRequest, CreditNoted, Part, issue_credit_note};
use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft, issue_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::invoices::store::{Document, find, lines};
use bursar_billing::run::{RunOptions, run};
use bursar_billing::sellers::Seller;
use bursar_billing::settings::BillingSettings;
use bursar_billing::settle::{Received, record_payment};
use bursar_billing::subscriptions::store::{NewItem, NewSubscription, insert_items, insert_subscriptions};
use bursar_billing::subscriptions::{Item, Mode, Status, Subscription};
use bursar_billing::taxes::TaxRule;
use bursar_billing::{BillError, taxes};
use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{Processor, SandboxGateway};
use bursar_ids::{Id, Rng};
use bursar_mail::PublicAddress;
use bursar_messaging::{Message, MessagingModule};
use bursar_money::{Currency, Money, Ppm};
use bursar_payments::{Gateways, Keep, ManualPayment, Payment, PaymentsModule, Purpose};
use bursar_testkit::{Setup, TestCx, on_postgres_with, on_sqlite_with};
use bursar_time::{Anchor, Cycle, Date, Instant, Period};
use bursar_vault::{KeyRing, Vault};

pub struct Office {
    pub cx: TestCx,
    pub app: App,
    pub gateways: Gateways,
    pub processor: Arc<Processor>,
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn prepare() -> (App, Gateways, Arc<Processor>, Setup) {
    let processor = Arc::new(Processor::in_memory());
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    let gateway = Arc::new(SandboxGateway::new(processor.clone()));
    let gateways = Gateways::new(vault.clone()).with(gateway, processor.credentials());
    let app = App::build(&[
        Box::new(MessagingModule::new(vault.clone())),
        Box::new(PaymentsModule::new(gateways.clone())),
        Box::new(BillingModule::new(gateways.clone()).with_mails()),
    ])
    .unwrap();
    let migrations = vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_messaging::migrations(),
        bursar_payments::migrations(),
        bursar_billing::migrations(),
    ];
    let mut attachments = app.attachments();
    attachments.insert(Arc::new(PublicAddress("https://office.example".into())));
    let setup = Setup { attachments, ..Setup::new(migrations) };
    (app, gateways, processor, setup)
}

/// Runs a body on each engine, each with a gateway of its own, and audits what it left.
pub fn on_both(body: impl AsyncFn(&Office)) {
    on_sqlite(&body);
    let (app, gateways, processor, setup) = prepare();
    on_postgres_with(setup, async |cx| {
        let office =
            Office { cx, app: app.clone(), gateways: gateways.clone(), processor: processor.clone() };
        office.open().await;
        body(&office).await;
        office.audit().await;
    });
}

pub fn on_sqlite(body: &impl AsyncFn(&Office)) {
    let (app, gateways, processor, setup) = prepare();
    on_sqlite_with(setup, async |cx| {
        let office =
            Office { cx, app: app.clone(), gateways: gateways.clone(), processor: processor.clone() };
        office.open().await;
        body(&office).await;
        office.audit().await;
    });
}

impl Office {
    async fn open(&self) {
        let write = async |tx: &mut Tx| {
            let seller = Seller { name: "Host GmbH".into(), country: "DE".into(), ..Seller::default() };
            bursar_billing::sellers::set(tx, &seller).await?;
            let settings = BillingSettings { lead_days: 0, ..BillingSettings::default() };
            bursar_context::settings::set(tx, bursar_billing::settings::KEY, &settings).await?;
            let (name, country, rate) = ("VAT".to_owned(), "DE".to_owned(), Ppm::new(190_000));
            let rule = TaxRule { id: 1, level: 1, name, country, state: String::new(), rate };
            taxes::store::insert(tx, &rule).await?;
            Ok::<_, Fault>(())
        };
        self.cx.write(write).await.unwrap();
    }

    /// Everything that was written to customers, oldest first.
    pub async fn mails(&self) -> Vec<Message> {
        let read = async |tx: &mut Tx| bursar_messaging::list(tx, None, 100).await;
        let mut all = self.cx.read(read).await.unwrap();
        all.reverse();
        all
    }

    pub async fn settings(&self, settings: BillingSettings) {
        self.cx
            .write(async move |tx: &mut Tx| {
                bursar_context::settings::set(tx, bursar_billing::settings::KEY, &settings).await
            })
            .await
            .unwrap();
    }

    pub fn move_to(&self, date: &str) {
        let at = Instant::from_date_start(day(date), self.cx.zone());
        self.cx.test_clock().set(at);
    }

    pub async fn customer(&self) -> i64 {
        self.customer_with(Currency::EUR, CustomerDetails::default()).await
    }

    pub async fn customer_with(&self, currency: Currency, details: CustomerDetails) -> i64 {
        let postal = Postal {
            first_name: "Ann".into(),
            last_name: "Ode".into(),
            email: "ann@example.org".into(),
            country: "DE".into(),
            ..Postal::default()
        };
        let details = CustomerDetails { postal, grouping: Grouping::Separate, ..details };
        let new = NewCustomer { currency, details };
        self.cx.write(async move |tx: &mut Tx| bursar_customers::create(tx, &new).await).await.unwrap().get()
    }

    /// Issues an invoice of one untaxed line.
    pub async fn invoice(&self, customer: i64, minor: i64) -> i64 {
        self.invoice_of(customer, vec![manual("Work", 1, minor, false)]).await
    }

    pub async fn invoice_of(&self, customer_id: i64, lines: Vec<DraftLine>) -> i64 {
        let input = DraftInput { customer_id, due_on: None, notes: None, lines };
        let id = create_draft(&self.cx, input).await.unwrap();
        issue_draft(&self.cx, id, 1).await.unwrap();
        id
    }

    pub async fn document(&self, id: i64) -> Document {
        self.cx.read(async move |tx: &mut Tx| find(tx, id).await).await.unwrap().unwrap()
    }

    pub async fn lines(&self, id: i64) -> Vec<bursar_billing::invoices::line::Line> {
        self.cx.read(async move |tx: &mut Tx| lines(tx, id).await).await.unwrap()
    }

    pub async fn credit(&self, customer: i64) -> i64 {
        self.cx
            .read(async move |tx: &mut Tx| {
                bursar_billing::settle::credit::balance_of(tx, customer, Currency::EUR).await
            })
            .await
            .unwrap()
            .minor()
    }

    /// Books by account and currency, in minor units, debits positive.
    pub async fn books(&self) -> BTreeMap<String, i64> {
        let far = Date::constant(2200, 1, 1);
        let lines =
            self.cx.read(async move |tx: &mut Tx| bursar_ledger::trial_balance(tx, far).await).await.unwrap();
        lines
            .into_iter()
            .filter(|line| !line.amount.is_zero())
            .map(|line| (format!("{} {}", line.account, line.amount.currency()), line.amount.minor()))
            .collect()
    }

    pub async fn drain(&self) {
        self.app.drain(&self.cx).await.unwrap();
    }

    pub async fn receive(&self, customer: i64, minor: i64, invoices: Vec<(i64, i64)>, key: &str) -> Received {
        self.try_receive(customer, minor, invoices, key).await.unwrap()
    }

    pub async fn try_receive(
        &self,
        customer: i64,
        minor: i64,
        invoices: Vec<(i64, i64)>,
        key: &str,
    ) -> Result<Received, BillError> {
        let payment = ManualPayment {
            customer,
            gateway: "bank_transfer".into(),
            amount: eur(minor),
            fee: eur(0),
            received_on: self.cx.today(),
            reference: "statement 7".into(),
            purpose: Purpose { invoices, reason: "transfer".into() },
            form_key: key.into(),
        };
        record_payment(&self.cx, payment).await
    }

    pub async fn credit_note(&self, invoice_id: i64, part: Part) -> Result<CreditNoted, BillError> {
        issue_credit_note(&self.cx, CreditNoteRequest { invoice_id, part, reason: "agreed".into() }).await
    }

    /// Keeps a card of the customer, which also agrees to automatic payment.
    pub async fn card(&self, customer: i64, token: &str) -> i64 {
        let token = MethodToken::new(token);
        bursar_payments::store_method(&self.cx, &self.gateways, customer, "sandbox", token, Keep::ForLater)
            .await
            .unwrap()
    }

    /// A card for one payment.
    pub async fn card_once(&self, customer: i64, token: &str) -> i64 {
        let token = MethodToken::new(token);
        bursar_payments::store_method(&self.cx, &self.gateways, customer, "sandbox", token, Keep::Once)
            .await
            .unwrap()
    }

    /// Lets webhooks come, jobs try again and the reconciler ask, until nothing is awaited any more.
    pub async fn come_to_rest(&self) {
        for _ in 0..30 {
            self.app.drain(&self.cx).await.unwrap();
            for request in self.processor.take_webhooks(self.cx.now()) {
                bursar_payments::receive_webhook(&self.cx, &self.gateways, "sandbox", request).await.unwrap();
            }
            bursar_payments::reconcile(&self.cx, &self.gateways, 100).await.unwrap();
            self.app.drain(&self.cx).await.unwrap();
            self.cx.test_clock().advance_seconds(3_600);
        }
    }

    pub async fn payment(&self, id: i64) -> Payment {
        self.cx
            .read(async move |tx: &mut Tx| bursar_payments::find(tx, Id::new(id)).await)
            .await
            .unwrap()
            .unwrap()
    }

    /// A subscription of one item, billed ahead from a date.
    pub async fn subscribe(&self, customer_id: i64, start: &str, cycle: Cycle, unit_minor: i64) -> i64 {
        let start = day(start);
        let day = u8::try_from(start.day()).unwrap();
        self.cx
            .write(async move |tx: &mut Tx| {
                let (id, item_id) = (tx.new_raw_id()?, tx.new_raw_id()?);
                let anchor = Anchor::new(start, day).unwrap();
                let next = anchor.period(cycle, 0).unwrap();
                let core = Subscription {
                    id,
                    customer_id,
                    label: "Web".into(),
                    currency: Currency::EUR,
                    cycle,
                    mode: Mode::Prepaid,
                    status: Status::Active,
                    anchor,
                    next,
                    next_bill_on: Some(next.start),
                    lead_days: 0,
                    cancel_on: None,
                    periods_left: None,
                    version: 1,
                };
                let row = NewSubscription {
                    core,
                    product_id: None,
                    trial_ends_on: None,
                    paused_on: None,
                    ended_on: None,
                    gateway: String::new(),
                    started_on: start,
                    source: "staff",
                    legacy: None,
                };
                insert_subscriptions(tx, &[row]).await?;
                let item = Item {
                    id: item_id,
                    subscription_id: id,
                    description: "Web hosting".into(),
                    quantity: 1,
                    unit_minor,
                    setup_minor: 0,
                    setup_due: false,
                    taxable: true,
                    billed_from_on: start,
                    version: 1,
                };
                let item = NewItem {
                    item,
                    kind: "product",
                    source_id: None,
                    value_id: None,
                    ended_on: None,
                    legacy: None,
                };
                insert_items(tx, &[item]).await?;
                Ok::<_, Fault>(id)
            })
            .await
            .unwrap()
    }

    /// Runs billing for a date and gives the ids of what it issued there.
    pub async fn bill(&self, date: &str) -> u64 {
        run(&self.cx, RunOptions::for_date(day(date))).await.unwrap().invoices_issued
    }

    /// Everything the product checks about itself.
    pub async fn audit(&self) {
        let (mut checks, chain) = self
            .cx
            .read(async |tx: &mut Tx| {
                let mut checks = bursar_ledger::verify(tx).await?;
                checks.extend(bursar_payments::verify(tx).await?);
                Ok::<_, Fault>((checks, bursar_audit::verify_chain(tx).await?))
            })
            .await
            .unwrap();
        checks.extend(bursar_billing::verify::verify(&self.cx).await.unwrap());
        let failed: Vec<_> = checks.iter().filter(|check| check.failed > 0).collect();
        assert!(failed.is_empty(), "{failed:#?}");
        assert!(chain.is_ok(), "{chain:?}");
    }
}

pub fn manual(description: &str, quantity: i64, unit_minor: i64, taxable: bool) -> DraftLine {
    DraftLine {
        kind: LineKind::Manual,
        description: description.into(),
        quantity,
        unit_minor,
        taxable,
        period: None,
    }
}

pub fn period(start: &str, end: &str) -> Option<Period> {
    Some(Period::new(day(start), day(end)).unwrap())
}
