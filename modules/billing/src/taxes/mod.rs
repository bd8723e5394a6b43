//! Tax: which rates apply to a customer, and what they make of one line.
//!
//! Rules are matched by country and state on two levels; for each level the matching rule with the lowest id counts.
//! Level 2 is computed on the net amount, or on net plus level 1 when it compounds. Prices may include tax. Each line
//! is rounded once, half-even, here and nowhere else ([`Rates::split`]); an invoice's tax is the sum of its lines.

pub mod store;

use bursar_money::{Money, MoneyError, Ppm, Rounding};
use serde::{Deserialize, Serialize};

/// The one rounding of a tax amount: once per line.
pub const LINE_TAX_ROUNDING: Rounding = Rounding::HalfEven;

/// A million parts: one whole.
const WHOLE: i64 = 1_000_000;

/// Member states of the European Union for VAT, with Greece under both of its codes (tax card, EU VAT).
const EU: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// How this business treats tax; edited in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaxSettings {
    /// Charge tax at all.
    pub enabled: bool,
    /// Catalogue prices include tax.
    pub inclusive: bool,
    /// Level 2 is charged on top of level 1.
    pub compound: bool,
    /// Businesses in other EU states with a confirmed VAT number account for the tax themselves.
    pub reverse_charge: bool,
    /// Where the seller is established, ISO code.
    pub home_country: String,
}

impl Default for TaxSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            inclusive: false,
            compound: false,
            reverse_charge: true,
            home_country: String::new(),
        }
    }
}

/// One tax rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRule {
    /// Its id; lower ids win.
    pub id: i64,
    /// 1 or 2.
    pub level: i64,
    /// As printed: "VAT", "GST".
    pub name: String,
    /// ISO country, or empty for any.
    pub country: String,
    /// State or province, or empty for any.
    pub state: String,
    /// The rate.
    pub rate: Ppm,
}

/// What decides the tax of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxPlace {
    /// ISO country.
    pub country: String,
    /// State or province.
    pub state: String,
    /// Exempt by certificate or law.
    pub exempt: bool,
    /// A tax number that the register confirmed.
    pub tax_id_valid: bool,
}

/// Why no tax was charged although a rule may exist; printed on the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxNote {
    /// Article 196 of Directive 2006/112/EC: the customer accounts for the tax.
    ReverseCharge,
    /// The customer is exempt.
    Exempt,
}

impl TaxNote {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReverseCharge => "reverse_charge",
            Self::Exempt => "exempt",
        }
    }
}

/// A rule that applies, with its rate at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppliedRule {
    /// The rule's id.
    pub rule_id: i64,
    /// Its rate.
    pub rate: Ppm,
}

/// The rates that apply to a customer's taxable lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rates {
    /// Level 1.
    pub level1: Option<AppliedRule>,
    /// Level 2.
    pub level2: Option<AppliedRule>,
    /// Level 2 on top of level 1.
    pub compound: bool,
    /// Amounts given to [`Rates::split`] include tax.
    pub inclusive: bool,
    /// Why there is none.
    pub note: Option<TaxNote>,
}

/// One line's amount, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxedAmount {
    /// Without tax.
    pub net: Money,
    /// Level 1.
    pub tax1: Money,
    /// Level 2.
    pub tax2: Money,
}

/// Every rule and setting, loaded once per piece of work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxTable {
    /// Active rules in order of their ids.
    pub rules: Vec<TaxRule>,
    /// Settings.
    pub settings: TaxSettings,
}

impl TaxTable {
    /// The rates for a customer.
    pub fn rates(&self, place: &TaxPlace) -> Rates {
        let none = Rates { inclusive: self.settings.inclusive, ..Rates::default() };
        if !self.settings.enabled {
            return none;
        }
        if place.exempt {
            return Rates { note: Some(TaxNote::Exempt), ..none };
        }
        if self.is_reverse_charge(place) {
            return Rates { note: Some(TaxNote::ReverseCharge), ..none };
        }
        Rates {
            level1: self.matching(1, place),
            level2: self.matching(2, place),
            compound: self.settings.compound,
            ..none
        }
    }

    fn is_reverse_charge(&self, place: &TaxPlace) -> bool {
        let home = self.settings.home_country.as_str();
        self.settings.reverse_charge
            && place.tax_id_valid
            && EU.contains(&home)
            && EU.contains(&place.country.as_str())
            && greek(home) != greek(&place.country)
    }

    fn matching(&self, level: i64, place: &TaxPlace) -> Option<AppliedRule> {
        self.rules
            .iter()
            .filter(|rule| rule.level == level)
            .filter(|rule| rule.country.is_empty() || rule.country.eq_ignore_ascii_case(&place.country))
            .filter(|rule| rule.state.is_empty() || rule.state.to_lowercase() == place.state.to_lowercase())
            .min_by_key(|rule| rule.id)
            .map(|rule| AppliedRule { rule_id: rule.id, rate: rule.rate })
    }

    /// The name of a rule, for documents and accounts.
    pub fn rule_name(&self, rule_id: i64) -> Option<&str> {
        self.rules.iter().find(|rule| rule.id == rule_id).map(|rule| rule.name.as_str())
    }
}

/// VAT numbers and VIES write EL where ISO writes GR.
fn greek(country: &str) -> &str {
    if country == "EL" { "GR" } else { country }
}

impl Rates {
    fn ppm1(&self) -> i64 {
        self.level1.map_or(0, |rule| rule.rate.get())
    }

    fn ppm2(&self) -> i64 {
        self.level2.map_or(0, |rule| rule.rate.get())
    }

    /// Takes one line's amount apart; `amount` is after discounts.
    ///
    /// Exclusive: tax 1 = net × rate 1; tax 2 = (net, or net + tax 1) × rate 2; each rounded half-even.
    /// Inclusive: net = amount ÷ (1 + rates), rounded half-even; tax 1 is rounded from the amount and tax 2 takes the
    /// rest, so that the three parts always add up to the amount the customer was shown.
    pub fn split(&self, amount: Money, taxable: bool) -> Result<TaxedAmount, MoneyError> {
        let zero = Money::zero(amount.currency());
        let (rate1, rate2) = (self.ppm1(), self.ppm2());
        if !taxable || (rate1 == 0 && rate2 == 0) {
            return Ok(TaxedAmount { net: amount, tax1: zero, tax2: zero });
        }
        if !self.inclusive {
            let tax1 = amount.ppm(Ppm::new(rate1), LINE_TAX_ROUNDING)?;
            let base2 = if self.compound { amount.checked_add(tax1)? } else { amount };
            let tax2 = base2.ppm(Ppm::new(rate2), LINE_TAX_ROUNDING)?;
            return Ok(TaxedAmount { net: amount, tax1, tax2 });
        }
        // In parts of 10^12 so that compounding stays exact: (10^6 + r1) × (10^6 + r2), or 10^6 × (10^6 + r1 + r2).
        let whole =
            if self.compound { (WHOLE + rate1) * (WHOLE + rate2) } else { WHOLE * (WHOLE + rate1 + rate2) };
        let net = amount.fraction(WHOLE * WHOLE, whole, LINE_TAX_ROUNDING)?;
        let tax = amount.checked_sub(net)?;
        if rate2 == 0 {
            return Ok(TaxedAmount { net, tax1: tax, tax2: zero });
        }
        if rate1 == 0 {
            return Ok(TaxedAmount { net, tax1: zero, tax2: tax });
        }
        let tax1 = amount.fraction(rate1 * WHOLE, whole, LINE_TAX_ROUNDING)?;
        Ok(TaxedAmount { net, tax1, tax2: tax.checked_sub(tax1)? })
    }
}

#[cfg(test)]
mod tests;
