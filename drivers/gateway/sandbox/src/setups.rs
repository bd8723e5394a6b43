//! Cards that customers give on the sandbox's own page.

use bursar_gateway::SetupRequest;
use bursar_outbound::CallError;

use crate::journal::{Record, Setup, SetupStatus};
use crate::processor::{Inner, Processor, SandboxError, cannot_write, name_hash};

impl Processor {
    /// A setup by its reference, for the page that asks for a card.
    pub fn setup_by_reference(&self, reference: &str) -> Option<Setup> {
        self.lock().setup_by_reference(reference)
    }

    /// Every setup, for an auditor.
    pub fn setups(&self) -> Vec<Setup> {
        self.lock().setups.values().cloned().collect()
    }

    /// The customer gives one of [`crate::cards`] on the page, or none. Answering what no longer waits changes nothing.
    pub fn complete_setup(&self, reference: &str, card: Option<&str>) -> Result<Setup, SandboxError> {
        let mut inner = self.lock();
        let mut setup = inner.setup_by_reference(reference).ok_or(SandboxError::NoSuchSetup)?;
        if setup.status == SetupStatus::Waiting {
            setup.status = match card {
                Some(card) => {
                    let method =
                        inner.store_method(setup.customer, card).map_err(|_| SandboxError::NoSuchCard)?;
                    SetupStatus::Stored { token: method.token }
                }
                None => SetupStatus::Abandoned,
            };
            inner.save(Record::Setup(setup.clone()))?;
        }
        Ok(setup)
    }
}

impl Inner {
    /// Opens a setup once per key.
    pub(crate) fn open_setup(&mut self, request: &SetupRequest) -> Result<Setup, CallError> {
        if let Some(known) = self.setups.get(request.key.as_str()) {
            return Ok(known.clone());
        }
        let setup = Setup {
            key: request.key.as_str().to_owned(),
            reference: format!("sbx_se_{:016x}", name_hash(request.key.as_str())),
            customer: request.customer,
            return_url: request.return_url.clone(),
            status: SetupStatus::Waiting,
        };
        self.save(Record::Setup(setup.clone())).map_err(cannot_write)?;
        Ok(setup)
    }

    fn setup_by_reference(&self, reference: &str) -> Option<Setup> {
        self.setups.values().find(|setup| setup.reference == reference).cloned()
    }
}
