//! The year itself: a plan of who comes when, and one day after the other.

use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_billing::invoices::{DocumentKind, InvoiceState};
use bursar_billing::nightly::night as bill;
use bursar_billing::run::RunOptions;
use bursar_billing::settle;
use bursar_billing::subscriptions::Mode;
use bursar_billing::subscriptions::detail::ItemKind;
use bursar_billing::subscriptions::subscribe::{BillingDay, Opening, OpeningItem, open};
use bursar_catalog::{ItemSource, PricedSelection, Selection};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::cards;
use bursar_ids::Rng;
use bursar_money::{Currency, Money};
use bursar_payments::{Keep, ManualPayment, Purpose};
use bursar_time::{Cycle, Date, Instant, ManualClock};

use super::catalog::Shelved;
use super::{Built, Extent, night, people};
use crate::office::Office;

/// What the year is made of.
pub struct Plan {
    /// Where it begins.
    pub start: Instant,
    /// Now.
    pub end: Instant,
    /// How long it is, and for how many.
    pub extent: Extent,
    /// What is sold.
    pub shelf: Vec<Shelved>,
    /// Seed of everything random.
    pub seed: u64,
}

/// How somebody pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payer {
    /// A stored card, charged when the invoice is made.
    Card,
    /// By transfer, so many days after the invoice.
    Transfer(i64),
    /// Stopped paying some day.
    Never,
}

struct Person {
    joins: i64,
    payer: Payer,
    /// Days on which they subscribe.
    orders: Vec<i64>,
    id: i64,
    currency: Currency,
}

/// Lives through the year.
pub async fn live(
    office: &Office,
    cx: &Cx,
    clock: &ManualClock,
    plan: Plan,
    mut told: impl FnMut(u64, u64),
) -> Result<Built, Fault> {
    let mut rng = Rng::from_seed(plan.seed);
    let mut people = cast(plan.extent, &mut rng);
    let mut built = Built::default();
    for day in 0..=plan.extent.days {
        clock.set(night(plan.start, day).min(plan.end));
        let report =
            bill(cx, RunOptions::for_date(cx.today())).await.map_err(|e| Fault::new(e.to_string()))?.run;
        built.invoices += report.invoices_issued;
        office.app.drain(cx).await?;
        clock.set(night(plan.start, day).plus_seconds(8 * 3_600).min(plan.end));
        for person in people.iter_mut().filter(|p| p.joins <= day) {
            if person.joins == day {
                join(office, cx, person, built.customers, &mut rng).await?;
                built.customers += 1;
            }
            for _ in person.orders.clone().iter().filter(|on| **on == day) {
                built.invoices += u64::from(order(cx, person, &plan.shelf, &mut rng).await?);
                built.subscriptions += 1;
            }
        }
        office.app.drain(cx).await?;
        built.payments += transfers(cx, &people).await?;
        told(u64::try_from(day).unwrap_or(0), u64::try_from(plan.extent.days).unwrap_or(0));
    }
    clock.set(plan.end);
    office.app.drain(cx).await?;
    Ok(built)
}

/// Who comes when: most by the middle of the year, everybody with at least one subscription.
fn cast(extent: Extent, rng: &mut Rng) -> Vec<Person> {
    let Extent { customers, subscriptions, days } = extent;
    let below = |rng: &mut Rng, n: i64| i64::try_from(rng.below(u64::try_from(n).unwrap_or(1))).unwrap_or(0);
    let mut people: Vec<Person> = (0..customers)
        .map(|_| {
            let joins = below(rng, days * 3 / 4);
            let payer = match rng.below(20) {
                0..13 => Payer::Card,
                13..19 => Payer::Transfer(1 + below(rng, 9)),
                _ => Payer::Never,
            };
            Person { joins, payer, orders: vec![joins], id: 0, currency: Currency::EUR }
        })
        .collect();
    for _ in customers..subscriptions {
        let who = usize::try_from(rng.below(customers as u64)).expect("small");
        let joins = people[who].joins;
        let later = joins + below(rng, days - joins);
        people[who].orders.push(later);
    }
    people
}

async fn join(office: &Office, cx: &Cx, person: &mut Person, n: usize, rng: &mut Rng) -> Result<(), Fault> {
    let new = people::invent(n, rng);
    person.currency = new.currency;
    let made = bursar_customers::create_customer(cx, new).await;
    person.id = made.map_err(|e| Fault::new(format!("the demo's customer: {e}")))?.get();
    if person.payer == Payer::Card {
        let token = MethodToken::new(cards::VISA.to_owned());
        let gateways = &office.drivers.gateways;
        bursar_payments::store_method(cx, gateways, person.id, "sandbox", token, Keep::ForLater)
            .await
            .map_err(|e| Fault::new(format!("the demo's card: {e}")))?;
    }
    Ok(())
}

/// One order; `true` when an invoice was made at once.
async fn order(cx: &Cx, person: &Person, shelf: &[Shelved], rng: &mut Rng) -> Result<bool, Fault> {
    let total: u64 = shelf.iter().map(|s| s.weight).sum();
    let mut at = rng.below(total);
    let product = shelf
        .iter()
        .find(|s| {
            let here = at < s.weight;
            at = at.saturating_sub(s.weight);
            here
        })
        .expect("the weights add up to the total");
    let cycle = match rng.below(10) {
        0..7 => Cycle::Monthly,
        7..9 => Cycle::Quarterly,
        _ => Cycle::Annual,
    };
    let selection = Selection {
        product: product.id,
        currency: person.currency,
        cycle,
        quantity: 1,
        options: Vec::new(),
        addons: Vec::new(),
    };
    let customer = person.id;
    let opened = cx
        .write(async move |tx: &mut Tx| {
            let priced = bursar_catalog::price_selection(tx, &selection)
                .await
                .map_err(|e| Fault::new(format!("the demo's order: {e}")))?;
            let opening = opening(customer, &selection, priced, tx.today());
            open(tx, &opening).await.map_err(|e| Fault::new(format!("the demo's order: {e}")))
        })
        .await?;
    Ok(opened.invoice_id.is_some())
}

fn opening(customer: i64, selection: &Selection, priced: PricedSelection, today: Date) -> Opening {
    let items = priced.items.into_iter().map(|item| {
        let (kind, source_id, value_id) = match item.source {
            ItemSource::Product(id) => (ItemKind::Product, id, None),
            ItemSource::Option { option, value, .. } => (ItemKind::Option, option, Some(value)),
            ItemSource::Addon(id) => (ItemKind::Addon, id, None),
        };
        OpeningItem {
            kind,
            source_id: Some(source_id),
            value_id,
            description: item.description,
            quantity: item.quantity,
            unit_minor: item.unit_minor,
            setup_minor: item.setup_minor,
            taxable: item.taxable,
            once: !item.cycle.is_recurring(),
        }
    });
    Opening {
        customer_id: customer,
        product_id: Some(selection.product),
        label: priced.label,
        currency: priced.currency,
        cycle: priced.cycle,
        mode: Mode::Prepaid,
        items: items.collect(),
        discounts: Vec::new(),
        start_on: today,
        billing_day: BillingDay::Anniversary,
        lead_days: None,
        trial_days: priced.trial_days,
        periods: None,
        gateway: "sandbox".into(),
        source: "order",
    }
}

/// Transfers that arrive today.
async fn transfers(cx: &Cx, people: &[Person]) -> Result<u64, Fault> {
    let mut arrived = 0;
    for person in people.iter().filter(|p| p.id != 0) {
        let Payer::Transfer(days) = person.payer else { continue };
        let (customer, currency) = (person.id, person.currency);
        let filter = InvoiceFilter {
            kind: Some(DocumentKind::Invoice),
            state: Some(InvoiceState::Open),
            customer_id: Some(customer),
            ..InvoiceFilter::default()
        };
        let open = cx.read(async move |tx: &mut Tx| list_invoices(tx, &filter, None, 50).await).await?;
        for invoice in open {
            let issued = invoice.issued_on.unwrap_or(cx.today());
            if bursar_time::days_between(issued, cx.today()) < days {
                continue;
            }
            let payment = ManualPayment {
                customer,
                gateway: "bank_transfer".into(),
                amount: Money::new(invoice.open_minor(), currency),
                fee: Money::zero(currency),
                received_on: cx.today(),
                reference: invoice.number.clone().unwrap_or_default(),
                purpose: Purpose {
                    invoices: vec![(invoice.id, invoice.open_minor())],
                    reason: "bank transfer".into(),
                },
                form_key: format!("demo-{}", invoice.id),
            };
            settle::record_payment(cx, payment).await.map_err(|e| Fault::new(e.to_string()))?;
            arrived += 1;
        }
    }
    Ok(arrived)
}
