//! The bar above a list: search, filters, columns. One form, so that it works without JavaScript.

use std::fmt::Write as _;

use super::filter::{Filter, FilterKind};
use super::html::{BOOST, View};
use super::place::{Place, sort_text};
use crate::markup::{escape_into, escaped, icon_into};

/// Writes the bar.
pub(crate) fn write(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    let _written = write!(
        out,
        "<form class=\"list-bar\" method=\"get\" action=\"{}\" role=\"search\"{BOOST}>",
        escaped(resource.paths.list)
    );
    write_carried(out, view);
    if let Some(search) = &resource.search {
        let _written = write!(
            out,
            "<div class=\"list-search\"><input class=\"form-control\" type=\"search\" id=\"list-search\" name=\"search\" \
             value=\"{}\" placeholder=\"{}\" aria-label=\"Search\"><button class=\"btn\" aria-label=\"Show\" title=\"Show\">",
            escaped(&place.search),
            escaped(search.hint)
        );
        icon_into(out, "search");
        out.push_str("</button></div>");
    }
    if !resource.filters.is_empty() {
        write_filters(out, view);
    }
    write_sorts(out, view);
    write_columns(out, view);
    if resource.search.is_none() {
        out.push_str("<button class=\"btn\">");
        icon_into(out, "check");
        out.push_str(" Show</button>");
    }
    out.push_str("</form>");
}

/// The lens is kept when the form is sent.
fn write_carried(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    for (key, value) in place.address(resource, "").pairs() {
        if key == "show" || key == "rows" {
            let _written =
                write!(out, "<input type=\"hidden\" name=\"{key}\" value=\"{}\">", escaped(&value));
        }
    }
}

/// The sorts an index answers here, both ways: headings are not there on phones.
fn write_sorts(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    let offered = &resource.lenses[place.lens].sorts;
    out.push_str("<select class=\"form-select list-sort\" name=\"sort\" aria-label=\"Sorted by\">");
    for (index, sort) in resource.sorts.iter().enumerate().filter(|(_, sort)| offered.contains(&sort.key)) {
        for is_falling in [sort.is_falling, !sort.is_falling] {
            let chosen = if index == place.sort && is_falling == place.is_falling { " selected" } else { "" };
            let _written = write!(
                out,
                "<option value=\"{}\"{chosen}>{}, {}</option>",
                sort_text(sort, is_falling),
                escaped(sort.label),
                sort.direction(is_falling)
            );
        }
    }
    out.push_str("</select>");
}

fn write_filters(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    let wrong = resource
        .filters
        .iter()
        .any(|filter| filter.parameters().iter().any(|parameter| place.error(parameter).is_some()));
    let open = if wrong { " open" } else { "" };
    let _written = write!(out, "<details class=\"menu\"{open}><summary class=\"btn\">");
    icon_into(out, "filter");
    out.push_str(" Filter");
    let active = resource.filters.iter().filter(|filter| is_active(filter, place)).count();
    if active > 0 {
        let _written = write!(out, " <span class=\"lens-count\">{active}</span>");
    }
    out.push_str("</summary><div class=\"menu-body list-filters\">");
    for filter in &resource.filters {
        write_filter(out, filter, place);
    }
    out.push_str("<button class=\"btn btn-primary\">Apply</button></div></details>");
}

fn write_filter(out: &mut String, filter: &Filter, place: &Place) {
    match &filter.kind {
        FilterKind::Choice(choices) => write_select(out, filter, place, "Any", choices),
        FilterKind::YesNo => write_select(out, filter, place, "Either", &[("yes", "Yes"), ("no", "No")]),
        FilterKind::Text | FilterKind::Exact | FilterKind::Code => {
            write_input(out, place, filter.key, filter.label, "text", "")
        }
        FilterKind::Id => write_input(out, place, filter.key, filter.label, "text", " inputmode=\"numeric\""),
        FilterKind::Dates => {
            out.push_str("<div class=\"list-range\">");
            for (end, word) in [("from", "from"), ("to", "to")] {
                let label = format!("{} {word}", filter.label);
                write_input(out, place, &format!("{}_{end}", filter.key), &label, "date", "");
            }
            out.push_str("</div>");
        }
        FilterKind::Amounts { .. } => {
            out.push_str("<div class=\"list-range\">");
            for (end, word) in [("from", "from"), ("to", "to"), ("currency", "currency")] {
                let label = format!("{} {word}", filter.label);
                let hint = if end == "currency" { " maxlength=\"3\"" } else { " inputmode=\"decimal\"" };
                write_input(out, place, &format!("{}_{end}", filter.key), &label, "text", hint);
            }
            out.push_str("</div>");
        }
    }
}

fn write_input(out: &mut String, place: &Place, name: &str, label: &str, kind: &str, more: &str) {
    let error = place.error(name);
    let (class, state) = match error {
        Some(_) => (" is-invalid", format!(" aria-invalid=\"true\" aria-describedby=\"error-{name}\"")),
        None => ("", String::new()),
    };
    let _written = write!(
        out,
        "<div><label class=\"form-label\" for=\"filter-{name}\">{}</label><input class=\"form-control{class}\" \
         id=\"filter-{name}\" name=\"{name}\" type=\"{kind}\" value=\"{}\"{more}{state}>",
        escaped(label),
        escaped(place.typed(name))
    );
    write_error(out, name, error);
    out.push_str("</div>");
}

fn write_select(out: &mut String, filter: &Filter, place: &Place, any: &str, choices: &[(&str, &str)]) {
    let (name, error) = (filter.key, place.error(filter.key));
    let class = if error.is_some() { " is-invalid" } else { "" };
    let _written = write!(
        out,
        "<div><label class=\"form-label\" for=\"filter-{name}\">{}</label><select class=\"form-select{class}\" \
         id=\"filter-{name}\" name=\"{name}\"><option value=\"\">{any}</option>",
        escaped(filter.label)
    );
    for (code, label) in choices {
        let chosen = if place.typed(name) == *code { " selected" } else { "" };
        let _written = write!(out, "<option value=\"{}\"{chosen}>{}</option>", escaped(code), escaped(label));
    }
    out.push_str("</select>");
    write_error(out, name, error);
    out.push_str("</div>");
}

fn write_error(out: &mut String, name: &str, error: Option<&str>) {
    if let Some(error) = error {
        let _written = write!(out, "<div class=\"invalid-feedback d-block\" id=\"error-{name}\">");
        escape_into(out, error);
        out.push_str("</div>");
    }
}

/// Which columns to show. All of them are boxes of the same form, so a choice is part of the address.
fn write_columns(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    out.push_str("<details class=\"menu\"><summary class=\"btn\">");
    icon_into(out, "list-details");
    out.push_str(" Columns</summary><div class=\"menu-body list-columns\">");
    for (index, column) in resource.columns.iter().enumerate() {
        let chosen = if place.columns.contains(&index) { " checked" } else { "" };
        let _written = write!(
            out,
            "<label class=\"form-check\"><input class=\"form-check-input\" type=\"checkbox\" name=\"col\" \
             value=\"{}\"{chosen}><span class=\"form-check-label\">{}</span></label>",
            column.key,
            escaped(column.label)
        );
    }
    out.push_str("<button class=\"btn btn-primary\">Apply</button></div></details>");
}

fn is_active(filter: &Filter, place: &Place) -> bool {
    filter.parameters().iter().any(|parameter| !place.typed(parameter).is_empty())
}

/// Each active filter in words, with a way to leave it out, and what is wrong with the address itself.
pub(crate) fn write_active(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    for name in ["show", "after", "before"] {
        if let Some(error) = place.error(name) {
            out.push_str("<div class=\"alert alert-danger notice\" role=\"alert\">");
            icon_into(out, "alert-circle");
            let _written = write!(out, "<div>{}</div></div>", escaped(error));
        }
    }
    if place.typed.is_empty() {
        return;
    }
    let _written = write!(out, "<ul class=\"list-active\"{BOOST}>");
    for filter in resource.filters.iter().filter(|filter| is_active(filter, place)) {
        let address = place.address(resource, resource.paths.list).without(filter).text();
        let said = filter.says(|name| place.typed(name));
        let _written = write!(out, "<li><a href=\"{}\">{}", escaped(&address), escaped(&said));
        out.push(' ');
        icon_into(out, "x");
        out.push_str("<span class=\"visually-hidden\">leave this filter out</span></a></li>");
    }
    out.push_str("</ul>");
}
