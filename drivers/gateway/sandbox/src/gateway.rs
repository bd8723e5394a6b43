//! The driver: the contract over the processor.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_gateway::{
    Cancellations, Captured, ChargeOutcome, ChargeRequest, Decline, DeclineClass, Gateway, GatewayReference,
    Held, Holds, IdempotencyKey, Manifest, MethodSetups, MethodToken, RefundOutcome, RefundRequest, Refunds,
    Setting, SettingKind, SetupOutcome, SetupRequest, StoredMethod, StoredMethods, WebhookEvent,
    WebhookRefused, WebhookRequest, Webhooks,
};
use bursar_money::{Currency, Money};
use bursar_outbound::{Call, CallError};

use crate::holds::takes_parts;
use crate::journal::{Charge, ChargeStatus, Refund, RefundStatus, Setup, SetupStatus};
use crate::plan::CallTrouble;
use crate::processor::{Inner, Processor, Taking};
use crate::webhook::{self, Courier};
use crate::{ID, cards};

const SETTINGS: &[Setting] = &[
    Setting {
        name: "api_key",
        label: "API key",
        help: "Made up by the sandbox; there is nothing to enter.",
        kind: SettingKind::Secret,
        required: true,
    },
    Setting {
        name: webhook::SECRET,
        label: "Webhook secret",
        help: "Made up by the sandbox; there is nothing to enter.",
        kind: SettingKind::Secret,
        required: true,
    },
];

static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Sandbox",
    summary: "Moves no money; for trying Bursar out.",
    settings: SETTINGS,
    currencies: &[],
    charges_unattended: true,
};

/// The sandbox through the contract.
#[derive(Clone)]
pub struct SandboxGateway {
    processor: Arc<Processor>,
    courier: Option<Arc<dyn Courier>>,
}

impl SandboxGateway {
    /// The driver of a processor.
    pub fn new(processor: Arc<Processor>) -> Self {
        Self { processor, courier: None }
    }

    /// With a courier, webhooks marked "first" arrive while the call that caused them is still under way.
    #[must_use]
    pub fn with_courier(mut self, courier: Arc<dyn Courier>) -> Self {
        self.courier = Some(courier);
        self
    }

    /// Does `act` at the processor as the next trouble allows.
    fn call<T>(
        &self,
        call: &Call,
        key: &str,
        card: impl FnOnce(&Inner) -> Option<String>,
        act: impl FnOnce(&mut Inner) -> Result<T, CallError>,
    ) -> Result<(T, Option<CallError>), CallError> {
        let mut inner = self.processor.lock();
        let card = card(&inner);
        let trouble = inner.trouble(key, card.as_deref());
        match trouble {
            Some(CallTrouble::Refuse) => return Err(CallError::NotSent("connection refused".to_owned())),
            Some(CallTrouble::RateLimit) => {
                return Err(CallError::RateLimited { retry_after: Some(std::time::Duration::from_secs(2)) });
            }
            Some(CallTrouble::LoseBefore) => return Err(lost()),
            Some(CallTrouble::LoseAfter | CallTrouble::Garble) | None => {}
        }
        if !self.processor.accepts(call.credentials()) {
            return Err(CallError::BadCredentials("the API key is not the sandbox's".to_owned()));
        }
        let done = act(&mut inner)?;
        Ok(match trouble {
            Some(CallTrouble::LoseAfter) => (done, Some(lost())),
            Some(CallTrouble::Garble) => (done, Some(CallError::Unreadable("not JSON: <html>".to_owned()))),
            _ => (done, None),
        })
    }

    /// Gives the answer, after the webhooks that overtake it.
    async fn answer<T>(&self, call: &Call, (done, trouble): (T, Option<CallError>)) -> Result<T, CallError> {
        if let Some(courier) = &self.courier {
            for request in self.processor.take_early(call.started_at()) {
                courier.deliver(request).await;
            }
        }
        trouble.map_or(Ok(done), Err)
    }
}

impl SandboxGateway {
    async fn ask_for(
        &self,
        call: &Call,
        request: &ChargeRequest,
        taking: Taking,
    ) -> Result<ChargeOutcome, CallError> {
        let (now, key) = (call.started_at(), request.key.as_str());
        let done = self.call(call, key, |i| i.card_of(request), |i| i.charge(now, request, taking))?;
        charge_outcome(&self.answer(call, done).await?)
    }

    fn setup_outcome(&self, setup: &Setup) -> SetupOutcome {
        match &setup.status {
            SetupStatus::Waiting => {
                SetupOutcome::Waiting { url: format!("/sandbox/methods/{}", setup.reference) }
            }
            SetupStatus::Stored { token } => {
                let card = self.processor.lock().methods.get(token).map(|method| method.card.clone());
                SetupOutcome::Stored(kept(token.clone(), &card.unwrap_or_default()))
            }
            SetupStatus::Abandoned => SetupOutcome::Abandoned,
        }
    }
}

fn kept(token: String, card: &str) -> StoredMethod {
    let (brand, last4) = cards::face(card);
    StoredMethod {
        token: MethodToken::new(token),
        brand: brand.to_owned(),
        last4: last4.to_owned(),
        expires: Some("2035-12".to_owned()),
    }
}

fn lost() -> CallError {
    CallError::Unknown("no answer before the deadline".to_owned())
}

#[async_trait]
impl Gateway for SandboxGateway {
    fn manifest(&self) -> &Manifest {
        &MANIFEST
    }

    async fn charge(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        self.ask_for(call, request, Taking::AtOnce).await
    }

    async fn find_charge(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<ChargeOutcome>, CallError> {
        let now = call.started_at();
        let done = self.call(
            call,
            key.as_str(),
            |_| None,
            |i| {
                i.settle_due(now);
                Ok(i.charges.get(key.as_str()).cloned())
            },
        )?;
        self.answer(call, done).await?.map(|charge| charge_outcome(&charge)).transpose()
    }

    fn holds(&self) -> Option<&dyn Holds> {
        Some(self)
    }

    fn refunds(&self) -> Option<&dyn Refunds> {
        Some(self)
    }

    fn stored_methods(&self) -> Option<&dyn StoredMethods> {
        Some(self)
    }

    fn method_setups(&self) -> Option<&dyn MethodSetups> {
        Some(self)
    }

    fn cancellations(&self) -> Option<&dyn Cancellations> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

#[async_trait]
impl Holds for SandboxGateway {
    async fn authorise(&self, call: &Call, request: &ChargeRequest) -> Result<ChargeOutcome, CallError> {
        self.ask_for(call, request, Taking::Hold).await
    }

    async fn capture(
        &self,
        call: &Call,
        key: &IdempotencyKey,
        part: Option<Money>,
    ) -> Result<ChargeOutcome, CallError> {
        let now = call.started_at();
        let done = self.call(call, key.as_str(), |_| None, |i| i.capture_held(now, key.as_str(), part))?;
        charge_outcome(&self.answer(call, done).await?)
    }

    async fn release(&self, call: &Call, key: &IdempotencyKey) -> Result<ChargeOutcome, CallError> {
        let now = call.started_at();
        let done = self.call(call, key.as_str(), |_| None, |i| i.release_held(now, key.as_str()))?;
        charge_outcome(&self.answer(call, done).await?)
    }
}

#[async_trait]
impl Refunds for SandboxGateway {
    async fn refund(&self, call: &Call, request: &RefundRequest) -> Result<RefundOutcome, CallError> {
        let now = call.started_at();
        let done = self.call(call, request.key.as_str(), |_| None, |i| i.refund(now, request))?;
        refund_outcome(&self.answer(call, done).await?)
    }

    async fn find_refund(
        &self,
        call: &Call,
        key: &IdempotencyKey,
    ) -> Result<Option<RefundOutcome>, CallError> {
        let now = call.started_at();
        let done = self.call(
            call,
            key.as_str(),
            |_| None,
            |i| {
                i.settle_due(now);
                Ok(i.refunds.get(key.as_str()).cloned())
            },
        )?;
        self.answer(call, done).await?.map(|refund| refund_outcome(&refund)).transpose()
    }
}

#[async_trait]
impl StoredMethods for SandboxGateway {
    async fn store(
        &self,
        call: &Call,
        customer: i64,
        token: &MethodToken,
    ) -> Result<StoredMethod, CallError> {
        let done = self.call(call, token.expose(), |_| None, |i| i.store_method(customer, token.expose()))?;
        let method = self.answer(call, done).await?;
        Ok(kept(method.token, &method.card))
    }

    async fn forget(&self, call: &Call, token: &MethodToken) -> Result<(), CallError> {
        let done = self.call(call, token.expose(), |_| None, |i| i.forget_method(token.expose()))?;
        self.answer(call, done).await
    }
}

#[async_trait]
impl MethodSetups for SandboxGateway {
    async fn open(&self, call: &Call, request: &SetupRequest) -> Result<SetupOutcome, CallError> {
        let done = self.call(call, request.key.as_str(), |_| None, |i| i.open_setup(request))?;
        let setup = self.answer(call, done).await?;
        Ok(self.setup_outcome(&setup))
    }

    async fn find_setup(&self, call: &Call, key: &IdempotencyKey) -> Result<Option<SetupOutcome>, CallError> {
        let find = |inner: &mut Inner| Ok(inner.setups.get(key.as_str()).cloned());
        let done = self.call(call, key.as_str(), |_| None, find)?;
        let found = self.answer(call, done).await?;
        Ok(found.map(|setup| self.setup_outcome(&setup)))
    }
}

#[async_trait]
impl Cancellations for SandboxGateway {
    async fn cancel(&self, call: &Call, key: &IdempotencyKey) -> Result<ChargeOutcome, CallError> {
        let now = call.started_at();
        let done = self.call(call, key.as_str(), |_| None, |i| i.cancel(now, key.as_str()))?;
        match self.answer(call, done).await? {
            Some(charge) => charge_outcome(&charge),
            None => Err(CallError::Refused("no charge has this key".to_owned())),
        }
    }
}

impl Webhooks for SandboxGateway {
    fn verify(&self, call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused> {
        webhook::verify(call, request)
    }
}

fn currency(code: &str) -> Result<Currency, CallError> {
    Currency::parse(code).map_err(|_| CallError::Unreadable(format!("currency {code:?}")))
}

fn charge_outcome(charge: &Charge) -> Result<ChargeOutcome, CallError> {
    let reference = GatewayReference::new(&*charge.reference);
    let currency = currency(&charge.currency)?;
    Ok(match &charge.status {
        ChargeStatus::Pending { .. } => ChargeOutcome::Pending { reference },
        ChargeStatus::RequiresAction => {
            let url = format!("/sandbox/authenticate/{reference}");
            ChargeOutcome::RequiresAction { reference, url }
        }
        ChargeStatus::Held { until } => ChargeOutcome::Held(Held {
            reference,
            amount: Money::new(charge.amount_minor, currency),
            until: *until,
            takes_parts: takes_parts(&charge.card),
        }),
        ChargeStatus::Captured { at, fee_minor } => ChargeOutcome::Captured(Captured {
            reference,
            amount: Money::new(charge.taken_minor(), currency),
            fee: Money::new(*fee_minor, currency),
            at: *at,
        }),
        ChargeStatus::Declined { code } => ChargeOutcome::Declined(Decline {
            reference: Some(reference),
            class: DeclineClass::of_code(code),
            message: format!("The sandbox declined: {code}."),
            code: code.clone(),
        }),
        ChargeStatus::Cancelled => ChargeOutcome::Cancelled { reference },
        ChargeStatus::Expired => ChargeOutcome::Expired { reference },
    })
}

fn refund_outcome(refund: &Refund) -> Result<RefundOutcome, CallError> {
    let reference = GatewayReference::new(&*refund.reference);
    let currency = currency(&refund.currency)?;
    Ok(match &refund.status {
        RefundStatus::Pending { .. } => RefundOutcome::Pending { reference },
        RefundStatus::Settled => {
            RefundOutcome::Settled { reference, amount: Money::new(refund.amount_minor, currency) }
        }
        RefundStatus::Failed { code } => RefundOutcome::Failed {
            reference: Some(reference),
            code: code.clone(),
            message: format!("The sandbox did not refund: {code}."),
        },
    })
}
