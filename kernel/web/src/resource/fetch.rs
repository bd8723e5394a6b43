//! Reading a page of a list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::column::{Cell, Column, Kind, Shown};
use super::place::{Cursor, Place};
use super::query::{self, Order};
use super::resource::{Resource, Search};
use super::sort::Edge;
use super::sql::Reader;
use super::views::{self, SavedView};
use crate::problem::PageResult;

/// A search looks no further than this many rows.
pub(crate) const MOST_FOUND: i64 = 1_000;

/// Owners whose rows a search finds.
pub(crate) const MOST_OWNERS: i64 = 200;

/// One row as read.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) edge: Edge,
    pub(crate) shown: Vec<Shown>,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) lines: Vec<Line>,
    /// Whether a page follows, and whether one comes before.
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
    /// How many rows each counted lens has, by its index.
    pub(crate) counts: BTreeMap<usize, i64>,
    /// The search found as many as it looks for: there may be more.
    pub(crate) is_cut: bool,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// The rows with the head of the page: counts of lenses, the person's views.
    Head,
    RowsOnly,
}

/// A list as it was asked for.
pub(crate) struct Loaded {
    pub(crate) place: Place,
    pub(crate) page: Page,
    pub(crate) views: Vec<SavedView>,
}

/// Reads what the query of an address asks for, for who may see it.
///
/// A place with errors has no rows: what was asked for is not what they would be.
pub(crate) async fn load(cx: &Cx, resource: &Arc<Resource>, query: String, with: With) -> PageResult<Loaded> {
    cx.require(resource.permission)?;
    let resource = Arc::clone(resource);
    Ok(cx.read(async move |tx: &mut Tx| read(tx, &resource, &query, with).await).await?)
}

async fn read(tx: &mut Tx, resource: &Resource, query: &str, with: With) -> Result<Loaded, Fault> {
    if with == With::RowsOnly {
        let place = Place::read(resource, query);
        let page = rows_of(tx, resource, &place).await?;
        return Ok(Loaded { place, page, views: Vec::new() });
    }
    let mut place = Place::read(resource, query);
    let (views, (mut page, counts)) = tx
        .both(
            async |tx: &mut Tx| views::list(tx, resource.key).await,
            async |tx: &mut Tx| {
                let rows = async |tx: &mut Tx| rows_of(tx, resource, &place).await;
                tx.both(rows, async |tx: &mut Tx| counts(tx, resource).await).await
            },
        )
        .await?;
    // Who asks for nothing in particular gets the view they chose to begin with. Few have one: the rows were not held up
    // for it.
    if let Some(first) = views.iter().find(|view| view.is_first) {
        if query.is_empty() {
            place = Place::read(resource, &first.query);
            page = rows_of(tx, resource, &place).await?;
        }
        place.begins_with_view = true;
    }
    page.counts = counts;
    Ok(Loaded { place, page, views })
}

/// How many rows each counted lens has.
async fn counts(tx: &mut Tx, resource: &Resource) -> Result<BTreeMap<usize, i64>, Fault> {
    let counted = resource.lenses.iter().enumerate().filter(|(_, lens)| lens.is_counted);
    let lenses: Vec<usize> = counted.map(|(index, _)| index).collect();
    if lenses.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = query::counts(resource, &lenses, reader(tx));
    let columns = 0..lenses.len();
    let read = |row: &Row<'_>| columns.clone().map(|at| row.get::<i64>(at)).collect::<Result<Vec<_>, _>>();
    let counted = tx.query_text(&sql.text, &sql.params(), read).await?;
    Ok(lenses.into_iter().zip(counted.into_iter().flatten()).collect())
}

async fn rows_of(tx: &mut Tx, resource: &Resource, place: &Place) -> Result<Page, Fault> {
    if place.errors.is_empty() { rows(tx, resource, place).await } else { Ok(Page::default()) }
}

pub(crate) fn reader(tx: &Tx) -> Reader {
    Reader { today: tx.today(), now: tx.now() }
}

/// Owners that a text was found to mean, by kind.
pub(crate) type Known = BTreeMap<&'static str, Vec<i64>>;

/// The ids of at most `limit` rows that a few words mean, each once: what the list finds itself, then what belongs to owners.
pub(crate) async fn found(
    tx: &mut Tx,
    search: &Search,
    text: &str,
    limit: i64,
    known: &Known,
) -> Result<Vec<i64>, Fault> {
    let own = async |tx: &mut Tx| match search.kind.and_then(|kind| known.get(kind)) {
        Some(known) if limit <= MOST_OWNERS => Ok(known.clone()),
        _ => (search.find)(tx, text.to_owned(), limit).await,
    };
    let theirs = async |tx: &mut Tx| {
        let Some(owned) = search.owners else { return Ok(Vec::new()) };
        let owners = match known.get(owned.kind) {
            Some(owners) => owners.clone(),
            None => (owned.find)(tx, text.to_owned(), MOST_OWNERS).await?,
        };
        if owners.is_empty() {
            return Ok(Vec::new());
        }
        tx.query(owned.rows, params![&owners, limit], |row| row.get::<i64>(0)).await
    };
    let (mut found, theirs) = tx.both(own, theirs).await?;
    found.extend(theirs);
    let mut known = BTreeSet::new();
    found.retain(|id| known.insert(*id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The rows of the place with the names of what they mention.
pub(crate) async fn rows(tx: &mut Tx, resource: &Resource, place: &Place) -> Result<Page, Fault> {
    let found = match &resource.search {
        Some(search) if !place.search.is_empty() => {
            Some(found(tx, search, &place.search, MOST_FOUND, &Known::new()).await?)
        }
        _ => None,
    };
    let is_cut = found.as_ref().is_some_and(|ids| ids.len() as i64 >= MOST_FOUND);
    let sql = query::page(resource, place, found, reader(tx));
    let columns: Vec<&Column> = place.columns.iter().map(|index| &resource.columns[*index]).collect();
    let kind = resource.sorts[place.sort].kind;
    let mut lines = tx
        .query_text(&sql.text, &sql.params(), |row| {
            let id = row.get(0)?;
            let mut at = 1;
            let shown = columns.iter().map(|column| column.read(row, &mut at)).collect::<Result<_, _>>()?;
            Ok(Line { edge: Edge::of_row(row, at, kind, id)?, shown })
        })
        .await?;
    let has_more = lines.len() > place.rows;
    lines.truncate(place.rows);
    let order = Order::of(place);
    if order == Order::Backward {
        lines.reverse();
    }
    name(tx, &columns, &mut lines).await?;
    let is_first = place.cursor == Cursor::Start;
    let (has_next, has_previous) = match order {
        Order::Forward => (has_more, !is_first),
        Order::Backward => (true, has_more),
    };
    Ok(Page { lines, has_next, has_previous, counts: BTreeMap::new(), is_cut })
}

/// Fills in the names: one question for each column that has them.
async fn name(tx: &mut Tx, columns: &[&Column], lines: &mut [Line]) -> Result<(), Fault> {
    let mut readers = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let Kind::Named(names) = column.kind else { continue };
        let mut ids: Vec<i64> = lines
            .iter()
            .filter_map(|line| match line.shown[at].cell {
                Cell::Named { id, .. } => Some(id),
                _ => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            readers.push(async move |tx: &mut Tx| Ok::<_, Fault>((at, names(tx, ids).await?)));
        }
    }
    for (at, known) in tx.together(readers).await? {
        for line in lines.iter_mut() {
            if let Cell::Named { id, name } = &mut line.shown[at].cell {
                *name = match known.get(id) {
                    Some(known) => known.clone(),
                    None => format!("{} {id}", columns[at].label),
                };
            }
        }
    }
    Ok(())
}
