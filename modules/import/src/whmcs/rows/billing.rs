//! Invoices, transactions, credit and payment methods.

use bursar_money::{Currency, Ppm, Rate};
use bursar_time::Date;
use jiff::civil::DateTime;

use super::{whmcs_names, whmcs_row};
use crate::whmcs::amount::Hundredths;

whmcs_names! {
    /// State of an invoice. Part-paid and overdue are not stored.
    InvoiceStatus {
        /// Not published.
        Draft = "Draft",
        /// Owed, perhaps in part.
        Unpaid = "Unpaid",
        /// Money announced and not settled; owed.
        PaymentPending = "Payment Pending",
        /// Paid, perhaps without a transaction.
        Paid = "Paid",
        /// Not owed; may carry payments.
        Cancelled = "Cancelled",
        /// Given back in full.
        Refunded = "Refunded",
        /// Owed, handed to collection.
        Collections = "Collections",
    }
}

/// What an invoice is before its row is read.
impl Default for InvoiceStatus {
    fn default() -> Self {
        Self::Draft
    }
}

whmcs_row! {
    /// An invoice. `total = subtotal + tax + tax2 - credit`: what was left to pay by transaction.
    InvoiceRow = "tblinvoices" {
        /// Id, which is its number when it has none.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// Number of its own, or `''`.
        number: String = text("invoicenum"),
        /// Issued.
        issued_on: Option<Date> = date("date"),
        /// Due.
        due_on: Option<Date> = date("duedate"),
        /// Paid.
        paid_at: Option<DateTime> = moment("datepaid"),
        /// Refunded.
        refunded_at: Option<DateTime> = moment("date_refunded"),
        /// Cancelled.
        cancelled_at: Option<DateTime> = moment("date_cancelled"),
        /// Net amount.
        subtotal: Hundredths = amount("subtotal"),
        /// Paid with credit.
        credit: Hundredths = amount("credit"),
        /// First tax.
        tax1: Hundredths = amount("tax"),
        /// Second tax.
        tax2: Hundredths = amount("tax2"),
        /// Left to pay by transaction.
        total: Hundredths = amount("total"),
        /// Rate of the first tax, unless it is impossible.
        tax1_rate: Option<Ppm> = stated_percent("taxrate"),
        /// Rate of the second tax, unless it is impossible.
        tax2_rate: Option<Ppm> = stated_percent("taxrate2"),
        /// State.
        status: InvoiceStatus = named("status"),
        /// Gateway.
        gateway: String = raw_text("paymentmethod"),
        /// Printed notes.
        notes: String = text("notes"),
    }
}

whmcs_row! {
    /// A line of an invoice.
    InvoiceItemRow = "tblinvoiceitems" {
        /// Id.
        id: i64 = id("id"),
        /// Invoice; `None` while waiting for the next one.
        invoice_id: Option<i64> = link("invoiceid"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// `Hosting`, `Addon`, `AddFunds`, … or a module's own; `''` when typed by hand.
        kind: String = raw_text("type"),
        /// What it is for, in the table the kind names.
        of_id: i64 = number("relid"),
        /// Text, of several lines.
        description: String = text("description"),
        /// Amount, negative for discounts.
        amount: Hundredths = amount("amount"),
        /// Taxed.
        is_taxed: bool = flag("taxed"),
        /// Due date of the period billed: which period the line covers.
        period_due_on: Option<Date> = date("duedate"),
    }
}

whmcs_row! {
    /// Money in or out.
    TransactionRow = "tblaccounts" {
        /// Id.
        id: i64 = id("id"),
        /// Client; `None` for income or expense of the company.
        client_id: Option<i64> = link("userid"),
        /// Set only without a client.
        currency: Option<Currency> = currency_or_none("currency"),
        /// Gateway.
        gateway: String = raw_text("gateway"),
        /// When.
        at: Option<DateTime> = moment("date"),
        /// Description.
        description: String = text("description"),
        /// In.
        received: Hundredths = amount("amountin"),
        /// Fee of the gateway.
        fee: Hundredths = amount("fees"),
        /// Out.
        refunded: Hundredths = amount("amountout"),
        /// Exchange rate to the base currency, unless it is impossible.
        rate: Option<Rate> = stated_rate("rate"),
        /// The gateway's number; neither unique nor always present.
        reference: String = text("transid"),
        /// Invoice; `None` for a deposit.
        invoice_id: Option<i64> = link("invoiceid"),
        /// The transaction this one gives back.
        refunds_id: Option<i64> = link("refundid"),
    }
}

whmcs_row! {
    /// A change of a client's credit.
    CreditRow = "tblcredit" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("clientid"),
        /// When.
        on: Option<Date> = date("date"),
        /// Why, in the language of the installation.
        description: String = text("description"),
        /// Given above 0, used or removed below.
        amount: Hundredths = amount("amount"),
    }
}

whmcs_row! {
    /// Something billed by hand.
    BillableItemRow = "tblbillableitems" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// Description.
        description: String = text("description"),
        /// Amount.
        amount: Hundredths = amount("amount"),
        /// Every so many of `recur_unit`, 0 for once.
        recur_every: i64 = count("recur"),
        /// `Days`, `Weeks`, `Months`, `Years`.
        recur_unit: String = raw_text("recurcycle"),
        /// So often, 0 for ever.
        recur_limit: i64 = count("recurfor"),
        /// 0 not, 1 at the next run, 2 with the next invoice, 3 on its date, 4 again and again.
        invoice_action: i64 = number("invoiceaction"),
        /// Due.
        due_on: Option<Date> = date("duedate"),
        /// Times invoiced.
        invoice_count: i64 = count("invoicecount"),
    }
}

whmcs_row! {
    /// A stored way to pay. What it holds is encrypted in another table.
    PayMethodRow = "tblpaymethods" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// Name given by the client.
        description: String = text("description"),
        /// Row in tblcreditcards or tblbankaccts.
        payment_id: Option<i64> = link("payment_id"),
        /// `RemoteCreditCard`, `BankAccount`, …: which of the two.
        payment_kind: String = raw_text("payment_type"),
        /// Gateway.
        gateway: String = raw_text("gateway_name"),
        /// The lowest is the default.
        order: i64 = number("order_preference"),
        /// Deleted by the client.
        deleted_at: Option<DateTime> = moment("deleted_at"),
    }
}

whmcs_row! {
    /// A card behind a stored way to pay.
    CreditCardRow = "tblcreditcards" {
        /// Id.
        id: i64 = id("id"),
        /// `Visa`.
        brand: String = text("card_type"),
        /// Last digits.
        last_four: String = raw_text("last_four"),
        /// Until when it is good.
        expires: Option<DateTime> = moment("expiry_date"),
        /// Its token, encrypted.
        data: String = raw_text("card_data"),
    }
}

whmcs_row! {
    /// A bank account behind a stored way to pay.
    BankAccountRow = "tblbankaccts" {
        /// Id.
        id: i64 = id("id"),
        /// Name of the bank.
        bank: String = text("bank_name"),
        /// Its token, encrypted.
        data: String = raw_text("bank_data"),
    }
}

whmcs_row! {
    /// A setting of a gateway.
    PaymentGatewayRow = "tblpaymentgateways" {
        /// Id.
        id: i64 = id("id"),
        /// Gateway.
        gateway: String = raw_text("gateway"),
        /// Name of the setting; `name` and `visible` are every gateway's.
        setting: String = raw_text("setting"),
        /// Value, encrypted when secret.
        value: String = text("value"),
    }
}
