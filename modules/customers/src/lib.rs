//! Who buys: customers, their contacts, groups and notes, and the legal identity that documents print.
//!
//! A customer keeps one currency for life, because invoices and credit are kept in it. Every change of what an invoice
//! prints about a customer writes a new snapshot; snapshots never change, so an issued document never does either.
//!
//! Deliberately absent: invoices, balances and sign-in. This module does not know what a customer bought or owes.

mod actions;
mod check;
mod contacts;
mod customer;
mod error;
mod events;
mod figures;
mod groups;
mod module;
mod notes;
mod pages;
mod parts;
pub mod permissions;
mod portal;
mod portal_contacts;
pub mod privacy;
mod resource;
mod search;
mod store;
mod tax_ids;

use bursar_db::{Bulk, Migrations, Statement};

pub use actions::{create_customer, get_customer, set_customer_status, update_customer};
pub use contacts::{Contact, ContactDetails, add_contact, contacts_of, remove_contact, update_contact};
pub use contacts::{ImportedContact, import_contact};
pub use customer::{
    BillingProfile, Customer, CustomerDetails, Grouping, NewCustomer, Party, Postal, Status, TaxIdStatus,
};
pub use error::CustomerError;
pub use events::{CustomerCreated, CustomerErased, CustomerUpdated, ErasureAsked, PrivacyCopyReady};
pub use figures::{came_between, count_active};
pub use groups::{Group, GroupDetails, add_group, groups, import_group, remove_group, update_group};
pub use module::CustomersModule;
pub use notes::{Note, add_note, import_note, notes_of, remove_note};
pub use pages::{PAGE, names};
pub use parts::{
    billing_profiles, create, find, find_by_email, import_customer, set_status, set_tax_id_status, snapshot,
    snapshots, update,
};
pub use search::{find_by_words, owners};
pub use tax_ids::CheckTaxId;

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "customers",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_search" => "../migrations/0002_search.sql",
        "0003_figures" => "../migrations/0003_figures.sql",
        "0004_privacy" => "../migrations/0004_privacy.sql",
    )
}

/// Every statement, for the test that prepares them.
pub fn statements() -> Vec<&'static Statement> {
    [
        store::STATEMENTS,
        contacts::STATEMENTS,
        figures::STATEMENTS,
        groups::STATEMENTS,
        notes::STATEMENTS,
        pages::STATEMENTS,
        privacy::STATEMENTS,
        search::STATEMENTS,
    ]
    .concat()
}

/// Every bulk statement, for the test that prepares them.
pub fn bulks() -> Vec<&'static Bulk> {
    search::BULKS.to_vec()
}
