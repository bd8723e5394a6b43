//! `bursar bench pages`: the real server over a business made for the measurement.

use std::path::Path;
use std::process::ExitCode;

use bursar_bench::pages::{Load, Report, Site, measure};
use bursar_context::Cx;
use bursar_db::{DatabaseUrl, Tx};
use bursar_fault::{Fault, Refusal as _};
use bursar_identity::{Client, IdentityError, NewStaff, Policy, add_owner, put_policy, sign_in};
use bursar_ids::Id;
use bursar_web::{SESSION_COOKIE, Transport};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::CommandError;
use super::bench::{brought, in_folder};
use crate::cli::BenchPagesArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;
use crate::web::{self, PublicUrl};

/// Measures on the engine that `--database` names. On PostgreSQL the database must be empty, or the one that belongs to
/// the folder that is kept.
pub async fn run(config: &Config, args: BenchPagesArgs, output: Output) -> Result<ExitCode, CommandError> {
    let measure = async |folder: &Path| {
        let mut measured = Config::embedded(folder);
        if let DatabaseUrl::Postgres(_) = &config.database {
            measured.database = config.database.clone();
        }
        measured.connections = config.connections;
        of_office(&measured, folder, &args).await
    };
    let report = match &args.keep {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|e| Fault::wrap("making the folder that is kept", e))?;
            measure(folder).await?
        }
        None => in_folder(config, measure).await?,
    };
    output.result(&report, || text(&report));
    Ok(ExitCode::SUCCESS)
}

async fn of_office(config: &Config, folder: &Path, args: &BenchPagesArgs) -> Result<Report, Fault> {
    let office = Office::open(config).await?;
    let cx = office.system("bench");
    let is_new = !is_filled(&cx, args.customers).await?;
    if is_new {
        fill(&cx, folder, args.customers).await?;
    }
    let listener =
        TcpListener::bind(&config.listen).await.map_err(|error| Fault::wrap("listening", error))?;
    let address = listener.local_addr().map_err(|error| Fault::wrap("asking for the address", error))?;
    let served = web::router(&office, config, PublicUrl(format!("http://{address}"))).await?;
    let cookie = session(&cx, is_new).await.map_err(|error| Fault::new(error.message()))?;
    let lists = office.app.resources().to_vec();
    let site = Site { address, cookie, lists, customers: args.customers };
    let load = Load {
        connections: args.connections,
        requests: usize::try_from(args.requests).unwrap_or(usize::MAX),
        is_compressed: args.gzip,
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async {
        // Gone is as good as told.
        stopped.await.unwrap_or_default();
    };
    let measuring = async {
        let report = measure(&cx, &site, load).await;
        drop(stop);
        report
    };
    let (ended, report) = tokio::join!(bursar_web::serve(listener, served.router, until), measuring);
    ended?;
    report
}

/// Whether a business of this size is there, from an earlier run.
async fn is_filled(cx: &Cx, customers: i64) -> Result<bool, Fault> {
    cx.read(async move |tx: &mut Tx| Ok(bursar_customers::find(tx, Id::new(customers)).await?.is_some()))
        .await
}

/// The business comes in as a real one would: by import.
async fn fill(cx: &Cx, folder: &Path, customers: i64) -> Result<(), Fault> {
    let dump = folder.join("business.sql");
    bursar_bench::import::write_dump(&dump, customers)?;
    let options = brought(dump.clone(), folder);
    let imported = bursar_import::whmcs::import(cx, options).await;
    imported.map_err(|error| Fault::new(format!("the import failed: {error}")))?;
    std::fs::remove_file(&dump).map_err(|e| Fault::wrap("removing the dump", e))
}

/// The owner's session, as the cookie that carries it; a new business has no owner yet.
async fn session(cx: &Cx, is_new: bool) -> Result<String, IdentityError> {
    let (email, password) = ("owner@bench.example", "correct horse battery");
    let owner = NewStaff { name: "Owner".to_owned(), email: email.to_owned(), password: password.to_owned() };
    if is_new {
        add_owner(cx, owner).await?;
        let policy = Policy { staff_second_factor: false, ..Policy::default() };
        cx.write(async move |tx: &mut Tx| put_policy(tx, &policy).await).await?;
    }
    let entry = sign_in(cx, email, password.to_owned(), Client::default()).await?;
    let session = entry.session().ok_or_else(|| Fault::new("the new owner has no second factor"))?;
    Ok(format!("{}={}", SESSION_COOKIE.full(Transport::Plain), session.token))
}

fn text(report: &Report) -> String {
    let mut lines = vec![format!(
        "{}: {} customers, {} invoices, {} connections",
        report.engine,
        report.customers,
        report.customers * 9,
        report.connections
    )];
    for kind in &report.pages {
        lines.push(format!(
            "{:<44} {:>6.0}/s  median {:>6.1} ms  p99 {:>6.1} ms  worst {:>6.1} ms  {:>4} kB  ({} addresses)",
            kind.page,
            kind.per_second,
            kind.p50_ms,
            kind.p99_ms,
            kind.max_ms,
            kind.bytes / 1_000,
            kind.addresses
        ));
    }
    lines.push(format!(
        "lists: {:.0} pages/s, the reads alone {:.0}/s, ratio {:.2}, peak {} MiB",
        report.list_pages_per_second,
        report.floor_lists_per_second,
        report.ratio_to_floor,
        report.peak_rss_mb
    ));
    lines.join("\n")
}
