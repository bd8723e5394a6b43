//! The pages that put several modules together, as a module of their own.

use std::sync::Arc;

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};
use bursar_gateway_sandbox::Processor;
use bursar_payments::Gateways;
use bursar_web::{Nav, PageLink, Surface};

use super::{
    cards, checkout, customer, door, follow, funds, letters, logs, look, news, problems, profile, sandbox,
};
use crate::drivers::Drivers;

/// See what waits for a person.
pub(super) const PROBLEM_VIEW: &str = "desk.problem.view";
/// See who did what.
pub(super) const AUDIT_VIEW: &str = "desk.audit.view";
/// Retry or drop it.
pub(super) const PROBLEM_MEND: &str = "desk.problem.mend";

/// Change what belongs to the business as a whole.
pub(super) const PROFILE_EDIT: &str = "desk.profile.edit";

const PERMISSIONS: &[Permission] = &[
    Permission::staff(PROFILE_EDIT, "Change the time zone and the look of the pages", &[]),
    Permission::staff(AUDIT_VIEW, "See the audit log", &["billing"]),
    Permission::staff(PROBLEM_VIEW, "See waiting problems", &["billing", "technician"]),
    Permission::staff(PROBLEM_MEND, "Retry or drop waiting problems", &["billing", "technician"]),
];

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) gateways: Gateways,
    pub(super) sandbox: Arc<Processor>,
}

/// Cards and panels over several modules, waiting problems, portal sign-in and paying.
pub struct DeskModule(Desk);

impl DeskModule {
    /// Over the drivers of this installation.
    pub fn new(drivers: &Drivers) -> Self {
        Self(Desk { gateways: drivers.gateways.clone(), sandbox: Arc::clone(&drivers.sandbox) })
    }
}

impl Module for DeskModule {
    fn name(&self) -> &'static str {
        "desk"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "desk", steps: &[] }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn permissions(&self) -> &'static [Permission] {
        PERMISSIONS
    }

    fn register(&self, registry: &mut Registry) {
        registry.texts(bursar_i18n::texts!("../../locales"));
        registry.mail(door::sign_in_mail());
        for template in letters::TEMPLATES {
            registry.mail(*template);
        }
        for (name, source) in [
            ("audit/admin_show.html", include_str!("../../templates/desk/audit.html")),
            ("problems/admin_list.html", include_str!("../../templates/desk/problems.html")),
            ("checkout/ways.html", include_str!("../../templates/desk/ways.html")),
            ("checkout/portal_pay.html", include_str!("../../templates/desk/pay.html")),
            ("checkout/portal_result.html", include_str!("../../templates/desk/pay_result.html")),
            ("funds/portal_add.html", include_str!("../../templates/desk/funds.html")),
            ("sandbox/setup.html", include_str!("../../templates/desk/setup.html")),
            ("sandbox/panel.html", include_str!("../../templates/desk/panel.html")),
            ("sandbox/authenticate.html", include_str!("../../templates/desk/authenticate.html")),
        ] {
            registry.template(name, source);
        }
        registry.nav(nav("", "Dashboard", "home", "/admin", None, 10));
        registry.nav(nav(
            "Work",
            "Waiting problems",
            "alert-triangle",
            "/admin/problems",
            Some(PROBLEM_VIEW),
            300,
        ));
        registry.nav(nav("Office", "Settings", "settings", "/admin/settings", None, 790));
        registry.settings(profile::page());
        registry.on("desk.follow_customer", follow::on_customer_updated);
        registry.on("desk.tell_new_device", letters::on_new_device);
        registry.on("desk.tell_security_changed", letters::on_security_changed);
        let desk = &self.0;
        registry.resource(logs::jobs());
        registry.resource(logs::audit());
        registry.routes(logs::routes());
        cards::register(registry);
        news::register(registry);
        customer::register(registry);
        look::register(registry);
        registry.routes(problems::routes(desk.clone()));
        registry.routes(door::routes());
        registry.routes(checkout::routes(desk.clone()));
        registry.link(PageLink {
            page: "portal.home",
            label: "desk-funds-title",
            icon: "wallet",
            href: "/portal/funds",
            permission: bursar_billing::permissions::PORTAL_INVOICE_PAY,
            order: 110,
        });
        registry.routes(funds::routes(desk.clone()));
        registry.routes(sandbox::routes(desk.clone()));
    }
}

const fn nav(
    section: &'static str,
    label: &'static str,
    icon: &'static str,
    href: &'static str,
    permission: Option<&'static str>,
    order: u16,
) -> Nav {
    Nav { surface: Surface::Staff, section, label, icon, href, permission, order }
}
