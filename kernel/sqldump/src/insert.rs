use crate::error::Problem;
use crate::lex::{self, Lexed};
use crate::table::TableDef;

/// What an INSERT or REPLACE says before its first row.
pub(crate) struct InsertHeader {
    pub(crate) table: String,
    pub(crate) columns: Option<Vec<String>>,
}

impl InsertHeader {
    /// `INSERT [IGNORE] INTO t [(a, b)] VALUES`, up to the first row.
    pub(crate) fn read(bytes: &[u8], at: usize) -> Lexed<(Self, usize)> {
        let mut at = lex::skip_space(bytes, lex::word_end(bytes, at)?)?;
        for word in ["low_priority", "delayed", "high_priority", "ignore", "into"] {
            if let Some(next) = lex::keyword(bytes, at, word)? {
                at = next;
            }
        }
        let (table, end) = lex::table_name(bytes, at)?;
        at = lex::skip_space(bytes, end)?;
        let columns = if bytes[at] == b'(' {
            let (columns, end) = Self::columns(bytes, at)?;
            at = lex::skip_space(bytes, end)?;
            Some(columns)
        } else {
            None
        };
        for word in ["values", "value"] {
            if let Some(next) = lex::keyword(bytes, at, word)? {
                return Ok((Self { table, columns }, next));
            }
        }
        lex::unexpected(bytes, at, "VALUES and rows")
    }

    fn columns(bytes: &[u8], at: usize) -> Lexed<(Vec<String>, usize)> {
        let mut columns = Vec::new();
        let mut at = at;
        loop {
            at = lex::skip_space(bytes, at + 1)?;
            let (column, end) = lex::name(bytes, at)?;
            columns.push(column);
            at = lex::skip_space(bytes, end)?;
            match bytes[at] {
                b',' => {}
                b')' => return Ok((columns, at + 1)),
                _ => return lex::unexpected(bytes, at, "`,` or `)` after a column name"),
            }
        }
    }
}

/// For each column of the table, its position in the rows of an INSERT that names its columns.
pub(crate) fn positions(table: &TableDef, columns: Vec<String>) -> Result<Vec<Option<usize>>, Problem> {
    let mut positions = vec![None; table.columns.len()];
    for (position, column) in columns.into_iter().enumerate() {
        let Some(index) = table.column_index(&column) else { return Err(Problem::ColumnUnknown { column }) };
        if positions[index].replace(position).is_some() {
            return Err(Problem::ColumnRepeated { column });
        }
    }
    Ok(positions)
}
