//! What a server uses up: keys of which each is given out once. They lie sealed like everything that opens a server, and
//! more can be added without anybody seeing those that are there.

use std::collections::BTreeSet;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_hosting::{Setting, SettingKind};
use bursar_vault::Secret;
use serde_json::json;

use super::save::{NewSecret, NewSecrets, keep_secrets};
use super::store;
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;
use crate::permissions::SERVER_EDIT;

/// Where the keys are typed.
pub const FIELD: &str = "keys";
/// Longer than any key that people type or machines make.
const LONGEST_LINE: usize = 1_000;
/// As much as one row should hold.
const LONGEST_LIST: usize = 4_000_000;

/// What became of the keys that were pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplied {
    /// New ones.
    pub added: usize,
    /// Those that were there already, or stood twice in what was pasted.
    pub known: usize,
}

/// Adds keys, one a line, to those that a server has.
///
/// # Errors
/// [`InventoryError::Invalid`] beside [`FIELD`]; [`InventoryError::NotFound`] for a setting that takes none.
pub async fn add_supply(
    cx: &Cx,
    drivers: &HostingDrivers,
    id: i64,
    setting: &str,
    pasted: Secret<String>,
) -> Result<Supplied, InventoryError> {
    cx.require(SERVER_EDIT)?;
    let (drivers, setting) = (drivers.clone(), setting.to_owned());
    cx.write(async move |tx: &mut Tx| {
        let server = store::find_server(tx, id).await?.ok_or(InventoryError::NotFound("server"))?;
        let manifest = drivers.get_manifest(&server.details.driver)?;
        if !supplies(manifest.server_settings).any(|it| it.name == setting) {
            return Err(InventoryError::NotFound("setting"));
        }
        let sealed: Option<String> =
            tx.query_opt(&store::SECRET, params![id, &setting], |row| row.get(0)).await?;
        let kept = sealed.map(|sealed| drivers.open(id, &setting, &sealed)).transpose()?;
        let kept = kept.as_ref().map_or("", |kept| kept.expose().as_str());
        let (all, supplied) = joined(kept, pasted.expose())?;
        if supplied.added > 0 {
            let secrets = NewSecrets::from([(setting.clone(), NewSecret::Set(Secret::new(all)))]);
            keep_secrets(tx, &drivers, id, &secrets).await?;
            let subject = format!("server:{id}");
            let after = Some(json!({ "supplied": &setting, "added": supplied.added }));
            let audit = Audit { action: SERVER_EDIT, subject: &subject, before: None, after };
            bursar_audit::record(tx, audit).await?;
        }
        Ok(supplied)
    })
    .await
}

/// The settings of a driver that can be added to.
pub fn supplies(settings: &[Setting]) -> impl Iterator<Item = &Setting> {
    settings.iter().filter(|setting| setting.kind == SettingKind::SecretList)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Those that were there, in their order, and the new ones after them.
fn joined(kept: &str, pasted: &str) -> Result<(String, Supplied), InventoryError> {
    let mut all: Vec<&str> = lines(kept).collect();
    let mut known: BTreeSet<&str> = all.iter().copied().collect();
    let mut supplied = Supplied { added: 0, known: 0 };
    for (at, line) in (1..).zip(lines(pasted)) {
        if line.chars().count() > LONGEST_LINE {
            let why = format!("The {at}. key has more than {LONGEST_LINE} characters. Write one key a line.");
            return Err(InventoryError::field(FIELD, why));
        }
        if known.insert(line) {
            all.push(line);
            supplied.added += 1;
        } else {
            supplied.known += 1;
        }
    }
    if supplied.added + supplied.known == 0 {
        return Err(InventoryError::field(FIELD, "Paste the keys here, one a line."));
    }
    let all = all.join("\n");
    if all.len() > LONGEST_LIST {
        let why = "These are more keys than one server keeps. Add another server for the rest.";
        return Err(InventoryError::field(FIELD, why));
    }
    Ok((all, supplied))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_keys_come_after_the_old_ones_and_none_twice() {
        let (all, supplied) = joined("AA-1\nAA-2\n", " AA-3 \r\n\nAA-2\nAA-3\n").unwrap();
        assert_eq!(all, "AA-1\nAA-2\nAA-3");
        assert_eq!(supplied, Supplied { added: 1, known: 2 });
        assert_eq!(joined("", "B").unwrap().0, "B");
        assert!(joined("AA-1", " \n ").is_err());
        assert!(joined("", &"x".repeat(LONGEST_LINE + 1)).is_err());
    }
}
