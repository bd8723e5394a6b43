//! Money that a customer pays ahead: a charge for no invoice, which becomes credit when it arrives. No document is made
//! for it; what it pays for later is invoiced then.

use std::collections::BTreeMap;

use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError, Text};
use bursar_gateway::Presence;
use bursar_i18n::amount;
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_payments::{Capture, NewCharge, Payment, Purpose};
use serde::{Deserialize, Serialize};

use super::credit::balance_of;
use crate::error::BillError;
use crate::invoices::issue::profile;

/// Where the settings lie.
pub const KEY: &str = "billing.deposits";
/// What the attempt groups of deposits begin with.
const GROUP: &str = "funds:";

/// How much customers may pay ahead, in minor units by currency code. A currency that is not named has no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DepositSettings {
    /// The least amount at once.
    pub smallest_minor: BTreeMap<String, i64>,
    /// The greatest amount at once.
    pub largest_minor: BTreeMap<String, i64>,
    /// The most that may lie on credit afterwards.
    pub largest_balance_minor: BTreeMap<String, i64>,
}

impl Default for DepositSettings {
    fn default() -> Self {
        let all = |minor: i64| {
            ["EUR", "GBP", "USD"].into_iter().map(|code| (code.to_owned(), minor)).collect::<BTreeMap<_, _>>()
        };
        Self { smallest_minor: all(500), largest_minor: all(500_000), largest_balance_minor: all(1_000_000) }
    }
}

impl DepositSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// Refuses what could not work, field by field.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let fields = [
            ("smallest_minor", &self.smallest_minor),
            ("largest_minor", &self.largest_minor),
            ("largest_balance_minor", &self.largest_balance_minor),
        ];
        for (field, amounts) in fields {
            for (code, minor) in amounts {
                if Currency::parse(code).is_err() {
                    wrong.push(FieldError::new(field, format!("{code} is not a currency.")));
                } else if *minor <= 0 {
                    wrong.push(FieldError::new(field, format!("Give an amount above zero in {code}.")));
                }
            }
        }
        for (code, smallest) in &self.smallest_minor {
            for (field, amounts) in [fields[1], fields[2]] {
                if amounts.get(code).is_some_and(|largest| largest < smallest) {
                    let why = format!("In {code} this is less than the smallest amount.");
                    wrong.push(FieldError::new(field, why));
                }
            }
        }
        wrong
    }

    /// What may be paid ahead at once in a currency, beside `held_minor` that is on credit or on its way there.
    pub fn limits(&self, currency: Currency, held_minor: i64) -> DepositLimits {
        let of = |amounts: &BTreeMap<String, i64>| amounts.get(currency.code()).copied();
        let room = of(&self.largest_balance_minor).map(|most| (most - held_minor).max(0));
        let largest = [of(&self.largest_minor), room].into_iter().flatten().min();
        DepositLimits {
            smallest: Money::new(of(&self.smallest_minor).unwrap_or(1), currency),
            largest: largest.map(|minor| Money::new(minor, currency)),
        }
    }
}

/// What may be paid ahead now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepositLimits {
    /// At least this.
    pub smallest: Money,
    /// At most this.
    pub largest: Option<Money>,
}

impl DepositLimits {
    /// Whether nothing can be paid ahead, because as much is there as may be.
    pub fn is_full(&self) -> bool {
        self.largest.is_some_and(|largest| largest.minor() < self.smallest.minor())
    }

    fn refusal(&self, wanted: Money) -> Option<(String, Text)> {
        if self.is_full() {
            let english = "Your credit is as high as it may be.".to_owned();
            return Some((english, Text::new("billing-funds-full")));
        }
        let smallest = self.smallest;
        if wanted.currency() != smallest.currency() || wanted.minor() < smallest.minor() {
            let text = Text::new("billing-funds-too-small").with("amount", amount(smallest));
            return Some((format!("Add at least {smallest}."), text));
        }
        let largest = self.largest.filter(|largest| wanted.minor() > largest.minor())?;
        let text = Text::new("billing-funds-too-large").with("amount", amount(largest));
        Some((format!("Add at most {largest}."), text))
    }
}

/// What a customer may pay ahead now, in their currency.
pub async fn deposit_limits(tx: &mut Tx, customer: i64) -> Result<DepositLimits, BillError> {
    let currency = profile(tx, customer).await?.currency;
    let credit = balance_of(tx, customer, currency).await?.minor();
    let awaited = bursar_payments::awaited(tx, customer, currency, GROUP).await?.minor();
    Ok(DepositSettings::load(tx).await?.limits(currency, credit + awaited))
}

/// A deposit.
#[derive(Debug, Clone)]
pub struct NewDeposit {
    /// Whose credit.
    pub customer: i64,
    /// How much, in the customer's currency.
    pub amount: Money,
    /// A token of the form that was sent: the same token pays once.
    pub form_key: String,
    /// The gateway's id.
    pub gateway: String,
    /// A method of this customer; the vendor's page asks when there is none.
    pub method: Option<i64>,
    /// Where the vendor sends the browser back.
    pub return_url: Option<String>,
    /// What the statement says.
    pub reason: String,
}

/// Starts the charge of a deposit; drive it with [`bursar_payments::run_charge`]. The same form gives the same payment.
///
/// Checks no permission: the surface has decided who may pay.
///
/// # Errors
/// [`BillError::Invalid`] for an amount beyond the limits.
pub async fn add_funds(cx: &Cx, deposit: NewDeposit) -> Result<Id<Payment>, BillError> {
    cx.write(async move |tx: &mut Tx| start(tx, &deposit).await).await
}

async fn start(tx: &mut Tx, deposit: &NewDeposit) -> Result<Id<Payment>, BillError> {
    let group_key = format!("{GROUP}{}:{}", deposit.customer, deposit.form_key);
    if let Some(known) = bursar_payments::find_by_key(tx, &group_key).await? {
        return Ok(known.id);
    }
    // Two deposits at once read what the other awaits: one of them is made again after the other.
    if let Some((english, text)) = deposit_limits(tx, deposit.customer).await?.refusal(deposit.amount) {
        return Err(BillError::Invalid(vec![FieldError::new("amount", english).in_words(text)]));
    }
    let charge = NewCharge {
        customer: deposit.customer,
        gateway: deposit.gateway.clone(),
        amount: deposit.amount,
        purpose: Purpose { invoices: Vec::new(), reason: deposit.reason.clone() },
        group_key,
        method: deposit.method,
        presence: Presence::Present,
        return_url: deposit.return_url.clone(),
        capture: Capture::AtOnce,
    };
    Ok(bursar_payments::start_charge(tx, charge).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn the_room_that_is_left_on_credit_bounds_a_deposit() {
        let settings = DepositSettings::default();
        let limits = |held| settings.limits(Currency::EUR, held);
        assert_eq!(limits(0), DepositLimits { smallest: eur(500), largest: Some(eur(500_000)) });
        // 10,000.00 may lie there; 9,900.00 do, so 100.00 are left.
        assert_eq!(limits(990_000).largest, Some(eur(10_000)));
        assert!(
            limits(990_000).refusal(eur(10_001)).is_some() && limits(990_000).refusal(eur(10_000)).is_none()
        );
        assert!(limits(0).refusal(eur(499)).is_some() && limits(0).refusal(eur(500)).is_none());
        assert!(limits(999_600).is_full(), "4.00 are left and 5.00 is the least");
        assert_eq!(settings.limits(Currency::JPY, 9).largest, None);
    }

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        assert!(DepositSettings::default().problems().is_empty());
        let mut settings = DepositSettings::default();
        settings.largest_minor.insert("EUR".to_owned(), 499);
        settings.smallest_minor.insert("XXZ".to_owned(), 5);
        settings.largest_balance_minor.insert("USD".to_owned(), 0);
        let fields: Vec<_> = settings.problems().iter().map(|it| it.field.to_string()).collect();
        assert_eq!(
            fields,
            ["smallest_minor", "largest_balance_minor", "largest_minor", "largest_balance_minor",]
        );
    }
}
