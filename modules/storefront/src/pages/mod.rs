//! The pages. Handlers read the form, call one action and answer; every rule is in the modules below.

mod account;
mod admin;
mod api;
mod button;
mod cart;
mod catalogue;
mod checkout;
mod configure;
mod picked;
mod scene;
mod shopper;
mod site;
mod views;

use std::sync::Arc;

use bursar_app::Registry;
use bursar_context::Kept;
use bursar_ordering::Kinds;
use bursar_ordering::permissions::PORTAL_ORDER_PLACE;
use bursar_web::{Nav, PageLink, Permission, Public, Routes, Surface};

use crate::permissions;
use crate::texts::TextName;
use scene::{Around, Scene};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Shop {
    kinds: Kinds,
    around: Arc<Kept<Around>>,
}

pub(crate) fn register(registry: &mut Registry, kinds: Kinds) {
    for (name, source) in [
        ("shop/layout.html", include_str!("../../templates/pages/layout.html")),
        ("shop/parts.html", include_str!("../../templates/pages/parts.html")),
        ("site/text.html", include_str!("../../templates/pages/text.html")),
        ("site/home.html", include_str!("../../templates/pages/home.html")),
        ("shop/catalogue.html", include_str!("../../templates/pages/catalogue.html")),
        ("shop/compare.html", include_str!("../../templates/pages/compare.html")),
        ("shop/configure.html", include_str!("../../templates/pages/configure.html")),
        ("shop/cart.html", include_str!("../../templates/pages/cart.html")),
        ("shop/checkout.html", include_str!("../../templates/pages/checkout.html")),
        ("texts/admin_list.html", include_str!("../../templates/admin/list.html")),
        ("texts/admin_edit.html", include_str!("../../templates/admin/edit.html")),
        ("texts/admin_version.html", include_str!("../../templates/admin/version.html")),
    ] {
        registry.template(name, source);
    }
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Shop",
        label: "Public texts",
        icon: "world",
        href: "/admin/site",
        permission: Some(permissions::TEXT_VIEW),
        order: 290,
    });
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "",
        label: "storefront-nav-shop",
        icon: "package",
        href: "/shop",
        permission: None,
        order: 40,
    });
    registry.link(PageLink {
        page: "portal.home",
        label: "storefront-nav-shop",
        icon: "plus",
        href: "/shop",
        permission: PORTAL_ORDER_PLACE,
        order: 120,
    });
    registry.settings(crate::settings::page());
    let shop = Shop { kinds, around: Arc::default() };
    registry.routes(public_routes().with_state(shop.clone()));
    registry.routes(order_routes().with_state(shop));
    registry.routes(admin::routes());
}

fn public_routes() -> Routes<Shop> {
    Routes::new("storefront")
        .get("/", Public, site::home)
        .get(TextName::About.path(), Public, site::about)
        .get(TextName::Contact.path(), Public, site::contact)
        .get(TextName::Terms.path(), Public, site::terms)
        .get(TextName::Privacy.path(), Public, site::privacy)
        .get(TextName::AcceptableUse.path(), Public, site::acceptable_use)
        .get(TextName::Sla.path(), Public, site::sla)
        .get("/shop", Public, catalogue::show)
        .get("/shop/compare/{group}", Public, catalogue::compare)
        .get("/shop/{slug}", Public, configure::show)
        .post("/shop/{slug}", Public, configure::add)
        .post("/shop/currency", Public, shopper::set_currency)
        .get("/api/public/currencies", Public, api::currencies)
        .get("/api/public/products", Public, api::products)
        .get("/api/public/products/{slug}", Public, api::product)
        .get("/api/public/products/{slug}/price", Public, api::price)
        .get("/embed/order-button.js", Public, button::script)
}

fn order_routes() -> Routes<Shop> {
    Routes::new("storefront")
        .get("/cart", Public, cart::show)
        .post("/cart/quantity", Public, cart::set_quantity)
        .post("/cart/remove", Public, cart::remove)
        .post("/cart/coupon", Public, cart::add_coupon)
        .post("/cart/coupon/remove", Public, cart::remove_coupon)
        .post("/cart/country", Public, cart::set_country)
        .get("/checkout", Public, checkout::show)
        .post("/checkout/sign-up", Public, account::sign_up)
        .post("/checkout/sign-in", Public, account::sign_in)
        .post("/checkout/place", Permission(PORTAL_ORDER_PLACE), checkout::place)
}
