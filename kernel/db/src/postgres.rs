//! Opening PostgreSQL connections.

use bursar_fault::Fault;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{from_postgres, refused_tls};
use crate::session::Session;
use crate::tls::{self, TlsMode, TlsOptions};

/// A server to connect to, with what it takes to check who answers.
#[derive(Clone)]
pub(crate) struct Target {
    config: tokio_postgres::Config,
    connector: MakeRustlsConnect,
    hosts: String,
}

impl Target {
    /// Reads an address and the certificates it names.
    pub(crate) fn parse(url: &str) -> Result<Self, Fault> {
        let (config, options) = read(url).map_err(Fault::new)?;
        let connector = tls::connector(&options)?;
        let hosts = config.get_hosts().iter().map(host_name).collect::<Vec<_>>().join(", ");
        Ok(Self { config, connector, hosts })
    }

    /// Connects on the runtime of the caller, which also drives the connection.
    pub(crate) async fn connect(&self) -> Result<Session, Fault> {
        self.connect_with("SET client_min_messages = warning").await
    }

    /// As [`connect`](Self::connect), for a connection that changes nothing.
    pub(crate) async fn connect_to_read(&self) -> Result<Session, Fault> {
        self.connect_with("SET client_min_messages = warning; SET default_transaction_read_only = on").await
    }

    async fn connect_with(&self, settings: &str) -> Result<Session, Fault> {
        let connected = self.config.connect(self.connector.clone()).await;
        let (client, connection) = connected.map_err(|error| match refused_tls(&error, &self.hosts) {
            Some(text) => Fault::unavailable(text).caused_by(error),
            None => from_postgres("connecting to PostgreSQL", error),
        })?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the connection must be driven beside the unit that uses it"
        )]
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %error, "a PostgreSQL connection ended");
            }
        });
        client.batch_execute(settings).await.map_err(|e| from_postgres("preparing a connection", e))?;
        Ok(Session::new(client))
    }
}

/// Takes an address apart: what the client library knows, and what it does not.
pub(crate) fn read(url: &str) -> Result<(tokio_postgres::Config, TlsOptions), String> {
    let (rest, options) = TlsOptions::take_from(url)?;
    let mut config: tokio_postgres::Config =
        rest.parse().map_err(|error| format!("the PostgreSQL address cannot be read: {}", causes(&error)))?;
    let over_sockets_only = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    config.ssl_mode(match options.mode {
        // A Unix socket does not leave the machine, and servers offer no TLS on it.
        _ if over_sockets_only => SslMode::Disable,
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    });
    Ok((config, options))
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", causes(source)),
        None => error.to_string(),
    }
}
