//! What products are made from.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_catalog::{OptionKind, OptionValue, ProductOption, find_product, options_of_product, products};
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{AddressUse, Manifest};
use bursar_ids::Id;
use bursar_outbound::Settings;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::{self, Offers, Required};
use super::{chosen, group_options, number, refuse, region_options, sentence, text_of};
use crate::drivers::HostingDrivers;
use crate::groups::{find_group, groups};
use crate::hardware::stock_of;
use crate::permissions::{PLAN_EDIT, PLAN_VIEW};
use crate::plans::save::{add_field_of, remove_map, save_choice, save_map};
use crate::plans::{Choice, MapDetails, PlanMap, choices, find_map, plan_problems, store};
use crate::servers::listing::refresh_group;

const NEW: &str = "inventory/plans/admin_new.html";
const EDIT: &str = "inventory/plans/admin_edit.html";
const CHOICE: &str = "inventory/plans/admin_choice.html";
/// Products offered for a map.
const MOST_PRODUCTS: u32 = 2_000;

pub(super) fn routes(drivers: HostingDrivers) -> Routes {
    let edit = || Permission(PLAN_EDIT);
    Routes::new("inventory")
        .get("/admin/plan-maps/new", edit(), new_page)
        .post("/admin/plan-maps/new", edit(), create)
        .get("/admin/plan-maps/{id}", Permission(PLAN_VIEW), edit_page)
        .post("/admin/plan-maps/{id}", edit(), save)
        .post("/admin/plan-maps/{id}/lists", edit(), ask_lists)
        .post("/admin/plan-maps/{id}/remove", edit(), remove)
        .get("/admin/plan-maps/{id}/choice", Permission(PLAN_VIEW), choice_page)
        .post("/admin/plan-maps/{id}/choice", edit(), put_choice)
        .with_state(drivers)
}

fn at(id: i64) -> String {
    format!("/admin/plan-maps/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<PlanMap> {
    let found = cx.read(async move |tx: &mut Tx| find_map(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

/// What a product is called; the number of one that is gone.
async fn product_name(cx: &Cx, id: i64) -> Result<String, Fault> {
    let found = cx.read(async move |tx: &mut Tx| find_product(tx, Id::new(id)).await).await?;
    Ok(found.map_or_else(|| format!("Product {id}"), |it| it.details.name))
}

#[derive(Debug, Deserialize)]
struct For {
    product: Option<i64>,
    group: Option<i64>,
}

async fn new_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Query(of): Query<For>,
) -> PageResult {
    let group = match of.group {
        Some(id) => cx.read(async move |tx: &mut Tx| find_group(tx, id).await).await?,
        None => None,
    };
    let (Some(product), Some(group)) = (of.product, group) else {
        return visit.page(NEW, first_step(&cx, &drivers).await?);
    };
    let manifest = drivers.get_manifest(&group.details.driver)?;
    let ipv4 = if manifest.address_use == AddressUse::Pool { "1" } else { "0" };
    let mut values = vec![
        ("product_id".to_owned(), product.to_string()),
        ("driver".to_owned(), manifest.id.to_owned()),
        ("group_id".to_owned(), group.id.to_string()),
        ("ipv4_count".to_owned(), ipv4.to_owned()),
        ("ipv6_count".to_owned(), "0".to_owned()),
    ];
    values.extend(fields::filled(manifest.plan_settings, &fields::defaults(manifest.plan_settings)));
    let context = context(&cx, manifest, None, &Form::filled(values), product, group.id).await?;
    visit.page(EDIT, context)
}

/// Products without a map, and groups with what they speak.
async fn first_step(cx: &Cx, drivers: &HostingDrivers) -> Result<Value, Fault> {
    let (products, groups) = cx
        .read(async |tx: &mut Tx| {
            let all = products(tx, None, MOST_PRODUCTS).await?;
            let ids: Vec<i64> = all.iter().map(|it| it.id.get()).collect();
            let mapped: BTreeSet<i64> =
                tx.query(&store::MAPPED, params![&ids], |row| row.get(0)).await?.into_iter().collect();
            let free: Vec<(i64, String)> = all
                .into_iter()
                .filter(|it| !mapped.contains(&it.id.get()))
                .map(|it| (it.id.get(), it.details.name))
                .collect();
            Ok::<_, Fault>((free, groups(tx).await?))
        })
        .await?;
    let products: Vec<Value> =
        products.into_iter().map(|(id, name)| json!({ "value": id, "label": name })).collect();
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|it| {
            let driver = drivers.manifest(&it.details.driver).map_or("", |manifest| manifest.name);
            json!({ "value": it.id, "label": format!("{} ({driver})", it.details.name) })
        })
        .collect();
    Ok(json!({ "form": Form::default().view(), "products": products, "groups": groups }))
}

async fn create(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let manifest = drivers.manifest(form.text("driver")).ok_or_else(Problem::not_found)?;
    let details = typed(&mut form, manifest);
    let (product, group) = (details.product_id, details.group_id);
    if !form.is_refused() {
        match save_map(&cx, &drivers, None, details).await {
            Ok(id) => {
                let said = "The map is there. Say below what the values of the options change.";
                return visit.redirect_with(at(id), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, manifest, None, &form, product, group).await?)
}

async fn edit_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let map = known(&cx, id).await?;
    let manifest = drivers.get_manifest(&map.details.driver)?;
    let form = filled(&map, manifest);
    let (product, group) = (map.details.product_id, map.details.group_id);
    let mut context = context(&cx, manifest, Some(&map), &form, product, group).await?;
    context["may_edit"] = json!(visit.can(PLAN_EDIT));
    visit.page(EDIT, context)
}

async fn save(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let map = known(&cx, id).await?;
    let manifest = drivers.get_manifest(&map.details.driver)?;
    let details = MapDetails { product_id: map.details.product_id, ..typed(&mut form, manifest) };
    let (product, group) = (map.details.product_id, details.group_id);
    let seen = form.value("version", "Load the page again.").unwrap_or_default();
    if !form.is_refused() {
        match save_map(&cx, &drivers, Some((id, seen)), details).await {
            Ok(_) => return visit.redirect_with(at(id), Flash::success("The map is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, manifest, Some(&map), &form, product, group).await?)
}

async fn ask_lists(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    cx.require(PLAN_EDIT)?;
    let map = known(&cx, id).await?;
    // Whoever may say what products are made from may ask what there is.
    let asking = cx.with_grants(&[crate::permissions::SERVER_VIEW]);
    let flash = match refresh_group(&asking, &drivers, map.details.group_id).await {
        Ok(0) => Flash::info("This driver has nothing to list; write the names as the panel has them."),
        Ok(count) => Flash::success(format!("{count} lists of what the panel offers were read.")),
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    match remove_map(&cx, id).await {
        Ok(()) => visit.redirect_with("/admin/plan-maps", Flash::success("The map is removed.")),
        Err(error) => visit.redirect_with(at(id), Flash::danger(sentence(error)?)),
    }
}

fn typed(form: &mut Form, manifest: &Manifest) -> MapDetails {
    let Some(group_id) = chosen(form, "group_id") else {
        form.refuse("group_id", "Choose a group from the list.");
        return typed_with(form, manifest, 0);
    };
    typed_with(form, manifest, group_id)
}

fn typed_with(form: &mut Form, manifest: &Manifest, group_id: i64) -> MapDetails {
    MapDetails {
        product_id: chosen(form, "product_id").unwrap_or_default(),
        driver: manifest.id.to_owned(),
        group_id,
        region_id: chosen(form, "region_id"),
        model: form.optional("model", 100).unwrap_or_default(),
        settings: fields::typed(form, manifest.plan_settings),
        ipv4_count: number(form, "ipv4_count").unwrap_or(0),
        ipv6_count: number(form, "ipv6_count").unwrap_or(0),
    }
}

fn filled(map: &PlanMap, manifest: &Manifest) -> Form {
    let d = &map.details;
    let mut values = vec![
        ("version".to_owned(), map.version.to_string()),
        ("product_id".to_owned(), d.product_id.to_string()),
        ("driver".to_owned(), d.driver.clone()),
        ("group_id".to_owned(), d.group_id.to_string()),
        ("region_id".to_owned(), text_of(d.region_id)),
        ("model".to_owned(), d.model.clone()),
        ("ipv4_count".to_owned(), d.ipv4_count.to_string()),
        ("ipv6_count".to_owned(), d.ipv6_count.to_string()),
    ];
    values.extend(fields::filled(manifest.plan_settings, &d.settings));
    Form::filled(values)
}

async fn context(
    cx: &Cx,
    manifest: &Manifest,
    map: Option<&PlanMap>,
    form: &Form,
    product: i64,
    group: i64,
) -> PageResult<Value> {
    let offers = Offers::of_group(cx, group, manifest.plan_settings).await?;
    let nothing = BTreeSet::new();
    let settings = fields::views(manifest.plan_settings, form, &nothing, &offers, Required::Never);
    let missing = map.map(|it| plan_problems(manifest, &it.details.settings)).unwrap_or_default();
    let options = match map {
        Some(map) => options_view(cx, manifest, map).await?,
        None => Vec::new(),
    };
    let model = map.map(|it| it.details.model.clone()).unwrap_or_default();
    let stock: Vec<Value> = cx
        .read(async move |tx: &mut Tx| stock_of(tx, &model).await)
        .await?
        .into_iter()
        .map(|(state, count)| json!({ "state": state, "count": count }))
        .collect();
    Ok(json!({
        "form": form.view(), "id": map.map(|it| it.id), "name": product_name(cx, product).await?,
        "product": product, "driver": { "id": manifest.id, "name": manifest.name }, "settings": settings,
        "groups": group_options(cx, manifest.id, None).await?,
        "regions": region_options(cx, "Any region").await?, "missing": missing, "options": options, "stock": stock,
        "listed_at": offers.listed_at(), "may_edit": true,
        "takes_addresses": manifest.address_use == AddressUse::Pool,
    }))
}

/// The options of the product with what each of their values changes.
async fn options_view(cx: &Cx, manifest: &Manifest, map: &PlanMap) -> Result<Vec<Value>, Fault> {
    let (id, product) = (map.id, map.details.product_id);
    let (options, choices) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((options_of_product(tx, Id::new(product)).await?, choices(tx, id).await?))
        })
        .await?;
    let values = |option: &ProductOption| -> Vec<Value> {
        let one = |value: &OptionValue| {
            let choice = choices.iter().find(|it| it.value_id == value.id);
            let changes = choice.map(|it| words(manifest, it)).unwrap_or_default();
            json!({ "id": value.id, "name": value.name, "changes": changes })
        };
        option.values.iter().map(one).collect()
    };
    Ok(options.iter().map(|it| json!({ "name": it.details.name, "values": values(it) })).collect())
}

/// What a choice changes, for people: `Memory = 8192, Disk + 10`.
fn words(manifest: &Manifest, choice: &Choice) -> String {
    let label = |name: &str| {
        manifest
            .plan_settings
            .iter()
            .find(|it| it.name == name)
            .map_or(name.to_owned(), |it| it.label.to_owned())
    };
    let mut all: Vec<String> =
        choice.sets.iter().map(|(name, value)| format!("{} = {value}", label(name))).collect();
    all.extend(choice.adds.iter().map(|(name, value)| format!("{} + {value}", label(name))));
    if choice.region_id.is_some() {
        all.push("another region".to_owned());
    }
    if choice.group_id.is_some() {
        all.push("another group".to_owned());
    }
    for (count, family) in [(choice.ipv4_more, "IPv4"), (choice.ipv6_more, "IPv6")] {
        if count > 0 {
            all.push(format!("{family} + {count}"));
        }
    }
    all.join(", ")
}

/// A map, and a value of one of its product's options.
async fn known_value(cx: &Cx, id: i64, value: i64) -> PageResult<(PlanMap, ProductOption, OptionValue)> {
    let map = known(cx, id).await?;
    let product = map.details.product_id;
    let options = cx.read(async move |tx: &mut Tx| options_of_product(tx, Id::new(product)).await).await?;
    for option in options {
        if let Some(value) = option.values.iter().find(|it| it.id == value).cloned() {
            return Ok((map, option, value));
        }
    }
    Err(Problem::not_found())
}

#[derive(Debug, Deserialize)]
struct Of {
    value: Option<i64>,
}

async fn choice_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(of): Query<Of>,
) -> PageResult {
    let (map, option, value) = known_value(&cx, id, of.value.unwrap_or_default()).await?;
    let manifest = drivers.get_manifest(&map.details.driver)?;
    let all = cx.read(async move |tx: &mut Tx| choices(tx, id).await).await?;
    let choice = all.into_iter().find(|it| it.value_id == value.id).unwrap_or_default();
    let mut values = vec![
        ("group_id".to_owned(), text_of(choice.group_id)),
        ("region_id".to_owned(), text_of(choice.region_id)),
        ("ipv4_more".to_owned(), choice.ipv4_more.to_string()),
        ("ipv6_more".to_owned(), choice.ipv6_more.to_string()),
    ];
    values.extend(fields::filled(manifest.plan_settings, &choice.sets));
    values.extend(choice.adds.iter().map(|(name, value)| (add_field_of(name), value.to_owned())));
    let form = Form::filled(values);
    let mut context = choice_context(&cx, manifest, &map, (&option, &value), &form).await?;
    context["may_edit"] = json!(visit.can(PLAN_EDIT));
    visit.page(CHOICE, context)
}

async fn put_choice(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let of = chosen(&form, "value").unwrap_or_default();
    let (map, option, value) = known_value(&cx, id, of).await?;
    let manifest = drivers.get_manifest(&map.details.driver)?;
    let adds: Settings = manifest
        .plan_settings
        .iter()
        .map(|setting| (setting.name, form.text(&add_field_of(setting.name)).to_owned()))
        .collect();
    let choice = Choice {
        value_id: value.id,
        group_id: chosen(&form, "group_id"),
        region_id: chosen(&form, "region_id"),
        sets: fields::typed(&form, manifest.plan_settings),
        adds,
        ipv4_more: number(&mut form, "ipv4_more").unwrap_or(0),
        ipv6_more: number(&mut form, "ipv6_more").unwrap_or(0),
    };
    if !form.is_refused() {
        match save_choice(&cx, &drivers, id, choice).await {
            Ok(()) => return visit.redirect_with(at(id), Flash::success("The option is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = choice_context(&cx, manifest, &map, (&option, &value), &form).await?;
    visit.refused_form(CHOICE, context)
}

async fn choice_context(
    cx: &Cx,
    manifest: &Manifest,
    map: &PlanMap,
    (option, value): (&ProductOption, &OptionValue),
    form: &Form,
) -> PageResult<Value> {
    let group = chosen(form, "group_id").unwrap_or(map.details.group_id);
    let offers = Offers::of_group(cx, group, manifest.plan_settings).await?;
    let settings = fields::views(manifest.plan_settings, form, &BTreeSet::new(), &offers, Required::Never);
    Ok(json!({
        "form": form.view(), "id": map.id, "value": value.id, "may_edit": true,
        "name": format!("{}: {}", option.details.name, value.name),
        "product": product_name(cx, map.details.product_id).await?, "settings": settings,
        "is_counted": option.details.kind == OptionKind::Quantity,
        "groups": group_options(cx, manifest.id, Some("The map's own")).await?,
        "regions": region_options(cx, "The map's own").await?,
    }))
}
