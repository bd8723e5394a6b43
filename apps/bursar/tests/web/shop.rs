//! The shop as a stranger meets it, what staff do with orders, and what an attacker tries.

use axum::http::{Request, StatusCode, header};
use bursar_billing::taxes::{TaxRule, TaxSettings, store as taxes};
use bursar_catalog::{
    CouponDetails, CouponKind, GroupDetails, NewPrice, OwnerKind, ProductDetails, create_coupon,
    create_group, create_product, put_price,
};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_identity::{NewUser, hash_password, register_user};
use bursar_money::{Currency, Ppm};
use bursar_storefront::texts::TextName;
use bursar_storefront::texts::publish::{Draft, publish_text};
use bursar_time::Cycle;

use crate::{Answer, Browser, HOSTILE, House};

/// One group, a server at 20.00 and 22.00 (a year at 200.00 and 220.00), 19 % VAT, a code for 10 %, terms.
async fn stock(house: &House) -> i64 {
    let cx = &house.cx;
    let group = GroupDetails { name: "Servers".into(), ..GroupDetails::default() };
    let group = create_group(cx, group).await.unwrap();
    let mut details = ProductDetails::named(group, "VPS Two");
    details.allow_quantity = true;
    details.features = vec![("Memory".to_owned(), "4 GB".to_owned())];
    let product = create_product(cx, details).await.unwrap().get();
    for (currency, monthly) in [(Currency::EUR, 2_000), (Currency::USD, 2_200)] {
        for (cycle, times) in [(Cycle::Monthly, 1), (Cycle::Annual, 10)] {
            let price = NewPrice {
                owner_kind: OwnerKind::Product,
                owner_id: product,
                currency,
                cycle,
                amount_minor: monthly * times,
                setup_minor: 0,
                valid_from_on: None,
            };
            put_price(cx, price).await.unwrap();
        }
    }
    let ten = CouponDetails {
        code: "TEN".into(),
        kind: CouponKind::Percent,
        value_ppm: 100_000,
        ..CouponDetails::default()
    };
    create_coupon(cx, ten).await.unwrap();
    cx.write(async |tx: &mut Tx| {
        let settings = TaxSettings { home_country: "DE".into(), ..TaxSettings::default() };
        bursar_context::settings::set(tx, taxes::SETTINGS_KEY, &settings).await?;
        let (name, country, rate) = ("VAT".to_owned(), "DE".to_owned(), Ppm::new(190_000));
        taxes::insert(tx, &TaxRule { id: 1, level: 1, name, country, state: String::new(), rate }).await?;
        Ok::<_, Fault>(())
    })
    .await
    .unwrap();
    let terms = Draft {
        name: TextName::Terms,
        locale: Locale::default(),
        title: "Terms of service".into(),
        body_md: "Be **nice**.".into(),
    };
    publish_text(cx, terms).await.unwrap();
    product
}

const WHO: [(&str, &str); 8] = [
    ("first_name", "Sam"),
    ("last_name", "Stranger"),
    ("email", "sam@stranger.example"),
    ("password", "a long enough password"),
    ("address1", "3 Lane"),
    ("city", "Berlin"),
    ("postcode", "10115"),
    ("country", "DE"),
];

async fn put_into_cart(visitor: &mut Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    visitor.get("/shop/vps-two").await;
    visitor.post("/shop/vps-two", fields).await
}

/// The value behind a name in a page's form.
fn value(text: &str, name: &str) -> String {
    let field =
        text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}")).1;
    field.split('"').next().unwrap().to_owned()
}

async fn order(house: &House, visitor: &mut Browser<'_>) -> String {
    assert_eq!(put_into_cart(visitor, &[("cycle", "monthly"), ("quantity", "1")]).await.location, "/cart");
    visitor.get("/checkout").await;
    assert_eq!(visitor.post("/checkout/sign-up", &WHO).await.location, "/checkout");
    let page = visitor.get("/checkout").await.text;
    let seen = value(&page, "seen_total");
    let placed = visitor.post("/checkout/place", &[("seen_total", &seen), ("agree", "1")]).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
    house.office.app.drain(&house.cx).await.unwrap();
    placed.location
}

/// The clock stands still, so that nothing is read again for its age.
#[tokio::test]
async fn what_stands_around_every_page_follows_what_was_changed_at_once() {
    let house = House::build().await;
    let product = stock(&house).await;
    let mut visitor = house.visitor();
    let before = visitor.get("/shop").await.text;
    assert!(before.contains("Terms of service") && !before.contains("GBP"), "{before}");
    let pounds = NewPrice {
        owner_kind: OwnerKind::Product,
        owner_id: product,
        currency: Currency::GBP,
        cycle: Cycle::Monthly,
        amount_minor: 1_800,
        setup_minor: 0,
        valid_from_on: None,
    };
    put_price(&house.cx, pounds).await.unwrap();
    let terms = Draft {
        name: TextName::Terms,
        locale: Locale::default(),
        title: "House rules".into(),
        body_md: "Be **very nice**.".into(),
    };
    publish_text(&house.cx, terms).await.unwrap();
    let after = visitor.get("/shop").await.text;
    assert!(after.contains("House rules") && !after.contains("Terms of service"), "{after}");
    assert!(after.contains("GBP"), "{after}");
    let api = visitor.get("/api/public/currencies").await.text;
    assert_eq!(api, "{\"currencies\":[\"EUR\",\"GBP\",\"USD\"]}");
}

/// 20.00 less 10 % is 18.00; with 19 % VAT 21.42.
#[tokio::test]
async fn a_stranger_buys_with_a_code_and_tax_and_pays() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    let shop = visitor.get("/shop").await;
    assert!(shop.text.contains("VPS Two") && shop.text.contains("€20.00"), "{}", shop.text);
    let yearly = visitor.get("/shop?cycle=annual").await.text;
    // Twelve months are 240.00: a year for 200.00 saves 16 %.
    assert!(yearly.contains("€200.00") && yearly.contains("16"), "{yearly}");
    assert!(visitor.get("/shop/compare/servers").await.text.contains("4 GB"));
    let page = visitor.get("/shop/vps-two?cycle=monthly&quantity=2").await.text;
    assert!(page.contains("€47.60"), "two with tax: {page}");
    assert_eq!(
        put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", "1")]).await.location,
        "/cart"
    );
    assert!(visitor.get("/cart").await.text.contains("23.80"));
    let wrong = visitor.post("/cart/coupon", &[("coupon", "NONSENSE")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("This code does not exist") && wrong.text.contains("value=\"NONSENSE\""));
    assert_eq!(visitor.post("/cart/coupon", &[("coupon", "ten")]).await.location, "/cart");
    assert!(visitor.get("/cart").await.text.contains("21.42"));
    // Somewhere without a rule there is no tax; back home there is.
    visitor.post("/cart/country", &[("country", "CH")]).await;
    assert!(visitor.get("/cart").await.text.contains("18.00"));
    visitor.post("/cart/country", &[("country", "DE")]).await;

    assert!(visitor.get("/checkout").await.text.contains("name=\"first_name\""));
    let short = [("first_name", "Sam"), ("password", "short")];
    let refused = visitor.post("/checkout/sign-up", &short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("value=\"Sam\"") && refused.text.contains("Use 12 to 200 characters"),
        "{}",
        refused.text
    );
    assert_eq!(visitor.post("/checkout/sign-up", &WHO).await.location, "/checkout");
    let checkout = visitor.get("/checkout").await.text;
    assert!(
        checkout.contains("Sam Stranger")
            && checkout.contains("21.42")
            && checkout.contains("Terms of service")
    );
    let seen = value(&checkout, "seen_total");
    let unread = visitor.post("/checkout/place", &[("seen_total", &seen)]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.text.contains("Please agree"));
    let placed = visitor.post("/checkout/place", &[("seen_total", &seen), ("agree", "1")]).await;
    assert!(placed.location.starts_with("/portal/invoices/") && placed.location.ends_with("/pay"));
    let pay = visitor.get(&placed.location).await.text;
    assert!(pay.contains("21.42"));
    let paid = crate::pay_at(&mut visitor, &placed.location, "tok_visa").await;
    let result = visitor.get(&paid.location).await.text;
    let order = result.split_once("/portal/orders/").unwrap().1.split('"').next().unwrap().to_owned();
    house.office.app.drain(&house.cx).await.unwrap();
    // A first order is looked at; the page says so.
    let page = visitor.get(&format!("/portal/orders/{order}")).await.text;
    assert!(page.contains("ORD-000001") && page.contains("We are having a look"), "{page}");

    let mut owner = house.owner().await;
    let shown = owner.get(&format!("/admin/orders/{order}")).await.text;
    assert!(shown.contains("first order") && shown.contains("Terms of service, version 1"), "{shown}");
    let done = owner.post(&format!("/admin/orders/{order}/accept"), &[]).await;
    assert_eq!(done.location, format!("/admin/orders/{order}"));
    assert!(owner.get(&done.location).await.text.contains(">Accepted</span>"));
    assert!(visitor.get(&format!("/portal/orders/{order}")).await.text.contains("Your order is accepted"));
    let coupon = house.cx.read(async |tx: &mut Tx| bursar_catalog::coupons(tx, None, 1).await).await.unwrap();
    let used = owner.get(&format!("/admin/coupons/{}", coupon[0].id)).await.text;
    let (_, used) = used.split_once("Used by").unwrap();
    assert!(used.contains(">Sam Stranger</a>") && used.contains(">VPS Two</a>"), "{used}");
    // The next one is no first order: it is accepted when it is paid.
    put_into_cart(&mut visitor, &[("cycle", "annual"), ("quantity", "1")]).await;
    let page = visitor.get("/checkout").await.text;
    let second =
        visitor.post("/checkout/place", &[("seen_total", &value(&page, "seen_total")), ("agree", "1")]).await;
    crate::pay_at(&mut visitor, &second.location, "tok_visa").await;
    house.office.app.drain(&house.cx).await.unwrap();
    assert!(visitor.get("/portal/orders").await.text.matches("Accepted").count() >= 2);
}

#[tokio::test]
async fn nothing_that_a_browser_sends_changes_a_price() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    for bad in ["-1", "0", "1000001", "9223372036854775807", "99999999999999999999", "1.5", "x"] {
        let refused = put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", bad)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let tampered = [
        ("cycle", "monthly"),
        ("quantity", "1"),
        ("price", "0.01"),
        ("unit_minor", "1"),
        ("total", "1"),
        ("currency", "JPY"),
        ("coupon", "TEN"),
        ("option-1", "1"),
        ("addon-7", "-5"),
    ];
    assert_eq!(put_into_cart(&mut visitor, &tampered).await.location, "/cart");
    assert!(visitor.get("/cart").await.text.contains("23.80"));
    // A currency in which nothing is sold, and one that is none.
    let yen = visitor.post("/shop/currency", &[("currency", "JPY"), ("return_to", "/cart")]).await;
    assert_eq!(yen.location, "/cart");
    assert!(visitor.get("/cart").await.text.contains("Choose one of EUR, USD."));
    assert_eq!(visitor.post("/shop/currency", &[("currency", "€€€")]).await.status, StatusCode::NOT_FOUND);
    // Dollars are sold: the figure is the dollar price, not a conversion.
    let away = [("currency", "USD"), ("return_to", "https://evil.example/")];
    assert_eq!(visitor.post("/shop/currency", &away).await.location, "/shop");
    assert!(visitor.get("/cart").await.text.contains("26.18"));
    // Another cart's things are not there to be changed.
    let mut other = house.visitor();
    put_into_cart(&mut other, &[("cycle", "monthly"), ("quantity", "1")]).await;
    let page = other.get("/cart").await.text;
    let item = value(&page, "item");
    visitor.get("/cart").await;
    visitor.post("/cart/remove", &[("item", &item)]).await;
    assert!(other.get("/cart").await.text.contains("VPS Two"));
    // A total that nobody was shown is not charged.
    visitor.get("/checkout").await;
    assert_eq!(visitor.post("/checkout/sign-up", &WHO).await.location, "/checkout");
    visitor.get("/checkout").await;
    let cheap = visitor.post("/checkout/place", &[("seen_total", "1"), ("agree", "1")]).await;
    assert_eq!(cheap.location, "/cart");
    assert!(visitor.get("/cart").await.text.contains("Nothing was ordered"));
}

#[tokio::test]
async fn a_form_of_the_shop_without_its_token_orders_nothing() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", "1")]).await;
    visitor.get("/cart").await;
    visitor.csrf = "forged".to_owned();
    for path in ["/shop/vps-two", "/cart/remove", "/cart/coupon", "/checkout/sign-up", "/shop/currency"] {
        assert_eq!(visitor.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_a_customer_writes_is_text_wherever_it_is_shown() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", "1")]).await;
    visitor.get("/checkout").await;
    let mut hostile = WHO.to_vec();
    hostile[0].1 = HOSTILE;
    hostile[4].1 = HOSTILE;
    assert_eq!(visitor.post("/checkout/sign-up", &hostile).await.location, "/checkout");
    let page = visitor.get("/checkout").await.text;
    let seen = value(&page, "seen_total");
    let form = [("seen_total", seen.as_str()), ("agree", "1"), ("note", HOSTILE)];
    let placed = visitor.post("/checkout/place", &form).await.location;
    assert!(placed.ends_with("/pay"), "{placed}");
    house.office.app.drain(&house.cx).await.unwrap();
    let mut owner = house.owner().await;
    let list = visitor.get("/portal/orders").await.text;
    let order = list.split_once("/portal/orders/").unwrap().1.split('"').next().unwrap().to_owned();
    for page in [
        page,
        visitor.get(&format!("/portal/orders/{order}")).await.text,
        owner.get(&format!("/admin/orders/{order}")).await.text,
    ] {
        assert!(page.contains("&lt;script&gt;") && !page.contains(HOSTILE), "{page}");
    }
    let refused = owner.post(&format!("/admin/orders/{order}/reject"), &[("reason", " ")]).await;
    assert!(owner.get(&refused.location).await.text.contains("Say why"));
    owner.post(&format!("/admin/orders/{order}/reject"), &[("reason", HOSTILE), ("paid", "refund")]).await;
    assert!(owner.get(&format!("/admin/orders/{order}")).await.text.contains(">Rejected</span>"));
    assert!(!visitor.get(&format!("/portal/orders/{order}")).await.text.contains(HOSTILE));
}

#[tokio::test]
async fn a_customer_sees_and_takes_back_only_their_own_orders() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    order(&house, &mut visitor).await;
    let list = visitor.get("/portal/orders").await.text;
    let order = list.split_once("/portal/orders/").unwrap().1.split('"').next().unwrap().to_owned();
    let other = house.customer("Other").await;
    let mut other = house.buyer(other).await;
    other.get("/portal").await;
    let page = format!("/portal/orders/{order}");
    assert_eq!(other.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&format!("{page}/withdraw"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post(&format!("{page}/withdraw"), &[]).await.location, page);
    assert!(visitor.get(&page).await.text.contains("Your order is cancelled"));
}

#[tokio::test]
async fn prices_are_public_and_odd_questions_get_answers_and_no_faults() {
    let house = House::build().await;
    stock(&house).await;
    let mut visitor = house.visitor();
    let all = visitor.get("/api/public/products").await;
    assert_eq!((all.status, all.kind.as_str()), (StatusCode::OK, "application/json"));
    let all: serde_json::Value = serde_json::from_str(&all.text).unwrap();
    assert_eq!(all["products"][0]["slug"], "vps-two");
    assert_eq!(all["products"][0]["prices"][0]["price"]["amount"], "20.00");
    let price = visitor.get("/api/public/products/vps-two/price?cycle=annual&currency=usd&country=de").await;
    let price: serde_json::Value = serde_json::from_str(&price.text).unwrap();
    // 220.00 with 19 %.
    assert_eq!((&price["total"]["minor"], &price["total"]["currency"]), (&26_180.into(), &"USD".into()));
    for (asked, status) in [
        ("products?currency=XXX", 422),
        ("products/none", 404),
        ("products/none/price", 404),
        ("products/vps-two/price?quantity=-1", 422),
        ("products/vps-two/price?quantity=999999999999999999999", 422),
        ("products/vps-two/price?cycle=%00&quantity=%F0%9F%98%80", 400),
        ("products/vps-two/price?country=%27%20OR%201", 422),
        ("products/vps-two/price?cycle=nonsense", 200),
        ("products/%2e%2e%2f%2e%2e%2fetc", 404),
        ("currencies", 200),
    ] {
        let answer = visitor.get(&format!("/api/public/{asked}")).await;
        assert_eq!(answer.status.as_u16(), status, "{asked}: {}", answer.text);
        assert_eq!(answer.kind, "application/json", "{asked}");
    }
    let script = visitor.get("/embed/order-button.js").await;
    assert!(script.kind.starts_with("text/javascript") && script.text.contains("data-order"));
    // Any host name may be asked for; none of it comes back.
    let poisoned =
        visitor.send(Request::get("/shop").header(header::HOST, "evil.example"), String::new()).await;
    assert!(!poisoned.text.contains("evil.example"));
}

#[tokio::test]
async fn staff_publish_texts_in_versions_and_set_the_rules() {
    let house = House::build().await;
    stock(&house).await;
    let mut owner = house.owner().await;
    assert!(owner.get("/admin/site").await.text.contains("Terms of service"));
    owner.get("/admin/site/about").await;
    let empty = owner.post("/admin/site/about", &[("locale", "en"), ("title", ""), ("body", "kept")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("kept"));
    let text = format!("# Hello\n\n{HOSTILE} [x](javascript:alert(1))");
    let form = [("locale", "en"), ("title", "About"), ("body", text.as_str())];
    assert_eq!(owner.post("/admin/site/about", &form).await.location, "/admin/site");
    let page = house.visitor().get("/about").await.text;
    assert!(
        page.contains("<h1>Hello</h1>") && !page.contains(HOSTILE) && !page.contains("href=\"javascript")
    );
    assert_eq!(owner.get("/admin/site/about/versions/1").await.status, StatusCode::OK);
    assert_eq!(house.visitor().get("/sla").await.status, StatusCode::NOT_FOUND);

    owner.get("/admin/settings/orders").await;
    let form = [
        ("number_format", "A-{0000}"),
        ("review_from_minor", "EUR 500.00, nonsense"),
        ("unpaid_days", "7"),
        ("stock_hours", "24"),
    ];
    let wrong = owner.post("/admin/settings/orders", &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("EUR 500.00, nonsense") && wrong.text.contains("Give amounts by currency"));
    let form = [
        ("number_format", "A-{0000}"),
        ("review_from_minor", "EUR 500.00"),
        ("unpaid_days", "3"),
        ("stock_hours", "24"),
    ];
    assert_eq!(owner.post("/admin/settings/orders", &form).await.location, "/admin/settings/orders");
    assert!(owner.get("/admin/settings/orders").await.text.contains("value=\"EUR 500.00\""));
    let ask = [
        ("label", "Host name"),
        ("name", "hostname"),
        ("kind", "hostname"),
        ("product", ""),
        ("required", "1"),
    ];
    assert_eq!(owner.post("/admin/order-questions", &ask).await.location, "/admin/order-questions");
    let mut visitor = house.visitor();
    let unanswered = put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", "1")]).await;
    assert_eq!(unanswered.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("cycle", "monthly"), ("quantity", "1"), ("answer-hostname", "www.example.org")];
    assert_eq!(put_into_cart(&mut visitor, &form).await.location, "/cart");
    assert!(visitor.get("/cart").await.text.contains("www.example.org"));
}

#[tokio::test]
async fn staff_order_for_a_customer_on_a_page() {
    let house = House::build().await;
    let product = stock(&house).await.to_string();
    let customer = house.customer("Shop").await.to_string();
    let mut owner = house.owner().await;
    assert!(owner.get(&format!("/admin/customers/{customer}")).await.text.contains("/admin/orders/new"));
    owner.get("/admin/orders/new").await;
    let mut form =
        vec![("customer", "99"), ("product", product.as_str()), ("cycle", "monthly"), ("quantity", "2")];
    let nobody = owner.post("/admin/orders/new", &form).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("There is no such customer"));
    form[0].1 = &customer;
    let made = owner.post("/admin/orders/new", &form).await;
    assert!(made.location.starts_with("/admin/orders/"), "{}", made.text);
    // 2 × 20.00 with 19 %.
    assert!(owner.get(&made.location).await.text.contains("47.60"));
}

/// Whether an address is known is told to the address and to nobody else.
#[tokio::test]
async fn who_signs_up_with_a_known_address_sees_what_everybody_sees_and_a_mail_tells_its_owner() {
    let house = House::build().await;
    stock(&house).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut visitor = house.visitor();
        put_into_cart(&mut visitor, &[("cycle", "monthly"), ("quantity", "1")]).await;
        visitor.get("/checkout").await;
        let answer = visitor.post("/checkout/sign-up", &WHO).await;
        let security = visitor.get("/portal/security").await.text;
        let is_asked = security.contains("You have not confirmed yet that sam@stranger.example is yours.");
        seen.push((answer.status, answer.location, is_asked));
    }
    assert_eq!(seen[0], (StatusCode::SEE_OTHER, "/checkout".to_owned(), true));
    assert_eq!(seen[0], seen[1]);
    house.office.app.drain(&house.cx).await.unwrap();
    let mails = house.cx.read(async |tx: &mut Tx| bursar_messaging::list(tx, None, 20).await).await.unwrap();
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    for subject in ["Is this address yours?", "You have an account already"] {
        assert_eq!(subjects.iter().filter(|it| **it == subject).count(), 1, "{subjects:?}");
    }
}

/// Whoever came by another service is a user and no customer yet.
#[tokio::test]
async fn a_user_without_a_customer_becomes_one_by_ordering_and_keeps_their_address() {
    let house = House::build().await;
    stock(&house).await;
    let password = hash_password(&house.cx, "a long enough password".to_owned()).await.unwrap();
    let new = NewUser {
        email: "nora@new.example".to_owned(),
        name: "Nora New".to_owned(),
        password: Some(password),
        is_verified: true,
    };
    house.cx.write(async move |tx: &mut Tx| register_user(tx, &new).await).await.unwrap();
    let mut nora = house.visitor();
    nora.get("/portal/sign-in").await;
    let who = [("email", "nora@new.example"), ("password", "a long enough password")];
    assert_eq!(nora.post("/portal/sign-in/password", &who).await.location, "/portal");
    put_into_cart(&mut nora, &[("cycle", "monthly"), ("quantity", "1")]).await;
    let page = nora.get("/checkout").await.text;
    assert!(page.contains("nora@new.example") && page.contains("name=\"first_name\""), "{page}");
    assert!(!page.contains("name=\"password\""));
    let fields: Vec<_> = WHO.into_iter().filter(|(name, _)| *name != "password").collect();
    assert_eq!(nora.post("/checkout/sign-up", &fields).await.location, "/checkout");
    let page = nora.get("/checkout").await.text;
    assert!(page.contains("nora@new.example") && !page.contains("sam@stranger.example"), "{page}");
    let seen = value(&page, "seen_total");
    let placed = nora.post("/checkout/place", &[("seen_total", &seen), ("agree", "1")]).await;
    assert!(placed.location.starts_with("/portal/"), "{}", placed.text);
    let again = nora.post("/checkout/sign-up", &fields).await;
    assert_eq!(again.location, "/checkout", "nobody becomes a second customer by the way");
}
