//! Methods that customers give on the vendor's own page: intent, page, question, record. What the browser brings back is
//! never believed; the vendor is asked.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_gateway::{Gateway, IdempotencyKey, MethodSetups, SetupOutcome, SetupRequest};

use crate::charge::redacted;
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::methods;

bursar_db::statements! {
    /// A customer is about to be asked.
    pub(crate) INSERT = "INSERT INTO payments_setups (id, customer_id, gateway, idempotency_key, state, method_id, created_at)
        VALUES ($1, $2, $3, $4, 'waiting', NULL, $5)";
    /// One of a customer's.
    pub(crate) FIND = "SELECT gateway, idempotency_key, state, method_id FROM payments_setups
        WHERE id = $1 AND customer_id = $2";
    /// It gave a method, once.
    pub(crate) STORE = "UPDATE payments_setups SET state = 'stored', method_id = $2 WHERE id = $1 AND state = 'waiting'";
    /// It gave none.
    pub(crate) ABANDON = "UPDATE payments_setups SET state = 'abandoned' WHERE id = $1 AND state = 'waiting'";
    /// All of a customer's are gone.
    pub(crate) ERASE = "DELETE FROM payments_setups WHERE customer_id = $1";
}

/// What a setup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupResult {
    /// The method is kept.
    Stored(i64),
    /// The customer is still asked, there.
    Waiting {
        /// Where.
        url: String,
    },
    /// The customer gave none.
    Abandoned,
}

struct Setup {
    gateway: String,
    key: IdempotencyKey,
    result: Option<SetupResult>,
}

/// Opens the vendor's page for a method and returns where it is. `return_to` is the address, without the setup's number
/// at its end, to which the vendor sends the browser back.
///
/// # Errors
/// [`PayError::NoGateway`] where the gateway has no such page, [`PayError::Gateway`] when it does not answer: nothing is
/// kept then, and trying again is a new setup.
pub async fn begin_setup(
    cx: &Cx,
    gateways: &Gateways,
    customer: i64,
    gateway: &str,
    return_to: &str,
) -> Result<String, PayError> {
    let setups = capability(gateways, gateway)?;
    let name = gateway.to_owned();
    let (id, key) = cx
        .write(async move |tx: &mut Tx| {
            let (id, now) = (tx.new_raw_id()?, tx.now());
            let key = format!("setup:{id}");
            tx.exec_one(&INSERT, params![id, customer, &name, &key, now]).await?;
            Ok::<_, Fault>((id, key))
        })
        .await?;
    let request =
        SetupRequest { key: crate::charge::key_of(&key)?, customer, return_url: format!("{return_to}{id}") };
    let call = gateways.call(cx, gateway);
    let opened = setups.open(&call, &request).await.map_err(|e| redacted(gateways, gateway, e))?;
    match opened {
        SetupOutcome::Waiting { url } => Ok(url),
        SetupOutcome::Stored(_) | SetupOutcome::Abandoned => Ok(request.return_url),
    }
}

/// Asks the vendor what a customer's setup came to and records it. Safe to run twice and at the same time: one method
/// comes of it.
///
/// # Errors
/// [`PayError::NotFound`] for a setup that is not this customer's, [`PayError::Gateway`] when nothing can be known now.
pub async fn finish_setup(
    cx: &Cx,
    gateways: &Gateways,
    customer: i64,
    id: i64,
) -> Result<SetupResult, PayError> {
    let found = cx.read(async move |tx: &mut Tx| find(tx, id, customer).await).await?;
    let setup = found.ok_or(PayError::NotFound)?;
    if let Some(result) = setup.result {
        return Ok(result);
    }
    let setups = capability(gateways, &setup.gateway)?;
    let call = gateways.call(cx, &setup.gateway);
    let outcome = setups.find_setup(&call, &setup.key).await;
    let outcome = outcome.map_err(|e| redacted(gateways, &setup.gateway, e))?;
    match outcome {
        Some(SetupOutcome::Waiting { url }) => Ok(SetupResult::Waiting { url }),
        Some(SetupOutcome::Stored(stored)) => {
            let (gateways, context) = (gateways.clone(), cx.clone());
            let gateway = setup.gateway.clone();
            cx.write(async move |tx: &mut Tx| {
                // Asked again inside: of two visits at once one records, and the other finds it.
                let now = find(tx, id, customer).await?.ok_or(PayError::NotFound)?;
                if let Some(result) = now.result {
                    return Ok(result);
                }
                let method = methods::keep(tx, &context, &gateways, customer, &gateway, &stored).await?;
                tx.exec_one(&STORE, params![id, method]).await?;
                Ok(SetupResult::Stored(method))
            })
            .await
        }
        // What the vendor never got will not become a method.
        Some(SetupOutcome::Abandoned) | None => {
            cx.write(async move |tx: &mut Tx| tx.exec(&ABANDON, params![id]).await.map(drop)).await?;
            Ok(SetupResult::Abandoned)
        }
    }
}

fn capability<'g>(gateways: &'g Gateways, gateway: &str) -> Result<&'g dyn MethodSetups, PayError> {
    let setups = gateways.find(gateway).and_then(Gateway::method_setups);
    setups.ok_or_else(|| PayError::NoGateway(gateway.to_owned()))
}

async fn find(tx: &mut Tx, id: i64, customer: i64) -> Result<Option<Setup>, Fault> {
    tx.query_opt(&FIND, params![id, customer], read).await
}

fn read(row: &Row<'_>) -> Result<Setup, Fault> {
    let method: Option<i64> = row.get(3)?;
    let result = match (row.text(2)?, method) {
        ("stored", Some(method)) => Some(SetupResult::Stored(method)),
        ("abandoned", _) => Some(SetupResult::Abandoned),
        _ => None,
    };
    Ok(Setup { gateway: row.get(0)?, key: crate::charge::key_of(row.text(1)?)?, result })
}
