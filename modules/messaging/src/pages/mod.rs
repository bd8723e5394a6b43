//! Pages: outbox, settings, templates for staff; preferences for customers.

mod list;
mod notices;
mod outbox;
mod preferences;
mod settings;
mod templates;

use bursar_app::Registry;
use bursar_vault::Vault;
use bursar_web::{Nav, Panel, SettingsLink, Surface};

use crate::permissions;

pub(crate) use list::STATEMENTS;

pub(crate) fn register(registry: &mut Registry, vault: &Vault) {
    registry.texts(bursar_i18n::texts!("../../locales"));
    for (name, source) in [
        ("messages/admin_show.html", include_str!("../../templates/messages/admin_show.html")),
        ("settings/admin_edit.html", include_str!("../../templates/settings/admin_edit.html")),
        ("templates/admin_list.html", include_str!("../../templates/templates/admin_list.html")),
        ("templates/admin_edit.html", include_str!("../../templates/templates/admin_edit.html")),
        ("notices/rows.html", include_str!("../../templates/notices/rows.html")),
        ("notices/choice_rows.html", include_str!("../../templates/notices/choice_rows.html")),
        ("notices/admin_list.html", include_str!("../../templates/notices/admin_list.html")),
        ("notices/admin_choices.html", include_str!("../../templates/notices/admin_choices.html")),
        ("notices/portal_list.html", include_str!("../../templates/notices/portal_list.html")),
        ("notices/portal_choices.html", include_str!("../../templates/notices/portal_choices.html")),
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
    registry.settings_link(SettingsLink {
        href: settings::AT,
        title: "Outgoing mail",
        icon: "mail",
        about: "Who mails come from, the mail server, colour and small print.",
        permission: permissions::SENDER_EDIT,
    });
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "account",
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
    registry.routes(notices::routes());
}
