//! A small business for tests: Berlin, 19 % VAT, invoices on the day a period begins, seven days to pay.

use bursar_catalog::{
    AddonDetails, Buyer, CouponDetails, GroupDetails, NewPrice, OwnerKind, Pay, ProductDetails, Selection,
};
use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_db::{Migrations, Tx, params};
use bursar_money::{Currency, Ppm};
use bursar_testkit::TestCx;
use bursar_time::{Cycle, Date, Instant};

use super::Mode;
use super::detail::{self, Detail, ItemDetail, ItemKind};
use super::order::Order;
use super::subscribe::{self, BillingDay, Opened, Opening, OpeningDiscount, OpeningItem};
use crate::error::BillError;
use crate::invoices::line::Line;
use crate::invoices::store::Document;
use crate::nightly::{NightReport, night};
use crate::run::RunOptions;
use crate::sellers::Seller;
use crate::settings::BillingSettings;
use crate::taxes::TaxRule;

bursar_db::statements! {
    DOCUMENTS = "SELECT id FROM billing_invoices WHERE sequence IS NOT NULL ORDER BY id";
    GUARDS = "SELECT b.start_on, b.end_on FROM billing_billed_periods b JOIN billing_items i ON i.id = b.item_id
        WHERE i.subscription_id = $1 ORDER BY b.start_on, b.item_id";
    SETTLE = "UPDATE billing_invoices SET state = 'paid', settled_minor = total_minor WHERE id = $1";
}

pub(crate) fn schema() -> Vec<Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_catalog::migrations(),
        bursar_payments::migrations(),
        crate::migrations(),
    ]
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Noon UTC of a day, or an exact instant.
pub(crate) fn go_to(cx: &TestCx, text: &str) {
    let at = if text.len() == 10 { format!("{text}T12:00:00Z") } else { text.to_owned() };
    cx.test_clock().set(Instant::parse(&at).expect("an instant"));
}

pub(crate) async fn business(cx: &TestCx) {
    cx.write(async |tx: &mut Tx| {
        let seller = Seller { name: "Host GmbH".into(), country: "DE".into(), ..Seller::default() };
        crate::sellers::set(tx, &seller).await?;
        let settings = BillingSettings { lead_days: 0, due_days: 7, ..BillingSettings::default() };
        bursar_context::settings::set(tx, crate::settings::KEY, &settings).await?;
        let rule = TaxRule {
            id: 1,
            level: 1,
            name: "VAT".into(),
            country: "DE".into(),
            state: String::new(),
            rate: Ppm::new(190_000),
        };
        crate::taxes::store::insert(tx, &rule).await
    })
    .await
    .unwrap();
}

pub(crate) async fn customer(cx: &TestCx, currency: Currency) -> i64 {
    cx.write(async move |tx: &mut Tx| {
        let postal = Postal {
            first_name: "Ann".into(),
            last_name: "Ode".into(),
            email: "ann@example.org".into(),
            address1: "Street 1".into(),
            city: "Berlin".into(),
            postcode: "10115".into(),
            country: "DE".into(),
            ..Postal::default()
        };
        let details = CustomerDetails { postal, grouping: Grouping::Separate, ..CustomerDetails::default() };
        let id = tx.new_id()?;
        let now = tx.now();
        let new = NewCustomer { currency, details };
        bursar_customers::import_customer(tx, id, &new, bursar_customers::Status::Active, now).await?;
        Ok::<_, BillError>(id.get())
    })
    .await
    .unwrap()
}

pub(crate) fn item(unit_minor: i64) -> OpeningItem {
    OpeningItem {
        kind: ItemKind::Custom,
        source_id: None,
        value_id: None,
        description: "VPS-2".into(),
        quantity: 1,
        unit_minor,
        setup_minor: 0,
        taxable: true,
        once: false,
    }
}

/// A monthly prepaid subscription on its anniversary.
pub(crate) fn monthly(customer_id: i64, start: &str, unit_minor: i64) -> Opening {
    Opening {
        customer_id,
        product_id: None,
        label: "VPS-2".into(),
        currency: Currency::EUR,
        cycle: Cycle::Monthly,
        mode: Mode::Prepaid,
        items: vec![item(unit_minor)],
        discounts: Vec::new(),
        start_on: day(start),
        billing_day: BillingDay::Anniversary,
        lead_days: None,
        trial_days: 0,
        periods: None,
        gateway: "sandbox".into(),
        source: "staff",
    }
}

pub(crate) fn discount(
    label: &str,
    value: crate::invoices::line::DiscountValue,
    periods: Option<i64>,
) -> OpeningDiscount {
    OpeningDiscount { coupon_id: None, label: label.into(), value, periods, items: None }
}

/// Opens a subscription and checks that the preview said what was then invoiced.
pub(crate) async fn open(cx: &TestCx, opening: Opening) -> Opened {
    let again = opening.clone();
    let quote = cx.read(async move |tx: &mut Tx| subscribe::preview(tx, &again).await).await.unwrap();
    let opened = cx.write(async move |tx: &mut Tx| subscribe::open(tx, &opening).await).await.unwrap();
    match opened.invoice_id {
        None => assert!(quote.lines.is_empty()),
        Some(id) => {
            let (invoice, lines) = document(cx, id).await;
            assert_eq!(invoice.totals, quote.totals);
            assert_eq!(invoice.due_on, quote.due_on);
            assert_eq!(amounts(&lines), amounts(&quote.lines));
        }
    }
    let now = subscription(cx, opened.subscription_id).await;
    assert_eq!(now.core.next_bill_on, quote.next_bill_on);
    opened
}

/// What two sets of lines must have in common; ids of rows that are only shown differ.
pub(crate) fn amounts(lines: &[Line]) -> Vec<(String, i64, i64, i64, i64)> {
    let mut all: Vec<_> = lines
        .iter()
        .map(|l| (l.spec.description.clone(), l.gross_minor, l.discount_minor, l.net_minor, l.tax1.minor))
        .collect();
    all.sort();
    all
}

pub(crate) async fn document(cx: &TestCx, id: i64) -> (Document, Vec<Line>) {
    cx.read(async move |tx: &mut Tx| {
        let found = crate::invoices::store::find(tx, id).await?.expect("it is there");
        Ok::<_, BillError>((found, crate::invoices::store::lines(tx, id).await?))
    })
    .await
    .unwrap()
}

pub(crate) async fn documents(cx: &TestCx) -> Vec<(Document, Vec<Line>)> {
    let ids = cx
        .read(async |tx: &mut Tx| tx.query(&DOCUMENTS, params![], |r| r.get::<i64>(0)).await)
        .await
        .unwrap();
    let mut all = Vec::new();
    for id in ids {
        all.push(document(cx, id).await);
    }
    all
}

pub(crate) async fn nets(cx: &TestCx) -> Vec<i64> {
    documents(cx).await.iter().map(|(d, _)| d.totals.subtotal_minor).collect()
}

pub(crate) async fn subscription(cx: &TestCx, id: i64) -> Detail {
    cx.read(async move |tx: &mut Tx| detail::get(tx, id).await).await.unwrap()
}

pub(crate) async fn items(cx: &TestCx, id: i64) -> Vec<ItemDetail> {
    let all = cx.read(async move |tx: &mut Tx| detail::all_items(tx, id).await).await.unwrap();
    all.into_iter().filter(|row| row.ended_on.is_none()).collect()
}

pub(crate) async fn guards(cx: &TestCx, id: i64) -> Vec<(String, String)> {
    cx.read(async move |tx: &mut Tx| {
        tx.query(&GUARDS, params![id], |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?))).await
    })
    .await
    .unwrap()
}

/// Marks an invoice as paid, as a payment would; what a payment posts does not matter here.
pub(crate) async fn settle(cx: &TestCx, id: i64) {
    cx.write(async move |tx: &mut Tx| tx.exec(&SETTLE, params![id]).await).await.unwrap();
}

/// Goes to a day and does its night.
pub(crate) async fn night_of(cx: &TestCx, on: &str) -> NightReport {
    go_to(cx, on);
    night(cx, RunOptions::for_date(day(on))).await.unwrap()
}

/// Everything that must always hold, holds.
pub(crate) async fn all_is_well(cx: &TestCx) {
    for check in crate::verify::verify(cx).await.unwrap() {
        assert_eq!(check.failed, 0, "{}: {:?}", check.name, check.examples);
    }
}

/// Products `VPS-1` (10.00), `VPS-2` (30.00) and the add-on `Backup` (6.00, set-up 2.00), monthly and yearly.
pub(crate) struct Shop {
    pub small: i64,
    pub large: i64,
    pub backup: i64,
}

pub(crate) async fn shop(cx: &TestCx) -> Shop {
    cx.write(async |tx: &mut Tx| {
        let group = GroupDetails { name: "Servers".into(), ..GroupDetails::default() };
        let group = bursar_catalog::add_group(tx, None, &group).await.unwrap();
        let mut products = Vec::new();
        for name in ["VPS-1", "VPS-2"] {
            let details = ProductDetails { allow_quantity: true, ..ProductDetails::named(group, name) };
            products.push(bursar_catalog::add_product(tx, None, &details).await.unwrap());
        }
        let addon = AddonDetails {
            name: "Backup".into(),
            description_md: String::new(),
            pay: Pay::Recurring,
            taxable: true,
            allow_quantity: true,
            hidden: false,
            position: 0,
        };
        let backup = bursar_catalog::add_addon(tx, None, &addon).await.unwrap();
        for product in &products {
            bursar_catalog::link_addon(tx, *product, backup).await?;
        }
        let (small, large) = (products[0].get(), products[1].get());
        for (owner_kind, owner_id, minor, setup_minor) in [
            (OwnerKind::Product, small, 1_000, 0),
            (OwnerKind::Product, large, 3_000, 0),
            (OwnerKind::Addon, backup, 600, 200),
        ] {
            for (cycle, times) in [(Cycle::Monthly, 1), (Cycle::Annual, 10)] {
                put_price(tx, owner_kind, owner_id, cycle, minor * times, setup_minor).await;
            }
        }
        Ok::<_, BillError>(Shop { small, large, backup })
    })
    .await
    .unwrap()
}

pub(crate) async fn put_price(
    tx: &mut Tx,
    owner_kind: OwnerKind,
    owner_id: i64,
    cycle: Cycle,
    amount_minor: i64,
    setup_minor: i64,
) {
    let price = NewPrice {
        owner_kind,
        owner_id,
        currency: Currency::EUR,
        cycle,
        amount_minor,
        setup_minor,
        valid_from_on: None,
    };
    bursar_catalog::set_price(tx, &price).await.unwrap();
}

pub(crate) fn order(customer_id: i64, product: i64, start: &str) -> Order {
    Order {
        customer_id,
        selection: Selection {
            product,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            quantity: 1,
            options: Vec::new(),
            addons: Vec::new(),
        },
        coupons: Vec::new(),
        start_on: day(start),
        billing_day: None,
        mode: None,
        lead_days: None,
        trial_days: None,
        label: None,
        gateway: "sandbox".into(),
        source: "order",
        buyer: Buyer::Public,
    }
}

/// Orders from the catalogue; the preview says what is then invoiced.
pub(crate) async fn subscribe(cx: &TestCx, order: Order) -> Opened {
    let again = order.clone();
    let quote =
        cx.read(async move |tx: &mut Tx| super::order::preview_subscribe(tx, &again).await).await.unwrap();
    let opened = cx.write(async move |tx: &mut Tx| super::order::subscribe(tx, &order).await).await.unwrap();
    if let Some(id) = opened.invoice_id {
        let (invoice, lines) = document(cx, id).await;
        assert_eq!((invoice.totals, amounts(&lines)), (quote.totals, amounts(&quote.lines)));
    }
    opened
}

pub(crate) async fn coupon(cx: &TestCx, details: CouponDetails) -> i64 {
    cx.write(async move |tx: &mut Tx| {
        Ok::<_, BillError>(bursar_catalog::add_coupon(tx, None, &details).await.unwrap())
    })
    .await
    .unwrap()
}
