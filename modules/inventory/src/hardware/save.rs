//! Adding machines, saying where they stand, giving them to services by hand.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde_json::{Value, json};

use super::{Machine, MachineDetails, MachineState, store};
use crate::check::Check;
use crate::error::InventoryError;
use crate::permissions::MACHINE_EDIT;
use crate::{regions, servers, stored};

const LABEL_TAKEN: &str = "Another machine has this label; choose another one.";

/// Adds a machine, or saves the one with this id over the version that was seen.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_machine(
    cx: &Cx,
    known: Option<(i64, i64)>,
    details: MachineDetails,
) -> Result<i64, InventoryError> {
    cx.require(MACHINE_EDIT)?;
    let details = checked(details)?;
    cx.write(async move |tx: &mut Tx| {
        refuse_clashes(tx, known.map(|(id, _)| id), &details).await?;
        let taken = |fault| InventoryError::or_taken(fault, "label", LABEL_TAKEN);
        let (id, before) = match known {
            None => {
                let id = tx.new_raw_id()?;
                store::insert(tx, id, &details).await.map_err(taken)?;
                (id, None)
            }
            Some((id, seen)) => {
                let before = get(tx, id).await?;
                if !store::update(tx, id, seen, &details).await.map_err(taken)? {
                    return Err(InventoryError::Changed);
                }
                (id, Some(shown(&before.details)))
            }
        };
        record(tx, id, before, Some(shown(&details))).await?;
        Ok(id)
    })
    .await
}

fn checked(details: MachineDetails) -> Result<MachineDetails, InventoryError> {
    let d = MachineDetails {
        label: details.label.trim().to_owned(),
        model: details.model.trim().to_owned(),
        serial: details.serial.trim().to_owned(),
        ..details
    };
    let mut wrong = Check::default();
    wrong.name("label", &d.label);
    wrong.name("model", &d.model);
    wrong.line("serial", &d.serial, 100);
    wrong.text("specification", &d.specification, 4_000);
    wrong.text("note", &d.note, 4_000);
    wrong.finish()?;
    Ok(d)
}

async fn refuse_clashes(tx: &mut Tx, own: Option<i64>, d: &MachineDetails) -> Result<(), InventoryError> {
    let namesake: Option<i64> = tx.query_opt(&store::BY_LABEL, params![&d.label], |row| row.get(0)).await?;
    if namesake.is_some_and(|other| Some(other) != own) {
        return Err(InventoryError::field("label", LABEL_TAKEN));
    }
    if let Some(region) = d.region_id
        && regions::find_region(tx, region).await?.is_none()
    {
        return Err(InventoryError::field("region_id", "Choose a region from the list."));
    }
    if let Some(server) = d.server_id
        && servers::find_server(tx, server).await?.is_none()
    {
        return Err(InventoryError::field("server_id", "Choose a server from the list."));
    }
    Ok(())
}

/// Says where a machine stands that no service has: wiped and free, broken, mended.
///
/// # Errors
/// [`InventoryError::InUse`] while a service has it.
pub async fn set_machine_state(cx: &Cx, id: i64, state: MachineState) -> Result<(), InventoryError> {
    cx.require(MACHINE_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let machine = get(tx, id).await?;
        let for_services = |state| matches!(state, MachineState::Reserved | MachineState::InUse);
        if machine.service_id.is_some() || for_services(state) {
            return Err(InventoryError::InUse(
                "A service has this machine. It comes back when the service is terminated.".to_owned(),
            ));
        }
        let values = params![state.code(), id, machine.state.code()];
        if tx.exec(&store::SET_STATE, values).await? != 1 {
            return Err(InventoryError::Changed);
        }
        let before = Some(json!({ "state": machine.state }));
        record(tx, id, before, Some(json!({ "state": state }))).await?;
        Ok(())
    })
    .await
}

/// Gives a free machine to a service that waits for one, before its turn or in it, and whatever its model: a person
/// decides. The service's next attempt to get a place finds it.
///
/// # Errors
/// [`InventoryError`].
pub async fn assign_machine(cx: &Cx, id: i64, service_id: i64) -> Result<(), InventoryError> {
    cx.require(MACHINE_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let machine = get(tx, id).await?;
        if store::waits_of(tx, service_id).await?.is_none() {
            return Err(InventoryError::field("service_id", "This service does not wait for a machine."));
        }
        if store::of_service(tx, service_id).await?.is_some() {
            return Err(InventoryError::field("service_id", "This service has a machine already."));
        }
        if tx.exec(&store::RESERVE, params![service_id, id]).await? != 1 {
            return Err(InventoryError::InUse("This machine is not free.".to_owned()));
        }
        let before = Some(json!({ "state": machine.state }));
        let after = json!({ "state": MachineState::Reserved, "service": service_id });
        record(tx, id, before, Some(after)).await?;
        Ok(())
    })
    .await
}

async fn get(tx: &mut Tx, id: i64) -> Result<Machine, InventoryError> {
    store::find_machine(tx, id).await?.ok_or(InventoryError::NotFound("machine"))
}

fn shown(d: &MachineDetails) -> Value {
    json!({
        "label": d.label, "model": d.model, "serial": d.serial, "region": d.region_id, "server": d.server_id,
        "settings": stored::settings_text(&d.settings),
    })
}

async fn record(tx: &mut Tx, id: i64, before: Option<Value>, after: Option<Value>) -> Result<(), Fault> {
    let subject = format!("machine:{id}");
    bursar_audit::record(tx, Audit { action: MACHINE_EDIT, subject: &subject, before, after }).await
}
