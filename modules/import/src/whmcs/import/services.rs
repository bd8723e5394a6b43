//! Services and their add-ons as subscriptions with one item each.

use bursar_billing::subscriptions::store::{NewItem, NewSubscription, insert_items, insert_subscriptions};
use bursar_billing::subscriptions::{Item, Mode, Status, Subscription};
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_sqldump::RowRef;
use bursar_time::{Anchor, Cycle, Date, Period, plus_days};
use serde::{Deserialize, Serialize};

use super::Import;
use super::explain::{Explainer, count};
use super::figures::{hundredths, minor};
use super::notes::RowNote;
use super::plan::{amount_cell, cell, id_cell};
use super::store;
use crate::spill::{Pages, Scratch};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{CancelWhen, HostingAddonRow, HostingRow, ServiceStatus};
use crate::whmcs::totals::{MonthlyRevenue, is_billed, is_invoiced_ahead};

/// What WHMCS said of a service or add-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LegacyService {
    /// `services` or `addons`, as in the totals.
    pub(super) kind: String,
    /// Its id there.
    pub(super) id: i64,
    /// As stored.
    pub(super) status: String,
    /// As stored.
    pub(super) cycle: String,
    /// As stored, in the currency's main unit.
    pub(super) amount: String,
    /// Start of the next unpaid period.
    pub(super) next_due_on: Option<Date>,
    /// From when the next invoice is made.
    pub(super) next_invoice_on: Option<Date>,
}

/// A subscription to write; ids that are not kept are given when it is written.
#[derive(Debug)]
pub(super) struct SubscriptionOut {
    new: NewSubscription,
    item: NewItem,
}

/// Services and add-ons alike.
struct Sold<'a> {
    kind: &'static str,
    id: i64,
    client: i64,
    label: String,
    product_id: Option<i64>,
    source_id: Option<i64>,
    cycle: LegacyCycle,
    cycle_text: String,
    status: ServiceStatus,
    status_text: String,
    amount: Hundredths,
    taxable: bool,
    registered_on: Option<Date>,
    next_due_on: Option<Date>,
    next_invoice_on: Option<Date>,
    terminated_on: Option<Date>,
    gateway: &'a str,
}

/// Whether a service counts as overdue, and as invoiced ahead of its due date.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    is_overdue: bool,
    is_ahead: bool,
}

impl Standing {
    /// As the dump counts it, by the text of its dates.
    fn stored(row: RowRef<'_>, as_of: Date) -> Self {
        let date =
            |column| Some(cell(row, column)).filter(|on| !on.is_empty() && !on.starts_with("0000-00-00"));
        let (due, next) = (date("nextduedate"), date("nextinvoicedate"));
        let recurs = is_billed(&cell(row, "domainstatus"))
            && LegacyCycle::parse(&cell(row, "billingcycle")).and_then(LegacyCycle::months).is_some();
        Self {
            is_overdue: recurs && due.as_ref().is_some_and(|on| *on < as_of.to_string()),
            is_ahead: is_invoiced_ahead(due.as_deref(), next.as_deref()),
        }
    }

    fn explain(self, dump: Self, explainer: &mut Explainer, why: &str) {
        for (path, ours, theirs) in [
            ("overdue_services", self.is_overdue, dump.is_overdue),
            ("nextinvoice_ahead_of_nextdue", self.is_ahead, dump.is_ahead),
        ] {
            explainer.add(&[path], count(i64::from(ours) - i64::from(theirs)), why);
        }
    }
}

impl Import {
    pub(super) fn take_service(&mut self, row: RowRef<'_>, it: HostingRow) {
        let Some(client) = it.client_id.filter(|id| self.plan.clients.has(*id)) else {
            return self.leave_out_service(row, "its client is not there");
        };
        let product = self.plan.small.products.iter().find(|p| Some(p.id) == it.product_id);
        if product.is_none() {
            let what = format!("there is no product {}", it.product_id.unwrap_or(0));
            let done = "taken over with its own price and without a product";
            self.notes.push(RowNote::new("tblhosting", it.id, "packageid", what, done));
        }
        let name = product.map_or("Service", |p| p.name.as_str());
        let label = if it.domain.is_empty() { name.to_owned() } else { format!("{name} - {}", it.domain) };
        let sold = Sold {
            kind: "services",
            id: it.id,
            client,
            label,
            product_id: it.product_id,
            source_id: it.product_id,
            cycle: it.cycle,
            cycle_text: cell(row, "billingcycle"),
            status: it.status,
            status_text: cell(row, "domainstatus"),
            amount: it.amount,
            taxable: product.is_none_or(|p| p.is_taxed),
            registered_on: it.registered_on,
            next_due_on: it.next_due_on,
            next_invoice_on: it.next_invoice_on,
            terminated_on: it.terminated_on,
            gateway: &it.gateway,
        };
        self.sell(row, &sold);
    }

    pub(super) fn take_addon(&mut self, row: RowRef<'_>, it: HostingAddonRow) {
        let service = it.service_id.and_then(|id| self.plan.services.get(id));
        let client = it.client_id.or(it.service_id.and_then(|id| self.plan.client_of_service(id)));
        let Some(client) = client.filter(|id| self.plan.clients.has(*id)) else {
            return self.leave_out_addon(row, "its client is not there");
        };
        if service.is_none() {
            let what = format!("there is no service {}", it.service_id.unwrap_or(0));
            let done = "taken over as a subscription of its own";
            self.notes.push(RowNote::new("tblhostingaddons", it.id, "hostingid", what, done));
        }
        let known = self.plan.small.addons.iter().find(|a| Some(a.id) == it.addon_id);
        let name = if it.name.is_empty() { known.map_or("Add-on", |a| a.name.as_str()) } else { &it.name };
        let sold = Sold {
            kind: "addons",
            id: it.id,
            client,
            label: name.to_owned(),
            product_id: None,
            source_id: it.addon_id,
            cycle: it.cycle,
            cycle_text: cell(row, "billingcycle"),
            status: it.status,
            status_text: cell(row, "status"),
            amount: it.amount,
            taxable: it.is_taxed,
            registered_on: it.registered_on,
            next_due_on: it.next_due_on,
            next_invoice_on: it.next_invoice_on,
            terminated_on: it.terminated_on,
            gateway: &it.gateway,
        };
        self.sell(row, &sold);
    }

    pub(super) fn leave_out_service(&mut self, row: RowRef<'_>, why: &str) {
        let id = id_cell(row, "id");
        self.notes.push(RowNote::new("tblhosting", id, "userid", why, "left out"));
        let why = format!("service {id} was left out: {why}");
        let (status, cycle) = (cell(row, "domainstatus"), cell(row, "billingcycle"));
        self.explainer.add(&["services_by_status", &status], count(-1), &why);
        self.explainer.add(&["services_by_cycle", &cycle], count(-1), &why);
        self.explainer.add(&["services_by_product", &id_cell(row, "packageid").to_string()], count(-1), &why);
        Standing::default().explain(Standing::stored(row, self.as_of), &mut self.explainer, &why);
        let key = self.plan.currency_key(id_cell(row, "userid"));
        self.not_recurring(row, ("services", &key), (&status, &cycle), "amount", &why);
        self.counts.entry("services").or_default().left_out += 1;
    }

    pub(super) fn leave_out_addon(&mut self, row: RowRef<'_>, why: &str) {
        let id = id_cell(row, "id");
        self.notes.push(RowNote::new("tblhostingaddons", id, "userid", why, "left out"));
        let why = format!("add-on {id} was left out: {why}");
        let (status, cycle) = (cell(row, "status"), cell(row, "billingcycle"));
        self.explainer.add(&["addons_by_status", &status], count(-1), &why);
        let client = match id_cell(row, "userid") {
            0 => self.plan.client_of_service(id_cell(row, "hostingid")).unwrap_or(0),
            client => client,
        };
        let key = self.plan.currency_key(client);
        self.not_recurring(row, ("addons", &key), (&status, &cycle), "recurring", &why);
        self.counts.entry("addons").or_default().left_out += 1;
    }

    /// What a row that is left out would have added to the recurring totals.
    fn not_recurring(
        &mut self,
        row: RowRef<'_>,
        (kind, key): (&str, &str),
        (status, cycle): (&str, &str),
        column: &str,
        why: &str,
    ) {
        let Some(months) = LegacyCycle::parse(cycle).and_then(LegacyCycle::months) else { return };
        if !matches!(status, "Active" | "Suspended") {
            return;
        }
        let amount = amount_cell(row, column);
        let due = cell(row, "nextduedate");
        let month =
            if due.is_empty() || due.starts_with("0000") { "none" } else { due.get(..7).unwrap_or(&due) };
        let lost = Hundredths(-amount.0);
        let recurring = "recurring_by_kind_currency_cycle";
        self.explainer.add(&[recurring, kind, key, cycle, "count"], count(-1), why);
        self.explainer.add(&[recurring, kind, key, cycle, "recurring"], lost, why);
        let due = "next_due_by_kind_month_currency";
        self.explainer.add(&[due, kind, month, key, "count"], count(-1), why);
        self.explainer.add(&[due, kind, month, key, "amount"], lost, why);
        let share = lost.0 * (MonthlyRevenue::SHARES / i128::from(months));
        self.explainer.add(&["mrr_by_kind_currency", kind, key], Hundredths(share), why);
    }

    fn sell(&mut self, row: RowRef<'_>, sold: &Sold<'_>) {
        let currency = self.plan.currency_of(sold.client);
        let unit = minor(sold.amount, currency);
        let is_addon = sold.kind == "addons";
        let out = match self.subscription(sold, unit) {
            Ok(out) => out,
            Err(why) if is_addon => return self.leave_out_addon(row, &why.to_string()),
            Err(why) => return self.leave_out_service(row, &why.to_string()),
        };
        if !is_addon {
            self.explain_dates(row, sold);
        }
        let delta = hundredths(unit, currency) - sold.amount;
        if let Some(months) = sold.cycle.months()
            && matches!(sold.status, ServiceStatus::Active | ServiceStatus::Suspended)
        {
            let month = sold.next_due_on.map_or("none".to_owned(), |on| on.to_string()[..7].to_owned());
            let (kind, key) = (sold.kind, currency.code());
            let what = format!("{} → {} ({kind} {})", sold.amount, hundredths(unit, currency), sold.id);
            let path = ["recurring_by_kind_currency_cycle", kind, key, &sold.cycle_text, "recurring"];
            self.explainer.rounded(&path, delta, &what);
            let path = ["next_due_by_kind_month_currency", kind, &month, key, "amount"];
            self.explainer.rounded(&path, delta, &what);
            let share = delta.0 * (MonthlyRevenue::SHARES / i128::from(months));
            self.explainer.rounded(&["mrr_by_kind_currency", kind, key], Hundredths(share), &what);
        }
        if !is_addon {
            self.batch.services.push(out);
        } else if self.known_addons.has(sold.id) {
            self.batch.known_addons += 1;
        } else {
            self.batch.addons.push(out);
        }
    }

    /// A date that the calendar does not have counts in the dump and not here.
    fn explain_dates(&mut self, row: RowRef<'_>, sold: &Sold<'_>) {
        let theirs = Standing::stored(row, self.as_of);
        let recurs = is_billed(&sold.status_text) && sold.cycle.months().is_some();
        let (due, next) = (sold.next_due_on, sold.next_invoice_on);
        let ours = Standing {
            is_overdue: recurs && due.is_some_and(|on| on < self.as_of),
            is_ahead: due.is_some() && next > due,
        };
        let why = format!("service {} has a date that the calendar does not have", sold.id);
        ours.explain(theirs, &mut self.explainer, &why);
    }

    fn subscription(
        &mut self,
        sold: &Sold<'_>,
        unit: i64,
    ) -> Result<SubscriptionOut, bursar_time::CalendarError> {
        let currency = self.plan.currency_of(sold.client);
        let cycle = match sold.cycle {
            LegacyCycle::Free => Cycle::OneTime,
            LegacyCycle::Paid(cycle) => cycle,
        };
        let status = status_of(sold.status, cycle, sold.cycle);
        let begin = sold.registered_on.or(sold.next_due_on).unwrap_or(self.as_of);
        // An invoice for the due date is already there when the date of the next one has moved ahead.
        let start = sold.next_due_on.max(sold.next_invoice_on).unwrap_or(begin);
        let anchor = match sold.registered_on {
            Some(on) => Anchor::new(start, on.day().unsigned_abs()).unwrap_or(Anchor::anniversary(start)),
            None => Anchor::anniversary(start),
        };
        let next = if cycle.is_recurring() {
            anchor.period(cycle, 0)?
        } else {
            Period::new(start, plus_days(start, 1)?)?
        };
        let is_billed = status.is_billed() && cycle.is_recurring() && sold.next_due_on.is_some();
        if status.is_billed() && cycle.is_recurring() && !is_billed {
            let table = if sold.kind == "services" { "tblhosting" } else { "tblhostingaddons" };
            let done = "taken over as active and not billed until staff sets its next period";
            self.notes.push(RowNote::new(
                table,
                sold.id,
                "nextduedate",
                "it recurs and has no due date",
                done,
            ));
        }
        let lead_days = self.lead_days();
        let next_bill_on = if is_billed { Some(plus_days(next.start, -lead_days)?) } else { None };
        let request = (sold.kind == "services").then(|| self.plan.cancel_request(sold.id)).flatten();
        let cancel_on = request.filter(|_| is_billed).map(|when| match when {
            CancelWhen::Immediate => self.as_of,
            CancelWhen::EndOfPeriod => next.start,
        });
        let is_over = matches!(status, Status::Cancelled | Status::Ended);
        let legacy = LegacyService {
            kind: sold.kind.to_owned(),
            id: sold.id,
            status: sold.status_text.clone(),
            cycle: sold.cycle_text.clone(),
            amount: sold.amount.to_string(),
            next_due_on: sold.next_due_on,
            next_invoice_on: sold.next_invoice_on,
        };
        let text = serde_json::to_string(&legacy).expect("plain fields can be written as JSON");
        let is_addon = sold.kind == "addons";
        let core = Subscription {
            id: if is_addon { 0 } else { sold.id },
            customer_id: sold.client,
            label: sold.label.clone(),
            currency,
            cycle,
            mode: Mode::Prepaid,
            status,
            anchor,
            next,
            next_bill_on,
            lead_days,
            cancel_on,
            periods_left: None,
            version: 1,
        };
        let item = Item {
            id: 0,
            subscription_id: core.id,
            description: sold.label.clone(),
            quantity: 1,
            unit_minor: unit,
            setup_minor: 0,
            setup_due: false,
            taxable: sold.taxable,
            billed_from_on: next.start.min(begin),
            version: 1,
        };
        Ok(SubscriptionOut {
            new: NewSubscription {
                core,
                product_id: sold.product_id,
                trial_ends_on: None,
                paused_on: None,
                ended_on: is_over.then(|| sold.terminated_on.unwrap_or(start)),
                gateway: sold.gateway.to_owned(),
                started_on: begin,
                source: "import",
                legacy: Some(text),
            },
            item: NewItem {
                item,
                kind: if is_addon { "addon" } else { "product" },
                source_id: sold.source_id,
                value_id: None,
                ended_on: None,
                legacy: Some(format!("{{\"id\":{}}}", sold.id)),
            },
        })
    }
}

fn status_of(status: ServiceStatus, cycle: Cycle, legacy: LegacyCycle) -> Status {
    match status {
        ServiceStatus::Active | ServiceStatus::Suspended => {
            // Sold once, and that is over; what is free runs on.
            if cycle == Cycle::OneTime && legacy != LegacyCycle::Free {
                Status::Ended
            } else {
                Status::Active
            }
        }
        ServiceStatus::Pending => Status::Pending,
        ServiceStatus::Terminated | ServiceStatus::Cancelled | ServiceStatus::Fraud => Status::Cancelled,
        ServiceStatus::Completed => Status::Ended,
    }
}

/// Writes those that are not there. Add-ons are new ones: those of an earlier import were never put into the batch.
pub(super) async fn write(tx: &mut Tx, rows: &[SubscriptionOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let kept = rows.iter().map(|r| r.new.core.id).filter(|id| *id != 0);
    let have = store::present(tx, &store::HAVE_SUBSCRIPTIONS, kept).await?;
    let (mut subscriptions, mut items) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|r| !have.contains(&r.new.core.id)) {
        let (mut new, mut item) = (row.new.clone(), row.item.clone());
        if new.core.id == 0 {
            new.core.id = tx.new_raw_id()?;
        }
        item.item.id = tx.new_raw_id()?;
        item.item.subscription_id = new.core.id;
        subscriptions.push(new);
        items.push(item);
    }
    insert_subscriptions(tx, &subscriptions).await?;
    insert_items(tx, &items).await?;
    Ok(subscriptions.len() as u64)
}

/// Add-ons that an earlier import has made, by their id in WHMCS.
pub(super) async fn known_addons(cx: &Cx, scratch: &Scratch) -> Result<Pages<()>, Fault> {
    let scratch = scratch.clone();
    cx.read(async move |tx: &mut Tx| {
        let known = Pages::new(&scratch);
        tx.query_each(&store::LEGACY_SUBSCRIPTIONS, params![], |row| {
            let legacy: LegacyService = serde_json::from_str(row.text(1)?)
                .map_err(|e| Fault::wrap("what the old system said of a subscription cannot be read", e))?;
            if legacy.kind == "addons" {
                known.set(legacy.id, ());
            }
            Ok(())
        })
        .await?;
        Ok::<_, Fault>(known)
    })
    .await
}
