//! Invoices and their lines, exactly as issued.

use std::collections::BTreeMap;

use bursar_billing::figures::{Brought, count_brought};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::sellers;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ledger::Account;
use bursar_money::{Currency, Money};
use bursar_sqldump::RowRef;
use bursar_time::{Anchor, Date, Instant, Period};
use serde::{Deserialize, Serialize};

use super::Import;
use super::explain::count;
use super::figures::{half_even, hundredths, minor};
use super::journal::Journal;
use super::notes::RowNote;
use super::plan::{Invoice, Paid, amount_cell, cell, id_cell, stated_ppm};
use super::report::Special;
use super::store;
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{InvoiceItemRow, InvoiceRow, InvoiceStatus};
use crate::whmcs::totals::{Arithmetic, InvoiceArithmetic};

/// What WHMCS said of an invoice; amounts as stored, in the currency's main unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LegacyInvoice {
    pub(super) status: String,
    pub(super) number: String,
    pub(super) subtotal: String,
    pub(super) credit: String,
    pub(super) tax: String,
    pub(super) tax2: String,
    pub(super) total: String,
    /// Credit in minor units, also where it settled nothing.
    pub(super) credit_minor: i64,
    /// Every line collects another invoice.
    pub(super) mass_pay: bool,
    /// A line is a deposit.
    pub(super) add_funds: bool,
}

/// What WHMCS said of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LegacyLine {
    /// As stored.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// As stored, when it had to be rounded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) amount: Option<String>,
}

#[derive(Debug)]
pub(super) struct InvoiceOut {
    id: i64,
    currency: Currency,
    facts: Invoice,
    state: &'static str,
    number: Option<String>,
    issued_on: Option<Date>,
    due_on: Option<Date>,
    paid_on: Option<Date>,
    closed_on: Option<Date>,
    notes: String,
    legacy: String,
    add_funds: i64,
}

#[derive(Debug)]
pub(super) struct LineOut {
    invoice_id: i64,
    line_no: i64,
    kind: LineKind,
    subscription_id: Option<i64>,
    description: String,
    net: i64,
    period: Option<Period>,
    taxable: bool,
    rates: (i64, i64),
    tax1: i64,
    tax2: i64,
    legacy: Option<String>,
}

/// The part of a tax that falls on the taxed lines up to a sum; the differences of its steps add up to the tax.
fn share(tax: i64, part: Hundredths, whole: Hundredths) -> i64 {
    if whole == Hundredths::ZERO {
        return 0;
    }
    i64::try_from(half_even(i128::from(tax) * part.0, whole.0)).expect("a part of a tax is an amount")
}

impl Import {
    pub(super) fn take_invoice(&mut self, row: RowRef<'_>, it: InvoiceRow) {
        let Some(facts) = self.plan.invoice(it.id) else {
            return self.leave_out_invoice(row, "its client is not there");
        };
        let currency = self.plan.invoice_currency(&facts);
        self.explain_invoice(&it, &facts);
        self.correct_lines(&it, &facts);
        let legacy = LegacyInvoice {
            status: self.plan.names.name(facts.status_name).to_owned(),
            number: it.number.clone(),
            subtotal: it.subtotal.to_string(),
            credit: it.credit.to_string(),
            tax: it.tax1.to_string(),
            tax2: it.tax2.to_string(),
            total: it.total.to_string(),
            credit_minor: facts.credit,
            mass_pay: facts.is_mass_pay(),
            add_funds: facts.lines.add_funds != Hundredths::ZERO,
        };
        let state = state_of(&facts);
        let is_draft = state == "draft";
        let issued_on = it.issued_on.or(it.due_on).or(it.paid_at.map(|at| at.date()));
        if issued_on.is_none() && !is_draft {
            let done = "taken over with the day of the import as its date";
            self.notes.push(RowNote::new("tblinvoices", it.id, "date", "it has no date", done));
        }
        let is_void = state == "void";
        let closed_on = it.cancelled_at.map(|at| at.date()).or(issued_on);
        self.batch.invoices.push(InvoiceOut {
            id: it.id,
            currency,
            add_funds: minor(facts.lines.add_funds, currency),
            state,
            number: (!is_draft).then(|| if it.number.is_empty() { it.id.to_string() } else { it.number }),
            issued_on: if is_draft { issued_on } else { Some(issued_on.unwrap_or(self.as_of)) },
            due_on: it.due_on.or(issued_on),
            paid_on: (state == "paid").then(|| it.paid_at.map(|at| at.date()).or(issued_on)).flatten(),
            closed_on: if is_void { closed_on } else { None },
            notes: it.notes,
            legacy: serde_json::to_string(&legacy).expect("plain fields can be written as JSON"),
            facts,
        });
    }

    /// Rounded figures, and a stored total that is not the sum of its parts.
    fn explain_invoice(&mut self, it: &InvoiceRow, facts: &Invoice) {
        let currency = self.plan.invoice_currency(facts);
        self.explain_special(it, facts);
        let (key, status) = (currency.code(), self.plan.names.name(facts.status_name));
        let of = |minor: i64| hundredths(minor, currency);
        let total = of(facts.gross() - facts.credit_counted());
        let path = |field| ["invoices_by_currency_status", key, status, field];
        for (field, ours, theirs) in [
            ("subtotal", of(facts.subtotal), it.subtotal),
            ("tax", of(facts.tax1), it.tax1),
            ("tax2", of(facts.tax2), it.tax2),
            ("credit", of(facts.credit_counted()), it.credit),
            ("total", total, it.total),
            ("balance", total, it.total),
        ] {
            let what = format!("{field} {theirs} → {ours} (invoice {})", it.id);
            self.explainer.rounded(&path(field), ours - theirs, &what);
        }
        let receivable = ["receivable_by_currency_excluding_mass_pay", key];
        let is_counted = matches!(status, "Unpaid" | "Payment Pending" | "Collections");
        if facts.is_mass_pay() {
            if status == "Paid" {
                let what = format!("total {} → {total} (invoice {})", it.total, it.id);
                let path = ["invoice_special", "mass_pay_paid_total_by_currency", key];
                self.explainer.rounded(&path, total - it.total, &what);
            }
            return;
        }
        let Paid { received, refunded, .. } = facts.paid;
        let theirs = if is_counted { it.total - received + refunded } else { Hundredths::ZERO };
        let ours =
            if state_of(facts) == "open" { of(facts.gross() - facts.settled()) } else { Hundredths::ZERO };
        if facts.is_owed() && facts.gross() < 0 {
            let why =
                format!("invoice {} asks for {}: nothing is owed, it is void", it.id, of(facts.gross()));
            let done = "taken over as void; give the customer credit for it if it is meant";
            self.notes.push(RowNote::new("tblinvoices", it.id, "total", why.clone(), done));
            self.explainer.add(&receivable, ours - theirs, &why);
        } else if is_counted == facts.is_owed() {
            let what = format!("balance {theirs} → {ours} (invoice {})", it.id);
            self.explainer.rounded(&receivable, ours - theirs, &what);
        } else {
            let why = format!(
                "invoice {} has the status {status:?}, which is read as Unpaid and owed: {ours}",
                it.id
            );
            self.explainer.add(&receivable, ours - theirs, &why);
        }
    }

    /// Counts of unusual invoices that rounding changes.
    fn explain_special(&mut self, it: &InvoiceRow, facts: &Invoice) {
        let Paid { received, refunded, count: payments } = facts.paid;
        let (currency, status) = (self.plan.invoice_currency(facts), self.plan.names.name(facts.status_name));
        let of = |minor: i64| hundredths(minor, currency);
        let mut theirs = Special::default();
        theirs.note(status, it.total, (received, refunded, payments));
        let mut ours = Special::default();
        let total = of(facts.gross() - facts.credit_counted());
        ours.note(status, total, (of(facts.received), of(facts.refunded), payments));
        for ((field, ours), (_, theirs)) in ours.fields().into_iter().zip(theirs.fields()) {
            if ours != theirs {
                let why = format!("invoice {} counts otherwise once its amounts are rounded", it.id);
                let delta = count(i64::from(ours > theirs) - i64::from(ours < theirs));
                self.explainer.add(&["invoice_special", field], delta, &why);
            }
        }
    }

    /// A line for what the lines leave of the subtotal, so that the document adds up as issued.
    fn correct_lines(&mut self, it: &InvoiceRow, facts: &Invoice) {
        let lines = &facts.lines;
        let rest =
            facts.subtotal - minor(lines.sum, self.plan.invoice_currency(facts)) - self.plan.rounding(facts);
        let untaxed = lines.taxed == Hundredths::ZERO;
        let (tax1, tax2) = if untaxed { (facts.tax1, facts.tax2) } else { (0, 0) };
        if rest == 0 && tax1 == 0 && tax2 == 0 {
            return;
        }
        if rest != 0 {
            let what = format!("its lines add up to {} and its subtotal is {}", lines.sum, it.subtotal);
            let done = "taken over as issued, with a line for the difference";
            self.notes.push(RowNote::new("tblinvoices", it.id, "subtotal", what, done));
        }
        self.batch.lines.push(LineOut {
            invoice_id: it.id,
            line_no: lines.count + 1,
            kind: LineKind::Manual,
            subscription_id: None,
            description: "Difference between the lines and the subtotal as issued".to_owned(),
            net: rest,
            period: None,
            taxable: false,
            rates: (0, 0),
            tax1,
            tax2,
            legacy: None,
        });
    }

    pub(super) fn leave_out_invoice(&mut self, row: RowRef<'_>, why: &str) {
        let id = id_cell(row, "id");
        let key = self.plan.currency_key(id_cell(row, "userid"));
        let status = cell(row, "status");
        self.notes.push(RowNote::new("tblinvoices", id, "userid", why, "left out"));
        let why = format!("invoice {id} was left out: {why}");
        let named = self.plan.named_invoice(id);
        let Paid { received, refunded, count: payments } = named.paid;
        let total = amount_cell(row, "total");
        let balance = total - received + refunded;
        let path = |field| ["invoices_by_currency_status", key.as_str(), status.as_str(), field];
        self.explainer.add(&path("count"), count(-1), &why);
        for (field, amount) in [
            ("subtotal", amount_cell(row, "subtotal")),
            ("credit", amount_cell(row, "credit")),
            ("tax", amount_cell(row, "tax")),
            ("tax2", amount_cell(row, "tax2")),
            ("total", total),
            ("received", received),
            ("refunded", refunded),
            ("balance", balance),
        ] {
            self.explainer.add(&path(field), Hundredths(-amount.0), &why);
        }
        let lost = Hundredths(-balance.0);
        if matches!(status.as_str(), "Unpaid" | "Payment Pending" | "Collections") {
            self.explainer.add(&["receivable_by_currency_excluding_mass_pay", &key], lost, &why);
        }
        let mut special = Special::default();
        special.note(&status, total, (received, refunded, payments));
        for (field, n) in special.fields() {
            self.explainer.add(&["invoice_special", field], count(if n > 0 { -1 } else { 0 }), &why);
        }
        let numbered = !cell(row, "invoicenum").is_empty();
        self.explainer.add(&["invoice_special", "numbered"], count(if numbered { -1 } else { 0 }), &why);
        let mut arithmetic = InvoiceArithmetic::default();
        arithmetic.note(&Arithmetic {
            subtotal: amount_cell(row, "subtotal"),
            tax1: amount_cell(row, "tax"),
            tax2: amount_cell(row, "tax2"),
            credit: amount_cell(row, "credit"),
            total,
            lines: named.lines.sum,
            taxed: named.lines.taxed,
            rate_ppm: stated_ppm(&cell(row, "taxrate")).into(),
        });
        for (field, n) in arithmetic.fields() {
            self.explainer.add(&["invoice_arithmetic", field], count(if n > 0 { -1 } else { 0 }), &why);
        }
        self.counts.entry("invoices").or_default().left_out += 1;
    }

    /// Invoices that contradict themselves in WHMCS and not here, or the other way round, because amounts were rounded.
    pub(super) fn explain_arithmetic(&mut self) {
        let explainer = &mut self.explainer;
        let plan = &self.plan;
        plan.each_invoice(|id, facts| {
            let of = |minor: i64| hundredths(minor, plan.invoice_currency(facts));
            let stored = facts.stored;
            let (mut theirs, mut ours) = (InvoiceArithmetic::default(), InvoiceArithmetic::default());
            theirs.note(&Arithmetic {
                subtotal: stored.subtotal,
                tax1: stored.tax1,
                tax2: stored.tax2,
                credit: stored.credit,
                total: stored.total,
                lines: facts.lines.sum,
                taxed: facts.lines.taxed,
                rate_ppm: stored.tax1_ppm.into(),
            });
            let total = of(facts.gross());
            ours.note(&Arithmetic {
                subtotal: of(facts.subtotal),
                tax1: of(facts.tax1),
                tax2: of(facts.tax2),
                credit: Hundredths::ZERO,
                total,
                lines: of(facts.cursor.net),
                taxed: of(facts.cursor.taxed_net),
                rate_ppm: facts.tax1_ppm.into(),
            });
            for ((field, ours), (_, theirs)) in ours.fields().into_iter().zip(theirs.fields()) {
                let why = match field {
                    "total_not_subtotal_plus_tax_minus_credit" => {
                        format!("invoice {id} is taken over with the total of its parts, {total}")
                    }
                    _ => format!("invoice {id} counts otherwise once its amounts are rounded"),
                };
                let delta = count(i64::from(ours > theirs) - i64::from(ours < theirs));
                explainer.add(&["invoice_arithmetic", field], delta, &why);
            }
        });
    }

    pub(super) fn take_line(&mut self, it: InvoiceItemRow) {
        let own_key = it.client_id.map_or_else(|| self.plan.currency_key(0), |id| self.plan.currency_key(id));
        let kind_name = if it.kind.is_empty() { "(none)" } else { it.kind.as_str() };
        let path = ["invoice_items_by_currency_type", own_key.as_str(), kind_name];
        let found = it.invoice_id.and_then(|id| Some((id, self.plan.invoice(id)?)));
        let Some((invoice_id, invoice)) = found else {
            let what = match it.invoice_id {
                None => "it waits for the next invoice".to_owned(),
                Some(id) => format!("invoice {id} is not there"),
            };
            let why = format!("line {} was left out: {what}", it.id);
            self.explainer.add(&[path[0], path[1], path[2], "count"], count(-1), &why);
            self.explainer.add(&[path[0], path[1], path[2], "amount"], Hundredths(-it.amount.0), &why);
            let what = format!("{what}; {} {own_key}: {}", it.amount, it.description);
            self.notes.push(RowNote::new("tblinvoiceitems", it.id, "invoiceid", what, "left out"));
            self.counts.entry("lines").or_default().left_out += 1;
            return;
        };
        let (currency, cursor) = (self.plan.invoice_currency(&invoice), invoice.cursor);
        let mut after = cursor;
        after.line_no += 1;
        after.sum += it.amount;
        if it.is_taxed {
            after.taxed += it.amount;
        }
        let taxed = invoice.lines.taxed;
        let step = |tax: i64| share(tax, after.taxed, taxed) - share(tax, cursor.taxed, taxed);
        let (tax1, tax2) = (step(invoice.tax1), step(invoice.tax2));
        let rounding = if after.line_no == invoice.lines.count { self.plan.rounding(&invoice) } else { 0 };
        let net = minor(after.sum, currency) - minor(cursor.sum, currency) + rounding;
        after.net += net;
        after.taxed_net += if it.is_taxed { net } else { 0 };
        self.plan.set_cursor(invoice_id, after);
        let delta = hundredths(net, currency) - it.amount;
        let key = currency.code();
        let rates = if it.is_taxed { (invoice.tax1_ppm, invoice.tax2_ppm) } else { (0, 0) };
        let what = format!("{} → {} (line {})", it.amount, hundredths(net, currency), it.id);
        if key == own_key {
            self.explainer.rounded(&[path[0], key, path[2], "amount"], delta, &what);
        } else {
            let why = format!("line {} names another client than its invoice, whose currency counts", it.id);
            for (key, n, amount) in
                [(own_key.as_str(), -1, Hundredths(-it.amount.0)), (key, 1, hundredths(net, currency))]
            {
                self.explainer.add(&[path[0], key, path[2], "count"], count(n), &why);
                self.explainer.add(&[path[0], key, path[2], "amount"], amount, &why);
            }
        }
        let legacy = LegacyLine {
            kind: it.kind.clone(),
            amount: (delta != Hundredths::ZERO).then(|| it.amount.to_string()),
        };
        let kind = line_kind(&it.kind, it.amount);
        let service = matches!(it.kind.as_str(), "Hosting" | "Setup" | "PromoHosting")
            .then(|| self.plan.services.get(it.of_id))
            .flatten();
        let period =
            service.zip(it.period_due_on).filter(|_| it.kind == "Hosting").and_then(|(s, on)| {
                match s.cycle {
                    LegacyCycle::Paid(cycle) if cycle.is_recurring() => {
                        Anchor::anniversary(on).period(cycle, 0).ok()
                    }
                    LegacyCycle::Paid(_) | LegacyCycle::Free => None,
                }
            });
        self.batch.lines.push(LineOut {
            invoice_id,
            line_no: after.line_no,
            kind,
            subscription_id: service.is_some().then_some(it.of_id),
            description: it.description,
            net,
            period,
            taxable: it.is_taxed,
            rates,
            tax1,
            tax2,
            legacy: Some(serde_json::to_string(&legacy).expect("plain fields can be written as JSON")),
        });
    }

    pub(super) fn leave_out_line(&mut self, row: RowRef<'_>, why: &str) {
        let (id, amount, kind) = (id_cell(row, "id"), amount_cell(row, "amount"), cell(row, "type"));
        let key = self.plan.currency_key(id_cell(row, "userid"));
        let kind = if kind.is_empty() { "(none)" } else { kind.as_str() };
        let why = format!("line {id} was left out: {why}");
        let path = |field| ["invoice_items_by_currency_type", key.as_str(), kind, field];
        self.explainer.add(&path("count"), count(-1), &why);
        self.explainer.add(&path("amount"), Hundredths(-amount.0), &why);
        self.counts.entry("lines").or_default().left_out += 1;
    }
}

/// Which state an invoice takes in Bursar.
fn state_of(facts: &Invoice) -> &'static str {
    match facts.status {
        _ if facts.is_mass_pay() => "void",
        _ if facts.gross() < 0 && facts.status != InvoiceStatus::Draft => "void",
        InvoiceStatus::Draft => "draft",
        InvoiceStatus::Cancelled => "void",
        InvoiceStatus::Paid | InvoiceStatus::Refunded => "paid",
        InvoiceStatus::Unpaid | InvoiceStatus::PaymentPending | InvoiceStatus::Collections => {
            if facts.settled() == facts.gross() { "paid" } else { "open" }
        }
    }
}

fn line_kind(kind: &str, amount: Hundredths) -> LineKind {
    match kind {
        "Hosting" | "Addon" => LineKind::Recurring,
        "Setup" => LineKind::Setup,
        "PromoHosting" | "PromoDomain" | "GroupDiscount" => LineKind::Discount,
        "DomainRegister"
        | "DomainTransfer"
        | "Domain"
        | "DomainAddonDNS"
        | "DomainAddonEMF"
        | "DomainAddonIDP"
        | "DomainGraceFee"
        | "DomainRedemptionFee" => LineKind::Domain,
        "Upgrade" => LineKind::Proration,
        "Item" => LineKind::OneTime,
        "Invoice" => LineKind::Collects,
        "AddFunds" => LineKind::AddFunds,
        "LateFee" => LineKind::LateFee,
        _ if amount < Hundredths::ZERO => LineKind::Discount,
        _ => LineKind::Manual,
    }
}

pub(super) async fn write_lines(tx: &mut Tx, rows: &[LineOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut writer = tx.bulk(&store::INSERT_LINES)?;
    for line in rows.iter() {
        writer.row(params![
            line.invoice_id,
            line.line_no,
            line.kind.code(),
            line.subscription_id,
            &line.description,
            1_i64,
            line.net,
            line.period.map(|p| p.start),
            line.period.map(|p| p.end),
            line.net,
            0_i64,
            line.net,
            line.taxable,
            line.rates.0,
            line.tax1,
            line.rates.1,
            line.tax2,
            &line.legacy
        ])?;
    }
    writer.finish().await
}

pub(super) async fn write_invoices(tx: &mut Tx, rows: &[InvoiceOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let have = store::present(tx, &store::HAVE_INVOICES, rows.iter().map(|r| r.id)).await?;
    let fresh: Vec<&InvoiceOut> = rows.iter().filter(|r| !have.contains(&r.id)).collect();
    let seller = sellers::current(tx).await?;
    let mut ids: Vec<i64> = fresh.iter().map(|r| r.facts.client).collect();
    ids.dedup();
    let profiles = bursar_customers::billing_profiles(tx, &ids).await?;
    let buyers: BTreeMap<i64, i64> = profiles.into_iter().map(|(id, p)| (id, p.snapshot_id)).collect();
    let mut journal = Journal::default();
    let mut entries = Vec::with_capacity(fresh.len());
    for row in &fresh {
        entries.push(book(tx, &mut journal, row)?);
    }
    journal.write(tx).await?;
    insert_allocations(tx, &fresh, &entries).await?;
    insert_invoices(tx, &fresh, &entries, seller, &buyers).await?;
    let counted: Vec<Brought> = fresh.iter().map(|row| counted(row)).collect();
    count_brought(tx, &counted).await?;
    Ok(fresh.len() as u64)
}

/// The document as the sums of billing count it.
fn counted(row: &InvoiceOut) -> Brought {
    let is_open = row.state == "open";
    Brought {
        id: row.id,
        issued_on: row.issued_on.filter(|_| !matches!(row.state, "draft" | "void")),
        net: Money::new(row.facts.subtotal - row.add_funds, row.currency),
        due_on: row.due_on,
        open_minor: if is_open { row.facts.gross() - row.facts.settled() } else { 0 },
        is_open,
    }
}

/// The document in the books: owed, earned and taxed, and what credit or nothing at all settled of it.
fn book(tx: &mut Tx, journal: &mut Journal, row: &InvoiceOut) -> Result<Option<i64>, Fault> {
    let facts = &row.facts;
    if !facts.is_booked() {
        return Ok(None);
    }
    let tax = |level: i64| Account::TaxPayable(format!("imported level {level}"));
    let on = row.issued_on.unwrap_or_else(|| tx.today());
    let covered = facts.credit_settled() + facts.written_off();
    let lines = [
        (Account::Receivable, facts.gross()),
        (Account::Revenue, row.add_funds - facts.subtotal),
        // A deposit is no turnover; its credit is among the credit moves.
        (Account::OpeningBalance, -row.add_funds),
        (tax(1), -facts.tax1),
        (tax(2), -facts.tax2),
        (Account::OpeningBalance, covered),
        (Account::Receivable, -covered),
    ];
    journal.add(tx, (row.currency, on, "imported_invoices"), &lines)
}

async fn insert_allocations(tx: &mut Tx, rows: &[&InvoiceOut], entries: &[Option<i64>]) -> Result<(), Fault> {
    let mut out = Vec::new();
    for (row, entry) in rows.iter().zip(entries) {
        let on = row.paid_on.or(row.issued_on).unwrap_or_else(|| tx.today());
        let at = Instant::from_date_start(on, tx.zone());
        for (kind, minor) in [("credit", row.facts.credit_settled()), ("write_off", row.facts.written_off())]
        {
            if minor > 0 {
                out.push((tx.new_raw_id()?, row.id, kind, minor, *entry, at));
            }
        }
    }
    let mut writer = tx.bulk(&store::INSERT_ALLOCATIONS)?;
    for (id, invoice, kind, minor, entry, at) in out {
        writer.row(params![id, invoice, kind, invoice, minor, entry, at])?;
    }
    writer.finish().await.map(drop)
}

async fn insert_invoices(
    tx: &mut Tx,
    rows: &[&InvoiceOut],
    entries: &[Option<i64>],
    seller: Option<i64>,
    buyers: &BTreeMap<i64, i64>,
) -> Result<(), Fault> {
    let (now, zone) = (tx.now(), tx.zone().clone());
    let start = |on: Option<Date>| on.map(|on| Instant::from_date_start(on, &zone));
    let mut writer = tx.bulk(&store::INSERT_INVOICES)?;
    for (row, entry) in rows.iter().zip(entries) {
        let facts = &row.facts;
        let currency: Currency = row.currency;
        let closed_why = row.closed_on.map(|_| match facts.status {
            _ if facts.is_mass_pay() => "Collected other invoices in WHMCS",
            InvoiceStatus::Cancelled => "Cancelled in WHMCS",
            _ => "Asked for less than nothing in WHMCS",
        });
        writer.row(params![
            row.id,
            "invoice",
            row.state,
            facts.client,
            currency,
            "imported",
            &row.number,
            row.issued_on,
            row.due_on,
            seller,
            buyers.get(&facts.client).copied(),
            0_i64,
            facts.subtotal,
            facts.tax1,
            facts.tax2,
            facts.gross(),
            facts.settled(),
            *entry,
            "import",
            &row.notes,
            start(row.issued_on.filter(|_| row.state != "draft")),
            start(row.paid_on),
            start(row.closed_on),
            closed_why,
            &row.legacy,
            now,
            1_i64
        ])?;
    }
    writer.finish().await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_spread_over_lines_adds_up_to_the_tax() {
        // 1.00 of tax on three lines of 3.33, 3.33 and 3.34.
        let steps = [333, 666, 1000].map(|part| share(100, Hundredths(part), Hundredths(1000)));
        assert_eq!(steps, [33, 67, 100]);
        assert_eq!(share(100, Hundredths(5), Hundredths::ZERO), 0);
        assert_eq!(share(-7, Hundredths(-10), Hundredths(-10)), -7);
    }
}
