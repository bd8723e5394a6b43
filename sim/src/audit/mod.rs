//! The auditor: compares what the product says with what it believes itself, and with what the vendor knows.

mod billing;
mod machines;
mod money;
mod orders;
pub(crate) mod records;
pub(crate) mod sold;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;

use crate::model::Model;
use crate::office::Vendors;
pub(crate) use money::invoices_of;
pub(crate) use records::Records;

/// Something that must never be.
pub type Finding = String;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, finding: impl Into<Finding>) {
        self.0.push(finding.into());
    }

    pub(crate) fn expect(&mut self, holds: bool, finding: impl FnOnce() -> Finding) {
        if !holds {
            self.0.push(finding());
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

/// What holds at the end of every day, whatever is under way.
pub(crate) async fn daily(
    spy: &Cx,
    model: &Model,
    vendors: &Vendors<'_>,
) -> Result<(Findings, Records), Fault> {
    let processor = vendors.processor;
    let records = Records::read(spy).await?;
    let mut findings = Findings::default();
    billing::numbers(&records, &mut findings);
    billing::periods(&records, model, &mut findings);
    billing::figures(&records, model, &mut findings);
    money::books(&records, &mut findings);
    money::charges(&records, processor, &mut findings);
    orders::taken_back(&records, model, &mut findings);
    machines::owners(&records, &vendors.machines, &mut findings);
    for waiting in &records.waiting_for_people {
        findings.add(format!("somebody has to look: {waiting}"));
    }
    if records.queue.jobs + records.queue.deliveries == 0 {
        money::purses(&records, model, processor, &mut findings);
    }
    Ok((findings, records))
}

/// What holds when faults have stopped and time has passed: everything has come to its end, and the product's own
/// checks agree.
pub(crate) async fn at_rest(spy: &Cx, model: &Model, vendors: &Vendors<'_>) -> Result<Vec<Finding>, Fault> {
    let (mut findings, records) = daily(spy, model, vendors).await?;
    machines::as_sold(&records, model, &vendors.machines, spy.today(), &mut findings);
    orders::paid_for(&records, model, vendors, &mut findings);
    let queue = records.queue;
    findings.expect(queue == records::Queue::default(), || {
        format!("the queues never drain: {queue:?}: {:?}", records.waiting)
    });
    money::vendor_agrees(&records, vendors.processor, &mut findings);
    for check in verify(spy).await? {
        findings.expect(check.failed == 0, || {
            format!(
                "verify: {} failed {} of {}: {:?}",
                check.name, check.failed, check.checked, check.examples
            )
        });
    }
    let chain = spy.read(async |tx: &mut Tx| bursar_audit::verify_chain(tx).await).await?;
    findings.expect(chain.is_ok(), || format!("the audit log is broken: {:?}", chain.examples));
    Ok(findings.into_vec())
}

/// The product's own checks.
pub(crate) async fn verify(spy: &Cx) -> Result<Vec<bursar_ledger::Check>, Fault> {
    spy.read(async |tx: &mut Tx| {
        let mut checks = bursar_ledger::verify(tx).await?;
        checks.extend(bursar_payments::verify(tx).await?);
        checks.extend(bursar_billing::verify::verify_in(tx).await?);
        Ok(checks)
    })
    .await
}
