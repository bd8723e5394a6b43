use std::collections::BTreeMap;
use std::io::Read;

use crate::contents::{Contents, Stretch};
use crate::create::create_table;
use crate::error::{DumpError, Place, Problem};
use crate::insert::{InsertHeader, positions};
use crate::lex::{self, Lexed, Stop};
use crate::row::{RowRef, Values};
use crate::table::TableDef;
use crate::window::Window;

/// Largest row, comment, or statement other than INSERT that is read: 64 MiB.
pub const ITEM_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Words a statement can begin with. Anything else means that this is not a dump, or that something was mixed into it.
const STATEMENTS: [&str; 28] = [
    "alter",
    "analyze",
    "begin",
    "call",
    "change",
    "commit",
    "create",
    "delete",
    "delimiter",
    "drop",
    "execute",
    "flush",
    "grant",
    "insert",
    "install",
    "lock",
    "optimize",
    "prepare",
    "rename",
    "replace",
    "rollback",
    "select",
    "set",
    "start",
    "truncate",
    "unlock",
    "update",
    "use",
];

/// What the reader found next.
pub enum Event<'a> {
    /// A CREATE TABLE. It comes before the rows of its table.
    Table(&'a TableDef),
    /// A row of an INSERT or REPLACE.
    Row(RowRef<'a>),
    /// The file was read to its end and is complete as far as it can tell.
    Done,
}

/// Reads a dump one table or row at a time. See the crate's documentation.
pub struct Reader<R> {
    window: Window<R>,
    state: State,
    tables: Vec<Table>,
    table_by_name: BTreeMap<String, usize>,
    insert: Insert,
    values: Values,
    row_start: usize,
    delimiter: Vec<u8>,
    writer_is_phpmyadmin: bool,
    /// The mark the writer of this dump puts at its end, once we know the writer and until we have seen it.
    end_mark: Option<&'static str>,
    /// Where rows were found so far.
    found: Vec<Stretch>,
    /// Where to go, when only some tables are read again.
    selection: Option<std::vec::IntoIter<Stretch>>,
    /// The part of the selection being read.
    current: Option<Stretch>,
}

pub(crate) struct Table {
    pub(crate) definition: TableDef,
    pub(crate) row_count: u64,
}

#[derive(Default)]
struct Insert {
    table: usize,
    positions: Option<Vec<Option<usize>>>,
    value_count: usize,
}

enum State {
    Beginning,
    Statement,
    /// Inside an INSERT, before its first row or after one.
    FirstRow,
    AfterRow,
    Done,
    Ended,
    Failed(DumpError),
}

enum Step {
    Table(usize),
    Row,
    Done,
    Ended,
}

const MYSQLDUMP_END: &str = "the line \"-- Dump completed\"";
const PHPMYADMIN_END: &str = "the COMMIT that closes phpMyAdmin's transaction";

impl<R: Read> Reader<R> {
    /// Opens a dump; gzip (of one or several members) is recognised by its first bytes.
    ///
    /// # Errors
    /// When the file cannot be read or is in a format other than SQL text or gzip.
    pub fn open(input: R) -> Result<Self, DumpError> {
        let window = Window::open(input).map_err(|problem| DumpError {
            place: Place { line: 1, offset: 0, table: None, row: None },
            problem,
        })?;
        Ok(Self {
            window,
            state: State::Beginning,
            tables: Vec::new(),
            table_by_name: BTreeMap::new(),
            insert: Insert::default(),
            values: Values::default(),
            row_start: 0,
            delimiter: b";".to_vec(),
            writer_is_phpmyadmin: false,
            end_mark: None,
            found: Vec::new(),
            selection: None,
            current: None,
        })
    }

    /// A reader of those stretches only. The tables are known from the reading that found them.
    pub(crate) fn select(window: Window<R>, tables: Vec<Table>, stretches: Vec<Stretch>) -> Self {
        let table_by_name =
            tables.iter().enumerate().map(|(index, table)| (table.definition.name.clone(), index)).collect();
        Self {
            window,
            state: State::Statement,
            tables,
            table_by_name,
            insert: Insert::default(),
            values: Values::default(),
            row_start: 0,
            delimiter: b";".to_vec(),
            writer_is_phpmyadmin: false,
            end_mark: None,
            found: Vec::new(),
            selection: Some(stretches.into_iter()),
            current: None,
        }
    }

    /// Where every table was found, for reading some of them again. Complete after `Done`.
    pub fn into_contents(self) -> Contents {
        let definitions = self.tables.into_iter().map(|table| table.definition).collect();
        Contents::new(definitions, self.found)
    }

    /// Bytes of the file, compressed when it is, read so far; for a progress bar beside the file's size.
    pub fn progress(&self) -> u64 {
        self.window.file_bytes_read()
    }

    /// The next table or row, then `Done` once, then `None`.
    ///
    /// # Errors
    /// When the file cannot be read further; the same error is returned from then on.
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, DumpError> {
        match self.advance() {
            Ok(Step::Table(index)) => Ok(Some(Event::Table(&self.tables[index].definition))),
            Ok(Step::Row) => Ok(Some(Event::Row(self.row()))),
            Ok(Step::Done) => Ok(Some(Event::Done)),
            Ok(Step::Ended) => Ok(None),
            Err(error) => {
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }

    fn row(&self) -> RowRef<'_> {
        let table = &self.tables[self.insert.table];
        RowRef {
            table: &table.definition,
            values: &self.values,
            positions: self.insert.positions.as_deref(),
            window: self.window.bytes(),
            start: self.row_start,
            base: self.window.offset_of(0),
            lines_before: self.window.lines_before(),
            number: table.row_count,
        }
    }

    fn advance(&mut self) -> Result<Step, DumpError> {
        loop {
            match &self.state {
                State::Beginning => self.begin()?,
                State::Statement => {
                    if !self.is_selected()? {
                        self.state = State::Done;
                    } else if let Some(step) = self.statement()? {
                        return Ok(step);
                    }
                }
                State::FirstRow => return self.read_row().map(|()| Step::Row),
                State::AfterRow => {
                    if self.another_row()? {
                        return self.read_row().map(|()| Step::Row);
                    }
                }
                State::Done => {
                    self.state = State::Ended;
                    return Ok(Step::Done);
                }
                State::Ended => return Ok(Step::Ended),
                State::Failed(error) => return Err(error.clone()),
            }
        }
    }

    /// Goes to the next stretch of the selection when this one is read; false when there is none. Without a selection
    /// everything is read.
    fn is_selected(&mut self) -> Result<bool, DumpError> {
        let Some(selection) = &mut self.selection else { return Ok(true) };
        let at = self.window.offset_of(self.window.at());
        if self.current.as_ref().is_some_and(|stretch| at < stretch.end) {
            return Ok(true);
        }
        let Some(next) = selection.next() else { return Ok(false) };
        self.tables[next.table].row_count = next.rows_before;
        let (start, lines) = (next.start, next.lines_before);
        self.current = Some(next);
        self.window
            .skip_to(start, lines)
            .map_err(|problem| self.fail(self.window.at(), None, problem))
            .map(|()| true)
    }

    fn begin(&mut self) -> Result<(), DumpError> {
        while self.window.rest().len() < 3 && self.fetch()? {}
        if self.window.rest().starts_with(b"\xef\xbb\xbf") {
            self.window.move_to(3);
        }
        self.state = State::Statement;
        Ok(())
    }

    /// Passes one comment, blank or statement; a step when it is one that matters.
    fn statement(&mut self) -> Result<Option<Step>, DumpError> {
        let Some(&first) = self.window.rest().first() else {
            if !self.fetch()? {
                self.finish()?;
            }
            return Ok(None);
        };
        if first.is_ascii_whitespace() || first == 0x0b {
            let rest = self.window.rest();
            let blank =
                rest.iter().position(|b| !b.is_ascii_whitespace() && *b != 0x0b).unwrap_or(rest.len());
            self.window.move_to(self.window.at() + blank);
            return Ok(None);
        }
        if self.at_delimiter()? {
            self.window.move_to(self.window.at() + self.delimiter.len());
            return Ok(None);
        }
        match first {
            b';' => self.window.move_to(self.window.at() + 1),
            b'#' => self.line_comment()?,
            b'-' if self.try_lex("a comment", lex::is_dash_comment)? => self.line_comment()?,
            b'/' => self.block_comment()?,
            b'(' => self.skip_statement()?,
            _ if first.is_ascii_alphabetic() => return self.worded_statement(),
            _ => {
                let found = lex::printable(self.window.rest());
                return Err(self.fail(self.window.at(), None, Problem::NotSql { found }));
            }
        }
        Ok(None)
    }

    fn at_delimiter(&mut self) -> Result<bool, DumpError> {
        while self.window.rest().len() < self.delimiter.len() && self.fetch()? {}
        Ok(self.window.rest().starts_with(&self.delimiter))
    }

    fn finish(&mut self) -> Result<(), DumpError> {
        let at = self.window.at();
        if let Some(mark) = self.end_mark {
            return Err(self.fail(at, None, Problem::MissingEnd { mark }));
        }
        if self.tables.is_empty() {
            return Err(self.fail(at, None, Problem::NoTables));
        }
        self.state = State::Done;
        Ok(())
    }

    /// Writers sign their dumps in comments, at the beginning and (mysqldump) at the end.
    fn line_comment(&mut self) -> Result<(), DumpError> {
        let end = loop {
            let rest = self.window.rest();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                break self.window.at() + length + 1;
            }
            let length = rest.len();
            if !self.fetch_within("a comment line")? {
                break self.window.at() + length;
            }
        };
        let text = &self.window.bytes()[self.window.at()..end];
        if text.starts_with(b"-- Dump completed") {
            self.end_mark = None;
        } else if text.starts_with(b"-- MySQL dump ") || text.starts_with(b"-- MariaDB dump ") {
            self.end_mark = Some(MYSQLDUMP_END);
        } else if text.starts_with(b"-- phpMyAdmin SQL Dump") {
            self.writer_is_phpmyadmin = true;
        }
        self.window.move_to(end);
        Ok(())
    }

    fn block_comment(&mut self) -> Result<(), DumpError> {
        let end = self.try_lex("a comment", |bytes, at| match lex::byte(bytes, at + 1)? {
            b'*' => lex::block_comment_end(bytes, at),
            _ => Err(Stop::Bad(at, Problem::NotSql { found: lex::printable(&bytes[at..]) })),
        })?;
        self.window.move_to(end);
        Ok(())
    }

    fn skip_statement(&mut self) -> Result<(), DumpError> {
        let end = self.statement_end()?;
        self.window.move_to(end);
        Ok(())
    }

    fn statement_end(&mut self) -> Result<usize, DumpError> {
        let delimiter = std::mem::take(&mut self.delimiter);
        let end = self.try_lex("a statement", |bytes, at| lex::statement_end(bytes, at, &delimiter));
        self.delimiter = delimiter;
        end
    }

    fn worded_statement(&mut self) -> Result<Option<Step>, DumpError> {
        let end = self.try_lex("a statement", lex::word_end)?;
        let word = String::from_utf8_lossy(&self.window.bytes()[self.window.at()..end]).to_ascii_lowercase();
        match word.as_str() {
            "insert" | "replace" => self.insert_header()?,
            "create" => return self.create().map(|table| table.map(Step::Table)),
            "delimiter" => self.set_delimiter()?,
            "start" => {
                if self.writer_is_phpmyadmin {
                    self.end_mark = Some(PHPMYADMIN_END);
                }
                self.skip_statement()?;
            }
            "commit" => {
                self.skip_statement()?;
                if self.end_mark == Some(PHPMYADMIN_END) {
                    self.end_mark = None;
                }
            }
            known if STATEMENTS.contains(&known) => self.skip_statement()?,
            _ => return Err(self.fail(self.window.at(), None, Problem::UnknownStatement { word })),
        }
        Ok(None)
    }

    /// `DELIMITER ;;` is a command of the client and ends with its line.
    fn set_delimiter(&mut self) -> Result<(), DumpError> {
        let (delimiter, end) = self.try_lex("a DELIMITER line", |bytes, at| {
            let length = memchr::memchr(b'\n', &bytes[at..]).ok_or(Stop::More)?;
            let argument = bytes[at + "delimiter".len()..at + length].trim_ascii();
            if argument.is_empty() {
                return lex::unexpected(bytes, at, "a delimiter after DELIMITER");
            }
            Ok((argument.to_vec(), at + length + 1))
        })?;
        self.delimiter = delimiter;
        self.window.move_to(end);
        Ok(())
    }

    fn create(&mut self) -> Result<Option<usize>, DumpError> {
        let end = self.statement_end()?;
        let at = self.window.at();
        let created = match create_table(&self.window.bytes()[..end], at) {
            Ok(created) => created,
            Err(Stop::Bad(place, problem)) => return Err(self.fail(place, None, problem)),
            Err(Stop::More) => {
                let found = lex::printable(self.window.rest());
                let problem = Problem::Syntax { expected: "a complete CREATE statement", found };
                return Err(self.fail(at, None, problem));
            }
        };
        self.window.move_to(end);
        let Some(definition) = created else { return Ok(None) };
        if let Some(last) = self.found.last_mut() {
            last.is_closed = true;
        }
        let index = self.tables.len();
        self.table_by_name.insert(definition.name.clone(), index);
        self.tables.push(Table { definition, row_count: 0 });
        Ok(Some(index))
    }

    fn insert_header(&mut self) -> Result<(), DumpError> {
        let (header, end) = self.try_lex("an INSERT", InsertHeader::read)?;
        let at = self.window.at();
        let offset = self.window.offset_of(at);
        let Some(&table) = self.table_by_name.get(&header.table) else {
            return Err(self.fail(at, None, Problem::TableUnknown { table: header.table }));
        };
        let definition = &self.tables[table].definition;
        let value_count = header.columns.as_ref().map_or(definition.columns.len(), Vec::len);
        let positions = match header.columns.map(|columns| positions(definition, columns)).transpose() {
            Ok(positions) => positions,
            Err(problem) => return Err(self.fail(at, Some(table), problem)),
        };
        if !self.found.last().is_some_and(|last| last.table == table && !last.is_closed) {
            self.found.push(Stretch {
                table,
                start: offset,
                end: offset,
                lines_before: self.window.line_of(at) - 1,
                rows_before: self.tables[table].row_count,
                is_closed: false,
            });
        }
        self.insert = Insert { table, positions, value_count };
        self.state = State::FirstRow;
        self.window.move_to(end);
        Ok(())
    }

    fn read_row(&mut self) -> Result<(), DumpError> {
        self.tables[self.insert.table].row_count += 1;
        let mut values = std::mem::take(&mut self.values);
        let read = self.try_lex("a row", |bytes, at| {
            let start = lex::skip_space(bytes, at)?;
            Ok((start, lex::row(bytes, start, &mut values)?))
        });
        self.values = values;
        let (start, end) = read?;
        let (expected, found) = (self.insert.value_count, self.values.spans.len());
        if expected != found {
            return Err(self.fail(start, Some(self.insert.table), Problem::ValueCount { expected, found }));
        }
        self.row_start = start;
        self.window.move_to(end);
        self.state = State::AfterRow;
        Ok(())
    }

    /// After a row: whether a comma announces another. If not, the statement is passed to its end.
    fn another_row(&mut self) -> Result<bool, DumpError> {
        let at = self.try_lex("an INSERT", lex::skip_space)?;
        self.window.move_to(at);
        if self.window.bytes()[at] == b',' {
            self.window.move_to(at + 1);
            return Ok(true);
        }
        if self.at_delimiter()? {
            self.window.move_to(self.window.at() + self.delimiter.len());
        } else if self.try_lex("an INSERT", |bytes, at| lex::keyword(bytes, at, "on"))?.is_some() {
            // ON DUPLICATE KEY UPDATE: what it would do to rows of another database is nothing to us.
            self.skip_statement()?;
        } else {
            let found = lex::printable(self.window.rest());
            let problem = Problem::Syntax { expected: "`,` or the end of the statement after a row", found };
            return Err(self.fail(self.window.at(), Some(self.insert.table), problem));
        }
        self.state = State::Statement;
        let end = self.window.offset_of(self.window.at());
        if let Some(last) = self.found.last_mut() {
            last.end = end;
        }
        Ok(false)
    }

    /// Reads one item, fetching until it is whole.
    fn try_lex<T>(
        &mut self,
        inside: &'static str,
        mut read: impl FnMut(&[u8], usize) -> Lexed<T>,
    ) -> Result<T, DumpError> {
        loop {
            match read(self.window.bytes(), self.window.at()) {
                Ok(item) => return Ok(item),
                Err(Stop::Bad(at, problem)) => return Err(self.fail(at, self.current_table(), problem)),
                Err(Stop::More) => {
                    if !self.fetch_within(inside)? {
                        let at = self.window.bytes().len();
                        return Err(self.fail(at, self.current_table(), Problem::TruncatedFile { inside }));
                    }
                }
            }
        }
    }

    fn fetch_within(&mut self, inside: &'static str) -> Result<bool, DumpError> {
        if self.window.rest().len() >= ITEM_LIMIT_BYTES {
            let problem = Problem::TooLong { inside, limit_bytes: ITEM_LIMIT_BYTES };
            return Err(self.fail(self.window.at(), self.current_table(), problem));
        }
        self.fetch()
    }

    fn fetch(&mut self) -> Result<bool, DumpError> {
        self.window.fetch().map_err(|problem| {
            let at = self.window.bytes().len();
            self.fail(at, self.current_table(), problem)
        })
    }

    fn current_table(&self) -> Option<usize> {
        match self.state {
            State::FirstRow | State::AfterRow => Some(self.insert.table),
            _ => None,
        }
    }

    fn fail(&self, at: usize, table: Option<usize>, problem: Problem) -> DumpError {
        let table = table.map(|index| &self.tables[index]);
        let place = Place {
            line: self.window.line_of(at),
            offset: self.window.offset_of(at),
            table: table.map(|table| table.definition.name.clone()),
            row: table.map(|table| table.row_count).filter(|&count| count > 0),
        };
        DumpError { place, problem }
    }
}
