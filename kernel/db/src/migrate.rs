//! Schema changes: numbered per module, forward only, one text for both engines, recorded with a checksum.

use bursar_fault::Fault;
use sha2::{Digest as _, Sha256};

use crate::checks;
use crate::params;
use crate::statement::rewrite;
use crate::tx::Tx;
use crate::url::Engine;

crate::statements! {
    /// What has been applied.
    pub(crate) APPLIED = "SELECT module, name, checksum FROM kernel_migrations";
    /// Records one migration.
    pub(crate) RECORD = "INSERT INTO kernel_migrations (module, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
}

const LEDGER_OF_MIGRATIONS: &str = "CREATE TABLE IF NOT EXISTS kernel_migrations (
    module {TEXT} NOT NULL, name {TEXT} NOT NULL, checksum {TEXT} NOT NULL, applied_at {I64} NOT NULL,
    PRIMARY KEY (module, name)) {STRICT}";

/// Any number that no other user of the cluster's advisory locks is likely to take: "bursar".
const LOCK: &str = "SELECT pg_advisory_xact_lock(108221154914162)";

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `0001_init`; applied in order of the list.
    pub name: &'static str,
    /// SQL with type tokens such as `{I64}` and `{STRICT}`.
    pub sql: &'static str,
}

/// The steps of one module, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// The module's name.
    pub module: &'static str,
    /// Its steps.
    pub steps: &'static [Migration],
}

/// `migrations!("billing", "0001_init" => "../migrations/0001_init.sql")`, paths relative to the file.
#[macro_export]
macro_rules! migrations {
    ($module:literal $(, $name:literal => $path:literal)* $(,)?) => {
        $crate::Migrations {
            module: $module,
            steps: &[$($crate::Migration { name: $name, sql: include_str!($path) }),*],
        }
    };
}

/// The kernel's own tables, which come before every module's.
pub fn kernel_migrations() -> Migrations {
    crate::migrations!("kernel", "0001_init" => "../migrations/0001_init.sql")
}

/// Applies what is missing; each step is one transaction. Returns how many were applied.
pub(crate) async fn apply(tx: &mut Tx, modules: &[Migrations]) -> Result<u32, Fault> {
    begin(tx).await?;
    let table = rewrite(LEDGER_OF_MIGRATIONS, tx.engine());
    let made = tx.control(&table).await;
    end(tx, made).await?;
    let mut applied = 0;
    for module in modules {
        for step in module.steps {
            begin(tx).await?;
            let outcome = apply_one(tx, module.module, step).await;
            let fresh = outcome.as_ref().is_ok_and(|fresh| *fresh);
            end(tx, outcome.map(drop)).await?;
            applied += u32::from(fresh);
        }
    }
    Ok(applied)
}

async fn begin(tx: &mut Tx) -> Result<(), Fault> {
    match tx.engine() {
        Engine::Sqlite => tx.control("BEGIN IMMEDIATE").await,
        Engine::Postgres => {
            tx.control("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
            tx.control(LOCK).await
        }
    }
}

async fn end(tx: &mut Tx, outcome: Result<(), Fault>) -> Result<(), Fault> {
    match outcome {
        Ok(()) => tx.control("COMMIT").await,
        Err(fault) => {
            tx.control("ROLLBACK").await?;
            Err(fault)
        }
    }
}

async fn apply_one(tx: &mut Tx, module: &str, step: &Migration) -> Result<bool, Fault> {
    let checksum = hex::encode(Sha256::digest(step.sql));
    let known = tx
        .query(&APPLIED, params![], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
        })
        .await?;
    if let Some((_, _, recorded)) = known.iter().find(|(m, n, _)| m == module && n == step.name) {
        if *recorded == checksum {
            return Ok(false);
        }
        return Err(Fault::new(format!(
            "migration {module}/{} was changed after it was applied; released migrations are never edited",
            step.name
        )));
    }
    let mut text = rewrite(&without_comments(step.sql), tx.engine());
    if tx.engine() == Engine::Sqlite {
        text = checks::as_comparisons(&text);
    }
    tx.control(&text).await.map_err(|f| f.context(format!("applying migration {module}/{}", step.name)))?;
    tx.exec(&RECORD, params![module, step.name, checksum.as_str(), tx.now()]).await?;
    Ok(true)
}

/// Comments may contain braces and dollars that are not tokens.
fn without_comments(sql: &str) -> String {
    sql.lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n")
}
