//! The two passes over the dump: every row leaves a few numbers behind. The first learns what there is, the second counts
//! rows that name others.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bursar_sqldump::{DumpError, Field, Place, RowRef, decode, unescape_html_once};
use bursar_time::Date;

use super::figures::{ControlTotals, Counts};
use super::records::{Client, Invoice, Kind, Names, Target};
use crate::spill::{Pages, Repeats, Scratch};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::{Hundredths, parse_fixed};

/// Why no totals can be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TotalsError {
    /// The dump cannot be read.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// A table lacks a column every WHMCS 8 has: this is some other program's table, or another version.
    #[error("{place}: the table has no column {column}; expected a WHMCS 8 database")]
    ColumnMissing {
        /// The row at which it was noticed.
        place: Box<Place>,
        /// Name of the column.
        column: &'static str,
    },
    /// A column that must hold a number does not.
    #[error("{place}, column {column}: expected a number, found {found:?}")]
    NotANumber {
        /// The row.
        place: Box<Place>,
        /// Name of the column.
        column: &'static str,
        /// What it holds.
        found: String,
    },
}

/// Values of a row by column.
struct Cells<'a>(RowRef<'a>);

impl Cells<'_> {
    fn field(&self, column: &'static str) -> Result<Field<'_>, TotalsError> {
        self.0
            .get(column)
            .ok_or_else(|| TotalsError::ColumnMissing { place: Box::new(self.0.place()), column })
    }

    fn text(&self, column: &'static str) -> Result<Cow<'_, str>, TotalsError> {
        let bytes = self.field(column)?.as_bytes().unwrap_or_default();
        if bytes.is_ascii() {
            return Ok(String::from_utf8_lossy(bytes));
        }
        let charset = &self.0.table().column(column).expect("the column has just been read").charset;
        Ok(decode(bytes, charset).text)
    }

    fn fixed(&self, column: &'static str, places: usize) -> Result<i128, TotalsError> {
        let bytes = self.field(column)?.as_bytes().unwrap_or(b"0");
        std::str::from_utf8(bytes).ok().and_then(|text| parse_fixed(text, places)).ok_or_else(|| {
            TotalsError::NotANumber {
                place: Box::new(self.0.place()),
                column,
                found: String::from_utf8_lossy(bytes).into_owned(),
            }
        })
    }

    fn id(&self, column: &'static str) -> Result<i64, TotalsError> {
        let value = self.fixed(column, 0)?;
        Ok(i64::try_from(value).expect("parse_fixed allows 18 digits"))
    }

    fn amount(&self, column: &'static str) -> Result<Hundredths, TotalsError> {
        self.fixed(column, 2).map(Hundredths)
    }

    /// An ISO date, or `None` for WHMCS's three spellings of "no date": NULL, `''` and `0000-00-00`.
    fn date(&self, column: &'static str) -> Result<Option<Cow<'_, str>>, TotalsError> {
        Ok(Some(self.text(column)?).filter(|date| !date.is_empty() && !date.starts_with("0000-00-00")))
    }
}

/// Everything the passes keep.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(super) as_of: String,
    pub(super) totals: ControlTotals,
    pub(super) names: Names,
    pub(super) currencies: BTreeMap<i64, String>,
    pub(super) clients: Pages<Client>,
    pub(super) emails: Repeats,
    pub(super) products: BTreeSet<i64>,
    /// Client of each service.
    pub(super) services: Pages<i64>,
    pub(super) service_products: BTreeMap<i64, u64>,
    pub(super) addons: Pages<()>,
    pub(super) domains: Pages<()>,
    pub(super) upgrades: Pages<()>,
    pub(super) billable_items: Pages<()>,
    pub(super) invoices: Pages<Invoice>,
    pub(super) transaction_numbers: Repeats,
    pub(super) credit_log: Pages<Hundredths>,
    pub(super) cards: Pages<()>,
    pub(super) bank_accounts: Pages<()>,
}

fn count(counts: &mut Counts, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// The value under two keys, the default at first. Keys are made only for what is not there.
pub(super) fn under<'m, T: Default>(
    map: &'m mut BTreeMap<String, BTreeMap<String, T>>,
    first: &str,
    second: &str,
) -> &'m mut T {
    if !map.contains_key(first) {
        map.insert(first.to_owned(), BTreeMap::new());
    }
    let inner = map.get_mut(first).expect("it has just been put there");
    if !inner.contains_key(second) {
        inner.insert(second.to_owned(), T::default());
    }
    inner.get_mut(second).expect("it has just been put there")
}

impl Collected {
    pub(crate) fn new(as_of: Date, scratch: &Scratch) -> Self {
        Self {
            as_of: as_of.to_string(),
            totals: ControlTotals::default(),
            names: Names::default(),
            currencies: BTreeMap::new(),
            clients: Pages::new(scratch),
            emails: Repeats::new(scratch),
            products: BTreeSet::new(),
            services: Pages::new(scratch),
            service_products: BTreeMap::new(),
            addons: Pages::new(scratch),
            domains: Pages::new(scratch),
            upgrades: Pages::new(scratch),
            billable_items: Pages::new(scratch),
            invoices: Pages::new(scratch),
            transaction_numbers: Repeats::new(scratch),
            credit_log: Pages::new(scratch),
            cards: Pages::new(scratch),
            bank_accounts: Pages::new(scratch),
        }
    }

    /// A row of the first pass, which reads every table.
    pub(crate) fn first(&mut self, row: RowRef<'_>) -> Result<(), TotalsError> {
        let row = &Cells(row);
        let table = row.0.table().name.as_str();
        count(&mut self.totals.table_rows, table);
        match table {
            "tblcurrencies" => self.read_currency(row),
            "tblclients" => self.read_client(row),
            "tblproducts" => {
                self.products.insert(row.id("id")?);
                Ok(())
            }
            "tblhosting" => {
                self.services.set(row.id("id")?, row.id("userid")?);
                Ok(())
            }
            "tblhostingaddons" => note_id(&self.addons, row),
            "tbldomains" => note_id(&self.domains, row),
            "tblupgrades" => note_id(&self.upgrades, row),
            "tblbillableitems" => note_id(&self.billable_items, row),
            "tblcreditcards" => note_id(&self.cards, row),
            "tblbankaccts" => note_id(&self.bank_accounts, row),
            "tblinvoices" => self.read_invoice(row),
            "tblcredit" => {
                let (client, amount) = (row.id("clientid")?, row.amount("amount")?);
                self.credit_log.update(client, |sum| *sum += amount);
                Ok(())
            }
            "tblpromotions" => {
                count(&mut self.totals.promotions_by_type, &row.text("type")?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether the second pass counts rows of a table.
    pub(crate) fn is_read_twice(table: &str) -> bool {
        matches!(
            table,
            "tblhosting"
                | "tblhostingaddons"
                | "tbldomains"
                | "tblorders"
                | "tblinvoiceitems"
                | "tblaccounts"
                | "tblpricing"
                | "tblcancelrequests"
                | "tblpaymethods"
        )
    }

    /// A row of the second pass, in which it is known what there is.
    pub(crate) fn second(&mut self, row: RowRef<'_>) -> Result<(), TotalsError> {
        let row = &Cells(row);
        match row.0.table().name.as_str() {
            "tblhosting" => self.read_service(row),
            "tblhostingaddons" => self.read_addon(row),
            "tbldomains" => self.read_domain(row),
            "tblorders" => self.read_order(row),
            "tblinvoiceitems" => self.read_item(row),
            "tblaccounts" => self.read_transaction(row),
            "tblpricing" => {
                let is_known = self.currencies.contains_key(&row.id("currency")?);
                self.totals.defects.pricing_for_missing_currency += u64::from(!is_known);
                Ok(())
            }
            "tblcancelrequests" => {
                count(&mut self.totals.cancelrequests_by_type, &row.text("type")?);
                let is_known = self.services.has(row.id("relid")?);
                self.totals.defects.cancelrequests_without_service += u64::from(!is_known);
                Ok(())
            }
            "tblpaymethods" => self.read_pay_method(row),
            _ => Ok(()),
        }
    }

    fn read_currency(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let code = row.text("code")?.into_owned();
        if row.id("default")? == 1 {
            self.totals.default_currency.clone_from(&code);
        }
        self.currencies.insert(row.id("id")?, code);
        Ok(())
    }

    fn read_client(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        count(&mut self.totals.clients_by_status, &row.text("status")?);
        let client = Client { currency: row.id("currency")?, credit: row.amount("credit")? };
        self.totals.credit_clients_nonzero += u64::from(client.credit != Hundredths::ZERO);
        self.clients.set(row.id("id")?, client);
        let email = row.text("email")?.trim().to_lowercase();
        if email.is_empty() {
            self.totals.defects.clients_without_email += 1;
        } else {
            self.emails.add(&[&email]);
        }
        for column in ["firstname", "lastname", "companyname"] {
            let name = row.text(column)?;
            if unescape_html_once(&name) != name {
                self.totals.defects.text_with_html_entities_in_client_names += 1;
                break;
            }
        }
        Ok(())
    }

    fn read_invoice(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let invoice = Invoice {
            client: row.id("userid")?,
            status: self.names.number(&row.text("status")?),
            is_numbered: !row.text("invoicenum")?.is_empty(),
            subtotal: row.amount("subtotal")?,
            credit: row.amount("credit")?,
            tax: row.amount("tax")?,
            tax2: row.amount("tax2")?,
            total: row.amount("total")?,
            rate: row.fixed("taxrate", 3)?,
            ..Invoice::default()
        };
        self.invoices.set(row.id("id")?, invoice);
        Ok(())
    }

    fn read_service(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (client, product) = (row.id("userid")?, row.id("packageid")?);
        let (status, stored_cycle) = (row.text("domainstatus")?, row.text("billingcycle")?);
        let (due, next_invoice) = (row.date("nextduedate")?, row.date("nextinvoicedate")?);
        *self.service_products.entry(product).or_default() += 1;
        self.totals.defects.services_without_client += u64::from(!self.clients.has(client));
        let cycle = LegacyCycle::parse(&stored_cycle);
        match cycle {
            None => self.totals.defects.services_with_unknown_cycle += 1,
            Some(_) if !LegacyCycle::is_usual_spelling(&stored_cycle) => {
                self.totals.defects.cycles_not_in_usual_spelling += 1;
            }
            Some(_) => {}
        }
        self.totals.nextinvoice_ahead_of_nextdue +=
            u64::from(is_invoiced_ahead(due.as_deref(), next_invoice.as_deref()));
        if is_billed(&status)
            && let Some(months) = cycle.and_then(LegacyCycle::months)
        {
            match &due {
                None => self.totals.defects.recurring_services_without_due_date += 1,
                Some(due) => self.totals.overdue_services += u64::from(**due < *self.as_of),
            }
            self.recurs(
                Kind::Service,
                client,
                (&stored_cycle, months),
                row.amount("amount")?,
                due.as_deref(),
            );
        }
        count(&mut self.totals.services_by_status, &status);
        count(&mut self.totals.services_by_cycle, &stored_cycle);
        Ok(())
    }

    fn read_addon(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (status, stored_cycle) = (row.text("status")?, row.text("billingcycle")?);
        let owner = self.services.get(row.id("hostingid")?);
        self.totals.defects.addons_without_service += u64::from(owner.is_none());
        if is_billed(&status)
            && let Some(months) = LegacyCycle::parse(&stored_cycle).and_then(LegacyCycle::months)
        {
            // Old add-ons name no client: theirs is the service's.
            let client = match row.id("userid")? {
                0 => owner.unwrap_or(0),
                client => client,
            };
            let (amount, due) = (row.amount("recurring")?, row.date("nextduedate")?);
            self.recurs(Kind::Addon, client, (&stored_cycle, months), amount, due.as_deref());
        }
        count(&mut self.totals.addons_by_status, &status);
        Ok(())
    }

    fn read_domain(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let status = row.text("status")?;
        let years = row.id("registrationperiod")?;
        if matches!(&*status, "Active" | "Grace" | "Redemption")
            && let Ok(years @ 1..) = u32::try_from(years)
        {
            let (client, amount, due) =
                (row.id("userid")?, row.amount("recurringamount")?, row.date("nextduedate")?);
            let cycle = format!("{years} year");
            self.recurs(Kind::Domain, client, (&cycle, years.saturating_mul(12)), amount, due.as_deref());
        }
        count(&mut self.totals.domains_by_status, &status);
        Ok(())
    }

    fn read_order(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        count(&mut self.totals.orders_by_status, &row.text("status")?);
        self.totals.defects.orders_without_client += u64::from(!self.clients.has(row.id("userid")?));
        Ok(())
    }

    fn read_item(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (item_type, amount, invoice) = (row.text("type")?, row.amount("amount")?, row.id("invoiceid")?);
        let (id, is_taxed) = (row.id("relid")?, row.id("taxed")? == 1);
        let defects = &mut self.totals.defects;
        defects.negative_items += u64::from(amount < Hundredths::ZERO);
        if let Some(target) = Target::of_item(&item_type) {
            let exists = match target {
                Target::Service => self.services.has(id),
                Target::Addon => self.addons.has(id),
                Target::Domain => self.domains.has(id),
                Target::Upgrade => self.upgrades.has(id),
                Target::BillableItem => self.billable_items.has(id),
                Target::Invoice => self.invoices.has(id),
            };
            defects.items_with_missing_target += u64::from(!exists);
        }
        match self.invoices.get(invoice) {
            None if invoice == 0 => defects.items_not_on_an_invoice += 1,
            None => defects.items_with_missing_invoice += 1,
            Some(mut known) => {
                known.line_count += 1;
                known.line_sum += amount;
                if is_taxed {
                    known.taxed += amount;
                }
                known.mass_pay_count += u64::from(item_type == "Invoice");
                known.has_add_funds |= item_type == "AddFunds";
                self.invoices.set(invoice, known);
            }
        }
        let currency = self.currency_of(row.id("userid")?);
        let name = if item_type.is_empty() { "(none)" } else { &*item_type };
        let figures = under(&mut self.totals.invoice_items_by_currency_type, &currency, name);
        figures.count += 1;
        figures.amount += amount;
        Ok(())
    }

    fn read_transaction(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (client, invoice, number) = (row.id("userid")?, row.id("invoiceid")?, row.text("transid")?);
        let (received, refunded, fees) =
            (row.amount("amountin")?, row.amount("amountout")?, row.amount("fees")?);
        let gateway = row.text("gateway")?;
        let special = &mut self.totals.transactions_special;
        if client == 0 {
            special.without_client += 1;
        } else if invoice == 0 {
            special.with_client_without_invoice += 1;
        }
        special.refunds_linked_by_refundid += u64::from(row.id("refundid")? != 0);
        if !number.is_empty() {
            self.transaction_numbers.add(&[&gateway, &number]);
        }
        match self.invoices.get(invoice) {
            None => self.totals.defects.transactions_with_missing_invoice += u64::from(invoice != 0),
            Some(mut known) => {
                known.payment_count += 1;
                known.received += received;
                known.refunded += refunded;
                self.invoices.set(invoice, known);
            }
        }
        // The row's own currency counts only without a client.
        let currency =
            if client == 0 { self.currency(row.id("currency")?) } else { self.currency_of(client) };
        let figures = under(&mut self.totals.transactions_by_currency_gateway, &currency, &gateway);
        figures.count_in += u64::from(received > Hundredths::ZERO);
        figures.amountin += received;
        figures.count_out += u64::from(refunded > Hundredths::ZERO);
        figures.amountout += refunded;
        figures.fees += fees;
        Ok(())
    }

    fn read_pay_method(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        if row.date("deleted_at")?.is_none() {
            let id = row.id("payment_id")?;
            let exists = if row.text("payment_type")?.contains("Card") {
                self.cards.has(id)
            } else {
                self.bank_accounts.has(id)
            };
            self.totals.defects.paymethods_without_payment_row += u64::from(!exists);
        }
        Ok(())
    }
}

fn note_id(ids: &Pages<()>, row: &Cells<'_>) -> Result<(), TotalsError> {
    ids.set(row.id("id")?, ());
    Ok(())
}

/// States in which a service or add-on is billed again.
pub(crate) fn is_billed(status: &str) -> bool {
    matches!(status, "Active" | "Suspended")
}

/// Whether the next invoice is made already: it is looked for after the day that is due. Dates are ISO.
pub(crate) fn is_invoiced_ahead(due: Option<&str>, next_invoice: Option<&str>) -> bool {
    due.is_some() && next_invoice > due
}
