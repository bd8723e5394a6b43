//! All SQL of requests about personal data.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant};

use super::{PrivacyKind, PrivacyRequest, PrivacyState};

bursar_db::statements! {
    /// A new request.
    pub(crate) INSERT = "INSERT INTO customers_privacy_requests
            (id, customer_id, kind, state, asked_at, due_at, decided_by, decided_why)
        VALUES ($1, $2, $3, 'asked', $4, $5, '', '')";
    /// One.
    pub(crate) FIND = "SELECT id, customer_id, kind, state, asked_at, due_at, decided_why, done_at, kept_until
        FROM customers_privacy_requests WHERE id = $1";
    /// A customer's own, newest first.
    pub(crate) OF_CUSTOMER = "SELECT id, customer_id, kind, state, asked_at, due_at, decided_why, done_at, kept_until
        FROM customers_privacy_requests WHERE customer_id = $1 ORDER BY id DESC LIMIT $2";
    /// Erasures, newest first, older than one.
    pub(crate) ERASURES = "SELECT id, customer_id, kind, state, asked_at, due_at, decided_why, done_at, kept_until
        FROM customers_privacy_requests WHERE kind = 'erasure' AND id < $1 ORDER BY id DESC LIMIT $2";
    /// Approved ones whose pause is over.
    pub(crate) DUE = "SELECT id, customer_id FROM customers_privacy_requests
        WHERE kind = 'erasure' AND state = 'approved' AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
    /// Moves on from where it was seen.
    pub(crate) MOVE = "UPDATE customers_privacy_requests SET state = $3, decided_by = $4, decided_why = $5,
        decided_at = $6 WHERE id = $1 AND state = $2";
    /// A copy is ready.
    pub(crate) READY = "UPDATE customers_privacy_requests SET state = 'ready', due_at = $2, done_at = $3
        WHERE id = $1 AND state = 'asked'";
    /// Done.
    pub(crate) DONE = "UPDATE customers_privacy_requests SET state = 'done', done_at = $2, kept_until = $3
        WHERE id = $1 AND state = 'approved'";
    /// Nothing of it yet.
    pub(crate) CLEAR = "DELETE FROM customers_privacy_pieces WHERE request_id = $1";
    /// A piece.
    pub(crate) PUT_PIECE = "INSERT INTO customers_privacy_pieces (request_id, place, lines) VALUES ($1, $2, $3)";
    /// A piece.
    pub(crate) PIECE = "SELECT lines FROM customers_privacy_pieces WHERE request_id = $1 AND place = $2";
    /// Copies nobody can fetch any more.
    pub(crate) DROP_OLD = "DELETE FROM customers_privacy_pieces WHERE request_id IN
        (SELECT id FROM customers_privacy_requests WHERE kind = 'copy' AND state = 'ready' AND due_at <= $1)";
    /// They are gone.
    pub(crate) EXPIRE = "UPDATE customers_privacy_requests SET state = 'expired'
        WHERE kind = 'copy' AND state = 'ready' AND due_at <= $1";
    /// A customer's copies, when the customer is forgotten.
    pub(crate) DROP_COPIES = "DELETE FROM customers_privacy_pieces WHERE request_id IN
        (SELECT id FROM customers_privacy_requests WHERE customer_id = $1)";
    /// They are gone.
    pub(crate) EXPIRE_COPIES = "UPDATE customers_privacy_requests SET state = 'expired'
        WHERE customer_id = $1 AND kind = 'copy' AND state IN ('asked', 'ready')";
    /// Contacts to be handed out.
    pub(crate) CONTACTS = "SELECT id, first_name, last_name, company, email, phone, address1, address2, city, state,
        postcode, country, tax_id, created_at FROM customers_contacts
        WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Identities that documents print.
    pub(crate) SNAPSHOTS = "SELECT id, party, created_at FROM customers_snapshots
        WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Contacts are forgotten; documents keep their own snapshot.
    pub(crate) DROP_CONTACTS = "DELETE FROM customers_contacts WHERE customer_id = $1";
    /// Notes about the customer.
    pub(crate) DROP_NOTES = "DELETE FROM customers_notes WHERE customer_id = $1";
    /// Nobody's name is left.
    pub(crate) FORGET = "UPDATE customers_customers SET first_name = '', last_name = '', company = $2, email = '',
        phone = '', address1 = '', address2 = '', city = '', state = '', postcode = '', tax_id = '',
        tax_id_status = 'none', email_verified_at = NULL, custom_fields = $5, sort_name = $3,
        billing_contact_id = NULL, shipping_contact_id = NULL, status = 'closed', updated_at = $4,
        version = version + 1 WHERE id = $1";
}

fn request(row: &Row<'_>) -> Result<PrivacyRequest, Fault> {
    let kind = if row.text(2)? == "copy" { PrivacyKind::Copy } else { PrivacyKind::Erasure };
    let state = PrivacyState::parse(row.text(3)?)
        .ok_or_else(|| Fault::corrupt("a request about personal data stands nowhere"))?;
    Ok(PrivacyRequest {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        kind,
        state,
        asked_at: row.get(4)?,
        due_at: row.get(5)?,
        decided_why: row.get(6)?,
        done_at: row.get(7)?,
        kept_until: row.get(8)?,
    })
}

pub(super) async fn insert(
    tx: &mut Tx,
    customer: i64,
    kind: PrivacyKind,
    due_at: Instant,
) -> Result<i64, Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec(&INSERT, params![id, customer, kind.code(), now, due_at]).await?;
    Ok(id)
}

/// One request.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<PrivacyRequest>, Fault> {
    tx.query_opt(&FIND, params![id], request).await
}

/// A customer's newest requests.
pub async fn of_customer(tx: &mut Tx, customer: i64) -> Result<Vec<PrivacyRequest>, Fault> {
    tx.query(&OF_CUSTOMER, params![customer, 20_i64], request).await
}

/// Wishes to be forgotten, newest first, older than the last that was shown.
pub async fn list_open(tx: &mut Tx, before: Option<i64>, limit: i64) -> Result<Vec<PrivacyRequest>, Fault> {
    tx.query(&ERASURES, params![before.unwrap_or(i64::MAX), limit], request).await
}

/// Moves a request that still stands where it was seen.
pub(super) async fn go(
    tx: &mut Tx,
    request: &PrivacyRequest,
    to: PrivacyState,
    why: &str,
) -> Result<bool, Fault> {
    let (by, now) = (tx.actor().to_string(), tx.now());
    let row = params![request.id, request.state.code(), to.code(), &by, why, now];
    Ok(tx.exec(&MOVE, row).await? == 1)
}

pub(super) async fn done(tx: &mut Tx, id: i64, kept_until: Date) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&DONE, params![id, now, kept_until]).await? == 1)
}

/// A whole copy at once: for who needs it in memory. The page sends it piece by piece.
pub async fn lines(tx: &mut Tx, request: i64) -> Result<String, Fault> {
    let mut all = String::new();
    let mut place = 0_i64;
    while let Some(piece) = piece(tx, request, place).await? {
        all.push_str(&piece);
        place += 1;
    }
    Ok(all)
}

/// A piece of a copy; none beyond its end.
pub(super) async fn piece(tx: &mut Tx, request: i64, place: i64) -> Result<Option<String>, Fault> {
    tx.query_opt(&PIECE, params![request, place], |row| row.get(0)).await
}
