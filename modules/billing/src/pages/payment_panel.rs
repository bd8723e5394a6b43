//! What the page of a payment shows of billing: the invoices it is meant for. Payments knows them by their ids only.

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_web::{Cell, PANEL_ROWS, Panel, PanelAsk, PanelView, Reading};

use super::views;
use crate::invoices::store::find_many;
use crate::permissions::INVOICE_VIEW;

pub(super) fn register(registry: &mut Registry) {
    registry.panel(Panel::new("payments.payment", "billing.meant_for", "Meant for", INVOICE_VIEW, meant_for));
}

fn meant_for(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let view = PanelView::new("No invoice: it became the customer's credit.");
        let Some(payment) = bursar_payments::find(tx, Id::new(ask.id)).await? else { return Ok(view) };
        let all = payment.purpose.invoices;
        // They stand in the order in which the money is used, which is not that of their ids.
        let from = all.iter().position(|(id, _)| Some(*id) == ask.before).map_or(0, |at| at + 1);
        let most = usize::try_from(PANEL_ROWS).expect("a small number fits");
        let parts: Vec<(i64, i64)> = all.into_iter().skip(from).take(most + 1).collect();
        let ids: Vec<i64> = parts.iter().map(|(id, _)| *id).collect();
        let found = if ids.is_empty() { Vec::new() } else { find_many(tx, &ids).await? };
        let statuses = views::statuses(tx, &found).await?;
        let rows = parts.into_iter().filter_map(|(id, minor)| {
            let (document, status) = found.iter().zip(&statuses).find(|(document, _)| document.id == id)?;
            let number = document.number.clone().unwrap_or_else(|| format!("Draft {id}"));
            let cells = vec![
                Cell::text(number).to(format!("/admin/invoices/{id}")),
                Cell::badge(*status),
                Cell::money(Money::new(minor, document.currency)),
            ];
            Some((id, cells))
        });
        Ok(view.table(&["Invoice", "Status", "Of this payment"], rows.collect()))
    })
}
