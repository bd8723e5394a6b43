//! What a subscription is to consist of after a change, with the prices it will keep.

use bursar_catalog::{Buyer, ItemSource, PricedItem, ProductStatus, Selection};
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal};
use bursar_ids::{Actor, Id};
use bursar_money::{Money, Rounding};
use bursar_time::Cycle;
use serde::{Deserialize, Serialize};

use super::{Change, Choice};
use crate::error::BillError;
use crate::subscriptions::detail::{Detail, ItemDetail, ItemKind};
use crate::subscriptions::subscribe::{BillingDay, check_item};

/// A subscription as it is to become. Stored with a scheduled change, so that it is made as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The product.
    pub product_id: Option<i64>,
    /// As shown.
    pub label: String,
    /// Set when the cycle changes.
    pub recycle: Option<Recycle>,
    /// Items in order.
    pub items: Vec<TargetItem>,
    /// What is paid once, with the change.
    pub once: Vec<TargetItem>,
}

/// Another cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recycle {
    /// The new one.
    pub cycle: Cycle,
    /// When its periods begin.
    pub day: BillingDay,
}

/// An item as it is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetItem {
    /// The item that becomes this one; `None` for a new one.
    pub replaces: Option<i64>,
    /// What it is.
    pub kind: ItemKind,
    /// The product, option or add-on.
    pub source_id: Option<i64>,
    /// The chosen value of an option.
    pub value_id: Option<i64>,
    /// As printed.
    pub description: String,
    /// Units.
    pub quantity: i64,
    /// Price of one for a full period, minor units.
    pub unit_minor: i64,
    /// Set-up fee of one, charged when the item is new.
    pub setup_minor: i64,
    /// Tax rules apply.
    pub taxable: bool,
}

impl TargetItem {
    fn of(row: &ItemDetail) -> Self {
        Self {
            replaces: Some(row.item.id),
            kind: row.kind,
            source_id: row.source_id,
            value_id: row.value_id,
            description: row.item.description.clone(),
            quantity: row.item.quantity,
            unit_minor: row.item.unit_minor,
            setup_minor: row.item.setup_minor,
            taxable: row.item.taxable,
        }
    }

    fn priced(priced: &PricedItem) -> Self {
        let (kind, source_id, value_id) = match priced.source {
            ItemSource::Product(id) => (ItemKind::Product, id, None),
            ItemSource::Option { option, value, .. } => (ItemKind::Option, option, Some(value)),
            ItemSource::Addon(id) => (ItemKind::Addon, id, None),
        };
        Self {
            replaces: None,
            kind,
            source_id: Some(source_id),
            value_id,
            description: priced.description.clone(),
            quantity: priced.quantity,
            unit_minor: priced.unit_minor,
            setup_minor: priced.setup_minor,
            taxable: priced.taxable,
        }
    }

    /// Whether both sit in the same place: there is one product, one value per option, one of each add-on.
    fn same_slot(&self, row: &ItemDetail) -> bool {
        self.kind == row.kind
            && match self.kind {
                ItemKind::Product => true,
                ItemKind::Option | ItemKind::Addon => self.source_id == row.source_id,
                ItemKind::Custom => false,
            }
    }
}

/// Works out what a change leads to, with prices of the catalogue where it needs them.
///
/// # Errors
/// [`BillError::Invalid`] and [`BillError::Refused`] in words for people; also for a product that the customer may not
/// change to.
pub(crate) async fn resolve(
    tx: &mut Tx,
    detail: &Detail,
    items: &[ItemDetail],
    change: &Change,
) -> Result<Target, BillError> {
    let mut target = Target {
        product_id: detail.product_id,
        label: detail.core.label.clone(),
        recycle: None,
        items: items.iter().map(TargetItem::of).collect(),
        once: Vec::new(),
    };
    check_allowed(tx, detail, change).await?;
    match change {
        Change::Switch(choice) => switch(tx, detail, items, choice, &mut target).await?,
        Change::Cycle { cycle, day } => {
            recycle(tx, detail, items, Recycle { cycle: *cycle, day: *day }, &mut target).await?;
        }
        Change::Quantity { item_id, quantity } => set_quantity(&mut target, *item_id, *quantity)?,
        Change::AddAddon { addon_id, quantity } => {
            add_addon(tx, detail, items, (*addon_id, *quantity), &mut target).await?;
        }
        Change::Remove { item_id } => remove(&mut target, *item_id)?,
        Change::Price { item_id, unit_minor } => find(&mut target, *item_id)?.unit_minor = *unit_minor,
    }
    for item in target.items.iter().chain(&target.once) {
        check_item(item.quantity, item.unit_minor, item.setup_minor, &item.description)
            .map_err(|why| BillError::field("items", why))?;
    }
    Ok(target)
}

/// A customer changes along the paths that the product offers and sets no prices, whatever page they come by, and so does
/// who acts in a customer's place. Staff and Bursar itself may do anything, as they may sell anything.
async fn check_allowed(tx: &mut Tx, detail: &Detail, change: &Change) -> Result<(), BillError> {
    match tx.actor() {
        Actor::Staff(_) | Actor::System { .. } => return Ok(()),
        Actor::User(_) | Actor::StaffAs { .. } | Actor::ApiKey(_) => {}
    }
    match change {
        Change::Price { .. } => Err(BillError::refused("Prices are set by the company. Please ask us.")),
        Change::Switch(choice) if detail.product_id != Some(choice.product) => {
            let from = detail.product_id.map(Id::new);
            let offered = match from {
                Some(from) => bursar_catalog::upgrades_of(tx, from).await?,
                None => Vec::new(),
            };
            let to = Id::new(choice.product);
            let product = bursar_catalog::find_product(tx, to).await?;
            let is_sold = product.is_some_and(|it| it.details.status != ProductStatus::Archived);
            if offered.contains(&to) && is_sold {
                return Ok(());
            }
            let why = "You cannot change to this product yourself. Choose one of those on offer, or ask us.";
            Err(BillError::field("product", why))
        }
        Change::Switch(_)
        | Change::Cycle { .. }
        | Change::Quantity { .. }
        | Change::AddAddon { .. }
        | Change::Remove { .. } => Ok(()),
    }
}

fn find(target: &mut Target, item_id: i64) -> Result<&mut TargetItem, BillError> {
    target.items.iter_mut().find(|item| item.replaces == Some(item_id)).ok_or(BillError::NotFound("item"))
}

fn set_quantity(target: &mut Target, item_id: i64, quantity: i64) -> Result<(), BillError> {
    let item = find(target, item_id)?;
    let (kind, before) = (item.kind, item.quantity);
    item.quantity = quantity;
    if kind == ItemKind::Product && before > 0 {
        // Options count once per unit of the product.
        for option in target.items.iter_mut().filter(|item| item.kind == ItemKind::Option) {
            if option.quantity % before == 0 {
                option.quantity = (option.quantity / before).saturating_mul(quantity);
            }
        }
    }
    Ok(())
}

fn remove(target: &mut Target, item_id: i64) -> Result<(), BillError> {
    if find(target, item_id)?.kind == ItemKind::Product {
        return Err(BillError::refused("The product cannot be removed; cancel the subscription instead."));
    }
    target.items.retain(|item| item.replaces != Some(item_id));
    if target.items.is_empty() {
        return Err(BillError::refused("The last item cannot be removed; cancel the subscription instead."));
    }
    Ok(())
}

async fn switch(
    tx: &mut Tx,
    detail: &Detail,
    items: &[ItemDetail],
    choice: &Choice,
    target: &mut Target,
) -> Result<(), BillError> {
    let selection = Selection {
        product: choice.product,
        currency: detail.core.currency,
        cycle: detail.core.cycle,
        quantity: choice.quantity,
        options: choice.options.clone(),
        addons: choice.addons.clone(),
    };
    let priced = price(tx, &selection).await?;
    let mut wanted: Vec<TargetItem> = Vec::new();
    for item in priced.items.iter().filter(|item| item.cycle.is_recurring()) {
        let mut item = TargetItem::priced(item);
        if let Some(row) = items.iter().find(|row| item.same_slot(row)) {
            item.replaces = Some(row.item.id);
            if (row.source_id, row.value_id) == (item.source_id, item.value_id) {
                // What the customer already has keeps the price it was sold at.
                item.unit_minor = row.item.unit_minor;
            }
        }
        wanted.push(item);
    }
    wanted.extend(items.iter().filter(|row| row.kind == ItemKind::Custom).map(TargetItem::of));
    if target.label == product_name(items) {
        target.label.clone_from(&priced.label);
    }
    (target.product_id, target.items) = (Some(choice.product), wanted);
    Ok(())
}

/// The name the product's item prints; a label somebody chose differs from it and stays.
fn product_name(items: &[ItemDetail]) -> String {
    items
        .iter()
        .find(|row| row.kind == ItemKind::Product)
        .map_or_else(String::new, |row| row.item.description.clone())
}

async fn add_addon(
    tx: &mut Tx,
    detail: &Detail,
    items: &[ItemDetail],
    addon: (i64, i64),
    target: &mut Target,
) -> Result<(), BillError> {
    if items.iter().any(|row| row.kind == ItemKind::Addon && row.source_id == Some(addon.0)) {
        return Err(BillError::field("addon", "This add-on is there already; change its quantity instead."));
    }
    let mut selection = selection_of(detail, items)?;
    selection.addons = vec![addon];
    let priced = price(tx, &selection).await?;
    let source = ItemSource::Addon(addon.0);
    let item = priced.items.iter().find(|item| item.source == source);
    let item = item.ok_or(BillError::NotFound("add-on"))?;
    let list = if item.cycle.is_recurring() { &mut target.items } else { &mut target.once };
    list.push(TargetItem::priced(item));
    Ok(())
}

async fn recycle(
    tx: &mut Tx,
    detail: &Detail,
    items: &[ItemDetail],
    to: Recycle,
    target: &mut Target,
) -> Result<(), BillError> {
    if !to.cycle.is_recurring() {
        return Err(BillError::field("cycle", "Choose a cycle that comes back."));
    }
    if matches!(to.day, BillingDay::Fixed(day) if !(1..=31).contains(&day)) {
        return Err(BillError::field("billing_day", "Choose a day from 1 to 31."));
    }
    let mut wanted = Vec::new();
    if items.iter().any(|row| row.kind != ItemKind::Custom) {
        let mut selection = selection_of(detail, items)?;
        selection.cycle = to.cycle;
        let priced = price(tx, &selection).await?;
        for item in priced.items.iter().filter(|item| item.cycle.is_recurring()) {
            let mut item = TargetItem::priced(item);
            item.replaces = items.iter().find(|row| item.same_slot(row)).map(|row| row.item.id);
            item.setup_minor = 0;
            wanted.push(item);
        }
    }
    for row in items.iter().filter(|row| row.kind == ItemKind::Custom) {
        let unit_minor = converted(row.item.unit_minor, detail, to.cycle)?;
        wanted.push(TargetItem { unit_minor, setup_minor: 0, ..TargetItem::of(row) });
    }
    (target.items, target.recycle) = (wanted, Some(to));
    Ok(())
}

/// A price made by hand, for another number of months.
fn converted(unit_minor: i64, detail: &Detail, to: Cycle) -> Result<i64, BillError> {
    let (Some(from), Some(to)) = (detail.core.cycle.months(), to.months()) else {
        let why = "An item priced by hand has no price for this cycle; remove it first.";
        return Err(BillError::field("cycle", why));
    };
    let unit = Money::new(unit_minor, detail.core.currency);
    Ok(unit.fraction(i64::from(to), i64::from(from), Rounding::HalfEven)?.minor())
}

/// The catalogue's view of what somebody has.
pub(crate) fn selection_of(detail: &Detail, items: &[ItemDetail]) -> Result<Selection, BillError> {
    let product = items.iter().find(|row| row.kind == ItemKind::Product);
    let (Some(row), Some(product)) = (product, detail.product_id) else {
        let why =
            "This subscription was not made from a product of the catalogue; change its prices by hand.";
        return Err(BillError::refused(why));
    };
    let units = row.item.quantity.max(1);
    let of_kind = |kind| items.iter().filter(move |row: &&ItemDetail| row.kind == kind);
    Ok(Selection {
        product,
        currency: detail.core.currency,
        cycle: detail.core.cycle,
        quantity: units,
        options: of_kind(ItemKind::Option)
            .filter_map(|row| Some((row.source_id?, row.value_id?, row.item.quantity / units)))
            .collect(),
        addons: of_kind(ItemKind::Addon)
            .filter_map(|row| Some((row.source_id?, row.item.quantity)))
            .collect(),
    })
}

pub(crate) async fn price(
    tx: &mut Tx,
    selection: &Selection,
) -> Result<bursar_catalog::PricedSelection, BillError> {
    bursar_catalog::price_selection_for(tx, selection, Buyer::Staff).await.map_err(|error| match error {
        bursar_catalog::SelectionError::Fault(fault) => BillError::Fault(fault),
        other => from_catalog(&other),
    })
}

/// A refusal of the catalogue in billing's words. Faults are taken out before.
pub(crate) fn from_catalog(refusal: &dyn Refusal) -> BillError {
    match refusal.kind() {
        ErrorKind::Invalid(fields) => BillError::Invalid(fields),
        ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Forbidden
        | ErrorKind::Unavailable
        | ErrorKind::Fault => BillError::Refused(refusal.message()),
    }
}
