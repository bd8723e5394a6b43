//! Which status may follow which: data, so that a reader sees all of it and a test prints it.

use super::Status;
use crate::error::BillError;

/// Every status with those that may follow it.
///
/// A cancelled or ended subscription stays so: whoever comes back gets a new one, with a new history. The run moves
/// `trial` on when it bills the first period, and ends what ran its agreed number of periods, also straight from a trial.
pub const TRANSITIONS: [(Status, &[Status]); 7] = [
    (Status::Pending, &[Status::Trial, Status::Active, Status::Cancelled]),
    (Status::Trial, &[Status::Active, Status::Paused, Status::Cancelled, Status::Ended]),
    (Status::Active, &[Status::PastDue, Status::Paused, Status::Cancelled, Status::Ended]),
    (Status::PastDue, &[Status::Active, Status::Paused, Status::Cancelled, Status::Ended]),
    (Status::Paused, &[Status::Trial, Status::Active, Status::PastDue, Status::Cancelled]),
    (Status::Cancelled, &[]),
    (Status::Ended, &[]),
];

impl Status {
    /// Whether the status may become another one; staying is always allowed.
    pub fn may_become(self, to: Self) -> bool {
        self == to || TRANSITIONS.iter().any(|(from, next)| *from == self && next.contains(&to))
    }

    /// Refuses a move the table does not have.
    pub(crate) fn check_move(self, to: Self) -> Result<(), BillError> {
        if self.may_become(to) {
            return Ok(());
        }
        Err(BillError::refused(format!(
            "A subscription that is {} cannot become {}.",
            self.label(),
            to.label()
        )))
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Trial => "in its trial",
            Self::Active => "active",
            Self::PastDue => "past due",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
        }
    }

    /// Whether nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_agreed() {
        let table: Vec<String> = TRANSITIONS
            .iter()
            .map(|(from, to)| {
                let to: Vec<&str> = to.iter().map(|s| s.code()).collect();
                format!("{} -> {}", from.code(), if to.is_empty() { "(none)".into() } else { to.join(", ") })
            })
            .collect();
        assert_eq!(
            table.join("\n"),
            "pending -> trial, active, cancelled\n\
             trial -> active, paused, cancelled, ended\n\
             active -> past_due, paused, cancelled, ended\n\
             past_due -> active, paused, cancelled, ended\n\
             paused -> trial, active, past_due, cancelled\n\
             cancelled -> (none)\n\
             ended -> (none)"
        );
    }

    #[test]
    fn every_status_has_its_row_and_may_stay() {
        for (status, (from, _)) in Status::ALL.into_iter().zip(TRANSITIONS) {
            assert_eq!(status, from);
            assert!(status.may_become(status));
            assert_eq!(status.is_over(), TRANSITIONS.iter().any(|(s, to)| *s == status && to.is_empty()));
        }
    }
}
