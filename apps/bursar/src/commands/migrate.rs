//! `bursar migrate`.

use std::process::ExitCode;

use serde::Serialize;

use super::CommandError;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

#[derive(Serialize)]
struct Migrated {
    database: String,
    schema: &'static str,
}

/// Opening an installation already brings the schema to head; this says so.
pub async fn run(config: &Config, output: Output) -> Result<ExitCode, CommandError> {
    Office::open(config).await?;
    let result = Migrated { database: config.database.to_string(), schema: "head" };
    output.result(&result, || format!("The schema of {} is at head.", config.database));
    Ok(ExitCode::SUCCESS)
}
