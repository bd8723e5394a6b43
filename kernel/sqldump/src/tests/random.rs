//! Any rows, written in any style, read back as they were.

use std::fmt::Write;

use proptest::prelude::*;

use super::{OneByte, Row, Value, gzip, read_all};

/// How a writer of dumps spells things.
#[derive(Debug, Clone, Copy)]
enum Style {
    Mysqldump,
    MysqldumpBinary,
    HexBlob,
    CompleteInsert,
    OneRowEach,
    PhpMyAdmin,
}

const STYLES: [Style; 6] = [
    Style::Mysqldump,
    Style::MysqldumpBinary,
    Style::HexBlob,
    Style::CompleteInsert,
    Style::OneRowEach,
    Style::PhpMyAdmin,
];

fn quoted(bytes: &[u8], style: Style, out: &mut Vec<u8>) {
    out.push(b'\'');
    for &b in bytes {
        match (b, style) {
            (b'\'', Style::PhpMyAdmin) => out.extend_from_slice(b"''"),
            (b'"', Style::PhpMyAdmin) => out.push(b),
            (0, _) => out.extend_from_slice(b"\\0"),
            (b'\n', _) => out.extend_from_slice(b"\\n"),
            (b'\r', _) => out.extend_from_slice(b"\\r"),
            (0x1a, _) => out.extend_from_slice(b"\\Z"),
            (b'\'' | b'"' | b'\\', _) => out.extend_from_slice(&[b'\\', b]),
            _ => out.push(b),
        }
    }
    out.push(b'\'');
}

fn value(value: &Value, style: Style, out: &mut Vec<u8>) {
    match (value, style) {
        (Value::Null, _) => out.extend_from_slice(b"NULL"),
        (Value::Number(text), _) => out.extend_from_slice(text.as_bytes()),
        (Value::Bytes(bytes), Style::HexBlob | Style::PhpMyAdmin) if !bytes.is_empty() => {
            let mut hex = "0x".to_owned();
            for b in bytes {
                write!(hex, "{b:02X}").unwrap();
            }
            out.extend_from_slice(hex.as_bytes());
        }
        (Value::Bytes(bytes), Style::MysqldumpBinary) => {
            out.extend_from_slice(b"_binary ");
            quoted(bytes, style, out);
        }
        (Value::Text(bytes) | Value::Bytes(bytes), _) => quoted(bytes, style, out),
    }
}

fn dump(rows: &[Vec<Value>], style: Style) -> Vec<u8> {
    let mut out = b"CREATE TABLE `t` (`n` decimal(16,2), `s` text, `b` blob);\n".to_vec();
    let insert: &[u8] = match style {
        Style::CompleteInsert | Style::PhpMyAdmin => b"INSERT INTO `t` (`n`, `s`, `b`) VALUES\n",
        _ => b"INSERT INTO `t` VALUES ",
    };
    for (index, row) in rows.iter().enumerate() {
        if index == 0 || matches!(style, Style::OneRowEach) {
            out.extend_from_slice(insert);
        }
        out.push(b'(');
        for (column, field) in row.iter().enumerate() {
            if column > 0 {
                out.extend_from_slice(if matches!(style, Style::PhpMyAdmin) { b", " } else { b"," });
            }
            value(field, style, &mut out);
        }
        let is_last = index + 1 == rows.len() || matches!(style, Style::OneRowEach);
        out.extend_from_slice(if is_last { b");\n" } else { b"),\n" });
    }
    out
}

/// Bytes with more than their share of those that need care.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let special = prop::sample::select(b"\\'\"`;,()-#/*\0\n\r\x1a%_ ".to_vec());
    prop::collection::vec(prop_oneof![special, any::<u8>()], 0..24)
}

fn any_row() -> impl Strategy<Value = Vec<Value>> {
    let number = prop_oneof![
        Just(Value::Null),
        (any::<i32>(), 0..100u8).prop_map(|(whole, cents)| Value::Number(format!("{whole}.{cents:02}")))
    ];
    let text = prop_oneof![Just(Value::Null), any_bytes().prop_map(Value::Text)];
    let blob = prop_oneof![Just(Value::Null), any_bytes().prop_map(Value::Bytes)];
    (number, text, blob).prop_map(|(number, text, blob)| vec![number, text, blob])
}

proptest! {
    #[test]
    fn rows_survive_every_style(rows in prop::collection::vec(any_row(), 1..12)) {
        let expected: Vec<Row> = rows.iter().map(|row| ("t".to_owned(), row.clone())).collect();
        for style in STYLES {
            let plain = dump(&rows, style);
            prop_assert_eq!(read_all(&plain[..]), (expected.clone(), Ok(())), "{:?}", style);
            prop_assert_eq!(read_all(OneByte(&plain)), (expected.clone(), Ok(())), "{:?}", style);
            prop_assert_eq!(read_all(&gzip(&plain)[..]), (expected.clone(), Ok(())), "{:?}", style);
        }
    }

    #[test]
    fn a_cut_dump_gives_a_prefix_of_its_rows(rows in prop::collection::vec(any_row(), 1..6), cut in any::<prop::sample::Index>()) {
        let expected: Vec<Row> = rows.iter().map(|row| ("t".to_owned(), row.clone())).collect();
        for style in STYLES {
            let plain = dump(&rows, style);
            let (found, _) = read_all(&plain[..cut.index(plain.len())]);
            prop_assert!(expected.starts_with(&found));
        }
    }

    #[test]
    fn any_bytes_at_all_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut dump = b"CREATE TABLE t (a int, b text);INSERT INTO t VALUES ".to_vec();
        dump.extend_from_slice(&bytes);
        let _outcome_of_rubbish = (read_all(&bytes[..]), read_all(&dump[..]));
    }
}
