//! Asking a server how it is: the call outside of any unit of work, then the record.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::{Capability, Connection, ServerHealth};
use bursar_outbound::{CallError, Fingerprint, redact};

use super::HealthState;
use super::access::{ServerAccess, server_for_call};
use super::health::{self, Look};
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;

/// How the questions ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Whether it lets us in.
    pub connection: Result<Connection, CallError>,
    /// How it is; none for drivers that cannot say, and when it did not let us in.
    pub health: Option<Result<ServerHealth, CallError>>,
}

/// Asks a server and keeps what it said. Changes nothing there.
///
/// # Errors
/// [`InventoryError`]. A server that is down is no error but what was found.
pub async fn probe_server(cx: &Cx, drivers: &HostingDrivers, server_id: i64) -> Result<Look, InventoryError> {
    let lookup = drivers.clone();
    let access = cx.read(async move |tx: &mut Tx| server_for_call(tx, &lookup, server_id).await).await?;
    let look = judge(&ask(cx, drivers, &access).await?, &access);
    let kept = look.clone();
    cx.write(async move |tx: &mut Tx| health::put(tx, server_id, &kept).await).await?;
    Ok(look)
}

async fn ask(cx: &Cx, drivers: &HostingDrivers, access: &ServerAccess) -> Result<Probe, InventoryError> {
    let driver =
        drivers.shared(&access.driver).ok_or_else(|| InventoryError::NoDriver(access.driver.clone()))?;
    let call = || access.ask(drivers, cx);
    let connection = driver.test_connection(&call()).await;
    let offered = driver.health().filter(|_| driver.offers(&access.settings, Capability::Health));
    let health = match (&connection, offered) {
        (Ok(_), Some(health)) => Some(health.health(&call()).await),
        (Ok(_), None) | (Err(_), _) => None,
    };
    Ok(Probe { connection, health })
}

/// Keeps what somebody who called a server anyway found out about it.
///
/// # Errors
/// Faults of the database.
pub async fn record_health(tx: &mut Tx, access: &ServerAccess, probe: &Probe) -> Result<(), Fault> {
    health::put(tx, access.server_id, &judge(probe, access)).await
}

/// What the answers mean. Pure.
pub fn judge(probe: &Probe, access: &ServerAccess) -> Look {
    let nothing = Look {
        state: HealthState::Down,
        why: String::new(),
        panel_version: String::new(),
        remarks: Vec::new(),
        figures: ServerHealth::default(),
        shown_fingerprint: String::new(),
    };
    let said = |error: &CallError| redact(&error.to_string(), &access.credentials);
    let connection = match &probe.connection {
        Ok(connection) => connection,
        Err(error) => {
            let shown = Fingerprint::shown_in(&error.to_string()).map(|it| it.to_string());
            let state = match error {
                CallError::BadCredentials(_) | CallError::Refused(_) => HealthState::Refused,
                CallError::NotSent(_)
                | CallError::Unknown(_)
                | CallError::RateLimited { .. }
                | CallError::Unreadable(_) => HealthState::Down,
            };
            return Look { state, why: said(error), shown_fingerprint: shown.unwrap_or_default(), ..nothing };
        }
    };
    let mut remarks = connection.problems.clone();
    let figures = match &probe.health {
        Some(Ok(figures)) => figures.clone(),
        Some(Err(error)) => {
            remarks.push(format!("It does not say how it is: {}", said(error)));
            ServerHealth::default()
        }
        None => ServerHealth::default(),
    };
    let is_calm = remarks.is_empty() && figures.warnings.is_empty();
    Look {
        state: if is_calm { HealthState::Up } else { HealthState::Warning },
        panel_version: connection.version.clone().unwrap_or_default(),
        remarks,
        figures,
        ..nothing
    }
}

#[cfg(test)]
mod tests;
