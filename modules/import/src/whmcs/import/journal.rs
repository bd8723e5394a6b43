//! Opening entries: what imported documents mean for the books, one entry per date, currency and kind in each batch.
//!
//! Documents say what is owed, earned and owed to the state; payments say what came in. What WHMCS keeps in two places that
//! need not agree (credit given and credit used, invoices called paid without money) goes over `opening_balance`, whose
//! balance is what the old system could not explain.

use std::collections::BTreeMap;

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, BulkPoster, Entry, account_id};
use bursar_money::Currency;
use bursar_time::Date;

type Group = (Currency, Date, &'static str);

/// Lines of one entry: debits and credits of an account stay apart, so that an entry never vanishes.
#[derive(Debug)]
struct Lines {
    id: Id<Entry>,
    by_account: BTreeMap<(Account, bool), i64>,
}

/// The entries of one batch.
#[derive(Debug, Default)]
pub(super) struct Journal {
    groups: BTreeMap<Group, Lines>,
}

impl Journal {
    /// Adds lines that balance; returns the entry they will be in, or none when all are zero.
    pub(super) fn add(
        &mut self,
        tx: &mut Tx,
        (currency, on, kind): Group,
        lines: &[(Account, i64)],
    ) -> Result<Option<i64>, Fault> {
        if lines.iter().all(|(_, minor)| *minor == 0) {
            return Ok(None);
        }
        let group = match self.groups.entry((currency, on, kind)) {
            std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Lines { id: tx.new_id()?, by_account: BTreeMap::new() })
            }
        };
        for (account, minor) in lines.iter().filter(|(_, minor)| *minor != 0) {
            *group.by_account.entry((account.clone(), *minor > 0)).or_default() += minor;
        }
        Ok(Some(group.id.get()))
    }

    /// Writes them.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<(), Fault> {
        let mut poster = BulkPoster::new();
        let mut accounts: BTreeMap<(Account, Currency), i64> = BTreeMap::new();
        for ((currency, on, kind), lines) in self.groups {
            let mut postings = Vec::with_capacity(lines.by_account.len());
            for ((account, _), minor) in lines.by_account {
                let known = accounts.get(&(account.clone(), currency)).copied();
                let id = match known {
                    Some(id) => id,
                    None => account_id(tx, &account, currency).await?,
                };
                accounts.insert((account, currency), id);
                postings.push((id, minor));
            }
            poster.entry(lines.id, on, kind, ("import", 0), &postings)?;
        }
        poster.write(tx).await
    }
}
