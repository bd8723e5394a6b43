//! Streaming reader for MySQL dump files.
//!
//! Reads what `mysqldump`, `mariadb-dump` and phpMyAdmin write, plain or gzip, and hands out one table definition or one
//! row at a time. The memory used is one row, whatever the size of the file or of its statements: a 1 GB INSERT is read row
//! by row.
//!
//! A row is either returned exactly as the server would have stored it or not at all: a file that ends early, a row with a
//! value too many, or anything that is not understood is an error that names line, byte, table and row. The meaning of
//! tables and values is not known here.

mod contents;
mod create;
mod error;
mod insert;
mod lex;
mod reader;
mod row;
mod table;
mod text;
mod window;

#[cfg(test)]
mod tests;

pub use contents::Contents;
pub use error::{DumpError, Place, Problem};
pub use reader::{Event, ITEM_LIMIT_BYTES, Reader};
pub use row::{Field, RowRef};
pub use table::{Charset, ColumnDef, DefaultValue, TableDef};
pub use text::{Decoded, Repair, decode, repair_double_encoding, unescape_html_once};
