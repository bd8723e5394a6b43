//! The command line.

use std::path::PathBuf;

use bursar_db::DatabaseUrl;
use bursar_time::Date;
use clap::{Args, Parser, Subcommand};

/// The billing office for companies that sell servers and connectivity.
#[derive(Debug, Parser)]
#[command(name = "bursar", version, about, propagate_version = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command; each has a `BURSAR_` variable.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Where keys, the embedded database and uploads live [default: ./bursar-data].
    #[arg(long, global = true, env = "BURSAR_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite in the data directory].
    #[arg(long, global = true, env = "BURSAR_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<DatabaseUrl>,
    /// Configuration file in TOML; options and variables win over it.
    #[arg(long, global = true, env = "BURSAR_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Machine-readable result on standard output.
    #[arg(long, global = true, env = "BURSAR_JSON")]
    pub json: bool,
    /// Say more on standard error.
    #[arg(long, short, global = true)]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build a believable business in an empty data directory and serve it.
    Demo(DemoArgs),
    /// Serve the pages and do the background work.
    Serve(ServeArgs),
    /// Make the first owner.
    Init(InitArgs),
    /// Bring the database's schema to this version.
    Migrate,
    /// Bring in another system's data.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Billing.
    #[command(subcommand)]
    Bill(BillCommand),
    /// Invoices.
    #[command(subcommand)]
    Invoice(InvoiceCommand),
    /// Services and what was made for them.
    #[command(subcommand)]
    Provision(ProvisionCommand),
    /// Pretend to be a vendor: its interface, with nothing behind it.
    Fake(FakeArgs),
    /// Check configuration, database, clock, disk and keys.
    Doctor,
    /// Check every invariant over the whole database.
    Verify,
    /// Measure, with the raw floor in the same run.
    #[command(subcommand)]
    Bench(BenchCommand),
}

/// Options of `init`; the password is read from standard input.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The owner's name.
    #[arg(long)]
    pub name: String,
    /// The address the owner signs in with.
    #[arg(long)]
    pub email: String,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to listen.
    #[arg(long, env = "BURSAR_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: String,
    /// Build the business and stop, without serving it.
    #[arg(long)]
    pub no_serve: bool,
    /// Seed of everything random in it.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, env = "BURSAR_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
}

/// `provision …`
#[derive(Debug, Subcommand)]
pub enum ProvisionCommand {
    /// Say what stands where, which servers do not work, and what differs.
    Status,
    /// Try again what waits or was given up.
    Retry(ProvisionRetryArgs),
    /// Compare every service and server with what the vendors have.
    Reconcile,
}

/// Options of `provision retry`.
#[derive(Debug, Args)]
pub struct ProvisionRetryArgs {
    /// Services, by number.
    pub services: Vec<i64>,
    /// Everything that was given up, up to a thousand.
    #[arg(long)]
    pub failed: bool,
}

/// Options of `fake`.
#[derive(Debug, Args)]
pub struct FakeArgs {
    /// Which vendor, by the name of its driver: proxmox, pterodactyl, whm.
    pub driver: String,
    /// Where to listen; a loopback address.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub listen: String,
    /// Keep what was made in this file, and the certificate beside it.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
}

/// `import …`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// A WHMCS database dump, plain or gzipped.
    Whmcs(WhmcsArgs),
}

/// Options of `import whmcs`.
#[derive(Debug, Args)]
pub struct WhmcsArgs {
    /// The dump file.
    pub file: PathBuf,
    /// Read and check everything, write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The configuration.php of the old installation: its key opens the tokens of stored payment methods.
    #[arg(long, value_name = "FILE")]
    pub configuration: Option<PathBuf>,
    /// Rows of a kind written in one transaction.
    #[arg(long, default_value_t = bursar_import::whmcs::BATCH, value_name = "ROWS")]
    pub batch: usize,
    /// Write control totals computed from Bursar's own tables to this file.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `bill …`
#[derive(Debug, Subcommand)]
pub enum BillCommand {
    /// Bill everything that is due.
    Run(BillRunArgs),
}

/// Options of `bill run`.
#[derive(Debug, Args)]
pub struct BillRunArgs {
    /// The civil date to bill for [default: today in the business's time zone].
    #[arg(long, visible_aliases = ["date", "on"], value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Say what would be billed and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Due subscriptions per transaction.
    #[arg(long, default_value_t = bursar_billing::run::BATCH, value_parser = clap::value_parser!(usize))]
    pub batch: usize,
    /// Batches written at once on PostgreSQL.
    #[arg(long, default_value_t = 2)]
    pub workers: usize,
}

/// `invoice …`
#[derive(Debug, Subcommand)]
pub enum InvoiceCommand {
    /// Write an invoice or credit note as PDF.
    Pdf(InvoicePdfArgs),
}

/// Options of `invoice pdf`.
#[derive(Debug, Args)]
pub struct InvoicePdfArgs {
    /// The invoice's number (INV-2026-000001) or its id.
    pub invoice: String,
    /// Where to write it [default: NUMBER.pdf here]; - for standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `bench …`
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// The billing run against prepared statements writing the same rows.
    BillingRun(BenchRunArgs),
    /// The import of a made-up WHMCS dump against copying the rows that came of it.
    Import(BenchImportArgs),
    /// Invoices as PDF, on one core.
    Pdf(BenchPdfArgs),
    /// A burst of paid orders against a panel that takes its time and fails now and then.
    Provisioning(BenchProvisioningArgs),
    /// Comparing every resource with what its panel says, where that takes its time.
    Reconcile(BenchReconcileArgs),
    /// The admin's pages over a large business, asked for on many connections at once.
    Pages(BenchPagesArgs),
}

/// Options of `bench pages`.
#[derive(Debug, Args)]
pub struct BenchPagesArgs {
    /// How many customers the business has; each has three services and nine invoices.
    #[arg(long, default_value_t = 112_000, value_parser = clap::value_parser!(i64).range(10..=10_000_000))]
    pub customers: i64,
    /// Connections at once.
    #[arg(long, default_value_t = 16)]
    pub connections: usize,
    /// Requests for each kind of page.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub requests: u32,
    /// Ask for compressed answers, as browsers do where no proxy compresses.
    #[arg(long)]
    pub gzip: bool,
    /// Keep the business in this folder. Where one was kept before, with as many customers, it is measured again.
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
}

/// Options of `bench import`.
#[derive(Debug, Args)]
pub struct BenchImportArgs {
    /// About how many rows the dump has.
    #[arg(long, default_value_t = 500_000, value_parser = clap::value_parser!(i64).range(1..=100_000_000))]
    pub rows: i64,
}

/// Options of `bench reconcile`.
#[derive(Debug, Args)]
pub struct BenchReconcileArgs {
    /// How many resources there are.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i64).range(1..=10_000_000))]
    pub resources: i64,
}

/// Options of `bench provisioning`.
#[derive(Debug, Args)]
pub struct BenchProvisioningArgs {
    /// How many orders are paid at once.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub orders: i64,
}

/// Options of `bench pdf`.
#[derive(Debug, Args)]
pub struct BenchPdfArgs {
    /// How many documents are made.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub documents: i64,
}

/// Options of `bench billing-run`.
#[derive(Debug, Args)]
pub struct BenchRunArgs {
    /// How many subscriptions fall due.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i64).range(1..=10_000_000))]
    pub subscriptions: i64,
}
