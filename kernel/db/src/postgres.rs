//! Opening PostgreSQL connections.

use std::collections::BTreeMap;

use bursar_fault::Fault;

use crate::error::from_postgres;
use crate::tx::PgConn;

/// Connects on the calling thread's own runtime, which also drives the connection whenever it runs a unit of work.
pub(crate) async fn open(url: &str) -> Result<PgConn, Fault> {
    let config: tokio_postgres::Config =
        url.parse().map_err(|e| from_postgres("reading the database address", e))?;
    let (client, connection) = config
        .connect(tokio_postgres::NoTls)
        .await
        .map_err(|e| from_postgres("connecting to PostgreSQL", e))?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the connection must be driven beside the unit that uses it"
    )]
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = %error, "a PostgreSQL connection ended");
        }
    });
    client
        .batch_execute("SET client_min_messages = warning")
        .await
        .map_err(|e| from_postgres("preparing a connection", e))?;
    Ok(PgConn { client, prepared: BTreeMap::new() })
}
