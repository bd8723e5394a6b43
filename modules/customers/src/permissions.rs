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

/// A customer's user: see and change the customer's name, addresses, tax number and contacts.
pub const PORTAL_PROFILE_EDIT: &str = "customers.portal.profile.edit";

/// Decide who is forgotten, and how long copies and documents are kept.
pub const PRIVACY_DECIDE: &str = "customers.privacy.decide";
/// A customer's user: get a copy of the customer's data, and ask to be forgotten. The owner's alone.
pub const PORTAL_PRIVACY: &str = "customers.portal.privacy";

/// All of them.
pub const ALL: &[Permission] = &[
    Permission::staff(
        CUSTOMER_VIEW,
        "See customers",
        &["billing", "sales", "support", "technician", "read_only"],
    ),
    Permission::staff(CUSTOMER_CREATE, "Create customers", &["billing", "sales"]),
    Permission::staff(CUSTOMER_EDIT, "Edit customers, contacts and notes", &["billing", "sales", "support"]),
    Permission::staff(CUSTOMER_STATUS, "Suspend, ban, close and reopen customers", &["billing"]),
    Permission::staff(GROUP_EDIT, "Edit customer groups", &["sales"]),
    Permission::staff(PRIVACY_DECIDE, "Decide about erasing customers", &[]),
    Permission::customer(PORTAL_PRIVACY, "customers-permission-privacy", &[]),
    Permission::customer(PORTAL_PROFILE_EDIT, "customers-permission-profile", &["billing"]),
];
