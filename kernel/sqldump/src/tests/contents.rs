use std::io::{Cursor, Read, Seek};

use super::gzip;
use crate::{Contents, Event, Place, Reader};

/// Two tables whose rows stand in several places, one more between them, and a row that is wide enough for the reader to
/// have to move on.
fn dump() -> String {
    let wide = "x".repeat(700_000);
    format!(
        "CREATE TABLE a (id int, t text);\n\
         CREATE TABLE b (id int, t text);\n\
         CREATE TABLE c (id int, t text);\n\
         INSERT INTO a VALUES (1,'one'),\n(2,'two; not an end');\n\
         -- between\n\
         INSERT INTO a VALUES (3,'three');\n\
         INSERT INTO c VALUES (1,'{wide}'),\n(2,'{wide}');\n\
         INSERT INTO b VALUES (1,'eins');\n\
         INSERT INTO c VALUES (3,'{wide}');\n\
         INSERT INTO a VALUES (4,'four');\n"
    )
}

type Found = (Place, Vec<u8>);

fn rows<R: Read>(mut reader: Reader<R>) -> (Vec<Found>, Contents) {
    let mut rows = Vec::new();
    while let Some(event) = reader.next_event().expect("the dump is whole") {
        if let Event::Row(row) = event {
            let id = row.get("id").and_then(|field| field.as_bytes()).expect("an id").to_vec();
            rows.push((row.place(), id));
        }
    }
    (rows, reader.into_contents())
}

fn assert_the_same_again<R: Read + Seek>(open: impl Fn() -> R) {
    let (all, contents) = rows(Reader::open(open()).expect("a dump"));
    assert_eq!(all.len(), 8);
    for wanted in [&["a"][..], &["b"], &["a", "b"], &["c"], &[], &["a", "b", "c"]] {
        let (found, _) = rows(contents.read(open(), |name| wanted.contains(&name)).expect("it opens"));
        let expected: Vec<Found> = all
            .iter()
            .filter(|(place, _)| wanted.contains(&place.table.as_deref().expect("a row has a table")))
            .cloned()
            .collect();
        assert_eq!(found, expected, "{wanted:?}: the same rows at the same places");
    }
}

#[test]
fn some_tables_are_read_again_with_their_rows_and_places() {
    let text = dump();
    assert_the_same_again(|| Cursor::new(text.as_bytes()));
    let packed = gzip(text.as_bytes());
    assert_the_same_again(|| Cursor::new(packed.as_slice()));
}

#[test]
fn a_file_that_became_shorter_is_noticed() {
    let text = dump();
    let (_, contents) = rows(Reader::open(text.as_bytes()).expect("a dump"));
    let cut = &text[..text.len() - 10];
    let mut reader = contents.read(Cursor::new(cut.as_bytes()), |name| name == "a").expect("it opens");
    let error = loop {
        match reader.next_event() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the missing end went unnoticed"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("table a, row 4"), "{error}");
}
