//! What may be granted over services.

use bursar_app::Permission;

/// Look at services, what was done to them and what was said to vendors.
pub const SERVICE_VIEW: &str = "provisioning.service.view";
/// Try again, suspend, resume, switch, set passwords.
pub const SERVICE_OPERATE: &str = "provisioning.service.operate";
/// Remove a service and everything in it.
pub const SERVICE_TERMINATE: &str = "provisioning.service.terminate";
/// Link a service to what is on a server already, mend what differs.
pub const SERVICE_LINK: &str = "provisioning.service.link";
/// Let many suspensions through that were held.
pub const SUSPENSION_RELEASE: &str = "provisioning.suspension.release";
/// Change when services are made and taken away.
pub const SETTINGS: &str = "provisioning.settings";

/// A customer's user: see the customer's services.
pub const PORTAL_SERVICE_VIEW: &str = "provisioning.portal.service.view";
/// A customer's user: switch, set passwords, sign in to panels.
pub const PORTAL_SERVICE_OPERATE: &str = "provisioning.portal.service.operate";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(
        SERVICE_VIEW,
        "View services",
        &["billing", "sales", "support", "technician", "read_only"],
    ),
    Permission::staff(SERVICE_OPERATE, "Operate services", &["support", "technician"]),
    Permission::staff(SERVICE_TERMINATE, "Remove services", &["technician"]),
    Permission::staff(SERVICE_LINK, "Link services to accounts and mend differences", &["technician"]),
    Permission::staff(SUSPENSION_RELEASE, "Release held suspensions", &["billing", "technician"]),
    Permission::customer(
        PORTAL_SERVICE_VIEW,
        "provisioning-permission-view",
        &["billing", "technical", "read_only"],
    ),
    Permission::customer(PORTAL_SERVICE_OPERATE, "provisioning-permission-operate", &["technical"]),
    Permission::staff(SETTINGS, "Change when services are made and taken away", &[]),
];
