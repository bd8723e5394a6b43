//! Append-only, chained record of who did what to which subject.
