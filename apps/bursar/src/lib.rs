//! The `bursar` binary: command line, boot configuration, and the lists of modules and drivers.
//!
//! Results go to standard output (JSON with `--json`), everything else to standard error. Exit codes: 0 done, 1 failed,
//! 2 wrong usage.

mod cli;
mod commands;
pub mod config;
pub mod demo;
pub mod drivers;
pub mod modules;
pub mod office;
mod output;
pub mod web;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;
use crate::output::Output;

/// What `main` does: reads the command line, runs the command and gives the exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    start_logging(&cli);
    let output = Output::new(cli.global.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output.failed(&format!("the runtime cannot start: {error}")),
    };
    match runtime.block_on(commands::run(cli, &output)) {
        Ok(code) => code,
        Err(error) => output.failed(&error.to_string()),
    }
}

fn start_logging(cli: &Cli) {
    let level = if cli.global.verbose { "info,bursar=debug" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("BURSAR_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
