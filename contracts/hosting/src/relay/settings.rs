//! What every relayed driver is told.

use bursar_outbound::Settings;

use crate::{Capability, InventoryKind, Setting, SettingKind};

/// The names of the capabilities that a server's program has.
pub const OFFERS: &str = "offers";
/// Lines of the operator's own for the program.
pub(super) const PARAMETERS: &str = "parameters";
/// The same, secret.
pub(super) const SECRETS: &str = "secrets";
/// What its announcements are signed with.
pub const WEBHOOK_SECRET: &str = "webhook_secret";
/// Where the signature of an announcement, or of a question over HTTP, stands.
pub const WEBHOOK_HEADER: &str = "x-bursar-signature";

/// Fields of a server, beside the carrier's own.
pub const SERVER_SETTINGS: [Setting; 4] = [
    Setting::optional(
        OFFERS,
        "Offers",
        SettingKind::Text,
        "What it can do beyond the lifecycle, separated by spaces: resize power sign_in password usage health inventory \
         accounts backups webhooks reinstall.",
    ),
    Setting::optional(
        PARAMETERS,
        "Parameters",
        SettingKind::LongText,
        "NAME=value, one a line, handed over with every question.",
    ),
    Setting::optional(
        SECRETS,
        "Secret parameters",
        SettingKind::LongSecret,
        "NAME=value, one a line; sealed, and never recorded.",
    ),
    Setting::optional(
        WEBHOOK_SECRET,
        "Announcement secret",
        SettingKind::Secret,
        "What its announcements of changes are signed with.",
    ),
];

/// Fields of a product.
pub const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        "plan",
        "Plan",
        SettingKind::Listed(InventoryKind::Plans),
        "A plan as the program knows it.",
    ),
    Setting::optional("image", "Image", SettingKind::Listed(InventoryKind::Images), "What is installed."),
    Setting::optional("region", "Region", SettingKind::Listed(InventoryKind::Regions), "Where it is put."),
    Setting::optional(
        PARAMETERS,
        "Parameters",
        SettingKind::LongText,
        "NAME=value, one a line, handed over with the plan.",
    ),
];

pub(super) fn offers(settings: &Settings, capability: Capability) -> bool {
    let offered = settings.text(OFFERS).unwrap_or_default();
    offered.split([' ', ',', '\n']).any(|word| word.trim() == capability.code())
}

/// `NAME=value` lines. A line without an equals sign has no meaning and is left out.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_whole_words_and_lines_are_split_at_the_first_equals_sign() {
        let settings = Settings::none().with(OFFERS, "power, usage\nsign_in");
        let offered: Vec<Capability> =
            Capability::ALL.into_iter().filter(|capability| offers(&settings, *capability)).collect();
        assert_eq!(offered, [Capability::Power, Capability::SignIn, Capability::Usage]);
        assert!(!offers(&Settings::none(), Capability::Power));
        let read: Vec<_> = lines("A=1\n\nnothing\n b = x=y ").collect();
        assert_eq!(read, [("A", "1"), ("b", "x=y")]);
    }
}
