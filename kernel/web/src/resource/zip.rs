//! A ZIP archive written as a stream: each file's size and checksum follow it, and the directory comes last.

use std::io::{Error, Result, Write as _};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Sizes and checksum come behind the file; its name is UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATED: u16 = 8;
/// 1980-01-01, the beginning of time for ZIP: the same content is the same archive.
const DATE: u16 = 0x0021;
const VERSION: u16 = 20;

struct Entry {
    name: &'static str,
    number: Option<usize>,
    crc: u32,
    packed: u64,
    plain: u64,
    offset: u64,
}

impl Entry {
    fn name(&self) -> String {
        self.number.map_or_else(|| self.name.to_owned(), |number| self.name.replace('#', &number.to_string()))
    }
}

struct Open {
    entry: Entry,
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

/// The archive so far. What is ready to be sent is taken with [`take`](Self::take).
#[derive(Default)]
pub(crate) struct Zip {
    out: Vec<u8>,
    sent: u64,
    done: Vec<Entry>,
    open: Option<Open>,
}

impl Zip {
    /// Begins a file, ending the one before. A `#` in the name stands for the number.
    pub(crate) fn begin(&mut self, name: &'static str, number: Option<usize>) -> Result<()> {
        self.end_file()?;
        let entry =
            Entry { name, number, crc: 0, packed: 0, plain: 0, offset: self.sent + self.out.len() as u64 };
        let name = entry.name();
        self.out.extend(0x0403_4b50_u32.to_le_bytes());
        for part in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            self.out.extend(part.to_le_bytes());
        }
        self.out.extend([0; 12]);
        self.out.extend(short(name.len())?.to_le_bytes());
        self.out.extend(0_u16.to_le_bytes());
        self.out.extend(name.as_bytes());
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { entry, encoder, crc: Crc::new() });
        Ok(())
    }

    /// Writes into the file that is open.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let open = self.open.as_mut().ok_or_else(|| Error::other("no file of the archive is open"))?;
        open.crc.update(bytes);
        open.entry.plain += bytes.len() as u64;
        open.encoder.write_all(bytes)?;
        let packed = std::mem::take(open.encoder.get_mut());
        open.entry.packed += packed.len() as u64;
        self.out.extend(packed);
        Ok(())
    }

    /// How many bytes the open file has, before packing.
    pub(crate) fn plain_bytes(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.entry.plain)
    }

    fn end_file(&mut self) -> Result<()> {
        let Some(Open { mut entry, encoder, crc }) = self.open.take() else { return Ok(()) };
        let packed = encoder.finish()?;
        entry.packed += packed.len() as u64;
        entry.crc = crc.sum();
        self.out.extend(packed);
        self.out.extend(0x0807_4b50_u32.to_le_bytes());
        for part in [entry.crc, size(entry.packed)?, size(entry.plain)?] {
            self.out.extend(part.to_le_bytes());
        }
        self.done.push(entry);
        Ok(())
    }

    /// Ends the archive with its directory.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.end_file()?;
        let start = self.sent + self.out.len() as u64;
        for entry in &self.done {
            let name = entry.name();
            self.out.extend(0x0201_4b50_u32.to_le_bytes());
            for part in [VERSION, VERSION, FLAGS, DEFLATED, 0, DATE] {
                self.out.extend(part.to_le_bytes());
            }
            for part in [entry.crc, size(entry.packed)?, size(entry.plain)?] {
                self.out.extend(part.to_le_bytes());
            }
            self.out.extend(short(name.len())?.to_le_bytes());
            self.out.extend([0; 12]);
            self.out.extend(size(entry.offset)?.to_le_bytes());
            self.out.extend(name.as_bytes());
        }
        let length = self.sent + self.out.len() as u64 - start;
        self.out.extend(0x0605_4b50_u32.to_le_bytes());
        self.out.extend([0; 4]);
        let files = short(self.done.len())?;
        self.out.extend(files.to_le_bytes());
        self.out.extend(files.to_le_bytes());
        self.out.extend(size(length)?.to_le_bytes());
        self.out.extend(size(start)?.to_le_bytes());
        self.out.extend(0_u16.to_le_bytes());
        Ok(())
    }

    /// What can be sent now.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.sent += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }
}

fn size(bytes: u64) -> Result<u32> {
    u32::try_from(bytes).map_err(|_| Error::other("the workbook is larger than 4 GiB; export it as CSV"))
}

fn short(number: usize) -> Result<u16> {
    u16::try_from(number).map_err(|_| Error::other("the workbook has too many sheets; export it as CSV"))
}
