//! What coupons take off. Pure, and the only place that knows.
//!
//! Rules, in this order:
//! 1. *Price override*: a unit costs the coupon's amount when that is less; never more. Products and named add-ons
//!    only, not options.
//! 2. *Percent*: one after the other by coupon id, each off what is left, rounded once per item and coupon.
//! 3. *Fixed*: off what is left, spread over the items the coupon is good for in proportion to what is left of each,
//!    without losing a cent. What exceeds it is forfeited: an item never costs less than nothing.
//! 4. *Free setup*: setup fees of the items it is good for. The other kinds leave setup fees alone.
//!
//! Worked by hand: a server at 40.00 and an add-on at 10.00, with 10 % and 9.00 off. Percent first: 4.00 and 1.00,
//! leaving 36.00 and 9.00 of 45.00. Then 9.00 in proportion 36 : 9 is 7.20 and 1.80. Discounts 11.20 and 2.80, to pay
//! 28.80 and 7.20, together 36.00. (Fixed first would give 36.90: 50.00 − 9.00 = 41.00, less 10 %.)

use bursar_money::{Money, MoneyError, Ppm, Rounding};

use crate::coupon::{CouponGrant, CouponRefused, GrantKind};
use crate::selection::{ItemSource, PricedItem};

/// One line that discounts may apply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discountable {
    /// What it is, to match the coupons' targets.
    pub source: ItemSource,
    /// The undiscounted unit price of a whole period.
    pub unit: Money,
    /// What the line charges for the period: unit times quantity, or its prorated part. Not negative.
    pub price: Money,
    /// Setup fees of the line; zero when they are not due. Not negative.
    pub setup: Money,
}

impl Discountable {
    /// A whole first period of a priced item.
    ///
    /// # Errors
    /// Overflow.
    pub fn first_period(item: &PricedItem, currency: bursar_money::Currency) -> Result<Self, MoneyError> {
        let unit = Money::new(item.unit_minor, currency);
        let setup = Money::new(item.setup_minor, currency).times(item.quantity)?;
        Ok(Self { source: item.source, unit, price: unit.times(item.quantity)?, setup })
    }
}

/// What is taken off one line. Never more than the line charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discount {
    /// Off the price.
    pub price: Money,
    /// Off the setup fees.
    pub setup: Money,
}

/// Whether grants may be used together: one alone always; several only when each is stackable, none is there twice
/// and at most one sets the price.
///
/// # Errors
/// [`CouponRefused::Exclusive`], [`CouponRefused::Twice`], [`CouponRefused::TwoPrices`].
pub fn check_stacking(grants: &[CouponGrant]) -> Result<(), CouponRefused> {
    for (index, grant) in grants.iter().enumerate() {
        if grants[..index].iter().any(|other| other.coupon_id == grant.coupon_id) {
            return Err(CouponRefused::Twice(grant.code.clone()));
        }
    }
    if grants.len() > 1
        && let Some(exclusive) = grants.iter().find(|grant| !grant.stackable)
    {
        return Err(CouponRefused::Exclusive(exclusive.code.clone()));
    }
    let sets_price = |grant: &&CouponGrant| matches!(grant.kind, GrantKind::PriceOverride(_));
    if grants.iter().filter(sets_price).count() > 1 {
        return Err(CouponRefused::TwoPrices);
    }
    Ok(())
}

/// What the grants take off each line, in the lines' order. Which grants are still good for this period is the caller's
/// knowledge.
///
/// # Errors
/// Lines of different currencies, or overflow.
pub fn discounts(
    lines: &[Discountable],
    grants: &[CouponGrant],
    rounding: Rounding,
) -> Result<Vec<Discount>, MoneyError> {
    let mut left: Vec<Money> = lines.iter().map(|line| line.price).collect();
    let mut setup: Vec<Money> = lines.iter().map(|line| Money::zero(line.setup.currency())).collect();
    let mut in_order: Vec<&CouponGrant> = grants.iter().collect();
    in_order.sort_by_key(|grant| (step(grant.kind), grant.coupon_id));
    for grant in in_order {
        match grant.kind {
            GrantKind::PriceOverride(minor) => override_prices(lines, &mut left, grant, minor, rounding)?,
            GrantKind::Percent(ppm) => {
                for (line, left) in lines.iter().zip(&mut left) {
                    if grant.targets.include(line.source) {
                        *left = take(*left, left.ppm(Ppm::new(ppm), rounding)?)?;
                    }
                }
            }
            GrantKind::Fixed(minor) => take_fixed(lines, &mut left, grant, minor)?,
            GrantKind::FreeSetup => {
                for (line, off) in lines.iter().zip(&mut setup) {
                    if grant.targets.include(line.source) {
                        *off = line.setup;
                    }
                }
            }
            GrantKind::TrialExtension(_) => {}
        }
    }
    lines
        .iter()
        .zip(left.into_iter().zip(setup))
        .map(|(line, (left, setup))| Ok(Discount { price: line.price.checked_sub(left)?, setup }))
        .collect()
}

fn step(kind: GrantKind) -> u8 {
    match kind {
        GrantKind::PriceOverride(_) => 0,
        GrantKind::Percent(_) => 1,
        GrantKind::Fixed(_) => 2,
        GrantKind::FreeSetup | GrantKind::TrialExtension(_) => 3,
    }
}

fn override_prices(
    lines: &[Discountable],
    left: &mut [Money],
    grant: &CouponGrant,
    minor: i64,
    rounding: Rounding,
) -> Result<(), MoneyError> {
    for (line, left) in lines.iter().zip(left) {
        let eligible = match line.source {
            ItemSource::Product(_) => grant.targets.include(line.source),
            ItemSource::Addon(id) => grant.targets.addons.contains(&id),
            ItemSource::Option { .. } => false,
        };
        let cheaper_by = line.unit.minor().saturating_sub(minor);
        if eligible && cheaper_by > 0 {
            // The same share off a prorated line as off a whole one; exact for a whole one.
            *left = take(*left, left.fraction(cheaper_by, line.unit.minor(), rounding)?)?;
        }
    }
    Ok(())
}

fn take_fixed(
    lines: &[Discountable],
    left: &mut [Money],
    grant: &CouponGrant,
    minor: i64,
) -> Result<(), MoneyError> {
    let weights: Vec<u64> =
        lines
            .iter()
            .zip(left.iter())
            .map(|(line, left)| {
                if grant.targets.include(line.source) { u64::try_from(left.minor()).unwrap_or(0) } else { 0 }
            })
            .collect();
    let Some(currency) = left.first().map(Money::currency) else { return Ok(()) };
    let eligible = lines.iter().zip(left.iter()).filter(|(line, _)| grant.targets.include(line.source));
    let most = Money::sum(eligible.map(|(_, left)| *left), currency)?;
    let off = Money::new(minor, currency).min(most)?;
    if !off.is_positive() {
        return Ok(());
    }
    for (left, share) in left.iter_mut().zip(off.allocate(&weights)) {
        *left = take(*left, share)?;
    }
    Ok(())
}

/// Never below nothing.
fn take(from: Money, off: Money) -> Result<Money, MoneyError> {
    from.checked_sub(off.min(from)?)
}
