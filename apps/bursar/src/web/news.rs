//! What the bell tells beyond a single module: problems that wait, services that are ready, sign-ins from a new browser.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bursar_app::{Bell, Pump, Registry};
use bursar_context::Cx;
use bursar_customers::permissions::{PORTAL_PRIVACY, PRIVACY_DECIDE};
use bursar_customers::{ErasureAsked, PrivacyCopyReady};
use bursar_db::Tx;
use bursar_events::Dispatcher;
use bursar_fault::Fault;
use bursar_identity::browser_name;
use bursar_identity::events::NewDeviceUsed;
use bursar_jobs::Runner;
use bursar_messaging::notices::{Audience, NewNotice, Reader, raise, unread};
use bursar_provisioning::events::ServiceChanged;
use bursar_provisioning::permissions::PORTAL_SERVICE_VIEW;
use bursar_time::Instant;
use bursar_web::{NoticeKind, Principal, Severity};

use super::desk::PROBLEM_VIEW;

/// Work that was given up, news that nobody could take, subscriptions put aside, webhooks that nobody understood.
const PROBLEM: NoticeKind =
    NoticeKind::staff("desk.problem", "Waiting problems", "{count} {what} for a person.", PROBLEM_VIEW)
        .values(&["count", "what"])
        .severity(Severity::Warning);
const READY: NoticeKind = NoticeKind::customer(
    "desk.service_ready",
    "desk-notice-ready-kind",
    "desk-notice-ready",
    PORTAL_SERVICE_VIEW,
)
.values(&["service"]);
const DEVICE_STAFF: NoticeKind = NoticeKind::staff(
    "desk.staff_device",
    "Sign-ins from a new browser",
    "You signed in with a new browser: {agent}, from {address}. Was it not you? Change your password.",
    PROBLEM_VIEW,
)
.values(&["agent", "address"])
.severity(Severity::Danger)
.personal()
.told_by_letter();
const DEVICE_USER: NoticeKind = NoticeKind::customer(
    "desk.user_device",
    "desk-notice-device-kind",
    "desk-notice-device",
    PORTAL_SERVICE_VIEW,
)
.values(&["agent", "address"])
.severity(Severity::Danger)
.personal()
.told_by_letter();

const COPY: NoticeKind =
    NoticeKind::customer("desk.copy_ready", "desk-notice-copy-kind", "desk-notice-copy", PORTAL_PRIVACY);
const ERASURE: NoticeKind = NoticeKind::staff(
    "desk.erasure_asked",
    "Customers who wish to be forgotten",
    "Customer {customer} wishes to be forgotten.",
    PRIVACY_DECIDE,
)
.values(&["customer"])
.severity(Severity::Warning);

/// How often problems are looked for, in seconds.
const PAUSE_SECONDS: i64 = 60;
/// Of each kind of problem so many are counted.
const MOST: i64 = 100;

pub(super) fn register(registry: &mut Registry) {
    for kind in [COPY, ERASURE, PROBLEM, READY, DEVICE_STAFF, DEVICE_USER] {
        registry.notice(kind);
    }
    registry.on("desk.tell_service_ready", on_service_changed);
    registry.on("desk.tell_copy_ready", on_copy_ready);
    registry.on("desk.tell_erasure_asked", on_erasure_asked);
    registry.pump(Arc::new(Watch::default()));
}

/// What the bell of a page says.
#[derive(Debug)]
pub(super) struct Unread;

#[async_trait]
impl Bell for Unread {
    async fn unread(&self, cx: &Cx, who: &Principal) -> Result<Option<u32>, Fault> {
        let Some(reader) = Reader::of(who) else { return Ok(None) };
        let count = cx.glance(unread(&reader)).await?.pop();
        Ok(count.and_then(|count| u32::try_from(count).ok()))
    }
}

/// A service that was being made works. Safe to run twice: it is told once.
async fn on_service_changed(tx: &mut Tx, event: ServiceChanged) -> Result<(), Fault> {
    if event.from != "provisioning" || event.to != "active" {
        return Ok(());
    }
    let Some(service) = bursar_provisioning::find_service(tx, event.service_id).await? else { return Ok(()) };
    let notice = NewNotice {
        to: Audience::Customer(event.customer_id),
        about: format!("service:{}", event.service_id),
        said: vec![service.label.into()],
        href: format!("/portal/services/{}", event.service_id),
    };
    raise(tx, &READY, notice).await.map(drop)
}

/// Safe to run twice: it is told once.
async fn on_copy_ready(tx: &mut Tx, event: PrivacyCopyReady) -> Result<(), Fault> {
    let notice = NewNotice {
        to: Audience::Customer(event.customer_id),
        about: format!("copy:{}", event.request_id),
        said: Vec::new(),
        href: "/portal/privacy".to_owned(),
    };
    raise(tx, &COPY, notice).await.map(drop)
}

/// Safe to run twice: it is told once.
async fn on_erasure_asked(tx: &mut Tx, event: ErasureAsked) -> Result<(), Fault> {
    let notice = NewNotice {
        to: Audience::Staff,
        about: format!("erasure:{}", event.request_id),
        said: vec![event.customer_id.into()],
        href: "/admin/privacy".to_owned(),
    };
    raise(tx, &ERASURE, notice).await.map(drop)
}

/// Somebody came with a browser that we had not seen. Every such sign-in is told.
pub(super) async fn new_device(tx: &mut Tx, event: &NewDeviceUsed) -> Result<(), Fault> {
    let (kind, to, href) = match event.kind.as_str() {
        "staff" => (&DEVICE_STAFF, Audience::OneOfStaff(event.subject_id), "/admin/security"),
        _ => (&DEVICE_USER, Audience::OneUser(event.subject_id), "/portal/security"),
    };
    let notice = NewNotice {
        to,
        about: format!("{}:{}", tx.now().micros(), event.address),
        said: vec![browser_name(&event.agent).into(), event.address.clone().into()],
        href: href.to_owned(),
    };
    raise(tx, kind, notice).await.map(drop)
}

/// Looks for problems now and then. It works nothing off: finding one is no work done, so it never keeps a drain going.
#[derive(Debug, Default)]
struct Watch(Mutex<Option<Instant>>);

impl Watch {
    /// Whether it is time for another look; two processes that look find the same and tell it once.
    fn is_time(&self, now: Instant) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| now >= last.plus_seconds(PAUSE_SECONDS) || now < last);
        if is_time {
            *last = Some(now);
        }
        is_time
    }
}

#[async_trait]
impl Pump for Watch {
    fn name(&self) -> &'static str {
        "desk.watch"
    }

    async fn drain(&self, cx: &Cx, going_on: &(dyn Fn() -> bool + Sync)) -> Result<usize, Fault> {
        if going_on() && self.is_time(cx.now()) {
            look(cx).await?;
        }
        Ok(0)
    }

    async fn next_at(&self, _: &Cx) -> Result<Option<Instant>, Fault> {
        Ok(None)
    }
}

/// So many, and the newest of them: with a newer one it is news again.
struct Waiting {
    what: &'static str,
    count: usize,
    newest: i64,
}

impl Waiting {
    fn of(what: &'static str, ids: impl Iterator<Item = i64>) -> Option<Self> {
        let ids: Vec<i64> = ids.collect();
        ids.iter().max().map(|newest| Self { what, count: ids.len(), newest: *newest })
    }
}

async fn look(cx: &Cx) -> Result<(), Fault> {
    let jobs = Runner::dead(cx, MOST).await?;
    let deliveries = Dispatcher::parked(cx, MOST).await?;
    let (aside, webhooks) = cx
        .read(async |tx: &mut Tx| {
            let aside = bursar_billing::run::store::list_aside(tx, 0, MOST).await?;
            let webhooks = bursar_payments::list_parked_webhooks(tx, MOST).await?;
            Ok::<_, Fault>((aside, webhooks))
        })
        .await?;
    let found: Vec<Waiting> = [
        Waiting::of("jobs wait", jobs.iter().map(|it| it.id)),
        Waiting::of("deliveries of news wait", deliveries.iter().map(|it| it.id)),
        Waiting::of("subscriptions that could not be billed wait", aside.iter().map(|it| it.subscription_id)),
        Waiting::of("webhooks wait", webhooks.iter().map(|it| it.id)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if found.is_empty() {
        return Ok(());
    }
    cx.write(async move |tx: &mut Tx| {
        for waiting in &found {
            let notice = NewNotice {
                to: Audience::Staff,
                about: format!("{}:{}", waiting.what, waiting.newest),
                said: vec![i64::try_from(waiting.count).unwrap_or(i64::MAX).into(), waiting.what.into()],
                href: "/admin/problems".to_owned(),
            };
            raise(tx, &PROBLEM, notice).await?;
        }
        Ok(())
    })
    .await
}
