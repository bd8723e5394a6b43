//! Opening a subscription: its rows, and its first invoice in the same transaction.
//!
//! [`preview`] and [`open`] come from the same pure function, which plans the first bill as the run would: cart, order
//! and invoice cannot differ. What is paid once becomes a row that ended at once, so that the customer's page shows it
//! beside everything else they bought.

use bursar_customers::BillingProfile;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_money::Currency;
use bursar_time::{Anchor, Cycle, Date, Fraction, Period, TimeZone, days_between, plus_days};

use super::desk::{self, Case, calendar};
use super::detail::{Detail, ItemKind};
use super::store::{self, NewItem, NewSubscription};
use super::{Granted, Item, Mode, Status, Subscription};
use crate::error::BillError;
use crate::events::SubscriptionStarted;
use crate::invoices::issue::{self, Office};
use crate::invoices::line::{
    Discount, DiscountTaken, DiscountValue, Line, LineKind, LineSpec, Totals, price, spread_discounts,
};
use crate::run::plan::{self, BilledPeriod, Draft, InvoicePlan, Plan};

/// Most units of one item.
pub(crate) const MOST_UNITS: i64 = 1_000_000;
/// The largest unit price, in minor units.
pub(crate) const LARGEST_AMOUNT: i64 = 1_000_000_000_000;
const LONGEST_TEXT: usize = 200;
const MOST_DAYS_AWAY: i64 = 366;

/// The day of the month that periods begin on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingDay {
    /// The day the subscription began.
    Anniversary,
    /// 1 to 31; shorter months end their period on their last day.
    Fixed(u8),
}

/// An item to be billed, with the prices that the subscription keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningItem {
    /// What it is.
    pub kind: ItemKind,
    /// The product, option or add-on it was made from.
    pub source_id: Option<i64>,
    /// The chosen value of an option.
    pub value_id: Option<i64>,
    /// As printed.
    pub description: String,
    /// Units, 1 or more.
    pub quantity: i64,
    /// Price of one for a full period, minor units.
    pub unit_minor: i64,
    /// Set-up fee of one, minor units.
    pub setup_minor: i64,
    /// Tax rules apply.
    pub taxable: bool,
    /// Paid once with the order, not every period.
    pub once: bool,
}

/// A discount that the subscription begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningDiscount {
    /// The coupon it comes from.
    pub coupon_id: Option<i64>,
    /// As printed: the coupon's code.
    pub label: String,
    /// What it takes off.
    pub value: DiscountValue,
    /// How many periods; `None` for ever.
    pub periods: Option<i64>,
    /// Indexes of the items it is good for; `None` for all.
    pub items: Option<Vec<usize>>,
}

/// A subscription to be opened, priced already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Who pays.
    pub customer_id: i64,
    /// The product it was made from.
    pub product_id: Option<i64>,
    /// As shown.
    pub label: String,
    /// Currency of all prices; the customer's.
    pub currency: Currency,
    /// How long a period is.
    pub cycle: Cycle,
    /// Before or after the period.
    pub mode: Mode,
    /// What is billed.
    pub items: Vec<OpeningItem>,
    /// What is taken off.
    pub discounts: Vec<OpeningDiscount>,
    /// The first day. A day to come waits until then; a day gone by is billed up to today.
    pub start_on: Date,
    /// When periods begin.
    pub billing_day: BillingDay,
    /// Days before a period on which it is invoiced; `None` for what the settings say. Always less than a period.
    pub lead_days: Option<i64>,
    /// Free days at the start.
    pub trial_days: i64,
    /// Periods after which it ends; `None` for never.
    pub periods: Option<i64>,
    /// How it is paid by default.
    pub gateway: String,
    /// `order`, `staff`.
    pub source: &'static str,
}

/// What opening a subscription asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningQuote {
    /// Currency of every figure.
    pub currency: Currency,
    /// Lines of the first invoice; none when nothing is owed now.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
    /// When the first invoice is due.
    pub due_on: Option<Date>,
    /// The trial's last day, exclusive.
    pub trial_ends_on: Option<Date>,
    /// The period that is billed next, after this invoice.
    pub next: Option<Period>,
    /// The date of that bill.
    pub next_bill_on: Option<Date>,
    /// The sums of that bill.
    pub renewal: Option<Totals>,
}

/// What was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The subscription.
    pub subscription_id: i64,
    /// Its first invoice, when one was owed at once.
    pub invoice_id: Option<i64>,
}

/// Rows and bill of a subscription that is about to be written, or only shown.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) row: NewSubscription,
    pub(crate) items: Vec<NewItem>,
    pub(crate) discounts: Vec<(Granted, Option<i64>)>,
    pub(crate) plan: Plan,
    case: Case,
}

/// What opening would ask for; writes nothing.
///
/// # Errors
/// Whatever [`open`] would refuse.
pub async fn preview(tx: &mut Tx, opening: &Opening) -> Result<OpeningQuote, BillError> {
    let (office, profile) = (Office::load(tx).await?, issue::profile(tx, opening.customer_id).await?);
    let (today, zone) = (tx.today(), tx.zone().clone());
    // Rows that are never written need ids that no row has.
    let mut last = 0;
    let mut ids = || {
        last -= 1;
        Ok(last)
    };
    let prepared = prepare(opening, &office, &profile, &zone, today, &mut ids)?;
    quote(prepared, &office, &zone)
}

/// Opens a subscription in the caller's transaction. Its first invoice is issued at once when it is prepaid and not in
/// a trial, or when something is paid once.
///
/// # Errors
/// [`BillError::Invalid`] with every fault; [`BillError::Refused`] when it cannot be billed.
pub async fn open(tx: &mut Tx, opening: &Opening) -> Result<Opened, BillError> {
    let (office, profile) = (Office::load(tx).await?, issue::profile(tx, opening.customer_id).await?);
    let (today, zone) = (tx.today(), tx.zone().clone());
    let prepared = prepare(opening, &office, &profile, &zone, today, &mut || tx.new_raw_id())?;
    let id = prepared.row.core.id;
    let status = prepared.row.core.status;
    store::insert_subscriptions(tx, &[prepared.row]).await?;
    store::insert_items(tx, &prepared.items).await?;
    store::insert_discounts(tx, &prepared.discounts).await?;
    if status == Status::Pending {
        crate::changes::store::schedule_start(tx, id, opening.start_on).await?;
    }
    let invoices = desk::write(tx, &office, &prepared.plan, today).await?;
    let (customer_id, product_id) = (opening.customer_id, opening.product_id);
    bursar_events::emit(tx, &SubscriptionStarted { subscription_id: id, customer_id, product_id }).await?;
    Ok(Opened { subscription_id: id, invoice_id: invoices.first().copied() })
}

/// What a prepared subscription asks for.
pub(crate) fn quote(prepared: Prepared, office: &Office, zone: &TimeZone) -> Result<OpeningQuote, BillError> {
    let Prepared { row, plan, mut case, .. } = prepared;
    let invoice = plan.invoices.into_iter().next();
    if let Some(advance) = plan.advances.first() {
        let core = &mut case.detail.core;
        (core.next, core.next_bill_on, core.status) = (advance.next, advance.next_bill_on, advance.status);
        core.periods_left = advance.periods_left;
    }
    for item in &mut case.items {
        item.setup_due = item.setup_due && plan.setups.iter().all(|used| used.id != item.id);
    }
    for granted in &mut case.discounts {
        if let Some(used) = plan.discounts.iter().find(|used| used.id == granted.id) {
            granted.periods_left = used.value;
        }
    }
    case.discounts.retain(|granted| granted.periods_left != Some(0));
    let next_bill_on = case.detail.core.next_bill_on;
    let renewal = match next_bill_on {
        None => None,
        Some(on) => case.plan(office, zone, on)?.invoices.first().map(|invoice| invoice.totals),
    };
    Ok(OpeningQuote {
        currency: row.core.currency,
        totals: invoice.as_ref().map_or(Totals::default(), |i| i.totals),
        due_on: invoice.as_ref().map(|i| i.due_on),
        lines: invoice.map(|i| i.lines).unwrap_or_default(),
        trial_ends_on: row.trial_ends_on,
        next: next_bill_on.map(|_| case.detail.core.next),
        next_bill_on,
        renewal,
    })
}

/// Rows and first bill. Pure.
pub(crate) fn prepare(
    opening: &Opening,
    office: &Office,
    profile: &BillingProfile,
    zone: &TimeZone,
    today: Date,
    ids: &mut dyn FnMut() -> Result<i64, Fault>,
) -> Result<Prepared, BillError> {
    check(opening, profile, today)?;
    let id = ids()?;
    let (core, trial_ends_on) = calendar_of(opening, office, id, today)?;
    let status = core.status;
    let row = NewSubscription {
        core: core.clone(),
        product_id: opening.product_id,
        trial_ends_on,
        paused_on: None,
        ended_on: (status == Status::Ended).then_some(opening.start_on),
        gateway: opening.gateway.clone(),
        started_on: opening.start_on,
        source: opening.source,
        legacy: None,
    };
    let mut items = Vec::with_capacity(opening.items.len());
    for wanted in &opening.items {
        items.push(item_row(wanted, opening, &core, ids()?));
    }
    let mut discounts = Vec::with_capacity(opening.discounts.len());
    for wanted in &opening.discounts {
        discounts.push((granted(wanted, id, &items, ids()?), wanted.coupon_id));
    }
    let case = Case {
        detail: detail_of(&row),
        items: items.iter().filter(|row| row.ended_on.is_none()).map(|row| row.item.clone()).collect(),
        discounts: discounts.iter().map(|(granted, _)| granted.clone()).collect(),
        profile: profile.clone(),
    };
    let mut plan = match core.next_bill_on {
        Some(on) if on <= today && core.mode == Mode::Prepaid => case.plan(office, zone, today)?,
        _ => Plan::default(),
    };
    let once = once_lines(opening, &items, &case.discounts, profile, office)?;
    plan.invoices = merged(std::mem::take(&mut plan.invoices), once, profile, office, today)?;
    Ok(Prepared { row, items, discounts, plan, case })
}

/// Dates: where periods begin, the first one, when it is billed.
fn calendar_of(
    opening: &Opening,
    office: &Office,
    id: i64,
    today: Date,
) -> Result<(Subscription, Option<Date>), BillError> {
    let billed_from = plus_days(opening.start_on, opening.trial_days).map_err(calendar)?;
    let trial_ends_on = (opening.trial_days > 0).then_some(billed_from);
    let (anchor, next) = if opening.cycle.is_recurring() {
        let anchor = match opening.billing_day {
            BillingDay::Anniversary => Anchor::anniversary(billed_from),
            BillingDay::Fixed(day) => Anchor::fixed_day(billed_from, day).map_err(calendar)?,
        };
        (anchor, anchor.first_period(opening.cycle, billed_from).map_err(calendar)?.0)
    } else {
        let day_after = plus_days(opening.start_on, 1).map_err(calendar)?;
        (Anchor::anniversary(opening.start_on), Period::new(opening.start_on, day_after).map_err(calendar)?)
    };
    let status = if !opening.cycle.is_recurring() {
        Status::Ended
    } else if opening.start_on > today {
        Status::Pending
    } else if trial_ends_on.is_some_and(|on| on > today) {
        Status::Trial
    } else {
        Status::Active
    };
    let lead_days = opening.lead_days.unwrap_or(office.settings.lead_days.min(most_lead_days(opening.cycle)));
    let mut core = Subscription {
        id,
        customer_id: opening.customer_id,
        label: opening.label.trim().to_owned(),
        currency: opening.currency,
        cycle: opening.cycle,
        mode: opening.mode,
        status,
        anchor,
        next,
        next_bill_on: None,
        lead_days,
        cancel_on: None,
        periods_left: opening.periods,
        version: 1,
    };
    let free = opening.items.iter().all(|item| item.once || (item.unit_minor == 0 && item.setup_minor == 0));
    if status.is_billed() && !free {
        core.next_bill_on = Some(core.bill_date(next).map_err(calendar)?.max(opening.start_on));
    }
    Ok((core, trial_ends_on))
}

/// A period is never invoiced before the one before it began.
pub(crate) fn most_lead_days(cycle: Cycle) -> i64 {
    match (cycle, cycle.months()) {
        (_, Some(months)) => (i64::from(months) * 28 - 1).min(365),
        (Cycle::Weekly, None) => 6,
        (_, None) => 0,
    }
}

fn item_row(wanted: &OpeningItem, opening: &Opening, core: &Subscription, id: i64) -> NewItem {
    let recurring = opening.cycle.is_recurring() && !wanted.once;
    NewItem {
        item: Item {
            id,
            subscription_id: core.id,
            description: wanted.description.trim().to_owned(),
            quantity: wanted.quantity,
            unit_minor: wanted.unit_minor,
            setup_minor: wanted.setup_minor,
            setup_due: recurring && wanted.setup_minor != 0,
            taxable: wanted.taxable,
            billed_from_on: core.next.start,
            version: 1,
        },
        kind: wanted.kind.code(),
        source_id: wanted.source_id,
        value_id: wanted.value_id,
        ended_on: (!recurring).then_some(opening.start_on),
        legacy: None,
    }
}

fn granted(wanted: &OpeningDiscount, subscription_id: i64, items: &[NewItem], id: i64) -> Granted {
    let item_ids = wanted
        .items
        .as_ref()
        .map(|indexes| indexes.iter().filter_map(|index| items.get(*index)).map(|row| row.item.id).collect());
    Granted {
        id,
        subscription_id,
        discount: Discount { label: wanted.label.clone(), value: wanted.value, item_ids },
        periods_left: wanted.periods,
        waives_setup: false,
        version: 1,
    }
}

fn detail_of(row: &NewSubscription) -> Detail {
    Detail {
        core: row.core.clone(),
        product_id: row.product_id,
        trial_ends_on: row.trial_ends_on,
        cancel_reason: None,
        paused_on: row.paused_on,
        ended_on: row.ended_on,
        gateway: row.gateway.clone(),
        started_on: row.started_on,
        source: row.source.to_owned(),
        legacy: None,
        created_at: bursar_time::Instant::EPOCH,
    }
}

/// Lines of what is paid once. Discounts of a one-time order apply to them; those of a subscription wait for its periods.
fn once_lines(
    opening: &Opening,
    items: &[NewItem],
    granted: &[Granted],
    profile: &BillingProfile,
    office: &Office,
) -> Result<Vec<Line>, BillError> {
    let (mut specs, mut setups) = (Vec::new(), Vec::new());
    for (wanted, row) in opening.items.iter().zip(items) {
        if opening.cycle.is_recurring() && !wanted.once {
            continue;
        }
        let spec = |kind, unit_minor| LineSpec {
            kind,
            subscription_id: Some(row.item.subscription_id),
            item_id: Some(row.item.id),
            description: row.item.description.clone(),
            quantity: row.item.quantity,
            unit_minor,
            period: None,
            share: Fraction::ONE,
            taxable: row.item.taxable,
        };
        specs.push(spec(LineKind::OneTime, row.item.unit_minor));
        if row.item.setup_minor != 0 {
            setups.push(spec(LineKind::Setup, row.item.setup_minor));
        }
    }
    let mut discounts: Vec<Discount> = if opening.cycle.is_recurring() {
        Vec::new()
    } else {
        granted.iter().map(|g| g.discount.clone()).collect()
    };
    discounts.extend(plan::group_discount(profile));
    let taken = spread_on_any(&specs, &discounts, opening.currency)?;
    let rates = office.rates(profile);
    let none = std::iter::repeat_with(Vec::new);
    let mut lines = Vec::with_capacity(specs.len() + setups.len());
    for (spec, taken) in specs.into_iter().zip(taken).chain(setups.into_iter().zip(none)) {
        lines.push(price(spec, opening.currency, taken, &rates)?);
    }
    Ok(lines)
}

/// Spreads discounts over lines that are not recurring ones, by the same rules.
pub(crate) fn spread_on_any(
    specs: &[LineSpec],
    discounts: &[Discount],
    currency: Currency,
) -> Result<Vec<Vec<DiscountTaken>>, BillError> {
    let as_recurring: Vec<LineSpec> =
        specs.iter().map(|spec| LineSpec { kind: LineKind::Recurring, ..spec.clone() }).collect();
    Ok(spread_discounts(&as_recurring, discounts, currency)?)
}

/// One invoice for everything that an order owes at once.
pub(crate) fn merged(
    planned: Vec<InvoicePlan>,
    once: Vec<Line>,
    profile: &BillingProfile,
    office: &Office,
    today: Date,
) -> Result<Vec<InvoicePlan>, BillError> {
    if planned.is_empty() && once.is_empty() {
        return Ok(Vec::new());
    }
    let usual = plus_days(today, office.settings.due_days).map_err(calendar)?;
    let due_on = planned.iter().map(|invoice| invoice.due_on).min().unwrap_or(usual);
    let (mut lines, mut billed) = (Vec::new(), Vec::new());
    for invoice in planned {
        let offset = i64::try_from(lines.len()).expect("an invoice has few lines");
        billed.extend(invoice.billed.into_iter().map(|b| BilledPeriod { line_no: b.line_no + offset, ..b }));
        lines.extend(invoice.lines);
    }
    lines.extend(once);
    let draft = Draft { source: "order", currency: profile.currency, due_on, lines, billed };
    let invoice = plan::assemble(draft, profile, &office.rates(profile), office.seller_id);
    Ok(vec![invoice.map_err(|p| desk::problem(&p))?])
}

fn check(opening: &Opening, profile: &BillingProfile, today: Date) -> Result<(), BillError> {
    let mut wrong = Vec::new();
    let mut fail = |field: &'static str, message: String| wrong.push(FieldError::new(field, message));
    if !profile.active {
        fail("customer", "This customer is closed; reopen it first.".to_owned());
    }
    if profile.currency != opening.currency {
        fail("currency", format!("This customer is invoiced in {}; use prices in it.", profile.currency));
    }
    if opening.label.trim().is_empty() || opening.label.chars().count() > LONGEST_TEXT {
        fail("label", format!("Use 1 to {LONGEST_TEXT} characters."));
    }
    if opening.items.is_empty() {
        fail("items", "Add at least one item.".to_owned());
    }
    for item in &opening.items {
        if let Err(why) = check_item(item.quantity, item.unit_minor, item.setup_minor, &item.description) {
            fail("items", why);
        }
    }
    if days_between(today, opening.start_on).abs() > MOST_DAYS_AWAY {
        fail("start_on", "Choose a day at most a year away.".to_owned());
    }
    if matches!(opening.billing_day, BillingDay::Fixed(day) if !(1..=31).contains(&day)) {
        fail("billing_day", "Choose a day from 1 to 31.".to_owned());
    }
    let most = most_lead_days(opening.cycle);
    if opening.lead_days.is_some_and(|days| !(0..=most).contains(&days)) {
        fail("lead_days", format!("Choose 0 to {most} days: less than a period."));
    }
    if !(0..=MOST_DAYS_AWAY).contains(&opening.trial_days) {
        fail("trial_days", format!("Choose 0 to {MOST_DAYS_AWAY} days."));
    }
    if !opening.cycle.is_recurring() && (opening.trial_days > 0 || opening.start_on > today) {
        fail("start_on", "What is paid once begins today and has no trial.".to_owned());
    }
    if opening.periods.is_some_and(|periods| !(1..=10_000).contains(&periods)) {
        fail("periods", "Choose 1 to 10,000 periods, or none for no end.".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(BillError::Invalid(wrong)) }
}

/// Refuses quantities and amounts that no bill can hold; in words for people.
pub(crate) fn check_item(quantity: i64, unit: i64, setup: i64, description: &str) -> Result<(), String> {
    if !(1..=MOST_UNITS).contains(&quantity) {
        return Err(format!("{description}: choose 1 to {MOST_UNITS} units."));
    }
    if !(0..=LARGEST_AMOUNT).contains(&unit) || !(0..=LARGEST_AMOUNT).contains(&setup) {
        return Err(format!("{description}: the price lies outside 0 to 10^12 minor units."));
    }
    if description.trim().is_empty() || description.chars().count() > LONGEST_TEXT {
        return Err(format!("Describe each item in 1 to {LONGEST_TEXT} characters."));
    }
    Ok(())
}
