//! The pages of orders: the list and one order for staff, the settings and questions, a customer's own orders.

mod admin;
mod create;
mod list;
mod portal;
mod questions;
mod settings;
mod views;

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_web::{
    Cell, Nav, PANEL_ROWS, PageLink, Panel, PanelAsk, PanelView, Reading, SettingsLink, Surface,
};

pub(crate) use list::STATEMENTS as LIST_STATEMENTS;

use crate::kinds::Kinds;
use crate::orders::list::{OrderFilter, list_orders};
use crate::permissions;

pub(crate) fn register(registry: &mut Registry, kinds: Kinds) {
    for (name, source) in [
        ("orders/admin_show.html", include_str!("../../templates/admin_show.html")),
        ("orders/admin_new.html", include_str!("../../templates/admin_new.html")),
        ("questions/admin_list.html", include_str!("../../templates/admin_questions.html")),
        ("orders/portal_list.html", include_str!("../../templates/portal_list.html")),
        ("orders/portal_show.html", include_str!("../../templates/portal_show.html")),
    ] {
        registry.template(name, source);
    }
    registry.resource(list::orders());
    registry.settings(settings::page());
    registry.settings_link(SettingsLink {
        href: questions::AT,
        title: "Questions of products",
        icon: "checklist",
        about: "What a product asks of who orders it, such as a host name.",
        permission: permissions::SETTINGS,
    });
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "",
        label: "ordering-nav-orders",
        icon: "list-details",
        href: "/portal/orders",
        permission: Some(permissions::PORTAL_ORDER_VIEW),
        order: 30,
    });
    registry.link(PageLink {
        page: "customers.customer",
        label: "New order",
        icon: "plus",
        href: "/admin/orders/new?customer={id}",
        permission: permissions::ORDER_CREATE,
        order: 40,
    });
    registry.panel(
        Panel::new("customers.customer", "ordering.orders", "Orders", permissions::ORDER_VIEW, of_customer)
            .order(50),
    );
    registry.routes(admin::routes());
    registry.routes(create::routes(kinds));
    registry.routes(questions::routes());
    registry.routes(portal::routes());
}

/// A customer's orders, for the customer's page.
fn of_customer(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let filter = OrderFilter { customer_id: Some(ask.id), status: None };
        let found = list_orders(tx, &filter, ask.before, PANEL_ROWS + 1).await?;
        let rows = found
            .iter()
            .map(|order| {
                let cells = vec![
                    Cell::text(&*order.number).to(format!("/admin/orders/{}", order.id)),
                    Cell::instant(order.placed_at),
                    Cell::badge(order.status.code()),
                    Cell::money(order.total),
                ];
                (order.id, cells)
            })
            .collect();
        Ok(PanelView::new("No orders yet.")
            .table(&["Number", "Placed", "Status", "Total"], rows)
            .all(format!("/admin/orders?customer={}", ask.id)))
    })
}
