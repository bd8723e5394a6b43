//! Chores of the repository: `cargo xtask assets | ci`. What must hold of the sources is tested by `cargo test -p xtask`.

use std::io::Write as _;
use std::process::ExitCode;

mod assets;
mod ci;

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    let done = match task.as_deref() {
        Some("assets") => assets::run(),
        Some("ci") => ci::run(),
        _ => Err("usage: cargo xtask assets | ci".into()),
    };
    let (text, code) = match done {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (error.to_string(), ExitCode::FAILURE),
    };
    // Nothing is left to do when standard error is closed.
    writeln!(std::io::stderr(), "{text}").map_or(ExitCode::FAILURE, |()| code)
}
