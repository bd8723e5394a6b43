//! What modules hold about a customer: how each hands it out, and how each forgets it.
//!
//! A module declares its own data under a name. Nobody knows all of it but the book that the application makes of the
//! declarations: a customer's copy and a customer's erasure walk through the book and have never heard of most of what
//! they find there.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::Reading;
use serde_json::Value;

/// Rows that are handed out at a time.
pub const PERSONAL_ROWS: i64 = 200;

/// Rows of a customer behind the last one that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalAsk {
    /// Whose.
    pub customer: i64,
    /// The key of the last row; 0 at first.
    pub after: i64,
}

/// At most [`PERSONAL_ROWS`] rows in ascending order of a key, each with it. Fewer mean that these were the last.
pub type PersonalRows = Vec<(i64, Value)>;

/// Reads a page of a module's data about a customer.
pub type ExportPersonal = for<'t> fn(&'t mut Tx, PersonalAsk) -> Reading<'t, PersonalRows>;

/// Forgets what needs not be kept of a customer. It may run twice.
pub type ErasePersonal = for<'t> fn(&'t mut Tx, i64) -> Reading<'t, ()>;

/// Why a customer cannot be forgotten now, in words for the customer and for staff.
pub type KeepPersonal = for<'t> fn(&'t mut Tx, i64) -> Reading<'t, Option<&'static str>>;

/// One kind of data about customers.
#[derive(Debug, Clone, Copy)]
pub struct PersonalData {
    /// `billing.invoices`: begins with the module's name and stands beside each row that is handed out.
    pub name: &'static str,
    /// How it is handed out.
    pub export: ExportPersonal,
    /// How it is forgotten; `None` for what must be kept altogether.
    pub erase: Option<ErasePersonal>,
    /// The key of a text that says what is kept and why; `None` when nothing is.
    pub kept: Option<&'static str>,
    /// What stands in the way of forgetting.
    pub hinders: Option<KeepPersonal>,
}

impl PersonalData {
    /// Data that is forgotten when its customer is.
    pub const fn erased(name: &'static str, export: ExportPersonal, erase: ErasePersonal) -> Self {
        Self { name, export, erase: Some(erase), kept: None, hinders: None }
    }

    /// Data that the law wants kept, with the key of the text that says so.
    pub const fn kept(name: &'static str, export: ExportPersonal, why: &'static str) -> Self {
        Self { name, export, erase: None, kept: Some(why), hinders: None }
    }

    /// Of which a part is forgotten and the rest kept.
    #[must_use]
    pub const fn and_erases(mut self, erase: ErasePersonal) -> Self {
        self.erase = Some(erase);
        self
    }

    /// What stands in the way: an open debt, something that still runs. It answers with the key of a text.
    #[must_use]
    pub const fn unless(mut self, hinders: KeepPersonal) -> Self {
        self.hinders = Some(hinders);
        self
    }
}

/// Everything modules hold about customers, in the order in which it is handed out. Forgotten it is in the opposite
/// order, so that a module still finds what lies below it.
#[derive(Debug, Clone, Default)]
pub struct PersonalBook(Vec<PersonalData>);

impl PersonalBook {
    pub(crate) const fn new(all: Vec<PersonalData>) -> Self {
        Self(all)
    }

    /// All of it.
    pub fn all(&self) -> &[PersonalData] {
        &self.0
    }

    /// The keys of the texts that say what stands in the way of forgetting a customer now.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn hindrances(&self, tx: &mut Tx, customer: i64) -> Result<Vec<&'static str>, Fault> {
        let mut found = Vec::new();
        for hinders in self.0.iter().filter_map(|data| data.hinders) {
            found.extend(hinders(tx, customer).await?);
        }
        Ok(found)
    }

    /// Forgets a customer in every module, in the caller's transaction.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn erase(&self, tx: &mut Tx, customer: i64) -> Result<(), Fault> {
        for erase in self.0.iter().rev().filter_map(|data| data.erase) {
            erase(tx, customer).await?;
        }
        Ok(())
    }
}
