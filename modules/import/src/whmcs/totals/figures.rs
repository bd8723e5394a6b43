//! The totals themselves, with the names they have in the control file.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::whmcs::amount::{Hundredths, write_fixed};

/// Rows by a stored name.
pub type Counts = BTreeMap<String, u64>;

/// Version of the control file's layout.
pub const FORMAT: &str = "whmcs-control-totals/1";

/// What `recurring_by_kind_currency_cycle` and `mrr_by_kind_currency` count.
pub const RECURRING_DEFINITION: &str = "services and addons Active or Suspended with a recurring cycle; domains Active, \
    Grace or Redemption; MRR = recurring amount / months in cycle, summed exactly then rounded to 4 places; quantity is \
    already inside the amount";

/// The control totals of one WHMCS database. Serialises to the control file's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ControlTotals {
    /// Layout of the file, [`FORMAT`].
    pub format: &'static str,
    /// Day on which something is overdue or not, ISO.
    pub as_of: String,
    /// Code of the base currency, `?` when none is marked.
    pub default_currency: String,
    /// Rows of every table that has any.
    pub table_rows: Counts,
    /// tblclients by status.
    pub clients_by_status: Counts,
    /// tblclients by currency code.
    pub clients_by_currency: Counts,
    /// tblhosting by status.
    pub services_by_status: Counts,
    /// tblhosting by billing cycle as stored.
    pub services_by_cycle: Counts,
    /// tblhosting by product id.
    pub services_by_product: Counts,
    /// tblhostingaddons by status.
    pub addons_by_status: Counts,
    /// tbldomains by status.
    pub domains_by_status: Counts,
    /// tblorders by status.
    pub orders_by_status: Counts,
    /// Invoices by the client's currency and the stored status.
    pub invoices_by_currency_status: BTreeMap<String, BTreeMap<String, InvoiceFigures>>,
    /// Balances of invoices that are exactly `Unpaid`, `Payment Pending` or `Collections`, mass payments left out.
    pub receivable_by_currency_excluding_mass_pay: BTreeMap<String, Hundredths>,
    /// Kinds of invoices that need care.
    pub invoice_special: InvoiceSpecial,
    /// Invoice items by the currency of the client named on the item, and type; `(none)` for items typed by hand.
    pub invoice_items_by_currency_type: BTreeMap<String, BTreeMap<String, ItemFigures>>,
    /// Invoices whose figures contradict each other.
    pub invoice_arithmetic: InvoiceArithmetic,
    /// tblaccounts by the client's currency (its own when it has no client) and gateway.
    pub transactions_by_currency_gateway: BTreeMap<String, BTreeMap<String, GatewayFigures>>,
    /// Kinds of transactions that need care.
    pub transactions_special: TransactionsSpecial,
    /// tblclients.credit.
    pub credit_balance_by_currency: BTreeMap<String, Hundredths>,
    /// tblcredit.
    pub credit_log_sum_by_currency: BTreeMap<String, Hundredths>,
    /// Clients whose credit is not zero.
    pub credit_clients_nonzero: u64,
    /// Ids of clients whose credit is not the sum of their log.
    pub credit_clients_where_balance_differs_from_log: Vec<i64>,
    /// [`RECURRING_DEFINITION`].
    pub recurring_definition: &'static str,
    /// What is billed again and again.
    pub recurring_by_kind_currency_cycle: Kinds<BTreeMap<String, CycleFigures>>,
    /// The same per month.
    pub mrr_by_kind_currency: Kinds<MonthlyRevenue>,
    /// The same by the month of its next due date (`none` without one), then currency.
    pub next_due_by_kind_month_currency: Kinds<BTreeMap<String, DueFigures>>,
    /// Recurring services due before `as_of`.
    pub overdue_services: u64,
    /// Services whose next invoice exists already.
    pub nextinvoice_ahead_of_nextdue: u64,
    /// tblcancelrequests by type.
    pub cancelrequests_by_type: Counts,
    /// tblpromotions by type.
    pub promotions_by_type: Counts,
    /// Broken rows of the kinds old installations have.
    pub defects: Defects,
}

/// A figure for services, add-ons and domains, each by currency or month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Kinds<T> {
    /// tblhostingaddons.
    pub addons: BTreeMap<String, T>,
    /// tbldomains.
    pub domains: BTreeMap<String, T>,
    /// tblhosting.
    pub services: BTreeMap<String, T>,
}

/// Sums over invoices.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InvoiceFigures {
    /// Number of invoices.
    pub count: u64,
    /// Net amount.
    pub subtotal: Hundredths,
    /// Paid with credit.
    pub credit: Hundredths,
    /// First tax.
    pub tax: Hundredths,
    /// Second tax.
    pub tax2: Hundredths,
    /// What was left to pay after credit.
    pub total: Hundredths,
    /// Transactions in.
    pub received: Hundredths,
    /// Transactions out.
    pub refunded: Hundredths,
    /// `total - received + refunded`.
    pub balance: Hundredths,
}

/// Kinds of invoices that need care.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InvoiceSpecial {
    /// Invoices that only collect other invoices.
    pub mass_pay_invoices: u64,
    /// The same by status.
    pub mass_pay_by_status: Counts,
    /// Totals of those that are paid; a currency with only unpaid ones is present with zero.
    pub mass_pay_paid_total_by_currency: BTreeMap<String, Hundredths>,
    /// Invoices with a deposit.
    pub add_funds_invoices: u64,
    /// Invoices with a number of their own.
    pub numbered: u64,
    /// Paid, with something left to pay after credit, and not one transaction.
    pub paid_without_any_transaction_or_credit: u64,
    /// Unpaid with money received.
    pub unpaid_with_part_payment: u64,
    /// More received than owed.
    pub overpaid: u64,
    /// Paid with money given back.
    pub paid_with_partial_refund: u64,
}

/// Sums over invoice items.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ItemFigures {
    /// Number of items.
    pub count: u64,
    /// Sum of amounts, discounts negative.
    pub amount: Hundredths,
}

/// Invoices whose figures contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InvoiceArithmetic {
    /// The subtotal is not the sum of the items.
    pub subtotal_differs_from_items: u64,
    /// The total is not subtotal + tax + tax2 - credit.
    pub total_not_subtotal_plus_tax_minus_credit: u64,
    /// The first tax is more than a cent away from the taxed items times its rate.
    pub tax1_off_by_more_than_one_cent: u64,
}

/// The figures of an invoice that should fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arithmetic {
    /// Net amount.
    pub subtotal: Hundredths,
    /// First tax.
    pub tax1: Hundredths,
    /// Second tax.
    pub tax2: Hundredths,
    /// Paid with credit.
    pub credit: Hundredths,
    /// Left to pay after credit.
    pub total: Hundredths,
    /// What the items add up to.
    pub lines: Hundredths,
    /// What the taxed ones add up to.
    pub taxed: Hundredths,
    /// Rate of the first tax.
    pub rate_ppm: i128,
}

impl InvoiceArithmetic {
    /// Counts one invoice.
    pub fn note(&mut self, it: &Arithmetic) {
        self.subtotal_differs_from_items += u64::from(it.lines != it.subtotal);
        self.total_not_subtotal_plus_tax_minus_credit +=
            u64::from(it.total != it.subtotal + it.tax1 + it.tax2 - it.credit);
        self.tax1_off_by_more_than_one_cent += u64::from(it.is_tax_off());
    }

    /// The counts with their keys.
    pub fn fields(&self) -> [(&'static str, u64); 3] {
        [
            ("subtotal_differs_from_items", self.subtotal_differs_from_items),
            ("total_not_subtotal_plus_tax_minus_credit", self.total_not_subtotal_plus_tax_minus_credit),
            ("tax1_off_by_more_than_one_cent", self.tax1_off_by_more_than_one_cent),
        ]
    }
}

impl Arithmetic {
    fn is_tax_off(&self) -> bool {
        const WHOLE: i128 = 1_000_000;
        (self.taxed.0 * self.rate_ppm - self.tax1.0 * WHOLE).abs() > WHOLE
    }
}

/// Sums over transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct GatewayFigures {
    /// Transactions with money in.
    pub count_in: u64,
    /// Money in.
    pub amountin: Hundredths,
    /// Transactions with money out.
    pub count_out: u64,
    /// Money out.
    pub amountout: Hundredths,
    /// Fees of the gateway.
    pub fees: Hundredths,
}

/// Kinds of transactions that need care.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TransactionsSpecial {
    /// Income or expense of the company itself.
    pub without_client: u64,
    /// A client's money for no invoice, as a deposit.
    pub with_client_without_invoice: u64,
    /// Refunds that name the payment they give back.
    pub refunds_linked_by_refundid: u64,
    /// Pairs of gateway and transaction number that occur more than once.
    pub duplicate_gateway_transid: u64,
}

/// Sums over what recurs, by cycle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CycleFigures {
    /// Number of services, add-ons or domains.
    pub count: u64,
    /// Amount per cycle.
    pub recurring: Hundredths,
}

/// Sums over what falls due in a month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DueFigures {
    /// Number of services, add-ons or domains.
    pub count: u64,
    /// Amount per cycle.
    pub amount: Hundredths,
}

/// Recurring revenue of one month, exact: hundredths times [`MonthlyRevenue::SHARES`], shown with 4 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthlyRevenue(i128);

impl MonthlyRevenue {
    /// Divisible by the months of every cycle and of 1 to 10 years, so that no sum is rounded before its end.
    pub const SHARES: i128 = 30_240;

    /// Adds an amount billed every so many months. False, and nothing added, when that length is none WHMCS sells.
    #[must_use]
    pub fn add(&mut self, amount: Hundredths, months: u32) -> bool {
        let months = i128::from(months);
        let is_sold = months > 0 && Self::SHARES % months == 0;
        if is_sold {
            self.0 += amount.0 * (Self::SHARES / months);
        }
        is_sold
    }
}

impl fmt::Display for MonthlyRevenue {
    /// Rounded half to even to 4 decimals of the main unit, as the control file does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numerator = self.0 * 100;
        let (down, rest) = (numerator.div_euclid(Self::SHARES), numerator.rem_euclid(Self::SHARES));
        let rounds_up = rest * 2 > Self::SHARES || (rest * 2 == Self::SHARES && down % 2 != 0);
        write_fixed(f, down + i128::from(rounds_up), 4)
    }
}

impl Serialize for MonthlyRevenue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Broken rows of the kinds old installations have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Defects {
    /// tblhosting.userid names no client.
    pub services_without_client: u64,
    /// tblhosting.packageid names no product.
    pub services_without_product: u64,
    /// Active or suspended, recurring, and no due date.
    pub recurring_services_without_due_date: u64,
    /// A billing cycle WHMCS does not have.
    pub services_with_unknown_cycle: u64,
    /// A known billing cycle, spelled otherwise.
    pub cycles_not_in_usual_spelling: u64,
    /// tblhostingaddons.hostingid names no service.
    pub addons_without_service: u64,
    /// tblinvoices.userid names no client.
    pub invoices_without_client: u64,
    /// Invoices nothing is on.
    pub invoices_without_items: u64,
    /// A total below zero.
    pub invoices_with_negative_total: u64,
    /// A status WHMCS does not have, or has in other letters.
    pub invoices_with_unknown_status: u64,
    /// Items waiting for an invoice.
    pub items_not_on_an_invoice: u64,
    /// Items of an invoice that does not exist.
    pub items_with_missing_invoice: u64,
    /// Items for a service, add-on, domain … that does not exist.
    pub items_with_missing_target: u64,
    /// Discounts and corrections.
    pub negative_items: u64,
    /// Transactions for an invoice that does not exist.
    pub transactions_with_missing_invoice: u64,
    /// tblorders.userid names no client.
    pub orders_without_client: u64,
    /// Clients with an address another client has too, ignoring case.
    pub clients_sharing_an_email_ignoring_case: u64,
    /// Clients with no address at all.
    pub clients_without_email: u64,
    /// tblclients.currency names no currency.
    pub clients_with_unknown_currency: u64,
    /// tblpricing.currency names no currency.
    pub pricing_for_missing_currency: u64,
    /// tblcancelrequests.relid names no service.
    pub cancelrequests_without_service: u64,
    /// tblpaymethods.payment_id names no card or bank account.
    pub paymethods_without_payment_row: u64,
    /// Clients whose name or company holds HTML entities.
    pub text_with_html_entities_in_client_names: u64,
}
