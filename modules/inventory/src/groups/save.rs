//! Making groups and saying which servers are in them.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde_json::{Value, json};

use super::{GroupDetails, store};
use crate::check::Check;
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;
use crate::permissions::SERVER_EDIT;
use crate::servers;

const NAME_TAKEN: &str = "Another group has this name; choose another one.";

/// Makes a group, or saves the one with this id over the version that was seen; `members` are its servers in order.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_group(
    cx: &Cx,
    drivers: &HostingDrivers,
    stored: Option<(i64, i64)>,
    details: GroupDetails,
    members: Vec<i64>,
) -> Result<i64, InventoryError> {
    cx.require(SERVER_EDIT)?;
    drivers.get_manifest(&details.driver)?;
    let details = GroupDetails { name: details.name.trim().to_owned(), ..details };
    let mut check = Check::default();
    check.name("name", &details.name);
    check.finish()?;
    cx.write(async move |tx: &mut Tx| {
        let own = stored.map(|(id, _)| id);
        let namesake: Option<i64> =
            tx.query_opt(&store::BY_NAME, params![&details.name], |row| row.get(0)).await?;
        if namesake.is_some_and(|other| Some(other) != own) {
            return Err(InventoryError::field("name", NAME_TAKEN));
        }
        let before = match own {
            Some(id) => Some(seen(tx, id).await?),
            None => None,
        };
        let id = put(tx, stored, &details).await?;
        put_members(tx, id, &details, &members).await?;
        let after = Some(json!({ "group": details, "servers": members }));
        record(tx, id, before, after).await?;
        Ok(id)
    })
    .await
}

/// Removes a group that no plan map needs.
///
/// # Errors
/// [`InventoryError`].
pub async fn remove_group(cx: &Cx, id: i64) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let before = seen(tx, id).await?;
        let needed: i64 = tx.query_one(&store::NEEDED_BY, params![id], |row| row.get(0)).await?;
        if needed > 0 {
            return Err(InventoryError::InUse(
                "Plan maps put products on this group. Give them another one first.".to_owned(),
            ));
        }
        tx.exec(&store::DROP_MEMBERS, params![id]).await?;
        tx.exec_one(&store::DELETE, params![id]).await?;
        record(tx, id, Some(before), None).await?;
        Ok(())
    })
    .await
}

async fn seen(tx: &mut Tx, id: i64) -> Result<Value, InventoryError> {
    let group = store::find_group(tx, id).await?.ok_or(InventoryError::NotFound("group"))?;
    let servers: Vec<i64> = store::members(tx, id).await?.into_iter().map(|it| it.server_id).collect();
    Ok(json!({ "group": group.details, "servers": servers }))
}

async fn put(tx: &mut Tx, stored: Option<(i64, i64)>, d: &GroupDetails) -> Result<i64, InventoryError> {
    let taken = |fault| InventoryError::or_taken(fault, "name", NAME_TAKEN);
    let fill = d.fill.code();
    match stored {
        None => {
            let (id, now) = (tx.new_raw_id()?, tx.now());
            tx.exec(&store::INSERT, params![id, &d.name, &d.driver, fill, now]).await.map_err(taken)?;
            Ok(id)
        }
        Some((id, version)) => {
            let group = store::find_group(tx, id).await?.ok_or(InventoryError::NotFound("group"))?;
            let needed: i64 = tx.query_one(&store::NEEDED_BY, params![id], |row| row.get(0)).await?;
            if group.details.driver != d.driver && needed > 0 {
                let why = "Plan maps are written for this driver. Make another group for another driver.";
                return Err(InventoryError::field("driver", why));
            }
            let values = params![&d.name, &d.driver, fill, id, version];
            match tx.exec(&store::UPDATE, values).await.map_err(taken)? {
                1 => Ok(id),
                _ => Err(InventoryError::Changed),
            }
        }
    }
}

async fn put_members(
    tx: &mut Tx,
    id: i64,
    details: &GroupDetails,
    members: &[i64],
) -> Result<(), InventoryError> {
    for old in store::members(tx, id).await? {
        if !members.contains(&old.server_id) {
            tx.exec(&store::DROP_MEMBER, params![id, old.server_id]).await?;
        }
    }
    for (position, server_id) in members.iter().enumerate() {
        let server = servers::find_server(tx, *server_id).await?;
        match server {
            Some(server) if server.details.driver == details.driver => {}
            Some(server) => {
                let name = server.details.name;
                let why = format!("{name} has another driver. A group holds servers of one driver only.");
                return Err(InventoryError::field("members", why));
            }
            None => return Err(InventoryError::field("members", "Choose servers from the list.")),
        }
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        tx.exec(&store::PUT_MEMBER, params![id, *server_id, position]).await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, id: i64, before: Option<Value>, after: Option<Value>) -> Result<(), Fault> {
    let subject = format!("server_group:{id}");
    bursar_audit::record(tx, Audit { action: SERVER_EDIT, subject: &subject, before, after }).await
}
