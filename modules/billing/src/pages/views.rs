//! Documents as templates see them.

use bursar_db::Tx;
use bursar_fault::{Fault, Text};
use bursar_i18n::{MoneyStyle, Translator, amount, format_money};
use bursar_money::{Currency, Money};
use bursar_time::{Date, Instant};
use serde::Serialize;

use crate::invoices::line::{Line, LineKind, TaxPart};
use crate::invoices::store::{Document, find};
use crate::invoices::{DocumentKind, InvoiceState};
use crate::settle::delivery::held_of;
use crate::settle::store::Allocation;

/// The badge of an invoice whose money is held.
const HELD: &str = "held";

/// One line of a list of invoices.
#[derive(Debug, Serialize)]
pub struct InvoiceRow {
    id: i64,
    number: String,
    is_credit_note: bool,
    customer_id: i64,
    customer: String,
    issued_on: Option<Date>,
    due_on: Option<Date>,
    status: &'static str,
    total: Money,
    open: Money,
    /// Whether the customer can pay it now.
    pub(crate) is_payable: bool,
}

/// One invoice or credit note.
#[derive(Debug, Serialize)]
pub(crate) struct InvoiceView {
    #[serde(flatten)]
    row: InvoiceRow,
    is_open: bool,
    is_draft: bool,
    version: i64,
    can_void: bool,
    can_send: bool,
    can_credit: bool,
    corrects_id: Option<i64>,
    /// The number of that invoice.
    corrects: Option<String>,
    subtotal: Money,
    discount: Money,
    tax: Money,
    has_discount: bool,
    settled: Money,
    tax_note: Option<String>,
    notes: Option<String>,
    source: String,
    closed_why: Option<String>,
    paid_at: Option<Instant>,
    lines: Vec<LineView>,
}

/// One line of a document.
#[derive(Debug, Serialize)]
struct LineView {
    description: String,
    subscription_id: Option<i64>,
    start_on: Option<Date>,
    end_on: Option<Date>,
    quantity: i64,
    unit: Money,
    net: Money,
    total: Money,
    is_setup: bool,
    explanation: Vec<String>,
}

/// What settled a part of an invoice.
#[derive(Debug, Serialize)]
pub(crate) struct SettledView {
    what: String,
    href: String,
    amount: Money,
    at: Instant,
    is_undone: bool,
}

/// The word of each document's badge.
pub(crate) async fn statuses(tx: &mut Tx, documents: &[Document]) -> Result<Vec<&'static str>, Fault> {
    let open = documents.iter().filter(|document| document.state == InvoiceState::Open);
    let held = held_of(tx, &open.map(|document| document.id).collect::<Vec<_>>()).await?;
    let today = tx.today();
    Ok(documents.iter().map(|document| status(document, held.contains(&document.id), today)).collect())
}

fn status(document: &Document, is_held: bool, today: Date) -> &'static str {
    match document.state {
        _ if document.kind == DocumentKind::CreditNote && document.state != InvoiceState::Draft => "issued",
        InvoiceState::Open if is_held => HELD,
        InvoiceState::Open if document.due_on.is_some_and(|due| due < today) => "overdue",
        InvoiceState::Open if document.settled_minor > 0 => "partially_paid",
        state => state.code(),
    }
}

fn row(document: &Document, customer: String, status: &'static str) -> InvoiceRow {
    InvoiceRow {
        id: document.id,
        number: document.number.clone().unwrap_or_else(|| format!("Draft {}", document.id)),
        is_credit_note: document.kind == DocumentKind::CreditNote,
        customer_id: document.customer_id,
        customer,
        issued_on: document.issued_on,
        due_on: document.due_on,
        status,
        total: Money::new(document.totals.total_minor, document.currency),
        open: Money::new(document.open_minor(), document.currency),
        is_payable: document.kind == DocumentKind::Invoice
            && document.state == InvoiceState::Open
            && document.open_minor() > 0
            // Nobody is asked to pay what is held already.
            && status != HELD,
    }
}

/// Documents with the names of their customers.
pub(crate) async fn rows(tx: &mut Tx, documents: &[Document]) -> Result<Vec<InvoiceRow>, Fault> {
    let ids: Vec<i64> = documents.iter().map(|document| document.customer_id).collect();
    let names = bursar_customers::names(tx, &ids).await?;
    let statuses = statuses(tx, documents).await?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_else(|| format!("Customer {id}"));
    let rows = documents.iter().zip(statuses);
    Ok(rows.map(|(document, status)| row(document, name(document.customer_id), status)).collect())
}

/// A document with its lines.
pub(crate) async fn invoice(
    tx: &mut Tx,
    document: &Document,
    lines: &[Line],
    words: &Translator,
) -> Result<InvoiceView, Fault> {
    let row = rows(tx, std::slice::from_ref(document)).await?.pop();
    let row = row.ok_or_else(|| Fault::new("one document gave no row"))?;
    let money = |minor| Money::new(minor, document.currency);
    let totals = &document.totals;
    let corrects = match document.corrects_id {
        Some(id) => find(tx, id).await?.and_then(|corrected| corrected.number),
        None => None,
    };
    let is_invoice = document.kind == DocumentKind::Invoice;
    let is_open = is_invoice && document.state == InvoiceState::Open;
    Ok(InvoiceView {
        row,
        is_open,
        is_draft: document.state == InvoiceState::Draft,
        version: document.version,
        can_void: is_open && document.settled_minor == 0,
        can_send: !matches!(document.state, InvoiceState::Draft | InvoiceState::Void),
        can_credit: is_invoice && matches!(document.state, InvoiceState::Open | InvoiceState::Paid),
        corrects_id: document.corrects_id,
        corrects,
        subtotal: money(totals.subtotal_minor),
        discount: money(totals.discount_minor),
        tax: money(totals.tax1_minor + totals.tax2_minor),
        has_discount: totals.discount_minor != 0,
        settled: money(document.settled_minor),
        tax_note: document.tax_note.clone(),
        notes: document.notes.clone(),
        source: document.source.clone(),
        closed_why: document.closed_why.clone(),
        paid_at: document.paid_at,
        lines: lines.iter().map(|line| line_view(line, document.currency, words)).collect(),
    })
}

/// Lines as templates see them.
pub(crate) fn lines(lines: &[Line], currency: Currency, words: &Translator) -> Vec<impl Serialize + use<>> {
    lines.iter().map(|line| line_view(line, currency, words)).collect::<Vec<LineView>>()
}

fn line_view(line: &Line, currency: Currency, words: &Translator) -> LineView {
    let money = |minor| Money::new(minor, currency);
    LineView {
        description: line.spec.description.clone(),
        subscription_id: line.spec.subscription_id,
        start_on: line.spec.period.map(|period| period.start),
        // People read the last day of a period, not the day after it.
        end_on: line.spec.period.map(|period| period.end.yesterday().unwrap_or(period.end)),
        quantity: line.spec.quantity,
        unit: money(line.spec.unit_minor),
        net: money(line.net_minor),
        total: money(line.total_minor()),
        is_setup: line.spec.kind == LineKind::Setup,
        explanation: explain(line, currency, words),
    }
}

/// How the figure of a line came about, step by step, from its stored inputs.
fn explain(line: &Line, currency: Currency, words: &Translator) -> Vec<String> {
    let money = |minor| Money::new(minor, currency);
    let text = |minor| format_money(money(minor), words.locale(), MoneyStyle::Symbol);
    let mut steps = Vec::new();
    let mut product = format!("{} × {}", line.spec.quantity, text(line.spec.unit_minor));
    if let Some((part, whole)) = line.inputs.share {
        let share = Text::new("billing-step-share").with("product", product);
        product = words.say(&share.with("part", part).with("whole", whole));
    }
    steps.push(format!("{product} = {}", text(line.gross_minor)));
    for discount in &line.inputs.discounts {
        let step = Text::new("billing-step-discount").with("label", discount.label.as_str());
        steps.push(words.say(&step.with("amount", amount(money(-discount.minor)))));
    }
    if line.inputs.inclusive {
        let step = Text::new("billing-step-inclusive").with("amount", amount(money(line.net_minor)));
        steps.push(words.say(&step));
    }
    let second = if line.inputs.compound { "billing-step-tax-on-top" } else { "billing-step-tax" };
    for (tax, key) in [(&line.tax1, "billing-step-tax"), (&line.tax2, second)] {
        if tax.rule_id.is_some() || tax.minor != 0 {
            let step = Text::new(key).with("percent", percent(tax));
            steps.push(words.say(&step.with("amount", amount(money(tax.minor)))));
        }
    }
    if line.tax1 == TaxPart::default() && line.tax2 == TaxPart::default() {
        steps.push(words.t("billing-step-no-tax"));
    }
    steps
}

/// `19`, `8.25`: parts per million as per cent.
fn percent(tax: &TaxPart) -> String {
    let text = format!("{}.{:04}", tax.ppm / 10_000, tax.ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What settled an invoice.
pub(crate) fn settled(
    allocations: &[Allocation],
    currency: Currency,
    words: &Translator,
) -> Vec<SettledView> {
    allocations
        .iter()
        .map(|allocation| {
            let id = allocation.source_id;
            let (what, href) = match allocation.source_kind.as_str() {
                "payment" => (
                    words.say(&Text::new("billing-settled-payment").with("id", id.to_string())),
                    format!("/admin/payments/{id}"),
                ),
                "credit" => (words.t("billing-settled-credit"), String::new()),
                "credit_note" => (words.t("billing-settled-credit-note"), format!("/admin/invoices/{id}")),
                "write_off" => (words.t("billing-settled-write-off"), String::new()),
                other => (other.to_owned(), String::new()),
            };
            SettledView {
                what,
                href,
                amount: Money::new(allocation.amount_minor, currency),
                at: allocation.created_at,
                is_undone: allocation.reversed_at.is_some(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bursar_i18n::{Locale, Texts};
    use bursar_time::Fraction;

    use super::*;
    use crate::invoices::line::{DiscountTaken, LineInputs, LineSpec};

    fn words(locale: Locale) -> Translator {
        let mut texts = Texts::default();
        texts.add("billing", bursar_i18n::texts!("../../locales"));
        Translator::new(Arc::new(texts.compile().unwrap()), locale)
    }

    #[test]
    fn a_line_explains_itself_from_its_inputs() {
        // 2 × 30.00 for 15 of 30 days is 30.00; less 3.00; 8.25 % of 27.00 is 2.23.
        let line = Line {
            spec: LineSpec {
                kind: LineKind::Proration,
                subscription_id: None,
                item_id: None,
                description: "VPS".to_owned(),
                quantity: 2,
                unit_minor: 3_000,
                period: None,
                share: Fraction::new(15, 30).unwrap(),
                taxable: true,
            },
            gross_minor: 3_000,
            discount_minor: 300,
            net_minor: 2_700,
            tax1: TaxPart { rule_id: Some(1), ppm: 82_500, minor: 223 },
            tax2: TaxPart::default(),
            inputs: LineInputs {
                share: Some((15, 30)),
                discounts: vec![DiscountTaken { label: "SPRING".to_owned(), minor: 300 }],
                ..LineInputs::default()
            },
        };
        assert_eq!(
            explain(&line, Currency::EUR, &words(Locale::En)),
            ["2 × €30.00 × 15/30 of a full period = €30.00", "less SPRING: −€3.00", "tax 8.25 %: €2.23"]
        );
        assert_eq!(explain(&line, Currency::EUR, &words(Locale::De))[1], "abzüglich SPRING: −3,00\u{a0}€");
    }
}
