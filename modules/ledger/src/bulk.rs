//! Many entries at once, for the billing run and imports.

use std::borrow::Cow;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Date;

use crate::post::{Entry, NewEntry};
use crate::store;

/// Collects entries and writes them with two bulk statements.
#[derive(Debug, Default)]
pub struct BulkPoster {
    entries: Vec<Row>,
    postings: Vec<(i64, i64, i64, i64)>,
}

/// What stands above the lines of an entry.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) on: Date,
    pub(crate) kind: &'static str,
    pub(crate) source_kind: Cow<'static, str>,
    pub(crate) source_id: i64,
}

impl Head {
    pub(crate) fn of(entry: &NewEntry) -> Self {
        let (source_kind, source_id) = entry.source;
        Self { on: entry.on, kind: entry.kind, source_kind: source_kind.into(), source_id }
    }
}

#[derive(Debug)]
struct Row {
    id: Id<Entry>,
    head: Head,
    memo: String,
    reverses: Option<Id<Entry>>,
}

impl BulkPoster {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry of one currency: `postings` are account ids (from [`account_id`](crate::account_id), all of the
    /// same currency) and minor units, debits positive.
    ///
    /// # Errors
    /// A fault when it is empty, has a zero line, or does not sum to zero.
    pub fn entry(
        &mut self,
        id: Id<Entry>,
        on: Date,
        kind: &'static str,
        (source_kind, source_id): (&'static str, i64),
        postings: &[(i64, i64)],
    ) -> Result<(), Fault> {
        let sum: i128 = postings.iter().map(|(_, minor)| i128::from(*minor)).sum();
        if sum != 0 {
            return Err(Fault::new(format!(
                "entry {kind} of {source_kind}:{source_id} is refused: it is out of balance by {sum} minor units"
            )));
        }
        let head = Head { on, kind, source_kind: source_kind.into(), source_id };
        self.add(id, head, postings, "", None)
    }

    /// Adds an entry whose balance was checked per currency.
    pub(crate) fn add(
        &mut self,
        id: Id<Entry>,
        head: Head,
        postings: &[(i64, i64)],
        memo: &str,
        reverses: Option<Id<Entry>>,
    ) -> Result<(), Fault> {
        if postings.is_empty() || postings.iter().any(|(_, minor)| *minor == 0) {
            let (kind, source, number) = (head.kind, &head.source_kind, head.source_id);
            return Err(Fault::new(format!(
                "entry {kind} of {source}:{number} is refused: empty, or a zero line"
            )));
        }
        self.postings.extend(
            (1..).zip(postings).map(|(line_no, (account, minor))| (id.get(), line_no, *account, *minor)),
        );
        self.entries.push(Row { id, head, memo: memo.to_owned(), reverses });
        Ok(())
    }

    /// Writes what was added since the last time.
    pub async fn write(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        let now = tx.now();
        let actor = tx.actor().to_string();
        let mut writer = tx.bulk(&store::INSERT_ENTRIES)?;
        for Row { id, head, memo, reverses } in self.entries.drain(..) {
            let source_kind: &str = &head.source_kind;
            writer.row(params![
                id,
                head.on,
                head.kind,
                source_kind,
                head.source_id,
                &memo,
                reverses,
                now,
                &actor
            ])?;
        }
        writer.finish().await?;
        let mut writer = tx.bulk(&store::INSERT_POSTINGS)?;
        for (entry, line_no, account, minor) in self.postings.drain(..) {
            writer.row(params![entry, line_no, account, minor])?;
        }
        writer.finish().await.map(drop)
    }
}
