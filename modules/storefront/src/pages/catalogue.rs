//! The catalogue: products in their groups, in one cycle and currency, and side by side.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use bursar_catalog::{Group, Offer, Pay, Tag};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::Cycle;
use bursar_web::{PageResult, Problem, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shop;
use super::views::cycle_view;

const CATALOGUE: &str = "storefront/shop/catalogue.html";
const COMPARE: &str = "storefront/shop/compare.html";

#[derive(Debug, Deserialize)]
pub(super) struct Look {
    cycle: Option<String>,
}

impl Look {
    fn cycle(&self) -> Option<Cycle> {
        self.cycle.as_deref().and_then(|code| Cycle::parse(code).ok())
    }
}

/// Everything that is on the shelf.
pub(super) async fn show(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let (groups, offers) = read(&cx, scene.currency).await?;
    let own = json!({
        "groups": shelf(&groups, &offers, scene.currency, look.cycle()),
        "cycles": cycles(&offers, look.cycle()),
    });
    visit.page(CATALOGUE, scene.with(own))
}

/// The products of one group side by side.
pub(super) async fn compare(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Path(slug): Path<String>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let (groups, offers) = read(&cx, scene.currency).await?;
    let group = groups.into_iter().find(|group| group.details.slug == slug && !group.details.hidden);
    let group = group.ok_or_else(Problem::not_found)?;
    let offers: Vec<Offer> =
        offers.into_iter().filter(|offer| offer.product.details.group_id == group.id).collect();
    let mut shelf = shelf(std::slice::from_ref(&group), &offers, scene.currency, look.cycle());
    let shown = shelf.pop().ok_or_else(Problem::not_found)?;
    let own = json!({
        "group": shown, "features": features(&offers), "cycles": cycles(&offers, look.cycle()),
    });
    visit.page(COMPARE, scene.with(own))
}

async fn read(cx: &Cx, currency: Currency) -> Result<(Vec<Group>, Vec<Offer>), Fault> {
    cx.read(async move |tx: &mut Tx| {
        Ok((bursar_catalog::groups(tx).await?, bursar_catalog::offers(tx, currency).await?))
    })
    .await
}

/// The groups that have something to show, with their products in the wished cycle.
pub(super) fn shelf(
    groups: &[Group],
    offers: &[Offer],
    currency: Currency,
    cycle: Option<Cycle>,
) -> Vec<Value> {
    let visible = groups.iter().filter(|group| !group.details.hidden);
    let shown = visible.filter_map(|group| {
        let own = offers.iter().filter(|offer| offer.product.details.group_id == group.id);
        let products: Vec<Value> = own.filter_map(|offer| product(offer, currency, cycle)).collect();
        let details = &group.details;
        (!products.is_empty()).then(|| {
            json!({
                "name": details.name, "slug": details.slug, "headline": details.headline, "products": products,
            })
        })
    });
    shown.collect()
}

/// What the host sets off, or the first of each group when they set off nothing.
pub(super) fn featured(shelf: &[Value]) -> Vec<Value> {
    let all = || shelf.iter().filter_map(|group| group["products"].as_array()).flatten();
    let set_off: Vec<Value> = all().filter(|product| product["featured"] == true).take(3).cloned().collect();
    if !set_off.is_empty() {
        return set_off;
    }
    let firsts = shelf.iter().filter_map(|group| group["products"].get(0));
    firsts.take(3).cloned().collect()
}

/// A product as a card; none for what is not sold in the currency.
fn product(offer: &Offer, currency: Currency, wished: Option<Cycle>) -> Option<Value> {
    let details = &offer.product.details;
    let (cycle, tag) = match details.pay {
        Pay::Free => (Cycle::OneTime, Tag { amount_minor: 0, setup_minor: 0 }),
        Pay::OneTime | Pay::Recurring => chosen(&offer.tags, wished)?,
    };
    let left = details.stock_control.then_some(details.stock_qty);
    let saved = saved(&offer.tags, cycle, currency);
    Some(json!({
        "name": details.name, "slug": details.slug, "description": details.description_md,
        "features": details.features, "featured": details.featured, "is_free": details.pay == Pay::Free,
        "price": Money::new(tag.amount_minor, currency), "cycle": cycle.code(),
        "setup": (tag.setup_minor > 0).then(|| Money::new(tag.setup_minor, currency)),
        "trial_days": details.trial_days, "left": left.filter(|left| *left <= 10),
        "is_sold_out": left == Some(0), "saved": saved.map(|(money, percent)| json!({ "money": money, "percent": percent })),
    }))
}

/// The wished cycle, or the monthly one, or whatever there is.
fn chosen(tags: &BTreeMap<Cycle, Tag>, wished: Option<Cycle>) -> Option<(Cycle, Tag)> {
    let wished = [wished, Some(Cycle::Monthly)].into_iter().flatten();
    let found = wished.filter_map(|cycle| Some((cycle, *tags.get(&cycle)?))).next();
    found.or_else(|| tags.iter().next().map(|(cycle, tag)| (*cycle, *tag)))
}

/// What a longer cycle saves against paying monthly for as long, and in whole percent.
pub(super) fn saved(tags: &BTreeMap<Cycle, Tag>, cycle: Cycle, currency: Currency) -> Option<(Money, i64)> {
    let months = i64::from(cycle.months().filter(|months| *months > 1)?);
    let monthly = tags.get(&Cycle::Monthly)?.amount_minor.checked_mul(months)?;
    let less = monthly.checked_sub(tags.get(&cycle)?.amount_minor).filter(|less| *less > 0)?;
    let percent = less.checked_mul(100)? / monthly;
    (percent > 0).then(|| (Money::new(less, currency), percent))
}

/// The cycles in which anything recurring is sold, the shown one marked.
fn cycles(offers: &[Offer], wished: Option<Cycle>) -> Vec<Value> {
    let sold = |cycle: &Cycle| offers.iter().any(|offer| offer.tags.contains_key(cycle));
    let all: Vec<Cycle> = Cycle::ALL.into_iter().filter(|c| c.is_recurring()).filter(sold).collect();
    let shown = wished.filter(|cycle| all.contains(cycle)).or_else(|| {
        let monthly = all.iter().find(|cycle| **cycle == Cycle::Monthly);
        monthly.or_else(|| all.first()).copied()
    });
    all.into_iter().map(|cycle| cycle_view(cycle, Some(cycle) == shown)).collect()
}

/// One row per feature, in the order in which they first occur, with each product's value.
fn features(offers: &[Offer]) -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in offers.iter().flat_map(|offer| &offer.product.details.features) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let value = |offer: &Offer, name: &str| {
        let features = &offer.product.details.features;
        features.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    };
    names
        .into_iter()
        .map(|name| json!({ "name": name, "values": offers.iter().map(|o| value(o, name)).collect::<Vec<_>>() }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_cycle_says_what_it_saves() {
        let tag = |amount_minor| Tag { amount_minor, setup_minor: 0 };
        let tags = BTreeMap::from([
            (Cycle::Monthly, tag(1_000)),
            (Cycle::Quarterly, tag(3_000)),
            (Cycle::Annual, tag(10_000)),
        ]);
        // 12 × 10.00 is 120.00; a year costs 100.00: 20.00 or 16 % less.
        let annual = saved(&tags, Cycle::Annual, Currency::EUR);
        assert_eq!(annual, Some((Money::new(2_000, Currency::EUR), 16)));
        assert_eq!(saved(&tags, Cycle::Quarterly, Currency::EUR), None);
        assert_eq!(saved(&tags, Cycle::Monthly, Currency::EUR), None);
    }

    #[test]
    fn what_is_not_sold_in_the_wished_cycle_is_shown_in_another() {
        let tags = BTreeMap::from([(Cycle::Annual, Tag { amount_minor: 5, setup_minor: 0 })]);
        assert_eq!(chosen(&tags, Some(Cycle::Weekly)).map(|(cycle, _)| cycle), Some(Cycle::Annual));
        assert_eq!(chosen(&BTreeMap::new(), None), None);
    }
}
