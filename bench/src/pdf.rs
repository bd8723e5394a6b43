//! Typesetting invoices, one after another on one core, beside only reading what is on them.

use bursar_billing::document::render_document;
use bursar_billing::invoices::page::document_data;
use bursar_billing::run::{RunOptions, run};
use bursar_context::Cx;
use bursar_customers::Grouping;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_pdf::Typesetter;
use bursar_time::{Date, Stopwatch};
use serde::Serialize;

use crate::rows::INVOICES;
use crate::{memory, seed};

const DUE: Date = jiff::civil::date(2026, 3, 1);

/// The figures; a documented contract of `bursar bench pdf --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// How many were made.
    pub documents: usize,
    /// Lines on each.
    pub lines: i64,
    /// Read, typeset and written as PDF a second.
    pub documents_per_second: f64,
    /// Only read a second.
    pub floor_documents_per_second: f64,
    /// Bytes of one, on average.
    pub average_bytes: usize,
    /// Most resident memory meanwhile.
    pub peak_rss_mb: u64,
}

/// Bills so many customers and makes the PDF of each of their invoices.
pub async fn measure(cx: &Cx, documents: i64) -> Result<Report, Fault> {
    seed::grouped_business(cx, documents * seed::PER_CUSTOMER, DUE, Grouping::Daily).await?;
    run(cx, RunOptions::for_date(DUE)).await.map_err(|e| Fault::new(format!("the run failed: {e}")))?;
    let ids =
        cx.read(async |tx: &mut Tx| tx.query_text(INVOICES, &[], |row| row.get::<i64>(0)).await).await?;
    let watch = Stopwatch::start();
    for id in &ids {
        read(cx, *id).await?;
    }
    let reading = watch.elapsed().as_secs_f64();
    memory::reset_peak();
    let watch = Stopwatch::start();
    let typesetter = Typesetter::new();
    let mut bytes = 0;
    for id in &ids {
        let data = read(cx, *id).await?;
        let made = render_document(&typesetter, &data).map_err(|e| Fault::wrap("typesetting", e))?;
        bytes += made.len();
    }
    let elapsed = watch.elapsed().as_secs_f64();
    let count = ids.len();
    Ok(Report {
        documents: count,
        lines: seed::PER_CUSTOMER,
        documents_per_second: count as f64 / elapsed,
        floor_documents_per_second: count as f64 / reading,
        average_bytes: bytes / count.max(1),
        peak_rss_mb: memory::peak_resident_mb(),
    })
}

async fn read(cx: &Cx, id: i64) -> Result<bursar_billing::document::DocumentData, Fault> {
    cx.read(async move |tx: &mut Tx| document_data(tx, id).await).await
}
