//! What a billing run would do, decided without writing: the dry run and the real one both begin here.
//!
//! Pure: given due subscriptions and what belongs to them, it gives the invoices to make, how each subscription moves
//! on, and what has to be put aside with the reason. Catching up after missed days gives one period after the other.

use std::collections::BTreeMap;

use bursar_customers::{BillingProfile, Grouping};
use bursar_money::{Currency, Money, MoneyError, Ppm};
use bursar_time::{CalendarError, Cycle, Date, Fraction, Period, TimeZone, plus_days};

use crate::invoices::hash::{self, FrozenHead, Hash};
use crate::invoices::line::{
    self, Discount, DiscountTaken, DiscountValue, Line, LineKind, LineSpec, Totals, price, spread_discounts,
};
use crate::subscriptions::{Granted, Item, Mode, Status, Subscription};
use crate::taxes::{Rates, TaxPlace, TaxTable};

/// Periods one subscription may catch up on in a single run: a year of days, and then it is looked at by a person.
const MOST_PERIODS: usize = 400;

/// What a batch needs besides the subscriptions themselves.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The civil date the run is for.
    pub as_of: Date,
    /// The tenant's zone: hours of a day.
    pub zone: &'a TimeZone,
    /// Tax rules and settings.
    pub taxes: &'a TaxTable,
    /// The least number of days to pay.
    pub due_days: i64,
    /// The seller's current snapshot.
    pub seller_id: i64,
    /// Items by subscription.
    pub items: &'a BTreeMap<i64, Vec<Item>>,
    /// Discounts by subscription.
    pub discounts: &'a BTreeMap<i64, Vec<Granted>>,
    /// Customers by id.
    pub profiles: &'a BTreeMap<i64, BillingProfile>,
}

/// Why a subscription was put aside; shown to staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable code.
    pub reason: &'static str,
    /// What exactly is wrong and how to mend it.
    pub detail: String,
}

/// A subscription that cannot be billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAside {
    /// Which one.
    pub subscription_id: i64,
    /// The start of the period that waits.
    pub start_on: Date,
    /// Why.
    pub problem: Problem,
}

/// How a subscription moves on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// Which one.
    pub id: i64,
    /// The version it was read at.
    pub version: i64,
    /// Its status before.
    pub was: Status,
    /// Its new status.
    pub status: Status,
    /// Its new next period.
    pub next: Period,
    /// When that is billed.
    pub next_bill_on: Option<Date>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// Periods left.
    pub periods_left: Option<i64>,
}

/// A row whose counter or flag changes, with its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Its id.
    pub id: i64,
    /// The version it was read at.
    pub version: i64,
    /// The new value.
    pub value: Option<i64>,
}

/// An item's period, for the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BilledPeriod {
    /// The item.
    pub item_id: i64,
    /// Its period.
    pub period: Period,
    /// The line it is on, from 1.
    pub line_no: i64,
}

/// An invoice to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicePlan {
    /// Where it comes from: `run`, `order` or `change`.
    pub source: &'static str,
    /// Who pays.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// The buyer's snapshot.
    pub buyer_id: i64,
    /// When it is due.
    pub due_on: Date,
    /// Why there is no tax.
    pub tax_note: Option<&'static str>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Sums.
    pub totals: Totals,
    /// Guards.
    pub billed: Vec<BilledPeriod>,
    /// Hash of the content.
    pub content: Hash,
}

/// What a batch comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Invoices in the order they will be numbered.
    pub invoices: Vec<InvoicePlan>,
    /// One for every subscription that moves on.
    pub advances: Vec<Advance>,
    /// Items whose set-up fee is now invoiced.
    pub setups: Vec<Used>,
    /// Discounts with one period less.
    pub discounts: Vec<Used>,
    /// What cannot be billed.
    pub put_aside: Vec<PutAside>,
    /// How many subscriptions were billed for at least one period.
    pub billed: usize,
}

/// One period of one subscription.
struct Bill {
    customer_id: i64,
    subscription_id: i64,
    currency: Currency,
    bill_on: Date,
    due_on: Date,
    specs: Vec<LineSpec>,
    taken: Vec<Vec<DiscountTaken>>,
    billed: Vec<(usize, i64, Period)>,
}

enum Step {
    Bills { bills: Vec<Bill>, advance: Advance, setups: Vec<Used>, discounts: Vec<Used> },
    Aside(PutAside),
}

impl From<MoneyError> for Problem {
    fn from(error: MoneyError) -> Self {
        Self {
            reason: "amount",
            detail: format!("the amount cannot be computed: {error}; check quantity and price"),
        }
    }
}

impl From<CalendarError> for Problem {
    fn from(error: CalendarError) -> Self {
        Self { reason: "calendar", detail: format!("the next period cannot be computed: {error}") }
    }
}

/// Plans a batch. Subscriptions come in the order of the due index; invoices are grouped as each customer wishes.
pub fn plan(due: &[Subscription], facts: &Facts<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut bills = Vec::with_capacity(due.len());
    for subscription in due {
        match plan_one(subscription, facts) {
            Step::Aside(aside) => plan.put_aside.push(aside),
            Step::Bills { bills: mut more, advance, setups, discounts } => {
                plan.billed += usize::from(!more.is_empty());
                bills.append(&mut more);
                plan.advances.push(advance);
                plan.setups.extend(setups);
                plan.discounts.extend(discounts);
            }
        }
    }
    // Customer order keeps one customer's rows together in every table.
    bills.sort_by_key(|bill| (bill.customer_id, bill.bill_on, bill.subscription_id));
    let mut failed = Vec::new();
    let mut rest = bills.into_iter().peekable();
    while let Some(first) = rest.next() {
        let profile = &facts.profiles[&first.customer_id];
        let mut group = vec![first];
        while profile.grouping == Grouping::Daily
            && rest.peek().is_some_and(|next| {
                (next.customer_id, next.bill_on, next.currency)
                    == (group[0].customer_id, group[0].bill_on, group[0].currency)
            })
        {
            group.extend(rest.next());
        }
        let subscriptions: Vec<i64> = group.iter().map(|b| b.subscription_id).collect();
        match invoice(group, profile, facts) {
            Ok(invoice) => plan.invoices.push(invoice),
            Err(problem) => failed.extend(subscriptions.into_iter().map(|id| (id, problem.clone()))),
        }
    }
    if failed.is_empty() { plan } else { without(due, facts, plan, &failed) }
}

/// A group that cannot be invoiced takes all bills of its subscriptions with it; the rest is planned again.
fn without(due: &[Subscription], facts: &Facts<'_>, plan: Plan, failed: &[(i64, Problem)]) -> Plan {
    let bad: BTreeMap<i64, &Problem> = failed.iter().map(|(id, problem)| (*id, problem)).collect();
    let good: Vec<Subscription> = due.iter().filter(|s| !bad.contains_key(&s.id)).cloned().collect();
    debug_assert!(good.len() < due.len());
    drop(plan);
    let mut again = self::plan(&good, facts);
    again.put_aside.extend(due.iter().filter_map(|s| {
        let problem = bad.get(&s.id)?;
        Some(PutAside { subscription_id: s.id, start_on: s.next.start, problem: (*problem).clone() })
    }));
    again
}

fn plan_one(subscription: &Subscription, facts: &Facts<'_>) -> Step {
    match try_plan(subscription, facts) {
        Ok(step) => step,
        Err(problem) => Step::Aside(PutAside {
            subscription_id: subscription.id,
            start_on: subscription.next.start,
            problem,
        }),
    }
}

fn check(subscription: &Subscription, facts: &Facts<'_>) -> Result<(), Problem> {
    let problem = |reason, detail: String| Err(Problem { reason, detail });
    let Some(profile) = facts.profiles.get(&subscription.customer_id) else {
        return problem("no_customer", format!("customer {} does not exist", subscription.customer_id));
    };
    if !profile.active {
        return problem(
            "customer_closed",
            "the customer is closed: reopen it or cancel the subscription".to_owned(),
        );
    }
    if profile.currency != subscription.currency {
        let (theirs, ours) = (profile.currency.code(), subscription.currency.code());
        return problem(
            "currency",
            format!("priced in {ours} but the customer is invoiced in {theirs}: change one of them"),
        );
    }
    if !subscription.cycle.is_recurring() {
        return problem("cycle", "a one-time sale has no next period".to_owned());
    }
    if !subscription.status.is_billed() {
        return problem("status", format!("a {} subscription is not billed", subscription.status.code()));
    }
    if facts.items.get(&subscription.id).is_none_or(Vec::is_empty) {
        return problem(
            "no_items",
            "there is nothing on this subscription: add an item or cancel it".to_owned(),
        );
    }
    Ok(())
}

fn try_plan(subscription: &Subscription, facts: &Facts<'_>) -> Result<Step, Problem> {
    check(subscription, facts)?;
    let profile = &facts.profiles[&subscription.customer_id];
    let items = &facts.items[&subscription.id];
    let granted = facts.discounts.get(&subscription.id).map_or(&[][..], Vec::as_slice);
    let mut state = subscription.clone();
    let mut uses: Vec<i64> = vec![0; granted.len()];
    let mut setups = Vec::new();
    let mut bills = Vec::new();
    let mut ended_on = None;
    while let Some(bill_on) = state.next_bill_on.filter(|on| *on <= facts.as_of) {
        if bills.len() >= MOST_PERIODS {
            let detail = format!("more than {MOST_PERIODS} periods are due at once: check its next date");
            return Err(Problem { reason: "too_many_periods", detail });
        }
        if state.cancel_on.is_some_and(|on| on <= state.next.start) {
            ended_on = state.cancel_on;
            state.status = Status::Cancelled;
            state.next_bill_on = None;
            break;
        }
        let first = bills.is_empty();
        let bill = one_period(
            &state,
            bill_on,
            items,
            granted,
            &mut uses,
            profile,
            facts,
            first.then_some(&mut setups),
        )?;
        bills.extend(bill);
        move_on(&mut state, &mut ended_on)?;
    }
    let advance = Advance {
        id: subscription.id,
        version: subscription.version,
        was: subscription.status,
        status: state.status,
        next: state.next,
        next_bill_on: state.next_bill_on,
        ended_on,
        periods_left: state.periods_left,
    };
    let discounts = granted
        .iter()
        .zip(uses)
        .filter(|(_, used)| *used > 0)
        .filter_map(|(g, used)| {
            Some(Used { id: g.id, version: g.version, value: Some(g.periods_left? - used) })
        })
        .collect();
    Ok(Step::Bills { bills, advance, setups, discounts })
}

/// After a period was billed: the next one, or the end.
fn move_on(state: &mut Subscription, ended_on: &mut Option<Date>) -> Result<(), Problem> {
    let billed = state.next;
    state.next = state.following(billed)?;
    state.next_bill_on = Some(state.bill_date(state.next)?);
    if state.status == Status::Trial {
        state.status = Status::Active;
    }
    if let Some(left) = state.periods_left.as_mut() {
        *left -= 1;
        if *left <= 0 {
            state.status = Status::Ended;
            state.next_bill_on = None;
            *ended_on = Some(billed.end);
        }
    }
    Ok(())
}

/// The charges of one period; `None` when no item is billed for it.
#[expect(clippy::too_many_arguments, reason = "the parts of one decision, used once")]
fn one_period(
    state: &Subscription,
    bill_on: Date,
    items: &[Item],
    granted: &[Granted],
    uses: &mut [i64],
    profile: &BillingProfile,
    facts: &Facts<'_>,
    setups: Option<&mut Vec<Used>>,
) -> Result<Option<Bill>, Problem> {
    let period = state.next;
    let share = state.share_of_full(period)?;
    let hours = if state.cycle == Cycle::Hourly { period.hours(facts.zone) } else { 1 };
    let (mut specs, mut billed) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
    for item in items.iter().filter(|item| item.billed_from_on <= period.start && item.quantity > 0) {
        let quantity = item.quantity.checked_mul(hours).ok_or(MoneyError::Overflow)?;
        billed.push((specs.len(), item.id, period));
        // An hourly day already is as long as its hours say.
        let share = if state.cycle == Cycle::Hourly { Fraction::ONE } else { share };
        specs.push(spec(LineKind::Recurring, item, quantity, item.unit_minor, Some(period), share));
    }
    if specs.is_empty() {
        return Ok(None);
    }
    let live: Vec<usize> =
        (0..granted.len()).filter(|n| granted[*n].periods_left.is_none_or(|left| left > uses[*n])).collect();
    let waived = live.iter().any(|n| granted[*n].waives_setup);
    if let Some(setups) = setups {
        for item in items.iter().filter(|item| item.setup_due && item.billed_from_on <= period.start) {
            setups.push(Used { id: item.id, version: item.version, value: None });
            if item.setup_minor != 0 && !waived {
                specs.push(spec(LineKind::Setup, item, item.quantity, item.setup_minor, None, Fraction::ONE));
            }
        }
    }
    let mut discounts: Vec<Discount> = live.iter().map(|n| granted[*n].discount.clone()).collect();
    discounts.extend(group_discount(profile));
    let taken = if discounts.is_empty() {
        vec![Vec::new(); specs.len()]
    } else {
        spread_discounts(&specs, &discounts, state.currency)?
    };
    for n in live {
        uses[n] += 1;
    }
    let earliest = plus_days(facts.as_of, facts.due_days)?;
    let due_on = if state.mode == Mode::Prepaid { period.start.max(earliest) } else { earliest };
    Ok(Some(Bill {
        customer_id: state.customer_id,
        subscription_id: state.id,
        currency: state.currency,
        bill_on,
        due_on,
        specs,
        taken,
        billed,
    }))
}

fn spec(
    kind: LineKind,
    item: &Item,
    quantity: i64,
    unit_minor: i64,
    period: Option<Period>,
    share: Fraction,
) -> LineSpec {
    LineSpec {
        kind,
        subscription_id: Some(item.subscription_id),
        item_id: Some(item.id),
        description: item.description.clone(),
        quantity,
        unit_minor,
        period,
        share,
        taxable: item.taxable,
    }
}

/// What the customer's group takes off every period.
pub(crate) fn group_discount(profile: &BillingProfile) -> Option<Discount> {
    (profile.group_discount_ppm > 0).then(|| Discount {
        label: "group".to_owned(),
        value: DiscountValue::Percent(Ppm::new(profile.group_discount_ppm)),
        item_ids: None,
    })
}

/// The place that decides a customer's tax.
pub fn tax_place(profile: &BillingProfile) -> TaxPlace {
    TaxPlace {
        country: profile.country.clone(),
        state: profile.state.clone(),
        exempt: profile.tax_exempt,
        tax_id_valid: profile.tax_id_valid,
    }
}

fn invoice(group: Vec<Bill>, profile: &BillingProfile, facts: &Facts<'_>) -> Result<InvoicePlan, Problem> {
    let rates: Rates = facts.taxes.rates(&tax_place(profile));
    let currency = group[0].currency;
    // The customer may always wait for the latest date of the group.
    let due_on = group.iter().map(|bill| bill.due_on).max().expect("a group has at least one bill");
    let (mut lines, mut billed) = (Vec::new(), Vec::new());
    for bill in group {
        let offset = lines.len();
        for (index, item_id, period) in bill.billed {
            let line_no = i64::try_from(offset + index + 1).expect("an invoice has few lines");
            billed.push(BilledPeriod { item_id, period, line_no });
        }
        for (spec, taken) in bill.specs.into_iter().zip(bill.taken) {
            lines.push(price(spec, currency, taken, &rates)?);
        }
    }
    assemble(Draft { source: "run", currency, due_on, lines, billed }, profile, &rates, facts.seller_id)
}

/// Priced lines that are to become one invoice.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// `run`, `order` or `change`.
    pub source: &'static str,
    /// In which currency.
    pub currency: Currency,
    /// When it is due.
    pub due_on: Date,
    /// Lines. A period that reaches beyond the date of issue is earned over that period.
    pub lines: Vec<Line>,
    /// Guards.
    pub billed: Vec<BilledPeriod>,
}

/// Sums and freezes an invoice. A negative one is refused: that is a credit note.
pub(crate) fn assemble(
    draft: Draft,
    profile: &BillingProfile,
    rates: &Rates,
    seller_id: i64,
) -> Result<InvoicePlan, Problem> {
    let Draft { source, currency, due_on, lines, billed } = draft;
    let totals = line::totals(&lines, currency)?;
    if Money::new(totals.total_minor, currency).is_negative() {
        let detail = "the invoice would be negative: check prices and discounts".to_owned();
        return Err(Problem { reason: "negative", detail });
    }
    let tax_note = rates.note.map(crate::taxes::TaxNote::code);
    let head = FrozenHead {
        kind: "invoice",
        customer_id: profile.customer,
        currency: currency.code(),
        seller_id,
        buyer_id: profile.snapshot_id,
        due_on: Some(due_on),
        corrects_id: None,
        totals,
        tax_note,
        notes: None,
    };
    let content = hash::content(&head, &lines);
    Ok(InvoicePlan {
        source,
        customer_id: profile.customer,
        currency,
        buyer_id: profile.snapshot_id,
        due_on,
        tax_note,
        lines,
        totals,
        billed,
        content,
    })
}
