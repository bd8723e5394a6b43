//! Money: the vendor's record, the product's payments, the books, and each customer's purse.

use std::collections::{BTreeMap, BTreeSet};

use bursar_gateway_sandbox::{ChargeStatus, Processor, RefundStatus};

use super::Findings;
use super::records::Records;
use crate::model::Model;

/// By customer and currency.
type Purses = BTreeMap<(i64, String), i64>;

/// The books balance, and their control accounts are what documents and credit say.
pub(super) fn books(records: &Records, findings: &mut Findings) {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for ((_, currency), minor) in &records.ledger {
        *sums.entry(currency).or_default() += minor;
    }
    for (currency, sum) in sums {
        findings.expect(sum == 0, || format!("the books are out of balance by {sum} {currency}"));
        let open: i64 = records
            .documents
            .values()
            .filter(|d| d.currency == currency)
            .map(super::records::Document::open)
            .sum();
        control(records, "receivable", currency, open, findings);
        let credit: i64 =
            records.credit.iter().filter(|((_, c), _)| c == currency).map(|(_, minor)| minor).sum();
        control(records, "customer_credit", currency, -credit, findings);
    }
    for ((customer, currency), minor) in &records.credit {
        findings.expect(*minor >= 0, || format!("customer {customer} has {minor} {currency} on credit"));
    }
    let mut used: BTreeMap<i64, i64> = BTreeMap::new();
    for ((invoice, _), minor) in &records.allocated {
        *used.entry(*invoice).or_default() += minor;
    }
    for document in records.documents.values() {
        let allocated = used.get(&document.id).copied().unwrap_or(0);
        if document.is_invoice && document.stands() {
            findings.expect(allocated == document.settled && allocated <= document.total, || {
                format!(
                    "invoice {} of {} is settled by {} and says {}",
                    document.id, document.total, allocated, document.settled
                )
            });
            findings.expect((document.state == "paid") <= (document.settled == document.total), || {
                format!("invoice {} is paid with {} of {}", document.id, document.settled, document.total)
            });
        }
    }
}

fn control(records: &Records, account: &str, currency: &str, expected: i64, findings: &mut Findings) {
    let found = balance(records, account, currency);
    findings.expect(found == expected, || {
        format!("{account} has {found} {currency} where documents and balances say {expected}")
    });
}

fn balance(records: &Records, account: &str, currency: &str) -> i64 {
    records.ledger.get(&(account.to_owned(), currency.to_owned())).copied().unwrap_or(0)
}

/// How a payment ends.
const ENDS: &[&str] = &["captured", "declined", "failed", "cancelled", "released", "expired"];

/// At the vendor: nothing moved twice, nothing moved that the product never asked for, and no invoice was collected
/// beyond its total, by however many charges.
pub(super) fn charges(records: &Records, processor: &Processor, findings: &mut Findings) {
    let known: BTreeMap<&str, &super::records::Payment> =
        records.payments.iter().map(|p| (p.key.as_str(), p)).collect();
    let mut collected: BTreeMap<BTreeSet<i64>, i64> = BTreeMap::new();
    for charge in processor.charges() {
        findings.expect(charge.captures <= 1, || format!("the vendor captured {} twice", charge.key));
        let Some(payment) = known.get(charge.key.as_str()) else {
            findings.add(format!("the vendor has a charge that nobody asked for: {}", charge.key));
            continue;
        };
        // What was taken of a hold is booked as that part; before that a payment is what was asked for.
        let amount = if payment.state == "captured" { charge.taken_minor() } else { charge.amount_minor };
        findings.expect(payment.customer == charge.customer && payment.amount == amount, || {
            format!("payment {} and the vendor's charge {} are not the same", payment.id, charge.key)
        });
        let is_captured = matches!(charge.status, ChargeStatus::Captured { .. });
        let is_held = matches!(charge.status, ChargeStatus::Held { .. });
        findings.expect(!is_held || !ENDS.contains(&payment.state.as_str()), || {
            format!("the vendor holds {} and payment {} is {}", charge.key, payment.id, payment.state)
        });
        findings.expect(is_captured || payment.state != "captured", || {
            format!("payment {} is booked and the vendor has not taken it", payment.id)
        });
        if is_captured {
            *collected.entry(invoices_of(&charge.key)).or_default() += charge.taken_minor();
        }
    }
    for (invoices, sum) in collected {
        let total: i64 = invoices.iter().filter_map(|id| records.documents.get(id)).map(|d| d.total).sum();
        findings.expect(sum <= total, || {
            format!("{sum} was charged for invoices {invoices:?}, which ask for {total}")
        });
    }
}

/// The invoices that an attempt group names: `pay:inv:12,15:1`.
pub(crate) fn invoices_of(key: &str) -> BTreeSet<i64> {
    key.split(':').nth(2).unwrap_or_default().split(',').filter_map(|id| id.parse().ok()).collect()
}

/// Each customer's purse, when nothing is under way: what they were invoiced less what they paid, by the vendor's and
/// the bank's record, is what they owe less what they have on credit. Money is never lost and never used twice.
pub(super) fn purses(records: &Records, model: &Model, processor: &Processor, findings: &mut Findings) {
    let mut expected = Purses::new();
    let mut found = Purses::new();
    for document in records.documents.values().filter(|d| d.stands()) {
        let key = (document.customer, document.currency.clone());
        let sign = if document.is_invoice { 1 } else { -1 };
        *expected.entry(key.clone()).or_default() += sign * document.total;
        *found.entry(key).or_default() += match document.state.as_str() {
            "uncollectible" => {
                let written_off = records.allocated.get(&(document.id, "write_off".to_owned()));
                written_off.copied().unwrap_or(0)
            }
            _ => document.open(),
        };
    }
    for ((customer, currency), minor) in &records.credit {
        *found.entry((*customer, currency.clone())).or_default() -= minor;
    }
    pay(model, processor, &mut expected);
    for refund in records.refunds.iter().filter(|r| r.gateway != "sandbox" && r.destination != "credit") {
        *expected.entry((refund.customer, refund.currency.clone())).or_default() += refund.amount;
    }
    let customers: BTreeSet<_> = expected.keys().chain(found.keys()).cloned().collect();
    for key in customers {
        let (want, have) = (expected.get(&key).copied().unwrap_or(0), found.get(&key).copied().unwrap_or(0));
        findings.expect(want == have, || {
            format!("customer {} should owe {want} {} and the product says {have}", key.0, key.1)
        });
    }
}

/// What was paid and given back, by the word of the vendor, the bank and staff.
fn pay(model: &Model, processor: &Processor, expected: &mut Purses) {
    let mut by_reference = BTreeMap::new();
    for charge in processor.charges() {
        let key = (charge.customer, charge.currency.clone());
        if matches!(charge.status, ChargeStatus::Captured { .. }) {
            *expected.entry(key.clone()).or_default() -= charge.taken_minor();
        }
        by_reference.insert(charge.reference, key);
    }
    for refund in processor.refunds() {
        if !matches!(refund.status, RefundStatus::Failed { .. })
            && let Some(key) = by_reference.get(&refund.charge)
        {
            *expected.entry(key.clone()).or_default() += refund.amount_minor;
        }
    }
    for customer in &model.customers {
        let key = (customer.id, customer.currency.code().to_owned());
        for purse in [&model.by_bank, &model.given] {
            *expected.entry(key.clone()).or_default() -= purse.get(&customer.id).copied().unwrap_or(0);
        }
    }
}

/// At rest: the vendor's money is the cash in the books, to the last minor unit, and nothing lies around unapplied.
pub(super) fn vendor_agrees(records: &Records, processor: &Processor, findings: &mut Findings) {
    let mut cash: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for charge in processor.charges() {
        if let ChargeStatus::Captured { fee_minor, .. } = charge.status {
            let taken = charge.taken_minor();
            let (net, fees) = cash.entry(charge.currency).or_default();
            *net += taken - fee_minor;
            *fees += fee_minor;
        }
    }
    for refund in processor.refunds() {
        if refund.status == RefundStatus::Settled {
            cash.entry(refund.currency).or_default().0 -= refund.amount_minor;
        }
    }
    for (currency, (net, fees)) in cash {
        control(records, "cash:sandbox", &currency, net, findings);
        control(records, "fees:sandbox", &currency, fees, findings);
        control(records, "unapplied_payments", &currency, 0, findings);
    }
    for payment in records.payments.iter().filter(|p| p.is_charge) {
        let is_final = ENDS.contains(&payment.state.as_str());
        findings.expect(is_final, || format!("payment {} is still {}", payment.id, payment.state));
    }
    for refund in &records.refunds {
        findings.expect(refund.state == "settled", || format!("a refund is still {}", refund.state));
    }
}
