//! The page of a list.

use std::fmt::Write as _;
use std::sync::Arc;

use super::bar;
use super::column::Column;
use super::fetch::{MOST_FOUND, Page};
use super::place::Place;
use super::query::MOST_COUNTED;
use super::resource::Resource;
use super::rows::{BYTES_OF_ROW, Pen, states_in, states_in_words, write_cells};
use super::tools;
use super::views::SavedView;
use crate::markup::{escape_into, escaped, icon_into};
use crate::visit::Visit;

/// Follows a link within the list by exchanging the list only, where there is JavaScript.
pub(crate) const BOOST: &str =
    " hx-boost=\"true\" hx-target=\"#list\" hx-select=\"#list\" hx-swap=\"outerHTML\"";

/// What the page is made of.
pub(crate) struct View<'p> {
    pub(crate) visit: &'p Visit,
    pub(crate) resource: &'p Arc<Resource>,
    pub(crate) place: &'p Place,
    pub(crate) page: &'p Page,
    pub(crate) views: &'p [SavedView],
}

/// The content of the page, below the shell's bar and beside its navigation.
pub(crate) fn content(view: &View<'_>) -> String {
    let View { resource, place, page, .. } = view;
    let mut out = String::with_capacity(8_192 + page.lines.len() * BYTES_OF_ROW);
    write_head(&mut out, view);
    out.push_str("<div id=\"list\" class=\"list\">");
    write_lenses(&mut out, view);
    out.push_str("<div class=\"list-top\">");
    bar::write(&mut out, view);
    tools::write(&mut out, view);
    out.push_str("</div>");
    bar::write_active(&mut out, view);
    if page.is_cut {
        let _written = write!(
            out,
            "<p class=\"list-note\">These are the first {MOST_FOUND} matches. Type more to narrow them.</p>"
        );
    }
    if page.lines.is_empty() {
        write_empty(&mut out, view);
    } else {
        write_table(&mut out, view);
    }
    write_pager(&mut out, resource, place, page);
    out.push_str("</div>");
    out
}

/// The head of a page beside the list, with the way back.
pub(crate) fn write_title(out: &mut String, title: &str, back: &str) {
    let _written =
        write!(out, "<div class=\"page-head\"><div><a class=\"page-back\" href=\"{}\">", escaped(back));
    icon_into(out, "arrow-left");
    let _written = write!(out, " Back to the list</a><h1>{}</h1></div></div>", escaped(title));
}

fn write_head(out: &mut String, view: &View<'_>) {
    let View { visit, resource, .. } = view;
    out.push_str("<div class=\"page-head\"><div><h1>");
    escape_into(out, resource.label);
    out.push_str("</h1>");
    if !resource.about.is_empty() {
        out.push_str("<p class=\"text-secondary\">");
        escape_into(out, resource.about);
        out.push_str("</p>");
    }
    out.push_str("</div><div class=\"page-actions\">");
    for button in resource.buttons.iter().filter(|button| visit.can(button.permission)) {
        let _written = write!(out, "<a class=\"btn btn-primary\" href=\"{}\">", escaped(button.href));
        icon_into(out, button.icon);
        let _written = write!(out, " {}</a>", escaped(button.label));
    }
    out.push_str("</div></div>");
    if resource.figures.is_some() {
        tools::write_figures_link(out, resource);
    }
}

fn write_lenses(out: &mut String, view: &View<'_>) {
    let View { resource, place, page, .. } = view;
    if resource.lenses.len() < 2 {
        return;
    }
    let _written =
        write!(out, "<nav class=\"lenses\" aria-label=\"{} to show\"{BOOST}>", escaped(resource.label));
    for (index, lens) in resource.lenses.iter().enumerate() {
        let address = place.address(resource, resource.paths.list).lens(index).text();
        let current = if index == place.lens { " aria-current=\"page\"" } else { "" };
        let _written = write!(out, "<a href=\"{}\"{current}>{}", escaped(&address), escaped(lens.label));
        if let Some(count) = page.counts.get(&index).filter(|count| **count > 0) {
            out.push_str(" <span class=\"lens-count\">");
            if *count >= MOST_COUNTED {
                let _written = write!(out, "{}+", MOST_COUNTED - 1);
            } else {
                let _written = write!(out, "{count}");
            }
            out.push_str("</span>");
        }
        out.push_str("</a>");
    }
    out.push_str("</nav>");
}

fn write_table(out: &mut String, view: &View<'_>) {
    let View { visit, resource, place, page, .. } = view;
    let columns: Vec<&Column> = place.columns.iter().map(|index| &resource.columns[*index]).collect();
    let actions = tools::actions_of(view);
    if !actions.is_empty() {
        tools::begin_selection(out, view);
    }
    let _written = write!(
        out,
        "<div class=\"card table-card\"><table class=\"table table-vcenter card-table stack\"><caption \
         class=\"visually-hidden\">{}</caption><thead{BOOST}><tr>",
        escaped(resource.label)
    );
    if !actions.is_empty() {
        out.push_str("<th scope=\"col\" class=\"pick\"><span class=\"visually-hidden\">Selected</span></th>");
    }
    for column in &columns {
        write_heading(out, view, column);
    }
    out.push_str("</tr></thead><tbody>");
    let states = states_in_words(visit, states_in(&columns, &page.lines));
    let pen = Pen { locale: visit.locale(), zone: visit.zone(), states: &states };
    for line in &page.lines {
        out.push_str("<tr>");
        if !actions.is_empty() {
            tools::write_pick(out, line);
        }
        write_cells(out, resource, &columns, line, pen);
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    if !actions.is_empty() {
        tools::end_selection(out, &actions, resource);
    }
}

/// A heading; one that sorts leads to the list sorted by it, and the other way round once it is.
fn write_heading(out: &mut String, view: &View<'_>, column: &Column) {
    let View { resource, place, .. } = view;
    let class = if column.stands_at_end() { " class=\"end\"" } else { "" };
    let offered = &resource.lenses[place.lens].sorts;
    let sort = resource.sorts.iter().enumerate().find(|(_, sort)| sort.key == column.sort);
    let Some((index, sort)) = sort.filter(|(_, sort)| offered.contains(&sort.key)) else {
        let _written = write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(column.label));
        return;
    };
    let is_current = index == place.sort;
    let (state, arrow) = match (is_current, place.is_falling) {
        (true, true) => (" aria-sort=\"descending\"", " <span aria-hidden=\"true\">↓</span>"),
        (true, false) => (" aria-sort=\"ascending\"", " <span aria-hidden=\"true\">↑</span>"),
        (false, _) => ("", ""),
    };
    let falling = if is_current { !place.is_falling } else { sort.is_falling };
    let address = place.address(resource, resource.paths.list).sort(sort, falling).text();
    let _written = write!(
        out,
        "<th scope=\"col\"{class}{state}><a href=\"{}\">{}{arrow}</a></th>",
        escaped(&address),
        escaped(column.label)
    );
}

fn write_empty(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    out.push_str("<div class=\"card\"><div class=\"empty\"><div class=\"empty-icon\">");
    icon_into(out, resource.icon);
    out.push_str("</div>");
    let (title, advice) = if !place.errors.is_empty() {
        ("Something in the filters cannot be read", "Mend what is marked above, or show everything.")
    } else if place.is_narrowed() {
        ("Nothing matches", "Search for less, or leave a filter out.")
    } else if place.lens > 0 {
        ("Nothing here", "No row is in this list at the moment.")
    } else {
        (resource.empty.title, resource.empty.advice)
    };
    let _written = write!(
        out,
        "<p class=\"empty-title\">{}</p><p class=\"empty-subtitle text-secondary\">{}</p>",
        escaped(title),
        escaped(advice)
    );
    if place.is_narrowed() || place.lens > 0 || !place.errors.is_empty() {
        let _written = write!(
            out,
            "<div class=\"empty-action\"><a class=\"btn\" href=\"{}\">Show all</a></div>",
            escaped(resource.paths.list)
        );
    }
    out.push_str("</div></div>");
}

fn write_pager(out: &mut String, resource: &Resource, place: &Place, page: &Page) {
    let (Some(first), Some(last)) = (page.lines.first(), page.lines.last()) else { return };
    if !page.has_next && !page.has_previous {
        return;
    }
    let here = place.address(resource, resource.paths.list);
    let _written = write!(out, "<nav class=\"pager\" aria-label=\"Pages\"{BOOST}>");
    if page.has_previous {
        let address = here.clone().before(&first.edge).text();
        let _written = write!(out, "<a class=\"btn\" rel=\"prev\" href=\"{}\">", escaped(&address));
        icon_into(out, "chevron-left");
        out.push_str(" Previous</a>");
    } else {
        out.push_str("<span></span>");
    }
    if page.has_next {
        let address = here.after(&last.edge).text();
        let _written = write!(out, "<a class=\"btn\" rel=\"next\" href=\"{}\">Next ", escaped(&address));
        icon_into(out, "chevron-right");
        out.push_str("</a>");
    }
    out.push_str("</nav>");
}
