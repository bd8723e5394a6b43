//! Values bound to a statement, borrowed from the caller: binding allocates nothing on SQLite.

use bursar_ids::Id;
use bursar_money::Currency;
use bursar_time::{Date, Instant};
use bytes::{BufMut, BytesMut};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// One bound value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// Any integer column: ids, minor units, instants, flags.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// A blob.
    Bytes(&'a [u8]),
    /// A calendar date as its ten ISO characters.
    Date([u8; 10]),
    /// A list of ids for `{any:$N}`.
    Ids(&'a [i64]),
}

/// A bound value that outlives its caller's.
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Date([u8; 10]),
    Ids(Box<[i64]>),
}

impl From<&Param<'_>> for Value {
    fn from(param: &Param<'_>) -> Self {
        match *param {
            Param::Null => Self::Null,
            Param::Int(value) => Self::Int(value),
            Param::Text(text) => Self::Text(text.into()),
            Param::Bytes(bytes) => Self::Bytes(bytes.into()),
            Param::Date(text) => Self::Date(text),
            Param::Ids(ids) => Self::Ids(ids.into()),
        }
    }
}

impl Value {
    pub(crate) fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(value) => Param::Int(*value),
            Self::Text(text) => Param::Text(text),
            Self::Bytes(bytes) => Param::Bytes(bytes),
            Self::Date(text) => Param::Date(*text),
            Self::Ids(ids) => Param::Ids(ids),
        }
    }
}

/// Ten ISO characters of a date in the years 0 to 9999.
pub(crate) fn date_text(date: Date) -> [u8; 10] {
    let digit = |n: i16| b'0' + u8::try_from(n.rem_euclid(10)).expect("a digit is below ten");
    let (y, m, d) = (date.year(), i16::from(date.month()), i16::from(date.day()));
    [
        digit(y / 1000),
        digit(y / 100),
        digit(y / 10),
        digit(y),
        b'-',
        digit(m / 10),
        digit(m),
        b'-',
        digit(d / 10),
        digit(d),
    ]
}

fn ascii(bytes: &[u8; 10]) -> &str {
    std::str::from_utf8(bytes).expect("a date is written in digits and hyphens")
}

/// Binds values in order: `params![id, "text", Some(1)]`.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::Param<'_>] };
    ($($value:expr),+ $(,)?) => { &[$($crate::Param::from($value)),+] };
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<i32> for Param<'_> {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<u8> for Param<'_> {
    fn from(value: u8) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl<'a> From<&'a [i64]> for Param<'a> {
    fn from(value: &'a [i64]) -> Self {
        Self::Ids(value)
    }
}
impl<'a> From<&'a Vec<i64>> for Param<'a> {
    fn from(value: &'a Vec<i64>) -> Self {
        Self::Ids(value)
    }
}
impl<E> From<Id<E>> for Param<'_> {
    fn from(value: Id<E>) -> Self {
        Self::Int(value.get())
    }
}
impl From<Date> for Param<'_> {
    fn from(value: Date) -> Self {
        Self::Date(date_text(value))
    }
}
impl From<Instant> for Param<'_> {
    fn from(value: Instant) -> Self {
        Self::Int(value.micros())
    }
}
impl From<Currency> for Param<'_> {
    fn from(value: Currency) -> Self {
        Self::Text(value.code())
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
impl<'a> From<&'a Option<String>> for Param<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Self::Null, Self::Text)
    }
}
impl<'a> From<&Param<'a>> for Param<'a> {
    fn from(value: &Param<'a>) -> Self {
        *value
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Date(text) => ToSqlOutput::Borrowed(ValueRef::Text(text)),
            Self::Ids(ids) => {
                let mut json = String::with_capacity(ids.len() * 8 + 2);
                json.push('[');
                for (index, id) in ids.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    json.push_str(&id.to_string());
                }
                json.push(']');
                ToSqlOutput::from(json)
            }
        })
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(value) => match *ty {
                Type::INT4 => out.put_i32(i32::try_from(*value)?),
                Type::INT2 => out.put_i16(i16::try_from(*value)?),
                Type::INT8 => out.put_i64(*value),
                _ => return Err(format!("an integer cannot be bound to {ty}").into()),
            },
            Self::Text(text) => return text.to_sql(ty, out),
            Self::Date(text) => return ascii(text).to_sql(ty, out),
            Self::Bytes(bytes) => return bytes.to_sql(ty, out),
            Self::Ids(ids) => return ids.to_sql(ty, out),
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT2
                | Type::INT4
                | Type::INT8
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
                | Type::UNKNOWN
                | Type::BYTEA
                | Type::INT8_ARRAY
        )
    }

    to_sql_checked!();
}
