//! The gateways that are set up, with what opens their accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_gateway::{Gateway, Manifest, MethodToken};
use bursar_outbound::{Call, Credentials, DEFAULT_TIMEOUT};
use bursar_vault::Vault;

/// Drivers by id, their credentials, and the vault that seals stored tokens. Cheap to clone.
#[derive(Clone)]
pub struct Gateways(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    by_id: BTreeMap<&'static str, (Arc<dyn Gateway>, Credentials)>,
    vault: Vault,
}

impl std::fmt::Debug for Gateways {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.by_id.keys()).finish()
    }
}

impl Gateways {
    /// No gateway yet.
    pub fn new(vault: Vault) -> Self {
        Self(Arc::new(Inner { by_id: BTreeMap::new(), vault }))
    }

    /// Adds a gateway under its manifest's id.
    #[must_use]
    pub fn with(self, gateway: Arc<dyn Gateway>, credentials: Credentials) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.by_id.insert(gateway.manifest().id, (gateway, credentials));
        Self(Arc::new(inner))
    }

    /// What is set up, for pages.
    pub fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        self.0.by_id.values().map(|(gateway, _)| gateway.manifest())
    }

    /// A driver.
    pub fn find(&self, id: &str) -> Option<&dyn Gateway> {
        self.0.by_id.get(id).map(|(gateway, _)| &**gateway)
    }

    /// Starts a call in the name of a gateway's account.
    pub(crate) fn call(&self, cx: &Cx, id: &str) -> Call {
        let credentials = self.0.by_id.get(id).map(|(_, c)| c.clone()).unwrap_or_default();
        Call::new(cx.now(), DEFAULT_TIMEOUT, credentials)
    }

    /// Text of a vendor without the account's secrets.
    pub(crate) fn redact(&self, id: &str, text: &str) -> String {
        let none = Credentials::none();
        bursar_outbound::redact(text, self.0.by_id.get(id).map_or(&none, |(_, credentials)| credentials))
    }

    /// Seals a method's token for its row.
    pub(crate) fn seal(&self, cx: &Cx, method: i64, token: &MethodToken) -> String {
        cx.with_rng(|rng| self.0.vault.seal(token.expose().as_bytes(), &place(method), rng).to_string())
    }

    /// Opens a method's token.
    pub(crate) fn open(&self, method: i64, sealed: &str) -> Result<MethodToken, Fault> {
        let token = self.0.vault.open_text(sealed, &place(method))?;
        Ok(MethodToken::new(token.expose().clone()))
    }
}

fn place(method: i64) -> String {
    format!("payments_methods:{method}:token")
}
