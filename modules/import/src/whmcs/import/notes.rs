//! What is told of single rows.

use serde::Serialize;

use crate::whmcs::rows::{RowProblem, Severity};

/// Something about one row that the operator should know, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowNote {
    /// Table in WHMCS.
    pub table: String,
    /// Its `id`, when that could be read.
    pub row_id: Option<i64>,
    /// Column in WHMCS.
    pub field: String,
    /// What is wrong.
    pub what: String,
    /// What was done about it.
    pub done: String,
}

impl RowNote {
    pub(super) fn new(table: &str, id: i64, field: &str, what: impl Into<String>, done: &str) -> Self {
        Self {
            table: table.to_owned(),
            row_id: Some(id),
            field: field.to_owned(),
            what: what.into(),
            done: done.to_owned(),
        }
    }

    pub(super) fn of(problem: &RowProblem) -> Self {
        let done = match problem.severity {
            Severity::Replaced => "taken over without this value, or as said",
            Severity::Refused => "left out until it is corrected in WHMCS",
        };
        Self {
            table: problem.table.clone(),
            row_id: problem.id,
            field: problem.field.to_owned(),
            what: format!("{} (line {} of the dump)", problem.problem, problem.line),
            done: done.to_owned(),
        }
    }
}
