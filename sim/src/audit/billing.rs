//! Documents: numbers, periods, figures.

use std::collections::BTreeMap;

use super::Findings;
use super::records::{Document, Line, Records};
use crate::model::{Model, Owed, Standing, Subscription, share};

/// Numbers have no gap and no double, and dates go up with them.
pub(super) fn numbers(records: &Records, findings: &mut Findings) {
    let mut series: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    for document in records.documents.values() {
        series.entry(&document.series).or_default().push(document);
    }
    for (name, mut documents) in series {
        documents.sort_by_key(|d| d.sequence);
        for (expected, document) in (1_i64..).zip(&documents) {
            findings.expect(document.sequence == expected, || {
                format!("series {name} has number {} where {expected} belongs", document.sequence)
            });
        }
        for pair in documents.windows(2) {
            findings.expect(pair[0].issued_on <= pair[1].issued_on, || {
                format!("series {name} goes back in time after number {}", pair[0].sequence)
            });
        }
    }
}

/// Every period of every subscription is on exactly one document that stands, and nothing else is.
pub(super) fn periods(records: &Records, model: &Model, findings: &mut Findings) {
    let mut billed: BTreeMap<i64, Vec<&Line>> = BTreeMap::new();
    for line in standing_lines(records).filter(|line| line.kind == "recurring") {
        match line.subscription {
            Some(id) => billed.entry(id).or_default().push(line),
            None => findings.add(format!("invoice {} has a period of nothing", line.invoice)),
        }
    }
    for subscription in &model.subscriptions {
        let lines = billed.remove(&subscription.id).unwrap_or_default();
        compare(subscription, &lines, findings);
    }
    for (id, lines) in billed {
        findings.add(format!("subscription {id} was billed {} times and nobody opened it", lines.len()));
    }
}

fn compare(subscription: &Subscription, lines: &[&Line], findings: &mut Findings) {
    let id = subscription.id;
    // Its one item never twice from the same day, whatever the figures.
    let mut starts: BTreeMap<_, i64> = BTreeMap::new();
    for line in lines {
        *starts.entry((line.item, line.period.map(|(start, _)| start))).or_default() += 1;
    }
    for ((item, start), times) in starts {
        findings.expect(times == 1, || format!("item {item:?} was billed {times} times from {start:?}"));
    }
    // Whatever it was billed for is given back: that is compared in money.
    if subscription.is_taken_back {
        return;
    }
    let mut found = Vec::with_capacity(lines.len());
    for line in lines {
        let Some((start, end)) = line.period else {
            findings.add(format!("invoice {} bills subscription {id} for no period", line.invoice));
            continue;
        };
        let (quantity, gross, discount) = (line.quantity, line.gross, line.discount);
        found.push(Owed { start, end, quantity, gross, discount });
    }
    found.sort();
    let mut owed = subscription.owed.clone();
    owed.sort();
    for extra in surplus(&found, &owed) {
        findings.add(format!("subscription {id} was billed for what was not owed: {}", show(&extra)));
    }
    for missing in surplus(&owed, &found) {
        let over = if subscription.standing == Standing::Over { " (it is over)" } else { "" };
        findings.add(format!("subscription {id} was not billed{over}: {}", show(&missing)));
    }
}

/// What is in the first list more often than in the second; both are sorted.
fn surplus(first: &[Owed], second: &[Owed]) -> Vec<Owed> {
    let mut rest = second.to_vec();
    let mut more = Vec::new();
    for owed in first {
        match rest.iter().position(|other| other == owed) {
            Some(at) => drop(rest.remove(at)),
            None => more.push(*owed),
        }
    }
    more
}

fn show(owed: &Owed) -> String {
    format!("{} to {}, {} units, {} less {}", owed.start, owed.end, owed.quantity, owed.gross, owed.discount)
}

/// Lines of invoices that were not taken back.
fn standing_lines(records: &Records) -> impl Iterator<Item = &Line> {
    records
        .lines
        .iter()
        .filter(|line| records.documents.get(&line.invoice).is_some_and(|d| d.is_invoice && d.stands()))
}

/// A document is the sum of its lines, and tax is what the customer's country takes, rounded once a line.
pub(super) fn figures(records: &Records, model: &Model, findings: &mut Findings) {
    let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
    let rates: BTreeMap<i64, i64> = model.customers.iter().map(|c| (c.id, c.tax_ppm)).collect();
    for line in &records.lines {
        *sums.entry(line.invoice).or_default() += line.net + line.tax;
        findings.expect(line.net == line.gross - line.discount, || {
            format!(
                "a line of document {} is {} less {} and says {}",
                line.invoice, line.gross, line.discount, line.net
            )
        });
        let Some(document) = records.documents.get(&line.invoice).filter(|d| d.is_invoice) else { continue };
        let Some(rate) = rates.get(&document.customer) else {
            findings.add(format!("document {} is for nobody who signed up", document.id));
            continue;
        };
        let size = share(line.net.abs(), if line.taxable { *rate } else { 0 }, 1_000_000);
        let tax = if line.net < 0 { -size } else { size };
        findings.expect(line.tax == tax, || {
            format!("a line of {} on document {} is taxed {} and not {tax}", line.net, line.invoice, line.tax)
        });
    }
    for document in records.documents.values() {
        let sum = sums.get(&document.id).copied().unwrap_or(0);
        findings.expect(sum == document.total, || {
            format!("document {} says {} and its lines {sum}", document.id, document.total)
        });
    }
}
