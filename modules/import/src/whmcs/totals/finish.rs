//! After the last row: what could not be told before every table was read.

use std::borrow::Cow;

use super::collect::{Collected, under};
use super::figures::{Arithmetic, ControlTotals, FORMAT, InvoiceFigures, Kinds, RECURRING_DEFINITION};
use super::records::{Invoice, Kind};
use crate::whmcs::amount::Hundredths;

/// Key of everything whose client does not exist.
const NO_CLIENT: &str = "?no-client";

impl Collected {
    pub(crate) fn finish(mut self) -> ControlTotals {
        let mut totals = std::mem::take(&mut self.totals);
        totals.format = FORMAT;
        totals.recurring_definition = RECURRING_DEFINITION;
        totals.as_of.clone_from(&self.as_of);
        if totals.default_currency.is_empty() {
            totals.default_currency = "?".to_owned();
        }
        self.clients_and_credit(&mut totals);
        self.invoices.each(|_, invoice| self.invoice(&mut totals, &invoice));
        for (product, count) in &self.service_products {
            totals.services_by_product.insert(product.to_string(), *count);
            if !self.products.contains(product) {
                totals.defects.services_without_product += count;
            }
        }
        self.emails.finish(|times| {
            totals.defects.clients_sharing_an_email_ignoring_case += if times > 1 { times } else { 0 };
        });
        self.transaction_numbers.finish(|times| {
            totals.transactions_special.duplicate_gateway_transid += u64::from(times > 1);
        });
        totals
    }

    pub(super) fn currency(&self, id: i64) -> Cow<'static, str> {
        match self.currencies.get(&id) {
            Some(code) => Cow::Owned(code.clone()),
            None => Cow::Owned(format!("?{id}")),
        }
    }

    pub(super) fn currency_of(&self, client: i64) -> Cow<'static, str> {
        match self.clients.get(client) {
            Some(client) => self.currency(client.currency),
            None => Cow::Borrowed(NO_CLIENT),
        }
    }

    fn clients_and_credit(&self, totals: &mut ControlTotals) {
        self.clients.each(|id, client| {
            let currency = self.currency(client.currency).into_owned();
            *totals.credit_balance_by_currency.entry(currency.clone()).or_default() += client.credit;
            *totals.clients_by_currency.entry(currency).or_default() += 1;
            if self.credit_log.get(id).unwrap_or_default() != client.credit {
                totals.credit_clients_where_balance_differs_from_log.push(id);
            }
            totals.defects.clients_with_unknown_currency +=
                u64::from(!self.currencies.contains_key(&client.currency));
        });
        self.credit_log.each(|client, amount| {
            let currency = self.currency_of(client).into_owned();
            *totals.credit_log_sum_by_currency.entry(currency).or_default() += amount;
        });
    }

    fn invoice(&self, totals: &mut ControlTotals, invoice: &Invoice) {
        let currency = self.currency_of(invoice.client);
        let status = self.names.name(invoice.status);
        let balance = invoice.total - invoice.received + invoice.refunded;
        let figures = under(&mut totals.invoices_by_currency_status, &currency, status);
        add_invoice(figures, invoice, balance);
        let is_mass_pay = invoice.line_count > 0 && invoice.mass_pay_count == invoice.line_count;
        if matches!(status, "Unpaid" | "Payment Pending" | "Collections") && !is_mass_pay {
            let receivable = &mut totals.receivable_by_currency_excluding_mass_pay;
            *receivable.entry(currency.clone().into_owned()).or_default() += balance;
        }
        if is_mass_pay {
            let special = &mut totals.invoice_special;
            special.mass_pay_invoices += 1;
            *special.mass_pay_by_status.entry(status.to_owned()).or_default() += 1;
            let paid = if status == "Paid" { invoice.total } else { Hundredths::ZERO };
            *special.mass_pay_paid_total_by_currency.entry(currency.into_owned()).or_default() += paid;
        }
        self.special(totals, invoice, balance);
        totals.invoice_special.add_funds_invoices += u64::from(invoice.has_add_funds);
        totals.invoice_arithmetic.note(&Arithmetic {
            subtotal: invoice.subtotal,
            tax1: invoice.tax,
            tax2: invoice.tax2,
            credit: invoice.credit,
            total: invoice.total,
            lines: invoice.line_sum,
            taxed: invoice.taxed,
            rate_ppm: invoice.rate * 10,
        });
        totals.defects.invoices_without_items += u64::from(invoice.line_count == 0);
    }

    fn special(&self, totals: &mut ControlTotals, invoice: &Invoice, balance: Hundredths) {
        let status = self.names.name(invoice.status);
        let (is_paid, is_unpaid) = (status == "Paid", status == "Unpaid");
        let has_received = invoice.received > Hundredths::ZERO;
        let special = &mut totals.invoice_special;
        special.numbered += u64::from(invoice.is_numbered);
        special.paid_without_any_transaction_or_credit +=
            u64::from(is_paid && invoice.total > Hundredths::ZERO && invoice.payment_count == 0);
        special.unpaid_with_part_payment += u64::from(is_unpaid && has_received);
        special.overpaid += u64::from(balance < Hundredths::ZERO && has_received);
        special.paid_with_partial_refund += u64::from(is_paid && invoice.refunded > Hundredths::ZERO);
        let defects = &mut totals.defects;
        defects.invoices_without_client += u64::from(!self.clients.has(invoice.client));
        defects.invoices_with_negative_total += u64::from(invoice.total < Hundredths::ZERO);
        let is_known = matches!(
            status,
            "Draft" | "Unpaid" | "Payment Pending" | "Paid" | "Cancelled" | "Refunded" | "Collections"
        );
        defects.invoices_with_unknown_status += u64::from(!is_known);
    }

    /// Something billed again and again.
    pub(super) fn recurs(
        &mut self,
        kind: Kind,
        client: i64,
        (cycle, months): (&str, u32),
        amount: Hundredths,
        due: Option<&str>,
    ) {
        let currency = self.currency_of(client);
        let totals = &mut self.totals;
        let figures = under(of_kind(&mut totals.recurring_by_kind_currency_cycle, kind), &currency, cycle);
        figures.count += 1;
        figures.recurring += amount;
        let month = due.map_or("none", |due| due.get(..7).unwrap_or(due));
        let due = under(of_kind(&mut totals.next_due_by_kind_month_currency, kind), month, &currency);
        due.count += 1;
        due.amount += amount;
        let revenue =
            of_kind(&mut totals.mrr_by_kind_currency, kind).entry(currency.into_owned()).or_default();
        // A domain of 11 years cannot exist; it is in the counts above and has no share per month.
        let _is_sold = revenue.add(amount, months);
    }
}

fn of_kind<T>(kinds: &mut Kinds<T>, kind: Kind) -> &mut std::collections::BTreeMap<String, T> {
    match kind {
        Kind::Service => &mut kinds.services,
        Kind::Addon => &mut kinds.addons,
        Kind::Domain => &mut kinds.domains,
    }
}

fn add_invoice(figures: &mut InvoiceFigures, invoice: &Invoice, balance: Hundredths) {
    figures.count += 1;
    figures.subtotal += invoice.subtotal;
    figures.credit += invoice.credit;
    figures.tax += invoice.tax;
    figures.tax2 += invoice.tax2;
    figures.total += invoice.total;
    figures.received += invoice.received;
    figures.refunded += invoice.refunded;
    figures.balance += balance;
}
