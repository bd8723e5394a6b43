//! Transactions as payments and refunds, and the credit journal with the balances.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, NewEntry};
use bursar_money::{Currency, Money};
use bursar_payments::{ImportedPayment, ImportedRefund, Purpose, import_payments, import_refund};
use bursar_sqldump::RowRef;
use bursar_time::{Date, Instant};
use serde::{Deserialize, Serialize};

use super::explain::count;
use super::figures::{hundredths, minor};
use super::journal::Journal;
use super::notes::RowNote;
use super::plan::{Cursor, amount_cell, cell, has_negative, id_cell};
use super::store;
use super::{Import, ImportError};
use crate::spill::{Queue, Repeats, Scratch};
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{CreditRow, TransactionRow};

/// A payment to write, with how much of it settles its invoice.
#[derive(Debug, Clone)]
pub(super) struct PaymentOut {
    payment: ImportedPayment,
    invoice: Option<i64>,
    allocated: i64,
}

/// A refund to write, after all payments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RefundOut {
    id: i64,
    /// What it gives back, where that is there.
    payment: Option<i64>,
    customer: i64,
    gateway: String,
    minor: i64,
    currency: Currency,
    settled_on: Date,
    reference: String,
    reason: String,
    invoice: Option<i64>,
}

/// A move of credit to write.
#[derive(Debug, Clone)]
pub(super) struct MoveOut {
    id: i64,
    client: i64,
    currency: Currency,
    minor: i64,
    on: Date,
    reason: String,
}

/// A balance to write: what the client's row says, and what the moves lack to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct BalanceOut {
    client: i64,
    currency: Currency,
    minor: i64,
    adjustment: i64,
}

/// What is there of a transaction.
#[derive(Debug, Default)]
struct Kept {
    /// As a payment, a refund or both.
    is_there: bool,
    has_invoice: bool,
    /// A refund that names the payment it gives back.
    is_linked: bool,
}

impl Kept {
    /// Why a transaction that is taken over counts otherwise, if it does.
    fn why(&self, it: &TransactionRow) -> String {
        if !self.is_there {
            format!("transaction {} moved nothing", it.id)
        } else if it.invoice_id.is_some() && !self.has_invoice {
            format!("transaction {} is for an invoice that is not there", it.id)
        } else {
            format!("transaction {} does not give back what it names", it.id)
        }
    }
}

impl Import {
    pub(super) fn take_transaction(&mut self, row: RowRef<'_>, it: TransactionRow) {
        let Some(client) = it.client_id else {
            return self.leave_out_transaction(
                row,
                "it belongs to no client: income or expense of the business itself",
            );
        };
        let Some(currency) = self.plan.client(client).map(|c| c.currency) else {
            return self.leave_out_transaction(row, "its client is not there");
        };
        if has_negative(&it) {
            return self.leave_out_transaction(row, "it has an amount below zero");
        }
        let (received, refunded) = (minor(it.received, currency), minor(it.refunded, currency));
        let fee = if received > 0 { minor(it.fee, currency) } else { 0 };
        self.explain_transaction(&it, currency, (received, refunded, fee));
        let on = match it.at {
            Some(at) => at.date(),
            None => {
                let done = "taken over with the day of the import";
                self.notes.push(RowNote::new("tblaccounts", it.id, "date", "it has no date", done));
                self.as_of
            }
        };
        let mut invoice = it.invoice_id;
        if let Some(id) = invoice
            && self.plan.invoice(id).is_none()
        {
            let done = "taken over as a payment without an invoice";
            let what = format!("invoice {id} is not there");
            self.notes.push(RowNote::new("tblaccounts", it.id, "invoiceid", what, done));
            invoice = None;
        }
        let links = refunded > 0 && it.refunds_id.is_some_and(|id| self.plan.refund(id, client, refunded));
        let kept =
            Kept { is_there: received > 0 || refunded > 0, has_invoice: invoice.is_some(), is_linked: links };
        self.explain_kind(row, &kept, &kept.why(&it));
        if received > 0 {
            let allocated = invoice.map_or(0, |id| self.allocate(id, received));
            let purpose = Purpose {
                invoices: invoice.map(|id| (id, allocated)).into_iter().collect(),
                reason: it.description.clone(),
            };
            self.batch.payments.push(PaymentOut {
                payment: ImportedPayment {
                    id: it.id,
                    customer: client,
                    gateway: it.gateway.clone(),
                    amount: Money::new(received, currency),
                    fee: Money::new(fee, currency),
                    received_on: on,
                    reference: it.reference.clone(),
                    purpose,
                },
                invoice,
                allocated,
            });
        }
        if refunded > 0 {
            let payment = it.refunds_id.filter(|_| links);
            self.refunds.push(&RefundOut {
                id: it.id,
                payment,
                customer: client,
                gateway: it.gateway,
                minor: refunded,
                currency,
                settled_on: on,
                reference: it.reference,
                reason: it.description,
                invoice,
            });
            if let (Some(id), None) = (it.refunds_id, payment) {
                let what = format!("transaction {id} is not there, or has less left than this gives back");
                let done = "taken over as a refund of no payment";
                self.notes.push(RowNote::new("tblaccounts", it.id, "refundid", what, done));
            }
        }
    }

    /// How much of a payment settles its invoice: as long as there is room, in the order of the file.
    fn allocate(&mut self, invoice: i64, received: i64) -> i64 {
        let Some(found) = self.plan.invoice(invoice) else { return 0 };
        let part = received.min(found.payments_room() - found.cursor.allocated);
        self.plan.set_cursor(invoice, Cursor { allocated: found.cursor.allocated + part, ..found.cursor });
        part
    }

    fn explain_transaction(
        &mut self,
        it: &TransactionRow,
        currency: Currency,
        (received, refunded, fee): (i64, i64, i64),
    ) {
        let key = currency.code();
        let of = |minor: i64| hundredths(minor, currency);
        let path = |field| ["transactions_by_currency_gateway", key, it.gateway.as_str(), field];
        for (field, counted, ours, theirs) in [
            ("amountin", "count_in", of(received), it.received),
            ("amountout", "count_out", of(refunded), it.refunded),
        ] {
            let what = format!("{theirs} → {ours} (transaction {})", it.id);
            self.explainer.rounded(&path(field), ours - theirs, &what);
            if theirs > Hundredths::ZERO && ours == Hundredths::ZERO {
                self.explainer.add(&path(counted), count(-1), &format!("{what}: nothing is left of it"));
            }
        }
        if received > 0 || it.fee == Hundredths::ZERO {
            let what = format!("{} → {} (transaction {})", it.fee, of(fee), it.id);
            self.explainer.rounded(&path("fees"), of(fee) - it.fee, &what);
        } else {
            let why =
                format!("transaction {} is a refund with a fee of {}; refunds have none", it.id, it.fee);
            self.notes.push(RowNote::new("tblaccounts", it.id, "fees", why.clone(), "left out"));
            self.explainer.add(&path("fees"), Hundredths(-it.fee.0), &why);
        }
        let Some(invoice) = it.invoice_id.and_then(|id| self.plan.invoice(id)) else { return };
        let (key, status) =
            (self.plan.invoice_currency(&invoice).code(), self.plan.names.name(invoice.status_name));
        let (came, went) = (of(received) - it.received, of(refunded) - it.refunded);
        let path = |field| ["invoices_by_currency_status", key, status, field];
        let what = format!("transaction {}", it.id);
        self.explainer.rounded(&path("received"), came, &what);
        self.explainer.rounded(&path("refunded"), went, &what);
        self.explainer.rounded(&path("balance"), went - came, &what);
    }

    pub(super) fn leave_out_transaction(&mut self, row: RowRef<'_>, why: &str) {
        let id = id_cell(row, "id");
        let (received, refunded) = (amount_cell(row, "amountin"), amount_cell(row, "amountout"));
        let client = id_cell(row, "userid");
        let key = if client == 0 {
            self.plan.key_of_currency(id_cell(row, "currency"))
        } else {
            self.plan.currency_key(client)
        };
        let what = format!("{why}; {key} in {received}, out {refunded}");
        self.notes.push(RowNote::new("tblaccounts", id, "userid", what, "left out"));
        let why = format!("transaction {id} was left out: {why}");
        self.explain_kind(row, &Kept::default(), &why);
        let gateway = cell(row, "gateway");
        let path = |field| ["transactions_by_currency_gateway", key.as_str(), gateway.as_str(), field];
        let lost = |amount: Hundredths| Hundredths(-amount.0);
        let one = |amount: Hundredths| count(if amount > Hundredths::ZERO { -1 } else { 0 });
        self.explainer.add(&path("count_in"), one(received), &why);
        self.explainer.add(&path("count_out"), one(refunded), &why);
        self.explainer.add(&path("amountin"), lost(received), &why);
        self.explainer.add(&path("amountout"), lost(refunded), &why);
        self.explainer.add(&path("fees"), lost(amount_cell(row, "fees")), &why);
        if let Some(invoice) = self.plan.invoice(id_cell(row, "invoiceid")) {
            let (key, status) =
                (self.plan.invoice_currency(&invoice).code(), self.plan.names.name(invoice.status_name));
            let path = |field| ["invoices_by_currency_status", key, status, field];
            self.explainer.add(&path("received"), lost(received), &why);
            self.explainer.add(&path("refunded"), lost(refunded), &why);
            self.explainer.add(&path("balance"), received - refunded, &why);
        }
        self.counts.entry("transactions").or_default().left_out += 1;
    }

    pub(super) fn take_credit(&mut self, row: RowRef<'_>, it: CreditRow) {
        let Some(client) = it.client_id.filter(|id| self.plan.clients.has(*id)) else {
            return self.leave_out_credit(row, "its client is not there");
        };
        let currency = self.plan.currency_of(client);
        let so_far = self.credit_cursor.update(client, |sum| *sum += it.amount);
        let change = minor(so_far, currency) - minor(so_far - it.amount, currency);
        let ours = hundredths(change, currency);
        let what = format!("{} → {ours} (credit move {})", it.amount, it.id);
        self.explainer.rounded(&["credit_log_sum_by_currency", currency.code()], ours - it.amount, &what);
        if change != 0 {
            self.batch.moves.push(MoveOut {
                id: it.id,
                client,
                currency,
                minor: change,
                on: it.on.unwrap_or(self.as_of),
                reason: it.description,
            });
        }
    }

    pub(super) fn leave_out_credit(&mut self, row: RowRef<'_>, why: &str) {
        let (id, amount) = (id_cell(row, "id"), amount_cell(row, "amount"));
        let key = self.plan.currency_key(id_cell(row, "clientid"));
        self.notes.push(RowNote::new(
            "tblcredit",
            id,
            "clientid",
            format!("{why}; {key} {amount}"),
            "left out",
        ));
        let why = format!("credit move {id} was left out: {why}");
        self.explainer.add(&["credit_log_sum_by_currency", &key], Hundredths(-amount.0), &why);
        self.counts.entry("credit").or_default().left_out += 1;
    }

    /// What needs every payment first.
    pub(super) async fn write_refunds(&mut self) -> Result<(), ImportError> {
        let refunds = std::mem::replace(&mut self.refunds, Queue::new(&self.scratch));
        self.scratch.check()?;
        let (found, mut written, mut batch) = (refunds.len(), 0, Vec::new());
        for refund in refunds.into_rows()? {
            batch.push(refund?);
            if batch.len() >= self.options.batch {
                written += write_refunds(self.target(), std::mem::take(&mut batch)).await?;
            }
        }
        written += write_refunds(self.target(), batch).await?;
        self.tally("refunds", found, written);
        Ok(())
    }

    /// What needs every move of credit first.
    pub(super) async fn write_balances(&mut self) -> Result<(), ImportError> {
        let mut balances = Queue::new(&self.scratch);
        self.balances(&mut balances);
        self.scratch.check()?;
        let mut batch = Vec::new();
        for balance in balances.into_rows()? {
            batch.push(balance?);
            if batch.len() >= self.options.batch {
                write_balances(self.target(), std::mem::take(&mut batch), self.as_of).await?;
            }
        }
        Ok(write_balances(self.target(), batch, self.as_of).await?)
    }

    fn balances(&mut self, out: &mut Queue<BalanceOut>) {
        const DIFFERING: &str = "credit_clients_where_balance_differs_from_log";
        let (plan, explainer, notes) = (&self.plan, &mut self.explainer, &mut self.notes);
        plan.each_client(|id, client| {
            let logged = plan.credit_log.get(id).unwrap_or_default();
            if client.credit == Hundredths::ZERO && logged == Hundredths::ZERO {
                return;
            }
            let balance = minor(client.credit, client.currency);
            let adjustment = balance - minor(logged, client.currency);
            if logged != client.credit {
                let what = format!("the credit is {} and its moves add up to {logged}", client.credit);
                let done = "the credit counts; a move makes up the difference";
                notes.push(RowNote::new("tblclients", id, "credit", what, done));
                if adjustment == 0 {
                    let why =
                        format!("the difference of client {id} is less than the currency's smallest unit");
                    explainer.add(&[DIFFERING, &id.to_string()], count(-1), &why);
                }
            }
            out.push(&BalanceOut { client: id, currency: client.currency, minor: balance, adjustment });
        });
        plan.each_left_out_client(|id, key, credit| {
            if plan.credit_log.get(id).unwrap_or_default() != credit {
                let why = format!("client {id} (currency {key}) was left out");
                explainer.add(&[DIFFERING, &id.to_string()], count(-1), &why);
            }
        });
    }

    /// Numbers that repeat in the dump and not here: the other transaction with the number was left out.
    pub(super) fn explain_numbers(&mut self) {
        let repeated = |numbers: &mut Repeats, scratch: &Scratch| {
            let mut repeated = 0;
            std::mem::replace(numbers, Repeats::new(scratch))
                .finish(|times| repeated += i64::from(times > 1));
            repeated
        };
        let theirs = repeated(&mut self.plan.numbers, &self.scratch);
        let ours = repeated(&mut self.plan.kept_numbers, &self.scratch);
        let why = "a transaction that was left out has the number of another";
        self.explainer.add(&["transactions_special", "duplicate_gateway_transid"], count(ours - theirs), why);
    }

    /// What a transaction counts as, in the dump and here, where it is none, a payment, a refund or both.
    fn explain_kind(&mut self, row: RowRef<'_>, ours: &Kept, why: &str) {
        let (gateway, number) = (cell(row, "gateway"), cell(row, "transid"));
        if !number.is_empty() {
            self.plan.numbers.add(&[&gateway, &number]);
            if ours.is_there {
                self.plan.kept_numbers.add(&[&gateway, &number]);
            }
        }
        let has_client = id_cell(row, "userid") != 0;
        let stands_alone = has_client && id_cell(row, "invoiceid") == 0;
        for (field, ours, theirs) in [
            ("without_client", false, !has_client),
            ("with_client_without_invoice", ours.is_there && !ours.has_invoice, stands_alone),
            ("refunds_linked_by_refundid", ours.is_linked, id_cell(row, "refundid") != 0),
        ] {
            let delta = count(i64::from(ours) - i64::from(theirs));
            self.explainer.add(&["transactions_special", field], delta, why);
        }
    }
}

pub(super) async fn write_payments(tx: &mut Tx, rows: &[PaymentOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut journal = Journal::default();
    let payments: Vec<ImportedPayment> = rows.iter().map(|row| row.payment.clone()).collect();
    let written = import_payments(tx, &payments).await?;
    let mut fresh = Vec::with_capacity(written.len());
    for row in rows.iter().filter(|row| written.contains(&row.payment.id)) {
        let payment = &row.payment;
        let amount = payment.amount.minor();
        let lines = [
            (Account::UnappliedPayments, amount),
            (Account::Receivable, -row.allocated),
            (Account::OpeningBalance, row.allocated - amount),
        ];
        let group = (payment.amount.currency(), payment.received_on, "imported_payments");
        let entry = journal.add(tx, group, &lines)?;
        let allocation = if row.allocated > 0 { Some(tx.new_raw_id()?) } else { None };
        // What is beyond the invoice went to credit; the old journal of credit, which is taken over too, has it.
        let beyond = if row.allocated < amount { Some([tx.new_raw_id()?, tx.new_raw_id()?]) } else { None };
        fresh.push((row, entry, allocation, beyond));
    }
    journal.write(tx).await?;
    let zone = tx.zone().clone();
    let mut writer = tx.bulk(&store::INSERT_ALLOCATIONS)?;
    for (row, entry, allocation, _) in &fresh {
        let at = Instant::from_date_start(row.payment.received_on, &zone);
        let (Some(id), Some(invoice)) = (*allocation, row.invoice) else { continue };
        writer.row(params![id, invoice, "payment", row.payment.id, row.allocated, *entry, at])?;
    }
    writer.finish().await?;
    let mut writer = tx.bulk(&store::INSERT_APPLIED)?;
    for (row, ..) in &fresh {
        let p = &row.payment;
        let at = Instant::from_date_start(p.received_on, &zone);
        writer.row(params![p.id, p.customer, p.amount.currency(), p.amount.minor(), at])?;
    }
    writer.finish().await?;
    let mut writer = tx.bulk(&store::INSERT_MOVES)?;
    for (row, entry, _, beyond) in &fresh {
        let Some([given, counted]) = beyond else { continue };
        let p = &row.payment;
        let rest = p.amount.minor() - row.allocated;
        let at = Instant::from_date_start(p.received_on, &zone);
        for (id, minor, why, kind) in [
            (*given, rest, "Paid beyond an invoice in WHMCS", "payment"),
            (*counted, -rest, "Already among the credit moves of WHMCS", "import_offset"),
        ] {
            let none: Option<i64> = None;
            let currency = p.amount.currency();
            writer.row(params![id, p.customer, currency, minor, why, kind, p.id, *entry, at, none])?;
        }
    }
    writer.finish().await?;
    Ok(fresh.len() as u64)
}

async fn write_refunds(cx: Option<&Cx>, rows: Vec<RefundOut>) -> Result<u64, Fault> {
    let (Some(cx), false) = (cx, rows.is_empty()) else { return Ok(0) };
    let rows = Arc::new(rows);
    cx.write_batch(async move |tx: &mut Tx| {
        let mut written = 0;
        for row in rows.iter() {
            let amount = Money::new(row.minor, row.currency);
            let refund = ImportedRefund {
                id: row.id,
                payment: row.payment.map(Id::new),
                customer: row.customer,
                gateway: row.gateway.clone(),
                amount,
                settled_on: row.settled_on,
                reference: row.reference.clone(),
                reason: row.reason.clone(),
            };
            if !import_refund(tx, refund).await? {
                continue;
            }
            let entry = NewEntry {
                kind: "imported_refund",
                on: row.settled_on,
                source: row.invoice.map_or(("refund", row.id), |id| ("invoice", id)),
                memo: String::new(),
                postings: vec![(Account::Refunds, amount), (Account::UnappliedPayments, amount.neg())],
            };
            bursar_ledger::post(tx, entry).await?;
            written += 1;
        }
        Ok::<_, Fault>(written)
    })
    .await
}

pub(super) async fn write_moves(tx: &mut Tx, rows: &[MoveOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let have = store::present(tx, &store::HAVE_MOVES, rows.iter().map(|r| r.id)).await?;
    let mut journal = Journal::default();
    let mut fresh = Vec::new();
    for row in rows.iter().filter(|r| !have.contains(&r.id)) {
        let entry = journal.add(tx, (row.currency, row.on, "imported_credit"), &credit_lines(row.minor))?;
        fresh.push((row, entry));
    }
    journal.write(tx).await?;
    let zone = tx.zone().clone();
    let mut writer = tx.bulk(&store::INSERT_MOVES)?;
    for (row, entry) in &fresh {
        let at = Instant::from_date_start(row.on, &zone);
        let none: Option<i64> = None;
        writer.row(params![
            row.id,
            row.client,
            row.currency,
            row.minor,
            &row.reason,
            "import",
            row.id,
            *entry,
            at,
            none
        ])?;
    }
    writer.finish().await?;
    Ok(fresh.len() as u64)
}

/// Credit given is owed to the customer; why it was given, other imported documents say.
fn credit_lines(minor: i64) -> [(Account, i64); 2] {
    [(Account::OpeningBalance, minor), (Account::CustomerCredit, -minor)]
}

async fn write_balances(cx: Option<&Cx>, rows: Vec<BalanceOut>, on: Date) -> Result<(), Fault> {
    let (Some(cx), false) = (cx, rows.is_empty()) else { return Ok(()) };
    let rows = Arc::new(rows);
    cx.write_batch(async move |tx: &mut Tx| {
        let have = store::present(tx, &store::HAVE_BALANCES, rows.iter().map(|r| r.client)).await?;
        let fresh: Vec<&BalanceOut> = rows.iter().filter(|r| !have.contains(&r.client)).collect();
        let mut journal = Journal::default();
        let mut adjustments: BTreeMap<i64, (i64, Option<i64>)> = BTreeMap::new();
        for row in fresh.iter().filter(|r| r.adjustment != 0) {
            let lines = credit_lines(row.adjustment);
            let entry = journal.add(tx, (row.currency, on, "imported_credit"), &lines)?;
            adjustments.insert(row.client, (tx.new_raw_id()?, entry));
        }
        journal.write(tx).await?;
        let at = Instant::from_date_start(on, tx.zone());
        let mut writer = tx.bulk(&store::INSERT_MOVES)?;
        for row in &fresh {
            let Some((id, entry)) = adjustments.get(&row.client) else { continue };
            let why = "Import adjustment: the credit in WHMCS was not the sum of its moves";
            let kind = "import_adjustment";
            let none: Option<i64> = None;
            let minor = row.adjustment;
            writer.row(params![*id, row.client, row.currency, minor, why, kind, *id, *entry, at, none])?;
        }
        writer.finish().await?;
        let mut writer = tx.bulk(&store::INSERT_BALANCES)?;
        for row in &fresh {
            writer.row(params![row.client, row.currency, row.minor, 1_i64])?;
        }
        writer.finish().await.map(drop)
    })
    .await
}
