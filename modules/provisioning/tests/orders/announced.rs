//! What vendors announce by themselves.

use bursar_db::Tx;
use bursar_hosting::{WebhookRefused, WebhookRequest};
use bursar_provisioning::announced::{Verdict, receive};
use bursar_provisioning::drift::{DriftKind, list};

use crate::shop::{monthly, on_both};

#[test]
fn whoever_is_named_is_looked_at_soon_and_nobody_believes_a_forgery() {
    on_both(async |shop| {
        let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
        let (order, invoice) = shop.order(ann, vec![monthly(vps)]).await;
        shop.pay(ann, invoice).await;
        shop.settle().await;
        let service = shop.services_of(order).await[0].id;
        let resource = async move |tx: &mut Tx| bursar_provisioning::resource_of(tx, service).await;
        let server = shop.cx.read(resource).await.unwrap().unwrap().server_id;
        drop(shop.panel.take_webhooks(shop.cx.now()));
        shop.remove_at_panel(service).await;
        let hook = shop.panel.take_webhooks(shop.cx.now()).pop().unwrap();

        let hear = async |server, hook: &WebhookRequest| {
            receive(&shop.cx, &shop.drivers, server, hook).await.unwrap()
        };
        let forged = WebhookRequest { body: b"{}".to_vec(), ..hook.clone() };
        assert_eq!(hear(server, &forged).await, Verdict::Refused(WebhookRefused::BadSignature));
        assert_eq!(hear(server + 1, &hook).await, Verdict::NoServer);
        let differences = async || shop.cx.read(async |tx: &mut Tx| list(tx, 0, 10).await).await.unwrap();
        shop.app.drain(&shop.cx).await.unwrap();
        assert_eq!(differences().await, [], "nothing was believed");

        // Twice, as vendors do.
        assert_eq!(hear(server, &hook).await, Verdict::Taken);
        assert_eq!(hear(server, &hook).await, Verdict::Taken);
        shop.app.drain(&shop.cx).await.unwrap();
        let found = differences().await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].service_id), (DriftKind::Missing, Some(service)));
    });
}
