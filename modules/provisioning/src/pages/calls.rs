//! What stands on the page of a server, how it answers and what is on it, and the list of every hour of all of them.

use std::collections::BTreeMap;

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_time::Instant;
use bursar_web::{
    Cell, Column, Filter, Lens, PANEL_ROWS, Panel, PanelAsk, PanelView, Reading, Resource, paths,
};

use crate::permissions::SERVICE_VIEW;
use crate::{calls, lanes, places, store};

const LIST: &str = "/admin/server-calls";

pub(super) fn register(registry: &mut Registry) {
    registry.panel(
        Panel::new("inventory.server", "provisioning.calls", "Calls", SERVICE_VIEW, of_server).order(10),
    );
    registry.panel(
        Panel::new("inventory.server", "provisioning.on_server", "Services on it", SERVICE_VIEW, on_server)
            .order(5),
    );
    registry.resource(hours());
}

fn of_server(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let before = ask.before.map_or(Instant::MAX, Instant::from_micros);
        let found = calls::hours(tx, ask.id, before, PANEL_ROWS + 1).await?;
        let mut view = PanelView::new("Nothing was made or changed on it yet.");
        if let Some(lane) = lanes::find(tx, ask.id).await? {
            let at_once = i64::from(lane.breaker.admits(lane.limits.at_once));
            view = view.fact("At once", Cell::number(at_once));
            view = match lane.breaker.opened_at {
                None => view.fact("Now", Cell::badge("up")),
                Some(opened_at) => view
                    .fact("Now", Cell::badge("down").note(lane.breaker.why.clone()))
                    .fact("Left alone since", Cell::instant(opened_at))
                    .fact("Tried again", Cell::instant(lane.rests_until)),
            };
        }
        let rows = found
            .into_iter()
            .map(|(hour_at, calls)| {
                let cells = vec![
                    Cell::instant(hour_at),
                    Cell::number(calls.calls),
                    Cell::number(calls.failed),
                    Cell::number(calls.repeated),
                    Cell::number(calls.average_ms()),
                    Cell::number(calls.longest_ms()),
                ];
                (hour_at.micros(), cells)
            })
            .collect();
        Ok(view
            .table(&["Hour", "Calls", "No answer", "Repeated", "Average ms", "Longest ms"], rows)
            .all(format!("{LIST}?server={}", ask.id)))
    })
}

fn on_server(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let places = places::on_server(tx, ask.id, ask.before.unwrap_or(i64::MAX), PANEL_ROWS + 1).await?;
        let ids: Vec<i64> = places.iter().map(|(service, _)| *service).collect();
        let services = store::some(tx, &ids).await?;
        let customers: Vec<i64> = services.values().map(|service| service.customer_id).collect();
        let customers = bursar_customers::names(tx, &customers).await?;
        let rows = places
            .into_iter()
            .map(|(id, is_firm)| {
                let place = Cell::badge(if is_firm { "confirmed" } else { "held" });
                let Some(service) = services.get(&id) else {
                    return (
                        id,
                        vec![Cell::text(format!("Service {id}")), Cell::nothing(), Cell::nothing(), place],
                    );
                };
                let label = Cell::text(&*service.label)
                    .to(format!("/admin/services/{id}"))
                    .note(service.name.clone().unwrap_or_default());
                let name = customers.get(&service.customer_id).map_or("", String::as_str);
                let customer = Cell::text(name).to(format!("/admin/customers/{}", service.customer_id));
                (id, vec![label, customer, Cell::badge(service.state.code()), place])
            })
            .collect();
        Ok(PanelView::new("None yet.").table(&["Service", "Customer", "State", "Place"], rows))
    })
}

fn hours() -> Resource {
    Resource::new("server-calls", "Calls to servers", paths!("/admin/server-calls"), SERVICE_VIEW)
        .described("chart-bar", "How each server answered what was made and changed on it, hour by hour.")
        .in_nav("Servers", 393)
        .from("provisioning_call_hours AS h", "h.id")
        .columns(vec![
            Column::named("server", "Server", "h.server_id", names).to("/admin/servers/"),
            Column::instant("hour", "Hour", "h.hour_at").sorts("newest"),
            Column::number("calls", "Calls", "h.calls"),
            Column::number("failed", "No answer", "h.failed"),
            Column::number("repeated", "Repeated", "h.repeated"),
            Column::number("average_ms", "Average ms", "h.took_micros / h.calls / 1000"),
            Column::number("longest_ms", "Longest ms", "h.longest_micros / 1000"),
            Column::badge(
                "state",
                "Now",
                "(SELECT CASE WHEN l.opened_at IS NULL THEN 'up' ELSE 'down' END
                    FROM provisioning_lanes AS l WHERE l.server_id = h.server_id)",
            ),
            Column::number("within_second", "Within a second", "h.within_second").extra(),
            Column::number("within_ten_seconds", "Within ten seconds", "h.within_ten_seconds").extra(),
        ])
        .filters(vec![
            Filter::id("server", "Server number", "h.server_id"),
            Filter::yes_no("silent", "Without an answer", "CASE WHEN h.failed > 0 THEN 1 ELSE 0 END"),
        ])
        .lenses(vec![Lens::new("", "All", "", &["newest"])])
        .empty(
            "No calls yet",
            "Every hour in which something is made or changed on a server is counted here.",
        )
}

fn names(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { places::server_names(tx, &ids).await })
}
