//! Whether the database answers a list by its indices, and whether it understands all of it.

use bursar_db::{Engine, Tx};
use bursar_fault::Fault;

use super::fetch::{reader, rows};
use super::filter::Filter;
use super::place::{Cursor, Place};
use super::query;
use super::resource::Resource;
use super::sort::Edge;
use super::sql::Sql;

impl Resource {
    /// What SQLite would do badly: sorting rows it has read, or reading a whole table for a lens. For the test that goes
    /// over every list. The plan is a matter of schema and text, so an empty database tells.
    ///
    /// # Errors
    /// Faults of the database; a statement that cannot be prepared is one.
    pub async fn slow_plans(&self, tx: &mut Tx) -> Result<Vec<String>, Fault> {
        let mut slow = Vec::new();
        if tx.engine() != Engine::Sqlite {
            return Ok(slow);
        }
        for (index, lens) in self.lenses.iter().enumerate() {
            for sort in self.sorts.iter().filter(|sort| lens.sorts.contains(&sort.key)) {
                let edge = || Edge::sample(sort.kind);
                for cursor in [Cursor::Start, Cursor::After(edge()), Cursor::Before(edge())] {
                    let mut place = Place::read(self, &format!("show={}&sort={}", lens.key, sort.key));
                    place.cursor = cursor;
                    let sql = query::page(self, &place, None, reader(tx));
                    let may_walk = lens.condition.is_empty();
                    if let Some(step) = bad_step(tx, &sql, may_walk).await? {
                        slow.push(format!("{} show={:?} sort={}: {step}", self.key, lens.key, sort.key));
                    }
                }
            }
            if lens.is_counted {
                let sql = query::counts(self, &[index], reader(tx));
                if let Some(step) = bad_step(tx, &sql, false).await? {
                    slow.push(format!("{} count of {:?}: {step}", self.key, lens.key));
                }
            }
        }
        Ok(slow)
    }

    /// Asks for every lens, filter and sort with every column, and for searches; how many questions that were. For the
    /// test that goes over every list on both engines.
    ///
    /// # Errors
    /// What the database does not understand.
    pub async fn try_everything(&self, tx: &mut Tx) -> Result<usize, Fault> {
        let all: String = self.columns.iter().map(|column| format!("&col={}", column.key)).collect();
        let mut queries = Vec::new();
        for lens in &self.lenses {
            for sort in &lens.sorts {
                queries.push(format!("show={}&sort={sort}", lens.key));
            }
        }
        queries.extend(self.filters.iter().map(Filter::sample));
        if self.search.is_some() {
            queries.extend(["search=12", "search=a+b", "search=%25"].map(str::to_owned));
        }
        for query in &queries {
            let mut place = Place::read(self, &format!("{query}{all}"));
            if let Some(error) = place.errors.first() {
                return Err(Fault::new(format!("{query}: {}", error.message)));
            }
            let edge = || Edge::sample(self.sorts[place.sort].kind);
            for cursor in [Cursor::After(edge()), Cursor::Before(edge()), Cursor::Start] {
                place.cursor = cursor;
                rows(tx, self, &place).await.map_err(|fault| fault.context(query.clone()))?;
            }
        }
        for index in 0..self.lenses.len() {
            if self.lenses[index].is_counted {
                let sql = query::counts(self, &[index], reader(tx));
                tx.query_text(&sql.text, &sql.params(), |row| row.get::<i64>(0)).await?;
            }
        }
        Ok(queries.len())
    }
}

/// The first step of a plan that does not stop early. A table may be walked in the order of an index or of its ids when
/// every row counts, because the walk ends with the page.
async fn bad_step(tx: &mut Tx, sql: &Sql, may_walk: bool) -> Result<Option<String>, Fault> {
    let text = format!("EXPLAIN QUERY PLAN {}", sql.text);
    let steps = tx.query_text(&text, &sql.params(), |row| row.get::<String>(3)).await?;
    Ok(steps.into_iter().find(|step| {
        let is_small = ["json_each", "counted", "CONSTANT ROW"].iter().any(|it| step.contains(it));
        let walks = step.starts_with("SCAN ") && !is_small;
        step.contains("TEMP B-TREE") || (walks && !may_walk && !step.contains("USING"))
    }))
}
