//! `cargo run --release -p bursar-bench --example billing_run -- 100000 [postgres://…]`: the billing run and its floor.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bursar_bench::billing_run::{Floor, measure};
use bursar_context::{Cx, Foundation};
use bursar_db::{Attachments, DatabaseUrl, Db, Migrations, OpenOptions};
use bursar_ids::{Rng, TenantId};
use bursar_time::{Clock as _, SystemClock, TimeZone};

fn migrations() -> Vec<Migrations> {
    vec![
        bursar_db::kernel_migrations(),
        bursar_events::migrations(),
        bursar_jobs::migrations(),
        bursar_audit::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_billing::migrations(),
    ]
}

async fn open(url: DatabaseUrl) -> Cx {
    let db = Db::open(url, &OpenOptions::default()).expect("opens");
    db.migrate(migrations(), SystemClock.now()).await.expect("migrates");
    let foundation = Foundation {
        tenant: TenantId::new("bench").expect("valid"),
        clock: Arc::new(SystemClock),
        zone: TimeZone::UTC,
        rng: Arc::new(Mutex::new(Rng::from_seed(1))),
        db,
        attachments: Arc::new(Attachments::default()),
    };
    Cx::system(foundation, "bench", "billing run")
}

fn main() {
    let mut args = std::env::args().skip(1);
    let subscriptions: i64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let report = match args.next() {
            Some(url) => {
                let one = open(format!("{url}_engine").parse().expect("a url")).await;
                let two = open(format!("{url}_floor").parse().expect("a url")).await;
                measure(&one, Floor { cx: &two, path: None, source: None }, subscriptions).await
            }
            None => {
                let folder = std::env::temp_dir().join(format!("bursar-bench-{}", std::process::id()));
                let paths: Vec<PathBuf> =
                    ["engine", "floor"].iter().map(|n| folder.join(format!("{n}.sqlite"))).collect();
                let one = open(DatabaseUrl::Sqlite(paths[0].clone())).await;
                let two = open(DatabaseUrl::Sqlite(paths[1].clone())).await;
                let floor = Floor { cx: &two, path: Some(&paths[1]), source: Some(&paths[0]) };
                let report = measure(&one, floor, subscriptions).await;
                std::fs::remove_dir_all(&folder).expect("the folder can be removed");
                report
            }
        };
        let report = report.expect("measured");
        let text = serde_json::to_string_pretty(&report).expect("encodes");
        std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes()).expect("prints");
    });
}
