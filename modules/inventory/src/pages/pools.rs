//! Address pools.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{chosen, refuse, region_options, sentence, text_of};
use crate::addresses::{
    Pool, PoolForm, PoolMode, block_address, find_pool, pool_counts, range_texts, save_pool,
};
use crate::permissions::{ADDRESS_EDIT, ADDRESS_VIEW};
use crate::servers::servers;

const EDIT: &str = "inventory/pools/admin_edit.html";
const SHOW: &str = "inventory/pools/admin_show.html";
/// Servers offered for a pool.
const MOST_SERVERS: i64 = 1_000;

pub(super) fn routes() -> Routes {
    let edit = || Permission(ADDRESS_EDIT);
    Routes::<()>::new("inventory")
        .get("/admin/ip-pools/new", edit(), new_page)
        .post("/admin/ip-pools/new", edit(), create)
        .get("/admin/ip-pools/{id}", Permission(ADDRESS_VIEW), page)
        .get("/admin/ip-pools/{id}/edit", edit(), edit_page)
        .post("/admin/ip-pools/{id}/edit", edit(), save)
        .post("/admin/ip-pools/{id}/block", edit(), block)
        .with_state(())
}

fn at(id: i64) -> String {
    format!("/admin/ip-pools/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Pool> {
    let found = cx.read(async move |tx: &mut Tx| find_pool(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let form = Form::filled([("mode", PoolMode::Enabled.code())]);
    visit.page(EDIT, context(&cx, None, &form).await?)
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    match save_pool(&cx, None, typed(&form)).await {
        Ok(id) => visit.redirect_with(at(id), Flash::success("The pool is there.")),
        Err(error) => {
            refuse(&mut form, error)?;
            visit.refused_form(EDIT, context(&cx, None, &form).await?)
        }
    }
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let pool = known(&cx, id).await?;
    let d = &pool.details;
    let (first, last) = range_texts(d.range);
    let mut values = vec![
        ("version".to_owned(), pool.version.to_string()),
        ("name".to_owned(), d.name.clone()),
        ("network".to_owned(), d.network.to_string()),
        ("first".to_owned(), first),
        ("last".to_owned(), last),
        ("unit_prefix".to_owned(), d.unit_prefix.to_string()),
        ("gateway".to_owned(), d.gateway.clone()),
        ("dns".to_owned(), d.dns.clone()),
        ("region_id".to_owned(), text_of(d.region_id)),
        ("mode".to_owned(), d.mode.code().to_owned()),
    ];
    values.extend(d.servers.iter().map(|server| ("server".to_owned(), server.to_string())));
    visit.page(EDIT, context(&cx, Some(&pool), &Form::filled(values)).await?)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let pool = known(&cx, id).await?;
    let seen = form.value("version", "Load the page again.").unwrap_or_default();
    match save_pool(&cx, Some((id, seen)), typed(&form)).await {
        Ok(_) => visit.redirect_with(at(id), Flash::success("The pool is saved.")),
        Err(error) => {
            refuse(&mut form, error)?;
            visit.refused_form(EDIT, context(&cx, Some(&pool), &form).await?)
        }
    }
}

fn typed(form: &Form) -> PoolForm {
    let text = |field: &str| form.text(field).to_owned();
    PoolForm {
        name: text("name"),
        network: text("network"),
        first: text("first"),
        last: text("last"),
        unit_prefix: text("unit_prefix"),
        gateway: text("gateway"),
        dns: text("dns"),
        region_id: chosen(form, "region_id"),
        servers: form.all("server").filter_map(|text| text.parse().ok()).collect(),
        mode: PoolMode::parse(form.text("mode")),
    }
}

async fn context(cx: &Cx, pool: Option<&Pool>, form: &Form) -> Result<Value, Fault> {
    let all = cx.read(async |tx: &mut Tx| servers(tx, 0, MOST_SERVERS).await).await?;
    let ticked: Vec<i64> = form.all("server").filter_map(|text| text.parse().ok()).collect();
    let servers: Vec<Value> = all
        .into_iter()
        .map(|it| json!({ "id": it.id, "name": it.details.name, "is_in": ticked.contains(&it.id) }))
        .collect();
    Ok(json!({
        "form": form.view(), "id": pool.map(|it| it.id),
        "name": pool.map_or("", |it| it.details.name.as_str()),
        "regions": region_options(cx, "Everywhere").await?, "servers": servers,
        "modes": [
            { "value": "enabled", "label": "Enabled: gives addresses away" },
            { "value": "disabled", "label": "Disabled: keeps what it gave, gives nothing new" },
        ],
    }))
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let pool = known(&cx, id).await?;
    show(&visit, &cx, &pool, &Form::default()).await.and_then(|context| visit.page(SHOW, context))
}

async fn show(visit: &Visit, cx: &Cx, pool: &Pool, form: &Form) -> PageResult<Value> {
    let of = pool.clone();
    let (counts, names) = cx
        .read(async move |tx: &mut Tx| {
            let all = servers(tx, 0, MOST_SERVERS).await?;
            let names: Vec<Value> = all
                .into_iter()
                .filter(|it| of.details.servers.contains(&it.id))
                .map(|it| json!({ "id": it.id, "name": it.details.name }))
                .collect();
            Ok::<_, Fault>((pool_counts(tx, &of).await?, names))
        })
        .await?;
    let d = &pool.details;
    let (first, last) = range_texts(d.range);
    let count = |state: &str| counts.get(state).copied().unwrap_or_default().to_string();
    let region = region_options(cx, "Everywhere").await?;
    let region = region
        .into_iter()
        .find(|it| it["value"].as_i64() == d.region_id)
        .map_or(json!("Everywhere"), |it| it["label"].clone());
    Ok(json!({
        "form": form.view(), "id": pool.id, "name": d.name, "network": d.network.to_string(), "mode": d.mode,
        "first": first, "last": last, "unit": d.unit_prefix, "gateway": d.gateway, "dns": d.dns,
        "region": region, "servers": names, "all": count("all"), "free": count("free"),
        "assigned": count("assigned"), "quarantined": count("quarantined"), "blocked": count("blocked"),
        "may_edit": visit.can(ADDRESS_EDIT),
    }))
}

async fn block(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let pool = known(&cx, id).await?;
    let (address, note) = (form.text("address").to_owned(), form.text("note").to_owned());
    match block_address(&cx, id, address, note).await {
        Ok(()) => visit.redirect_with(at(id), Flash::success("The address is set aside.")),
        Err(error) => {
            let said = sentence(error)?;
            form.refuse("address", said);
            let context = show(&visit, &cx, &pool, &form).await?;
            visit.refused_form(SHOW, context)
        }
    }
}
