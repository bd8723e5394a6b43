//! What billing brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Bulk, Migrations, Statement};
use bursar_payments::Gateways;

use crate::permissions;

/// Billing over the gateways that are set up.
#[derive(Debug, Clone)]
pub struct BillingModule {
    /// How customers can pay: for stored methods that are charged when an invoice is issued.
    pub gateways: Gateways,
    writes_mails: bool,
}

impl BillingModule {
    /// The module with these gateways.
    pub fn new(gateways: Gateways) -> Self {
        Self { gateways, writes_mails: false }
    }

    /// The same, telling customers by mail. Needs the messaging module beside it.
    #[must_use]
    pub const fn with_mails(mut self) -> Self {
        self.writes_mails = true;
        self
    }
}

impl Module for BillingModule {
    fn name(&self) -> &'static str {
        "billing"
    }

    fn migrations(&self) -> Migrations {
        crate::migrations()
    }

    fn statements(&self) -> Vec<&'static Statement> {
        crate::statements()
    }

    fn bulks(&self) -> Vec<&'static Bulk> {
        crate::bulks()
    }

    fn permissions(&self) -> &'static [Permission] {
        permissions::ALL
    }

    fn register(&self, registry: &mut Registry) {
        crate::personal::register(registry);
        crate::settle::register(registry);
        crate::revenue::register(registry);
        crate::nightly::register(registry);
        let pages = crate::pages::Pages::default();
        if self.writes_mails {
            crate::mails::register(registry, pages.clone());
        }
        crate::pages::register(registry, pages);
    }
}
