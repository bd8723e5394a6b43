//! Billing's cards on the first page: what was invoiced, what comes again every month, what is owed, what runs.

use std::collections::{BTreeMap, BTreeSet};

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::{Date, plus_days};
use bursar_web::{
    Amount, Card, CardSize, CardView, Chart, ChartKind, ChartLabel, Figure, Reading, Series, humanised,
};

use crate::figures::days::{self, Day};
use crate::figures::owed::owed;
use crate::figures::running::{Running, running};
use crate::permissions::{INVOICE_VIEW, SUBSCRIPTION_VIEW};

/// Months of the drawing.
const MONTHS: usize = 12;

pub(super) fn register(registry: &mut Registry) {
    registry.card(
        Card::new("billing.revenue", "Revenue", INVOICE_VIEW, revenue)
            .size(CardSize::Wide)
            .order(10)
            .leads_to("/admin/invoices"),
    );
    registry.card(
        Card::new("billing.owed", "Outstanding", INVOICE_VIEW, outstanding)
            .order(20)
            .leads_to("/admin/invoices?show=open"),
    );
    registry.card(
        Card::new("billing.recurring", "Monthly recurring revenue", SUBSCRIPTION_VIEW, recurring)
            .order(30)
            .leads_to("/admin/subscriptions?show=active"),
    );
    registry.card(
        Card::new("billing.running", "Running services", SUBSCRIPTION_VIEW, by_kind)
            .order(50)
            .leads_to("/admin/subscriptions?show=active"),
    );
}

/// The days that the card of revenue speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    today: Date,
    month: Date,
    /// The first of the month before.
    before: Date,
    /// The same day of the month before, or its last.
    before_end: Date,
    /// The first of the oldest month in the drawing.
    first: Date,
}

impl Span {
    fn of(today: Date) -> Result<Self, Fault> {
        let calendar = |e| Fault::wrap("the months of the revenue card", e);
        let month = today.first_of_month();
        let before_last = plus_days(month, -1).map_err(calendar)?;
        let before = before_last.first_of_month();
        let before_end = plus_days(before, i64::from(today.day()) - 1).map_err(calendar)?.min(before_last);
        let mut first = month;
        for _ in 1..MONTHS {
            first = plus_days(first, -1).map_err(calendar)?.first_of_month();
        }
        Ok(Self { today, month, before, before_end, first })
    }

    /// What was invoiced from one day to another, both included, in a currency.
    fn sum(days: &[Day], currency: Currency, from: Date, to: Date) -> i64 {
        let within =
            days.iter().filter(|day| day.net.currency() == currency && day.on >= from && day.on <= to);
        within.map(|day| day.net.minor()).sum()
    }

    fn figures(self, days: &[Day], currency: Currency) -> [Figure; 2] {
        let sum = |from, to| Amount::Money(Money::new(Self::sum(days, currency, from, to), currency));
        let code = currency.code();
        [
            Figure::of(format!("Today in {code}"), sum(self.today, self.today)),
            Figure::of(format!("This month in {code}"), sum(self.month, self.today))
                .before(sum(self.before, self.before_end)),
        ]
    }

    fn months(self) -> Vec<(Date, Date)> {
        let mut months = Vec::with_capacity(MONTHS);
        let mut from = self.first;
        while from <= self.month && months.len() < MONTHS {
            let to = from.last_of_month();
            months.push((from, to));
            let Ok(next) = plus_days(to, 1) else { break };
            from = next;
        }
        months
    }

    fn chart(self, days: &[Day], currency: Currency) -> Chart {
        let months = self.months();
        let values = months
            .iter()
            .map(|(from, to)| Amount::Money(Money::new(Self::sum(days, currency, *from, *to), currency)))
            .collect();
        Chart {
            kind: ChartKind::Bar,
            title: format!("Invoiced by month in {}", currency.code()),
            labels: months.into_iter().map(|(from, _)| ChartLabel::Month(from)).collect(),
            series: vec![Series { name: "Invoiced without tax".to_owned(), values }],
        }
    }
}

fn revenue(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let span = Span::of(tx.today())?;
        let days = days::between(tx, span.first, span.today).await?;
        let currencies: BTreeSet<Currency> = days.iter().map(|day| day.net.currency()).collect();
        Ok(CardView {
            figures: currencies.iter().flat_map(|currency| span.figures(&days, *currency)).collect(),
            charts: busiest(&days).map(|currency| span.chart(&days, currency)).into_iter().collect(),
            empty: "Nothing was invoiced in the last twelve months. What is issued counts here without tax.",
            ..CardView::default()
        })
    })
}

/// The currency in which something was invoiced on most days: the one whose course is drawn.
fn busiest(days: &[Day]) -> Option<Currency> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for day in days {
        *counts.entry(day.net.currency()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, many)| *many).map(|(currency, _)| currency)
}

fn outstanding(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let today = tx.today();
        let figures = owed(tx, today).await?.into_iter().flat_map(|owed| {
            [
                Figure::of(counted("Open", owed.invoices), Amount::Money(owed.open)),
                Figure::of(counted("Overdue", owed.overdue_invoices), Amount::Money(owed.overdue)),
            ]
        });
        Ok(CardView {
            figures: figures.collect(),
            empty: "Nothing is owed. Open invoices are summed up here.",
            ..CardView::default()
        })
    })
}

fn counted(what: &str, invoices: i64) -> String {
    match invoices {
        1 => format!("{what}, 1 invoice"),
        many => format!("{what}, {many} invoices"),
    }
}

fn recurring(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let figures = by_currency(&running(tx).await?).into_iter().map(|(monthly, subscriptions)| {
            let label = match subscriptions {
                1 => "1 subscription".to_owned(),
                many => format!("{many} subscriptions"),
            };
            Figure::of(label, Amount::Money(monthly))
        });
        Ok(CardView {
            figures: figures.collect(),
            empty: "Nothing is billed again and again yet.",
            ..CardView::default()
        })
    })
}

fn by_currency(all: &[Running]) -> Vec<(Money, i64)> {
    let mut sums: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
    for one in all {
        let sum = sums.entry(one.monthly.currency()).or_default();
        sum.0 += one.monthly.minor();
        sum.1 += one.subscriptions;
    }
    sums.into_iter().map(|(currency, (minor, many))| (Money::new(minor, currency), many)).collect()
}

fn by_kind(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let all = running(tx).await?;
        let mut products: Vec<i64> = all.iter().filter_map(|one| one.product_id).collect();
        products.sort_unstable();
        products.dedup();
        let kinds = bursar_catalog::kinds_of(tx, &products).await?;
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for one in &all {
            let kind = one.product_id.and_then(|id| kinds.get(&id)).copied();
            let kind = kind.map_or_else(|| "Without a product".to_owned(), |kind| humanised(kind.code()));
            *sums.entry(kind).or_default() += one.subscriptions;
        }
        let whole = sums.values().sum();
        let parts = sums.into_iter().map(|(label, many)| (label, Amount::Number(many))).collect();
        let figure = Figure { parts, ..Figure::of("Running now", Amount::Number(whole)) };
        Ok(CardView {
            figures: if whole == 0 { Vec::new() } else { vec![figure] },
            empty: "Nothing runs yet. Subscriptions begin with an order or an import.",
            ..CardView::default()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_compared_with_the_same_days_of_the_one_before() {
        let span = Span::of(day("2026-03-31")).unwrap();
        assert_eq!((span.month, span.before), (day("2026-03-01"), day("2026-02-01")));
        // February has no 31st: all of it.
        assert_eq!(span.before_end, day("2026-02-28"));
        assert_eq!(Span::of(day("2026-03-10")).unwrap().before_end, day("2026-02-10"));
        assert_eq!(span.first, day("2025-04-01"));
        assert_eq!(span.months().len(), 12);
        assert_eq!(span.months()[11], (day("2026-03-01"), day("2026-03-31")));
    }

    #[test]
    fn sums_keep_to_their_days_and_their_currency() {
        let of = |on: &str, minor, currency| Day { on: day(on), net: Money::new(minor, currency) };
        let days = [
            of("2026-02-10", 500, Currency::EUR),
            of("2026-02-11", 900, Currency::EUR),
            of("2026-03-01", 100, Currency::EUR),
            of("2026-03-10", -30, Currency::EUR),
            of("2026-03-10", 77, Currency::USD),
        ];
        assert_eq!(busiest(&days), Some(Currency::EUR));
        let span = Span::of(day("2026-03-10")).unwrap();
        let [today, month] = span.figures(&days, Currency::EUR);
        let eur = |minor| Amount::Money(Money::new(minor, Currency::EUR));
        assert_eq!(today.value, eur(-30));
        // 1.00 less 0.30; the month before had 5.00 up to its 10th.
        assert_eq!((month.value, month.before), (eur(70), Some(eur(500))));
    }
}
