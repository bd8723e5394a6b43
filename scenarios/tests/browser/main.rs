//! Walks through the running product in Chromium. `BURSAR_SCREENSHOTS=folder` keeps a picture of every page.
//!
//! The inspection of every page there is takes a feature of its own, `page-walks`: it is the longest of the walks, and it
//! finds faults of pages, where the others find faults of flows.

mod desk;
mod doors;
mod factors;
mod first_sale;
mod machines;
#[cfg(feature = "page-walks")]
mod pages;
mod paying;
mod people;
mod relying_party;
mod review;
mod shelf;
mod shopping;
mod upgrade;
