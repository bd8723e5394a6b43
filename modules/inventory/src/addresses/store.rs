//! All SQL for pools and addresses.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::arithmetic::{Range, address_of_key, key_of};
use super::{Assigned, Network, Pool, PoolDetails, PoolMode};

bursar_db::statements! {
    /// Another's.
    pub(crate) HAND_OVER = "UPDATE inventory_addresses SET service_id = $2 WHERE service_id = $1";
    /// Every pool.
    pub(crate) LIST = "SELECT id, name, network, unit_prefix, first_key, last_key, next_key, gateway, dns, region_id,
        mode, version FROM inventory_pools ORDER BY name, id LIMIT 2000";
    /// One.
    pub(crate) FIND = "SELECT id, name, network, unit_prefix, first_key, last_key, next_key, gateway, dns, region_id,
        mode, version FROM inventory_pools WHERE id = $1";
    /// The pools of a family that give addresses away.
    pub(crate) GIVING = "SELECT id, name, network, unit_prefix, first_key, last_key, next_key, gateway, dns, region_id,
        mode, version FROM inventory_pools WHERE family = $1 AND mode = 'enabled' ORDER BY id LIMIT 2000";
    /// Which servers pools are for.
    pub(crate) SERVERS = "SELECT pool_id, server_id FROM inventory_pool_servers WHERE pool_id {any:$1}
        ORDER BY pool_id, server_id LIMIT 20000";
    /// A new pool.
    pub(crate) INSERT = "INSERT INTO inventory_pools (name, network, unit_prefix, first_key, last_key, gateway, dns,
        region_id, mode, id, family, prefix, next_key, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $4, $13, 1)";
    /// Saves one over the version that was seen. What was given away decides where it goes on.
    pub(crate) UPDATE = "UPDATE inventory_pools SET name = $1, network = $2, unit_prefix = $3, first_key = $4,
        last_key = $5, gateway = $6, dns = $7, region_id = $8, mode = $9, prefix = $10, version = version + 1
        WHERE id = $11 AND version = $12";
    /// Removes one.
    pub(crate) DELETE = "DELETE FROM inventory_pools WHERE id = $1";
    /// Forgets which servers it is for.
    pub(crate) DROP_SERVERS = "DELETE FROM inventory_pool_servers WHERE pool_id = $1";
    /// It is for this server.
    pub(crate) PUT_SERVER = "INSERT INTO inventory_pool_servers (pool_id, server_id) VALUES ($1, $2)";
    /// Who has a name.
    pub(crate) BY_NAME = "SELECT id FROM inventory_pools WHERE name = $1";
    /// How many of a pool's addresses are in each state.
    pub(crate) COUNTS = "SELECT state, COUNT(*) FROM inventory_addresses WHERE pool_id = $1 GROUP BY state
        ORDER BY state";
    /// How many somebody has.
    pub(crate) IN_USE = "SELECT COUNT(*) FROM inventory_addresses WHERE pool_id = $1 AND state <> 'blocked'";
    /// Whether something outside a range belongs to the pool.
    pub(crate) OUTSIDE = "SELECT COUNT(*) FROM inventory_addresses
        WHERE pool_id = $1 AND (address_key < $2 OR address_key > $3)";
    /// Goes on from there the next time, unless somebody else went on meanwhile.
    pub(crate) ADVANCE = "UPDATE inventory_pools SET next_key = $1 WHERE id = $2 AND next_key = $3";
    /// What of a pool is somebody's from a key on.
    pub(crate) TAKEN_FROM = "SELECT address_key FROM inventory_addresses WHERE pool_id = $1 AND address_key >= $2
        ORDER BY address_key LIMIT $3";
    /// What has been in quarantine for long enough, longest first.
    pub(crate) RESTED = "SELECT id FROM inventory_addresses WHERE pool_id = $1 AND state = 'quarantined'
        AND free_at <= $2 ORDER BY free_at, id LIMIT $3";
    /// Gives a rested address to a service.
    pub(crate) GIVE_AGAIN = "UPDATE inventory_addresses SET state = 'assigned', service_id = $1, position = $2,
        free_at = NULL, reverse_dns = '', changed_at = $3 WHERE id = $4 AND state = 'quarantined'";
    /// Gives a new address to a service.
    pub(crate) GIVE = "INSERT INTO inventory_addresses (id, address_key, address, pool_id, state, service_id, position,
        free_at, reverse_dns, note, changed_at) VALUES ($1, $2, $3, $4, 'assigned', $5, $6, NULL, '', '', $7)";
    /// The addresses of a service.
    pub(crate) OF_SERVICE = "SELECT a.id, a.address, a.pool_id, p.prefix, p.unit_prefix, p.family, p.gateway, p.dns,
        a.reverse_dns FROM inventory_addresses AS a JOIN inventory_pools AS p ON p.id = a.pool_id
        WHERE a.service_id = $1 ORDER BY a.position, a.id LIMIT 1000";
    /// Takes one back.
    pub(crate) TAKE_BACK = "UPDATE inventory_addresses SET state = 'quarantined', service_id = NULL, free_at = $1,
        changed_at = $2 WHERE id = $3";
    /// One by its key.
    pub(crate) BY_KEY = "SELECT id, state, service_id FROM inventory_addresses WHERE address_key = $1";
    /// Sets one aside that has no row.
    pub(crate) BLOCK = "INSERT INTO inventory_addresses (id, address_key, address, pool_id, state, service_id, position,
        free_at, reverse_dns, note, changed_at) VALUES ($1, $2, $3, $4, 'blocked', NULL, 0, NULL, '', $5, $6)";
    /// Sets one aside that nobody has.
    pub(crate) BLOCK_AGAIN = "UPDATE inventory_addresses SET state = 'blocked', free_at = NULL, note = $1,
        changed_at = $2 WHERE id = $3 AND state <> 'assigned'";
    /// One that was set aside may be given away at once.
    pub(crate) UNBLOCK = "UPDATE inventory_addresses SET state = 'quarantined', free_at = $1, note = '',
        changed_at = $1 WHERE id = $2 AND state = 'blocked'";
    /// What it is called backwards.
    pub(crate) SET_REVERSE = "UPDATE inventory_addresses SET reverse_dns = $1 WHERE id = $2 AND state = 'assigned'";
    /// One for its page.
    pub(crate) SHOW = "SELECT address, pool_id, state, service_id, free_at, reverse_dns, note, changed_at
        FROM inventory_addresses WHERE id = $1";
    /// Addresses whose key begins so.
    pub(crate) SEARCH = "SELECT id FROM inventory_addresses WHERE address_key >= $1 AND address_key <= $2
        ORDER BY address_key LIMIT $3";
    /// Names for lists.
    pub(crate) NAMES = "SELECT id, name FROM inventory_pools WHERE id {any:$1}";
}

/// Without the servers it is for.
fn bare_pool(row: &Row<'_>) -> Result<Pool, Fault> {
    let network = Network::parse(row.text(2)?).map_err(|e| Fault::wrap("a stored network", e))?;
    let number = |at: usize| {
        let key = row.text(at)?;
        address_of_key(key).ok_or_else(|| Fault::corrupt(format!("{key:?} is no address")))
    };
    let details = PoolDetails {
        name: row.get(1)?,
        network,
        unit_prefix: small(row.get(3)?)?,
        range: Range { first: number(4)?, last: number(5)? },
        gateway: row.get(7)?,
        dns: row.get(8)?,
        region_id: row.get(9)?,
        servers: Vec::new(),
        mode: PoolMode::stored(row.text(10)?)?,
    };
    Ok(Pool { id: row.get(0)?, details, next: number(6)?, version: row.get(11)? })
}

fn small(prefix: i64) -> Result<u8, Fault> {
    u8::try_from(prefix).map_err(|e| Fault::wrap("a stored prefix", e))
}

async fn with_servers(tx: &mut Tx, mut pools: Vec<Pool>) -> Result<Vec<Pool>, Fault> {
    let ids: Vec<i64> = pools.iter().map(|pool| pool.id).collect();
    let mut servers: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    tx.query_each(&SERVERS, params![&ids], |row| {
        servers.entry(row.get(0)?).or_default().push(row.get(1)?);
        Ok(())
    })
    .await?;
    for pool in &mut pools {
        pool.details.servers = servers.remove(&pool.id).unwrap_or_default();
    }
    Ok(pools)
}

/// Every pool by name.
///
/// # Errors
/// Faults of the database.
pub async fn pools(tx: &mut Tx) -> Result<Vec<Pool>, Fault> {
    let bare = tx.query(&LIST, params![], bare_pool).await?;
    with_servers(tx, bare).await
}

/// One pool.
///
/// # Errors
/// Faults of the database.
pub async fn find_pool(tx: &mut Tx, id: i64) -> Result<Option<Pool>, Fault> {
    let bare = tx.query(&FIND, params![id], bare_pool).await?;
    Ok(with_servers(tx, bare).await?.pop())
}

/// The pools of a family that give addresses away.
pub(crate) async fn giving(tx: &mut Tx, family: i64) -> Result<Vec<Pool>, Fault> {
    let bare = tx.query(&GIVING, params![family], bare_pool).await?;
    with_servers(tx, bare).await
}

/// The addresses of a service, the main one first.
///
/// # Errors
/// Faults of the database.
pub async fn addresses_of(tx: &mut Tx, service_id: i64) -> Result<Vec<Assigned>, Fault> {
    tx.query(&OF_SERVICE, params![service_id], |row| {
        let (prefix, unit, family): (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let is_network = unit < if family == 4 { 32 } else { 128 };
        let gateway: String = row.get(6)?;
        Ok(Assigned {
            id: row.get(0)?,
            address: row.get(1)?,
            pool_id: row.get(2)?,
            prefix: small(if is_network { unit } else { prefix })?,
            gateway: Some(gateway).filter(|it| !it.is_empty()),
            dns: row.get(7)?,
            reverse_dns: row.get(8)?,
        })
    })
    .await
}

/// What of a pool is somebody's from an address on, so many at most.
pub(crate) async fn taken_from(
    tx: &mut Tx,
    pool_id: i64,
    from: u128,
    limit: i64,
) -> Result<BTreeSet<u128>, Fault> {
    let from = key_of(from);
    let keys =
        tx.query(&TAKEN_FROM, params![pool_id, &from, limit], |row| Ok(address_of_key(row.text(0)?))).await?;
    keys.into_iter().map(|it| it.ok_or_else(|| Fault::corrupt("a stored address key"))).collect()
}

/// What has been in quarantine for long enough.
pub(crate) async fn rested(tx: &mut Tx, pool_id: i64, limit: i64) -> Result<Vec<i64>, Fault> {
    let now = tx.now();
    tx.query(&RESTED, params![pool_id, now, limit], |row| row.get(0)).await
}

/// Takes an address back; it rests until `free_at`.
pub(crate) async fn take_back(tx: &mut Tx, id: i64, free_at: Instant) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec_one(&TAKE_BACK, params![free_at, now, id]).await
}
