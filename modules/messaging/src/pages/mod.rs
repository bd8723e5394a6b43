//! Pages: outbox, settings, templates for staff; preferences for customers.

mod list;
mod outbox;
mod preferences;
mod settings;
mod templates;

use bursar_app::Registry;
use bursar_vault::Vault;
use bursar_web::{Nav, Panel, Surface};

use crate::permissions;

pub(crate) use list::STATEMENTS;

pub(crate) fn register(registry: &mut Registry, vault: &Vault) {
    registry.texts(bursar_i18n::texts!("../../locales"));
    for (name, source) in [
        ("messages/admin_show.html", include_str!("../../templates/messages/admin_show.html")),
        ("settings/admin_edit.html", include_str!("../../templates/settings/admin_edit.html")),
        ("templates/admin_list.html", include_str!("../../templates/templates/admin_list.html")),
        ("templates/admin_edit.html", include_str!("../../templates/templates/admin_edit.html")),
        ("preferences/portal_edit.html", include_str!("../../templates/preferences/portal_edit.html")),
        ("preferences/public_edit.html", include_str!("../../templates/preferences/public_edit.html")),
        ("preferences/choices.html", include_str!("../../templates/preferences/choices.html")),
    ] {
        registry.template(name, source);
    }
    registry.resource(list::mail());
    registry.panel(
        Panel::new(
            "customers.customer",
            "messaging.mail",
            "Mail",
            permissions::MESSAGE_VIEW,
            list::of_customer,
        )
        .order(70),
    );
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "",
        label: "messaging-nav-preferences",
        icon: "mail",
        href: "/portal/mail",
        permission: Some(permissions::PREFERENCE_EDIT),
        order: 900,
    });
    registry.routes(outbox::routes());
    registry.routes(settings::routes(vault.clone()));
    registry.routes(templates::routes());
    registry.routes(preferences::routes());
}
