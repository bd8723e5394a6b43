//! Many at once: a code for one, one piece for one, one click twice.

use bursar_gateway_sandbox::cards;
use bursar_ordering::Kinds;
use bursar_ordering::carts::change::add_coupon;
use bursar_ordering::orders::place::{Checkout, place_order};
use futures_util::future::join_all;

use crate::shop::{monthly, on_both};

#[test]
fn of_a_hundred_who_redeem_a_code_for_one_exactly_one_succeeds() {
    on_both(async |shop| {
        let server = shop.product("VPS", 10_000, |_| {}).await;
        let coupon = shop.coupon("ONCE", |c| c.max_uses = 1).await;
        let mut shoppers = Vec::new();
        for _ in 0..100 {
            let customer = shop.customer().await;
            let shopper = shop.cart_of(customer, vec![monthly(server)]).await;
            add_coupon(&shop.cx, Kinds::default(), shopper.clone(), "ONCE".into()).await.unwrap();
            shoppers.push(shopper);
        }
        let all = join_all(shoppers.iter().map(|shopper| shop.place(shopper))).await;
        let won: Vec<_> = all.iter().filter_map(|placed| placed.as_ref().ok()).collect();
        assert_eq!((won.len(), shop.uses(coupon).await), (1, 1));
        // Whoever came late still has the cart, and nothing was invoiced.
        let (invoice, _) = shop.invoice(won[0].invoice_id.unwrap()).await;
        assert_eq!(invoice.totals.total_minor, 10_710);
        assert_eq!(won[0].number, "ORD-000001");
        let late = shoppers.iter().zip(&all).find(|(_, placed)| placed.is_err()).unwrap().0;
        let removed = bursar_ordering::carts::change::remove_coupon(&shop.cx, late.clone(), "ONCE".into());
        removed.await.unwrap();
        assert_eq!(shop.place(late).await.unwrap().number, "ORD-000002", "no number is lost");
    });
}

#[test]
fn the_last_piece_is_sold_once() {
    on_both(async |shop| {
        let limited = |p: &mut bursar_catalog::ProductDetails| (p.stock_control, p.stock_qty) = (true, 3);
        let rare = shop.product("Rare", 10_000, limited).await;
        let mut shoppers = Vec::new();
        for _ in 0..12 {
            let customer = shop.customer().await;
            shoppers.push(shop.cart_of(customer, vec![monthly(rare)]).await);
        }
        let all = join_all(shoppers.iter().map(|shopper| shop.place(shopper))).await;
        assert_eq!((all.iter().filter(|placed| placed.is_ok()).count(), shop.stock(rare).await), (3, 0));
    });
}

#[test]
fn one_cart_that_is_sent_ten_times_is_one_order() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 10_000, |_| {}).await, shop.customer().await);
        let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
        let click = || {
            let checkout = Checkout { seen_total_minor: Some(11_900), ..Checkout::default() };
            place_order(&shop.cx, Kinds::default(), shopper.clone(), checkout)
        };
        let all = join_all((0..10).map(|_| click())).await;
        let placed: Vec<_> = all.into_iter().filter_map(Result::ok).collect();
        assert_eq!(placed.len(), 1);
        shop.pay(ann, placed[0].invoice_id.unwrap(), cards::VISA).await;
        shop.drain().await;
        assert_eq!(shop.status_of(placed[0].order_id).await, "accepted");
    });
}
