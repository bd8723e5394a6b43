//! The first page of staff: cards that modules contribute, in the order each person likes.
//!
//! A module declares a [`Card`] with the permission it needs and a function that reads it; the shell shows the cards a
//! person may see, in one unit of work, and keeps what the person moved or hid. A card's figures must come from an index
//! or from sums that its module keeps as things happen: this page is opened more often than any other. Nothing here
//! knows what a card is about.

mod arrange;
mod card;
mod pages;
mod store;
mod view;

pub use card::{Card, CardRow, CardSize, CardView, Chart, ChartKind, ChartLabel, LoadCard, Series};
pub(crate) use pages::routes;
pub(crate) use store::STATEMENTS;
