//! Carts: what may lie in them, whose they are, and what nobody may talk us into.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_billing::subscriptions::Mode;
use bursar_billing::subscriptions::detail::ItemKind as BilledKind;
use bursar_billing::subscriptions::subscribe::{BillingDay, Opening, OpeningItem};
use bursar_catalog::{OptionKind, OwnerKind, Pay, ProductStatus};
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _};
use bursar_money::Currency;
use bursar_ordering::carts::change::{
    add_coupon, add_item, claim_cart, find_cart, remove_coupon, remove_item, set_country, set_currency,
    set_quantity,
};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_ordering::questions::{NewQuestion, QuestionKind, add_question, in_words, remove_question};
use bursar_ordering::{ItemKind, Kinds, OrderError, Pricing};
use bursar_testkit::on_both_engines;
use bursar_time::Cycle;
use serde_json::{Value, json};

use crate::shop::{BERLIN, monthly, on_both, on_both_with};

fn fields(error: &OrderError) -> Vec<String> {
    match error.kind() {
        ErrorKind::Invalid(fields) => fields.iter().map(|f| f.field.to_string()).collect(),
        other => panic!("{other:?}: {}", error.message()),
    }
}

#[test]
fn every_statement_can_be_prepared_on_both_engines() {
    on_both_engines(vec![bursar_ordering::migrations()], async |cx| {
        cx.read(async |tx: &mut Tx| {
            for statement in bursar_ordering::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, bursar_fault::Fault>(())
        })
        .await
        .unwrap();
    });
}

/// A server at 20.00 with 2 × memory at 5.00, a backup at 3.00 and a one-time setup call at 15.00; 19 % VAT.
/// Net 20 + 10 + 3 + 15 = 48.00; VAT per line 3.80 + 1.90 + 0.57 + 2.85 = 9.12; 57.12 now, 39.27 every month.
#[test]
fn a_cart_shows_what_each_thing_asks_for_with_tax() {
    on_both(async |shop| {
        let server = shop.product("VPS", 2_000, |_| {}).await;
        let (memory, gigabyte) = shop.option(server, "Memory", OptionKind::Quantity).await;
        shop.price(OwnerKind::OptionValue, gigabyte, Currency::EUR, Cycle::Monthly, (500, 0)).await;
        let backup = shop.addon(server, "Backup", Pay::Recurring).await;
        shop.price(OwnerKind::Addon, backup, Currency::EUR, Cycle::Monthly, (300, 0)).await;
        let call = shop.addon(server, "Setup call", Pay::OneTime).await;
        shop.price(OwnerKind::Addon, call, Currency::EUR, Cycle::OneTime, (1_500, 0)).await;
        let picked = Picked {
            options: vec![(memory, gigabyte, 2)],
            addons: vec![(backup, 1), (call, 1)],
            ..monthly(server)
        };
        let made = shop.add(&Shopper::default(), picked).await.unwrap();
        let token = made.token.expect("a first cart has a token");
        let quote = shop.quote(&made.cart).await;
        let item = quote.items[0].as_ref().unwrap();
        assert_eq!((item.label.as_str(), quote.totals.subtotal_minor), ("VPS", 4_800));
        assert_eq!((quote.totals.total_minor, item.renewal.unwrap().total_minor), (5_712, 3_927));
        assert_eq!((quote.country.as_deref(), quote.is_whole()), (Some("DE"), true));
        // Somewhere without a rule there is no tax.
        let visitor = Shopper { token: Some(token), customer_id: None };
        let cart = set_country(&shop.cx, visitor.clone(), "ch".into(), String::new()).await.unwrap();
        assert_eq!(shop.quote(&cart).await.totals.total_minor, 4_800);
        let nowhere = set_country(&shop.cx, visitor, "Schweiz".into(), String::new()).await;
        assert_eq!(fields(&nowhere.unwrap_err()), ["country"]);
    });
}

#[test]
fn quantities_currencies_and_things_that_are_not_sold_are_refused() {
    on_both(async |shop| {
        let server = shop.product("VPS", 2_000, |_| {}).await;
        let single = shop.product("Rack", 9_000, |p| p.allow_quantity = false).await;
        let gone = shop.product("Old", 100, |p| p.status = ProductStatus::Archived).await;
        let visitor = Shopper::default();
        for quantity in [-1, 0, 1_000_001, i64::MAX, i64::MIN] {
            let refused = shop.add(&visitor, Picked { quantity, ..monthly(server) }).await.unwrap_err();
            assert_eq!(fields(&refused), ["quantity"], "{quantity}");
        }
        let two = shop.add(&visitor, Picked { quantity: 2, ..monthly(single) }).await.unwrap_err();
        assert_eq!(two.message(), "Choose between 1 and 1 of Rack.");
        assert!(shop.add(&visitor, monthly(gone)).await.is_err());
        assert!(shop.add(&visitor, monthly(987_654)).await.is_err());
        let weekly = shop.add(&visitor, Picked { cycle: Cycle::Weekly, ..monthly(server) }).await;
        assert_eq!(fields(&weekly.unwrap_err()), ["cycle"]);
        let stranger = Picked { options: vec![(1, 2, 3)], ..monthly(server) };
        assert_eq!(fields(&shop.add(&visitor, stranger).await.unwrap_err()), ["options"]);
        // Nobody sells in yen here, whatever a browser says.
        let made = shop.add(&visitor, monthly(server)).await.unwrap();
        let mine = Shopper { token: made.token, customer_id: None };
        let yen = set_currency(&shop.cx, mine.clone(), Currency::JPY).await.unwrap_err();
        assert_eq!(yen.message(), "Choose one of EUR.");
        let item = made.cart.items[0].id;
        let huge = set_quantity(&shop.cx, Kinds::default(), mine.clone(), item, i64::MAX).await.unwrap_err();
        assert_eq!(fields(&huge), ["quantity"]);
        let cart = set_quantity(&shop.cx, Kinds::default(), mine.clone(), item, 3).await.unwrap();
        assert_eq!(shop.quote(&cart).await.totals.subtotal_minor, 6_000);
        assert!(
            set_quantity(&shop.cx, Kinds::default(), mine.clone(), item, 0).await.unwrap().items.is_empty()
        );
        for _ in 0..20 {
            shop.add(&mine, monthly(server)).await.unwrap();
        }
        assert!(shop.add(&mine, monthly(server)).await.unwrap_err().message().contains("full"));
    });
}

#[test]
fn a_cart_is_its_browsers_until_somebody_signs_in_over_it_and_then_only_theirs() {
    on_both(async |shop| {
        let server = shop.product("VPS", 2_000, |_| {}).await;
        let (ann, bob) = (shop.customer().await, shop.customer().await);
        let older = shop.cart_of(ann, vec![monthly(server)]).await;
        assert!(find_cart(&shop.cx, older.clone()).await.unwrap().is_some());
        let made = shop.add(&Shopper::default(), Picked { quantity: 2, ..monthly(server) }).await.unwrap();
        let token = made.token.clone();
        let browser = |customer_id| Shopper { token: token.clone(), customer_id };
        assert!(find_cart(&shop.cx, browser(None)).await.unwrap().is_some());
        let wrong = Shopper { token: Some("guess".into()), customer_id: None };
        assert!(find_cart(&shop.cx, wrong).await.unwrap().is_none());
        // Ann signs in: what she had comes along, twice changes nothing.
        for _ in 0..2 {
            let cart = claim_cart(&shop.cx, token.clone(), ann).await.unwrap().unwrap();
            assert_eq!((cart.customer_id, cart.items.len()), (Some(ann), 2));
        }
        // On another device she finds it by who she is.
        let elsewhere = find_cart(&shop.cx, older).await.unwrap().unwrap();
        assert_eq!(elsewhere.id, made.cart.id);
        // Signed out, or with Bob signed in on the same browser, nobody sees or changes it.
        assert!(find_cart(&shop.cx, browser(None)).await.unwrap().is_none());
        assert!(find_cart(&shop.cx, browser(Some(bob))).await.unwrap().is_none());
        let stolen = remove_item(&shop.cx, browser(None), made.cart.items[0].id).await;
        assert!(matches!(stolen, Err(OrderError::NotFound("cart"))));
        assert!(shop.place(&browser(Some(bob))).await.is_err());
        // A month later it is forgotten.
        let after_the_hour = shop.cx.now().plus_days(31).plus_seconds(6 * 3_600);
        shop.cx.test_clock().set(after_the_hour);
        shop.app.tick(&shop.cx).await.unwrap();
        shop.drain().await;
        assert!(find_cart(&shop.cx, browser(Some(ann))).await.unwrap().is_none());
    });
}

#[test]
fn a_code_counts_when_it_is_good_and_says_why_when_it_is_not() {
    on_both(async |shop| {
        let server = shop.product("VPS", 2_000, |_| {}).await;
        let web = shop.product("Web", 1_000, |_| {}).await;
        shop.coupon("TEN", |_| {}).await;
        shop.coupon("WEBONLY", |c| c.products = [web].into()).await;
        let fixed = |c: &mut bursar_catalog::CouponDetails| {
            (c.kind, c.amounts) = (bursar_catalog::CouponKind::Fixed, [("EUR".to_owned(), 500)].into());
        };
        shop.coupon("FIVE", fixed).await;
        let made = shop.add(&Shopper::default(), monthly(server)).await.unwrap();
        let mine = Shopper { token: made.token, customer_id: None };
        let add =
            async |code: &str| add_coupon(&shop.cx, Kinds::default(), mine.clone(), code.to_owned()).await;
        for (code, why) in [
            ("nonsense", "This code does not exist; check the spelling."),
            ("webonly", "This code is not good for what you chose."),
            ("", "Enter a code."),
        ] {
            let refused = add(code).await.unwrap_err();
            assert_eq!((fields(&refused), refused.message()), (vec!["coupon".to_owned()], why.to_owned()));
        }
        // 20.00 less 10 % is 18.00; with 19 % VAT 21.42.
        let cart = add(" ten ").await.unwrap();
        assert_eq!(shop.quote(&cart).await.totals.total_minor, 2_142);
        // Two things: 10 % off both, 5.00 off the first only: 18.00 − 5.00 and 2 × 9.00, so 31.00 net.
        shop.add(&mine, Picked { quantity: 2, ..monthly(web) }).await.unwrap();
        let cart = add("five").await.unwrap();
        assert_eq!(shop.quote(&cart).await.totals.subtotal_minor, 3_100);
        let cart = remove_coupon(&shop.cx, mine.clone(), "TEN".into()).await.unwrap();
        assert_eq!(
            (cart.coupons.as_slice(), shop.quote(&cart).await.totals.subtotal_minor),
            (&["FIVE".to_owned()][..], 3_500)
        );
    });
}

#[test]
fn a_products_questions_are_answered_before_it_lies_in_the_cart() {
    on_both(async |shop| {
        let server = shop.product("VPS", 2_000, |_| {}).await;
        let ask = |name: &str, product_id| NewQuestion {
            product_id,
            name: name.to_owned(),
            label: "Host name".into(),
            kind: QuestionKind::Hostname,
            help: String::new(),
            choices: Vec::new(),
            required: true,
            position: 0,
        };
        let id = add_question(&shop.cx, ask("hostname", Some(server))).await.unwrap();
        let twice = add_question(&shop.cx, ask("hostname", None)).await.unwrap_err();
        assert_eq!(fields(&twice), ["name"]);
        assert_eq!(fields(&add_question(&shop.cx, ask("Host name", None)).await.unwrap_err()), ["name"]);
        let missing = shop.add(&Shopper::default(), monthly(server)).await.unwrap_err();
        assert_eq!(fields(&missing), ["answer-hostname"]);
        let answers = BTreeMap::from([("hostname".to_owned(), "WWW.example.org".to_owned())]);
        let wanted = (Wish::Product(monthly(server)), answers);
        let made = add_item(&shop.cx, Kinds::default(), Shopper::default(), BERLIN(), wanted).await.unwrap();
        assert_eq!(made.cart.items[0].answers["hostname"], "www.example.org");
        let said = async || {
            let answers = made.cart.items[0].answers.clone();
            let read = shop.cx.read(async move |tx: &mut Tx| in_words(tx, server, &answers).await).await;
            let pairs = read.unwrap();
            pairs.iter().map(|(asked, answer)| format!("{asked}: {answer}")).collect::<String>()
        };
        assert_eq!(said().await, "Host name: www.example.org");
        remove_question(&shop.cx, id).await.unwrap();
        assert_eq!(said().await, "hostname: www.example.org", "what is not asked any more goes by its name");
        shop.add(&Shopper::default(), monthly(server)).await.unwrap();
    });
}

/// A kind that ordering does not understand: a name for a year, at 12.00.
struct Names;

impl ItemKind for Names {
    fn code(&self) -> &'static str {
        "name"
    }

    fn opening<'t>(&'t self, _: &'t mut Tx, payload: &'t Value, currency: Currency) -> Pricing<'t> {
        Box::pin(async move {
            let name = payload["name"].as_str().filter(|name| name.contains('.'));
            let name = name.ok_or_else(|| OrderError::field("name", "Enter a name with a dot."))?;
            let item = OpeningItem {
                kind: BilledKind::Custom,
                source_id: None,
                value_id: None,
                description: format!("Name {name}"),
                quantity: 1,
                unit_minor: 1_200,
                setup_minor: 0,
                taxable: true,
                once: false,
            };
            Ok(Opening {
                customer_id: 0,
                product_id: None,
                label: name.to_owned(),
                currency,
                cycle: Cycle::Annual,
                mode: Mode::Prepaid,
                items: vec![item],
                discounts: Vec::new(),
                start_on: "2026-01-01".parse().unwrap(),
                billing_day: BillingDay::Anniversary,
                lead_days: None,
                trial_days: 0,
                periods: None,
                gateway: String::new(),
                source: "order",
            })
        })
    }
}

#[test]
fn things_of_another_module_lie_beside_products_on_one_invoice() {
    let kinds = Kinds::new([Arc::new(Names) as Arc<dyn ItemKind>]);
    on_both_with(&kinds, async |shop| {
        let (server, ann) = (shop.product("VPS", 2_000, |_| {}).await, shop.customer().await);
        let shopper = shop.cart_of(ann, vec![monthly(server)]).await;
        let add = async |payload: Value| {
            let wanted = (Wish::Other { code: "name".into(), payload }, BTreeMap::new());
            add_item(&shop.cx, shop.kinds.clone(), shopper.clone(), BERLIN(), wanted).await
        };
        assert_eq!(fields(&add(json!({ "name": "nodot" })).await.unwrap_err()), ["name"]);
        add(json!({ "name": "example.org" })).await.unwrap();
        let placed = shop.place(&shopper).await.unwrap();
        let detail = shop.detail(placed.order_id).await;
        let labels: Vec<&str> = detail.items.iter().map(|item| item.label.as_str()).collect();
        assert_eq!(labels, ["VPS", "example.org"]);
        // 20.00 and 12.00 with 19 %.
        let (invoice, lines) = shop.invoice(placed.invoice_id.unwrap()).await;
        assert_eq!((lines.len(), invoice.totals.total_minor), (2, 3_808));
        let unknown = (Wish::Other { code: "boat".into(), payload: Value::Null }, BTreeMap::new());
        assert!(add_item(&shop.cx, shop.kinds.clone(), shopper.clone(), BERLIN(), unknown).await.is_err());
    });
}
