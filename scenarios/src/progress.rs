//! Where a long walk is, said while it goes on.

use std::io::Write as _;

/// Says so past the test harness, which would keep it until the walk is over: a walk that hangs is over too late.
pub fn tell(text: &str) {
    // Nobody may be listening.
    drop(writeln!(std::io::stderr(), "{text}"));
}
