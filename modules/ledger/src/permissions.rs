//! What may be granted over the books.

use bursar_app::Permission;

/// See the journal.
pub const ENTRY_VIEW: &str = "ledger.entry.view";

/// All of them.
pub const ALL: &[Permission] = &[Permission::staff(ENTRY_VIEW, "See the journal", &["billing", "read_only"])];
