//! What may be granted over messages.

use bursar_app::Permission;

/// Read what was written to customers.
pub const MESSAGE_VIEW: &str = "messaging.message.view";
/// Read messages that let whoever reads them in: sign-in links, resets, invitations.
pub const SECRET_VIEW: &str = "messaging.secret.view";
/// Send a message again, or drop it.
pub const MESSAGE_SEND: &str = "messaging.message.send";
/// Change what mails say.
pub const TEMPLATE_EDIT: &str = "messaging.template.edit";
/// Set the mail server and the sender.
pub const SENDER_EDIT: &str = "messaging.sender.edit";
/// Choose which mails one gets.
pub const PREFERENCE_EDIT: &str = "messaging.portal.preference.edit";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(
        MESSAGE_VIEW,
        "Read messages in the outbox",
        &["billing", "sales", "support", "read_only"],
    ),
    Permission::staff(SECRET_VIEW, "Read messages that sign somebody in", &[]),
    Permission::staff(MESSAGE_SEND, "Send messages again or drop them", &["billing", "support"]),
    Permission::staff(TEMPLATE_EDIT, "Change the texts of mails", &[]),
    Permission::staff(SENDER_EDIT, "Set the mail server and the sender", &[]),
    Permission::customer(PREFERENCE_EDIT, "messaging-permission-preferences", &["billing", "technical"]),
];
