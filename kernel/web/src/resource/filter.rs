//! What narrows a list: typed filters, and lenses, which are narrowings with a name.

use bursar_fault::FieldError;
use bursar_money::{Currency, Money};
use bursar_time::Date;

use super::sql::{Bind, Sql, anywhere};

/// The longest text a filter takes.
const LONGEST: usize = 200;

/// One filter of a list.
#[derive(Debug, Clone)]
pub struct Filter {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: FilterKind,
    pub(crate) sql: &'static str,
    /// The sort whose index answers this filter.
    pub(crate) sort: Option<&'static str>,
}

/// How a filter is typed.
#[derive(Debug, Clone)]
pub(crate) enum FilterKind {
    /// One of these codes.
    Choice(Vec<(&'static str, &'static str)>),
    /// The text is somewhere inside.
    Text,
    /// From one day to another, both included.
    Dates,
    /// From one amount to another, in one currency.
    Amounts {
        currency: &'static str,
    },
    /// The whole text as it is stored.
    Exact,
    /// One id.
    Id,
    /// A code that is kept in capital letters.
    Code,
    YesNo,
}

impl Filter {
    const fn new(key: &'static str, label: &'static str, kind: FilterKind, sql: &'static str) -> Self {
        Self { key, label, kind, sql, sort: None }
    }

    /// One of some codes, each with its label.
    pub const fn choice(
        key: &'static str,
        label: &'static str,
        sql: &'static str,
        choices: Vec<(&'static str, &'static str)>,
    ) -> Self {
        Self::new(key, label, FilterKind::Choice(choices), sql)
    }

    /// A part of a text, in small or large letters.
    pub const fn text(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::Text, sql)
    }

    /// A whole text as it is stored, which an index finds.
    pub const fn exact(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::Exact, sql)
    }

    /// A range of dates, both ends included: the parameters are `key_from` and `key_to`.
    pub const fn dates(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::Dates, sql)
    }

    /// A range of amounts: `key_from`, `key_to` and `key_currency`, because amounts of two currencies do not compare.
    pub const fn amounts(
        key: &'static str,
        label: &'static str,
        minor: &'static str,
        currency: &'static str,
    ) -> Self {
        Self::new(key, label, FilterKind::Amounts { currency }, minor)
    }

    /// The id of something.
    pub const fn id(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::Id, sql)
    }

    /// A whole code that is kept in capital letters, typed in either: a country, a currency.
    pub const fn code(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::Code, sql)
    }

    /// A flag kept as 0 or 1.
    pub const fn yes_no(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, FilterKind::YesNo, sql)
    }

    /// While this filter narrows, the list is sorted by `sort`, whose index answers it.
    #[must_use]
    pub const fn sorted_by(mut self, sort: &'static str) -> Self {
        self.sort = Some(sort);
        self
    }

    /// The names of the filter's parameters.
    pub(crate) fn parameters(&self) -> Vec<String> {
        match self.kind {
            FilterKind::Choice(_)
            | FilterKind::Text
            | FilterKind::Exact
            | FilterKind::Id
            | FilterKind::Code
            | FilterKind::YesNo => {
                vec![self.key.to_owned()]
            }
            FilterKind::Dates => vec![format!("{}_from", self.key), format!("{}_to", self.key)],
            FilterKind::Amounts { .. } => {
                ["from", "to", "currency"].map(|end| format!("{}_{end}", self.key)).to_vec()
            }
        }
    }

    /// Reads what was typed: the conditions it makes, or what is wrong with it. `value` gives the parameters, trimmed.
    pub(crate) fn read<'v>(&self, value: impl Fn(&str) -> &'v str) -> Result<Vec<Condition>, FieldError> {
        let own = value(self.key);
        let refuse = |field: String, message: &str| Err(FieldError::new(field, message));
        match &self.kind {
            FilterKind::Choice(_)
            | FilterKind::Text
            | FilterKind::Exact
            | FilterKind::Id
            | FilterKind::Code
            | FilterKind::YesNo
                if own.is_empty() =>
            {
                Ok(Vec::new())
            }
            FilterKind::Choice(choices) if choices.iter().any(|(code, _)| *code == own) => {
                Ok(vec![self.compare(" = ", Bind::Text(own.to_owned()))])
            }
            FilterKind::Choice(_) => refuse(self.key.to_owned(), "Choose one of the list."),
            FilterKind::Text | FilterKind::Exact | FilterKind::Code if own.chars().count() > LONGEST => {
                refuse(self.key.to_owned(), "Use at most 200 characters.")
            }
            FilterKind::Text => Ok(vec![Condition::Contains(self.sql, anywhere(own))]),
            FilterKind::Exact => Ok(vec![self.compare(" = ", Bind::Text(own.to_owned()))]),
            FilterKind::Code => Ok(vec![self.compare(" = ", Bind::Text(own.to_uppercase()))]),
            FilterKind::Id => match own.parse() {
                Ok(id) => Ok(vec![self.compare(" = ", Bind::Int(id))]),
                Err(_) => refuse(self.key.to_owned(), "Give the number as digits, for example 1042."),
            },
            FilterKind::YesNo => match own {
                "yes" => Ok(vec![self.compare(" = ", Bind::Int(1))]),
                "no" => Ok(vec![self.compare(" = ", Bind::Int(0))]),
                _ => refuse(self.key.to_owned(), "Choose yes or no."),
            },
            FilterKind::Dates => self.read_dates(value),
            FilterKind::Amounts { currency } => self.read_amounts(currency, value),
        }
    }

    fn compare(&self, operator: &'static str, value: Bind) -> Condition {
        Condition::Compare(self.sql, operator, value)
    }

    fn read_dates<'v>(&self, value: impl Fn(&str) -> &'v str) -> Result<Vec<Condition>, FieldError> {
        let mut conditions = Vec::new();
        for (end, operator) in [("from", " >= "), ("to", " <= ")] {
            let field = format!("{}_{end}", self.key);
            match value(&field) {
                "" => {}
                text => match text.parse::<Date>() {
                    Ok(date) => conditions.push(self.compare(operator, Bind::Date(date))),
                    Err(_) => {
                        return Err(FieldError::new(field, "Give a date, for example 2026-03-31."));
                    }
                },
            }
        }
        Ok(conditions)
    }

    fn read_amounts<'v>(
        &self,
        currency_sql: &'static str,
        value: impl Fn(&str) -> &'v str,
    ) -> Result<Vec<Condition>, FieldError> {
        let field = |end: &str| format!("{}_{end}", self.key);
        let (from, to, code) = (value(&field("from")), value(&field("to")), value(&field("currency")));
        if from.is_empty() && to.is_empty() && code.is_empty() {
            return Ok(Vec::new());
        }
        let Ok(currency) = Currency::parse(&code.to_uppercase()) else {
            return Err(FieldError::new(
                field("currency"),
                "Give the currency of the amounts, for example EUR.",
            ));
        };
        let mut conditions =
            vec![Condition::Compare(currency_sql, " = ", Bind::Text(currency.code().to_owned()))];
        for (end, text, operator) in [("from", from, " >= "), ("to", to, " <= ")] {
            if text.is_empty() {
                continue;
            }
            match Money::parse(text, currency) {
                Ok(money) => conditions.push(self.compare(operator, Bind::Int(money.minor()))),
                Err(_) => {
                    let example = Money::new(12_500, currency).to_plain();
                    return Err(FieldError::new(
                        field(end),
                        format!("Give an amount in {currency}, for example {example}."),
                    ));
                }
            }
        }
        Ok(conditions)
    }

    /// A query of an address that uses the filter, for the test that tries everything.
    pub(crate) fn sample(&self) -> String {
        let key = self.key;
        match &self.kind {
            FilterKind::Choice(choices) => {
                format!("{key}={}", choices.first().map_or("", |(code, _)| code))
            }
            FilterKind::Text | FilterKind::Exact => format!("{key}=a%25"),
            FilterKind::Code => format!("{key}=de"),
            FilterKind::Id => format!("{key}=1"),
            FilterKind::YesNo => format!("{key}=yes"),
            FilterKind::Dates => format!("{key}_from=2026-01-01&{key}_to=2026-12-31"),
            FilterKind::Amounts { .. } => format!("{key}_from=1&{key}_to=2&{key}_currency=EUR"),
        }
    }

    /// What an active filter says: `Issued from 2026-01-01`.
    pub(crate) fn says<'v>(&self, value: impl Fn(&str) -> &'v str) -> String {
        let own = value(self.key);
        match &self.kind {
            FilterKind::Choice(choices) => {
                let label = choices.iter().find(|(code, _)| *code == own).map_or(own, |(_, label)| label);
                format!("{}: {label}", self.label)
            }
            FilterKind::Text | FilterKind::Exact | FilterKind::Id | FilterKind::Code | FilterKind::YesNo => {
                format!("{}: {own}", self.label)
            }
            FilterKind::Dates | FilterKind::Amounts { .. } => {
                let part = |end: &str| value(&format!("{}_{end}", self.key));
                let mut said = self.label.to_owned();
                for (word, end) in [(" from ", "from"), (" to ", "to"), (" in ", "currency")] {
                    if !part(end).is_empty() {
                        said.push_str(word);
                        said.push_str(part(end));
                    }
                }
                said
            }
        }
    }
}

/// One condition of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Fragment, operator, value.
    Compare(&'static str, &'static str, Bind),
    /// The fragment matches the pattern.
    Contains(&'static str, String),
    /// The fragment is one of the ids.
    Any(&'static str, Vec<i64>),
}

impl Condition {
    pub(crate) fn write(&self, sql: &mut Sql) {
        match self {
            Self::Compare(fragment, operator, value) => sql.compare(fragment, operator, value.clone()),
            Self::Contains(fragment, pattern) => {
                sql.compare(fragment, " {like} ", Bind::Text(pattern.clone()));
                sql.text.push_str(" ESCAPE '!'");
            }
            Self::Any(fragment, ids) => sql.is_any(fragment, ids.clone()),
        }
    }
}

/// A narrowing with a name and an index of its own: *Overdue*.
#[derive(Debug, Clone)]
pub struct Lens {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    /// Empty for everything.
    pub(crate) condition: &'static str,
    /// The sorts it offers; the first is the one it starts with.
    pub(crate) sorts: Vec<&'static str>,
    pub(crate) is_counted: bool,
}

impl Lens {
    /// The rows that meet a condition, in the sorts that an index answers together with it; the first is the usual one.
    pub fn new(
        key: &'static str,
        label: &'static str,
        condition: &'static str,
        sorts: &[&'static str],
    ) -> Self {
        Self { key, label, condition, sorts: sorts.to_vec(), is_counted: false }
    }

    /// Shows how many there are, up to a hundred: for lenses that are work waiting to be done.
    #[must_use]
    pub const fn counted(mut self) -> Self {
        self.is_counted = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(filter: &Filter, pairs: &[(&str, &'static str)]) -> Result<Vec<Condition>, FieldError> {
        filter.read(|name| pairs.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value))
    }

    #[test]
    fn amounts_are_read_in_the_decimals_of_their_currency() {
        let filter = Filter::amounts("total", "Total", "minor", "currency");
        let found = read(&filter, &[("total_from", "12.5"), ("total_currency", "kwd")]);
        assert_eq!(
            found,
            Ok(vec![
                Condition::Compare("currency", " = ", Bind::Text("KWD".to_owned())),
                Condition::Compare("minor", " >= ", Bind::Int(12_500)),
            ])
        );
        let wrong = read(&filter, &[("total_from", "12.5"), ("total_currency", "JPY")]).unwrap_err();
        assert_eq!(wrong, FieldError::new("total_from", "Give an amount in JPY, for example 12500."));
        let lacking = read(&filter, &[("total_to", "9")]).unwrap_err();
        assert_eq!(lacking.field, "total_currency");
        assert_eq!(read(&filter, &[]), Ok(Vec::new()));
    }

    #[test]
    fn what_cannot_be_read_names_its_own_field() {
        let choice = Filter::choice("status", "Status", "s", vec![("open", "Open")]);
        assert_eq!(read(&choice, &[("status", "x' OR 1=1")]).unwrap_err().field, "status");
        let dates = Filter::dates("due", "Due", "due_on");
        assert_eq!(read(&dates, &[("due_to", "31.12.")]).unwrap_err().field, "due_to");
        let id = Filter::id("customer", "Customer", "customer_id");
        assert_eq!(read(&id, &[("customer", "abc")]).unwrap_err().field, "customer");
    }

    #[test]
    fn an_active_filter_says_what_it_does() {
        let dates = Filter::dates("due", "Due", "due_on");
        let said = dates.says(|name| if name == "due_to" { "2026-03-31" } else { "" });
        assert_eq!(said, "Due to 2026-03-31");
    }
}
