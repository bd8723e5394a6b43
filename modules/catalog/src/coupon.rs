//! What a coupon is, and who may use it on what. Pure.

use std::collections::{BTreeMap, BTreeSet};

use bursar_money::{Currency, Money, Ppm};
use bursar_time::{Cycle, Date};
use serde::{Deserialize, Serialize};

use crate::check::{Check, LARGEST_AMOUNT};
use crate::error::CatalogError;
use crate::selection::{ItemSource, PricedSelection};

coded! {
    /// What a coupon gives.
    CouponKind {
        /// A share off the price.
        Percent = "percent",
        /// An amount off each period's price, spread over what the coupon is good for.
        Fixed = "fixed",
        /// Another unit price, when it is lower.
        PriceOverride = "price_override",
        /// No setup fees.
        FreeSetup = "free_setup",
        /// More free days at the start.
        TrialExtension = "trial_extension",
    }
}

/// What people may change about a coupon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponDetails {
    /// As typed by customers; stored in capitals.
    pub code: String,
    /// What it gives.
    pub kind: CouponKind,
    /// For `Percent`: 1 to 1,000,000 (100 %).
    pub value_ppm: i64,
    /// For `Fixed` and `PriceOverride`: minor units per currency code.
    pub amounts: BTreeMap<String, i64>,
    /// For `TrialExtension`: 1 to 366.
    pub trial_days: i64,
    /// First day it is good.
    pub starts_on: Option<Date>,
    /// Last day it is good.
    pub expires_on: Option<Date>,
    /// In all; 0 for no limit.
    pub max_uses: i64,
    /// By one customer; 0 for no limit.
    pub max_uses_per_customer: i64,
    /// Products it is good for; with no product and no add-on it is good for everything.
    pub products: BTreeSet<i64>,
    /// Add-ons it is good for.
    pub addons: BTreeSet<i64>,
    /// Cycles it is good for, by code; none for every cycle.
    pub cycles: BTreeSet<String>,
    /// Only for somebody who has never bought.
    pub first_order_only: bool,
    /// Only for somebody who has bought.
    pub existing_customers_only: bool,
    /// How many periods the discount lasts; 0 for ever, 1 for the first only.
    pub recurring_periods: i64,
    /// May be used together with other stackable coupons.
    pub stackable: bool,
    /// For staff.
    pub notes: String,
}

impl Default for CouponDetails {
    fn default() -> Self {
        Self {
            code: String::new(),
            kind: CouponKind::Percent,
            value_ppm: 0,
            amounts: BTreeMap::new(),
            trial_days: 0,
            starts_on: None,
            expires_on: None,
            max_uses: 0,
            max_uses_per_customer: 0,
            products: BTreeSet::new(),
            addons: BTreeSet::new(),
            cycles: BTreeSet::new(),
            first_order_only: false,
            existing_customers_only: false,
            recurring_periods: 1,
            stackable: false,
            notes: String::new(),
        }
    }
}

impl CouponDetails {
    /// Tidied and checked; every fault at once. Values of other kinds are dropped.
    ///
    /// # Errors
    /// [`CatalogError::Invalid`].
    pub fn checked(&self) -> Result<Self, CatalogError> {
        let mut d = Self { code: self.code.trim().to_uppercase(), ..self.clone() };
        let mut check = Check::default();
        let allowed = |c: char| c.is_alphanumeric() || "-_.%+#!$&*".contains(c);
        if d.code.is_empty() || d.code.chars().count() > 64 || !d.code.chars().all(allowed) {
            check.fail("code", "Use 1 to 64 letters, digits and - _ . without spaces.");
        }
        d.check_value(&mut check);
        if let (Some(first), Some(last)) = (d.starts_on, d.expires_on)
            && last < first
        {
            check.fail("expires_on", format!("Choose a last day that is not before the first, {first}."));
        }
        check.range("max_uses", d.max_uses, 0, 1_000_000_000, "uses (0 for no limit)");
        check.range("max_uses_per_customer", d.max_uses_per_customer, 0, 1_000_000, "uses (0 for no limit)");
        check.range("recurring_periods", d.recurring_periods, 0, 1_000, "periods (0 for every period)");
        if d.cycles.iter().any(|code| Cycle::parse(code).is_err()) {
            check.fail("cycles", "Choose billing cycles from the list.");
        }
        if d.first_order_only && d.existing_customers_only {
            check.fail("existing_customers_only", "Choose new or existing customers; nobody is both.");
        }
        check.text("notes", &d.notes, 10_000);
        check.finish()?;
        Ok(d)
    }

    fn check_value(&mut self, check: &mut Check) {
        let (percent, amounts, days) = match self.kind {
            CouponKind::Percent => (true, false, false),
            CouponKind::Fixed | CouponKind::PriceOverride => (false, true, false),
            CouponKind::FreeSetup => (false, false, false),
            CouponKind::TrialExtension => (false, false, true),
        };
        if !percent {
            self.value_ppm = 0;
        } else if !(1..=1_000_000).contains(&self.value_ppm) {
            let given = Ppm::new(self.value_ppm).to_percent_text();
            check.fail("value", format!("{given} % is not possible; enter more than 0 % and at most 100 %."));
        }
        if !days {
            self.trial_days = 0;
        } else {
            check.range("trial_days", self.trial_days, 1, 366, "days");
        }
        if !amounts {
            self.amounts.clear();
            return;
        }
        let least = if self.kind == CouponKind::Fixed { 1 } else { 0 };
        if self.amounts.is_empty() {
            check.fail("amounts", "Enter an amount for at least one currency.");
        }
        for (code, minor) in &self.amounts {
            match Currency::parse(code) {
                Err(_) => check.fail("amounts", format!("{code} is not a currency; use a code such as EUR.")),
                Ok(currency) if !(least..=LARGEST_AMOUNT).contains(minor) => {
                    let most = Money::new(LARGEST_AMOUNT, currency);
                    check.fail(
                        "amounts",
                        format!("Enter between {} and {most}.", Money::new(least, currency)),
                    );
                }
                Ok(_) => {}
            }
        }
    }
}

/// A coupon as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// Identity.
    pub id: i64,
    /// What may change.
    pub details: CouponDetails,
    /// How often it was redeemed.
    pub uses: i64,
}

/// What the caller knows of the buyer; the catalogue knows no orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CouponBuyer {
    /// None for a visitor who has not signed in.
    pub customer: Option<i64>,
    /// Whether the customer has bought anything before.
    pub has_bought: bool,
}

/// Why a coupon is not good here. Each says what would help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CouponRefused {
    /// There is no such code.
    #[error("this code does not exist; check the spelling")]
    Unknown,
    /// Too early.
    #[error("this code is good from {0}")]
    NotYet(Date),
    /// Too late.
    #[error("this code was good until {0}")]
    Expired(Date),
    /// Used as often as it may be.
    #[error("this code has been used up")]
    UsedUp,
    /// This customer has used it as often as one may.
    #[error("you have used this code already")]
    UsedByCustomer,
    /// Nothing in the selection is among its products.
    #[error("this code is not good for what you chose")]
    OtherProducts,
    /// The cycle is not among its cycles.
    #[error("this code is not good for this billing cycle; choose another one")]
    OtherCycle,
    /// It has no amount in the currency.
    #[error("this code is not good for payments in {0}")]
    OtherCurrency(Currency),
    /// The customer has bought before.
    #[error("this code is for a first order")]
    FirstOrderOnly,
    /// The customer has not bought before.
    #[error("this code is for existing customers")]
    ExistingOnly,
    /// It or another one is exclusive.
    #[error("code {0} cannot be combined with others")]
    Exclusive(String),
    /// The same code twice.
    #[error("code {0} is there already")]
    Twice(String),
    /// Two codes that each set the price.
    #[error("only one code may set the price")]
    TwoPrices,
}

/// What a coupon gives, with its value in the selection's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// Parts per million of the price.
    Percent(i64),
    /// Minor units off each period.
    Fixed(i64),
    /// Minor units that one unit costs instead.
    PriceOverride(i64),
    /// No setup fees.
    FreeSetup,
    /// Days.
    TrialExtension(i64),
}

/// What a grant applies to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// Products; with both empty: everything.
    pub products: BTreeSet<i64>,
    /// Add-ons.
    pub addons: BTreeSet<i64>,
}

impl Targets {
    /// Whether an item is among them. Options follow their product.
    pub fn include(&self, source: ItemSource) -> bool {
        let everything = self.products.is_empty() && self.addons.is_empty();
        everything
            || match source {
                ItemSource::Product(product) | ItemSource::Option { product, .. } => {
                    self.products.contains(&product)
                }
                ItemSource::Addon(addon) => self.addons.contains(&addon),
            }
    }
}

/// A coupon that was found good; what a subscription copies and keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponGrant {
    /// Which coupon.
    pub coupon_id: i64,
    /// Its code, for the line on the invoice.
    pub code: String,
    /// What it gives.
    pub kind: GrantKind,
    /// What it applies to.
    pub targets: Targets,
    /// How many periods it lasts; 0 for ever.
    pub recurring_periods: i64,
    /// May be used together with other stackable ones.
    pub stackable: bool,
}

impl Coupon {
    /// Whether the coupon is good for this buyer, selection and day. `used_by_customer` is how often this customer
    /// redeemed it.
    ///
    /// # Errors
    /// [`CouponRefused`].
    pub fn grant(
        &self,
        buyer: CouponBuyer,
        used_by_customer: i64,
        selection: &PricedSelection,
        on: Date,
    ) -> Result<CouponGrant, CouponRefused> {
        let d = &self.details;
        if let Some(first) = d.starts_on.filter(|first| on < *first) {
            return Err(CouponRefused::NotYet(first));
        }
        if let Some(last) = d.expires_on.filter(|last| on > *last) {
            return Err(CouponRefused::Expired(last));
        }
        if d.max_uses > 0 && self.uses >= d.max_uses {
            return Err(CouponRefused::UsedUp);
        }
        if d.max_uses_per_customer > 0 && used_by_customer >= d.max_uses_per_customer {
            return Err(CouponRefused::UsedByCustomer);
        }
        if d.first_order_only && buyer.has_bought {
            return Err(CouponRefused::FirstOrderOnly);
        }
        if d.existing_customers_only && !buyer.has_bought {
            return Err(CouponRefused::ExistingOnly);
        }
        let targets = Targets { products: d.products.clone(), addons: d.addons.clone() };
        if !selection.items.iter().any(|item| targets.include(item.source)) {
            return Err(CouponRefused::OtherProducts);
        }
        if !d.cycles.is_empty() && !d.cycles.contains(selection.cycle.code()) {
            return Err(CouponRefused::OtherCycle);
        }
        let amount = || {
            let minor = d.amounts.get(selection.currency.code()).copied();
            minor.ok_or(CouponRefused::OtherCurrency(selection.currency))
        };
        let kind = match d.kind {
            CouponKind::Percent => GrantKind::Percent(d.value_ppm),
            CouponKind::Fixed => GrantKind::Fixed(amount()?),
            CouponKind::PriceOverride => GrantKind::PriceOverride(amount()?),
            CouponKind::FreeSetup => GrantKind::FreeSetup,
            CouponKind::TrialExtension => GrantKind::TrialExtension(d.trial_days),
        };
        Ok(CouponGrant {
            coupon_id: self.id,
            code: d.code.clone(),
            kind,
            targets,
            recurring_periods: d.recurring_periods,
            stackable: d.stackable,
        })
    }
}
