//! The currencies of the world.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency of ISO 4217 with its exponent. One byte wide; ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Currency(u8);

/// Nobody we know of pays in this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency {0:?}")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// Bangladeshi taka.
    pub const BDT: Self = Self::known("BDT");
    /// Swiss franc.
    pub const CHF: Self = Self::known("CHF");
    /// Euro.
    pub const EUR: Self = Self::known("EUR");
    /// Pound sterling.
    pub const GBP: Self = Self::known("GBP");
    /// Yen: no decimals.
    pub const JPY: Self = Self::known("JPY");
    /// Kuwaiti dinar: three decimals.
    pub const KWD: Self = Self::known("KWD");
    /// United States dollar.
    pub const USD: Self = Self::known("USD");

    /// The currency with this code, in small or large letters.
    pub fn parse(code: &str) -> Result<Self, UnknownCurrency> {
        let upper = code.to_ascii_uppercase();
        TABLE
            .binary_search_by(|(known, _)| (*known).cmp(upper.as_str()))
            .ok()
            .and_then(|index| u8::try_from(index).ok())
            .map(Self)
            .ok_or_else(|| UnknownCurrency(code.to_owned()))
    }

    /// All of them, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).take(TABLE.len()).map(Self)
    }

    /// The three letters, `EUR`.
    pub const fn code(self) -> &'static str {
        self.entry().0
    }

    /// How many decimals it has: 2 for most, 0 for JPY, 3 for KWD, 4 for CLF.
    pub const fn exponent(self) -> u8 {
        self.entry().1
    }

    /// How many minor units make one: 100 for most. Ten to the exponent.
    pub const fn scale(self) -> i64 {
        match self.exponent() {
            0 => 1,
            1 => 10,
            2 => 100,
            3 => 1_000,
            _ => 10_000, // the table has none above 4; a test says so
        }
    }

    const fn entry(self) -> (&'static str, u8) {
        TABLE[self.0 as usize]
    }

    /// Found while compiling; a code that is not in the table does not compile.
    const fn known(code: &str) -> Self {
        let code = code.as_bytes();
        let mut index = 0u8;
        while (index as usize) < TABLE.len() {
            let entry = TABLE[index as usize].0.as_bytes();
            if entry[0] == code[0] && entry[1] == code[1] && entry[2] == code[2] {
                return Self(index);
            }
            index = index.saturating_add(1);
        }
        panic!("a currency of the table")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        Self::parse(code)
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        Self::parse(&code)
    }
}

impl From<Currency> for &'static str {
    fn from(currency: Currency) -> Self {
        currency.code()
    }
}

/// ISO 4217, list one, with the exponents given there, sorted by code. Metals, testing codes and units without a
/// minor unit (XAU, XDR, XTS, XXX) are left out: nobody is billed in them. ANG, BGN and HRK have been withdrawn and
/// stay, because the invoices of the years before carry them.
#[rustfmt::skip]
const TABLE: &[(&str, u8)] = &[
    ("AED", 2), ("AFN", 2), ("ALL", 2), ("AMD", 2), ("ANG", 2), ("AOA", 2), ("ARS", 2), ("AUD", 2),
    ("AWG", 2), ("AZN", 2), ("BAM", 2), ("BBD", 2), ("BDT", 2), ("BGN", 2), ("BHD", 3), ("BIF", 0),
    ("BMD", 2), ("BND", 2), ("BOB", 2), ("BOV", 2), ("BRL", 2), ("BSD", 2), ("BTN", 2), ("BWP", 2),
    ("BYN", 2), ("BZD", 2), ("CAD", 2), ("CDF", 2), ("CHE", 2), ("CHF", 2), ("CHW", 2), ("CLF", 4),
    ("CLP", 0), ("CNY", 2), ("COP", 2), ("COU", 2), ("CRC", 2), ("CUP", 2), ("CVE", 2), ("CZK", 2),
    ("DJF", 0), ("DKK", 2), ("DOP", 2), ("DZD", 2), ("EGP", 2), ("ERN", 2), ("ETB", 2), ("EUR", 2),
    ("FJD", 2), ("FKP", 2), ("GBP", 2), ("GEL", 2), ("GHS", 2), ("GIP", 2), ("GMD", 2), ("GNF", 0),
    ("GTQ", 2), ("GYD", 2), ("HKD", 2), ("HNL", 2), ("HRK", 2), ("HTG", 2), ("HUF", 2), ("IDR", 2),
    ("ILS", 2), ("INR", 2), ("IQD", 3), ("IRR", 2), ("ISK", 0), ("JMD", 2), ("JOD", 3), ("JPY", 0),
    ("KES", 2), ("KGS", 2), ("KHR", 2), ("KMF", 0), ("KPW", 2), ("KRW", 0), ("KWD", 3), ("KYD", 2),
    ("KZT", 2), ("LAK", 2), ("LBP", 2), ("LKR", 2), ("LRD", 2), ("LSL", 2), ("LYD", 3), ("MAD", 2),
    ("MDL", 2), ("MGA", 2), ("MKD", 2), ("MMK", 2), ("MNT", 2), ("MOP", 2), ("MRU", 2), ("MUR", 2),
    ("MVR", 2), ("MWK", 2), ("MXN", 2), ("MXV", 2), ("MYR", 2), ("MZN", 2), ("NAD", 2), ("NGN", 2),
    ("NIO", 2), ("NOK", 2), ("NPR", 2), ("NZD", 2), ("OMR", 3), ("PAB", 2), ("PEN", 2), ("PGK", 2),
    ("PHP", 2), ("PKR", 2), ("PLN", 2), ("PYG", 0), ("QAR", 2), ("RON", 2), ("RSD", 2), ("RUB", 2),
    ("RWF", 0), ("SAR", 2), ("SBD", 2), ("SCR", 2), ("SDG", 2), ("SEK", 2), ("SGD", 2), ("SHP", 2),
    ("SLE", 2), ("SOS", 2), ("SRD", 2), ("SSP", 2), ("STN", 2), ("SVC", 2), ("SYP", 2), ("SZL", 2),
    ("THB", 2), ("TJS", 2), ("TMT", 2), ("TND", 3), ("TOP", 2), ("TRY", 2), ("TTD", 2), ("TWD", 2),
    ("TZS", 2), ("UAH", 2), ("UGX", 0), ("USD", 2), ("USN", 2), ("UYI", 0), ("UYU", 2), ("UYW", 4),
    ("UZS", 2), ("VED", 2), ("VES", 2), ("VND", 0), ("VUV", 0), ("WST", 2), ("XAD", 2), ("XAF", 0),
    ("XCD", 2), ("XCG", 2), ("XOF", 0), ("XPF", 0), ("YER", 2), ("ZAR", 2), ("ZMW", 2), ("ZWG", 2),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_fits_its_index() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(TABLE.len() <= 256);
        assert!(TABLE.iter().all(|(code, exponent)| {
            code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) && *exponent <= 4
        }));
    }

    #[test]
    fn every_currency_is_found_by_its_code_in_any_case() {
        assert_eq!(Currency::all().count(), TABLE.len());
        for currency in Currency::all() {
            assert_eq!(Currency::parse(currency.code()), Ok(currency));
            assert_eq!(Currency::parse(&currency.code().to_lowercase()), Ok(currency));
            assert_eq!(currency.scale(), 10_i64.pow(u32::from(currency.exponent())));
        }
        for wrong in ["", "EU", "EURO", "XXX", "XAU", "eu r", "€"] {
            assert_eq!(Currency::parse(wrong), Err(UnknownCurrency(wrong.to_owned())));
        }
    }

    #[test]
    fn exponents_that_are_not_two() {
        let with = |exponent| {
            Currency::all()
                .filter(|c| c.exponent() == exponent)
                .map(Currency::code)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(with(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
        assert_eq!(with(3), "BHD IQD JOD KWD LYD OMR TND");
        assert_eq!(with(4), "CLF UYW");
        assert_eq!(with(1), "");
    }

    #[test]
    fn is_its_code_in_json_and_orders_by_it() {
        assert_eq!(serde_json::to_string(&Currency::KWD).unwrap(), "\"KWD\"");
        assert_eq!(serde_json::from_str::<Currency>("\"chf\"").unwrap(), Currency::CHF);
        assert!(serde_json::from_str::<Currency>("\"XXX\"").is_err());
        assert!(Currency::BDT < Currency::CHF && Currency::CHF < Currency::USD);
        assert_eq!(size_of::<Currency>(), 1);
    }
}
