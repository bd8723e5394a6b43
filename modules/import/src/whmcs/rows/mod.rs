//! The rows of the money core as types, with what is wrong in each named by table, id and field.
//!
//! These say what WHMCS stores, in our types; they do not say what it means for Bursar. Columns and their meaning are those of
//! WHMCS 8; tables and columns not listed are not read.

mod billing;
mod catalog;
mod customers;
mod fields;
mod problem;
mod services;
mod setup;

#[cfg(test)]
mod tests;

use bursar_sqldump::RowRef;

pub use billing::{
    BankAccountRow, BillableItemRow, CreditCardRow, CreditRow, InvoiceItemRow, InvoiceRow, InvoiceStatus,
    PayMethodRow, PaymentGatewayRow, TransactionRow,
};
pub use catalog::{
    AddonRow, ConfigGroupRow, ConfigLinkRow, ConfigOptionRow, ConfigOptionValueRow, OptionKind, PayKind,
    PriceKind, PriceRow, ProductGroupRow, ProductRow, PromotionKind, PromotionRow,
};
pub use customers::{ClientGroupRow, ClientRow, ClientStatus, ContactRow, NoteRow, UserClientRow, UserRow};
pub use fields::{Context, Fields, Named, Reading};
pub use problem::{FieldProblem, RowProblem, Severity};
pub use services::{
    CancelRequestRow, CancelWhen, HostingAddonRow, HostingOptionRow, HostingRow, ServiceStatus,
};
pub use setup::{CurrencyRow, SettingRow, TaxRow};

/// A row of one WHMCS table.
pub trait WhmcsRow: Sized {
    /// Name of the table.
    const TABLE: &'static str;

    /// Reads every field; problems are left in `fields`.
    fn read(fields: &mut Fields<'_>) -> Self;
}

/// Reads a row that is known to be of the table of `T`.
pub fn read_row<T: WhmcsRow>(row: RowRef<'_>, context: &Context) -> Reading<T> {
    let mut fields = Fields::new(row, context);
    let value = T::read(&mut fields);
    fields.finish(value)
}

/// Declares a row type: each field with its type, the method of [`Fields`] that reads it, and its column.
macro_rules! whmcs_row {
    ($(#[$meta:meta])* $name:ident = $table:literal $(check $check:path)? {
        $($(#[$field_meta:meta])* $field:ident: $type:ty = $method:ident($column:literal),)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $crate::whmcs::rows::WhmcsRow for $name {
            const TABLE: &'static str = $table;

            fn read(fields: &mut $crate::whmcs::rows::Fields<'_>) -> Self {
                let row = Self { $($field: fields.$method($column),)* };
                $($check(&row, fields);)?
                row
            }
        }
    };
}

/// Declares an enum whose variants are names WHMCS stores.
macro_rules! whmcs_names {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $stored:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $crate::whmcs::rows::Named for $name {
            const NAMES: &'static [(&'static str, Self)] = &[$(($stored, Self::$variant),)*];
        }
    };
}

use {whmcs_names, whmcs_row};

/// Declares the enum of all rows and how a row of the dump becomes one of them.
macro_rules! legacy_rows {
    ($($variant:ident($row:ident),)*) => {
        /// A row of any table of the money core.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum LegacyRow {
            $(#[doc = concat!("A [`", stringify!($row), "`].")] $variant(Box<$row>),)*
        }

        /// Reads a row of any table; `None` for a table that is not part of the money core.
        pub fn read_any(row: RowRef<'_>, context: &Context) -> Option<Reading<LegacyRow>> {
            match row.table().name.as_str() {
                $(<$row as WhmcsRow>::TABLE => {
                    let Reading { value, problems, repaired_text_count } = read_row::<$row>(row, context);
                    let value = value.map(|value| LegacyRow::$variant(Box::new(value)));
                    Some(Reading { value, problems, repaired_text_count })
                })*
                _ => None,
            }
        }
    };
}

legacy_rows! {
    Addon(AddonRow),
    BankAccount(BankAccountRow),
    BillableItem(BillableItemRow),
    CancelRequest(CancelRequestRow),
    Client(ClientRow),
    ClientGroup(ClientGroupRow),
    ConfigGroup(ConfigGroupRow),
    ConfigLink(ConfigLinkRow),
    ConfigOption(ConfigOptionRow),
    ConfigOptionValue(ConfigOptionValueRow),
    Contact(ContactRow),
    Credit(CreditRow),
    CreditCard(CreditCardRow),
    Currency(CurrencyRow),
    Hosting(HostingRow),
    HostingAddon(HostingAddonRow),
    HostingOption(HostingOptionRow),
    Invoice(InvoiceRow),
    InvoiceItem(InvoiceItemRow),
    Note(NoteRow),
    PayMethod(PayMethodRow),
    PaymentGateway(PaymentGatewayRow),
    Price(PriceRow),
    Product(ProductRow),
    ProductGroup(ProductGroupRow),
    Promotion(PromotionRow),
    Setting(SettingRow),
    Tax(TaxRow),
    Transaction(TransactionRow),
    User(UserRow),
    UserClient(UserClientRow),
}
