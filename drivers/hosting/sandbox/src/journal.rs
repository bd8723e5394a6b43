//! The panel's memory on disk: one line a change, the last one of a machine counts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::machine::Machine;

/// A change that was remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(crate) enum Record {
    /// A machine is so from now on.
    Machine(Box<Machine>),
    /// A machine is gone.
    Gone { reference: String },
    /// How far the numbers for names were given out.
    Number { next: u64 },
}

/// Where changes are written; nowhere when there is no file.
#[derive(Debug, Default)]
pub(crate) struct Journal(Option<File>);

impl Journal {
    /// Reads what a file remembers and goes on writing there. A last line that was cut off never took effect.
    pub(crate) fn open(path: &Path, mut each: impl FnMut(Record)) -> io::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        for line in text[..whole].lines() {
            each(serde_json::from_str(line)?);
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
        Ok(Self(Some(file)))
    }

    pub(crate) fn append(&mut self, record: &Record) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        file.write_all(&line)
    }
}
