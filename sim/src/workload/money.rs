//! Paying, or not; and what staff do about money.

use bursar_billing::invoices::credit_note::{CreditNoteRequest, Part, issue_credit_note};
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::invoices::write_off::write_off_invoice;
use bursar_billing::settle::{
    PayRequest, RefundFrom, RefundRequest, RefundTo, adjust_credit, apply_credit_to_invoice, deliver_first,
    delivered, pay_invoices, record_payment, refund,
};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{Authentication, ChargeStatus, cards};
use bursar_money::{Currency, Money};
use bursar_payments::{Keep, ManualPayment, Purpose, make_default, run_charge, store_method};

use super::{Answer, World};
use crate::audit::records::Document;
use crate::audit::{Records, invoices_of};
use crate::model::Owed;

const CARDS: &[&str] = &[
    cards::VISA,
    cards::VISA,
    cards::MASTERCARD,
    cards::AUTHENTICATE,
    cards::PENDING,
    cards::PENDING_DECLINED,
    cards::LOSE_AFTER,
    cards::LOSE_BEFORE,
    cards::WEBHOOK_TWICE,
    cards::WEBHOOK_LATE,
    cards::WEBHOOK_FIRST,
    cards::WEBHOOK_NEVER,
    cards::WEBHOOK_FORGED,
    cards::REFUND_FAILS,
    cards::REFUND_PENDING,
    cards::REFUND_FAILS_LATER,
    cards::CAPTURE_DECLINED,
    cards::HOLD_SHORT,
    cards::HOLD_WHOLE,
    "tok_decline:insufficient_funds",
    "tok_decline:expired_card",
];

fn currency(document: &Document) -> Currency {
    document.currency.parse().expect("the product stores currencies that exist")
}

impl World {
    /// A document of which something holds, by the seed.
    fn some_document(&mut self, records: &Records, of: impl Fn(&Document) -> bool) -> Option<Document> {
        let fit: Vec<i64> = records.documents.values().filter(|d| of(d)).map(|d| d.id).collect();
        self.pick(&fit).map(|id| records.documents[&id].clone())
    }

    fn minor_below(&mut self, most: i64) -> i64 {
        i64::try_from(self.rng.below(most.max(1).unsigned_abs())).expect("small") + 1
    }

    /// A customer pays one or two of their invoices with a card, and stays on the page for the first answer or not.
    pub(crate) async fn pay_by_card(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let Some(invoice) = self.some_document(&records, |d| d.open() > 0) else { return Ok(()) };
        let mut invoices = vec![invoice.id];
        if self.chance(20)
            && let Some(other) = self.some_document(&records, |d| {
                d.open() > 0 && d.customer == invoice.customer && d.id != invoice.id
            })
        {
            invoices.push(other.id);
        }
        if self.chance(35) {
            self.promise(&invoices).await?;
        }
        self.pay_with_some_card(invoice.customer, invoices).await
    }

    /// A customer pays invoices with one of the cards there are.
    pub(super) async fn pay_with_some_card(
        &mut self,
        customer: i64,
        invoices: Vec<i64>,
    ) -> Result<(), Fault> {
        let token = self.pick(CARDS).expect("there are cards");
        let gateways = self.office.gateways.clone();
        if invoices.len() > 1 {
            self.model.touched.extend(&invoices);
        }
        let what = format!("customer {customer} pays {invoices:?} with {token}");
        let store = async |cx: Cx| {
            store_method(&cx, &gateways, customer, "sandbox", MethodToken::new(token), Keep::Once).await
        };
        let Answer::Yes(method) = self.ask(format!("{what}, the card"), store).await? else { return Ok(()) };
        let request = PayRequest {
            customer,
            invoices,
            gateway: "sandbox".to_owned(),
            method: Some(method),
            is_present: true,
            return_url: None,
            reason: "invoices".to_owned(),
        };
        let wish = async |cx: Cx| pay_invoices(&cx, request.clone()).await;
        let Answer::Yes(payment) = self.ask(what, wish).await? else { return Ok(()) };
        if self.chance(60) {
            let gateways = self.office.gateways.clone();
            let wish = async |cx: Cx| run_charge(&cx, &gateways, payment).await;
            self.ask(format!("payment {payment} runs while the customer waits"), wish).await?;
        }
        Ok(())
    }

    /// What some invoices ask for is still to be delivered, so that their money is held and not taken.
    async fn promise(&mut self, invoices: &[i64]) -> Result<(), Fault> {
        for invoice in invoices.iter().copied() {
            let wish =
                async move |cx: Cx| cx.write(async move |tx: &mut Tx| deliver_first(tx, invoice).await).await;
            self.insist(format!("invoice {invoice} waits for its delivery"), wish).await?;
        }
        Ok(())
    }

    /// What an invoice asks for is there: what is held for it may be taken.
    pub(crate) async fn deliver(&mut self) -> Result<(), Fault> {
        let waiting: Vec<i64> = self.promised().await?;
        match self.pick(&waiting) {
            Some(invoice) => self.delivered(invoice).await,
            None => Ok(()),
        }
    }

    /// Everything that waited is there in the end.
    pub(crate) async fn deliver_the_rest(&mut self) -> Result<(), Fault> {
        for invoice in self.promised().await? {
            self.delivered(invoice).await?;
        }
        Ok(())
    }

    /// What waits for people to deliver it. What was ordered in the shop is delivered by its machines.
    async fn promised(&self) -> Result<Vec<i64>, Fault> {
        let is_ordered = |invoice: &i64| self.model.orders.iter().any(|order| order.invoice == *invoice);
        Ok(self.records().await?.undelivered.into_keys().filter(|invoice| !is_ordered(invoice)).collect())
    }

    async fn delivered(&mut self, invoice: i64) -> Result<(), Fault> {
        let wish = async move |cx: Cx| cx.write(async move |tx: &mut Tx| delivered(tx, invoice).await).await;
        self.insist(format!("invoice {invoice} is delivered"), wish).await.map(drop)
    }

    /// Money arrives at the bank: what is owed, less, or more; staff type it in, and type it again when in doubt.
    pub(crate) async fn pay_by_bank(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let Some(invoice) = self.some_document(&records, |d| d.open() > 0) else { return Ok(()) };
        self.receive_at_bank(&invoice).await
    }

    /// Money for an invoice arrives at the bank.
    pub(crate) async fn receive_at_bank(&mut self, invoice: &Document) -> Result<(), Fault> {
        let minor = match self.below(4) {
            0 => self.minor_below(invoice.open()),
            1 => invoice.open() + self.minor_below(500),
            _ => invoice.open(),
        };
        let says_what_for = self.chance(80);
        self.receive(invoice, minor, says_what_for).await
    }

    /// What is open of an invoice arrives at the bank.
    pub(crate) async fn pay_in_full(&mut self, invoice: i64) -> Result<(), Fault> {
        match self.records().await?.documents.get(&invoice).cloned() {
            Some(invoice) => self.receive(&invoice, invoice.open(), true).await,
            None => Ok(()),
        }
    }

    async fn receive(&mut self, invoice: &Document, minor: i64, says_what_for: bool) -> Result<(), Fault> {
        self.model.touched.insert(invoice.id);
        let (currency, n) = (currency(invoice), self.fresh());
        let purpose = if says_what_for { vec![(invoice.id, minor.min(invoice.open()))] } else { Vec::new() };
        let payment = ManualPayment {
            customer: invoice.customer,
            gateway: "bank_transfer".to_owned(),
            amount: Money::new(minor, currency),
            fee: Money::zero(currency),
            received_on: self.today(),
            reference: format!("transfer {n}"),
            purpose: Purpose { invoices: purpose, reason: "bank transfer".to_owned() },
            form_key: format!("bank-{n}"),
        };
        let what =
            format!("{minor} from customer {} for invoice {} at the bank", invoice.customer, invoice.id);
        if self.insist(what, async |cx: Cx| record_payment(&cx, payment.clone()).await).await?.is_some() {
            *self.model.by_bank.entry(invoice.customer).or_default() += minor;
        }
        Ok(())
    }

    /// A customer leaves a card for the nights to come.
    pub(crate) async fn keep_card(&mut self) -> Result<(), Fault> {
        let without: Vec<usize> =
            (0..self.model.customers.len()).filter(|at| !self.model.customers[*at].has_stored_card).collect();
        let Some(at) = self.pick(&without) else { return Ok(()) };
        let id = self.model.customers[at].id;
        let token = self.pick(CARDS).expect("there are cards");
        let gateways = self.office.gateways.clone();
        let wish = async |cx: Cx| {
            let token = MethodToken::new(token);
            let method = store_method(&cx, &gateways, id, "sandbox", token, Keep::ForLater).await?;
            cx.write(async move |tx: &mut Tx| make_default(tx, id, method).await.map(drop)).await
        };
        if let Answer::Yes(_) = self.ask(format!("customer {id} leaves {token}"), wish).await? {
            self.model.customers[at].has_stored_card = true;
        }
        Ok(())
    }

    /// A customer answers on the vendor's page; the application hears of it by webhook, late, twice or never.
    pub(crate) fn confirm(&mut self) -> Result<(), Fault> {
        let waiting: Vec<String> = self
            .office
            .processor
            .charges()
            .into_iter()
            .filter(|charge| charge.status == ChargeStatus::RequiresAction)
            .map(|charge| charge.reference)
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let reference = waiting[self.below(waiting.len())].clone();
        let answer = if self.chance(70) { Authentication::Approved } else { Authentication::Rejected };
        let now = self.office.clock_now();
        self.trace.note(now, format!("charge {reference} is confirmed: {answer:?}"));
        self.office
            .processor
            .complete_authentication(now, &reference, answer)
            .map_err(|e| Fault::wrap("confirming a charge", e))?;
        Ok(())
    }

    /// Staff give credit, or a customer's credit is put on an invoice.
    pub(crate) async fn give_credit(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        if self.chance(50)
            && let Some(invoice) = self.some_document(&records, |d| {
                d.open() > 0
                    && records.credit.get(&(d.customer, d.currency.clone())).is_some_and(|minor| *minor > 0)
            })
        {
            self.model.touched.insert(invoice.id);
            let wish = async |cx: Cx| apply_credit_to_invoice(&cx, invoice.id, None).await;
            self.ask(format!("credit for invoice {}", invoice.id), wish).await?;
            return Ok(());
        }
        let at = self.below(self.model.customers.len());
        let Some(customer) = self.model.customers.get(at).cloned() else { return Ok(()) };
        let amount = Money::new(self.minor_below(3_000), customer.currency);
        let key = (customer.id, customer.currency.code().to_owned());
        let before = records.credit.get(&key).copied().unwrap_or(0);
        let wish = async |cx: Cx| adjust_credit(&cx, customer.id, amount, "sorry".to_owned()).await;
        let is_given = match self.ask(format!("customer {} gets {amount}", customer.id), wish).await? {
            Answer::Yes(_) => true,
            Answer::No => false,
            Answer::Doubt => self.records().await?.credit.get(&key).copied().unwrap_or(0) != before,
        };
        if is_given {
            *self.model.given.entry(customer.id).or_default() += amount.minor();
        }
        Ok(())
    }

    pub(crate) async fn credit_note(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let Some(invoice) = self.some_document(&records, |d| {
            d.is_invoice && (d.state == "open" || d.state == "paid") && d.total > 0
        }) else {
            return Ok(());
        };
        self.model.touched.insert(invoice.id);
        let part = if self.chance(40) { Part::Whole } else { Part::Amount(self.minor_below(invoice.total)) };
        let request = CreditNoteRequest { invoice_id: invoice.id, part, reason: "a mistake".to_owned() };
        let what = format!("credit note for invoice {}: {:?}", invoice.id, request.part);
        self.ask(what, async |cx: Cx| issue_credit_note(&cx, request).await).await?;
        Ok(())
    }

    /// Staff give money of a payment back, and send the form again when in doubt.
    pub(crate) async fn refund(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let captured: Vec<usize> =
            (0..records.payments.len()).filter(|at| records.payments[*at].state == "captured").collect();
        let Some(at) = self.pick(&captured) else { return Ok(()) };
        let payment = &records.payments[at];
        self.model.touched.extend(invoices_of(&payment.key));
        let amount =
            Money::new(self.minor_below(payment.amount), payment.currency.parse().expect("a currency"));
        let from = match self
            .some_document(&records, |d| d.customer == payment.customer && d.state == "paid" && d.is_invoice)
        {
            Some(invoice) if self.chance(60) => {
                self.model.touched.insert(invoice.id);
                RefundFrom::CreditNote { invoice_id: invoice.id }
            }
            _ => RefundFrom::Credit,
        };
        let to = if payment.gateway == "sandbox" { RefundTo::Gateway } else { RefundTo::ByHand };
        let n = self.fresh();
        let request = RefundRequest {
            payment_id: payment.id,
            amount,
            to,
            from,
            reason: "asked for".to_owned(),
            form_key: format!("refund-{n}"),
        };
        let what = format!("{amount} of payment {} back, {from:?}", payment.id);
        self.insist(what, async |cx: Cx| refund(&cx, request.clone()).await).await?;
        Ok(())
    }

    /// Staff take an invoice back. Its periods are free again, and nobody bills them: that was the point.
    pub(crate) async fn void(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let Some(invoice) = self.some_document(&records, |d| d.open() > 0 && d.settled == 0) else {
            return Ok(());
        };
        self.model.touched.insert(invoice.id);
        let wish = async |cx: Cx| void_invoice(&cx, invoice.id, "never happened".to_owned()).await;
        self.ask(format!("invoice {} is voided", invoice.id), wish).await?;
        let after = self.records().await?;
        if after.documents.get(&invoice.id).is_some_and(Document::stands) {
            return Ok(());
        }
        for line in records.lines.iter().filter(|line| line.invoice == invoice.id && line.kind == "recurring")
        {
            let (Some(id), Some((start, end))) = (line.subscription, line.period) else { continue };
            let (quantity, gross, discount) = (line.quantity, line.gross, line.discount);
            let freed = Owed { start, end, quantity, gross, discount };
            for subscription in self.model.subscriptions.iter_mut().filter(|s| s.id == id) {
                if let Some(at) = subscription.owed.iter().position(|owed| *owed == freed) {
                    subscription.owed.remove(at);
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn write_off(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        let Some(invoice) = self.some_document(&records, |d| d.open() > 0) else { return Ok(()) };
        self.model.touched.insert(invoice.id);
        let wish = async |cx: Cx| write_off_invoice(&cx, invoice.id, "gone".to_owned()).await;
        self.ask(format!("invoice {} is written off", invoice.id), wish).await?;
        Ok(())
    }
}
