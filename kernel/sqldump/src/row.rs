use crate::error::Place;
use crate::table::{ColumnDef, TableDef};
use crate::window::line_of;

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// SQL NULL, or a column the INSERT leaves out and that has no known default.
    Null,
    /// An unquoted number exactly as written: `-12.50`, `1e3`. TRUE and FALSE are `1` and `0`.
    Number(&'a str),
    /// A quoted value of a text, date or number column, escapes resolved, not yet decoded: see [`crate::decode`].
    Text(&'a [u8]),
    /// A value of a blob column, or a `0x…`, `x'…'`, `b'…'` or `_binary` literal outside a text column.
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    /// The bytes of the value as written, `None` for NULL.
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Null => None,
            Self::Number(text) => Some(text.as_bytes()),
            Self::Text(bytes) | Self::Bytes(bytes) => Some(bytes),
        }
    }
}

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Number,
    Quoted,
    Binary,
}

/// Where a value stands: in the window, or in the scratch space when it had escapes or was hexadecimal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) kind: Kind,
    pub(crate) in_scratch: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The values of the row just read.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub(crate) spans: Vec<Span>,
    pub(crate) scratch: Vec<u8>,
}

/// One row, borrowed from the reader until its next event.
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    pub(crate) table: &'a TableDef,
    pub(crate) values: &'a Values,
    /// For each column of the table, its position in the row. `None` when the INSERT gives all, in order.
    pub(crate) positions: Option<&'a [Option<usize>]>,
    pub(crate) window: &'a [u8],
    pub(crate) start: usize,
    pub(crate) base: u64,
    pub(crate) lines_before: u64,
    pub(crate) number: u64,
}

impl<'a> RowRef<'a> {
    /// The table the row belongs to.
    pub fn table(&self) -> &'a TableDef {
        self.table
    }

    /// Row of the table, from 1, counted over all its INSERTs in the file.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Byte of the uncompressed text at which the row begins.
    pub fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Line of the uncompressed text on which the row begins. Counted when asked.
    pub fn line(&self) -> u64 {
        line_of(self.lines_before, &self.window[..self.start])
    }

    /// Everything an error message about this row needs.
    pub fn place(&self) -> Place {
        let (line, offset) = (self.line(), self.offset());
        Place { line, offset, table: Some(self.table.name.clone()), row: Some(self.number) }
    }

    /// Value of a column by its name, `None` when the table has no such column. Case is ignored.
    pub fn get(&self, column: &str) -> Option<Field<'a>> {
        self.table.column_index(column).map(|index| self.index(index))
    }

    /// Value of a column by its index in the CREATE TABLE (see [`TableDef::column_index`]).
    ///
    /// # Panics
    /// When the table has no column of that index.
    pub fn index(&self, index: usize) -> Field<'a> {
        let column = &self.table.columns[index];
        let position = match self.positions {
            None => index,
            Some(positions) => match positions[index] {
                Some(position) => position,
                None => return self.table.default_field(index),
            },
        };
        let span = self.values.spans[position];
        let source: &'a [u8] = if span.in_scratch { &self.values.scratch } else { self.window };
        let bytes = &source[span.start..span.end];
        match span.kind {
            Kind::Null => Field::Null,
            Kind::Number => {
                Field::Number(std::str::from_utf8(bytes).expect("the lexer lets only ASCII into a number"))
            }
            Kind::Quoted if column.is_binary() => Field::Bytes(bytes),
            Kind::Quoted => Field::Text(bytes),
            // phpMyAdmin writes text with a binary collation as 0x…
            Kind::Binary if column.is_text() => Field::Text(bytes),
            Kind::Binary => Field::Bytes(bytes),
        }
    }

    /// All columns of the table with their values, in the order of the CREATE TABLE.
    pub fn fields(self) -> impl Iterator<Item = (&'a ColumnDef, Field<'a>)> {
        self.table.columns.iter().enumerate().map(move |(index, column)| (column, self.index(index)))
    }
}
