//! Settings of the public pages.

use std::collections::BTreeSet;

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_money::Currency;
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};
use serde::{Deserialize, Serialize};

use crate::permissions::SETTINGS;
use crate::texts::TextName;

/// Where the settings lie.
pub const KEY: &str = "storefront.shop";

/// How the shop begins, and what has to be agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopSettings {
    /// The currency a stranger sees first, ISO code; empty for the first that something is sold in.
    pub default_currency: String,
    /// Texts that have to be agreed to before an order, by code. One that is not published is not asked for.
    pub agree_to: BTreeSet<String>,
}

impl Default for ShopSettings {
    fn default() -> Self {
        let agree_to = [TextName::Terms, TextName::Privacy].map(|name| name.code().to_owned()).into();
        Self { default_currency: String::new(), agree_to }
    }
}

impl ShopSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// The currency of a stranger: their own choice if something is sold in it, otherwise the shop's.
    pub(crate) fn currency(&self, sold: &[Currency], chosen: Option<Currency>) -> Currency {
        let wished = [chosen, Currency::parse(&self.default_currency).ok()];
        let found = wished.into_iter().flatten().find(|currency| sold.contains(currency));
        found.or_else(|| sold.first().copied()).unwrap_or(Currency::EUR)
    }
}

impl SettingsDocument for ShopSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if !self.default_currency.is_empty() && Currency::parse(&self.default_currency).is_err() {
            wrong.push(FieldError::new("default_currency", "Enter a currency's three letters, such as EUR."));
        }
        if self.agree_to.iter().any(|code| TextName::parse(code).is_none()) {
            wrong.push(FieldError::new("agree_to", "Choose from the list."));
        }
        wrong
    }
}

pub(crate) fn page() -> SettingsPage {
    let texts = TextName::ALL.iter().filter(|name| **name != TextName::Home);
    let settings = vec![
        Setting::text("default_currency", "Currency of strangers", 3)
            .optional()
            .help("Three letters, such as EUR. Empty for the first in which something is sold."),
        Setting::several(
            "agree_to",
            "To be agreed to before an order",
            texts.map(|it| (it.code(), it.label())).collect(),
        )
        .help("What is not published is not asked for. Who agreed to which version is kept with the order."),
    ];
    let groups =
        vec![SettingsGroup::new("Shop", "How the shop meets people who are not customers yet.", settings)];
    SettingsPage::of::<ShopSettings>("/admin/settings/shop", "Shop", groups)
        .described("world", "The currency strangers see first, and which texts they agree to.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_one_of_its_document() {
        assert_eq!(page().mistakes(), Vec::<String>::new());
    }

    #[test]
    fn a_currency_that_is_none_is_refused() {
        assert!(ShopSettings::default().wrong().is_empty());
        let shop = ShopSettings { default_currency: "EURO".into(), ..ShopSettings::default() };
        assert_eq!(shop.wrong()[0].field, "default_currency");
    }
}
