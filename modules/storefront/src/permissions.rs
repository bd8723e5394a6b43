//! What may be granted over the public pages.

use bursar_app::Permission;

/// Look at the public texts and their versions.
pub const TEXT_VIEW: &str = "storefront.text.view";
/// Publish new versions of them, and say which have to be agreed to.
pub const TEXT_EDIT: &str = "storefront.text.edit";
/// Change how the shop begins.
pub const SETTINGS: &str = "storefront.settings";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(TEXT_VIEW, "View public texts", &["billing", "sales", "support", "read_only"]),
    Permission::staff(TEXT_EDIT, "Publish public texts", &["sales"]),
    Permission::staff(SETTINGS, "Change the shop's settings", &[]),
];
