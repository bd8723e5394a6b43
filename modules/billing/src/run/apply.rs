//! Writes one planned batch: all of it or nothing.
//!
//! Every row that moves is guarded by the version it was read at, and every item's period by a unique key, so that a
//! rival run, a retry or a crash can never bill twice. Numbers are taken last: on PostgreSQL the series row is the only
//! thing two workers wait for.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::{Fault, FaultClass};
use bursar_ids::Id;
use bursar_ledger::{Account, BulkPoster, account_id};
use bursar_money::Currency;
use bursar_time::Date;

use super::plan::{InvoicePlan, Plan};
use super::store;
use crate::events::InvoiceIssued;
use crate::invoices::number::NumberFormat;
use crate::invoices::store::{
    Issue, NewDocument, insert_documents, insert_lines, last_issued_on, lock_series, save_series,
};
use crate::invoices::{DocumentKind, InvoiceState, hash};
use crate::jobs::SettleInvoice;
use crate::settings::BillingSettings;
use crate::subscriptions::store as subscriptions;

/// Why a batch was not written.
#[derive(Debug)]
pub enum ApplyError {
    /// A rival moved some of the subscriptions; plan again and continue.
    Rival,
    /// Anything else.
    Fault(Fault),
}

impl From<Fault> for ApplyError {
    fn from(fault: Fault) -> Self {
        match fault.class() {
            // The guard of billed periods: somebody billed one of them meanwhile.
            FaultClass::UniqueViolation => Self::Rival,
            _ => Self::Fault(fault),
        }
    }
}

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
    let name = settings.series("invoice", as_of);
    let issued_on = last_issued_on(tx, &name).await?.map_or(as_of, |last| last.max(as_of));
    write_bodies(tx, plan, &ids).await?;
    post(tx, plan, &ids, issued_on).await?;
    announce(tx, plan, &ids, issued_on).await?;
    number(tx, plan, &ids, settings, seller_id, &name, issued_on).await?;
    Ok(ids.invoices)
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

/// Receivable against revenue, deferred revenue and the tax of each rule; one entry per invoice.
async fn post(tx: &mut Tx, plan: &Plan, ids: &Ids, on: Date) -> Result<(), Fault> {
    let mut accounts = Accounts::default();
    let mut poster = BulkPoster::new();
    let mut postings: Vec<(i64, i64)> = Vec::with_capacity(6);
    for ((invoice, invoice_id), entry_id) in plan.invoices.iter().zip(&ids.invoices).zip(&ids.entries) {
        postings.clear();
        let currency = invoice.currency;
        for (account, minor) in sides(invoice) {
            if minor != 0 {
                postings.push((accounts.id(tx, account, currency).await?, minor));
            }
        }
        if !postings.is_empty() {
            poster.entry(Id::new(*entry_id), on, "invoice_issued", ("invoice", *invoice_id), &postings)?;
        }
    }
    poster.write(tx).await
}

/// The two sides of an invoice's entry; debits positive.
fn sides(invoice: &InvoicePlan) -> Vec<(Account, i64)> {
    let mut sides = Vec::with_capacity(5);
    sides.push((Account::Receivable, invoice.totals.total_minor));
    sides.push((Account::DeferredRevenue, -invoice.deferred_minor));
    sides.push((Account::Revenue, -invoice.earned_minor));
    let mut taxes: BTreeMap<i64, i64> = BTreeMap::new();
    for tax in invoice.lines.iter().flat_map(|line| [line.tax1, line.tax2]) {
        if let Some(rule) = tax.rule_id {
            *taxes.entry(rule).or_default() -= tax.minor;
        }
    }
    sides.extend(taxes.into_iter().map(|(rule, minor)| (Account::TaxPayable(rule.to_string()), minor)));
    sides
}

/// Account ids by name and currency, looked up once a batch.
#[derive(Default)]
struct Accounts(BTreeMap<(Account, Currency), i64>);

impl Accounts {
    async fn id(&mut self, tx: &mut Tx, account: Account, currency: Currency) -> Result<i64, Fault> {
        let key = (account, currency);
        if let Some(id) = self.0.get(&key) {
            return Ok(*id);
        }
        let id = account_id(tx, &key.0, currency).await?;
        self.0.insert(key, id);
        Ok(id)
    }
}

async fn announce(tx: &mut Tx, plan: &Plan, ids: &Ids, issued_on: Date) -> Result<(), Fault> {
    let with_ids = || plan.invoices.iter().zip(&ids.invoices);
    let events: Vec<InvoiceIssued> = with_ids()
        .map(|(invoice, id)| InvoiceIssued {
            invoice_id: *id,
            customer_id: invoice.customer_id,
            currency: invoice.currency,
            total_minor: invoice.totals.total_minor,
            issued_on,
            due_on: Some(invoice.due_on),
        })
        .collect();
    bursar_events::emit_all(tx, &events).await?;
    let jobs: Vec<SettleInvoice> = with_ids()
        .filter(|(invoice, _)| invoice.totals.total_minor > 0)
        .map(|(_, id)| SettleInvoice { invoice_id: *id })
        .collect();
    bursar_jobs::enqueue_all(tx, &jobs).await
}

/// Number and date together, last; a zero total settles itself.
async fn number(
    tx: &mut Tx,
    plan: &Plan,
    ids: &Ids,
    settings: &BillingSettings,
    seller_id: i64,
    name: &str,
    issued_on: Date,
) -> Result<(), ApplyError> {
    let mut series = lock_series(tx, name, DocumentKind::Invoice, &settings.invoice_format).await?;
    if series.last_issued_on.is_some_and(|last| last > issued_on) {
        return Err(ApplyError::Rival);
    }
    let format = NumberFormat::parse(&series.format)
        .map_err(|e| Fault::new(format!("the number format of series {name} cannot be used: {e}")))?;
    let mut documents = Vec::with_capacity(plan.invoices.len());
    for ((invoice, id), entry_id) in plan.invoices.iter().zip(&ids.invoices).zip(&ids.entries) {
        let number = format.render(series.next_sequence, issued_on);
        let link = hash::link(&series.last_hash, &number, issued_on, &invoice.content);
        let zero = invoice.totals.total_minor == 0;
        let posted = sides(invoice).iter().any(|(_, minor)| *minor != 0);
        documents.push(NewDocument {
            id: *id,
            kind: DocumentKind::Invoice,
            state: if zero { InvoiceState::Paid } else { InvoiceState::Open },
            customer_id: invoice.customer_id,
            currency: invoice.currency,
            series: name,
            issue: Some(Issue {
                sequence: series.next_sequence,
                number,
                issued_on,
                content: invoice.content,
                hash: link,
            }),
            due_on: Some(invoice.due_on),
            seller_id: Some(seller_id),
            buyer_id: Some(invoice.buyer_id),
            totals: invoice.totals,
            corrects_id: None,
            entry_id: posted.then_some(*entry_id),
            source: invoice.source,
            tax_note: invoice.tax_note,
            notes: None,
        });
        series.next_sequence += 1;
        series.last_hash = link;
    }
    insert_documents(tx, &documents).await?;
    series.last_issued_on = Some(issued_on);
    save_series(tx, &series).await?;
    Ok(())
}
