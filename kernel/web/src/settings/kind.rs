//! One setting: what it is, how it is typed, and how it is read back.

use bursar_db::Tx;
use bursar_money::{Currency, Money};
use serde_json::{Map, Value, json};

use crate::form::Form;
use crate::resource::Reading;

/// Shows what a value leads to, `INV-2026-000042`, or says what is wrong with it.
pub type Example = fn(&str) -> Result<String, String>;

/// What can be chosen, as the database says now: code and label. Codes are ids.
pub type LoadChoices = for<'t> fn(&'t mut Tx) -> Reading<'t, Vec<(i64, String)>>;

/// What can be chosen for one setting: code and label.
pub(super) type Choices = Vec<(String, String)>;

/// How a setting is typed.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Text {
        most: usize,
    },
    LongText {
        most: usize,
    },
    /// One value a line; kept as a list of texts.
    Lines {
        most: usize,
    },
    Whole {
        least: i64,
        most: i64,
    },
    /// A share in per cent with up to four decimals; kept in parts per million.
    Percent {
        most: i64,
    },
    YesNo,
    Choice(Vec<(&'static str, &'static str)>),
    /// Any of these; kept as a list of codes.
    Several(Vec<(&'static str, &'static str)>),
    /// Any of what the database has; kept as a list of ids.
    Picked(LoadChoices),
    /// For some of what the database has, one of these: one a line, `12 paid`; kept as an object by id.
    Each(LoadChoices, Vec<(&'static str, &'static str)>),
    /// Amounts by currency; kept in minor units.
    Amounts,
}

/// One setting of a page.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The field of the document.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    pub(super) help: &'static str,
    pub(super) unit: &'static str,
    pub(super) example: Option<Example>,
    pub(super) is_required: bool,
}

impl Setting {
    const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, label, kind, help: "", unit: "", example: None, is_required: true }
    }

    /// One line.
    pub const fn text(name: &'static str, label: &'static str, most: usize) -> Self {
        Self::new(name, label, Kind::Text { most })
    }

    /// Several lines.
    pub const fn long_text(name: &'static str, label: &'static str, most: usize) -> Self {
        Self::new(name, label, Kind::LongText { most })
    }

    /// Several lines that the document keeps one by one.
    pub const fn lines(name: &'static str, label: &'static str, most: usize) -> Self {
        Self::new(name, label, Kind::Lines { most })
    }

    /// A whole number between two bounds, both included.
    pub const fn whole(name: &'static str, label: &'static str, least: i64, most: i64) -> Self {
        Self::new(name, label, Kind::Whole { least, most })
    }

    /// A share, typed in per cent and kept in parts per million, up to `most` parts.
    pub const fn percent(name: &'static str, label: &'static str, most: i64) -> Self {
        Self::new(name, label, Kind::Percent { most })
    }

    /// On or off.
    pub const fn yes_no(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::YesNo)
    }

    /// One of a list: code and label.
    pub const fn choice(
        name: &'static str,
        label: &'static str,
        choices: Vec<(&'static str, &'static str)>,
    ) -> Self {
        Self::new(name, label, Kind::Choice(choices))
    }

    /// Any of a list: code and label.
    pub const fn several(
        name: &'static str,
        label: &'static str,
        choices: Vec<(&'static str, &'static str)>,
    ) -> Self {
        Self::new(name, label, Kind::Several(choices))
    }

    /// Any of what the database has, kept by id.
    pub const fn picked(name: &'static str, label: &'static str, choices: LoadChoices) -> Self {
        Self::new(name, label, Kind::Picked(choices))
    }

    /// Exceptions: for some of what the database has another of these choices than usual.
    pub const fn each(
        name: &'static str,
        label: &'static str,
        of: LoadChoices,
        choices: Vec<(&'static str, &'static str)>,
    ) -> Self {
        Self::new(name, label, Kind::Each(of, choices))
    }

    /// So many days, between two bounds.
    pub const fn days(name: &'static str, label: &'static str, least: i64, most: i64) -> Self {
        Self::whole(name, label, least, most).unit("days")
    }

    /// So many hours, between two bounds.
    pub const fn hours(name: &'static str, label: &'static str, least: i64, most: i64) -> Self {
        Self::whole(name, label, least, most).unit("hours")
    }

    /// Amounts by currency, `EUR 500.00, USD 550.00`.
    pub const fn amounts(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Amounts)
    }

    /// What it does, and a worked example.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// Behind the field: `days`.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// Shown beside the field while it is typed.
    #[must_use]
    pub const fn example(mut self, example: Example) -> Self {
        self.example = Some(example);
        self
    }

    /// It may be empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    /// Whether a value is of the kind.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match &self.kind {
            Kind::Text { .. } | Kind::LongText { .. } | Kind::Choice(_) => value.is_string(),
            Kind::Lines { .. } | Kind::Several(_) | Kind::Picked(_) => value.is_array(),
            Kind::Whole { .. } | Kind::Percent { .. } => value.is_i64(),
            Kind::YesNo => value.is_boolean(),
            Kind::Each(..) | Kind::Amounts => value.is_object(),
        }
    }

    /// The ids among a stored value.
    pub(super) fn picked_ids(stored: &Value) -> Vec<String> {
        match stored {
            Value::Array(_) => ids(stored).iter().map(ToString::to_string).collect(),
            Value::Object(each) => each.keys().cloned().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    /// What the database has to be asked for, before the field is shown or read.
    pub(super) const fn asks(&self) -> Option<LoadChoices> {
        if let Kind::Picked(load) | Kind::Each(load, _) = &self.kind { Some(*load) } else { None }
    }

    /// The stored value as it stands in the form: none, one, or several values of the field.
    pub(super) fn typed(&self, stored: &Value) -> Vec<String> {
        match &self.kind {
            Kind::Text { .. } | Kind::LongText { .. } | Kind::Choice(_) => {
                vec![stored.as_str().unwrap_or_default().to_owned()]
            }
            Kind::Lines { .. } => vec![texts(stored).join("\n")],
            Kind::Whole { .. } => vec![stored.as_i64().unwrap_or_default().to_string()],
            Kind::Percent { .. } => vec![percent_text(stored.as_i64().unwrap_or_default())],
            Kind::YesNo => stored.as_bool().unwrap_or_default().then(|| "1".to_owned()).into_iter().collect(),
            Kind::Several(_) => texts(stored),
            Kind::Picked(_) => ids(stored).iter().map(ToString::to_string).collect(),
            Kind::Each(..) => vec![each_text(stored)],
            Kind::Amounts => vec![amounts_text(stored)],
        }
    }

    /// Reads the field; refuses it when it cannot be used. What is refused is not saved, whatever is returned. `known`
    /// is what the database offers.
    pub(super) fn read(&self, form: &mut Form, known: &Choices) -> Value {
        let typed = form.text(self.name).to_owned();
        let can_be_empty =
            matches!(self.kind, Kind::YesNo | Kind::Several(_) | Kind::Picked(_) | Kind::Each(..));
        if self.is_required && typed.is_empty() && !can_be_empty {
            form.refuse(self.name, "Please fill this in.");
            return Value::Null;
        }
        match &self.kind {
            Kind::Text { most } | Kind::LongText { most } => {
                self.limit(form, &typed, *most);
                if let Some(Err(why)) =
                    self.example.filter(|_| !typed.is_empty()).map(|example| example(&typed))
                {
                    form.refuse(self.name, why);
                }
                json!(typed)
            }
            Kind::Lines { most } => {
                self.limit(form, &typed, *most);
                json!(typed.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>())
            }
            Kind::Whole { least, most } => self.whole_of(form, &typed, *least, *most),
            Kind::Percent { most } => self.percent_of(form, &typed, *most),
            Kind::YesNo => json!(form.is_checked(self.name)),
            Kind::Choice(choices) => {
                if !choices.iter().any(|(code, _)| *code == typed) {
                    form.refuse(self.name, "Choose one of the list.");
                }
                json!(typed)
            }
            Kind::Several(choices) => {
                let known = |code: &&str| choices.iter().any(|(known, _)| known == code);
                json!(form.all(self.name).filter(known).collect::<Vec<_>>())
            }
            Kind::Picked(_) => {
                let picked = known.iter().filter(|(code, _)| form.all(self.name).any(|it| it == code));
                json!(picked.filter_map(|(code, _)| code.parse::<i64>().ok()).collect::<Vec<_>>())
            }
            Kind::Each(_, choices) => self.each_of(form, &typed, known, choices),
            Kind::Amounts => self.amounts_of(form, &typed),
        }
    }

    fn limit(&self, form: &mut Form, typed: &str, most: usize) {
        if typed.chars().count() > most {
            form.refuse(self.name, format!("Please use at most {most} characters."));
        }
    }

    fn whole_of(&self, form: &mut Form, typed: &str, least: i64, most: i64) -> Value {
        let number = typed.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            form.refuse(self.name, format!("Enter a whole number from {least} to {most}."));
        }
        json!(number)
    }

    fn percent_of(&self, form: &mut Form, typed: &str, most: i64) -> Value {
        let ppm = parse_percent(typed).filter(|ppm| (0..=most).contains(ppm));
        if ppm.is_none() {
            let most = percent_text(most);
            form.refuse(self.name, format!("Enter a share from 0 to {most} per cent, for example 2.5."));
        }
        json!(ppm)
    }

    fn each_of(
        &self,
        form: &mut Form,
        typed: &str,
        known: &Choices,
        choices: &[(&'static str, &'static str)],
    ) -> Value {
        let mut found = Map::new();
        for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (id, word) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if !known.iter().any(|(code, _)| code == id) {
                form.refuse(self.name, format!("There is no number {id}."));
            }
            match choices.iter().find(|(code, _)| *code == word.trim()) {
                Some((code, _)) => drop(found.insert(id.to_owned(), json!(code))),
                None => {
                    let words: Vec<&str> = choices.iter().map(|(code, _)| *code).collect();
                    let words = words.join(", ");
                    form.refuse(self.name, format!("Give one a line: a number, then one of {words}."));
                }
            }
        }
        Value::Object(found)
    }

    fn amounts_of(&self, form: &mut Form, typed: &str) -> Value {
        let mut amounts = Map::new();
        for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let read = part.split_once(' ').and_then(|(code, amount)| {
                let currency = Currency::parse(&code.to_uppercase()).ok()?;
                Some((currency, Money::parse(amount.trim(), currency).ok()?))
            });
            match read.filter(|(_, money)| money.minor() >= 0) {
                Some((currency, money)) => {
                    amounts.insert(currency.code().to_owned(), json!(money.minor()));
                }
                None => {
                    form.refuse(self.name, "Give amounts by currency, for example EUR 500.00, USD 550.00.")
                }
            }
        }
        Value::Object(amounts)
    }
}

fn texts(stored: &Value) -> Vec<String> {
    let all = stored.as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

fn ids(stored: &Value) -> Vec<i64> {
    stored.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_i64).collect()
}

/// `12 paid`, one a line.
fn each_text(stored: &Value) -> String {
    let Some(each) = stored.as_object() else { return String::new() };
    let lines = each.iter().map(|(id, word)| format!("{id} {}", word.as_str().unwrap_or_default()));
    lines.collect::<Vec<_>>().join("\n")
}

/// `EUR 500.00, USD 550.00`.
fn amounts_text(stored: &Value) -> String {
    let Some(amounts) = stored.as_object() else { return String::new() };
    let shown = amounts.iter().filter_map(|(code, minor)| {
        let money = Money::new(minor.as_i64()?, Currency::parse(code).ok()?);
        Some(format!("{code} {}", money.to_plain()))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// 25,000 parts per million are `2.5`.
fn percent_text(ppm: i64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2.5` are 25,000 parts per million.
fn parse_percent(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('%').trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 4 {
        return None;
    }
    let part = format!("{part:0<4}").parse::<i64>().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(10_000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(setting: &Setting, typed: &str) -> (Value, bool) {
        let mut form = Form::filled([(setting.name, typed)]);
        let known = vec![("12".to_owned(), "VPS".to_owned()), ("15".to_owned(), "Backup".to_owned())];
        let value = setting.read(&mut form, &known);
        (value, form.is_refused())
    }

    #[test]
    fn a_share_is_typed_in_per_cent_and_kept_in_parts_per_million() {
        let fee = Setting::percent("fee", "Fee", 1_000_000);
        // 2.5 % of a million are 25,000; a hundred per cent is all of it.
        assert_eq!(read(&fee, "2.5"), (json!(25_000), false));
        assert_eq!(read(&fee, "100 %"), (json!(1_000_000), false));
        for wrong in ["100.0001", "-1", "2.55555", "much", "1.2.3"] {
            assert!(read(&fee, wrong).1, "{wrong}");
        }
        assert_eq!(fee.typed(&json!(25_000)), ["2.5"]);
        assert_eq!(fee.typed(&json!(1_000_000)), ["100"]);
    }

    #[test]
    fn bounds_are_said_beside_the_field() {
        let days = Setting::whole("days", "Days", 0, 365);
        assert_eq!(read(&days, "7"), (json!(7), false));
        let mut form = Form::filled([("days", "366")]);
        days.read(&mut form, &Vec::new());
        let view = serde_json::to_value(form.view()).unwrap();
        assert_eq!(view["errors"]["days"], "Enter a whole number from 0 to 365.");
        assert_eq!(view["values"]["days"], "366");
    }

    #[test]
    fn amounts_keep_the_decimals_of_their_currency() {
        let from = Setting::amounts("from", "From").optional();
        assert_eq!(read(&from, "eur 500, JPY 700"), (json!({"EUR": 50_000, "JPY": 700}), false));
        assert_eq!(from.typed(&json!({"EUR": 50_000, "KWD": 1_500})), ["EUR 500.00, KWD 1.500"]);
        assert!(read(&from, "500").1 && read(&from, "EUR -1").1);
        assert_eq!(read(&from, ""), (json!({}), false));
    }

    #[test]
    fn what_is_picked_or_excepted_must_be_there() {
        const NONE: LoadChoices = |_| Box::pin(async { Ok(Vec::new()) });
        let when = Setting::each("when", "When", NONE, vec![("paid", "Paid"), ("by_hand", "By hand")]);
        assert_eq!(read(&when, "12 paid\n15  by_hand\n"), (json!({"12": "paid", "15": "by_hand"}), false));
        assert!(read(&when, "13 paid").1 && read(&when, "12 never").1 && read(&when, "12").1);
        assert_eq!(when.typed(&json!({"12": "paid", "15": "by_hand"})), ["12 paid\n15 by_hand"]);
        let never = Setting::picked("never", "Never", NONE);
        assert_eq!(read(&never, "15"), (json!([15]), false));
        assert_eq!(read(&never, "13"), (json!([]), false));
        assert_eq!(never.typed(&json!([15, 12])), ["15", "12"]);
    }

    #[test]
    fn a_required_text_is_asked_for_and_an_example_judges_it() {
        let refuses =
            |typed: &str| if typed == "bad" { Err("Not this.".to_owned()) } else { Ok(String::new()) };
        let name = Setting::text("name", "Name", 5).example(refuses);
        assert!(read(&name, "").1 && read(&name, "bad").1 && read(&name, "longer").1);
        assert_eq!(read(&name, "good"), (json!("good"), false));
    }
}
