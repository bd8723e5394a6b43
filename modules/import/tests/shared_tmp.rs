use bursar_import::whmcs::{ImportOptions, import};
use bursar_testkit::{Setup, on_sqlite_with, on_postgres_with};
fn migrations() -> Vec<bursar_db::Migrations> {
    vec![bursar_events::migrations(), bursar_customers::migrations(), bursar_ledger::migrations(), bursar_catalog::migrations(), bursar_payments::migrations(), bursar_billing::migrations()]
}
async fn body(cx: bursar_testkit::TestCx) {
    let file: std::path::PathBuf = std::env::var("DUMP").unwrap().into();
    for round in 0..2 {
        let watch = bursar_time::Stopwatch::start();
        let report = import(&cx.cx(), ImportOptions { file: file.clone(), dry_run: false, progress: None }).await.map_err(|e| e.to_string()).unwrap();
        println!("round {round}: {} rows in {:.3}s explained {} differences {} problems {}", report.rows, watch.elapsed_seconds(), report.explained.len(), report.differences.len(), report.problems.len());
        for d in report.differences.iter().take(40) { println!("  DIFF {d:?}"); }
        println!("{:?}", report.counts);
        if round == 0 { for e in &report.explained { println!("  EXPL {} {} {} {}", e.path, e.dump, e.bursar, e.reason.chars().take(150).collect::<String>()); } 
          for p in &report.problems { println!("  PROB {p:?}"); } }
        let checks = cx.read(async |tx: &mut bursar_db::Tx| { let mut c = bursar_ledger::verify(tx).await?; c.extend(bursar_payments::verify(tx).await?); Ok::<_, bursar_fault::Fault>(c) }).await.unwrap();
        for c in checks { if c.failed > 0 { println!("  VERIFY {c:?}"); } }
        for c in bursar_billing::verify::verify(&cx.cx()).await.unwrap() { println!("  BV {} checked {} failed {} {:?}", c.name, c.checked, c.failed, c.examples.iter().take(3).collect::<Vec<_>>()); }
    }
}
#[test] fn sqlite() { on_sqlite_with(Setup::new(migrations()), body) }
#[test] fn postgres() { on_postgres_with(Setup::new(migrations()), body) }
