//! How much services use: asked of their vendors every few hours, kept for a month, drawn on their pages.
//!
//! A vendor that does not answer leaves a gap, and never a nought. Traffic is kept as what came since the reading before,
//! whatever the vendor counts from.

mod graph;
mod measure;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Capability, Traffic};
use bursar_inventory::HostingDrivers;
use bursar_time::Instant;

pub(crate) use graph::drawn;
pub(crate) use measure::{job, schedule};

use crate::places;
use crate::service::Resource;

/// Lines are kept for so many days.
pub const KEPT_DAYS: i64 = 35;
/// More lines than any drawing shows.
const MOST_LINES: i64 = 1_000;

bursar_db::statements! {
    /// What is there, after one.
    pub(crate) PAGE = concat!("SELECT ", crate::store::resource_columns!(), " FROM provisioning_resources
        WHERE id > $1 AND state = 'live' AND part = 'own' ORDER BY id LIMIT $2");
    /// A reading; the first one of its hour counts.
    pub(crate) INSERT = "INSERT INTO provisioning_usage
            (id, service_id, at, cpu_ppm, memory_bytes, disk_bytes, in_bytes, out_bytes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (service_id, at) DO NOTHING";
    /// Where some counters stood.
    pub(crate) METERS = "SELECT resource_id, in_bytes, out_bytes FROM provisioning_usage_meters
        WHERE resource_id {any:$1}";
    /// Where one stands.
    pub(crate) PUT_METER = "INSERT INTO provisioning_usage_meters (resource_id, in_bytes, out_bytes, at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (resource_id) DO UPDATE SET in_bytes = excluded.in_bytes, out_bytes = excluded.out_bytes,
            at = excluded.at";
    /// What a service used since a time.
    pub(crate) SINCE = "SELECT at, cpu_ppm, memory_bytes, disk_bytes, in_bytes, out_bytes FROM provisioning_usage
        WHERE service_id = $1 AND at >= $2 ORDER BY at LIMIT $3";
    /// What nobody looks at any more.
    pub(crate) FORGET = "DELETE FROM provisioning_usage WHERE at < $1";
    /// Counters of what is gone.
    pub(crate) FORGET_METERS = "DELETE FROM provisioning_usage_meters WHERE at < $1";
}

/// What a service used at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageLine {
    /// When.
    pub at: Instant,
    /// Load of its processors, in parts per million of all that were sold.
    pub cpu_ppm: Option<i64>,
    /// Memory in use.
    pub memory_bytes: Option<i64>,
    /// Disk in use.
    pub disk_bytes: Option<i64>,
    /// Towards it since the line before.
    pub in_bytes: Option<i64>,
    /// From it since the line before.
    pub out_bytes: Option<i64>,
}

/// What a service used since a time, oldest first.
///
/// # Errors
/// Faults of the database.
pub async fn usage_since(tx: &mut Tx, service: i64, since: Instant) -> Result<Vec<UsageLine>, Fault> {
    tx.query(&SINCE, params![service, since, MOST_LINES], |row: &Row<'_>| {
        Ok(UsageLine {
            at: row.get(0)?,
            cpu_ppm: row.get(1)?,
            memory_bytes: row.get(2)?,
            disk_bytes: row.get(3)?,
            in_bytes: row.get(4)?,
            out_bytes: row.get(5)?,
        })
    })
    .await
}

/// Whether the vendor of a resource measures it.
pub(crate) async fn is_measured(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    resource: Option<&Resource>,
) -> Result<bool, Fault> {
    let Some(resource) = resource else { return Ok(false) };
    let Some(hosting) = drivers.find(&resource.driver).filter(|hosting| hosting.usage().is_some()) else {
        return Ok(false);
    };
    let settings = places::settings_of(tx, resource.server_id).await?;
    Ok(settings.is_some_and(|settings| hosting.offers(&settings, Capability::Usage)))
}

/// What came since a counter was last read. One that stands lower than before has begun anew, whenever it does that: all of
/// it is new. Without a reading before, nobody knows.
pub(crate) fn since(before: Option<(i64, i64)>, now: &Traffic) -> (Option<i64>, Option<i64>) {
    let more = |before: i64, now: i64| if now < before { now } else { now - before };
    match before {
        Some((in_bytes, out_bytes)) => {
            (Some(more(in_bytes, now.in_bytes)), Some(more(out_bytes, now.out_bytes)))
        }
        None => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use bursar_hosting::TrafficMeter;

    use super::*;

    #[test]
    fn a_counter_that_stands_lower_has_begun_anew() {
        let now = Traffic { in_bytes: 700, out_bytes: 90, meter: TrafficMeter::SinceStart };
        assert_eq!(since(None, &now), (None, None));
        assert_eq!(since(Some((500, 40)), &now), (Some(200), Some(50)));
        assert_eq!(since(Some((700, 90)), &now), (Some(0), Some(0)));
        assert_eq!(since(Some((9_000, 80)), &now), (Some(700), Some(10)), "each for itself");
    }
}
