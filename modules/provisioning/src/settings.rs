//! Settings of provisioning, edited in the admin pages.

use std::collections::BTreeMap;

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_web::SettingsDocument;
use serde::{Deserialize, Serialize};

use crate::permissions;

/// Where the settings lie.
pub const KEY: &str = "provisioning.services";

/// When a product is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// As soon as it is ordered, paid or not.
    Ordered,
    /// As soon as its order is paid, before staff have accepted it.
    Paid,
    /// When its order is accepted, by the rules or by staff.
    #[default]
    Accepted,
    /// On the day that the customer chose in the order or staff say, no sooner than its order is accepted; when nobody
    /// chose one, on the first day of what bills it.
    OnDate,
    /// When staff say so.
    ByHand,
}

/// Where the money for something goes that could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyBack {
    /// It waits for staff.
    #[default]
    Wait,
    /// It becomes the customer's credit.
    Credit,
    /// It goes back the way it came.
    Refund,
}

/// When services are made and taken away, and who is told when they cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProvisioningSettings {
    /// When a product is made, unless it says otherwise.
    pub when: When,
    /// The same by product.
    pub when_by_product: BTreeMap<i64, When>,
    /// Hours for which a step that fails is tried again before a person has to look.
    pub give_up_hours: i64,
    /// What becomes of the money for what could not be made.
    pub money_back: MoneyBack,
    /// Hours after the order's payment before that happens.
    pub money_back_hours: i64,
    /// Whether what is made is taken away at once when the money that was held for it cannot be taken.
    pub suspend_when_not_taken: bool,
    /// Minutes after which a customer is told that their service is late; 0 for never.
    pub delay_minutes: i64,
    /// Whether the mail that a service is ready carries how to get in, password included.
    pub mail_passwords: bool,
    /// Days after a subscription fell past due until its services are suspended.
    pub suspend_after_days: i64,
    /// Products that are never suspended by themselves.
    pub never_suspend: Vec<i64>,
    /// Products that may be ordered although there is no room for them: they wait until there is.
    pub sell_when_full: Vec<i64>,
    /// Suspensions on one day above which they wait for staff.
    pub most_suspensions: i64,
    /// Days after which an ended subscription's services are removed.
    pub remove_after_days: i64,
    /// Hours between two readings of how much services use; 0 for none.
    pub measure_every_hours: i64,
    /// Who is told when a server or a service fails; empty for nobody.
    pub alert_email: String,
}

impl Default for ProvisioningSettings {
    fn default() -> Self {
        Self {
            when: When::default(),
            when_by_product: BTreeMap::new(),
            give_up_hours: 24,
            money_back: MoneyBack::default(),
            money_back_hours: 48,
            suspend_when_not_taken: false,
            delay_minutes: 60,
            mail_passwords: false,
            suspend_after_days: 0,
            never_suspend: Vec::new(),
            sell_when_full: Vec::new(),
            most_suspensions: 50,
            remove_after_days: 0,
            measure_every_hours: 3,
            alert_email: String::new(),
        }
    }
}

impl ProvisioningSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// When a product is made.
    pub fn when_of(&self, product: i64) -> When {
        self.when_by_product.get(&product).copied().unwrap_or(self.when)
    }
}

impl SettingsDocument for ProvisioningSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = permissions::SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let ranges = [
            ("give_up_hours", self.give_up_hours, 1, 720, "hours"),
            ("money_back_hours", self.money_back_hours, 1, 2_160, "hours"),
            ("delay_minutes", self.delay_minutes, 0, 10_080, "minutes"),
            ("suspend_after_days", self.suspend_after_days, 0, 365, "days"),
            ("most_suspensions", self.most_suspensions, 1, 1_000_000, "services"),
            ("remove_after_days", self.remove_after_days, 0, 365, "days"),
            ("measure_every_hours", self.measure_every_hours, 0, 24, "hours"),
        ];
        for (field, value, least, most, unit) in ranges {
            if !(least..=most).contains(&value) {
                wrong.push(FieldError::new(field, format!("Choose between {least} and {most} {unit}.")));
            }
        }
        if !self.alert_email.is_empty() && !self.alert_email.contains('@') {
            wrong.push(FieldError::new(
                "alert_email",
                "Enter an e-mail address, or leave it empty for nobody.",
            ));
        }
        wrong
    }
}
