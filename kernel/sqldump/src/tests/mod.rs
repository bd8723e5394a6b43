mod contents;
mod errors;
mod random;
mod styles;
mod text;

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{DumpError, Event, Field, Reader};

/// A value on its own, so that tests can keep and compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Number(String),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(text.to_owned())
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.as_bytes().to_vec())
}

pub(crate) fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

/// A row and the table it came from.
pub(crate) type Row = (String, Vec<Value>);

/// All whole rows, and how reading ended.
pub(crate) fn read_all(input: impl Read) -> (Vec<Row>, Result<(), DumpError>) {
    let mut rows = Vec::new();
    let outcome = (|| {
        let mut reader = Reader::open(input)?;
        let mut is_done = false;
        while let Some(event) = reader.next_event()? {
            match event {
                Event::Table(_) => {}
                Event::Row(row) => {
                    let values = row.fields().map(|(_, field)| match field {
                        Field::Null => Value::Null,
                        Field::Number(text) => Value::Number(text.to_owned()),
                        Field::Text(bytes) => Value::Text(bytes.to_vec()),
                        Field::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
                    });
                    rows.push((row.table().name.clone(), values.collect()));
                }
                Event::Done => is_done = true,
            }
        }
        assert!(is_done, "the events end with Done");
        Ok(())
    })();
    (rows, outcome)
}

pub(crate) fn rows_of(dump: impl AsRef<[u8]>) -> Vec<Row> {
    let (rows, outcome) = read_all(dump.as_ref());
    outcome.unwrap();
    rows
}

pub(crate) fn error_of(dump: impl AsRef<[u8]>) -> DumpError {
    read_all(dump.as_ref()).1.unwrap_err()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file that is read in pieces of one byte, so that every boundary is crossed.
pub(crate) struct OneByte<'a>(pub(crate) &'a [u8]);

impl Read for OneByte<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}
