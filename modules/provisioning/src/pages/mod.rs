//! The pages of services: for staff the list, one service, what waits for their word and the settings; for customers their own.

mod admin;
mod announced;
mod by_hand;
mod calls;
mod drift;
mod moving;
mod plan;
mod portal;
mod settings;
mod usage;
mod views;

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_inventory::HostingDrivers;
use bursar_web::{Cell, Nav, PANEL_ROWS, Panel, PanelAsk, PanelView, Reading, Surface};

use crate::actions::list_of_customer;
use crate::{Seals, permissions, resource};

/// What handlers need.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    pub(crate) drivers: HostingDrivers,
    pub(crate) seals: Seals,
}

pub(crate) fn register(registry: &mut Registry, pages: &Pages) {
    for (name, source) in [
        ("services/admin_show.html", include_str!("../../templates/admin_show.html")),
        ("services/admin_drift.html", include_str!("../../templates/admin_drift.html")),
        ("services/admin_held.html", include_str!("../../templates/admin_held.html")),
        ("services/admin_task.html", include_str!("../../templates/admin_task.html")),
        ("services/admin_tasks.html", include_str!("../../templates/admin_tasks.html")),
        ("services/portal_list.html", include_str!("../../templates/portal_list.html")),
        ("services/portal_show.html", include_str!("../../templates/portal_show.html")),
        ("services/usage.html", include_str!("../../templates/usage.html")),
    ] {
        registry.template(name, source);
    }
    let staff = |label, icon, href, permission, order| Nav {
        surface: Surface::Staff,
        section: "Servers",
        label,
        icon,
        href,
        permission: Some(permission),
        order,
    };
    registry.nav(staff("To do by hand", "checklist", "/admin/tasks", permissions::SERVICE_VIEW, 391));
    registry.nav(staff("Differences", "scale", "/admin/drift", permissions::SERVICE_VIEW, 392));
    registry.nav(staff(
        "Held suspensions",
        "hourglass",
        "/admin/suspensions",
        permissions::SUSPENSION_RELEASE,
        394,
    ));
    calls::register(registry);
    registry.settings(settings::page());
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "",
        label: "provisioning-nav-services",
        icon: "server",
        href: "/portal/services",
        permission: Some(permissions::PORTAL_SERVICE_VIEW),
        order: 15,
    });
    registry.panel(
        Panel::new(
            "portal.home",
            "provisioning.home",
            "provisioning-nav-services",
            permissions::PORTAL_SERVICE_VIEW,
            of_customer,
        )
        .order(10),
    );
    registry.resource(resource::services());
    registry.routes(admin::routes(pages.clone()));
    registry.routes(announced::routes(pages.clone()));
    registry.routes(by_hand::routes(pages.clone()));
    registry.routes(drift::routes(pages.clone()));
    registry.routes(moving::routes(pages.clone()));
    registry.routes(portal::routes(pages.clone()));
}

/// A customer's own services, for the first page of the portal.
fn of_customer(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let before = ask.before.unwrap_or(i64::MAX);
        let found = list_of_customer(tx, ask.id, before, PANEL_ROWS + 1).await?;
        let rows = found
            .iter()
            .map(|service| {
                let name = service.name.clone().unwrap_or_default();
                let label =
                    Cell::text(&*service.label).to(format!("/portal/services/{}", service.id)).note(name);
                (
                    service.id,
                    vec![label, Cell::badge(service.state.code()), Cell::instant(service.created_at)],
                )
            })
            .collect();
        Ok(PanelView::new("provisioning-none")
            .table(&["provisioning-service", "provisioning-state", "provisioning-since"], rows)
            .all("/portal/services"))
    })
}
