//! The money core's control totals, computed from Bursar's own tables, under the keys of the dump's totals.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_payments::Purpose;
use bursar_time::{Cycle, Date};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::documents::{LegacyInvoice, LegacyLine};
use super::figures::hundredths;
use super::plan::Paid;
use super::services::LegacyService;
use super::store;
use crate::spill::{Pages, Scratch, record};
use crate::whmcs::amount::Hundredths;
use crate::whmcs::totals::{
    Arithmetic, CycleFigures, DueFigures, GatewayFigures, InvoiceArithmetic, InvoiceFigures, InvoiceSpecial,
    ItemFigures, Kinds, MonthlyRevenue, RECURRING_DEFINITION, TransactionsSpecial, is_billed,
};

/// The keys of the dump's totals that the money core covers.
const CORE: &[&str] = &[
    "clients_by_status",
    "clients_by_currency",
    "services_by_status",
    "services_by_cycle",
    "services_by_product",
    "addons_by_status",
    "invoices_by_currency_status",
    "receivable_by_currency_excluding_mass_pay",
    "invoice_special",
    "invoice_items_by_currency_type",
    "invoice_arithmetic",
    "transactions_by_currency_gateway",
    "transactions_special",
    "credit_balance_by_currency",
    "credit_log_sum_by_currency",
    "credit_clients_nonzero",
    "credit_clients_where_balance_differs_from_log",
    "recurring_definition",
    "recurring_by_kind_currency_cycle",
    "mrr_by_kind_currency",
    "next_due_by_kind_month_currency",
    "overdue_services",
    "nextinvoice_ahead_of_nextdue",
    "promotions_by_type",
];

/// The part of the dump's totals that is compared: no domains, which another import brings.
pub(super) fn core_of(totals: &Value) -> Value {
    let mut core = Map::new();
    for key in CORE {
        let mut value = totals.get(*key).cloned().unwrap_or(Value::Null);
        if let Value::Object(kinds) = &mut value
            && key.contains("by_kind")
        {
            kinds.retain(|kind, _| kind != "domains");
        }
        core.insert((*key).to_owned(), value);
    }
    Value::Object(core)
}

type Money2 = BTreeMap<String, Hundredths>;

#[derive(Default)]
struct Figures {
    counts: BTreeMap<&'static str, BTreeMap<String, u64>>,
    invoices: BTreeMap<String, BTreeMap<String, InvoiceFigures>>,
    receivable: Money2,
    special: InvoiceSpecial,
    items: BTreeMap<String, BTreeMap<String, ItemFigures>>,
    gateways: BTreeMap<String, BTreeMap<String, GatewayFigures>>,
    credit: Money2,
    credit_log: Money2,
    credit_nonzero: i64,
    credit_adjusted: Vec<i64>,
    recurring: Kinds<BTreeMap<String, CycleFigures>>,
    mrr: Kinds<MonthlyRevenue>,
    due: Kinds<BTreeMap<String, DueFigures>>,
    overdue: u64,
    ahead: u64,
    arithmetic: InvoiceArithmetic,
    transactions: TransactionsSpecial,
}

/// What other tables say of invoices.
struct ByInvoice {
    paid: Pages<Paid>,
    lines: Pages<LineSums>,
}

record! {
    /// What an invoice's lines come to, minor units.
    struct LineSums {
        net: i64,
        taxed: i64,
        tax1_ppm: i64,
    }
}

/// Reads every table of the money core once, as things stand on a day.
pub(super) async fn bursar_totals(cx: &Cx, as_of: Date, scratch: &Scratch) -> Result<Value, Fault> {
    let scratch = scratch.clone();
    cx.read(async move |tx: &mut Tx| {
        let mut figures = Figures::default();
        let by_invoice = ByInvoice { paid: Pages::new(&scratch), lines: Pages::new(&scratch) };
        figures.customers(tx).await?;
        figures.subscriptions(tx, as_of).await?;
        figures.payments(tx, &by_invoice.paid).await?;
        figures.transactions(tx).await?;
        tx.query_each(&store::LINE_SUMS, params![], |row| {
            let sums = LineSums { net: row.get(1)?, taxed: row.get(2)?, tax1_ppm: row.get(3)? };
            by_invoice.lines.set(row.get(0)?, sums);
            Ok(())
        })
        .await?;
        figures.invoices(tx, &by_invoice).await?;
        figures.lines(tx).await?;
        figures.credit(tx).await?;
        figures.coupons(tx).await?;
        Ok::<_, Fault>(figures.json())
    })
    .await
}

fn legacy<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T, Fault> {
    serde_json::from_str(row.text(at)?)
        .map_err(|e| Fault::wrap("what the old system said of a row cannot be read", e))
}

fn of_kind<'k, T>(kinds: &'k mut Kinds<T>, kind: &str) -> &'k mut BTreeMap<String, T> {
    if kind == "addons" { &mut kinds.addons } else { &mut kinds.services }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Figures {
    fn count(&mut self, of: &'static str, name: impl Into<String>, n: u64) {
        *self.counts.entry(of).or_default().entry(name.into()).or_default() += n;
    }

    async fn customers(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        tx.query_each(&store::CUSTOMERS, params![], |row| {
            let n = row.get::<i64>(2)?.unsigned_abs();
            self.count("clients_by_status", capital(row.text(0)?), n);
            self.count("clients_by_currency", row.text(1)?, n);
            Ok(())
        })
        .await
    }

    async fn subscriptions(&mut self, tx: &mut Tx, as_of: Date) -> Result<(), Fault> {
        tx.query_each(&store::SUBSCRIPTIONS, params![], |row| {
            let currency: Currency = row.get(1)?;
            let cycle = Cycle::parse(row.text(2)?).map_err(|e| Fault::wrap("a stored cycle", e))?;
            let old: LegacyService = legacy(row, 4)?;
            let amount = hundredths(row.get(5)?, currency);
            if old.kind == "addons" {
                self.count("addons_by_status", old.status.clone(), 1);
            } else {
                self.count("services_by_status", old.status.clone(), 1);
                self.count("services_by_cycle", old.cycle.clone(), 1);
                let product = row.get::<Option<i64>>(3)?.unwrap_or(0);
                self.count("services_by_product", product.to_string(), 1);
                let due = old.next_due_on;
                self.ahead += u64::from(due.is_some() && old.next_invoice_on > due);
                let recurs = is_billed(&old.status) && cycle.months().is_some();
                self.overdue += u64::from(recurs && due.is_some_and(|on| on < as_of));
            }
            let Some(months) = cycle.months() else { return Ok(()) };
            if !is_billed(&old.status) {
                return Ok(());
            }
            let code = currency.code().to_owned();
            let recurring = of_kind(&mut self.recurring, &old.kind).entry(code.clone()).or_default();
            let recurring = recurring.entry(old.cycle).or_default();
            recurring.count += 1;
            recurring.recurring += amount;
            let _is_sold =
                of_kind(&mut self.mrr, &old.kind).entry(code.clone()).or_default().add(amount, months);
            let month = old.next_due_on.map_or("none".to_owned(), |on| on.to_string()[..7].to_owned());
            let due = of_kind(&mut self.due, &old.kind).entry(month).or_default().entry(code).or_default();
            due.count += 1;
            due.amount += amount;
            Ok(())
        })
        .await
    }

    async fn payments(&mut self, tx: &mut Tx, paid: &Pages<Paid>) -> Result<(), Fault> {
        tx.query_each(&store::PAYMENTS, params![], |row| {
            let currency: Currency = row.get(1)?;
            let (amount, fee) = (hundredths(row.get(2)?, currency), hundredths(row.get(3)?, currency));
            let gateways = self.gateways.entry(currency.code().to_owned()).or_default();
            let figures = gateways.entry(row.get(0)?).or_default();
            figures.count_in += 1;
            figures.amountin += amount;
            figures.fees += fee;
            let purpose: Purpose = legacy(row, 4)?;
            match purpose.invoices.first() {
                None => self.transactions.with_client_without_invoice += 1,
                Some((invoice, _)) => {
                    paid.update(*invoice, |paid| {
                        paid.received += amount;
                        paid.count += 1;
                    });
                }
            }
            Ok(())
        })
        .await?;
        tx.query_each(&store::REFUNDS, params![], |row| {
            let currency: Currency = row.get(1)?;
            let gateways = self.gateways.entry(currency.code().to_owned()).or_default();
            let figures = gateways.entry(row.get(0)?).or_default();
            figures.count_out += row.get::<i64>(2)?.unsigned_abs();
            figures.amountout += hundredths(row.get(3)?, currency);
            Ok(())
        })
        .await?;
        tx.query_each(&store::REFUNDED, params![], |row| {
            let refunded = hundredths(row.get(2)?, row.get(1)?);
            paid.update(row.get(0)?, |paid| {
                paid.refunded += refunded;
                paid.count += 1;
            });
            Ok(())
        })
        .await
    }

    async fn transactions(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        let count = |row: &Row<'_>| Ok(row.get::<i64>(0)?.unsigned_abs());
        let special = &mut self.transactions;
        special.duplicate_gateway_transid = tx.query_one(&store::REPEATED_NUMBERS, params![], count).await?;
        special.refunds_linked_by_refundid = tx.query_one(&store::LINKED_REFUNDS, params![], count).await?;
        special.with_client_without_invoice += tx.query_one(&store::LONE_REFUNDS, params![], count).await?;
        Ok(())
    }

    async fn invoices(&mut self, tx: &mut Tx, by_invoice: &ByInvoice) -> Result<(), Fault> {
        tx.query_each(&store::INVOICES, params![], |row| {
            let currency: Currency = row.get(2)?;
            let of = |at: usize| -> Result<Hundredths, Fault> { Ok(hundredths(row.get(at)?, currency)) };
            let old: LegacyInvoice = legacy(row, 8)?;
            let is_settled = matches!(row.text(1)?, "open" | "paid");
            let credit = if is_settled && old.credit_minor > 0 {
                of(9)?
            } else {
                hundredths(old.credit_minor, currency)
            };
            let total = of(6)? - credit;
            let id: i64 = row.get(0)?;
            let Paid { received, refunded, count: payments } = by_invoice.paid.get(id).unwrap_or_default();
            let balance = total - received + refunded;
            let code = currency.code();
            let statuses = self.invoices.entry(code.to_owned()).or_default();
            let figures = statuses.entry(old.status.clone()).or_default();
            figures.count += 1;
            figures.subtotal += of(3)?;
            figures.tax += of(4)?;
            figures.tax2 += of(5)?;
            figures.credit += credit;
            figures.total += total;
            figures.received += received;
            figures.refunded += refunded;
            figures.balance += balance;
            if row.text(1)? == "open" {
                *self.receivable.entry(code.to_owned()).or_default() += of(6)? - of(7)?;
            }
            special(&mut self.special, &old, code, total, (received, refunded, payments));
            let lines = by_invoice.lines.get(id).unwrap_or_default();
            self.arithmetic.note(&Arithmetic {
                subtotal: of(3)?,
                tax1: of(4)?,
                tax2: of(5)?,
                credit: Hundredths::ZERO,
                total: of(6)?,
                lines: hundredths(lines.net, currency),
                taxed: hundredths(lines.taxed, currency),
                rate_ppm: lines.tax1_ppm.into(),
            });
            Ok(())
        })
        .await
    }

    async fn lines(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        tx.query_each(&store::LINES, params![], |row| {
            let currency: Currency = row.get(0)?;
            let old: LegacyLine = legacy(row, 1)?;
            let name = if old.kind.is_empty() { "(none)".to_owned() } else { old.kind };
            let figures = self.items.entry(currency.code().to_owned()).or_default().entry(name).or_default();
            figures.count += row.get::<i64>(2)?.unsigned_abs();
            figures.amount += hundredths(row.get(3)?, currency);
            Ok(())
        })
        .await
    }

    async fn credit(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        tx.query_each(&store::CREDIT, params![], |row| {
            let currency: Currency = row.get(0)?;
            self.credit.insert(currency.code().to_owned(), hundredths(row.get(1)?, currency));
            self.credit_nonzero += row.get::<i64>(2)?;
            Ok(())
        })
        .await?;
        tx.query_each(&store::CREDIT_LOG, params![], |row| {
            let currency: Currency = row.get(0)?;
            self.credit_log.insert(currency.code().to_owned(), hundredths(row.get(1)?, currency));
            Ok(())
        })
        .await?;
        self.credit_adjusted = tx.query(&store::CREDIT_ADJUSTED, params![], |row| row.get(0)).await?;
        Ok(())
    }

    async fn coupons(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        tx.query_each(&store::COUPONS, params![], |row| {
            let name = match row.text(0)? {
                "percent" => "Percentage",
                "fixed" => "Fixed Amount",
                "price_override" => "Price Override",
                "free_setup" => "Free Setup",
                other => other,
            };
            self.count("promotions_by_type", name, row.get::<i64>(1)?.unsigned_abs());
            Ok(())
        })
        .await
    }

    fn json(self) -> Value {
        let counts = |name: &str| self.counts.get(name).map_or_else(|| json!({}), |c| json!(c));
        json!({
            "clients_by_status": counts("clients_by_status"),
            "clients_by_currency": counts("clients_by_currency"),
            "services_by_status": counts("services_by_status"),
            "services_by_cycle": counts("services_by_cycle"),
            "services_by_product": counts("services_by_product"),
            "addons_by_status": counts("addons_by_status"),
            "invoices_by_currency_status": self.invoices,
            "receivable_by_currency_excluding_mass_pay": self.receivable,
            "invoice_special": self.special,
            "invoice_items_by_currency_type": self.items,
            "invoice_arithmetic": self.arithmetic,
            "transactions_by_currency_gateway": self.gateways,
            "transactions_special": self.transactions,
            "credit_balance_by_currency": self.credit,
            "credit_log_sum_by_currency": self.credit_log,
            "credit_clients_nonzero": self.credit_nonzero,
            "credit_clients_where_balance_differs_from_log": self.credit_adjusted,
            "recurring_definition": RECURRING_DEFINITION,
            "recurring_by_kind_currency_cycle":
                {"services": self.recurring.services, "addons": self.recurring.addons},
            "mrr_by_kind_currency": {"services": self.mrr.services, "addons": self.mrr.addons},
            "next_due_by_kind_month_currency": {"services": self.due.services, "addons": self.due.addons},
            "overdue_services": self.overdue,
            "nextinvoice_ahead_of_nextdue": self.ahead,
            "promotions_by_type": counts("promotions_by_type"),
        })
    }
}

/// The counts of unusual invoices, told as the dump's totals tell them.
fn special(
    special: &mut InvoiceSpecial,
    old: &LegacyInvoice,
    currency: &str,
    total: Hundredths,
    (received, refunded, payments): (Hundredths, Hundredths, u64),
) {
    if old.mass_pay {
        special.mass_pay_invoices += 1;
        *special.mass_pay_by_status.entry(old.status.clone()).or_default() += 1;
        *special.mass_pay_paid_total_by_currency.entry(currency.to_owned()).or_default() +=
            if old.status == "Paid" { total } else { Hundredths::ZERO };
    }
    special.add_funds_invoices += u64::from(old.add_funds);
    special.numbered += u64::from(!old.number.is_empty());
    let mut counted = Special::default();
    counted.note(&old.status, total, (received, refunded, payments));
    special.paid_without_any_transaction_or_credit += counted.paid_without_any_transaction_or_credit;
    special.unpaid_with_part_payment += counted.unpaid_with_part_payment;
    special.overpaid += counted.overpaid;
    special.paid_with_partial_refund += counted.paid_with_partial_refund;
}

/// How an invoice counts among the unusual ones, by its money alone.
#[derive(Default)]
pub(super) struct Special {
    paid_without_any_transaction_or_credit: u64,
    unpaid_with_part_payment: u64,
    overpaid: u64,
    paid_with_partial_refund: u64,
}

impl Special {
    /// Counts one, as the dump's totals count.
    pub(super) fn note(
        &mut self,
        status: &str,
        total: Hundredths,
        (received, refunded, payments): (Hundredths, Hundredths, u64),
    ) {
        let zero = Hundredths::ZERO;
        let balance = total - received + refunded;
        let (is_paid, is_unpaid) = (status == "Paid", status == "Unpaid");
        self.paid_without_any_transaction_or_credit += u64::from(is_paid && total > zero && payments == 0);
        self.unpaid_with_part_payment += u64::from(is_unpaid && received > zero);
        self.overpaid += u64::from(balance < zero && received > zero);
        self.paid_with_partial_refund += u64::from(is_paid && refunded > zero);
    }

    /// The counts with their keys.
    pub(super) fn fields(&self) -> [(&'static str, u64); 4] {
        [
            ("paid_without_any_transaction_or_credit", self.paid_without_any_transaction_or_credit),
            ("unpaid_with_part_payment", self.unpaid_with_part_payment),
            ("overpaid", self.overpaid),
            ("paid_with_partial_refund", self.paid_with_partial_refund),
        ]
    }
}
