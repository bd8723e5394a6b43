//! The company's shelf and settings, and its customers.

use std::collections::BTreeMap;

use bursar_billing::sellers::{self, Seller};
use bursar_billing::taxes::{self, TaxRule};
use bursar_catalog::{
    CatalogError, CouponDetails, CouponKind, GroupDetails, NewPrice, OwnerKind, ProductDetails,
};
use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Ppm};
use bursar_provisioning::settings::MoneyBack;
use bursar_time::Cycle;

use super::machines::{self, Rules};
use super::{Answer, World};
use crate::model::Customer;

bursar_db::statements! {
    /// A customer by the address they gave.
    CUSTOMER = "SELECT id FROM customers_customers WHERE email = $1";
}

/// Countries with the tax that this company charges there.
const COUNTRIES: &[(&str, i64)] = &[("DE", 190_000), ("ES", 210_000), ("US", 0), ("JP", 100_000)];
const CURRENCIES: &[Currency] = &[Currency::EUR, Currency::USD, Currency::JPY];

/// Those of the products that are machines on a panel.
const MADE: &[&str] = &["Server", "Game server"];

/// What is ordered in the shop and sold nowhere else, paid monthly, with its set-up fee.
const GOODS: &[(&str, i64, i64, Fate)] = &[
    ("Cloud server", 1_499, 300, Fate::Made),
    ("Big server", 7_999, 0, Fate::NoRoom),
    ("Old image", 2_249, 1_001, Fate::Fails),
    ("Mailbox", 199, 0, Fate::Nobody),
];

/// Products, with a price per cycle in minor units; JPY has none, so the figures are yen.
const PRODUCTS: &[(&str, i64, &[(Cycle, i64, i64)])] = &[
    ("Web hosting", 0, &[(Cycle::Monthly, 999, 0), (Cycle::Quarterly, 2_799, 0), (Cycle::Annual, 9_990, 0)]),
    ("Server", 0, &[(Cycle::Monthly, 4_551, 2_500), (Cycle::Quarterly, 12_999, 2_500)]),
    ("Game server", 14, &[(Cycle::Weekly, 333, 0), (Cycle::Monthly, 1_201, 0)]),
    ("Line", 0, &[(Cycle::Weekly, 1_007, 0), (Cycle::Monthly, 3_100, 0)]),
];

/// Half the price for three periods.
pub(crate) const COUPON: &str = "HALF";
pub(crate) const COUPON_PPM: i64 = 500_000;
pub(crate) const COUPON_PERIODS: i64 = 3;

/// What is sold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf {
    /// What staff sell.
    pub(crate) products: Vec<Product>,
    /// What is in the shop.
    pub(crate) goods: Vec<Good>,
}

/// What becomes of something that is ordered in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is made, sooner or later.
    Made,
    /// No server ever has room for it.
    NoRoom,
    /// Its installation fails however often it is tried.
    Fails,
    /// Nobody makes it: it is only billed.
    Nobody,
}

/// Something that can be ordered in the shop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Good {
    pub(crate) id: i64,
    /// The price of a month, the same figure in every currency.
    pub(crate) unit: i64,
    pub(crate) fate: Fate,
}

/// A product and its prices.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) trial_days: i64,
    /// Whether each unit is a machine.
    pub(crate) is_made: bool,
    /// Unit price by cycle; the same figure in every currency.
    pub(crate) prices: BTreeMap<Cycle, i64>,
}

impl World {
    /// Everything a company needs before its first customer.
    pub(crate) async fn furnish(&mut self) -> Result<(), Fault> {
        let shelf = self.office.cx().write(async |tx: &mut Tx| furnish(tx).await).await;
        self.shelf = shelf.map_err(|error| Fault::wrap("furnishing the shop", error))?;
        self.model.money_back =
            self.pick(&[MoneyBack::Wait, MoneyBack::Credit, MoneyBack::Refund]).unwrap_or_default();
        let rules = Rules {
            money_back: self.model.money_back,
            money_back_hours: if self.chance(50) { 24 } else { 48 },
            looks_at_first_orders: self.chance(50),
        };
        machines::furnish(self.office.cx(), &self.office.hosting, &self.shelf, rules).await?;
        for _ in 0..3 {
            self.sign_up().await?;
        }
        Ok(())
    }

    pub(crate) async fn sign_up(&mut self) -> Result<(), Fault> {
        let n = self.fresh();
        let (country, tax_ppm) = self.pick(COUNTRIES).expect("there are countries");
        let currency = self.pick(CURRENCIES).expect("there are currencies");
        let email = format!("customer{n}@example.net");
        let details = CustomerDetails {
            postal: Postal {
                first_name: "Customer".to_owned(),
                last_name: format!("No {n}"),
                email: email.clone(),
                address1: "1 Long Street".to_owned(),
                city: "Town".to_owned(),
                postcode: "12345".to_owned(),
                country: country.to_owned(),
                ..Postal::default()
            },
            grouping: if self.chance(50) { Grouping::Separate } else { Grouping::Daily },
            auto_apply_credit: self.chance(80),
            ..CustomerDetails::default()
        };
        let new = NewCustomer { currency, details };
        let wish = async |cx: bursar_context::Cx| bursar_customers::create_customer(&cx, new).await;
        let id = match self.ask(format!("customer {n} ({country}, {currency}) signs up"), wish).await? {
            Answer::Yes(id) => Some(id.get()),
            Answer::No => None,
            Answer::Doubt => {
                let look =
                    async move |tx: &mut Tx| tx.query_opt(&CUSTOMER, params![&email], |row| row.get(0)).await;
                self.office.spy.read(look).await?
            }
        };
        if let Some(id) = id {
            self.model.customers.push(Customer { id, currency, tax_ppm, has_stored_card: false });
        }
        Ok(())
    }
}

async fn furnish(tx: &mut Tx) -> Result<Shelf, CatalogError> {
    let seller = Seller {
        name: "Example Hosting Ltd".to_owned(),
        address: vec!["1 Data Road".to_owned(), "Berlin".to_owned()],
        country: "DE".to_owned(),
        ..Seller::default()
    };
    sellers::set(tx, &seller).await?;
    for (country, ppm) in COUNTRIES.iter().filter(|(_, ppm)| *ppm > 0) {
        let (name, country, state) = ("VAT".to_owned(), (*country).to_owned(), String::new());
        let rule = TaxRule { id: tx.new_raw_id()?, level: 1, name, country, state, rate: Ppm::new(*ppm) };
        taxes::store::insert(tx, &rule).await?;
    }
    let group = GroupDetails { name: "Everything".to_owned(), ..GroupDetails::default() };
    let group = bursar_catalog::add_group(tx, None, &group).await?;
    let coupon = CouponDetails {
        code: COUPON.to_owned(),
        kind: CouponKind::Percent,
        value_ppm: COUPON_PPM,
        recurring_periods: COUPON_PERIODS,
        ..CouponDetails::default()
    };
    bursar_catalog::add_coupon(tx, None, &coupon).await?;
    let mut shelf = Shelf::default();
    for (name, trial_days, prices) in PRODUCTS {
        let id = put_on_sale(tx, group, (name, *trial_days), prices).await?;
        let prices = prices.iter().map(|(cycle, minor, _)| (*cycle, *minor)).collect();
        let is_made = MADE.contains(name);
        shelf.products.push(Product { id, trial_days: *trial_days, is_made, prices });
    }
    for (name, unit, setup, fate) in GOODS {
        let id = put_on_sale(tx, group, (name, 0), &[(Cycle::Monthly, *unit, *setup)]).await?;
        shelf.goods.push(Good { id, unit: *unit, fate: *fate });
    }
    Ok(shelf)
}

/// A product of a name with trial days, and its prices in every currency.
async fn put_on_sale(
    tx: &mut Tx,
    group: i64,
    (name, trial_days): (&str, i64),
    prices: &[(Cycle, i64, i64)],
) -> Result<i64, CatalogError> {
    let details = ProductDetails { trial_days, allow_quantity: true, ..ProductDetails::named(group, name) };
    let id = bursar_catalog::add_product(tx, None, &details).await?.get();
    for currency in CURRENCIES {
        for (cycle, amount_minor, setup_minor) in prices {
            let price = NewPrice {
                owner_kind: OwnerKind::Product,
                owner_id: id,
                currency: *currency,
                cycle: *cycle,
                amount_minor: *amount_minor,
                setup_minor: *setup_minor,
                valid_from_on: None,
            };
            bursar_catalog::set_price(tx, &price).await?;
        }
    }
    Ok(id)
}
