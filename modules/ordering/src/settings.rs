//! Settings of ordering, edited in the admin pages.

use std::collections::{BTreeMap, BTreeSet};

use bursar_billing::invoices::number::NumberFormat;
use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_money::Currency;
use bursar_web::SettingsDocument;
use serde::{Deserialize, Serialize};

use crate::permissions;

/// Where the settings lie.
pub const KEY: &str = "ordering.orders";

/// How orders are numbered, held and looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderSettings {
    /// Number format of orders, for example `ORD-{000000}`.
    pub number_format: String,
    /// A person looks at every order.
    pub review_always: bool,
    /// A person looks at a customer's first order.
    pub review_first_order: bool,
    /// A person looks at orders of this much or more: minor units by currency code.
    pub review_from_minor: BTreeMap<String, i64>,
    /// A person looks at orders of these products: what has to be bought in or built first.
    pub review_products: BTreeSet<i64>,
    /// Staff are told at once about orders of this much or more: minor units by currency code.
    pub alert_from_minor: BTreeMap<String, i64>,
    /// Who is told; empty for nobody.
    pub alert_email: String,
    /// Days after which an order that nobody paid is cancelled.
    pub unpaid_days: i64,
    /// Hours for which pieces of limited stock are held for an unpaid order.
    pub stock_hours: i64,
}

impl Default for OrderSettings {
    fn default() -> Self {
        Self {
            number_format: "ORD-{000000}".to_owned(),
            review_always: false,
            review_first_order: true,
            review_from_minor: BTreeMap::new(),
            review_products: BTreeSet::new(),
            alert_from_minor: BTreeMap::new(),
            alert_email: String::new(),
            unpaid_days: 7,
            stock_hours: 24,
        }
    }
}

impl OrderSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }
}

impl SettingsDocument for OrderSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = permissions::SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if let Err(why) = NumberFormat::parse(&self.number_format) {
            wrong.push(FieldError::new("number_format", why.to_string()));
        }
        if !(1..=365).contains(&self.unpaid_days) {
            wrong.push(FieldError::new("unpaid_days", "Choose between 1 and 365 days."));
        }
        if !(1..=8_760).contains(&self.stock_hours) {
            wrong.push(FieldError::new("stock_hours", "Choose between 1 and 8,760 hours."));
        }
        if !self.alert_email.is_empty() && !self.alert_email.contains('@') {
            wrong.push(FieldError::new(
                "alert_email",
                "Enter an e-mail address, or leave it empty for nobody.",
            ));
        }
        for (field, amounts) in
            [("review_from_minor", &self.review_from_minor), ("alert_from_minor", &self.alert_from_minor)]
        {
            if amounts.iter().any(|(code, minor)| Currency::parse(code).is_err() || *minor < 0) {
                wrong.push(FieldError::new(
                    field,
                    "Give amounts above zero by currency code, for example EUR 500.",
                ));
            }
        }
        wrong
    }
}
