//! A list as its visitors meet it, over a table of its own, on both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test as the test does")]

use std::collections::{BTreeMap, BTreeSet};
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
    Arrival, Authenticate, Brand, Column, Filter, Lens, Look, Principal, PrincipalKind, Reading, Resource,
    ShellKey, Site, Sort, Standing, Templates, Transport, Web, WebSettings, paths,
};
use serde_json::Value;
use tower::ServiceExt as _;

const HOSTILE: &str = "<script>alert(1)</script>";
const SEE: &str = "shop.thing.view";

bursar_db::statements! {
    INSERT = "INSERT INTO shop_things (id, name, state, price_minor, currency, sold_on, owner_id, made_at)
        VALUES ($1, $2, $3, $4, 'EUR', $5, $6, $7)";
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
        .empty("No things yet", "Make one.")
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

struct Town {
    cx: Cx,
    /// What the visitor may do.
    may: &'static str,
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
            actor: Actor::Staff(1),
            name: "Ann".to_owned(),
            kind: PrincipalKind::Staff,
            permissions: BTreeSet::from([self.may.to_owned()]),
            session_hash: [1; 32],
            standing: Standing::default(),
        }))
    }
}

fn router(cx: &TestCx, may: &'static str) -> Router {
    let town = Arc::new(Town { cx: cx.cx(), may });
    let look = Look { templates: Templates::new(), ..Look::default() };
    let settings = WebSettings::new(Transport::Plain, ShellKey::new([7; 32]));
    let site: Arc<dyn Site> = Arc::clone(&town) as Arc<dyn Site>;
    let web = Web::new(settings, site, town, look, Rng::from_seed(1)).unwrap();
    let things = Arc::new(things());
    assert_eq!(things.mistakes(), Vec::<String>::new());
    web.router(vec![things.routes("shop")], &BTreeSet::from([SEE])).unwrap().0
}

async fn get(router: &Router, path: &str, accept: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
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
        let router = router(&cx, SEE);
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
        let router = router(&cx, SEE);
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
        let router = router(&cx, SEE);
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
        let router = router(&cx, SEE);
        let found = json(&router, "/admin/things.json?price_from=1&price_to=1.00&price_currency=eur").await;
        assert_eq!(ids(&found), [6, 5, 4]);
        assert_eq!(ids(&json(&router, "/admin/things.json?search=thing+7").await), [7]);
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
fn who_may_not_see_the_list_gets_nothing_of_it_in_any_form() {
    on_both_engines(schema(), async |cx| {
        stock(&cx, 1).await;
        let router = router(&cx, "shop.other.view");
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
