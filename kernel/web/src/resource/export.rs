//! A whole list as a file, sent as a stream: at any size, no more than one page of it is in memory.

use std::io::{Error, Result};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use futures_util::{StreamExt as _, stream};

use super::column::{Cell, Column, Kind};
use super::fetch::{self, Line, Page};
use super::json;
use super::place::{Cursor, Place};
use super::resource::Resource;
use super::xlsx::Workbook;
use crate::problem::{PageResult, Problem};

/// Rows read at a time.
const ROWS: usize = 1_000;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
    Json,
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

/// Writes rows in one form. What is ready is taken after each page.
pub(crate) trait Sheet: Send {
    fn row(&mut self, columns: &[&Column], line: &Line) -> Result<()>;
    fn finish(&mut self) -> Result<()>;
    fn take(&mut self) -> Vec<u8>;
}

/// The headings of a table. An amount has its currency beside it, and what has a name its number.
pub(crate) fn headings(columns: &[&Column]) -> Vec<String> {
    let mut headings = Vec::new();
    for column in columns {
        headings.push(column.label.to_owned());
        match column.kind {
            Kind::Money { .. } => headings.push(format!("{} currency", column.label)),
            Kind::Named(_) => headings.push(format!("{} number", column.label)),
            Kind::Text
            | Kind::Word
            | Kind::Badge
            | Kind::Number
            | Kind::Date
            | Kind::Instant
            | Kind::YesNo => {}
        }
    }
    headings
}

struct Csv {
    out: Vec<u8>,
}

impl Csv {
    fn new(columns: &[&Column]) -> Self {
        let mut csv = Self { out: Vec::new() };
        csv.line(headings(columns).iter().map(|heading| field(heading)));
        csv
    }

    fn line(&mut self, fields: impl Iterator<Item = String>) {
        for (at, field) in fields.enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.out.extend(field.as_bytes());
        }
        self.out.extend(b"\r\n");
    }
}

/// Text as a field. What a spreadsheet would take for a formula gets an apostrophe before it, which makes it text.
fn field(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

impl Sheet for Csv {
    fn row(&mut self, columns: &[&Column], line: &Line) -> Result<()> {
        let mut fields = Vec::with_capacity(columns.len() + 4);
        for (column, shown) in columns.iter().zip(&line.shown) {
            match &shown.cell {
                Cell::None => {
                    fields.push(String::new());
                    if matches!(column.kind, Kind::Money { .. } | Kind::Named(_)) {
                        fields.push(String::new());
                    }
                }
                Cell::Text(text) => fields.push(field(text)),
                Cell::Number(number) => fields.push(number.to_string()),
                Cell::Money(money) => {
                    fields.push(money.to_plain());
                    fields.push(money.currency().code().to_owned());
                }
                Cell::Date(date) => fields.push(date.to_string()),
                Cell::Instant(instant) => fields.push(instant.rfc3339()),
                Cell::YesNo(yes) => fields.push(if *yes { "yes" } else { "no" }.to_owned()),
                Cell::Named { id, name } => {
                    fields.push(field(name));
                    fields.push(id.to_string());
                }
            }
        }
        self.line(fields.into_iter());
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// One list of objects, as on a page of the JSON list.
struct JsonRows {
    out: Vec<u8>,
    is_empty: bool,
}

impl Sheet for JsonRows {
    fn row(&mut self, columns: &[&Column], line: &Line) -> Result<()> {
        self.out.extend(if self.is_empty { "[\n" } else { ",\n" }.as_bytes());
        self.is_empty = false;
        self.out.extend(json::row(columns, line).to_string().as_bytes());
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.out.extend(if self.is_empty { "[]\n" } else { "\n]\n" }.as_bytes());
        Ok(())
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// An export under way.
struct Run {
    cx: Cx,
    resource: Arc<Resource>,
    place: Place,
    sheet: Box<dyn Sheet>,
    is_done: bool,
}

/// The place's whole list as a file. What cannot be read is said before anything is sent.
pub(crate) fn answer(cx: Cx, resource: &Arc<Resource>, place: Place, format: Format) -> PageResult {
    cx.require(resource.permission)?;
    if let Some(error) = place.errors.first() {
        return Err(Problem::bad_request(error.message.clone()));
    }
    let columns: Vec<&Column> = place.columns.iter().map(|index| &resource.columns[*index]).collect();
    let sheet: Box<dyn Sheet> = match format {
        Format::Csv => Box::new(Csv::new(&columns)),
        Format::Xlsx => Box::new(Workbook::new(&columns, cx.zone().clone())),
        Format::Json => Box::new(JsonRows { out: Vec::new(), is_empty: true }),
    };
    let name = format!("{}-{}.{}", resource.key, cx.today(), format.ending());
    let place = Place { cursor: Cursor::Start, rows: ROWS, ..place };
    let run = Run { cx, resource: Arc::clone(resource), place, sheet, is_done: false };
    let mut response = Response::new(Body::from_stream(stream::unfold(run, step).fuse()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition.map_err(|e| Fault::wrap("the name of an export is no header", e))?,
    );
    Ok(response)
}

/// The next part of the file. A failure breaks the transfer off, so that nobody takes a part for the whole.
async fn step(mut run: Run) -> Option<(Result<Bytes>, Run)> {
    if run.is_done {
        return None;
    }
    match next(&mut run).await {
        Ok(bytes) => Some((Ok(bytes), run)),
        Err(error) => {
            tracing::error!(resource = run.resource.key, "an export broke off: {error}");
            run.is_done = true;
            Some((Err(error), run))
        }
    }
}

async fn next(run: &mut Run) -> Result<Bytes> {
    loop {
        let (resource, place) = (Arc::clone(&run.resource), run.place.clone());
        let page: Page = run
            .cx
            .read(async move |tx: &mut Tx| fetch::rows(tx, &resource, &place).await)
            .await
            .map_err(|fault: Fault| Error::other(fault.chain()))?;
        let columns: Vec<&Column> =
            run.place.columns.iter().map(|index| &run.resource.columns[*index]).collect();
        for line in &page.lines {
            run.sheet.row(&columns, line)?;
        }
        match page.lines.last() {
            Some(last) if page.has_next => run.place.cursor = Cursor::After(last.edge.clone()),
            _ => {
                run.sheet.finish()?;
                run.is_done = true;
            }
        }
        let bytes = run.sheet.take();
        if !bytes.is_empty() || run.is_done {
            return Ok(Bytes::from(bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn what_a_spreadsheet_would_run_is_text_and_quotes_are_doubled() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("plain", "plain"),
        ] {
            assert_eq!(field(text), expected);
        }
    }
}
