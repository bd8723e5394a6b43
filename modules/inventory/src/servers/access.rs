//! What a call to a server needs.

use std::sync::Arc;
use std::time::Duration;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_outbound::{Call, Credentials, Limits, Settings};

use super::notebook::ServerNotebook;
use super::{ServerMode, store};
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;

/// A server as a driver is told of it. What opens it is in clear here and never prints.
#[derive(Debug, Clone)]
pub struct ServerAccess {
    /// Which server.
    pub server_id: i64,
    /// Its name, for messages.
    pub name: String,
    /// Its driver's id.
    pub driver: String,
    /// What may be done with it. A disabled one is not called, except to try it.
    pub mode: ServerMode,
    /// What is set about it.
    pub settings: Settings,
    /// What opens it.
    pub credentials: Credentials,
    /// How fast it may be asked.
    pub limits: Limits,
    /// How long a question may take.
    pub ask_timeout: Duration,
    /// How long a change may take.
    pub change_timeout: Duration,
}

impl ServerAccess {
    /// A call that asks. Start it outside of any unit of work.
    pub fn ask(&self, drivers: &HostingDrivers, cx: &Cx) -> Call {
        self.call(drivers, cx, self.ask_timeout)
    }

    /// A call that changes something. Start it outside of any unit of work.
    pub fn change(&self, drivers: &HostingDrivers, cx: &Cx) -> Call {
        self.call(drivers, cx, self.change_timeout)
    }

    /// The lane of this server in a [`Limiter`](bursar_outbound::Limiter).
    pub fn lane(&self) -> String {
        format!("hosting:{}", self.server_id)
    }

    /// Every call carries the server's notebook: a driver without a vendor can do nothing without it.
    fn call(&self, drivers: &HostingDrivers, cx: &Cx, timeout: Duration) -> Call {
        Call::new(cx.now(), timeout, self.credentials.clone())
            .with_settings(self.settings.clone())
            .with_notebook(Arc::new(ServerNotebook::new(cx, self.server_id)))
            .through(drivers.outbound())
    }
}

/// Reads a server with what opens it. A secret that the driver no longer asks for stays sealed.
///
/// # Errors
/// [`InventoryError::NotFound`], [`InventoryError::NoDriver`], and faults: a secret that cannot be opened is one.
pub async fn server_for_call(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    server_id: i64,
) -> Result<ServerAccess, InventoryError> {
    let server = store::find_server(tx, server_id).await?.ok_or(InventoryError::NotFound("server"))?;
    let details = server.details;
    let manifest = drivers.get_manifest(&details.driver)?;
    let sealed = tx
        .query(&store::SECRETS, params![server_id], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))
        .await?;
    let mut credentials = Credentials::none();
    for (name, sealed) in sealed {
        let asked_for = manifest.server_settings.iter().find(|it| it.kind.is_secret() && it.name == name);
        if let Some(setting) = asked_for {
            let secret = drivers.open(server_id, &name, &sealed)?;
            credentials = credentials.with(setting.name, secret.expose().clone());
        }
    }
    let own = |value: Option<i64>, what: &str| {
        value
            .map(u32::try_from)
            .transpose()
            .map_err(|e| Fault::wrap(format!("server {server_id}: {what}"), e))
    };
    let pace = manifest.pace;
    Ok(ServerAccess {
        server_id,
        name: details.name,
        driver: details.driver,
        mode: details.mode,
        settings: details.settings,
        credentials,
        limits: Limits {
            at_once: own(details.at_once, "calls at once")?.unwrap_or(pace.at_once),
            per_minute: own(details.per_minute, "calls a minute")?.or(pace.per_minute),
        },
        ask_timeout: pace.ask_timeout,
        change_timeout: pace.change_timeout,
    })
}
