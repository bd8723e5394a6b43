//! Where in a list somebody is: read from an address, and written back into the addresses of a page.

use bursar_fault::FieldError;
use url::form_urlencoded::{Serializer, parse};

use super::filter::{Condition, Filter, Lens};
use super::resource::Resource;
use super::sort::{Edge, Sort};

/// Rows of a page that a person looks at.
const ROWS: usize = 50;
/// The most rows of a page that a program asks for.
const MOST_ROWS: usize = 500;
/// The longest search that is looked for.
const LONGEST_SEARCH: usize = 200;

/// On which side of an edge the page lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cursor {
    Start,
    After(Edge),
    Before(Edge),
}

/// A place in a list.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Index into the resource's lenses.
    pub(crate) lens: usize,
    /// Index into the resource's sorts.
    pub(crate) sort: usize,
    pub(crate) is_falling: bool,
    pub(crate) search: String,
    /// What was typed into filters, by parameter; empty ones are left out.
    pub(crate) typed: Vec<(String, String)>,
    pub(crate) conditions: Vec<Condition>,
    /// What is wrong with the address or a filter.
    pub(crate) errors: Vec<FieldError>,
    pub(crate) cursor: Cursor,
    /// Indices of the columns to show, in the resource's order.
    pub(crate) columns: Vec<usize>,
    /// Whether somebody chose them.
    pub(crate) chose_columns: bool,
    pub(crate) rows: usize,
    /// The list begins with a view of the person's own, so its plain address is not the whole list.
    pub(crate) begins_with_view: bool,
}

impl Place {
    /// Reads the query of an address. What it does not know it ignores; what it cannot read it says.
    pub(crate) fn read(resource: &Resource, query: &str) -> Self {
        let pairs: Vec<(String, String)> =
            parse(query.as_bytes()).map(|(key, value)| (key.into_owned(), value.trim().to_owned())).collect();
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, it)| it.as_str());
        let mut errors = Vec::new();
        let lens = resource.lenses.iter().position(|lens| lens.key == value("show")).unwrap_or_else(|| {
            errors.push(FieldError::new("show", "There is no such list. Choose one of those above."));
            0
        });
        let mut conditions = Vec::new();
        let mut forced = None;
        for filter in &resource.filters {
            match filter.read(value) {
                Ok(found) => {
                    forced = forced.or(filter.sort.filter(|_| !found.is_empty()));
                    conditions.extend(found);
                }
                Err(error) => errors.push(error),
            }
        }
        let (sort, is_falling) = chosen_sort(resource, &resource.lenses[lens], forced, value("sort"));
        let cursor = cursor(&resource.sorts[sort], value("after"), value("before"), &mut errors);
        let typed = typed(&resource.filters, value);
        let search: String = value("search").chars().take(LONGEST_SEARCH).collect();
        let columns: Vec<&str> =
            pairs.iter().filter(|(key, _)| key == "col").map(|(_, value)| value.as_str()).collect();
        let chose_columns = resource.columns.iter().any(|column| columns.contains(&column.key));
        let shown = resource.columns.iter().enumerate().filter(|(_, column)| {
            if chose_columns { columns.contains(&column.key) } else { !column.is_extra }
        });
        Self {
            lens,
            sort,
            is_falling,
            search,
            typed,
            conditions,
            errors,
            cursor,
            columns: shown.map(|(index, _)| index).collect(),
            chose_columns,
            rows: value("rows").parse().map_or(ROWS, |rows: usize| rows.clamp(1, MOST_ROWS)),
            begins_with_view: false,
        }
    }

    /// What was typed into a filter's parameter.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// What is wrong with a parameter.
    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.message.as_str())
    }

    /// Whether anything narrows the list beyond its lens.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || !self.typed.is_empty()
    }

    /// The address of the list at `path` as it stands, at the beginning.
    pub(crate) fn address<'p>(&'p self, resource: &'p Resource, path: &'p str) -> Address<'p> {
        Address { place: self, resource, path, lens: self.lens, sort: None, without: None, cursor: None }
    }

    /// Whether the sort differs from the one the lens begins with.
    fn names_sort(&self, resource: &Resource) -> bool {
        let usual = resource.lenses[self.lens].sorts.first();
        let sort = &resource.sorts[self.sort];
        usual != Some(&sort.key) || self.is_falling != sort.is_falling
    }
}

/// An address of the list that differs from the place in one thing.
#[derive(Clone)]
pub(crate) struct Address<'p> {
    place: &'p Place,
    resource: &'p Resource,
    path: &'p str,
    lens: usize,
    sort: Option<(&'p Sort, bool)>,
    without: Option<&'p Filter>,
    cursor: Option<(&'static str, String)>,
}

impl<'p> Address<'p> {
    /// Through another lens; the sort begins anew.
    pub(crate) fn lens(mut self, lens: usize) -> Self {
        self.lens = lens;
        self
    }

    pub(crate) fn sort(mut self, sort: &'p Sort, is_falling: bool) -> Self {
        self.sort = Some((sort, is_falling));
        self
    }

    pub(crate) fn without(mut self, filter: &'p Filter) -> Self {
        self.without = Some(filter);
        self
    }

    pub(crate) fn after(mut self, edge: &Edge) -> Self {
        self.cursor = Some(("after", edge.to_text()));
        self
    }

    pub(crate) fn before(mut self, edge: &Edge) -> Self {
        self.cursor = Some(("before", edge.to_text()));
        self
    }

    /// Everything but the cursor, for forms that carry the place along.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let Self { place, resource, .. } = self;
        let mut pairs = Vec::new();
        let mut add = |key: &str, value: &str| pairs.push((key.to_owned(), value.to_owned()));
        let lens = &resource.lenses[self.lens];
        if !lens.key.is_empty() || place.begins_with_view {
            add("show", lens.key);
        }
        if !place.search.is_empty() {
            add("search", &place.search);
        }
        let left_out = self.without.map(Filter::parameters).unwrap_or_default();
        for (key, value) in place.typed.iter().filter(|(key, _)| !left_out.contains(key)) {
            add(key, value);
        }
        match self.sort {
            Some((sort, is_falling)) => add("sort", &sort_text(sort, is_falling)),
            None if self.lens == place.lens && place.names_sort(resource) => {
                add("sort", &sort_text(&resource.sorts[place.sort], place.is_falling));
            }
            None => {}
        }
        if place.chose_columns {
            for column in &place.columns {
                add("col", resource.columns[*column].key);
            }
        }
        if place.rows != ROWS {
            add("rows", &place.rows.to_string());
        }
        pairs
    }

    /// What stands behind the question mark.
    pub(crate) fn query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    pub(crate) fn text(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        if let Some((side, edge)) = &self.cursor {
            query.append_pair(side, edge);
        }
        let query = query.finish();
        if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) }
    }
}

/// `due`, or `-due` the other way round than it usually is.
pub(crate) fn sort_text(sort: &Sort, is_falling: bool) -> String {
    format!("{}{}", if is_falling == sort.is_falling { "" } else { "-" }, sort.key)
}

/// The sort an address asks for, if the lens offers it; the one of a filter that needs it comes first.
fn chosen_sort(resource: &Resource, lens: &Lens, forced: Option<&str>, asked: &str) -> (usize, bool) {
    let by_key = |key: &str| resource.sorts.iter().position(|sort| sort.key == key);
    let offered = |key: &str| lens.sorts.contains(&key);
    let (key, is_turned) = asked.strip_prefix('-').map_or((asked, false), |key| (key, true));
    let forced = forced.filter(|key| offered(key));
    if offered(key)
        && forced.is_none_or(|forced| forced == key)
        && let Some(sort) = by_key(key)
    {
        return (sort, is_turned != resource.sorts[sort].is_falling);
    }
    let usual = forced.or(lens.sorts.first().copied()).and_then(by_key).unwrap_or_default();
    (usual, resource.sorts[usual].is_falling)
}

fn cursor(sort: &Sort, after: &str, before: &str, errors: &mut Vec<FieldError>) -> Cursor {
    let (name, text, make): (_, _, fn(Edge) -> Cursor) = match (after, before) {
        ("", "") => return Cursor::Start,
        ("", before) => ("before", before, Cursor::Before),
        (after, _) => ("after", after, Cursor::After),
    };
    match Edge::parse(text, sort.kind) {
        Some(edge) => make(edge),
        None => {
            let message = "This is no place in the list as it is sorted. Begin at the first page.";
            errors.push(FieldError::new(name, message));
            Cursor::Start
        }
    }
}

fn typed<'v>(filters: &[Filter], value: impl Fn(&str) -> &'v str) -> Vec<(String, String)> {
    let parameters = filters.iter().flat_map(Filter::parameters);
    parameters
        .map(|name| {
            let text = value(&name).to_owned();
            (name, text)
        })
        .filter(|(_, text)| !text.is_empty())
        .collect()
}
