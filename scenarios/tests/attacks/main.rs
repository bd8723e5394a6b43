//! Attacks on the running server, as somebody with a terminal and bad manners tries them.

mod forms;
mod lists;
mod races;
mod texts;
mod uploads;
mod wire;
