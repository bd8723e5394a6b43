//! The import itself: passes over the dump, first to know, then to write. Only the first reads all of it; the others go to
//! the tables they need.
//!
//! Nothing is written before the whole file has been read once without damage. Every batch is one transaction that skips what
//! is there, so an import that was killed is finished by starting it again, and a finished one changes nothing.

mod batch;
mod catalog;
mod counting;
mod documents;
mod explain;
mod figures;
mod journal;
mod methods;
mod money;
mod notes;
mod options;
mod people;
mod plan;
mod report;
mod secrets;
mod services;
mod store;
mod users;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;

use bursar_context::{Cx, settings};
use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;
use bursar_payments::Gateways;
use bursar_sqldump::{Contents, DumpError, Event, Reader, RowRef};
use bursar_time::Date;
use bursar_vault::Secret;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use batch::ROWS as BATCH;
pub use explain::{Difference, Explanation};
pub use notes::RowNote;
pub use secrets::encryption_hash;

use crate::spill::{Pages, Queue, Scratch, ScratchError};
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{LegacyRow, PayMethodRow, read_any, read_row};
use crate::whmcs::totals::TotalsError;
use batch::Batch;
use counting::Counting;
use explain::{Explainer, count};
use plan::Plan;

/// Rows read between two reports, so that reporting costs nothing.
const REPORT_ROWS: u64 = 4096;
/// Passes over the file or parts of it.
const PASSES: u64 = 5;
/// Where the import remembers that it has begun.
const STATE_KEY: &str = "import.whmcs";

pub(crate) fn statements() -> Vec<&'static Statement> {
    store::STATEMENTS.to_vec()
}

/// Called with the bytes read so far, over all passes, and how many there will be.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// What to import and how.
#[derive(Clone)]
pub struct ImportOptions {
    /// The dump, plain or gzip.
    pub file: PathBuf,
    /// Read and check everything, write nothing.
    pub dry_run: bool,
    /// A folder for temporary files, on a disk and not in memory: about as much as the dump may lie there meanwhile.
    pub scratch: PathBuf,
    /// Rows of a kind written in one transaction; [`BATCH`] is a good number.
    pub batch: usize,
    /// They seal the tokens of stored payment methods.
    pub gateways: Gateways,
    /// The `$cc_encryption_hash` of the old installation, which opens those tokens; see [`encryption_hash`].
    pub encryption_hash: Option<Secret<String>>,
    /// Told how far it is.
    pub progress: Option<Progress>,
}

/// How many rows of a kind were found, written, and left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Fit to be taken over.
    pub found: u64,
    /// Written by this run; the others were there.
    pub written: u64,
    /// Left out, each with a problem that says why.
    pub left_out: u64,
}

/// What an import did; its JSON form is a documented contract.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// Totals from Bursar's own tables, under the keys of the dump's totals; none in a dry run.
    pub totals: Option<Value>,
    /// Totals that differ from the dump's, with the reason.
    pub explained: Vec<Explanation>,
    /// Totals that differ and nobody knows why.
    pub differences: Vec<Difference>,
    /// Rows that were not taken over as they are.
    pub problems: Vec<RowNote>,
    /// Rows by kind.
    pub counts: BTreeMap<&'static str, Count>,
    /// Rows of the money core in the dump.
    pub rows: u64,
    /// Texts that were encoded twice or in another character set, and were corrected.
    pub repaired_texts: u64,
    /// Nothing was written.
    pub dry_run: bool,
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("{path} cannot be opened: {source}")]
    Open {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The dump cannot be read, or is of something else. Nothing was written.
    #[error("the dump cannot be imported, nothing was written: {0}")]
    Dump(#[from] TotalsError),
    /// The file changed while it was read, or the disk fails. Run the import again.
    #[error("the dump could be read once and then no more; run the import again: {0}")]
    Reread(#[from] DumpError),
    /// There is no table of clients and none of currencies.
    #[error("the dump has no WHMCS clients or currencies; expected a dump of a whole WHMCS 8 database")]
    NotWhmcs,
    /// The database already holds a business.
    #[error("the database already has customers that no import brought; import into an empty one")]
    NotEmpty,
    /// What did not fit into memory could not be put aside or read back.
    #[error("{0}; free some space and run the import again")]
    Scratch(#[from] ScratchError),
    /// The database refused.
    #[error("{}", .0.chain())]
    Fault(Fault),
}

impl From<Fault> for ImportError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Remembered in the database.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct State {
    /// The small tables are written.
    has_setup: bool,
    /// Coupons that could not be taken over.
    left_out_coupons: Vec<i64>,
    /// What was said of the small tables then.
    notes: Vec<(String, i64, String, String, String)>,
}

/// Brings in a WHMCS database dump.
///
/// # Errors
/// [`ImportError`]; what was written before a fault of the database stays, and the next run completes it.
pub async fn import(cx: &Cx, options: ImportOptions) -> Result<ImportReport, ImportError> {
    let mut import = Import::open(cx, &options).await?;
    let counting = Counting::begin(&options.file, import.as_of, &import.scratch)?;
    let learnt = import.survey().and_then(|()| import.learn());
    // A dump of something else is told as such, not by what could not be learnt of it.
    let totals = counting.end()?;
    learnt?;
    import.scratch.check()?;
    if totals.clients_by_status.is_empty() && import.plan.small.currencies.is_empty() {
        return Err(ImportError::NotWhmcs);
    }
    cx.db().begin_bulk(cx.now()).await?;
    let written = import.write_all().await;
    cx.db().end_bulk(cx.now()).await?;
    written?;
    import.finish(&totals).await
}

/// A batch on its way into the database.
type Writing = LocalBoxFuture<'static, Result<batch::Written, Fault>>;

/// An import under way.
struct Import {
    cx: Cx,
    options: ImportOptions,
    file_size: u64,
    as_of: Date,
    scratch: Scratch,
    contents: Option<Contents>,
    plan: Plan,
    explainer: Explainer,
    notes: Vec<RowNote>,
    counts: BTreeMap<&'static str, Count>,
    known_addons: Pages<()>,
    methods: methods::Methods,
    methods_read: u64,
    credit_cursor: Pages<Hundredths>,
    /// Rows read and not yet handed to the database.
    batch: Batch,
    refunds: Queue<money::RefundOut>,
}

impl Import {
    async fn open(cx: &Cx, options: &ImportOptions) -> Result<Self, ImportError> {
        let file_size = open(&options.file)?
            .metadata()
            .map_err(|source| ImportError::Open { path: options.file.display().to_string(), source })?
            .len();
        let (state, has_customers) = cx
            .read(async |tx: &mut Tx| {
                let state: State = settings::get(tx, STATE_KEY).await?;
                let any = tx.query_opt(&store::ANY_CUSTOMER, params![], |row| row.get::<i64>(0)).await?;
                Ok::<_, Fault>((state, any.is_some()))
            })
            .await?;
        if has_customers && !state.has_setup {
            return Err(ImportError::NotEmpty);
        }
        let scratch = Scratch::new(options.scratch.clone());
        Ok(Self {
            as_of: cx.today(),
            known_addons: services::known_addons(cx, &scratch).await?,
            cx: cx.clone(),
            options: options.clone(),
            file_size,
            contents: None,
            plan: Plan::new(&scratch),
            explainer: Explainer::default(),
            notes: Vec::new(),
            counts: BTreeMap::new(),
            credit_cursor: Pages::new(&scratch),
            methods: methods::Methods::new(&scratch),
            methods_read: 0,
            batch: Batch::default(),
            refunds: Queue::new(&scratch),
            scratch,
        })
    }

    fn progress(&self, pass: u64) -> impl FnMut(u64) + use<> {
        let (progress, size) = (self.options.progress.clone(), self.file_size);
        move |bytes| {
            if let Some(progress) = &progress {
                progress(pass * size + bytes.min(size), PASSES * size);
            }
        }
    }

    /// Where to write; nowhere in a dry run.
    fn target(&self) -> Option<&Cx> {
        (!self.options.dry_run).then_some(&self.cx)
    }

    fn tally(&mut self, kind: &'static str, found: usize, written: u64) {
        if found > 0 {
            let count = self.counts.entry(kind).or_default();
            count.found += found as u64;
            count.written += written;
        }
    }

    fn setting_is_on(&self, name: &str) -> bool {
        catalog::is_on(&self.plan.small, name)
    }

    fn lead_days(&self) -> i64 {
        catalog::lead_days(&self.plan.small)
    }

    /// Reads the whole file once: what is damaged shows here, before anything is written.
    fn survey(&mut self) -> Result<(), ImportError> {
        let mut progress = self.progress(0);
        let mut reader = Reader::open(open(&self.options.file)?).map_err(TotalsError::from)?;
        let mut rows: u64 = 0;
        while let Some(event) = reader.next_event().map_err(TotalsError::from)? {
            let Event::Row(row) = event else { continue };
            self.plan.survey(row);
            rows += 1;
            if rows.is_multiple_of(REPORT_ROWS) {
                progress(reader.progress());
            }
        }
        progress(reader.progress());
        self.contents = Some(reader.into_contents());
        Ok(())
    }

    /// A reader of some tables, once all were seen.
    fn again(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Reader<File>, ImportError> {
        let contents = self.contents.as_ref().expect("the file is surveyed first");
        Ok(contents.read(open(&self.options.file)?, is_wanted)?)
    }

    /// Everything that must be known before the first row is written.
    fn learn(&mut self) -> Result<(), ImportError> {
        let mut currencies = self.again(|table| table == "tblcurrencies")?;
        while let Some(event) = currencies.next_event()? {
            if let Event::Row(row) = event {
                self.plan.read_currency(row);
            }
        }
        let (mut progress, mut reader) = (self.progress(1), self.again(plan::is_small)?);
        let mut rows: u64 = 0;
        while let Some(event) = reader.next_event()? {
            let Event::Row(row) = event else { continue };
            self.plan.read_small(row);
            rows += 1;
            if rows.is_multiple_of(REPORT_ROWS) {
                progress(reader.progress());
            }
        }
        let mut methods = self.again(|table| table == "tblpaymethods")?;
        while let Some(event) = methods.next_event()? {
            if let Event::Row(row) = event {
                self.learn_row(row);
            }
        }
        let (mut progress, mut reader) = (self.progress(2), self.again(plan::is_money)?);
        while let Some(event) = reader.next_event()? {
            let Event::Row(row) = event else { continue };
            self.plan.read_money(row);
            rows += 1;
            if rows.is_multiple_of(REPORT_ROWS) {
                progress(reader.progress());
            }
        }
        Ok(self.scratch.check()?)
    }

    /// A stored payment method, whose client must be known.
    fn learn_row(&mut self, row: RowRef<'_>) {
        let reading = read_row::<PayMethodRow>(row, &self.plan.context);
        self.plan.problems.extend(reading.problems);
        self.methods_read += 1;
        match reading.value {
            Some(it) => self.learn_method(&it),
            None => self.counts.entry("payment_methods").or_default().left_out += 1,
        }
    }

    /// Writes the rows of some tables. While one batch is written, the next is read.
    async fn write(&mut self, pass: u64, is_wanted: impl Fn(&str) -> bool) -> Result<(), ImportError> {
        let (mut progress, mut reader) = (self.progress(pass), self.again(is_wanted)?);
        let mut writing = None;
        let mut rows: u64 = 0;
        while let Some(event) = reader.next_event()? {
            let Event::Row(row) = event else { continue };
            self.take(row);
            rows += 1;
            if rows.is_multiple_of(REPORT_ROWS) {
                progress(reader.progress());
            }
            if self.batch.is_full(self.options.batch) {
                self.hand_over(&mut writing).await?;
            }
        }
        progress(reader.progress());
        self.hand_over(&mut writing).await?;
        if let Some(last) = writing {
            self.count_written(last.await?);
        }
        Ok(())
    }

    /// Gives the batch to the database once it has written the one before.
    async fn hand_over(&mut self, writing: &mut Option<Writing>) -> Result<(), ImportError> {
        if let Some(before) = writing.take() {
            let written = before.await?;
            self.count_written(written);
        }
        self.scratch.check()?;
        let batch = std::mem::take(&mut self.batch);
        let mut next = batch.write(self.target().cloned(), self.options.gateways.clone()).boxed_local();
        // Asked once, so that the database's thread has it and works while the next rows are read.
        match futures_util::poll!(&mut next) {
            Poll::Ready(written) => self.count_written(written?),
            Poll::Pending => *writing = Some(next),
        }
        Ok(())
    }

    fn count_written(&mut self, written: batch::Written) {
        for (kind, (found, written)) in written {
            self.tally(kind, found, written);
        }
    }

    fn take(&mut self, row: RowRef<'_>) {
        let table = row.table().name.as_str();
        let Some(reading) = read_any(row, &self.plan.context) else { return };
        // What is wrong with the others was told when they were read first.
        if !plan::is_small(table) {
            self.notes.extend(reading.problems.iter().map(RowNote::of));
            if !plan::is_money(table) {
                self.plan.repaired_texts += u64::from(reading.repaired_text_count);
            }
        }
        const REFUSED: &str = "a value of it cannot be right";
        match reading.value {
            Some(LegacyRow::Client(it)) => {
                self.take_old_login(&it);
                self.take_client(*it);
            }
            Some(LegacyRow::User(it)) => self.take_user(*it),
            Some(LegacyRow::UserClient(it)) => self.take_member(&it),
            Some(LegacyRow::Contact(it)) => self.take_contact(*it),
            Some(LegacyRow::Note(it)) => self.take_note(*it),
            Some(LegacyRow::Hosting(it)) => self.take_service(row, *it),
            Some(LegacyRow::HostingAddon(it)) => self.take_addon(row, *it),
            Some(LegacyRow::Invoice(it)) => self.take_invoice(row, *it),
            Some(LegacyRow::InvoiceItem(it)) => self.take_line(*it),
            Some(LegacyRow::Transaction(it)) => self.take_transaction(row, *it),
            Some(LegacyRow::Credit(it)) => self.take_credit(row, *it),
            Some(LegacyRow::HostingOption(it)) => self.take_option(&it),
            Some(LegacyRow::CreditCard(it)) => self.take_card(&it),
            Some(LegacyRow::BankAccount(it)) => self.take_account(&it),
            Some(_) => {}
            None => match table {
                "tblclients" => self.leave_out_client(row),
                "tblhosting" => self.leave_out_service(row, REFUSED),
                "tblhostingaddons" => self.leave_out_addon(row, REFUSED),
                "tblinvoices" => self.leave_out_invoice(row, REFUSED),
                "tblaccounts" => self.leave_out_transaction(row, REFUSED),
                "tblcredit" => self.leave_out_credit(row, REFUSED),
                "tblinvoiceitems" => self.leave_out_line(row, REFUSED),
                "tblusers" => self.counts.entry("users").or_default().left_out += 1,
                "tblusers_clients" => self.counts.entry("team_members").or_default().left_out += 1,
                _ => {}
            },
        }
    }

    async fn write_all(&mut self) -> Result<(), ImportError> {
        self.prepare().await?;
        // Everything else points at clients.
        self.write(3, |table| table == "tblclients").await?;
        self.write(4, |table| table == "tblusers").await?;
        self.write(4, |table| table == "tblusers_clients").await?;
        self.write(4, plan::is_after_clients).await?;
        self.write(4, |table| table == "tblhostingconfigoptions").await?;
        self.tell_of_lost_methods();
        self.explain_numbers();
        self.explain_arithmetic();
        self.write_refunds().await?;
        self.write_balances().await
    }

    /// Before the first row of the big tables: ids that are kept are not given again, and the small tables are there.
    async fn prepare(&mut self) -> Result<(), ImportError> {
        self.notes.extend(self.plan.problems.iter().map(RowNote::of));
        let outcome = match self.target() {
            None => catalog::Outcome::default(),
            Some(cx) => {
                cx.db().raise_ids(self.plan.highest_id, cx.now()).await?;
                let small = Arc::new(std::mem::take(&mut self.plan.small));
                let shared = Arc::clone(&small);
                let state = self
                    .cx
                    .write_batch(async move |tx: &mut Tx| {
                        let mut state: State = settings::get(tx, STATE_KEY).await?;
                        let mut outcome = catalog::Outcome::default();
                        if !state.has_setup {
                            outcome = catalog::write(tx, &shared).await?;
                            state = State::of(&outcome);
                            settings::set(tx, STATE_KEY, &state).await?;
                        }
                        Ok::<_, Fault>((state, outcome.written))
                    })
                    .await?;
                self.plan.small = Arc::into_inner(small).unwrap_or_default();
                state.0.outcome(state.1)
            }
        };
        for (kind, written) in &outcome.written {
            self.tally(kind, usize::try_from(*written).unwrap_or(usize::MAX), *written);
        }
        for row in self.plan.small.promotions.iter().filter(|p| outcome.left_out_coupons.contains(&p.id)) {
            let kind = match row.kind {
                crate::whmcs::rows::PromotionKind::Percentage => "Percentage",
                crate::whmcs::rows::PromotionKind::FixedAmount => "Fixed Amount",
                crate::whmcs::rows::PromotionKind::PriceOverride => "Price Override",
                crate::whmcs::rows::PromotionKind::FreeSetup => "Free Setup",
            };
            let why = format!("promotion {} was left out", row.id);
            self.explainer.add(&["promotions_by_type", kind], count(-1), &why);
        }
        for (id, kind) in &self.plan.left_out_promotions {
            let why = format!("promotion {id} was left out");
            self.explainer.add(&["promotions_by_type", kind], count(-1), &why);
        }
        self.notes.extend(outcome.notes);
        Ok(())
    }

    async fn finish(self, totals: &crate::whmcs::totals::ControlTotals) -> Result<ImportReport, ImportError> {
        let dump = serde_json::to_value(totals).expect("totals can be written as JSON");
        let (mut ours, mut explained, mut differences) = (None, Vec::new(), Vec::new());
        if let Some(cx) = self.target() {
            let bursar = report::bursar_totals(cx, self.as_of, &self.scratch).await?;
            self.scratch.check()?;
            (explained, differences) = self.explainer.compare(&report::core_of(&dump), &bursar);
            let mut all = bursar;
            if let Value::Object(map) = &mut all {
                for key in ["format", "as_of", "default_currency"] {
                    map.insert(key.to_owned(), dump.get(key).cloned().unwrap_or(Value::Null));
                }
            }
            ours = Some(all);
        }
        Ok(ImportReport {
            totals: ours,
            explained,
            differences,
            problems: self.notes,
            counts: self.counts,
            rows: self.plan.rows,
            repaired_texts: self.plan.repaired_texts,
            dry_run: self.options.dry_run,
        })
    }
}

impl State {
    fn of(outcome: &catalog::Outcome) -> Self {
        let note = |n: &RowNote| {
            (n.table.clone(), n.row_id.unwrap_or(0), n.field.clone(), n.what.clone(), n.done.clone())
        };
        Self {
            has_setup: true,
            left_out_coupons: outcome.left_out_coupons.iter().copied().collect(),
            notes: outcome.notes.iter().map(note).collect(),
        }
    }

    fn outcome(self, written: BTreeMap<&'static str, u64>) -> catalog::Outcome {
        let note = |(table, id, field, what, done): (String, i64, String, String, String)| {
            RowNote::new(&table, id, &field, what, &done)
        };
        catalog::Outcome {
            notes: self.notes.into_iter().map(note).collect(),
            left_out_coupons: self.left_out_coupons.into_iter().collect(),
            written,
        }
    }
}

fn open(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|source| ImportError::Open { path: path.display().to_string(), source })
}
