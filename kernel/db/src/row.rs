//! Reading columns by position, by exact type: NULL into a plain integer is an error, never 0.

use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;
use bursar_time::{Date, Instant};
use rusqlite::types::ValueRef;

/// One row of a result, valid inside the mapping closure.
#[derive(Debug)]
pub struct Row<'a>(pub(crate) RowInner<'a>);

#[derive(Debug)]
pub(crate) enum RowInner<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of column `index`, counted from 0.
    ///
    /// # Errors
    /// A fault of class `Corrupt` when the column is NULL for a type without it, or holds another type.
    pub fn get<T: FromColumn>(&self, index: usize) -> Result<T, Fault> {
        T::from_column(self, index)
    }

    /// Text without copying it.
    pub fn text(&self, index: usize) -> Result<&str, Fault> {
        self.opt_text(index)?.ok_or_else(|| null(index))
    }

    fn opt_text(&self, index: usize) -> Result<Option<&str>, Fault> {
        match self.0 {
            RowInner::Sqlite(row) => match row.get_ref(index).map_err(|e| unreadable(index, e))? {
                ValueRef::Null => Ok(None),
                ValueRef::Text(bytes) => {
                    std::str::from_utf8(bytes).map(Some).map_err(|e| unreadable(index, e))
                }
                other => {
                    Err(Fault::corrupt(format!("column {index} holds {:?}, not text", other.data_type())))
                }
            },
            RowInner::Postgres(row) => row.try_get(index).map_err(|e| unreadable(index, e)),
        }
    }

    fn opt_int(&self, index: usize) -> Result<Option<i64>, Fault> {
        match self.0 {
            RowInner::Sqlite(row) => match row.get_ref(index).map_err(|e| unreadable(index, e))? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(value) => Ok(Some(value)),
                other => Err(Fault::corrupt(format!(
                    "column {index} holds {:?}, not an integer",
                    other.data_type()
                ))),
            },
            RowInner::Postgres(row) => match *row.columns()[index].type_() {
                tokio_postgres::types::Type::INT4 => {
                    row.try_get::<_, Option<i32>>(index).map(|v| v.map(i64::from))
                }
                _ => row.try_get(index),
            }
            .map_err(|e| unreadable(index, e)),
        }
    }

    fn opt_bytes(&self, index: usize) -> Result<Option<&[u8]>, Fault> {
        match self.0 {
            RowInner::Sqlite(row) => match row.get_ref(index).map_err(|e| unreadable(index, e))? {
                ValueRef::Null => Ok(None),
                ValueRef::Blob(bytes) => Ok(Some(bytes)),
                other => {
                    Err(Fault::corrupt(format!("column {index} holds {:?}, not bytes", other.data_type())))
                }
            },
            RowInner::Postgres(row) => row.try_get(index).map_err(|e| unreadable(index, e)),
        }
    }
}

fn null(index: usize) -> Fault {
    Fault::corrupt(format!("column {index} is NULL where a value is required"))
}

fn unreadable(index: usize, error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::wrap(format!("column {index} cannot be read"), error)
}

/// A type that can be read from a column.
pub trait FromColumn: Sized {
    /// Reads column `index`, counted from 0.
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault>;
}

impl FromColumn for Option<i64> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.opt_int(index)
    }
}
impl FromColumn for i64 {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.opt_int(index)?.ok_or_else(|| null(index))
    }
}
impl FromColumn for bool {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        match i64::from_column(row, index)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Fault::corrupt(format!("column {index} holds {other}, not 0 or 1"))),
        }
    }
}
impl FromColumn for Option<String> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        Ok(row.opt_text(index)?.map(str::to_owned))
    }
}
impl FromColumn for String {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.text(index).map(str::to_owned)
    }
}
impl FromColumn for Option<Vec<u8>> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        Ok(row.opt_bytes(index)?.map(<[u8]>::to_vec))
    }
}
impl FromColumn for Vec<u8> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.opt_bytes(index)?.map(<[u8]>::to_vec).ok_or_else(|| null(index))
    }
}
impl<E> FromColumn for Id<E> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        i64::from_column(row, index).map(Id::new)
    }
}
impl<E> FromColumn for Option<Id<E>> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        Ok(row.opt_int(index)?.map(Id::new))
    }
}
impl FromColumn for Instant {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        i64::from_column(row, index).map(Instant::from_micros)
    }
}
impl FromColumn for Option<Instant> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        Ok(row.opt_int(index)?.map(Instant::from_micros))
    }
}
impl FromColumn for Option<Date> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.opt_text(index)?.map(|text| parse_date(text, index)).transpose()
    }
}
impl FromColumn for Date {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        parse_date(row.text(index)?, index)
    }
}
impl FromColumn for Currency {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        Currency::parse(row.text(index)?).map_err(|e| unreadable(index, e))
    }
}
impl FromColumn for Option<Currency> {
    fn from_column(row: &Row<'_>, index: usize) -> Result<Self, Fault> {
        row.opt_text(index)?.map(|t| Currency::parse(t).map_err(|e| unreadable(index, e))).transpose()
    }
}

/// `YYYY-MM-DD`, without the general parser: a billing batch reads several dates a row.
fn parse_date(text: &str, index: usize) -> Result<Date, Fault> {
    let bytes = text.as_bytes();
    let bad = || Fault::corrupt(format!("column {index} holds {text:?}, not a date"));
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(bad());
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range]
            .iter()
            .try_fold(0_i16, |n, b| b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0')).ok_or_else(bad))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let small = |n: i16| i8::try_from(n).map_err(|_| bad());
    Date::new(year, small(month)?, small(day)?).map_err(|_| bad())
}
