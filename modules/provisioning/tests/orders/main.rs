//! From an order to a machine and back, through every module between.

mod flow;
mod shop;
