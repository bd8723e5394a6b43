//! The lists of the catalogue: products and coupons.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_web::{Button, Column, Filter, Lens, Reading, Resource, Sort, paths};

use crate::permissions::{COUPON_EDIT, COUPON_VIEW, PRODUCT_EDIT, PRODUCT_VIEW};

bursar_db::statements! {
    /// Products by a part of their name: a catalogue is small enough to read.
    pub(crate) PRODUCTS = "SELECT id FROM catalog_products WHERE name {like} $1 ESCAPE '!' ORDER BY name, id LIMIT $2";
    /// Coupons whose code begins so.
    pub(crate) COUPONS = "SELECT id FROM catalog_coupons WHERE code >= $1 AND code < $2 ORDER BY code LIMIT $3";
    /// What to call some groups.
    pub(crate) GROUPS = "SELECT id, name FROM catalog_groups WHERE id {any:$1}";
}

pub(crate) fn products() -> Resource {
    Resource::new("products", "Products", paths!("/admin/products"), PRODUCT_VIEW)
        .described("package", "What is sold.")
        .in_nav("Catalogue", 255)
        .from("catalog_products AS p", "p.id")
        .opens("/admin/products/")
        .columns(vec![
            Column::text("name", "Product", "p.name").opens().note("p.slug"),
            Column::named("group", "Group", "p.group_id", groups).to("/admin/product-groups/"),
            Column::word("kind", "Kind", "p.kind"),
            Column::word("pay", "Paid", "p.pay"),
            Column::badge("status", "Status", "p.status"),
            Column::number("stock", "In stock", "CASE WHEN p.stock_control = 1 THEN p.stock_qty END"),
            Column::yes_no("featured", "Featured", "p.featured").extra(),
            Column::yes_no("taxable", "Taxed", "p.taxable").extra(),
            Column::number("trial", "Trial days", "p.trial_days").extra(),
            Column::instant("created", "Since", "p.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::id("group", "Group number", "p.group_id"),
            Filter::yes_no("featured", "Featured", "p.featured"),
        ])
        .sorts(vec![Sort::text("name", "Name", "p.name")])
        .lenses(vec![
            Lens::new("", "All", "", &["name", "newest"]),
            Lens::new("active", "Active", "p.status = 'active'", &["name"]),
            Lens::new("hidden", "Hidden", "p.status = 'hidden'", &["name"]),
            Lens::new("archived", "Archived", "p.status = 'archived'", &["name"]),
        ])
        .search("Name", find_products)
        .button(Button {
            label: "New product",
            icon: "plus",
            href: "/admin/products/new",
            permission: PRODUCT_EDIT,
        })
        .empty("No products yet", "Make the first product: what it is, how it is paid, and its prices.")
}

pub(crate) fn coupons() -> Resource {
    Resource::new("coupons", "Coupons", paths!("/admin/coupons"), COUPON_VIEW)
        .described("tags", "Codes that make something cheaper.")
        .in_nav("Catalogue", 265)
        .from("catalog_coupons AS c", "c.id")
        .opens("/admin/coupons/")
        .columns(vec![
            Column::text("code", "Code", "c.code").opens(),
            Column::word("kind", "Kind", "c.kind"),
            Column::number("uses", "Uses", "c.uses"),
            Column::number("most", "At most", "CASE WHEN c.max_uses > 0 THEN c.max_uses END"),
            Column::date("starts", "From", "c.starts_on"),
            Column::date("expires", "Until", "c.expires_on"),
            Column::badge(
                "state",
                "State",
                "CASE WHEN c.expires_on < {today} OR (c.max_uses > 0 AND c.uses >= c.max_uses) THEN 'ended'
                    WHEN c.starts_on > {today} THEN 'waiting' ELSE 'active' END",
            ),
            Column::text("notes", "Notes", "c.notes").extra(),
            Column::instant("created", "Since", "c.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::dates("expires", "Until", "c.expires_on"),
            Filter::yes_no("first_order", "First order only", "c.first_order_only"),
        ])
        .sorts(vec![Sort::text("code", "Code", "c.code")])
        .lenses(vec![Lens::new("", "All", "", &["newest", "code"])])
        .search("Code", find_coupons)
        .button(Button {
            label: "New coupon",
            icon: "plus",
            href: "/admin/coupons/new",
            permission: COUPON_EDIT,
        })
        .empty("No coupons yet", "Make one, and give its code to the people who should pay less.")
}

fn groups(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move {
        let rows = tx.query(&GROUPS, params![&ids], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        Ok(rows.into_iter().collect())
    })
}

fn find_products(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let letters = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{letters}%");
        tx.query(&PRODUCTS, params![&pattern, limit], |row| row.get(0)).await
    })
}

fn find_coupons(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let from = text.trim().to_uppercase();
        let to = format!("{from}\u{10ffff}");
        tx.query(&COUPONS, params![&from, &to, limit], |row| row.get(0)).await
    })
}
