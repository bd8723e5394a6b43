//! `bursar-sim`: lives through seeds and prints the whole story of the first one that goes wrong.

use std::io::Write as _;
use std::process::ExitCode;

use bursar_sim::{Plan, Story, simulate};
use clap::Parser;

/// Simulates months of business with crashes and faults, and audits every day.
#[derive(Debug, Parser)]
#[command(name = "bursar-sim")]
struct Args {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds, counting up from the first.
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Simulated days with people and faults.
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// How many of a million commits the application goes down at, instead of what the seed says.
    #[arg(long)]
    crash_ppm: Option<u32>,
    /// Print the story also when all is well.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell(&format!("the simulation cannot start: {error}"), ExitCode::FAILURE),
    };
    for seed in args.seed..args.seed.saturating_add(args.count) {
        let story =
            runtime.block_on(simulate(&Plan { crash_ppm: args.crash_ppm, ..Plan::new(seed, args.days) }));
        let is_well = story.findings.is_empty();
        let mut text = if args.trace || !is_well { story.trace.to_string() } else { String::new() };
        text.push_str(&summary(&story));
        if !is_well {
            return tell(&text, ExitCode::FAILURE);
        }
        tell(&text, ExitCode::SUCCESS);
    }
    ExitCode::SUCCESS
}

fn summary(story: &Story) -> String {
    let Story { plan, findings, crashes, documents, payments, subscriptions, .. } = story;
    let mut text = format!(
        "seed {} over {} days: {subscriptions} subscriptions, {documents} documents, {payments} payments, {crashes} crashes: {}",
        plan.seed,
        plan.days,
        if findings.is_empty() { "all is well" } else { "WRONG" },
    );
    for finding in findings {
        text.push_str("\n  ");
        text.push_str(finding);
    }
    if !findings.is_empty() {
        text.push_str("\nreplay: ");
        text.push_str(&plan.replay());
    }
    text
}

/// A closed pipe is the reader's wish.
fn tell(text: &str, code: ExitCode) -> ExitCode {
    writeln!(std::io::stdout(), "{text}").ok();
    code
}
