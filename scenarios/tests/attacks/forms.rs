//! Forms that say more than they were asked, and addresses that lead elsewhere.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_scenarios::{Caller, House};

use crate::races::stock;

/// Every way of writing another host that a browser has been known to follow.
const ELSEWHERE: [&str; 10] = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example/",
    "javascript:alert(1)",
    "//evil.example/%2f..",
    "///evil.example",
    "http:evil.example",
];

fn expect_here(location: &str, what: &str) {
    let is_here = location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
    assert!(is_here && !location.bytes().any(|byte| byte.is_ascii_control()), "{what} leads to {location:?}");
}

#[test]
fn no_form_of_a_stranger_leads_to_another_host() {
    let house = House::empty();
    for elsewhere in ELSEWHERE {
        for (page, path, field, value) in [
            ("/shop", "/shell/language", "locale", "de"),
            ("/shop", "/shell/scheme", "scheme", "dark"),
            ("/shop", "/shop/currency", "currency", "EUR"),
        ] {
            let mut stranger = Caller::at(&house);
            stranger.get(page);
            let heard = stranger.post(path, &[(field, value), ("return_to", elsewhere)]);
            if heard.status == 303 {
                expect_here(heard.header("location"), path);
            } else {
                assert!(heard.status < 500, "{}: {}", heard.status, heard.text());
            }
        }
        for page in ["/admin/sign-in", "/portal/sign-in"] {
            let mut stranger = Caller::at(&house);
            let shown = stranger.get(&format!("{page}?return_to={}", elsewhere.replace(['\\', '\t'], "%5c")));
            // The page may say where it is itself; what it leads to, and what its form says, is ours.
            for lead in ["href=\"", "action=\"", "name=\"return_to\" value=\""] {
                for there in shown.text().split(lead).skip(1).filter_map(|rest| rest.split('"').next()) {
                    let is_ours =
                        there.is_empty() || there.starts_with(['/', '#']) && !there.starts_with("//");
                    assert!(is_ours, "{page} leads to {there:?} because of {elsewhere:?}");
                }
            }
        }
    }
}

#[test]
fn a_door_of_the_portal_leads_only_into_the_portal() {
    let house = House::empty();
    for elsewhere in ELSEWHERE {
        let customer = house.customer("Kiyo Trading");
        let link = house.portal_link(customer);
        let mut buyer = Caller::at(&house);
        buyer.get(&link);
        expect_here(buyer.post(&link, &[("return_to", elsewhere)]).header("location"), &link);
        let confirm = buyer.post("/portal/confirm", &[("password", "x"), ("return_to", elsewhere)]);
        assert!(confirm.header("location").is_empty() || !confirm.header("location").contains("evil"));
    }
}

fn mails(house: &House) -> Vec<String> {
    let cx = house.cx();
    let listed = cx.read(async |tx: &mut Tx| {
        let messages = bursar_messaging::list(tx, None, 100).await?;
        Ok::<_, Fault>(messages.into_iter().map(|it| it.body_text).collect())
    });
    house.wait(listed).expect("mails can be listed")
}

/// Whatever host a request names, links in mails lead to ours, and pages do not repeat it.
#[test]
fn a_forged_host_reaches_no_mail_and_no_page() {
    let house = House::empty();
    stock(&house, "VPS Two", None);
    let customer = house.customer("Kiyo Trading");
    Caller::customer(&house, customer);
    for heads in [
        "host: evil.example\r\n",
        "host: localhost\r\nx-forwarded-host: evil.example\r\nx-forwarded-proto: https\r\n",
        "host: localhost\r\nforwarded: host=evil.example;proto=https\r\nx-original-url: /admin\r\n",
        "host: localhost\r\nx-host: evil.example\r\nx-rewrite-url: /admin\r\n",
    ] {
        let mut stranger = Caller::at(&house);
        stranger.heads = heads.to_owned();
        for page in ["/", "/shop", "/portal/sign-in", "/portal/reset", "/admin/sign-in", "/nothing-here"] {
            let shown = stranger.get(page);
            assert!(!shown.text().contains("evil.example"), "{page} repeats {heads}");
            assert!(!shown.head.contains("evil.example"), "{page} sends {}", shown.head);
        }
        let email = format!("chloe.{customer}@shop.example");
        stranger.get("/portal/sign-in");
        stranger.post("/portal/sign-in", &[("email", &email)]);
        stranger.get("/portal/reset");
        stranger.post("/portal/reset", &[("email", &email)]);
        stranger.get("/admin/reset");
        stranger.post("/admin/reset", &[("email", house.owner().0)]);
    }
    house.settle();
    let mails = mails(&house);
    let with_links: Vec<_> = mails.iter().filter(|text| text.contains("http")).collect();
    assert!(with_links.len() >= 3, "{mails:?}");
    for text in with_links {
        assert!(!text.contains("evil.example") && text.contains(house.base()), "{text}");
    }
}

#[test]
fn a_planted_session_of_the_portal_is_not_the_one_that_is_signed_in() {
    let house = House::empty();
    let customer = house.customer("Kiyo Trading");
    let planted = "planted-by-somebody-else-0123456789abcdef";
    let link = house.portal_link(customer);
    let mut victim = Caller::at(&house);
    victim.plant("bursar_session", planted);
    victim.get(&link);
    assert_eq!(victim.post(&link, &[]).header("location"), "/portal");
    assert!(!victim.cookies().contains(planted), "{}", victim.cookies());
    let mut attacker = Caller::at(&house);
    attacker.plant("bursar_session", planted);
    assert_eq!(attacker.get("/portal").status, 303);
    assert_eq!(victim.get("/portal").status, 200);
    // And the session that was there before the sign-out is worth nothing after it.
    let kept = victim.cookies();
    victim.get("/portal");
    victim.post("/portal/sign-out", &[]);
    let mut thief = Caller::at(&house);
    for cookie in kept.split("; ") {
        let (name, value) = cookie.split_once('=').expect("a cookie has a value");
        thief.plant(name, value);
    }
    assert_eq!(thief.get("/portal").status, 303);
}

/// Fields that the form does not have, under the names that the record has.
const EXTRA: [(&str, &str); 17] = [
    ("id", "1"),
    ("customer_id", "1"),
    ("customer", "1"),
    ("status", "closed"),
    ("group_id", "1"),
    ("currency", "JPY"),
    ("tax_exempt", "1"),
    ("is_tax_exempt", "1"),
    ("late_fees", "0"),
    ("credit", "100000"),
    ("credit_minor", "100000"),
    ("balance", "100000"),
    ("is_admin", "1"),
    ("role", "owner"),
    ("permissions", "*"),
    ("source", "staff"),
    ("gateway", "nothing"),
];

#[test]
fn fields_that_were_not_asked_for_change_nothing() {
    let house = House::empty();
    stock(&house, "VPS Two", None);
    let (other, customer) = (house.customer("Other"), house.customer("Kiyo Trading"));
    let mut owner = Caller::owner(&house);
    let mut buyer = Caller::customer(&house, customer);
    let mut profile = vec![
        ("company", "Kiyo Trading"),
        ("first_name", "Chloé"),
        ("last_name", "Martin"),
        ("email", "buyer@shop.example"),
        ("address1", "2 Road"),
        ("city", "Berlin"),
        ("postcode", "10115"),
        ("country", "DE"),
    ];
    let edit = format!("/admin/customers/{customer}/edit");
    save_profile(&mut buyer, &profile);
    let (before, theirs) =
        (settled(&mut owner, &edit), settled(&mut owner, &format!("/admin/customers/{other}/edit")));
    profile.extend(EXTRA);
    save_profile(&mut buyer, &profile);
    assert_eq!(settled(&mut owner, &edit), before, "the customer's own record");
    assert_eq!(settled(&mut owner, &format!("/admin/customers/{other}/edit")), theirs, "somebody else's");
    // The cart, with everything that the price is made of.
    let mut cart =
        vec![("cycle", "monthly"), ("quantity", "1"), ("unit_price", "0.01"), ("amount_minor", "1")];
    cart.extend(EXTRA);
    buyer.get("/shop/vps-two");
    assert_eq!(buyer.post("/shop/vps-two", &cart).header("location"), "/cart");
    let page = buyer.get("/checkout");
    assert!(page.text().contains("20.00"), "{}", page.text());
    let seen = Caller::hidden(&page, "seen_total");
    let mut order = vec![("seen_total", seen.as_str()), ("agree", "1"), ("total_minor", "1"), ("paid", "1")];
    order.extend(EXTRA);
    let placed = buyer.post("/checkout/place", &order);
    assert!(placed.header("location").ends_with("/pay"), "{}", placed.text());
    let pay = buyer.get(placed.header("location"));
    assert!(pay.text().contains("20.00"), "{}", pay.text());
    let mut owner = Caller::owner(&house);
    let orders = owner.get("/admin/orders.json").text();
    assert!(orders.contains(&format!("{customer}")) && orders.contains("pending_payment"), "{orders}");
}

/// Sends the form of a customer's own record, on top of the state that its page shows.
pub fn save_profile(buyer: &mut Caller<'_>, fields: &[(&str, &str)]) {
    let version = Caller::hidden(&buyer.get("/portal/profile"), "version");
    let mut all = vec![("version", version.as_str()), ("language", "en")];
    all.extend(fields);
    let heard = buyer.post("/portal/profile", &all);
    assert_eq!(heard.status, 303, "{}", heard.text());
}

/// A form that arrives without the fields that its page hides in it is refused like any other that is wrong.
#[test]
fn a_form_without_its_hidden_fields_is_refused_and_no_fault() {
    let house = House::empty();
    let customer = house.customer("Kiyo Trading");
    let (mut owner, mut buyer) = (Caller::owner(&house), Caller::customer(&house, customer));
    buyer.get("/portal/profile");
    assert_eq!(buyer.post("/portal/profile", &[("company", "Kiyo")]).status, 422);
    let edit = format!("/admin/customers/{customer}/edit");
    owner.get(&edit);
    assert_eq!(owner.post(&edit, &[("company", "Kiyo")]).status, 422);
}

/// The form of a customer as staff see it, without what differs on every page and every change.
fn settled(owner: &mut Caller<'_>, path: &str) -> String {
    let text = owner.get(path).text();
    let main = text.split("<main").nth(1).unwrap_or_default();
    let lines = main.lines().filter(|line| !line.contains("_csrf") && !line.contains("name=\"version\""));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_quantity_and_no_choice_makes_something_cheap() {
    let house = House::empty();
    stock(&house, "VPS Two", None);
    let mut stranger = Caller::at(&house);
    for quantity in
        ["-1", "0", "-0", "1000001", "9223372036854775807", "18446744073709551617", "1.5", "1e3", "０１"]
    {
        stranger.get("/shop/vps-two");
        let heard = stranger.post("/shop/vps-two", &[("cycle", "monthly"), ("quantity", quantity)]);
        assert_eq!(heard.status, 422, "{quantity}: {}", heard.text());
    }
    stranger.get("/shop/vps-two");
    assert_eq!(stranger.post("/shop/vps-two", &[("cycle", "monthly"), ("quantity", "2")]).status, 303);
    let item = Caller::hidden(&stranger.get("/cart"), "item");
    for quantity in ["-1", "1000001", "9223372036854775808", "1.5", "x"] {
        stranger.get("/cart");
        let heard = stranger.post("/cart/quantity", &[("item", &item), ("quantity", quantity)]);
        assert!(heard.status < 500, "{quantity}: {}", heard.text());
        assert!(stranger.get("/cart").text().contains("40.00"), "{quantity}");
    }
    for (name, value) in
        [("cycle", "once_upon"), ("cycle", "annual"), ("cycle", ""), ("option-1", "1"), ("addon-1", "-3")]
    {
        stranger.get("/shop/vps-two");
        let heard = stranger.post("/shop/vps-two", &[("quantity", "1"), (name, value)]);
        assert!(matches!(heard.status, 303 | 422), "{name}={value}: {}", heard.status);
    }
}
