use std::fmt;

/// Where in the dump something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1, of the uncompressed text.
    pub line: u64,
    /// Byte, from 0, of the uncompressed text.
    pub offset: u64,
    /// Table being read, when inside a CREATE TABLE or an INSERT.
    pub table: Option<String>,
    /// Row of that table, from 1, counted over all its INSERTs in the file.
    pub row: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.offset)?;
        if let Some(table) = &self.table {
            write!(f, ", table {table}")?;
        }
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        Ok(())
    }
}

/// Why the dump cannot be read further, and where. After the first error the reader repeats it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct DumpError {
    /// Where reading stopped.
    pub place: Place,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a dump file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file itself could not be read (disk, network, permissions).
    #[error("reading failed: {message}")]
    Read {
        /// The system's own words.
        message: String,
    },
    /// The compressed file stops before its end.
    #[error("the gzip file is truncated: copy or download it again")]
    TruncatedGzip,
    /// The compressed file is damaged or followed by something else.
    #[error("the gzip file is damaged: {message}")]
    DamagedGzip {
        /// What the decompressor said.
        message: String,
    },
    /// Compressed or encoded in a way this reader does not open.
    #[error("this is {format}, not an SQL text: {advice}")]
    OtherFormat {
        /// Name of the format recognised by its first bytes.
        format: &'static str,
        /// What the operator can do about it.
        advice: &'static str,
    },
    /// The text stops in the middle of something.
    #[error("the file ends inside {inside}: the dump is incomplete")]
    TruncatedFile {
        /// What was being read.
        inside: &'static str,
    },
    /// The text stops between two statements, without the mark its writer puts at the end.
    #[error("the file ends without {mark}: the dump is incomplete")]
    MissingEnd {
        /// The mark that was expected.
        mark: &'static str,
    },
    /// The file was read to its end and holds no table.
    #[error("no CREATE TABLE in the file: this is not a database dump")]
    NoTables,
    /// Bytes that cannot begin an SQL statement.
    #[error("expected an SQL statement, found {found}")]
    NotSql {
        /// The bytes found, printable.
        found: String,
    },
    /// A word that begins no statement MySQL knows.
    #[error("expected an SQL statement, found the word {word:?}")]
    UnknownStatement {
        /// The word found.
        word: String,
    },
    /// Something else stands where the grammar wants `expected`.
    #[error("expected {expected}, found {found}")]
    Syntax {
        /// What would have been right.
        expected: &'static str,
        /// The bytes found, printable.
        found: String,
    },
    /// A row for a table the file never creates, so that its columns are unknown.
    #[error(
        "rows for table {table}, but the file has no CREATE TABLE for it: dump structure and data together"
    )]
    TableUnknown {
        /// Name in the INSERT.
        table: String,
    },
    /// An INSERT names a column its table does not have.
    #[error("the INSERT names column {column}, which the CREATE TABLE does not have")]
    ColumnUnknown {
        /// Name in the INSERT.
        column: String,
    },
    /// An INSERT names a column twice.
    #[error("the INSERT names column {column} twice")]
    ColumnRepeated {
        /// Name in the INSERT.
        column: String,
    },
    /// A row has more or fewer values than the INSERT has columns.
    #[error("expected {expected} values in the row, found {found}")]
    ValueCount {
        /// Columns of the INSERT, or of the table when it names none.
        expected: usize,
        /// Values in the row.
        found: usize,
    },
    /// A row, comment line, or statement is larger than the memory set aside for one.
    #[error("more than {limit_bytes} bytes without an end of {inside}: expected a smaller one")]
    TooLong {
        /// What was being read.
        inside: &'static str,
        /// The cap.
        limit_bytes: usize,
    },
}
