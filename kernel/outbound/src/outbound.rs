//! The way out: connections to vendors, kept open between calls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::endpoint::Trust;
use crate::tls::{TlsError, client_config};

/// How long connecting may take, at most: a vendor that is down is known to be down long before the deadline.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// Connections to vendors. One for the whole process; clones share it.
#[derive(Clone, Default)]
pub struct Outbound(Arc<Mutex<BTreeMap<Trust, reqwest::Client>>>);

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}

impl Outbound {
    /// Without connections yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The client of a kind of trust. One each, because a connection that was checked one way must not serve a caller
    /// who asks for another.
    pub(crate) fn client(&self, trust: &Trust) -> Result<reqwest::Client, TlsError> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(trust) {
            return Ok(client.clone());
        }
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(client_config(trust)?)
            // A redirect would take credentials to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            // Whether a second attempt is safe is not known here.
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("Bursar/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| TlsError::Library(rustls::Error::General(error.to_string())))?;
        clients.insert(trust.clone(), client.clone());
        Ok(client)
    }
}
