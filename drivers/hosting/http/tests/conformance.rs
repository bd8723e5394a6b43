//! A service over its fake, through the contract's suite.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Rig, ServerRig, Trouble};
use bursar_hosting::relay::fake::{ANNOUNCEMENT_SECRET, EVERYTHING, KEY, PLANS};
use bursar_hosting::{Hosting, Reference, Specification, Tag, WebhookRequest};
use bursar_hosting_http::Http;
use bursar_hosting_http::fake::{FakeService, SECRETS, SIGNING_SECRET};
use bursar_outbound::{Call, CallError, Credentials, Exchange, Outbound, Recording, Settings};

/// The usual rig, and what its service announces.
struct ServiceRig {
    usual: ServerRig,
    service: Arc<FakeService>,
}

fn credentials(signing: &str, announcement: &str) -> Credentials {
    Credentials::none()
        .with("signing_secret", signing)
        .with("secrets", SECRETS)
        .with("webhook_secret", announcement)
}

async fn rig() -> ServiceRig {
    let service = Arc::new(FakeService::open(None).unwrap());
    let server = FakeServer::start(service.clone()).await.unwrap();
    let plan = |name: &str| Settings::none().with("plan", name);
    let usual = ServerRig {
        hosting: Box::new(Http::default()),
        settings: ServerRig::settings_for(&server).with("offers", EVERYTHING),
        fake: service.clone(),
        server: Some(server),
        credentials: credentials(SIGNING_SECRET, ANNOUNCEMENT_SECRET),
        bad_credentials: credentials("another-signing-secret", "another-announcement-secret"),
        plan: plan(PLANS[0]),
        larger_plan: plan(PLANS[1]),
        name: Some("one.example.net".to_owned()),
        outbound: Outbound::new(),
        recording: Recording::default(),
    };
    ServiceRig { usual, service }
}

impl Rig for ServiceRig {
    fn hosting(&self) -> &dyn Hosting {
        self.usual.hosting()
    }
    fn call(&self) -> Call {
        self.usual.call()
    }
    fn call_with_bad_credentials(&self) -> Call {
        self.usual.call_with_bad_credentials()
    }
    fn specification(&self) -> Specification {
        self.usual.specification()
    }
    fn larger(&self) -> Specification {
        self.usual.larger()
    }
    fn trouble(&self, trouble: Trouble) {
        match trouble {
            // A call is one request here, so that a question that goes wrong must leave a change undone.
            Trouble::GarbleQuestion => self.usual.trouble(Trouble::LoseQuestion),
            other => self.usual.trouble(other),
        }
    }
    fn forget_trouble(&self) {
        self.usual.forget_trouble();
    }
    fn live(&self, tag: &Tag) -> usize {
        self.usual.live(tag)
    }
    fn pass_time(&self) {
        self.usual.pass_time();
    }
    fn fill(&self) -> bool {
        self.usual.fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.usual.block(tag)
    }
    fn strangers(&self) -> usize {
        self.usual.strangers()
    }
    fn vanish(&mut self) {
        self.usual.vanish();
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.usual.exchanges()
    }
    fn webhooks(&self) -> Vec<WebhookRequest> {
        self.service.announcements()
    }
}

#[tokio::test]
async fn a_service_conforms() {
    assert_eq!(SECRETS, format!("key={KEY}"));
    conformance::run(rig).await;
}

#[tokio::test]
async fn the_service_s_own_secrets_are_refused_in_its_own_words_and_never_recorded() {
    let rig = rig().await;
    rig.usual.exchanges();
    let call = rig.call();
    let wrong = credentials(SIGNING_SECRET, ANNOUNCEMENT_SECRET).with("secrets", "key=another-key-44");
    let call = Call::new(call.started_at(), call.timeout(), wrong)
        .with_settings(call.settings().clone())
        .through(&rig.usual.outbound)
        .recorded_by(Arc::new(rig.usual.recording.clone()));
    let refused = rig.hosting().test_connection(&call).await;
    assert!(matches!(&refused, Err(CallError::BadCredentials(why)) if why.contains("key")), "{refused:?}");
    let recorded = format!("{:?}", rig.exchanges());
    assert!(recorded.contains("action") && !recorded.contains("another-key-44"), "{recorded}");
}
