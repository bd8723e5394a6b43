//! `bursar fake`: a vendor's interface with nothing behind it, to try a whole set-up.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use bursar_fakeserver::{FakeServer, FakeSshServer, Identity, Pretend};
use bursar_fault::Fault;
use bursar_hosting::conformance::{ByHand, Opening};
use serde::Serialize;
use serde_json::{Map, Value};

use super::CommandError;
use crate::cli::FakeArgs;
use crate::drivers::FAKES;
use crate::output::Output;

#[derive(Serialize)]
struct Started {
    driver: &'static str,
    /// What staff fill in for the server, and for a product.
    server: Map<String, Value>,
    plan: Map<String, Value>,
}

/// Listens until it is told to stop.
pub async fn run(args: FakeArgs, output: Output) -> Result<ExitCode, CommandError> {
    let by_hand = FAKES.iter().find(|fake| fake.driver == args.driver).ok_or_else(|| {
        let known: Vec<&str> = FAKES.iter().map(|fake| fake.driver).collect();
        CommandError::Refused(format!("there is no fake of {}; there are: {}", args.driver, known.join(", ")))
    })?;
    let address: SocketAddr = args
        .listen
        .parse()
        .map_err(|_| CommandError::Refused(format!("{} is no address like 127.0.0.1:9443", args.listen)))?;
    if !address.ip().is_loopback() {
        return Err(CommandError::Refused(
            "a fake lets anybody in who knows this source: it listens on a loopback address only".to_owned(),
        ));
    }
    let broken =
        |what: &'static str| move |error: std::io::Error| CommandError::Fault(Fault::wrap(what, error));
    let opened = broken("opening the fake's state");
    match by_hand.open {
        Opening::Http(open) => {
            let fake = open(args.state.as_deref()).map_err(opened)?;
            let server = over_http(&args, address, fake).await?;
            let leads_there = [("url", server.url()), ("fingerprint", server.identity().fingerprint())];
            serve(by_hand, &leads_there, output).await
        }
        Opening::Ssh(open) => {
            let (account, shell) = open(args.state.as_deref()).map_err(opened)?;
            let server = FakeSshServer::listen(address, account, shell).await.map_err(broken("listening"))?;
            let there = server.address();
            let leads_there = [
                ("host", there.ip().to_string()),
                ("port", there.port().to_string()),
                ("host_keys", server.host_key().to_owned()),
            ];
            serve(by_hand, &leads_there, output).await
        }
    }
}

async fn over_http(
    args: &FakeArgs,
    address: SocketAddr,
    fake: Arc<dyn Pretend>,
) -> Result<FakeServer, CommandError> {
    let broken =
        |what: &'static str| move |error: std::io::Error| CommandError::Fault(Fault::wrap(what, error));
    let identity = match &args.state {
        Some(path) => {
            Identity::kept(&path.with_extension("pem")).map_err(broken("keeping its certificate"))?
        }
        None => Identity::fresh(),
    };
    FakeServer::listen(address, identity, fake).await.map_err(broken("listening"))
}

/// Says what staff fill in, and stays until it is told to stop.
async fn serve(
    by_hand: &ByHand,
    leads_there: &[(&str, String)],
    output: Output,
) -> Result<ExitCode, CommandError> {
    let text = |value: &str| Value::from(value);
    let mut settings: Map<String, Value> =
        by_hand.settings.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
    settings.extend(leads_there.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
    let plan = by_hand.plan.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
    let started = Started { driver: by_hand.driver, server: settings, plan };
    output.result(&started, || text_of(&started));
    bursar_web::shutdown_signal().await?;
    Ok(ExitCode::SUCCESS)
}

fn text_of(started: &Started) -> String {
    let lines = |title: &str, values: &Map<String, Value>| {
        let rows =
            values.iter().map(|(name, value)| format!("  {name} = {}", value.as_str().unwrap_or_default()));
        format!("{title}\n{}", rows.collect::<Vec<_>>().join("\n"))
    };
    format!(
        "A fake {} listens; Ctrl-C stops it.\n{}\n{}",
        started.driver,
        lines("For the server:", &started.server),
        lines("For a product:", &started.plan)
    )
}
