//! Every style of dump met in practice, as small literal files.

use super::{OneByte, Row, Value, bytes, gzip, number, read_all, rows_of, text};
use crate::{Charset, DefaultValue, Event, Reader};

fn row<const N: usize>(table: &str, values: [Value; N]) -> Row {
    (table.to_owned(), values.to_vec())
}

const MARIADB: &str = "/*M!999999\\- enable the sandbox mode */ \n\
-- MariaDB dump 10.19  Distrib 10.11.14-MariaDB, for debian-linux-gnu (x86_64)\n\
--\n\
/*!40101 SET NAMES utf8mb4 */;\n\
DROP TABLE IF EXISTS `tblclients`;\n\
/*!40101 SET @saved_cs_client     = @@character_set_client */;\n\
CREATE TABLE `tblclients` (\n\
  `id` int(10) NOT NULL AUTO_INCREMENT,\n\
  `name` text NOT NULL,\n\
  `credit` decimal(16,2) NOT NULL DEFAULT 0.00,\n\
  `cardnum` blob NOT NULL,\n\
  `lastlogin` datetime DEFAULT NULL,\n\
  PRIMARY KEY (`id`),\n\
  KEY `name` (`name`(10))\n\
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;\n\
LOCK TABLES `tblclients` WRITE;\n\
/*!40000 ALTER TABLE `tblclients` DISABLE KEYS */;\n\
set autocommit=0;\n\
INSERT INTO `tblclients` VALUES\n\
(1,'O\\'Brien; (a), \\\\ \\\"b\\\"\\r\\n\\0\\Z',-12.50,_binary '\\0\\'\u{7f}',NULL),\n\
(2,'M\u{fc}ller',0.00,'','2026-11-20 03:10:07');\n\
UNLOCK TABLES;\n\
commit;\n\
-- Dump completed on 2026-11-20 03:10:07\n";

fn mariadb_rows() -> Vec<Row> {
    vec![
        row(
            "tblclients",
            [
                number("1"),
                text("O'Brien; (a), \\ \"b\"\r\n\0\u{1a}"),
                number("-12.50"),
                bytes(b"\0'\x7f"),
                Value::Null,
            ],
        ),
        row(
            "tblclients",
            [number("2"), text("Müller"), number("0.00"), bytes(b""), text("2026-11-20 03:10:07")],
        ),
    ]
}

#[test]
fn mariadb_dump_with_extended_inserts() {
    assert_eq!(rows_of(MARIADB), mariadb_rows());
}

#[test]
fn the_same_rows_through_every_wrapping_of_the_file() {
    let bom = format!("\u{feff}{MARIADB}");
    let crlf = MARIADB.replace('\n', "\r\n");
    let (first, second) = MARIADB.split_at(700);
    let two_members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let no_newline = MARIADB.trim_end();
    assert_eq!(rows_of(bom), mariadb_rows());
    assert_eq!(rows_of(crlf), mariadb_rows());
    assert_eq!(rows_of(gzip(MARIADB.as_bytes())), mariadb_rows());
    assert_eq!(rows_of(two_members), mariadb_rows());
    assert_eq!(rows_of(no_newline), mariadb_rows());
    let (rows, outcome) = read_all(OneByte(MARIADB.as_bytes()));
    assert_eq!((rows, outcome), (mariadb_rows(), Ok(())));
}

#[test]
fn phpmyadmin_with_named_columns_and_keys_at_the_end() {
    let dump = "-- phpMyAdmin SQL Dump\n\
        -- version 5.2.1\n\n\
        SET SQL_MODE = \"NO_AUTO_VALUE_ON_ZERO\";\n\
        START TRANSACTION;\n\
        SET time_zone = \"+00:00\";\n\n\
        CREATE TABLE `tbl` (\n  `id` int(10) NOT NULL,\n  `note` text NOT NULL,\n  `hash` varchar(9) COLLATE utf8mb4_bin NOT NULL,\n  `raw` blob NOT NULL\n\
        ) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;\n\n\
        INSERT INTO `tbl` (`note`, `id`, `hash`, `raw`) VALUES\n\
        ('it''s; \"so\" C:\\\\Temp', 7, 0x6162, 0x00FF),\n\
        ('', -1, 'x', '');\n\n\
        ALTER TABLE `tbl`\n  ADD PRIMARY KEY (`id`);\n\
        ALTER TABLE `tbl`\n  MODIFY `id` int(10) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=8;\n\
        COMMIT;\n\n\
        /*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n";
    let expected = vec![
        row("tbl", [number("7"), text("it's; \"so\" C:\\Temp"), text("ab"), bytes(b"\x00\xff")]),
        row("tbl", [number("-1"), text(""), text("x"), bytes(b"")]),
    ];
    assert_eq!(rows_of(dump), expected);
}

#[test]
fn hex_blobs_complete_inserts_and_one_row_per_insert() {
    let dump = "CREATE TABLE t (id int, b longblob, v varbinary(3), bits bit(9));\n\
        INSERT INTO `t` (`id`, `b`, `v`, `bits`) VALUES (1,0x00FFab,'',b'100000001');\n\
        INSERT INTO `t` (`id`, `b`, `v`, `bits`) VALUES (2,_binary 0x41,x'4142',X'00');\n\
        INSERT INTO `t` (`id`, `b`, `v`, `bits`) VALUES (3,NULL,_binary '\\0',b'');\n";
    let expected = vec![
        row("t", [number("1"), bytes(b"\x00\xff\xab"), bytes(b""), bytes(b"\x01\x01")]),
        row("t", [number("2"), bytes(b"A"), bytes(b"AB"), bytes(b"\0")]),
        row("t", [number("3"), Value::Null, bytes(b"\0"), bytes(b"")]),
    ];
    assert_eq!(rows_of(dump), expected);
}

#[test]
fn insert_ignore_replace_several_statements_a_line_and_every_comment() {
    let dump = "# hash comment; with ' quote\n-- dash\n--\n/* block ; ' */\
        CREATE TABLE IF NOT EXISTS `db`.`we``ird` (`a``b` int);USE db;insert ignore into db.`we``ird` values(1),( 2 ) ,\n(3);\
        REPLACE INTO `we``ird` VALUE (/* in */4) -- tail, (9)\n, # (8)\n(5) ON DUPLICATE KEY UPDATE `a``b` = ';' ; ;;\n\
        INSERT LOW_PRIORITY `we``ird` VALUES (+6),(-.5),(1.),(1e-3),(TRUE),(false),(null),(N'n'),(_utf8mb4'u'),(\"d\"\"q\");";
    let values: Vec<Value> = rows_of(dump).into_iter().map(|(_, mut values)| values.remove(0)).collect();
    let mut expected: Vec<Value> =
        ["1", "2", "3", "4", "5", "+6", "-.5", "1.", "1e-3", "1", "0"].into_iter().map(number).collect();
    expected.extend([Value::Null, text("n"), text("u"), text("d\"q")]);
    assert_eq!(values, expected);
}

#[test]
fn triggers_routines_and_views_are_passed_over() {
    let dump = "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `x` /*!40100 DEFAULT CHARACTER SET latin1 */;\n\
        CREATE TABLE t (a int);\n\
        /*!50001 CREATE VIEW `v` AS SELECT \n 1 AS `a`*/;\n\
        DELIMITER ;;\n\
        /*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a=1; END */;;\n\
        CREATE PROCEDURE p() BEGIN INSERT INTO nowhere VALUES (1); SELECT ';;'; END ;;\n\
        DELIMITER ;\r\n\
        INSERT INTO t VALUES (1);\n\
        CREATE OR REPLACE VIEW w AS SELECT 1;";
    assert_eq!(rows_of(dump), vec![row("t", [number("1")])]);
}

#[test]
fn the_escapes_of_the_manual() {
    let dump = r"CREATE TABLE t (a text); INSERT INTO t VALUES ('\0\b\n\r\t\Z\\\'\%\_\x\'''');";
    assert_eq!(rows_of(dump), vec![row("t", [text("\0\u{8}\n\r\t\u{1a}\\'\\%\\_x''")])]);
}

#[test]
fn columns_left_out_take_their_defaults() {
    let dump = "CREATE TABLE t (id int NOT NULL, status enum('Active','It''s') NOT NULL DEFAULT 'Active', \
        amount decimal(16,2) NOT NULL DEFAULT -1.00, at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), \
        total decimal(16,2) GENERATED ALWAYS AS (`amount` * 2) STORED);\
        INSERT INTO t (AMOUNT, id) VALUES (3.00, 1); INSERT INTO t (id) VALUES (2);";
    let expected = vec![
        row("t", [number("1"), text("Active"), number("3.00"), Value::Null, Value::Null]),
        row("t", [number("2"), text("Active"), number("-1.00"), Value::Null, Value::Null]),
    ];
    assert_eq!(rows_of(dump), expected);
}

#[test]
fn a_table_definition_tells_types_defaults_and_charsets() {
    let dump = "CREATE TABLE `t` (`id` int(10) unsigned NOT NULL AUTO_INCREMENT, \
        `s` enum('a,b','c)d') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'a,b' COMMENT 'x DEFAULT y', \
        `l` varchar(255) DEFAULT NULL, `b` blob, PRIMARY KEY (`id`), UNIQUE KEY `u` (`s`,`l`(3)), \
        CONSTRAINT `c` FOREIGN KEY (`id`) REFERENCES `o` (`id`)) ENGINE=InnoDB DEFAULT CHARSET=latin1;";
    let mut reader = Reader::open(dump.as_bytes()).unwrap();
    let Ok(Some(Event::Table(table))) = reader.next_event() else { panic!("a table comes first") };
    assert_eq!((table.name.as_str(), &table.charset), ("t", &Charset::Latin1));
    let types: Vec<&str> = table.columns.iter().map(|column| column.type_text.as_str()).collect();
    assert_eq!(types, ["int(10) unsigned", "enum('a,b','c)d')", "varchar(255)", "blob"]);
    let charsets: Vec<&Charset> = table.columns.iter().map(|column| &column.charset).collect();
    assert_eq!(charsets, [&Charset::Latin1, &Charset::Utf8, &Charset::Latin1, &Charset::Binary]);
    let nullable: Vec<bool> = table.columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nullable, [false, false, true, true]);
    assert_eq!(table.columns[1].default, DefaultValue::Text(b"a,b".to_vec()));
    assert_eq!(table.columns[2].default, DefaultValue::Null);
    assert_eq!(table.column_index("S"), Some(1));
    assert_eq!(table.column_index("nope"), None);
}

#[test]
fn rows_know_their_number_line_and_byte() {
    let dump = "CREATE TABLE t (a int);\nINSERT INTO t VALUES\n(1),\n(2);\nINSERT INTO t VALUES (3);\n";
    let mut reader = Reader::open(dump.as_bytes()).unwrap();
    let mut seen = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        if let Event::Row(row) = event {
            seen.push((row.number(), row.line(), row.offset()));
            assert_eq!(
                row.place().to_string().split(", table").next(),
                Some(&*format!("line {}, byte {}", row.line(), row.offset()))
            );
        }
    }
    assert_eq!(seen, [(1, 3, 45), (2, 4, 50), (3, 5, 76)]);
    assert_eq!(reader.progress(), dump.len() as u64);
}

#[test]
fn a_row_larger_than_the_window_is_read_whole() {
    let long = "x".repeat(3_000_000);
    let dump =
        format!("CREATE TABLE t (a int, b text);INSERT INTO t VALUES (1,'{long}'),(2,'y'),(3,'{long}\\n');");
    let expected = vec![
        row("t", [number("1"), text(&long)]),
        row("t", [number("2"), text("y")]),
        row("t", [number("3"), text(&format!("{long}\n"))]),
    ];
    assert_eq!(rows_of(dump), expected);
}
