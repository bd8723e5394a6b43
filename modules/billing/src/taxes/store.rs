//! All SQL of tax rules.

use bursar_context::settings;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::Ppm;

use super::{TaxRule, TaxTable};

bursar_db::statements! {
    /// Active rules.
    pub(crate) ACTIVE = "SELECT id, level, name, country, state, rate_ppm FROM billing_tax_rules
        WHERE active = 1 ORDER BY id";
    /// Every rule there ever was, for printing old documents.
    pub(crate) NAMES = "SELECT id, name FROM billing_tax_rules ORDER BY id";
    /// A new rule.
    pub(crate) INSERT = "INSERT INTO billing_tax_rules (id, level, name, country, state, rate_ppm, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";
    /// Retires a rule; documents keep pointing at it.
    pub(crate) RETIRE = "UPDATE billing_tax_rules SET active = 0 WHERE id = $1 AND active = 1";
}

/// Where the settings of tax lie.
pub const SETTINGS_KEY: &str = "billing.tax";

/// Rules and settings as they are now.
pub async fn load(tx: &mut Tx) -> Result<TaxTable, Fault> {
    let settings = settings::get(tx, SETTINGS_KEY).await?;
    let rules = tx
        .query(&ACTIVE, params![], |row| {
            Ok(TaxRule {
                id: row.get(0)?,
                level: row.get(1)?,
                name: row.get(2)?,
                country: row.get(3)?,
                state: row.get(4)?,
                rate: Ppm::new(row.get(5)?),
            })
        })
        .await?;
    Ok(TaxTable { rules, settings })
}

/// Adds a rule under its own id (importers keep ids) and returns it.
pub async fn insert(tx: &mut Tx, rule: &TaxRule) -> Result<(), Fault> {
    let now = tx.now();
    let row = params![rule.id, rule.level, &rule.name, &rule.country, &rule.state, rule.rate.get(), now];
    tx.exec(&INSERT, row).await.map(drop)
}

/// Names by rule id, retired ones included.
pub async fn names(tx: &mut Tx) -> Result<std::collections::BTreeMap<i64, String>, Fault> {
    Ok(tx.query(&NAMES, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?.into_iter().collect())
}
