//! All SQL of services and resources.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_hosting::Origin;

use crate::digest;
use crate::policy::Facts;
use crate::service::{Part, Resource, ResourceState, Service};
use crate::states::{Event, State};
use crate::words::stored;

macro_rules! columns {
    () => {
        "id, customer_id, subscription_id, slot, product_id, order_id, label, name, options, is_started,
         is_held_by_billing, is_held_by_staff, is_ended, hold_reason, state, observed, observed_at, generation,
         plan_wanted, plan_applied, why, failed_at, created_at, updated_at, version, start_on,
         archived_until"
    };
}

macro_rules! resource_columns {
    () => {
        "id, service_id, server_id, driver, tag, origin, reference, state, shown, password_sealed, created_at, part"
    };
}

pub(crate) use {columns, resource_columns};

bursar_db::statements! {
    /// One service.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM provisioning_services WHERE id = $1");
    /// What a subscription is delivered by.
    pub(crate) OF_SUBSCRIPTION = concat!("SELECT ", columns!(), " FROM provisioning_services
        WHERE subscription_id = $1 ORDER BY id LIMIT 1000");
    /// What an order is delivered by.
    pub(crate) OF_ORDER = concat!("SELECT ", columns!(), " FROM provisioning_services
        WHERE order_id = $1 ORDER BY id LIMIT 10000");
    /// What a customer has, newest first.
    pub(crate) OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM provisioning_services
        WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    /// Some services.
    pub(crate) SOME = concat!("SELECT ", columns!(), " FROM provisioning_services WHERE id {any:$1}");
    /// What waits for a person, by id.
    pub(crate) FAILED = "SELECT id FROM provisioning_services WHERE state = 'failed' AND id > $1 ORDER BY id LIMIT $2";
    /// How many stand where.
    pub(crate) COUNT_BY_STATE = "SELECT state, COUNT(*) FROM provisioning_services GROUP BY state";
    /// A new one; a part that is delivered already stays as it is.
    pub(crate) INSERT = concat!("INSERT INTO provisioning_services (", columns!(), ", desired)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28)
        ON CONFLICT (subscription_id, slot) WHERE subscription_id IS NOT NULL DO NOTHING");
    /// Saves over the version that was read.
    pub(crate) SAVE = "UPDATE provisioning_services SET product_id = $3, label = $4, name = $5, options = $6,
            is_started = $7, is_held_by_billing = $8, is_held_by_staff = $9, is_ended = $10, hold_reason = $11,
            desired = $12, state = $13, observed = $14, observed_at = $15, generation = $16, plan_wanted = $17,
            plan_applied = $18, why = $19, failed_at = $20, updated_at = $21, start_on = $22,
            archived_until = $23, version = version + 1
        WHERE id = $1 AND version = $2";
    /// One more line of how a service came to its state.
    pub(crate) NOTE = "INSERT INTO provisioning_transitions
        (id, service_id, operation_id, from_state, event, to_state, why, actor_kind, actor_id, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What is there, or may be there, of a service.
    pub(crate) RESOURCE = concat!("SELECT ", resource_columns!(), " FROM provisioning_resources
        WHERE service_id = $1 AND state <> 'gone' AND part = 'own'");
    /// What is there of it beside, while it moves and after.
    pub(crate) OTHERS = concat!("SELECT ", resource_columns!(), " FROM provisioning_resources
        WHERE service_id = $1 AND state <> 'gone' AND part <> 'own' ORDER BY id LIMIT 100");
    /// One resource.
    pub(crate) FIND_RESOURCE = concat!("SELECT ", resource_columns!(), " FROM provisioning_resources WHERE id = $1");
    /// Who has a vendor's name.
    pub(crate) TAKEN = "SELECT id FROM provisioning_resources
        WHERE server_id = $1 AND reference = $2 AND state <> 'gone'";
    /// A password of a customer's at a server, the newest.
    pub(crate) PASSWORD_AT = "SELECT r.password_sealed FROM provisioning_resources AS r
        JOIN provisioning_services AS s ON s.id = r.service_id
        WHERE s.customer_id = $1 AND r.server_id = $2 AND r.state <> 'gone' AND r.password_sealed IS NOT NULL
        ORDER BY r.id DESC LIMIT 1";
    /// Another one for everything of a customer's at a server.
    pub(crate) SET_PASSWORD_AT = "UPDATE provisioning_resources SET password_sealed = $3
        WHERE server_id = $2 AND state <> 'gone'
            AND service_id IN (SELECT id FROM provisioning_services WHERE customer_id = $1)";
    /// A new one.
    pub(crate) INSERT_RESOURCE = concat!("INSERT INTO provisioning_resources (", resource_columns!(), ",
            tag_digest, reference_digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    /// Saves one; its name at the vendor never changes, and what is gone stays so.
    pub(crate) SAVE_RESOURCE = "UPDATE provisioning_resources SET server_id = $2, driver = $3, reference = $4,
            state = $5, shown = $6, password_sealed = $7, gone_at = $8, reference_digest = $9, part = $10
        WHERE id = $1 AND state <> 'gone'";
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Service>, Fault> {
    tx.query_opt(&FIND, params![id], service).await
}

pub(crate) async fn of_subscription(tx: &mut Tx, subscription: i64) -> Result<Vec<Service>, Fault> {
    tx.query(&OF_SUBSCRIPTION, params![subscription], service).await
}

pub(crate) async fn of_order(tx: &mut Tx, order: i64) -> Result<Vec<Service>, Fault> {
    tx.query(&OF_ORDER, params![order], service).await
}

pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Service>, Fault> {
    tx.query(&OF_CUSTOMER, params![customer, before, limit], service).await
}

pub(crate) async fn some(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, Service>, Fault> {
    let found = tx.query(&SOME, params![ids], service).await?;
    Ok(found.into_iter().map(|service| (service.id, service)).collect())
}

pub(crate) async fn failed(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<i64>, Fault> {
    tx.query(&FAILED, params![after, limit], |row| row.get(0)).await
}

pub(crate) async fn count_by_state(tx: &mut Tx) -> Result<BTreeMap<State, i64>, Fault> {
    let rows = tx
        .query(&COUNT_BY_STATE, params![], |row| Ok((stored(row.text(0)?, State::parse)?, row.get(1)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

/// Whether it was new: a part of a subscription is delivered once.
pub(crate) async fn insert(tx: &mut Tx, s: &Service) -> Result<bool, Fault> {
    let options = serde_json::to_string(&s.options).map_err(|e| Fault::wrap("encoding options", e))?;
    let values = params![
        s.id,
        s.customer_id,
        s.subscription_id,
        &s.slot,
        s.product_id,
        s.order_id,
        &s.label,
        &s.name,
        &options,
        s.facts.is_started,
        s.facts.is_held_by_billing,
        s.facts.is_held_by_staff,
        s.facts.is_ended,
        &s.hold_reason,
        s.state.code(),
        &s.observed,
        s.observed_at,
        s.generation,
        s.plan_wanted,
        s.plan_applied,
        &s.why,
        s.failed_at,
        s.created_at,
        s.updated_at,
        s.version,
        s.start_on,
        s.archived_until,
        s.desired().code()
    ];
    Ok(tx.exec(&INSERT, values).await? == 1)
}

/// Saves over the version that was read, and counts it on.
pub(crate) async fn save(tx: &mut Tx, s: &mut Service) -> Result<(), Fault> {
    let options = serde_json::to_string(&s.options).map_err(|e| Fault::wrap("encoding options", e))?;
    s.updated_at = tx.now();
    let values = params![
        s.id,
        s.version,
        s.product_id,
        &s.label,
        &s.name,
        &options,
        s.facts.is_started,
        s.facts.is_held_by_billing,
        s.facts.is_held_by_staff,
        s.facts.is_ended,
        &s.hold_reason,
        s.desired().code(),
        s.state.code(),
        &s.observed,
        s.observed_at,
        s.generation,
        s.plan_wanted,
        s.plan_applied,
        &s.why,
        s.failed_at,
        s.updated_at,
        s.start_on,
        s.archived_until
    ];
    tx.exec_one(&SAVE, values).await?;
    s.version += 1;
    Ok(())
}

/// A line of how a service came to its state.
pub(crate) struct Note<'a> {
    pub(crate) service_id: i64,
    pub(crate) operation_id: Option<i64>,
    pub(crate) from: State,
    pub(crate) event: Event,
    pub(crate) to: State,
    pub(crate) why: &'a str,
}

pub(crate) async fn note(tx: &mut Tx, note: &Note<'_>) -> Result<(), Fault> {
    let (id, now, actor) = (tx.new_raw_id()?, tx.now(), *tx.actor());
    let values = params![
        id,
        note.service_id,
        note.operation_id,
        note.from.code(),
        note.event.code(),
        note.to.code(),
        note.why,
        actor.kind(),
        actor.id(),
        now
    ];
    tx.exec_one(&NOTE, values).await
}

pub(crate) async fn resource_of(tx: &mut Tx, service: i64) -> Result<Option<Resource>, Fault> {
    tx.query_opt(&RESOURCE, params![service], resource).await
}

/// What is there beside a service's own: what is coming, and what is leaving.
pub(crate) async fn others(tx: &mut Tx, service: i64) -> Result<Vec<Resource>, Fault> {
    tx.query(&OTHERS, params![service], resource).await
}

pub(crate) async fn find_resource(tx: &mut Tx, id: i64) -> Result<Option<Resource>, Fault> {
    tx.query_opt(&FIND_RESOURCE, params![id], resource).await
}

pub(crate) async fn insert_resource(tx: &mut Tx, r: &Resource) -> Result<(), Fault> {
    let shown = encode(r)?;
    let values = params![
        r.id,
        r.service_id,
        r.server_id,
        &r.driver,
        &r.tag,
        origin_code(r.origin),
        &r.reference,
        r.state.code(),
        &shown,
        &r.password_sealed,
        r.created_at,
        r.part.code(),
        digest::of_tag(&r.tag),
        reference_digest(r)
    ];
    tx.exec_one(&INSERT_RESOURCE, values).await
}

pub(crate) async fn save_resource(tx: &mut Tx, r: &Resource) -> Result<(), Fault> {
    let shown = encode(r)?;
    let gone_at = (r.state == ResourceState::Gone).then(|| tx.now());
    let values = params![
        r.id,
        r.server_id,
        &r.driver,
        &r.reference,
        r.state.code(),
        &shown,
        &r.password_sealed,
        gone_at,
        reference_digest(r),
        r.part.code()
    ];
    tx.exec_one(&SAVE_RESOURCE, values).await
}

/// Whether something of ours has this name at the vendor.
pub(crate) async fn is_taken(tx: &mut Tx, server: i64, reference: &str) -> Result<bool, Fault> {
    Ok(tx.query_opt(&TAKEN, params![server, reference], |row| row.get::<i64>(0)).await?.is_some())
}

/// The password that a customer has at a server already, sealed.
pub(crate) async fn password_at(tx: &mut Tx, customer: i64, server: i64) -> Result<Option<String>, Fault> {
    tx.query_opt(&PASSWORD_AT, params![customer, server], |row| row.get(0)).await
}

/// Gives everything of a customer's at a server this password.
pub(crate) async fn set_password_at(
    tx: &mut Tx,
    customer: i64,
    server: i64,
    sealed: &str,
) -> Result<(), Fault> {
    tx.exec(&SET_PASSWORD_AT, params![customer, server, sealed]).await.map(drop)
}

fn reference_digest(r: &Resource) -> i64 {
    r.reference.as_deref().map_or(0, |reference| digest::of_reference(r.server_id, reference))
}

fn encode(r: &Resource) -> Result<String, Fault> {
    serde_json::to_string(&r.shown).map_err(|e| Fault::wrap("encoding what a vendor showed", e))
}

fn origin_code(origin: Origin) -> &'static str {
    match origin {
        Origin::Made => "made",
        Origin::Adopted => "adopted",
    }
}

pub(crate) fn service(row: &Row<'_>) -> Result<Service, Fault> {
    let options = serde_json::from_str(row.text(8)?).map_err(|e| Fault::wrap("reading options", e))?;
    Ok(Service {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        subscription_id: row.get(2)?,
        slot: row.get(3)?,
        product_id: row.get(4)?,
        order_id: row.get(5)?,
        label: row.get(6)?,
        name: row.get(7)?,
        options,
        facts: Facts {
            is_started: row.get(9)?,
            is_held_by_billing: row.get(10)?,
            is_held_by_staff: row.get(11)?,
            is_ended: row.get(12)?,
        },
        hold_reason: row.get(13)?,
        state: stored(row.text(14)?, State::parse)?,
        observed: row.get(15)?,
        observed_at: row.get(16)?,
        generation: row.get(17)?,
        plan_wanted: row.get(18)?,
        plan_applied: row.get(19)?,
        why: row.get(20)?,
        failed_at: row.get(21)?,
        created_at: row.get(22)?,
        updated_at: row.get(23)?,
        version: row.get(24)?,
        start_on: row.get(25)?,
        archived_until: row.get(26)?,
    })
}

pub(crate) fn resource(row: &Row<'_>) -> Result<Resource, Fault> {
    Ok(Resource {
        id: row.get(0)?,
        service_id: row.get(1)?,
        server_id: row.get(2)?,
        driver: row.get(3)?,
        tag: row.get(4)?,
        origin: if row.text(5)? == "adopted" { Origin::Adopted } else { Origin::Made },
        reference: row.get(6)?,
        state: stored(row.text(7)?, ResourceState::parse)?,
        shown: serde_json::from_str(row.text(8)?).map_err(|e| Fault::wrap("reading what was shown", e))?,
        password_sealed: row.get(9)?,
        created_at: row.get(10)?,
        part: stored(row.text(11)?, Part::parse)?,
    })
}
