//! The rows of a list as HTML, written straight into the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bursar_fault::Text;
use bursar_i18n::{Direction, Locale, MoneyStyle, format_date, format_money, format_number, format_time};
use bursar_money::Money;
use bursar_time::{Instant, TimeZone};

use super::column::{Cell, Column, Kind, Shown, humanised};
use super::fetch::Line;
use super::resource::Resource;
use crate::markup::{escape_into, tone};
use crate::visit::Visit;

/// How the reader writes numbers and dates.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'v> {
    pub(crate) locale: Locale,
    pub(crate) zone: &'v TimeZone,
    /// States in the words of the page's language.
    pub(crate) states: &'v BTreeMap<String, String>,
}

/// States in the words of the page's language, each asked for once.
pub(crate) fn states_in_words<'s>(
    visit: &Visit,
    states: impl Iterator<Item = &'s str>,
) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for state in states {
        if !words.contains_key(state) {
            let text = Text::new("shell-status").with("status", state.to_owned());
            words.insert(state.to_owned(), visit.say(&text.with("words", humanised(state))));
        }
    }
    words
}

/// The states that the cells of a list show.
pub(crate) fn states_in<'l>(columns: &'l [&Column], lines: &'l [Line]) -> impl Iterator<Item = &'l str> {
    let badges = columns.iter().enumerate().filter(|(_, column)| matches!(column.kind, Kind::Badge));
    badges.flat_map(|(at, _)| {
        lines.iter().filter_map(move |line| match &line.shown[at].cell {
            Cell::Text(state) => Some(state.as_str()),
            _ => None,
        })
    })
}

/// Bytes of a row, roughly, so that the page grows once.
pub(crate) const BYTES_OF_ROW: usize = 900;

/// Writes the cells of one row. `columns` are the shown ones.
pub(crate) fn write_cells(
    out: &mut String,
    resource: &Resource,
    columns: &[&Column],
    line: &Line,
    pen: Pen<'_>,
) {
    for (column, shown) in columns.iter().zip(&line.shown) {
        out.push_str(if column.stands_at_end() {
            "<td class=\"end amount\" data-label=\""
        } else {
            "<td data-label=\""
        });
        escape_into(out, column.label);
        out.push_str("\"><div>");
        let href = href(resource, column, line, shown);
        if let Some((prefix, id)) = href {
            // Writing to a string cannot fail.
            let _written = write!(out, "<a href=\"{prefix}{id}\">");
        }
        write_value(out, column, &shown.cell, pen);
        if href.is_some() {
            out.push_str("</a>");
        }
        if let Some(note) = &shown.note {
            out.push_str("<div class=\"text-secondary small\">");
            escape_into(out, note);
            out.push_str("</div>");
        }
        out.push_str("</div></td>");
    }
}

/// Where a value leads: the address before an id, which is ours, and the id.
fn href(resource: &Resource, column: &Column, line: &Line, shown: &Shown) -> Option<(&'static str, i64)> {
    if column.opens {
        return resource.opens.map(|prefix| (prefix, line.edge.id));
    }
    match (&shown.cell, column.to) {
        (Cell::Named { id, .. } | Cell::Number(id), Some(prefix)) => Some((prefix, *id)),
        _ => None,
    }
}

fn write_value(out: &mut String, column: &Column, cell: &Cell, pen: Pen<'_>) {
    match cell {
        Cell::None => out.push('–'),
        Cell::Text(text) => match column.kind {
            Kind::Badge => write_badge(out, text, pen),
            Kind::Word => escape_into(out, &humanised(text)),
            _ => escape_into(out, text),
        },
        // A number that leads somewhere is a name, and names are not grouped.
        Cell::Number(number) if column.to.is_some() || column.opens => {
            let _written = write!(out, "{number}");
        }
        Cell::Number(number) => out.push_str(&format_number(*number, pen.locale)),
        Cell::Money(money) => write_money(out, *money, MoneyStyle::Symbol, pen),
        Cell::Date(date) => out.push_str(&format_date(*date, pen.locale)),
        Cell::Instant(instant) => write_instant(out, *instant, pen),
        Cell::YesNo(yes) => out.push_str(if *yes { "Yes" } else { "No" }),
        Cell::Named { name, .. } => escape_into(out, name),
    }
}

/// Writes an amount.
pub(crate) fn write_money(out: &mut String, money: Money, style: MoneyStyle, pen: Pen<'_>) {
    let text = format_money(money, pen.locale, style);
    match pen.locale.direction() {
        Direction::Ltr => escape_into(out, &text),
        // Isolated, or the sign and the symbol of an amount would wander to the other side of it.
        Direction::Rtl => {
            out.push('\u{2066}');
            escape_into(out, &text);
            out.push('\u{2069}');
        }
    }
}

/// Writes date and time in the tenant's zone.
pub(crate) fn write_instant(out: &mut String, instant: Instant, pen: Pen<'_>) {
    let local = jiff::Timestamp::from_microsecond(instant.micros())
        .map(|timestamp| timestamp.to_zoned(pen.zone.clone()));
    match local {
        Ok(local) => {
            out.push_str(&format_date(local.date(), pen.locale));
            out.push_str(", ");
            out.push_str(&format_time(local.hour(), local.minute()));
        }
        Err(_) => out.push('–'),
    }
}

/// A value as plain text.
pub(crate) fn plain(column: &Column, cell: &Cell, pen: Pen<'_>) -> String {
    match cell {
        Cell::Text(text) if matches!(column.kind, Kind::Badge | Kind::Word) => humanised(text),
        Cell::Text(text) => text.clone(),
        Cell::Named { name, .. } => name.clone(),
        Cell::None => String::new(),
        Cell::Number(_) | Cell::Money(_) | Cell::Date(_) | Cell::Instant(_) | Cell::YesNo(_) => {
            // None of these holds a letter that would be escaped.
            let mut text = String::new();
            write_value(&mut text, column, cell, pen);
            text
        }
    }
}

/// Writes a state in its colour.
pub(crate) fn write_badge(out: &mut String, status: &str, pen: Pen<'_>) {
    out.push_str("<span class=\"status status-");
    out.push_str(tone(status));
    out.push_str("\">");
    match pen.states.get(status) {
        Some(words) => escape_into(out, words),
        None => escape_into(out, &humanised(status)),
    }
    out.push_str("</span>");
}
