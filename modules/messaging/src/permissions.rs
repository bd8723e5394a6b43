//! What may be granted over messages.

use bursar_app::Permission;

/// Read what was written to customers.
pub const MESSAGE_VIEW: &str = "messaging.message.view";

/// All of them with their labels.
pub const ALL: &[Permission] = &[Permission::staff(
    MESSAGE_VIEW,
    "Read messages in the outbox",
    &["billing", "sales", "support", "read_only"],
)];
