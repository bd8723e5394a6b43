//! Settings of the public pages.

use std::collections::BTreeSet;

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Currency;
use serde::{Deserialize, Serialize};

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
