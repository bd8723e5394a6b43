//! What stands beside the bar of a list: files, saved views, figures, and what can be done to selected rows.

use std::fmt::Write as _;

use super::action::BulkAction;
use super::fetch::Line;
use super::html::View;
use super::resource::Resource;
use crate::csrf::CSRF_FIELD;
use crate::markup::{escaped, icon_into};

/// Writes the menus of files and of saved views.
pub(crate) fn write(out: &mut String, view: &View<'_>) {
    write_views(out, view);
    write_exports(out, view);
}

fn write_exports(out: &mut String, view: &View<'_>) {
    let View { resource, place, .. } = view;
    out.push_str("<details class=\"menu\"><summary class=\"btn\">");
    icon_into(out, "download");
    out.push_str(" Export</summary><div class=\"menu-body\">");
    for (path, label) in resource.paths.exports.iter().zip(["CSV", "Excel (XLSX)", "JSON"]) {
        let address = place.address(resource, path).text();
        let _written =
            write!(out, "<a class=\"menu-item\" href=\"{}\" download>{label}</a>", escaped(&address));
    }
    let page = place.address(resource, resource.paths.json).text();
    let _written = write!(out, "<a class=\"menu-item\" href=\"{}\">This page as JSON</a>", escaped(&page));
    out.push_str("<p class=\"form-hint\">All rows that match, with the columns you see.</p></div></details>");
}

pub(crate) fn write_token(out: &mut String, view_csrf: &str) {
    let _written =
        write!(out, "<input type=\"hidden\" name=\"{CSRF_FIELD}\" value=\"{}\">", escaped(view_csrf));
}

fn write_views(out: &mut String, view: &View<'_>) {
    let View { visit, resource, place, views, .. } = view;
    let token = visit.csrf_token();
    out.push_str("<details class=\"menu\"><summary class=\"btn\">");
    icon_into(out, "eye");
    out.push_str(" Views</summary><div class=\"menu-body list-views\">");
    for saved in *views {
        let mark = if saved.is_first { " (first)" } else { "" };
        let address = format!("{}?{}", resource.paths.list, saved.query);
        let remove = resource.paths.views[1].replace("{id}", &saved.id.to_string());
        let _written = write!(
            out,
            "<div class=\"list-view\"><a class=\"menu-item\" href=\"{}\">{}{mark}</a><form method=\"post\" \
             action=\"{remove}\">",
            escaped(&address),
            escaped(&saved.name)
        );
        write_token(out, &token);
        out.push_str("<button class=\"btn btn-icon\">");
        icon_into(out, "trash");
        let _written = write!(
            out,
            "<span class=\"visually-hidden\">Remove {}</span></button></form></div>",
            escaped(&saved.name)
        );
    }
    let _written = write!(out, "<form method=\"post\" action=\"{}\">", resource.paths.views[0]);
    write_token(out, &token);
    let query = place.address(resource, "").query();
    let _written = write!(
        out,
        "<input type=\"hidden\" name=\"query\" value=\"{}\"><label class=\"form-label\" for=\"view-name\">Save what \
         you see as</label><input class=\"form-control\" id=\"view-name\" name=\"name\" maxlength=\"60\" required>\
         <label class=\"form-check\"><input class=\"form-check-input\" type=\"checkbox\" name=\"first\" value=\"1\">\
         <span class=\"form-check-label\">Begin with it</span></label><button class=\"btn btn-primary\">Save</button>\
         </form></div></details>",
        escaped(&query)
    );
}

/// A list's figures are read when they are opened; without JavaScript they are a page.
pub(crate) fn write_figures_link(out: &mut String, resource: &Resource) {
    let path = resource.paths.figures;
    let _written = write!(
        out,
        "<details class=\"list-figures\" hx-get=\"{path}\" hx-trigger=\"toggle once\" hx-target=\"find .figures\" \
         hx-select=\".figures\" hx-swap=\"outerHTML\"><summary>Figures</summary><div class=\"figures\">\
         <a href=\"{path}\">Show the figures</a></div></details>"
    );
}

/// The actions the visitor may do to rows.
pub(crate) fn actions_of<'v>(view: &View<'v>) -> Vec<&'v BulkAction> {
    let resource: &'v Resource = view.resource;
    resource.actions.iter().filter(|action| view.visit.can(action.permission)).collect()
}

/// The form around the rows.
pub(crate) fn begin_selection(out: &mut String, view: &View<'_>) {
    let View { visit, resource, place, .. } = view;
    out.push_str("<form method=\"post\" class=\"selection\" data-again>");
    write_token(out, &visit.csrf_token());
    let query = place.address(resource, "").query();
    let _written = write!(out, "<input type=\"hidden\" name=\"query\" value=\"{}\">", escaped(&query));
}

pub(crate) fn write_pick(out: &mut String, line: &Line) {
    let id = line.edge.id;
    let _written = write!(
        out,
        "<td class=\"pick\"><input class=\"form-check-input\" type=\"checkbox\" name=\"id\" value=\"{id}\" \
         aria-label=\"Select row {id}\"></td>"
    );
}

pub(crate) fn end_selection(out: &mut String, actions: &[&BulkAction], resource: &Resource) {
    out.push_str(
        "<div class=\"selection-bar\"><label class=\"form-check\"><input class=\"form-check-input\" type=\"checkbox\" \
         name=\"all\" value=\"1\"><span class=\"form-check-label\">All that match, on every page</span></label>",
    );
    for action in actions {
        let address = resource.paths.actions.replace("{what}", action.key);
        let _written =
            write!(out, "<button class=\"btn\" formaction=\"{address}\">{}</button>", escaped(action.label));
    }
    out.push_str("</div></form>");
}
