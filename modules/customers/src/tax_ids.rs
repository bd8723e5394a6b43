//! Asking a register whose tax number it is. What it says decides about reverse charge, so only a clear answer counts.

use std::sync::Arc;

use bursar_app::Registry;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_jobs::{Job, JobOutcome};
use bursar_outbound::{Call, Credentials, DEFAULT_TIMEOUT};
use bursar_taxid::{BadTaxId, Check, TaxId, TaxIdRegister};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::customer::{Customer, TaxIdStatus};
use crate::events::{CustomerCreated, CustomerUpdated};
use crate::{parts, store};

/// Asks about a customer's number. Safe twice: it asks and records the answer, and an answer about a number that was
/// changed meanwhile is dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckTaxId {
    /// Whose.
    pub customer_id: i64,
}

impl Job for CheckTaxId {
    const KIND: &'static str = "customers.check_tax_id";
}

pub(crate) fn register(registry: &mut Registry, register: &Arc<dyn TaxIdRegister>) {
    registry.on("customers.check_new_tax_id", on_created);
    registry.on("customers.check_changed_tax_id", on_updated);
    let register = Arc::clone(register);
    registry.job(move |cx, job| ask(cx, Arc::clone(&register), job));
}

async fn on_created(tx: &mut Tx, created: CustomerCreated) -> Result<(), Fault> {
    ask_later(tx, created.customer_id).await
}

async fn on_updated(tx: &mut Tx, updated: CustomerUpdated) -> Result<(), Fault> {
    let asks = updated.changed.iter().any(|field| matches!(field.as_str(), "tax_id" | "country"));
    if asks { ask_later(tx, updated.customer_id).await } else { Ok(()) }
}

async fn ask_later(tx: &mut Tx, customer_id: i64) -> Result<(), Fault> {
    let found = store::find(tx, Id::new(customer_id)).await?;
    if found.is_some_and(|customer| customer.tax_id_status == TaxIdStatus::Unchecked) {
        bursar_jobs::enqueue(tx, &CheckTaxId { customer_id }).await?;
    }
    Ok(())
}

async fn ask(cx: Cx, register: Arc<dyn TaxIdRegister>, job: CheckTaxId) -> JobOutcome {
    match ask_once(&cx, &*register, job.customer_id).await {
        Ok(outcome) => outcome,
        Err(fault) => JobOutcome::from(fault),
    }
}

async fn ask_once(cx: &Cx, register: &dyn TaxIdRegister, customer_id: i64) -> Result<JobOutcome, Fault> {
    let id = Id::<Customer>::new(customer_id);
    let found = cx.read(async move |tx: &mut Tx| store::find(tx, id).await).await?;
    let Some(customer) = found.filter(|it| it.tax_id_status == TaxIdStatus::Unchecked) else {
        return Ok(JobOutcome::Done);
    };
    let postal = customer.details.postal;
    let checked = match TaxId::parse(&postal.country, &postal.tax_id) {
        Ok(number) => {
            let call = Call::new(cx.now(), DEFAULT_TIMEOUT, Credentials::none());
            register.check(&call, &number).await
        }
        // Nobody here can say: it stays unchecked, and staff decide.
        Err(BadTaxId::UnknownCountry(_)) => return Ok(JobOutcome::Done),
        Err(BadTaxId::WrongForm { .. } | BadTaxId::WrongCheckDigit { .. }) => Check::Invalid,
    };
    let status = match checked {
        Check::Valid { .. } => TaxIdStatus::Valid,
        Check::Invalid => TaxIdStatus::Invalid,
        Check::Unavailable { why } => return Ok(JobOutcome::Retry { why }),
    };
    let register = register.id();
    cx.write(async move |tx: &mut Tx| {
        if !parts::set_tax_id_status(tx, id, &postal.tax_id, status).await? {
            return Ok(());
        }
        let (before, after) = (
            json!({ "tax_id_status": TaxIdStatus::Unchecked }),
            json!({ "tax_id": postal.tax_id, "tax_id_status": status, "register": register }),
        );
        let subject = format!("customer:{customer_id}");
        let action = "customers.tax_id.check";
        let audit = Audit { action, subject: &subject, before: Some(before), after: Some(after) };
        bursar_audit::record(tx, audit).await
    })
    .await?;
    Ok(JobOutcome::Done)
}
