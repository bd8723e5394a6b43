//! The lines of a change: what comes back of what was charged, and the same time at the new prices.

use bursar_money::{Money, Ppm};
use bursar_time::{Fraction, Period};

use super::quote::{Moment, Outcome, Unused};
use super::rows::new_item;
use super::standing::{Cover, Piece, Standing};
use super::target::Target;
use super::{ChangeOptions, Proration};
use crate::error::BillError;
use crate::invoices::issue::Office;
use crate::invoices::line::{self, Discount, DiscountValue, LINE_ROUNDING, Line, LineKind, LineSpec, price};
use crate::run::plan;
use crate::subscriptions::Item;
use crate::subscriptions::desk::calendar;
use crate::subscriptions::detail::ItemDetail;
use crate::subscriptions::subscribe::spread_on_any;
use crate::taxes::{AppliedRule, Rates};

/// How much of a billed period lies ahead.
pub(super) fn rest_of(piece: &Piece, proration: Proration, moment: &Moment) -> Result<Fraction, BillError> {
    if moment.today < piece.period.start {
        return Ok(Fraction::ONE);
    }
    match proration {
        Proration::ByDay => {
            let rest = Period::new(moment.today, piece.period.end).map_err(calendar)?;
            Ok(Fraction::of_days(rest, piece.period))
        }
        Proration::BySecond => {
            let end = piece.period.ends_at(&moment.zone);
            Fraction::of_seconds(moment.now, end, piece.period, &moment.zone).map_err(calendar)
        }
        Proration::None => Ok(Fraction::ZERO),
    }
}

pub(super) fn days_ahead(piece: &Piece, moment: &Moment) -> Result<Period, BillError> {
    Period::new(moment.today.max(piece.period.start), piece.period.end).map_err(calendar)
}

/// a × b ÷ c, in lowest terms.
pub(super) fn ratio(a: Fraction, b: Fraction, c: Fraction) -> Result<Fraction, BillError> {
    let mut num = i128::from(a.num()) * i128::from(b.num());
    let mut den = i128::from(a.den()) * i128::from(b.den());
    let over = gcd(num, den).max(1);
    (num, den) = (num / over * i128::from(c.den()), den / over * i128::from(c.num()));
    let over = gcd(num, den).max(1);
    let narrow = |n: i128| {
        i64::try_from(n).map_err(|_| BillError::refused("The share of the period cannot be computed."))
    };
    Fraction::new(narrow(num / over)?, narrow(den / over)?).map_err(calendar)
}

pub(super) fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// What comes back of an item's price for the rest of a billed period.
pub(super) fn unused(
    piece: &Piece,
    row: &ItemDetail,
    options: ChangeOptions,
    office: &Office,
    moment: &Moment,
    standing: &Standing,
) -> Result<Option<Unused>, BillError> {
    let Some(cover) = piece.covers.get(&row.item.id) else { return Ok(None) };
    if cover.paid_minor == 0 || cover.line.spec.share.is_zero() {
        return Ok(None);
    }
    let share = left_of(piece, cover, rest_of(piece, options.proration, moment)?)?;
    let spec = LineSpec {
        kind: LineKind::UnusedPeriod,
        subscription_id: Some(row.item.subscription_id),
        item_id: Some(row.item.id),
        description: format!("Unused: {}", cover.line.spec.description),
        quantity: 1,
        unit_minor: -cover.paid_minor,
        period: Some(days_ahead(piece, moment)?),
        share,
        taxable: cover.line.spec.taxable,
    };
    let rates = rates_then(cover, office, standing);
    let line = price(spec, standing.case.detail.core.currency, Vec::new(), &rates)?;
    Ok(Some(Unused { line, sources: cover.sources.clone() }))
}

/// How much of what a line charged lies ahead. A line of an earlier change covers less than the whole piece.
pub(super) fn left_of(piece: &Piece, cover: &Cover, rest: Fraction) -> Result<Fraction, BillError> {
    ratio(rest, piece.share, cover.line.spec.share)
}

/// What comes back is taxed as it was when it was charged, whatever the rates are today.
pub(super) fn rates_then(cover: &Cover, office: &Office, standing: &Standing) -> Rates {
    let today = office.rates(&standing.case.profile);
    if cover.document_id == 0 {
        return today;
    }
    let applied =
        |part: line::TaxPart| part.rule_id.map(|rule_id| AppliedRule { rule_id, rate: Ppm::new(part.ppm) });
    Rates {
        level1: applied(cover.line.tax1),
        level2: applied(cover.line.tax2),
        compound: office.taxes.settings.compound,
        inclusive: cover.line.inputs.inclusive,
        note: None,
    }
}

/// The lines of one billed period: what comes back, and the same days at the new prices.
pub(super) fn prorate(
    piece: &Piece,
    standing: &Standing,
    outcome: &Outcome,
    options: ChangeOptions,
    office: &Office,
    moment: &Moment,
) -> Result<(Vec<Unused>, Vec<Line>), BillError> {
    let rest = rest_of(piece, options.proration, moment)?;
    if rest.is_zero() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (period, share) = (days_ahead(piece, moment)?, ratio(rest, piece.share, Fraction::ONE)?);
    let (mut back, mut lines) = (Vec::new(), Vec::new());
    let mut specs = Vec::new();
    let mut changed: Vec<&Cover> = Vec::new();
    let mut add = |item: &Item| {
        specs.push(LineSpec {
            kind: LineKind::Proration,
            subscription_id: Some(item.subscription_id),
            item_id: Some(item.id),
            description: item.description.clone(),
            quantity: item.quantity,
            unit_minor: item.unit_minor,
            period: Some(period),
            share,
            taxable: item.taxable,
        });
    };
    for after in &outcome.updates {
        let before = standing.items.iter().find(|row| row.item.id == after.item.id);
        if let Some(before) = before {
            back.extend(unused(piece, before, options, office, moment, standing)?);
            changed.extend(piece.covers.get(&before.item.id));
        }
        if after.ended_on.is_none() {
            add(&after.item);
        }
    }
    for row in &outcome.inserts {
        add(&row.item);
    }
    let discounts = discounts_of(piece, &changed, standing, outcome, rest)?;
    let (currency, rates) = (standing.case.detail.core.currency, office.rates(&standing.case.profile));
    let taken = spread_on_any(&specs, &discounts, currency)?;
    for (spec, taken) in specs.into_iter().zip(taken) {
        lines.push(price(spec, currency, taken, &rates)?);
    }
    Ok((back, lines))
}

/// The discounts of a billed period, for its rest: those that were taken off it then. A fixed amount comes again as far
/// as it comes back with the unused lines.
pub(super) fn discounts_of(
    piece: &Piece,
    changed: &[&Cover],
    standing: &Standing,
    outcome: &Outcome,
    rest: Fraction,
) -> Result<Vec<Discount>, BillError> {
    let taken_then = |label: &str| {
        piece.covers.values().any(|c| c.line.inputs.discounts.iter().any(|taken| taken.label == label))
    };
    let mut discounts = Vec::new();
    for granted in standing.discounts.iter().filter(|g| taken_then(&g.discount.label)) {
        let now = outcome.discounts.iter().find(|after| after.id == granted.id).unwrap_or(granted);
        let mut discount = now.discount.clone();
        if let DiscountValue::Fixed(_) = discount.value {
            let mut back = 0_i64;
            for cover in changed {
                let taken = cover.line.inputs.discounts.iter().filter(|t| t.label == discount.label);
                let minor = taken.map(|t| t.minor.abs()).sum::<i64>();
                let part = left_of(piece, cover, rest)?;
                let amount = Money::new(minor, standing.case.detail.core.currency);
                back += amount.fraction(part.num(), part.den(), LINE_ROUNDING)?.minor();
            }
            discount.value = DiscountValue::Fixed(back);
        }
        discounts.push(discount);
    }
    discounts.extend(plan::group_discount(&standing.case.profile));
    Ok(discounts)
}

/// Set-up fees of items that begin now.
pub(super) fn setups(
    outcome: &Outcome,
    office: &Office,
    standing: &Standing,
) -> Result<Vec<Line>, BillError> {
    let new = outcome.inserts.iter().map(|row| &row.item).filter(|item| item.setup_minor != 0);
    new.map(|item| at_once(LineKind::Setup, item, item.setup_minor, office, standing)).collect()
}

/// What is paid once with the change.
pub(super) fn once(target: &Target, standing: &Standing, office: &Office) -> Result<Vec<Line>, BillError> {
    let mut lines = Vec::new();
    for wanted in &target.once {
        let core = &standing.case.detail.core;
        let mut item = new_item(wanted, 0, core.id, core.next.start, false).item;
        item.id = 0;
        lines.push(at_once(LineKind::OneTime, &item, item.unit_minor, office, standing)?);
        if item.setup_minor != 0 {
            lines.push(at_once(LineKind::Setup, &item, item.setup_minor, office, standing)?);
        }
    }
    Ok(lines)
}

pub(super) fn at_once(
    kind: LineKind,
    item: &Item,
    unit_minor: i64,
    office: &Office,
    standing: &Standing,
) -> Result<Line, BillError> {
    let spec = LineSpec {
        kind,
        subscription_id: Some(item.subscription_id),
        item_id: (item.id != 0).then_some(item.id),
        description: item.description.clone(),
        quantity: item.quantity,
        unit_minor,
        period: None,
        share: Fraction::ONE,
        taxable: item.taxable,
    };
    let rates = office.rates(&standing.case.profile);
    Ok(price(spec, standing.case.detail.core.currency, Vec::new(), &rates)?)
}
