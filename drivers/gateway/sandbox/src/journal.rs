//! The processor's memory, and its optional file: one JSON record a line, the last one of a key counts.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use bursar_time::Instant;
use serde::{Deserialize, Serialize};

/// A charge as the processor knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The caller's idempotency key.
    pub key: String,
    /// The processor's name of it.
    pub reference: String,
    /// In minor units of `currency`.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// The caller's number of the customer.
    pub customer: i64,
    /// The test card that decides how it behaves.
    pub card: String,
    /// It sets money aside and is captured by a call of its own.
    #[serde(default)]
    pub is_hold: bool,
    /// Where it stands.
    pub status: ChargeStatus,
    /// What was taken of it, where that was a part.
    #[serde(default)]
    pub part_minor: Option<i64>,
    /// How often money moved. More than once would be a fault of the sandbox itself.
    pub captures: u32,
}

impl Charge {
    /// What is taken, or would be: all of it unless a part was asked for.
    pub fn taken_minor(&self) -> i64 {
        self.part_minor.unwrap_or(self.amount_minor)
    }
}

/// Where a charge stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ChargeStatus {
    /// Settles or declines by itself.
    Pending {
        /// When.
        until: Instant,
        /// Whether it then succeeds.
        succeeds: bool,
    },
    /// Waits for the customer.
    RequiresAction,
    /// The money is set aside.
    Held {
        /// Until when it can be captured.
        until: Instant,
    },
    /// Paid.
    Captured {
        /// When.
        at: Instant,
        /// What the processor keeps, in minor units.
        fee_minor: i64,
    },
    /// Refused.
    Declined {
        /// Why.
        code: String,
    },
    /// Withdrawn, or let go.
    Cancelled,
    /// Held for longer than the processor holds.
    Expired,
}

/// A refund as the processor knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The caller's idempotency key.
    pub key: String,
    /// The processor's name of it.
    pub reference: String,
    /// The refunded charge.
    pub charge: String,
    /// In minor units of the charge's currency.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Where it stands.
    pub status: RefundStatus,
}

/// Where a refund stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum RefundStatus {
    /// Settles or fails by itself.
    Pending {
        /// When.
        until: Instant,
        /// Whether it then succeeds.
        succeeds: bool,
    },
    /// The money has left.
    Settled,
    /// No money left, or it came back.
    Failed {
        /// Why.
        code: String,
    },
}

/// A kept card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// What charges it.
    pub token: String,
    /// The test card behind it.
    pub card: String,
    /// The caller's number of the customer.
    pub customer: i64,
    /// Can no longer be charged.
    pub forgotten: bool,
}

/// A setup of a method as the processor knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The caller's idempotency key.
    pub key: String,
    /// The processor's name of it.
    pub reference: String,
    /// The caller's number of the customer.
    pub customer: i64,
    /// Where the browser goes afterwards.
    pub return_url: String,
    /// Where it stands.
    pub status: SetupStatus,
}

/// Where a setup stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SetupStatus {
    /// The customer is asked.
    Waiting,
    /// A card is kept.
    Stored {
        /// What charges it.
        token: String,
    },
    /// No card was given.
    Abandoned,
}

/// A webhook that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub(crate) number: u64,
    pub(crate) due_at: Instant,
    pub(crate) body: String,
    pub(crate) forged: bool,
    pub(crate) taken: bool,
}

/// One line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(crate) enum Record {
    Charge(Charge),
    Refund(Refund),
    Method(Method),
    Setup(Setup),
    Hook(Hook),
}

/// Appends records; without a file it keeps nothing.
#[derive(Debug, Default)]
pub(crate) struct Journal(Option<File>);

impl Journal {
    /// Opens or makes the file and hands every record in it to `each`. A last line that was cut off by a crash is
    /// taken off the file: the charge it belongs to never answered.
    pub(crate) fn open(path: &Path, mut each: impl FnMut(Record)) -> std::io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut reader = BufReader::new(&file);
        let mut whole: u64 = 0;
        let mut line = String::new();
        loop {
            line.clear();
            let length = reader.read_line(&mut line)?;
            if length == 0 || !line.ends_with('\n') {
                break;
            }
            let record = serde_json::from_str(&line).map_err(std::io::Error::from)?;
            each(record);
            whole += length as u64;
        }
        file.set_len(whole)?;
        Ok(Self(Some(file)))
    }

    pub(crate) fn append(&mut self, record: &Record) -> std::io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        file.write_all(&line)
    }
}
