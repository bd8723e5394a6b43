//! The floor on SQLite: prepared rusqlite statements, the same rows, the same batches.

use std::path::Path;

use bursar_fault::Fault;
use bursar_time::Stopwatch;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::billing_run::Raw;
use crate::rows::{ADVANCED, Batches, INDEX_DELIVERIES, INVOICES, REFERRED, TABLES};

/// One table: how its rows of one batch are found in the measured database, and how they are written.
struct Table {
    select: String,
    write: String,
}

const ADVANCE: &str = "UPDATE billing_subscriptions SET status = ?1, next_start_on = ?2, next_end_on = ?3,
        next_bill_on = ?4, ended_on = ?5, periods_left = ?6, version = ?7 WHERE id = ?8 AND version = ?9";

fn sql(error: rusqlite::Error) -> Fault {
    Fault::wrap("measuring the floor", error)
}

/// What a database must be told to lose nothing of what was written, as Bursar's own is.
pub(crate) fn as_safe_as_ours(target: &Connection) -> rusqlite::Result<()> {
    target.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16000;",
    )
}

pub(crate) fn measure(from: &Path, to: &Path) -> Result<Raw, Fault> {
    let source = Connection::open(from).map_err(sql)?;
    let target = Connection::open(to).map_err(sql)?;
    as_safe_as_ours(&target).map_err(sql)?;
    target.execute_batch("PRAGMA foreign_keys = ON").map_err(sql)?;
    source.execute_batch(INDEX_DELIVERIES).map_err(sql)?;
    let tables = TABLES.iter().map(|it| table(&source, it.name, it.select)).collect::<Result<Vec<_>, _>>()?;
    for name in REFERRED {
        copy_all(&source, &target, name)?;
    }
    let mut raw = Raw { seconds: 0.0, rows: 0 };
    for (lo, hi) in batches(&source)? {
        let mut rows = Vec::with_capacity(tables.len());
        for table in &tables {
            rows.push(read(&source, &table.select, lo, hi)?);
        }
        let advanced = read(&source, ADVANCED, lo, hi)?;
        // Only this is the floor: one transaction of prepared statements over rows that are already in memory.
        let watch = Stopwatch::start();
        target.execute_batch("BEGIN IMMEDIATE").map_err(sql)?;
        raw.rows += write(&target, ADVANCE, &advanced)?;
        for (table, rows) in tables.iter().zip(&rows) {
            raw.rows += write(&target, &table.write, rows)?;
        }
        target.execute_batch("COMMIT").map_err(sql)?;
        raw.seconds += watch.elapsed().as_secs_f64();
    }
    let watch = Stopwatch::start();
    target.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(sql)?;
    raw.seconds += watch.elapsed().as_secs_f64();
    Ok(raw)
}

fn table(source: &Connection, name: &str, select: &str) -> Result<Table, Fault> {
    let width = source.prepare(select).map_err(sql)?.column_count();
    let places: Vec<String> = (1..=width).map(|n| format!("?{n}")).collect();
    let write = format!("INSERT INTO {name} VALUES ({})", places.join(", "));
    Ok(Table { select: select.to_owned(), write })
}

fn batches(source: &Connection) -> Result<Vec<(i64, i64)>, Fault> {
    let mut ids = source.prepare(INVOICES).map_err(sql)?;
    let mut rows = ids.query([]).map_err(sql)?;
    let mut batches = Batches::default();
    while let Some(row) = rows.next().map_err(sql)? {
        batches.add(row.get(0).map_err(sql)?);
    }
    Ok(batches.ranges())
}

fn read(source: &Connection, select: &str, lo: i64, hi: i64) -> Result<Vec<Vec<Value>>, Fault> {
    let mut statement = source.prepare_cached(select).map_err(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([lo, hi]).map_err(sql)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(sql)? {
        out.push((0..width).map(|n| row.get(n)).collect::<Result<Vec<Value>, _>>().map_err(sql)?);
    }
    Ok(out)
}

fn write(target: &Connection, text: &str, rows: &[Vec<Value>]) -> Result<u64, Fault> {
    let mut statement = target.prepare_cached(text).map_err(sql)?;
    for row in rows {
        statement.execute(rusqlite::params_from_iter(row)).map_err(sql)?;
    }
    Ok(rows.len() as u64)
}

fn copy_all(source: &Connection, target: &Connection, name: &str) -> Result<(), Fault> {
    let table = table(source, name, &format!("SELECT * FROM {name} WHERE 1 BETWEEN ?1 AND ?2"))?;
    let rows = read(source, &table.select, 0, 2)?;
    write(target, &table.write, &rows).map(drop)
}
