//! The first page of staff, and the root of the host.

use axum::Extension;
use axum::extract::State;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{PageResult, Public, Routes, SignedIn, Surface, Visit};
use serde_json::json;

use super::desk::Desk;
use super::problems;

pub(super) fn routes(desk: Desk) -> Routes {
    Routes::new("desk").get("/", Public, root).get("/admin", SignedIn(Surface::Staff), show).with_state(desk)
}

/// Staff to their office, everybody else to the portal.
async fn root(visit: Visit) -> PageResult {
    let surface = visit.who().map_or(Surface::Customer, |who| who.surface());
    visit.redirect(surface.home_path())
}

async fn show(visit: Visit, State(_): State<Desk>, Extension(cx): Extension<Cx>) -> PageResult {
    let (customers, overview) = cx
        .read(async |tx: &mut Tx| {
            let customers = bursar_customers::count_active(tx).await?;
            Ok::<_, Fault>((customers, bursar_billing::pages::overview(tx).await?))
        })
        .await?;
    let waiting = problems::count(&cx).await?;
    visit.page(
        "desk/dashboard/admin_show.html",
        json!({ "customers": customers, "overview": overview, "waiting": waiting }),
    )
}
