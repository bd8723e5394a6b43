//! Numbers, dates and money as people of a language write them.
//!
//! Owns the list of locales and their separators. Everything is done on integers and text: no amount ever becomes a
//! floating-point number. Digits stay Western in every locale, because invoices are read by banks and tax offices too.
//! Knows nothing of pages or modules.

mod format;
mod locale;

pub use format::{MoneyStyle, format_date, format_minor, format_money, format_number, format_time};
pub use locale::{Direction, Locale};
