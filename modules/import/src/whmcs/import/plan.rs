//! What must be known of all rows before the first one is written: small facts by id, never texts of big tables. What
//! grows with the business lies in [`Pages`], so that memory does not.

use std::collections::BTreeMap;

use bursar_money::Currency;
use bursar_sqldump::{RowRef, decode};

use super::figures::minor;
use crate::spill::{Pages, Record, Repeats, Scratch, record};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{
    AddonRow, CancelWhen, ClientGroupRow, ConfigGroupRow, ConfigLinkRow, ConfigOptionRow,
    ConfigOptionValueRow, Context, CurrencyRow, InvoiceRow, InvoiceStatus, LegacyRow, Named as _, PriceRow,
    ProductGroupRow, ProductRow, PromotionRow, RowProblem, TaxRow, TransactionRow, read_any, read_row,
};
use crate::whmcs::totals::Names;

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

record! {
    /// The same as it is kept, with the id of the currency in WHMCS.
    pub(super) struct StoredClient {
        currency_id: i64,
        credit: Hundredths,
    }
}

record! {
    /// What is needed of a service by its add-ons and lines.
    pub(super) struct Service {
        /// 0 for none.
        pub(super) client: i64,
        /// 0 for none.
        pub(super) product: i64,
        pub(super) cycle: LegacyCycle,
    }
}

record! {
    /// An invoice, as far as its lines and payments need it.
    pub(super) struct Invoice {
        /// 0 while only its lines and payments are known.
        pub(super) client: i64,
        currency_id: i64,
        pub(super) status: InvoiceStatus,
        /// As stored, among the plan's names.
        pub(super) status_name: u32,
        pub(super) subtotal: i64,
        /// Figures as stored.
        pub(super) stored: StoredFigures,
        pub(super) tax1: i64,
        pub(super) tax2: i64,
        pub(super) credit: i64,
        pub(super) tax1_ppm: i64,
        pub(super) tax2_ppm: i64,
        pub(super) lines: Lines,
        /// Payments and refunds that are taken over, minor units.
        pub(super) received: i64,
        pub(super) refunded: i64,
        /// What came in and went out as stored, all rows.
        pub(super) paid: Paid,
        pub(super) cursor: Cursor,
    }
}

record! {
    /// Figures of an invoice as stored.
    pub(super) struct StoredFigures {
        pub(super) subtotal: Hundredths,
        pub(super) tax1: Hundredths,
        pub(super) tax2: Hundredths,
        pub(super) credit: Hundredths,
        pub(super) total: Hundredths,
        pub(super) tax1_ppm: i64,
    }
}

record! {
    /// What the lines of an invoice add up to.
    pub(super) struct Lines {
        pub(super) count: i64,
        pub(super) sum: Hundredths,
        pub(super) taxed: Hundredths,
        pub(super) collecting: i64,
        pub(super) add_funds: Hundredths,
    }
}

record! {
    /// What the transactions of an invoice add up to, as stored.
    pub(super) struct Paid {
        pub(super) received: Hundredths,
        pub(super) refunded: Hundredths,
        pub(super) count: u64,
    }
}

record! {
    /// How far the writing pass is with an invoice.
    pub(super) struct Cursor {
        pub(super) line_no: i64,
        pub(super) sum: Hundredths,
        pub(super) taxed: Hundredths,
        pub(super) allocated: i64,
        /// What was written, and what of it is taxed; minor units.
        pub(super) net: i64,
        pub(super) taxed_net: i64,
    }
}

record! {
    /// What a payment that is taken over has left to give back; minor units.
    struct Refundable {
        currency_id: i64,
        left: i64,
    }
}

impl Record for InvoiceStatus {
    const SIZE: usize = 1;

    fn put(self, out: &mut [u8]) {
        out[0] = self as u8;
    }

    fn take(bytes: &[u8]) -> Self {
        InvoiceStatus::NAMES
            .iter()
            .map(|(_, status)| *status)
            .find(|it| *it as u8 == bytes[0])
            .unwrap_or_default()
    }
}

impl Record for LegacyCycle {
    const SIZE: usize = 1;

    fn put(self, out: &mut [u8]) {
        out[0] = self.number();
    }

    fn take(bytes: &[u8]) -> Self {
        Self::of_number(bytes[0])
    }
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
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) context: Context,
    /// Codes of currencies as stored, also of those that are none.
    currency_codes: BTreeMap<i64, String>,
    pub(super) small: Small,
    pub(super) clients: Pages<StoredClient>,
    /// Currency and credit of clients that are left out.
    pub(super) left_out_clients: Pages<StoredClient>,
    /// Id and type of promotions that are left out.
    pub(super) left_out_promotions: Vec<(i64, String)>,
    /// When a service was asked to be cancelled: 1 at once, 0 with its period.
    cancel_requests: Pages<bool>,
    pub(super) contacts: Pages<()>,
    /// Logins that are taken over.
    pub(super) users: Pages<()>,
    /// Logins are rows of their own: WHMCS 8.
    pub(super) has_users: bool,
    pub(super) services: Pages<Service>,
    /// Client of services that are left out, for their add-ons.
    left_out_services: Pages<i64>,
    invoices: Pages<Invoice>,
    refundable: Pages<Refundable>,
    pub(super) credit_log: Pages<Hundredths>,
    /// Names of statuses.
    pub(super) names: Names,
    /// Transaction numbers of every row, and of those that are taken over.
    pub(super) numbers: Repeats,
    pub(super) kept_numbers: Repeats,
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
    row.get(column)
        .and_then(bursar_sqldump::Field::as_bytes)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

impl Plan {
    pub(super) fn new(scratch: &Scratch) -> Self {
        Self {
            context: Context::default(),
            currency_codes: BTreeMap::new(),
            small: Small::default(),
            clients: Pages::new(scratch),
            left_out_clients: Pages::new(scratch),
            left_out_promotions: Vec::new(),
            cancel_requests: Pages::new(scratch),
            contacts: Pages::new(scratch),
            users: Pages::new(scratch),
            has_users: false,
            services: Pages::new(scratch),
            left_out_services: Pages::new(scratch),
            invoices: Pages::new(scratch),
            refundable: Pages::new(scratch),
            credit_log: Pages::new(scratch),
            names: Names::default(),
            numbers: Repeats::new(scratch),
            kept_numbers: Repeats::new(scratch),
            highest_id: 0,
            rows: 0,
            repaired_texts: 0,
            problems: Vec::new(),
        }
    }

    /// The first reading of every row: how many there are, and which ids are taken.
    pub(super) fn survey(&mut self, row: RowRef<'_>) {
        if is_core(&row.table().name) {
            self.rows += 1;
            self.has_users |= row.table().name == "tblusers";
            self.highest_id = self.highest_id.max(id_cell(row, "id"));
        }
    }

    /// Currencies, in which everything else is.
    pub(super) fn read_currency(&mut self, row: RowRef<'_>) {
        self.currency_codes.insert(id_cell(row, "id"), cell(row, "code"));
        if let Some(currency) = read_row::<CurrencyRow>(row, &Context::default()).value {
            self.context.currencies.insert(currency.id, currency.code);
        }
    }

    /// Then small tables whole, and who the clients are.
    pub(super) fn read_small(&mut self, row: RowRef<'_>) {
        let table = row.table().name.as_str();
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
                let currency_id = id_cell(row, "currency");
                self.clients.set(it.id, StoredClient { currency_id, credit: it.credit });
            }
            Some(LegacyRow::Contact(it)) => self.contacts.set(it.id, ()),
            Some(LegacyRow::CancelRequest(it)) => {
                if let Some(service) = it.service_id {
                    self.cancel_requests.set(service, it.when == CancelWhen::Immediate);
                }
            }
            Some(LegacyRow::Hosting(it)) => {
                let (client, product) = (it.client_id.unwrap_or(0), it.product_id.unwrap_or(0));
                self.services.set(it.id, Service { client, product, cycle: it.cycle });
            }
            None if table == "tblhosting" => {
                self.left_out_services.set(id_cell(row, "id"), id_cell(row, "userid"));
            }
            None if table == "tblpromotions" => {
                self.left_out_promotions.push((id_cell(row, "id"), cell(row, "type")));
            }
            None if table == "tblclients" => {
                let left_out = StoredClient {
                    currency_id: id_cell(row, "currency"),
                    credit: amount_cell(row, "credit"),
                };
                self.left_out_clients.set(id_cell(row, "id"), left_out);
            }
            Some(_) | None => {}
        }
    }

    /// Then what invoices add up to. Clients are known by now.
    pub(super) fn read_money(&mut self, row: RowRef<'_>) {
        if !is_money(&row.table().name) {
            return;
        }
        let Some(reading) = read_any(row, &self.context) else { return };
        self.repaired_texts += u64::from(reading.repaired_text_count);
        match reading.value {
            Some(LegacyRow::InvoiceItem(it)) => {
                let Some(invoice) = it.invoice_id else { return };
                self.invoices.update(invoice, |known| {
                    let lines = &mut known.lines;
                    lines.count += 1;
                    lines.sum += it.amount;
                    if it.is_taxed {
                        lines.taxed += it.amount;
                    }
                    lines.collecting += i64::from(it.kind == "Invoice");
                    if it.kind == "AddFunds" {
                        lines.add_funds += it.amount;
                    }
                });
            }
            Some(LegacyRow::Transaction(it)) => self.read_transaction(&it),
            Some(LegacyRow::Credit(it)) => {
                if let Some(client) = it.client_id {
                    self.credit_log.update(client, |sum| *sum += it.amount);
                }
            }
            Some(LegacyRow::Invoice(it)) => self.read_invoice(row, &it),
            Some(_) | None => {}
        }
    }

    fn read_transaction(&mut self, it: &TransactionRow) {
        let payer = it.client_id.and_then(|id| self.clients.get(id));
        let currency = payer.and_then(|payer| self.context.currencies.get(&payer.currency_id)).copied();
        let (received, refunded) =
            currency.map_or((0, 0), |currency| (minor(it.received, currency), minor(it.refunded, currency)));
        if let Some(payer) = payer.filter(|_| received > 0 && !has_negative(it)) {
            self.refundable.set(it.id, Refundable { currency_id: payer.currency_id, left: received });
        }
        let Some(invoice) = it.invoice_id else { return };
        self.invoices.update(invoice, |known| {
            known.paid.received += it.received;
            known.paid.refunded += it.refunded;
            known.paid.count += 1;
            known.received += received;
            known.refunded += refunded;
        });
    }

    fn read_invoice(&mut self, row: RowRef<'_>, it: &InvoiceRow) {
        let stored = StoredFigures {
            subtotal: it.subtotal,
            tax1: it.tax1,
            tax2: it.tax2,
            credit: it.credit,
            total: it.total,
            tax1_ppm: stated_ppm(&cell(row, "taxrate")),
        };
        let status_name = self.names.number(&cell(row, "status"));
        let owner = it.client_id.and_then(|id| Some((id, self.clients.get(id)?)));
        let currency = owner.and_then(|(_, owner)| self.context.currencies.get(&owner.currency_id)).copied();
        self.invoices.update(it.id, |known| {
            known.stored = stored;
            known.status_name = status_name;
            let Some(((client, owner), currency)) = owner.zip(currency) else { return };
            known.client = client;
            known.currency_id = owner.currency_id;
            known.status = it.status;
            known.tax1 = minor(it.tax1, currency);
            known.tax2 = minor(it.tax2, currency);
            known.subtotal = subtotal(it, currency, known.tax1 + known.tax2);
            known.credit = minor(it.credit, currency);
            known.tax1_ppm = it.tax1_rate.map_or(0, |rate| rate.get());
            known.tax2_ppm = it.tax2_rate.map_or(0, |rate| rate.get());
        });
    }

    /// A client that is taken over.
    pub(super) fn client(&self, id: i64) -> Option<Client> {
        let stored = self.clients.get(id)?;
        let currency = *self.context.currencies.get(&stored.currency_id)?;
        Some(Client { currency, credit: stored.credit })
    }

    /// The currency of a client that is taken over.
    pub(super) fn currency_of(&self, client: i64) -> Currency {
        self.client(client).expect("its client was looked for before").currency
    }

    /// An invoice that is taken over.
    pub(super) fn invoice(&self, id: i64) -> Option<Invoice> {
        self.invoices.get(id).filter(|invoice| invoice.client != 0)
    }

    /// What is known of an invoice, be it taken over, left out, or only named.
    pub(super) fn named_invoice(&self, id: i64) -> Invoice {
        self.invoices.get(id).unwrap_or_default()
    }

    /// Notes how far the writing is with an invoice.
    pub(super) fn set_cursor(&self, id: i64, cursor: Cursor) {
        self.invoices.update(id, |known| known.cursor = cursor);
    }

    /// Every invoice that is taken over.
    pub(super) fn each_invoice(&self, mut each: impl FnMut(i64, &Invoice)) {
        self.invoices.each(|id, invoice| {
            if invoice.client != 0 {
                each(id, &invoice);
            }
        });
    }

    /// The currency of an invoice that is taken over.
    pub(super) fn invoice_currency(&self, invoice: &Invoice) -> Currency {
        self.context.currencies[&invoice.currency_id]
    }

    /// What rounding leaves between the lines and the subtotal; the last line takes it.
    pub(super) fn rounding(&self, invoice: &Invoice) -> i64 {
        let lines = invoice.lines;
        if lines.count > 0 && lines.sum == invoice.stored.subtotal {
            invoice.subtotal - minor(lines.sum, self.invoice_currency(invoice))
        } else {
            0
        }
    }

    /// Takes a refund off the payment it gives back, if that payment is there and has as much left.
    pub(super) fn refund(&self, payment: i64, client: i64, amount: i64) -> bool {
        let currency = self.clients.get(client).map(|client| client.currency_id);
        let Some(mut found) = self.refundable.get(payment) else { return false };
        if Some(found.currency_id) != currency || found.left < amount {
            return false;
        }
        found.left -= amount;
        self.refundable.set(payment, found);
        true
    }

    /// When a service was asked to be cancelled.
    pub(super) fn cancel_request(&self, service: i64) -> Option<CancelWhen> {
        let is_immediate = self.cancel_requests.get(service)?;
        Some(if is_immediate { CancelWhen::Immediate } else { CancelWhen::EndOfPeriod })
    }

    /// Whose a service is, also when it is left out.
    pub(super) fn client_of_service(&self, service: i64) -> Option<i64> {
        match self.services.get(service) {
            Some(service) => Some(service.client).filter(|id| *id != 0),
            None => self.left_out_services.get(service),
        }
    }

    /// The key under which the totals count what belongs to a client.
    pub(super) fn currency_key(&self, client: i64) -> String {
        match self.clients.get(client).or_else(|| self.left_out_clients.get(client)) {
            Some(client) => self.key_of_currency(client.currency_id),
            None => NO_CLIENT.to_owned(),
        }
    }

    /// The key of a currency itself.
    pub(super) fn key_of_currency(&self, id: i64) -> String {
        self.currency_codes.get(&id).cloned().unwrap_or_else(|| format!("?{id}"))
    }

    /// Clients that are left out, with the key of their currency and their credit.
    pub(super) fn each_left_out_client(&self, mut each: impl FnMut(i64, String, Hundredths)) {
        self.left_out_clients
            .each(|id, client| each(id, self.key_of_currency(client.currency_id), client.credit));
    }

    /// Clients that are taken over.
    pub(super) fn each_client(&self, mut each: impl FnMut(i64, Client)) {
        self.clients.each(|id, _| {
            if let Some(client) = self.client(id) {
                each(id, client);
            }
        });
    }
}

/// A rate as stored, also one that cannot be right.
pub(super) fn stated_ppm(percent: &str) -> i64 {
    let thousandths = crate::whmcs::amount::parse_fixed(percent, 3).and_then(|rate| i64::try_from(rate).ok());
    thousandths.and_then(|rate| rate.checked_mul(10)).unwrap_or(0)
}

/// An amount that cannot be below zero is, so that the row is left out.
pub(super) fn has_negative(it: &TransactionRow) -> bool {
    [it.received, it.refunded, it.fee].into_iter().any(|amount| amount < Hundredths::ZERO)
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

/// Tables read before money, and those of which facts are kept.
pub(super) fn is_small(table: &str) -> bool {
    matches!(
        table,
        "tbladdons"
            | "tblcancelrequests"
            | "tblclientgroups"
            | "tblclients"
            | "tblconfiguration"
            | "tblcontacts"
            | "tblcurrencies"
            | "tblhosting"
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

/// Tables of documents and money.
pub(super) fn is_money(table: &str) -> bool {
    matches!(table, "tblinvoices" | "tblinvoiceitems" | "tblaccounts" | "tblcredit")
}

/// Tables whose rows are written after the clients.
pub(super) fn is_after_clients(table: &str) -> bool {
    is_money(table)
        || matches!(
            table,
            "tblbankaccts"
                | "tblcontacts"
                | "tblcreditcards"
                | "tblhosting"
                | "tblhostingaddons"
                | "tblnotes"
        )
}

/// The money core: tables whose rows Bursar takes over, most with their ids.
fn is_core(table: &str) -> bool {
    matches!(
        table,
        "tblaccounts"
            | "tbladdons"
            | "tblcancelrequests"
            | "tblclientgroups"
            | "tblclients"
            | "tblconfiguration"
            | "tblcontacts"
            | "tblcredit"
            | "tblcurrencies"
            | "tblhosting"
            | "tblhostingaddons"
            | "tblhostingconfigoptions"
            | "tblinvoiceitems"
            | "tblinvoices"
            | "tblnotes"
            | "tblpaymethods"
            | "tblpricing"
            | "tblproductconfiggroups"
            | "tblproductconfiglinks"
            | "tblproductconfigoptions"
            | "tblproductconfigoptionssub"
            | "tblproductgroups"
            | "tblproducts"
            | "tblpromotions"
            | "tbltax"
            | "tblusers"
            | "tblusers_clients"
    )
}
