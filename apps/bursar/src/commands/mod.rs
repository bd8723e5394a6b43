//! One file per command.

mod bench;
mod bench_pages;
mod bill;
mod demo;
mod doctor;
mod fake;
mod import;
mod init;
mod invoice;
mod migrate;
mod provision;
mod serve;
mod verify;

use std::process::ExitCode;

use bursar_fault::Fault;

use crate::cli::{BenchCommand, BillCommand, Cli, Command, ImportCommand, InvoiceCommand, ProvisionCommand};
use crate::config::{Config, ConfigError};
use crate::output::Output;

/// Why a command failed, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Something refused, with the reason.
    #[error("{0}")]
    Refused(String),
    /// Something broke; the whole chain, because the operator is who can mend it.
    #[error("{}", .0.chain())]
    Fault(Fault),
}

impl From<Fault> for CommandError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Runs the command line.
pub async fn run(cli: Cli, output: &Output) -> Result<ExitCode, CommandError> {
    let config = Config::load(&cli.global)?;
    match cli.command {
        Command::Demo(args) => demo::run(config, args, *output).await,
        Command::Serve(args) => serve::run(config, args, *output).await,
        Command::Init(args) => init::run(&config, args, *output).await,
        Command::Migrate => migrate::run(&config, *output).await,
        Command::Import(ImportCommand::Whmcs(args)) => import::whmcs(&config, args, *output).await,
        Command::Bill(BillCommand::Run(args)) => bill::run(&config, args, *output).await,
        Command::Invoice(InvoiceCommand::Pdf(args)) => invoice::pdf(&config, args, *output).await,
        Command::Provision(ProvisionCommand::Status) => provision::status(&config, *output).await,
        Command::Provision(ProvisionCommand::Retry(args)) => provision::retry(&config, args, *output).await,
        Command::Provision(ProvisionCommand::Reconcile) => provision::compare(&config, *output).await,
        Command::Fake(args) => fake::run(args, *output).await,
        Command::Doctor => doctor::run(&config, *output).await,
        Command::Verify => verify::run(&config, *output).await,
        Command::Bench(BenchCommand::BillingRun(args)) => bench::billing_run(&config, args, *output).await,
        Command::Bench(BenchCommand::Import(args)) => bench::import(&config, args, *output).await,
        Command::Bench(BenchCommand::Provisioning(args)) => bench::provisioning(&config, args, *output).await,
        Command::Bench(BenchCommand::Reconcile(args)) => bench::reconcile(&config, args, *output).await,
        Command::Bench(BenchCommand::Pages(args)) => bench_pages::run(&config, args, *output).await,
        Command::Bench(BenchCommand::Pdf(args)) => bench::pdf(&config, args, *output).await,
    }
}
