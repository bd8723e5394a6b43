//! A shop that sells one product by card, for measurements of what follows from an order.

use std::collections::BTreeMap;

use bursar_billing::sellers::Seller;
use bursar_billing::settings::BillingSettings;
use bursar_billing::settle::{PayRequest, pay_invoices};
use bursar_catalog::{GroupDetails, NewPrice, OwnerKind, ProductDetails};
use bursar_context::{Cx, settings};
use bursar_customers::{CustomerDetails, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::cards;
use bursar_money::Currency;
use bursar_ordering::Kinds;
use bursar_ordering::carts::change::{Place, add_item};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_ordering::orders::place::{Checkout, place_order};
use bursar_ordering::settings::OrderSettings;
use bursar_payments::{Gateways, Keep};
use bursar_time::Cycle;

fn told(error: impl std::fmt::Display) -> Fault {
    Fault::new(error.to_string())
}

/// Opens it, and gives the product, which costs ten euros a month.
///
/// # Errors
/// Faults of the database.
pub async fn open(cx: &Cx) -> Result<i64, Fault> {
    cx.write(async |tx: &mut Tx| {
        let seller = Seller { name: "Bench Hosting".into(), country: "DE".into(), ..Seller::default() };
        bursar_billing::sellers::set(tx, &seller).await?;
        let billing = BillingSettings { lead_days: 0, ..BillingSettings::default() };
        settings::set(tx, bursar_billing::settings::KEY, &billing).await?;
        let orders = OrderSettings { review_first_order: false, ..OrderSettings::default() };
        settings::set(tx, bursar_ordering::settings::KEY, &orders).await?;
        let group = GroupDetails { name: "Servers".into(), ..GroupDetails::default() };
        bursar_catalog::add_group(tx, Some(1), &group).await.map_err(told)?;
        let details = ProductDetails::named(1, "VPS");
        let product = bursar_catalog::add_product(tx, None, &details);
        let id = product.await.map_err(told)?.get();
        let price = NewPrice {
            owner_kind: OwnerKind::Product,
            owner_id: id,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            amount_minor: 1_000,
            setup_minor: 0,
            valid_from_on: None,
        };
        bursar_catalog::set_price(tx, &price).await.map_err(told)?;
        Ok::<_, Fault>(id)
    })
    .await
}

/// A customer orders the product and has begun to pay: the charge is made by whoever works off jobs. Returns the
/// order.
///
/// # Errors
/// When the order or its payment is refused.
pub async fn order(
    cx: &Cx,
    gateways: &Gateways,
    kinds: &Kinds,
    product: i64,
    number: i64,
) -> Result<i64, Fault> {
    let postal = Postal {
        first_name: "First".into(),
        last_name: format!("Last {number}"),
        email: format!("customer{number}@example.org"),
        country: "DE".into(),
        ..Postal::default()
    };
    let details = CustomerDetails { postal, ..CustomerDetails::default() };
    let new = NewCustomer { currency: Currency::EUR, details };
    let customer = cx
        .write(async move |tx: &mut Tx| {
            bursar_customers::create(tx, &new).await.map(|id| id.get()).map_err(told)
        })
        .await?;
    let shopper = Shopper { token: None, customer_id: Some(customer) };
    let place = Place { currency: Currency::EUR, country: "DE".to_owned() };
    let picked =
        Picked { product, cycle: Cycle::Monthly, quantity: 1, options: Vec::new(), addons: Vec::new() };
    let wanted = (Wish::Product(picked), BTreeMap::new());
    add_item(cx, kinds.clone(), shopper.clone(), place, wanted).await.map_err(told)?;
    let placed = place_order(cx, kinds.clone(), shopper, Checkout::default()).await.map_err(told)?;
    let token = MethodToken::new(cards::VISA);
    let method = bursar_payments::store_method(cx, gateways, customer, "sandbox", token, Keep::ForLater);
    let request = PayRequest {
        customer,
        invoices: placed.invoice_id.into_iter().collect(),
        gateway: "sandbox".into(),
        method: Some(method.await.map_err(told)?),
        is_present: false,
        return_url: None,
        reason: "order".into(),
    };
    pay_invoices(cx, request).await.map_err(told)?;
    Ok(placed.order_id)
}
