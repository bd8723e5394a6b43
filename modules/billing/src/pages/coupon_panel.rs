//! Who used a coupon, on its page: the catalogue knows customers and subscriptions by their ids only.

use bursar_app::Registry;
use bursar_catalog::redemptions;
use bursar_db::Tx;
use bursar_web::{Cell, PANEL_ROWS, Panel, PanelAsk, PanelView, Reading};

use super::store;
use crate::permissions::SUBSCRIPTION_VIEW;

pub(super) fn register(registry: &mut Registry) {
    registry.panel(Panel::new("catalog.coupon", "billing.uses", "Used by", SUBSCRIPTION_VIEW, used_by));
}

fn used_by(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let most = u32::try_from(PANEL_ROWS + 1).expect("a small number fits");
        let used = redemptions(tx, ask.id, ask.before, most).await?;
        let customers: Vec<i64> = used.iter().map(|it| it.customer_id).collect();
        let subscriptions: Vec<i64> = used.iter().map(|it| it.subscription_id).collect();
        let names = async |tx: &mut Tx| bursar_customers::names(tx, &customers).await;
        let labels = async |tx: &mut Tx| store::labels(tx, &subscriptions).await;
        let (names, labels) = tx.both(names, labels).await?;
        let rows = used
            .into_iter()
            .map(|it| {
                let name = names.get(&it.customer_id).map_or("", String::as_str);
                let label = labels.get(&it.subscription_id).map_or("", String::as_str);
                let cells = vec![
                    Cell::text(name).to(format!("/admin/customers/{}", it.customer_id)),
                    Cell::text(label).to(format!("/admin/subscriptions/{}", it.subscription_id)),
                    Cell::instant(it.redeemed_at),
                ];
                (it.id, cells)
            })
            .collect();
        Ok(PanelView::new("Nobody yet.").table(&["Customer", "Subscription", "When"], rows))
    })
}
