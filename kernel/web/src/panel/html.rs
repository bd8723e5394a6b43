//! Facts and rows of panels as HTML, written straight into strings: a customer's page has hundreds of cells.

use std::collections::BTreeMap;

use bursar_i18n::{MoneyStyle, format_date, format_number};

use super::cell::{Cell, Kind};
use super::view::PanelView;
use crate::markup::escape_into;
use crate::resource::rows::{Pen, write_badge, write_instant, write_money};
use crate::visit::Visit;

/// The states that panels show.
pub(super) fn states_in<'v>(views: impl Iterator<Item = &'v PanelView>) -> impl Iterator<Item = &'v str> {
    views.flat_map(PanelView::cells).filter_map(|cell| match &cell.value {
        Kind::Badge(state) => Some(state.as_str()),
        _ => None,
    })
}

/// How the visitor writes.
pub(super) fn pen<'v>(visit: &'v Visit, states: &'v BTreeMap<String, String>) -> Pen<'v> {
    Pen { locale: visit.locale(), zone: visit.zone(), states }
}

/// Facts, for a list of terms.
pub(super) fn facts(facts: &[(String, &Cell)], pen: Pen<'_>) -> String {
    let mut out = String::new();
    for (label, cell) in facts {
        out.push_str("<div class=\"fact\"><dt>");
        escape_into(&mut out, label);
        out.push_str("</dt><dd>");
        write_cell(&mut out, cell, pen);
        out.push_str("</dd></div>");
    }
    out
}

/// Head and rows, for a table; nothing without rows.
pub(super) fn table(columns: &[String], rows: &[Vec<Cell>], pen: Pen<'_>) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let stands_at_end: Vec<bool> = first.iter().map(Cell::stands_at_end).collect();
    let at_end = |at: usize| stands_at_end.get(at).copied().unwrap_or_default();
    let mut out = String::from("<thead><tr>");
    for (at, column) in columns.iter().enumerate() {
        out.push_str(if at_end(at) { "<th scope=\"col\" class=\"end\">" } else { "<th scope=\"col\">" });
        escape_into(&mut out, column);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            out.push_str("<td data-label=\"");
            escape_into(&mut out, columns.get(at).map_or("", String::as_str));
            out.push_str(if at_end(at) { "\" class=\"end amount\"><div>" } else { "\"><div>" });
            write_cell(&mut out, cell, pen);
            out.push_str("</div></td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    out
}

fn write_cell(out: &mut String, cell: &Cell, pen: Pen<'_>) {
    let leads = !cell.href.is_empty();
    if leads {
        out.push_str("<a href=\"");
        escape_into(out, &cell.href);
        out.push_str("\">");
    }
    match &cell.value {
        Kind::Text(text) => escape_into(out, text),
        Kind::Badge(state) => write_badge(out, state, pen),
        Kind::Money(money) => write_money(out, *money, MoneyStyle::Code, pen),
        Kind::Number(number) => out.push_str(&format_number(*number, pen.locale)),
        Kind::Date(date) => out.push_str(&format_date(*date, pen.locale)),
        Kind::Instant(instant) => write_instant(out, *instant, pen),
        Kind::Nothing => out.push('–'),
    }
    if leads {
        out.push_str("</a>");
    }
    if !cell.note.is_empty() {
        out.push_str("<div class=\"text-secondary small\">");
        escape_into(out, &cell.note);
        out.push_str("</div>");
    }
}

#[cfg(test)]
mod tests {
    use bursar_i18n::Locale;
    use bursar_money::{Currency, Money};
    use bursar_time::TimeZone;

    use super::*;

    #[test]
    fn what_people_typed_stays_text_wherever_it_stands() {
        let states = BTreeMap::from([("past_due".to_owned(), "Past due".to_owned())]);
        let pen = Pen { locale: Locale::default(), zone: &TimeZone::UTC, states: &states };
        let hostile = "<b onclick='x'>\"&";
        let cell = Cell::text(hostile).to(hostile).note(hostile);
        let safe = "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;";
        assert_eq!(
            facts(&[("Name".to_owned(), &cell)], pen),
            format!(
                "<div class=\"fact\"><dt>Name</dt><dd><a href=\"{safe}\">{safe}</a>\
                 <div class=\"text-secondary small\">{safe}</div></dd></div>"
            )
        );
    }

    #[test]
    fn figures_stand_at_the_end_of_rows_and_states_in_words() {
        let states = BTreeMap::from([("past_due".to_owned(), "Past due".to_owned())]);
        let pen = Pen { locale: Locale::default(), zone: &TimeZone::UTC, states: &states };
        let row = vec![Cell::badge("past_due"), Cell::money(Money::new(1_250, Currency::EUR))];
        let html = table(&["Status".to_owned(), "Open".to_owned()], &[row], pen);
        assert!(html.starts_with(
            "<thead><tr><th scope=\"col\">Status</th><th scope=\"col\" class=\"end\">Open</th>"
        ));
        assert!(
            html.contains(">Past due</span></div></td><td data-label=\"Open\" class=\"end amount\"><div>"),
            "{html}"
        );
        assert!(html.contains("12.50"), "{html}");
        assert_eq!(table(&["Status".to_owned()], &[], pen), "");
    }
}
