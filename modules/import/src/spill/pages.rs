use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;

use super::{Record, Scratch};

/// Bytes of a page. Rows name each other in about the order of their ids, so one page answers many questions.
const PAGE_BYTES: usize = 8 * 1024;
/// Pages in memory, 4 MiB; many rows of a client lie far apart, and this is more than the clients of most companies.
const RESIDENT: usize = 512;

/// One small record per id.
#[derive(Debug)]
pub(crate) struct Pages<T> {
    scratch: Scratch,
    book: RefCell<Book>,
    record: PhantomData<T>,
}

#[derive(Debug, Default)]
struct Book {
    frames: Vec<Frame>,
    /// Frames by page.
    resident: BTreeMap<i64, usize>,
    /// Where in the file a page lies that was there before.
    stored: BTreeMap<i64, u64>,
    file: Option<File>,
    /// The frame used last.
    last: usize,
    /// Where the search for a frame to free goes on.
    hand: usize,
}

#[derive(Debug)]
struct Frame {
    page: i64,
    bytes: Box<[u8]>,
    is_changed: bool,
    /// Since the hand came by.
    is_used: bool,
}

impl<T: Record> Pages<T> {
    /// A record with a mark before it that says that it is there.
    const STRIDE: usize = T::SIZE + 1;
    const PER_PAGE: usize = PAGE_BYTES / Self::STRIDE;

    pub(crate) fn new(scratch: &Scratch) -> Self {
        Self { scratch: scratch.clone(), book: RefCell::default(), record: PhantomData }
    }

    /// The record of an id.
    pub(crate) fn get(&self, id: i64) -> Option<T> {
        let mut book = self.book.borrow_mut();
        let (page, at) = Self::place(id);
        let frame = self.frame(&mut book, page)?;
        let bytes = &book.frames[frame].bytes[at..at + Self::STRIDE];
        (bytes[0] != 0).then(|| T::take(&bytes[1..]))
    }

    /// Whether an id has a record.
    pub(crate) fn has(&self, id: i64) -> bool {
        self.get(id).is_some()
    }

    /// Gives an id its record, in place of the one it had.
    pub(crate) fn set(&self, id: i64, record: T) {
        let mut book = self.book.borrow_mut();
        let (page, at) = Self::place(id);
        let Some(frame) = self.frame(&mut book, page) else { return };
        let frame = &mut book.frames[frame];
        frame.is_changed = true;
        let bytes = &mut frame.bytes[at..at + Self::STRIDE];
        bytes[0] = 1;
        record.put(&mut bytes[1..]);
    }

    /// Changes the record of an id, which begins as the default, and returns it.
    pub(crate) fn update(&self, id: i64, change: impl FnOnce(&mut T)) -> T {
        let mut record = self.get(id).unwrap_or_default();
        change(&mut record);
        self.set(id, record);
        record
    }

    /// Every record in the order of the ids.
    pub(crate) fn each(&self, mut each: impl FnMut(i64, T)) {
        let pages: Vec<i64> = {
            let book = self.book.borrow();
            let all: std::collections::BTreeSet<i64> =
                book.resident.keys().chain(book.stored.keys()).copied().collect();
            all.into_iter().collect()
        };
        let per_page = i64::try_from(Self::PER_PAGE).expect("a page holds a few thousand records");
        for page in pages {
            let Some(bytes) = self.copy_of(page) else { return };
            for (n, record) in (0..per_page).zip(bytes.chunks_exact(Self::STRIDE)) {
                if record[0] != 0 {
                    each(page * per_page + n, T::take(&record[1..]));
                }
            }
        }
    }

    fn place(id: i64) -> (i64, usize) {
        let per_page = i64::try_from(Self::PER_PAGE).expect("a page holds a few thousand records");
        let within = usize::try_from(id.rem_euclid(per_page)).expect("a remainder is not below zero");
        (id.div_euclid(per_page), within * Self::STRIDE)
    }

    fn copy_of(&self, page: i64) -> Option<Box<[u8]>> {
        let mut book = self.book.borrow_mut();
        let frame = self.frame(&mut book, page)?;
        Some(book.frames[frame].bytes.clone())
    }

    /// The frame a page is in; none when the file failed.
    fn frame(&self, book: &mut Book, page: i64) -> Option<usize> {
        if book.frames.get(book.last).is_some_and(|frame| frame.page == page) {
            return Some(book.last);
        }
        let frame = match book.resident.get(&page) {
            Some(&frame) => frame,
            None => self.scratch.keep(book.bring_in(page, &self.scratch).map(Some), None)?,
        };
        book.frames[frame].is_used = true;
        book.last = frame;
        Some(frame)
    }
}

impl Book {
    fn bring_in(&mut self, page: i64, scratch: &Scratch) -> io::Result<usize> {
        let frame = if self.frames.len() < RESIDENT {
            let bytes = vec![0; PAGE_BYTES].into_boxed_slice();
            self.frames.push(Frame { page, bytes, is_changed: false, is_used: true });
            self.frames.len() - 1
        } else {
            let frame = self.free_one(scratch)?;
            self.resident.remove(&self.frames[frame].page);
            self.frames[frame].page = page;
            frame
        };
        let bytes = &mut self.frames[frame].bytes;
        match (self.stored.get(&page), &mut self.file) {
            (Some(&at), Some(file)) => {
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(bytes)?;
            }
            (Some(_) | None, _) => bytes.fill(0),
        }
        self.frames[frame].is_changed = false;
        self.resident.insert(page, frame);
        Ok(frame)
    }

    /// Writes the page of a frame that was not used for a while to the file, if it has to be.
    fn free_one(&mut self, scratch: &Scratch) -> io::Result<usize> {
        loop {
            self.hand = (self.hand + 1) % self.frames.len();
            let frame = &mut self.frames[self.hand];
            if std::mem::take(&mut frame.is_used) {
                continue;
            }
            if frame.is_changed {
                let new = PAGE_BYTES as u64 * self.stored.len() as u64;
                let at = *self.stored.entry(frame.page).or_insert(new);
                let file = match &mut self.file {
                    Some(file) => file,
                    none => none.insert(scratch.file()?),
                };
                file.seek(SeekFrom::Start(at))?;
                file.write_all(&frame.bytes)?;
            }
            return Ok(self.hand);
        }
    }
}
