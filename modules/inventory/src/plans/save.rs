//! Saying what products are made from.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Manifest, SettingKind, check};
use bursar_outbound::Settings;
use serde_json::{Value, json};

use super::{Choice, MapDetails, PlanMap, store};
use crate::check::Check;
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;
use crate::permissions::PLAN_EDIT;
use crate::servers::save::field_of;
use crate::{groups, regions, stored};

/// Makes a map, or saves the one with this id over the version that was seen. A required setting may stay empty: options
/// may bring it, and an order that does not make a whole plan is refused with the reason.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_map(
    cx: &Cx,
    drivers: &HostingDrivers,
    stored: Option<(i64, i64)>,
    details: MapDetails,
) -> Result<i64, InventoryError> {
    cx.require(PLAN_EDIT)?;
    let manifest = drivers.get_manifest(&details.driver)?;
    let details = checked(manifest, details)?;
    cx.write(async move |tx: &mut Tx| {
        refuse_strangers(tx, details.group_id, details.region_id, &details.driver).await?;
        let other = store::map_of_product(tx, details.product_id).await?;
        if other.is_some_and(|other| Some(other.id) != stored.map(|(id, _)| id)) {
            return Err(InventoryError::field("product_id", TAKEN));
        }
        let taken = |fault| InventoryError::or_taken(fault, "product_id", TAKEN);
        let (id, before) = match stored {
            None => {
                let id = tx.new_raw_id()?;
                store::insert(tx, id, &details).await.map_err(taken)?;
                (id, None)
            }
            Some((id, seen)) => {
                let before = get(tx, id).await?;
                if before.details.driver != details.driver {
                    // What the values of options change was written for the other driver.
                    tx.exec(&store::DROP_CHOICES, params![id]).await?;
                }
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

const TAKEN: &str = "This product has a plan map already; change that one.";

/// Says what a value of an option changes; a choice that changes nothing is forgotten.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_choice(
    cx: &Cx,
    drivers: &HostingDrivers,
    map_id: i64,
    choice: Choice,
) -> Result<(), InventoryError> {
    cx.require(PLAN_EDIT)?;
    let drivers = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        let map = get(tx, map_id).await?;
        let manifest = drivers.get_manifest(&map.details.driver)?;
        let choice = checked_choice(manifest, choice.clone())?;
        let group = choice.group_id.unwrap_or(map.details.group_id);
        refuse_strangers(tx, group, choice.region_id, &map.details.driver).await?;
        let before = store::choices(tx, map_id).await?.into_iter().find(|it| it.value_id == choice.value_id);
        if choice.is_empty() {
            tx.exec(&store::DROP_CHOICE, params![map_id, choice.value_id]).await?;
        } else {
            store::put_choice(tx, map_id, &choice).await?;
        }
        let before = before.as_ref().map(shown_choice);
        record(tx, map_id, before, Some(shown_choice(&choice))).await?;
        Ok(())
    })
    .await
}

/// Removes a map. What was sold keeps its plan; new orders of the product have none.
///
/// # Errors
/// [`InventoryError`].
pub async fn remove_map(cx: &Cx, id: i64) -> Result<(), InventoryError> {
    cx.require(PLAN_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let before = get(tx, id).await?;
        tx.exec(&store::DROP_CHOICES, params![id]).await?;
        tx.exec_one(&store::DELETE, params![id]).await?;
        record(tx, id, Some(shown(&before.details)), None).await?;
        Ok(())
    })
    .await
}

async fn get(tx: &mut Tx, id: i64) -> Result<PlanMap, InventoryError> {
    store::find_map(tx, id).await?.ok_or(InventoryError::NotFound("plan map"))
}

fn checked(manifest: &Manifest, details: MapDetails) -> Result<MapDetails, InventoryError> {
    let d = MapDetails {
        model: details.model.trim().to_owned(),
        settings: known(manifest, &details.settings),
        ..details
    };
    let mut wrong = Check::default();
    wrong.line("model", &d.model, 100);
    wrong.range("ipv4_count", d.ipv4_count, 0, 256);
    wrong.range("ipv6_count", d.ipv6_count, 0, 256);
    refuse_settings(&mut wrong, manifest, &d.settings, field_of);
    wrong.finish()?;
    Ok(d)
}

fn checked_choice(manifest: &Manifest, choice: Choice) -> Result<Choice, InventoryError> {
    let choice =
        Choice { sets: known(manifest, &choice.sets), adds: known(manifest, &choice.adds), ..choice };
    let mut wrong = Check::default();
    wrong.range("ipv4_more", choice.ipv4_more, 0, 256);
    wrong.range("ipv6_more", choice.ipv6_more, 0, 256);
    refuse_settings(&mut wrong, manifest, &choice.sets, field_of);
    for (name, value) in choice.adds.iter() {
        let kind = manifest.plan_settings.iter().find(|it| it.name == name).map(|it| it.kind);
        let is_number = matches!(kind, Some(SettingKind::Number { .. }));
        if !is_number || value.trim().parse::<i64>().is_err() {
            wrong.fail(add_field_of(name), "Only a whole number can be added, and only to a number.");
        }
    }
    wrong.finish()?;
    Ok(choice)
}

/// The name of the field that says what is added to a setting.
pub fn add_field_of(setting: &str) -> String {
    format!("add_{setting}")
}

/// What was filled in must be right; what was left empty may come from somewhere else.
fn refuse_settings(
    wrong: &mut Check,
    manifest: &Manifest,
    settings: &Settings,
    field: impl Fn(&str) -> String,
) {
    for problem in check(manifest.plan_settings, settings) {
        if settings.text(problem.name).is_some() {
            wrong.fail(field(problem.name), problem.message);
        }
    }
}

fn known(manifest: &Manifest, settings: &Settings) -> Settings {
    let asked = manifest.plan_settings.iter().filter(|it| !it.kind.is_secret());
    asked.filter_map(|it| settings.text(it.name).map(|value| (it.name, value))).collect()
}

async fn refuse_strangers(
    tx: &mut Tx,
    group_id: i64,
    region_id: Option<i64>,
    driver: &str,
) -> Result<(), InventoryError> {
    match groups::find_group(tx, group_id).await? {
        Some(group) if group.details.driver == driver => {}
        Some(_) => {
            return Err(InventoryError::field("group_id", "This group's servers have another driver."));
        }
        None => return Err(InventoryError::field("group_id", "Choose a group from the list.")),
    }
    if let Some(region) = region_id
        && regions::find_region(tx, region).await?.is_none()
    {
        return Err(InventoryError::field("region_id", "Choose a region from the list."));
    }
    Ok(())
}

fn shown(d: &MapDetails) -> Value {
    json!({
        "product": d.product_id, "driver": d.driver, "group": d.group_id, "region": d.region_id, "model": d.model,
        "settings": stored::settings_text(&d.settings), "ipv4": d.ipv4_count, "ipv6": d.ipv6_count,
    })
}

fn shown_choice(c: &Choice) -> Value {
    json!({
        "value": c.value_id, "group": c.group_id, "region": c.region_id, "sets": stored::settings_text(&c.sets),
        "adds": stored::settings_text(&c.adds), "ipv4": c.ipv4_more, "ipv6": c.ipv6_more,
    })
}

async fn record(tx: &mut Tx, id: i64, before: Option<Value>, after: Option<Value>) -> Result<(), Fault> {
    let subject = format!("plan_map:{id}");
    bursar_audit::record(tx, Audit { action: PLAN_EDIT, subject: &subject, before, after }).await
}
