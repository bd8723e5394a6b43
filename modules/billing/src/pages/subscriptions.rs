//! Subscriptions for staff.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_money::Money;
use bursar_web::{PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use super::store;
use crate::error::BillError;
use crate::invoices::line::DiscountValue;
use crate::permissions;
use crate::subscriptions::detail::{self, Detail, ItemDetail};
use crate::subscriptions::{Granted, store as subscriptions};

pub(crate) fn routes() -> Routes {
    Routes::<()>::new("billing")
        .get("/admin/subscriptions/{id}", Permission(permissions::SUBSCRIPTION_VIEW), show)
        .with_state(())
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let may_change = visit.can(permissions::SUBSCRIPTION_CHANGE);
    let context = cx
        .read(async move |tx: &mut Tx| {
            let found = detail::get(tx, id).await?;
            let items = detail::all_items(tx, id).await?;
            let discounts = subscriptions::discounts(tx, &[id]).await?.remove(&id).unwrap_or_default();
            let names = bursar_customers::names(tx, &[found.core.customer_id]).await?;
            let changes = store::changes(tx, id).await?;
            let mut subscription = view(&found);
            subscription["scheduled"] = json!(changes.iter().any(store::ChangeRow::is_scheduled));
            Ok::<_, BillError>(json!({
                "subscription": subscription, "may_change": may_change,
                "customer": names.get(&found.core.customer_id).map_or("", String::as_str),
                "items": items.iter().map(|item| item_view(item, &found)).collect::<Vec<_>>(),
                "discounts": discounts.iter().map(|granted| discount_view(granted, &found)).collect::<Vec<_>>(),
                "billed": store::billed(tx, id).await?,
                "changes": changes,
            }))
        })
        .await?;
    visit.page("billing/subscriptions/admin_show.html", context)
}

fn view(found: &Detail) -> Value {
    let core = &found.core;
    json!({
        "id": core.id, "label": core.label, "status": core.status.code(), "is_over": core.status.is_over(), "customer_id": core.customer_id,
        "currency": core.currency.code(), "cycle": core.cycle.code(), "mode": core.mode.code(),
        "next_start_on": core.next.start, "next_end_on": core.next.end, "next_bill_on": core.next_bill_on,
        "anchor_on": core.anchor.on, "anchor_day": core.anchor.day, "lead_days": core.lead_days,
        "cancel_on": core.cancel_on, "cancel_reason": found.cancel_reason, "periods_left": core.periods_left,
        "trial_ends_on": found.trial_ends_on, "started_on": found.started_on, "ended_on": found.ended_on,
        "paused_on": found.paused_on, "source": found.source,
    })
}

fn item_view(row: &ItemDetail, found: &Detail) -> Value {
    let money = |minor| Money::new(minor, found.core.currency);
    json!({
        "description": row.item.description, "quantity": row.item.quantity, "unit": money(row.item.unit_minor),
        "setup": (row.item.setup_minor != 0).then(|| money(row.item.setup_minor)), "setup_due": row.item.setup_due,
        "billed_from_on": row.item.billed_from_on, "ended_on": row.ended_on,
    })
}

fn discount_view(granted: &Granted, found: &Detail) -> Value {
    let money = |minor| Money::new(minor, found.core.currency).to_string();
    let value = match granted.discount.value {
        DiscountValue::Percent(share) => format!("{} %", share.get() / 10_000),
        DiscountValue::Fixed(minor) => money(minor),
        DiscountValue::UnitPrice(minor) => format!("unit price {}", money(minor)),
    };
    json!({ "label": granted.discount.label, "value": value, "periods_left": granted.periods_left })
}
