use std::fmt;

/// What a problem means for its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The value was replaced as the problem says; the rest of the row is taken over.
    Replaced,
    /// The row cannot be taken over until the value is corrected in the source.
    Refused,
}

/// Something wrong with one value of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Table in WHMCS.
    pub table: String,
    /// Its `id`, when that could be read.
    pub id: Option<i64>,
    /// Line of the dump.
    pub line: u64,
    /// Column in WHMCS.
    pub field: &'static str,
    /// What is wrong.
    pub problem: FieldProblem,
    /// What it means for the row.
    pub severity: Severity,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.table)?;
        match self.id {
            Some(id) => write!(f, "{id}")?,
            None => f.write_str("without id")?,
        }
        write!(f, " (line {}), field {}: {}", self.line, self.field, self.problem)
    }
}

/// What can be wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// The table has no such column.
    #[error("the table has no such column; expected a WHMCS 8 database")]
    NoColumn,
    /// Not a number, or with more decimals than the column has.
    #[error("{found:?} is not a number")]
    NotANumber {
        /// The stored value.
        found: String,
    },
    /// A number beyond what can be meant.
    #[error("{found} is not {allowed}")]
    OutOfRange {
        /// The stored value.
        found: String,
        /// What would be.
        allowed: &'static str,
    },
    /// A date the calendar does not have, or outside 1900 to 2200.
    #[error("{found:?} is not a date; taken as none")]
    NotADate {
        /// The stored value.
        found: String,
    },
    /// Neither of the spellings of yes and no.
    #[error("{found:?} is neither yes nor no; taken as no")]
    NotAFlag {
        /// The stored value.
        found: String,
    },
    /// The id of no currency.
    #[error("there is no currency {found}")]
    UnknownCurrency {
        /// The id.
        found: i64,
    },
    /// A currency code ISO 4217 does not have.
    #[error("{found:?} is not a currency of ISO 4217")]
    UnknownCurrencyCode {
        /// The code.
        found: String,
    },
    /// A status, type or cycle WHMCS does not have.
    #[error("{found:?} is none of: {known}")]
    UnknownName {
        /// The stored name.
        found: String,
        /// The names WHMCS has.
        known: String,
    },
    /// A known name in other letters.
    #[error("{found:?} is read as {read_as:?}")]
    UnusualSpelling {
        /// The stored name.
        found: String,
        /// The name it was taken for.
        read_as: &'static str,
    },
    /// NUL characters, which no text can hold elsewhere.
    #[error("NUL characters were left out")]
    NulCharacters,
}
