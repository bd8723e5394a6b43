//! What customers can write, wherever it is shown to others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bursar_scenarios::{Caller, House};

use crate::forms::save_profile;
use crate::races::stock;

/// Breaks out of text, attributes, scripts and templates where one of them is written without care.
const MARK: &str = "\"'><img src=x onerror=alert(1)></script>{{7*7}}";
/// How many addresses of one shape are looked at.
const OF_EACH: usize = 6;

/// Everything that the form of a page has room for, filled with the mark where any text will do.
fn send_marked(who: &mut Caller<'_>, page: &str, action: &str, fields: &[(&str, &str)]) {
    who.get(page);
    let heard = who.post(action, fields);
    assert_eq!(heard.status, 303, "{action}: {}", heard.text());
}

fn write_everywhere(buyer: &mut Caller<'_>) {
    let contact = [
        ("first_name", MARK),
        ("last_name", MARK),
        ("company", MARK),
        ("email", "buyer@shop.example"),
        ("phone", "+49 30 1"),
        ("address1", MARK),
        ("address2", MARK),
        ("city", MARK),
        ("postcode", "10115"),
        ("state", MARK),
        ("country", "DE"),
    ];
    save_profile(buyer, &contact);
    send_marked(buyer, "/portal/contacts/new", "/portal/contacts/new", &contact);
    let mut cart = vec![("cycle", "monthly"), ("quantity", "1"), ("answer-word", MARK)];
    send_marked(buyer, "/shop/vps-two", "/shop/vps-two", &cart);
    cart.clear();
    let page = buyer.get("/checkout");
    let seen = Caller::hidden(&page, "seen_total");
    let placed = buyer.post("/checkout/place", &[("seen_total", &seen), ("agree", "1"), ("note", MARK)]);
    assert!(placed.header("location").ends_with("/pay"), "{}", placed.text());
    let token = [("name", MARK), ("days", "30"), ("scope", "billing.portal.invoice.view")];
    buyer.get("/portal/tokens");
    let made = buyer.post("/portal/tokens", &token);
    assert!(matches!(made.status, 200 | 303), "{}: {}", made.status, made.text());
    send_marked(
        buyer,
        "/portal/team",
        "/portal/team/invitations",
        &[("email", "mark.2@shop.example"), ("role", "read_only")],
    );
}

/// Follows links from a page over everything that this person sees, and gives the pages.
fn crawl(who: &mut Caller<'_>, starts: &[&str]) -> BTreeMap<String, String> {
    let mut queue: VecDeque<String> = starts.iter().map(|path| (*path).to_owned()).collect();
    let (mut pages, mut seen, mut shapes) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    while let Some(path) = queue.pop_front() {
        let shape: String = path
            .split('/')
            .map(|part| if part.bytes().next().is_some_and(|it| it.is_ascii_digit()) { "#" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let looked_at = shapes.entry(shape.split('?').next().unwrap_or_default().to_owned()).or_insert(0);
        if *looked_at >= OF_EACH || !seen.insert(path.clone()) {
            continue;
        }
        *looked_at += 1;
        let heard = who.get(&path);
        if !heard.header("content-type").starts_with("text/html") {
            continue;
        }
        let text = heard.text();
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        queue.extend(links.filter(|link| link.starts_with('/') && !link.starts_with("//")).map(unescaped));
        pages.insert(path, text);
    }
    pages
}

fn unescaped(link: &str) -> String {
    link.replace("&#x2f;", "/").replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned()
}

#[test]
fn what_a_customer_writes_is_text_on_every_page_of_staff_and_of_colleagues() {
    let house = House::empty();
    stock(&house, "VPS Two", None);
    let mut owner = Caller::owner(&house);
    owner.get("/admin/order-questions");
    let question = [("label", "A word"), ("name", "word"), ("kind", "line"), ("product", "")];
    assert_eq!(owner.post("/admin/order-questions", &question).status, 303);
    let customer = house.customer("Plain");
    let mut buyer = Caller::customer(&house, customer);
    write_everywhere(&mut buyer);
    house.settle();
    let order = owner.get("/admin/orders").text();
    let order =
        order.split("/admin/orders/").nth(2).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    owner.get(&format!("/admin/orders/{order}"));
    for (who, starts) in [
        (&mut owner, &["/admin", "/admin/customers", "/admin/orders", "/admin/mail", "/admin/audit"][..]),
        (&mut buyer, &["/portal"][..]),
    ] {
        let pages = crawl(who, starts);
        assert!(pages.len() > 10, "{:?}", pages.keys());
        let shown = pages.values().filter(|text| text.contains("&lt;img src=x")).count();
        assert!(shown >= 4, "it is shown somewhere, as text: {shown} of {:?}", pages.keys());
        for (path, text) in &pages {
            assert!(!text.contains("<img src=x"), "{path} is open to {MARK}");
            assert!(!text.contains("'>&lt;img"), "{path}: the quotes came through");
            assert!(!text.contains("49</"), "{path}: a template was run");
        }
    }
}

/// A spreadsheet takes what begins so for a formula.
#[test]
fn exports_carry_no_formula_that_a_customer_wrote() {
    let house = House::empty();
    for formula in ["=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1"] {
        house.customer(formula);
    }
    let mut owner = Caller::owner(&house);
    let csv = owner.get("/admin/customers/export.csv");
    assert_eq!(csv.status, 200);
    let text = csv.text();
    assert!(text.contains("HYPERLINK"), "{text}");
    for field in fields_of(&text) {
        let is_number = field.parse::<i64>().is_ok();
        assert!(is_number || !field.trim_start().starts_with(['=', '+', '-', '@']), "{field:?} in {text}");
    }
    let xlsx = owner.get("/admin/customers/export.xlsx");
    assert!(xlsx.body.starts_with(b"PK"));
    let disposition = csv.header("content-disposition");
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert_eq!(csv.header("x-content-type-options"), "nosniff");
}

/// Fields of a file with commas, with their quotes taken off.
fn fields_of(text: &str) -> Vec<String> {
    let (mut fields, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.trim_start_matches('\u{feff}').chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !is_quoted => {}
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}
