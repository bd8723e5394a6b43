//! The pass over the dump: every row leaves a few numbers behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use bursar_sqldump::{DumpError, Event, Field, Place, Reader, RowRef, decode, unescape_html_once};
use bursar_time::Date;

use super::figures::{ControlTotals, Counts, GatewayFigures, ItemFigures};
use super::records::{Client, Invoice, Kind, Lines, Names, Payments, Recurring, Target};
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

/// Adds up a dump. `progress` is called now and then with the bytes of the file read so far.
///
/// # Errors
/// When the dump is damaged, or a table of the core lacks a column or holds something else than a number in one.
pub fn control_totals<R: Read>(
    dump: R,
    as_of: Date,
    mut progress: impl FnMut(u64),
) -> Result<ControlTotals, TotalsError> {
    /// Rows between two reports, so that reporting costs nothing.
    const REPORT_ROWS: u64 = 4096;
    let mut reader = Reader::open(dump)?;
    let mut collected = Collected { as_of: as_of.to_string(), ..Collected::default() };
    let mut row_count: u64 = 0;
    loop {
        match reader.next_event()? {
            Some(Event::Row(row)) => collected.row(&Cells(row))?,
            Some(Event::Table(_)) => continue,
            Some(Event::Done) | None => break,
        }
        row_count += 1;
        if row_count.is_multiple_of(REPORT_ROWS) {
            progress(reader.progress());
        }
    }
    progress(reader.progress());
    Ok(collected.finish())
}

/// Values of a row by column.
struct Cells<'a>(RowRef<'a>);

impl Cells<'_> {
    fn field(&self, column: &'static str) -> Result<Field<'_>, TotalsError> {
        self.0
            .get(column)
            .ok_or_else(|| TotalsError::ColumnMissing { place: Box::new(self.0.place()), column })
    }

    fn text(&self, column: &'static str) -> Result<String, TotalsError> {
        let bytes = self.field(column)?.as_bytes().unwrap_or_default();
        let charset = &self.0.table().column(column).expect("the column has just been read").charset;
        Ok(decode(bytes, charset).text.into_owned())
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
    fn date(&self, column: &'static str) -> Result<Option<String>, TotalsError> {
        Ok(Some(self.text(column)?).filter(|date| !date.is_empty() && !date.starts_with("0000-00-00")))
    }
}

/// Everything the pass keeps.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) as_of: String,
    pub(super) totals: ControlTotals,
    pub(super) names: Names,
    pub(super) currencies: BTreeMap<i64, String>,
    pub(super) clients: BTreeMap<i64, Client>,
    pub(super) email_counts: BTreeMap<String, u64>,
    pub(super) products: BTreeSet<i64>,
    /// Client of each service.
    pub(super) services: BTreeMap<i64, i64>,
    pub(super) service_products: BTreeMap<i64, u64>,
    pub(super) addon_services: Vec<i64>,
    pub(super) order_clients: BTreeMap<i64, u64>,
    pub(super) recurring: Vec<Recurring>,
    pub(super) invoices: BTreeMap<i64, Invoice>,
    pub(super) lines: BTreeMap<i64, Lines>,
    /// Items by client and type.
    pub(super) items: BTreeMap<(i64, u32), ItemFigures>,
    pub(super) targets: BTreeMap<Target, BTreeSet<i64>>,
    pub(super) aims: BTreeMap<(Target, i64), u64>,
    pub(super) payments: BTreeMap<i64, Payments>,
    /// Transactions by client, own currency and gateway.
    pub(super) transactions: BTreeMap<(i64, i64, u32), GatewayFigures>,
    pub(super) transaction_numbers: BTreeMap<(u32, String), bool>,
    pub(super) credit_log: BTreeMap<i64, Hundredths>,
    pub(super) price_currencies: BTreeMap<i64, u64>,
    pub(super) cancel_services: Vec<i64>,
    pub(super) cards: BTreeSet<i64>,
    pub(super) bank_accounts: BTreeSet<i64>,
    /// Payment row and whether it is a card.
    pub(super) payment_rows: Vec<(i64, bool)>,
}

fn count(counts: &mut Counts, name: String) {
    *counts.entry(name).or_default() += 1;
}

impl Collected {
    fn row(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let table = row.0.table().name.as_str();
        match self.totals.table_rows.get_mut(table) {
            Some(count) => *count += 1,
            None => {
                self.totals.table_rows.insert(table.to_owned(), 1);
            }
        }
        match table {
            "tblcurrencies" => self.read_currency(row),
            "tblclients" => self.read_client(row),
            "tblproducts" => self.id_into(row, |it| &mut it.products),
            "tblhosting" => self.read_service(row),
            "tblhostingaddons" => self.read_addon(row),
            "tbldomains" => self.read_domain(row),
            "tblorders" => self.read_order(row),
            "tblinvoices" => self.read_invoice(row),
            "tblinvoiceitems" => self.read_item(row),
            "tblupgrades" => self.id_into(row, |it| it.targets.entry(Target::Upgrade).or_default()),
            "tblbillableitems" => self.id_into(row, |it| it.targets.entry(Target::BillableItem).or_default()),
            "tblaccounts" => self.read_transaction(row),
            "tblcredit" => self.read_credit(row),
            "tblpricing" => {
                *self.price_currencies.entry(row.id("currency")?).or_default() += 1;
                Ok(())
            }
            "tblcancelrequests" => {
                count(&mut self.totals.cancelrequests_by_type, row.text("type")?);
                self.cancel_services.push(row.id("relid")?);
                Ok(())
            }
            "tblpromotions" => {
                count(&mut self.totals.promotions_by_type, row.text("type")?);
                Ok(())
            }
            "tblcreditcards" => self.id_into(row, |it| &mut it.cards),
            "tblbankaccts" => self.id_into(row, |it| &mut it.bank_accounts),
            "tblpaymethods" => self.read_pay_method(row),
            _ => Ok(()),
        }
    }

    fn id_into(
        &mut self,
        row: &Cells<'_>,
        ids: impl FnOnce(&mut Self) -> &mut BTreeSet<i64>,
    ) -> Result<(), TotalsError> {
        let id = row.id("id")?;
        ids(self).insert(id);
        Ok(())
    }

    fn read_currency(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let code = row.text("code")?;
        if row.id("default")? == 1 {
            self.totals.default_currency.clone_from(&code);
        }
        self.currencies.insert(row.id("id")?, code);
        Ok(())
    }

    fn read_client(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        count(&mut self.totals.clients_by_status, row.text("status")?);
        let client = Client { currency: row.id("currency")?, credit: row.amount("credit")? };
        self.totals.credit_clients_nonzero += u64::from(client.credit != Hundredths::ZERO);
        self.clients.insert(row.id("id")?, client);
        let email = row.text("email")?.trim().to_lowercase();
        if email.is_empty() {
            self.totals.defects.clients_without_email += 1;
        } else {
            *self.email_counts.entry(email).or_default() += 1;
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

    fn read_service(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (id, client, product) = (row.id("id")?, row.id("userid")?, row.id("packageid")?);
        let (status, stored_cycle) = (row.text("domainstatus")?, row.text("billingcycle")?);
        let (due, next_invoice) = (row.date("nextduedate")?, row.date("nextinvoicedate")?);
        self.services.insert(id, client);
        *self.service_products.entry(product).or_default() += 1;
        self.targets.entry(Target::Service).or_default().insert(id);
        let cycle = LegacyCycle::parse(&stored_cycle);
        match cycle {
            None => self.totals.defects.services_with_unknown_cycle += 1,
            Some(_) if !LegacyCycle::is_usual_spelling(&stored_cycle) => {
                self.totals.defects.cycles_not_in_usual_spelling += 1;
            }
            Some(_) => {}
        }
        if due.is_some() && next_invoice > due {
            self.totals.nextinvoice_ahead_of_nextdue += 1;
        }
        if is_billed(&status)
            && let Some(months) = cycle.and_then(LegacyCycle::months)
        {
            match &due {
                None => self.totals.defects.recurring_services_without_due_date += 1,
                Some(due) => self.totals.overdue_services += u64::from(*due < self.as_of),
            }
            let recurring =
                self.new_recurring(Kind::Service, client, &stored_cycle, months, row.amount("amount")?, due);
            self.recurring.push(recurring);
        }
        count(&mut self.totals.services_by_status, status);
        count(&mut self.totals.services_by_cycle, stored_cycle);
        Ok(())
    }

    fn read_addon(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (status, stored_cycle, service) =
            (row.text("status")?, row.text("billingcycle")?, row.id("hostingid")?);
        self.addon_services.push(service);
        self.targets.entry(Target::Addon).or_default().insert(row.id("id")?);
        if is_billed(&status)
            && let Some(months) = LegacyCycle::parse(&stored_cycle).and_then(LegacyCycle::months)
        {
            let (client, amount, due) =
                (row.id("userid")?, row.amount("recurring")?, row.date("nextduedate")?);
            let recurring = self.new_recurring(Kind::Addon, client, &stored_cycle, months, amount, due);
            self.recurring.push(Recurring { service, ..recurring });
        }
        count(&mut self.totals.addons_by_status, status);
        Ok(())
    }

    fn read_domain(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let status = row.text("status")?;
        self.targets.entry(Target::Domain).or_default().insert(row.id("id")?);
        let years = row.id("registrationperiod")?;
        if matches!(status.as_str(), "Active" | "Grace" | "Redemption")
            && let Ok(years @ 1..) = u32::try_from(years)
        {
            let (client, amount, due) =
                (row.id("userid")?, row.amount("recurringamount")?, row.date("nextduedate")?);
            let cycle = format!("{years} year");
            let recurring =
                self.new_recurring(Kind::Domain, client, &cycle, years.saturating_mul(12), amount, due);
            self.recurring.push(recurring);
        }
        count(&mut self.totals.domains_by_status, status);
        Ok(())
    }

    fn new_recurring(
        &mut self,
        kind: Kind,
        client: i64,
        cycle: &str,
        months: u32,
        amount: Hundredths,
        due: Option<String>,
    ) -> Recurring {
        let cycle = self.names.number(cycle.to_owned());
        let month = due.as_deref().map_or("none", |due| due.get(..7).unwrap_or(due)).to_owned();
        Recurring { kind, client, service: 0, cycle, months, amount, due_month: self.names.number(month) }
    }

    fn read_order(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        count(&mut self.totals.orders_by_status, row.text("status")?);
        *self.order_clients.entry(row.id("userid")?).or_default() += 1;
        Ok(())
    }

    fn read_invoice(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let invoice = Invoice {
            client: row.id("userid")?,
            status: self.names.number(row.text("status")?),
            is_numbered: !row.text("invoicenum")?.is_empty(),
            subtotal: row.amount("subtotal")?,
            credit: row.amount("credit")?,
            tax: row.amount("tax")?,
            tax2: row.amount("tax2")?,
            total: row.amount("total")?,
            rate: row.fixed("taxrate", 3)?,
        };
        self.invoices.insert(row.id("id")?, invoice);
        Ok(())
    }

    fn read_item(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (item_type, amount, invoice) = (row.text("type")?, row.amount("amount")?, row.id("invoiceid")?);
        self.totals.defects.negative_items += u64::from(amount < Hundredths::ZERO);
        if let Some(target) = Target::of_item(&item_type) {
            *self.aims.entry((target, row.id("relid")?)).or_default() += 1;
        }
        let lines = self.lines.entry(invoice).or_default();
        lines.count += 1;
        lines.sum += amount;
        if row.id("taxed")? == 1 {
            lines.taxed += amount;
        }
        lines.mass_pay_count += u64::from(item_type == "Invoice");
        lines.has_add_funds |= item_type == "AddFunds";
        let name = if item_type.is_empty() { "(none)".to_owned() } else { item_type };
        let figures = self.items.entry((row.id("userid")?, self.names.number(name))).or_default();
        figures.count += 1;
        figures.amount += amount;
        Ok(())
    }

    fn read_transaction(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        let (client, invoice, number) = (row.id("userid")?, row.id("invoiceid")?, row.text("transid")?);
        let (received, refunded) = (row.amount("amountin")?, row.amount("amountout")?);
        let gateway = self.names.number(row.text("gateway")?);
        let special = &mut self.totals.transactions_special;
        if client == 0 {
            special.without_client += 1;
        } else if invoice == 0 {
            special.with_client_without_invoice += 1;
        }
        special.refunds_linked_by_refundid += u64::from(row.id("refundid")? != 0);
        if !number.is_empty() {
            self.transaction_numbers
                .entry((gateway, number))
                .and_modify(|repeats| *repeats = true)
                .or_insert(false);
        }
        let payments = self.payments.entry(invoice).or_default();
        payments.count += 1;
        payments.received += received;
        payments.refunded += refunded;
        // The row's own currency counts only without a client.
        let currency = if client == 0 { row.id("currency")? } else { 0 };
        let figures = self.transactions.entry((client, currency, gateway)).or_default();
        figures.count_in += u64::from(received > Hundredths::ZERO);
        figures.amountin += received;
        figures.count_out += u64::from(refunded > Hundredths::ZERO);
        figures.amountout += refunded;
        figures.fees += row.amount("fees")?;
        Ok(())
    }

    fn read_credit(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        *self.credit_log.entry(row.id("clientid")?).or_default() += row.amount("amount")?;
        Ok(())
    }

    fn read_pay_method(&mut self, row: &Cells<'_>) -> Result<(), TotalsError> {
        if row.date("deleted_at")?.is_none() {
            let is_card = row.text("payment_type")?.contains("Card");
            self.payment_rows.push((row.id("payment_id")?, is_card));
        }
        Ok(())
    }
}

/// States in which a service or add-on is billed again.
fn is_billed(status: &str) -> bool {
    matches!(status, "Active" | "Suspended")
}
