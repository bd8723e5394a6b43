use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use sha2::{Digest as _, Sha256};

use super::Scratch;

/// Keys sorted in memory at a time, 4 MiB.
const IN_MEMORY: usize = 256 * 1024;
/// Keys read of each sorted part at a time.
const AHEAD: usize = 1024;
const KEY_BYTES: usize = 16;

/// How often each of many keys occurs, told after the last. Keys are kept as 16 bytes of their hash: that two of even a
/// thousand million differ and have the same is less likely than a broken disk.
#[derive(Debug)]
pub(crate) struct Repeats {
    scratch: Scratch,
    keys: Vec<u128>,
    /// Sorted parts of [`IN_MEMORY`] keys, one after the other.
    file: Option<File>,
    parts: u64,
}

impl Repeats {
    pub(crate) fn new(scratch: &Scratch) -> Self {
        Self { scratch: scratch.clone(), keys: Vec::new(), file: None, parts: 0 }
    }

    /// One more occurrence of a key, which is these parts together.
    pub(crate) fn add(&mut self, parts: &[&str]) {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        let (head, _) = hash.split_first_chunk::<KEY_BYTES>().expect("a hash has 32 bytes");
        self.keys.push(u128::from_le_bytes(*head));
        if self.keys.len() == IN_MEMORY {
            let written = self.write_part();
            self.scratch.keep(written, ());
        }
    }

    fn write_part(&mut self) -> io::Result<()> {
        self.keys.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(self.scratch.file()?),
        };
        let bytes: Vec<u8> = self.keys.drain(..).flat_map(u128::to_le_bytes).collect();
        file.seek(SeekFrom::End(0))?;
        file.write_all(&bytes)?;
        self.parts += 1;
        Ok(())
    }

    /// Calls `each` with the number of occurrences of every key.
    pub(crate) fn finish(mut self, mut each: impl FnMut(u64)) {
        self.keys.sort_unstable();
        let merged = merge(self.file.take(), self.parts, std::mem::take(&mut self.keys), &mut each);
        self.scratch.keep(merged, ());
    }
}

/// A sorted part as far as it is read.
struct Part {
    keys: std::vec::IntoIter<u128>,
    next_key: u64,
    end_key: u64,
}

impl Part {
    fn next(&mut self, file: Option<&mut File>) -> io::Result<Option<u128>> {
        if let Some(key) = self.keys.next() {
            return Ok(Some(key));
        }
        let Some(file) = file.filter(|_| self.next_key < self.end_key) else { return Ok(None) };
        let count = (self.end_key - self.next_key).min(AHEAD as u64);
        let mut bytes = vec![0; usize::try_from(count).expect("a few keys") * KEY_BYTES];
        file.seek(SeekFrom::Start(self.next_key * KEY_BYTES as u64))?;
        file.read_exact(&mut bytes)?;
        self.next_key += count;
        let (keys, _) = bytes.as_chunks::<KEY_BYTES>();
        self.keys = keys.iter().copied().map(u128::from_le_bytes).collect::<Vec<_>>().into_iter();
        Ok(self.keys.next())
    }
}

fn merge(mut file: Option<File>, count: u64, rest: Vec<u128>, each: &mut impl FnMut(u64)) -> io::Result<()> {
    let size = IN_MEMORY as u64;
    let mut parts: Vec<Part> = (0..count)
        .map(|n| Part { keys: Vec::new().into_iter(), next_key: n * size, end_key: (n + 1) * size })
        .collect();
    parts.push(Part { keys: rest.into_iter(), next_key: 0, end_key: 0 });
    let mut heads = BinaryHeap::new();
    for (n, part) in parts.iter_mut().enumerate() {
        heads.extend(part.next(file.as_mut())?.map(|key| Reverse((key, n))));
    }
    let mut current: Option<(u128, u64)> = None;
    while let Some(Reverse((key, n))) = heads.pop() {
        current = match current {
            Some((same, times)) if same == key => Some((key, times + 1)),
            Some((_, times)) => {
                each(times);
                Some((key, 1))
            }
            None => Some((key, 1)),
        };
        heads.extend(parts[n].next(file.as_mut())?.map(|key| Reverse((key, n))));
    }
    if let Some((_, times)) = current {
        each(times);
    }
    Ok(())
}
