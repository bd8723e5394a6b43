//! A subscription made from the catalogue: prices, coupons and stock.

use bursar_audit::Audit;
use bursar_catalog::{
    Buyer, CouponBuyer, CouponError, CouponGrant, GrantKind, ItemSource, PricedItem, PricedSelection,
    Selection, SelectionError,
};
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::Ppm;
use bursar_time::Date;
use serde_json::json;

use super::detail::ItemKind;
use super::subscribe::{self, BillingDay, Opened, Opening, OpeningDiscount, OpeningItem, OpeningQuote};
use super::{Mode, stock};
use crate::changes::target::from_catalog;
use crate::error::BillError;
use crate::invoices::line::DiscountValue;
use crate::permissions;

bursar_db::statements! {
    /// Whether a customer has bought anything.
    pub(crate) ANY_OF_CUSTOMER = "SELECT id FROM billing_subscriptions WHERE customer_id = $1 LIMIT 1";
}

/// What somebody orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who pays.
    pub customer_id: i64,
    /// What, in which currency and cycle.
    pub selection: Selection,
    /// Coupon codes.
    pub coupons: Vec<String>,
    /// The first day.
    pub start_on: Date,
    /// When periods begin; `None` for what the product says.
    pub billing_day: Option<BillingDay>,
    /// Before or after each period; `None` for what the product says.
    pub mode: Option<Mode>,
    /// Days before a period on which it is invoiced; `None` for what the settings say.
    pub lead_days: Option<i64>,
    /// Free days; `None` for what the product says.
    pub trial_days: Option<i64>,
    /// As shown; `None` for the product's name.
    pub label: Option<String>,
    /// How it is paid by default.
    pub gateway: String,
    /// `order` or `staff`.
    pub source: &'static str,
    /// Staff may sell what is not in the shop any more.
    pub buyer: Buyer,
}

/// What an order asks for; writes nothing.
///
/// # Errors
/// Whatever [`subscribe`] would refuse, except that stock and uses may run out in between.
pub async fn preview_subscribe(tx: &mut Tx, order: &Order) -> Result<OpeningQuote, BillError> {
    let (opening, _) = opening(tx, order).await?;
    subscribe::preview(tx, &opening).await
}

/// Makes the subscription with its first invoice, takes stock and uses up coupons, in the caller's transaction.
///
/// # Errors
/// [`BillError::Invalid`] with every fault; [`BillError::Refused`] when it is sold out or cannot be billed.
pub async fn subscribe(tx: &mut Tx, order: &Order) -> Result<Opened, BillError> {
    let (opening, grants) = opening(tx, order).await?;
    let pieces = stock::take(tx, order.selection.product, order.selection.quantity).await?;
    let opened = subscribe::open(tx, &opening).await?;
    stock::hold(tx, opened.subscription_id, pieces).await?;
    for grant in grants {
        let used =
            bursar_catalog::redeem_coupon(tx, grant.coupon_id, order.customer_id, opened.subscription_id);
        used.await.map_err(refused_coupon)?;
    }
    Ok(opened)
}

/// Makes a subscription, for somebody who may.
///
/// # Errors
/// As [`subscribe`].
pub async fn create_subscription(cx: &Cx, order: Order) -> Result<Opened, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| {
        let opened = subscribe(tx, &order).await?;
        let subject = format!("subscription:{}", opened.subscription_id);
        let after = Some(json!({
            "customer": order.customer_id,
            "product": order.selection.product,
            "cycle": order.selection.cycle.code(),
            "quantity": order.selection.quantity,
            "coupons": &order.coupons,
        }));
        let audit = Audit { action: "billing.subscription.create", subject: &subject, before: None, after };
        bursar_audit::record(tx, audit).await?;
        Ok(opened)
    })
    .await
}

/// Prices an order with its coupons.
async fn opening(tx: &mut Tx, order: &Order) -> Result<(Opening, Vec<CouponGrant>), BillError> {
    let priced = priced(tx, &order.selection, order.buyer).await?;
    let grants = grants(tx, order, &priced).await?;
    let opening = opening_of(order, &priced, &grants);
    Ok((opening, grants))
}

/// Whether a customer has bought anything before.
pub async fn has_bought(tx: &mut Tx, customer_id: i64) -> Result<bool, Fault> {
    let any = tx.query_opt(&ANY_OF_CUSTOMER, params![customer_id], |row| row.get::<i64>(0)).await?;
    Ok(any.is_some())
}

/// What the catalogue asks for a selection.
pub(crate) async fn priced(
    tx: &mut Tx,
    selection: &Selection,
    buyer: Buyer,
) -> Result<PricedSelection, BillError> {
    bursar_catalog::price_selection_for(tx, selection, buyer).await.map_err(|error| match error {
        SelectionError::Fault(fault) => BillError::Fault(fault),
        other => from_catalog(&other),
    })
}

/// The opening of a priced order with what its coupons grant. Pure.
pub(crate) fn opening_of(order: &Order, priced: &PricedSelection, grants: &[CouponGrant]) -> Opening {
    let recurring = priced.cycle.is_recurring();
    let trial = if recurring { order.trial_days.unwrap_or(priced.trial_days) } else { 0 };
    let longer: i64 =
        grants.iter().map(|g| if let GrantKind::TrialExtension(days) = g.kind { days } else { 0 }).sum();
    let fixed = priced.prorate_to_day.map(BillingDay::Fixed);
    let mode = match priced.billing_mode {
        bursar_catalog::BillingMode::Prepaid => Mode::Prepaid,
        bursar_catalog::BillingMode::Arrears => Mode::Arrears,
    };
    Opening {
        customer_id: order.customer_id,
        product_id: Some(order.selection.product),
        label: order.label.clone().unwrap_or_else(|| priced.label.clone()),
        currency: priced.currency,
        cycle: priced.cycle,
        mode: order.mode.unwrap_or(mode),
        items: priced.items.iter().map(|item| opening_item(item, grants, recurring)).collect(),
        discounts: discounts(priced, grants),
        start_on: order.start_on,
        billing_day: order.billing_day.or(fixed).unwrap_or(BillingDay::Anniversary),
        lead_days: order.lead_days,
        trial_days: if recurring { trial + longer } else { 0 },
        periods: Some(priced.recurring_limit).filter(|limit| recurring && *limit > 0),
        gateway: order.gateway.clone(),
        source: order.source,
    }
}

async fn grants(tx: &mut Tx, order: &Order, priced: &PricedSelection) -> Result<Vec<CouponGrant>, BillError> {
    if order.coupons.is_empty() {
        return Ok(Vec::new());
    }
    let has_bought = has_bought(tx, order.customer_id).await?;
    let buyer = CouponBuyer { customer: Some(order.customer_id), has_bought };
    let mut grants = Vec::with_capacity(order.coupons.len());
    for code in &order.coupons {
        grants.push(bursar_catalog::check_coupon(tx, code, buyer, priced).await.map_err(refused_coupon)?);
    }
    bursar_catalog::check_stacking(&grants).map_err(|refused| refused_coupon(refused.into()))?;
    // The order in which the catalogue takes several of one kind off.
    grants.sort_by_key(|grant| grant.coupon_id);
    Ok(grants)
}

pub(crate) fn refused_coupon(error: CouponError) -> BillError {
    match error {
        CouponError::Fault(fault) => BillError::Fault(fault),
        CouponError::Refused(_) => from_catalog(&error),
    }
}

fn opening_item(item: &PricedItem, grants: &[CouponGrant], recurring: bool) -> OpeningItem {
    let (kind, source_id, value_id) = match item.source {
        ItemSource::Product(id) => (ItemKind::Product, id, None),
        ItemSource::Option { option, value, .. } => (ItemKind::Option, option, Some(value)),
        ItemSource::Addon(id) => (ItemKind::Addon, id, None),
    };
    let waived = grants.iter().any(|g| g.kind == GrantKind::FreeSetup && g.targets.include(item.source));
    OpeningItem {
        kind,
        source_id: Some(source_id),
        value_id,
        description: item.description.clone(),
        quantity: item.quantity,
        unit_minor: item.unit_minor,
        setup_minor: if waived { 0 } else { item.setup_minor },
        taxable: item.taxable,
        once: recurring && !item.cycle.is_recurring(),
    }
}

/// What the subscription keeps of its coupons. Free set-up and longer trials are used up at once.
fn discounts(priced: &PricedSelection, grants: &[CouponGrant]) -> Vec<OpeningDiscount> {
    let kept = grants.iter().filter_map(|grant| {
        let value = match grant.kind {
            GrantKind::Percent(ppm) => DiscountValue::Percent(Ppm::new(ppm)),
            GrantKind::Fixed(minor) => DiscountValue::Fixed(minor),
            GrantKind::PriceOverride(minor) => DiscountValue::UnitPrice(minor),
            GrantKind::FreeSetup | GrantKind::TrialExtension(_) => return None,
        };
        let sets_price = matches!(grant.kind, GrantKind::PriceOverride(_));
        let named = !grant.targets.products.is_empty() || !grant.targets.addons.is_empty();
        let items = (named || sets_price).then(|| {
            let good = |item: &PricedItem| match item.source {
                ItemSource::Addon(id) if sets_price => grant.targets.addons.contains(&id),
                ItemSource::Option { .. } if sets_price => false,
                ItemSource::Product(_) | ItemSource::Option { .. } | ItemSource::Addon(_) => {
                    grant.targets.include(item.source)
                }
            };
            (0..priced.items.len()).filter(|at| good(&priced.items[*at])).collect()
        });
        Some(OpeningDiscount {
            coupon_id: Some(grant.coupon_id),
            label: grant.code.clone(),
            value,
            periods: Some(grant.recurring_periods).filter(|periods| *periods > 0),
            items,
        })
    });
    kept.collect()
}
