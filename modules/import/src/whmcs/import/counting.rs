//! The totals of the dump, counted on a thread of their own: two readers that share nothing, so that the one can prove the
//! other and neither waits for it.

use std::path::Path;
use std::thread::{Builder, JoinHandle};

use bursar_fault::Fault;
use bursar_sqldump::{Event, Reader};
use bursar_time::Date;

use super::{ImportError, open};
use crate::spill::Scratch;
use crate::whmcs::totals::{Collected, ControlTotals, TotalsError};

/// A count under way.
pub(super) struct Counting(JoinHandle<Result<ControlTotals, ImportError>>);

impl Counting {
    /// Begins to count what a dump holds.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(super) fn begin(file: &Path, as_of: Date, scratch: &Scratch) -> Result<Self, ImportError> {
        let (file, scratch) = (file.to_owned(), scratch.clone());
        let counting = Builder::new()
            .name("bursar-import-totals".to_owned())
            .spawn(move || count(&file, as_of, &scratch))
            .map_err(|error| Fault::wrap("starting a thread for the dump's totals", error))?;
        Ok(Self(counting))
    }

    /// Waits for the totals.
    ///
    /// # Errors
    /// As [`super::import`], when the dump cannot be counted.
    pub(super) fn end(self) -> Result<ControlTotals, ImportError> {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn count(file: &Path, as_of: Date, scratch: &Scratch) -> Result<ControlTotals, ImportError> {
    let mut collected = Collected::new(as_of, scratch);
    let mut reader = Reader::open(open(file)?).map_err(TotalsError::from)?;
    while let Some(event) = reader.next_event().map_err(TotalsError::from)? {
        if let Event::Row(row) = event {
            collected.first(row)?;
        }
    }
    let contents = reader.into_contents();
    let mut reader = contents.read(open(file)?, Collected::is_read_twice)?;
    while let Some(event) = reader.next_event()? {
        if let Event::Row(row) = event {
            collected.second(row)?;
        }
    }
    Ok(collected.finish())
}
