//! What customers are told about their money. Each mail is written in the transaction of the subscriber that hears of
//! the fact, so that it is written exactly once; documents are attached by id and typeset when the mail is sent.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_app::Registry;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::Presence;
use bursar_i18n::{Locale, amount};
use bursar_ids::Id;
use bursar_mail::{Attached, AttachmentSource, MailTemplate};
use bursar_messaging::notices::{Audience, NewNotice, raise};
use bursar_messaging::{AttachmentRef, Mail, Recipient, post, public_address};
use bursar_money::{Currency, Money};
use bursar_payments::{PaymentCaptured, PaymentFailed, PaymentHeld, PaymentState, Purpose, RefundSettled};
use bursar_time::Instant;
use bursar_web::{NoticeKind, Severity};
use serde_json::{Value, json};

use crate::error::BillError;
use crate::events::{CreditNoteIssued, InvoiceIssued, InvoiceOverdue};
use crate::invoices::store::{Document, find, find_many};
use crate::invoices::{DocumentKind, InvoiceState};
use crate::pages::{Pages, paper};
use crate::permissions;
use crate::settle::is_held;

const ISSUED: &str = "billing.invoice_issued";
const OVERDUE: &str = "billing.invoice_overdue";
const RECEIVED: &str = "billing.payment_received";
const FAILED: &str = "billing.payment_failed";
const HELD: &str = "billing.payment_held";
const RELEASED: &str = "billing.payment_released";
const CREDIT_NOTE: &str = "billing.credit_note_issued";
const REFUND: &str = "billing.refund_sent";
/// The same in the bell of who may see invoices.
const OVERDUE_NOTICE: NoticeKind = NoticeKind::customer(
    OVERDUE,
    "billing-notice-overdue-kind",
    "billing-notice-overdue",
    permissions::PORTAL_INVOICE_VIEW,
)
.values(&["number", "amount"])
.severity(Severity::Warning);
/// Invoices and credit notes as PDF.
const DOCUMENT: &str = "billing.document";

/// The mails with their subscribers, and the documents on them.
pub(crate) fn register(registry: &mut Registry, pages: Pages) {
    for template in TEMPLATES {
        registry.mail(*template);
    }
    registry.notice(OVERDUE_NOTICE);
    registry.attachments(DOCUMENT, Arc::new(Documents(pages)));
    registry.on("billing.mail_invoice", on_issued);
    registry.on("billing.mail_overdue", on_overdue);
    registry.on("billing.mail_receipt", on_captured);
    registry.on("billing.mail_failure", on_failed);
    registry.on("billing.mail_hold", on_held);
    registry.on("billing.mail_credit_note", on_credit_note);
    registry.on("billing.mail_refund", on_refund);
}

/// Documents, typeset when they are asked for.
struct Documents(Pages);

#[async_trait]
impl AttachmentSource for Documents {
    async fn attach(&self, cx: &Cx, id: i64) -> Result<Attached, Fault> {
        let (name, bytes) = paper::typeset(&self.0, cx, id).await?;
        Ok(Attached { name, media_type: "application/pdf", bytes })
    }
}

const TEMPLATES: &[MailTemplate] = &[
    MailTemplate {
        name: ISSUED,
        label: "Invoice issued",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/invoice_issued"),
        samples: || {
            let open = invoice_values("INV-2026-000012", 11_900, 11_900);
            let mut paid = invoice_values("INV-2026-000013", 500, 0);
            paid["due_on"] = Value::Null;
            vec![open, paid]
        },
    },
    MailTemplate {
        name: OVERDUE,
        label: "Invoice overdue",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/invoice_overdue"),
        samples: || {
            let mut undated = invoice_values("INV-2026-000012", 11_900, 5_000);
            undated["due_on"] = Value::Null;
            vec![invoice_values("INV-2026-000012", 11_900, 5_000), undated]
        },
    },
    MailTemplate {
        name: RECEIVED,
        label: "billing-mail-received",
        is_essential: false,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/payment_received"),
        samples: payment_samples,
    },
    MailTemplate {
        name: FAILED,
        label: "Payment failed",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/payment_failed"),
        samples: payment_samples,
    },
    MailTemplate {
        name: HELD,
        label: "Money held for an order",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/payment_held"),
        samples: held_samples,
    },
    MailTemplate {
        name: RELEASED,
        label: "Held money let go",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/payment_released"),
        samples: payment_samples,
    },
    MailTemplate {
        name: CREDIT_NOTE,
        label: "Credit note issued",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/credit_note_issued"),
        samples: || {
            let total = Money::new(11_900, Currency::EUR);
            vec![
                json!({ "name": "Ann Becker", "number": "CN-2026-000003", "invoice": "INV-2026-000012", "total": total }),
                json!({ "name": "Ann Becker", "number": "CN-2026-000003", "invoice": null, "total": total }),
            ]
        },
    },
    MailTemplate {
        name: REFUND,
        label: "Refund sent",
        is_essential: true,
        is_secret: false,
        sources: bursar_mail::sources!("../mails/refund_sent"),
        samples: || vec![json!({ "name": "Ann Becker", "amount": Money::new(11_900, Currency::EUR) })],
    },
];

fn invoice_values(number: &str, total: i64, open: i64) -> Value {
    let money = |minor| Money::new(minor, Currency::EUR);
    json!({
        "name": "Ann Becker", "number": number, "total": money(total), "open": money(open), "is_open": open > 0,
        "due_on": "2026-03-24", "url": "https://office.example/portal/invoices/12",
        "pay_url": "https://office.example/portal/invoices/12/pay",
    })
}

fn payment_samples() -> Vec<Value> {
    let values = |numbers: &str| {
        json!({
            "name": "Ann Becker", "amount": Money::new(11_900, Currency::EUR), "numbers": numbers,
            "url": "https://office.example/portal", "pay_url": "https://office.example/portal/invoices/12/pay",
        })
    };
    vec![values("INV-2026-000012, INV-2026-000013"), values("")]
}

fn held_samples() -> Vec<Value> {
    let mut samples = payment_samples();
    for values in &mut samples {
        values["until"] = Value::from("2026-03-24");
    }
    samples
}

/// Writes a mail to a customer, if there is an address to write to.
async fn write(
    tx: &mut Tx,
    template: &'static str,
    customer_id: i64,
    mut values: Value,
    document: Option<i64>,
) -> Result<(), Fault> {
    let Some(customer) = bursar_customers::find(tx, Id::new(customer_id)).await? else { return Ok(()) };
    let postal = &customer.details.postal;
    values["name"] = Value::from(postal.display_name());
    let mail = Mail {
        template,
        to: Recipient {
            email: postal.email.clone(),
            name: postal.full_name(),
            locale: Locale::parse(&customer.details.language).unwrap_or_default(),
            customer_id: Some(customer_id),
        },
        values,
        attachments: document.into_iter().map(|id| AttachmentRef { kind: DOCUMENT.to_owned(), id }).collect(),
    };
    post(tx, &mail).await.map(drop)
}

fn of_invoice(base: &str, invoice: &Document) -> Value {
    let money = |minor| Money::new(minor, invoice.currency);
    let open = if invoice.state == InvoiceState::Open { invoice.open_minor() } else { 0 };
    json!({
        "number": invoice.number, "total": money(invoice.totals.total_minor), "open": money(open),
        "is_open": open > 0, "due_on": invoice.due_on, "url": format!("{base}/portal/invoices/{}", invoice.id),
        "pay_url": format!("{base}/portal/invoices/{}/pay", invoice.id),
    })
}

/// As staff: sends an issued document to its customer once more. Gives the address it goes to.
///
/// # Errors
/// [`BillError::Refused`] for a draft, for what is void, and for a customer without an address.
pub(crate) async fn send_document(cx: &Cx, id: i64) -> Result<String, BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    cx.write(async move |tx: &mut Tx| {
        let document = find(tx, id).await?.ok_or(BillError::NotFound("invoice"))?;
        match document.state {
            InvoiceState::Draft => {
                return Err(BillError::refused("This is a draft: issue it, which sends it."));
            }
            InvoiceState::Void => {
                return Err(BillError::refused("This invoice is void: nobody is asked for it."));
            }
            InvoiceState::Open | InvoiceState::Paid | InvoiceState::Uncollectible => {}
        }
        let customer = bursar_customers::find(tx, Id::new(document.customer_id)).await?;
        let email = customer.map(|customer| customer.details.postal.email).unwrap_or_default();
        if email.is_empty() {
            return Err(BillError::refused("This customer has no e-mail address. Give them one first."));
        }
        match document.kind {
            DocumentKind::Invoice => {
                let values = of_invoice(&public_address(tx), &document);
                write(tx, ISSUED, document.customer_id, values, Some(id)).await?;
            }
            DocumentKind::CreditNote => {
                let invoice = match document.corrects_id {
                    Some(invoice) => find(tx, invoice).await?.and_then(|invoice| invoice.number),
                    None => None,
                };
                let total = Money::new(document.totals.total_minor, document.currency);
                let values = json!({ "number": document.number, "invoice": invoice, "total": total });
                write(tx, CREDIT_NOTE, document.customer_id, values, Some(id)).await?;
            }
        }
        let subject = format!("invoice:{id}");
        let after = Some(json!({ "sent_to": email }));
        let audit = Audit { action: "billing.invoice.send", subject: &subject, before: None, after };
        bursar_audit::record(tx, audit).await?;
        Ok(email)
    })
    .await
}

/// As staff: reminds a customer of an overdue invoice, whenever the last time was.
///
/// # Errors
/// [`BillError::Refused`] for what is not overdue, and for a customer without an address.
pub(crate) async fn remind(cx: &Cx, id: i64) -> Result<(), BillError> {
    cx.require(permissions::INVOICE_ISSUE)?;
    cx.write(async move |tx: &mut Tx| {
        let invoice = find(tx, id).await?.ok_or(BillError::NotFound("invoice"))?;
        let is_overdue = invoice.due_on.is_some_and(|due_on| due_on < tx.today());
        if invoice.state != InvoiceState::Open || invoice.open_minor() <= 0 || !is_overdue {
            return Err(BillError::refused("This invoice is not overdue: there is nothing to remind of."));
        }
        if is_held(tx, id).await? {
            return Err(BillError::refused(
                "The money for this invoice is held: there is nothing to remind of.",
            ));
        }
        let customer = bursar_customers::find(tx, Id::new(invoice.customer_id)).await?;
        let email = customer.map(|customer| customer.details.postal.email).unwrap_or_default();
        if email.is_empty() {
            return Err(BillError::refused("This customer has no e-mail address. Give them one first."));
        }
        let values = of_invoice(&public_address(tx), &invoice);
        write(tx, OVERDUE, invoice.customer_id, values, Some(id)).await?;
        let subject = format!("invoice:{id}");
        let after = Some(json!({ "reminded": email }));
        let audit = Audit { action: "billing.invoice.remind", subject: &subject, before: None, after };
        Ok(bursar_audit::record(tx, audit).await?)
    })
    .await
}

async fn on_issued(tx: &mut Tx, event: InvoiceIssued) -> Result<(), Fault> {
    let Some(invoice) = find(tx, event.invoice_id).await? else { return Ok(()) };
    // Voided before the news came round: there is nothing to tell.
    if invoice.state == InvoiceState::Void {
        return Ok(());
    }
    let values = of_invoice(&public_address(tx), &invoice);
    write(tx, ISSUED, event.customer_id, values, Some(invoice.id)).await
}

async fn on_overdue(tx: &mut Tx, event: InvoiceOverdue) -> Result<(), Fault> {
    let Some(invoice) = find(tx, event.invoice_id).await? else { return Ok(()) };
    // Paid in the meantime: nobody is reminded of what they have done.
    if invoice.state != InvoiceState::Open || invoice.open_minor() <= 0 {
        return Ok(());
    }
    let open = Money::new(invoice.open_minor(), invoice.currency);
    let notice = NewNotice {
        to: Audience::Customer(event.customer_id),
        about: format!("invoice:{}", invoice.id),
        said: vec![invoice.number.clone().unwrap_or_default().into(), amount(open)],
        href: format!("/portal/invoices/{}", invoice.id),
    };
    raise(tx, &OVERDUE_NOTICE, notice).await?;
    let values = of_invoice(&public_address(tx), &invoice);
    write(tx, OVERDUE, event.customer_id, values, Some(invoice.id)).await
}

/// The numbers of what a payment was meant for, and where the first of them is paid.
async fn of_payment(tx: &mut Tx, amount: Money, purpose: &Purpose) -> Result<Value, Fault> {
    let ids: Vec<i64> = purpose.invoices.iter().map(|(id, _)| *id).collect();
    let invoices = find_many(tx, &ids).await?;
    let numbers: Vec<&str> = invoices.iter().filter_map(|invoice| invoice.number.as_deref()).collect();
    let base = public_address(tx);
    let pay_url =
        ids.first().map_or_else(|| format!("{base}/portal"), |id| format!("{base}/portal/invoices/{id}/pay"));
    Ok(json!({
        "amount": amount, "numbers": numbers.join(", "), "url": format!("{base}/portal"), "pay_url": pay_url,
    }))
}

async fn on_captured(tx: &mut Tx, event: PaymentCaptured) -> Result<(), Fault> {
    let values = of_payment(tx, Money::new(event.amount_minor, event.currency), &event.purpose).await?;
    write(tx, RECEIVED, event.customer_id, values, None).await
}

async fn on_held(tx: &mut Tx, event: PaymentHeld) -> Result<(), Fault> {
    // Taken or let go before the news came round: other mails say so.
    let payment = bursar_payments::find(tx, Id::new(event.payment_id)).await?;
    if payment.is_none_or(|payment| payment.state != PaymentState::Held) {
        return Ok(());
    }
    let mut values = of_payment(tx, Money::new(event.amount_minor, event.currency), &event.purpose).await?;
    let until = Instant::from_micros(event.until_micros).to_date(tx.zone());
    values["until"] = Value::from(until.to_string());
    write(tx, HELD, event.customer_id, values, None).await
}

/// What was held did not come. When nothing is owed any more, whoever called the order off has said so.
async fn on_hold_lost(tx: &mut Tx, event: &PaymentFailed) -> Result<(), Fault> {
    let ids: Vec<i64> = event.purpose.invoices.iter().map(|(id, _)| *id).collect();
    let invoices = if ids.is_empty() { Vec::new() } else { find_many(tx, &ids).await? };
    if !invoices.iter().any(|invoice| invoice.state == InvoiceState::Open && invoice.open_minor() > 0) {
        return Ok(());
    }
    let template = if event.state == "declined" { FAILED } else { RELEASED };
    let values = of_payment(tx, Money::new(event.amount_minor, event.currency), &event.purpose).await?;
    write(tx, template, event.customer_id, values, None).await
}

async fn on_failed(tx: &mut Tx, event: PaymentFailed) -> Result<(), Fault> {
    if event.was_held {
        return on_hold_lost(tx, &event).await;
    }
    // Who was there has seen it on the page and may have paid another way since; a withdrawn charge is no news.
    let payment = bursar_payments::find(tx, Id::new(event.payment_id)).await?;
    let was_there = payment.is_none_or(|payment| payment.presence == Presence::Present);
    if was_there || event.state == "cancelled" {
        return Ok(());
    }
    let values = of_payment(tx, Money::new(event.amount_minor, event.currency), &event.purpose).await?;
    write(tx, FAILED, event.customer_id, values, None).await
}

async fn on_credit_note(tx: &mut Tx, event: CreditNoteIssued) -> Result<(), Fault> {
    let Some(note) = find(tx, event.credit_note_id).await? else { return Ok(()) };
    let invoice = find(tx, event.invoice_id).await?.and_then(|invoice| invoice.number);
    let values = json!({
        "number": note.number, "invoice": invoice, "total": Money::new(event.total_minor, event.currency),
    });
    write(tx, CREDIT_NOTE, event.customer_id, values, Some(note.id)).await
}

async fn on_refund(tx: &mut Tx, event: RefundSettled) -> Result<(), Fault> {
    let values = json!({ "amount": Money::new(event.amount_minor, event.currency) });
    write(tx, REFUND, event.customer_id, values, None).await
}

#[cfg(test)]
mod tests {
    use bursar_mail::MailBook;

    use super::*;

    #[test]
    fn every_mail_is_written_in_every_language_with_every_sample() {
        let book = MailBook::new(TEMPLATES.to_vec(), Vec::new()).unwrap();
        assert_eq!(book.write_samples().unwrap(), 15 * 6, "fifteen samples in six languages");
    }
}
