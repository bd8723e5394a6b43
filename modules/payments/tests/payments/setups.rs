//! Methods given on the vendor's own page.

use bursar_db::Tx;
use bursar_gateway_sandbox::{CallTrouble, cards};
use bursar_payments::{
    PayError, SetupResult, begin_setup, charge_automatically, charge_by_hand, finish_setup, list_methods,
    pays_automatically,
};

use crate::shop::{Shop, on_both};

const CUSTOMER: i64 = 7;
const RETURN: &str = "/portal/methods/setups/";

/// The number of the setup that the vendor sends the browser back to, and the vendor's name of it.
fn newest(shop: &Shop) -> (i64, String) {
    let setup = shop.processor.setups().pop().unwrap();
    (setup.return_url.strip_prefix(RETURN).unwrap().parse().unwrap(), setup.reference)
}

async fn kept(shop: &Shop) -> Vec<(String, bool)> {
    let methods = shop.cx.read(async move |tx: &mut Tx| list_methods(tx, CUSTOMER).await).await.unwrap();
    methods.into_iter().map(|method| (method.label, method.is_default)).collect()
}

#[test]
fn a_card_given_on_the_vendors_page_is_kept_once() {
    on_both(async |shop| {
        let url = begin_setup(&shop.cx, &shop.gateways, CUSTOMER, "sandbox", RETURN).await.unwrap();
        let (id, reference) = newest(&shop);
        assert_eq!(url, format!("/sandbox/methods/{reference}"));
        let early = finish_setup(&shop.cx, &shop.gateways, CUSTOMER, id).await.unwrap();
        assert_eq!(early, SetupResult::Waiting { url });
        shop.processor.complete_setup(&reference, Some(cards::MASTERCARD)).unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..5 {
            let (cx, gateways) = (shop.cx.cx(), shop.gateways.clone());
            tasks.spawn(async move { finish_setup(&cx, &gateways, CUSTOMER, id).await.unwrap() });
        }
        let mut results = tasks.join_all().await;
        results.dedup();
        assert!(matches!(results[..], [SetupResult::Stored(_)]), "{results:?}");
        assert_eq!(kept(&shop).await, [("Mastercard ···· 4444".to_owned(), true)]);
    });
}

#[test]
fn whoever_goes_back_without_a_card_has_none() {
    on_both(async |shop| {
        begin_setup(&shop.cx, &shop.gateways, CUSTOMER, "sandbox", RETURN).await.unwrap();
        let (id, reference) = newest(&shop);
        shop.processor.complete_setup(&reference, None).unwrap();
        let done = finish_setup(&shop.cx, &shop.gateways, CUSTOMER, id).await.unwrap();
        assert_eq!(done, SetupResult::Abandoned);
        // The answer on the vendor's page counts once.
        shop.processor.complete_setup(&reference, Some(cards::VISA)).unwrap();
        let done = finish_setup(&shop.cx, &shop.gateways, CUSTOMER, id).await.unwrap();
        assert_eq!(done, SetupResult::Abandoned);
        assert!(kept(&shop).await.is_empty());
    });
}

#[test]
fn a_vendor_that_does_not_answer_is_asked_again_and_strangers_are_told_nothing() {
    on_both(async |shop| {
        shop.processor.next_calls([CallTrouble::LoseAfter]);
        let lost = begin_setup(&shop.cx, &shop.gateways, CUSTOMER, "sandbox", RETURN).await.unwrap_err();
        assert!(matches!(lost, PayError::Gateway(_)), "{lost:?}");
        let (id, reference) = newest(&shop);
        shop.processor.complete_setup(&reference, Some(cards::VISA)).unwrap();
        let foreign = finish_setup(&shop.cx, &shop.gateways, CUSTOMER + 1, id).await.unwrap_err();
        assert!(matches!(foreign, PayError::NotFound), "{foreign:?}");
        shop.processor.next_calls([CallTrouble::LoseBefore]);
        assert!(finish_setup(&shop.cx, &shop.gateways, CUSTOMER, id).await.is_err());
        let done = finish_setup(&shop.cx, &shop.gateways, CUSTOMER, id).await.unwrap();
        assert!(matches!(done, SetupResult::Stored(_)), "{done:?}");
        let unknown = begin_setup(&shop.cx, &shop.gateways, CUSTOMER, "nobody", RETURN).await.unwrap_err();
        assert!(matches!(unknown, PayError::NoGateway(_)), "{unknown:?}");
    });
}

#[test]
fn a_customer_turns_automatic_payment_off_and_on() {
    on_both(async |shop| {
        let is_on =
            async || shop.cx.read(async |tx: &mut Tx| pays_automatically(tx, CUSTOMER).await).await.unwrap();
        assert!(is_on().await);
        for _ in 0..2 {
            shop.cx.write(async |tx: &mut Tx| charge_by_hand(tx, CUSTOMER).await).await.unwrap();
            assert!(!is_on().await);
        }
        shop.cx.write(async |tx: &mut Tx| charge_automatically(tx, CUSTOMER).await).await.unwrap();
        assert!(is_on().await);
    });
}
