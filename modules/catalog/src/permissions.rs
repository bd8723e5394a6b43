//! What may be granted over the catalogue.

/// See products with all their prices, also hidden ones.
pub const PRODUCT_VIEW: &str = "catalog.product.view";
/// Make and change products, options, add-ons and their prices.
pub const PRODUCT_EDIT: &str = "catalog.product.edit";
/// See coupons and who redeemed them.
pub const COUPON_VIEW: &str = "catalog.coupon.view";
/// Make and change coupons.
pub const COUPON_EDIT: &str = "catalog.coupon.edit";

/// Name and label of each.
pub const ALL: &[(&str, &str)] = &[
    (PRODUCT_VIEW, "See products and prices"),
    (PRODUCT_EDIT, "Edit products, options, add-ons and prices"),
    (COUPON_VIEW, "See coupons"),
    (COUPON_EDIT, "Edit coupons"),
];
