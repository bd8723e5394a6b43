//! A workbook, row by row. Text stands in the cells as text, so nothing a stranger wrote becomes a formula.

use std::fmt::Write as _;
use std::io::Result;

use bursar_time::{Date, Instant, TimeZone};

use super::column::{Cell, Column};
use super::export::{Sheet, headings};
use super::fetch::Line;
use super::zip::Zip;

/// Rows of a sheet, which is all that spreadsheets take.
const MOST_ROWS: usize = 1_048_576;
/// A sheet with more than this goes on in the next one.
const MOST_BYTES: u64 = 1 << 30;
/// Characters of a cell, which is all that spreadsheets take.
const MOST_LETTERS: usize = 32_767;
/// Day 0 of spreadsheets.
const DAY_ZERO: Date = Date::constant(1899, 12, 30);
const DAY_MICROS: i64 = 86_400_000_000;

const SHEET_NAME: &str = "xl/worksheets/sheet#.xml";
const SHEET_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\">\
    <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>";
const SHEET_END: &str = "</sheetData></worksheet>";
/// Formats by number: 0 plain, 1 date, 2 date and time, 3 heading, 4 to 7 amounts with 0, 2, 3 and 4 decimals.
const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"5\">\
    <numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"171\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/>\
    <numFmt numFmtId=\"172\" formatCode=\"#,##0\"/><numFmt numFmtId=\"173\" formatCode=\"#,##0.000\"/>\
    <numFmt numFmtId=\"174\" formatCode=\"#,##0.0000\"/></numFmts>\
    <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"8\">\
    <xf/><xf numFmtId=\"170\" applyNumberFormat=\"1\"/><xf numFmtId=\"171\" applyNumberFormat=\"1\"/>\
    <xf fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"172\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"4\" applyNumberFormat=\"1\"/><xf numFmtId=\"173\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"174\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A workbook being written.
pub(crate) struct Workbook {
    zip: Zip,
    zone: TimeZone,
    headings: Vec<String>,
    sheets: usize,
    rows: usize,
    /// One row's text, kept for the next.
    text: String,
}

impl Workbook {
    pub(crate) fn new(columns: &[&Column], zone: TimeZone) -> Self {
        Self {
            zip: Zip::default(),
            zone,
            headings: headings(columns),
            sheets: 0,
            rows: 0,
            text: String::new(),
        }
    }

    fn begin_sheet(&mut self) -> Result<()> {
        if self.sheets > 0 {
            self.zip.write(SHEET_END.as_bytes())?;
        }
        self.sheets += 1;
        self.zip.begin(SHEET_NAME, Some(self.sheets))?;
        self.zip.write(SHEET_HEAD.as_bytes())?;
        self.text.push_str("<row>");
        for heading in &self.headings {
            write_text(&mut self.text, heading, 3);
        }
        self.rows = 1;
        self.end_row()
    }

    fn end_row(&mut self) -> Result<()> {
        self.text.push_str("</row>");
        self.zip.write(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    /// What says how the sheets belong together; readers find it through the directory at the end.
    fn write_parts(&mut self) -> Result<()> {
        let (mut types, mut sheets, mut links) = (String::new(), String::new(), String::new());
        for n in 1..=self.sheets {
            let _written = write!(
                types,
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{MAIN}.worksheet+xml\"/>"
            );
            let _written = write!(sheets, "<sheet name=\"Sheet {n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
            let _written = write!(
                links,
                "<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
        }
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        let parts: [(&'static str, String); 5] = [
            (
                "xl/workbook.xml",
                format!(
                    "{head}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                     xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "{head}<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"rIdStyles\" \
                     Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
                ),
            ),
            ("xl/styles.xml", STYLES.to_owned()),
            (
                "_rels/.rels",
                format!(
                    "{head}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                     Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "{head}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                     ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
                     ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
                     ContentType=\"{MAIN}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" \
                     ContentType=\"{MAIN}.styles+xml\"/>{types}</Types>"
                ),
            ),
        ];
        for (name, text) in parts {
            self.zip.begin(name, None)?;
            self.zip.write(text.as_bytes())?;
        }
        Ok(())
    }
}

impl Sheet for Workbook {
    fn row(&mut self, _: &[&Column], line: &Line) -> Result<()> {
        if self.sheets == 0 || self.rows >= MOST_ROWS || self.zip.plain_bytes() >= MOST_BYTES {
            self.begin_sheet()?;
        }
        self.rows += 1;
        self.text.push_str("<row>");
        for shown in &line.shown {
            write_cell(&mut self.text, &shown.cell, &self.zone);
        }
        self.end_row()
    }

    fn finish(&mut self) -> Result<()> {
        if self.sheets == 0 {
            self.begin_sheet()?;
        }
        self.zip.write(SHEET_END.as_bytes())?;
        self.write_parts()?;
        self.zip.finish()
    }

    fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }
}

/// One value as the cells [`headings`] promises for it.
fn write_cell(out: &mut String, cell: &Cell, zone: &TimeZone) {
    match cell {
        Cell::None => out.push_str("<c/>"),
        Cell::Text(text) => write_text(out, text, 0),
        Cell::Number(number) => write_number(out, &number.to_string(), 0),
        Cell::Money(money) => {
            let style = match money.currency().exponent() {
                0 => 4,
                2 => 5,
                3 => 6,
                _ => 7,
            };
            write_number(out, &money.to_plain(), style);
            write_text(out, money.currency().code(), 0);
        }
        Cell::Date(date) => write_number(out, &serial_day(*date).to_string(), 1),
        Cell::Instant(instant) => write_number(out, &serial_instant(*instant, zone), 2),
        Cell::YesNo(yes) => write_text(out, if *yes { "Yes" } else { "No" }, 0),
        Cell::Named { id, name } => {
            write_text(out, name, 0);
            write_number(out, &id.to_string(), 0);
        }
    }
}

fn write_number(out: &mut String, number: &str, style: u8) {
    let _written = write!(out, "<c s=\"{style}\"><v>{number}</v></c>");
}

fn write_text(out: &mut String, text: &str, style: u8) {
    let _written = write!(out, "<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    for letter in text.chars().take(MOST_LETTERS) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML has no place for other control characters.
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                out.push(letter)
            }
            _ => out.push('\u{fffd}'),
        }
    }
    out.push_str("</t></is></c>");
}

/// Days since day 0.
fn serial_day(date: Date) -> i64 {
    DAY_ZERO.until(date).map(|span| i64::from(span.get_days())).unwrap_or_default()
}

/// Days since day 0 with the part of the day as decimals, as the tenant's clocks showed it. Integers only.
fn serial_instant(instant: Instant, zone: &TimeZone) -> String {
    let day = instant.to_date(zone);
    let since = instant.since(Instant::from_date_start(day, zone)).clamp(0, DAY_MICROS - 1);
    format!("{}.{:09}", serial_day(day), i128::from(since) * 1_000_000_000 / i128::from(DAY_MICROS))
}
