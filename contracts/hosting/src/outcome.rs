//! How an operation can end, as far as anybody knows.

use std::time::Duration;

use crate::{Observed, TaskReference};

/// What became of making a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation {
    /// It is there and the customer can use it.
    Done(Box<Observed>),
    /// It is being made: call again.
    Working(Working),
    /// The server has no room for it, and made nothing. Another server may have.
    CapacityFull {
        /// What is used up, for staff.
        why: String,
    },
    /// The vendor tried and gave up. What it left behind may be terminated, and then tried again.
    Failed {
        /// The vendor's reason, for staff.
        why: String,
    },
}

/// What became of changing a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is as asked for.
    Done,
    /// It is being changed: call again.
    Working(Working),
    /// There is no such resource.
    Missing,
    /// The server has no room for the change, and changed nothing.
    CapacityFull {
        /// What is used up, for staff.
        why: String,
    },
    /// The vendor tried and gave up, or will never do this to this resource (a smaller disk). Nothing was lost.
    Failed {
        /// The vendor's reason, for staff.
        why: String,
    },
}

/// Accepted and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Working {
    /// What the vendor calls the work. Hand it to the next call; it saves a search, and nothing breaks without it.
    pub task: Option<TaskReference>,
    /// How far it is, in percent, when the vendor says so.
    pub percent: Option<u8>,
    /// The earliest time at which asking again makes sense, from now.
    pub again_after: Duration,
}

impl Working {
    /// Work without a name, to be asked about after so many seconds.
    pub fn again_after_seconds(seconds: u64) -> Self {
        Self { task: None, percent: None, again_after: Duration::from_secs(seconds) }
    }

    /// With the vendor's name of the work.
    #[must_use]
    pub fn with_task(mut self, task: impl Into<String>) -> Self {
        self.task = Some(TaskReference::new(task));
        self
    }
}

/// A server that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// What the panel says it is: "9.1.2".
    pub version: Option<String>,
    /// What will not work and how to mend it, a sentence each: a right that is missing, a plan that is not there.
    pub problems: Vec<String>,
}
