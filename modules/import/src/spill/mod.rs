//! What an import must know of many rows at once, in bounded memory: the part last used stays, the rest lies in temporary
//! files.
//!
//! [`Pages`] keeps one small record per id, [`Repeats`] finds keys that occur more than once, [`Queue`] keeps rows for
//! later in their order. A temporary file that cannot be written or read is remembered by the [`Scratch`] they share, so
//! that reading rows stays free of error handling; [`Scratch::check`] must pass before anything that was worked out from
//! them is written.

mod pages;
mod queue;
mod record;
mod repeats;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use pages::Pages;
pub(crate) use queue::Queue;
pub(crate) use record::{Record, record};
pub(crate) use repeats::Repeats;

/// The folder of the temporary files, and the first thing that went wrong with one. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Scratch(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    failure: Mutex<Option<io::Error>>,
}

/// A temporary file failed, so that what was kept in it is not known any more.
#[derive(Debug, thiserror::Error)]
#[error("a temporary file in {folder} cannot be used: {source}")]
pub struct ScratchError {
    folder: String,
    source: io::Error,
}

impl Scratch {
    /// Temporary files in this folder. They have no name there and are gone with the process.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Inner { folder, failure: Mutex::new(None) }))
    }

    /// Whether everything that was kept is still known. The failure is told once.
    ///
    /// # Errors
    /// When a temporary file failed since the last time.
    pub(crate) fn check(&self) -> Result<(), ScratchError> {
        match self.failure().take() {
            None => Ok(()),
            Some(source) => Err(self.failed(source)),
        }
    }

    fn failed(&self, source: io::Error) -> ScratchError {
        ScratchError { folder: self.0.folder.display().to_string(), source }
    }

    fn failure(&self) -> std::sync::MutexGuard<'_, Option<io::Error>> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self) -> io::Result<File> {
        tempfile::tempfile_in(&self.0.folder)
    }

    /// The result, or a stand-in for it whose use [`check`](Self::check) forbids.
    fn keep<T>(&self, result: io::Result<T>, otherwise: T) -> T {
        result.unwrap_or_else(|error| {
            self.failure().get_or_insert(error);
            otherwise
        })
    }
}
