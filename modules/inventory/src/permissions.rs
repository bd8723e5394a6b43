//! What may be granted over the inventory.

use bursar_app::Permission;

/// See servers, groups, regions and how they are; never what opens them.
pub const SERVER_VIEW: &str = "inventory.server.view";
/// Add and change servers, groups and regions, try them, and set what opens them.
pub const SERVER_EDIT: &str = "inventory.server.edit";
/// See what products are made from.
pub const PLAN_VIEW: &str = "inventory.plan.view";
/// Say what products are made from.
pub const PLAN_EDIT: &str = "inventory.plan.edit";
/// See address pools and who has which address.
pub const ADDRESS_VIEW: &str = "inventory.address.view";
/// Make pools, set addresses aside and name them.
pub const ADDRESS_EDIT: &str = "inventory.address.edit";
/// See machines and who waits for one.
pub const MACHINE_VIEW: &str = "inventory.machine.view";
/// Add and change machines, and give them to services.
pub const MACHINE_EDIT: &str = "inventory.machine.edit";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(
        SERVER_VIEW,
        "See servers, groups and their health",
        &["technician", "support", "read_only"],
    ),
    Permission::staff(SERVER_EDIT, "Edit servers, groups and regions", &["technician"]),
    Permission::staff(
        PLAN_VIEW,
        "See what products are made from",
        &["technician", "sales", "support", "read_only"],
    ),
    Permission::staff(PLAN_EDIT, "Say what products are made from", &["technician"]),
    Permission::staff(ADDRESS_VIEW, "See IP addresses and pools", &["technician", "support", "read_only"]),
    Permission::staff(ADDRESS_EDIT, "Edit IP addresses and pools", &["technician"]),
    Permission::staff(
        MACHINE_VIEW,
        "See machines and who waits for one",
        &["technician", "sales", "support", "read_only"],
    ),
    Permission::staff(MACHINE_EDIT, "Edit machines and give them to services", &["technician"]),
];
