//! What must be known of all rows before the first one is written: small facts by id, never texts of big tables.

use std::collections::BTreeMap;

use bursar_money::Currency;
use bursar_sqldump::{RowRef, decode};

use super::figures::minor;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{
    AddonRow, CancelWhen, ClientGroupRow, ConfigGroupRow, ConfigLinkRow, ConfigOptionRow,
    ConfigOptionValueRow, Context, CurrencyRow, InvoiceRow, InvoiceStatus, LegacyRow, PriceRow,
    ProductGroupRow, ProductRow, PromotionRow, RowProblem, TaxRow, read_any,
};

/// Key of everything whose client does not exist, as in the totals.
const NO_CLIENT: &str = "?no-client";

/// The small tables, whole.
#[derive(Debug, Default)]
pub(super) struct Small {
    pub(super) currencies: Vec<CurrencyRow>,
    pub(super) taxes: Vec<TaxRow>,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) client_groups: Vec<ClientGroupRow>,
    pub(super) product_groups: Vec<ProductGroupRow>,
    pub(super) products: Vec<ProductRow>,
    pub(super) addons: Vec<AddonRow>,
    pub(super) option_groups: Vec<ConfigGroupRow>,
    pub(super) option_links: Vec<ConfigLinkRow>,
    pub(super) options: Vec<ConfigOptionRow>,
    pub(super) values: Vec<ConfigOptionValueRow>,
    pub(super) prices: Vec<PriceRow>,
    pub(super) promotions: Vec<PromotionRow>,
}

/// What is needed of a client by the rows that name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub(super) currency: Currency,
    pub(super) credit: Hundredths,
}

/// What is needed of a service by its add-ons and lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    pub(super) client: Option<i64>,
    pub(super) cycle: crate::whmcs::LegacyCycle,
}

/// An invoice that is taken over, as far as its lines and payments need it.
#[derive(Debug, Clone)]
pub(super) struct Invoice {
    pub(super) client: i64,
    pub(super) currency: Currency,
    pub(super) status: InvoiceStatus,
    /// As stored.
    pub(super) status_text: Box<str>,
    pub(super) subtotal: i64,
    /// As stored.
    pub(super) stored_subtotal: Hundredths,
    /// What rounding leaves between the lines and the subtotal; the last line takes it.
    pub(super) rounding: i64,
    pub(super) tax1: i64,
    pub(super) tax2: i64,
    pub(super) credit: i64,
    pub(super) rates: (i64, i64),
    pub(super) lines: Lines,
    /// Payments and refunds that are taken over, minor units.
    pub(super) received: i64,
    pub(super) refunded: i64,
    pub(super) cursor: Cursor,
}

/// What the lines of an invoice add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lines {
    pub(super) count: i64,
    pub(super) sum: Hundredths,
    pub(super) taxed: Hundredths,
    pub(super) collecting: i64,
    pub(super) add_funds: Hundredths,
}

/// How far the writing pass is with an invoice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    pub(super) line_no: i64,
    pub(super) sum: Hundredths,
    pub(super) taxed: Hundredths,
    pub(super) allocated: i64,
}

impl Invoice {
    /// What was asked for, minor units.
    pub(super) fn gross(&self) -> i64 {
        self.subtotal + self.tax1 + self.tax2
    }

    /// Collects other invoices: neither owed nor turnover of its own.
    pub(super) fn is_mass_pay(&self) -> bool {
        self.lines.count > 0 && self.lines.collecting == self.lines.count
    }

    /// Owed in WHMCS.
    pub(super) fn is_owed(&self) -> bool {
        matches!(
            self.status,
            InvoiceStatus::Unpaid | InvoiceStatus::PaymentPending | InvoiceStatus::Collections
        )
    }

    /// Whether it stands in the books: neither a draft, nor void, nor one that collects others, nor one that asks for
    /// less than nothing.
    pub(super) fn is_booked(&self) -> bool {
        self.gross() >= 0
            && !self.is_mass_pay()
            && !matches!(self.status, InvoiceStatus::Draft | InvoiceStatus::Cancelled)
    }

    /// How much of its payments settles it; the rest went elsewhere.
    pub(super) fn payments_room(&self) -> i64 {
        if !self.is_booked() {
            return 0;
        }
        let kept = if self.is_owed() { self.received - self.refunded } else { self.received };
        kept.min(self.gross() - self.credit_settled()).max(0)
    }

    /// What credit settled; only what is above zero and asked for can be an allocation.
    pub(super) fn credit_settled(&self) -> i64 {
        if self.is_booked() { self.credit.clamp(0, self.gross()) } else { 0 }
    }

    /// The credit that the totals find.
    pub(super) fn credit_counted(&self) -> i64 {
        if self.is_booked() && self.credit > 0 { self.credit_settled() } else { self.credit }
    }

    /// What was called paid and has neither payment nor credit behind it.
    pub(super) fn written_off(&self) -> i64 {
        if !self.is_booked() || self.is_owed() {
            return 0;
        }
        self.gross() - self.credit_settled() - self.payments_room()
    }

    /// Everything that settles it.
    pub(super) fn settled(&self) -> i64 {
        self.credit_settled() + self.payments_room() + self.written_off().max(0)
    }
}

/// All facts.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) context: Context,
    pub(super) small: Small,
    pub(super) clients: BTreeMap<i64, Client>,
    /// Currency key and credit of clients that are left out.
    pub(super) left_out_clients: BTreeMap<i64, (String, Hundredths)>,
    /// Id and type of promotions that are left out.
    pub(super) left_out_promotions: Vec<(i64, String)>,
    /// When a service was asked to be cancelled: at once or with its period.
    pub(super) cancel_requests: BTreeMap<i64, CancelWhen>,
    pub(super) contacts: std::collections::BTreeSet<i64>,
    pub(super) services: BTreeMap<i64, Service>,
    /// Client of services that are left out, for their add-ons.
    pub(super) left_out_services: BTreeMap<i64, i64>,
    pub(super) invoices: BTreeMap<i64, Invoice>,
    /// Lines by invoice until the invoice is known.
    lines: BTreeMap<i64, Lines>,
    /// What came in and went out per invoice as stored, all rows.
    pub(super) stored: BTreeMap<i64, (Hundredths, Hundredths, u32)>,
    pub(super) credit_log: BTreeMap<i64, Hundredths>,
    pub(super) highest_id: i64,
    pub(super) rows: u64,
    pub(super) repaired_texts: u64,
    pub(super) problems: Vec<RowProblem>,
}

/// A value of a row as text, for rows that cannot be read as what they should be.
pub(super) fn cell(row: RowRef<'_>, column: &str) -> String {
    let Some(definition) = row.table().column(column) else { return String::new() };
    let bytes = row.get(column).and_then(bursar_sqldump::Field::as_bytes).unwrap_or_default();
    decode(bytes, &definition.charset).text.into_owned()
}

/// An amount of such a row; zero when it is none.
pub(super) fn amount_cell(row: RowRef<'_>, column: &str) -> Hundredths {
    Hundredths(crate::whmcs::amount::parse_fixed(&cell(row, column), 2).unwrap_or(0))
}

/// An id of such a row; zero when it is none.
pub(super) fn id_cell(row: RowRef<'_>, column: &str) -> i64 {
    cell(row, column).parse().unwrap_or(0)
}

impl Plan {
    /// First pass after the currencies: small tables whole, and who the clients are.
    pub(super) fn read_small(&mut self, row: RowRef<'_>) {
        let table = row.table().name.as_str();
        if !is_core(table) {
            return;
        }
        self.rows += 1;
        self.highest_id = self.highest_id.max(id_cell(row, "id"));
        if !is_small(table) {
            return;
        }
        let Some(reading) = read_any(row, &self.context) else { return };
        self.problems.extend(reading.problems);
        self.repaired_texts += u64::from(reading.repaired_text_count);
        let small = &mut self.small;
        match reading.value {
            Some(LegacyRow::Currency(it)) => small.currencies.push(*it),
            Some(LegacyRow::Tax(it)) => small.taxes.push(*it),
            Some(LegacyRow::Setting(it)) => {
                small.settings.insert(it.name, it.value);
            }
            Some(LegacyRow::ClientGroup(it)) => small.client_groups.push(*it),
            Some(LegacyRow::ProductGroup(it)) => small.product_groups.push(*it),
            Some(LegacyRow::Product(it)) => small.products.push(*it),
            Some(LegacyRow::Addon(it)) => small.addons.push(*it),
            Some(LegacyRow::ConfigGroup(it)) => small.option_groups.push(*it),
            Some(LegacyRow::ConfigLink(it)) => small.option_links.push(*it),
            Some(LegacyRow::ConfigOption(it)) => small.options.push(*it),
            Some(LegacyRow::ConfigOptionValue(it)) => small.values.push(*it),
            Some(LegacyRow::Price(it)) => small.prices.push(*it),
            Some(LegacyRow::Promotion(it)) => small.promotions.push(*it),
            Some(LegacyRow::Client(it)) => {
                self.clients.insert(it.id, Client { currency: it.currency, credit: it.credit });
            }
            Some(LegacyRow::Contact(it)) => {
                self.contacts.insert(it.id);
            }
            Some(LegacyRow::CancelRequest(it)) => {
                if let Some(service) = it.service_id {
                    self.cancel_requests.insert(service, it.when);
                }
            }
            Some(LegacyRow::Hosting(it)) => {
                self.services.insert(it.id, Service { client: it.client_id, cycle: it.cycle });
            }
            None if table == "tblhosting" => {
                self.left_out_services.insert(id_cell(row, "id"), id_cell(row, "userid"));
            }
            None if table == "tblpromotions" => {
                self.left_out_promotions.push((id_cell(row, "id"), cell(row, "type")));
            }
            None if table == "tblclients" => {
                let id = id_cell(row, "currency");
                let key = self.context.currencies.get(&id).map_or(format!("?{id}"), |c| c.code().to_owned());
                self.left_out_clients.insert(id_cell(row, "id"), (key, amount_cell(row, "credit")));
            }
            Some(_) | None => {}
        }
    }

    /// Second pass: what invoices add up to. Clients are known by now.
    pub(super) fn read_money(&mut self, row: RowRef<'_>) {
        match row.table().name.as_str() {
            "tblinvoices" | "tblinvoiceitems" | "tblaccounts" | "tblcredit" => {}
            _ => return,
        }
        let Some(reading) = read_any(row, &self.context) else { return };
        self.repaired_texts += u64::from(reading.repaired_text_count);
        match reading.value {
            Some(LegacyRow::InvoiceItem(it)) => {
                let Some(invoice) = it.invoice_id else { return };
                let lines = self.lines.entry(invoice).or_default();
                lines.count += 1;
                lines.sum += it.amount;
                if it.is_taxed {
                    lines.taxed += it.amount;
                }
                lines.collecting += i64::from(it.kind == "Invoice");
                if it.kind == "AddFunds" {
                    lines.add_funds += it.amount;
                }
            }
            Some(LegacyRow::Transaction(it)) => {
                let Some(invoice) = it.invoice_id else { return };
                let stored = self.stored.entry(invoice).or_default();
                stored.0 += it.received;
                stored.1 += it.refunded;
                stored.2 += 1;
                let Some(client) = it.client_id.and_then(|id| self.clients.get(&id)) else { return };
                // Kept apart from the invoice until it is read; the currency is the payer's.
                let (received, refunded) =
                    (minor(it.received, client.currency), minor(it.refunded, client.currency));
                let known = self.invoices.entry(invoice).or_insert_with(|| unread(client.currency));
                known.received += received;
                known.refunded += refunded;
            }
            Some(LegacyRow::Credit(it)) => {
                if let Some(client) = it.client_id {
                    *self.credit_log.entry(client).or_default() += it.amount;
                }
            }
            Some(LegacyRow::Invoice(it)) => {
                let Some((client, found)) = it.client_id.and_then(|id| Some((id, *self.clients.get(&id)?)))
                else {
                    return;
                };
                let (tax1, tax2) = (minor(it.tax1, found.currency), minor(it.tax2, found.currency));
                let entry = self.invoices.entry(it.id).or_insert_with(|| unread(found.currency));
                *entry = Invoice {
                    client,
                    currency: found.currency,
                    status: it.status,
                    status_text: cell(row, "status").into(),
                    subtotal: subtotal(&it, found.currency, tax1 + tax2),
                    stored_subtotal: it.subtotal,
                    tax1,
                    tax2,
                    credit: minor(it.credit, found.currency),
                    rates: (it.tax1_rate.map_or(0, |r| r.get()), it.tax2_rate.map_or(0, |r| r.get())),
                    ..entry.clone()
                };
            }
            Some(_) | None => {}
        }
    }

    /// After the second pass: forgets invoices that were only named by payments, and joins the lines.
    pub(super) fn finish(&mut self) {
        self.invoices.retain(|_, invoice| invoice.client != 0);
        for (id, lines) in std::mem::take(&mut self.lines) {
            if let Some(invoice) = self.invoices.get_mut(&id) {
                invoice.lines = lines;
                if lines.sum == invoice.stored_subtotal {
                    invoice.rounding = invoice.subtotal - minor(lines.sum, invoice.currency);
                }
            }
        }
    }

    /// Whose a service is, also when it is left out.
    pub(super) fn client_of_service(&self, service: i64) -> Option<i64> {
        match self.services.get(&service) {
            Some(service) => service.client,
            None => self.left_out_services.get(&service).copied(),
        }
    }

    /// The key under which the totals count what belongs to a client.
    pub(super) fn currency_key(&self, client: i64) -> String {
        match self.clients.get(&client) {
            Some(client) => client.currency.code().to_owned(),
            None => self
                .left_out_clients
                .get(&client)
                .map_or_else(|| NO_CLIENT.to_owned(), |(key, _)| key.clone()),
        }
    }
}

/// The subtotal in minor units. Where amounts have to be rounded, what is left to pay and the credit are rounded, because
/// payments were made of them, and the subtotal is what they leave.
fn subtotal(it: &InvoiceRow, currency: Currency, taxes: i64) -> i64 {
    if it.total == it.subtotal + it.tax1 + it.tax2 - it.credit {
        minor(it.total, currency) + minor(it.credit, currency) - taxes
    } else {
        minor(it.subtotal, currency)
    }
}

fn unread(currency: Currency) -> Invoice {
    Invoice {
        client: 0,
        currency,
        status: InvoiceStatus::Draft,
        status_text: "".into(),
        subtotal: 0,
        stored_subtotal: Hundredths::ZERO,
        rounding: 0,
        tax1: 0,
        tax2: 0,
        credit: 0,
        rates: (0, 0),
        lines: Lines::default(),
        received: 0,
        refunded: 0,
        cursor: Cursor::default(),
    }
}

fn is_small(table: &str) -> bool {
    !matches!(
        table,
        "tblinvoices" | "tblinvoiceitems" | "tblaccounts" | "tblcredit" | "tblnotes" | "tblhostingaddons"
    )
}

/// Tables whose ids Bursar keeps.
fn is_core(table: &str) -> bool {
    matches!(
        table,
        "tblaccounts"
            | "tbladdons"
            | "tblclientgroups"
            | "tblclients"
            | "tblconfiguration"
            | "tblcontacts"
            | "tblcredit"
            | "tblcurrencies"
            | "tblhosting"
            | "tblhostingaddons"
            | "tblinvoiceitems"
            | "tblinvoices"
            | "tblnotes"
            | "tblpricing"
            | "tblproductconfiggroups"
            | "tblproductconfiglinks"
            | "tblproductconfigoptions"
            | "tblproductconfigoptionssub"
            | "tblproductgroups"
            | "tblproducts"
            | "tblpromotions"
            | "tbltax"
    )
}
