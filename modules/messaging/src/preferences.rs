//! Which mails a customer does not want. Only those that are not essential can be refused.

use bursar_audit::Audit;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde_json::json;

use crate::messages::post::public_address;

bursar_db::statements! {
    /// Whether a customer refuses a kind.
    pub(crate) REFUSES = "SELECT 1 FROM messaging_refused_kinds WHERE customer_id = $1 AND kind = $2";
    /// Everything a customer refuses.
    pub(crate) REFUSED = "SELECT kind FROM messaging_refused_kinds WHERE customer_id = $1 ORDER BY kind";
    /// Refuses a kind.
    pub(crate) REFUSE = "INSERT INTO messaging_refused_kinds (customer_id, kind, refused_at) VALUES ($1, $2, $3)
        ON CONFLICT (customer_id, kind) DO NOTHING";
    /// Refuses nothing any more.
    pub(crate) ACCEPT_ALL = "DELETE FROM messaging_refused_kinds WHERE customer_id = $1";
    /// The customer's link.
    pub(crate) LINK = "SELECT token FROM messaging_preference_links WHERE customer_id = $1";
    /// Whose link it is.
    pub(crate) OWNER = "SELECT customer_id FROM messaging_preference_links WHERE token = $1";
    /// Makes the link once.
    pub(crate) MAKE_LINK = "INSERT INTO messaging_preference_links (customer_id, token) VALUES ($1, $2)
        ON CONFLICT (customer_id) DO NOTHING";
}

/// Whether a customer does not want mails of a kind.
pub(crate) async fn refuses(tx: &mut Tx, customer: i64, kind: &str) -> Result<bool, Fault> {
    Ok(tx.query_opt(&REFUSES, params![customer, kind], |row| row.get::<i64>(0)).await?.is_some())
}

/// Every kind a customer does not want.
pub async fn refused_kinds(tx: &mut Tx, customer: i64) -> Result<Vec<String>, Fault> {
    tx.query(&REFUSED, params![customer], |row| row.get(0)).await
}

/// Replaces what a customer does not want. The caller has checked that these kinds can be refused.
pub async fn refuse_kinds(tx: &mut Tx, customer: i64, kinds: &[String]) -> Result<(), Fault> {
    let (before, mut chosen) = (refused_kinds(tx, customer).await?, kinds.to_vec());
    chosen.sort_unstable();
    if before != chosen {
        let (before, after) = (Some(json!({ "refused": before })), Some(json!({ "refused": chosen })));
        let (action, subject) = (crate::permissions::PREFERENCE_EDIT, format!("customer:{customer}"));
        bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await?;
    }
    tx.exec(&ACCEPT_ALL, params![customer]).await?;
    let now = tx.now();
    for kind in kinds {
        tx.exec(&REFUSE, params![customer, kind, now]).await?;
    }
    Ok(())
}

/// Refuses one kind beside those refused already.
pub(crate) async fn refuse(tx: &mut Tx, customer: i64, kind: &str) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&REFUSE, params![customer, kind, now]).await.map(drop)
}

/// The address a mail program calls to refuse one kind, from the address of all choices.
pub(crate) fn one_click(preferences_url: &str, kind: &str) -> String {
    format!("{}/{kind}", preferences_url.replace("/mail/preferences/", "/mail/unsubscribe/"))
}

/// The address under which a customer chooses without signing in. The token in it can do nothing else, so it is kept
/// as it is: every later mail carries the same one.
pub(crate) async fn link(tx: &mut Tx, customer: i64) -> Result<String, Fault> {
    let fresh = tx.random_token(24);
    tx.exec(&MAKE_LINK, params![customer, &fresh]).await?;
    let token = tx.query_one(&LINK, params![customer], |row| row.get::<String>(0)).await?;
    Ok(format!("{}/mail/preferences/{token}", public_address(tx)))
}

/// Whose link a token is.
pub(crate) async fn owner(tx: &mut Tx, token: &str) -> Result<Option<i64>, Fault> {
    tx.query_opt(&OWNER, params![token], |row| row.get(0)).await
}
