//! `bursar serve`.

use std::process::ExitCode;

use bursar_app::Background;
use bursar_fault::Fault;
use bursar_identity::Setup;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::CommandError;
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;
use crate::web::{self, PublicUrl};

/// How many jobs run at once.
const WORKERS: usize = 2;

/// Serves the pages and does the background work until it is told to stop.
pub async fn run(config: Config, args: ServeArgs, output: Output) -> Result<ExitCode, CommandError> {
    let listen = args.listen.unwrap_or_else(|| config.listen.clone());
    let listener = TcpListener::bind(&listen).await.map_err(|error| {
        CommandError::Refused(format!(
            "cannot listen on {listen}: {error}; choose another address with --listen"
        ))
    })?;
    let address = listener.local_addr().map_err(|e| Fault::wrap("asking for the address", e))?;
    let scheme = if config.behind_tls { "https" } else { "http" };
    let base = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    let base = base.trim_end_matches('/').to_owned();
    // What was really bound goes into links of mails too, where no address is configured.
    let config = Config { public_url: Some(base.clone()), ..config };
    let office = Office::open(&config).await?;
    let served = web::router(&office, &config, PublicUrl(base.clone())).await?;
    let cx = office.system("serve");
    output.say(&format!("Bursar is at {base}/admin, the customers' portal at {base}/portal"));
    if let Setup::Needed { path } = bursar_identity::begin_setup(&cx).await? {
        output.say(&format!("Nobody can sign in yet. Create the owner here, once: {base}{path}"));
    }
    let (stop, stopped) = watch::channel(false);
    let background = Background::new(office.app.clone(), WORKERS);
    let (ended, (), (), (), signal) = tokio::join!(
        bursar_web::serve(listener, served.router, until(stopped.clone())),
        background.run(cx.clone(), until(stopped.clone())),
        web::deliver_webhooks(&cx, &office.drivers, until(stopped.clone())),
        served.looks.follow(until(stopped)),
        async {
            let signal = bursar_web::shutdown_signal().await;
            stop.send_replace(true);
            signal
        },
    );
    ended?;
    signal?;
    Ok(ExitCode::SUCCESS)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a reason to stop too.
    if stopped.wait_for(|stop| *stop).await.is_err() {
        tracing::debug!("whoever stops the server is gone");
    }
}
