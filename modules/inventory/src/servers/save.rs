//! Adding servers, changing them, setting what opens them.

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Manifest, SettingKind, check};
use bursar_outbound::Settings;
use bursar_vault::Secret;
use serde_json::{Value, json};

use super::{Server, ServerDetails, ServerMode, health, notebook, store};
use crate::check::Check;
use crate::drivers::{HostingDrivers, secret_place};
use crate::error::InventoryError;
use crate::permissions::SERVER_EDIT;
use crate::regions::find_region;
use crate::{groups, jobs};

/// What becomes of a secret.
#[derive(Debug, Clone)]
pub enum NewSecret {
    /// This one from now on.
    Set(Secret<String>),
    /// None any more.
    Clear,
}

/// What opens a server, by the names of its driver's manifest; what is not named stays as it is.
pub type NewSecrets = BTreeMap<String, NewSecret>;

const NAME_TAKEN: &str = "Another server has this name; choose another one.";

/// Adds a server. It is asked how it is as soon as the next check runs.
///
/// # Errors
/// [`InventoryError`].
pub async fn add_server(
    cx: &Cx,
    drivers: &HostingDrivers,
    details: ServerDetails,
    secrets: NewSecrets,
) -> Result<i64, InventoryError> {
    cx.require(SERVER_EDIT)?;
    let manifest = drivers.get_manifest(&details.driver)?;
    let details = checked(manifest, details)?;
    missing_secrets(manifest, &secrets, &[])?;
    let drivers = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        refuse_clashes(tx, None, &details).await?;
        let id = tx.new_raw_id()?;
        let taken = |fault| InventoryError::or_taken(fault, "name", NAME_TAKEN);
        store::insert(tx, id, &details).await.map_err(taken)?;
        keep_secrets(tx, &drivers, id, &secrets).await?;
        jobs::check_soon(tx).await?;
        let after = shown(&details, &secrets);
        record(tx, id, None, Some(after)).await?;
        Ok(id)
    })
    .await
}

/// Saves a server over the version that was seen. Its driver stays what it is: services were made by it.
///
/// # Errors
/// [`InventoryError`].
pub async fn edit_server(
    cx: &Cx,
    drivers: &HostingDrivers,
    (id, seen): (i64, i64),
    details: ServerDetails,
    secrets: NewSecrets,
) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    let manifest = drivers.get_manifest(&details.driver)?;
    let details = checked(manifest, details)?;
    let drivers = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        let before = get(tx, id).await?;
        if before.details.driver != details.driver {
            return Err(InventoryError::InUse(
                "A server keeps its driver. Add another server for another panel.".to_owned(),
            ));
        }
        refuse_clashes(tx, Some(id), &details).await?;
        let set: Vec<String> = store::secrets_set(tx, id).await?.into_iter().collect();
        missing_secrets(drivers.get_manifest(&details.driver)?, &secrets, &set)?;
        let taken = |fault| InventoryError::or_taken(fault, "name", NAME_TAKEN);
        // A driver may have had settings that this version no longer asks for; another version may again.
        let mut kept = details.clone();
        for (name, value) in before.details.settings.iter() {
            if !drivers.get_manifest(&details.driver)?.server_settings.iter().any(|it| it.name == name) {
                kept.settings.set(name, value);
            }
        }
        if !store::update(tx, id, seen, &kept).await.map_err(taken)? {
            return Err(InventoryError::Changed);
        }
        keep_secrets(tx, &drivers, id, &secrets).await?;
        jobs::check_soon(tx).await?;
        let nothing = NewSecrets::new();
        record(tx, id, Some(shown(&before.details, &nothing)), Some(shown(&details, &secrets))).await?;
        Ok(())
    })
    .await
}

/// Enables, drains or disables a server.
///
/// # Errors
/// [`InventoryError`].
pub async fn set_mode(cx: &Cx, id: i64, mode: ServerMode) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let server = get(tx, id).await?;
        let before = json!({ "mode": server.details.mode });
        let details = ServerDetails { mode, ..server.details };
        if !store::update(tx, id, server.version, &details).await? {
            return Err(InventoryError::Changed);
        }
        jobs::check_soon(tx).await?;
        record(tx, id, Some(before), Some(json!({ "mode": mode }))).await?;
        Ok(())
    })
    .await
}

/// Believes the certificate that was shown when the server was asked last, and no other.
///
/// # Errors
/// [`InventoryError`]; when nothing was shown, or something else than what the person compared.
pub async fn pin_certificate(
    cx: &Cx,
    drivers: &HostingDrivers,
    id: i64,
    compared: String,
) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    let drivers = drivers.clone();
    cx.write(async move |tx: &mut Tx| {
        let server = get(tx, id).await?;
        let known = health::health_of(tx, id).await?;
        let shown = known.map(|it| it.shown_fingerprint).unwrap_or_default();
        if shown.is_empty() || shown != compared {
            return Err(InventoryError::InUse(
                "The server shows another certificate now. Try it again and compare it anew.".to_owned(),
            ));
        }
        let manifest = drivers.get_manifest(&server.details.driver)?;
        let pin = pin_setting(manifest).ok_or_else(|| {
            InventoryError::InUse("The driver of this server does not pin certificates.".to_owned())
        })?;
        let before = json!({ pin: server.details.settings.text(pin) });
        let mut details = server.details;
        details.settings.set(pin, shown.clone());
        if !store::update(tx, id, server.version, &details).await? {
            return Err(InventoryError::Changed);
        }
        record(tx, id, Some(before), Some(json!({ pin: shown }))).await?;
        Ok(())
    })
    .await
}

/// The setting that a certificate is pinned in.
pub fn pin_setting(manifest: &Manifest) -> Option<&'static str> {
    let is_pin = |kind: SettingKind| matches!(kind, SettingKind::Fingerprint);
    manifest.server_settings.iter().find(|setting| is_pin(setting.kind)).map(|setting| setting.name)
}

/// Removes a server that carries nothing.
///
/// # Errors
/// [`InventoryError::InUse`] when services or machines are on it.
pub async fn remove_server(cx: &Cx, id: i64) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let server = get(tx, id).await?;
        let (places, machines): (i64, i64) =
            tx.query_one(&store::NEEDED_BY, params![id], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        if places > 0 || machines > 0 {
            return Err(InventoryError::InUse(format!(
                "{places} services and {machines} machines are on this server. Move them first, or drain it."
            )));
        }
        for statement in [
            &store::LEAVE_GROUPS,
            &store::LEAVE_POOLS,
            &store::DELETE_SECRETS,
            &store::DELETE_SEATS,
            &health::DELETE,
            &health::DELETE_LISTINGS,
            &notebook::DELETE_ALL,
            &store::DELETE,
        ] {
            tx.exec(statement, params![id]).await?;
        }
        record(tx, id, Some(shown(&server.details, &NewSecrets::new())), None).await?;
        Ok(())
    })
    .await
}

async fn get(tx: &mut Tx, id: i64) -> Result<Server, InventoryError> {
    store::find_server(tx, id).await?.ok_or(InventoryError::NotFound("server"))
}

/// The name of a setting's field in the form: driver settings must not meet the server's own.
pub fn field_of(setting: &str) -> String {
    format!("set_{setting}")
}

fn checked(manifest: &Manifest, details: ServerDetails) -> Result<ServerDetails, InventoryError> {
    let d = ServerDetails {
        name: details.name.trim().to_owned(),
        settings: known(manifest, &details.settings),
        ..details
    };
    let mut wrong = Check::default();
    wrong.name("name", &d.name);
    wrong.text("notes", &d.notes, 4_000);
    wrong.range("weight", d.weight, 1, 1_000);
    if let Some(limit) = d.seat_limit {
        wrong.range("seat_limit", limit, 0, 1_000_000);
    }
    if let Some(at_once) = d.at_once {
        wrong.range("at_once", at_once, 1, 1_000);
    }
    if let Some(per_minute) = d.per_minute {
        wrong.range("per_minute", per_minute, 1, 1_000_000);
    }
    for problem in check(manifest.server_settings, &d.settings) {
        wrong.fail(field_of(problem.name), problem.message);
    }
    wrong.finish()?;
    Ok(d)
}

/// What the manifest asks for, without secrets and without what was left empty.
fn known(manifest: &Manifest, settings: &Settings) -> Settings {
    let asked = manifest.server_settings.iter().filter(|it| !it.kind.is_secret());
    asked.filter_map(|it| settings.text(it.name).map(|value| (it.name, value))).collect()
}

/// A secret that must be there is neither stored nor given.
fn missing_secrets(
    manifest: &Manifest,
    secrets: &NewSecrets,
    stored: &[String],
) -> Result<(), InventoryError> {
    let mut wrong = Check::default();
    for setting in manifest.server_settings.iter().filter(|it| it.kind.is_secret() && it.required) {
        let is_there = match secrets.get(setting.name) {
            Some(NewSecret::Set(_)) => true,
            Some(NewSecret::Clear) => false,
            None => stored.iter().any(|name| name == setting.name),
        };
        if !is_there {
            wrong.fail(field_of(setting.name), format!("{} is needed.", setting.label));
        }
    }
    wrong.finish()
}

async fn refuse_clashes(tx: &mut Tx, own: Option<i64>, d: &ServerDetails) -> Result<(), InventoryError> {
    if store::id_of_name(tx, &d.name).await?.is_some_and(|other| Some(other) != own) {
        return Err(InventoryError::field("name", NAME_TAKEN));
    }
    if let Some(region) = d.region_id
        && find_region(tx, region).await?.is_none()
    {
        return Err(InventoryError::field("region_id", "Choose a region from the list."));
    }
    Ok(())
}

pub(super) async fn keep_secrets(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    id: i64,
    secrets: &NewSecrets,
) -> Result<(), Fault> {
    let now = tx.now();
    for (name, secret) in secrets {
        match secret {
            NewSecret::Set(secret) => {
                let place = secret_place(id, name);
                let sealed = tx.with_rng(|rng| {
                    drivers.vault().seal(secret.expose().as_bytes(), &place, rng).to_string()
                });
                tx.exec(&store::PUT_SECRET, params![id, name, &sealed, now]).await?;
            }
            NewSecret::Clear => {
                tx.exec(&store::DELETE_SECRET, params![id, name]).await?;
            }
        }
    }
    Ok(())
}

/// As the audit log keeps it: which secrets were set, never to what.
fn shown(d: &ServerDetails, secrets: &NewSecrets) -> Value {
    let settings: BTreeMap<&str, &str> = d.settings.iter().collect();
    let set: Vec<&String> = secrets.keys().collect();
    json!({
        "name": d.name, "driver": d.driver, "region": d.region_id, "settings": settings, "mode": d.mode,
        "seat_limit": d.seat_limit, "weight": d.weight, "at_once": d.at_once, "per_minute": d.per_minute,
        "credentials_set": set,
    })
}

async fn record(tx: &mut Tx, id: i64, before: Option<Value>, after: Option<Value>) -> Result<(), Fault> {
    let subject = format!("server:{id}");
    bursar_audit::record(tx, Audit { action: SERVER_EDIT, subject: &subject, before, after }).await
}

/// The groups that a server is in: id and name.
///
/// # Errors
/// Faults of the database.
pub async fn groups_of(tx: &mut Tx, server_id: i64) -> Result<Vec<(i64, String)>, Fault> {
    tx.query(&groups::store::OF_SERVER, params![server_id], |row| Ok((row.get(0)?, row.get(1)?))).await
}
