//! `bursar bench …`: on databases of its own, made for the measurement and removed after it.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use bursar_app::App;
use bursar_bench::billing_run::{Floor, measure};
use bursar_context::{Cx, Foundation};
use bursar_db::{DatabaseUrl, Db, OpenOptions};
use bursar_fault::Fault;
use bursar_ids::{Rng, TenantId};
use bursar_time::{Clock as _, SystemClock, TimeZone};
use bursar_vault::{KeyRing, Vault};

use super::CommandError;
use crate::cli::BenchRunArgs;
use crate::config::Config;
use crate::drivers::Drivers;
use crate::modules;
use crate::output::Output;

/// Measures the billing run on the engine that `--database` names.
///
/// On SQLite both databases are new files in a folder of the data directory. On PostgreSQL the measured database must
/// be empty, and the floor writes into a second one whose name is the first's with `_floor` added; it must exist.
pub async fn billing_run(
    config: &Config,
    args: BenchRunArgs,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let report = match &config.database {
        DatabaseUrl::Sqlite(_) => {
            let folder = config.data.join(format!("bench-{}", std::process::id()));
            let measured = on_sqlite(&folder, args.subscriptions).await;
            std::fs::remove_dir_all(&folder).map_err(|e| Fault::wrap("removing the bench's files", e))?;
            measured?
        }
        DatabaseUrl::Postgres(url) => {
            let cx = open(config.database.clone()).await?;
            let floor = open(DatabaseUrl::Postgres(floor_of(url))).await?;
            measure(&cx, Floor { cx: &floor, path: None, source: None }, args.subscriptions).await?
        }
    };
    output.result(&report, || {
        format!(
            "{}: {:.0} subscriptions/s, raw floor {:.0}/s, ratio {:.2}, peak {} MiB",
            report.engine,
            report.subscriptions_per_second,
            report.floor_subscriptions_per_second,
            report.ratio_to_floor,
            report.peak_rss_mb
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// The address with `_floor` added to the name of the database, before any options.
fn floor_of(url: &str) -> String {
    match url.split_once('?') {
        Some((place, options)) => format!("{place}_floor?{options}"),
        None => format!("{url}_floor"),
    }
}

async fn on_sqlite(
    folder: &std::path::Path,
    subscriptions: i64,
) -> Result<bursar_bench::billing_run::Report, Fault> {
    let (engine, floor) = (folder.join("engine.sqlite"), folder.join("floor.sqlite"));
    let one = open(DatabaseUrl::Sqlite(engine.clone())).await?;
    let two = open(DatabaseUrl::Sqlite(floor.clone())).await?;
    measure(&one, Floor { cx: &two, path: Some(&floor), source: Some(&engine) }, subscriptions).await
}

/// The whole product's schema and event routes, so that the run writes every row it really writes.
async fn open(url: DatabaseUrl) -> Result<Cx, Fault> {
    let mut rng = Rng::from_seed(1);
    let vault = Vault::new(KeyRing::generate(&mut rng));
    let drivers = Drivers::with_processor(Arc::new(bursar_gateway_sandbox::Processor::in_memory()), vault);
    let app = App::build(&modules::all(&drivers))?;
    let db = Db::open(url, &OpenOptions::default())?;
    db.migrate(app.migrations(), SystemClock.now()).await?;
    let foundation = Foundation {
        tenant: TenantId::new("bench").map_err(|e| Fault::new(e.to_string()))?,
        clock: Arc::new(SystemClock),
        zone: TimeZone::UTC,
        rng: Arc::new(Mutex::new(rng)),
        db,
        attachments: Arc::new(app.attachments()),
    };
    Ok(Cx::system(foundation, "bench", "billing run"))
}
