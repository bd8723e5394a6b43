//! Placing an order: stock, codes, subscriptions, invoice and order in one transaction, all of it or nothing.

use bursar_audit::Audit;
use bursar_billing::subscriptions::basket::{self, Basket, Bought, Purchaser};
use bursar_billing::subscriptions::order::has_bought;
use bursar_catalog::Buyer;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_ids::Id;
use bursar_money::Money;
use bursar_time::Instant;
use serde_json::json;

use super::review::{Facts, is_high_value, reasons};
use super::states::OrderStatus;
use super::{Agreement, Order, OrderItem, UsedCoupon, decide, expire, store};
use crate::carts::{Cart, CartItem, Shopper, quote, store as carts};
use crate::error::OrderError;
use crate::events::OrderPlaced;
use crate::kinds::Kinds;
use crate::settings::OrderSettings;
use crate::{mails, permissions, questions};

const SEQUENCE: &str = "order";
const LONGEST_NOTE: usize = 2_000;
const SECONDS_A_DAY: i64 = 86_400;

/// What somebody says when they order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkout {
    /// Texts they agreed to, as they were shown.
    pub agreements: Vec<Agreement>,
    /// The total they saw, in minor units: what they did not see they are not made to pay.
    pub seen_total_minor: Option<i64>,
    /// What they want to say.
    pub note: String,
    /// The network address the request came from.
    pub from_address: String,
}

/// An order that was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The order.
    pub order_id: i64,
    /// For people.
    pub number: String,
    /// Its invoice, when something is owed.
    pub invoice_id: Option<i64>,
    /// Where it stands now.
    pub status: OrderStatus,
}

/// What staff order for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffOrder {
    /// Who pays.
    pub customer_id: i64,
    /// What.
    pub items: Vec<CartItem>,
    /// Coupon codes.
    pub coupons: Vec<String>,
    /// For the order's history.
    pub note: String,
}

/// Orders what is in the customer's cart. The cart is gone afterwards; a second click finds none and orders nothing.
///
/// Checks no permission: the surface has decided who may order for the customer.
///
/// # Errors
/// [`OrderError::Invalid`] or [`OrderError::Refused`] when something in it cannot be had any more, a code is used up, or
/// the total is another one than the customer saw.
pub async fn place_order(
    cx: &Cx,
    kinds: Kinds,
    shopper: Shopper,
    checkout: Checkout,
) -> Result<Placed, OrderError> {
    let customer_id =
        shopper.customer_id.ok_or_else(|| OrderError::refused("Sign in or make an account to order."))?;
    if checkout.note.chars().count() > LONGEST_NOTE {
        return Err(OrderError::field("note", format!("Use at most {LONGEST_NOTE} characters.")));
    }
    cx.write(async move |tx: &mut Tx| {
        let cart = carts::find(tx, &shopper).await?.filter(|cart| cart.customer_id == Some(customer_id));
        let cart = cart.filter(|cart| !cart.items.is_empty());
        let cart = cart.ok_or_else(|| OrderError::refused("Your cart is empty."))?;
        // Whoever comes second finds no cart: one click, one order.
        if !carts::delete(tx, cart.id).await? {
            return Err(OrderError::Changed);
        }
        place(tx, &kinds, &cart, Buyer::Public, &checkout).await
    })
    .await
}

/// Orders for a customer, for somebody who may. Nobody has to look at it again: once it is paid, or at once when nothing
/// is owed, it is accepted.
///
/// # Errors
/// As [`place_order`].
pub async fn place_staff_order(cx: &Cx, kinds: Kinds, wanted: StaffOrder) -> Result<Placed, OrderError> {
    cx.require(permissions::ORDER_CREATE)?;
    cx.write(async move |tx: &mut Tx| {
        let customer = bursar_customers::find(tx, Id::new(wanted.customer_id)).await?;
        let customer = customer.ok_or_else(|| OrderError::field("customer", "There is no such customer."))?;
        let cart = Cart {
            id: 0,
            customer_id: Some(wanted.customer_id),
            currency: customer.currency,
            country: String::new(),
            state: String::new(),
            coupons: wanted.coupons.clone(),
            items: wanted.items.clone(),
            updated_at: tx.now(),
        };
        let checkout = Checkout { note: wanted.note.clone(), ..Checkout::default() };
        let placed = place(tx, &kinds, &cart, Buyer::Staff, &checkout).await?;
        let subject = format!("order:{}", placed.order_id);
        let after = Some(json!({ "number": &placed.number, "customer": wanted.customer_id }));
        let audit = Audit { action: permissions::ORDER_CREATE, subject: &subject, before: None, after };
        bursar_audit::record(tx, audit).await?;
        Ok(placed)
    })
    .await
}

async fn place(
    tx: &mut Tx,
    kinds: &Kinds,
    cart: &Cart,
    buyer: Buyer,
    checkout: &Checkout,
) -> Result<Placed, OrderError> {
    let customer_id = cart.customer_id.ok_or(OrderError::NotFound("customer"))?;
    let settings = OrderSettings::load(tx).await?;
    let items = answered(tx, cart).await?;
    let mut things = Vec::with_capacity(items.len());
    for item in &items {
        things.push(quote::thing(tx, kinds, cart.currency, item).await?);
    }
    let source = if buyer == Buyer::Staff { "staff" } else { "order" };
    let basket =
        quote::basket_of(Purchaser::Customer(customer_id), things, cart.coupons.clone(), buyer, source);
    // Asked before: afterwards everybody has bought something.
    let is_first = !has_bought(tx, customer_id).await?;
    let limited = limited(tx, &items).await?;
    let bought = basket::buy(tx, &basket).await?;
    let total = Money::new(bought.totals.total_minor, cart.currency);
    if checkout.seen_total_minor.is_some_and(|seen| seen != total.minor()) {
        return Err(OrderError::refused(format!(
            "The total has changed to {total} since you looked. Nothing was ordered; please check your cart again."
        )));
    }
    let products = items.iter().filter_map(|item| item.wish.product()).collect();
    let facts = Facts { total_minor: total.minor(), currency: cart.currency, is_first, products };
    let mut order = new_order(tx, &settings, cart, &basket, &bought, checkout, total).await?;
    if buyer == Buyer::Public {
        order.review = reasons(&settings, &facts);
    }
    order.expires_at = Some(expires_at(&settings, order.placed_at, limited.iter().any(|taken| *taken > 0)));
    store::insert(tx, &order).await?;
    write_parts(tx, &order, items, &bought, &limited, checkout).await?;
    kinds.hold(tx, &order).await?;
    announce(tx, &settings, &facts, &order).await?;
    if order.invoice_id.is_none() || total.is_zero() {
        decide::paid(tx, &mut order).await?;
    } else {
        expire::watch(tx, &order).await?;
    }
    Ok(Placed {
        order_id: order.id,
        number: order.number,
        invoice_id: order.invoice_id,
        status: order.status,
    })
}

/// The items with their answers checked again: questions may have changed since.
async fn answered(tx: &mut Tx, cart: &Cart) -> Result<Vec<CartItem>, OrderError> {
    let mut items = Vec::with_capacity(cart.items.len());
    for item in &cart.items {
        let mut item = item.clone();
        if let Some(product) = item.wish.product() {
            let asked = questions::questions_of(tx, product).await?;
            item.answers = questions::check_answers(&asked, &item.answers).map_err(|fields| {
                let first = fields.first().map(|f| f.message.clone()).unwrap_or_default();
                let message = format!("Something about what you ordered is missing. {first}");
                OrderError::Invalid(vec![FieldError::new("items", message)])
            })?;
        }
        items.push(item);
    }
    Ok(items)
}

/// Pieces that each thing takes from limited stock.
async fn limited(tx: &mut Tx, items: &[CartItem]) -> Result<Vec<i64>, Fault> {
    let mut taken = Vec::with_capacity(items.len());
    for item in items {
        taken.push(match &item.wish {
            crate::carts::Wish::Product(picked) => {
                let product = bursar_catalog::find_product(tx, Id::new(picked.product)).await?;
                let is_limited = product.is_some_and(|product| product.details.stock_control);
                if is_limited { picked.quantity } else { 0 }
            }
            crate::carts::Wish::Other { .. } => 0,
        });
    }
    Ok(taken)
}

async fn new_order(
    tx: &mut Tx,
    settings: &OrderSettings,
    cart: &Cart,
    basket: &Basket,
    bought: &Bought,
    checkout: &Checkout,
    total: Money,
) -> Result<Order, OrderError> {
    let format = bursar_billing::invoices::number::NumberFormat::parse(&settings.number_format)
        .map_err(|e| Fault::new(format!("the number format of orders cannot be used: {e}")))?;
    let (id, now, today) = (tx.new_raw_id()?, tx.now(), tx.today());
    let number = format.render(store::take_number(tx, SEQUENCE).await?, today);
    let used = bought.redeemed.iter();
    Ok(Order {
        id,
        number,
        customer_id: cart.customer_id.ok_or(OrderError::NotFound("customer"))?,
        status: OrderStatus::PendingPayment,
        source: if basket.source == "staff" { "staff" } else { "shop" }.to_owned(),
        total,
        invoice_id: bought.invoice_id,
        coupons: used
            .map(|(coupon_id, subscription_id)| UsedCoupon {
                coupon_id: *coupon_id,
                subscription_id: *subscription_id,
            })
            .collect(),
        codes: cart.coupons.clone(),
        review: Vec::new(),
        customer_note: checkout.note.trim().to_owned(),
        from_address: checkout.from_address.clone(),
        placed_at: now,
        expires_at: None,
        paid_at: None,
        decided_at: None,
        decided_why: String::new(),
        version: 1,
    })
}

fn expires_at(settings: &OrderSettings, placed_at: Instant, is_limited: bool) -> Instant {
    let seconds = settings.unpaid_days * SECONDS_A_DAY;
    let held = if is_limited { seconds.min(settings.stock_hours * 3_600) } else { seconds };
    placed_at.plus_seconds(held)
}

async fn write_parts(
    tx: &mut Tx,
    order: &Order,
    items: Vec<CartItem>,
    bought: &Bought,
    limited: &[i64],
    checkout: &Checkout,
) -> Result<(), Fault> {
    let rows = items.into_iter().zip(bought.subscriptions.iter().zip(&bought.items)).zip(limited);
    for (position, ((item, (subscription, shown)), stock)) in (1..).zip(rows) {
        let row = OrderItem {
            id: tx.new_raw_id()?,
            order_id: order.id,
            position,
            label: shown.label.clone(),
            wish: item.wish,
            answers: item.answers,
            subscription_id: *subscription,
            cycle: shown.cycle,
            now_minor: shown.totals.total_minor,
            renewal_minor: shown.renewal.map(|renewal| renewal.total_minor),
            stock_taken: *stock,
        };
        store::insert_item(tx, &row).await?;
    }
    for agreed in &checkout.agreements {
        store::insert_agreement(tx, order, agreed).await?;
    }
    let note = if order.source == "staff" { order.customer_note.as_str() } else { "" };
    store::note(tx, order.id, "placed", note).await
}

async fn announce(
    tx: &mut Tx,
    settings: &OrderSettings,
    facts: &Facts,
    order: &Order,
) -> Result<(), OrderError> {
    let (order_id, customer_id) = (order.id, order.customer_id);
    let total = order.total.to_string();
    bursar_events::emit(tx, &OrderPlaced { order_id, customer_id, total }).await?;
    mails::received(tx, order).await?;
    if is_high_value(settings, facts) && !settings.alert_email.is_empty() {
        mails::high_value(tx, order, &settings.alert_email).await?;
        store::note(tx, order.id, "alert", &settings.alert_email).await?;
    }
    Ok(())
}
