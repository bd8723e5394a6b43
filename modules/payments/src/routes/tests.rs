use std::sync::Arc;

use bursar_gateway::{ChargeRequest, Gateway, IdempotencyKey, MethodToken, Presence};
use bursar_gateway_sandbox::{Processor, SandboxGateway, cards};
use bursar_ids::Rng;
use bursar_money::{Currency, Money};
use bursar_testkit::on_both_engines;
use bursar_vault::{KeyRing, Vault};
use http::HeaderValue;

use super::*;

#[test]
fn a_webhook_is_answered_by_what_became_of_it() {
    on_both_engines(vec![bursar_jobs::migrations(), crate::migrations()], async |cx| {
        let processor = Arc::new(Processor::in_memory());
        let gateway = SandboxGateway::new(processor.clone());
        let call =
            bursar_outbound::Call::new(cx.now(), bursar_outbound::DEFAULT_TIMEOUT, processor.credentials());
        let request = ChargeRequest {
            key: IdempotencyKey::new("pay:k").unwrap(),
            amount: Money::new(100, Currency::EUR),
            method: Some(MethodToken::new(cards::VISA)),
            customer: 1,
            description: String::new(),
            return_url: None,
            presence: Presence::Present,
        };
        gateway.charge(&call, &request).await.unwrap();
        let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(1)));
        let gateways = Gateways::new(vault).with(Arc::new(gateway), processor.credentials());
        let sent = processor.take_webhooks(cx.now()).remove(0);
        let mut headers = HeaderMap::new();
        headers.insert("sandbox-signature", sent.header("sandbox-signature").unwrap().parse().unwrap());
        headers.insert("x-odd", HeaderValue::from_bytes(b"\xff").unwrap());
        let post = |gateway: &str, body: &[u8]| {
            let body = Bytes::copy_from_slice(body);
            let visitor =
                cx.for_actor(bursar_ids::Actor::Staff(1), bursar_context::Permissions::none(), "test");
            webhook(
                State(gateways.clone()),
                Extension(visitor),
                Path(gateway.to_owned()),
                headers.clone(),
                body,
            )
        };
        assert_eq!(post("sandbox", &sent.body).await.unwrap(), StatusCode::OK);
        assert_eq!(post("sandbox", &sent.body).await.unwrap(), StatusCode::OK, "again");
        assert_eq!(post("sandbox", b"altered").await.unwrap(), StatusCode::BAD_REQUEST);
        assert_eq!(post("nowhere", &sent.body).await.unwrap(), StatusCode::NOT_FOUND);
    });
}
