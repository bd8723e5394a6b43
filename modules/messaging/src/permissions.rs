//! What may be granted over messages.

use bursar_app::Permission;

/// Read what was written to customers.
pub const MESSAGE_VIEW: &str = "messaging.message.view";

/// All of them with their labels.
pub const ALL: &[Permission] = &[Permission { name: MESSAGE_VIEW, label: "Read messages in the outbox" }];
