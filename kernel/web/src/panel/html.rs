//! Panels as HTML, written straight into the page: a customer's has hundreds of cells.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bursar_i18n::{MoneyStyle, Translator, format_date, format_number};

use super::cell::{Cell, Kind};
use super::view::{PanelButton, PanelView};
use crate::markup::{escape_into, escaped, icon_into, push};
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

/// The beginning of a panel, as far as its buttons.
pub(super) fn open(out: &mut String, id: &str, title: &str) {
    let (id, title) = (escaped(id), escaped(title));
    push(out, &["<section class=\"card panel\" id=\"panel-", &id, "\" aria-labelledby=\"title-", &id]);
    push(
        out,
        &["\"><div class=\"panel-head\"><h2 class=\"card-title\" id=\"title-", &id, "\">", &title, "</h2>"],
    );
}

/// A button that leads somewhere.
pub(super) fn button(out: &mut String, button: &PanelButton) {
    push(out, &["<a class=\"btn btn-sm\" href=\"", &escaped(&button.href), "\">"]);
    icon_into(out, button.icon);
    push(out, &[" ", &escaped(button.label), "</a>"]);
}

/// What stands in a panel that is neither facts nor rows, as HTML.
pub(super) fn body(out: &mut String, html: &str) {
    push(out, &["<div class=\"panel-body\">", html, "</div>"]);
}

/// What a panel with nothing in it says.
pub(super) fn empty(out: &mut String, words: &str) {
    body(out, &format!("<p class=\"text-secondary mb-0\">{}</p>", escaped(words)));
}

/// Facts, as a list of terms.
pub(super) fn facts<'c>(out: &mut String, facts: impl Iterator<Item = (String, &'c Cell)>, pen: Pen<'_>) {
    out.push_str("<div class=\"panel-body\"><dl class=\"m-0\">");
    for (label, cell) in facts {
        push(out, &["<div class=\"fact\"><dt>", &escaped(&label), "</dt><dd>"]);
        write_cell(out, cell, pen);
        out.push_str("</dd></div>");
    }
    out.push_str("</dl></div>");
}

/// Head and rows, as a table; nothing without rows.
pub(super) fn table(out: &mut String, title: &str, columns: &[String], rows: &[Vec<Cell>], pen: Pen<'_>) {
    let Some(first) = rows.first() else { return };
    let columns: Vec<Cow<'_, str>> = columns.iter().map(|column| escaped(column)).collect();
    let stands_at_end: Vec<bool> = first.iter().map(Cell::stands_at_end).collect();
    let at_end = |at: usize| stands_at_end.get(at).copied().unwrap_or_default();
    out.push_str("<div class=\"panel-table\"><table class=\"table table-vcenter card-table stack\">");
    push(out, &["<caption class=\"visually-hidden\">", &escaped(title), "</caption><thead><tr>"]);
    for (at, column) in columns.iter().enumerate() {
        out.push_str(if at_end(at) { "<th scope=\"col\" class=\"end\">" } else { "<th scope=\"col\">" });
        push(out, &[column, "</th>"]);
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            push(out, &["<td data-label=\"", columns.get(at).map_or("", |column| column)]);
            out.push_str(if at_end(at) { "\" class=\"end amount\"><div>" } else { "\"><div>" });
            write_cell(out, cell, pen);
            out.push_str("</div></td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}

/// Where more of a panel is.
pub(super) struct Foot<'a> {
    /// Back to the newest rows, when older ones are shown.
    pub(super) newest: Option<String>,
    /// The list with everything.
    pub(super) all: Option<&'a str>,
    /// The rows that are older than those shown.
    pub(super) older: Option<String>,
}

/// The foot of a panel, where there is something to say. Leafing through replaces the panel alone.
pub(super) fn foot(out: &mut String, id: &str, foot: &Foot<'_>, words: &Translator) {
    if foot.newest.is_none() && foot.all.is_none() && foot.older.is_none() {
        return;
    }
    let id = &*escaped(id);
    push(
        out,
        &[
            "<div class=\"panel-foot\" hx-boost=\"true\" hx-target=\"#panel-",
            id,
            "\" hx-select=\"#panel-",
            id,
        ],
    );
    out.push_str("\" hx-swap=\"outerHTML\" hx-push-url=\"false\">");
    if let Some(newest) = &foot.newest {
        push(out, &["<a rel=\"prev\" href=\"", &escaped(newest), "#panel-", id, "\">"]);
        icon_into(out, "chevron-left");
        push(out, &[" ", &escaped(&words.t("shell-newest")), "</a>"]);
    }
    if let Some(all) = foot.all {
        push(out, &["<a href=\"", &escaped(all), "\" hx-boost=\"false\">"]);
        push(out, &[&escaped(&words.t("shell-all-in-list")), "</a>"]);
    }
    if let Some(older) = &foot.older {
        push(out, &["<a class=\"panel-older\" rel=\"next\" href=\"", &escaped(older), "#panel-", id, "\">"]);
        push(out, &[&escaped(&words.t("shell-older")), " "]);
        icon_into(out, "chevron-right");
        out.push_str("</a>");
    }
    out.push_str("</div>");
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
        let mut out = String::new();
        facts(&mut out, [("Name".to_owned(), &cell)].into_iter(), pen);
        assert_eq!(
            out,
            format!(
                "<div class=\"panel-body\"><dl class=\"m-0\"><div class=\"fact\"><dt>Name</dt><dd>\
                 <a href=\"{safe}\">{safe}</a><div class=\"text-secondary small\">{safe}</div></dd></div></dl></div>"
            )
        );
        let mut out = String::new();
        table(&mut out, hostile, &[hostile.to_owned()], &[vec![cell]], pen);
        empty(&mut out, hostile);
        let words = crate::words::english();
        let leads = Foot { newest: Some(hostile.into()), all: Some(hostile), older: Some(hostile.into()) };
        foot(&mut out, "billing-invoices", &leads, &words);
        assert!(out.contains(safe) && !out.contains("<b ") && !out.contains("'x'"), "{out}");
    }

    #[test]
    fn a_foot_says_where_more_is_and_is_not_there_for_nothing() {
        let words = crate::words::english();
        let written = |newest: Option<&str>, all, older: Option<&str>| {
            let mut out = String::new();
            let leads = Foot { newest: newest.map(str::to_owned), all, older: older.map(str::to_owned) };
            foot(&mut out, "a-b", &leads, &words);
            out
        };
        assert_eq!(written(None, None, None), "");
        let older = written(None, None, Some("/c/1?older=a.b:7"));
        assert!(
            older.contains("class=\"panel-older\" rel=\"next\" href=\"/c/1?older=a.b:7#panel-a-b\""),
            "{older}"
        );
        assert!(!older.contains("rel=\"prev\"") && older.contains("hx-target=\"#panel-a-b\""), "{older}");
        assert!(written(Some("/c/1"), None, None).contains("rel=\"prev\" href=\"/c/1#panel-a-b\""));
        assert!(written(None, Some("/l"), None).contains("<a href=\"/l\" hx-boost=\"false\">"));
    }

    #[test]
    fn figures_stand_at_the_end_of_rows_and_states_in_words() {
        let states = BTreeMap::from([("past_due".to_owned(), "Past due".to_owned())]);
        let pen = Pen { locale: Locale::default(), zone: &TimeZone::UTC, states: &states };
        let row = vec![Cell::badge("past_due"), Cell::money(Money::new(1_250, Currency::EUR))];
        let written = |columns: &[String], rows: &[Vec<Cell>]| {
            let mut out = String::new();
            table(&mut out, "Invoices", columns, rows, pen);
            out
        };
        let html = written(&["Status".to_owned(), "Open".to_owned()], &[row]);
        assert!(
            html.contains(
                "<thead><tr><th scope=\"col\">Status</th><th scope=\"col\" class=\"end\">Open</th>"
            )
        );
        assert!(
            html.contains(">Past due</span></div></td><td data-label=\"Open\" class=\"end amount\"><div>"),
            "{html}"
        );
        assert!(html.contains("12.50"), "{html}");
        assert_eq!(written(&["Status".to_owned()], &[]), "");
    }
}
