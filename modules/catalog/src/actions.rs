//! For surfaces: each checks its permission, owns its transaction and leaves an audit record.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;
use bursar_time::Cycle;
use serde::Serialize;
use serde_json::{Value, json};

use crate::addons::AddonDetails;
use crate::coupon::CouponDetails;
use crate::error::CatalogError;
use crate::options::{OptionDetails, OptionValue};
use crate::permissions::{COUPON_EDIT, PRODUCT_EDIT};
use crate::price::{NewPrice, OwnerKind};
use crate::product::{GroupDetails, Product, ProductDetails};
use crate::{addons, coupon_store, options, price, product};

/// Makes a group of products.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_group(cx: &Cx, details: GroupDetails) -> Result<i64, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = product::add_group(tx, None, &details).await?;
        record(tx, PRODUCT_EDIT, &format!("product_group:{id}"), None, Some(value(&details)?)).await?;
        Ok(id)
    })
    .await
}

/// Saves a group of products.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_group(cx: &Cx, id: i64, details: GroupDetails) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let before = tx.query_opt(&product::FIND_GROUP, params![id], product::group).await?;
        let before = before.ok_or(CatalogError::NotFound("group"))?;
        product::update_group(tx, id, &details).await?;
        let subject = format!("product_group:{id}");
        record(tx, PRODUCT_EDIT, &subject, Some(value(&before.details)?), Some(value(&details)?)).await?;
        Ok(())
    })
    .await
}

/// Makes a product.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_product(cx: &Cx, details: ProductDetails) -> Result<Id<Product>, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = product::add_product(tx, None, &details).await?;
        record(tx, PRODUCT_EDIT, &format!("product:{id}"), None, Some(value(&details)?)).await?;
        Ok(id)
    })
    .await
}

/// Saves a product over the version the person saw.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_product(
    cx: &Cx,
    id: Id<Product>,
    seen_version: i64,
    details: ProductDetails,
) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let before = product::find_product(tx, id).await?.ok_or(CatalogError::NotFound("product"))?;
        product::update_product(tx, id, seen_version, &details).await?;
        let subject = format!("product:{id}");
        record(tx, PRODUCT_EDIT, &subject, Some(value(&before.details)?), Some(value(&details)?)).await?;
        Ok(())
    })
    .await
}

/// Sets which products one may change to from this one.
///
/// # Errors
/// [`CatalogError`].
pub async fn offer_upgrades(cx: &Cx, from: Id<Product>, to: Vec<Id<Product>>) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        must_exist(tx, from).await?;
        tx.exec(&product::CLEAR_UPGRADES, params![from]).await?;
        for target in &to {
            must_exist(tx, *target).await?;
            product::link_upgrade(tx, from, *target).await?;
        }
        let after = json!({"upgrades": to.iter().map(|id| id.get()).collect::<Vec<_>>()});
        record(tx, PRODUCT_EDIT, &format!("product:{from}"), None, Some(after)).await?;
        Ok(())
    })
    .await
}

/// Sets which option groups a product offers.
///
/// # Errors
/// [`CatalogError`].
pub async fn offer_option_groups(cx: &Cx, id: Id<Product>, groups: Vec<i64>) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        must_exist(tx, id).await?;
        tx.exec(&options::UNLINK, params![id]).await?;
        for group in &groups {
            let found = tx.query_opt(&options::FIND_GROUP, params![*group], |row| row.get::<i64>(0)).await?;
            found.ok_or(CatalogError::NotFound("option group"))?;
            options::link_option_group(tx, id, *group).await?;
        }
        let after = json!({"option_groups": groups});
        record(tx, PRODUCT_EDIT, &format!("product:{id}"), None, Some(after)).await?;
        Ok(())
    })
    .await
}

/// Sets which add-ons are sold with a product.
///
/// # Errors
/// [`CatalogError`].
pub async fn offer_addons(cx: &Cx, id: Id<Product>, offered: Vec<i64>) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        must_exist(tx, id).await?;
        tx.exec(&addons::UNLINK, params![id]).await?;
        for addon in &offered {
            addons::find_addon(tx, *addon).await?.ok_or(CatalogError::NotFound("add-on"))?;
            addons::link_addon(tx, id, *addon).await?;
        }
        let after = json!({"addons": offered});
        record(tx, PRODUCT_EDIT, &format!("product:{id}"), None, Some(after)).await?;
        Ok(())
    })
    .await
}

/// Makes an option group.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_option_group(cx: &Cx, name: String) -> Result<i64, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = options::add_option_group(tx, None, &name).await?;
        record(tx, PRODUCT_EDIT, &format!("option_group:{id}"), None, Some(json!({"name": name}))).await?;
        Ok(id)
    })
    .await
}

/// Makes an option with the names of its values, in order; prices are put on the values after.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_option(
    cx: &Cx,
    details: OptionDetails,
    values: Vec<String>,
) -> Result<(i64, Vec<i64>), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        if values.is_empty() {
            return Err(CatalogError::field("values", "Add at least one value; prices are put on values."));
        }
        let id = options::add_option(tx, None, &details).await?;
        let mut ids = Vec::new();
        for (position, name) in (0_i64..).zip(&values) {
            ids.push(options::add_value(tx, None, id, name, position, false).await?);
        }
        let after = json!({"option": value(&details)?, "values": values});
        record(tx, PRODUCT_EDIT, &format!("option:{id}"), None, Some(after)).await?;
        Ok((id, ids))
    })
    .await
}

/// Saves an option.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_option(cx: &Cx, id: i64, details: OptionDetails) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        options::update_option(tx, id, &details).await?;
        record(tx, PRODUCT_EDIT, &format!("option:{id}"), None, Some(value(&details)?)).await?;
        Ok(())
    })
    .await
}

/// Adds a value to an option.
///
/// # Errors
/// [`CatalogError`].
pub async fn put_option_value(
    cx: &Cx,
    option: i64,
    name: String,
    position: i64,
) -> Result<i64, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = options::add_value(tx, None, option, &name, position, false).await?;
        record(tx, PRODUCT_EDIT, &format!("option:{option}"), None, Some(json!({"value": name}))).await?;
        Ok(id)
    })
    .await
}

/// Saves a value of an option. Its price is set apart.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_option_value(cx: &Cx, changed: OptionValue) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let before = options::find_value(tx, changed.id).await?.ok_or(CatalogError::NotFound("value"))?;
        options::update_value(tx, &changed).await?;
        let subject = format!("option:{}", before.option_id);
        record(tx, PRODUCT_EDIT, &subject, Some(value(&before)?), Some(value(&changed)?)).await?;
        Ok(())
    })
    .await
}

/// Makes an add-on.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_addon(cx: &Cx, details: AddonDetails) -> Result<i64, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = addons::add_addon(tx, None, &details).await?;
        record(tx, PRODUCT_EDIT, &format!("addon:{id}"), None, Some(value(&details)?)).await?;
        Ok(id)
    })
    .await
}

/// Saves an add-on.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_addon(cx: &Cx, id: i64, details: AddonDetails) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let before = addons::find_addon(tx, id).await?.ok_or(CatalogError::NotFound("add-on"))?;
        addons::update_addon(tx, id, &details).await?;
        let subject = format!("addon:{id}");
        record(tx, PRODUCT_EDIT, &subject, Some(value(&before.details)?), Some(value(&details)?)).await?;
        Ok(())
    })
    .await
}

/// Sets a price from a day on.
///
/// # Errors
/// [`CatalogError`].
pub async fn put_price(cx: &Cx, new: NewPrice) -> Result<i64, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        let id = price::set_price(tx, &new).await?;
        let subject = format!("{}:{}", new.owner_kind.code(), new.owner_id);
        record(tx, PRODUCT_EDIT, &subject, None, Some(json!({"price": value(&new)?}))).await?;
        Ok(id)
    })
    .await
}

/// Stops selling in a currency and cycle.
///
/// # Errors
/// [`CatalogError`].
pub async fn withdraw_price(
    cx: &Cx,
    owner_kind: OwnerKind,
    owner_id: i64,
    currency: Currency,
    cycle: Cycle,
) -> Result<(), CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx| {
        price::remove_price(tx, owner_kind, owner_id, currency, cycle).await?;
        let subject = format!("{}:{owner_id}", owner_kind.code());
        let before = json!({"price": {"currency": currency.code(), "cycle": cycle.code()}});
        record(tx, PRODUCT_EDIT, &subject, Some(before), None).await?;
        Ok(())
    })
    .await
}

/// Makes a coupon.
///
/// # Errors
/// [`CatalogError`].
pub async fn create_coupon(cx: &Cx, details: CouponDetails) -> Result<i64, CatalogError> {
    cx.require(COUPON_EDIT)?;
    cx.write(async move |tx| {
        let id = coupon_store::add_coupon(tx, None, &details).await?;
        record(tx, COUPON_EDIT, &format!("coupon:{id}"), None, Some(value(&details)?)).await?;
        Ok(id)
    })
    .await
}

/// Saves a coupon. Subscriptions that have it keep what it was.
///
/// # Errors
/// [`CatalogError`].
pub async fn edit_coupon(cx: &Cx, id: i64, details: CouponDetails) -> Result<(), CatalogError> {
    cx.require(COUPON_EDIT)?;
    cx.write(async move |tx| {
        let before = coupon_store::find_coupon(tx, id).await?.ok_or(CatalogError::NotFound("coupon"))?;
        coupon_store::update_coupon(tx, id, &details).await?;
        let subject = format!("coupon:{id}");
        record(tx, COUPON_EDIT, &subject, Some(value(&before.details)?), Some(value(&details)?)).await?;
        Ok(())
    })
    .await
}

async fn must_exist(tx: &mut Tx, id: Id<Product>) -> Result<(), CatalogError> {
    product::find_product(tx, id).await?.map(drop).ok_or(CatalogError::NotFound("product"))
}

fn value(details: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(details).map_err(|e| Fault::wrap("writing an audit record", e))
}

pub(crate) async fn record(
    tx: &mut Tx,
    action: &'static str,
    subject: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Fault> {
    bursar_audit::record(tx, Audit { action, subject, before, after }).await
}
