//! Figures over a list: a value with what it was in the period before, its course, and its parts.

use std::fmt::Write as _;

use bursar_db::Tx;
use bursar_i18n::{Locale, MoneyStyle, format_money, format_number};
use bursar_money::Money;

use super::column::Reading;
use crate::markup::{escape_into, escaped};

/// Reads a resource's figures.
pub type Figures = for<'t> fn(&'t mut Tx) -> Reading<'t, Vec<Figure>>;

/// What a figure counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// A number of things.
    Number(i64),
    /// An amount.
    Money(Money),
}

impl Amount {
    pub(crate) const fn size(self) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Money(money) => money.minor(),
        }
    }

    /// How much more than before it is, in whole per cent; nothing where there was nothing before.
    pub(crate) fn percent_over(self, before: Self) -> Option<i64> {
        let (now, before) = (i128::from(self.size()), i128::from(before.size()));
        let percent = (before != 0).then(|| (now - before) * 100 / before.abs())?;
        i64::try_from(percent).ok()
    }

    fn text(self, locale: Locale) -> String {
        match self {
            Self::Number(number) => format_number(number, locale),
            Self::Money(money) => format_money(money, locale, MoneyStyle::Symbol),
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `Issued this month`.
    pub label: String,
    /// What it is.
    pub value: Amount,
    /// What it was in the period before, in the same unit.
    pub before: Option<Amount>,
    /// Its course, oldest first; drawn as a line.
    pub course: Vec<i64>,
    /// What it is made of.
    pub parts: Vec<(String, Amount)>,
}

impl Figure {
    /// A value alone.
    pub fn of(label: impl Into<String>, value: Amount) -> Self {
        Self { label: label.into(), value, before: None, course: Vec::new(), parts: Vec::new() }
    }

    /// Against what it was in the period before.
    #[must_use]
    pub const fn before(mut self, before: Amount) -> Self {
        self.before = Some(before);
        self
    }
}

/// Writes figures as cards.
pub(crate) fn write(out: &mut String, figures: &[Figure], locale: Locale) {
    out.push_str("<div class=\"grid-4 figures\">");
    for figure in figures {
        out.push_str("<div class=\"card stat\"><div class=\"stat-label\">");
        escape_into(out, &figure.label);
        out.push_str("</div><div class=\"stat-value\">");
        escape_into(out, &figure.value.text(locale));
        out.push_str("</div>");
        if let Some(before) = figure.before {
            let change = change(figure.value.percent_over(before));
            let before = before.text(locale);
            let _written =
                write!(out, "<div class=\"stat-hint\">{change} before: {}</div>", escaped(&before));
        }
        write_course(out, &figure.course);
        write_parts(out, figure, locale);
        out.push_str("</div>");
    }
    out.push_str("</div>");
}

/// `+12 %,`, in whole per cent.
fn change(percent: Option<i64>) -> String {
    match percent {
        None => String::new(),
        Some(0) => "unchanged,".to_owned(),
        Some(rise) if rise > 0 => format!("+{rise} %,"),
        Some(fall) => format!("\u{2212}{} %,", fall.unsigned_abs()),
    }
}

/// A line of 100 by 24 units. Whole numbers are fine enough for it.
fn write_course(out: &mut String, course: &[i64]) {
    let (Some(low), Some(high)) = (course.iter().min(), course.iter().max()) else { return };
    if course.len() < 2 {
        return;
    }
    let span = (i128::from(*high) - i128::from(*low)).max(1);
    out.push_str("<svg class=\"course\" viewBox=\"0 0 100 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><polyline points=\"");
    let last = i128::try_from(course.len() - 1).unwrap_or(1);
    for (x, value) in (0_i128..).zip(course) {
        let y = 22 - (i128::from(*value) - i128::from(*low)) * 20 / span;
        let _written = write!(out, "{},{y} ", x * 100 / last);
    }
    out.push_str("\"/></svg>");
}

fn write_parts(out: &mut String, figure: &Figure, locale: Locale) {
    if figure.parts.is_empty() {
        return;
    }
    let whole: i128 = figure.parts.iter().map(|(_, part)| i128::from(part.size().max(0))).sum();
    out.push_str("<dl class=\"parts\">");
    for (label, part) in &figure.parts {
        let share = i128::from(part.size().max(0)) * 100 / whole.max(1);
        let _written = write!(
            out,
            "<div><dt>{}</dt><dd>{}</dd><progress max=\"100\" value=\"{share}\" aria-hidden=\"true\"></progress></div>",
            escaped(label),
            escaped(&part.text(locale))
        );
    }
    out.push_str("</dl>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_in_whole_per_cent_and_says_nothing_against_nothing() {
        let trend = |now, before| change(Amount::Number(now).percent_over(Amount::Number(before)));
        // 112 against 100 is 12 per cent more; 50 against 80 is 37.5 per cent less.
        assert_eq!(trend(112, 100), "+12 %,");
        assert_eq!(trend(50, 80), "\u{2212}37 %,");
        assert_eq!(trend(5, 5), "unchanged,");
        assert_eq!(trend(5, 0), "");
    }

    #[test]
    fn a_course_reaches_from_its_lowest_to_its_highest_value() {
        let mut out = String::new();
        write_course(&mut out, &[0, 5, 10]);
        assert!(out.contains("points=\"0,22 50,12 100,2 \""), "{out}");
        let mut flat = String::new();
        write_course(&mut flat, &[7, 7]);
        assert!(flat.contains("points=\"0,22 100,22 \""), "{flat}");
    }
}
