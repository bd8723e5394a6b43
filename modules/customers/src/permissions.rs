//! What may be granted over customers.

use bursar_app::Permission;

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

/// All of them.
pub const ALL: &[Permission] = &[
    Permission { name: CUSTOMER_VIEW, label: "See customers" },
    Permission { name: CUSTOMER_CREATE, label: "Create customers" },
    Permission { name: CUSTOMER_EDIT, label: "Edit customers, contacts and notes" },
    Permission { name: CUSTOMER_STATUS, label: "Suspend, ban, close and reopen customers" },
    Permission { name: GROUP_EDIT, label: "Edit customer groups" },
];
