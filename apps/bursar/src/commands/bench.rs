//! `bursar bench …`: on databases of its own, made for the measurement and removed after it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use bursar_app::App;
use bursar_bench::billing_run::{Floor, measure};
use bursar_context::{Cx, Foundation};
use bursar_db::{DatabaseUrl, Db, OpenOptions};
use bursar_fault::Fault;
use bursar_hosting::Hosting;
use bursar_hosting_sandbox::Panel;
use bursar_ids::{Rng, TenantId};
use bursar_import::whmcs::ImportOptions;
use bursar_inventory::HostingDrivers;
use bursar_outbound::Outbound;
use bursar_time::{Clock as _, SystemClock, TimeZone};
use bursar_vault::{KeyRing, Vault};

use super::CommandError;
use crate::cli::{BenchImportArgs, BenchPdfArgs, BenchProvisioningArgs, BenchReconcileArgs, BenchRunArgs};
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
            in_folder(config, async |folder| on_sqlite(folder, args.subscriptions).await).await?
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

/// Measures an import on SQLite, in a folder of the data directory that is removed afterwards.
pub async fn import(
    config: &Config,
    args: BenchImportArgs,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let report = in_folder(config, async |folder| {
        let (source, floor) = (folder.join("engine.sqlite"), folder.join("floor.sqlite"));
        let cx = open(DatabaseUrl::Sqlite(source.clone())).await?;
        drop(open(DatabaseUrl::Sqlite(floor.clone())).await?);
        let places = bursar_bench::import::Places { source: &source, floor: &floor, folder };
        bursar_bench::import::measure(&cx, places, args.rows, |file| brought(file, folder)).await
    })
    .await?;
    output.result(&report, || {
        format!(
            "{} rows ({} MiB): {:.0} rows/s, raw floor {:.0}/s, ratio {:.2}, peak {} MiB",
            report.rows,
            report.dump_mb,
            report.rows_per_second,
            report.floor_rows_per_second,
            report.ratio_to_floor,
            report.peak_rss_mb
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Measures the typesetting of invoices.
pub async fn pdf(config: &Config, args: BenchPdfArgs, output: Output) -> Result<ExitCode, CommandError> {
    let report = in_folder(config, async |folder| {
        let cx = open(DatabaseUrl::Sqlite(folder.join("engine.sqlite"))).await?;
        bursar_bench::pdf::measure(&cx, args.documents).await
    })
    .await?;
    output.result(&report, || {
        format!(
            "{} documents of {} lines: {:.0}/s on one core, {:.0}/s only read, {} bytes each, peak {} MiB",
            report.documents,
            report.lines,
            report.documents_per_second,
            report.floor_documents_per_second,
            report.average_bytes,
            report.peak_rss_mb
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Measures how long a burst of paid orders takes to become machines, on the engine that `--database` names. On
/// PostgreSQL the database must be empty.
pub async fn provisioning(
    config: &Config,
    args: BenchProvisioningArgs,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let panel = Arc::new(Panel::in_memory());
    let slow = bursar_bench::provisioning::slow(&panel);
    let report = over(config, slow, async |cx, app, drivers| {
        let rooms = bursar_provisioning::Rooms::new(drivers.hosting.clone());
        let house = bursar_bench::provisioning::House {
            app: &app,
            kinds: bursar_ordering::Kinds::default().delivered_by(Arc::new(rooms)),
            gateways: &drivers.gateways,
            drivers: &drivers.hosting,
            panel,
        };
        bursar_bench::provisioning::measure(&cx, house, args.orders).await
    })
    .await?;
    output.result(&report, || {
        format!(
            "{}: {} paid orders in {:.1} s (calls alone {:.1} s), {} active, {} waiting, {} machines, {} made twice, \
             slowest read {} ms",
            report.engine,
            report.orders,
            report.elapsed_seconds,
            report.floor_seconds,
            report.active,
            report.waiting,
            report.machines,
            report.made_twice,
            report.slowest_read_ms
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Measures how long it takes to compare every resource with its panel. On PostgreSQL the database must be empty.
pub async fn reconcile(
    config: &Config,
    args: BenchReconcileArgs,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let endless = bursar_bench::reconcile::endless(args.resources);
    let report = over(config, endless, async |cx, _, drivers| {
        bursar_bench::reconcile::measure(&cx, &drivers.hosting, args.resources).await
    })
    .await?;
    output.result(&report, || {
        format!(
            "{}: {} resources compared in {:.1} s (questions alone {:.1} s), {} accounts listed, {} differences, memory \
             {} MiB before and {} MiB at most",
            report.engine,
            report.compared,
            report.elapsed_seconds,
            report.floor_seconds,
            report.accounts,
            report.differences,
            report.before_rss_mb,
            report.peak_rss_mb
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// The whole product over one hosting driver, on a database of its own.
async fn over<T>(
    config: &Config,
    hosting: Arc<dyn Hosting>,
    measured: impl AsyncFnOnce(Cx, App, Drivers) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut drivers = drivers();
    drivers.hosting = HostingDrivers::new(vec![hosting], drivers.vault.clone(), Outbound::new());
    match &config.database {
        DatabaseUrl::Sqlite(_) => {
            in_folder(config, async |folder| {
                let (app, cx) =
                    open_with(DatabaseUrl::Sqlite(folder.join("engine.sqlite")), &drivers).await?;
                measured(cx, app, drivers).await
            })
            .await
        }
        DatabaseUrl::Postgres(_) => {
            let (app, cx) = open_with(config.database.clone(), &drivers).await?;
            measured(cx, app, drivers).await
        }
    }
}

/// A folder of its own for one measurement; removed afterwards, however that ends.
pub(super) async fn in_folder<T>(
    config: &Config,
    measured: impl AsyncFnOnce(&Path) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let folder = config.data.join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| Fault::wrap("making the bench's folder", e))?;
    let outcome = measured(&folder).await;
    std::fs::remove_dir_all(&folder).map_err(|e| Fault::wrap("removing the bench's files", e))?;
    outcome
}

/// How a made-up dump is imported.
pub(super) fn brought(file: PathBuf, folder: &Path) -> ImportOptions {
    ImportOptions {
        file,
        dry_run: false,
        scratch: folder.to_owned(),
        batch: bursar_import::whmcs::BATCH,
        gateways: drivers().gateways,
        encryption_hash: None,
        progress: None,
    }
}

fn drivers() -> Drivers {
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    Drivers::with_processor(Arc::new(bursar_gateway_sandbox::Processor::in_memory()), vault)
}

/// The address with `_floor` added to the name of the database, before any options.
fn floor_of(url: &str) -> String {
    match url.split_once('?') {
        Some((place, options)) => format!("{place}_floor?{options}"),
        None => format!("{url}_floor"),
    }
}

async fn on_sqlite(folder: &Path, subscriptions: i64) -> Result<bursar_bench::billing_run::Report, Fault> {
    let (engine, floor) = (folder.join("engine.sqlite"), folder.join("floor.sqlite"));
    let one = open(DatabaseUrl::Sqlite(engine.clone())).await?;
    let two = open(DatabaseUrl::Sqlite(floor.clone())).await?;
    measure(&one, Floor { cx: &two, path: Some(&floor), source: Some(&engine) }, subscriptions).await
}

/// The whole product's schema and event routes, so that the run writes every row it really writes.
async fn open(url: DatabaseUrl) -> Result<Cx, Fault> {
    Ok(open_with(url, &drivers()).await?.1)
}

async fn open_with(url: DatabaseUrl, drivers: &Drivers) -> Result<(App, Cx), Fault> {
    let app = App::build(&modules::all(drivers))?;
    let db = Db::open(url, &OpenOptions::default())?;
    db.migrate(app.migrations(), SystemClock.now()).await?;
    let foundation = Foundation {
        tenant: TenantId::new("bench").map_err(|e| Fault::new(e.to_string()))?,
        clock: Arc::new(SystemClock),
        zone: TimeZone::UTC,
        rng: Arc::new(Mutex::new(Rng::from_seed(1))),
        db,
        attachments: Arc::new(app.attachments()),
    };
    let cx = Cx::system(foundation, "bench", "measuring");
    Ok((app, cx))
}
