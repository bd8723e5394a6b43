//! Writes one planned batch: all of it or nothing.
//!
//! Every row that moves is guarded by the version it was read at, and every item's period by a unique key, so that a
//! rival run, a retry or a crash can never bill twice. Numbers are taken last: on PostgreSQL the series row is the only
//! thing two workers wait for.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Date;

use super::plan::{InvoicePlan, Plan};
use super::store;
use crate::figures::running;
use crate::invoices::DocumentKind;
use crate::invoices::issue::{Ready, issue_all};
use crate::invoices::store::insert_lines;
use crate::settings::BillingSettings;
use crate::subscriptions::store as subscriptions;

/// Why a batch was not written: a rival moved some of the subscriptions, or a fault.
pub use crate::invoices::issue::IssueError as ApplyError;

/// Writes a plan and returns the ids of its invoices, in the plan's order.
pub async fn apply(
    tx: &mut Tx,
    plan: &Plan,
    settings: &BillingSettings,
    seller_id: i64,
    as_of: Date,
) -> Result<Vec<i64>, ApplyError> {
    let ids = Ids::take(tx, plan)?;
    advance(tx, plan).await?;
    put_aside(tx, plan).await?;
    if plan.invoices.is_empty() {
        return Ok(ids.invoices);
    }
    write_bodies(tx, plan, &ids).await?;
    let ready: Vec<Ready<'_>> = plan
        .invoices
        .iter()
        .zip(ids.invoices.iter().zip(&ids.entries))
        .map(|(invoice, (id, entry_id))| ready(invoice, *id, *entry_id))
        .collect();
    issue_all(tx, settings, seller_id, as_of, DocumentKind::Invoice, &ready).await?;
    Ok(ids.invoices)
}

fn ready(invoice: &InvoicePlan, id: i64, entry_id: i64) -> Ready<'_> {
    Ready {
        id,
        entry_id,
        customer_id: invoice.customer_id,
        currency: invoice.currency,
        buyer_id: invoice.buyer_id,
        due_on: Some(invoice.due_on),
        tax_note: invoice.tax_note,
        notes: None,
        lines: &invoice.lines,
        totals: invoice.totals,
        content: invoice.content,
        source: invoice.source,
        corrects: None,
    }
}

struct Ids {
    invoices: Vec<i64>,
    entries: Vec<i64>,
}

impl Ids {
    fn take(tx: &mut Tx, plan: &Plan) -> Result<Self, Fault> {
        let invoices = plan.invoices.iter().map(|_| tx.new_raw_id()).collect::<Result<_, _>>()?;
        let entries = plan.invoices.iter().map(|_| tx.new_raw_id()).collect::<Result<_, _>>()?;
        Ok(Self { invoices, entries })
    }
}

async fn advance(tx: &mut Tx, plan: &Plan) -> Result<(), ApplyError> {
    let mut writer = tx.bulk(&subscriptions::ADVANCE)?;
    for a in &plan.advances {
        writer.row(params![
            a.status.code(),
            a.next.start,
            a.next.end,
            a.next_bill_on,
            a.ended_on,
            a.periods_left,
            a.version + 1,
            a.id,
            a.version
        ])?;
    }
    expect_all(writer.finish().await?, plan.advances.len())?;
    let moved: Vec<i64> = plan.advances.iter().filter(|a| a.was != a.status).map(|a| a.id).collect();
    running::recount(tx, &moved).await?;
    let mut writer = tx.bulk(&subscriptions::SETUP_DONE)?;
    for used in &plan.setups {
        writer.row(params![0_i64, used.version + 1, used.id, used.version])?;
    }
    expect_all(writer.finish().await?, plan.setups.len())?;
    let mut writer = tx.bulk(&subscriptions::USE_DISCOUNT)?;
    for used in &plan.discounts {
        writer.row(params![used.value, used.version + 1, used.id, used.version])?;
    }
    expect_all(writer.finish().await?, plan.discounts.len())
}

fn expect_all(changed: u64, expected: usize) -> Result<(), ApplyError> {
    if changed == expected as u64 { Ok(()) } else { Err(ApplyError::Rival) }
}

async fn put_aside(tx: &mut Tx, plan: &Plan) -> Result<(), Fault> {
    let now = tx.now();
    let mut writer = tx.bulk(&store::PUT_ASIDE)?;
    for p in &plan.put_aside {
        writer.row(params![p.subscription_id, p.start_on, p.problem.reason, &p.problem.detail, now, now])?;
    }
    writer.finish().await.map(drop)
}

async fn write_bodies(tx: &mut Tx, plan: &Plan, ids: &Ids) -> Result<(), Fault> {
    let mut writer = tx.bulk(&subscriptions::BILLED)?;
    for (invoice, id) in plan.invoices.iter().zip(&ids.invoices) {
        for billed in &invoice.billed {
            writer.row(params![
                billed.item_id,
                billed.period.start,
                billed.period.end,
                *id,
                billed.line_no
            ])?;
        }
    }
    writer.finish().await?;
    let bodies = plan.invoices.iter().zip(&ids.invoices).map(|(invoice, id)| (*id, invoice.lines.as_slice()));
    insert_lines(tx, bodies).await
}
