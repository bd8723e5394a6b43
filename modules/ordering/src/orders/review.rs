//! Whether a person looks at an order before it is delivered. Pure.

use bursar_money::Currency;
use serde::{Deserialize, Serialize};

use crate::settings::OrderSettings;

/// Why a person is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The settings say so of every order.
    Always,
    /// The customer never had an order accepted.
    FirstOrder,
    /// It asks for as much as the settings name, or more.
    Amount,
    /// One of its products is delivered by hand.
    Product,
}

impl ReviewReason {
    /// For staff.
    pub fn label(self) -> &'static str {
        match self {
            Self::Always => "Every order is reviewed",
            Self::FirstOrder => "The customer's first order",
            Self::Amount => "A large order",
            Self::Product => "One of its products is reviewed",
        }
    }
}

/// What is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What it asks for now.
    pub total_minor: i64,
    /// In which currency.
    pub currency: Currency,
    /// The customer bought nothing before.
    pub is_first: bool,
    /// Products in it.
    pub products: Vec<i64>,
}

/// Every reason to look; none lets the order through once it is paid.
pub fn reasons(settings: &OrderSettings, facts: &Facts) -> Vec<ReviewReason> {
    let from = settings.review_from_minor.get(facts.currency.code());
    let checks = [
        (settings.review_always, ReviewReason::Always),
        (settings.review_first_order && facts.is_first, ReviewReason::FirstOrder),
        (from.is_some_and(|from| facts.total_minor >= *from), ReviewReason::Amount),
        (facts.products.iter().any(|id| settings.review_products.contains(id)), ReviewReason::Product),
    ];
    checks.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}

/// Whether staff are told at once.
pub fn is_high_value(settings: &OrderSettings, facts: &Facts) -> bool {
    settings.alert_from_minor.get(facts.currency.code()).is_some_and(|from| facts.total_minor >= *from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_gives_its_reason_and_no_rule_lets_through() {
        let never = OrderSettings { review_first_order: false, ..OrderSettings::default() };
        let facts =
            Facts { total_minor: 50_000, currency: Currency::EUR, is_first: true, products: vec![7, 9] };
        assert_eq!(reasons(&never, &facts), []);
        let first = OrderSettings { review_first_order: true, ..never.clone() };
        assert_eq!(reasons(&first, &facts), [ReviewReason::FirstOrder]);
        assert_eq!(reasons(&first, &Facts { is_first: false, ..facts.clone() }), []);
        let from = |minor| OrderSettings {
            review_from_minor: [("EUR".to_owned(), minor)].into(),
            alert_from_minor: [("EUR".to_owned(), minor)].into(),
            ..never.clone()
        };
        assert_eq!(reasons(&from(50_000), &facts), [ReviewReason::Amount]);
        assert_eq!(reasons(&from(50_001), &facts), []);
        assert!(is_high_value(&from(50_000), &facts) && !is_high_value(&from(50_001), &facts));
        // An amount in euros says nothing about yen.
        let yen = Facts { currency: Currency::JPY, ..facts.clone() };
        assert_eq!(reasons(&from(1), &yen), []);
        let all = OrderSettings {
            review_always: true,
            review_first_order: true,
            review_products: [9].into(),
            ..from(1)
        };
        let every =
            [ReviewReason::Always, ReviewReason::FirstOrder, ReviewReason::Amount, ReviewReason::Product];
        assert_eq!(reasons(&all, &facts), every);
    }
}
