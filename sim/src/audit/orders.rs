//! Paid never means nothing: each thing that was paid for is there, or its exact amount is back, once, and its customer
//! was told.

use std::collections::BTreeMap;

use bursar_gateway_sandbox::ChargeStatus;
use bursar_provisioning::settings::MoneyBack;

use super::records::{Line, Records};
use super::{Findings, invoices_of};
use crate::model::{Model, ShopOrder};
use crate::office::Vendors;

/// At any time: what was called off asks for nothing and gives nothing twice, and whoever it was for knows.
pub(super) fn taken_back(records: &Records, model: &Model, findings: &mut Findings) {
    let mut called_off: BTreeMap<i64, i64> = BTreeMap::new();
    for subscription in model.subscriptions.iter().filter(|subscription| subscription.is_taken_back) {
        let (id, left) = (subscription.id, billed(records, subscription.id));
        findings.expect(left == 0, || format!("subscription {id} did not happen, and {left} of it is left"));
        if records.sold.is_called_off(id) {
            *called_off.entry(model.customers[subscription.customer].id).or_default() += 1;
        }
    }
    for customer in &model.customers {
        let times = called_off.get(&customer.id).copied().unwrap_or(0);
        let told = records.sold.told.get(&customer.id).copied().unwrap_or(0);
        findings.expect(times == told, || {
            format!(
                "{times} things of customer {} were called off, and they were told of {told}",
                customer.id
            )
        });
    }
}

/// What stands of everything that was asked for one subscription: invoices less credit notes, with tax. What was written
/// off is asked for no more.
fn billed(records: &Records, subscription: i64) -> i64 {
    let lines = records.lines.iter().filter(|line| line.subscription == Some(subscription));
    lines.filter_map(|line| counted(records, line)).sum()
}

fn counted(records: &Records, line: &Line) -> Option<i64> {
    let document = records.documents.get(&line.invoice)?;
    let invoice = document.corrects.map_or(Some(document), |id| records.documents.get(&id))?;
    if !invoice.stands() || invoice.state == "uncollectible" {
        return None;
    }
    let minor = line.net + line.tax;
    Some(if document.is_invoice { minor } else { -minor })
}

/// When everything has come to rest: no order waits for a person, what was paid for is there or given back, and what was
/// given back went where the business wants it.
pub(super) fn paid_for(records: &Records, model: &Model, vendors: &Vendors<'_>, findings: &mut Findings) {
    let mut machines: BTreeMap<i64, i64> = BTreeMap::new();
    for machine in &vendors.machines {
        if let Some(resource) = records.resources.get(&machine.tag) {
            *machines.entry(resource.subscription).or_default() += 1;
        }
    }
    for order in &model.orders {
        let status = records.sold.orders.get(&order.id).map_or("gone", |order| order.status.as_str());
        let is_paid = records.documents.get(&order.invoice).is_some_and(|invoice| invoice.state == "paid");
        let waits = status == "pending_review" || status == "pending_payment" && is_paid;
        findings.expect(!waits, || format!("order {} is {status}, and paid: {is_paid}", order.id));
        for subscription in model.of_order(order.id).filter(|it| it.is_made && is_paid) {
            let there = machines.get(&subscription.id).copied().unwrap_or(0);
            let left = billed(records, subscription.id);
            findings.expect(there > 0 || left == 0, || {
                let (id, order) = (subscription.id, order.id);
                format!("{left} of order {order} was paid for {id}, which is neither there nor given back")
            });
        }
        if !order.is_ended_by_staff && !model.touched.contains(&order.invoice) {
            went_the_right_way(records, model, vendors, order, findings);
        }
    }
}

/// What was called off of an order that one charge paid for and that nobody touched: refunded where that is the rule, and
/// credit where that is.
fn went_the_right_way(
    records: &Records,
    model: &Model,
    vendors: &Vendors<'_>,
    order: &ShopOrder,
    findings: &mut Findings,
) {
    let called_off = model.of_order(order.id).filter(|it| records.sold.is_called_off(it.id)).count();
    let is_its = |key: &str| invoices_of(key).into_iter().eq([order.invoice]);
    let mut charges = vendors.processor.charges();
    // What was called off while another charge held the money or was to bring it was given back of that one.
    charges.retain(|charge| is_its(&charge.key));
    let [charge] = charges.as_slice() else { return };
    if !matches!(charge.status, ChargeStatus::Captured { .. }) {
        return;
    }
    // A part that a customer's credit paid goes back to where it came from.
    let by_credit = records.allocated.get(&(order.invoice, "credit".to_owned())).copied().unwrap_or(0);
    if by_credit > 0 {
        return;
    }
    let refunds = vendors.processor.refunds().into_iter().filter(|it| it.charge == charge.reference).count();
    // Of a part that was never taken there is nothing to give back.
    let is_refunded = model.money_back == MoneyBack::Refund && charge.part_minor.is_none();
    let expected = if is_refunded { called_off } else { 0 };
    findings.expect(refunds == expected, || {
        format!("{called_off} things of order {} were called off, and {refunds} refunds made", order.id)
    });
}
