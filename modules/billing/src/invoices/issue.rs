//! Issuing: number, date, both parties, hash, chain, journal entry, news and settlement job, in one transaction.
//!
//! The billing run, drafts, changes, late fees and credit notes all come through [`issue_all`]. The series is locked
//! last: on PostgreSQL its row is the only thing two issuers wait for.

use std::collections::BTreeMap;

use bursar_customers::BillingProfile;
use bursar_db::Tx;
use bursar_fault::{Fault, FaultClass};
use bursar_ids::Id;
use bursar_ledger::{Account, BulkPoster, account_id};
use bursar_money::{Currency, Money};
use bursar_time::{Date, plus_days};

use super::hash::{self, FrozenHead, Hash};
use super::line::{DiscountTaken, Line, LineKind, LineSpec, Totals, price, totals};
use super::number::NumberFormat;
use super::store::{
    Issue, NewDocument, insert_documents, insert_lines, last_issued_on, lock_series, save_series,
};
use super::{DocumentKind, InvoiceState};
use crate::error::BillError;
use crate::events::{CreditNoteIssued, InvoiceIssued, InvoicePaid};
use crate::figures::{days, owed};
use crate::jobs::SettleInvoice;
use crate::settings::BillingSettings;
use crate::taxes::Rates;

/// Why documents were not issued.
#[derive(Debug)]
pub enum IssueError {
    /// A rival was faster: read again, plan again, try again.
    Rival,
    /// Anything else.
    Fault(Fault),
}

impl From<Fault> for IssueError {
    fn from(fault: Fault) -> Self {
        match fault.class() {
            // A guard (billed periods, the series' numbers): somebody did it meanwhile.
            FaultClass::UniqueViolation => Self::Rival,
            _ => Self::Fault(fault),
        }
    }
}

impl From<IssueError> for BillError {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Rival => Self::Changed,
            IssueError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// A document that only lacks its number and date. Its lines are written already.
#[derive(Debug, Clone)]
pub struct Ready<'a> {
    /// Its id.
    pub id: i64,
    /// The id its journal entry will have.
    pub entry_id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// The buyer's snapshot.
    pub buyer_id: i64,
    /// When it is due.
    pub due_on: Option<Date>,
    /// Why there is no tax.
    pub tax_note: Option<&'a str>,
    /// Printed notes.
    pub notes: Option<&'a str>,
    /// Its lines.
    pub lines: &'a [Line],
    /// Their sums.
    pub totals: Totals,
    /// The hash of all that.
    pub content: Hash,
    /// `run`, `manual`, `change`, `late_fee`.
    pub source: &'a str,
    /// What a credit note corrects; `None` for an invoice.
    pub corrects: Option<Corrects>,
}

/// What a credit note does to its invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrects {
    /// The invoice.
    pub invoice_id: i64,
    /// When that was issued: decides which of its lines were deferred.
    pub issued_on: Date,
    /// How much of the credit note settles what is still owed; the rest becomes the customer's credit.
    pub settles_minor: i64,
}

/// A document that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its id.
    pub id: i64,
    /// As printed.
    pub number: String,
    /// Its date.
    pub issued_on: Date,
    /// Its journal entry; none when all is zero.
    pub entry_id: Option<i64>,
    /// What it asks for or gives back, minor units.
    pub total_minor: i64,
}

/// Whether a line is earned over its period instead of at once: its period reaches beyond the date of issue. Deposits
/// are never turnover.
pub fn is_deferred(line: &LineSpec, issued_on: Date) -> bool {
    line.kind != LineKind::AddFunds && line.period.is_some_and(|period| period.end > issued_on)
}

/// The account a line's net amount is posted to. A deposit waits beside deferred revenue until it is paid; then it
/// becomes credit.
fn income_account(line: &LineSpec, issued_on: Date) -> Account {
    if line.kind == LineKind::AddFunds || is_deferred(line, issued_on) {
        Account::DeferredRevenue
    } else {
        Account::Revenue
    }
}

/// The two sides of a document's entry; debits positive, none zero.
fn sides(document: &Ready<'_>, issued_on: Date) -> Vec<(Account, i64)> {
    let (sign, decided_on) = match document.corrects {
        None => (1, issued_on),
        Some(corrects) => (-1, corrects.issued_on),
    };
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    for line in document.lines {
        *sums.entry(income_account(&line.spec, decided_on)).or_default() -= sign * line.net_minor;
        for tax in [line.tax1, line.tax2] {
            if let Some(rule) = tax.rule_id {
                *sums.entry(Account::TaxPayable(rule.to_string())).or_default() -= sign * tax.minor;
            }
        }
    }
    let settles = document.corrects.map_or(document.totals.total_minor, |c| c.settles_minor);
    *sums.entry(Account::Receivable).or_default() += sign * settles;
    *sums.entry(Account::CustomerCredit).or_default() += sign * (document.totals.total_minor - settles);
    sums.into_iter().filter(|(_, minor)| *minor != 0).collect()
}

/// Issues documents of one kind, in this order. `as_of` is the date wished for; a series never goes back in time, so
/// the date is the last one of the series when that is later.
///
/// # Errors
/// [`IssueError::Rival`] when another issuer moved the series' date on meanwhile (only in batch mode).
pub async fn issue_all(
    tx: &mut Tx,
    settings: &BillingSettings,
    seller_id: i64,
    as_of: Date,
    kind: DocumentKind,
    documents: &[Ready<'_>],
) -> Result<Vec<Issued>, IssueError> {
    debug_assert!(documents.iter().all(|d| d.corrects.is_some() == (kind == DocumentKind::CreditNote)));
    let series = settings.series(kind.code(), as_of);
    let issued_on = last_issued_on(tx, &series).await?.map_or(as_of, |last| last.max(as_of));
    let entries = post(tx, kind, documents, issued_on).await?;
    announce(tx, kind, documents, issued_on).await?;
    number(tx, settings, seller_id, &series, kind, issued_on, documents, entries).await
}

/// One entry per document, unless all its figures are zero.
async fn post(
    tx: &mut Tx,
    kind: DocumentKind,
    documents: &[Ready<'_>],
    on: Date,
) -> Result<Vec<Option<i64>>, Fault> {
    let (entry_kind, source) = match kind {
        DocumentKind::Invoice => ("invoice_issued", "invoice"),
        DocumentKind::CreditNote => ("credit_note_issued", "credit_note"),
    };
    let mut accounts = Accounts::default();
    let mut poster = BulkPoster::new();
    let mut postings: Vec<(i64, i64)> = Vec::with_capacity(6);
    let mut entries = Vec::with_capacity(documents.len());
    for document in documents {
        postings.clear();
        for (account, minor) in sides(document, on) {
            postings.push((accounts.id(tx, account, document.currency).await?, minor));
        }
        entries.push((!postings.is_empty()).then_some(document.entry_id));
        if !postings.is_empty() {
            poster.entry(Id::new(document.entry_id), on, entry_kind, (source, document.id), &postings)?;
        }
    }
    poster.write(tx).await?;
    Ok(entries)
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

async fn announce(
    tx: &mut Tx,
    kind: DocumentKind,
    documents: &[Ready<'_>],
    issued_on: Date,
) -> Result<(), Fault> {
    if kind == DocumentKind::CreditNote {
        let events: Vec<CreditNoteIssued> = documents
            .iter()
            .filter_map(|d| {
                Some(CreditNoteIssued {
                    credit_note_id: d.id,
                    invoice_id: d.corrects?.invoice_id,
                    customer_id: d.customer_id,
                    currency: d.currency,
                    total_minor: d.totals.total_minor,
                })
            })
            .collect();
        return bursar_events::emit_all(tx, &events).await;
    }
    let events: Vec<InvoiceIssued> = documents
        .iter()
        .map(|d| InvoiceIssued {
            invoice_id: d.id,
            customer_id: d.customer_id,
            currency: d.currency,
            total_minor: d.totals.total_minor,
            issued_on,
            due_on: d.due_on,
        })
        .collect();
    bursar_events::emit_all(tx, &events).await?;
    let free = documents.iter().filter(|d| d.totals.total_minor == 0);
    let paid: Vec<InvoicePaid> =
        free.map(|d| InvoicePaid { invoice_id: d.id, customer_id: d.customer_id }).collect();
    bursar_events::emit_all(tx, &paid).await?;
    let owed = documents.iter().filter(|d| d.totals.total_minor > 0);
    let jobs: Vec<SettleInvoice> = owed.map(|d| SettleInvoice { invoice_id: d.id }).collect();
    bursar_jobs::enqueue_all(tx, &jobs).await
}

/// Number and date together, last. What asks for nothing settles itself, and a credit note is placed at once.
#[expect(clippy::too_many_arguments, reason = "the parts of one act, used once")]
async fn number(
    tx: &mut Tx,
    settings: &BillingSettings,
    seller_id: i64,
    name: &str,
    kind: DocumentKind,
    issued_on: Date,
    ready: &[Ready<'_>],
    entries: Vec<Option<i64>>,
) -> Result<Vec<Issued>, IssueError> {
    let format = match kind {
        DocumentKind::Invoice => &settings.invoice_format,
        DocumentKind::CreditNote => &settings.credit_note_format,
    };
    let mut series = lock_series(tx, name, kind, format).await?;
    if series.last_issued_on.is_some_and(|last| last > issued_on) {
        return Err(IssueError::Rival);
    }
    let format = NumberFormat::parse(&series.format)
        .map_err(|e| Fault::new(format!("the number format of series {name} cannot be used: {e}")))?;
    let (mut documents, mut issued) = (Vec::with_capacity(ready.len()), Vec::with_capacity(ready.len()));
    for (document, entry_id) in ready.iter().zip(entries) {
        let number = format.render(series.next_sequence, issued_on);
        let link = hash::link(&series.last_hash, &number, issued_on, &document.content);
        let is_settled = kind == DocumentKind::CreditNote || document.totals.total_minor == 0;
        issued.push(Issued {
            id: document.id,
            number: number.clone(),
            issued_on,
            entry_id,
            total_minor: document.totals.total_minor,
        });
        let sequence = series.next_sequence;
        documents.push(NewDocument {
            id: document.id,
            kind,
            state: if is_settled { InvoiceState::Paid } else { InvoiceState::Open },
            customer_id: document.customer_id,
            currency: document.currency,
            series: name,
            issue: Some(Issue { sequence, number, issued_on, content: document.content, hash: link }),
            due_on: document.due_on,
            seller_id: Some(seller_id),
            buyer_id: Some(document.buyer_id),
            totals: document.totals,
            corrects_id: document.corrects.map(|c| c.invoice_id),
            entry_id,
            source: document.source,
            tax_note: document.tax_note,
            notes: document.notes,
            version: 1,
        });
        series.next_sequence += 1;
        series.last_hash = link;
    }
    insert_documents(tx, &documents).await?;
    count(tx, kind, issued_on, ready).await?;
    series.last_issued_on = Some(issued_on);
    save_series(tx, &series).await?;
    Ok(issued)
}

/// Adds documents to the sums of their day and of what is owed.
async fn count(tx: &mut Tx, kind: DocumentKind, issued_on: Date, ready: &[Ready<'_>]) -> Result<(), Fault> {
    let (mut by_day, mut owed) = (days::Sums::default(), owed::Sums::default());
    for document in ready {
        let turnover = days::turnover(document.lines);
        let net = match kind {
            DocumentKind::Invoice => turnover,
            DocumentKind::CreditNote => -turnover,
        };
        by_day.add(issued_on, Money::new(net, document.currency))?;
        let total = document.totals.total_minor;
        if kind == DocumentKind::Invoice && total != 0 {
            owed.add(document.id, document.currency, document.due_on, 1, total)?;
        }
    }
    by_day.write(tx).await?;
    owed.write(tx).await
}

/// What an issuer needs to know: read once per piece of work.
#[derive(Debug)]
pub struct Office {
    /// Settings of billing.
    pub settings: BillingSettings,
    /// Tax rules and settings.
    pub taxes: crate::taxes::TaxTable,
    /// The seller's current snapshot.
    pub seller_id: i64,
}

impl Office {
    /// As it is now.
    ///
    /// # Errors
    /// [`BillError::NoSeller`].
    pub async fn load(tx: &mut Tx) -> Result<Self, BillError> {
        let settings = BillingSettings::load(tx).await?;
        let taxes = crate::taxes::store::load(tx).await?;
        let seller_id = crate::sellers::current(tx).await?.ok_or(BillError::NoSeller)?;
        Ok(Self { settings, taxes, seller_id })
    }

    /// The rates of a customer.
    pub fn rates(&self, profile: &BillingProfile) -> Rates {
        self.taxes.rates(&crate::run::plan::tax_place(profile))
    }
}

/// One customer's profile.
pub(crate) async fn profile(tx: &mut Tx, customer_id: i64) -> Result<BillingProfile, BillError> {
    let mut profiles = bursar_customers::billing_profiles(tx, &[customer_id]).await?;
    profiles.remove(&customer_id).ok_or(BillError::NotFound("customer"))
}

/// An invoice to be issued now, outside of the run.
#[derive(Debug, Clone)]
pub struct NewInvoice {
    /// Its id when it has one already (a draft).
    pub id: Option<i64>,
    /// Who pays; the currency is theirs.
    pub customer_id: i64,
    /// What is charged, each with what discounts take off.
    pub lines: Vec<(LineSpec, Vec<DiscountTaken>)>,
    /// When it is due; the settings decide when nobody else does. Never before the date of issue.
    pub due_on: Option<Date>,
    /// Printed notes.
    pub notes: Option<String>,
    /// `manual`, `change`, `late_fee`.
    pub source: &'static str,
}

/// Prices lines and adds them up; refuses what cannot be an invoice.
///
/// # Errors
/// [`BillError::Refused`] when there is nothing on it or it would be negative.
pub fn priced(
    lines: Vec<(LineSpec, Vec<DiscountTaken>)>,
    currency: Currency,
    rates: &Rates,
) -> Result<(Vec<Line>, Totals), BillError> {
    let lines: Vec<Line> = lines
        .into_iter()
        .map(|(spec, discounts)| price(spec, currency, discounts, rates))
        .collect::<Result<_, _>>()?;
    let totals = totals(&lines, currency)?;
    if lines.is_empty() {
        return Err(BillError::refused("There is nothing on this invoice: add a line."));
    }
    if totals.total_minor < 0 {
        return Err(BillError::refused(
            "This invoice would be negative. To give something back, make a credit note for the invoice it was charged on.",
        ));
    }
    Ok((lines, totals))
}

/// Issues one invoice in the caller's transaction, with the customer's tax as it is now.
pub async fn issue_invoice(tx: &mut Tx, office: &Office, new: NewInvoice) -> Result<Issued, BillError> {
    let profile = profile(tx, new.customer_id).await?;
    let currency = profile.currency;
    let rates = office.rates(&profile);
    let (lines, totals) = priced(new.lines, currency, &rates)?;
    let today = tx.today();
    let usual = plus_days(today, office.settings.due_days).map_err(|e| Fault::wrap("a due date", e))?;
    let due_on = Some(new.due_on.unwrap_or(usual).max(today));
    let tax_note = rates.note.map(crate::taxes::TaxNote::code);
    let head = FrozenHead {
        kind: DocumentKind::Invoice.code(),
        customer_id: new.customer_id,
        currency: currency.code(),
        seller_id: office.seller_id,
        buyer_id: profile.snapshot_id,
        due_on,
        corrects_id: None,
        totals,
        tax_note,
        notes: new.notes.as_deref(),
    };
    let content = hash::content(&head, &lines);
    let id = match new.id {
        Some(id) => id,
        None => tx.new_raw_id()?,
    };
    let entry_id = tx.new_raw_id()?;
    insert_lines(tx, [(id, lines.as_slice())]).await?;
    let ready = Ready {
        id,
        entry_id,
        customer_id: new.customer_id,
        currency,
        buyer_id: profile.snapshot_id,
        due_on,
        tax_note,
        notes: new.notes.as_deref(),
        lines: &lines,
        totals,
        content,
        source: new.source,
        corrects: None,
    };
    one(issue_all(tx, &office.settings, office.seller_id, today, DocumentKind::Invoice, &[ready]).await?)
}

pub(crate) fn one(issued: Vec<Issued>) -> Result<Issued, BillError> {
    issued.into_iter().next().ok_or_else(|| Fault::new("issuing one document gave none").into())
}
