//! Lines: what is charged, and the one function that prices it.
//!
//! Every surface (preview, run, change, manual invoice) gets its figures from [`price`], so that they cannot differ.

use bursar_money::{Currency, Money, MoneyError, Ppm, Rounding};
use bursar_time::{Fraction, Period};
use serde::{Deserialize, Serialize};

use crate::taxes::Rates;

/// The one rounding of a line's amount: once, after quantity and share of the period.
pub const LINE_ROUNDING: Rounding = Rounding::HalfEven;

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A period of a subscription item.
    Recurring,
    /// A set-up fee.
    Setup,
    /// Something sold once.
    OneTime,
    /// Part of a period after a change.
    Proration,
    /// The unused part of a period that was already billed; negative.
    UnusedPeriod,
    /// Typed by staff.
    Manual,
    /// A fee for paying late.
    LateFee,
    /// A deposit: becomes credit when paid, never turnover.
    AddFunds,
    /// A domain's registration, transfer or renewal.
    Domain,
    /// A discount that is a line of its own; negative. Only on imported documents.
    Discount,
    /// A line of an imported document that collects other invoices.
    Collects,
}

impl LineKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Recurring,
        Self::Setup,
        Self::OneTime,
        Self::Proration,
        Self::UnusedPeriod,
        Self::Manual,
        Self::LateFee,
        Self::AddFunds,
        Self::Domain,
        Self::Discount,
        Self::Collects,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Recurring => "recurring",
            Self::Setup => "setup",
            Self::OneTime => "one_time",
            Self::Proration => "proration",
            Self::UnusedPeriod => "unused_period",
            Self::Manual => "manual",
            Self::LateFee => "late_fee",
            Self::AddFunds => "add_funds",
            Self::Domain => "domain",
            Self::Discount => "discount",
            Self::Collects => "collects",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is to be charged; amounts in minor units of the invoice's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSpec {
    /// Where it comes from.
    pub kind: LineKind,
    /// The subscription it belongs to.
    pub subscription_id: Option<i64>,
    /// The item it belongs to.
    pub item_id: Option<i64>,
    /// As printed.
    pub description: String,
    /// How many; for hourly prices hours × units.
    pub quantity: i64,
    /// Price of one for a full period.
    pub unit_minor: i64,
    /// The period it covers.
    pub period: Option<Period>,
    /// How much of a full period that is.
    pub share: Fraction,
    /// Whether tax rules apply.
    pub taxable: bool,
}

/// The inputs of a line that its columns do not show; stored so that a person can ask how the figure came about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineInputs {
    /// Share of a full period as (numerator, denominator), when not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<(i64, i64)>,
    /// Discounts taken off, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<DiscountTaken>,
    /// The price included tax.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inclusive: bool,
    /// Level 2 was charged on top of level 1.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub compound: bool,
    /// The line of the corrected invoice that a credit note's line gives back, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects_line: Option<i64>,
}

/// One discount's part in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountTaken {
    /// Its name: the coupon's code or the group's name.
    pub label: String,
    /// Minor units taken off this line.
    pub minor: i64,
}

/// A priced line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was charged.
    pub spec: LineSpec,
    /// quantity × unit × share, rounded once.
    pub gross_minor: i64,
    /// Taken off before tax.
    pub discount_minor: i64,
    /// gross − discount, without tax.
    pub net_minor: i64,
    /// Level 1: rule, rate in ppm, amount.
    pub tax1: TaxPart,
    /// Level 2.
    pub tax2: TaxPart,
    /// See [`LineInputs`].
    pub inputs: LineInputs,
}

/// One level's tax on a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaxPart {
    /// The rule, if one applied.
    pub rule_id: Option<i64>,
    /// Its rate then.
    pub ppm: i64,
    /// The tax in minor units.
    pub minor: i64,
}

impl Line {
    /// net + taxes.
    pub fn total_minor(&self) -> i64 {
        self.net_minor + self.tax1.minor + self.tax2.minor
    }
}

/// quantity × unit × share, rounded once.
pub fn gross(spec: &LineSpec, currency: Currency) -> Result<Money, MoneyError> {
    let full = Money::new(spec.unit_minor, currency).times(spec.quantity)?;
    if spec.share.is_one() {
        return Ok(full);
    }
    full.fraction(spec.share.num(), spec.share.den(), LINE_ROUNDING)
}

/// Prices one line whose discounts are already known.
pub fn price(
    spec: LineSpec,
    currency: Currency,
    discounts: Vec<DiscountTaken>,
    rates: &Rates,
) -> Result<Line, MoneyError> {
    let gross = gross(&spec, currency)?;
    let discount = Money::sum(discounts.iter().map(|d| Money::new(d.minor, currency)), currency)?;
    let parts = rates.split(gross.checked_sub(discount)?, spec.taxable)?;
    let taxed = spec.taxable && rates.note.is_none();
    let part = |rule: Option<crate::taxes::AppliedRule>, amount: Money| match rule.filter(|_| taxed) {
        Some(rule) => TaxPart { rule_id: Some(rule.rule_id), ppm: rule.rate.get(), minor: amount.minor() },
        None => TaxPart::default(),
    };
    let share = (!spec.share.is_one()).then(|| (spec.share.num(), spec.share.den()));
    Ok(Line {
        gross_minor: gross.minor(),
        discount_minor: discount.minor(),
        net_minor: parts.net.minor(),
        tax1: part(rates.level1, parts.tax1),
        tax2: part(rates.level2, parts.tax2),
        inputs: LineInputs {
            share,
            discounts,
            inclusive: rates.inclusive && taxed,
            compound: rates.compound && taxed && rates.level1.is_some() && rates.level2.is_some(),
            corrects_line: None,
        },
        spec,
    })
}

/// A discount on the lines of one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// As shown: the coupon's code.
    pub label: String,
    /// What it takes.
    pub value: DiscountValue,
    /// The items it applies to; `None` for all.
    pub item_ids: Option<Vec<i64>>,
}

/// What a discount takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountValue {
    /// A share of each line.
    Percent(Ppm),
    /// An amount over all lines together, in minor units.
    Fixed(i64),
    /// What one unit costs instead, in minor units, where that is less.
    UnitPrice(i64),
}

/// Spreads discounts over recurring lines: other unit prices first, then percentages, then fixed amounts; a line never
/// goes below zero.
///
/// Another unit price takes the same share off a part of a period as off a whole one; it never makes anything dearer.
/// Percentages are taken one after the other from what the earlier ones left: 10 % and 20 % of 100.00 leave 72.00.
/// A fixed amount is spread over the lines in proportion to what is left of them, without losing a minor unit.
pub fn spread_discounts(
    specs: &[LineSpec],
    discounts: &[Discount],
    currency: Currency,
) -> Result<Vec<Vec<DiscountTaken>>, MoneyError> {
    let mut left = Vec::with_capacity(specs.len());
    for spec in specs {
        left.push(gross(spec, currency)?);
    }
    let mut taken: Vec<Vec<DiscountTaken>> = vec![Vec::new(); specs.len()];
    let applies = |discount: &Discount, spec: &LineSpec| {
        spec.kind == LineKind::Recurring
            && discount.item_ids.as_ref().is_none_or(|ids| spec.item_id.is_some_and(|id| ids.contains(&id)))
    };
    let mut take =
        |index: usize, label: &str, amount: Money, left: &mut Vec<Money>| -> Result<(), MoneyError> {
            if amount.is_positive() {
                left[index] = left[index].checked_sub(amount)?;
                taken[index].push(DiscountTaken { label: label.to_owned(), minor: amount.minor() });
            }
            Ok(())
        };
    for discount in discounts {
        let DiscountValue::UnitPrice(minor) = discount.value else { continue };
        for (index, spec) in specs.iter().enumerate() {
            let cheaper_by = spec.unit_minor.saturating_sub(minor);
            if applies(discount, spec) && cheaper_by > 0 && left[index].is_positive() {
                let amount =
                    left[index].fraction(cheaper_by, spec.unit_minor, LINE_ROUNDING)?.min(left[index])?;
                take(index, &discount.label, amount, &mut left)?;
            }
        }
    }
    for discount in discounts {
        let DiscountValue::Percent(share) = discount.value else { continue };
        for (index, spec) in specs.iter().enumerate() {
            if applies(discount, spec) && left[index].is_positive() {
                let amount = left[index].ppm(share, LINE_ROUNDING)?.min(left[index])?;
                take(index, &discount.label, amount, &mut left)?;
            }
        }
    }
    for discount in discounts {
        let DiscountValue::Fixed(minor) = discount.value else { continue };
        let weights: Vec<u64> = specs
            .iter()
            .zip(&left)
            .map(
                |(spec, left)| {
                    if applies(discount, spec) { u64::try_from(left.minor()).unwrap_or(0) } else { 0 }
                },
            )
            .collect();
        let available = Money::sum(
            specs.iter().zip(&left).filter(|(s, l)| applies(discount, s) && l.is_positive()).map(|(_, l)| *l),
            currency,
        )?;
        let amount = Money::new(minor, currency).min(available)?;
        if !amount.is_positive() {
            continue;
        }
        for (index, part) in amount.allocate(&weights).into_iter().enumerate() {
            take(index, &discount.label, part, &mut left)?;
        }
    }
    Ok(taken)
}

/// The sums of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Discounts, already inside `subtotal`.
    pub discount_minor: i64,
    /// Net of all lines.
    pub subtotal_minor: i64,
    /// Level 1.
    pub tax1_minor: i64,
    /// Level 2.
    pub tax2_minor: i64,
    /// What is asked for.
    pub total_minor: i64,
}

/// Adds up lines, checked.
pub fn totals(lines: &[Line], currency: Currency) -> Result<Totals, MoneyError> {
    let sum = |part: fn(&Line) -> i64| -> Result<i64, MoneyError> {
        Ok(Money::sum(lines.iter().map(|line| Money::new(part(line), currency)), currency)?.minor())
    };
    Ok(Totals {
        discount_minor: sum(|l| l.discount_minor)?,
        subtotal_minor: sum(|l| l.net_minor)?,
        tax1_minor: sum(|l| l.tax1.minor)?,
        tax2_minor: sum(|l| l.tax2.minor)?,
        total_minor: sum(Line::total_minor)?,
    })
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
