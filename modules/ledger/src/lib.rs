//! Double entry underneath everything that moves money.
//!
//! Every entry balances to zero in every currency it touches, or it is refused, in release builds too. Entries are
//! never edited: a correction is another entry that reverses the first. Debits are positive, credits negative.
//!
//! The ledger knows accounts, entries and exchange rates. It does not know invoices, payments or customers: an entry's
//! source names them by kind and id.

mod account;
mod bulk;
mod module;
mod pages;
pub mod permissions;
mod post;
mod rates;
mod store;
mod verify;

use bursar_db::{Bulk, Migrations, Statement};

pub use account::{Account, AccountKind};
pub use bulk::BulkPoster;
pub use module::LedgerModule;
pub use post::{Balance, Entry, NewEntry, account_id, balance, post, postings_of, reverse, trial_balance};
pub use rates::{rate, set_rate};
pub use verify::{Check, verify};

/// The ledger's tables.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "ledger",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_lists" => "../migrations/0002_lists.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [store::STATEMENTS, pages::STATEMENTS].concat()
}

/// Every bulk statement, for the same test.
pub fn bulks() -> Vec<&'static Bulk> {
    store::BULKS.to_vec()
}
