//! Finding addresses for a service, and giving them to it.
//!
//! Finding reads only, so that a caller that goes on to another server has nothing to undo.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::arithmetic::{Family, face_of, key_of, next_units, text_of};
use super::{Pool, store};
use crate::settings::InventorySettings;

/// How many rows are read at a time while passing over what is somebody's.
const READ_AT_ONCE: i64 = 500;

/// What a pool can give.
#[derive(Debug, Clone)]
struct Supply {
    pool: Pool,
    /// Rows whose quarantine is over.
    rested: Vec<i64>,
    /// Units that were never given away.
    fresh: Vec<u128>,
    next: u128,
}

/// Addresses that were found and not given away yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found(Vec<Give>);

impl Found {
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

#[derive(Debug, Clone)]
struct Give {
    supply: Supply,
    count: usize,
}

/// Looks for addresses of one family; asks each pool once, however many servers are tried.
#[derive(Debug)]
pub(crate) struct Finder {
    pools: Vec<Pool>,
    wanted: usize,
    family: Family,
    asked: BTreeMap<i64, Supply>,
}

impl Finder {
    /// For so many addresses of a family.
    pub(crate) async fn new(tx: &mut Tx, family: Family, wanted: i64) -> Result<Self, Fault> {
        let wanted = usize::try_from(wanted).unwrap_or_default();
        let pools = if wanted == 0 { Vec::new() } else { store::giving(tx, family.number()).await? };
        Ok(Self { pools, wanted, family, asked: BTreeMap::new() })
    }

    /// Enough for a service on this server, from as few pools as are needed; none when there are not enough. A pool of
    /// the server's own comes before one of its region, and that before one for everywhere.
    pub(crate) async fn find(
        &mut self,
        tx: &mut Tx,
        server_id: i64,
        region_id: Option<i64>,
    ) -> Result<Option<Found>, Fault> {
        let mut missing = self.wanted;
        let mut found = Found::default();
        let mut serving: Vec<Pool> =
            self.pools.iter().filter(|pool| pool.serves(server_id, region_id)).cloned().collect();
        serving
            .sort_by_key(|pool| (pool.details.servers.is_empty(), pool.details.region_id.is_none(), pool.id));
        for pool in serving {
            if missing == 0 {
                break;
            }
            let supply = self.supply(tx, &pool).await?;
            let count = missing.min(supply.rested.len() + supply.fresh.len());
            missing -= count;
            if count > 0 {
                found.0.push(Give { supply, count });
            }
        }
        Ok((missing == 0).then_some(found))
    }

    async fn supply(&mut self, tx: &mut Tx, pool: &Pool) -> Result<Supply, Fault> {
        if let Some(supply) = self.asked.get(&pool.id) {
            return Ok(supply.clone());
        }
        let most = i64::try_from(self.wanted).unwrap_or(i64::MAX);
        let rested = store::rested(tx, pool.id, most).await?;
        let (fresh, next) = fresh(tx, pool, self.family, self.wanted.saturating_sub(rested.len())).await?;
        let supply = Supply { pool: pool.clone(), rested, fresh, next };
        self.asked.insert(pool.id, supply.clone());
        Ok(supply)
    }
}

/// The next units that were never given away, passing over what was set aside.
async fn fresh(tx: &mut Tx, pool: &Pool, family: Family, wanted: usize) -> Result<(Vec<u128>, u128), Fault> {
    let unit_prefix = pool.details.unit_prefix;
    let size = super::arithmetic::unit_size(family, unit_prefix);
    let gateway = super::arithmetic::number_of(&pool.details.gateway).map(|it| it.1);
    let (mut units, mut next) = (Vec::new(), pool.next);
    while units.len() < wanted && next <= pool.details.range.last {
        let taken = store::taken_from(tx, pool.id, next, READ_AT_ONCE).await?;
        // Beyond the last row that was read nothing is known yet.
        let is_all = taken.len() < usize::try_from(READ_AT_ONCE).unwrap_or(usize::MAX);
        let whole = pool.details.range;
        let known = if is_all { whole.last } else { taken.last().copied().unwrap_or(next) | (size - 1) };
        let range = super::Range { last: known.min(whole.last), ..whole };
        let skip = |face: u128| taken.contains(&face) || gateway == Some(face);
        let missing = wanted - units.len();
        let (more, after) = next_units(range, (family, unit_prefix), next, skip, missing);
        units.extend(more);
        if after == next {
            break;
        }
        next = after;
    }
    Ok((units, next))
}

/// Gives what was found to a service, beginning at a place among its addresses.
pub(crate) async fn give(tx: &mut Tx, found: Found, service_id: i64, from: i64) -> Result<(), Fault> {
    let now = tx.now();
    let mut position = from;
    for Give { supply, count } in found.0 {
        let Supply { pool, rested, fresh, next } = supply;
        let again = rested.into_iter().take(count);
        let mut given = 0;
        for id in again {
            tx.exec_one(&store::GIVE_AGAIN, params![service_id, position, now, id]).await?;
            position += 1;
            given += 1;
        }
        let new: Vec<u128> = fresh.into_iter().take(count - given).collect();
        let Some(last) = new.last().copied() else { continue };
        // First of all, so that two at once meet here and not at the keys.
        let size = super::arithmetic::unit_size(pool.details.network.family, pool.details.unit_prefix);
        let after = key_of(next.min(last.saturating_add(size)));
        let before = key_of(pool.next);
        tx.exec_one(&store::ADVANCE, params![&after, pool.id, &before]).await?;
        for unit in new {
            let id = tx.new_raw_id()?;
            let face = face_of(unit, pool.details.network.family, pool.details.unit_prefix);
            let (key, text) = (key_of(face), text_of(face));
            let values = params![id, &key, &text, pool.id, service_id, position, now];
            tx.exec(&store::GIVE, values).await?;
            position += 1;
        }
    }
    Ok(())
}

/// Takes addresses back. What was in use rests first; what nobody ever had may be given away at once.
pub(crate) async fn take_back(tx: &mut Tx, ids: &[i64], was_used: Used) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let free_at = match was_used {
        Used::Never => now,
        Used::Perhaps => rested_at(tx, now).await?,
    };
    for id in ids {
        store::take_back(tx, *id, free_at).await?;
    }
    Ok(())
}

async fn rested_at(tx: &mut Tx, now: Instant) -> Result<Instant, Fault> {
    let days = InventorySettings::load(tx).await?.quarantine_days.max(0);
    Ok(now.plus_minutes(days.saturating_mul(24 * 60)))
}

/// Whether somebody may have used an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Used {
    /// It was reserved, and nothing was made.
    Never,
    /// It was, or may have been.
    Perhaps,
}
