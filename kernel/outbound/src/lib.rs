//! Calls that leave the process: deadlines, classes of failure, redaction.
