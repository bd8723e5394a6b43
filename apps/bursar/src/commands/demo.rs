//! `bursar demo`: a believable business in one command.

use std::process::ExitCode;

use bursar_time::{Clock as _, SystemClock};

use super::{CommandError, serve};
use crate::cli::{DemoArgs, ServeArgs};
use crate::config::Config;
use crate::demo;
use crate::office::Office;
use crate::output::Output;

/// Builds the business when the data directory is empty, then serves it.
pub async fn run(config: Config, args: DemoArgs, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(&config).await?;
    let there = demo::is_built(&office).await?;
    drop(office);
    if !there {
        build(&config, args.seed, output).await?;
    } else if args.no_serve {
        output.say("This data directory already holds a business; nothing was built.");
    }
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    output.say(&format!("Sign in as {} with the password {}", demo::OWNER, demo::OWNER_PASSWORD));
    output.say("For the portal, open a customer in the admin and create a sign-in link there.");
    serve::run(config, ServeArgs { listen: Some(args.listen) }, output).await
}

async fn build(config: &Config, seed: u64, output: Output) -> Result<(), CommandError> {
    let watch = bursar_time::Stopwatch::start();
    let script = demo::Script { seed, extent: demo::Extent::FULL, now: SystemClock.now() };
    let bar = output.progress("living through a year");
    let built = demo::build(config, script, |day, of| {
        bar.set_length(of);
        bar.set_position(day);
    })
    .await?;
    bar.finish_and_clear();
    output.result(&built, || {
        format!(
            "Built a business: {} customers, {} subscriptions, {} invoices, {} transfers, in {:.1} s.",
            built.customers,
            built.subscriptions,
            built.invoices,
            built.payments,
            watch.elapsed().as_secs_f64()
        )
    });
    Ok(())
}
