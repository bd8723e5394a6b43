use bursar_db::{Tx, params};
use bursar_fault::Fault;
use sha2::{Digest as _, Sha256};

use crate::{Entry, store};

/// How many faults of the chain are told one by one.
const MOST_EXAMPLES: usize = 20;

/// One place where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The row, or the number that is missing.
    pub id: i64,
    /// What is wrong, in words for people.
    pub what: String,
}

/// What a walk over the whole chain found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Rows read.
    pub checked: u64,
    /// Faults found.
    pub failed: u64,
    /// The first of them.
    pub examples: Vec<BrokenLink>,
}

impl ChainReport {
    /// Whether everything holds.
    pub fn is_ok(&self) -> bool {
        self.failed == 0
    }

    fn broken(&mut self, id: i64, what: impl Into<String>) {
        self.failed += 1;
        if self.examples.len() < MOST_EXAMPLES {
            self.examples.push(BrokenLink { id, what: what.into() });
        }
    }
}

/// Reads the whole log in order, in constant memory, and checks numbers, links, contents and end.
///
/// # Errors
/// Faults of the database; what is wrong with the chain itself is in the report.
pub async fn verify_chain(tx: &mut Tx) -> Result<ChainReport, Fault> {
    let (head_id, head_hash): (i64, String) =
        tx.query_one(&store::HEAD, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let mut report = ChainReport::default();
    let mut last_id = 0;
    let mut last_hash = "0".repeat(64);
    tx.query_each(&store::WALK, params![], |row| {
        let entry = store::entry(row)?;
        report.checked += 1;
        if entry.id != last_id + 1 {
            report.broken(last_id + 1, format!("rows are missing before row {}", entry.id));
        } else if entry.previous_hash != last_hash {
            report.broken(entry.id, "it does not follow from the row before it");
        }
        if hash(&entry) != entry.hash {
            report.broken(entry.id, "its contents were changed after it was written");
        }
        last_id = entry.id;
        last_hash = entry.hash;
        Ok(())
    })
    .await?;
    if (last_id, &last_hash) != (head_id, &head_hash) {
        report.broken(
            head_id,
            format!("the log ends at row {last_id}, but row {head_id} was the last one written"),
        );
    }
    Ok(report)
}

/// SHA-256 over every field, each with its length in front so that no two rows give the same bytes.
pub(crate) fn hash(entry: &Entry) -> String {
    let mut hasher = Sha256::new();
    let mut field = |text: Option<&str>| match text {
        None => hasher.update([0]),
        Some(text) => {
            hasher.update([1]);
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
    };
    field(Some(&entry.previous_hash));
    field(Some(&entry.id.to_string()));
    field(Some(&entry.at.micros().to_string()));
    field(Some(&entry.actor_kind));
    field(entry.actor_id.map(|id| id.to_string()).as_deref());
    field(Some(&entry.actor_name));
    field(Some(&entry.action));
    field(Some(&entry.subject));
    field(entry.before.as_deref());
    field(entry.after.as_deref());
    field(Some(&entry.request_id));
    hex::encode(hasher.finalize())
}
