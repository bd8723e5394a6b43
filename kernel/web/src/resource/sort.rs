//! The order of a list, and the place in it where a page begins.

use bursar_db::Row;
use bursar_fault::Fault;
use bursar_time::Date;

use super::sql::{Bind, Sql};

/// What a sort compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortKind {
    /// The id alone.
    Id,
    Int,
    Instant,
    Text,
    Date,
}

/// One order of a list. Its fragment is never NULL on the rows it is offered for, and an index holds it followed by the
/// id, which tells equal values apart.
#[derive(Debug, Clone)]
pub struct Sort {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: SortKind,
    pub(crate) sql: &'static str,
    /// Whether it usually begins with the largest.
    pub(crate) is_falling: bool,
}

impl Sort {
    const fn new(key: &'static str, label: &'static str, kind: SortKind, sql: &'static str) -> Self {
        Self { key, label, kind, sql, is_falling: false }
    }

    /// By an instant.
    pub const fn instant(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, SortKind::Instant, sql)
    }

    /// By id, newest first: ids ascend with time.
    pub const fn newest(label: &'static str) -> Self {
        Self { key: "newest", label, kind: SortKind::Id, sql: "", is_falling: true }
    }

    /// By a whole number: a count or an amount.
    pub const fn number(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, SortKind::Int, sql)
    }

    /// By a text, in byte order.
    pub const fn text(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, SortKind::Text, sql)
    }

    /// By a date.
    pub const fn date(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, SortKind::Date, sql)
    }

    /// A direction in words.
    pub(crate) const fn direction(&self, is_falling: bool) -> &'static str {
        match (self.kind, is_falling) {
            (SortKind::Id | SortKind::Date | SortKind::Instant, true) => "latest first",
            (SortKind::Id | SortKind::Date | SortKind::Instant, false) => "earliest first",
            (SortKind::Int, true) => "largest first",
            (SortKind::Int, false) => "smallest first",
            (SortKind::Text, true) => "Z to A",
            (SortKind::Text, false) => "A to Z",
        }
    }

    /// The largest first.
    #[must_use]
    pub const fn falling(mut self) -> Self {
        self.is_falling = true;
        self
    }
}

/// The value and the id of a row at the edge of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    /// `None` when the sort is the id alone.
    pub(crate) value: Option<Bind>,
    pub(crate) id: i64,
}

impl Edge {
    /// As it stands in an address: `2026-03-01~1042`, or the id alone.
    pub(crate) fn to_text(&self) -> String {
        match &self.value {
            None => self.id.to_string(),
            Some(Bind::Int(value)) => format!("{value}~{}", self.id),
            Some(Bind::Text(text)) => format!("{text}~{}", self.id),
            Some(Bind::Date(date)) => format!("{date}~{}", self.id),
            Some(Bind::Ids(_)) => unreachable!("no sort compares lists"),
        }
    }

    /// Reads an address's edge for a sort; `None` for what is none.
    pub(crate) fn parse(text: &str, kind: SortKind) -> Option<Self> {
        if kind == SortKind::Id {
            return text.parse().ok().map(|id| Self { value: None, id });
        }
        let (value, id) = text.rsplit_once('~')?;
        let value = match kind {
            SortKind::Int | SortKind::Instant => Bind::Int(value.parse().ok()?),
            SortKind::Date => Bind::Date(value.parse::<Date>().ok()?),
            SortKind::Text | SortKind::Id => Bind::Text(value.to_owned()),
        };
        Some(Self { value: Some(value), id: id.parse().ok()? })
    }

    /// Some edge of a sort, to see how the database would find it.
    pub(crate) fn sample(kind: SortKind) -> Self {
        let value = match kind {
            SortKind::Id => None,
            SortKind::Int | SortKind::Instant => Some(Bind::Int(1)),
            SortKind::Text => Some(Bind::Text("m".to_owned())),
            SortKind::Date => Some(Bind::Date(Date::constant(2026, 1, 1))),
        };
        Self { value, id: 1 }
    }

    /// The edge a row makes: its sort value stands at `at`.
    pub(crate) fn of_row(row: &Row<'_>, at: usize, kind: SortKind, id: i64) -> Result<Self, Fault> {
        let value = match kind {
            SortKind::Id => None,
            SortKind::Int | SortKind::Instant => Some(Bind::Int(row.get(at)?)),
            SortKind::Text => Some(Bind::Text(row.get(at)?)),
            SortKind::Date => Some(Bind::Date(row.get(at)?)),
        };
        Ok(Self { value, id })
    }

    /// Writes the condition that a row lies behind this edge, `is_falling` being the direction of the query.
    ///
    /// The first half is implied by the second. Without it SQLite does not use the index of an expression.
    pub(crate) fn write_behind(&self, sql: &mut Sql, sort: &Sort, id: &str, is_falling: bool) {
        let (loose, strict) = if is_falling { (" <= ", " < ") } else { (" >= ", " > ") };
        match &self.value {
            None => sql.compare(id, strict, Bind::Int(self.id)),
            Some(value) => {
                sql.compare(sort.sql, loose, value.clone());
                sql.text.push_str(" AND (");
                sql.push(sort.sql);
                sql.text.push_str(", ");
                sql.push(id);
                sql.text.push(')');
                sql.text.push_str(strict);
                sql.text.push('(');
                sql.bind(value.clone());
                sql.text.push_str(", ");
                sql.bind(Bind::Int(self.id));
                sql.text.push(')');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_survives_the_address_and_a_wrong_one_is_none() {
        let edges = [
            (SortKind::Id, Edge { value: None, id: 9 }),
            (SortKind::Int, Edge { value: Some(Bind::Int(-5)), id: 9 }),
            (SortKind::Text, Edge { value: Some(Bind::Text("a~b".to_owned())), id: 9 }),
            (SortKind::Date, Edge { value: Some(Bind::Date(Date::constant(2026, 3, 9))), id: 9 }),
        ];
        for (kind, edge) in edges {
            assert_eq!(Edge::parse(&edge.to_text(), kind), Some(edge), "{kind:?}");
        }
        for (kind, text) in [(SortKind::Id, "x"), (SortKind::Int, "5"), (SortKind::Date, "2026-13-01~1")] {
            assert_eq!(Edge::parse(text, kind), None, "{text}");
        }
    }
}
