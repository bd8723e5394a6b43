//! The pages of orders: the list and one order for staff, the rules and questions, a customer's own orders.

mod admin;
mod create;
mod portal;
mod rules;
mod views;

use bursar_app::Registry;
use bursar_web::{Nav, PageLink, Surface};

use crate::kinds::Kinds;
use crate::permissions;

pub(crate) fn register(registry: &mut Registry, kinds: Kinds) {
    for (name, source) in [
        ("orders/admin_list.html", include_str!("../../templates/admin_list.html")),
        ("orders/admin_show.html", include_str!("../../templates/admin_show.html")),
        ("orders/admin_new.html", include_str!("../../templates/admin_new.html")),
        ("orders/admin_rules.html", include_str!("../../templates/admin_rules.html")),
        ("orders/portal_list.html", include_str!("../../templates/portal_list.html")),
        ("orders/portal_show.html", include_str!("../../templates/portal_show.html")),
    ] {
        registry.template(name, source);
    }
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Shop",
        label: "Orders",
        icon: "list-details",
        href: "/admin/orders",
        permission: Some(permissions::ORDER_VIEW),
        order: 280,
    });
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Shop",
        label: "Order rules",
        icon: "settings",
        href: "/admin/order-rules",
        permission: Some(permissions::SETTINGS),
        order: 285,
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
    registry.routes(admin::routes());
    registry.routes(create::routes(kinds));
    registry.routes(rules::routes());
    registry.routes(portal::routes());
}
