//! What always holds of a ledger, checked over the whole of it.

use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;

use crate::store;

const EXAMPLES: usize = 5;

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// How many things were looked at.
    pub checked: i64,
    /// How many are wrong.
    pub failed: i64,
    /// The first few that are wrong.
    pub examples: Vec<String>,
}

/// Checks every entry and posting. Reads in constant memory.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let entries = count(tx, &store::COUNT_ENTRIES).await?;
    let postings = count(tx, &store::COUNT_POSTINGS).await?;
    let reversals = count(tx, &store::COUNT_REVERSALS).await?;
    let mut checks = vec![
        Check::new("ledger.entries_balance", entries),
        Check::new("ledger.postings_have_account_and_entry", postings),
        Check::new("ledger.entries_have_postings", entries),
        Check::new("ledger.reversals_mirror", reversals),
    ];
    let [balance, orphans, empty, mirrors] = checks.as_mut_slice() else {
        unreachable!("four checks were made")
    };
    tx.query_each(&store::UNBALANCED, params![], |row| {
        let (entry, currency, sum) = (row.get::<i64>(0)?, row.text(1)?, row.get::<i64>(2)?);
        balance.fail(|| format!("entry {entry} is out of balance by {sum} minor units of {currency}"));
        Ok(())
    })
    .await?;
    tx.query_each(&store::ORPHANS, params![], |row| {
        let (entry, line) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
        orphans.fail(|| format!("line {line} of entry {entry} has no account or no entry"));
        Ok(())
    })
    .await?;
    tx.query_each(&store::EMPTY, params![], |row| {
        let entry = row.get::<i64>(0)?;
        empty.fail(|| format!("entry {entry} has no postings"));
        Ok(())
    })
    .await?;
    tx.query_each(&store::BAD_REVERSALS, params![], |row| {
        let (entry, account, left) = (row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?);
        mirrors.fail(|| format!("entry {entry} leaves {left} minor units on account {account}"));
        Ok(())
    })
    .await?;
    Ok(checks)
}

impl Check {
    /// A check that found nothing wrong yet.
    pub fn new(name: &'static str, checked: i64) -> Self {
        Self { name, checked, failed: 0, examples: Vec::new() }
    }

    /// Counts one thing that is wrong, and keeps the first few.
    pub fn fail(&mut self, example: impl FnOnce() -> String) {
        self.failed += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }
}

async fn count(tx: &mut Tx, statement: &'static Statement) -> Result<i64, Fault> {
    tx.query_one(statement, params![], |row| row.get(0)).await
}
