//! Changing a cart. Everybody may change their own; nothing that a browser sends is more than an id or an answer.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;

use super::{Cart, CartItem, MOST_CODES, MOST_ITEMS, Shopper, Wish, quote, store};
use crate::error::OrderError;
use crate::kinds::Kinds;
use crate::questions;

/// Random bytes of a cart's token.
const TOKEN_BYTES: usize = 32;

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The cart as it is now.
    pub cart: Cart,
    /// The token of a cart that was made for it: for the cookie, shown once.
    pub token: Option<String>,
}

/// Where somebody who has no cart yet is taken to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The currency they look at.
    pub currency: Currency,
    /// ISO code; empty when nobody has said.
    pub country: String,
}

/// The cart, if there is one with anything in it or about it.
///
/// # Errors
/// Faults of the database.
pub async fn find_cart(cx: &Cx, shopper: Shopper) -> Result<Option<Cart>, Fault> {
    cx.read(async move |tx: &mut Tx| store::find(tx, &shopper).await).await
}

/// Puts something into the cart, making one where there is none.
///
/// # Errors
/// [`OrderError`] when it cannot be bought like this in the cart's currency, or a question is not answered.
pub async fn add_item(
    cx: &Cx,
    kinds: Kinds,
    shopper: Shopper,
    place: Place,
    (wish, answers): (Wish, BTreeMap<String, String>),
) -> Result<Changed, OrderError> {
    cx.write(async move |tx: &mut Tx| {
        let (mut cart, token) = own(tx, &shopper, &place).await?;
        if cart.items.len() >= MOST_ITEMS {
            return Err(OrderError::refused(format!(
                "Your cart is full: it holds {MOST_ITEMS} things. Order these first."
            )));
        }
        let answers = checked(tx, &kinds, &cart, &wish, &answers).await?;
        let item = CartItem { id: tx.new_raw_id()?, wish: wish.clone(), answers };
        store::insert_item(tx, cart.id, &item).await?;
        cart.items.push(item);
        store::save(tx, &cart).await?;
        Ok(Changed { cart, token })
    })
    .await
}

/// Puts something else in the place of a thing in the cart.
///
/// # Errors
/// As [`add_item`]; [`OrderError::NotFound`] when the thing is not in this cart.
pub async fn replace_item(
    cx: &Cx,
    kinds: Kinds,
    shopper: Shopper,
    item: i64,
    (wish, answers): (Wish, BTreeMap<String, String>),
) -> Result<Cart, OrderError> {
    cx.write(async move |tx: &mut Tx| {
        let mut cart = get(tx, &shopper).await?;
        let answers = checked(tx, &kinds, &cart, &wish, &answers).await?;
        let place = cart.items.iter_mut().find(|kept| kept.id == item).ok_or(OrderError::NotFound("item"))?;
        *place = CartItem { id: item, wish: wish.clone(), answers };
        if !store::update_item(tx, cart.id, place).await? {
            return Err(OrderError::Changed);
        }
        store::save(tx, &cart).await?;
        Ok(cart)
    })
    .await
}

/// Changes how many units of a thing are wanted; none takes it out.
///
/// # Errors
/// As [`replace_item`].
pub async fn set_quantity(
    cx: &Cx,
    kinds: Kinds,
    shopper: Shopper,
    item: i64,
    quantity: i64,
) -> Result<Cart, OrderError> {
    if quantity == 0 {
        return remove_item(cx, shopper, item).await;
    }
    let seen = shopper.clone();
    let cart = cx.read(async move |tx: &mut Tx| get(tx, &seen).await).await?;
    let kept = cart.items.into_iter().find(|kept| kept.id == item).ok_or(OrderError::NotFound("item"))?;
    let Wish::Product(mut picked) = kept.wish else {
        return Err(OrderError::field("quantity", "There is only one of this."));
    };
    picked.quantity = quantity;
    replace_item(cx, kinds, shopper, item, (Wish::Product(picked), kept.answers)).await
}

/// Takes a thing out of the cart; twice does it once.
///
/// # Errors
/// [`OrderError::NotFound`] without a cart.
pub async fn remove_item(cx: &Cx, shopper: Shopper, item: i64) -> Result<Cart, OrderError> {
    cx.write(async move |tx: &mut Tx| {
        let mut cart = get(tx, &shopper).await?;
        tx.exec(&store::DELETE_ITEM, params![item, cart.id]).await?;
        cart.items.retain(|kept| kept.id != item);
        store::save(tx, &cart).await?;
        Ok(cart)
    })
    .await
}

/// Puts a code on the cart, if it takes something off.
///
/// # Errors
/// [`OrderError::Invalid`] on the field `coupon` with the reason it does not.
pub async fn add_coupon(cx: &Cx, kinds: Kinds, shopper: Shopper, typed: String) -> Result<Cart, OrderError> {
    let code = typed.trim().to_uppercase();
    if code.is_empty() || code.chars().count() > 64 {
        return Err(OrderError::field("coupon", "Enter a code."));
    }
    cx.write(async move |tx: &mut Tx| {
        let mut cart = get(tx, &shopper).await?;
        if cart.coupons.contains(&code) {
            return Ok(cart);
        }
        if cart.coupons.len() >= MOST_CODES {
            return Err(OrderError::field("coupon", format!("Use at most {MOST_CODES} codes at once.")));
        }
        cart.coupons.push(code.clone());
        let shown = quote::quote(tx, &kinds, &cart).await?;
        if let Some(why) = shown.coupons.iter().find(|c| c.code == code).and_then(|c| c.refused.clone()) {
            return Err(OrderError::field("coupon", why));
        }
        store::save(tx, &cart).await?;
        Ok(cart)
    })
    .await
}

/// Takes a code off the cart.
///
/// # Errors
/// [`OrderError::NotFound`] without a cart.
pub async fn remove_coupon(cx: &Cx, shopper: Shopper, code: String) -> Result<Cart, OrderError> {
    cx.write(async move |tx: &mut Tx| {
        let mut cart = get(tx, &shopper).await?;
        cart.coupons.retain(|kept| *kept != code);
        store::save(tx, &cart).await?;
        Ok(cart)
    })
    .await
}

/// Shows the cart in another currency that something is sold in. A customer keeps their own.
///
/// # Errors
/// [`OrderError::Invalid`] on the field `currency`.
pub async fn set_currency(cx: &Cx, shopper: Shopper, currency: Currency) -> Result<Option<Cart>, OrderError> {
    cx.write(async move |tx: &mut Tx| {
        check_sold(tx, currency).await?;
        let Some(mut cart) = store::find(tx, &shopper).await? else { return Ok(None) };
        if cart.customer_id.is_some() && cart.currency != currency {
            let own = cart.currency;
            return Err(OrderError::field("currency", format!("Your account is kept in {own}.")));
        }
        cart.currency = currency;
        store::save(tx, &cart).await?;
        Ok(Some(cart))
    })
    .await
}

/// Says where a visitor is, so that tax can be shown. A customer's address decides for them.
///
/// # Errors
/// [`OrderError::Invalid`] on the field `country`.
pub async fn set_country(
    cx: &Cx,
    shopper: Shopper,
    country: String,
    state: String,
) -> Result<Cart, OrderError> {
    let country = country.trim().to_uppercase();
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) || state.chars().count() > 100 {
        return Err(OrderError::field("country", "Choose a country from the list."));
    }
    cx.write(async move |tx: &mut Tx| {
        let mut cart = get(tx, &shopper).await?;
        (cart.country, cart.state) = (country.clone(), state.trim().to_owned());
        store::save(tx, &cart).await?;
        Ok(cart)
    })
    .await
}

/// Makes the cart of a browser the customer's who has just signed in over it: their currency counts, and what lay in an
/// older cart of theirs comes along as far as there is room. Twice changes nothing.
///
/// # Errors
/// [`OrderError::NotFound`] for an unknown customer.
pub async fn claim_cart(
    cx: &Cx,
    token: Option<String>,
    customer_id: i64,
) -> Result<Option<Cart>, OrderError> {
    let shopper = Shopper { token, customer_id: Some(customer_id) };
    cx.write(async move |tx: &mut Tx| claim(tx, &shopper, customer_id).await).await
}

async fn claim(tx: &mut Tx, shopper: &Shopper, customer_id: i64) -> Result<Option<Cart>, OrderError> {
    let Some(mut cart) = store::by_token(tx, shopper).await? else {
        return Ok(store::of_customer(tx, customer_id).await?);
    };
    if cart.customer_id == Some(customer_id) {
        return Ok(Some(cart));
    }
    let customer = bursar_customers::find(tx, Id::new(customer_id)).await?;
    cart.currency = customer.ok_or(OrderError::NotFound("customer"))?.currency;
    if let Some(older) = store::of_customer(tx, customer_id).await? {
        let room = MOST_ITEMS.saturating_sub(cart.items.len());
        if older.items.len() <= room {
            tx.exec(&store::MOVE_ITEMS, params![cart.id, older.id]).await?;
            cart.items.extend(older.items.iter().cloned());
            cart.items.sort_by_key(|item| item.id);
        }
        store::delete(tx, older.id).await?;
    }
    cart.customer_id = Some(customer_id);
    store::save(tx, &cart).await?;
    Ok(Some(cart))
}

/// The daily work: carts that nobody touched for a month are forgotten.
pub(crate) async fn purge(cx: &Cx) -> Result<(), Fault> {
    loop {
        let before = cx.now().plus_days(-super::KEPT_DAYS);
        if cx.write(async move |tx: &mut Tx| store::purge(tx, before).await).await? == 0 {
            return Ok(());
        }
    }
}

async fn get(tx: &mut Tx, shopper: &Shopper) -> Result<Cart, OrderError> {
    store::find(tx, shopper).await?.ok_or(OrderError::NotFound("cart"))
}

/// The shopper's cart, made now where there is none.
async fn own(tx: &mut Tx, shopper: &Shopper, place: &Place) -> Result<(Cart, Option<String>), OrderError> {
    if let Some(cart) = store::find(tx, shopper).await? {
        return Ok((cart, None));
    }
    let currency = match shopper.customer_id {
        Some(id) => {
            let customer = bursar_customers::find(tx, Id::new(id)).await?;
            customer.ok_or(OrderError::NotFound("customer"))?.currency
        }
        None => place.currency,
    };
    check_sold(tx, currency).await?;
    let (token, now) = (tx.random_token(TOKEN_BYTES), tx.now());
    let cart = Cart {
        id: tx.new_raw_id()?,
        customer_id: shopper.customer_id,
        currency,
        country: place.country.clone(),
        state: String::new(),
        coupons: Vec::new(),
        items: Vec::new(),
        updated_at: now,
    };
    store::insert(tx, &token, &cart).await?;
    Ok((cart, Some(token)))
}

async fn check_sold(tx: &mut Tx, currency: Currency) -> Result<(), OrderError> {
    let sold = bursar_catalog::currencies_sold(tx).await?;
    if sold.contains(&currency) {
        return Ok(());
    }
    let codes: Vec<&str> = sold.iter().map(|currency| currency.code()).collect();
    Err(OrderError::field("currency", format!("Choose one of {}.", codes.join(", "))))
}

/// Refuses what could not be bought like this; gives the tidied answers.
async fn checked(
    tx: &mut Tx,
    kinds: &Kinds,
    cart: &Cart,
    wish: &Wish,
    answers: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, OrderError> {
    let mut wrong = Vec::new();
    let asked = match wish.product() {
        Some(product) => questions::questions_of(tx, product).await?,
        None => Vec::new(),
    };
    let answers = questions::check_answers(&asked, answers).unwrap_or_else(|fields| {
        wrong.extend(fields);
        BTreeMap::new()
    });
    let alone = Cart {
        coupons: Vec::new(),
        items: vec![CartItem { id: 0, wish: wish.clone(), answers: BTreeMap::new() }],
        ..cart.clone()
    };
    match quote::quote(tx, kinds, &alone).await?.items.pop() {
        Some(Ok(_)) | None => {}
        Some(Err(
            OrderError::Bill(bursar_billing::BillError::Invalid(fields)) | OrderError::Invalid(fields),
        )) => {
            wrong.extend(fields);
        }
        Some(Err(other)) => return Err(other),
    }
    if wrong.is_empty() { Ok(answers) } else { Err(OrderError::Invalid(wrong)) }
}
