//! What a list shows of a row.

use std::collections::BTreeMap;
use std::pin::Pin;

use bursar_db::{Row, Tx};
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_time::{Date, Instant};

/// What a function that reads inside a unit of work returns.
pub type Reading<'t, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + 't>>;

/// What to call some rows of another module, by id; asked once for a whole page.
pub type Names = for<'t> fn(&'t mut Tx, Vec<i64>) -> Reading<'t, BTreeMap<i64, String>>;

/// How the values of a column are read and shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// A word of ours, `past_due`, shown as `Past due`.
    Word,
    /// The same with the colour of a state.
    Badge,
    Number,
    Money {
        currency: &'static str,
    },
    Date,
    Instant,
    YesNo,
    /// An id of something else with its name and, usually, its page.
    Named(Names),
}

/// One column: where its value comes from and how it is shown.
///
/// `sql` is a fragment of ours over the resource's table, the same on both engines; `{today}` and `{now}` stand for the
/// date and the instant of the reader.
#[derive(Debug, Clone)]
pub struct Column {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    pub(crate) sql: &'static str,
    /// A second line under the value.
    pub(crate) note: Option<&'static str>,
    /// Shown only to who chooses it.
    pub(crate) is_extra: bool,
    /// The address a value leads to, before the id; `None` for plain text.
    pub(crate) to: Option<&'static str>,
    /// Leads to the row's own page.
    pub(crate) opens: bool,
    /// The sort its heading chooses.
    pub(crate) sort: &'static str,
}

impl Column {
    const fn new(key: &'static str, label: &'static str, kind: Kind, sql: &'static str) -> Self {
        Self { key, label, kind, sql, note: None, is_extra: false, to: None, opens: false, sort: key }
    }

    /// The column's name in addresses and in JSON.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// Text as it is stored.
    pub const fn text(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Text, sql)
    }

    /// A word of ours: `bank_transfer` is shown as `Bank transfer`.
    pub const fn word(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Word, sql)
    }

    /// A state, in the colour it has everywhere.
    pub const fn badge(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Badge, sql)
    }

    /// A whole number.
    pub const fn number(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Number, sql)
    }

    /// An amount: the fragments of its minor units and of its currency.
    pub const fn money(
        key: &'static str,
        label: &'static str,
        minor: &'static str,
        currency: &'static str,
    ) -> Self {
        Self::new(key, label, Kind::Money { currency }, minor)
    }

    /// A calendar date.
    pub const fn date(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Date, sql)
    }

    /// An instant, shown in the tenant's zone.
    pub const fn instant(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::Instant, sql)
    }

    /// 0 or 1.
    pub const fn yes_no(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, Kind::YesNo, sql)
    }

    /// The id of something of another module, shown by its name.
    pub const fn named(key: &'static str, label: &'static str, sql: &'static str, names: Names) -> Self {
        Self::new(key, label, Kind::Named(names), sql)
    }

    /// The value leads to this address followed by its id: `/admin/customers/`.
    #[must_use]
    pub const fn to(mut self, prefix: &'static str) -> Self {
        self.to = Some(prefix);
        self
    }

    /// The value leads to the row's own page.
    #[must_use]
    pub const fn opens(mut self) -> Self {
        self.opens = true;
        self
    }

    /// The heading chooses this sort; without it, the one with the column's own key.
    #[must_use]
    pub const fn sorts(mut self, sort: &'static str) -> Self {
        self.sort = sort;
        self
    }

    /// A second, quiet line under the value.
    #[must_use]
    pub const fn note(mut self, sql: &'static str) -> Self {
        self.note = Some(sql);
        self
    }

    /// Not shown until somebody chooses it.
    #[must_use]
    pub const fn extra(mut self) -> Self {
        self.is_extra = true;
        self
    }

    /// Numbers and amounts stand at the end of their column.
    pub(crate) const fn stands_at_end(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Money { .. })
    }

    /// The fragments the column selects, in the order [`read`](Self::read) takes them.
    pub(crate) fn fragments(&self) -> impl Iterator<Item = &'static str> {
        let currency = match self.kind {
            Kind::Money { currency } => Some(currency),
            Kind::Text
            | Kind::Word
            | Kind::Badge
            | Kind::Number
            | Kind::Date
            | Kind::Instant
            | Kind::YesNo
            | Kind::Named(_) => None,
        };
        std::iter::once(self.sql).chain(currency).chain(self.note)
    }

    /// Reads the column's value beginning at `at`, and moves `at` behind it.
    pub(crate) fn read(&self, row: &Row<'_>, at: &mut usize) -> Result<Shown, Fault> {
        let mut next = || {
            *at += 1;
            *at - 1
        };
        let cell = match self.kind {
            Kind::Text | Kind::Word | Kind::Badge => {
                row.get::<Option<String>>(next())?.map_or(Cell::None, Cell::Text)
            }
            Kind::Number => row.get::<Option<i64>>(next())?.map_or(Cell::None, Cell::Number),
            Kind::Money { .. } => match (row.get::<Option<i64>>(next())?, row.get(next())?) {
                (Some(minor), Some(currency)) => Cell::Money(Money::new(minor, currency)),
                _ => Cell::None,
            },
            Kind::Date => row.get::<Option<Date>>(next())?.map_or(Cell::None, Cell::Date),
            Kind::Instant => row.get::<Option<Instant>>(next())?.map_or(Cell::None, Cell::Instant),
            Kind::YesNo => row.get::<Option<i64>>(next())?.map_or(Cell::None, |it| Cell::YesNo(it != 0)),
            Kind::Named(_) => row
                .get::<Option<i64>>(next())?
                .map_or(Cell::None, |id| Cell::Named { id, name: String::new() }),
        };
        let note = match self.note {
            Some(_) => row.get::<Option<String>>(next())?.filter(|text| !text.is_empty()),
            None => None,
        };
        Ok(Shown { cell, note })
    }
}

/// One value, typed: every form of output writes it its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    None,
    Text(String),
    Number(i64),
    Money(Money),
    Date(Date),
    Instant(Instant),
    YesNo(bool),
    Named { id: i64, name: String },
}

/// A value with its second line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) cell: Cell,
    pub(crate) note: Option<String>,
}

/// Written in capitals wherever they stand in a code.
const ABBREVIATIONS: &[&str] =
    &["api", "cpu", "dns", "id", "ip", "pdf", "sla", "sms", "ssh", "tls", "url", "vat", "vps"];

/// `past_due` becomes `Past due`, `vps` becomes `VPS`.
pub fn humanised(word: &str) -> String {
    let mut said = String::with_capacity(word.len());
    for (place, part) in word.split('_').enumerate() {
        if place > 0 {
            said.push(' ');
        }
        let mut letters = part.chars();
        match letters.next() {
            Some(_) if ABBREVIATIONS.contains(&part) => said.push_str(&part.to_uppercase()),
            Some(first) if place == 0 => said.extend(first.to_uppercase().chain(letters)),
            Some(_) | None => said.push_str(part),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::humanised;

    #[test]
    fn codes_are_read_as_words() {
        let read = ["past_due", "vps", "web_hosting", "new_ip", "", "idle"].map(humanised);
        assert_eq!(read, ["Past due", "VPS", "Web hosting", "New IP", "", "Idle"]);
    }
}
