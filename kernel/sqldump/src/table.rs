use std::collections::BTreeMap;

use crate::row::Field;

/// How a table or column says its text is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charset {
    /// `utf8`, `utf8mb3`, `utf8mb4`.
    Utf8,
    /// `latin1`, which in MySQL is Windows-1252. Text in such a table of a UTF-8 dump may be encoded twice.
    Latin1,
    /// `binary`, and every blob: bytes, not text.
    Binary,
    /// Any other, by its MySQL name.
    Other(String),
    /// The dump does not say.
    Unspecified,
}

impl Charset {
    /// From MySQL's name of a character set (`utf8mb4`) or of one of its collations (`utf8mb4_unicode_ci`).
    pub(crate) fn named(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        match lower.split('_').next().unwrap_or_default() {
            "utf8" | "utf8mb3" | "utf8mb4" => Self::Utf8,
            "latin1" => Self::Latin1,
            "binary" => Self::Binary,
            "" | "default" => Self::Unspecified,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What a column holds when an INSERT leaves it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultValue {
    /// `DEFAULT NULL`, or none given.
    Null,
    /// `DEFAULT 0.00`: an unquoted number.
    Number(String),
    /// `DEFAULT 'x'`: a quoted literal, unescaped.
    Text(Vec<u8>),
    /// `DEFAULT current_timestamp()` and other expressions the file cannot tell the value of.
    Expression(String),
}

/// One column of a CREATE TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDef {
    /// Name as written in the CREATE TABLE.
    pub name: String,
    /// Type in lower case with its arguments: `decimal(16,2)`, `int(10) unsigned`, `enum('on','off')`.
    pub type_text: String,
    /// False for NOT NULL.
    pub nullable: bool,
    /// Value for rows that do not give one.
    pub default: DefaultValue,
    /// The column's own character set, or its table's.
    pub charset: Charset,
}

impl ColumnDef {
    /// The type without arguments and attributes: `decimal`, `varchar`.
    pub fn base_type(&self) -> &str {
        self.type_text.split(['(', ' ']).next().unwrap_or_default()
    }

    /// Whether the column holds bytes and not text.
    pub fn is_binary(&self) -> bool {
        self.charset == Charset::Binary
    }

    /// Whether the column holds text.
    pub fn is_text(&self) -> bool {
        !self.is_binary()
            && matches!(
                self.base_type(),
                "char"
                    | "varchar"
                    | "tinytext"
                    | "text"
                    | "mediumtext"
                    | "longtext"
                    | "enum"
                    | "set"
                    | "json"
            )
    }
}

/// A CREATE TABLE of the dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDef {
    /// Name as written, without the database.
    pub name: String,
    /// Columns in the order of the CREATE TABLE, which is the order of an INSERT without names.
    pub columns: Vec<ColumnDef>,
    /// The table's default character set.
    pub charset: Charset,
    indexes: BTreeMap<String, usize>,
}

impl TableDef {
    pub(crate) fn new(name: String, columns: Vec<ColumnDef>, charset: Charset) -> Self {
        let indexes = columns
            .iter()
            .enumerate()
            .map(|(index, column)| (column.name.to_ascii_lowercase(), index))
            .collect();
        Self { name, columns, charset, indexes }
    }

    /// Index of a column by its name. Case is ignored, as MySQL does.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        if let Some(&index) = self.indexes.get(name) {
            return Some(index);
        }
        self.indexes.get(&name.to_ascii_lowercase()).copied()
    }

    /// A column by its name. Case is ignored, as MySQL does.
    pub fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.column_index(name).map(|index| &self.columns[index])
    }

    pub(crate) fn default_field(&self, index: usize) -> Field<'_> {
        let column = &self.columns[index];
        match &column.default {
            DefaultValue::Null | DefaultValue::Expression(_) => Field::Null,
            DefaultValue::Number(text) => Field::Number(text),
            DefaultValue::Text(bytes) if column.is_binary() => Field::Bytes(bytes),
            DefaultValue::Text(bytes) => Field::Text(bytes),
        }
    }
}
