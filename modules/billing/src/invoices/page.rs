//! A document as it is printed: every figure formatted, every word in the buyer's language, from the frozen snapshots.

use std::collections::BTreeMap;

use bursar_customers::Party as Customer;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::{Locale, MoneyStyle, country_name, format_date, format_money, format_number};
use bursar_ids::Id;
use bursar_money::{Currency, Money, Ppm};
use bursar_time::Date;

use super::line::{Line, LineKind};
use super::store::{Document, find, lines};
use super::{DocumentKind, InvoiceState};
use crate::document::{
    self, Brand, DocumentData, DocumentLine, Labels, Paper, Party, Payment, Stamp, TaxRow, Totals,
};
use crate::sellers::{self, Seller};
use crate::settings::BillingSettings;
use crate::{settle, taxes};

struct Words {
    locale: Locale,
    currency: Currency,
}

impl Words {
    fn money(&self, minor: i64) -> String {
        format_money(Money::new(minor, self.currency), self.locale, MoneyStyle::Code)
    }

    fn bare(&self, minor: i64) -> String {
        // Columns say the currency once, in the totals.
        self.money(minor).replace(self.currency.code(), "").replace('\u{a0}', "")
    }

    fn date(&self, date: Date) -> String {
        format_date(date, self.locale)
    }
}

/// Everything the PDF of a document shows.
///
/// # Errors
/// A fault when the document does not exist or its snapshots are gone.
pub async fn document_data(tx: &mut Tx, id: i64) -> Result<DocumentData, Fault> {
    let document = find(tx, id).await?.ok_or_else(|| Fault::new(format!("document {id} does not exist")))?;
    let lines = lines(tx, id).await?;
    let seller = match document.seller_id {
        Some(seller) => sellers::find(tx, seller).await?,
        None => newest_seller(tx).await?,
    };
    let buyer = buyer(tx, &document).await?;
    let settings = BillingSettings::load(tx).await?;
    let brand = super::brand::load(tx).await?;
    let names = taxes::store::names(tx).await?;
    let by_credit: i64 = settle::store::allocations(tx, id)
        .await?
        .iter()
        .filter(|a| a.reversed_at.is_none() && a.source_kind != "payment")
        .map(|a| a.amount_minor)
        .sum();
    let locale = Locale::parse(&buyer.language).unwrap_or_default();
    let words = Words { locale, currency: document.currency };
    let today = tx.today();
    Ok(assemble(
        &document,
        &lines,
        &seller.unwrap_or_default(),
        &buyer,
        &settings,
        brand,
        &names,
        by_credit,
        &words,
        today,
    ))
}

async fn newest_seller(tx: &mut Tx) -> Result<Option<Seller>, Fault> {
    match sellers::current(tx).await? {
        Some(id) => sellers::find(tx, id).await,
        None => Ok(None),
    }
}

async fn buyer(tx: &mut Tx, document: &Document) -> Result<Customer, Fault> {
    let snapshot = match document.buyer_id {
        Some(id) => id,
        None => {
            let customer = bursar_customers::find(tx, Id::new(document.customer_id)).await?;
            customer
                .ok_or_else(|| Fault::corrupt(format!("document {} has no customer", document.id)))?
                .snapshot_id
        }
    };
    bursar_customers::snapshot(tx, snapshot).await
}

#[expect(clippy::too_many_arguments, reason = "everything a document is made of, put together in one place")]
fn assemble(
    document: &Document,
    lines: &[Line],
    seller: &Seller,
    buyer: &Customer,
    settings: &BillingSettings,
    brand: Brand,
    names: &BTreeMap<i64, String>,
    by_credit: i64,
    words: &Words,
    today: Date,
) -> DocumentData {
    let is_open = document.state == InvoiceState::Open;
    let is_invoice = document.kind == DocumentKind::Invoice;
    let kind = match (document.kind, document.state) {
        (DocumentKind::CreditNote, _) => document::DocumentKind::CreditNote,
        (DocumentKind::Invoice, InvoiceState::Draft) => document::DocumentKind::Draft,
        (DocumentKind::Invoice, _) => document::DocumentKind::Invoice,
    };
    let stamp = match document.state {
        InvoiceState::Paid if is_invoice => Stamp::Paid,
        InvoiceState::Void => Stamp::Void,
        InvoiceState::Open if document.due_on.is_some_and(|due| due < today) => Stamp::Overdue,
        InvoiceState::Open | InvoiceState::Paid | InvoiceState::Draft | InvoiceState::Uncollectible => {
            Stamp::None
        }
    };
    let instructions = settings.payment_instructions.trim().to_owned();
    let payment = (is_open && is_invoice && !instructions.is_empty()).then(|| Payment {
        details: Vec::new(),
        instructions,
        link: None,
    });
    DocumentData {
        kind,
        number: document.number.clone().unwrap_or_else(|| document.id.to_string()),
        dated_on: document.issued_on.unwrap_or(today),
        issued_on: document.issued_on.map(|on| words.date(on)),
        due_on: document.due_on.filter(|_| is_invoice).map(|on| words.date(on)),
        references: Vec::new(),
        stamp,
        seller: seller_party(seller, words.locale),
        buyer: buyer_party(buyer, words.locale),
        legal: legal(seller),
        lines: lines.iter().map(|line| printed(line, words)).collect(),
        totals: totals(document, lines, names, by_credit, words),
        secondary: None,
        notes: notes(document),
        payment,
        currency: document.currency.code().to_owned(),
        brand,
        labels: Labels::for_language(&buyer.language),
        language: if buyer.language.is_empty() { "en".to_owned() } else { buyer.language.clone() },
        paper: if seller.country == "US" { Paper::Letter } else { Paper::A4 },
    }
}

fn printed(line: &Line, words: &Words) -> DocumentLine {
    let spec = &line.spec;
    let period = spec.period.map(|p| {
        let last = bursar_time::plus_days(p.end, -1).unwrap_or(p.end);
        format!("{} \u{2013} {}", words.date(p.start), words.date(last))
    });
    let rates: Vec<String> = [line.tax1, line.tax2]
        .iter()
        .filter(|tax| tax.rule_id.is_some())
        .map(|tax| format!("{}\u{a0}%", Ppm::new(tax.ppm).to_percent_text()))
        .collect();
    DocumentLine {
        description: spec.description.clone(),
        is_setup: spec.kind == LineKind::Setup,
        period,
        quantity: (spec.quantity != 1).then(|| format_number(spec.quantity, words.locale)),
        unit_price: (spec.quantity != 1).then(|| words.bare(spec.unit_minor)),
        discount: (line.discount_minor != 0).then(|| words.bare(-line.discount_minor)),
        net: None,
        tax: (!rates.is_empty()).then(|| rates.join(" + ")),
        amount: words.bare(line.net_minor),
    }
}

fn totals(
    document: &Document,
    lines: &[Line],
    names: &BTreeMap<i64, String>,
    by_credit: i64,
    words: &Words,
) -> Totals {
    let mut sums: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
    for line in lines {
        for tax in [line.tax1, line.tax2] {
            if let Some(rule) = tax.rule_id {
                let sum = sums.entry((rule, tax.ppm)).or_default();
                sum.0 += line.net_minor;
                sum.1 += tax.minor;
            }
        }
    }
    let mut taxes: Vec<TaxRow> = sums
        .into_iter()
        .map(|((rule, ppm), (base, tax))| TaxRow {
            name: names.get(&rule).cloned().unwrap_or_default(),
            rate: format!("{}\u{a0}%", Ppm::new(ppm).to_percent_text()),
            base: Some(words.bare(base)),
            amount: words.money(tax),
        })
        .collect();
    let all = document.totals.tax1_minor + document.totals.tax2_minor;
    if taxes.is_empty() && all != 0 {
        // Documents of another system say their tax as a whole.
        taxes.push(TaxRow { amount: words.money(all), ..TaxRow::default() });
    }
    let t = document.totals;
    let by_payment = document.settled_minor - by_credit;
    let is_invoice = document.kind == DocumentKind::Invoice;
    let owed = is_invoice && document.state != InvoiceState::Draft;
    Totals {
        subtotal: Some(words.money(t.subtotal_minor)),
        discount: None,
        taxes,
        total: words.money(t.total_minor),
        paid: (owed && by_payment != 0).then(|| words.money(-by_payment)),
        credit_applied: (owed && by_credit != 0).then(|| words.money(-by_credit)),
        balance_due: owed.then(|| words.money(document.open_minor())),
    }
}

fn notes(document: &Document) -> Vec<String> {
    let tax = match document.tax_note.as_deref() {
        Some("reverse_charge") => Some(
            "Reverse charge: VAT is to be accounted for by the recipient (Article 196 of Directive 2006/112/EC).",
        ),
        Some("exempt") => Some("Exempt from tax."),
        _ => None,
    };
    tax.map(str::to_owned).into_iter().chain(document.notes.clone()).collect()
}

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn seller_party(seller: &Seller, locale: Locale) -> Party {
    Party {
        name: seller.name.clone(),
        company: None,
        address: seller.address.clone(),
        country: country(&seller.country, locale),
        tax_id: some(&seller.tax_id),
        email: some(&seller.email),
    }
}

/// As the document's language calls it. A code that no country has was imported and is printed as it came.
fn country(code: &str, locale: Locale) -> Option<String> {
    country_name(locale, code).map_or_else(|| some(code), |name| Some(name.to_owned()))
}

fn legal(seller: &Seller) -> Vec<String> {
    [&seller.registration, &seller.website].into_iter().filter_map(|text| some(text)).collect()
}

fn buyer_party(buyer: &Customer, locale: Locale) -> Party {
    let town = format!("{} {}", buyer.postcode, buyer.city);
    let address = [&buyer.address1, &buyer.address2, &town, &buyer.state];
    Party {
        name: buyer.name.clone(),
        company: some(&buyer.company),
        address: address.into_iter().filter_map(|line| some(line)).collect(),
        country: country(&buyer.country, locale),
        tax_id: some(&buyer.tax_id),
        email: some(&buyer.email),
    }
}
