//! Walks through the running product in Chromium. `BURSAR_SCREENSHOTS=folder` keeps a picture of every page.

mod pages;
