use std::io::{Read, Seek, SeekFrom};

use crate::error::{DumpError, Place};
use crate::reader::{Reader, Table};
use crate::table::TableDef;
use crate::window::Window;

/// INSERTs of one table that follow each other.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) table: usize,
    /// Bytes of the uncompressed text.
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) lines_before: u64,
    pub(crate) rows_before: u64,
    /// Something stands behind it that must not be read again.
    pub(crate) is_closed: bool,
}

/// Where the rows of every table stand in a dump that was read to its end, so that a few tables can be read again without
/// the rest. A few numbers a table, whatever the file's size.
#[derive(Debug, Clone)]
pub struct Contents {
    tables: Vec<TableDef>,
    stretches: Vec<Stretch>,
}

impl Contents {
    pub(crate) fn new(tables: Vec<TableDef>, stretches: Vec<Stretch>) -> Self {
        Self { tables, stretches }
    }

    /// Reads the rows of some tables again, in the order of the file. A plain file is read only where those rows stand; a
    /// gzip file has to be unpacked up to the last of them.
    ///
    /// # Errors
    /// When the file cannot be read. That it is another file than the one that was read before shows, if at all, as an
    /// error in the rows.
    pub fn read<R: Read + Seek>(
        &self,
        input: R,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Reader<R>, DumpError> {
        let window = Window::open(input)
            .map_err(|problem| DumpError {
                place: Place { line: 1, offset: 0, table: None, row: None },
                problem,
            })?
            .seeking_with(|input, offset| input.seek(SeekFrom::Start(offset)).map(drop));
        let stretches =
            self.stretches.iter().filter(|s| is_wanted(&self.tables[s.table].name)).cloned().collect();
        let tables = self
            .tables
            .iter()
            .map(|definition| Table { definition: definition.clone(), row_count: 0 })
            .collect();
        Ok(Reader::select(window, tables, stretches))
    }
}
