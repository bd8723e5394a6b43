//! Every driver, and how it is opened.

use std::path::Path;
use std::sync::Arc;

use bursar_fault::Fault;
use bursar_gateway_sandbox::{Processor, SandboxGateway};
use bursar_payments::Gateways;
use bursar_vault::Vault;

/// The sandbox gateway's memory, in the data directory: it must outlive the process, as a vendor does.
const SANDBOX_FILE: &str = "sandbox-gateway.json";

/// The gateways of this installation.
pub struct Drivers {
    /// For the payments module.
    pub gateways: Gateways,
    /// The vendor behind the sandbox gateway, for its own pages and the demo.
    pub sandbox: Arc<Processor>,
}

impl Drivers {
    /// Opens every gateway.
    pub fn open(data: &Path, vault: Vault) -> Result<Self, Fault> {
        let processor = Processor::open(&data.join(SANDBOX_FILE))
            .map_err(|e| Fault::wrap("opening the sandbox gateway's memory", e))?;
        Ok(Self::with_processor(Arc::new(processor), vault))
    }

    /// With a vendor made by the caller.
    pub fn with_processor(processor: Arc<Processor>, vault: Vault) -> Self {
        let credentials = processor.credentials();
        let gateway = Arc::new(SandboxGateway::new(Arc::clone(&processor)));
        Self { gateways: Gateways::new(vault).with(gateway, credentials), sandbox: processor }
    }
}
