//! Every list of the product, on real databases.

use std::sync::Arc;

use bursar::drivers::Drivers;
use bursar::modules;
use bursar_app::App;
use bursar_db::{Param, Tx};
use bursar_fault::Fault;
use bursar_gateway_sandbox::Processor;
use bursar_ids::Rng;
use bursar_testkit::{Setup, on_both_engines_with, on_sqlite_with};
use bursar_vault::{KeyRing, Vault};

fn app() -> App {
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
    let drivers = Drivers::with_processor(Arc::new(Processor::in_memory()), vault);
    App::build(&modules::all(&drivers)).expect("the modules fit together")
}

#[test]
fn every_list_and_lens_is_answered_by_an_index() {
    let app = app();
    let setup = Setup::new(app.migrations().split_off(1));
    on_sqlite_with(setup, async |cx| {
        let resources = app.resources().to_vec();
        assert!(resources.len() >= 4, "the product has lists");
        let slow = cx
            .read(async move |tx: &mut Tx| {
                let mut slow = Vec::new();
                for resource in &resources {
                    slow.extend(resource.slow_plans(tx).await?);
                }
                Ok::<_, Fault>(slow)
            })
            .await
            .unwrap();
        assert!(slow.is_empty(), "{}", slow.join("\n"));
    });
}

/// SQLite knows nothing of how many rows have a status, and would take that index first: every page of a walk over many
/// ids would then go through everything that is active.
#[test]
fn what_asks_about_some_ids_does_not_begin_with_all_rows_of_a_status() {
    let app = app();
    let setup = Setup::new(app.migrations().split_off(1));
    on_sqlite_with(setup, async |cx| {
        let asked: Vec<_> =
            app.statements().iter().copied().filter(|it| it.text().contains("{any:")).collect();
        assert!(asked.len() >= 10, "the product asks about many ids at once");
        let begun = cx
            .read(async move |tx: &mut Tx| {
                let mut begun = Vec::new();
                for statement in &asked {
                    let values = vec![Param::Null; parameters(statement.text())];
                    let text = format!("EXPLAIN QUERY PLAN {}", statement.text());
                    let steps = tx.query_text(&text, &values, |row| row.get::<String>(3)).await?;
                    let first =
                        steps.into_iter().find(|step| step.starts_with("SE") || step.starts_with("SC"));
                    begun.push((statement.path(), first.unwrap_or_default()));
                }
                Ok::<_, Fault>(begun)
            })
            .await
            .unwrap();
        let wrong: Vec<_> = begun
            .iter()
            .filter(|(_, step)| step.contains("_status (") || step.contains("_state ("))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

/// The highest number of a parameter.
fn parameters(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .max()
        .unwrap_or_default()
}

#[test]
fn every_column_filter_and_search_of_every_list_is_understood_by_both_engines() {
    let app = app();
    let setup = Setup::new(app.migrations().split_off(1));
    on_both_engines_with(setup, async |cx| {
        for resource in app.resources().to_vec() {
            let key = resource.key();
            let tried = cx.read(async move |tx: &mut Tx| resource.try_everything(tx).await).await;
            let tried = tried.unwrap_or_else(|fault: Fault| panic!("{key}: {}", fault.chain()));
            assert!(tried > 2, "{key}: {tried} statements");
        }
    });
}
