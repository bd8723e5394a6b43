//! Payment methods of customers. Tokens are sealed at rest and shown never.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_gateway::{Gateway, MethodToken, StoredMethod};

use crate::charge::redacted;
use crate::error::PayError;
use crate::gateways::Gateways;

bursar_db::statements! {
    /// A new one.
    pub(crate) INSERT = "INSERT INTO payments_methods (id, customer_id, gateway, token_sealed, label, brand, last4,
        expires, is_default, status, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, 1)";
    /// What charges it.
    pub(crate) TOKEN = "SELECT token_sealed FROM payments_methods
        WHERE id = $1 AND customer_id = $2 AND gateway = $3 AND status <> 'forgotten'";
    /// A customer's kept ones.
    pub(crate) OF_CUSTOMER = "SELECT id, customer_id, gateway, label, brand, last4, expires, is_default
        FROM payments_methods WHERE customer_id = $1 AND status = 'active' ORDER BY id";
    /// The one to charge when nobody chose.
    pub(crate) DEFAULT = "SELECT id, customer_id, gateway, label, brand, last4, expires, is_default
        FROM payments_methods WHERE customer_id = $1 AND status = 'active' AND is_default = 1";
    /// Takes the mark from whichever had it.
    pub(crate) CLEAR_DEFAULT = "UPDATE payments_methods SET is_default = 0, version = version + 1
        WHERE customer_id = $1 AND is_default = 1";
    /// Gives the mark.
    pub(crate) SET_DEFAULT = "UPDATE payments_methods SET is_default = 1, version = version + 1
        WHERE id = $1 AND customer_id = $2 AND status = 'active'";
    /// Whether a customer pays by hand.
    pub(crate) IS_MANUAL = "SELECT 1 FROM payments_manual_payers WHERE customer_id = $1";
    /// By hand from now on.
    pub(crate) PAY_BY_HAND = "INSERT INTO payments_manual_payers (customer_id, since) VALUES ($1, $2)
        ON CONFLICT (customer_id) DO NOTHING";
    /// Automatically again.
    pub(crate) PAY_AUTOMATICALLY = "DELETE FROM payments_manual_payers WHERE customer_id = $1";
    /// Where and with what it can be forgotten.
    pub(crate) TO_FORGET = "SELECT gateway, token_sealed FROM payments_methods
        WHERE id = $1 AND customer_id = $2 AND status <> 'forgotten'";
    /// Whether there is one of this id, in any state.
    pub(crate) ANY = "SELECT id FROM payments_methods WHERE id = $1";
    /// It can no longer be charged; its token is gone.
    pub(crate) FORGET = "UPDATE payments_methods SET status = 'forgotten', is_default = 0, token_sealed = '',
        version = version + 1 WHERE id = $1 AND customer_id = $2 AND status <> 'forgotten'";
}

/// A kept method as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub customer: i64,
    /// The gateway that charges it.
    pub gateway: String,
    /// "Visa ···· 4242".
    pub label: String,
    /// "Visa".
    pub brand: String,
    /// The last digits.
    pub last4: String,
    /// "2030-08".
    pub expires: Option<String>,
    /// Charged when nobody chose.
    pub is_default: bool,
}

/// A method of another system with the token its vendor knows it by.
#[derive(Debug, Clone)]
pub struct ImportedMethod {
    /// The old id, which is kept.
    pub id: i64,
    /// Whose it is.
    pub customer: i64,
    /// The gateway's id, also when it is not set up here.
    pub gateway: String,
    /// What charges it.
    pub token: MethodToken,
    /// "Visa", or the bank.
    pub brand: String,
    /// The last digits, where there are any.
    pub last4: String,
    /// "2030-08".
    pub expires: Option<String>,
    /// Charged when nobody chose, unless the customer has such a method already.
    pub is_default: bool,
}

/// Brings in a method, its token sealed. Returns false, and changes nothing, when it is there, forgotten meanwhile or not.
///
/// # Errors
/// Faults of the database.
pub async fn import_method(
    tx: &mut Tx,
    cx: &Cx,
    gateways: &Gateways,
    old: &ImportedMethod,
) -> Result<bool, Fault> {
    if tx.query_opt(&ANY, params![old.id], |row| row.get::<i64>(0)).await?.is_some() {
        return Ok(false);
    }
    let sealed = gateways.seal(cx, old.id, &old.token);
    let (label, now) = (label(&old.brand, &old.last4), tx.now());
    let values = params![
        old.id,
        old.customer,
        &old.gateway,
        &sealed,
        &label,
        &old.brand,
        &old.last4,
        &old.expires,
        "active",
        now
    ];
    tx.exec_one(&INSERT, values).await?;
    if old.is_default && find_default(tx, old.customer).await?.is_none() {
        tx.exec_one(&SET_DEFAULT, params![old.id, old.customer]).await?;
    }
    Ok(true)
}

fn label(brand: &str, last4: &str) -> String {
    match (brand, last4) {
        ("", "") => "Stored method".to_owned(),
        ("", last4) => format!("···· {last4}"),
        (brand, "") => brand.to_owned(),
        (brand, last4) => format!("{brand} ···· {last4}"),
    }
}

/// For how long a method is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For one payment: not listed.
    Once,
    /// Until it is forgotten.
    ForLater,
}

/// Turns what the vendor's page gave into a method of the customer and returns its id. Where the vendor keeps methods
/// and it is meant for later, the vendor is asked to keep it first.
///
/// # Errors
/// [`PayError::NoGateway`] for a method to keep where the gateway keeps none, [`PayError::Gateway`] when the vendor
/// refuses it.
pub async fn store_method(
    cx: &Cx,
    gateways: &Gateways,
    customer: i64,
    gateway: &str,
    token: MethodToken,
    keep: Keep,
) -> Result<i64, PayError> {
    if token.expose().trim().is_empty() {
        return Err(PayError::Invalid(vec![FieldError::new("method", "Choose a payment method.")]));
    }
    let driver = gateways.find(gateway).ok_or_else(|| PayError::NoGateway(gateway.to_owned()))?;
    let stored = match keep {
        Keep::Once => StoredMethod { token, brand: String::new(), last4: String::new(), expires: None },
        Keep::ForLater => {
            let capability =
                driver.stored_methods().ok_or_else(|| PayError::NoGateway(gateway.to_owned()))?;
            let call = gateways.call(cx, gateway);
            capability.store(&call, customer, &token).await.map_err(|e| redacted(gateways, gateway, e))?
        }
    };
    let (gateways, gateway, context) = (gateways.clone(), gateway.to_owned(), cx.clone());
    cx.write(async move |tx: &mut Tx| {
        let new = NewMethod { customer, gateway: &gateway, stored: &stored, keep };
        Ok(insert(tx, &context, &gateways, new).await?)
    })
    .await
}

struct NewMethod<'m> {
    customer: i64,
    gateway: &'m str,
    stored: &'m StoredMethod,
    keep: Keep,
}

/// Keeps a method that the vendor keeps already, in the caller's transaction.
pub(crate) async fn keep(
    tx: &mut Tx,
    cx: &Cx,
    gateways: &Gateways,
    customer: i64,
    gateway: &str,
    stored: &StoredMethod,
) -> Result<i64, Fault> {
    insert(tx, cx, gateways, NewMethod { customer, gateway, stored, keep: Keep::ForLater }).await
}

/// The first kept method of a customer is the one charged when nobody chose.
async fn insert(tx: &mut Tx, cx: &Cx, gateways: &Gateways, new: NewMethod<'_>) -> Result<i64, Fault> {
    let NewMethod { customer, gateway, stored, keep } = new;
    let id = tx.new_raw_id()?;
    let sealed = gateways.seal(cx, id, &stored.token);
    let label = match stored.brand.as_str() {
        "" => "One-time method".to_owned(),
        brand => label(brand, &stored.last4),
    };
    let status = match keep {
        Keep::Once => "once",
        Keep::ForLater => "active",
    };
    let now = tx.now();
    let values = params![
        id,
        customer,
        gateway,
        &sealed,
        &label,
        &stored.brand,
        &stored.last4,
        &stored.expires,
        status,
        now
    ];
    tx.exec_one(&INSERT, values).await?;
    if keep == Keep::ForLater && find_default(tx, customer).await?.is_none() {
        tx.exec_one(&SET_DEFAULT, params![id, customer]).await?;
    }
    Ok(id)
}

/// A customer's kept methods.
pub async fn list_methods(tx: &mut Tx, customer: i64) -> Result<Vec<Method>, Fault> {
    tx.query(&OF_CUSTOMER, params![customer], method).await
}

/// The method to charge when nobody chose.
pub async fn default_method(tx: &mut Tx, customer: i64) -> Result<Option<Method>, Fault> {
    find_default(tx, customer).await
}

async fn find_default(tx: &mut Tx, customer: i64) -> Result<Option<Method>, Fault> {
    tx.query_opt(&DEFAULT, params![customer], method).await
}

/// Whether the usual method of a customer is charged without asking them.
pub async fn pays_automatically(tx: &mut Tx, customer: i64) -> Result<bool, Fault> {
    Ok(tx.query_opt(&IS_MANUAL, params![customer], |row| row.get::<i64>(0)).await?.is_none())
}

/// The customer wants the usual method to be charged when an invoice comes.
pub async fn charge_automatically(tx: &mut Tx, customer: i64) -> Result<(), Fault> {
    tx.exec(&PAY_AUTOMATICALLY, params![customer]).await.map(drop)
}

/// The customer pays each invoice themselves.
pub async fn charge_by_hand(tx: &mut Tx, customer: i64) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&PAY_BY_HAND, params![customer, now]).await.map(drop)
}

/// Makes a kept method the customer's default.
pub async fn make_default(tx: &mut Tx, customer: i64, method: i64) -> Result<(), PayError> {
    tx.exec(&CLEAR_DEFAULT, params![customer]).await?;
    match tx.exec(&SET_DEFAULT, params![method, customer]).await? {
        1 => Ok(()),
        _ => Err(PayError::NotFound),
    }
}

/// Forgets a method, at the vendor first: what the vendor could still charge stays visible here. Forgetting what is
/// forgotten is `NotFound`.
pub async fn forget_method(cx: &Cx, gateways: &Gateways, customer: i64, method: i64) -> Result<(), PayError> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            tx.query_opt(&TO_FORGET, params![method, customer], |row| {
                Ok((row.get::<String>(0)?, row.get::<String>(1)?))
            })
            .await
        })
        .await?;
    let (gateway, sealed) = found.ok_or(PayError::NotFound)?;
    if let Some(capability) = gateways.find(&gateway).and_then(Gateway::stored_methods) {
        let token = gateways.open(method, &sealed)?;
        let call = gateways.call(cx, &gateway);
        capability.forget(&call, &token).await.map_err(|e| redacted(gateways, &gateway, e))?;
    }
    cx.write(async move |tx: &mut Tx| tx.exec(&FORGET, params![method, customer]).await.map(drop)).await?;
    Ok(())
}

/// The sealed token of a customer's method at a gateway, with the id it is sealed for.
pub(crate) async fn sealed_token(
    tx: &mut Tx,
    method: i64,
    customer: i64,
    gateway: &str,
) -> Result<Option<(i64, String)>, Fault> {
    tx.query_opt(&TOKEN, params![method, customer, gateway], |row| Ok((method, row.get(0)?))).await
}

fn method(row: &Row<'_>) -> Result<Method, Fault> {
    Ok(Method {
        id: row.get(0)?,
        customer: row.get(1)?,
        gateway: row.get(2)?,
        label: row.get(3)?,
        brand: row.get(4)?,
        last4: row.get(5)?,
        expires: row.get(6)?,
        is_default: row.get(7)?,
    })
}
