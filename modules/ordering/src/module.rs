//! What ordering brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_context::Cx;
use bursar_db::{Migrations, Statement};
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_time::Date;
use serde::{Deserialize, Serialize};

use crate::carts::change;
use crate::kinds::Kinds;
use crate::orders::{decide, expire, secured};
use crate::{mails, permissions};

/// Carts and orders, with the kinds of things that modules above bring.
#[derive(Debug, Clone, Default)]
pub struct OrderingModule {
    /// Things that are ordered beside products.
    pub kinds: Kinds,
}

impl OrderingModule {
    /// The module with these kinds.
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds }
    }
}

/// Forgets carts that nobody touched. Safe to run twice: what is gone is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PurgeCarts {
    on: Date,
}

impl Job for PurgeCarts {
    const KIND: &'static str = "ordering.purge_carts";
}

impl Module for OrderingModule {
    fn name(&self) -> &'static str {
        "ordering"
    }

    fn migrations(&self) -> Migrations {
        crate::migrations()
    }

    fn statements(&self) -> Vec<&'static Statement> {
        crate::statements()
    }

    fn permissions(&self) -> &'static [Permission] {
        permissions::ALL
    }

    fn register(&self, registry: &mut Registry) {
        crate::personal::register(registry);
        registry.texts(bursar_i18n::texts!("../locales"));
        registry.notice(mails::REVIEW);
        for template in crate::mails::TEMPLATES {
            registry.mail(*template);
        }
        crate::pages::register(registry, self.kinds.clone());
        registry.on("ordering.order_paid", decide::on_invoice_paid);
        registry.on("ordering.order_secured", secured::on_secured);
        registry.on("ordering.order_unsecured", secured::on_unsecured);
        registry.job(expire::expire);
        registry.job(purge_carts);
        registry.schedule(Schedule::daily("ordering.purge_carts", 4, |on| PurgeCarts { on }));
    }
}

async fn purge_carts(cx: Cx, _: PurgeCarts) -> JobOutcome {
    change::purge(&cx).await.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}
