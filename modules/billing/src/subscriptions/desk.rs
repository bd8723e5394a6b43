//! One subscription on the desk: what belongs to it, planned and written through the run's own code.

use std::collections::BTreeMap;

use bursar_customers::BillingProfile;
use bursar_db::Tx;
use bursar_time::{CalendarError, Date, Period, TimeZone};

use super::detail::{self, Detail};
use super::{Granted, Item, store};
use crate::error::BillError;
use crate::invoices::issue::{self, Office};
use crate::run::apply::{self, ApplyError};
use crate::run::plan::{self, Facts, Plan, Problem};

/// A subscription with what billing it needs.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub detail: Detail,
    /// Items that have not ended.
    pub items: Vec<Item>,
    /// Discounts that still apply.
    pub discounts: Vec<Granted>,
    pub profile: BillingProfile,
}

impl Case {
    pub(crate) async fn load(tx: &mut Tx, id: i64) -> Result<Self, BillError> {
        let detail = detail::get(tx, id).await?;
        let items = store::items(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let discounts = store::discounts(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let profile = issue::profile(tx, detail.core.customer_id).await?;
        Ok(Self { detail, items, discounts, profile })
    }

    /// What the run would do with it on a date.
    pub(crate) fn plan(&self, office: &Office, zone: &TimeZone, as_of: Date) -> Result<Plan, BillError> {
        let id = self.detail.core.id;
        let facts = Facts {
            as_of,
            zone,
            taxes: &office.taxes,
            due_days: office.settings.due_days,
            seller_id: office.seller_id,
            items: &BTreeMap::from([(id, self.items.clone())]),
            discounts: &BTreeMap::from([(id, self.discounts.clone())]),
            profiles: &BTreeMap::from([(self.profile.customer, self.profile.clone())]),
        };
        let plan = plan::plan(std::slice::from_ref(&self.detail.core), &facts);
        match plan.put_aside.first() {
            Some(aside) => Err(problem(&aside.problem)),
            None => Ok(plan),
        }
    }

    /// The bill of one stretch of days that is not the ordinary next period: the part of a running period that is
    /// closed early, or days that are added. The subscription itself does not move on.
    ///
    /// Counts of periods and of discounts stay as they are: the stretch is part of a period, not one of its own.
    pub(crate) fn plan_stretch(
        &self,
        office: &Office,
        zone: &TimeZone,
        stretch: Period,
        today: Date,
    ) -> Result<Plan, BillError> {
        let mut case = self.clone();
        case.detail.core.next = stretch;
        case.detail.core.next_bill_on = Some(today);
        case.detail.core.cancel_on = None;
        case.detail.core.periods_left = Some(1);
        let mut plan = case.plan(office, zone, today)?;
        plan.advances.clear();
        plan.discounts.clear();
        for invoice in &mut plan.invoices {
            invoice.source = "change";
        }
        Ok(plan)
    }
}

/// Writes a plan in the caller's transaction; the ids of its invoices.
pub(crate) async fn write(
    tx: &mut Tx,
    office: &Office,
    plan: &Plan,
    as_of: Date,
) -> Result<Vec<i64>, BillError> {
    match apply::apply(tx, plan, &office.settings, office.seller_id, as_of).await {
        Ok(ids) => Ok(ids),
        Err(ApplyError::Rival) => Err(BillError::Changed),
        Err(ApplyError::Fault(fault)) => Err(fault.into()),
    }
}

/// Why something cannot be billed, for people.
pub(crate) fn problem(problem: &Problem) -> BillError {
    BillError::refused(format!("This cannot be billed: {}.", problem.detail))
}

/// A date beyond the calendar.
pub(crate) fn calendar(error: CalendarError) -> BillError {
    BillError::refused(format!("The dates do not work out: {error}."))
}
