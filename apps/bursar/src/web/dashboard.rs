//! The first page of staff.

use axum::Extension;
use axum::extract::State;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{PageResult, Routes, SignedIn, Surface, Visit};
use serde_json::json;

use super::desk::Desk;
use super::problems;

pub(super) fn routes(desk: Desk) -> Routes {
    Routes::new("desk").get("/admin", SignedIn(Surface::Staff), show).with_state(desk)
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
