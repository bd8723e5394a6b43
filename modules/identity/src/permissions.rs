//! What may be granted over identities.

use bursar_app::Permission;

/// Make staff.
pub const STAFF_CREATE: &str = "identity.staff.create";
/// Make a link that signs in as a customer.
pub const PORTAL_LINK_CREATE: &str = "identity.portal_link.create";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(STAFF_CREATE, "Add staff", &[]),
    Permission::staff(PORTAL_LINK_CREATE, "Create portal sign-in links", &["billing", "sales", "support"]),
];
