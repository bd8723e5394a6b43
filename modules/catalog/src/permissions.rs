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
    Permission::staff(
        PRODUCT_VIEW,
        "See products and prices",
        &["billing", "sales", "support", "technician", "read_only"],
    ),
    Permission::staff(PRODUCT_EDIT, "Edit products, options, add-ons and prices", &["sales"]),
    Permission::staff(COUPON_VIEW, "See coupons", &["billing", "sales", "support", "read_only"]),
    Permission::staff(COUPON_EDIT, "Edit coupons", &["sales"]),
];
