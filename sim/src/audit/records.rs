//! What the auditor reads: the documents, the ledger's balances, the payments, and whether the queues are empty.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Date;

use super::sold::Sold;

bursar_db::statements! {
    /// Every document that was issued.
    DOCUMENTS = "SELECT id, kind, state, customer_id, currency, series, sequence, issued_on, total_minor, settled_minor, due_on,
        corrects_id
        FROM billing_invoices WHERE state <> 'draft' ORDER BY series, sequence";
    /// Every line of those.
    LINES = "SELECT l.invoice_id, l.kind, l.subscription_id, l.item_id, l.start_on, l.end_on, l.quantity, l.gross_minor,
            l.discount_minor, l.net_minor, l.taxable, l.tax1_minor, l.tax2_minor
        FROM billing_lines l JOIN billing_invoices i ON i.id = l.invoice_id
        WHERE i.state <> 'draft' ORDER BY l.invoice_id, l.line_no";
    /// What customers have on credit.
    CREDIT = "SELECT customer_id, currency, balance_minor FROM billing_credit_balances ORDER BY customer_id, currency";
    /// Allocations that stand, per invoice.
    ALLOCATED = "SELECT invoice_id, source_kind, CAST(SUM(amount_minor) AS BIGINT) FROM billing_allocations
        WHERE reversed_at IS NULL GROUP BY invoice_id, source_kind ORDER BY invoice_id, source_kind";
    /// Payments.
    PAYMENTS = "SELECT id, customer_id, gateway, kind, currency, amount_minor, state, idempotency_key
        FROM payments_payments ORDER BY id";
    /// Refunds that are not failed.
    REFUNDS = "SELECT p.customer_id, p.gateway, r.currency, r.amount_minor, r.state, r.destination
        FROM payments_refunds r JOIN payments_payments p ON p.id = r.payment_id WHERE r.state <> 'failed' ORDER BY r.id";
    /// Jobs and deliveries that wait, and those that wait for a person. What is to be looked at later, to see whether a
    /// service came in time, how a server is, whether a hold runs out or an order is paid, is nothing that waits to be done.
    QUEUE = "SELECT (SELECT COUNT(*) FROM kernel_jobs
            WHERE state = 'ready'
            AND NOT ((kind LIKE 'provisioning.%' OR kind LIKE 'inventory.%'
                OR kind IN ('payments.end_hold', 'ordering.expire_order'))
                AND attempts = 0 AND run_at > $1)),
        (SELECT COUNT(*) FROM kernel_jobs WHERE state = 'dead'),
        (SELECT COUNT(*) FROM kernel_deliveries WHERE state = 'ready'),
        (SELECT COUNT(*) FROM kernel_deliveries WHERE state <> 'ready')";
    /// Which jobs wait.
    WAITING = "SELECT kind, payload, attempts FROM kernel_jobs
        WHERE state = 'ready'
            AND NOT ((kind LIKE 'provisioning.%' OR kind LIKE 'inventory.%'
                OR kind IN ('payments.end_hold', 'ordering.expire_order'))
                AND attempts = 0 AND run_at > $1) ORDER BY id LIMIT 5";
    /// Why the dead died.
    DEAD = "SELECT kind, payload, last_error FROM kernel_jobs WHERE state = 'dead' ORDER BY id LIMIT 5";
    /// Why the parked were parked.
    PARKED = "SELECT subscriber, subject, last_error FROM kernel_deliveries WHERE state <> 'ready' ORDER BY id LIMIT 5";
    /// What the panel was asked for, under whose name.
    RESOURCES = "SELECT r.tag, r.state, s.subscription_id FROM provisioning_resources r
        JOIN provisioning_services s ON s.id = r.service_id ORDER BY r.id";
    /// Invoices that wait for their delivery, and who holds their money.
    DELIVERIES = "SELECT invoice_id, payment_id FROM billing_deliveries WHERE delivered_at IS NULL ORDER BY invoice_id";
    /// What could not be billed.
    ASIDE = "SELECT subscription_id, reason, detail FROM billing_put_aside ORDER BY subscription_id LIMIT 5";
}

/// An issued document.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: i64,
    pub is_invoice: bool,
    pub state: String,
    pub customer: i64,
    pub currency: String,
    pub series: String,
    pub sequence: i64,
    pub issued_on: Date,
    pub total: i64,
    pub settled: i64,
    pub due_on: Option<Date>,
    /// The invoice that a credit note is for.
    pub corrects: Option<i64>,
}

impl Document {
    /// Whether it counts: it was not taken back.
    pub fn stands(&self) -> bool {
        self.state != "void"
    }

    /// What it still asks for.
    pub fn open(&self) -> i64 {
        if self.is_invoice && self.state == "open" { self.total - self.settled } else { 0 }
    }
}

/// A line of a document.
#[derive(Debug, Clone)]
pub struct Line {
    pub invoice: i64,
    pub kind: String,
    pub subscription: Option<i64>,
    pub item: Option<i64>,
    pub period: Option<(Date, Date)>,
    pub quantity: i64,
    pub gross: i64,
    pub discount: i64,
    pub net: i64,
    pub taxable: bool,
    pub tax: i64,
}

/// A payment as the product recorded it.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: i64,
    pub customer: i64,
    pub gateway: String,
    pub is_charge: bool,
    pub currency: String,
    pub amount: i64,
    pub state: String,
    pub key: String,
}

/// A refund as the product recorded it; failed ones are left out.
#[derive(Debug, Clone)]
pub struct Refund {
    pub customer: i64,
    pub gateway: String,
    pub currency: String,
    pub amount: i64,
    pub state: String,
    pub destination: String,
}

/// Something that the panel was asked for.
#[derive(Debug, Clone)]
pub struct Resource {
    pub subscription: i64,
    pub is_live: bool,
    pub is_gone: bool,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    pub jobs: i64,
    pub dead: i64,
    pub deliveries: i64,
    pub parked: i64,
}

/// Everything at one moment.
#[derive(Debug, Clone, Default)]
pub struct Records {
    pub documents: BTreeMap<i64, Document>,
    pub lines: Vec<Line>,
    /// By customer and currency.
    pub credit: BTreeMap<(i64, String), i64>,
    /// By invoice and kind of source.
    pub allocated: BTreeMap<(i64, String), i64>,
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    /// Debit positive, by account and currency.
    pub ledger: BTreeMap<(String, String), i64>,
    pub queue: Queue,
    /// Some of the jobs that wait, in words.
    pub waiting: Vec<String>,
    /// Invoices that wait for their delivery, with the payment that holds their money.
    pub undelivered: BTreeMap<i64, Option<i64>>,
    /// What was ordered, and how subscriptions ended.
    pub sold: Sold,
    /// By our name of it at the panel.
    pub resources: BTreeMap<String, Resource>,
    /// What waits for a person, in words.
    pub waiting_for_people: Vec<String>,
}

impl Records {
    /// Reads all of it in one snapshot.
    pub async fn read(spy: &Cx) -> Result<Self, Fault> {
        spy.read(async |tx: &mut Tx| read(tx).await).await
    }
}

async fn read(tx: &mut Tx) -> Result<Records, Fault> {
    let mut records = Records { queue: queue(tx).await?, ..Records::default() };
    for document in documents(tx).await? {
        records.documents.insert(document.id, document);
    }
    records.lines = lines(tx).await?;
    let credit = tx.query(&CREDIT, params![], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).await?;
    records.credit = credit.into_iter().collect();
    let allocated =
        tx.query(&ALLOCATED, params![], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).await?;
    records.allocated = allocated.into_iter().collect();
    records.payments = payments(tx).await?;
    records.refunds = refunds(tx).await?;
    for balance in bursar_ledger::trial_balance(tx, Date::constant(2199, 12, 31)).await? {
        let key = (balance.account.code(), balance.amount.currency().code().to_owned());
        records.ledger.insert(key, balance.amount.minor());
    }
    let now = tx.now();
    records.waiting = tx
        .query(&WAITING, params![now], |row| {
            Ok(format!("{} {}, tried {} times", row.text(0)?, row.text(1)?, row.get::<i64>(2)?))
        })
        .await?;
    for statement in [&DEAD, &PARKED] {
        let found = tx.query(statement, params![], |row| {
            let (kind, what): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(format!("{kind} {what}: {}", row.get::<Option<String>>(2)?.unwrap_or_default()))
        });
        records.waiting_for_people.extend(found.await?);
    }
    records.sold = Sold::read(tx).await?;
    let undelivered = tx.query(&DELIVERIES, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    records.undelivered = undelivered.into_iter().collect();
    let resources = tx.query(&RESOURCES, params![], |row| {
        let subscription = row.get::<Option<i64>>(2)?.unwrap_or_default();
        let (is_live, is_gone) = (row.text(1)? == "live", row.text(1)? == "gone");
        Ok((row.get::<String>(0)?, Resource { subscription, is_live, is_gone }))
    });
    records.resources = resources.await?.into_iter().collect();
    let aside = tx.query(&ASIDE, params![], |row| {
        let (id, reason, detail): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("subscription {id} was put aside: {reason}: {detail}"))
    });
    records.waiting_for_people.extend(aside.await?);
    Ok(records)
}

async fn queue(tx: &mut Tx) -> Result<Queue, Fault> {
    let now = tx.now();
    tx.query_one(&QUEUE, params![now], |row| {
        Ok(Queue { jobs: row.get(0)?, dead: row.get(1)?, deliveries: row.get(2)?, parked: row.get(3)? })
    })
    .await
}

async fn documents(tx: &mut Tx) -> Result<Vec<Document>, Fault> {
    tx.query(&DOCUMENTS, params![], |row| {
        Ok(Document {
            id: row.get(0)?,
            is_invoice: row.text(1)? == "invoice",
            state: row.get(2)?,
            customer: row.get(3)?,
            currency: row.get(4)?,
            series: row.get(5)?,
            sequence: row.get::<Option<i64>>(6)?.unwrap_or(0),
            issued_on: row.get(7)?,
            total: row.get(8)?,
            settled: row.get(9)?,
            due_on: row.get(10)?,
            corrects: row.get(11)?,
        })
    })
    .await
}

async fn lines(tx: &mut Tx) -> Result<Vec<Line>, Fault> {
    tx.query(&LINES, params![], |row| {
        let (start, end): (Option<Date>, Option<Date>) = (row.get(4)?, row.get(5)?);
        Ok(Line {
            invoice: row.get(0)?,
            kind: row.get(1)?,
            subscription: row.get(2)?,
            item: row.get(3)?,
            period: start.zip(end),
            quantity: row.get(6)?,
            gross: row.get(7)?,
            discount: row.get(8)?,
            net: row.get(9)?,
            taxable: row.get(10)?,
            tax: row.get::<i64>(11)? + row.get::<i64>(12)?,
        })
    })
    .await
}

async fn payments(tx: &mut Tx) -> Result<Vec<Payment>, Fault> {
    tx.query(&PAYMENTS, params![], |row| {
        Ok(Payment {
            id: row.get(0)?,
            customer: row.get(1)?,
            gateway: row.get(2)?,
            is_charge: row.text(3)? == "charge",
            currency: row.get(4)?,
            amount: row.get(5)?,
            state: row.get(6)?,
            key: row.get(7)?,
        })
    })
    .await
}

async fn refunds(tx: &mut Tx) -> Result<Vec<Refund>, Fault> {
    tx.query(&REFUNDS, params![], |row| {
        Ok(Refund {
            customer: row.get(0)?,
            gateway: row.get(1)?,
            currency: row.get(2)?,
            amount: row.get(3)?,
            state: row.get(4)?,
            destination: row.get(5)?,
        })
    })
    .await
}
