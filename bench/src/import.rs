//! The import of a WHMCS dump against the raw floor: the very rows it wrote, copied into an empty database of the same
//! schema by prepared statements in batches of the same size.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_import::whmcs::{ImportOptions, import};
use bursar_time::Stopwatch;
use rusqlite::Connection;
use rusqlite::types::Value;
use serde::Serialize;

use crate::billing_run::Raw;
use crate::floor_sqlite::as_safe_as_ours;
use crate::{dump, memory};

/// Rows that a client of the made-up business has, about: enough to turn rows into clients.
const ROWS_A_CLIENT: i64 = 33;

/// The figures; a documented contract of `bursar bench import --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Rows of the money core in the dump.
    pub rows: u64,
    /// Size of the dump.
    pub dump_mb: u64,
    /// Rows of the dump imported a second.
    pub rows_per_second: f64,
    /// The same rows a second, when what came of them is only copied.
    pub floor_rows_per_second: f64,
    /// The first divided by the second.
    pub ratio_to_floor: f64,
    /// Most resident memory during the import.
    pub peak_rss_mb: u64,
    /// Rows written by the import, and again by the floor.
    pub rows_written: u64,
    /// Seconds of the import.
    pub elapsed_seconds: f64,
    /// Seconds of the floor.
    pub floor_seconds: f64,
}

/// The databases and files of one measurement, all in one folder.
pub struct Places<'a> {
    /// Of the measured database.
    pub source: &'a Path,
    /// Of the floor's, with the same schema and nothing in it.
    pub floor: &'a Path,
    /// Where the dump and the import's temporary files go.
    pub folder: &'a Path,
}

/// Writes a dump of about so many rows, imports it, and copies what came of it.
///
/// # Errors
/// When the import fails or leaves a difference that nobody can explain: a wrong import has no speed.
pub async fn measure(
    cx: &Cx,
    places: Places<'_>,
    rows: i64,
    options: impl FnOnce(PathBuf) -> ImportOptions,
) -> Result<Report, Fault> {
    let file = places.folder.join("business.sql");
    let dump_mb = write_dump(&file, (rows / ROWS_A_CLIENT).max(1))?;
    memory::reset_peak();
    let watch = Stopwatch::start();
    let options = options(file);
    let batch = options.batch;
    let report = import(cx, options).await.map_err(|e| Fault::new(format!("the import failed: {e}")))?;
    let elapsed = watch.elapsed().as_secs_f64();
    let peak_rss_mb = memory::peak_resident_mb();
    if !report.differences.is_empty() {
        return Err(Fault::new(format!("{} totals differ from the dump's", report.differences.len())));
    }
    let raw = copy(places.source, places.floor, batch)?;
    let rows = report.rows;
    Ok(Report {
        rows,
        dump_mb,
        rows_per_second: rows as f64 / elapsed,
        floor_rows_per_second: rows as f64 / raw.seconds,
        ratio_to_floor: raw.seconds / elapsed,
        peak_rss_mb,
        rows_written: raw.rows,
        elapsed_seconds: elapsed,
        floor_seconds: raw.seconds,
    })
}

/// Writes the dump of a business with so many clients. Returns its size in MiB.
///
/// # Errors
/// When the file cannot be written.
pub fn write_dump(file: &Path, clients: i64) -> Result<u64, Fault> {
    let failed = |e| Fault::wrap("writing the dump", e);
    let mut out = BufWriter::new(std::fs::File::create(file).map_err(failed)?);
    dump::write_business(&mut out, clients).map_err(failed)?;
    out.flush().map_err(failed)?;
    Ok(std::fs::metadata(file).map_err(failed)?.len() >> 20)
}

fn sql(error: rusqlite::Error) -> Fault {
    Fault::wrap("measuring the floor", error)
}

/// Only the writing is timed.
fn copy(from: &Path, to: &Path, batch: usize) -> Result<Raw, Fault> {
    let source = Connection::open(from).map_err(sql)?;
    let target = Connection::open(to).map_err(sql)?;
    as_safe_as_ours(&target).map_err(sql)?;
    target.execute_batch("PRAGMA foreign_keys = OFF").map_err(sql)?;
    let mut raw = Raw { seconds: 0.0, rows: 0 };
    for name in tables(&target)? {
        let mut select = source.prepare(&format!("SELECT * FROM {name}")).map_err(sql)?;
        let places: Vec<String> = (1..=select.column_count()).map(|n| format!("?{n}")).collect();
        // What a migration seeds is there already.
        let text = format!("INSERT OR REPLACE INTO {name} VALUES ({})", places.join(", "));
        let width = select.column_count();
        let mut rows = select.query([]).map_err(sql)?;
        loop {
            let mut held: Vec<Vec<Value>> = Vec::with_capacity(batch);
            while held.len() < batch {
                let Some(row) = rows.next().map_err(sql)? else { break };
                held.push((0..width).map(|n| row.get(n)).collect::<Result<_, _>>().map_err(sql)?);
            }
            if held.is_empty() {
                break;
            }
            let watch = Stopwatch::start();
            target.execute_batch("BEGIN IMMEDIATE").map_err(sql)?;
            let mut write = target.prepare_cached(&text).map_err(sql)?;
            for row in &held {
                write.execute(rusqlite::params_from_iter(row)).map_err(sql)?;
            }
            target.execute_batch("COMMIT").map_err(sql)?;
            raw.seconds += watch.elapsed().as_secs_f64();
            raw.rows += held.len() as u64;
        }
    }
    Ok(raw)
}

fn tables(target: &Connection) -> Result<Vec<String>, Fault> {
    let text = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        AND name <> 'kernel_migrations' ORDER BY name";
    let mut names = target.prepare(text).map_err(sql)?;
    let found = names.query_map([], |row| row.get(0)).map_err(sql)?;
    found.collect::<Result<_, _>>().map_err(sql)
}
