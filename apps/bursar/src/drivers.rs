//! Every driver, and how it is opened.

use std::path::Path;
use std::sync::Arc;

use bursar_fault::Fault;
use bursar_gateway_sandbox::{Processor, SandboxGateway};
use bursar_hosting::Hosting;
use bursar_hosting::conformance::ByHand;
use bursar_hosting_download::Downloads;
use bursar_hosting_enhance::Enhance;
use bursar_hosting_exec::exec;
use bursar_hosting_http::Http;
use bursar_hosting_kasm::Kasm;
use bursar_hosting_licence::Licences;
use bursar_hosting_manual::Manual;
use bursar_hosting_proxmox::Proxmox;
use bursar_hosting_pterodactyl::Pterodactyl;
use bursar_hosting_sandbox::{Panel, SandboxHosting};
use bursar_hosting_ssh::Ssh;
use bursar_hosting_synergycp::SynergyCp;
use bursar_hosting_tcadmin::TcAdmin;
use bursar_hosting_virtfusion::VirtFusion;
use bursar_hosting_virtualizor::Virtualizor;
use bursar_hosting_whm::Whm;
use bursar_inventory::HostingDrivers;
use bursar_outbound::Outbound;
use bursar_payments::Gateways;
use bursar_taxid::TaxIdRegister;
use bursar_taxid_sandbox::SandboxRegister;
use bursar_vault::Vault;

/// The sandbox gateway's memory, in the data directory: it must outlive the process, as a vendor does.
const SANDBOX_FILE: &str = "sandbox-gateway.json";
/// The sandbox panel's, likewise.
const PANEL_FILE: &str = "sandbox-panel.jsonl";

/// The folder with the operator's own programs, in the data directory.
const PROGRAMS: &str = "drivers";

/// Every hosting driver, in the order in which people choose one, without a folder of own programs.
pub fn hosting(panel: &Arc<Panel>) -> Vec<Arc<dyn Hosting>> {
    hosting_with(panel, None)
}

/// The same with the folder that own programs are run from.
fn hosting_with(panel: &Arc<Panel>, programs: Option<&Path>) -> Vec<Arc<dyn Hosting>> {
    vec![
        Arc::new(SandboxHosting::new(Arc::clone(panel))),
        Arc::new(Proxmox),
        Arc::new(VirtFusion),
        Arc::new(Virtualizor),
        Arc::new(Pterodactyl),
        Arc::new(Whm),
        Arc::new(Enhance),
        Arc::new(Kasm),
        Arc::new(SynergyCp),
        Arc::new(TcAdmin),
        Arc::new(exec(programs)),
        Arc::new(Http::default()),
        Arc::new(Ssh::default()),
        Arc::new(Manual),
        Arc::new(Licences),
        Arc::new(Downloads),
    ]
}

/// Every fake that can be started by hand.
pub const FAKES: &[ByHand] = &[
    bursar_hosting_enhance::fake::BY_HAND,
    bursar_hosting_http::fake::BY_HAND,
    bursar_hosting_kasm::fake::BY_HAND,
    bursar_hosting_proxmox::fake::BY_HAND,
    bursar_hosting_pterodactyl::fake::BY_HAND,
    bursar_hosting_ssh::fake::BY_HAND,
    bursar_hosting_synergycp::fake::BY_HAND,
    bursar_hosting_tcadmin::fake::BY_HAND,
    bursar_hosting_virtfusion::fake::BY_HAND,
    bursar_hosting_virtualizor::fake::BY_HAND,
    bursar_hosting_whm::fake::BY_HAND,
];

/// The vendors of this installation.
pub struct Drivers {
    /// For the payments module.
    pub gateways: Gateways,
    /// The vendor behind the sandbox gateway, for its own pages and the demo.
    pub sandbox: Arc<Processor>,
    /// Knows whose tax numbers are whose.
    pub tax_ids: Arc<dyn TaxIdRegister>,
    /// For the inventory, and for what makes things at panels.
    pub hosting: HostingDrivers,
    /// The vendor behind the sandbox panel.
    pub panel: Arc<Panel>,
    /// The keys that seal what modules keep of their own.
    pub vault: Vault,
}

impl Drivers {
    /// Opens every vendor that lives in this process.
    pub fn open(data: &Path, vault: Vault) -> Result<Self, Fault> {
        let processor = Processor::open(&data.join(SANDBOX_FILE))
            .map_err(|e| Fault::wrap("opening the sandbox gateway's memory", e))?;
        let panel = Panel::open(&data.join(PANEL_FILE))
            .map_err(|e| Fault::wrap("opening the sandbox panel's memory", e))?;
        let mut drivers = Self::with_vendors(Arc::new(processor), Arc::new(panel), vault);
        let all = hosting_with(&drivers.panel, Some(&data.join(PROGRAMS)));
        drivers.hosting = HostingDrivers::new(all, drivers.vault.clone(), Outbound::new());
        Ok(drivers)
    }

    /// With a processor made by the caller, and a panel that forgets.
    pub fn with_processor(processor: Arc<Processor>, vault: Vault) -> Self {
        Self::with_vendors(processor, Arc::new(Panel::in_memory()), vault)
    }

    /// With vendors made by the caller.
    pub fn with_vendors(processor: Arc<Processor>, panel: Arc<Panel>, vault: Vault) -> Self {
        let credentials = processor.credentials();
        let gateway = Arc::new(SandboxGateway::new(Arc::clone(&processor)));
        Self {
            gateways: Gateways::new(vault.clone()).with(gateway, credentials),
            sandbox: processor,
            tax_ids: Arc::new(SandboxRegister::default()),
            hosting: HostingDrivers::new(hosting(&panel), vault.clone(), Outbound::new()),
            panel,
            vault,
        }
    }
}
