//! People: customers and staff who do what people do, drawn from the seed.

mod machines;
mod money;
mod orders;
mod setup;
mod subscriptions;

use bursar_billing::BillError;
use bursar_context::Cx;
use bursar_customers::CustomerError;
use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_payments::{PayError, RefundRefused};
use bursar_time::Date;

use crate::audit::Records;
use crate::model::Model;
use crate::office::Office;
use crate::trace::Trace;

pub(crate) use setup::{Fate, Shelf};

/// The simulated company and everybody around it.
pub(crate) struct World {
    pub(crate) office: Office,
    pub(crate) model: Model,
    pub(crate) trace: Trace,
    pub(crate) rng: Rng,
    pub(crate) shelf: Shelf,
    weights: Vec<(Deed, u64)>,
    /// Makes names, labels and form keys unique.
    count: u64,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    SignUp,
    Subscribe,
    OrderInShop,
    Quantity,
    Cycle,
    Pause,
    Resume,
    Cancel,
    Uncancel,
    PayByCard,
    PayByBank,
    KeepCard,
    Confirm,
    Deliver,
    GiveCredit,
    CreditNote,
    Refund,
    Void,
    WriteOff,
}

/// Every deed with its usual weight; the seed bends them.
const DEEDS: &[(Deed, u64)] = &[
    (Deed::SignUp, 6),
    (Deed::Subscribe, 14),
    (Deed::OrderInShop, 7),
    (Deed::Quantity, 6),
    (Deed::Cycle, 3),
    (Deed::Pause, 3),
    (Deed::Resume, 4),
    (Deed::Cancel, 3),
    (Deed::Uncancel, 2),
    (Deed::PayByCard, 20),
    (Deed::PayByBank, 12),
    (Deed::KeepCard, 4),
    (Deed::Confirm, 8),
    (Deed::Deliver, 5),
    (Deed::GiveCredit, 2),
    (Deed::CreditNote, 3),
    (Deed::Refund, 4),
    (Deed::Void, 2),
    (Deed::WriteOff, 1),
];

/// The answer to somebody's wish.
pub(crate) enum Answer<T> {
    /// Done.
    Yes(T),
    /// Refused, for a reason that the trace has.
    No,
    /// The application went down: it may be done or not.
    Doubt,
}

/// Errors that are a refusal or a fault.
pub(crate) trait Outcome {
    /// The refusal's words, or the fault.
    fn told(self) -> Result<String, Fault>;
}

impl Outcome for Fault {
    fn told(self) -> Result<String, Fault> {
        Err(self)
    }
}

impl Outcome for BillError {
    fn told(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault) | Self::Refund(RefundRefused::Fault(fault)) => Err(fault),
            other => Ok(other.to_string()),
        }
    }
}

impl Outcome for PayError {
    fn told(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            other => Ok(other.to_string()),
        }
    }
}

impl Outcome for CustomerError {
    fn told(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            other => Ok(other.to_string()),
        }
    }
}

impl World {
    pub(crate) async fn open(mut rng: Rng, office: Office) -> Result<Self, Fault> {
        let weights = DEEDS.iter().map(|(deed, weight)| (*deed, weight * (1 + rng.below(4)))).collect();
        let mut world = Self {
            office,
            model: Model::default(),
            trace: Trace::default(),
            rng,
            shelf: Shelf::default(),
            weights,
            count: 0,
        };
        world.furnish().await?;
        Ok(world)
    }

    /// Somebody does something.
    pub(crate) async fn act(&mut self) -> Result<(), Fault> {
        let total: u64 = self.weights.iter().map(|(_, weight)| weight).sum();
        let mut drawn = self.rng.below(total);
        let mut deed = Deed::SignUp;
        for (candidate, weight) in &self.weights {
            if drawn < *weight {
                deed = *candidate;
                break;
            }
            drawn -= weight;
        }
        match deed {
            Deed::SignUp => self.sign_up().await,
            Deed::Subscribe => self.subscribe().await,
            Deed::OrderInShop => self.order_in_shop().await,
            Deed::Quantity => self.change_quantity().await,
            Deed::Cycle => self.change_cycle().await,
            Deed::Pause => self.pause().await,
            Deed::Resume => self.resume().await,
            Deed::Cancel => self.cancel().await,
            Deed::Uncancel => self.uncancel().await,
            Deed::PayByCard => self.pay_by_card().await,
            Deed::PayByBank => self.pay_by_bank().await,
            Deed::KeepCard => self.keep_card().await,
            Deed::Confirm => self.confirm(),
            Deed::Deliver => self.deliver().await,
            Deed::GiveCredit => self.give_credit().await,
            Deed::CreditNote => self.credit_note().await,
            Deed::Refund => self.refund().await,
            Deed::Void => self.void().await,
            Deed::WriteOff => self.write_off().await,
        }
    }

    /// Asks the application for something and notes the answer. A crash on the way leaves doubt, which the caller has to
    /// end by looking, as people do.
    pub(crate) async fn ask<T, E: Outcome>(
        &mut self,
        what: String,
        wish: impl AsyncFnOnce(Cx) -> Result<T, E>,
    ) -> Result<Answer<T>, Fault> {
        let cx = self.office.cx().clone();
        let done = wish(cx).await;
        let crashed = self.office.recover().await?;
        let now = self.office.clock_now();
        match done {
            Ok(value) => {
                self.trace.note(now, format!("{what}: yes{}", if crashed { ", and a crash" } else { "" }));
                Ok(Answer::Yes(value))
            }
            Err(_) if crashed => {
                self.trace.note(now, format!("{what}: a crash"));
                Ok(Answer::Doubt)
            }
            Err(error) => {
                let why = error.told().map_err(|fault| fault.context(what.clone()))?;
                self.trace.note(now, format!("{what}: no, {why}"));
                Ok(Answer::No)
            }
        }
    }

    /// Asks again and again until the answer is not lost: for what has a form key, so that it happens once.
    pub(crate) async fn insist<T, E: Outcome>(
        &mut self,
        what: String,
        wish: impl AsyncFn(Cx) -> Result<T, E>,
    ) -> Result<Option<T>, Fault> {
        loop {
            match self.ask(what.clone(), async |cx| wish(cx).await).await? {
                Answer::Yes(value) => return Ok(Some(value)),
                Answer::No => return Ok(None),
                Answer::Doubt => {}
            }
        }
    }

    pub(crate) async fn records(&self) -> Result<Records, Fault> {
        Records::read(&self.office.spy).await
    }

    pub(crate) fn today(&self) -> Date {
        self.office.spy.today()
    }

    /// A number nobody had before.
    fn fresh(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.rng.below(u64::try_from(n.max(1)).expect("fits"))).expect("fits")
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.chance_ppm(percent * 10_000)
    }

    /// One of a list, by the seed.
    fn pick<T: Copy>(&mut self, among: &[T]) -> Option<T> {
        if among.is_empty() { None } else { Some(among[self.below(among.len())]) }
    }
}
