//! What a change comes to: pure. Preview and change both begin and end here.

use bursar_fault::Fault;
use bursar_time::{Date, Instant, Period, TimeZone, plus_days};

use super::prorate::{once, prorate, setups, unused};
use super::rows::{rearrange, replace_items, restart};
use super::standing::{Source, Standing};
use super::target::Target;
use super::{ChangeOptions, Credit, Proration};
use crate::error::BillError;
use crate::invoices::issue::Office;
use crate::invoices::line::{self, Line, Totals};
use crate::run::plan::{self, Draft, Plan};
use crate::subscriptions::desk::{self, Case, calendar};
use crate::subscriptions::detail::{Detail, ItemDetail};
use crate::subscriptions::store::NewItem;
use crate::subscriptions::{Granted, Mode, Status};

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
    /// Items that others take the places of: old and new id.
    pub places: Vec<(i64, i64)>,
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

pub(super) type Ids<'a> = &'a mut dyn FnMut() -> Result<i64, Fault>;

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

impl Outcome {
    pub(super) fn of(standing: &Standing) -> Self {
        Self {
            detail: standing.case.detail.clone(),
            updates: Vec::new(),
            inserts: Vec::new(),
            places: Vec::new(),
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
