//! What may be granted over orders.

use bursar_app::Permission;

/// Look at orders.
pub const ORDER_VIEW: &str = "ordering.order.view";
/// Accept or reject what waits for review.
pub const ORDER_REVIEW: &str = "ordering.order.review";
/// Cancel an order.
pub const ORDER_CANCEL: &str = "ordering.order.cancel";
/// Mark an order as fraud.
pub const ORDER_FRAUD: &str = "ordering.order.fraud";
/// Order for a customer.
pub const ORDER_CREATE: &str = "ordering.order.create";
/// Change the rules of review, order forms and deadlines.
pub const SETTINGS: &str = "ordering.settings";
/// A customer's user: see the customer's orders.
pub const PORTAL_ORDER_VIEW: &str = "ordering.portal.order.view";
/// A customer's user: order for the customer.
pub const PORTAL_ORDER_PLACE: &str = "ordering.portal.order.place";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(ORDER_VIEW, "View orders", &["billing", "sales", "support", "technician", "read_only"]),
    Permission::staff(ORDER_REVIEW, "Accept and reject orders", &["sales"]),
    Permission::staff(ORDER_CANCEL, "Cancel orders", &["billing", "sales"]),
    Permission::staff(ORDER_FRAUD, "Mark orders as fraud", &["billing", "sales"]),
    Permission::staff(ORDER_CREATE, "Order for a customer", &["sales"]),
    Permission::staff(SETTINGS, "Change order forms and the rules of review", &[]),
    Permission::customer(
        PORTAL_ORDER_VIEW,
        "ordering-permission-view",
        &["billing", "technical", "read_only"],
    ),
    Permission::customer(PORTAL_ORDER_PLACE, "ordering-permission-place", &["billing"]),
];
