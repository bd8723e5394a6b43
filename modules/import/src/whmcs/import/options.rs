//! What was chosen of the configurable options of each service. The amount of the service has their price in it.

use bursar_billing::subscriptions::Item;
use bursar_billing::subscriptions::store::{NewItem, insert_items};
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Date;
use std::collections::BTreeSet;

use super::Import;
use super::catalog::shown;
use super::notes::RowNote;
use super::store;
use crate::whmcs::rows::{HostingOptionRow, OptionKind};

/// Before any period.
const ALWAYS: Date = Date::constant(1970, 1, 1);
/// Marks an item whose price is in its product's.
const INCLUDED: &str = r#"{"included":true}"#;

/// A choice to write.
#[derive(Debug)]
pub(super) struct OptionOut {
    service: i64,
    option: i64,
    value: i64,
    description: String,
    quantity: i64,
    taxable: bool,
}

impl Import {
    pub(super) fn take_option(&mut self, it: &HostingOptionRow) {
        let leave_out = |import: &mut Self, field, what: String| {
            import.notes.push(RowNote::new("tblhostingconfigoptions", it.id, field, what, "left out"));
            import.counts.entry("chosen_options").or_default().left_out += 1;
        };
        let found = it.service_id.and_then(|id| Some((id, self.plan.services.get(id)?)));
        let Some((id, service)) = found.filter(|(_, service)| self.plan.clients.has(service.client)) else {
            return leave_out(self, "relid", format!("there is no service {}", it.service_id.unwrap_or(0)));
        };
        let small = &self.plan.small;
        let Some(option) = small.options.iter().find(|option| Some(option.id) == it.option_id) else {
            return leave_out(self, "configid", format!("there is no option {}", it.option_id.unwrap_or(0)));
        };
        let value = small.values.iter().find(|value| Some(value.id) == it.value_id);
        let Some(value) = value.filter(|value| value.option_id == Some(option.id)) else {
            let what = format!("option {} has no value {}", option.id, it.value_id.unwrap_or(0));
            return leave_out(self, "optionid", what);
        };
        let name = shown(&option.name);
        let (description, quantity) = match option.kind {
            OptionKind::Dropdown | OptionKind::Radio => (format!("{name}: {}", shown(&value.name)), 1),
            // Not ticked, or none: nothing was chosen.
            OptionKind::YesNo | OptionKind::Quantity if it.quantity == 0 => return,
            OptionKind::YesNo => (name, 1),
            OptionKind::Quantity => (name, it.quantity),
        };
        let product = small.products.iter().find(|product| product.id == service.product);
        let taxable = product.is_none_or(|product| product.is_taxed);
        let (option, value) = (option.id, value.id);
        self.batch.options.push(OptionOut { service: id, option, value, description, quantity, taxable });
    }
}

/// Writes choices of services that are there and have none of the option yet.
pub(super) async fn write_options(tx: &mut Tx, rows: &[OptionOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut services: Vec<i64> = rows.iter().map(|row| row.service).collect();
    services.dedup();
    let there = store::present(tx, &store::HAVE_SUBSCRIPTIONS, services.iter().copied()).await?;
    let mut have: BTreeSet<(i64, i64)> = tx
        .query(&store::HAVE_OPTIONS, params![services.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
        .await?
        .into_iter()
        .collect();
    let mut items = Vec::new();
    for row in rows {
        if !there.contains(&row.service) || !have.insert((row.service, row.option)) {
            continue;
        }
        items.push(NewItem {
            item: Item {
                id: tx.new_raw_id()?,
                subscription_id: row.service,
                description: row.description.clone(),
                quantity: row.quantity,
                unit_minor: 0,
                setup_minor: 0,
                setup_due: false,
                taxable: row.taxable,
                billed_from_on: ALWAYS,
                version: 1,
            },
            kind: "option",
            source_id: Some(row.option),
            value_id: Some(row.value),
            ended_on: None,
            legacy: Some(INCLUDED.to_owned()),
        });
    }
    insert_items(tx, &items).await?;
    Ok(items.len() as u64)
}
