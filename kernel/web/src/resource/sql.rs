//! A query put together from fragments of ours and bound values. What a person typed is only ever bound.

use bursar_db::Param;
use bursar_time::{Date, Instant};

/// So many ids stand in a text one by one.
const FEW: usize = 8;

/// A value to be bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bind {
    Int(i64),
    Text(String),
    Date(Date),
    Ids(Vec<i64>),
}

/// What the tokens in fragments stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) today: Date,
    pub(crate) now: Instant,
}

/// A text with the values of its places.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) binds: Vec<Bind>,
    reader: Reader,
    now: Option<usize>,
}

impl Sql {
    pub(crate) fn new(reader: Reader) -> Self {
        Self { text: String::with_capacity(512), binds: Vec::new(), reader, now: None }
    }

    /// Writes a fragment, with its tokens bound.
    pub(crate) fn push(&mut self, fragment: &str) {
        let mut rest = fragment;
        while let Some(at) = rest.find('{') {
            let (before, token) = rest.split_at(at);
            self.text.push_str(before);
            if let Some(after) = token.strip_prefix("{today}") {
                // In the text, like a limit: the plan is made for the day, once a day.
                self.text.push_str(&format!("'{}'", self.reader.today));
                rest = after;
            } else if let Some(after) = token.strip_prefix("{now}") {
                let place = match self.now {
                    Some(place) => place,
                    None => self.place_of(Bind::Int(self.reader.now.micros())),
                };
                self.now = Some(place);
                self.write_place(place);
                rest = after;
            } else {
                // A token of the data layer, such as {like}.
                self.text.push('{');
                rest = &token[1..];
            }
        }
        self.text.push_str(rest);
    }

    /// Writes the place of a value.
    pub(crate) fn bind(&mut self, value: Bind) {
        let place = self.place_of(value);
        self.write_place(place);
    }

    /// Ends the rows after so many. The number stands in the text: PostgreSQL has to plan a statement anew for each run
    /// when it cannot know whether a few rows are wanted or all of them.
    pub(crate) fn limit(&mut self, rows: i64) {
        self.text.push_str(&format!(" LIMIT {rows}"));
    }

    /// Writes `fragment operator $n`.
    pub(crate) fn compare(&mut self, fragment: &str, operator: &str, value: Bind) {
        self.push(fragment);
        self.text.push_str(operator);
        self.bind(value);
    }

    /// Writes the condition that a fragment is one of these ids.
    ///
    /// A few ids are places of their own, the last one repeated up to a round number: PostgreSQL knows how many they are
    /// before it knows which, and keeps its plan.
    pub(crate) fn is_any(&mut self, fragment: &str, ids: Vec<i64>) {
        self.push(fragment);
        let Some(last) = ids.last().copied().filter(|_| ids.len() <= FEW) else {
            let place = self.place_of(Bind::Ids(ids));
            self.text.push_str(&format!(" {{any:${place}}}"));
            return;
        };
        let round = ids.len().next_power_of_two();
        for (at, id) in ids.into_iter().chain(std::iter::repeat(last)).take(round).enumerate() {
            self.text.push_str(if at == 0 { " IN (" } else { ", " });
            self.bind(Bind::Int(id));
        }
        self.text.push(')');
    }

    fn place_of(&mut self, value: Bind) -> usize {
        self.binds.push(value);
        self.binds.len()
    }

    fn write_place(&mut self, place: usize) {
        self.text.push('$');
        self.text.push_str(&place.to_string());
    }

    pub(crate) fn params(&self) -> Vec<Param<'_>> {
        self.binds
            .iter()
            .map(|bind| match bind {
                Bind::Int(value) => Param::Int(*value),
                Bind::Text(text) => Param::Text(text),
                Bind::Date(date) => Param::from(*date),
                Bind::Ids(ids) => Param::Ids(ids),
            })
            .collect()
    }
}

/// A pattern that finds the text anywhere; its own wildcards are plain letters. Written with `ESCAPE '!'`.
pub(crate) fn anywhere(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_bound_once_and_foreign_tokens_pass_through() {
        let reader = Reader { today: Date::constant(2026, 3, 9), now: Instant::from_micros(7) };
        let mut sql = Sql::new(reader);
        sql.compare("a", " = ", Bind::Text("x".to_owned()));
        sql.push(" AND due < {today} AND at < {now} OR due = {today} AND n {like} ");
        sql.bind(Bind::Int(4));
        sql.text.push_str(" AND ");
        sql.is_any("id", vec![1, 2, 3]);
        assert_eq!(
            sql.text,
            "a = $1 AND due < '2026-03-09' AND at < $2 OR due = '2026-03-09' AND n {like} $3 AND id IN ($4, $5, $6, $7)"
        );
        let ints = [7, 4, 1, 2, 3, 3].map(Bind::Int);
        assert_eq!(sql.binds, [vec![Bind::Text("x".to_owned())], ints.to_vec()].concat());
    }

    #[test]
    fn many_ids_and_none_are_one_value() {
        for ids in [Vec::new(), (0..9).collect::<Vec<i64>>()] {
            let mut sql =
                Sql::new(Reader { today: Date::constant(2026, 3, 9), now: Instant::from_micros(7) });
            sql.is_any("id", ids.clone());
            assert_eq!((sql.text.as_str(), sql.binds), ("id {any:$1}", vec![Bind::Ids(ids)]));
        }
    }

    #[test]
    fn wildcards_that_are_typed_are_letters() {
        assert_eq!(anywhere("50%_!"), "%50!%!_!!%");
    }
}
