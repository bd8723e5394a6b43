//! The statements of a list, put together from its declaration and a place. No values but bound ones.

use super::place::{Cursor, Place};
use super::resource::Resource;
use super::sort::SortKind;
use super::sql::{Reader, Sql};

/// A lens counts no further than this.
pub(crate) const MOST_COUNTED: i64 = 100;

/// Which rows: those of a page, or those of a whole export, a page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the place sorts them.
    Forward,
    /// Towards the beginning, for the page before; its rows come the wrong way round.
    Backward,
}

impl Order {
    pub(crate) fn of(place: &Place) -> Self {
        match place.cursor {
            Cursor::Before(_) => Self::Backward,
            Cursor::Start | Cursor::After(_) => Self::Forward,
        }
    }
}

/// The rows of a page and one more, which tells whether there is another page. `found` are the ids of a search.
///
/// Columns: the id, the place's columns in order, and the value of the sort unless that is the id.
pub(crate) fn page(resource: &Resource, place: &Place, found: Option<Vec<i64>>, reader: Reader) -> Sql {
    let mut sql = Sql::new(reader);
    let sort = &resource.sorts[place.sort];
    sql.text.push_str("SELECT ");
    sql.push(resource.id);
    for column in &place.columns {
        for fragment in resource.columns[*column].fragments() {
            sql.text.push_str(", ");
            sql.push(fragment);
        }
    }
    if sort.kind != SortKind::Id {
        sql.text.push_str(", ");
        sql.push(sort.sql);
    }
    sql.text.push_str(" FROM ");
    sql.push(resource.from);
    let is_falling = place.is_falling != (Order::of(place) == Order::Backward);
    let mut lead = Lead::new();
    narrow(resource, place, found, &mut sql, &mut lead);
    if let Cursor::After(edge) | Cursor::Before(edge) = &place.cursor {
        lead.write(&mut sql);
        edge.write_behind(&mut sql, sort, resource.id, is_falling);
    }
    let direction = if is_falling { " DESC" } else { "" };
    sql.text.push_str(" ORDER BY ");
    if sort.kind != SortKind::Id {
        sql.push(sort.sql);
        sql.text.push_str(direction);
        sql.text.push_str(", ");
    }
    sql.push(resource.id);
    sql.text.push_str(direction);
    sql.limit(i64::try_from(place.rows).unwrap_or(i64::MAX).saturating_add(1));
    sql
}

/// How many rows each of some lenses has, counted up to [`MOST_COUNTED`]: a column each.
pub(crate) fn counts(resource: &Resource, lenses: &[usize], reader: Reader) -> Sql {
    let mut sql = Sql::new(reader);
    sql.text.push_str("SELECT ");
    for (at, lens) in lenses.iter().enumerate() {
        sql.text.push_str(if at == 0 {
            "(SELECT COUNT(*) FROM (SELECT 1 FROM "
        } else {
            ", (SELECT COUNT(*) FROM (SELECT 1 FROM "
        });
        sql.push(resource.from);
        sql.text.push_str(" WHERE ");
        sql.push(resource.lenses[*lens].condition);
        sql.limit(MOST_COUNTED);
        sql.text.push_str(") AS counted)");
    }
    sql
}

fn narrow(resource: &Resource, place: &Place, found: Option<Vec<i64>>, sql: &mut Sql, lead: &mut Lead) {
    let lens = &resource.lenses[place.lens];
    if !lens.condition.is_empty() {
        lead.write(sql);
        sql.text.push('(');
        sql.push(lens.condition);
        sql.text.push(')');
    }
    for condition in &place.conditions {
        lead.write(sql);
        condition.write(sql);
    }
    if let Some(ids) = found {
        lead.write(sql);
        sql.is_any(resource.id, ids);
    }
}

/// `WHERE` before the first condition, `AND` before the others.
struct Lead {
    word: &'static str,
}

impl Lead {
    const fn new() -> Self {
        Self { word: " WHERE " }
    }

    fn write(&mut self, sql: &mut Sql) {
        sql.text.push_str(self.word);
        self.word = " AND ";
    }
}
