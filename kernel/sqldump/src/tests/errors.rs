//! Every way a file can be wrong has its own message, and none gives a wrong row.

use super::{OneByte, error_of, gzip, read_all, rows_of};
use crate::{ITEM_LIMIT_BYTES, Problem, Reader};

const SMALL: &str = "-- MySQL dump 10.13  Distrib 8.0.36\n\
/*!40101 SET NAMES utf8mb4 */;\n\
CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `a` text,\n  `b` blob\n) DEFAULT CHARSET=utf8mb4;\n\
INSERT INTO `t` VALUES (1,'it''s \\\\ \\'a\\'',_binary 'x'),(-12.5,NULL,0x00ff);\n\
# between\nINSERT INTO `t` (`a`,`id`) VALUES ('b',3),('c',4e1);\n\
-- Dump completed\n";

#[test]
fn a_file_cut_at_any_byte_gives_whole_rows_and_then_an_error() {
    let all = rows_of(SMALL);
    assert_eq!(all.len(), 4);
    for length in 0..SMALL.len() - 1 {
        let (rows, outcome) = read_all(&SMALL.as_bytes()[..length]);
        assert!(outcome.is_err(), "cut at {length}");
        assert!(all.starts_with(&rows), "cut at {length}: {rows:?}");
        let (same_rows, same_outcome) = read_all(OneByte(&SMALL.as_bytes()[..length]));
        assert_eq!((same_rows, same_outcome), (rows, outcome), "cut at {length}, byte by byte");
    }
}

#[test]
fn a_gzip_file_cut_at_any_byte_gives_whole_rows_and_then_an_error() {
    let all = rows_of(SMALL);
    let packed = gzip(SMALL.as_bytes());
    for length in 0..packed.len() {
        let (rows, outcome) = read_all(&packed[..length]);
        assert!(all.starts_with(&rows), "cut at {length}: {rows:?}");
        let problem = outcome.unwrap_err().problem;
        if length > 1 {
            assert_eq!(problem, Problem::TruncatedGzip, "cut at {length}");
        }
    }
}

#[test]
fn any_byte_replaced_never_panics() {
    for at in 0..SMALL.len() {
        for replacement in [0, b'\'', b'`', b'\\', b'(', b')', b';', b'/', b'-', 0xff] {
            let mut dump = SMALL.as_bytes().to_vec();
            dump[at] = replacement;
            let _outcome_of_a_damaged_file = read_all(&dump[..]);
        }
    }
}

#[test]
fn a_damaged_gzip_file_says_so() {
    let mut packed = gzip(SMALL.as_bytes());
    let last = packed.len() - 6;
    packed[last] ^= 0xff;
    assert!(matches!(error_of(&packed).problem, Problem::DamagedGzip { .. }));
}

#[test]
fn messages_name_line_byte_table_row_and_expectation() {
    let table = "CREATE TABLE t (a int, b text);\n";
    let cases = [
        (
            format!("{table}INSERT INTO t VALUES (1,'x'),\n(2);"),
            "line 3, byte 62, table t, row 2: expected 2 values in the row, found 1",
        ),
        (
            format!("{table}INSERT INTO t VALUES (1,'x',3);"),
            "line 2, byte 53, table t, row 1: expected 2 values in the row, found 3",
        ),
        (
            format!("{table}INSERT INTO t VALUES (1,oops);"),
            "line 2, byte 56, table t, row 1: expected a value: NULL, a number, a quoted string, or a hexadecimal or \
             binary literal, found \"oops);\"",
        ),
        (
            format!("{table}INSERT INTO t VALUES (1,'x') (2,'y');"),
            "line 2, byte 61, table t, row 1: expected `,` or the end of the statement after a row, found \"(2,\\'y\\');\"",
        ),
        (
            format!("{table}INSERT INTO t VALUES (1,'x'),(2"),
            "line 2, byte 63, table t, row 2: the file ends inside a row: the dump is incomplete",
        ),
        (
            format!("{table}INSERT INTO u VALUES (1);"),
            "line 2, byte 32: rows for table u, but the file has no CREATE TABLE for it: dump structure and data together",
        ),
        (
            format!("{table}INSERT INTO u (a) VALUES (1);"),
            "line 2, byte 32: rows for table u, but the file has no CREATE TABLE for it: dump structure and data together",
        ),
        (
            format!("{table}INSERT INTO t (a,c) VALUES (1,2);"),
            "line 2, byte 32, table t: the INSERT names column c, which the CREATE TABLE does not have",
        ),
        (
            format!("{table}INSERT INTO t (a,A) VALUES (1,2);"),
            "line 2, byte 32, table t: the INSERT names column A twice",
        ),
        (
            format!("{table}INSERT INTO t SELECT 1;"),
            "line 2, byte 46: expected VALUES and rows, found \"SELECT 1;\"",
        ),
        (
            format!("{table}INSERT INTO t VALUES (0x123,'');"),
            "line 2, byte 54, table t, row 1: expected an even number of hexadecimal digits, found \"0x123,\\'\\');\"",
        ),
        (
            "mysqldump: [Warning] Using a password\n".to_owned(),
            "line 1, byte 0: expected an SQL statement, found the word \"mysqldump\"",
        ),
        (
            "\x00\x01\x02rubbish".to_owned(),
            "line 1, byte 0: expected an SQL statement, found \"\\x00\\x01\\x02rubbish\"",
        ),
        (String::new(), "line 1, byte 0: no CREATE TABLE in the file: this is not a database dump"),
        (
            "-- nothing\n".to_owned(),
            "line 2, byte 11: no CREATE TABLE in the file: this is not a database dump",
        ),
        (
            format!("{table}/* open"),
            "line 2, byte 39: the file ends inside a comment: the dump is incomplete",
        ),
        (
            format!("-- phpMyAdmin SQL Dump\nSTART TRANSACTION;\n{table}"),
            "line 4, byte 74: the file ends without the COMMIT that closes phpMyAdmin's transaction: the dump is incomplete",
        ),
        (
            format!("-- MariaDB dump 10.19\n{table}"),
            "line 3, byte 54: the file ends without the line \"-- Dump completed\": the dump is incomplete",
        ),
    ];
    for (dump, expected) in cases {
        assert_eq!(error_of(&dump).to_string(), expected, "{dump}");
    }
}

#[test]
fn other_formats_are_named() {
    for (head, format) in [
        (&b"PK\x03\x04rest"[..], "a zip archive"),
        (b"BZh91AY", "a bzip2 file"),
        (b"\xff\xfe-\0-\0", "UTF-16 text"),
        (b"SQLite format 3\0", "a SQLite database"),
    ] {
        assert!(
            matches!(error_of(head).problem, Problem::OtherFormat { format: found, .. } if found == format)
        );
    }
}

#[test]
fn a_row_beyond_the_cap_is_refused_and_not_swallowed() {
    let dump =
        format!("CREATE TABLE t (a text);INSERT INTO t VALUES ('ok'),('{}');", "x".repeat(ITEM_LIMIT_BYTES));
    let (rows, outcome) = read_all(dump.as_bytes());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        outcome.unwrap_err().problem,
        Problem::TooLong { inside: "a row", limit_bytes: ITEM_LIMIT_BYTES }
    );
}

#[test]
fn after_an_error_the_reader_repeats_it() {
    let mut reader = Reader::open(&b"CREATE TABLE t (a int);INSERT INTO t VALUES (1,2),(3);"[..]).unwrap();
    assert!(reader.next_event().is_ok());
    let first = reader.next_event().err().unwrap();
    let second = reader.next_event().err().unwrap();
    assert_eq!(first, second);
}

#[test]
fn a_failing_disk_is_reported_as_such() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = Reader::open(Broken).err().unwrap();
    assert_eq!(error.to_string(), "line 1, byte 0: reading failed: the disk is gone");
}
