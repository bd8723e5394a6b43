//! A shop in Berlin with 19 % VAT, one sandbox gateway, and an auditor who looks at what each test left.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_app::App;
use bursar_billing::invoices::line::Line;
use bursar_billing::invoices::store::{Document, find, lines};
use bursar_billing::sellers::Seller;
use bursar_billing::settings::BillingSettings;
use bursar_billing::settle::{PayRequest, pay_invoices, record_payment};
use bursar_billing::subscriptions::Status;
use bursar_billing::subscriptions::detail;
use bursar_billing::taxes::{self, TaxRule, TaxSettings};
use bursar_billing::{BillError, BillingModule};
use bursar_catalog::{
    AddonDetails, CouponDetails, CouponKind, GroupDetails, NewPrice, OptionDetails, OptionKind, OwnerKind,
    Pay, ProductDetails,
};
use bursar_customers::{CustomerDetails, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{Processor, SandboxGateway};
use bursar_ids::{Id, Rng};
use bursar_money::{Currency, Money, Ppm};
use bursar_ordering::carts::change::{Changed, Place, add_item};
use bursar_ordering::carts::quote::{CartQuote, quote};
use bursar_ordering::carts::{Cart, Picked, Shopper, Wish};
use bursar_ordering::orders::list::{OrderDetail, find_detail};
use bursar_ordering::orders::place::{Checkout, Placed, place_order};
use bursar_ordering::settings::OrderSettings;
use bursar_ordering::{Kinds, OrderError, OrderingModule};
use bursar_payments::{Gateways, Keep, ManualPayment, PaymentsModule, Purpose, run_charge};
use bursar_testkit::{Setup, TestCx, on_postgres_with, on_sqlite_with};
use bursar_time::Cycle;
use bursar_vault::{KeyRing, Vault};

pub struct Shop {
    pub cx: TestCx,
    pub app: App,
    pub gateways: Gateways,
    pub kinds: Kinds,
}

fn prepare(kinds: &Kinds) -> (App, Gateways, Setup) {
    let processor = Arc::new(Processor::in_memory());
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    let gateway = Arc::new(SandboxGateway::new(processor.clone()));
    let gateways = Gateways::new(vault).with(gateway, processor.credentials());
    let app = App::build(&[
        Box::new(PaymentsModule::new(gateways.clone())),
        Box::new(BillingModule::new(gateways.clone())),
        Box::new(OrderingModule::new(kinds.clone())),
    ])
    .unwrap();
    let migrations = vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_messaging::migrations(),
        bursar_catalog::migrations(),
        bursar_payments::migrations(),
        bursar_billing::migrations(),
        bursar_ordering::migrations(),
    ];
    let setup = Setup { attachments: app.attachments(), ..Setup::new(migrations) };
    (app, gateways, setup)
}

/// Runs a body on each engine and audits what it left.
pub fn on_both(body: impl AsyncFn(&Shop)) {
    on_both_with(&Kinds::default(), body);
}

pub fn on_both_with(kinds: &Kinds, body: impl AsyncFn(&Shop)) {
    on_sqlite(kinds, &body);
    let (app, gateways, setup) = prepare(kinds);
    on_postgres_with(setup, async |cx| run(cx, &app, &gateways, kinds, &body).await);
}

pub fn on_sqlite(kinds: &Kinds, body: &impl AsyncFn(&Shop)) {
    let (app, gateways, setup) = prepare(kinds);
    on_sqlite_with(setup, async |cx| run(cx, &app, &gateways, kinds, body).await);
}

async fn run(cx: TestCx, app: &App, gateways: &Gateways, kinds: &Kinds, body: &impl AsyncFn(&Shop)) {
    let shop = Shop { cx, app: app.clone(), gateways: gateways.clone(), kinds: kinds.clone() };
    shop.open().await;
    body(&shop).await;
    shop.drain().await;
    shop.audit().await;
}

/// What a visitor looks at.
pub const BERLIN: fn() -> Place = || Place { currency: Currency::EUR, country: "DE".to_owned() };

impl Shop {
    async fn open(&self) {
        self.write(async |tx: &mut Tx| {
            let seller = Seller { name: "Host GmbH".into(), country: "DE".into(), ..Seller::default() };
            bursar_billing::sellers::set(tx, &seller).await?;
            let settings = BillingSettings { lead_days: 0, ..BillingSettings::default() };
            bursar_context::settings::set(tx, bursar_billing::settings::KEY, &settings).await?;
            let (name, country, rate) = ("VAT".to_owned(), "DE".to_owned(), Ppm::new(190_000));
            taxes::store::insert(tx, &TaxRule { id: 1, level: 1, name, country, state: String::new(), rate })
                .await?;
            let group = GroupDetails { name: "Servers".into(), ..GroupDetails::default() };
            bursar_catalog::add_group(tx, Some(1), &group).await.unwrap();
            Ok(())
        })
        .await;
        self.taxes(false).await;
        self.settings(OrderSettings { review_first_order: false, ..OrderSettings::default() }).await;
    }

    pub async fn write<T: Send + 'static>(
        &self,
        unit: impl AsyncFn(&mut Tx) -> Result<T, Fault> + Send + 'static,
    ) -> T {
        self.cx.write(unit).await.unwrap()
    }

    pub async fn taxes(&self, inclusive: bool) {
        self.write(async move |tx: &mut Tx| {
            let settings = TaxSettings { inclusive, home_country: "DE".into(), ..TaxSettings::default() };
            bursar_context::settings::set(tx, taxes::store::SETTINGS_KEY, &settings).await
        })
        .await;
    }

    pub async fn settings(&self, settings: OrderSettings) {
        self.write(async move |tx: &mut Tx| {
            bursar_context::settings::set(tx, bursar_ordering::settings::KEY, &settings).await
        })
        .await;
    }

    /// A product paid monthly and yearly, in euros.
    pub async fn product(&self, name: &str, monthly: i64, change: impl Fn(&mut ProductDetails)) -> i64 {
        let mut details = ProductDetails { allow_quantity: true, ..ProductDetails::named(1, name) };
        change(&mut details);
        let id = self
            .write(async move |tx: &mut Tx| {
                Ok(bursar_catalog::add_product(tx, None, &details).await.unwrap().get())
            })
            .await;
        self.price(OwnerKind::Product, id, Currency::EUR, Cycle::Monthly, (monthly, 0)).await;
        self.price(OwnerKind::Product, id, Currency::EUR, Cycle::Annual, (monthly * 10, 0)).await;
        id
    }

    pub async fn price(
        &self,
        owner_kind: OwnerKind,
        owner_id: i64,
        currency: Currency,
        cycle: Cycle,
        (amount_minor, setup_minor): (i64, i64),
    ) {
        let new = NewPrice {
            owner_kind,
            owner_id,
            currency,
            cycle,
            amount_minor,
            setup_minor,
            valid_from_on: None,
        };
        self.write(async move |tx: &mut Tx| {
            bursar_catalog::set_price(tx, &new).await.unwrap();
            Ok(())
        })
        .await;
    }

    /// An option with one value, priced per month: its id and the value's.
    pub async fn option(&self, product: i64, name: &str, kind: OptionKind) -> (i64, i64) {
        let name = name.to_owned();
        self.write(async move |tx: &mut Tx| {
            let group = bursar_catalog::add_option_group(tx, None, "Options").await.unwrap();
            let details = OptionDetails {
                group_id: group,
                name: name.clone(),
                kind,
                min_qty: 0,
                max_qty: 16,
                position: 0,
                hidden: false,
            };
            let option = bursar_catalog::add_option(tx, None, &details).await.unwrap();
            let value = bursar_catalog::add_value(tx, None, option, "one", 0, false).await.unwrap();
            bursar_catalog::link_option_group(tx, Id::new(product), group).await?;
            Ok((option, value))
        })
        .await
    }

    pub async fn addon(&self, product: i64, name: &str, pay: Pay) -> i64 {
        let details = AddonDetails {
            name: name.into(),
            description_md: String::new(),
            pay,
            taxable: true,
            allow_quantity: true,
            hidden: false,
            position: 0,
        };
        self.write(async move |tx: &mut Tx| {
            let id = bursar_catalog::add_addon(tx, None, &details).await.unwrap();
            bursar_catalog::link_addon(tx, Id::new(product), id).await?;
            Ok(id)
        })
        .await
    }

    pub async fn coupon(&self, code: &str, change: impl Fn(&mut CouponDetails)) -> i64 {
        let mut details = CouponDetails {
            code: code.into(),
            kind: CouponKind::Percent,
            value_ppm: 100_000,
            stackable: true,
            ..CouponDetails::default()
        };
        change(&mut details);
        self.write(async move |tx: &mut Tx| Ok(bursar_catalog::add_coupon(tx, None, &details).await.unwrap()))
            .await
    }

    pub async fn uses(&self, coupon: i64) -> i64 {
        let read = async move |tx: &mut Tx| bursar_catalog::find_coupon(tx, coupon).await;
        self.cx.read(read).await.unwrap().unwrap().uses
    }

    pub async fn stock(&self, product: i64) -> i64 {
        let read = async move |tx: &mut Tx| bursar_catalog::find_product(tx, Id::new(product)).await;
        self.cx.read(read).await.unwrap().unwrap().details.stock_qty
    }

    pub async fn customer(&self) -> i64 {
        self.customer_in(Currency::EUR).await
    }

    pub async fn customer_in(&self, currency: Currency) -> i64 {
        let postal = Postal {
            first_name: "Ann".into(),
            last_name: "Ode".into(),
            email: "ann@example.org".into(),
            country: "DE".into(),
            ..Postal::default()
        };
        let new = NewCustomer { currency, details: CustomerDetails { postal, ..CustomerDetails::default() } };
        self.write(async move |tx: &mut Tx| Ok(bursar_customers::create(tx, &new).await.unwrap().get())).await
    }

    pub async fn add(&self, shopper: &Shopper, picked: Picked) -> Result<Changed, OrderError> {
        let wanted = (Wish::Product(picked), BTreeMap::new());
        add_item(&self.cx, self.kinds.clone(), shopper.clone(), BERLIN(), wanted).await
    }

    /// A cart of the customer with these in it.
    pub async fn cart_of(&self, customer: i64, picked: Vec<Picked>) -> Shopper {
        let shopper = Shopper { token: None, customer_id: Some(customer) };
        for one in picked {
            self.add(&shopper, one).await.unwrap();
        }
        shopper
    }

    pub async fn quote(&self, cart: &Cart) -> CartQuote {
        let (kinds, cart) = (self.kinds.clone(), cart.clone());
        self.cx.read(async move |tx: &mut Tx| quote(tx, &kinds, &cart).await).await.unwrap()
    }

    pub async fn place(&self, shopper: &Shopper) -> Result<Placed, OrderError> {
        place_order(&self.cx, self.kinds.clone(), shopper.clone(), Checkout::default()).await
    }

    /// The customer orders one product, monthly.
    pub async fn order(&self, customer: i64, product: i64) -> Placed {
        let shopper = self.cart_of(customer, vec![monthly(product)]).await;
        self.place(&shopper).await.unwrap()
    }

    pub async fn detail(&self, order: i64) -> OrderDetail {
        self.cx.read(async move |tx: &mut Tx| find_detail(tx, order).await).await.unwrap().unwrap()
    }

    pub async fn status_of(&self, order: i64) -> &'static str {
        self.detail(order).await.order.status.code()
    }

    pub async fn subscription_status(&self, id: i64) -> Status {
        let read = async move |tx: &mut Tx| detail::get(tx, id).await;
        self.cx.read(read).await.unwrap().core.status
    }

    pub async fn invoice(&self, id: i64) -> (Document, Vec<Line>) {
        self.cx
            .read(async move |tx: &mut Tx| {
                Ok::<_, Fault>((find(tx, id).await?.expect("it is there"), lines(tx, id).await?))
            })
            .await
            .unwrap()
    }

    /// Pays an invoice by card.
    pub async fn pay(&self, customer: i64, invoice: i64, card: &str) {
        let (cx, gateways) = (&self.cx, &self.gateways);
        let token = MethodToken::new(card);
        let method = bursar_payments::store_method(cx, gateways, customer, "sandbox", token, Keep::Once);
        let request = PayRequest {
            customer,
            invoices: vec![invoice],
            gateway: "sandbox".into(),
            method: Some(method.await.unwrap()),
            is_present: true,
            return_url: Some("/portal".into()),
            reason: "order".into(),
        };
        let payment = pay_invoices(cx, request).await.unwrap();
        run_charge(cx, gateways, payment).await.unwrap();
    }

    /// Records a transfer for an invoice.
    pub async fn transfer(&self, customer: i64, invoice: i64, amount: Money) -> Result<(), BillError> {
        let payment = ManualPayment {
            customer,
            gateway: "bank_transfer".into(),
            amount,
            fee: Money::zero(amount.currency()),
            received_on: self.cx.today(),
            reference: "statement 1".into(),
            purpose: Purpose { invoices: vec![(invoice, amount.minor())], reason: "transfer".into() },
            form_key: format!("transfer-{invoice}"),
        };
        record_payment(&self.cx, payment).await.map(drop)
    }

    pub async fn credit(&self, customer: i64) -> Vec<Money> {
        let read = async move |tx: &mut Tx| bursar_billing::settle::credit_balances(tx, customer).await;
        self.cx.read(read).await.unwrap()
    }

    pub async fn messages(&self) -> Vec<String> {
        let read = async |tx: &mut Tx| bursar_messaging::list(tx, None, 100).await;
        let mut all = self.cx.read(read).await.unwrap();
        all.reverse();
        all.into_iter().map(|message| message.kind).collect()
    }

    pub async fn drain(&self) {
        self.app.drain(&self.cx).await.unwrap();
    }

    pub fn wait_days(&self, days: i64) {
        let clock = self.cx.test_clock();
        clock.set(self.cx.now().plus_days(days));
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

pub fn monthly(product: i64) -> Picked {
    Picked { product, cycle: Cycle::Monthly, quantity: 1, options: Vec::new(), addons: Vec::new() }
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}
