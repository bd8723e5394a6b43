//! What a change comes to: pure. Preview and change both begin and end here.

use std::collections::BTreeSet;

use bursar_fault::Fault;
use bursar_money::{Money, Ppm};
use bursar_time::{Anchor, Date, Fraction, Instant, Period, TimeZone, plus_days};

use super::standing::{Cover, Piece, Source, Standing};
use super::target::{Recycle, Target, TargetItem};
use super::{ChangeOptions, Credit, Proration};
use crate::error::BillError;
use crate::invoices::issue::Office;
use crate::invoices::line::{
    self, Discount, DiscountValue, LINE_ROUNDING, Line, LineKind, LineSpec, Totals, price,
};
use crate::run::plan::{self, Draft, Plan};
use crate::subscriptions::desk::{self, Case, calendar};
use crate::subscriptions::detail::{Detail, ItemDetail};
use crate::subscriptions::store::NewItem;
use crate::subscriptions::subscribe::{BillingDay, most_lead_days, spread_on_any};
use crate::subscriptions::{Granted, Item, Mode, Status};
use crate::taxes::{AppliedRule, Rates};

/// When and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub now: Instant,
    pub today: Date,
    pub zone: TimeZone,
}

/// Everything a change writes.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The subscription after the change, with the version it was read at.
    pub detail: Detail,
    /// Items that change or end.
    pub updates: Vec<ItemDetail>,
    /// New items.
    pub inserts: Vec<NewItem>,
    /// Discounts whose items change.
    pub discounts: Vec<Granted>,
    /// What is invoiced, with set-up fees and discounts used; nothing of it moves the subscription.
    pub plan: Plan,
    /// What comes back by credit notes, when more does than is charged.
    pub give_back: Vec<Source>,
    /// What comes back of billed periods.
    pub unused: Vec<Unused>,
    /// All lines; until the end those that are charged.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
}

/// What comes back of one line that was charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unused {
    /// The negative line that says so on an invoice.
    pub line: Line,
    /// Where it can be credited; nowhere when it was charged in another system.
    pub sources: Vec<Source>,
}

type Ids<'a> = &'a mut dyn FnMut() -> Result<i64, Fault>;

/// The first day of a change that waits for the end of the period.
pub(crate) fn period_end(detail: &Detail) -> Date {
    match detail.core.mode {
        Mode::Prepaid => detail.core.next.start,
        Mode::Arrears => detail.core.next.end,
    }
}

/// Refuses what cannot be changed as it stands.
pub(crate) fn check(standing: &Standing, target: &Target) -> Result<(), BillError> {
    let core = &standing.case.detail.core;
    if core.status.is_over() {
        return Err(BillError::refused("This subscription is over; open a new one."));
    }
    if core.status == Status::Paused {
        return Err(BillError::refused("This subscription is paused; resume it first."));
    }
    if !core.cycle.is_recurring() {
        return Err(BillError::refused("What was paid once cannot be changed."));
    }
    if target.recycle.is_some() && core.cancel_on.is_some() {
        return Err(BillError::refused("This subscription is about to end; undo its cancellation first."));
    }
    Ok(())
}

/// A change that takes effect at once.
pub(crate) fn now(
    standing: &Standing,
    target: &Target,
    options: ChangeOptions,
    office: &Office,
    moment: &Moment,
    ids: Ids<'_>,
) -> Result<Outcome, BillError> {
    check(standing, target)?;
    let core = &standing.case.detail.core;
    let waits = match core.mode {
        Mode::Prepaid => core.next.start < moment.today,
        Mode::Arrears => core.next.end <= moment.today,
    };
    if waits && core.status.is_billed() && core.next_bill_on.is_some() {
        return Err(BillError::refused("A period that is over has not been billed yet; run billing first."));
    }
    let mut outcome = match core.mode {
        Mode::Prepaid => Outcome::of(standing),
        Mode::Arrears => close_running(standing, office, moment)?,
    };
    let charged = core.status.is_billed() && core.status != Status::Trial;
    let prorated = charged && core.mode == Mode::Prepaid && options.proration != Proration::None;
    if let Some(recycle) = target.recycle {
        if prorated {
            for piece in &standing.pieces {
                for row in &standing.items {
                    outcome.unused.extend(unused(piece, row, options, office, moment, standing)?);
                }
            }
        }
        restart(&mut outcome, standing, target, recycle, moment.today, ids)?;
        bill_restarted(&mut outcome, standing, office, moment)?;
    } else {
        rearrange(&mut outcome, standing, target, moment.today, prorated, ids)?;
        if prorated {
            for piece in &standing.pieces {
                let (back, charged) = prorate(piece, standing, &outcome, options, office, moment)?;
                outcome.unused.extend(back);
                outcome.lines.extend(charged);
            }
            outcome.lines.extend(setups(&outcome, office, standing)?);
        }
    }
    outcome.lines.extend(once(target, standing, office)?);
    finish(outcome, standing, options, office, moment)
}

/// A change at the beginning of the next period: no period that was billed is touched.
pub(crate) fn at_boundary(
    standing: &Standing,
    target: &Target,
    office: &Office,
    moment: &Moment,
    ids: Ids<'_>,
) -> Result<Outcome, BillError> {
    check(standing, target)?;
    let mut outcome = Outcome::of(standing);
    let from = standing.case.detail.core.next.start;
    match target.recycle {
        Some(recycle) => restart(&mut outcome, standing, target, recycle, from, ids)?,
        None => rearrange(&mut outcome, standing, target, from, false, ids)?,
    }
    outcome.lines.extend(once(target, standing, office)?);
    let options = ChangeOptions { credit: Credit::Forfeit, ..ChangeOptions::default() };
    finish(outcome, standing, options, office, moment)
}

/// Leaving the running period behind, for a pause or a cancellation. The caller has set the new status.
///
/// When what was paid ahead is given back, the items end with it: those that take their places, after a pause, have no
/// billed period yet, so that nothing overlaps when the rest of the calendar is billed again.
pub(crate) fn leave(
    standing: &Standing,
    status: Status,
    credit: Credit,
    office: &Office,
    moment: &Moment,
    ids: Ids<'_>,
) -> Result<Outcome, BillError> {
    let before = &standing.case.detail.core;
    let charged = before.status.is_billed() && before.status != Status::Trial;
    let mut outcome = match before.mode {
        Mode::Prepaid => Outcome::of(standing),
        Mode::Arrears => close_running(standing, office, moment)?,
    };
    outcome.detail.core.status = status;
    outcome.detail.core.next_bill_on = None;
    let options = ChangeOptions { credit, ..ChangeOptions::default() };
    if charged && before.mode == Mode::Prepaid && credit == Credit::GiveBack {
        for piece in &standing.pieces {
            for row in &standing.items {
                outcome.unused.extend(unused(piece, row, options, office, moment, standing)?);
            }
        }
    }
    if !outcome.unused.is_empty() {
        let on = moment.today;
        outcome.detail.core.next = before.anchor.first_period(before.cycle, on).map_err(calendar)?.0;
        outcome.updates =
            standing.items.iter().map(|row| ItemDetail { ended_on: Some(on), ..row.clone() }).collect();
        if !status.is_over() {
            replace_items(&mut outcome, standing, ids)?;
        }
    }
    finish(outcome, standing, options, office, moment)
}

/// New rows for the same items, with the discounts of the old ones.
fn replace_items(outcome: &mut Outcome, standing: &Standing, ids: Ids<'_>) -> Result<(), BillError> {
    let mut places = Vec::new();
    for row in &standing.items {
        let id = ids()?;
        places.push((row.item.id, id));
        let billed_from_on = outcome.detail.core.next.start;
        outcome.inserts.push(NewItem {
            item: Item { id, billed_from_on, version: 1, ..row.item.clone() },
            kind: row.kind.code(),
            source_id: row.source_id,
            value_id: row.value_id,
            ended_on: None,
            legacy: None,
        });
    }
    outcome.discounts.extend(moved_to(&standing.case.discounts, &places));
    Ok(())
}

/// Discounts of named items, for the items that took their places.
fn moved_to(discounts: &[Granted], places: &[(i64, i64)]) -> Vec<Granted> {
    let moved = discounts.iter().filter_map(|granted| {
        let old = granted.discount.item_ids.as_ref()?;
        let mut after = granted.clone();
        let new = places.iter().filter(|(before, _)| old.contains(before)).map(|(_, id)| *id);
        after.discount.item_ids = Some(new.collect());
        Some(after)
    });
    moved.collect()
}

impl Outcome {
    fn of(standing: &Standing) -> Self {
        Self {
            detail: standing.case.detail.clone(),
            updates: Vec::new(),
            inserts: Vec::new(),
            discounts: Vec::new(),
            plan: Plan::default(),
            give_back: Vec::new(),
            unused: Vec::new(),
            lines: Vec::new(),
            totals: Totals::default(),
        }
    }
}

/// Arrears: the days of the running period up to today are billed as they were; the rest is what is billed next.
pub(crate) fn close_running(
    standing: &Standing,
    office: &Office,
    moment: &Moment,
) -> Result<Outcome, BillError> {
    let mut outcome = Outcome::of(standing);
    let core = &mut outcome.detail.core;
    if moment.today <= core.next.start || !core.status.is_billed() || core.next_bill_on.is_none() {
        return Ok(outcome);
    }
    let stretch = Period::new(core.next.start, moment.today).map_err(calendar)?;
    core.next = Period::new(moment.today, core.next.end).map_err(calendar)?;
    outcome.plan = standing.case.plan_stretch(office, &moment.zone, stretch, moment.today)?;
    Ok(outcome)
}

/// Items in place: those that stay keep their row, others end or begin.
fn rearrange(
    outcome: &mut Outcome,
    standing: &Standing,
    target: &Target,
    on: Date,
    charged_now: bool,
    ids: Ids<'_>,
) -> Result<(), BillError> {
    (outcome.detail.product_id, outcome.detail.core.label) = (target.product_id, target.label.clone());
    let (subscription_id, starts) = (outcome.detail.core.id, outcome.detail.core.next.start);
    let mut moved = BTreeSet::new();
    for row in &standing.items {
        let wanted = target.items.iter().find(|item| item.replaces == Some(row.item.id));
        let mut after = row.clone();
        match wanted {
            Some(item) => {
                if (row.source_id, row.kind) != (item.source_id, item.kind) {
                    moved.insert(row.item.id);
                }
                take_over(&mut after, item);
            }
            None => {
                moved.insert(row.item.id);
                after.ended_on = Some(on);
            }
        }
        if after != *row {
            outcome.updates.push(after);
        }
    }
    for item in target.items.iter().filter(|item| item.replaces.is_none()) {
        let due = item.setup_minor != 0 && !charged_now;
        outcome.inserts.push(new_item(item, ids()?, subscription_id, starts, due));
    }
    for granted in &standing.case.discounts {
        if let Some(after) = without_items(granted, &moved) {
            outcome.discounts.push(after);
        }
    }
    Ok(())
}

fn take_over(row: &mut ItemDetail, item: &TargetItem) {
    (row.source_id, row.value_id) = (item.source_id, item.value_id);
    row.item.description.clone_from(&item.description);
    (row.item.quantity, row.item.unit_minor, row.item.taxable) =
        (item.quantity, item.unit_minor, item.taxable);
}

fn new_item(item: &TargetItem, id: i64, subscription_id: i64, from: Date, setup_due: bool) -> NewItem {
    NewItem {
        item: Item {
            id,
            subscription_id,
            description: item.description.clone(),
            quantity: item.quantity,
            unit_minor: item.unit_minor,
            setup_minor: item.setup_minor,
            setup_due,
            taxable: item.taxable,
            billed_from_on: from,
            version: 1,
        },
        kind: item.kind.code(),
        source_id: item.source_id,
        value_id: item.value_id,
        ended_on: None,
        legacy: None,
    }
}

/// A coupon for named items does not follow what takes their place; without any item left it has run out.
fn without_items(granted: &Granted, moved: &BTreeSet<i64>) -> Option<Granted> {
    let ids = granted.discount.item_ids.as_ref()?;
    let left: Vec<i64> = ids.iter().copied().filter(|id| !moved.contains(id)).collect();
    if left.len() == ids.len() {
        return None;
    }
    let mut after = granted.clone();
    if left.is_empty() {
        after.periods_left = Some(0);
    }
    after.discount.item_ids = Some(left);
    Some(after)
}

/// Another cycle: every item ends, new ones take their places, and periods are counted from a new anchor.
fn restart(
    outcome: &mut Outcome,
    standing: &Standing,
    target: &Target,
    recycle: Recycle,
    on: Date,
    ids: Ids<'_>,
) -> Result<(), BillError> {
    let detail = &mut outcome.detail;
    let from = match (detail.core.status, detail.trial_ends_on) {
        (Status::Trial, Some(ends)) => ends,
        (Status::Pending, _) => detail.core.next.start,
        _ => on,
    };
    let core = &mut detail.core;
    core.cycle = recycle.cycle;
    core.anchor = match recycle.day {
        BillingDay::Anniversary => Anchor::anniversary(from),
        BillingDay::Fixed(day) => Anchor::fixed_day(from, day).map_err(calendar)?,
    };
    core.next = core.anchor.first_period(recycle.cycle, from).map_err(calendar)?.0;
    core.lead_days = core.lead_days.min(most_lead_days(recycle.cycle));
    if core.next_bill_on.is_some() {
        core.next_bill_on = Some(core.bill_date(core.next).map_err(calendar)?);
    }
    let mut places = Vec::new();
    for item in &target.items {
        let id = ids()?;
        places.extend(item.replaces.map(|old| (old, id)));
        let setup_due = item.setup_minor != 0;
        outcome.inserts.push(new_item(item, id, outcome.detail.core.id, from, setup_due));
    }
    outcome.updates.extend(standing.items.iter().map(|row| ItemDetail { ended_on: Some(on), ..row.clone() }));
    outcome.discounts.extend(moved_to(&standing.case.discounts, &places));
    Ok(())
}

/// The first period of the new cycle, billed at once when it is paid ahead.
fn bill_restarted(
    outcome: &mut Outcome,
    standing: &Standing,
    office: &Office,
    moment: &Moment,
) -> Result<(), BillError> {
    let core = &outcome.detail.core;
    if core.mode != Mode::Prepaid || core.next_bill_on.is_none_or(|on| on > moment.today) {
        return Ok(());
    }
    // These discounts are saved before the plan is written, which counts their versions on.
    let discounts = standing.case.discounts.iter().map(|granted| {
        let saved = outcome.discounts.iter().find(|after| after.id == granted.id);
        saved.map_or_else(|| granted.clone(), |after| Granted { version: after.version + 1, ..after.clone() })
    });
    let case = Case {
        detail: outcome.detail.clone(),
        items: outcome.inserts.iter().map(|row| row.item.clone()).collect(),
        discounts: discounts.collect(),
        profile: standing.case.profile.clone(),
    };
    let mut plan = case.plan(office, &moment.zone, moment.today)?;
    if let Some(advance) = plan.advances.pop() {
        let core = &mut outcome.detail.core;
        (core.status, core.next, core.next_bill_on) = (advance.status, advance.next, advance.next_bill_on);
        core.periods_left = advance.periods_left;
        outcome.detail.ended_on = advance.ended_on;
    }
    plan.advances.clear();
    outcome.plan = plan;
    Ok(())
}

/// How much of a billed period lies ahead.
fn rest_of(piece: &Piece, proration: Proration, moment: &Moment) -> Result<Fraction, BillError> {
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

fn days_ahead(piece: &Piece, moment: &Moment) -> Result<Period, BillError> {
    Period::new(moment.today.max(piece.period.start), piece.period.end).map_err(calendar)
}

/// a × b ÷ c, in lowest terms.
fn ratio(a: Fraction, b: Fraction, c: Fraction) -> Result<Fraction, BillError> {
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

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// What comes back of an item's price for the rest of a billed period.
fn unused(
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
fn left_of(piece: &Piece, cover: &Cover, rest: Fraction) -> Result<Fraction, BillError> {
    ratio(rest, piece.share, cover.line.spec.share)
}

/// What comes back is taxed as it was when it was charged, whatever the rates are today.
fn rates_then(cover: &Cover, office: &Office, standing: &Standing) -> Rates {
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
fn prorate(
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
fn discounts_of(
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
fn setups(outcome: &Outcome, office: &Office, standing: &Standing) -> Result<Vec<Line>, BillError> {
    let new = outcome.inserts.iter().map(|row| &row.item).filter(|item| item.setup_minor != 0);
    new.map(|item| at_once(LineKind::Setup, item, item.setup_minor, office, standing)).collect()
}

/// What is paid once with the change.
fn once(target: &Target, standing: &Standing, office: &Office) -> Result<Vec<Line>, BillError> {
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

fn at_once(
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

/// Sums up, and makes one invoice of everything, or finds that something comes back.
pub(crate) fn finish(
    mut outcome: Outcome,
    standing: &Standing,
    options: ChangeOptions,
    office: &Office,
    moment: &Moment,
) -> Result<Outcome, BillError> {
    let currency = standing.case.detail.core.currency;
    let mut billed = Vec::new();
    let usual = plus_days(moment.today, office.settings.due_days).map_err(calendar)?;
    let mut due_on = usual;
    // Set-up fees that the plan of a running or new period charges count the items' versions on.
    for row in &mut outcome.updates {
        if outcome.plan.setups.iter().any(|used| used.id == row.item.id) {
            row.item.version += 1;
        }
    }
    let own = std::mem::take(&mut outcome.lines);
    let mut planned = Vec::new();
    for invoice in outcome.plan.invoices.drain(..) {
        let offset = i64::try_from(planned.len()).expect("an invoice has few lines");
        billed.extend(
            invoice.billed.into_iter().map(|b| plan::BilledPeriod { line_no: b.line_no + offset, ..b }),
        );
        planned.extend(invoice.lines);
        due_on = due_on.max(invoice.due_on);
    }
    let unused = std::mem::take(&mut outcome.unused);
    // Periods first: their guards name lines by number.
    let charged: Vec<Line> = planned.iter().chain(&own).cloned().collect();
    let mut lines = charged.clone();
    lines.extend(unused.iter().map(|back| back.line.clone()));
    let mut totals = line::totals(&lines, currency)?;
    if options.credit == Credit::Forfeit && totals.total_minor <= 0 {
        if !planned.is_empty() && totals.total_minor < 0 {
            let why = "The unused time is worth more than the new period. Give it back, or make the change at the end \
                       of the period.";
            return Err(BillError::refused(why));
        }
        if planned.is_empty() {
            lines.clear();
            totals = Totals::default();
        }
    }
    begin_billing(&mut outcome, standing, moment)?;
    (outcome.totals, outcome.lines) = (totals, lines.clone());
    if totals.total_minor < 0 {
        (outcome.give_back, lines) = (credited(standing, &unused)?, charged);
    }
    if !lines.is_empty() {
        let draft = Draft { source: "change", currency, due_on, lines, billed };
        let rates = office.rates(&standing.case.profile);
        let invoice = plan::assemble(draft, &standing.case.profile, &rates, office.seller_id);
        outcome.plan.invoices = vec![invoice.map_err(|p| desk::problem(&p))?];
    }
    Ok(outcome)
}

/// Spreads what comes back over the lines that charged it, the last one first; never more than is left of a line or of
/// its invoice. An invoice of an earlier change holds only the difference, so that the rest comes off the one before.
fn credited(standing: &Standing, unused: &[Unused]) -> Result<Vec<Source>, BillError> {
    let mut left = standing.left.clone();
    let mut parts = Vec::new();
    for back in unused {
        let mut open = -back.line.total_minor();
        for source in &back.sources {
            let of_document = left.entry(source.document_id).or_default();
            let minor = open.min(source.left_minor).min(*of_document);
            if minor > 0 {
                *of_document -= minor;
                open -= minor;
                parts.push(Source { left_minor: minor, ..*source });
            }
        }
        if open > 0 {
            let why = "More would come back than is left of the invoices that charged it. Make the change without \
                       giving back, or at the end of the period.";
            return Err(BillError::refused(why));
        }
    }
    Ok(parts)
}

/// What was free so far is not on the run's list; with a price it begins today.
fn begin_billing(outcome: &mut Outcome, standing: &Standing, moment: &Moment) -> Result<(), BillError> {
    let core = &mut outcome.detail.core;
    if core.next_bill_on.is_some() || !core.status.is_billed() {
        return Ok(());
    }
    let kept = standing.items.iter().filter(|row| outcome.updates.iter().all(|u| u.item.id != row.item.id));
    let mut live = kept
        .chain(outcome.updates.iter().filter(|row| row.ended_on.is_none()))
        .map(|row| &row.item)
        .chain(outcome.inserts.iter().map(|row| &row.item));
    if live.any(|item| item.unit_minor != 0 || item.setup_minor != 0) {
        let from = moment.today.max(core.next.start);
        core.next = core.anchor.first_period(core.cycle, from).map_err(calendar)?.0;
        core.next_bill_on = Some(core.bill_date(core.next).map_err(calendar)?.max(moment.today));
    }
    Ok(())
}
