//! Charging for invoices: never two charges at once for one invoice, and the job that settles a fresh one.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, Text};
use bursar_gateway::Presence;
use bursar_ids::Id;
use bursar_jobs::JobOutcome;
use bursar_money::{Currency, Money};
use bursar_payments::{NewCharge, Payment, PaymentState, Purpose};
use sha2::{Digest as _, Sha256};

use super::credit::apply_credit;
use super::{delivery, store};
use crate::error::BillError;
use crate::invoices::issue::profile;
use crate::invoices::store::{Document, find, find_many};
use crate::invoices::{DocumentKind, InvoiceState};
use crate::jobs::SettleInvoice;

/// Keys longer than this would not fit a gateway; the ids are hashed then.
const LONGEST_IDS: usize = 120;

/// Who pays what, and how.
#[derive(Debug, Clone)]
pub struct PayRequest {
    /// The customer.
    pub customer: i64,
    /// Open invoices of this customer, in one currency.
    pub invoices: Vec<i64>,
    /// The gateway's id.
    pub gateway: String,
    /// A stored method.
    pub method: Option<i64>,
    /// Whether the customer waits.
    pub is_present: bool,
    /// Where the vendor sends the browser back.
    pub return_url: Option<String>,
    /// For the ledger and the vendor.
    pub reason: String,
}

/// Starts one charge for what is open on some invoices and returns the payment; drive it with
/// [`bursar_payments::run_charge`], or leave it to its job. When the very same invoices already have a charge under way,
/// that one is returned: a second click pays once.
///
/// Checks no permission: the surface has decided who may pay.
pub async fn pay_invoices(cx: &Cx, request: PayRequest) -> Result<Id<Payment>, BillError> {
    cx.write(async move |tx: &mut Tx| start(tx, &request).await).await
}

pub(crate) async fn start(tx: &mut Tx, request: &PayRequest) -> Result<Id<Payment>, BillError> {
    let mut ids = request.invoices.clone();
    ids.sort_unstable();
    ids.dedup();
    let invoices = find_many(tx, &ids).await?;
    if ids.is_empty() || invoices.len() != ids.len() {
        return Err(BillError::NotFound("invoice"));
    }
    let parts: Vec<(i64, i64)> = invoices.iter().map(|d| (d.id, d.open_minor())).collect();
    if let Some(running) = under_way(tx, &ids, &parts).await? {
        return Ok(running);
    }
    let currency = open_currency(&invoices, request.customer)?;
    let amount = Money::sum(parts.iter().map(|(_, minor)| Money::new(*minor, currency)), currency)?;
    let parts = ChargeParts {
        customer: request.customer,
        amount,
        parts,
        gateway: request.gateway.clone(),
        method: request.method,
        is_present: request.is_present,
        return_url: request.return_url.clone(),
        reason: request.reason.clone(),
    };
    begin(tx, parts).await
}

/// One charge and what of it is for which invoice.
#[derive(Debug, Clone)]
pub(crate) struct ChargeParts {
    pub(crate) customer: i64,
    /// The sum of the parts.
    pub(crate) amount: Money,
    /// Invoice ids and minor units, in the order of application. None of them has a charge under way.
    pub(crate) parts: Vec<(i64, i64)>,
    pub(crate) gateway: String,
    pub(crate) method: Option<i64>,
    pub(crate) is_present: bool,
    pub(crate) return_url: Option<String>,
    pub(crate) reason: String,
}

/// Begins a charge under a key that no earlier charge for these invoices had.
pub(crate) async fn begin(tx: &mut Tx, charge: ChargeParts) -> Result<Id<Payment>, BillError> {
    let mut ids: Vec<i64> = charge.parts.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    let mut attempt = 0;
    for id in &ids {
        let seen = tx.query_one(&store::COUNT_CHARGES, params![*id], |row| row.get::<i64>(0)).await?;
        attempt = attempt.max(seen + 1);
    }
    let capture = delivery::capture_of(tx, &charge.parts).await?;
    let payment = bursar_payments::start_charge(
        tx,
        NewCharge {
            customer: charge.customer,
            gateway: charge.gateway,
            amount: charge.amount,
            purpose: Purpose { invoices: charge.parts, reason: charge.reason },
            group_key: group_key(&ids, attempt),
            method: charge.method,
            presence: if charge.is_present { Presence::Present } else { Presence::Absent },
            return_url: charge.return_url,
            capture,
        },
    )
    .await?;
    let now = tx.now();
    for id in ids {
        tx.exec_one(&store::BEGIN_CHARGE, params![payment, id, now]).await?;
    }
    Ok(payment)
}

/// The charge that is under way for exactly these parts of these invoices; refused when one of them is being paid
/// otherwise. A charge that ended, but whose news has not come round yet, no longer counts.
pub(crate) async fn under_way(
    tx: &mut Tx,
    ids: &[i64],
    parts: &[(i64, i64)],
) -> Result<Option<Id<Payment>>, BillError> {
    for id in ids {
        let Some(live) =
            tx.query_opt(&store::LIVE_CHARGE, params![*id], |row| row.get::<Id<Payment>>(0)).await?
        else {
            continue;
        };
        let payment = match bursar_payments::find(tx, live).await? {
            Some(payment) if !payment.state.is_final() => payment,
            Some(payment) if payment.state == PaymentState::Captured => {
                return Err(BillError::told(
                    "This invoice has just been paid; the payment is being applied.",
                    Text::new("billing-refused-just-paid"),
                ));
            }
            _ => {
                tx.exec(&store::END_CHARGE, params![live]).await?;
                continue;
            }
        };
        if sorted(&payment.purpose.invoices) == sorted(parts) {
            return Ok(Some(live));
        }
        return Err(BillError::told(
            "A payment for one of these invoices is already under way. Wait for it, or cancel it first.",
            Text::new("billing-refused-under-way"),
        ));
    }
    Ok(None)
}

fn sorted(parts: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    parts
}

/// The one currency of invoices that are all open and all this customer's.
pub(crate) fn open_currency(invoices: &[Document], customer: i64) -> Result<Currency, BillError> {
    let currency = invoices[0].currency;
    for invoice in invoices {
        if invoice.customer_id != customer || invoice.kind != DocumentKind::Invoice {
            return Err(BillError::NotFound("invoice"));
        }
        if invoice.state != InvoiceState::Open || invoice.open_minor() <= 0 {
            let number = invoice.number.as_deref().unwrap_or("A draft");
            let text = Text::new("billing-refused-not-open").with("number", number);
            return Err(BillError::told(format!("{number} is not open, so there is nothing to pay."), text));
        }
        if invoice.currency != currency {
            return Err(BillError::told(
                "These invoices are in different currencies. Pay those of each currency by themselves.",
                Text::new("billing-refused-currencies"),
            ));
        }
    }
    Ok(currency)
}

/// `inv:12,15:1`, after a decline `inv:12,15:2`: stable per set of invoices and attempt.
fn group_key(ids: &[i64], attempt: i64) -> String {
    let text = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    if text.len() <= LONGEST_IDS {
        return format!("inv:{text}:{attempt}");
    }
    let digest = Sha256::digest(text.as_bytes());
    let short: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("inv:{}+{}-{short}:{attempt}", ids[0], ids.len() - 1)
}

/// The job `billing.settle_invoice`: the customer's credit first, then the stored method they agreed to. Safe to run
/// twice: credit only covers what is open, and an invoice that has ever been charged is left to whoever retries.
pub(crate) async fn settle(cx: Cx, job: SettleInvoice) -> JobOutcome {
    let settled = cx.write(async move |tx: &mut Tx| settle_one(tx, job.invoice_id).await).await;
    match settled {
        Ok(()) => JobOutcome::Done,
        Err(BillError::Fault(fault)) => JobOutcome::from(fault),
        Err(refused) => JobOutcome::Park { why: refused.to_string() },
    }
}

async fn settle_one(tx: &mut Tx, invoice_id: i64) -> Result<(), BillError> {
    let Some(invoice) = open(tx, invoice_id).await? else { return Ok(()) };
    if profile(tx, invoice.customer_id).await?.auto_apply_credit {
        apply_credit(tx, &invoice, None).await?;
    }
    let Some(invoice) = open(tx, invoice_id).await? else { return Ok(()) };
    let seen = tx.query_one(&store::COUNT_CHARGES, params![invoice_id], |row| row.get::<i64>(0)).await?;
    if seen > 0 {
        return Ok(());
    }
    if !bursar_payments::pays_automatically(tx, invoice.customer_id).await? {
        return Ok(());
    }
    let Some(method) = bursar_payments::default_method(tx, invoice.customer_id).await? else { return Ok(()) };
    let request = PayRequest {
        customer: invoice.customer_id,
        invoices: vec![invoice_id],
        gateway: method.gateway,
        method: Some(method.id),
        is_present: false,
        return_url: None,
        reason: invoice.number.clone().unwrap_or_default(),
    };
    start(tx, &request).await.map(drop)
}

async fn open(tx: &mut Tx, invoice_id: i64) -> Result<Option<Document>, Fault> {
    Ok(find(tx, invoice_id).await?.filter(|d| d.state == InvoiceState::Open && d.open_minor() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_group_has_a_stable_name_that_fits_every_gateway() {
        assert_eq!(group_key(&[12, 15], 1), "inv:12,15:1");
        let many: Vec<i64> = (1..=500).collect();
        let key = group_key(&many, 3);
        assert!(key.len() < 100 && key.starts_with("inv:1+499-") && key.ends_with(":3"), "{key}");
        assert_eq!(key, group_key(&many, 3));
        let others: Vec<i64> = (1..=499).chain([501]).collect();
        assert_ne!(key, group_key(&others, 3));
    }
}
