//! Every part of the shell on a few pages, for looking at: `cargo run -p bursar-web --example gallery`, then
//! http://127.0.0.1:4780/admin, /admin/detail, /portal, /bare and /nowhere; `?lang=ar` runs from right to left.

use std::collections::BTreeSet;

use bursar_fault::Fault;
use bursar_web::{PageResult, Public, Routes, SignedIn, Surface, Transport, Visit, serve, shutdown_signal};
use tokio::net::TcpListener;

mod samples;
mod stage;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let web = stage::web(Transport::Plain, true);
    let routes = Routes::<()>::new("gallery")
        .get("/admin", SignedIn(Surface::Staff), async |visit: Visit| -> PageResult {
            visit.page("gallery/parts.html", samples::parts("Müller & Söhne GmbH"))
        })
        .get("/admin/detail", SignedIn(Surface::Staff), async |visit: Visit| -> PageResult {
            visit.page("gallery/detail.html", samples::detail("Müller & Söhne GmbH"))
        })
        .get("/portal", SignedIn(Surface::Customer), async |visit: Visit| -> PageResult {
            visit.page("gallery/portal.html", samples::portal())
        })
        .get("/bare", Public, async |visit: Visit| -> PageResult {
            visit.page("gallery/sign_in.html", samples::sign_in())
        })
        .with_state(());
    let (router, _) = web
        .router(vec![routes], &BTreeSet::new())
        .map_err(|error| Fault::wrap("building the router", error))?;
    let listener =
        TcpListener::bind("127.0.0.1:4780").await.map_err(|error| Fault::wrap("binding port 4780", error))?;
    serve(listener, router, async {
        // Without signals the gallery is ended by killing it.
        if shutdown_signal().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
    .await
}
