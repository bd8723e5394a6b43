//! What this module holds about the people of a customer: who signs in, from where, with what.
//!
//! Somebody who also acts for another customer is not this customer's to hand out or to forget: they only leave its team.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::json;

/// The people who act for this customer and nobody else.
macro_rules! alone {
    () => {
        "(SELECT m.user_id FROM identity_memberships m WHERE m.customer_id = $1 AND NOT EXISTS
            (SELECT 1 FROM identity_memberships o WHERE o.user_id = m.user_id AND o.customer_id <> m.customer_id))"
    };
}

bursar_db::statements! {
    /// People to be handed out.
    pub(crate) PEOPLE = concat!("SELECT id, email, name, created_at, last_sign_in_at FROM identity_users
        WHERE id IN ", alone!(), " AND id > $2 ORDER BY id LIMIT $3");
    /// Their sign-ins.
    pub(crate) SIGN_INS = concat!("SELECT id, subject_id, at, is_success, method, address, agent FROM identity_sign_ins
        WHERE kind = 'user' AND subject_id IN ", alone!(), " AND id > $2 ORDER BY id LIMIT $3");
    /// Other services by which they sign in.
    pub(crate) CONNECTIONS = concat!("SELECT l.id, l.subject_id, p.name, l.email, l.created_at
        FROM identity_provider_links l JOIN identity_providers p ON p.id = l.provider_id
        WHERE l.kind = 'user' AND l.subject_id IN ", alone!(), " AND l.id > $2 ORDER BY l.id LIMIT $3");
    /// Who will be forgotten, for what other modules keep by person or address.
    pub(crate) ALONE = concat!("SELECT id, email FROM identity_users WHERE id IN ", alone!(), " ORDER BY id LIMIT 500");
    /// What they signed in with.
    pub(crate) DROP_TOTP = concat!("DELETE FROM identity_totp WHERE kind = 'user' AND subject_id IN ", alone!());
    /// The same.
    pub(crate) DROP_CODES =
        concat!("DELETE FROM identity_recovery_codes WHERE kind = 'user' AND subject_id IN ", alone!());
    /// The same.
    pub(crate) DROP_PASSKEYS = concat!("DELETE FROM identity_passkeys WHERE kind = 'user' AND subject_id IN ", alone!());
    /// The same.
    pub(crate) DROP_CONNECTIONS =
        concat!("DELETE FROM identity_provider_links WHERE kind = 'user' AND subject_id IN ", alone!());
    /// Browsers.
    pub(crate) DROP_DEVICES = concat!("DELETE FROM identity_devices WHERE kind = 'user' AND subject_id IN ", alone!());
    /// Where they signed in.
    pub(crate) DROP_SIGN_INS = concat!("DELETE FROM identity_sign_ins WHERE kind = 'user' AND subject_id IN ", alone!());
    /// Where they are signed in.
    pub(crate) DROP_SESSIONS = concat!("DELETE FROM identity_sessions WHERE kind = 'user' AND subject_id IN ", alone!());
    /// What was begun.
    pub(crate) DROP_CHALLENGES =
        concat!("DELETE FROM identity_challenges WHERE kind = 'user' AND subject_id IN ", alone!());
    /// Links in their mails.
    pub(crate) DROP_LINKS = concat!("DELETE FROM identity_links WHERE (kind = 'user' AND subject_id IN ", alone!(), ")
        OR customer_id = $1");
    /// Programs that act for the customer.
    pub(crate) DROP_TOKENS = "DELETE FROM identity_api_tokens WHERE kind = 'user' AND customer_id = $1";
    /// Staff who look through their eyes.
    pub(crate) DROP_EYES = "DELETE FROM identity_impersonations WHERE customer_id = $1";
    /// Sign-in links of the customer.
    pub(crate) DROP_PORTAL_LINKS = "DELETE FROM identity_portal_links WHERE customer_id = $1";
    /// Sessions of those who go on acting for others.
    pub(crate) LEAVE = "UPDATE identity_sessions SET customer_id = NULL WHERE kind = 'user' AND customer_id = $1";
    /// Nobody's name is left.
    pub(crate) FORGET = concat!("UPDATE identity_users SET email = 'erased-' || CAST(id AS TEXT) || '@erased.invalid',
        name = '', password_hash = NULL, password_changed_at = NULL, email_verified_at = NULL, status = 'blocked',
        version = version + 1 WHERE id IN ", alone!());
    /// The team is no more.
    pub(crate) DROP_TEAM = "DELETE FROM identity_memberships WHERE customer_id = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry.personal(PersonalData::erased("identity.people", people, forget));
    registry.personal(PersonalData::erased("identity.sign_ins", sign_ins, |_, _| Box::pin(async { Ok(()) })));
    registry.personal(PersonalData::erased("identity.connections", connections, |_, _| {
        Box::pin(async { Ok(()) })
    }));
}

/// The people who act for a customer and for nobody else: id and address.
pub async fn people_alone(tx: &mut Tx, customer: i64) -> Result<Vec<(i64, String)>, Fault> {
    tx.query(&ALONE, params![customer], |row| Ok((row.get(0)?, row.get(1)?))).await
}

fn people(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&PEOPLE, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let seen = row.get::<Option<Instant>>(4)?.map(|at| at.to_string());
            let person = json!({
                "email": row.get::<String>(1)?, "name": row.get::<String>(2)?,
                "since": row.get::<Instant>(3)?.to_string(), "last_sign_in": seen,
            });
            Ok((row.get(0)?, person))
        })
        .await
    })
}

fn sign_ins(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&SIGN_INS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let sign_in = json!({
                "person": row.get::<i64>(1)?, "at": row.get::<Instant>(2)?.to_string(),
                "succeeded": row.get::<i64>(3)? != 0, "method": row.get::<String>(4)?,
                "address": row.get::<String>(5)?, "browser": row.get::<String>(6)?,
            });
            Ok((row.get(0)?, sign_in))
        })
        .await
    })
}

fn connections(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&CONNECTIONS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let connection = json!({
                "person": row.get::<i64>(1)?, "service": row.get::<String>(2)?,
                "known_there_as": row.get::<String>(3)?, "since": row.get::<Instant>(4)?.to_string(),
            });
            Ok((row.get(0)?, connection))
        })
        .await
    })
}

/// The team last: who belongs to it decides about everything before.
fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move {
        for statement in [
            &DROP_TOTP,
            &DROP_CODES,
            &DROP_PASSKEYS,
            &DROP_CONNECTIONS,
            &DROP_DEVICES,
            &DROP_SIGN_INS,
            &DROP_SESSIONS,
            &DROP_CHALLENGES,
            &DROP_LINKS,
            &DROP_TOKENS,
            &DROP_EYES,
            &DROP_PORTAL_LINKS,
            &LEAVE,
            &FORGET,
            &DROP_TEAM,
        ] {
            tx.exec(statement, params![customer]).await?;
        }
        Ok(())
    })
}
