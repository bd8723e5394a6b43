//! A service of the operator's own as a hosting driver: the same questions as for a program, posted as signed JSON.
//!
//! The signature says who asks; TLS says who answers. An answer is not signed: its certificate is checked or pinned.

#[cfg(feature = "fake")]
pub mod fake;
mod settings;

use async_trait::async_trait;
use bursar_hosting::relay::{Carrier, Question, Relay, WEBHOOK_HEADER};
use bursar_hosting::{Manifest, server};
use bursar_outbound::{Call, CallError, Forbidden, Request, signature};
use serde_json::Value;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "http";

/// The driver.
pub type Http = Relay<Post>;

/// Posts questions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Post;

#[async_trait]
impl Carrier for Post {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn carry(&self, call: &Call, question: &Question) -> Result<Value, CallError> {
        let endpoint = server::endpoint(call)?;
        let secret = server::secret(call, settings::SIGNING_SECRET, "signing secret")?;
        let body = question.expose();
        let mut request = Request::post(&endpoint, "")
            .header(WEBHOOK_HEADER, signature::sign(secret, call.now(), body.as_bytes()))
            .body("application/json", body.as_bytes());
        for secret in question.secrets() {
            request = request.hiding(secret);
        }
        if question.answer_is_secret() {
            request = request.with_secret_answer();
        }
        request.send(call).await?.success(Forbidden::IsCredentials)?.json()
    }
}
