//! A shop in Berlin that sells servers of the sandbox panel, and an auditor who looks at what each test left.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_app::App;
use bursar_billing::BillingModule;
use bursar_billing::changes::{Change, ChangeOptions, Credit, Proration, When, change_subscription};
use bursar_billing::nightly::night;
use bursar_billing::run::RunOptions;
use bursar_billing::sellers::Seller;
use bursar_billing::settings::BillingSettings;
use bursar_billing::settle::{PayRequest, pay_invoices, payable_invoices, record_payment};
use bursar_billing::subscriptions::detail;
use bursar_catalog::{GroupDetails, NewPrice, OwnerKind, ProductDetails};
use bursar_customers::{CustomerDetails, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{Processor, SandboxGateway};
use bursar_hosting_sandbox::{Panel, SandboxHosting};
use bursar_ids::Rng;
use bursar_inventory::groups::Fill;
use bursar_inventory::plans::MapDetails;
use bursar_inventory::servers::save::{NewSecret, NewSecrets};
use bursar_inventory::servers::{ServerDetails, ServerMode};
use bursar_inventory::{HostingDrivers, InventoryModule};
use bursar_money::{Currency, Money};
use bursar_ordering::carts::change::{Place, add_item};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_ordering::orders::list::find_detail;
use bursar_ordering::orders::place::{Checkout, Placed, place_order};
use bursar_ordering::settings::OrderSettings;
use bursar_ordering::{Kinds, OrderError, OrderingModule};
use bursar_outbound::{Outbound, Settings};
use bursar_payments::{
    Gateways, HOLD_SETTINGS, HoldSettings, Keep, ManualPayment, Payment, PaymentFilter, PaymentsModule,
    Purpose, run_charge,
};
use bursar_provisioning::settings::ProvisioningSettings;
use bursar_provisioning::{ProvisioningModule, Rooms, Seals, Service, State};
use bursar_testkit::{Setup, TestCx, on_postgres_with, on_sqlite_with};
use bursar_time::Cycle;
use bursar_vault::{KeyRing, Secret, Vault};

pub struct Shop {
    pub cx: TestCx,
    pub app: App,
    pub gateways: Gateways,
    pub processor: Arc<Processor>,
    pub panel: Arc<Panel>,
    pub drivers: HostingDrivers,
    pub kinds: Kinds,
}

/// What every engine's shop is made of.
struct Parts {
    app: App,
    gateways: Gateways,
    processor: Arc<Processor>,
    panel: Arc<Panel>,
    drivers: HostingDrivers,
    kinds: Kinds,
}

fn prepare() -> (Parts, Setup) {
    let processor = Arc::new(Processor::in_memory());
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    let gateway = Arc::new(SandboxGateway::new(processor.clone()));
    let gateways = Gateways::new(vault.clone()).with(gateway, processor.credentials());
    let panel = Arc::new(Panel::in_memory());
    let hosting = Arc::new(SandboxHosting::new(Arc::clone(&panel)));
    let drivers = HostingDrivers::new(vec![hosting], vault.clone(), Outbound::new());
    let kinds = Kinds::default().delivered_by(Arc::new(Rooms::new(drivers.clone())));
    let app = App::build(&[
        Box::new(PaymentsModule::new(gateways.clone())),
        Box::new(BillingModule::new(gateways.clone()).with_mails()),
        Box::new(OrderingModule::new(kinds.clone())),
        Box::new(InventoryModule::new(drivers.clone())),
        Box::new(ProvisioningModule::new(drivers.clone(), Seals::new(vault))),
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
        bursar_inventory::migrations(),
        bursar_provisioning::migrations(),
    ];
    let setup = Setup { attachments: app.attachments(), ..Setup::new(migrations) };
    (Parts { app, gateways, processor, panel, drivers, kinds }, setup)
}

/// Runs a body on each engine and audits what it left.
pub fn on_both(body: impl AsyncFn(&Shop)) {
    let (parts, setup) = prepare();
    on_sqlite_with(setup, async |cx| run(cx, &parts, &body).await);
    let (parts, setup) = prepare();
    on_postgres_with(setup, async |cx| run(cx, &parts, &body).await);
}

async fn run(cx: TestCx, parts: &Parts, body: &impl AsyncFn(&Shop)) {
    let shop = Shop {
        cx,
        app: parts.app.clone(),
        gateways: parts.gateways.clone(),
        processor: Arc::clone(&parts.processor),
        panel: Arc::clone(&parts.panel),
        drivers: parts.drivers.clone(),
        kinds: parts.kinds.clone(),
    };
    shop.open().await;
    body(&shop).await;
    shop.audit().await;
}

impl Shop {
    async fn open(&self) {
        self.write(async |tx: &mut Tx| {
            let seller = Seller { name: "Host GmbH".into(), country: "DE".into(), ..Seller::default() };
            bursar_billing::sellers::set(tx, &seller).await?;
            let settings = BillingSettings { lead_days: 0, ..BillingSettings::default() };
            bursar_context::settings::set(tx, bursar_billing::settings::KEY, &settings).await?;
            let orders = OrderSettings { review_first_order: false, ..OrderSettings::default() };
            bursar_context::settings::set(tx, bursar_ordering::settings::KEY, &orders).await?;
            let group = GroupDetails { name: "Servers".into(), ..GroupDetails::default() };
            bursar_catalog::add_group(tx, Some(1), &group).await.unwrap();
            Ok(())
        })
        .await;
    }

    async fn write<T: Send + 'static>(
        &self,
        unit: impl AsyncFn(&mut Tx) -> Result<T, Fault> + Send + 'static,
    ) -> T {
        self.cx.write(unit).await.unwrap()
    }

    pub async fn rules(&self, rules: ProvisioningSettings) {
        self.write(async move |tx: &mut Tx| {
            bursar_context::settings::set(tx, bursar_provisioning::settings::KEY, &rules).await
        })
        .await;
    }

    /// A product paid monthly in euros that nobody delivers.
    pub async fn product(&self, name: &str, monthly_minor: i64) -> i64 {
        let details = ProductDetails { allow_quantity: true, ..ProductDetails::named(1, name) };
        self.write(async move |tx: &mut Tx| {
            let id = bursar_catalog::add_product(tx, None, &details).await.unwrap().get();
            let new = NewPrice {
                owner_kind: OwnerKind::Product,
                owner_id: id,
                currency: Currency::EUR,
                cycle: Cycle::Monthly,
                amount_minor: monthly_minor,
                setup_minor: 0,
                valid_from_on: None,
            };
            bursar_catalog::set_price(tx, &new).await.unwrap();
            Ok(id)
        })
        .await
    }

    /// A product that is made on a node of the sandbox with so much room.
    pub async fn machine(&self, name: &str, monthly_minor: i64, room: &str) -> i64 {
        let product_id = self.product(name, monthly_minor).await;
        let group_id = self.servers(name, room).await;
        let details = MapDetails {
            product_id,
            driver: "sandbox".to_owned(),
            group_id,
            region_id: None,
            model: String::new(),
            settings: plan("20"),
            ipv4_count: 0,
            ipv6_count: 0,
        };
        bursar_inventory::plans::save::save_map(&self.cx, &self.drivers, None, details).await.unwrap();
        product_id
    }

    async fn servers(&self, name: &str, room: &str) -> i64 {
        let node = name.to_lowercase().replace(' ', "-");
        let details = ServerDetails {
            name: node.clone(),
            driver: "sandbox".to_owned(),
            region_id: None,
            settings: Settings::none().with("node", node).with("room", room),
            mode: ServerMode::Enabled,
            seat_limit: None,
            weight: 1,
            at_once: None,
            per_minute: None,
            notes: String::new(),
        };
        let key = NewSecret::Set(Secret::new("sandbox-api-key".to_owned()));
        let hooks = NewSecret::Set(Secret::new("sandbox-webhook-secret".to_owned()));
        let secrets: NewSecrets =
            [("api_key".to_owned(), key), ("webhook_secret".to_owned(), hooks)].into_iter().collect();
        let server = bursar_inventory::servers::save::add_server(&self.cx, &self.drivers, details, secrets)
            .await
            .unwrap();
        let group = bursar_inventory::groups::GroupDetails {
            name: name.to_owned(),
            driver: "sandbox".to_owned(),
            fill: Fill::UntilFull,
        };
        bursar_inventory::groups::save::save_group(&self.cx, &self.drivers, None, group, vec![server])
            .await
            .unwrap()
    }

    pub async fn customer(&self) -> i64 {
        let postal = Postal {
            first_name: "Ann".into(),
            last_name: "Ode".into(),
            email: "ann@example.org".into(),
            country: "DE".into(),
            ..Postal::default()
        };
        let details = CustomerDetails { postal, ..CustomerDetails::default() };
        let new = NewCustomer { currency: Currency::EUR, details };
        self.write(async move |tx: &mut Tx| Ok(bursar_customers::create(tx, &new).await.unwrap().get())).await
    }

    /// The customer orders these, monthly, and gets the order and its invoice.
    pub async fn order(&self, customer: i64, picked: Vec<Picked>) -> (i64, i64) {
        let placed = self.try_order(customer, picked).await.unwrap();
        let order = placed.order_id;
        let detail =
            self.cx.read(async move |tx: &mut Tx| find_detail(tx, order).await).await.unwrap().unwrap();
        (order, detail.order.invoice_id.unwrap())
    }

    /// The customer orders one thing, monthly, and answers what it asks.
    pub async fn order_answering(
        &self,
        customer: i64,
        picked: Picked,
        answers: BTreeMap<String, String>,
    ) -> (i64, i64) {
        let shopper = Shopper { token: None, customer_id: Some(customer) };
        let place = Place { currency: Currency::EUR, country: "DE".to_owned() };
        let wanted = (Wish::Product(picked), answers);
        add_item(&self.cx, self.kinds.clone(), shopper, place, wanted).await.unwrap();
        self.order(customer, Vec::new()).await
    }

    /// The customer puts these into the cart and orders it.
    pub async fn try_order(&self, customer: i64, picked: Vec<Picked>) -> Result<Placed, OrderError> {
        let shopper = Shopper { token: None, customer_id: Some(customer) };
        for one in picked {
            let place = Place { currency: Currency::EUR, country: "DE".to_owned() };
            let wanted = (Wish::Product(one), BTreeMap::new());
            add_item(&self.cx, self.kinds.clone(), shopper.clone(), place, wanted).await.unwrap();
        }
        place_order(&self.cx, self.kinds.clone(), shopper, Checkout::default()).await
    }

    /// So many services fit on the server of a product from now on.
    pub async fn limit(&self, name: &str, seats: i64) {
        let node = name.to_lowercase().replace(' ', "-");
        let all = self.cx.read(async |tx: &mut Tx| bursar_inventory::servers::servers(tx, 0, 100).await);
        let server = all.await.unwrap().into_iter().find(|server| server.details.name == node).unwrap();
        let details = ServerDetails { seat_limit: Some(seats), ..server.details };
        let seen = (server.id, server.version);
        bursar_inventory::servers::save::edit_server(
            &self.cx,
            &self.drivers,
            seen,
            details,
            NewSecrets::new(),
        )
        .await
        .unwrap();
    }

    /// The first thing of an order is so many from now on.
    pub async fn quantity(&self, order: i64, quantity: i64) {
        let id = self.subscription(order).await;
        let items = self.cx.read(async move |tx: &mut Tx| detail::all_items(tx, id).await).await.unwrap();
        let item = items.iter().find(|item| item.ended_on.is_none()).unwrap();
        let change = Change::Quantity { item_id: item.item.id, quantity };
        let options = ChangeOptions { when: When::Now, proration: Proration::ByDay, credit: Credit::Forfeit };
        change_subscription(&self.cx, id, change, options, None).await.unwrap();
        self.settle().await;
    }

    /// The machine of a service goes without us, as when somebody removes it at the panel.
    pub async fn remove_at_panel(&self, service: i64) {
        let drivers = self.drivers.clone();
        let (resource, access) = self
            .cx
            .read(async move |tx: &mut Tx| {
                let resource = bursar_provisioning::resource_of(tx, service).await?.unwrap();
                let server = resource.server_id;
                Ok::<_, Fault>((
                    resource,
                    bursar_inventory::server_for_call(tx, &drivers, server).await.unwrap(),
                ))
            })
            .await
            .unwrap();
        let operation = bursar_hosting::Operation {
            key: bursar_hosting::IdempotencyKey::new("by-hand").unwrap(),
            resource: bursar_hosting::Resource::tagged(bursar_hosting::Tag::new(resource.tag).unwrap()),
            task: None,
        };
        let hosting = self.drivers.shared("sandbox").unwrap();
        hosting.terminate(&access.change(&self.drivers, &self.cx), &operation).await.unwrap();
    }

    /// Pays an invoice by a card that pays.
    pub async fn pay(&self, customer: i64, invoice: i64) {
        self.pay_with(customer, invoice, bursar_gateway_sandbox::cards::VISA).await;
    }

    /// Pays an invoice by card.
    pub async fn pay_with(&self, customer: i64, invoice: i64, card: &str) {
        self.charge(customer, vec![invoice], card).await;
    }

    /// Pays several invoices by one charge of a card that pays.
    pub async fn pay_together(&self, customer: i64, invoices: Vec<i64>) {
        self.charge(customer, invoices, bursar_gateway_sandbox::cards::VISA).await;
    }

    async fn charge(&self, customer: i64, invoices: Vec<i64>, card: &str) {
        let (cx, gateways) = (&self.cx, &self.gateways);
        let token = MethodToken::new(card);
        let method = bursar_payments::store_method(cx, gateways, customer, "sandbox", token, Keep::Once);
        let request = PayRequest {
            customer,
            invoices,
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
    pub async fn transfer(&self, customer: i64, invoice: i64, minor: i64) {
        let amount = Money::new(minor, Currency::EUR);
        let payment = ManualPayment {
            customer,
            gateway: "bank_transfer".into(),
            amount,
            fee: Money::zero(Currency::EUR),
            received_on: self.cx.today(),
            reference: "statement 1".into(),
            purpose: Purpose { invoices: vec![(invoice, minor)], reason: "transfer".into() },
            form_key: format!("transfer-{invoice}"),
        };
        record_payment(&self.cx, payment).await.unwrap();
    }

    /// The newest payment of a customer.
    pub async fn payment_of(&self, customer: i64) -> Payment {
        let filter = PaymentFilter { customer: Some(customer), ..PaymentFilter::default() };
        let read = async move |tx: &mut Tx| bursar_payments::list(tx, &filter, None, 1).await;
        self.cx.read(read).await.unwrap().remove(0)
    }

    /// What a customer is asked to pay.
    pub async fn payable(&self, customer: i64) -> Vec<i64> {
        let read = async move |tx: &mut Tx| payable_invoices(tx, customer).await;
        self.cx.read(read).await.unwrap()
    }

    pub async fn order_status(&self, order: i64) -> &'static str {
        let read = async move |tx: &mut Tx| find_detail(tx, order).await;
        self.cx.read(read).await.unwrap().unwrap().order.status.code()
    }

    /// A person looks at every order from now on.
    pub async fn review_all(&self) {
        self.write(async |tx: &mut Tx| {
            let orders = OrderSettings { review_always: true, ..OrderSettings::default() };
            bursar_context::settings::set(tx, bursar_ordering::settings::KEY, &orders).await
        })
        .await;
    }

    /// Money is taken with the order from now on.
    pub async fn take_at_once(&self) {
        self.write(async |tx: &mut Tx| {
            let rules = HoldSettings { on_delivery: false, ..HoldSettings::default() };
            bursar_context::settings::set(tx, HOLD_SETTINGS, &rules).await
        })
        .await;
    }

    /// What was written of a kind, oldest first.
    pub async fn mails(&self, kind: &str) -> Vec<String> {
        let read = async |tx: &mut Tx| bursar_messaging::list(tx, None, 100).await;
        let all = self.cx.read(read).await.unwrap();
        all.into_iter().rev().filter(|mail| mail.kind == kind).map(|mail| mail.body_text).collect()
    }

    pub fn machine_count(&self) -> usize {
        self.panel.machines(self.cx.now()).len()
    }

    /// Does everything that is due now.
    pub async fn drain(&self) {
        self.app.drain(&self.cx).await.unwrap();
    }

    /// The server of a product has another room from now on.
    pub async fn widen(&self, name: &str, room: &str) {
        let node = name.to_lowercase().replace(' ', "-");
        let all = self.cx.read(async |tx: &mut Tx| bursar_inventory::servers::servers(tx, 0, 100).await);
        let server = all.await.unwrap().into_iter().find(|server| server.details.name == node).unwrap();
        let settings = server.details.settings.clone().with("room", room);
        let details = ServerDetails { settings, ..server.details };
        let (seen, none) = ((server.id, server.version), NewSecrets::new());
        bursar_inventory::servers::save::edit_server(&self.cx, &self.drivers, seen, details, none)
            .await
            .unwrap();
    }

    /// A night so many days later, with everything that follows from it.
    pub async fn night_in(&self, days: i64) {
        self.cx.test_clock().set(self.cx.now().plus_days(days));
        self.settle().await;
        night(&self.cx, RunOptions::for_date(self.cx.today())).await.unwrap();
        self.settle().await;
    }

    /// Begins what is scheduled for today under a name.
    pub async fn tick(&self, name: &str) {
        let schedule = self.app.schedules().iter().find(|schedule| schedule.name == name).unwrap();
        schedule.tick(&self.cx).await.unwrap();
    }

    /// Does everything that is due, and what becomes due within the next two hours.
    pub async fn settle(&self) {
        let end = self.cx.now().plus_minutes(120);
        loop {
            self.app.drain(&self.cx).await.unwrap();
            match self.app.next_at(&self.cx).await.unwrap() {
                Some(next) if next <= end => self.cx.test_clock().set(next.max(self.cx.now())),
                _ => return,
            }
        }
    }

    pub async fn services_of(&self, order: i64) -> Vec<Service> {
        let items = self
            .cx
            .read(async move |tx: &mut Tx| bursar_ordering::items_of_order(tx, order).await)
            .await
            .unwrap();
        let mut all = Vec::new();
        for item in items {
            let id = item.subscription_id;
            let of = async move |tx: &mut Tx| bursar_provisioning::services_of_subscription(tx, id).await;
            all.extend(self.cx.read(of).await.unwrap());
        }
        all
    }

    pub async fn states(&self, order: i64) -> Vec<State> {
        self.services_of(order).await.into_iter().map(|service| service.state).collect()
    }

    /// The subscription of the first thing of an order.
    pub async fn subscription(&self, order: i64) -> i64 {
        self.services_of(order).await[0].subscription_id.unwrap()
    }

    /// Every invoice of a customer that is open, oldest first.
    pub async fn open_invoices(&self, customer: i64) -> Vec<i64> {
        self.write(async move |tx: &mut Tx| {
            tx.query(&OPEN, bursar_db::params![customer], |row| row.get::<i64>(0)).await
        })
        .await
    }

    pub async fn credit(&self, customer: i64) -> Vec<Money> {
        let read = async move |tx: &mut Tx| bursar_billing::settle::credit_balances(tx, customer).await;
        self.cx.read(read).await.unwrap()
    }

    /// Everything the product checks about itself.
    async fn audit(&self) {
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
        let parked = bursar_events::Dispatcher::parked(&self.cx, 10).await.unwrap();
        assert!(parked.is_empty(), "{parked:?}");
        let dead = bursar_jobs::Runner::dead(&self.cx, 10).await.unwrap();
        assert!(dead.is_empty(), "{dead:?}");
    }
}

bursar_db::statements! {
    OPEN = "SELECT id FROM billing_invoices WHERE customer_id = $1 AND kind = 'invoice' AND state = 'open' ORDER BY id";
}

pub fn plan(disk: &str) -> Settings {
    [
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", disk),
        ("image", "debian-13"),
        ("build_seconds", "20"),
    ]
    .into_iter()
    .collect()
}

pub fn monthly(product: i64) -> Picked {
    Picked { product, cycle: Cycle::Monthly, quantity: 1, options: Vec::new(), addons: Vec::new() }
}
