//! What customers can write, wherever it is shown to others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Read as _;

use bursar_scenarios::{Caller, House};
use flate2::read::DeflateDecoder;

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
const FORMULAS: [&str; 5] = ["=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1"];

#[test]
fn exports_carry_no_formula_that_a_customer_wrote() {
    let house = House::empty();
    for formula in FORMULAS {
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
    let sheet = part_of(&owner.get("/admin/customers/export.xlsx").body, "xl/worksheets/sheet1.xml");
    let cells: Vec<&str> = sheet.split("<c").skip(1).filter(|cell| !cell.starts_with("ols")).collect();
    // What stands around a name was taken off when it was stored.
    for formula in FORMULAS.map(str::trim) {
        let written = formula.replace('"', "&quot;");
        let cell = cells.iter().find(|cell| cell.contains(formula) || cell.contains(&written));
        let cell = cell.unwrap_or_else(|| panic!("{formula:?} is not in {sheet}"));
        assert!(cell.contains("t=\"inlineStr\""), "{formula:?} is text: {cell}");
    }
    // A cell with a formula has `<f>`; one that takes its kind from elsewhere would be no text.
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
    let disposition = csv.header("content-disposition");
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert_eq!(csv.header("x-content-type-options"), "nosniff");
}

/// One file of an archive, found by the archive's directory as programs find it.
fn part_of(archive: &[u8], wanted: &str) -> String {
    let number = |at: usize, size: usize| {
        archive[at..at + size].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = archive.len() - 22;
    let (many, mut at) = (number(end + 10, 2), number(end + 16, 4));
    for _ in 0..many {
        let (packed, name_length, offset) = (number(at + 20, 4), number(at + 28, 2), number(at + 42, 4));
        if &archive[at + 46..at + 46 + name_length] == wanted.as_bytes() {
            let data = offset + 30 + number(offset + 26, 2);
            let mut text = String::new();
            let unpacked = DeflateDecoder::new(&archive[data..data + packed]).read_to_string(&mut text);
            unpacked.expect("the part can be unpacked");
            return text;
        }
        at += 46 + name_length;
    }
    panic!("the archive has no {wanted}");
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
