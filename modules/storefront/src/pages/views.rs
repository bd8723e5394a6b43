//! Figures and words as templates get them.

use bursar_billing::invoices::line::{Line, LineKind, Totals};
use bursar_billing::subscriptions::basket::ItemQuote;
use bursar_money::{Currency, Money};
use bursar_ordering::carts::quote::CartQuote;
use bursar_time::Cycle;
use serde_json::{Value, json};

/// A cycle one can choose; texts select their words by its code.
pub(super) fn cycle_view(cycle: Cycle, is_chosen: bool) -> Value {
    json!({ "code": cycle.code(), "is_chosen": is_chosen })
}

fn sums(totals: Totals, currency: Currency) -> Value {
    let money = |minor| Money::new(minor, currency);
    let tax = totals.tax1_minor + totals.tax2_minor;
    json!({
        "net": money(totals.subtotal_minor), "tax": money(tax), "has_tax": tax != 0, "total": money(totals.total_minor),
        "total_minor": totals.total_minor,
    })
}

fn line(line: &Line, currency: Currency) -> Value {
    let money = |minor| Money::new(minor, currency);
    json!({
        "description": line.spec.description, "quantity": line.spec.quantity, "gross": money(line.gross_minor),
        "is_setup": line.spec.kind == LineKind::Setup,
        "discount": (line.discount_minor != 0).then(|| money(-line.discount_minor)),
        "from": line.spec.period.map(|period| period.start),
        "to": line.spec.period.and_then(|period| bursar_time::plus_days(period.end, -1).ok()),
    })
}

/// One thing as cart and checkout show it.
pub(super) fn item(quote: &ItemQuote, currency: Currency) -> Value {
    json!({
        "label": quote.label, "cycle": quote.cycle.code(),
        "lines": quote.lines.iter().map(|l| line(l, currency)).collect::<Vec<_>>(),
        "sums": sums(quote.totals, currency),
        "trial_ends_on": quote.trial_ends_on,
        "renewal": quote.renewal.map(|renewal| Money::new(renewal.total_minor, currency)),
        "next_on": quote.next.map(|period| period.start),
    })
}

/// The sums of a cart.
pub(super) fn totals(quote: &CartQuote) -> Value {
    let off: i64 = quote.lines.iter().map(|line| line.discount_minor).sum();
    let mut view = sums(quote.totals, quote.currency);
    if let Some(fields) = view.as_object_mut() {
        fields.insert("discount".to_owned(), json!((off != 0).then(|| Money::new(-off, quote.currency))));
        fields.insert("tax_note".to_owned(), json!(quote.tax_note));
        fields.insert("country".to_owned(), json!(quote.country));
        fields.insert("due_on".to_owned(), json!(quote.due_on));
    }
    view
}
