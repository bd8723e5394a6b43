//! Walks through the running product in Chromium. `BURSAR_SCREENSHOTS=folder` keeps a picture of every page.

mod desk;
mod doors;
mod pages;
mod paying;
