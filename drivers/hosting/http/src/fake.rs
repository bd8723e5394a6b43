//! A service that checks signatures, answers questions and makes nothing.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bursar_fakeserver::{Asked, Pretend, Reply};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::relay::WEBHOOK_HEADER;
use bursar_hosting::relay::fake::{ANNOUNCEMENT_SECRET, EVERYTHING, PLANS, Panel};
use bursar_hosting::{Reference, Tag, WebhookRequest};
use bursar_outbound::signature;
use bursar_time::Instant;
use serde_json::json;

/// What questions must be signed with.
pub const SIGNING_SECRET: &str = "own-service-signing-secret";

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Http(open),
    settings: &[
        ("signing_secret", SIGNING_SECRET),
        ("secrets", SECRETS),
        ("webhook_secret", ANNOUNCEMENT_SECRET),
        ("offers", EVERYTHING),
    ],
    plan: &[("plan", PLANS[0])],
};

/// The secret parameters that the fake wants; a test compares them with the panel's key.
pub const SECRETS: &str = "key=relay-panel-key-1";

fn open(state: Option<&Path>) -> io::Result<Arc<dyn Pretend>> {
    Ok(Arc::new(FakeService::open(state)?))
}

/// The service.
#[derive(Debug)]
pub struct FakeService(Panel);

impl FakeService {
    /// A service that remembers as long as it lives, or in a file.
    pub fn open(state: Option<&Path>) -> io::Result<Self> {
        Ok(Self(Panel::open(state)?))
    }

    /// Takes what was announced so far.
    pub fn announcements(&self) -> Vec<WebhookRequest> {
        self.0.announcements()
    }
}

impl Pretend for FakeService {
    fn answer(&self, asked: &Asked) -> Reply {
        let question = asked.json();
        // The fake has no clock: the question's own time is now.
        let now = Instant::EPOCH.plus_seconds(question["now"].as_i64().unwrap_or_default());
        let header = asked.header(WEBHOOK_HEADER).unwrap_or_default();
        if signature::verify(SIGNING_SECRET, now, header, &asked.body).is_err() {
            return Reply::json(401, &json!({ "message": "the signature does not match" }));
        }
        Reply::json(200, &self.0.answer(&question))
    }

    fn changes(&self, asked: &Asked) -> bool {
        Panel::changes(&asked.json())
    }
}

impl Fake for FakeService {
    fn live(&self, tag: &Tag) -> usize {
        self.0.live(tag)
    }
    fn pass_time(&self) {
        self.0.pass_time();
    }
    fn fill(&self) -> bool {
        self.0.fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.0.block(tag)
    }
    fn strangers(&self) -> usize {
        self.0.strangers()
    }
}
