//! The part of the file that is in memory, and how more of it gets there.

use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::error::Problem;

/// Bytes asked of the file at a time; the window grows beyond it only for a longer row.
const CHUNK_BYTES: usize = 256 * 1024;

struct Counting<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        Ok(count)
    }
}

type Raw<R> = Counting<Chain<Cursor<Vec<u8>>, R>>;

enum Source<R> {
    Plain(Raw<R>),
    Gzip(Box<MultiGzDecoder<Raw<R>>>),
}

impl<R: Read> Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        loop {
            let outcome = match self {
                Self::Plain(raw) => raw.read(buffer),
                Self::Gzip(decoder) => decoder.read(buffer),
            };
            match outcome {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.explain(&error)),
            }
        }
    }

    fn explain(&self, error: &io::Error) -> Problem {
        let message = error.to_string();
        match (self, error.kind()) {
            (Self::Gzip(_), io::ErrorKind::UnexpectedEof) => Problem::TruncatedGzip,
            (Self::Gzip(_), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                Problem::DamagedGzip { message }
            }
            _ => Problem::Read { message },
        }
    }
}

/// A sliding window over the uncompressed text.
pub(crate) struct Window<R> {
    source: Source<R>,
    bytes: Vec<u8>,
    filled: usize,
    at: usize,
    /// Offset in the text of `bytes[0]`, and the lines that ended before it.
    base: u64,
    base_lines: u64,
    ended: bool,
    /// How to go to a byte of the file, when the file can do that.
    seek: Option<SeekTo<R>>,
}

type SeekTo<R> = fn(&mut R, u64) -> io::Result<()>;

impl<R: Read> Window<R> {
    pub(crate) fn open(mut input: R) -> Result<Self, Problem> {
        let mut head = Vec::with_capacity(8);
        input
            .by_ref()
            .take(8)
            .read_to_end(&mut head)
            .map_err(|e| Problem::Read { message: e.to_string() })?;
        if let Some(problem) = other_format(&head) {
            return Err(problem);
        }
        let is_gzip = head.starts_with(&[0x1f, 0x8b]);
        let raw = Counting { inner: Cursor::new(head).chain(input), count: 0 };
        let source =
            if is_gzip { Source::Gzip(Box::new(MultiGzDecoder::new(raw))) } else { Source::Plain(raw) };
        let bytes = vec![0; CHUNK_BYTES];
        Ok(Self { source, bytes, filled: 0, at: 0, base: 0, base_lines: 0, ended: false, seek: None })
    }

    pub(crate) fn seeking_with(self, seek: SeekTo<R>) -> Self {
        Self { seek: Some(seek), ..self }
    }

    /// Goes on at an offset of the text that is not behind where it is, before which so many lines end.
    pub(crate) fn skip_to(&mut self, offset: u64, lines: u64) -> Result<(), Problem> {
        // The first bytes are read already; only behind them can the file be asked to move.
        if self.filled == 0 {
            self.fetch()?;
        }
        let known = self.base + self.filled as u64;
        if let Some(inside) = offset.checked_sub(self.base).and_then(|n| usize::try_from(n).ok())
            && offset <= known
        {
            self.at = inside;
            return Ok(());
        }
        match (&mut self.source, self.seek) {
            (Source::Plain(raw), Some(seek)) => {
                seek(raw.inner.get_mut().1, offset).map_err(|e| Problem::Read { message: e.to_string() })?;
                raw.count = offset;
            }
            (Source::Plain(_) | Source::Gzip(_), _) => {
                let mut left = offset - known;
                while left > 0 {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(self.bytes.len());
                    let count = self.source.read(&mut self.bytes[..length])?;
                    if count == 0 {
                        break;
                    }
                    left -= count as u64;
                }
            }
        }
        (self.base, self.base_lines) = (offset, lines);
        (self.at, self.filled, self.ended) = (0, 0, false);
        Ok(())
    }

    /// Bytes of the file itself (compressed, when it is) fetched so far.
    pub(crate) fn file_bytes_read(&self) -> u64 {
        match &self.source {
            Source::Plain(raw) => raw.count,
            Source::Gzip(decoder) => decoder.get_ref().count,
        }
    }

    /// Everything in memory; positions are indexes into this until the next `fetch`.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..self.filled]
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn move_to(&mut self, at: usize) {
        assert!(at >= self.at && at <= self.filled, "the window only moves forward inside what it holds");
        self.at = at;
    }

    pub(crate) fn offset_of(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    pub(crate) fn lines_before(&self) -> u64 {
        self.base_lines
    }

    pub(crate) fn line_of(&self, at: usize) -> u64 {
        line_of(self.base_lines, &self.bytes[..at])
    }

    /// Makes `rest` longer. False at the end of the file.
    ///
    /// What has been passed is dropped; the buffer doubles only when one unfinished item fills all of it, so an item is
    /// looked at again at most a logarithmic number of times.
    pub(crate) fn fetch(&mut self) -> Result<bool, Problem> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.base += self.at as u64;
            self.base_lines += count_lines(&self.bytes[..self.at]);
            self.bytes.copy_within(self.at..self.filled, 0);
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        let before = self.filled;
        while self.filled < self.bytes.len() {
            let count = self.source.read(&mut self.bytes[self.filled..])?;
            if count == 0 {
                self.ended = true;
                break;
            }
            self.filled += count;
        }
        Ok(self.filled > before)
    }
}

pub(crate) fn line_of(lines_before: u64, passed: &[u8]) -> u64 {
    lines_before + count_lines(passed) + 1
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Formats operators do send in place of an SQL text, told by their first bytes.
fn other_format(head: &[u8]) -> Option<Problem> {
    const FORMATS: [(&[u8], &str, &str); 8] = [
        (b"PK\x03\x04", "a zip archive", "unpack it first"),
        (b"BZh", "a bzip2 file", "unpack it first"),
        (b"\xfd7zXZ\0", "an xz file", "unpack it first"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
        (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it first"),
        (b"\xff\xfe", "UTF-16 text", "let the dump program write the file itself (--result-file)"),
        (b"\xfe\xff", "UTF-16 text", "let the dump program write the file itself (--result-file)"),
        (b"SQLite f", "a SQLite database", "a MySQL dump is needed"),
    ];
    FORMATS
        .iter()
        .find(|(magic, _, _)| head.starts_with(magic))
        .map(|&(_, format, advice)| Problem::OtherFormat { format, advice })
}
