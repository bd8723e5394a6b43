//! The pretended vendor: what it knows, how charges move, and what it sends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bursar_gateway::{ChargeRequest, Presence, WebhookRequest};
use bursar_ids::Rng;
use bursar_outbound::{CallError, Credentials};
use bursar_time::Instant;

use crate::cards::{self, Behaviour};
use crate::journal::{Charge, ChargeStatus, Hook, Journal, Method, Record, Refund, RefundStatus, Setup};
use crate::plan::{CallTrouble, FaultPlan, chance};
use crate::webhook::{self, SECRET};

/// What the processor keeps of a charge, in parts per million, rounded down.
pub const FEE_PPM: i64 = 14_000;
/// How long what is pending stays so.
pub(crate) const PENDING_SECONDS: i64 = 3_600;

/// Why the sandbox's own page or start-up fails.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The memory's file cannot be read or written.
    #[error("the sandbox's file cannot be used")]
    File(#[from] std::io::Error),
    /// No charge has this reference.
    #[error("no charge has this reference")]
    NoSuchCharge,
    /// No setup has this reference.
    #[error("no setup has this reference")]
    NoSuchSetup,
    /// It is not one of the test cards.
    #[error("the method is not a test card")]
    NoSuchCard,
}

/// The customer's answer on the sandbox's confirmation page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Pays.
    Approved,
    /// Declines with `authentication_failed`.
    Rejected,
}

/// The vendor. Share it with `Arc`: the application may be taken down and built up again around it.
pub struct Processor {
    api_key: String,
    webhook_secret: String,
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    pub(crate) charges: BTreeMap<String, Charge>,
    pub(crate) keys_by_reference: BTreeMap<String, String>,
    pub(crate) refunds: BTreeMap<String, Refund>,
    pub(crate) methods: BTreeMap<String, Method>,
    pub(crate) setups: BTreeMap<String, Setup>,
    hooks: BTreeMap<u64, Hook>,
    /// Pending charges and refunds by the time at which they settle.
    pub(crate) timers: BTreeSet<(Instant, TimerOf, String)>,
    next_number: u64,
    journal: Journal,
    pub(crate) plan: FaultPlan,
    pub(crate) rng: Rng,
    script: VecDeque<CallTrouble>,
    lost_once: BTreeSet<String>,
    /// Webhooks to hand over before the call answers.
    pub(crate) early: Vec<u64>,
    /// The file is behind the memory.
    unwritten: bool,
}

/// What a timer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimerOf {
    Charge,
    Refund,
    Hold,
}

/// Whether money is taken or only set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taking {
    AtOnce,
    Hold,
}

impl std::fmt::Debug for Processor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Processor").finish_non_exhaustive()
    }
}

impl Processor {
    /// A processor that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self::with_journal(Journal::default(), Vec::new())
    }

    /// A processor that keeps its memory in a file, which is made when missing. One process at a time.
    pub fn open(path: &Path) -> Result<Self, SandboxError> {
        let mut records = Vec::new();
        let journal = Journal::open(path, |record| records.push(record))?;
        Ok(Self::with_journal(journal, records))
    }

    fn with_journal(journal: Journal, records: Vec<Record>) -> Self {
        let mut inner = Inner {
            charges: BTreeMap::new(),
            keys_by_reference: BTreeMap::new(),
            refunds: BTreeMap::new(),
            methods: BTreeMap::new(),
            setups: BTreeMap::new(),
            hooks: BTreeMap::new(),
            timers: BTreeSet::new(),
            next_number: 1,
            journal,
            plan: FaultPlan::calm(),
            rng: Rng::from_seed(0),
            script: VecDeque::new(),
            lost_once: BTreeSet::new(),
            early: Vec::new(),
            unwritten: false,
        };
        for record in records {
            inner.remember(record);
        }
        Self {
            api_key: "sandbox-api-key".to_owned(),
            webhook_secret: "sandbox-webhook-secret".to_owned(),
            inner: Mutex::new(inner),
        }
    }

    /// Replaces the webhook secret, so that nobody who has read this source can forge one for an installation.
    #[must_use]
    pub fn with_webhook_secret(mut self, secret: impl Into<String>) -> Self {
        self.webhook_secret = secret.into();
        self
    }

    /// What the driver needs to be let in.
    pub fn credentials(&self) -> Credentials {
        Credentials::none().with("api_key", &*self.api_key).with(SECRET, &*self.webhook_secret)
    }

    /// What goes wrong from now on.
    pub fn set_plan(&self, plan: FaultPlan) {
        let mut inner = self.lock();
        inner.rng = Rng::from_seed(plan.seed);
        inner.plan = plan;
    }

    /// What goes wrong with the next calls, one each, before the plan is asked again.
    pub fn next_calls(&self, troubles: impl IntoIterator<Item = CallTrouble>) {
        self.lock().script.extend(troubles);
    }

    /// Takes the webhooks that are due, signed now. A forged one among them is signed with a wrong secret.
    pub fn take_webhooks(&self, now: Instant) -> Vec<WebhookRequest> {
        let mut inner = self.lock();
        inner.settle_due(now);
        let due: Vec<u64> = inner.hooks.values().filter(|h| h.due_at <= now).map(|h| h.number).collect();
        let mut out: Vec<WebhookRequest> =
            due.into_iter().filter_map(|number| inner.take_hook(number, &self.webhook_secret, now)).collect();
        let Inner { plan, rng, .. } = &mut *inner;
        if chance(rng, plan.webhook_reorder_ppm) {
            out.reverse();
        }
        out
    }

    /// When the next webhook or settlement is due, so that a simulation knows how far to let time run.
    pub fn next_due(&self) -> Option<Instant> {
        let inner = self.lock();
        let hook = inner.hooks.values().map(|hook| hook.due_at).min();
        let timer = inner.timers.first().map(|(at, _, _)| *at);
        hook.into_iter().chain(timer).min()
    }

    /// The customer answers on the confirmation page. Answering what no longer waits changes nothing.
    pub fn complete_authentication(
        &self,
        now: Instant,
        reference: &str,
        answer: Authentication,
    ) -> Result<Charge, SandboxError> {
        let mut inner = self.lock();
        let mut charge = inner.charge_by_reference(reference).ok_or(SandboxError::NoSuchCharge)?;
        if charge.status == ChargeStatus::RequiresAction {
            match answer {
                Authentication::Approved => inner.succeed(now, &mut charge),
                Authentication::Rejected => {
                    charge.status = ChargeStatus::Declined { code: "authentication_failed".to_owned() };
                }
            }
            inner.save_charge(charge.clone())?;
            inner.announce_charge(now, &charge);
        }
        Ok(charge)
    }

    /// A hold runs out now, as when the bank takes it back early. False when nothing is held.
    pub fn run_out(&self, now: Instant, key: &str) -> bool {
        let mut inner = self.lock();
        inner.settle_due(now);
        let is_held =
            inner.charges.get(key).is_some_and(|charge| matches!(charge.status, ChargeStatus::Held { .. }));
        inner.run_out(now, key);
        is_held
    }

    /// A settled refund comes back, as it does when the payer's account was closed. False when it is not settled.
    pub fn return_refund(&self, now: Instant, key: &str) -> Result<bool, SandboxError> {
        let mut inner = self.lock();
        let Some(mut refund) = inner.refunds.get(key).cloned() else { return Ok(false) };
        if refund.status != RefundStatus::Settled {
            return Ok(false);
        }
        refund.status = RefundStatus::Failed { code: "expired_or_canceled_card".to_owned() };
        inner.save_refund(refund.clone())?;
        inner.announce_refund(now, &refund);
        Ok(true)
    }

    /// A charge by its reference, for the confirmation page.
    pub fn charge_by_reference(&self, reference: &str) -> Option<Charge> {
        self.lock().charge_by_reference(reference)
    }

    /// Whether the file could not be written at some time, so that a restart may forget deliveries.
    pub fn is_behind(&self) -> bool {
        self.lock().unwritten
    }

    /// Everything that was charged, for an auditor.
    pub fn charges(&self) -> Vec<Charge> {
        self.lock().charges.values().cloned().collect()
    }

    /// Everything that was refunded, for an auditor.
    pub fn refunds(&self) -> Vec<Refund> {
        self.lock().refunds.values().cloned().collect()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn accepts(&self, credentials: &Credentials) -> bool {
        credentials.get("api_key") == Some(self.api_key.as_str())
    }

    /// The webhooks to deliver before the call answers.
    pub(crate) fn take_early(&self, now: Instant) -> Vec<WebhookRequest> {
        let mut inner = self.lock();
        let early = std::mem::take(&mut inner.early);
        early.into_iter().filter_map(|number| inner.take_hook(number, &self.webhook_secret, now)).collect()
    }
}

impl Inner {
    fn remember(&mut self, record: Record) {
        match record {
            Record::Charge(charge) => {
                self.keys_by_reference.insert(charge.reference.clone(), charge.key.clone());
                if let ChargeStatus::Pending { until, .. } = charge.status {
                    self.timers.insert((until, TimerOf::Charge, charge.key.clone()));
                }
                if let ChargeStatus::Held { until } = charge.status {
                    self.timers.insert((until, TimerOf::Hold, charge.key.clone()));
                }
                self.charges.insert(charge.key.clone(), charge);
            }
            Record::Refund(refund) => {
                if let RefundStatus::Pending { until, .. } = refund.status {
                    self.timers.insert((until, TimerOf::Refund, refund.key.clone()));
                }
                self.refunds.insert(refund.key.clone(), refund);
            }
            Record::Method(method) => {
                self.methods.insert(method.token.clone(), method);
            }
            Record::Setup(setup) => {
                self.setups.insert(setup.key.clone(), setup);
            }
            Record::Hook(hook) => {
                self.next_number = self.next_number.max(hook.number + 1);
                if hook.taken {
                    self.hooks.remove(&hook.number);
                } else {
                    self.hooks.insert(hook.number, hook);
                }
            }
        }
    }

    pub(crate) fn save(&mut self, record: Record) -> std::io::Result<()> {
        self.journal.append(&record)?;
        self.remember(record);
        Ok(())
    }

    pub(crate) fn save_charge(&mut self, charge: Charge) -> std::io::Result<()> {
        self.save(Record::Charge(charge))
    }

    pub(crate) fn save_refund(&mut self, refund: Refund) -> std::io::Result<()> {
        self.save(Record::Refund(refund))
    }

    pub(crate) fn save_method(&mut self, method: Method) -> std::io::Result<()> {
        self.save(Record::Method(method))
    }

    pub(crate) fn next_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    pub(crate) fn charge_by_reference(&self, reference: &str) -> Option<Charge> {
        self.keys_by_reference.get(reference).and_then(|key| self.charges.get(key)).cloned()
    }

    /// The trouble of the next call: the script's, the card's (once per key), or the plan's.
    pub(crate) fn trouble(&mut self, key: &str, card: Option<&str>) -> Option<CallTrouble> {
        if let Some(trouble) = self.script.pop_front() {
            return Some(trouble);
        }
        let of_card = match card {
            Some(cards::LOSE_AFTER) => Some(CallTrouble::LoseAfter),
            Some(cards::LOSE_BEFORE) => Some(CallTrouble::LoseBefore),
            _ => None,
        };
        if of_card.is_some() && self.lost_once.insert(key.to_owned()) {
            return of_card;
        }
        self.plan.draw_call(&mut self.rng)
    }

    /// The test card behind a charge's method.
    pub(crate) fn card_of(&self, request: &ChargeRequest) -> Option<String> {
        let token = request.method.as_ref()?.expose();
        let card = self.methods.get(token).map_or(token, |method| method.card.as_str());
        Some(cards::deciding_token(card, request.amount.minor()))
    }

    /// Charges or holds once per key.
    pub(crate) fn charge(
        &mut self,
        now: Instant,
        request: &ChargeRequest,
        taking: Taking,
    ) -> Result<Charge, CallError> {
        self.settle_due(now);
        let (minor, currency) = (request.amount.minor(), request.amount.currency().code());
        if let Some(known) = self.charges.get(request.key.as_str()) {
            if (known.amount_minor, known.currency.as_str()) != (minor, currency) {
                return Err(CallError::Refused(
                    "the idempotency key was used with another amount".to_owned(),
                ));
            }
            return Ok(known.clone());
        }
        if minor <= 0 {
            return Err(CallError::Refused("the amount is not positive".to_owned()));
        }
        let card = self.card_of(request).unwrap_or_default();
        let mut charge = Charge {
            key: request.key.as_str().to_owned(),
            reference: format!("sbx_ch_{:016x}", name_hash(request.key.as_str())),
            amount_minor: minor,
            currency: currency.to_owned(),
            customer: request.customer,
            card: card.clone(),
            is_hold: taking == Taking::Hold,
            status: ChargeStatus::RequiresAction,
            part_minor: None,
            captures: 0,
        };
        self.decide(now, request, &card, &mut charge)?;
        self.save_charge(charge.clone()).map_err(cannot_write)?;
        if charge.status != ChargeStatus::RequiresAction {
            self.announce_charge(now, &charge);
        }
        Ok(charge)
    }

    fn decide(
        &mut self,
        now: Instant,
        request: &ChargeRequest,
        card: &str,
        charge: &mut Charge,
    ) -> Result<(), CallError> {
        let declined = |code: &str| ChargeStatus::Declined { code: code.to_owned() };
        let Some(method) = &request.method else {
            // The customer chooses a card on the sandbox's page; a renewal by night has nobody to ask.
            charge.status = match request.presence {
                Presence::Present => ChargeStatus::RequiresAction,
                Presence::Absent => declined("method_missing"),
            };
            return Ok(());
        };
        if self.methods.get(method.expose()).is_some_and(|kept| kept.forgotten) {
            charge.status = declined("method_forgotten");
            return Ok(());
        }
        let Some(behaviour) = cards::behaviour(card) else {
            return Err(CallError::Refused("the method is not a test card".to_owned()));
        };
        match (behaviour, request.presence) {
            (Behaviour::Decline(code), _) => charge.status = declined(&code),
            (Behaviour::Authenticate, Presence::Present) => charge.status = ChargeStatus::RequiresAction,
            (Behaviour::Authenticate, Presence::Absent) => {
                charge.status = declined("authentication_required")
            }
            (Behaviour::Pending { succeeds }, _) => {
                charge.status = ChargeStatus::Pending { until: now.plus_seconds(PENDING_SECONDS), succeeds };
            }
            (Behaviour::Succeed, _) => {
                let Inner { plan, rng, .. } = self;
                if chance(rng, plan.decline_ppm) {
                    charge.status = declined("insufficient_funds");
                } else {
                    self.succeed(now, charge);
                }
            }
        }
        Ok(())
    }

    /// Withdraws what is not final.
    pub(crate) fn cancel(&mut self, now: Instant, key: &str) -> Result<Option<Charge>, CallError> {
        self.settle_due(now);
        let Some(mut charge) = self.charges.get(key).cloned() else { return Ok(None) };
        if let ChargeStatus::Pending { .. } | ChargeStatus::RequiresAction = charge.status {
            self.timers.retain(|(_, subject, of)| *subject != TimerOf::Charge || of != key);
            charge.status = ChargeStatus::Cancelled;
            self.save_charge(charge.clone()).map_err(cannot_write)?;
            self.announce_charge(now, &charge);
        }
        Ok(Some(charge))
    }

    /// Lets everything that was pending until now become final.
    pub(crate) fn settle_due(&mut self, now: Instant) {
        while let Some((until, subject, key)) = self.timers.first().cloned() {
            if until > now {
                return;
            }
            self.timers.remove(&(until, subject, key.clone()));
            // A failed write leaves the change in memory: the file then says "pending" and it settles again.
            match subject {
                TimerOf::Charge => self.settle_charge(until, &key),
                TimerOf::Refund => self.settle_refund(until, &key),
                TimerOf::Hold => self.run_out(until, &key),
            }
        }
    }

    fn settle_charge(&mut self, at: Instant, key: &str) {
        let Some(mut charge) = self.charges.get(key).cloned() else { return };
        let ChargeStatus::Pending { succeeds, .. } = charge.status else { return };
        if succeeds {
            self.succeed(at, &mut charge);
        } else {
            charge.status = ChargeStatus::Declined { code: "insufficient_funds".to_owned() };
        }
        self.keep(Record::Charge(charge.clone()));
        self.announce_charge(at, &charge);
    }

    fn settle_refund(&mut self, at: Instant, key: &str) {
        let Some(mut refund) = self.refunds.get(key).cloned() else { return };
        let RefundStatus::Pending { succeeds, .. } = refund.status else { return };
        refund.status = if succeeds {
            RefundStatus::Settled
        } else {
            RefundStatus::Failed { code: "expired_or_canceled_card".to_owned() }
        };
        self.keep(Record::Refund(refund.clone()));
        self.announce_refund(at, &refund);
    }

    /// Remembers even when the file cannot be written, for what can be derived again from what the file has.
    pub(crate) fn keep(&mut self, record: Record) {
        let written = self.journal.append(&record);
        self.unwritten |= written.is_err();
        self.remember(record);
    }

    fn take_hook(&mut self, number: u64, secret: &str, now: Instant) -> Option<WebhookRequest> {
        let mut hook = self.hooks.get(&number)?.clone();
        hook.taken = true;
        let secret = if hook.forged { "not the secret" } else { secret };
        let request = webhook::signed(secret, now, &hook.body);
        self.keep(Record::Hook(hook));
        Some(request)
    }
}

impl Charge {
    pub(crate) fn capture(&mut self, at: Instant) {
        let fee = i128::from(self.taken_minor()) * i128::from(FEE_PPM) / 1_000_000;
        let fee_minor = i64::try_from(fee).expect("a fee is smaller than its amount");
        self.status = ChargeStatus::Captured { at, fee_minor };
        self.captures += 1;
    }
}

pub(crate) fn cannot_write(error: std::io::Error) -> CallError {
    CallError::NotSent(format!("the sandbox's file cannot be written: {error}"))
}

/// FNV-1a: names stay the same for the same key, also when the processor lost its memory.
pub(crate) fn name_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
