//! What the gallery's pages show.

use bursar_money::{Currency, Money};
use bursar_web::Form;
use serde_json::{Value, json};

fn amount(minor: i64, currency: Currency) -> Value {
    json!({ "minor": Money::new(minor, currency).minor(), "currency": currency.code() })
}

/// The list page; `hostile` stands where strangers can write.
pub fn parts(hostile: &str) -> Value {
    let mut form = Form::filled([
        ("name", hostile),
        ("amount", "12.345"),
        ("note", hostile),
        ("cycle", "monthly"),
        ("send", "1"),
    ]);
    form.refuse("amount", format!("Please give an amount in EUR, for example 125.00. {hostile}"));
    json!({
        "hostile": hostile,
        "rows": [
            { "number": "INV-2026-000131", "customer": hostile, "on": "2026-03-09", "status": "open", "total": amount(123_450, Currency::EUR) },
            { "number": "INV-2026-000130", "customer": "Kiyo Trading K.K.", "on": "2026-03-08", "status": "paid", "total": amount(1_284_000, Currency::JPY) },
            { "number": "INV-2026-000129", "customer": "Al Noor Networks", "on": "2026-02-20", "status": "overdue", "total": amount(48_125, Currency::KWD) },
            { "number": "INV-2026-000128", "customer": "Green Tea Studio", "on": "2026-02-18", "status": "partially_paid", "total": amount(9_900, Currency::BDT) },
            { "number": "INV-2026-000127", "customer": "Old Mill Bakery", "on": "2026-02-18", "status": "void", "total": amount(-1_999, Currency::USD) }
        ],
        "outstanding": amount(8_412_900, Currency::EUR),
        "overdue": amount(1_290_050, Currency::EUR),
        "form": form.view(),
        "cycles": [{ "value": "monthly", "label": "Monthly" }, { "value": "annual", "label": hostile }],
        "next": "/admin?after=127",
    })
}

/// The detail page.
pub fn detail(hostile: &str) -> Value {
    json!({ "name": hostile, "since": "2024-11-02", "seen": 1_773_135_000_000_000_i64, "balance": amount(2_500, Currency::EUR),
            "notes": format!("Prefers **e-mail**. {hostile}"), "charts": charts(hostile) })
}

/// One chart of each kind.
fn charts(hostile: &str) -> Value {
    let series = json!([
        { "name": "Paid", "values": [120_050, 98_000, 143_210, 150_000, 139_900, 171_500] },
        { "name": hostile, "values": [12_000, 30_500, 8_000, 21_000, 44_000, 9_500] },
    ]);
    let months = json!(["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]);
    let chart = |title: &str, kind: &str, labels: &Value, series: &Value| json!({ "title": title, "kind": kind, "labels": labels, "series": series, "currency": "EUR", "exponent": 2 });
    let mut stacked = chart("Revenue by month", "bar", &months, &series);
    stacked["stacked"] = json!(true);
    let shares = json!([{ "name": "Revenue", "values": [54_000, 23_000, 11_000] }]);
    json!([
        stacked,
        chart("Revenue and what is open", "area", &months, &series),
        chart("Revenue by product", "partition", &json!(["VPS", "Web space", hostile]), &shares),
    ])
}

/// The portal's page.
pub fn portal() -> Value {
    json!({ "due": amount(123_450, Currency::EUR), "rows": parts("Northwind Ltd")["rows"] })
}

/// The sign-in page, after a wrong password.
pub fn sign_in() -> Value {
    let mut form = Form::filled([("email", "ann@northwind.example"), ("password", "typed-secret")]);
    form.refuse("password", "E-mail address or password is not right.");
    json!({ "form": form.view() })
}
