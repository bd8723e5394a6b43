//! Odd questions to every list that programs read, and odd names in every address: answers, never a fault.

use bursar_ids::Rng;
use bursar_scenarios::{Caller, House};
use url::form_urlencoded::byte_serialize;

/// Questions for each list.
const QUESTIONS: usize = 60;

/// Names of parameters that some list or other knows, and some that none does.
const NAMES: &[&str] = &[
    "show",
    "sort",
    "after",
    "before",
    "rows",
    "search",
    "col",
    "customer",
    "status",
    "state",
    "currency",
    "kind",
    "from",
    "to",
    "min",
    "max",
    "issued_from",
    "issued_to",
    "total_from",
    "total_to",
    "id",
    "",
    "[]",
    "a[b]",
    "%",
];

/// Values in the form in which they travel.
fn value(rng: &mut Rng) -> String {
    const ODD: &[&str] = &[
        "",
        "0",
        "-1",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e309",
        "NaN",
        "0x10",
        "99999999999999999999999999",
        "open",
        "-created",
        "created",
        "nonsense",
        "true",
        "null",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "-9999-01-01",
        "2026-03-10T09:30:00Z",
        "%00",
        "a%00b",
        "%ff%fe",
        "%c3%28",
        "%",
        "%zz",
        "%0d%0aset-cookie:%20a=b",
        "%E2%80%AE%F0%9F%92%A3",
        "'",
        "%27%20OR%201=1--",
        "%22",
        "%25%5F%25",
        "%5C",
        "..%2f..%2f",
        "{{7*7}}",
        "${7*7}",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "1,1",
        "1.2.3.4",
        "EUR",
        "eur",
        "1~2",
        "1.5~1",
        "~",
        "1:2",
        ":",
        "AAAA",
        "eyJhIjoxfQ",
        "NULL",
    ];
    match rng.below(10) {
        0 => "9".repeat(usize::try_from(rng.below(3_000)).expect("a small number")),
        1 => byte_serialize(&rng.bytes::<24>()).collect(),
        2 => rng.token(18),
        3 => format!("-{}", rng.u64()),
        _ => (*rng.pick(ODD).expect("there are some")).to_owned(),
    }
}

fn question(rng: &mut Rng) -> String {
    let pairs: Vec<String> = (0..=rng.below(6))
        .map(|_| {
            let name = rng.pick(NAMES).expect("there are some");
            let value = value(rng);
            format!("{name}={value}")
        })
        .collect();
    let mut text = pairs.join("&");
    if rng.chance_ppm(200_000) {
        // The same again, and something that is no pair.
        text = format!("{text}&{text}&&=&;");
    }
    text.truncate(20_000);
    text
}

/// The parameters that a list itself speaks of in its page.
fn own_names(page: &str) -> Vec<String> {
    page.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn no_question_to_a_list_is_a_fault() {
    let house = House::demo();
    let mut owner = Caller::owner(house);
    let mut rng = Rng::from_seed(20_260_310);
    let paths: Vec<&str> = house
        .routes()
        .rows()
        .iter()
        .filter(|row| row.method == "GET" && row.path.ends_with(".json"))
        .map(|row| row.path)
        .collect();
    assert!(paths.len() > 15, "{paths:?}");
    for path in paths {
        let is_file = path.ends_with("/export.json");
        let page = owner.get(path.trim_end_matches("/export.json").trim_end_matches(".json"));
        let names = own_names(&page.text());
        for _ in 0..QUESTIONS {
            let mut asked = question(&mut rng);
            if let Some(name) = rng.pick(&names) {
                asked = format!("{name}={}&{asked}", value(&mut rng));
            }
            let heard = owner.get(&format!("{path}?{asked}"));
            let is_answer = matches!(heard.status, 200 | 400 | 404 | 422);
            assert!(is_answer, "{} to {path}?{asked}: {}", heard.status, heard.text());
            // Who asks for a file by a form is told on a page that it cannot be made.
            if is_file && heard.status != 200 {
                continue;
            }
            let is_json = heard.header("content-type").starts_with("application/json");
            assert!(
                is_json && serde_json::from_slice::<serde_json::Value>(&heard.body).is_ok(),
                "{path}?{asked}"
            );
        }
    }
}

#[test]
fn a_cursor_of_one_list_or_one_order_is_no_fault_in_another() {
    let house = House::demo();
    let mut owner = Caller::owner(house);
    let mut cursors = Vec::new();
    let lists: Vec<&str> =
        house.routes().rows().iter().filter(|row| row.path.ends_with(".json")).map(|row| row.path).collect();
    for path in &lists {
        let heard: serde_json::Value =
            serde_json::from_slice(&owner.get(&format!("{path}?rows=1")).body).unwrap_or_default();
        if let Some(next) = heard["next"].as_str().and_then(|next| next.split("after=").nth(1)) {
            cursors.push(next.split('&').next().unwrap_or_default().to_owned());
        }
    }
    assert!(cursors.len() > 3, "the lists go on: {cursors:?}");
    for path in &lists {
        for cursor in &cursors {
            let status = owner.get(&format!("{path}?after={cursor}")).status;
            assert!(matches!(status, 200 | 400 | 404 | 422), "{status} to {path}?after={cursor}");
        }
    }
}

/// Numbers that are none, names that are none: whoever asks is told that it is not there.
#[test]
fn no_name_in_an_address_is_a_fault() {
    let house = House::demo();
    let mut owner = Caller::owner(house);
    let mut customer = Caller::customer(house, house.debtor());
    let odd = [
        "0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "%00",
        "a%00b",
        "%ff",
        "%27%20OR%201=1",
        "..%2f",
        "%E2%80%AE",
        "nonsense",
        "%3Cscript%3E",
    ];
    for row in house.routes().rows().iter().filter(|row| row.method == "GET" && row.path.contains('{')) {
        for name in odd {
            let path: Vec<&str> =
                row.path.split('/').map(|part| if part.starts_with('{') { name } else { part }).collect();
            let path = path.join("/");
            let sender = if path.starts_with("/portal") { &mut customer } else { &mut owner };
            let heard = sender.get(&path);
            assert!(heard.status < 500, "{} to {path}: {}", heard.status, heard.text());
        }
    }
}
