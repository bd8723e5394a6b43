//! All SQL for groups.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::{Candidate, Fill, Group, GroupDetails, Member};

bursar_db::statements! {
    /// Every group.
    pub(crate) LIST = "SELECT id, name, driver, fill, version FROM inventory_groups ORDER BY name, id LIMIT 1000";
    /// One.
    pub(crate) FIND = "SELECT id, name, driver, fill, version FROM inventory_groups WHERE id = $1";
    /// Who has a name.
    pub(crate) BY_NAME = "SELECT id FROM inventory_groups WHERE name = $1";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO inventory_groups (id, name, driver, fill, created_at, version)
        VALUES ($1, $2, $3, $4, $5, 1)";
    /// Saves one over the version that was seen.
    pub(crate) UPDATE = "UPDATE inventory_groups SET name = $1, driver = $2, fill = $3, version = version + 1
        WHERE id = $4 AND version = $5";
    /// Removes one.
    pub(crate) DELETE = "DELETE FROM inventory_groups WHERE id = $1";
    /// Its servers.
    pub(crate) MEMBERS = "SELECT g.server_id, s.name, g.position FROM inventory_group_servers AS g
        JOIN inventory_servers AS s ON s.id = g.server_id WHERE g.group_id = $1
        ORDER BY g.position, g.server_id LIMIT 1000";
    /// Puts a server in, or to another place in it. Its turn stays.
    pub(crate) PUT_MEMBER = "INSERT INTO inventory_group_servers (group_id, server_id, position, turn)
        VALUES ($1, $2, $3, 0) ON CONFLICT (group_id, server_id) DO UPDATE SET position = excluded.position";
    /// Takes one out.
    pub(crate) DROP_MEMBER = "DELETE FROM inventory_group_servers WHERE group_id = $1 AND server_id = $2";
    /// Takes all out.
    pub(crate) DROP_MEMBERS = "DELETE FROM inventory_group_servers WHERE group_id = $1";
    /// Who may be chosen.
    pub(crate) CANDIDATES = "SELECT g.server_id, s.region_id, t.taken, s.seat_limit, s.weight, g.position, g.turn,
        CASE WHEN s.health IN ('down', 'refused') THEN 1 ELSE 0 END, h.full_at
        FROM inventory_group_servers AS g JOIN inventory_servers AS s ON s.id = g.server_id
        JOIN inventory_seats AS t ON t.server_id = g.server_id
        LEFT JOIN inventory_health AS h ON h.server_id = g.server_id
        WHERE g.group_id = $1 AND s.mode = 'enabled' ORDER BY g.position, g.server_id LIMIT 1000";
    /// Whoever was chosen goes to the end of the round.
    pub(crate) TAKE_TURN = "UPDATE inventory_group_servers SET turn =
        (SELECT MAX(o.turn) + 1 FROM inventory_group_servers AS o WHERE o.group_id = $1)
        WHERE group_id = $1 AND server_id = $2";
    /// How many plan maps name it.
    pub(crate) NEEDED_BY = "SELECT (SELECT COUNT(*) FROM inventory_plan_maps WHERE group_id = $1)
        + (SELECT COUNT(*) FROM inventory_plan_choices WHERE group_id = $1)";
    /// Names for lists.
    pub(crate) NAMES = "SELECT id, name FROM inventory_groups WHERE id {any:$1}";
    /// The groups of a server.
    pub(crate) OF_SERVER = "SELECT g.id, g.name FROM inventory_group_servers AS m
        JOIN inventory_groups AS g ON g.id = m.group_id WHERE m.server_id = $1 ORDER BY g.name LIMIT 100";
}

fn group(row: &Row<'_>) -> Result<Group, Fault> {
    let details = GroupDetails { name: row.get(1)?, driver: row.get(2)?, fill: Fill::stored(row.text(3)?)? };
    Ok(Group { id: row.get(0)?, details, version: row.get(4)? })
}

/// Every group by name.
///
/// # Errors
/// Faults of the database.
pub async fn groups(tx: &mut Tx) -> Result<Vec<Group>, Fault> {
    tx.query(&LIST, params![], group).await
}

/// One group.
///
/// # Errors
/// Faults of the database.
pub async fn find_group(tx: &mut Tx, id: i64) -> Result<Option<Group>, Fault> {
    tx.query_opt(&FIND, params![id], group).await
}

/// The servers of a group in order.
///
/// # Errors
/// Faults of the database.
pub async fn members(tx: &mut Tx, group_id: i64) -> Result<Vec<Member>, Fault> {
    tx.query(&MEMBERS, params![group_id], |row| {
        Ok(Member { server_id: row.get(0)?, name: row.get(1)?, position: row.get(2)? })
    })
    .await
}

/// The servers of a group that take something new.
pub(crate) async fn candidates(tx: &mut Tx, group_id: i64) -> Result<Vec<Candidate>, Fault> {
    tx.query(&CANDIDATES, params![group_id], |row| {
        let (by_us, by_panel): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(8)?);
        Ok(Candidate {
            server_id: row.get(0)?,
            region_id: row.get(1)?,
            taken: row.get(2)?,
            limit: by_us.into_iter().chain(by_panel).min(),
            weight: row.get(4)?,
            position: row.get(5)?,
            turn: row.get(6)?,
            is_down: row.get(7)?,
        })
    })
    .await
}
