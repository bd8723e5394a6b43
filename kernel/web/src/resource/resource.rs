//! The declaration of a resource.

use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Statement, Tx};

use super::action::BulkAction;
use super::column::{Column, Reading};
use super::fetch::{self, With};
use super::figure::Figures;
use super::filter::{Filter, Lens};
use super::sort::Sort;
use crate::problem::PageResult;

/// The addresses of a resource. Made by [`paths!`](crate::paths).
#[derive(Debug, Clone, Copy)]
pub struct Paths {
    /// `/admin/invoices`.
    pub list: &'static str,
    /// `/admin/invoices.json`.
    pub json: &'static str,
    /// `/admin/invoices/export.csv`, and the other forms.
    pub exports: [&'static str; 3],
    /// `/admin/invoices/views`: where a view is saved, and where one is removed.
    pub views: [&'static str; 2],
    /// `/admin/invoices/actions/{what}`.
    pub actions: &'static str,
    /// `/admin/invoices/figures`.
    pub figures: &'static str,
}

/// The addresses of a resource from that of its list.
#[macro_export]
macro_rules! paths {
    ($list:literal) => {
        $crate::Paths {
            list: $list,
            json: concat!($list, ".json"),
            exports: [
                concat!($list, "/export.csv"),
                concat!($list, "/export.xlsx"),
                concat!($list, "/export.json"),
            ],
            views: [concat!($list, "/views"), concat!($list, "/views/{id}/remove")],
            actions: concat!($list, "/actions/{what}"),
            figures: concat!($list, "/figures"),
        }
    };
}

/// Finds the ids of at most so many rows that a few words mean, best first. It must be quick at any size: whole words
/// and beginnings of words through an index, never a scan.
pub type Find = for<'t> fn(&'t mut Tx, String, i64) -> Reading<'t, Vec<i64>>;

/// Whose the rows of a list are, where who looks for an owner wants their rows as well: the invoices of a customer.
#[derive(Debug, Clone, Copy)]
pub struct Owners {
    /// `customers`. A search over several lists looks for the owners of a kind once.
    pub kind: &'static str,
    /// Finds the owners.
    pub find: Find,
    /// The ids of what belongs to the owners `{any:$1}`, newest first, at most `$2`.
    pub rows: &'static Statement,
}

/// What a search looks in.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// What people read in the empty field: `Number, customer or e-mail`.
    pub hint: &'static str,
    /// How it finds.
    pub find: Find,
    /// Whose rows it finds too.
    pub owners: Option<Owners>,
    /// Of which kind of owner the list itself is.
    pub kind: Option<&'static str>,
}

/// What a list without rows says.
#[derive(Debug, Clone, Copy)]
pub struct Empty {
    /// `No invoices yet`.
    pub title: &'static str,
    /// What to do next.
    pub advice: &'static str,
}

/// A button in the head of the list.
#[derive(Debug, Clone, Copy)]
pub struct Button {
    /// What it says.
    pub label: &'static str,
    /// A name from the icon sprite.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Who sees it.
    pub permission: &'static str,
}

/// Where the list stands in the navigation.
#[derive(Debug, Clone, Copy)]
pub struct InNav {
    /// The heading.
    pub section: &'static str,
    /// See [`Nav::order`](crate::Nav).
    pub order: u16,
}

/// One noun of a module as a list: declared once, shown as a page, as JSON and as files.
///
/// The first lens is everything. Fragments of SQL are the module's own and name its tables only.
#[derive(Debug, Clone)]
pub struct Resource {
    pub(crate) key: &'static str,
    pub(crate) paths: Paths,
    pub(crate) permission: &'static str,
    pub(crate) label: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) about: &'static str,
    pub(crate) from: &'static str,
    pub(crate) id: &'static str,
    /// The address of a row's own page, before its id.
    pub(crate) opens: Option<&'static str>,
    pub(crate) columns: Vec<Column>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) sorts: Vec<Sort>,
    pub(crate) lenses: Vec<Lens>,
    pub(crate) search: Option<Search>,
    pub(crate) empty: Empty,
    pub(crate) buttons: Vec<Button>,
    pub(crate) actions: Vec<BulkAction>,
    pub(crate) figures: Option<Figures>,
    pub(crate) nav: Option<InNav>,
}

impl Resource {
    /// A list of `label` for who holds `permission`, `key` being its noun in the plural: `invoices`.
    pub fn new(key: &'static str, label: &'static str, paths: Paths, permission: &'static str) -> Self {
        Self {
            key,
            paths,
            permission,
            label,
            icon: "list-details",
            about: "",
            from: "",
            id: "id",
            opens: None,
            columns: Vec::new(),
            filters: Vec::new(),
            sorts: vec![Sort::newest("Newest")],
            lenses: Vec::new(),
            search: None,
            empty: Empty { title: "Nothing here", advice: "Nothing matches." },
            buttons: Vec::new(),
            actions: Vec::new(),
            figures: None,
            nav: None,
        }
    }

    /// A name from the icon sprite, and a sentence under the heading.
    #[must_use]
    pub const fn described(mut self, icon: &'static str, about: &'static str) -> Self {
        self.icon = icon;
        self.about = about;
        self
    }

    /// The table with its alias, `billing_invoices AS i`, and the fragment of its id, `i.id`.
    #[must_use]
    pub const fn from(mut self, from: &'static str, id: &'static str) -> Self {
        self.from = from;
        self.id = id;
        self
    }

    /// The address of a row's own page, before its id: `/admin/invoices/`.
    #[must_use]
    pub const fn opens(mut self, prefix: &'static str) -> Self {
        self.opens = Some(prefix);
        self
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(mut self, columns: Vec<Column>) -> Self {
        self.columns = columns;
        self
    }

    /// The filters, in order.
    #[must_use]
    pub fn filters(mut self, filters: Vec<Filter>) -> Self {
        self.filters = filters;
        self
    }

    /// Sorts beside `newest`, which every list has.
    #[must_use]
    pub fn sorts(mut self, sorts: Vec<Sort>) -> Self {
        self.sorts.extend(sorts);
        self
    }

    /// The lenses. The first is the whole list and has the key `""`.
    #[must_use]
    pub fn lenses(mut self, lenses: Vec<Lens>) -> Self {
        self.lenses = lenses;
        self
    }

    /// What the search field looks in.
    #[must_use]
    pub const fn search(mut self, hint: &'static str, find: Find) -> Self {
        self.search = Some(Search { hint, find, owners: None, kind: None });
        self
    }

    /// The search finds the rows of owners too: those that it finds itself come first.
    ///
    /// # Panics
    /// When there is no search yet.
    #[must_use]
    pub const fn search_owners(mut self, owners: Owners) -> Self {
        let Some(search) = &mut self.search else { panic!("a list that finds by owners has a search") };
        search.owners = Some(owners);
        self
    }

    /// The rows are owners of rows of other lists: what the search finds are owners of this kind.
    ///
    /// # Panics
    /// When there is no search yet.
    #[must_use]
    pub const fn search_finds(mut self, kind: &'static str) -> Self {
        let Some(search) = &mut self.search else { panic!("a list of owners has a search") };
        search.kind = Some(kind);
        self
    }

    /// What a list without rows says, and what to do next.
    #[must_use]
    pub const fn empty(mut self, title: &'static str, advice: &'static str) -> Self {
        self.empty = Empty { title, advice };
        self
    }

    /// A button in the head, for who holds its permission.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// What can be done to many rows at once.
    #[must_use]
    pub fn actions(mut self, actions: Vec<BulkAction>) -> Self {
        self.actions = actions;
        self
    }

    /// Figures over the list, read when somebody opens them.
    #[must_use]
    pub const fn figures(mut self, figures: Figures) -> Self {
        self.figures = Some(figures);
        self
    }

    /// Puts the list into the navigation.
    #[must_use]
    pub const fn in_nav(mut self, section: &'static str, order: u16) -> Self {
        self.nav = Some(InNav { section, order });
        self
    }

    /// Where it answers.
    pub const fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The queries that lead through every lens, in every order, forth and back.
    pub fn queries(&self) -> Vec<String> {
        let mut queries = Vec::new();
        for lens in &self.lenses {
            for sort in self.sorts.iter().filter(|sort| lens.sorts.contains(&sort.key)) {
                for minus in ["", "-"] {
                    queries.push(format!("show={}&sort={minus}{}", lens.key, sort.key));
                }
            }
        }
        queries
    }

    /// Reads what a page of the list shows, without making the page: how many rows it has.
    ///
    /// # Errors
    /// As the page.
    pub async fn read(self: &Arc<Self>, cx: &Cx, query: &str) -> PageResult<usize> {
        Ok(fetch::load(cx, self, query.to_owned(), With::Head).await?.page.lines.len())
    }

    /// The noun in the plural.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// Who may see it.
    pub const fn permission(&self) -> &'static str {
        self.permission
    }

    /// The line of the navigation, if it has one.
    pub fn nav_entry(&self) -> Option<crate::Nav> {
        self.nav.map(|place| crate::Nav {
            surface: crate::Surface::Staff,
            section: place.section,
            label: self.label,
            icon: self.icon,
            href: self.paths.list,
            permission: Some(self.permission),
            order: place.order,
        })
    }

    /// What is wrong with the declaration: shown when the program starts, which is why it is not an error type.
    pub fn mistakes(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut say = |what: String| found.push(format!("resource {}: {what}", self.key));
        if self.from.is_empty() {
            say("it has no table".to_owned());
        }
        if self.lenses.first().is_none_or(|lens| !lens.key.is_empty()) {
            say("its first lens must be the whole list, with the key \"\"".to_owned());
        }
        let mut columns: Vec<_> = self.columns.iter().map(|column| column.key).collect();
        columns.sort_unstable();
        if let Some(twice) = columns.windows(2).find(|pair| pair[0] == pair[1]) {
            say(format!("the column {} is there twice", twice[0]));
        }
        if self.columns.iter().all(|column| column.is_extra) {
            say("it shows no column".to_owned());
        }
        for lens in &self.lenses {
            let unknown = lens.sorts.iter().find(|key| !self.sorts.iter().any(|sort| sort.key == **key));
            match unknown {
                Some(key) => say(format!("the lens {:?} has an unknown sort {key}", lens.key)),
                None if lens.sorts.is_empty() => say(format!("the lens {:?} has no sort", lens.key)),
                None => {}
            }
        }
        found
    }
}
