//! What may be granted over customers.

/// See customers, their contacts and notes.
pub const CUSTOMER_VIEW: &str = "customers.customer.view";
/// Make a customer.
pub const CUSTOMER_CREATE: &str = "customers.customer.create";
/// Change a customer, its contacts and notes.
pub const CUSTOMER_EDIT: &str = "customers.customer.edit";
/// Suspend, ban, close or reopen a customer.
pub const CUSTOMER_STATUS: &str = "customers.customer.status";
/// Make and change customer groups, with their discount.
pub const GROUP_EDIT: &str = "customers.group.edit";

/// Name and label of each.
pub const ALL: &[(&str, &str)] = &[
    (CUSTOMER_VIEW, "See customers"),
    (CUSTOMER_CREATE, "Create customers"),
    (CUSTOMER_EDIT, "Edit customers, contacts and notes"),
    (CUSTOMER_STATUS, "Suspend, ban, close and reopen customers"),
    (GROUP_EDIT, "Edit customer groups"),
];
