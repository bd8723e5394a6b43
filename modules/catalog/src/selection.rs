//! Prices what somebody picked. Cart, order, preview and invoice all take their figures from here.

use std::collections::BTreeMap;

use bursar_fault::{ErrorKind, Fault, FieldError, Refusal};
use bursar_money::{Currency, Money, MoneyError};
use bursar_time::Cycle;
use serde::{Deserialize, Serialize};

use crate::addons::Addon;
use crate::options::{OptionKind, ProductOption};
use crate::product::{BillingMode, Pay, Product, ProductStatus};

/// Most units of one item in one order.
pub const MOST_UNITS: i64 = 1_000_000;

/// What somebody picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The product.
    pub product: i64,
    /// The customer's currency.
    pub currency: Currency,
    /// How often it is to be billed; `OneTime` for a product that is paid once.
    pub cycle: Cycle,
    /// Units of the product.
    pub quantity: i64,
    /// Option, value and, for options of kind `quantity`, how many per unit of the product.
    pub options: Vec<(i64, i64, i64)>,
    /// Add-on and how many.
    pub addons: Vec<(i64, i64)>,
}

/// Where an item's price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemSource {
    /// The product itself.
    Product(i64),
    /// A value of one of its options; belongs to the product.
    Option {
        /// The option.
        option: i64,
        /// The value that was picked.
        value: i64,
        /// The product it belongs to.
        product: i64,
    },
    /// An add-on.
    Addon(i64),
}

/// One thing that will be billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedItem {
    /// Where its price comes from.
    pub source: ItemSource,
    /// As printed: `VPS-2`, `Memory: 8 GB`.
    pub description: String,
    /// Units, 1 or more. Options count once per unit of the product.
    pub quantity: i64,
    /// Price of one unit for one period, in minor units.
    pub unit_minor: i64,
    /// Setup fee of one unit, in minor units; charged `quantity` times, once.
    pub setup_minor: i64,
    /// Whether tax rules apply.
    pub taxable: bool,
    /// The subscription's cycle, or `OneTime` for what is paid once.
    pub cycle: Cycle,
    /// The version of the price that was used; none for what is free.
    pub price_id: Option<i64>,
}

/// A priced selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedSelection {
    /// The product's name.
    pub label: String,
    /// The currency of every figure.
    pub currency: Currency,
    /// The subscription's cycle.
    pub cycle: Cycle,
    /// The product first, then options by position, then add-ons as picked.
    pub items: Vec<PricedItem>,
    /// Free days at the start.
    pub trial_days: i64,
    /// Billed before or after each period.
    pub billing_mode: BillingMode,
    /// The fixed day of the month that periods begin on; none for the anniversary.
    pub prorate_to_day: Option<u8>,
    /// Periods after which the subscription ends; 0 for never.
    pub recurring_limit: i64,
}

impl PricedSelection {
    /// Sum of all that comes back every period.
    ///
    /// # Errors
    /// Overflow.
    pub fn recurring_total(&self) -> Result<Money, MoneyError> {
        self.total(|item| if item.cycle.is_recurring() { item.unit_minor } else { 0 })
    }

    /// Sum of what is paid once: one-time items and setup fees.
    ///
    /// # Errors
    /// Overflow.
    pub fn one_time_total(&self) -> Result<Money, MoneyError> {
        let once = self.total(|item| if item.cycle.is_recurring() { 0 } else { item.unit_minor })?;
        once.checked_add(self.total(|item| item.setup_minor)?)
    }

    fn total(&self, unit: impl Fn(&PricedItem) -> i64) -> Result<Money, MoneyError> {
        self.items.iter().try_fold(Money::zero(self.currency), |sum, item| {
            sum.checked_add(Money::new(unit(item), self.currency).times(item.quantity)?)
        })
    }
}

/// Why a selection cannot be bought as it is.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// There is no such product, or it is not for sale.
    #[error("the product is not for sale")]
    NotForSale,
    /// The product is for sale, but not like this.
    #[error("{0}")]
    Unfit(Misfit),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// One thing wrong with a selection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// A one-time product with a recurring cycle, or the reverse.
    #[error("{name} cannot be paid {cycle}")]
    Cycle {
        /// What.
        name: String,
        /// The cycle's label in lower case.
        cycle: String,
    },
    /// There is no price in that currency and cycle.
    #[error("{name} has no price in {currency} paid {cycle}")]
    NoPrice {
        /// What.
        name: String,
        /// In which currency.
        currency: Currency,
        /// The cycle's label in lower case.
        cycle: String,
    },
    /// More than one unit of what is sold singly, none, or too many.
    #[error("choose between {min} and {max} of {name}")]
    Quantity {
        /// What.
        name: String,
        /// Fewest.
        min: i64,
        /// Most.
        max: i64,
    },
    /// An option that must be chosen was not.
    #[error("choose one of: {name}")]
    OptionMissing {
        /// The option.
        name: String,
    },
    /// An option or value that this product does not have, or the same one twice.
    #[error("option {option} with value {value} cannot be chosen here")]
    OptionUnknown {
        /// The option.
        option: i64,
        /// The value.
        value: i64,
    },
    /// An add-on that this product does not have, or the same one twice.
    #[error("add-on {0} cannot be added here")]
    AddonUnknown(i64),
    /// Sums beyond what money can hold.
    #[error("the amounts are too large")]
    TooLarge,
}

impl Misfit {
    fn field(&self) -> &'static str {
        match self {
            Self::Cycle { .. } | Self::NoPrice { .. } => "cycle",
            Self::Quantity { .. } | Self::TooLarge => "quantity",
            Self::OptionMissing { .. } | Self::OptionUnknown { .. } => "options",
            Self::AddonUnknown(_) => "addons",
        }
    }
}

impl From<Misfit> for SelectionError {
    fn from(misfit: Misfit) -> Self {
        Self::Unfit(misfit)
    }
}

impl Refusal for SelectionError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotForSale => ErrorKind::NotFound,
            Self::Unfit(misfit) => {
                ErrorKind::Invalid(vec![FieldError::new(misfit.field(), sentence(&misfit.to_string()))])
            }
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotForSale => "This product is not for sale at the moment.".to_owned(),
            Self::Unfit(misfit) => sentence(&misfit.to_string()),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str() + ".")
}

/// One current price, by owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitPrice {
    pub id: i64,
    pub amount_minor: i64,
    pub setup_minor: i64,
}

/// Everything that pricing one selection needs, loaded before.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub product: Product,
    pub options: Vec<ProductOption>,
    /// Only those that may be bought with the product.
    pub addons: BTreeMap<i64, Addon>,
    pub product_price: Option<UnitPrice>,
    pub value_prices: BTreeMap<i64, UnitPrice>,
    /// In the subscription's cycle for recurring add-ons, once for the others.
    pub addon_prices: BTreeMap<i64, UnitPrice>,
}

/// Who is buying decides what may be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buyer {
    /// Only what is shown in the shop or reachable by its address.
    Public,
    /// Also what is archived: staff, and changes of existing subscriptions.
    Staff,
}

/// The one pricing function. Pure.
pub(crate) fn price(
    shelf: &Shelf,
    wanted: &Selection,
    buyer: Buyer,
) -> Result<PricedSelection, SelectionError> {
    let product = &shelf.product;
    if buyer == Buyer::Public && product.details.status == ProductStatus::Archived {
        return Err(SelectionError::NotForSale);
    }
    let mut items = vec![price_product(shelf, wanted)?];
    items.extend(price_options(shelf, wanted)?);
    items.extend(price_addons(shelf, wanted)?);
    let priced = PricedSelection {
        label: product.details.name.clone(),
        currency: wanted.currency,
        cycle: wanted.cycle,
        items,
        trial_days: product.details.trial_days,
        billing_mode: product.details.billing_mode,
        prorate_to_day: product.details.prorate_to_day,
        recurring_limit: product.details.recurring_limit,
    };
    let fits = priced
        .recurring_total()
        .and_then(|recurring| recurring.checked_add(priced.one_time_total()?))
        .is_ok();
    if fits { Ok(priced) } else { Err(Misfit::TooLarge.into()) }
}

fn price_product(shelf: &Shelf, wanted: &Selection) -> Result<PricedItem, Misfit> {
    let details = &shelf.product.details;
    let fits = match details.pay {
        Pay::Free => true,
        Pay::OneTime => wanted.cycle == Cycle::OneTime,
        Pay::Recurring => wanted.cycle.is_recurring(),
    };
    if !fits {
        return Err(Misfit::Cycle { name: details.name.clone(), cycle: spoken(wanted.cycle) });
    }
    let most = if details.allow_quantity { MOST_UNITS } else { 1 };
    check_quantity(&details.name, wanted.quantity, 1, most)?;
    let price = paid_or_free(details.pay, shelf.product_price, &details.name, wanted.currency, wanted.cycle)?;
    Ok(item(
        ItemSource::Product(shelf.product.id.get()),
        details.name.clone(),
        wanted.quantity,
        price,
        details.taxable,
        wanted.cycle,
    ))
}

fn price_options(shelf: &Shelf, wanted: &Selection) -> Result<Vec<PricedItem>, Misfit> {
    let mut picked: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for &(option, value, quantity) in &wanted.options {
        let known = shelf.options.iter().any(|o| o.id == option && o.values.iter().any(|v| v.id == value));
        if !known || picked.insert(option, (value, quantity)).is_some() {
            return Err(Misfit::OptionUnknown { option, value });
        }
    }
    let mut items = Vec::new();
    for option in &shelf.options {
        let Some(&(value_id, quantity)) = picked.get(&option.id) else {
            if option.must_be_chosen() {
                return Err(Misfit::OptionMissing { name: option.details.name.clone() });
            }
            continue;
        };
        let value = option.values.iter().find(|v| v.id == value_id).expect("checked above");
        let (description, min, max) = match option.details.kind {
            OptionKind::Choice | OptionKind::Radio => {
                (format!("{}: {}", option.details.name, value.name), 1, 1)
            }
            OptionKind::YesNo => (option.details.name.clone(), 0, 1),
            OptionKind::Quantity => {
                (option.details.name.clone(), option.details.min_qty, option.details.max_qty)
            }
        };
        check_quantity(&option.details.name, quantity, min, max)?;
        if quantity == 0 {
            continue;
        }
        let price = paid_or_free(
            shelf.product.details.pay,
            shelf.value_prices.get(&value_id).copied(),
            &description,
            wanted.currency,
            wanted.cycle,
        )?;
        let units = quantity
            .checked_mul(wanted.quantity)
            .filter(|units| *units <= MOST_UNITS)
            .ok_or_else(|| Misfit::Quantity { name: option.details.name.clone(), min, max })?;
        items.push(item(
            ItemSource::Option { option: option.id, value: value_id, product: shelf.product.id.get() },
            description,
            units,
            price,
            shelf.product.details.taxable,
            wanted.cycle,
        ));
    }
    Ok(items)
}

fn price_addons(shelf: &Shelf, wanted: &Selection) -> Result<Vec<PricedItem>, Misfit> {
    let mut items: Vec<PricedItem> = Vec::new();
    for &(id, quantity) in &wanted.addons {
        let twice = items.iter().any(|item| item.source == ItemSource::Addon(id));
        let addon = shelf.addons.get(&id).filter(|_| !twice).ok_or(Misfit::AddonUnknown(id))?;
        let details = &addon.details;
        let cycle = addon_cycle(details.pay, wanted.cycle);
        if details.pay == Pay::Recurring && !cycle.is_recurring() {
            return Err(Misfit::Cycle { name: details.name.clone(), cycle: spoken(cycle) });
        }
        let most = if details.allow_quantity { MOST_UNITS } else { 1 };
        check_quantity(&details.name, quantity, 1, most)?;
        let price = shelf.addon_prices.get(&id).copied();
        let price = paid_or_free(details.pay, price, &details.name, wanted.currency, cycle)?;
        items.push(item(
            ItemSource::Addon(id),
            details.name.clone(),
            quantity,
            price,
            details.taxable,
            cycle,
        ));
    }
    Ok(items)
}

/// The cycle whose price an add-on is sold at.
pub(crate) fn addon_cycle(pay: Pay, cycle: Cycle) -> Cycle {
    match pay {
        Pay::OneTime => Cycle::OneTime,
        Pay::Free | Pay::Recurring => cycle,
    }
}

fn paid_or_free(
    pay: Pay,
    price: Option<UnitPrice>,
    name: &str,
    currency: Currency,
    cycle: Cycle,
) -> Result<Option<UnitPrice>, Misfit> {
    match (pay, price) {
        (Pay::Free, _) => Ok(None),
        (Pay::OneTime | Pay::Recurring, Some(price)) => Ok(Some(price)),
        // What has no price is not sold that way; it is never free by accident.
        (Pay::OneTime | Pay::Recurring, None) => {
            Err(Misfit::NoPrice { name: name.to_owned(), currency, cycle: spoken(cycle) })
        }
    }
}

fn check_quantity(name: &str, quantity: i64, min: i64, max: i64) -> Result<(), Misfit> {
    if (min..=max).contains(&quantity) {
        Ok(())
    } else {
        Err(Misfit::Quantity { name: name.to_owned(), min, max })
    }
}

fn spoken(cycle: Cycle) -> String {
    cycle.label().to_lowercase()
}

fn item(
    source: ItemSource,
    description: String,
    quantity: i64,
    price: Option<UnitPrice>,
    taxable: bool,
    cycle: Cycle,
) -> PricedItem {
    PricedItem {
        source,
        description,
        quantity,
        unit_minor: price.map_or(0, |p| p.amount_minor),
        setup_minor: price.map_or(0, |p| p.setup_minor),
        taxable,
        cycle,
        price_id: price.map(|p| p.id),
    }
}
