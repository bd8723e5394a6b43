//! Reading the values of one row, remembering what is wrong with each.
//!
//! A method returns something harmless for a value it cannot read and records the problem. Amounts, quantities and references
//! that cannot be read refuse the row; dates, flags and texts are replaced.

use std::collections::BTreeMap;

use bursar_money::{Currency, Ppm, Rate};
use bursar_sqldump::{Field, Repair, RowRef, decode, unescape_html_once};
use bursar_time::{Date, FIRST_YEAR, LAST_YEAR};
use jiff::civil::DateTime;

use super::problem::{FieldProblem, RowProblem, Severity};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::{Hundredths, parse_fixed};

/// What must be known of other rows to read one.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Currencies by their id in WHMCS.
    pub currencies: BTreeMap<i64, Currency>,
}

/// A row as read: the value unless it was refused, and everything that was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The row, unless a problem refuses it.
    pub value: Option<T>,
    /// What is wrong with it, in the order of its fields.
    pub problems: Vec<RowProblem>,
    /// Texts that had been encoded twice or in a single-byte character set, and were corrected.
    pub repaired_text_count: u32,
}

/// One of a fixed list of names WHMCS stores as text.
pub trait Named: Copy + 'static {
    /// The names as WHMCS writes them.
    const NAMES: &'static [(&'static str, Self)];
}

/// The values of one row.
pub struct Fields<'a> {
    row: RowRef<'a>,
    context: &'a Context,
    problems: Vec<RowProblem>,
    repaired_text_count: u32,
}

/// Largest amount taken over: a million millions. WHMCS's columns hold a hundred times as much, no business has it.
const AMOUNT_LIMIT: Hundredths = Hundredths(100_000_000_000_000);

impl<'a> Fields<'a> {
    pub(super) fn new(row: RowRef<'a>, context: &'a Context) -> Self {
        Self { row, context, problems: Vec::new(), repaired_text_count: 0 }
    }

    pub(super) fn finish<T>(self, value: T) -> Reading<T> {
        let is_refused = self.problems.iter().any(|problem| problem.severity == Severity::Refused);
        Reading {
            value: (!is_refused).then_some(value),
            problems: self.problems,
            repaired_text_count: self.repaired_text_count,
        }
    }

    /// Records a problem that refuses the row.
    pub fn refuse(&mut self, field: &'static str, problem: FieldProblem) {
        self.record(field, problem, Severity::Refused);
    }

    /// Records a problem whose value was replaced.
    pub fn replace(&mut self, field: &'static str, problem: FieldProblem) {
        self.record(field, problem, Severity::Replaced);
    }

    fn record(&mut self, field: &'static str, problem: FieldProblem, severity: Severity) {
        let id = self
            .row
            .get("id")
            .and_then(Field::as_bytes)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .and_then(|text| text.parse().ok());
        let (table, line) = (self.row.table().name.clone(), self.row.line());
        self.problems.push(RowProblem { table, id, line, field, problem, severity });
    }

    /// The bytes of a value; empty for NULL and for a column that is missing.
    fn bytes(&mut self, column: &'static str) -> &'a [u8] {
        match self.row.get(column) {
            Some(field) => field.as_bytes().unwrap_or_default(),
            None => {
                self.refuse(column, FieldProblem::NoColumn);
                &[]
            }
        }
    }

    /// A text stored as it is meant, like HTML, a number or a token.
    pub fn raw_text(&mut self, column: &'static str) -> String {
        let bytes = self.bytes(column);
        let Some(definition) = self.row.table().column(column) else { return String::new() };
        let decoded = decode(bytes, &definition.charset);
        if let Some(Repair::SingleByte | Repair::DoubleEncoded) = decoded.repaired {
            self.repaired_text_count += 1;
        }
        if !decoded.text.contains('\0') {
            return decoded.text.into_owned();
        }
        self.replace(column, FieldProblem::NulCharacters);
        decoded.text.replace('\0', "")
    }

    /// A text typed into a form, which WHMCS stores with HTML entities.
    pub fn text(&mut self, column: &'static str) -> String {
        let raw = self.raw_text(column);
        let text = unescape_html_once(&raw);
        text.into_owned()
    }

    /// A text without the blanks around it, like an e-mail address or a code.
    pub fn word(&mut self, column: &'static str) -> String {
        self.text(column).trim().to_owned()
    }

    /// A whole number, 0 for NULL.
    pub fn number(&mut self, column: &'static str) -> i64 {
        let text = String::from_utf8_lossy(self.bytes(column));
        if text.is_empty() {
            return 0;
        }
        match parse_fixed(&text, 0).and_then(|value| i64::try_from(value).ok()) {
            Some(value) => value,
            None => {
                self.refuse(column, FieldProblem::NotANumber { found: text.into_owned() });
                0
            }
        }
    }

    fn number_in(
        &mut self,
        column: &'static str,
        range: std::ops::RangeInclusive<i64>,
        allowed: &'static str,
    ) -> i64 {
        let value = self.number(column);
        if range.contains(&value) {
            return value;
        }
        self.refuse(column, FieldProblem::OutOfRange { found: value.to_string(), allowed });
        *range.start()
    }

    /// The row's own id.
    pub fn id(&mut self, column: &'static str) -> i64 {
        self.number_in(column, 1..=i64::MAX, "an id, which is above 0")
    }

    /// The id of another row; `None` for 0, which WHMCS stores for "none".
    pub fn link(&mut self, column: &'static str) -> Option<i64> {
        let id = self.number_in(column, 0..=i64::MAX, "an id, which is not below 0");
        (id != 0).then_some(id)
    }

    /// How many of something, 0 to a million.
    pub fn quantity(&mut self, column: &'static str) -> i64 {
        self.number_in(column, 0..=1_000_000, "a quantity between 0 and a million")
    }

    /// A count or a limit, of any size MySQL's `int` holds.
    pub fn count(&mut self, column: &'static str) -> i64 {
        self.number_in(column, 0..=i64::from(u32::MAX), "a count, which is not below 0")
    }

    /// Yes or no, in any of WHMCS's spellings.
    pub fn flag(&mut self, column: &'static str) -> bool {
        let text = String::from_utf8_lossy(self.bytes(column)).to_ascii_lowercase();
        match text.as_str() {
            "1" | "on" | "yes" | "true" => true,
            "" | "0" | "off" | "no" | "false" => false,
            _ => {
                self.replace(column, FieldProblem::NotAFlag { found: text });
                false
            }
        }
    }

    /// An amount of any sign.
    pub fn amount(&mut self, column: &'static str) -> Hundredths {
        let text = String::from_utf8_lossy(self.bytes(column));
        if text.is_empty() {
            return Hundredths::ZERO;
        }
        match parse_fixed(&text, 2).map(Hundredths) {
            Some(amount) if amount.0.abs() <= AMOUNT_LIMIT.0 => amount,
            None if !is_decimal(&text) => {
                self.refuse(column, FieldProblem::NotANumber { found: text.into_owned() });
                Hundredths::ZERO
            }
            Some(_) | None => {
                let allowed = "an amount of at most two decimals and a million millions";
                self.refuse(column, FieldProblem::OutOfRange { found: text.into_owned(), allowed });
                Hundredths::ZERO
            }
        }
    }

    /// An amount that cannot be below zero.
    pub fn amount_not_negative(&mut self, column: &'static str) -> Hundredths {
        let amount = self.amount(column);
        if amount >= Hundredths::ZERO {
            return amount;
        }
        let allowed = "an amount that is not below 0";
        self.refuse(column, FieldProblem::OutOfRange { found: amount.to_string(), allowed });
        Hundredths::ZERO
    }

    /// A price; `None` when it is below zero, with which WHMCS marks a cycle that is not sold.
    pub fn price(&mut self, column: &'static str) -> Option<Hundredths> {
        Some(self.amount(column)).filter(|price| *price >= Hundredths::ZERO)
    }

    /// A rate between 0 and 100 % that is still applied.
    pub fn percent(&mut self, column: &'static str) -> Ppm {
        self.read_percent(column).unwrap_or_else(|problem| {
            self.refuse(column, problem);
            Ppm::ZERO
        })
    }

    /// A rate stated on a finished document, whose amounts count; none when it cannot be right.
    pub fn stated_percent(&mut self, column: &'static str) -> Option<Ppm> {
        self.read_percent(column).map_or_else(
            |problem| {
                self.replace(column, problem);
                None
            },
            Some,
        )
    }

    fn read_percent(&mut self, column: &'static str) -> Result<Ppm, FieldProblem> {
        let found = String::from_utf8_lossy(self.bytes(column)).into_owned();
        if found.is_empty() {
            return Ok(Ppm::ZERO);
        }
        match Ppm::from_percent_text(&found) {
            Ok(rate) if rate <= Ppm::ONE => Ok(rate),
            Err(_) if !is_decimal(&found) => Err(FieldProblem::NotANumber { found }),
            Ok(_) | Err(_) => Err(FieldProblem::OutOfRange { found, allowed: "a rate between 0 and 100 %" }),
        }
    }

    /// An exchange rate above 0 that is still applied.
    pub fn rate(&mut self, column: &'static str) -> Rate {
        self.read_rate(column).unwrap_or_else(|problem| {
            self.refuse(column, problem);
            Rate::parse("1").expect("one is a rate")
        })
    }

    /// An exchange rate stated beside an amount that counts; none when it cannot be right.
    pub fn stated_rate(&mut self, column: &'static str) -> Option<Rate> {
        self.read_rate(column).map_err(|problem| self.replace(column, problem)).ok()
    }

    fn read_rate(&mut self, column: &'static str) -> Result<Rate, FieldProblem> {
        let found = String::from_utf8_lossy(self.bytes(column)).into_owned();
        let is_above_zero = found.bytes().any(|b| matches!(b, b'1'..=b'9'));
        match Rate::parse(&found) {
            Ok(rate) if is_above_zero => Ok(rate),
            Ok(_) | Err(_) => Err(FieldProblem::OutOfRange { found, allowed: "an exchange rate above 0" }),
        }
    }

    /// A code of ISO 4217.
    pub fn currency_code(&mut self, column: &'static str) -> Currency {
        let code = self.word(column);
        Currency::parse(&code).unwrap_or_else(|_| {
            self.refuse(column, FieldProblem::UnknownCurrencyCode { found: code });
            Currency::USD
        })
    }

    /// The currency with the stored id.
    pub fn currency(&mut self, column: &'static str) -> Currency {
        self.currency_or_none(column).unwrap_or_else(|| {
            if self.problems.last().is_none_or(|problem| problem.field != column) {
                self.refuse(column, FieldProblem::UnknownCurrency { found: 0 });
            }
            Currency::USD
        })
    }

    /// The currency with the stored id; `None` for 0.
    pub fn currency_or_none(&mut self, column: &'static str) -> Option<Currency> {
        let id = self.link(column)?;
        let currency = self.context.currencies.get(&id).copied();
        if currency.is_none() {
            self.refuse(column, FieldProblem::UnknownCurrency { found: id });
        }
        currency
    }

    /// A billing cycle in any spelling.
    pub fn cycle(&mut self, column: &'static str) -> LegacyCycle {
        let found = self.word(column);
        LegacyCycle::parse(&found).unwrap_or_else(|| {
            let known = "Free Account, One Time, Monthly … Triennially".to_owned();
            self.refuse(column, FieldProblem::UnknownName { found, known });
            LegacyCycle::Free
        })
    }

    /// One of a list of names; case and blanks around it are forgiven and reported.
    pub fn named<T: Named>(&mut self, column: &'static str) -> T {
        let found = self.raw_text(column);
        if let Some((_, value)) = T::NAMES.iter().find(|(name, _)| *name == found) {
            return *value;
        }
        if let Some((name, value)) = T::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(found.trim()))
        {
            self.replace(column, FieldProblem::UnusualSpelling { found, read_as: name });
            return *value;
        }
        let names: Vec<&str> = T::NAMES.iter().map(|(name, _)| *name).collect();
        self.refuse(column, FieldProblem::UnknownName { found, known: names.join(", ") });
        T::NAMES[0].1
    }

    /// A date; `None` for NULL, `''` and `0000-00-00`, which all mean "none".
    pub fn date(&mut self, column: &'static str) -> Option<Date> {
        self.moment(column).map(DateTime::date)
    }

    /// A date and time in the zone of the WHMCS server; `None` as for [`Fields::date`].
    pub fn moment(&mut self, column: &'static str) -> Option<DateTime> {
        let text = String::from_utf8_lossy(self.bytes(column)).into_owned();
        if text.is_empty() || text.starts_with("0000-00-00") {
            return None;
        }
        let parsed = if text.len() == "2026-11-20".len() {
            text.parse::<Date>().map(|date| date.to_datetime(jiff::civil::Time::midnight()))
        } else {
            text.parse::<DateTime>()
        };
        match parsed {
            Ok(moment) if (FIRST_YEAR..=LAST_YEAR).contains(&moment.year()) => Some(moment),
            Ok(_) | Err(_) => {
                self.replace(column, FieldProblem::NotADate { found: text });
                None
            }
        }
    }
}

/// Whether the text is a plain decimal of any size.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|&b| b == b'.').count() <= 1
}
