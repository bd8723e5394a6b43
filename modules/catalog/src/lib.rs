//! What is sold and for how much: products, options, add-ons, prices per currency and cycle, coupons, stock.
//!
//! Prices are stored per currency and never converted. A change of price is a new version from a date on; subscriptions
//! keep the figures they copied. [`price_selection`] is the one function that every cart, preview and invoice gets its
//! figures from, and [`discounts`] the one that says what coupons take off.
//!
//! Deliberately absent: subscriptions, orders and tax. This module does not know who bought what.

/// An enum stored as text: declares it with its codes.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in the database and in forms.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads [`code`](Self::code); `None` for any other text.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// The stored text, or a fault that names it.
            #[allow(dead_code, reason = "not every enum is a column")]
            pub(crate) fn stored(code: &str) -> Result<Self, bursar_fault::Fault> {
                Self::parse(code).ok_or_else(|| {
                    bursar_fault::Fault::corrupt(format!("{code:?} is not a {}", stringify!($name)))
                })
            }
        }
    };
}

mod actions;
mod addons;
mod check;
mod coupon;
mod coupon_store;
mod discount;
mod error;
mod grid;
mod module;
mod options;
mod pages;
pub mod permissions;
mod price;
mod product;
mod selection;
mod shelf;
mod shop;

use bursar_db::{Bulk, Migrations, Statement};

pub use actions::{
    create_addon, create_coupon, create_group, create_option, create_option_group, create_product,
    edit_addon, edit_coupon, edit_group, edit_option, edit_option_value, edit_product, offer_addons,
    offer_option_groups, offer_upgrades, put_option_value, put_price, withdraw_price,
};
pub use addons::{Addon, AddonDetails, add_addon, addons, find_addon, link_addon, update_addon};
pub use coupon::{
    Coupon, CouponBuyer, CouponDetails, CouponGrant, CouponKind, CouponRefused, GrantKind, Targets,
};
pub use coupon_store::{
    CouponError, Redemption, add_coupon, check_coupon, coupons, find_coupon, import_coupon_uses,
    import_redemption, redeem_coupon, redemptions, return_coupon, update_coupon,
};
pub use discount::{Discount, Discountable, check_stacking, discounts};
pub use error::CatalogError;
pub use grid::{Cell, counting, put_prices};
pub use module::CatalogModule;
pub use options::{
    OptionDetails, OptionKind, OptionValue, ProductOption, add_option, add_option_group, add_value,
    find_option, find_value, groups_of_product, link_option_group, option_groups, options_of_group,
    options_of_product, update_option, update_value,
};
pub use pages::choices::product_choices;
pub use price::{NewPrice, OwnerKind, Price, currencies, prices_of, remove_price, set_price};
pub use product::{
    BillingMode, Group, GroupDetails, Pay, Product, ProductDetails, ProductKind, ProductStatus, StockReturn,
    add_group, add_product, find_product, groups, kinds_of, link_upgrade, product_names, products,
    return_stock, slug_of, take_stock, update_group, update_product, upgrades_of,
};
pub use selection::{Buyer, ItemSource, Misfit, PricedItem, PricedSelection, Selection, SelectionError};
pub use shelf::{price_selection, price_selection_for};
pub use shop::{Offer, Tag, Tags, currencies_sold, offer_by_slug, offers, tags_of_choices};

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "catalog",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_stock_return" => "../migrations/0002_stock_return.sql",
        "0003_lists" => "../migrations/0003_lists.sql",
    )
}

/// Every statement, for the test that prepares them.
pub fn statements() -> Vec<&'static Statement> {
    [
        product::STATEMENTS,
        price::STATEMENTS,
        options::STATEMENTS,
        addons::STATEMENTS,
        coupon_store::STATEMENTS,
        pages::LIST_STATEMENTS,
        shop::STATEMENTS,
    ]
    .concat()
}

/// Every bulk statement, for the test that prepares them.
pub fn bulks() -> Vec<&'static Bulk> {
    Vec::new()
}
