//! Lists of one noun, declared as data by the module that owns it.
//!
//! A [`Resource`] says columns, filters, sorts, lenses and search in fragments of SQL over its module's own table; the
//! kit makes of it the page, the same list as JSON, and its line of the navigation. Paging is by keyset: a page costs the
//! same wherever it lies, and nothing counts a table. Each lens names the sorts that an index answers together with it.
//!
//! Knows no noun and no table. Screens that tell a story are written by hand.

mod action;
mod bar;
mod bulk;
mod column;
mod export;
mod fetch;
mod figure;
mod filter;
mod html;
mod json;
mod pages;
mod place;
mod plans;
mod query;
#[expect(
    clippy::module_inception,
    reason = "the declaration is the resource itself; the folder is the kit around it"
)]
mod resource;
pub(crate) mod rows;
mod search;
mod sort;
mod sql;
mod tools;
mod views;
mod xlsx;
mod zip;

pub use action::{BulkAction, Done, RunAction};
pub use column::{Column, Names, Reading, humanised};
pub use figure::{Amount, Figure, Figures};
pub use filter::{Filter, Lens};
pub use resource::{Button, Find, Owners, Paths, Resource};
pub(crate) use search::routes as search_routes;
pub use sort::Sort;
pub(crate) use views::STATEMENTS;
