//! Orders from the first click to the end, with everything they hold.

use bursar_billing::invoices::InvoiceState;
use bursar_billing::invoices::credit_note::{CreditNoteRequest, Part, credit_note};
use bursar_billing::nightly::night;
use bursar_billing::run::RunOptions;
use bursar_billing::settle::take_back::PaidBack;
use bursar_billing::subscriptions::Status;
use bursar_catalog::OwnerKind;
use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_gateway_sandbox::cards;
use bursar_money::Currency;
use bursar_ordering::carts::{CartItem, Shopper, Wish};
use bursar_ordering::orders::Agreement;
use bursar_ordering::orders::decide::{
    Ending, accept_order, cancel_order, mark_fraud, reject_order, withdraw_order,
};
use bursar_ordering::orders::list::{OrderFilter, count_orders, list_orders};
use bursar_ordering::orders::place::{Checkout, StaffOrder, place_order, place_staff_order};
use bursar_ordering::orders::review::ReviewReason;
use bursar_ordering::orders::states::OrderStatus;
use bursar_ordering::settings::OrderSettings;
use bursar_ordering::{Kinds, OrderError, items_of_order, order_of_invoice};
use bursar_time::Cycle;

use crate::shop::{eur, monthly, on_both};

fn ending(paid: PaidBack) -> Ending {
    Ending { reason: "Not possible".into(), paid }
}

#[test]
fn a_paid_order_is_accepted_when_no_rule_asks_for_a_person() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 10_000, |_| {}).await, shop.customer().await);
        let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
        let terms = Agreement { name: "terms".into(), title: "Terms".into(), version: 3, hash: "ab".into() };
        let checkout = Checkout {
            agreements: vec![terms.clone()],
            seen_total_minor: Some(11_900),
            note: " please be quick ".into(),
            from_address: "192.0.2.7".into(),
        };
        let placed = place_order(&shop.cx, Kinds::default(), shopper.clone(), checkout).await.unwrap();
        assert_eq!((placed.number.as_str(), placed.status), ("ORD-000001", OrderStatus::PendingPayment));
        let detail = shop.detail(placed.order_id).await;
        assert_eq!(
            (detail.order.total, detail.order.customer_note.as_str()),
            (eur(11_900), "please be quick")
        );
        assert_eq!((detail.agreements, detail.order.from_address.as_str()), (vec![terms], "192.0.2.7"));
        let sub = detail.items[0].subscription_id;
        assert_eq!(shop.subscription_status(sub).await, Status::Pending);
        // The cart is gone: the second click orders nothing.
        assert_eq!(shop.place(&shopper).await.unwrap_err().message(), "Your cart is empty.");
        shop.pay(ann, placed.invoice_id.unwrap(), cards::VISA).await;
        shop.drain().await;
        assert_eq!(shop.status_of(placed.order_id).await, "accepted");
        assert_eq!(shop.subscription_status(sub).await, Status::Active);
        assert_eq!(shop.messages().await, ["ordering.received", "ordering.accepted"]);
        let what: Vec<String> =
            shop.detail(placed.order_id).await.history.into_iter().map(|entry| entry.what).collect();
        assert_eq!(what, ["placed", "paid", "accepted"]);
        // The next one has the next number.
        assert_eq!(shop.order(ann, server).await.number, "ORD-000002");
    });
}

/// Released on day 3, the second month is billed a month after the order and not a day later.
#[test]
fn what_waits_is_not_billed_and_goes_on_by_the_calendar_of_its_order() {
    on_both(async |shop| {
        shop.settings(OrderSettings { review_always: true, ..OrderSettings::default() }).await;
        let (server, ann) = (shop.product("VPS", 10_000, |_| {}).await, shop.customer().await);
        let placed = shop.order(ann, server).await;
        shop.pay(ann, placed.invoice_id.unwrap(), cards::VISA).await;
        shop.drain().await;
        assert_eq!(shop.status_of(placed.order_id).await, "pending_review");
        assert_eq!(shop.detail(placed.order_id).await.order.review[0], ReviewReason::Always);
        let bill = async |days| {
            shop.wait_days(days);
            let run = night(&shop.cx, RunOptions::for_date(shop.cx.today())).await.unwrap().run;
            shop.drain().await;
            run.invoices_issued
        };
        assert_eq!(bill(40).await, 0, "nothing is billed while a person has not decided");
        accept_order(&shop.cx, placed.order_id).await.unwrap();
        // 1 January to 10 February: the February period was due on the 1st.
        assert_eq!(bill(0).await, 1);
        assert_eq!(bill(19).await, 1, "the 1st of March");
        let twice = accept_order(&shop.cx, placed.order_id).await.unwrap_err();
        assert_eq!(twice.message(), "An order that is accepted cannot become accepted.");
    });
}

#[test]
fn the_rules_of_review_decide_who_waits() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 10_000, |_| {}).await, shop.customer().await);
        shop.settings(OrderSettings::default()).await;
        let first = shop.order(ann, server).await;
        assert_eq!(shop.detail(first.order_id).await.order.review, [ReviewReason::FirstOrder]);
        let second = shop.order(ann, server).await;
        assert_eq!(shop.detail(second.order_id).await.order.review, []);
        let large = OrderSettings {
            review_from_minor: [("EUR".to_owned(), 11_900)].into(),
            alert_from_minor: [("EUR".to_owned(), 11_900)].into(),
            alert_email: "sales@host.example".into(),
            ..OrderSettings::default()
        };
        shop.settings(large).await;
        let third = shop.order(ann, server).await;
        assert_eq!(shop.detail(third.order_id).await.order.review, [ReviewReason::Amount]);
        assert!(shop.messages().await.contains(&"ordering.high_value".to_owned()));
        let waiting = shop
            .cx
            .read(async |tx: &mut Tx| count_orders(tx, OrderStatus::PendingReview).await)
            .await
            .unwrap();
        assert_eq!(waiting, 0, "nobody has paid yet");
        let page = shop
            .cx
            .read(async move |tx: &mut Tx| {
                let filter = OrderFilter { customer_id: Some(ann), status: None };
                list_orders(tx, &filter, Some(third.order_id), 1).await
            })
            .await
            .unwrap();
        assert_eq!(page[0].id, second.order_id, "newest first, a page at a time");
    });
}

#[test]
fn a_rejected_order_gives_back_money_stock_and_codes() {
    on_both(async |shop| {
        shop.settings(OrderSettings { review_always: true, ..OrderSettings::default() }).await;
        let limited = |p: &mut bursar_catalog::ProductDetails| (p.stock_control, p.stock_qty) = (true, 5);
        let (server, ann) = (shop.product("Rare", 10_000, limited).await, shop.customer().await);
        let coupon = shop.coupon("TEN", |c| c.max_uses = 1).await;
        let order = async || {
            let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
            let add = bursar_ordering::carts::change::add_coupon;
            add(&shop.cx, Kinds::default(), shopper.clone(), "TEN".into()).await.unwrap();
            let placed = shop.place(&shopper).await.unwrap();
            assert_eq!((shop.stock(server).await, shop.uses(coupon).await), (4, 1));
            // 100.00 less 10 % with 19 % VAT.
            shop.pay(ann, placed.invoice_id.unwrap(), cards::VISA).await;
            shop.drain().await;
            assert_eq!(shop.status_of(placed.order_id).await, "pending_review");
            placed
        };
        let first = order().await;
        let unsaid = Ending { reason: " ".into(), paid: PaidBack::Credit };
        assert!(reject_order(&shop.cx, first.order_id, unsaid).await.is_err());
        let back = reject_order(&shop.cx, first.order_id, ending(PaidBack::Credit)).await.unwrap();
        assert_eq!((back.to_credit_minor, back.refunded_minor, back.voided), (10_710, 0, false));
        shop.drain().await;
        assert_eq!(shop.credit(ann).await, [eur(10_710)]);
        assert_eq!((shop.stock(server).await, shop.uses(coupon).await), (5, 0));
        let sub = shop.detail(first.order_id).await.items[0].subscription_id;
        assert_eq!(shop.subscription_status(sub).await, Status::Cancelled);
        assert!(accept_order(&shop.cx, first.order_id).await.is_err(), "what is over stays over");
        // The next one is paid from that credit; rejected again, it is credit again: there is no payment to send back.
        let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
        let again = shop.place(&shopper).await.unwrap();
        shop.drain().await;
        shop.pay(ann, again.invoice_id.unwrap(), cards::VISA).await;
        shop.drain().await;
        let back = reject_order(&shop.cx, again.order_id, ending(PaidBack::Gateway)).await.unwrap();
        assert_eq!((back.to_credit_minor, back.refunded_minor), (11_900, 1_190));
        shop.drain().await;
        assert_eq!(shop.credit(ann).await, [eur(10_710)]);
    });
}

#[test]
fn an_order_nobody_pays_is_let_go_after_its_time_and_limited_stock_sooner() {
    on_both(async |shop| {
        let limited = |p: &mut bursar_catalog::ProductDetails| (p.stock_control, p.stock_qty) = (true, 1);
        let rare = shop.product("Rare", 10_000, limited).await;
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let (scarce, plain) = (shop.order(ann, rare).await, shop.order(ann, server).await);
        let shopper = shop.cart_of(ann, vec![monthly(rare)]).await;
        assert_eq!(shop.place(&shopper).await.unwrap_err().message(), "This is sold out.");
        shop.wait_days(1);
        shop.drain().await;
        assert_eq!(shop.status_of(scarce.order_id).await, "cancelled");
        assert_eq!((shop.stock(rare).await, shop.status_of(plain.order_id).await), (1, "pending_payment"));
        let (invoice, _) = shop.invoice(scarce.invoice_id.unwrap()).await;
        assert_eq!(invoice.state, InvoiceState::Void);
        shop.wait_days(6);
        shop.drain().await;
        assert_eq!(shop.status_of(plain.order_id).await, "cancelled");
        // Money that comes too late is the customer's credit, not lost.
        shop.transfer(ann, plain.invoice_id.unwrap(), eur(5_950)).await.unwrap_err();
        assert_eq!(shop.status_of(plain.order_id).await, "cancelled");
    });
}

#[test]
fn an_order_whose_payment_is_under_way_is_not_let_go() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let placed = shop.order(ann, server).await;
        shop.pay(ann, placed.invoice_id.unwrap(), cards::AUTHENTICATE).await;
        shop.wait_days(7);
        shop.drain().await;
        assert_eq!(shop.status_of(placed.order_id).await, "pending_payment");
        let refused = cancel_order(&shop.cx, placed.order_id, ending(PaidBack::Credit)).await.unwrap_err();
        assert!(refused.message().contains("under way"), "{}", refused.message());
    });
}

/// Found by seed 231 of the simulation: nobody could end such an order.
#[test]
fn an_order_whose_invoice_was_credited_by_hand_is_called_off_all_the_same() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let placed = shop.order(ann, server).await;
        let invoice_id = placed.invoice_id.unwrap();
        shop.transfer(ann, invoice_id, eur(5_950)).await.unwrap();
        shop.drain().await;
        let request = CreditNoteRequest { invoice_id, part: Part::Whole, reason: "goodwill".to_owned() };
        let noted = shop.cx.write(async move |tx: &mut Tx| credit_note(tx, &request).await).await.unwrap();
        assert_eq!(noted.to_credit_minor, 5_950);
        let back = cancel_order(&shop.cx, placed.order_id, ending(PaidBack::Gateway)).await.unwrap();
        assert_eq!(
            back,
            bursar_billing::settle::take_back::TakenBack::default(),
            "nothing is given back twice"
        );
        shop.drain().await;
        assert_eq!(shop.status_of(placed.order_id).await, "cancelled");
    });
}

#[test]
fn what_costs_nothing_now_needs_no_payment() {
    on_both(async |shop| {
        let trial = |p: &mut bursar_catalog::ProductDetails| p.trial_days = 14;
        let (server, ann) = (shop.product("VPS", 5_000, trial).await, shop.customer().await);
        let placed = shop.order(ann, server).await;
        assert_eq!((placed.invoice_id, placed.status), (None, OrderStatus::Accepted));
        let item = &shop.detail(placed.order_id).await.items[0];
        assert_eq!((item.now_minor, item.renewal_minor), (0, Some(5_950)));
        assert_eq!(shop.subscription_status(item.subscription_id).await, Status::Trial);
        shop.settings(OrderSettings { review_always: true, ..OrderSettings::default() }).await;
        let second = shop.order(ann, server).await;
        assert_eq!(second.status, OrderStatus::PendingReview);
        let back = cancel_order(&shop.cx, second.order_id, ending(PaidBack::Credit)).await.unwrap();
        assert_eq!(back, bursar_billing::settle::take_back::TakenBack::default());
    });
}

#[test]
fn what_the_customer_did_not_see_they_are_not_made_to_pay() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
        shop.price(OwnerKind::Product, server, Currency::EUR, Cycle::Monthly, (6_000, 0)).await;
        let checkout = Checkout { seen_total_minor: Some(5_950), ..Checkout::default() };
        let refused = place_order(&shop.cx, Kinds::default(), shopper.clone(), checkout).await.unwrap_err();
        assert!(refused.message().contains("71.40 EUR"), "{}", refused.message());
        // Nothing was written, the cart is still there.
        assert!(shop.place(&shopper).await.is_ok());
    });
}

#[test]
fn fraud_ends_even_what_was_delivered_and_a_customer_may_take_back_what_is_not_paid() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let bob = shop.customer().await;
        let placed = shop.order(ann, server).await;
        let (order, invoice) = (placed.order_id, placed.invoice_id.unwrap());
        assert!(matches!(withdraw_order(&shop.cx, order, bob).await, Err(OrderError::NotFound("order"))));
        shop.pay(ann, invoice, cards::VISA).await;
        shop.drain().await;
        assert!(withdraw_order(&shop.cx, order, ann).await.unwrap_err().message().contains("paid already"));
        let found = shop.cx.read(async move |tx: &mut Tx| order_of_invoice(tx, invoice).await).await.unwrap();
        assert_eq!(found.unwrap().id, order);
        let sub = shop.detail(order).await.items[0].subscription_id;
        mark_fraud(&shop.cx, order, "Stolen card".into()).await.unwrap();
        shop.drain().await;
        assert_eq!(shop.subscription_status(sub).await, Status::Cancelled);
        assert_eq!(shop.credit(ann).await, [eur(5_950)]);
        assert_eq!(shop.status_of(order).await, "fraud");
        let second = shop.order(bob, server).await;
        withdraw_order(&shop.cx, second.order_id, bob).await.unwrap();
        assert_eq!(shop.status_of(second.order_id).await, "cancelled");
    });
}

#[test]
fn staff_order_for_a_customer_and_may_accept_before_the_money_is_there() {
    on_both(async |shop| {
        shop.settings(OrderSettings { review_always: true, ..OrderSettings::default() }).await;
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let item = CartItem { id: 0, wish: Wish::Product(monthly(server)), answers: Default::default() };
        let wanted = StaffOrder {
            customer_id: ann,
            items: vec![item],
            coupons: Vec::new(),
            note: "by telephone".into(),
        };
        let placed = place_staff_order(&shop.cx, Kinds::default(), wanted.clone()).await.unwrap();
        assert_eq!(placed.status, OrderStatus::PendingPayment);
        accept_order(&shop.cx, placed.order_id).await.unwrap();
        let order = placed.order_id;
        let items = shop.cx.read(async move |tx: &mut Tx| items_of_order(tx, order).await).await.unwrap();
        assert_eq!(shop.subscription_status(items[0].subscription_id).await, Status::Active);
        shop.transfer(ann, placed.invoice_id.unwrap(), eur(5_950)).await.unwrap();
        shop.drain().await;
        let detail = shop.detail(placed.order_id).await;
        assert!(detail.order.paid_at.is_some());
        assert_eq!(detail.history[0].note, "by telephone");
        let nobody = StaffOrder { customer_id: 999_999, ..wanted };
        assert!(place_staff_order(&shop.cx, Kinds::default(), nobody).await.is_err());
    });
}

#[test]
fn nobody_decides_over_orders_without_the_right_to() {
    on_both(async |shop| {
        let (server, ann) = (shop.product("VPS", 5_000, |_| {}).await, shop.customer().await);
        let order = shop.order(ann, server).await.order_id;
        let nobody = shop.cx.for_actor(*shop.cx.actor(), bursar_context::Permissions::none(), "test");
        let gone = || ending(PaidBack::Credit);
        assert!(matches!(accept_order(&nobody, order).await, Err(OrderError::Denied(_))));
        assert!(matches!(reject_order(&nobody, order, gone()).await, Err(OrderError::Denied(_))));
        assert!(matches!(cancel_order(&nobody, order, gone()).await, Err(OrderError::Denied(_))));
        assert!(matches!(mark_fraud(&nobody, order, "x".into()).await, Err(OrderError::Denied(_))));
        let wanted =
            StaffOrder { customer_id: ann, items: Vec::new(), coupons: Vec::new(), note: String::new() };
        let made = place_staff_order(&nobody, Kinds::default(), wanted).await;
        assert!(matches!(made, Err(OrderError::Denied(_))));
        let visitor = Shopper::default();
        assert!(shop.place(&visitor).await.unwrap_err().message().contains("Sign in"));
    });
}
