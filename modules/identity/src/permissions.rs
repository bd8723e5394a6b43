//! What may be granted over identities.

use bursar_app::Permission;

/// See who works here.
pub const STAFF_VIEW: &str = "identity.staff.view";
/// Make staff.
pub const STAFF_CREATE: &str = "identity.staff.create";
/// Change staff: role, department, blocking, signing out.
pub const STAFF_EDIT: &str = "identity.staff.edit";
/// Decide how strict the door is: second factors, networks, the proxy in front.
pub const POLICY_EDIT: &str = "identity.policy.edit";
/// Decide which other services sign people in here.
pub const APP_EDIT: &str = "identity.app.edit";
/// Decide which other services vouch for people who sign in here.
pub const PROVIDER_EDIT: &str = "identity.provider.edit";
/// See and edit roles.
pub const ROLE_EDIT: &str = "identity.role.edit";
/// See the users of customers.
pub const USER_VIEW: &str = "identity.user.view";
/// Block users, end their sessions, change what they are in a customer's team.
pub const USER_EDIT: &str = "identity.user.edit";
/// Look through a user's eyes.
pub const IMPERSONATE: &str = "identity.user.impersonate";
/// Make a link that signs in as a customer.
pub const PORTAL_LINK_CREATE: &str = "identity.portal_link.create";
/// See one's team and change it.
pub const TEAM_MANAGE: &str = "identity.portal.team.manage";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(STAFF_VIEW, "See staff", &[]),
    Permission::staff(STAFF_CREATE, "Add staff", &[]),
    Permission::staff(STAFF_EDIT, "Change, block and sign out staff", &[]),
    Permission::staff(POLICY_EDIT, "Change the rules of signing in", &[]),
    Permission::staff(APP_EDIT, "Edit apps that sign people in here", &[]),
    Permission::staff(PROVIDER_EDIT, "Edit services by which people sign in here", &[]),
    Permission::staff(ROLE_EDIT, "Edit roles", &[]),
    Permission::staff(USER_VIEW, "See users of customers", &["billing", "sales", "support", "read_only"]),
    Permission::staff(USER_EDIT, "Block users and change teams", &["support"]),
    Permission::staff(IMPERSONATE, "Act in the place of a customer's user", &["support"]),
    Permission::staff(PORTAL_LINK_CREATE, "Create portal sign-in links", &["billing", "sales", "support"]),
    Permission::customer(TEAM_MANAGE, "identity-permission-team", &[]),
];
