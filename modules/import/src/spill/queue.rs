use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Scratch, ScratchError};

/// Rows for later, in their order.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    scratch: Scratch,
    file: Option<BufWriter<File>>,
    count: usize,
    row: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Queue<T> {
    pub(crate) fn new(scratch: &Scratch) -> Self {
        Self { scratch: scratch.clone(), file: None, count: 0, row: PhantomData }
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// One more at the end.
    pub(crate) fn push(&mut self, row: &T) {
        let written = self.write(row);
        self.scratch.keep(written, ());
    }

    fn write(&mut self, row: &T) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(self.scratch.file()?)),
        };
        serde_json::to_writer(&mut *file, row)?;
        file.write_all(b"\n")?;
        self.count += 1;
        Ok(())
    }

    /// All of them, from the first.
    ///
    /// # Errors
    /// When the temporary file cannot be read back, now or at a row.
    pub(crate) fn into_rows(self) -> Result<impl Iterator<Item = Result<T, ScratchError>>, ScratchError> {
        let Self { scratch, file, .. } = self;
        let file = file.map(rewound).transpose().map_err(|e| scratch.failed(e))?;
        let lines = file.into_iter().flat_map(|file| BufReader::new(file).lines());
        Ok(lines.map(move |line| {
            let row = line.and_then(|line| Ok(serde_json::from_str(&line)?));
            row.map_err(|e| scratch.failed(e))
        }))
    }
}

fn rewound(file: BufWriter<File>) -> io::Result<File> {
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
