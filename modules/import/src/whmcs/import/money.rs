//! Transactions as payments and refunds, and the credit journal with the balances.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, NewEntry};
use bursar_money::{Currency, Money};
use bursar_payments::{Announce, ImportedPayment, ImportedRefund, Purpose, import_payment, import_refund};
use bursar_sqldump::RowRef;
use bursar_time::{Date, Instant};

use super::Import;
use super::explain::count;
use super::figures::{hundredths, minor};
use super::journal::Journal;
use super::notes::RowNote;
use super::plan::{amount_cell, cell, id_cell};
use super::store;
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
#[derive(Debug, Clone)]
pub(super) struct RefundOut {
    refund: ImportedRefund,
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
#[derive(Debug, Clone)]
struct BalanceOut {
    client: i64,
    currency: Currency,
    minor: i64,
    adjustment: i64,
}

impl Import {
    pub(super) fn take_transaction(&mut self, row: RowRef<'_>, it: TransactionRow) {
        let Some(client) = it.client_id else {
            return self.leave_out_transaction(
                row,
                "it belongs to no client: income or expense of the business itself",
            );
        };
        let Some(currency) = self.plan.clients.get(&client).map(|c| c.currency) else {
            return self.leave_out_transaction(row, "its client is not there");
        };
        let zero = Hundredths::ZERO;
        if it.received < zero || it.refunded < zero || it.fee < zero {
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
            && !self.plan.invoices.contains_key(&id)
        {
            let done = "taken over as a payment without an invoice";
            let what = format!("invoice {id} is not there");
            self.notes.push(RowNote::new("tblaccounts", it.id, "invoiceid", what, done));
            invoice = None;
        }
        if received > 0 {
            let allocated = invoice.map_or(0, |id| self.allocate(id, received));
            let purpose = Purpose {
                invoices: invoice.map(|id| (id, allocated)).into_iter().collect(),
                reason: it.description.clone(),
            };
            self.payments.push(PaymentOut {
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
            self.refunds.push(RefundOut {
                refund: ImportedRefund {
                    id: it.id,
                    payment: it.refunds_id.map(Id::new),
                    customer: client,
                    gateway: it.gateway,
                    amount: Money::new(refunded, currency),
                    settled_on: on,
                    reason: it.description,
                },
                invoice,
            });
        }
    }

    /// How much of a payment settles its invoice: as long as there is room, in the order of the file.
    fn allocate(&mut self, invoice: i64, received: i64) -> i64 {
        let Some(invoice) = self.plan.invoices.get_mut(&invoice) else { return 0 };
        let part = received.min(invoice.payments_room() - invoice.cursor.allocated);
        invoice.cursor.allocated += part;
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
        let Some(invoice) = it.invoice_id.and_then(|id| self.plan.invoices.get(&id)) else { return };
        let (key, status) = (invoice.currency.code(), &*invoice.status_text);
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
            let own = id_cell(row, "currency");
            self.plan.context.currencies.get(&own).map_or(format!("?{own}"), |c| c.code().to_owned())
        } else {
            self.plan.currency_key(client)
        };
        let what = format!("{why}; {key} in {received}, out {refunded}");
        self.notes.push(RowNote::new("tblaccounts", id, "userid", what, "left out"));
        let why = format!("transaction {id} was left out: {why}");
        let gateway = cell(row, "gateway");
        let path = |field| ["transactions_by_currency_gateway", key.as_str(), gateway.as_str(), field];
        let lost = |amount: Hundredths| Hundredths(-amount.0);
        let one = |amount: Hundredths| count(if amount > Hundredths::ZERO { -1 } else { 0 });
        self.explainer.add(&path("count_in"), one(received), &why);
        self.explainer.add(&path("count_out"), one(refunded), &why);
        self.explainer.add(&path("amountin"), lost(received), &why);
        self.explainer.add(&path("amountout"), lost(refunded), &why);
        self.explainer.add(&path("fees"), lost(amount_cell(row, "fees")), &why);
        if let Some(invoice) = self.plan.invoices.get(&id_cell(row, "invoiceid")) {
            let path = |field| {
                ["invoices_by_currency_status", invoice.currency.code(), &*invoice.status_text, field]
            };
            self.explainer.add(&path("received"), lost(received), &why);
            self.explainer.add(&path("refunded"), lost(refunded), &why);
            self.explainer.add(&path("balance"), received - refunded, &why);
        }
        self.counts.entry("transactions").or_default().left_out += 1;
    }

    pub(super) fn take_credit(&mut self, row: RowRef<'_>, it: CreditRow) {
        let Some(client) = it.client_id.filter(|id| self.plan.clients.contains_key(id)) else {
            return self.leave_out_credit(row, "its client is not there");
        };
        let currency = self.plan.clients[&client].currency;
        let so_far = self.credit_cursor.entry(client).or_default();
        let before = minor(*so_far, currency);
        *so_far += it.amount;
        let change = minor(*so_far, currency) - before;
        let ours = hundredths(change, currency);
        let what = format!("{} → {ours} (credit move {})", it.amount, it.id);
        self.explainer.rounded(&["credit_log_sum_by_currency", currency.code()], ours - it.amount, &what);
        if change != 0 {
            self.moves.push(MoveOut {
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

    pub(super) async fn write_money(&mut self) -> Result<(), Fault> {
        let payments = std::mem::take(&mut self.payments);
        let moves = std::mem::take(&mut self.moves);
        self.tally("payments", payments.len(), write_payments(self.target(), payments).await?);
        self.tally("credit", moves.len(), write_moves(self.target(), moves).await?);
        Ok(())
    }

    /// What needs every row: refunds of payments, and balances.
    pub(super) async fn write_rest(&mut self) -> Result<(), Fault> {
        let refunds = std::mem::take(&mut self.refunds);
        let total = refunds.len();
        let mut written = 0;
        for batch in refunds.chunks(super::BATCH) {
            written += write_refunds(self.target(), batch.to_vec()).await?;
        }
        self.tally("refunds", total, written);
        let balances = self.balances();
        for batch in balances.chunks(super::BATCH) {
            write_balances(self.target(), batch.to_vec(), self.as_of).await?;
        }
        Ok(())
    }

    fn balances(&mut self) -> Vec<BalanceOut> {
        const DIFFERING: &str = "credit_clients_where_balance_differs_from_log";
        let mut out = Vec::new();
        for (id, client) in &self.plan.clients {
            let logged = self.plan.credit_log.get(id).copied().unwrap_or_default();
            if client.credit == Hundredths::ZERO && logged == Hundredths::ZERO {
                continue;
            }
            let balance = minor(client.credit, client.currency);
            let adjustment = balance - minor(logged, client.currency);
            if logged != client.credit {
                let what = format!("the credit is {} and its moves add up to {logged}", client.credit);
                let done = "the credit counts; a move makes up the difference";
                self.notes.push(RowNote::new("tblclients", *id, "credit", what, done));
                if adjustment == 0 {
                    let why =
                        format!("the difference of client {id} is less than the currency's smallest unit");
                    self.explainer.add(&[DIFFERING, &id.to_string()], count(-1), &why);
                }
            }
            out.push(BalanceOut { client: *id, currency: client.currency, minor: balance, adjustment });
        }
        for (id, (key, credit)) in &self.plan.left_out_clients {
            if self.plan.credit_log.get(id).copied().unwrap_or_default() != *credit {
                let why = format!("client {id} (currency {key}) was left out");
                self.explainer.add(&[DIFFERING, &id.to_string()], count(-1), &why);
            }
        }
        out
    }
}

async fn write_payments(cx: Option<&Cx>, rows: Vec<PaymentOut>) -> Result<u64, Fault> {
    let (Some(cx), false) = (cx, rows.is_empty()) else { return Ok(0) };
    let rows = Arc::new(rows);
    cx.write_batch(async move |tx: &mut Tx| {
        let mut journal = Journal::default();
        let mut fresh = Vec::new();
        for row in rows.iter() {
            let payment = &row.payment;
            if !import_payment(tx, payment.clone(), Announce::Nothing).await? {
                continue;
            }
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
            let beyond =
                if row.allocated < amount { Some([tx.new_raw_id()?, tx.new_raw_id()?]) } else { None };
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
        Ok::<_, Fault>(fresh.len() as u64)
    })
    .await
}

async fn write_refunds(cx: Option<&Cx>, rows: Vec<RefundOut>) -> Result<u64, Fault> {
    let Some(cx) = cx else { return Ok(0) };
    let rows = Arc::new(rows);
    cx.write_batch(async move |tx: &mut Tx| {
        let mut written = 0;
        for row in rows.iter() {
            let mut refund = row.refund.clone();
            if bursar_payments::find_refund(tx, Id::new(refund.id)).await?.is_some() {
                continue;
            }
            // A refund beyond its payment, or of one that is not there, stands alone.
            refund.payment = match refund.payment {
                Some(id) => bursar_payments::find(tx, id)
                    .await?
                    .filter(|p| {
                        p.amount.currency() == refund.amount.currency()
                            && p.amount.minor() - p.refunded.minor() >= refund.amount.minor()
                    })
                    .map(|p| p.id),
                None => None,
            };
            let (amount, on) = (refund.amount, refund.settled_on);
            let source = row.invoice.map_or(("refund", refund.id), |id| ("invoice", id));
            import_refund(tx, refund).await?;
            let postings = vec![(Account::Refunds, amount), (Account::UnappliedPayments, amount.neg())];
            let memo = String::new();
            let entry = NewEntry { kind: "imported_refund", on, source, memo, postings };
            bursar_ledger::post(tx, entry).await?;
            written += 1;
        }
        Ok::<_, Fault>(written)
    })
    .await
}

async fn write_moves(cx: Option<&Cx>, rows: Vec<MoveOut>) -> Result<u64, Fault> {
    let (Some(cx), false) = (cx, rows.is_empty()) else { return Ok(0) };
    let rows = Arc::new(rows);
    cx.write_batch(async move |tx: &mut Tx| {
        let have = store::present(tx, &store::HAVE_MOVES, rows.iter().map(|r| r.id)).await?;
        let mut journal = Journal::default();
        let mut fresh = Vec::new();
        for row in rows.iter().filter(|r| !have.contains(&r.id)) {
            let entry =
                journal.add(tx, (row.currency, row.on, "imported_credit"), &credit_lines(row.minor))?;
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
        Ok::<_, Fault>(fresh.len() as u64)
    })
    .await
}

/// Credit given is owed to the customer; why it was given, other imported documents say.
fn credit_lines(minor: i64) -> [(Account, i64); 2] {
    [(Account::OpeningBalance, minor), (Account::CustomerCredit, -minor)]
}

async fn write_balances(cx: Option<&Cx>, rows: Vec<BalanceOut>, on: Date) -> Result<(), Fault> {
    let Some(cx) = cx else { return Ok(()) };
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
