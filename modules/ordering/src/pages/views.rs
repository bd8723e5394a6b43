//! An order as templates get it.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Money;
use serde_json::{Value, json};

use crate::carts::Wish;
use crate::orders::list::OrderDetail;
use crate::orders::{Order, OrderItem};
use crate::questions;

/// The head of an order.
pub(super) fn head(order: &Order) -> Value {
    json!({
        "id": order.id, "number": order.number, "status": order.status.code(), "total": order.total,
        "is_free": order.total.is_zero(), "invoice_id": order.invoice_id, "placed_at": order.placed_at,
        "expires_at": order.expires_at, "paid_at": order.paid_at, "decided_at": order.decided_at,
        "decided_why": order.decided_why, "customer_id": order.customer_id, "note": order.customer_note,
        "from_address": order.from_address, "source": order.source, "codes": order.codes,
        "is_over": order.status.is_over(),
    })
}

/// The things of an order with what they consist of: an order has at most twenty, each with a few choices.
pub(super) async fn items(tx: &mut Tx, detail: &OrderDetail) -> Result<Vec<Value>, Fault> {
    let mut views = Vec::with_capacity(detail.items.len());
    for item in &detail.items {
        let choices = choices(tx, &item.wish).await?;
        let answers = match &item.wish {
            Wish::Product(picked) => questions::in_words(tx, picked.product, &item.answers).await?,
            Wish::Other { .. } => Vec::new(),
        };
        views.push(view(item, detail.order.total, choices, answers));
    }
    Ok(views)
}

fn view(item: &OrderItem, total: Money, choices: Vec<String>, answers: Vec<(String, String)>) -> Value {
    let money = |minor| Money::new(minor, total.currency());
    let quantity = match &item.wish {
        Wish::Product(picked) => picked.quantity,
        Wish::Other { .. } => 1,
    };
    json!({
        "label": item.label, "quantity": quantity, "cycle": item.cycle.code(), "cycle_label": item.cycle.label(),
        "now": money(item.now_minor), "renewal": item.renewal_minor.map(money), "choices": choices,
        "answers": answers, "subscription_id": item.subscription_id,
    })
}

/// What was chosen, in words: `Memory: 8 GB`, `2 × Backup`.
async fn choices(tx: &mut Tx, wish: &Wish) -> Result<Vec<String>, Fault> {
    let Wish::Product(picked) = wish else { return Ok(Vec::new()) };
    let mut words = Vec::new();
    let product = Id::new(picked.product);
    if !picked.options.is_empty() {
        let known = bursar_catalog::options_of_product(tx, product).await?;
        for (option, value, quantity) in &picked.options {
            let Some(option) = known.iter().find(|own| own.id == *option) else { continue };
            let value = option.values.iter().find(|own| own.id == *value).map_or("", |own| own.name.as_str());
            let times = if *quantity > 1 { format!(" × {quantity}") } else { String::new() };
            words.push(format!("{}: {value}{times}", option.details.name));
        }
    }
    for (addon, quantity) in &picked.addons {
        if let Some(addon) = bursar_catalog::find_addon(tx, *addon).await? {
            let times = if *quantity > 1 { format!("{quantity} × ") } else { String::new() };
            words.push(format!("{times}{}", addon.details.name));
        }
    }
    Ok(words)
}
