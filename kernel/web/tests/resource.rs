//! A list as its visitors meet it, over a table of its own, on both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test as the test does")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode, header};
use bursar_context::Cx;
use bursar_db::{Migration, Migrations, Tx, params};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::{Actor, Rng};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_web::{
    Amount, Arrival, Authenticate, Brand, BulkAction, Column, Done, Figure, Filter, Lens, Look, Owners,
    Principal, PrincipalKind, Reading, Resource, ShellKey, Site, Sort, Standing, Templates, Transport, Web,
    WebSettings, paths,
};
use futures_util::StreamExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

const HOSTILE: &str = "<script>alert(1)</script>";
const SEE: &str = "shop.thing.view";
const SELL: &str = "shop.thing.sell";

bursar_db::statements! {
    INSERT = "INSERT INTO shop_things (id, name, state, price_minor, currency, sold_on, owner_id, made_at)
        VALUES ($1, $2, $3, $4, 'EUR', $5, $6, $7)";
    TAKE = "UPDATE shop_things SET state = 'sold' WHERE id = $1 AND state = 'on_shelf'";
    OF_OWNERS = "SELECT id FROM shop_things WHERE owner_id {any:$1} ORDER BY id DESC LIMIT $2";
    BY_NAME = "SELECT id FROM shop_things WHERE name >= $1 AND name < $2 LIMIT $3";
}

fn schema() -> Vec<Migrations> {
    let sql = "CREATE TABLE shop_things (id {ID}, name {TEXT} NOT NULL, state {TEXT} NOT NULL,
        price_minor {I64} NOT NULL, currency {TEXT} NOT NULL, sold_on {DATE}, owner_id {I64}, made_at {I64} NOT NULL)
        {STRICT}; CREATE INDEX shop_things_price ON shop_things (price_minor, id);
        CREATE INDEX shop_things_name ON shop_things (name);
        CREATE INDEX shop_things_state ON shop_things (state, id);";
    vec![
        bursar_web::migrations(),
        Migrations { module: "shop", steps: vec![Migration { name: "0001_init", sql }].leak() },
    ]
}

fn things() -> Resource {
    Resource::new("things", "Things", paths!("/admin/things"), SEE)
        .described("package", "What there is.")
        .from("shop_things AS t", "t.id")
        .opens("/admin/things/")
        .columns(vec![
            Column::text("name", "Name", "t.name").opens().note("'made of ' || t.name"),
            Column::badge("state", "State", "t.state"),
            Column::money("price", "Price", "t.price_minor", "t.currency"),
            Column::date("sold", "Sold", "t.sold_on"),
            Column::named("owner", "Owner", "t.owner_id", owners).to("/admin/owners/"),
            Column::instant("made", "Made", "t.made_at").extra(),
        ])
        .sorts(vec![Sort::number("price", "Price", "t.price_minor").falling()])
        .lenses(vec![
            Lens::new("", "All", "", &["newest", "price"]),
            Lens::new("sold", "Sold", "t.state = 'sold'", &["newest"]).counted(),
        ])
        .filters(vec![
            Filter::amounts("price", "Price", "t.price_minor", "t.currency").sorted_by("price"),
            Filter::dates("sold", "Sold", "t.sold_on"),
        ])
        .search("Name", find)
        .search_owners(Owners { kind: "owners", find: find_owners, rows: &OF_OWNERS })
        .actions(vec![
            BulkAction::new("sell", "Sell", SELL, "They leave the shelf.", sell)
                .applies("t.state = 'on_shelf'")
                .sums("t.price_minor", "t.currency"),
        ])
        .figures(figures)
        .empty("No things yet", "Make one.")
}

fn sell(cx: Cx, ids: Vec<i64>) -> Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>> {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            let sold = cx.write(async move |tx: &mut Tx| tx.exec(&TAKE, params![id]).await).await?;
            if sold == 1 { done.done += 1 } else { done.refused.push((id, "It is gone.".to_owned())) }
        }
        Ok::<_, Fault>(done)
    })
}

fn figures(_: &mut Tx) -> Reading<'_, Vec<Figure>> {
    let figure = Figure {
        label: "Sold".to_owned(),
        value: Amount::Number(1_200),
        before: Some(Amount::Number(1_000)),
        course: vec![1, 2],
        parts: vec![("By <b>".to_owned(), Amount::Number(3))],
    };
    Box::pin(async move { Ok(vec![figure]) })
}

fn owners(_: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    // One of them is not known any more.
    let known = ids.into_iter().filter(|id| *id != 3).map(|id| (id, format!("Owner & {id}"))).collect();
    Box::pin(async move { Ok(known) })
}

fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let end = format!("{text}\u{10ffff}");
        tx.query(&BY_NAME, params![&text, &end, limit], |row| row.get(0)).await
    })
}

/// `owner 4` is the fourth one.
fn find_owners(_: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    assert_eq!(limit, 200);
    let found = text.strip_prefix("owner ").and_then(|number| number.parse().ok());
    Box::pin(async move { Ok(found.into_iter().collect()) })
}

struct Town {
    cx: Cx,
    /// What the visitor may do.
    may: &'static [&'static str],
}

#[async_trait]
impl Site for Town {
    async fn arrive(&self, _: &mut Parts) -> Result<Arrival, Fault> {
        let (zone, now) = (self.cx.zone().clone(), self.cx.now());
        Ok(Arrival { brand: Brand::default(), locale: Locale::default(), zone, now })
    }

    async fn admit(&self, request: &mut Parts, _: Option<&Principal>) -> Result<(), Fault> {
        request.extensions.insert(self.cx.clone());
        Ok(())
    }
}

#[async_trait]
impl Authenticate for Town {
    async fn authenticate(&self, _: &Parts) -> Result<Option<Principal>, Fault> {
        Ok(Some(Principal {
            actor: *self.cx.actor(),
            name: "Ann".to_owned(),
            kind: PrincipalKind::Staff,
            permissions: self.may.iter().map(|it| (*it).to_owned()).collect(),
            session_hash: [1; 32],
            standing: Standing::default(),
        }))
    }
}

fn router(cx: &TestCx, may: &'static [&'static str]) -> Router {
    router_of(cx.cx(), may)
}

fn router_of(cx: Cx, may: &'static [&'static str]) -> Router {
    let town = Arc::new(Town { cx, may });
    let look = Look { templates: Templates::new(), resources: vec![Arc::new(things())], ..Look::default() };
    let settings = WebSettings::new(Transport::Plain, ShellKey::new([7; 32]));
    let site: Arc<dyn Site> = Arc::clone(&town) as Arc<dyn Site>;
    let web = Web::new(settings, site, town, look, Rng::from_seed(1)).unwrap();
    let things = Arc::new(things());
    assert_eq!(things.mistakes(), Vec::<String>::new());
    web.router(vec![things.routes("shop")], &BTreeSet::from([SEE, SELL])).unwrap().0
}

async fn get(router: &Router, path: &str, accept: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// Sends a form with the token of a page, and returns the status, where it leads and what it says.
async fn post(router: &Router, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
    let page = html(router, "/admin/things").await;
    let token = page.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.append_pair("_csrf", token).extend_pairs(fields);
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.finish()))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, to) = (response.status(), response.headers().get(header::LOCATION).cloned());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let to = to.map_or(String::new(), |to| to.to_str().unwrap().to_owned());
    (status, to, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn file(router: &Router, path: &str) -> Vec<u8> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let disposition = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"things-2026-01-01."), "{disposition}");
    let (mut parts, mut bytes) = (response.into_body().into_data_stream(), Vec::new());
    while let Some(part) = parts.next().await {
        bytes.extend(part.unwrap());
    }
    // Who compresses a body asks again after its end.
    assert!(parts.next().await.is_none() && parts.next().await.is_none());
    bytes
}

async fn html(router: &Router, path: &str) -> String {
    let (status, text) = get(router, path, "text/html").await;
    assert_eq!(status, StatusCode::OK, "{path}");
    text
}

async fn json(router: &Router, path: &str) -> Value {
    let (status, text) = get(router, path, "application/json").await;
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Things 1 to `many`; every three in a row cost the same.
async fn stock(cx: &TestCx, many: i64) {
    cx.write(async move |tx: &mut Tx| {
        for id in 1..=many {
            let state = if id % 2 == 0 { "sold" } else { "on_shelf" };
            let name = if id == 2 { HOSTILE.to_owned() } else { format!("thing {id}") };
            let sold_on = (id % 2 == 0).then(|| "2026-01-09".parse::<bursar_time::Date>().unwrap());
            let now = tx.now();
            tx.exec_one(&INSERT, params![id, &name, state, (id - 1) / 3 * 100, sold_on, Some(id), now])
                .await?;
        }
        Ok::<_, Fault>(())
    })
    .await
    .unwrap();
}

fn ids(page: &Value) -> Vec<i64> {
    page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[test]
fn pages_follow_each_other_forth_and_back_over_equal_values_without_gap_or_double() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 11).await;
        let router = router(&cx, &[SEE]);
        for sort in ["newest", "-newest", "price", "-price"] {
            let start = format!("/admin/things.json?sort={sort}&rows=4");
            let whole = ids(&json(&router, &format!("/admin/things.json?sort={sort}&rows=50")).await);
            let (mut at, mut forth, mut pages) = (Some(start), Vec::new(), Vec::new());
            while let Some(address) = at {
                let page = json(&router, &address).await;
                forth.extend(ids(&page));
                at = page["next"].as_str().map(str::to_owned);
                pages.push(page);
            }
            assert_eq!(forth, whole, "{sort}");
            assert_eq!(pages.len(), 3);
            let mut at = pages.pop().unwrap();
            while let Some(expected) = pages.pop() {
                at = json(&router, at["previous"].as_str().unwrap()).await;
                assert_eq!(ids(&at), ids(&expected), "{sort}, back");
            }
            assert_eq!(at["previous"], Value::Null, "{sort}: nothing comes before the first page");
        }
    });
}

#[test]
fn a_row_as_json_has_its_types() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 4).await;
        let router = router(&cx, &[SEE]);
        let page =
            json(&router, "/admin/things.json?sort=newest&rows=1&col=price&col=owner&col=sold&col=made")
                .await;
        let expected = serde_json::json!({
            "id": 4, "price": {"minor": 100, "currency": "EUR", "amount": "1.00"}, "sold": "2026-01-09",
            "owner": {"id": 4, "name": "Owner & 4"}, "made": "2026-01-01T00:00:00Z",
        });
        assert_eq!(page["rows"][0], expected);
        let by_accept = json(&router, "/admin/things?rows=1").await;
        assert_eq!(by_accept["rows"][0]["id"], 4);
    });
}

#[test]
fn the_page_shows_rows_as_text_with_names_amounts_and_neighbours() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 4).await;
        let router = router(&cx, &[SEE]);
        let page = html(&router, "/admin/things").await;
        assert!(!page.contains(HOSTILE) && page.contains("&lt;script&gt;alert(1)"));
        assert!(page.contains("href=\"/admin/things/4\">thing 4</a>"));
        assert!(page.contains(">made of thing 4<"));
        assert!(page.contains("<td class=\"end amount\" data-label=\"Price\"><div>€1.00</div></td>"));
        assert!(page.contains("href=\"/admin/owners/4\">Owner &amp; 4</a>"));
        assert!(page.contains(">Owner 3</a>"), "an unknown name is its number");
        assert!(page.contains("Sold <span class=\"lens-count\">2</span>"));
        assert!(page.contains("<title>Things · Bursar</title>"));
        assert!(!page.contains("mark0") && !page.contains("rel=\"next\""));
        let paged = html(&router, "/admin/things?rows=2").await;
        assert!(paged.contains("rel=\"next\" href=\"/admin/things?rows=2&amp;after=3\""), "{paged}");
        let sold = html(&router, "/admin/things?show=sold&sort=newest").await;
        assert!(sold.contains("thing 4") && !sold.contains("thing 3"));
        assert!(html(&router, "/admin/things?search=nothing").await.contains("Nothing matches"));
    });
}

#[test]
fn filters_narrow_and_what_cannot_be_read_is_said_beside_the_field_and_kept() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 9).await;
        let router = router(&cx, &[SEE]);
        let found = json(&router, "/admin/things.json?price_from=1&price_to=1.00&price_currency=eur").await;
        assert_eq!(ids(&found), [6, 5, 4]);
        assert_eq!(ids(&json(&router, "/admin/things.json?search=thing+7").await), [7]);
        assert_eq!(ids(&json(&router, "/admin/things.json?search=owner+4").await), [4]);
        let wrong = "/admin/things?price_from=1%22%3E%3Cb&price_currency=EUR";
        let (status, page) = get(&router, wrong, "text/html").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Give an amount in EUR, for example 125.00."));
        assert!(page.contains("value=\"1&quot;&gt;&lt;b\""), "what was typed is kept");
        assert!(!page.contains("thing 9"), "no rows that were not asked for");
        let (status, text) = get(&router, "/admin/things.json?after=x&show=none", "*/*").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields: Value = serde_json::from_str(&text).unwrap();
        let named: Vec<_> =
            fields["error"]["fields"].as_array().unwrap().iter().map(|it| &it["field"]).collect();
        assert_eq!(named, ["show", "after"]);
    });
}

#[test]
fn a_zero_that_is_asked_for_is_answered_and_reaches_no_database() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 1).await;
        let router = router(&cx, &[SEE]);
        for path in [
            "/admin/things?search=%00",
            "/admin/things?name=a%00b",
            "/admin/things?after=%00",
            "/admin/search?q=%00",
            "/admin/things/%00",
        ] {
            let (status, text) = get(&router, path, "text/html").await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            assert!(text.contains("a character that no text has"), "{path}: {text}");
        }
        let (status, text) = get(&router, "/admin/things.json?search=%00", "text/html").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let told: Value = serde_json::from_str(&text).expect("a list for programs is JSON whoever asks");
        assert!(told["error"]["message"].as_str().unwrap().contains("no text has"));
        let (status, _, text) = post(&router, "/admin/things/views", &[("name", "a\0b")]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains("a character that no text has"), "{text}");
    });
}

#[test]
fn who_may_not_see_the_list_gets_nothing_of_it_in_any_form() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 1).await;
        let router = router(&cx, &["shop.other.view"]);
        for path in ["/admin/things", "/admin/things.json"] {
            let (status, text) = get(&router, path, "text/html").await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
            assert!(!text.contains("thing 1"));
        }
    });
}

#[test]
fn the_lists_of_this_test_are_answered_by_their_indices_and_a_missing_index_is_noticed() {
    on_both_engines(schema(), async |cx| {
        let (slow, without) = cx
            .read(async |tx: &mut Tx| {
                let slow = things().slow_plans(tx).await?;
                let bad = things().sorts(vec![Sort::date("sold", "Sold", "t.sold_on")]).lenses(vec![
                    Lens::new("", "All", "", &["sold"]),
                    Lens::new("x", "X", "t.owner_id = 4", &["newest"]),
                ]);
                Ok::<_, Fault>((slow, bad.slow_plans(tx).await?))
            })
            .await
            .unwrap();
        assert_eq!(slow, Vec::<String>::new());
        let sqlite = cx.db().engine() == bursar_db::Engine::Sqlite;
        assert_eq!(without.iter().any(|it| it.contains("sort=sold")), sqlite, "{without:?}");
        assert_eq!(without.iter().any(|it| it.contains("show=\"x\"")), sqlite, "{without:?}");
    });
}

/// The files of an archive, read by its directory, as programs do that did not write it.
fn unpack(bytes: &[u8]) -> BTreeMap<String, String> {
    let number = |at: usize, size: usize| {
        bytes[at..at + size].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = bytes.len() - 22;
    assert_eq!(number(end, 4), 0x0605_4b50, "the directory's end");
    let (many, mut at) = (number(end + 10, 2), number(end + 16, 4));
    let mut files = BTreeMap::new();
    for _ in 0..many {
        assert_eq!(number(at, 4), 0x0201_4b50);
        let (crc, packed, plain) = (number(at + 16, 4), number(at + 20, 4), number(at + 24, 4));
        let (name_length, offset) = (number(at + 28, 2), number(at + 42, 4));
        let name = String::from_utf8(bytes[at + 46..at + 46 + name_length].to_vec()).unwrap();
        let data = offset + 30 + number(offset + 26, 2);
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&bytes[data..data + packed]).read_to_string(&mut text).unwrap();
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        assert_eq!((text.len(), sum.sum() as usize), (plain, crc), "{name}");
        files.insert(name, text);
        at += 46 + name_length;
    }
    files
}

#[test]
fn a_file_has_every_row_that_matches_in_order_and_text_stays_text() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 2_345).await;
        cx.write(async |tx: &mut Tx| {
            let now = tx.now();
            tx.exec_one(
                &INSERT,
                params![3_000_i64, "=HYPERLINK(\"x\"),&", "sold", -500_i64, None::<i64>, None::<i64>, now],
            )
            .await
        })
        .await
        .unwrap();
        let router = router(&cx, &[SEE]);
        let csv = String::from_utf8(file(&router, "/admin/things/export.csv").await).unwrap();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines.len(), 2_345 + 1 + 2, "heading, rows, and what stands behind the last end of line");
        assert_eq!(lines[0], "Name,State,Price,Price currency,Sold,Owner,Owner number");
        assert_eq!(lines[1], "\"'=HYPERLINK(\"\"x\"\"),&\",sold,-5.00,EUR,,,");
        assert_eq!(lines[2], "thing 2345,on_shelf,781.00,EUR,,Owner & 2345,2345");
        assert_eq!(lines[2_346], "thing 1,on_shelf,0.00,EUR,,Owner & 1,1");
        let sold =
            String::from_utf8(file(&router, "/admin/things/export.csv?show=sold&col=name").await).unwrap();
        assert_eq!(sold.matches("\r\n").count(), 1 + 1_172 + 1);
        let rows: Value = serde_json::from_slice(&file(&router, "/admin/things/export.json").await).unwrap();
        assert_eq!(rows.as_array().unwrap().len(), 2_346);
        let book = unpack(&file(&router, "/admin/things/export.xlsx?col=name&col=price&col=sold").await);
        let sheet = &book["xl/worksheets/sheet1.xml"];
        assert_eq!(sheet.matches("<row>").count(), 2_347);
        assert!(sheet.contains("t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK(\"x\"),&amp;</t>"));
        assert!(!sheet.contains("<f>"), "no cell is a formula");
        // 2026-01-09 is day 46,031 of spreadsheets: 46,023 is the first of January 2026.
        assert!(
            sheet.contains("<c s=\"5\"><v>781.00</v></c>") && sheet.contains("<c s=\"1\"><v>46031</v></c>")
        );
        assert!(book.contains_key("[Content_Types].xml") && book["xl/workbook.xml"].contains("rId1"));
    });
}

#[test]
fn a_saved_view_is_its_owners_and_the_list_can_begin_with_it() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 4).await;
        let router = router(&cx, &[SEE]);
        let nameless = post(&router, "/admin/things/views", &[("name", " "), ("query", "show=sold")]).await;
        assert_eq!(nameless.1, "/admin/things?show=sold", "back to what one saw");
        let fields = [("name", "Mine <3"), ("query", "show=sold&junk=1&col=name"), ("first", "1")];
        assert_eq!(post(&router, "/admin/things/views", &fields).await.1, "/admin/things?show=sold&col=name");
        let first = html(&router, "/admin/things").await;
        assert!(
            first.contains("Mine &lt;3 (first)") && !first.contains("thing 3") && first.contains("thing 4")
        );
        assert!(
            first.contains("href=\"/admin/things?show=&amp;col=name\""),
            "the whole list stays within reach"
        );
        assert!(html(&router, "/admin/things?show=").await.contains("thing 3"));
        let remove = first.split("action=\"/admin/things/views/").nth(1).unwrap().split('"').next().unwrap();
        let rival = cx.for_actor(Actor::Staff(2), bursar_context::Permissions::All, "rival");
        let strangers = TownRouter::of(rival);
        let path = format!("/admin/things/views/{remove}");
        assert_eq!(post(&strangers.0, &path, &[]).await.0, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(post(&router, &path, &[]).await.0, StatusCode::SEE_OTHER);
        assert!(html(&router, "/admin/things").await.contains("thing 3"));
    });
}

/// The same shop through somebody else's eyes.
struct TownRouter(Router);

impl TownRouter {
    fn of(cx: Cx) -> Self {
        Self(router_of(cx, &[SEE]))
    }
}

#[test]
fn an_action_is_shown_before_it_is_done_and_refused_when_what_was_shown_has_changed() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 6).await;
        let router = router(&cx, &[SEE, SELL]);
        let act = "/admin/things/actions/sell";
        assert!(html(&router, "/admin/things").await.contains("formaction=\"/admin/things/actions/sell\""));
        assert_eq!(post(&router, act, &[]).await.0, StatusCode::SEE_OTHER, "nothing was selected");
        // 1, 3 and 5 stand on the shelf, for 0, 0 and 1.00; 2 is sold already.
        let (status, _, page) = post(&router, act, &[("id", "1"), ("id", "2"), ("id", "5")]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<dt>Rows</dt><dd>2</dd>") && page.contains("EUR\u{a0}1.00"), "{page}");
        assert!(page.contains("1 of the selected rows cannot be treated so"));
        let seal = page.split("name=\"seal\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        cx.write(async |tx: &mut Tx| tx.exec_one(&TAKE, params![5_i64]).await).await.unwrap();
        let (status, _, again) = post(&router, act, &[("id", "1"), ("id", "5"), ("seal", seal)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.contains("has changed meanwhile") && again.contains("<dt>Rows</dt><dd>1</dd>"));
        let seal = again.split("name=\"seal\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(post(&router, act, &[("id", "1"), ("seal", seal)]).await.0, StatusCode::SEE_OTHER);
        assert_eq!(json(&router, "/admin/things.json?show=sold").await["rows"].as_array().unwrap().len(), 5);
        let all = [("all", "1"), ("query", "show=")];
        let (_, _, page) = post(&router, act, &all).await;
        assert!(page.contains("<dt>Rows</dt><dd>1</dd>"), "only 3 is left on the shelf");
        let reader = super_reader(&cx);
        assert_eq!(post(&reader, act, &[("id", "3")]).await.0, StatusCode::FORBIDDEN);
        assert!(!html(&reader, "/admin/things").await.contains("formaction"));
    });
}

fn super_reader(cx: &TestCx) -> Router {
    let may = bursar_context::Permissions::Only(BTreeSet::from([SEE.to_owned()]));
    router_of(cx.for_actor(Actor::Staff(1), may, "reader"), &[SEE])
}

#[test]
fn a_size_that_surprises_must_be_typed() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 240).await;
        let router = router(&cx, &[SEE, SELL]);
        let act = "/admin/things/actions/sell";
        let (_, _, page) = post(&router, act, &[("all", "1"), ("query", "")]).await;
        assert!(page.contains("Type 120 to confirm it"));
        let seal = page.split("name=\"seal\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let ids: Vec<String> = (1..=240).step_by(2).map(|id| id.to_string()).collect();
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
        fields.push(("seal", &seal));
        assert_eq!(post(&router, act, &fields).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        fields.push(("count", "120"));
        assert_eq!(post(&router, act, &fields).await.0, StatusCode::SEE_OTHER);
        assert_eq!(ids_on_shelf(&router).await, 0);
    });
}

async fn ids_on_shelf(router: &Router) -> usize {
    let all = json(router, "/admin/things.json?rows=500").await;
    all["rows"].as_array().unwrap().iter().filter(|row| row["state"] == "on_shelf").count()
}

#[test]
fn one_search_looks_into_the_lists_a_person_may_see_and_no_other() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 30).await;
        let found = json(&router(&cx, &[SEE]), "/admin/search.json?q=thing+2").await;
        let hits = found["groups"][0]["hits"].as_array().unwrap();
        assert_eq!(hits.len(), 5);
        assert!(
            hits.iter().any(|hit| hit["href"] == "/admin/things/20" && hit["note"] == "Sold · Owner & 20")
        );
        let owned = json(&router(&cx, &[SEE]), "/admin/search.json?q=owner+7").await;
        assert_eq!(owned["groups"][0]["hits"][0]["href"], "/admin/things/7");
        let page = html(&router(&cx, &[SEE]), "/admin/search?q=%3Cscript%3E").await;
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains(HOSTILE));
        let may = bursar_context::Permissions::none();
        let blind = router_of(cx.for_actor(Actor::Staff(3), may, "blind"), &[]);
        assert_eq!(json(&blind, "/admin/search.json?q=thing").await["groups"], serde_json::json!([]));
        let figures = html(&router(&cx, &[SEE]), "/admin/things/figures").await;
        assert!(figures.contains("1,200") && figures.contains("+20 %, before: 1,000"));
        assert!(figures.contains("By &lt;b&gt;"));
    });
}
