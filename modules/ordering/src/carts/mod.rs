//! Carts: what somebody means to buy. Ids and answers only; every figure is computed when it is shown.
//!
//! A cart is found by the token in its browser's cookie, of which only the hash is stored, or by the customer who is
//! signed in. One that belongs to a customer is nobody else's, whoever holds the cookie.

pub mod change;
pub mod quote;
pub(crate) mod store;

use std::collections::BTreeMap;

use bursar_catalog::Selection;
use bursar_money::Currency;
use bursar_time::{Cycle, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use store::find;

/// Most things in one cart.
pub const MOST_ITEMS: usize = 20;
/// Most codes on one cart.
pub const MOST_CODES: usize = 5;
/// Days after which a cart that nobody touched is forgotten.
pub const KEPT_DAYS: i64 = 30;

/// What was picked from the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The product.
    pub product: i64,
    /// How often it is to be paid.
    pub cycle: Cycle,
    /// Units.
    pub quantity: i64,
    /// Option, value and how many.
    pub options: Vec<(i64, i64, i64)>,
    /// Add-on and how many.
    pub addons: Vec<(i64, i64)>,
}

impl Picked {
    /// As the catalogue prices it.
    pub fn selection(&self, currency: Currency) -> Selection {
        Selection {
            product: self.product,
            currency,
            cycle: self.cycle,
            quantity: self.quantity,
            options: self.options.clone(),
            addons: self.addons.clone(),
        }
    }
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wish {
    /// Something from the catalogue.
    Product(Picked),
    /// Something that an [`ItemKind`](crate::ItemKind) understands.
    Other {
        /// The kind's code.
        code: String,
        /// Its own words.
        payload: Value,
    },
}

impl Wish {
    /// The product, for what comes from the catalogue.
    pub fn product(&self) -> Option<i64> {
        match self {
            Self::Product(picked) => Some(picked.product),
            Self::Other { .. } => None,
        }
    }
}

/// One thing in a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartItem {
    /// Identity within the cart.
    pub id: i64,
    /// What.
    pub wish: Wish,
    /// Answers to the product's questions, by name.
    pub answers: BTreeMap<String, String>,
}

/// A cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Identity.
    pub id: i64,
    /// Whose it is; `None` for a visitor's.
    pub customer_id: Option<i64>,
    /// The currency it is shown in.
    pub currency: Currency,
    /// Where tax is computed for while nobody is signed in; ISO code.
    pub country: String,
    /// Within the country.
    pub state: String,
    /// Codes, in capitals.
    pub coupons: Vec<String>,
    /// What is in it, oldest first.
    pub items: Vec<CartItem>,
    /// When it was last touched.
    pub updated_at: Instant,
}

/// Who looks for a cart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shopper {
    /// The cookie's token.
    pub token: Option<String>,
    /// The customer somebody is signed in for.
    pub customer_id: Option<i64>,
}
