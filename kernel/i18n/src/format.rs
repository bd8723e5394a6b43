//! Amounts, numbers and dates as text.

use bursar_money::Money;
use bursar_time::Date;

use crate::Locale;

/// How a currency is named beside an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MoneyStyle {
    /// The symbol where it is clear (`€`, `£`), the code otherwise.
    #[default]
    Symbol,
    /// Always the ISO code: for documents and wherever several dollars could meet.
    Code,
}

/// Symbols that mean one currency only. `$`, `kr` and `¥` stand for several, so those of them that are not the
/// best-known one are shown by code.
const SYMBOLS: &[(&str, &str)] = &[
    ("BDT", "৳"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "¥"),
    ("KRW", "₩"),
    ("NGN", "₦"),
    ("PHP", "₱"),
    ("PLN", "zł"),
    ("TRY", "₺"),
    ("UAH", "₴"),
    ("USD", "$"),
    ("VND", "₫"),
];

/// `€1,234.50` in English, `1.234,50 €` in German.
pub fn format_money(money: Money, locale: Locale, style: MoneyStyle) -> String {
    format_minor(money.minor(), money.currency().code(), money.currency().exponent(), locale, style)
}

/// As [`format_money`], for an amount that comes in parts: minor units, ISO code and number of decimals.
pub fn format_minor(minor: i64, code: &str, exponent: u8, locale: Locale, style: MoneyStyle) -> String {
    let amount = digits(minor.unsigned_abs(), exponent, locale);
    let sign = if minor < 0 { "\u{2212}" } else { "" };
    let symbol = match style {
        MoneyStyle::Symbol => SYMBOLS.iter().find(|(known, _)| *known == code).map(|(_, symbol)| *symbol),
        MoneyStyle::Code => None,
    };
    match symbol {
        Some(symbol) if locale.puts_currency_first() => format!("{sign}{symbol}{amount}"),
        Some(symbol) => format!("{sign}{amount}\u{a0}{symbol}"),
        None if locale.puts_currency_first() => format!("{sign}{code}\u{a0}{amount}"),
        None => format!("{sign}{amount}\u{a0}{code}"),
    }
}

/// `1,234,567` with the locale's separator.
pub fn format_number(number: i64, locale: Locale) -> String {
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", digits(number.unsigned_abs(), 0, locale))
}

/// `10 Mar 2026`, `10.03.2026`, `10/03/2026`: the day is never mistaken for the month in the reader's own language.
pub fn format_date(date: Date, locale: Locale) -> String {
    const ENGLISH: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = (date.year(), date.month(), date.day());
    match locale {
        Locale::En => {
            let name =
                usize::try_from(month - 1).ok().and_then(|index| ENGLISH.get(index)).copied().unwrap_or("?");
            format!("{day} {name} {year:04}")
        }
        Locale::De => format!("{day:02}.{month:02}.{year:04}"),
        Locale::Es | Locale::Fr | Locale::Bn | Locale::Ar => format!("{day:02}/{month:02}/{year:04}"),
    }
}

/// `14:05`; every locale here reads the 24-hour clock.
pub fn format_time(hour: i8, minute: i8) -> String {
    format!("{hour:02}:{minute:02}")
}

/// Groups the digits and puts the decimal separator `exponent` digits from the end.
fn digits(magnitude: u64, exponent: u8, locale: Locale) -> String {
    let exponent = usize::from(exponent);
    let text = format!("{magnitude:0>width$}", width = exponent + 1);
    let (whole, decimals) = text.split_at(text.len() - exponent);
    let mut out = String::with_capacity(text.len() + text.len() / 3 + 1);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(locale.group_separator());
        }
        out.push(digit);
    }
    if exponent > 0 {
        out.push(locale.decimal_separator());
        out.push_str(decimals);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(minor: i64, code: &str, exponent: u8, locale: Locale) -> String {
        format_minor(minor, code, exponent, locale, MoneyStyle::Symbol)
    }

    #[test]
    fn currencies_keep_their_own_number_of_decimals() {
        assert_eq!(symbol(123_450, "EUR", 2, Locale::En), "€1,234.50");
        assert_eq!(symbol(1_234_567, "JPY", 0, Locale::En), "¥1,234,567");
        assert_eq!(symbol(1_234_567, "KWD", 3, Locale::En), "KWD\u{a0}1,234.567");
        assert_eq!(symbol(5, "EUR", 2, Locale::En), "€0.05");
        assert_eq!(symbol(0, "KWD", 3, Locale::De), "0,000\u{a0}KWD");
    }

    #[test]
    fn each_language_puts_the_symbol_where_it_belongs() {
        assert_eq!(symbol(123_450, "EUR", 2, Locale::De), "1.234,50\u{a0}€");
        assert_eq!(symbol(123_450, "EUR", 2, Locale::Es), "1.234,50\u{a0}€");
        assert_eq!(symbol(123_450, "EUR", 2, Locale::Fr), "1\u{202f}234,50\u{a0}€");
        assert_eq!(symbol(123_450, "BDT", 2, Locale::Bn), "1,234.50\u{a0}৳");
        assert_eq!(format_minor(123_450, "EUR", 2, Locale::En, MoneyStyle::Code), "EUR\u{a0}1,234.50");
    }

    #[test]
    fn the_smallest_number_has_a_sign_and_no_overflow() {
        assert_eq!(symbol(-1999, "USD", 2, Locale::En), "\u{2212}$19.99");
        assert_eq!(symbol(i64::MIN, "USD", 2, Locale::En), "\u{2212}$92,233,720,368,547,758.08");
        assert_eq!(format_number(-1_234, Locale::De), "\u{2212}1.234");
        assert_eq!(format_number(999, Locale::En), "999");
    }

    #[test]
    fn dates_are_written_as_the_reader_expects() {
        let date = Date::constant(2026, 3, 9);
        assert_eq!(format_date(date, Locale::En), "9 Mar 2026");
        assert_eq!(format_date(date, Locale::De), "09.03.2026");
        assert_eq!(format_date(date, Locale::Fr), "09/03/2026");
    }
}
