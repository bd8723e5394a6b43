//! What can be done to many rows at once: shown first with its size, and refused when that changed meanwhile.

use std::pin::Pin;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Money;
use sha2::{Digest as _, Sha256};

use super::fetch::reader;
use super::resource::Resource;
use super::sql::Sql;

/// Rows of one action at most.
pub(crate) const MOST_SELECTED: usize = 1_000;
/// More rows than this, and their number must be typed.
pub(crate) const SURPRISING: usize = 100;

/// What an action did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Rows it was done to.
    pub done: usize,
    /// Rows it was not done to, with the reason for people.
    pub refused: Vec<(i64, String)>,
}

/// Does an action to some rows. It checks the permission itself, as every action does.
pub type RunAction = fn(Cx, Vec<i64>) -> Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>>;

/// An action over the rows a person selected.
#[derive(Debug, Clone)]
pub struct BulkAction {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) permission: &'static str,
    pub(crate) question: &'static str,
    /// The rows it can be done to; empty for all of the list.
    pub(crate) applies: &'static str,
    /// What the preview adds up: minor units and currency.
    pub(crate) sums: Option<(&'static str, &'static str)>,
    pub(crate) run: RunAction,
}

impl BulkAction {
    /// `question` says what happens, before it does: `These jobs run again at once.`
    pub const fn new(
        key: &'static str,
        label: &'static str,
        permission: &'static str,
        question: &'static str,
        run: RunAction,
    ) -> Self {
        Self { key, label, permission, question, applies: "", sums: None, run }
    }

    /// Only rows that meet this condition; the others are left out, and the preview says how many.
    #[must_use]
    pub const fn applies(mut self, condition: &'static str) -> Self {
        self.applies = condition;
        self
    }

    /// The preview adds these up per currency.
    #[must_use]
    pub const fn sums(mut self, minor: &'static str, currency: &'static str) -> Self {
        self.sums = Some((minor, currency));
        self
    }
}

/// What an action would be done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) ids: Vec<i64>,
    pub(crate) left_out: usize,
    pub(crate) sums: Vec<Money>,
}

impl Preview {
    /// Stands for exactly these rows with exactly these sums.
    pub(crate) fn seal(&self, action: &BulkAction) -> String {
        let mut hash = Sha256::new();
        hash.update(action.key);
        for id in &self.ids {
            hash.update(id.to_le_bytes());
        }
        for sum in &self.sums {
            hash.update(sum.currency().code());
            hash.update(sum.minor().to_le_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Looks at what was selected as it is now.
pub(crate) async fn preview(
    tx: &mut Tx,
    resource: &Resource,
    action: &BulkAction,
    selected: &[i64],
) -> Result<Preview, Fault> {
    let mut selected = selected.to_vec();
    selected.sort_unstable();
    selected.dedup();
    let many = selected.len();
    let ask = |select: &str, after: &str, ids: Vec<i64>, tx: &Tx| {
        let mut sql = Sql::new(reader(tx));
        sql.text.push_str("SELECT ");
        sql.push(select);
        sql.text.push_str(" FROM ");
        sql.push(resource.from);
        sql.text.push_str(" WHERE ");
        sql.is_any(resource.id, ids);
        for condition in [resource.lenses[0].condition, action.applies] {
            if !condition.is_empty() {
                sql.text.push_str(" AND (");
                sql.push(condition);
                sql.text.push(')');
            }
        }
        sql.push(after);
        sql
    };
    let sql = ask(resource.id, &format!(" ORDER BY {}", resource.id), selected, tx);
    let ids: Vec<i64> = tx.query_text(&sql.text, &sql.params(), |row| row.get(0)).await?;
    let mut sums = Vec::new();
    if let Some((minor, currency)) = action.sums {
        let select = format!("CAST(SUM({minor}) AS BIGINT), {currency}");
        let sql = ask(&select, &format!(" GROUP BY {currency} ORDER BY {currency}"), ids.clone(), tx);
        let found =
            tx.query_text(&sql.text, &sql.params(), |row| Ok(Money::new(row.get(0)?, row.get(1)?))).await?;
        sums.extend(found);
    }
    Ok(Preview { left_out: many - ids.len(), ids, sums })
}
