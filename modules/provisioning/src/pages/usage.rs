//! What a service used, for its pages.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_inventory::HostingDrivers;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::service::Resource;
use crate::usage::{drawn, is_measured, usage_since};

/// The spans that can be looked at, in days.
const SPANS: [i64; 3] = [1, 7, 30];
const USUAL_SPAN: i64 = 7;

/// How far back somebody wants to look.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Span {
    days: Option<i64>,
}

impl Span {
    fn days(self) -> i64 {
        self.days.filter(|days| SPANS.contains(days)).unwrap_or(USUAL_SPAN)
    }
}

/// The drawings; nothing where the vendor does not measure.
pub(super) async fn read(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    service: i64,
    resource: Option<&Resource>,
    span: Span,
) -> Result<Value, Fault> {
    if !is_measured(tx, drivers, resource).await? {
        return Ok(Value::Null);
    }
    let (now, days) = (tx.now(), span.days());
    let from = now.plus_days(-days);
    let lines = usage_since(tx, service, from).await?;
    Ok(json!({ "days": days, "graphs": drawn(&lines, from, now) }))
}
