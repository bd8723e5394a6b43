//! Coupons in the database: the code that is looked up, the count that may not be passed.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Row, Tx, params};
use bursar_fault::{ErrorKind, Fault, FieldError, Refusal};
use bursar_time::Instant;

use crate::coupon::{Coupon, CouponBuyer, CouponDetails, CouponGrant, CouponKind, CouponRefused};
use crate::error::CatalogError;
use crate::selection::PricedSelection;

bursar_db::statements! {
    /// One coupon by id.
    pub(crate) FIND = "SELECT id, code, kind, value_ppm, trial_days, starts_on, expires_on, max_uses,
        max_uses_per_customer, uses, cycles, first_order_only, existing_customers_only, recurring_periods, stackable,
        notes FROM catalog_coupons WHERE id = $1";
    /// One coupon by its code in capitals.
    pub(crate) FIND_BY_CODE = "SELECT id, code, kind, value_ppm, trial_days, starts_on, expires_on, max_uses,
        max_uses_per_customer, uses, cycles, first_order_only, existing_customers_only, recurring_periods, stackable,
        notes FROM catalog_coupons WHERE code = $1";
    /// A page, newest first.
    pub(crate) LIST = "SELECT id, code, kind, value_ppm, trial_days, starts_on, expires_on, max_uses,
        max_uses_per_customer, uses, cycles, first_order_only, existing_customers_only, recurring_periods, stackable,
        notes FROM catalog_coupons WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// Amounts of many coupons.
    pub(crate) AMOUNTS = "SELECT coupon_id, currency, amount_minor FROM catalog_coupon_amounts
        WHERE coupon_id {any:$1}";
    /// Targets of many coupons.
    pub(crate) TARGETS = "SELECT coupon_id, target_kind, target_id FROM catalog_coupon_targets
        WHERE coupon_id {any:$1}";
    /// A new coupon.
    pub(crate) INSERT = "INSERT INTO catalog_coupons (code, kind, value_ppm, trial_days, starts_on, expires_on,
        max_uses, max_uses_per_customer, cycles, first_order_only, existing_customers_only, recurring_periods,
        stackable, notes, id, created_at, uses)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)";
    /// Saves a coupon.
    pub(crate) UPDATE = "UPDATE catalog_coupons SET code = $1, kind = $2, value_ppm = $3, trial_days = $4,
        starts_on = $5, expires_on = $6, max_uses = $7, max_uses_per_customer = $8, cycles = $9,
        first_order_only = $10, existing_customers_only = $11, recurring_periods = $12, stackable = $13, notes = $14
        WHERE id = $15";
    /// Forgets the amounts of a coupon.
    pub(crate) CLEAR_AMOUNTS = "DELETE FROM catalog_coupon_amounts WHERE coupon_id = $1";
    /// One amount of a coupon.
    pub(crate) INSERT_AMOUNT = "INSERT INTO catalog_coupon_amounts (coupon_id, currency, amount_minor)
        VALUES ($1, $2, $3)";
    /// Forgets the targets of a coupon.
    pub(crate) CLEAR_TARGETS = "DELETE FROM catalog_coupon_targets WHERE coupon_id = $1";
    /// One target of a coupon.
    pub(crate) INSERT_TARGET = "INSERT INTO catalog_coupon_targets (coupon_id, target_kind, target_id)
        VALUES ($1, $2, $3)";
    /// Counts a use, if one is left. All redemptions of a coupon meet at this row.
    pub(crate) USE = "UPDATE catalog_coupons SET uses = uses + 1
        WHERE id = $1 AND (max_uses = 0 OR uses < max_uses)";
    /// Takes a use back.
    pub(crate) UNUSE = "UPDATE catalog_coupons SET uses = uses - 1 WHERE id = $1 AND uses > 0";
    /// Forgets a redemption.
    pub(crate) DELETE_REDEMPTION = "DELETE FROM catalog_coupon_redemptions WHERE coupon_id = $1 AND subscription_id = $2";
    /// Sets the count of another system.
    pub(crate) SET_USES = "UPDATE catalog_coupons SET uses = $1 WHERE id = $2";
    /// How often a customer redeemed a coupon.
    pub(crate) USES_OF_CUSTOMER = "SELECT COUNT(*) FROM catalog_coupon_redemptions
        WHERE coupon_id = $1 AND customer_id = $2";
    /// Whether a subscription has a coupon.
    pub(crate) FIND_REDEMPTION = "SELECT id FROM catalog_coupon_redemptions
        WHERE coupon_id = $1 AND subscription_id = $2";
    /// A redemption.
    pub(crate) INSERT_REDEMPTION = "INSERT INTO catalog_coupon_redemptions (id, coupon_id, customer_id,
        subscription_id, redeemed_at) VALUES ($1, $2, $3, $4, $5)";
    /// Who redeemed a coupon, newest first.
    pub(crate) REDEMPTIONS = "SELECT id, customer_id, subscription_id, redeemed_at FROM catalog_coupon_redemptions
        WHERE coupon_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// Why a coupon could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CouponError {
    /// It is not good here.
    #[error(transparent)]
    Refused(#[from] CouponRefused),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for CouponError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(_) => ErrorKind::Invalid(vec![FieldError::new("coupon", self.message())]),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Refused(refused) => {
                let text = refused.to_string();
                let mut chars = text.chars();
                let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
                format!("{first}{}.", chars.as_str())
            }
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

/// One use of a coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// Identity, and the cursor of the next page.
    pub id: i64,
    /// By whom.
    pub customer_id: i64,
    /// For what.
    pub subscription_id: i64,
    /// When.
    pub redeemed_at: Instant,
}

/// Makes a coupon; `id` keeps the one of another system.
///
/// # Errors
/// [`CatalogError::Invalid`], also for a code that is there already.
pub async fn add_coupon(tx: &mut Tx, id: Option<i64>, details: &CouponDetails) -> Result<i64, CatalogError> {
    let d = checked(tx, details, None).await?;
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    let cycles = cycles_text(&d);
    let now = tx.now();
    let values = params![
        &d.code,
        d.kind.code(),
        d.value_ppm,
        d.trial_days,
        d.starts_on,
        d.expires_on,
        d.max_uses,
        d.max_uses_per_customer,
        &cycles,
        d.first_order_only,
        d.existing_customers_only,
        d.recurring_periods,
        d.stackable,
        &d.notes,
        id,
        now
    ];
    tx.exec_one(&INSERT, values).await.map_err(code_taken)?;
    insert_lists(tx, id, &d).await?;
    Ok(id)
}

/// Saves a coupon. Subscriptions that have it keep what it was.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_coupon(tx: &mut Tx, id: i64, details: &CouponDetails) -> Result<(), CatalogError> {
    let d = checked(tx, details, Some(id)).await?;
    let cycles = cycles_text(&d);
    let values = params![
        &d.code,
        d.kind.code(),
        d.value_ppm,
        d.trial_days,
        d.starts_on,
        d.expires_on,
        d.max_uses,
        d.max_uses_per_customer,
        &cycles,
        d.first_order_only,
        d.existing_customers_only,
        d.recurring_periods,
        d.stackable,
        &d.notes,
        id
    ];
    if tx.exec(&UPDATE, values).await.map_err(code_taken)? == 0 {
        return Err(CatalogError::NotFound("coupon"));
    }
    tx.exec(&CLEAR_AMOUNTS, params![id]).await?;
    tx.exec(&CLEAR_TARGETS, params![id]).await?;
    insert_lists(tx, id, &d).await?;
    Ok(())
}

async fn checked(
    tx: &mut Tx,
    details: &CouponDetails,
    own: Option<i64>,
) -> Result<CouponDetails, CatalogError> {
    let d = details.checked()?;
    match tx.query_opt(&FIND_BY_CODE, params![&d.code], |row| row.get::<i64>(0)).await? {
        Some(id) if Some(id) != own => {
            Err(CatalogError::field("code", "This code is there already; choose another one."))
        }
        Some(_) | None => Ok(d),
    }
}

fn code_taken(fault: Fault) -> CatalogError {
    CatalogError::or_taken(fault, "code", "This code is there already; choose another one.")
}

async fn insert_lists(tx: &mut Tx, id: i64, d: &CouponDetails) -> Result<(), Fault> {
    for (currency, minor) in &d.amounts {
        let currency = currency.to_uppercase();
        tx.exec_one(&INSERT_AMOUNT, params![id, &currency, *minor]).await?;
    }
    for product in &d.products {
        tx.exec_one(&INSERT_TARGET, params![id, "product", *product]).await?;
    }
    for addon in &d.addons {
        tx.exec_one(&INSERT_TARGET, params![id, "addon", *addon]).await?;
    }
    Ok(())
}

/// One coupon.
///
/// # Errors
/// Faults of the database.
pub async fn find_coupon(tx: &mut Tx, id: i64) -> Result<Option<Coupon>, Fault> {
    let found = tx.query(&FIND, params![id], coupon).await?;
    Ok(with_lists(tx, found).await?.pop())
}

/// A page of coupons, newest first; `after` is the last id of the page before.
///
/// # Errors
/// Faults of the database.
pub async fn coupons(tx: &mut Tx, after: Option<i64>, limit: u32) -> Result<Vec<Coupon>, Fault> {
    let found = tx.query(&LIST, params![after.unwrap_or(i64::MAX), limit.min(200)], coupon).await?;
    with_lists(tx, found).await
}

/// A page of a coupon's uses, newest first; `after` is the last id of the page before.
///
/// # Errors
/// Faults of the database.
pub async fn redemptions(
    tx: &mut Tx,
    coupon: i64,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Redemption>, Fault> {
    tx.query(&REDEMPTIONS, params![coupon, after.unwrap_or(i64::MAX), limit.min(200)], |row| {
        Ok(Redemption {
            id: row.get(0)?,
            customer_id: row.get(1)?,
            subscription_id: row.get(2)?,
            redeemed_at: row.get(3)?,
        })
    })
    .await
}

/// Whether a code is good for this buyer and selection today, and what it gives. Nothing is counted yet.
///
/// # Errors
/// [`CouponError::Refused`] with what would help.
pub async fn check_coupon(
    tx: &mut Tx,
    code: &str,
    buyer: CouponBuyer,
    selection: &PricedSelection,
) -> Result<CouponGrant, CouponError> {
    let code = code.trim().to_uppercase();
    let found = tx.query(&FIND_BY_CODE, params![&code], coupon).await?;
    let coupon = with_lists(tx, found).await?.pop().ok_or(CouponRefused::Unknown)?;
    let used = match buyer.customer {
        Some(customer) => uses_of_customer(tx, coupon.id, customer).await?,
        None => 0,
    };
    Ok(coupon.grant(buyer, used, selection, tx.today())?)
}

/// Counts one use for a subscription. A coupon good for N uses is redeemed N times, however many try at once; redeeming
/// it again for the same subscription changes nothing.
///
/// # Errors
/// [`CouponRefused::UsedUp`] or [`CouponRefused::UsedByCustomer`]; nothing is counted then.
pub async fn redeem_coupon(
    tx: &mut Tx,
    coupon: i64,
    customer: i64,
    subscription: i64,
) -> Result<(), CouponError> {
    let already =
        tx.query_opt(&FIND_REDEMPTION, params![coupon, subscription], |row| row.get::<i64>(0)).await?;
    if already.is_some() {
        return Ok(());
    }
    // The count first: it takes the coupon's row, so that everything after it is alone with this coupon.
    if tx.exec(&USE, params![coupon]).await? == 0 {
        return Err(CouponRefused::UsedUp.into());
    }
    let known = find_coupon(tx, coupon).await?.ok_or(CouponRefused::Unknown)?;
    let most = known.details.max_uses_per_customer;
    if most > 0 && uses_of_customer(tx, coupon, customer).await? >= most {
        // The whole unit of work is rolled back by this error, and the count with it.
        return Err(CouponRefused::UsedByCustomer.into());
    }
    import_redemption(tx, coupon, customer, subscription).await?;
    Ok(())
}

/// Gives a use back, for a sale that did not happen; twice gives one back.
///
/// # Errors
/// Faults of the database.
pub async fn return_coupon(tx: &mut Tx, coupon: i64, subscription: i64) -> Result<(), Fault> {
    if tx.exec(&DELETE_REDEMPTION, params![coupon, subscription]).await? > 0 {
        tx.exec(&UNUSE, params![coupon]).await?;
    }
    Ok(())
}

/// Writes a redemption of another system without counting it; the count comes by [`import_coupon_uses`].
///
/// # Errors
/// A fault of class `UniqueViolation` when the subscription has the coupon already.
pub async fn import_redemption(
    tx: &mut Tx,
    coupon: i64,
    customer: i64,
    subscription: i64,
) -> Result<(), Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec_one(&INSERT_REDEMPTION, params![id, coupon, customer, subscription, now]).await
}

/// Sets how often a coupon was used in another system.
///
/// # Errors
/// Faults of the database, and of the coupon being absent.
pub async fn import_coupon_uses(tx: &mut Tx, coupon: i64, uses: i64) -> Result<(), Fault> {
    tx.exec_one(&SET_USES, params![uses.max(0), coupon]).await
}

async fn uses_of_customer(tx: &mut Tx, coupon: i64, customer: i64) -> Result<i64, Fault> {
    tx.query_one(&USES_OF_CUSTOMER, params![coupon, customer], |row| row.get(0)).await
}

fn cycles_text(details: &CouponDetails) -> String {
    details.cycles.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}

async fn with_lists(tx: &mut Tx, mut coupons: Vec<Coupon>) -> Result<Vec<Coupon>, Fault> {
    let ids: Vec<i64> = coupons.iter().map(|coupon| coupon.id).collect();
    if ids.is_empty() {
        return Ok(coupons);
    }
    let mut amounts: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
    tx.query_each(&AMOUNTS, params![&ids], |row| {
        amounts.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
        Ok(())
    })
    .await?;
    let mut targets: BTreeMap<i64, (BTreeSet<i64>, BTreeSet<i64>)> = BTreeMap::new();
    tx.query_each(&TARGETS, params![&ids], |row| {
        let (products, addons) = targets.entry(row.get(0)?).or_default();
        let list = if row.text(1)? == "product" { products } else { addons };
        list.insert(row.get(2)?);
        Ok(())
    })
    .await?;
    for coupon in &mut coupons {
        coupon.details.amounts = amounts.remove(&coupon.id).unwrap_or_default();
        (coupon.details.products, coupon.details.addons) = targets.remove(&coupon.id).unwrap_or_default();
    }
    Ok(coupons)
}

fn coupon(row: &Row<'_>) -> Result<Coupon, Fault> {
    Ok(Coupon {
        id: row.get(0)?,
        uses: row.get(9)?,
        details: CouponDetails {
            code: row.get(1)?,
            kind: CouponKind::stored(row.text(2)?)?,
            value_ppm: row.get(3)?,
            amounts: BTreeMap::new(),
            trial_days: row.get(4)?,
            starts_on: row.get(5)?,
            expires_on: row.get(6)?,
            max_uses: row.get(7)?,
            max_uses_per_customer: row.get(8)?,
            products: BTreeSet::new(),
            addons: BTreeSet::new(),
            cycles: row.text(10)?.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
            first_order_only: row.get(11)?,
            existing_customers_only: row.get(12)?,
            recurring_periods: row.get(13)?,
            stackable: row.get(14)?,
            notes: row.get(15)?,
        },
    })
}
