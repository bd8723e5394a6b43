//! A customer pays: several invoices at once, all of them or a part, from credit, and the rest by one charge.
//!
//! What a form comes to is a pure function of what is open and what credit there is. The customer agrees to its figures,
//! and exactly those are carried out or nothing is. Credit is used at once, in the transaction that starts the charge: a
//! declined card leaves it on the invoices, where the customer put it.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError, Text};
use bursar_i18n::amount;
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_payments::Payment;
use serde_json::json;

use super::charge::{ChargeParts, begin, open_currency, under_way};
use super::credit::apply_credit;
use super::store;
use crate::error::BillError;
use crate::invoices::store::{Document, find_many};

/// Invoices that one payment may be for: more would be a file and not a form.
pub const MOST_INVOICES: usize = 100;

/// What a customer wants to pay, and from what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayWish {
    /// Who pays.
    pub customer: i64,
    /// Open invoices of this customer, in one currency.
    pub invoices: Vec<i64>,
    /// How much in all; everything that is open when nothing is said.
    pub amount: Option<Money>,
    /// Whether credit goes first.
    pub credit: UseCredit,
}

/// Whether the customer's credit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseCredit {
    /// As much as there is and is needed.
    First,
    /// It stays.
    Keep,
}

/// What a wish comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayPlan {
    /// The invoices in the order in which they are paid: what is due first, first.
    pub parts: Vec<PayPart>,
    /// In what.
    pub currency: Currency,
    /// The credit there is.
    pub credit_minor: i64,
    /// What of it is used.
    pub by_credit_minor: i64,
    /// What is charged.
    pub by_charge_minor: i64,
    /// What stays open of these invoices.
    pub stays_minor: i64,
}

/// How one invoice is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayPart {
    /// The invoice.
    pub invoice_id: i64,
    /// Its number.
    pub number: String,
    /// What is open on it.
    pub open_minor: i64,
    /// What credit pays.
    pub by_credit_minor: i64,
    /// What the charge pays.
    pub by_charge_minor: i64,
}

impl PayPart {
    /// What is open on it afterwards.
    pub fn stays_minor(&self) -> i64 {
        self.open_minor - self.by_credit_minor - self.by_charge_minor
    }
}

impl PayPlan {
    /// The figures a customer agrees to, as a form carries them.
    pub fn agreed(&self) -> String {
        format!("{}+{}", self.by_credit_minor, self.by_charge_minor)
    }
}

/// Divides what is to be paid over open amounts in their order: credit first, then the charge.
fn divide(open: &[(i64, String, i64)], wanted_minor: i64, credit_minor: i64) -> Vec<PayPart> {
    let (mut left, mut credit) = (wanted_minor, credit_minor);
    let mut parts = Vec::with_capacity(open.len());
    for (invoice_id, number, open_minor) in open {
        let paid = left.min(*open_minor);
        let by_credit_minor = paid.min(credit);
        left -= paid;
        credit -= by_credit_minor;
        parts.push(PayPart {
            invoice_id: *invoice_id,
            number: number.clone(),
            open_minor: *open_minor,
            by_credit_minor,
            by_charge_minor: paid - by_credit_minor,
        });
    }
    parts
}

/// What a wish comes to now.
///
/// # Errors
/// [`BillError::NotFound`] for an invoice that is not the customer's, [`BillError::Told`] for one that is not open,
/// [`BillError::Invalid`] for an amount of nothing or of more than is open.
pub async fn plan_payment(tx: &mut Tx, wish: &PayWish) -> Result<PayPlan, BillError> {
    let mut ids = wish.invoices.clone();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(told("invoices", "Choose what to pay.", Text::new("billing-pay-choose")));
    }
    if ids.len() > MOST_INVOICES {
        let most = i64::try_from(MOST_INVOICES).unwrap_or(i64::MAX);
        let english = format!("Choose at most {MOST_INVOICES} invoices at once.");
        return Err(told("invoices", english, Text::new("billing-pay-too-many").with("most", most)));
    }
    let mut invoices = find_many(tx, &ids).await?;
    if invoices.len() != ids.len() {
        return Err(BillError::NotFound("invoice"));
    }
    let currency = open_currency(&invoices, wish.customer)?;
    invoices.sort_by_key(|it| (it.due_on, it.id));
    let total = Money::sum(invoices.iter().map(|it| Money::new(it.open_minor(), currency)), currency)?;
    let wanted = wish.amount.unwrap_or(total);
    if wanted.currency() != currency || !wanted.is_positive() || wanted.minor() > total.minor() {
        let english = format!("Enter an amount above zero and at most {total}, which is what is open.");
        let text = Text::new("billing-pay-amount").with("amount", amount(total));
        return Err(told("amount", english, text));
    }
    let credit_minor = store::balance(tx, wish.customer, currency).await?.max(0);
    let usable = match wish.credit {
        UseCredit::First => credit_minor,
        UseCredit::Keep => 0,
    };
    let open: Vec<_> = invoices.iter().map(|it| (it.id, number_of(it), it.open_minor())).collect();
    let parts = divide(&open, wanted.minor(), usable);
    let by_credit_minor = parts.iter().map(|part| part.by_credit_minor).sum();
    let by_charge_minor = parts.iter().map(|part| part.by_charge_minor).sum();
    let stays_minor = total.minor() - wanted.minor();
    Ok(PayPlan { parts, currency, credit_minor, by_credit_minor, by_charge_minor, stays_minor })
}

fn number_of(invoice: &Document) -> String {
    invoice.number.clone().unwrap_or_else(|| invoice.id.to_string())
}

fn told(field: &'static str, english: impl Into<String>, text: Text) -> BillError {
    BillError::Invalid(vec![FieldError::new(field, english).in_words(text)])
}

/// A wish with the figures the customer saw, and the way the rest is charged.
#[derive(Debug, Clone)]
pub struct PayOrder {
    /// What to pay.
    pub wish: PayWish,
    /// [`PayPlan::agreed`] of the plan that was shown.
    pub agreed: String,
    /// A token of the form that was sent: the same token pays once.
    pub form_key: String,
    /// The gateway's id.
    pub gateway: String,
    /// A method of this customer; the vendor's page asks when there is none.
    pub method: Option<i64>,
    /// Where the vendor sends the browser back.
    pub return_url: Option<String>,
}

/// What paying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paying {
    /// What credit paid.
    pub credit_minor: i64,
    /// The charge to drive with [`bursar_payments::run_charge`]; none when credit paid all of it.
    pub payment: Option<Id<Payment>>,
}

/// Carries a payment out exactly as it was agreed to. The same form again does nothing more and says the same; the same
/// charge from another form joins the one under way.
///
/// Checks no permission: the surface has decided who may pay.
///
/// # Errors
/// Those of [`plan_payment`], [`BillError::Changed`] when the figures are not the agreed ones any more, and
/// [`BillError::Told`] while another payment for one of the invoices is under way.
pub async fn pay(cx: &Cx, order: PayOrder) -> Result<Paying, BillError> {
    cx.write(async move |tx: &mut Tx| pay_in(tx, &order).await).await
}

async fn pay_in(tx: &mut Tx, order: &PayOrder) -> Result<Paying, BillError> {
    let now = tx.now();
    let customer = order.wish.customer;
    // Written first: of two at once, one waits here and then finds what the other did.
    if tx.exec(&store::CLAIM_FORM, params![&order.form_key, customer, now]).await? == 0 {
        return of_form(tx, order).await;
    }
    let plan = plan_payment(tx, &order.wish).await?;
    let charged: Vec<(i64, i64)> = plan
        .parts
        .iter()
        .filter(|part| part.by_charge_minor > 0)
        .map(|part| (part.invoice_id, part.by_charge_minor))
        .collect();
    let ids: Vec<i64> = plan.parts.iter().map(|part| part.invoice_id).collect();
    let joined = under_way(tx, &ids, &charged).await?;
    if plan.agreed() != order.agreed {
        return Err(BillError::Changed);
    }
    use_credit(tx, customer, &plan).await?;
    let payment = match joined {
        Some(running) => Some(running),
        None => charge(tx, order, &plan, charged).await?,
    };
    let credit_minor = plan.by_credit_minor;
    tx.exec_one(&store::FINISH_FORM, params![&order.form_key, payment, credit_minor]).await?;
    Ok(Paying { credit_minor, payment })
}

async fn of_form(tx: &mut Tx, order: &PayOrder) -> Result<Paying, BillError> {
    let known = tx
        .query_opt(&store::PAY_FORM, params![&order.form_key, order.wish.customer], |row| {
            Ok(Paying { payment: row.get(0)?, credit_minor: row.get(1)? })
        })
        .await?;
    known.ok_or(BillError::NotFound("form"))
}

async fn use_credit(tx: &mut Tx, customer: i64, plan: &PayPlan) -> Result<(), BillError> {
    if plan.by_credit_minor == 0 {
        return Ok(());
    }
    let ids: Vec<i64> = plan.parts.iter().map(|part| part.invoice_id).collect();
    let invoices = find_many(tx, &ids).await?;
    for part in plan.parts.iter().filter(|part| part.by_credit_minor > 0) {
        let invoice = invoices.iter().find(|it| it.id == part.invoice_id);
        let invoice = invoice.ok_or_else(|| Fault::new("an invoice vanished"))?;
        if apply_credit(tx, invoice, Some(part.by_credit_minor)).await? != part.by_credit_minor {
            return Err(BillError::Changed);
        }
    }
    let subject = format!("customer:{customer}");
    let used = Money::new(plan.by_credit_minor, plan.currency);
    let after = Some(json!({ "amount": used.to_string(), "invoices": ids }));
    let audit = Audit { action: "billing.credit.pay", subject: &subject, before: None, after };
    Ok(bursar_audit::record(tx, audit).await?)
}

async fn charge(
    tx: &mut Tx,
    order: &PayOrder,
    plan: &PayPlan,
    charged: Vec<(i64, i64)>,
) -> Result<Option<Id<Payment>>, BillError> {
    if charged.is_empty() {
        return Ok(None);
    }
    let numbers: Vec<&str> =
        plan.parts.iter().filter(|part| part.by_charge_minor > 0).map(|part| part.number.as_str()).collect();
    let parts = ChargeParts {
        customer: order.wish.customer,
        amount: Money::new(plan.by_charge_minor, plan.currency),
        parts: charged,
        gateway: order.gateway.clone(),
        method: order.method,
        is_present: true,
        return_url: order.return_url.clone(),
        reason: named(&numbers),
    };
    begin(tx, parts).await.map(Some)
}

/// What a statement says of the invoices: the first few by number.
fn named(numbers: &[&str]) -> String {
    const SAID: usize = 3;
    let said = numbers.iter().take(SAID).copied().collect::<Vec<_>>().join(", ");
    match numbers.len().saturating_sub(SAID) {
        0 => said,
        more => format!("{said} +{more}"),
    }
}

/// The charge that is under way for one of these invoices, for the page that offers to go on with it or to withdraw it.
pub async fn running_charge(tx: &mut Tx, invoices: &[i64]) -> Result<Option<Id<Payment>>, Fault> {
    let live = tx.query(&store::LIVE_OF_MANY, params![invoices], |row| row.get::<Id<Payment>>(0)).await?;
    for id in live {
        if bursar_payments::find(tx, id).await?.is_some_and(|payment| !payment.state.is_final()) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Everything that a customer can pay now, what is due first, first; at most [`MOST_INVOICES`].
pub async fn payable_invoices(tx: &mut Tx, customer: i64) -> Result<Vec<i64>, Fault> {
    let most = i64::try_from(MOST_INVOICES).unwrap_or(i64::MAX);
    tx.query(&store::PAYABLE, params![customer, most], |row| row.get(0)).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(minors: &[i64]) -> Vec<(i64, String, i64)> {
        minors.iter().enumerate().map(|(at, minor)| (at as i64 + 1, String::new(), *minor)).collect()
    }

    fn split(minors: &[i64], wanted: i64, credit: i64) -> Vec<(i64, i64, i64)> {
        let parts = divide(&open(minors), wanted, credit);
        parts.iter().map(|part| (part.by_credit_minor, part.by_charge_minor, part.stays_minor())).collect()
    }

    #[test]
    fn credit_goes_first_and_what_is_due_first_is_paid_first() {
        // 60.00 of 25.00, 40.00 and 10.00, with 30.00 of credit: 25.00 and 5.00 from it, 30.00 charged, 15.00 stay.
        let paid = split(&[2_500, 4_000, 1_000], 6_000, 3_000);
        assert_eq!(paid, [(2_500, 0, 0), (500, 3_000, 500), (0, 0, 1_000)]);
        assert_eq!(split(&[2_500], 2_500, 9_000), [(2_500, 0, 0)], "more credit than is owed");
        assert_eq!(split(&[2_500, 100], 2_600, 0), [(0, 2_500, 0), (0, 100, 0)]);
    }

    #[test]
    fn a_statement_names_the_first_few() {
        assert_eq!(named(&["A-1", "A-2"]), "A-1, A-2");
        assert_eq!(named(&["A-1", "A-2", "A-3", "A-4", "A-5"]), "A-1, A-2, A-3 +2");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_credit_charge_and_what_stays(
            minors in proptest::collection::vec(1_i64..1_000_000, 1..20), wanted_ppm in 1_i64..=1_000_000, credit in 0_i64..5_000_000,
        ) {
            let total: i64 = minors.iter().sum();
            let wanted = (total * wanted_ppm / 1_000_000).max(1);
            let parts = divide(&open(&minors), wanted, credit);
            let by_credit: i64 = parts.iter().map(|part| part.by_credit_minor).sum();
            let by_charge: i64 = parts.iter().map(|part| part.by_charge_minor).sum();
            let stays: i64 = parts.iter().map(PayPart::stays_minor).sum();
            prop_assert_eq!(by_credit, credit.min(wanted));
            prop_assert_eq!(by_credit + by_charge, wanted);
            prop_assert_eq!(stays, total - wanted);
            prop_assert!(parts.iter().all(|part| part.by_credit_minor >= 0 && part.by_charge_minor >= 0 && part.stays_minor() >= 0));
        }
    }
}
