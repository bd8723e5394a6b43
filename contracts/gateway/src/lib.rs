//! What we ask of a payment gateway: charge a customer, tell what became of a charge, and, where the vendor can,
//! hold money and take it later, refund, keep payment methods, cancel, and announce changes by webhook.
//!
//! Outcomes are not errors: a decline is `Ok`. [`bursar_outbound::CallError`] says that there is no outcome and what
//! may be done about it. Only an explicit success is success; everything a driver does not recognise is pending.
//! Amounts are in our minor units; a vendor's spelling of them stays in its driver. No vendor word crosses this line.
//!
//! Every driver passes [`conformance`].

pub mod conformance;
mod manifest;
mod outcome;
mod words;

use async_trait::async_trait;
use bursar_money::Money;
use bursar_outbound::{Call, CallError};

pub use manifest::{Manifest, Setting, SettingKind};
pub use outcome::{Captured, ChargeOutcome, Decline, DeclineClass, Held, RefundOutcome, SetupOutcome};
pub use words::{
    BadKey, GatewayReference, IdempotencyKey, MethodToken, StoredMethod, WebhookEvent, WebhookRefused,
    WebhookRequest, WebhookSubject,
};

/// One vendor of payments. Drivers keep no state of their own; what a call may use is in [`Call`].
#[async_trait]
pub trait Gateway: Send + Sync {
    /// The driver's name, settings and limits, as data.
    fn manifest(&self) -> &Manifest;

    /// Charges once per key. A second call with the same key MUST NOT move money again and MUST answer with the
    /// state of the first; the same key with another amount or currency MUST be `Refused`.
    /// `Ok(Captured)` MUST mean that the money is ours. After `Unknown` or `Unreadable` the caller asks
    /// [`find_charge`](Self::find_charge).
    async fn charge(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError>;

    /// What became of the charge or hold of a key. `Ok(None)` MUST mean that the vendor never accepted it and will not
    /// act on it later, so that the same key may be sent again.
    async fn find_charge(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<ChargeOutcome>, CallError>;

    /// Setting money aside and taking it later. A gateway that cannot is charged at once.
    fn holds(&self) -> Option<&dyn Holds> {
        None
    }

    /// Giving money back.
    fn refunds(&self) -> Option<&dyn Refunds> {
        None
    }

    /// Keeping a customer's card or account for later charges.
    fn stored_methods(&self) -> Option<&dyn StoredMethods> {
        None
    }

    /// Asking the customer for a method to keep, on the vendor's own page.
    fn method_setups(&self) -> Option<&dyn MethodSetups> {
        None
    }

    /// Withdrawing a charge that waits for the customer.
    fn cancellations(&self) -> Option<&dyn Cancellations> {
        None
    }

    /// Being told of changes.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }
}

/// The capability to set money aside and take it later, all of it or, where the hold says so, a part. What became of a hold is asked with
/// [`Gateway::find_charge`]; what is captured is refunded like any other charge.
#[async_trait]
pub trait Holds: Send + Sync {
    /// Holds once per key, with the promises of [`Gateway::charge`]. `Ok(Held)` MUST mean that the money can be captured
    /// until the time it names and that none has moved; `Ok(Captured)` that the vendor took it at once.
    async fn authorise(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError>;

    /// Takes what is held under a key: `part` of it, or all where none is named. What is not taken MUST be the payer's
    /// again. A hold that does not [take parts](Held::takes_parts), or holds less than the part, MUST be `Refused` and
    /// move nothing. A second call MUST NOT move money again and MUST answer with the state of the
    /// first. A hold that is over answers with what it became, `Expired` or `Cancelled`, and moves nothing; a bank that
    /// refuses after all is `Declined`. A key that was never held is `Refused`.
    async fn capture(
        &self,
        call: &Call,
        key: &IdempotencyKey,
        part: Option<Money>,
    ) -> Result<ChargeOutcome, CallError>;

    /// Lets go of what is held. `Ok(Cancelled)` MUST mean that it can no longer be captured; releasing twice is the same
    /// answer twice. A capture that was faster answers with what it became. A key that was never held is `Refused`.
    async fn release(&self, call: &Call, key: &IdempotencyKey) -> Result<ChargeOutcome, CallError>;
}

/// The capability to refund.
#[async_trait]
pub trait Refunds: Send + Sync {
    /// Refunds part or all of a charge, once per key, with the promises of [`Gateway::charge`]. More than what is
    /// left of the charge MUST be `Ok(Failed)` or `Refused`, never a smaller refund.
    async fn refund(&self, call: &Call, request: &RefundRequest) -> Result<RefundOutcome, CallError>;

    /// What became of the refund of a key; `None` as in [`Gateway::find_charge`].
    async fn find_refund(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<RefundOutcome>, CallError>;
}

/// The capability to keep payment methods.
#[async_trait]
pub trait StoredMethods: Send + Sync {
    /// Turns what the vendor's page handed to the browser into a method that can be charged later for `customer`
    /// (our number, for the vendor's records).
    async fn store(&self, call: &Call, customer: i64, token: &MethodToken)
    -> Result<StoredMethod, CallError>;

    /// Makes a stored method unusable. `Ok` MUST mean that the vendor can no longer charge it; forgetting twice is
    /// `Ok`.
    async fn forget(&self, call: &Call, token: &MethodToken) -> Result<(), CallError>;
}

/// The capability to ask for a method on the vendor's own page, so that no card number ever comes near us. What it
/// gives is charged and forgotten like any other of [`StoredMethods`], which a driver with this capability MUST have too.
#[async_trait]
pub trait MethodSetups: Send + Sync {
    /// Opens the vendor's page, once per key: a second call with the same key MUST answer with the state of the first.
    async fn open(&self, call: &Call, request: &SetupRequest) -> Result<SetupOutcome, CallError>;

    /// What became of the setup of a key. `Ok(None)` MUST mean that the vendor never accepted it.
    async fn find_setup(&self, call: &Call, key: &IdempotencyKey) -> Result<Option<SetupOutcome>, CallError>;
}

/// The capability to withdraw a charge.
#[async_trait]
pub trait Cancellations: Send + Sync {
    /// Withdraws a charge that is not final. `Ok(Cancelled)` MUST mean that the vendor can no longer collect; a
    /// charge that was faster answers with what it became.
    async fn cancel(&self, call: &Call, key: &IdempotencyKey) -> Result<ChargeOutcome, CallError>;
}

/// The capability to announce changes. A webhook is a hint: it names what changed, never what it became.
pub trait Webhooks: Send + Sync {
    /// Checks the signature over the raw body, then reads it. Reads nothing of an unsigned body. Makes no call.
    fn verify(&self, call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused>;
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// Stable for the attempt group; see [`Gateway::charge`].
    pub key: IdempotencyKey,
    /// What to collect; positive.
    pub amount: Money,
    /// A stored method or what the vendor's page gave; `None` lets the vendor's own page ask the customer.
    pub method: Option<MethodToken>,
    /// Our number of the customer.
    pub customer: i64,
    /// For the customer's statement and the vendor's records.
    pub description: String,
    /// Where the vendor sends the browser back after authentication.
    pub return_url: Option<String>,
    /// Whether the customer is there to authenticate.
    pub presence: Presence,
}

/// Whether somebody can answer the vendor's questions now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The customer's browser waits.
    Present,
    /// A renewal by night: a vendor that wants authentication declines or leaves a link for later.
    Absent,
}

/// One setup of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupRequest {
    /// Stable for this setup.
    pub key: IdempotencyKey,
    /// Our number of the customer.
    pub customer: i64,
    /// Where the vendor sends the browser back, whatever the customer did.
    pub return_url: String,
}

/// One refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// Stable for this refund.
    pub key: IdempotencyKey,
    /// The vendor's reference of the captured charge.
    pub charge: GatewayReference,
    /// How much; positive, in the charge's currency.
    pub amount: Money,
    /// Why, for the vendor's records.
    pub reason: String,
}
