//! The memory of a fake.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A fake's memory, kept in a file when one is named. One process at a time.
#[derive(Debug)]
pub struct Kept<T> {
    state: Mutex<T>,
    file: Option<PathBuf>,
}

impl<T: Serialize + DeserializeOwned + Default> Kept<T> {
    /// A memory that lasts as long as the process.
    pub fn in_memory(state: T) -> Self {
        Self { state: Mutex::new(state), file: None }
    }

    /// A memory in a file, beginning with `first` when there is no file yet.
    pub fn open(file: Option<&Path>, first: T) -> io::Result<Self> {
        let Some(path) = file else { return Ok(Self::in_memory(first)) };
        let state = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => first,
            Err(error) => return Err(error),
        };
        Ok(Self { state: Mutex::new(state), file: Some(path.to_owned()) })
    }

    /// Looks.
    pub fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.lock())
    }

    /// Changes, and writes the whole of it before it returns: what a vendor has answered it must still know after it
    /// was killed.
    ///
    /// # Panics
    /// When the file cannot be written. A fake that forgets would make its test prove the wrong thing.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state);
        if let Some(path) = &self.file {
            write(path, &*state).expect("the fake's file can be written");
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Beside the file first, so that a kill in the middle leaves the old one.
fn write(path: &Path, state: &impl Serialize) -> io::Result<()> {
    let beside = path.with_extension("writing");
    fs::write(&beside, serde_json::to_vec(state)?)?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_and_none_is_made_without_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fake.json");
        let kept = Kept::open(Some(&path), vec![1]).unwrap();
        assert!(!path.exists(), "nothing happened yet");
        assert_eq!(kept.change(|numbers| numbers.pop()), Some(1));
        kept.change(|numbers| numbers.push(2));
        assert_eq!(Kept::open(Some(&path), vec![9]).unwrap().read(Vec::clone), [2]);
        fs::write(&path, "[1,").unwrap();
        assert!(
            Kept::<Vec<i64>>::open(Some(&path), Vec::new()).is_err(),
            "a broken file is not silently replaced"
        );
        assert_eq!(Kept::open(None, 7).unwrap().read(|number| *number), 7);
    }
}
