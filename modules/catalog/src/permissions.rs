//! What may be granted over the catalogue.

use bursar_app::Permission;

/// See products with all their prices, also hidden ones.
pub const PRODUCT_VIEW: &str = "catalog.product.view";
/// Make and change products, options, add-ons and their prices.
pub const PRODUCT_EDIT: &str = "catalog.product.edit";
/// See coupons and who redeemed them.
pub const COUPON_VIEW: &str = "catalog.coupon.view";
/// Make and change coupons.
pub const COUPON_EDIT: &str = "catalog.coupon.edit";

/// All of them.
pub const ALL: &[Permission] = &[
    Permission { name: PRODUCT_VIEW, label: "See products and prices" },
    Permission { name: PRODUCT_EDIT, label: "Edit products, options, add-ons and prices" },
    Permission { name: COUPON_VIEW, label: "See coupons" },
    Permission { name: COUPON_EDIT, label: "Edit coupons" },
];
