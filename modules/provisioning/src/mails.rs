//! What customers are told about their services: ready, late, not made and where the money is, suspended, given back,
//! removed. Each mail is written in the transaction of the fact or of the subscriber that hears of it, so that it is
//! written once. How to get in stands on the service's page; a mail carries it only where the business wants that, as an
//! attachment that is made when the mail leaves and lies nowhere before.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_app::Registry;
use bursar_billing::settle::take_back::TakenBack;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::Vendor;
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_inventory::HostingDrivers;
use bursar_jobs::{Job, JobOutcome};
use bursar_mail::{Attached, AttachmentSource, MailTemplate};
use bursar_messaging::{AttachmentRef, Mail, Recipient, post, public_address};
use bursar_money::{Currency, Money};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::events::ServiceChanged;
use crate::service::{ResourceState, Service};
use crate::settings::{MoneyBack, ProvisioningSettings};
use crate::states::State;
use crate::{Seals, money_back, store};

const READY: &str = "provisioning.ready";
const DELAYED: &str = "provisioning.delayed";
const FAILED: &str = "provisioning.failed";
const SUSPENDED: &str = "provisioning.suspended";
const RESUMED: &str = "provisioning.resumed";
const TERMINATED: &str = "provisioning.terminated";
/// User name and password as a text.
const ACCESS: &str = "provisioning.access";

bursar_db::statements! {
    /// Whether a service ever worked.
    pub(crate) EVER_ACTIVE = "SELECT id FROM provisioning_transitions
        WHERE service_id = $1 AND to_state = 'active' ORDER BY id LIMIT 1";
}

/// The mails with their subscriber, and what is on them.
pub(crate) fn register(registry: &mut Registry, drivers: &HostingDrivers, seals: &Seals) {
    for template in TEMPLATES {
        registry.mail(*template);
    }
    registry.attachments(ACCESS, Arc::new(AccessSheets { drivers: drivers.clone(), seals: seals.clone() }));
    registry.on("provisioning.mail", on_changed);
    let drivers = drivers.clone();
    registry.job(move |cx, job| tell_delay(cx, drivers.clone(), job));
}

const fn template(
    name: &'static str,
    label: &'static str,
    sources: [(Locale, &'static str); 6],
    samples: fn() -> Vec<Value>,
) -> MailTemplate {
    MailTemplate { name, label, is_essential: true, is_secret: false, sources, samples }
}

const TEMPLATES: &[MailTemplate] = &[
    template(READY, "Service ready", bursar_mail::sources!("../mails/ready"), || {
        let all = json!({ "host": "web.example.com", "addresses": "192.0.2.9", "is_attached": true });
        vec![sample(json!({ "host": null, "addresses": "", "is_attached": false })), sample(all)]
    }),
    template(DELAYED, "Service delayed", bursar_mail::sources!("../mails/delayed"), || {
        let case = |gives_back: bool, is_held: bool| {
            sample(json!({ "promised_on": "2026-03-24", "gives_back": gives_back, "is_held": is_held }))
        };
        vec![case(false, false), case(true, false), case(true, true)]
    }),
    template(FAILED, "Service not made", bursar_mail::sources!("../mails/failed"), || {
        let euros = |minor| Money::new(minor, Currency::EUR);
        let case = |refunded: Option<Money>, credited: Option<Money>, released: Option<Money>| {
            sample(json!({ "refunded": refunded, "credited": credited, "released": released }))
        };
        vec![
            case(Some(euros(11_900)), None, None),
            case(None, Some(euros(100)), None),
            case(None, None, Some(euros(11_900))),
            case(None, None, None),
        ]
    }),
    template(SUSPENDED, "Service suspended", bursar_mail::sources!("../mails/suspended"), || {
        vec![sample(json!({ "why": "" })), sample(json!({ "why": "An invoice is overdue." }))]
    }),
    template(RESUMED, "Service given back", bursar_mail::sources!("../mails/resumed"), || {
        vec![sample(json!({}))]
    }),
    template(TERMINATED, "Service removed", bursar_mail::sources!("../mails/terminated"), || {
        vec![sample(json!({}))]
    }),
];

fn sample(mut values: Value) -> Value {
    values["name"] = Value::from("Ann Becker");
    values["service"] = Value::from("VPS 2");
    values["url"] = Value::from("https://office.example/portal/services/12");
    values
}

/// How to get in, written when a mail leaves.
struct AccessSheets {
    drivers: HostingDrivers,
    seals: Seals,
}

#[async_trait]
impl AttachmentSource for AccessSheets {
    async fn attach(&self, cx: &Cx, id: i64) -> Result<Attached, Fault> {
        let resource = cx.read(async move |tx: &mut Tx| store::resource_of(tx, id).await).await?;
        let mut lines = String::new();
        if let Some(resource) = resource {
            for (kind, value) in &resource.shown.access {
                lines.push_str(&format!("{}: {value}\n", kind.replace('_', " ")));
            }
            let is_known = crate::actions::has_password(&self.drivers, &resource);
            if let Some(sealed) = resource.password_sealed.as_deref().filter(|_| is_known) {
                lines.push_str(&format!("password: {}\n", self.seals.open(sealed)?.expose()));
            }
        }
        Ok(Attached { name: "access.txt".to_owned(), media_type: "text/plain", bytes: lines.into_bytes() })
    }
}

/// The subscriber `provisioning.mail`.
async fn on_changed(tx: &mut Tx, event: ServiceChanged) -> Result<(), Fault> {
    let (from, to) = (State::parse(&event.from), State::parse(&event.to));
    let (Some(from), Some(to)) = (from, to) else { return Ok(()) };
    let Some(service) = store::find(tx, event.service_id).await? else { return Ok(()) };
    match (from, to) {
        (State::Provisioning, State::Active) => ready(tx, &service).await,
        (State::Suspending, State::Suspended) => {
            let values = json!({ "why": service.hold_reason });
            write(tx, SUSPENDED, &service, values, None).await
        }
        (State::Resuming, State::Active) => write(tx, RESUMED, &service, json!({}), None).await,
        (_, State::Deprovisioned) if ever_active(tx, service.id).await? => {
            write(tx, TERMINATED, &service, json!({}), None).await
        }
        _ => Ok(()),
    }
}

async fn ever_active(tx: &mut Tx, service: i64) -> Result<bool, Fault> {
    Ok(tx.query_opt(&EVER_ACTIVE, params![service], |row| row.get::<i64>(0)).await?.is_some())
}

async fn ready(tx: &mut Tx, service: &Service) -> Result<(), Fault> {
    let shown = store::resource_of(tx, service.id).await?.map(|resource| resource.shown).unwrap_or_default();
    let is_attached = ProvisioningSettings::load(tx).await?.mail_passwords;
    let values = json!({
        "host": service.name, "addresses": shown.addresses.join(", "), "is_attached": is_attached,
    });
    write(tx, READY, service, values, is_attached.then_some(service.id)).await
}

/// It could not be made, and where the money is.
pub(crate) async fn failed(tx: &mut Tx, service: &Service, back: &TakenBack) -> Result<(), Fault> {
    let customer = bursar_customers::find(tx, Id::new(service.customer_id)).await?;
    let Some(currency) = customer.map(|customer| customer.currency) else { return Ok(()) };
    let some = |minor: i64| (minor > 0).then(|| Money::new(minor, currency));
    let values = json!({
        "refunded": some(back.refunded_minor), "credited": some(back.to_credit_minor - back.refunded_minor),
        "released": some(back.released_minor),
    });
    write(tx, FAILED, service, values, None).await
}

/// Looks whether a service is late. Safe twice: whoever was told is told again at worst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TellDelay {
    service_id: i64,
    started_micros: i64,
}

impl Job for TellDelay {
    const KIND: &'static str = "provisioning.tell_delay";
}

/// A service is to be made: its customer hears of it if that takes long.
pub(crate) async fn watch(
    tx: &mut Tx,
    settings: &ProvisioningSettings,
    service_id: i64,
) -> Result<(), Fault> {
    if settings.delay_minutes == 0 {
        return Ok(());
    }
    let now = tx.now();
    let job = TellDelay { service_id, started_micros: now.micros() };
    let key = format!("{}:{service_id}", TellDelay::KIND);
    bursar_jobs::enqueue_once(tx, &job, now.plus_minutes(settings.delay_minutes), &key).await.map(drop)
}

async fn tell_delay(cx: Cx, drivers: HostingDrivers, job: TellDelay) -> JobOutcome {
    let told = cx.write(async move |tx: &mut Tx| delayed(tx, &drivers, &job).await).await;
    told.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}

async fn delayed(tx: &mut Tx, drivers: &HostingDrivers, job: &TellDelay) -> Result<(), Fault> {
    let Some(service) = store::find(tx, job.service_id).await? else { return Ok(()) };
    if service.facts.is_ended || !matches!(service.state, State::Queued | State::Provisioning | State::Failed)
    {
        return Ok(());
    }
    if let Some(resource) = store::resource_of(tx, service.id).await? {
        let driver = drivers.manifest(&resource.driver);
        // What people make takes as long as people take: nobody promised it within minutes.
        let by_people = driver.is_some_and(|manifest| manifest.vendor == Vendor::Ourselves);
        if resource.state == ResourceState::Live || by_people {
            return Ok(());
        }
    }
    let settings = ProvisioningSettings::load(tx).await?;
    let started = bursar_time::Instant::from_micros(job.started_micros);
    let promised = started.plus_minutes(settings.money_back_hours * 60);
    // Nobody is promised what staff have to decide first: it comes back by itself only where it is called off by itself.
    let gives_back = settings.money_back != MoneyBack::Wait && money_back::is_alone(tx, &service).await?;
    let is_held = money_back::held_invoice(tx, &service).await?.is_some();
    let values = json!({
        "promised_on": promised.to_date(tx.zone()), "gives_back": gives_back, "is_held": is_held,
    });
    write(tx, DELAYED, &service, values, None).await
}

/// Writes a mail to whoever has the service, if there is an address to write to.
async fn write(
    tx: &mut Tx,
    template: &'static str,
    service: &Service,
    mut values: Value,
    access_of: Option<i64>,
) -> Result<(), Fault> {
    let customer = bursar_customers::find(tx, Id::new(service.customer_id)).await?;
    let customer = customer.filter(|customer| !customer.details.postal.email.is_empty());
    let Some(customer) = customer else { return Ok(()) };
    let postal = &customer.details.postal;
    values["name"] = Value::from(postal.display_name());
    values["service"] = Value::from(service.label.clone());
    values["url"] = Value::from(format!("{}/portal/services/{}", public_address(tx), service.id));
    let to = Recipient {
        email: postal.email.clone(),
        name: postal.full_name(),
        locale: Locale::parse(&customer.details.language).unwrap_or_default(),
        customer_id: Some(service.customer_id),
    };
    let attachments = access_of.into_iter().map(|id| AttachmentRef { kind: ACCESS.to_owned(), id }).collect();
    post(tx, &Mail { template, to, values, attachments }).await.map(drop)
}

#[cfg(test)]
mod tests {
    use bursar_mail::MailBook;

    use super::*;

    #[test]
    fn every_mail_is_written_in_every_language_with_every_sample() {
        let book = MailBook::new(TEMPLATES.to_vec(), Vec::new()).unwrap();
        assert_eq!(book.write_samples().unwrap(), 13 * 6, "thirteen samples in six languages");
    }
}
