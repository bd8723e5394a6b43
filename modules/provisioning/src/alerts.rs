//! What staff are told at once: a server that fails, once, and once when it is back; a step that was given up.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_messaging::notices::{Audience, NewNotice, raise};
use bursar_messaging::{NewMessage, queue};
use bursar_web::{NoticeKind, Severity};

use crate::breaker::{Alert, Breaker};
use crate::permissions;
use crate::places;
use crate::policy::Action;
use crate::service::{Operation, Service};
use crate::settings::ProvisioningSettings;

/// Everything that is to be done on a server waits.
pub(crate) const SERVER: NoticeKind = NoticeKind::staff(
    "provisioning.server_failing",
    "Servers that do not work",
    "The server {server} does not work: {why}.",
    permissions::SERVICE_VIEW,
)
.values(&["server", "why"])
.severity(Severity::Danger);
/// A step waits for a person.
pub(crate) const GAVE_UP: NoticeKind = NoticeKind::staff(
    "provisioning.gave_up",
    "Services that wait for a person",
    "{service} waits for a person: {action} was given up.",
    permissions::SERVICE_VIEW,
)
.values(&["service", "action"])
.severity(Severity::Warning);

/// What was promised is not there, and nothing gives its money back by itself.
pub(crate) const LATE: NoticeKind = NoticeKind::staff(
    "provisioning.late",
    "Services that were not made in time",
    "{service} of customer {customer} was not made in time. Make it, or call it off and give its money back.",
    permissions::SERVICE_VIEW,
)
.values(&["service", "customer"])
.severity(Severity::Danger);

/// A server's breaker opened or closed.
pub(crate) async fn server(
    tx: &mut Tx,
    server: i64,
    alert: Alert,
    before: &Breaker,
    now: &Breaker,
) -> Result<(), Fault> {
    let name = places::server_name(tx, server).await?;
    if let (Alert::Opened, Some(opened_at)) = (alert, now.opened_at) {
        let notice = NewNotice {
            to: Audience::Staff,
            about: format!("server:{server}:{}", opened_at.micros()),
            said: vec![name.clone().into(), now.why.clone().into()],
            href: format!("/admin/servers/{server}"),
        };
        raise(tx, &SERVER, notice).await?;
    }
    let (subject, text) = match alert {
        Alert::Opened => (
            format!("The server {name} does not work"),
            format!(
                "The server {name} does not work: {}.\n\nEverything that is to be done there waits; nothing is lost. It \
                 is tried again by itself, and you will be told once when it is back. If its credentials changed, \
                 enter them on its page.",
                now.why
            ),
        ),
        Alert::Closed => (
            format!("The server {name} works again"),
            format!(
                "The server {name} works again. What waited for it goes on. It had said: {}.",
                before.why
            ),
        ),
    };
    tell(tx, "provisioning.server", subject, text, None).await
}

/// A service was not made in time, and a person has to decide about its money.
pub(crate) async fn late(tx: &mut Tx, service: &Service) -> Result<(), Fault> {
    let notice = NewNotice {
        to: Audience::Staff,
        about: format!("service:{}", service.id),
        said: vec![service.label.clone().into(), service.customer_id.to_string().into()],
        href: format!("/admin/services/{}", service.id),
    };
    raise(tx, &LATE, notice).await.map(drop)
}

/// A step was given up, and a person has to look.
pub(crate) async fn gave_up(tx: &mut Tx, service: &Service, operation: &Operation) -> Result<(), Fault> {
    let notice = NewNotice {
        to: Audience::Staff,
        about: format!("operation:{}", operation.id),
        said: vec![service.label.clone().into(), operation.action.code().into()],
        href: format!("/admin/services/{}", service.id),
    };
    raise(tx, &GAVE_UP, notice).await?;
    let subject = format!("{} could not be done for {}", operation.action.code(), service.label);
    let advice = match operation.action {
        Action::Move => "It stays where it is. Mend the cause and move it again, or choose another server.",
        Action::Leave => {
            "The move itself is done. What it left on the old server is still there: the service's page says where, and \
             lets you try again."
        }
        Action::Create
        | Action::Suspend
        | Action::Resume
        | Action::Update
        | Action::Terminate
        | Action::Password
        | Action::Reinstall
        | Action::Start
        | Action::Stop
        | Action::Restart
        | Action::Kill => "Mend the cause and choose “Try again” on the service's page.",
    };
    let text = format!(
        "Service {} ({}) waits for a person: {} was given up.\n\n{}\n\n{advice}",
        service.id,
        service.label,
        operation.action.code(),
        operation.why
    );
    tell(tx, "provisioning.gave_up", subject, text, Some(service.customer_id)).await
}

/// More services than usual were to be suspended on one day: the rest waits for a person.
pub(crate) async fn many_suspensions(tx: &mut Tx, most: i64) -> Result<(), Fault> {
    let text = format!(
        "More than {most} services were to be suspended today. The rest waits for you: look at the list of held \
         suspensions and let them through, or leave them."
    );
    tell(tx, "provisioning.many_suspensions", "Suspensions wait for you".to_owned(), text, None).await
}

async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    subject: String,
    body_text: String,
    customer_id: Option<i64>,
) -> Result<(), Fault> {
    let to_email = ProvisioningSettings::load(tx).await?.alert_email;
    if to_email.is_empty() {
        return Ok(());
    }
    queue(tx, &NewMessage { to_email, subject, body_text, kind, customer_id }).await.map(drop)
}
