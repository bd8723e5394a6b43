//! Whole imports of WHMCS databases by the office: the days after them, and what a kill leaves behind.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod calendar;
mod crash;
mod days;
