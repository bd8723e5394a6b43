//! What staff do by hand: services whose driver writes cards for people, the open ones, and marking one done.
//!
//! The card lies in the notebook of its server and is the contract's; the operation that waits for it is ours. Marking a
//! card changes only the card and lets the operation have its turn at once: the driver says what came of it, as always.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::handwork::{Card, Report, ToDo, card_name};
use bursar_hosting::{Tag, Vendor};
use bursar_inventory::HostingDrivers;
use bursar_inventory::servers::notebook::{read_notes, write_note};

use crate::actions::record;
use crate::error::ProvisionError;
use crate::permissions::{SERVICE_OPERATE, SERVICE_VIEW};
use crate::service::Resource;
use crate::{lanes, operations, places, store};

const LONGEST_REFERENCE: usize = 100;
const LONGEST_TEXT: usize = 2_000;
const MOST_ADDRESSES: usize = 256;

bursar_db::statements! {
    /// What waits at some servers, oldest first.
    pub(crate) OPEN = "SELECT o.id, o.service_id, r.server_id, r.tag, s.label, s.customer_id
        FROM provisioning_operations AS o JOIN provisioning_resources AS r ON r.id = o.resource_id
            JOIN provisioning_services AS s ON s.id = o.service_id
        WHERE o.state IN ('waiting', 'running') AND o.id > $1 AND r.server_id {any:$2} ORDER BY o.id LIMIT $3";
}

/// Something for staff to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What waits for it.
    pub operation_id: i64,
    /// For which service.
    pub service_id: i64,
    /// As it was sold.
    pub label: String,
    /// Whose.
    pub customer_id: i64,
    /// At which server.
    pub server_id: i64,
    /// What is to be done.
    pub to_do: ToDo,
    /// What was noted when it was made.
    pub notes: String,
    /// What it is called.
    pub reference: String,
}

/// What waits for staff after an operation, oldest first, and where the next page begins.
///
/// # Errors
/// Faults of the database.
pub async fn list_tasks(
    cx: &Cx,
    drivers: &HostingDrivers,
    after: i64,
    limit: i64,
) -> Result<(Vec<Task>, Option<i64>), ProvisionError> {
    cx.require(SERVICE_VIEW)?;
    let drivers = by_people(drivers);
    cx.read(async move |tx: &mut Tx| {
        let mut servers = Vec::new();
        for driver in &drivers {
            servers.extend(places::servers_of(tx, driver).await?);
        }
        let rows = tx
            .query(&OPEN, params![after, &servers, limit + 1], |row| {
                let task = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
                Ok::<(i64, i64, i64, String, String, i64), Fault>(task)
            })
            .await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = rows.get(limit).map(|_| rows[limit - 1].0);
        let mut cards = cards(tx, rows.iter().map(|row| (row.2, row.3.as_str()))).await?;
        let tasks = rows.into_iter().take(limit).filter_map(
            |(operation_id, service_id, server_id, tag, label, customer_id)| {
                let Card { thing, to_do } = cards.remove(&(server_id, tag))?;
                let (reference, notes) =
                    thing.map(|thing| (thing.reference, thing.notes)).unwrap_or_default();
                to_do.map(|to_do| Task {
                    operation_id,
                    service_id,
                    label,
                    customer_id,
                    server_id,
                    to_do,
                    notes,
                    reference,
                })
            },
        );
        Ok((tasks.collect(), next))
    })
    .await
}

/// The card of a service, if its driver writes any.
pub(crate) async fn card_of(tx: &mut Tx, server: i64, tag: &str) -> Result<Option<Card>, Fault> {
    Ok(cards(tx, std::iter::once((server, tag))).await?.remove(&(server, tag.to_owned())))
}

/// Marks what a service waits for as done. `key` names what the person saw: something else that is asked for meanwhile is
/// not taken for it.
///
/// # Errors
/// [`ProvisionError::Refused`] when nothing waits, or something else than was shown.
pub async fn finish_task(cx: &Cx, service: i64, key: &str, report: Report) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    let report = checked(report)?;
    let key = key.to_owned();
    cx.write(async move |tx: &mut Tx| {
        let resource = asked_of(tx, service).await?.ok_or(ProvisionError::NotFound("service"))?;
        let tag =
            Tag::new(resource.tag.clone()).map_err(|e| Fault::wrap("a stored tag cannot be read", e))?;
        let name = card_name(&tag);
        let mut texts = read_notes(tx, &[resource.server_id], std::slice::from_ref(&name)).await?;
        let text = texts.remove(&(resource.server_id, name.clone()));
        let gone = || {
            ProvisionError::refused(
                "This is done already, or something else is asked for by now. Look again.",
            )
        };
        let text = text.ok_or_else(gone)?;
        let card = read_card(&text)?;
        let act =
            card.to_do.as_ref().filter(|to_do| to_do.key == key).map(|to_do| to_do.act).ok_or_else(gone)?;
        let after = card.done(&tag, &report).map(|card| card.written());
        if !write_note(tx, resource.server_id, &name, Some(&text), after.as_deref()).await? {
            return Err(gone());
        }
        if let Some(open) = operations::open_of(tx, service).await? {
            lanes::wake(tx, resource.server_id).await?;
            operations::hurry(tx, open.id).await?;
        }
        record(tx, service, "provisioning.task.finish", Some(act.code())).await
    })
    .await
}

/// What staff are asked about: that which something waits for, as long as anything does.
pub(crate) async fn asked_of(tx: &mut Tx, service: i64) -> Result<Option<Resource>, Fault> {
    match operations::open_of(tx, service).await? {
        Some(open) => store::find_resource(tx, open.resource_id).await,
        None => store::resource_of(tx, service).await,
    }
}

fn checked(report: Report) -> Result<Report, ProvisionError> {
    let trimmed = |text: &str| text.trim().to_owned();
    let report = Report {
        reference: trimmed(&report.reference),
        addresses: report.addresses.iter().map(|it| trimmed(it)).filter(|it| !it.is_empty()).collect(),
        told: trimmed(&report.told),
        notes: trimmed(&report.notes),
    };
    for (field, text, most) in [
        ("reference", &report.reference, LONGEST_REFERENCE),
        ("told", &report.told, LONGEST_TEXT),
        ("notes", &report.notes, LONGEST_TEXT),
    ] {
        if text.chars().count() > most {
            return Err(ProvisionError::field(field, format!("Use at most {most} characters.")));
        }
    }
    let wrong = report.addresses.iter().find(|it| it.parse::<std::net::IpAddr>().is_err());
    if let Some(wrong) = wrong {
        let why = format!(
            "{wrong} is no IP address. Write addresses like 192.0.2.10 or 2001:db8::10, with commas between."
        );
        return Err(ProvisionError::field("addresses", why));
    }
    if report.addresses.len() > MOST_ADDRESSES {
        return Err(ProvisionError::field("addresses", format!("Give at most {MOST_ADDRESSES} addresses.")));
    }
    Ok(report)
}

/// Drivers that may wait for people: those whose vendor is ourselves.
fn by_people(drivers: &HostingDrivers) -> Vec<String> {
    let ours = drivers.manifests().filter(|manifest| manifest.vendor == Vendor::Ourselves);
    ours.map(|manifest| manifest.id.to_owned()).collect()
}

async fn cards(
    tx: &mut Tx,
    things: impl Iterator<Item = (i64, &str)>,
) -> Result<BTreeMap<(i64, String), Card>, Fault> {
    let mut by_name = BTreeMap::new();
    let mut servers = Vec::new();
    for (server, tag) in things {
        let named = Tag::new(tag.to_owned()).map_err(|e| Fault::wrap("a stored tag cannot be read", e))?;
        servers.push(server);
        by_name.insert(card_name(&named), tag.to_owned());
    }
    servers.sort_unstable();
    servers.dedup();
    let names: Vec<String> = by_name.keys().cloned().collect();
    let texts = read_notes(tx, &servers, &names).await?;
    let mut cards = BTreeMap::new();
    for ((server, name), text) in texts {
        if let Some(tag) = by_name.get(&name) {
            cards.insert((server, tag.clone()), read_card(&text)?);
        }
    }
    Ok(cards)
}

fn read_card(text: &str) -> Result<Card, Fault> {
    Card::read(text).map_err(|e| Fault::new(format!("a stored card cannot be read: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_trimmed_and_its_addresses_are_addresses() {
        let report = |addresses: &[&str]| Report {
            reference: " rack 7 ".to_owned(),
            addresses: addresses.iter().map(|it| (*it).to_owned()).collect(),
            ..Report::default()
        };
        let fine = checked(report(&["192.0.2.9", " 2001:db8::9 ", ""])).unwrap();
        assert_eq!((fine.reference.as_str(), fine.addresses.len()), ("rack 7", 2));
        assert!(checked(report(&["rack 8"])).is_err());
        assert!(checked(Report { told: "x".repeat(LONGEST_TEXT + 1), ..Report::default() }).is_err());
    }
}
