//! What we ask of a register of tax numbers: does this number belong to a business now, and to whom.
//!
//! A number is first looked at here ([`TaxId::parse`]): a wrong form or check digit is refused without asking anybody.
//! Only the register can say that a number is valid. An outage is its own answer and never means "invalid".

mod digits;
mod number;

use async_trait::async_trait;
use bursar_outbound::Call;

pub use number::{BadTaxId, TaxId};

/// What a register says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// The number is in use. Some states give no name or address; the texts are then empty.
    Valid {
        /// The business.
        name: String,
        /// Its address, lines separated by line feeds.
        address: String,
    },
    /// The number is not in use.
    Invalid,
    /// Nobody can say now. Keep the last answer and ask again later.
    Unavailable {
        /// For staff.
        why: String,
    },
}

/// A register.
#[async_trait]
pub trait TaxIdRegister: Send + Sync {
    /// Stored with every answer.
    fn id(&self) -> &'static str;

    /// Asks about one well-formed number. Everything that is not a clear yes or no MUST be `Unavailable`.
    async fn check(&self, call: &Call, number: &TaxId) -> Check;
}

/// Checks what a customer typed: `country` is the ISO 3166 code of the address, `text` the number with or without its
/// prefix. A number of wrong form is `Invalid` without a question; a country whose numbers we do not know is
/// `Unavailable`, so that nobody is taken for a business, or refused as one, by mistake.
pub async fn check(register: &dyn TaxIdRegister, call: &Call, country: &str, text: &str) -> Check {
    match TaxId::parse(country, text) {
        Ok(number) => register.check(call, &number).await,
        Err(BadTaxId::UnknownCountry(country)) => {
            Check::Unavailable { why: format!("numbers of {country} cannot be checked here") }
        }
        Err(BadTaxId::WrongForm { .. } | BadTaxId::WrongCheckDigit { .. }) => Check::Invalid,
    }
}
