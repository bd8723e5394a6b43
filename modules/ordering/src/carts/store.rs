//! All SQL of carts.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::Instant;
use sha2::{Digest as _, Sha256};

use super::{Cart, CartItem, Shopper};

bursar_db::statements! {
    /// A cart by its cookie.
    pub(crate) BY_TOKEN = "SELECT id, customer_id, currency, country, state, coupons, updated_at FROM ordering_carts
        WHERE token_hash = $1";
    /// A customer's newest cart.
    pub(crate) BY_CUSTOMER = "SELECT id, customer_id, currency, country, state, coupons, updated_at FROM ordering_carts
        WHERE customer_id = $1 ORDER BY updated_at DESC, id DESC LIMIT 1";
    /// What is in it.
    pub(crate) ITEMS = "SELECT id, wish, answers FROM ordering_cart_items WHERE cart_id = $1 ORDER BY id LIMIT 100";
    /// How much is in it.
    pub(crate) COUNT = "SELECT COUNT(*) FROM ordering_cart_items WHERE cart_id = $1";
    /// A new cart.
    pub(crate) INSERT = "INSERT INTO ordering_carts (id, token_hash, customer_id, currency, country, state, coupons,
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    /// Saves everything but its items.
    pub(crate) SAVE = "UPDATE ordering_carts SET customer_id = $1, currency = $2, country = $3, state = $4, coupons = $5,
        updated_at = $6 WHERE id = $7";
    /// Something more.
    pub(crate) INSERT_ITEM = "INSERT INTO ordering_cart_items (id, cart_id, wish, answers, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// Something else in its place.
    pub(crate) UPDATE_ITEM = "UPDATE ordering_cart_items SET wish = $1, answers = $2 WHERE id = $3 AND cart_id = $4";
    /// Something less.
    pub(crate) DELETE_ITEM = "DELETE FROM ordering_cart_items WHERE id = $1 AND cart_id = $2";
    /// Puts one cart's things into another.
    pub(crate) MOVE_ITEMS = "UPDATE ordering_cart_items SET cart_id = $1 WHERE cart_id = $2";
    /// Empties a cart.
    pub(crate) DELETE_ITEMS = "DELETE FROM ordering_cart_items WHERE cart_id = $1";
    /// Forgets a cart; who comes second changes no row.
    pub(crate) DELETE = "DELETE FROM ordering_carts WHERE id = $1";
    /// Carts that nobody touched, some of them.
    pub(crate) STALE = "SELECT id FROM ordering_carts WHERE updated_at < $1 ORDER BY updated_at LIMIT 500";
    /// Empties them.
    pub(crate) DELETE_STALE_ITEMS = "DELETE FROM ordering_cart_items WHERE cart_id {any:$1}";
    /// Forgets them.
    pub(crate) DELETE_STALE = "DELETE FROM ordering_carts WHERE id {any:$1}";
}

/// The hash under which a token is stored: it cannot be guessed, so a plain one is enough.
pub(crate) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The cart somebody may see: by the cookie unless it is another customer's, otherwise the customer's own.
///
/// # Errors
/// Faults of the database.
pub async fn find(tx: &mut Tx, shopper: &Shopper) -> Result<Option<Cart>, Fault> {
    if let Some(found) = by_token(tx, shopper).await? {
        return Ok(Some(found));
    }
    match shopper.customer_id {
        Some(customer) => of_customer(tx, customer).await,
        None => Ok(None),
    }
}

pub(crate) async fn by_token(tx: &mut Tx, shopper: &Shopper) -> Result<Option<Cart>, Fault> {
    let Some(token) = &shopper.token else { return Ok(None) };
    let hash = hash(token);
    let found = tx.query_opt(&BY_TOKEN, params![&hash], cart).await?;
    let seen = found.filter(|cart| cart.customer_id.is_none() || cart.customer_id == shopper.customer_id);
    with_items(tx, seen).await
}

pub(crate) async fn of_customer(tx: &mut Tx, customer: i64) -> Result<Option<Cart>, Fault> {
    let found = tx.query_opt(&BY_CUSTOMER, params![customer], cart).await?;
    with_items(tx, found).await
}

async fn with_items(tx: &mut Tx, found: Option<Cart>) -> Result<Option<Cart>, Fault> {
    let Some(mut cart) = found else { return Ok(None) };
    cart.items = tx.query(&ITEMS, params![cart.id], item).await?;
    Ok(Some(cart))
}

pub(crate) async fn insert(tx: &mut Tx, token: &str, cart: &Cart) -> Result<(), Fault> {
    let (hash, coupons, now) = (hash(token), text(&cart.coupons)?, tx.now());
    let (currency, country, state) = (cart.currency, &cart.country, &cart.state);
    let values = params![cart.id, &hash, cart.customer_id, currency, country, state, &coupons, now];
    tx.exec_one(&INSERT, values).await
}

pub(crate) async fn save(tx: &mut Tx, cart: &Cart) -> Result<(), Fault> {
    let (coupons, now) = (text(&cart.coupons)?, tx.now());
    let (currency, country, state) = (cart.currency, &cart.country, &cart.state);
    let values = params![cart.customer_id, currency, country, state, &coupons, now, cart.id];
    tx.exec_one(&SAVE, values).await
}

pub(crate) async fn insert_item(tx: &mut Tx, cart: i64, item: &CartItem) -> Result<(), Fault> {
    let (wish, answers, now) = (text(&item.wish)?, text(&item.answers)?, tx.now());
    tx.exec_one(&INSERT_ITEM, params![item.id, cart, &wish, &answers, now]).await
}

pub(crate) async fn update_item(tx: &mut Tx, cart: i64, item: &CartItem) -> Result<bool, Fault> {
    let (wish, answers) = (text(&item.wish)?, text(&item.answers)?);
    Ok(tx.exec(&UPDATE_ITEM, params![&wish, &answers, item.id, cart]).await? == 1)
}

/// Removes a cart with all that is in it; `false` when somebody else has.
pub(crate) async fn delete(tx: &mut Tx, cart: i64) -> Result<bool, Fault> {
    tx.exec(&DELETE_ITEMS, params![cart]).await?;
    Ok(tx.exec(&DELETE, params![cart]).await? == 1)
}

/// Forgets some carts that nobody touched since; how many.
pub(crate) async fn purge(tx: &mut Tx, before: Instant) -> Result<usize, Fault> {
    let ids = tx.query(&STALE, params![before], |row| row.get::<i64>(0)).await?;
    tx.exec(&DELETE_STALE_ITEMS, params![&ids]).await?;
    tx.exec(&DELETE_STALE, params![&ids]).await?;
    Ok(ids.len())
}

pub(crate) fn text<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::wrap("writing part of an order", e))
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::corrupt("part of an order cannot be read").caused_by(e))
}

fn cart(row: &Row<'_>) -> Result<Cart, Fault> {
    Ok(Cart {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        currency: Currency::parse(row.text(2)?)
            .map_err(|e| Fault::corrupt("a cart has an unknown currency").caused_by(e))?,
        country: row.get(3)?,
        state: row.get(4)?,
        coupons: read(row.text(5)?)?,
        items: Vec::new(),
        updated_at: row.get(6)?,
    })
}

fn item(row: &Row<'_>) -> Result<CartItem, Fault> {
    Ok(CartItem { id: row.get(0)?, wish: read(row.text(1)?)?, answers: read(row.text(2)?)? })
}
