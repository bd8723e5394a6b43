//! Which operations have their turn: due, their server not resting, within its pace and its calls at once.
//!
//! The turn is a lease. A worker that dies gives it back by letting it run out; whoever takes it over counts the fence
//! on, so that what the first one still brings is refused, and looks at the vendor before acting. It is given for long
//! enough to prepare the call, and then kept for as long as a call of that driver may take: until then the vendor may
//! still be at work on it, though nobody waits for the answer, and longer it does not hold up what else waits there.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_outbound::Limits;
use bursar_time::Instant;

use crate::lanes::{self, Lane};

/// How long it may take to prepare a call, and to write down what came of it.
pub(crate) const LEASE_SECONDS: i64 = 30;
/// Most turns given out in one transaction.
const PAGE: i64 = 200;

bursar_db::statements! {
    /// What is due at servers other than these, the longest first.
    pub(crate) DUE = "SELECT id, server_id FROM provisioning_operations
        WHERE state = 'waiting' AND due_at <= $1 AND NOT (server_id {any:$2})
        ORDER BY due_at, id LIMIT $3 {skip_locked}";
    /// What a dead worker holds.
    pub(crate) LOST = "SELECT id, server_id FROM provisioning_operations
        WHERE state = 'running' AND lease_until <= $1 AND NOT (server_id {any:$2})
        ORDER BY lease_until, id LIMIT $3 {skip_locked}";
    /// Gives the turns out. What was held by a dead worker may have been done.
    pub(crate) CLAIM = "UPDATE provisioning_operations SET state = 'running', lease_until = $2, fence = fence + 1,
            is_unsure = CASE WHEN state = 'running' THEN 1 ELSE is_unsure END,
            first_tried_at = COALESCE(first_tried_at, $3)
        WHERE id {any:$1} RETURNING id, fence, due_at";
    /// When the next one is due or lost.
    pub(crate) NEXT_DUE = "SELECT MIN(due_at) FROM provisioning_operations
        WHERE state = 'waiting' AND NOT (server_id {any:$1})";
    /// When the next lease runs out.
    pub(crate) NEXT_LOST = "SELECT MIN(lease_until) FROM provisioning_operations WHERE state = 'running'";
    /// Whether one is due by now, so that an idle server need not take the write lock.
    pub(crate) ANY_DUE = "SELECT MIN(due_at) FROM provisioning_operations WHERE state = 'waiting'";
}

/// A turn that was given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) operation_id: i64,
    pub(crate) fence: i64,
}

/// Gives out at most `room` turns.
pub(crate) async fn claim(cx: &Cx, room: usize) -> Result<Vec<Turn>, Fault> {
    let page = i64::try_from(room).unwrap_or(PAGE).min(PAGE);
    if page == 0 || !is_anything_due(cx).await? {
        return Ok(Vec::new());
    }
    cx.write_batch(async move |tx: &mut Tx| claim_in(tx, page).await).await
}

async fn is_anything_due(cx: &Cx) -> Result<bool, Fault> {
    let now = cx.now();
    let next = cx
        .read(async |tx: &mut Tx| {
            let due: Option<Instant> = tx.query_one(&ANY_DUE, params![], |row| row.get(0)).await?;
            let lost: Option<Instant> = tx.query_one(&NEXT_LOST, params![], |row| row.get(0)).await?;
            Ok::<_, Fault>(due.into_iter().chain(lost).min())
        })
        .await?;
    Ok(next.is_some_and(|at| at <= now))
}

async fn claim_in(tx: &mut Tx, page: i64) -> Result<Vec<Turn>, Fault> {
    let now = tx.now();
    let mut closed = lanes::resting(tx).await?;
    let mut chosen = Vec::new();
    let mut known = BTreeMap::new();
    // A server whose turns are used up is left out and the next page read, so that it does not hide the others.
    loop {
        let left = page - i64::try_from(chosen.len()).unwrap_or(page);
        let values = params![now, &closed, left];
        let mut found = tx.query(&LOST, values, read).await?;
        found.extend(tx.query(&DUE, values, read).await?);
        found.retain(|candidate| !chosen.contains(&candidate.0));
        take_lanes(tx, &found, &mut known).await?;
        let full = choose(&mut known, found, now, left, &mut chosen);
        if full.is_empty() || i64::try_from(chosen.len()).unwrap_or(page) >= page {
            break;
        }
        closed.extend(full);
    }
    save_pace(tx, &known, now).await?;
    let until = now.plus_seconds(LEASE_SECONDS);
    let mut turns = tx
        .query(&CLAIM, params![&chosen, until, now], |row| {
            let turn = Turn { operation_id: row.get(0)?, fence: row.get(1)? };
            Ok((row.get::<Instant>(2)?, turn))
        })
        .await?;
    turns.sort_by_key(|(due_at, turn)| (*due_at, turn.operation_id));
    Ok(turns.into_iter().map(|(_, turn)| turn).collect())
}

fn read(row: &Row<'_>) -> Result<(i64, i64), Fault> {
    Ok((row.get(0)?, row.get(1)?))
}

/// A server with what it can still take in this transaction.
struct Open {
    lane: Option<Lane>,
    left: i64,
    has_taken: bool,
}

async fn take_lanes(tx: &mut Tx, found: &[(i64, i64)], known: &mut BTreeMap<i64, Open>) -> Result<(), Fault> {
    let mut servers: Vec<i64> = found.iter().map(|(_, server)| *server).collect();
    servers.sort_unstable();
    servers.dedup();
    servers.retain(|server| !known.contains_key(server));
    if servers.is_empty() {
        return Ok(());
    }
    let mut lanes = lanes::take(tx, &servers).await?;
    // Counted after the servers were taken: nobody else gives out their turns meanwhile.
    let under_way = lanes::under_way(tx).await?;
    for server in servers {
        let lane = lanes.remove(&server);
        let busy = under_way.get(&server).copied().unwrap_or_default();
        // What has no server yet only looks for a place, in our own database.
        let left =
            lane.as_ref().map_or(i64::MAX, |lane| i64::from(lane.breaker.admits(lane.limits.at_once)) - busy);
        known.insert(server, Open { lane, left, has_taken: false });
    }
    Ok(())
}

/// Takes what its server has a turn for, and names the servers that have none left.
fn choose(
    known: &mut BTreeMap<i64, Open>,
    found: Vec<(i64, i64)>,
    now: Instant,
    mut room: i64,
    chosen: &mut Vec<i64>,
) -> Vec<i64> {
    let mut full = Vec::new();
    for (id, server) in found {
        if room == 0 {
            break;
        }
        let Some(open) = known.get_mut(&server) else { continue };
        if open.left <= 0 || !open.passes(now) {
            full.push(server);
            continue;
        }
        open.left -= 1;
        room -= 1;
        chosen.push(id);
    }
    full.sort_unstable();
    full.dedup();
    full
}

impl Open {
    /// Takes one call of the minute, where there is such a limit.
    fn passes(&mut self, now: Instant) -> bool {
        let Some(Lane { limits: Limits { per_minute: Some(per_minute), .. }, pacing, rests_until, .. }) =
            self.lane.as_mut()
        else {
            return true;
        };
        self.has_taken = true;
        match pacing.decide(*per_minute, now) {
            Ok(next) => {
                *pacing = next;
                true
            }
            Err(wait) => {
                let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
                *rests_until = (*rests_until).max(now.plus_micros(micros));
                false
            }
        }
    }
}

async fn save_pace(tx: &mut Tx, known: &BTreeMap<i64, Open>, now: Instant) -> Result<(), Fault> {
    for open in known.values().filter(|open| open.has_taken) {
        if let Some(lane) = &open.lane {
            lanes::pace(tx, lane.server_id, lane.pacing.is_full_at(), lane.rests_until.max(now)).await?;
        }
    }
    Ok(())
}

/// When the next turn can be given out, if anything waits.
pub(crate) async fn next_at(cx: &Cx) -> Result<Option<Instant>, Fault> {
    cx.read(async |tx: &mut Tx| {
        let resting = lanes::resting(tx).await?;
        let due: Option<Instant> = tx.query_one(&NEXT_DUE, params![&resting], |row| row.get(0)).await?;
        let lost: Option<Instant> = tx.query_one(&NEXT_LOST, params![], |row| row.get(0)).await?;
        let anything: Option<Instant> = tx.query_one(&ANY_DUE, params![], |row| row.get(0)).await?;
        let rested = match anything {
            Some(_) => lanes::next_rest_ends(tx).await?,
            None => None,
        };
        Ok(due.into_iter().chain(lost).chain(rested).min())
    })
    .await
}
