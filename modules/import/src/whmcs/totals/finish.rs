//! After the last row: what could not be told before every table was read.

use super::collect::Collected;
use super::figures::{ControlTotals, FORMAT, InvoiceFigures, Kinds, RECURRING_DEFINITION};
use super::records::{Invoice, Kind, Payments, Target};
use crate::whmcs::amount::Hundredths;

/// Key of everything whose client does not exist.
const NO_CLIENT: &str = "?no-client";

impl Collected {
    pub(super) fn finish(mut self) -> ControlTotals {
        let mut totals = std::mem::take(&mut self.totals);
        totals.format = FORMAT;
        totals.recurring_definition = RECURRING_DEFINITION;
        totals.as_of.clone_from(&self.as_of);
        if totals.default_currency.is_empty() {
            totals.default_currency = "?".to_owned();
        }
        self.clients_and_credit(&mut totals);
        self.invoices(&mut totals);
        self.items(&mut totals);
        self.transactions(&mut totals);
        self.recurring(&mut totals);
        self.orphans(&mut totals);
        totals
    }

    fn currency(&self, id: i64) -> String {
        self.currencies.get(&id).cloned().unwrap_or_else(|| format!("?{id}"))
    }

    fn currency_of(&self, client: i64) -> String {
        self.clients
            .get(&client)
            .map_or_else(|| NO_CLIENT.to_owned(), |client| self.currency(client.currency))
    }

    fn clients_and_credit(&self, totals: &mut ControlTotals) {
        for (id, client) in &self.clients {
            let currency = self.currency(client.currency);
            *totals.credit_balance_by_currency.entry(currency.clone()).or_default() += client.credit;
            *totals.clients_by_currency.entry(currency).or_default() += 1;
            let logged = self.credit_log.get(id).copied().unwrap_or_default();
            if logged != client.credit {
                totals.credit_clients_where_balance_differs_from_log.push(*id);
            }
            totals.defects.clients_with_unknown_currency +=
                u64::from(!self.currencies.contains_key(&client.currency));
        }
        for (client, amount) in &self.credit_log {
            *totals.credit_log_sum_by_currency.entry(self.currency_of(*client)).or_default() += *amount;
        }
        totals.defects.clients_sharing_an_email_ignoring_case =
            self.email_counts.values().filter(|&&count| count > 1).sum();
    }

    fn invoices(&self, totals: &mut ControlTotals) {
        for (id, invoice) in &self.invoices {
            let currency = self.currency_of(invoice.client);
            let status = self.names.name(invoice.status);
            let payments = self.payments.get(id).copied().unwrap_or_default();
            let balance = invoice.total - payments.received + payments.refunded;
            let figures = totals
                .invoices_by_currency_status
                .entry(currency.clone())
                .or_default()
                .entry(status.to_owned())
                .or_default();
            add_invoice(figures, invoice, payments, balance);
            let lines = self.lines.get(id).cloned().unwrap_or_default();
            let is_mass_pay = lines.count > 0 && lines.mass_pay_count == lines.count;
            if matches!(status, "Unpaid" | "Payment Pending" | "Collections") && !is_mass_pay {
                *totals.receivable_by_currency_excluding_mass_pay.entry(currency.clone()).or_default() +=
                    balance;
            }
            if is_mass_pay {
                let special = &mut totals.invoice_special;
                special.mass_pay_invoices += 1;
                *special.mass_pay_by_status.entry(status.to_owned()).or_default() += 1;
                let paid = if status == "Paid" { invoice.total } else { Hundredths::ZERO };
                *special.mass_pay_paid_total_by_currency.entry(currency).or_default() += paid;
            }
            self.special(totals, invoice, payments, balance);
            totals.invoice_special.add_funds_invoices += u64::from(lines.has_add_funds);
            let arithmetic = &mut totals.invoice_arithmetic;
            arithmetic.subtotal_differs_from_items += u64::from(lines.sum != invoice.subtotal);
            arithmetic.total_not_subtotal_plus_tax_minus_credit +=
                u64::from(invoice.total != invoice.subtotal + invoice.tax + invoice.tax2 - invoice.credit);
            arithmetic.tax1_off_by_more_than_one_cent +=
                u64::from(is_tax_off(lines.taxed, invoice.rate, invoice.tax));
            totals.defects.invoices_without_items += u64::from(lines.count == 0);
        }
    }

    fn special(
        &self,
        totals: &mut ControlTotals,
        invoice: &Invoice,
        payments: Payments,
        balance: Hundredths,
    ) {
        let status = self.names.name(invoice.status);
        let (is_paid, is_unpaid) = (status == "Paid", status == "Unpaid");
        let has_received = payments.received > Hundredths::ZERO;
        let special = &mut totals.invoice_special;
        special.numbered += u64::from(invoice.is_numbered);
        special.paid_without_any_transaction_or_credit +=
            u64::from(is_paid && invoice.total > Hundredths::ZERO && payments.count == 0);
        special.unpaid_with_part_payment += u64::from(is_unpaid && has_received);
        special.overpaid += u64::from(balance < Hundredths::ZERO && has_received);
        special.paid_with_partial_refund += u64::from(is_paid && payments.refunded > Hundredths::ZERO);
        let defects = &mut totals.defects;
        defects.invoices_without_client += u64::from(!self.clients.contains_key(&invoice.client));
        defects.invoices_with_negative_total += u64::from(invoice.total < Hundredths::ZERO);
        let is_known = matches!(
            status,
            "Draft" | "Unpaid" | "Payment Pending" | "Paid" | "Cancelled" | "Refunded" | "Collections"
        );
        defects.invoices_with_unknown_status += u64::from(!is_known);
    }

    fn items(&self, totals: &mut ControlTotals) {
        for ((client, item_type), figures) in &self.items {
            let sums = totals
                .invoice_items_by_currency_type
                .entry(self.currency_of(*client))
                .or_default()
                .entry(self.names.name(*item_type).to_owned())
                .or_default();
            sums.count += figures.count;
            sums.amount += figures.amount;
        }
        for (invoice, lines) in &self.lines {
            if *invoice == 0 {
                totals.defects.items_not_on_an_invoice += lines.count;
            } else if !self.invoices.contains_key(invoice) {
                totals.defects.items_with_missing_invoice += lines.count;
            }
        }
        for ((target, id), count) in &self.aims {
            let exists = match target {
                Target::Invoice => self.invoices.contains_key(id),
                other => self.targets.get(other).is_some_and(|ids| ids.contains(id)),
            };
            if !exists {
                totals.defects.items_with_missing_target += count;
            }
        }
    }

    fn transactions(&self, totals: &mut ControlTotals) {
        for ((client, currency, gateway), figures) in &self.transactions {
            let currency = if *client == 0 { self.currency(*currency) } else { self.currency_of(*client) };
            let sums = totals
                .transactions_by_currency_gateway
                .entry(currency)
                .or_default()
                .entry(self.names.name(*gateway).to_owned())
                .or_default();
            sums.count_in += figures.count_in;
            sums.amountin += figures.amountin;
            sums.count_out += figures.count_out;
            sums.amountout += figures.amountout;
            sums.fees += figures.fees;
        }
        totals.transactions_special.duplicate_gateway_transid =
            self.transaction_numbers.values().filter(|&&repeats| repeats).count() as u64;
        for (invoice, payments) in &self.payments {
            if *invoice != 0 && !self.invoices.contains_key(invoice) {
                totals.defects.transactions_with_missing_invoice += payments.count;
            }
        }
    }

    fn recurring(&self, totals: &mut ControlTotals) {
        for recurring in &self.recurring {
            let client = match recurring.client {
                0 => self.services.get(&recurring.service).copied().unwrap_or_default(),
                client => client,
            };
            let currency = self.currency_of(client);
            let cycles = of_kind(&mut totals.recurring_by_kind_currency_cycle, recurring.kind)
                .entry(currency.clone())
                .or_default();
            let figures = cycles.entry(self.names.name(recurring.cycle).to_owned()).or_default();
            figures.count += 1;
            figures.recurring += recurring.amount;
            let revenue = of_kind(&mut totals.mrr_by_kind_currency, recurring.kind)
                .entry(currency.clone())
                .or_default();
            // A domain of 11 years cannot exist; it is in the counts above and has no share per month.
            let _is_sold = revenue.add(recurring.amount, recurring.months);
            let months = of_kind(&mut totals.next_due_by_kind_month_currency, recurring.kind)
                .entry(self.names.name(recurring.due_month).to_owned())
                .or_default();
            let due = months.entry(currency).or_default();
            due.count += 1;
            due.amount += recurring.amount;
        }
    }

    fn orphans(&self, totals: &mut ControlTotals) {
        for (product, count) in &self.service_products {
            totals.services_by_product.insert(product.to_string(), *count);
            if !self.products.contains(product) {
                totals.defects.services_without_product += count;
            }
        }
        let count = |found: usize| found as u64;
        let defects = &mut totals.defects;
        defects.services_without_client =
            count(self.services.values().filter(|client| !self.clients.contains_key(client)).count());
        defects.addons_without_service =
            count(self.addon_services.iter().filter(|service| !self.services.contains_key(service)).count());
        defects.cancelrequests_without_service =
            count(self.cancel_services.iter().filter(|service| !self.services.contains_key(service)).count());
        defects.orders_without_client = self
            .order_clients
            .iter()
            .filter(|(client, _)| !self.clients.contains_key(client))
            .map(|(_, n)| n)
            .sum();
        defects.pricing_for_missing_currency = self
            .price_currencies
            .iter()
            .filter(|(id, _)| !self.currencies.contains_key(id))
            .map(|(_, n)| n)
            .sum();
        defects.paymethods_without_payment_row = count(
            self.payment_rows
                .iter()
                .filter(|(id, is_card)| {
                    !if *is_card { &self.cards } else { &self.bank_accounts }.contains(id)
                })
                .count(),
        );
    }
}

fn of_kind<T>(kinds: &mut Kinds<T>, kind: Kind) -> &mut std::collections::BTreeMap<String, T> {
    match kind {
        Kind::Service => &mut kinds.services,
        Kind::Addon => &mut kinds.addons,
        Kind::Domain => &mut kinds.domains,
    }
}

fn add_invoice(figures: &mut InvoiceFigures, invoice: &Invoice, payments: Payments, balance: Hundredths) {
    figures.count += 1;
    figures.subtotal += invoice.subtotal;
    figures.credit += invoice.credit;
    figures.tax += invoice.tax;
    figures.tax2 += invoice.tax2;
    figures.total += invoice.total;
    figures.received += payments.received;
    figures.refunded += payments.refunded;
    figures.balance += balance;
}

/// Whether `tax` is more than one hundredth away from `taxed` at `rate` thousandths of a percent.
fn is_tax_off(taxed: Hundredths, rate: i128, tax: Hundredths) -> bool {
    const WHOLE: i128 = 100_000;
    (taxed.0 * rate - tax.0 * WHOLE).abs() > WHOLE
}
