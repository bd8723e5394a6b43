//! Who invoices: the seller's legal identity, kept as immutable versions that documents point at.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};

bursar_db::statements! {
    /// The newest version.
    pub(crate) CURRENT = "SELECT id, party FROM billing_sellers ORDER BY id DESC LIMIT 1";
    /// One version.
    pub(crate) FIND = "SELECT party FROM billing_sellers WHERE id = $1";
    /// A new version.
    pub(crate) INSERT = "INSERT INTO billing_sellers (id, party, created_at) VALUES ($1, $2, $3)";
}

/// The seller as printed on documents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seller {
    /// Legal name.
    pub name: String,
    /// Address lines.
    pub address: Vec<String>,
    /// ISO country.
    pub country: String,
    /// VAT or other tax number.
    pub tax_id: String,
    /// Company register entry.
    pub registration: String,
    /// Where customers write to.
    pub email: String,
    /// Web address.
    pub website: String,
}

/// The id of the version that new documents point at; `None` before anybody set it.
pub async fn current(tx: &mut Tx) -> Result<Option<i64>, Fault> {
    tx.query_opt(&CURRENT, params![], |row| row.get(0)).await
}

/// What the business is called; empty before anybody said it.
pub async fn name(tx: &mut Tx) -> Result<String, Fault> {
    let text = tx.query_opt(&CURRENT, params![], |row| row.get::<String>(1)).await?;
    Ok(text.map(|text| read(&text)).transpose()?.unwrap_or_default().name)
}

/// One version.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<Seller>, Fault> {
    let text = tx.query_opt(&FIND, params![id], |row| row.get::<String>(0)).await?;
    text.map(|text| read(&text)).transpose()
}

fn read(text: &str) -> Result<Seller, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::wrap("a stored seller cannot be read", e))
}

/// Makes a new version unless nothing changed; documents already issued keep the old one.
pub async fn set(tx: &mut Tx, seller: &Seller) -> Result<i64, Fault> {
    let text = serde_json::to_string(seller).map_err(|e| Fault::wrap("encoding the seller", e))?;
    let newest =
        tx.query_opt(&CURRENT, params![], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?))).await?;
    if let Some((id, same)) = newest
        && same == text
    {
        return Ok(id);
    }
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec(&INSERT, params![id, &text, now]).await?;
    Ok(id)
}
