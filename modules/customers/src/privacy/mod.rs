//! A customer's rights over their own data: a copy of everything that modules hold, and to be forgotten.
//!
//! A copy is made by a job, walks through the book of all modules page by page and waits for the customer for a few days.
//! Forgetting takes the customer's word, a person's approval and a pause in which it can be taken back. Then what need
//! not be kept is erased in every module in one transaction; documents and ledger stay, with the reason and until when.
//! The audit log keeps that it happened, not what was erased.
//!
//! Deliberately absent: what the other modules hold. They say it themselves, through the registry.

mod copy;
mod erase;
mod own;
mod pages;
mod settings;
mod store;

use bursar_app::Registry;
use bursar_jobs::Schedule;
use bursar_time::{Date, Instant};

pub use copy::{MakeCopy, ask_copy};
pub use erase::{EraseDue, approve, ask_erasure, hindrances, refuse, withdraw};
pub use settings::PrivacySettings;
pub(crate) use store::STATEMENTS;
pub use store::{find, lines, list_open, of_customer};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyKind {
    /// A copy of everything.
    Copy,
    /// To be forgotten.
    Erasure,
}

impl PrivacyKind {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Erasure => "erasure",
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyState {
    /// It waits: for the job, or for somebody's word.
    Asked,
    /// The copy can be fetched.
    Ready,
    /// The copy is gone.
    Expired,
    /// It will be done when the pause is over.
    Approved,
    /// It will not be done, and why was said.
    Refused,
    /// The customer took it back.
    Withdrawn,
    /// It was done.
    Done,
}

impl PrivacyState {
    const ALL: [Self; 7] =
        [Self::Asked, Self::Ready, Self::Expired, Self::Approved, Self::Refused, Self::Withdrawn, Self::Done];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Done => "done",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyRequest {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// What is asked for.
    pub kind: PrivacyKind,
    /// Where it stands.
    pub state: PrivacyState,
    /// When.
    pub asked_at: Instant,
    /// A copy: until when it can be fetched. An erasure: not before this.
    pub due_at: Instant,
    /// What staff said.
    pub decided_why: String,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Until when the rest is kept.
    pub kept_until: Option<Date>,
}

pub(crate) fn register(registry: &mut Registry) {
    registry.settings(settings::page());
    own::register(registry);
    registry.job(copy::make);
    registry.job(erase::erase_due);
    registry.schedule(Schedule::daily("customers.erase_due", 3, |_| EraseDue {}));
    pages::register(registry);
}
