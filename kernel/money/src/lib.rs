//! Money, currencies, rates, rounding and allocation.
//!
//! Amounts are whole minor units with a currency. Nothing here is a float, nothing wraps, and nothing is rounded
//! but in [`rounding`], the one place. Percentages are parts per million; unit prices and exchange rates are
//! decimals and become money once per invoice line.

#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::arithmetic_side_effects))]

mod currency;
mod decimal;
mod money;
mod ppm;
mod rate;
pub mod rounding;

pub use currency::{Currency, UnknownCurrency};
pub use money::{Money, MoneyError};
pub use ppm::Ppm;
pub use rate::Rate;
pub use rounding::{INVOICE_LINE, Rounding};
