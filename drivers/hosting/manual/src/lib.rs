//! A to-do for staff as a hosting driver: whatever no panel makes.
//!
//! The vendor is our own staff. The driver writes a card for each thing into the call's notebook and answers `Working`
//! until somebody has done what the card asks for; who shows the cards and marks them is told in the contract's
//! `handwork`. A newer wish takes the place of an older one that nobody has begun to mark.
//!
//! Deliberately absent: reminders and deadlines, which are the business's own, and everything beyond the lifecycle and
//! the change of plan.

mod settings;

use std::time::Duration;

use async_trait::async_trait;
use bursar_hosting::handwork::{Act, Card, Thing, ToDo, card_name};
use bursar_hosting::{
    Access, AccessKind, Change, Connection, Creation, Hosting, Manifest, Observed, Operation, Reference,
    Resizing, Resource, Specification, State, Tag, Working, server,
};
use bursar_outbound::{Call, CallError};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "manual";

/// How long people are left alone: marking a card pokes whoever waits for it.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often a rival may write first. Two callers and a member of staff are at work on one card at most.
const TRIES: usize = 5;

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manual;

/// What is to become of a card.
enum Next {
    /// It is as it was asked for.
    Stay,
    /// This is to be done first.
    Ask(ToDo),
    /// It is so already, and what waits would undo it.
    Withdraw,
    /// It was never made, and need not be.
    StrikeOut,
}

async fn card_of(call: &Call, tag: &Tag) -> Result<Option<(Card, String)>, CallError> {
    match call.notebook()?.read(&card_name(tag)).await? {
        Some(text) => Ok(Some((Card::read(&text)?, text))),
        None => Ok(None),
    }
}

/// Decides about the card as it stands, and writes the decision unless the card changed meanwhile.
async fn settle(
    call: &Call,
    tag: &Tag,
    decide: impl Fn(Option<&Card>) -> Next,
) -> Result<(Option<Card>, bool), CallError> {
    for _ in 0..TRIES {
        let found = card_of(call, tag).await?;
        let card = found.as_ref().map(|(card, _)| card);
        let before = found.as_ref().map(|(_, text)| text.as_str());
        let (after, waits) = match decide(card) {
            Next::Stay => return Ok((card.cloned(), false)),
            Next::Ask(to_do) => {
                // What waits already keeps its age.
                if card.and_then(|card| card.to_do.as_ref()).is_some_and(|old| is_same(old, &to_do)) {
                    return Ok((card.cloned(), true));
                }
                let thing = card.and_then(|card| card.thing.clone());
                (Some(Card { thing, to_do: Some(to_do) }), true)
            }
            Next::Withdraw => {
                let thing = card.and_then(|card| card.thing.clone());
                (Some(Card { thing, to_do: None }), false)
            }
            Next::StrikeOut => (None, false),
        };
        let text = after.as_ref().map(Card::written);
        if call.notebook()?.write(&card_name(tag), before, text.as_deref()).await? {
            return Ok((after, waits));
        }
    }
    Err(CallError::RateLimited { retry_after: Some(Duration::from_secs(1)) })
}

fn is_same(old: &ToDo, new: &ToDo) -> bool {
    old.act == new.act && old.plan == new.plan && old.name == new.name
}

/// Whether doing what waits would undo what is wanted now.
fn undoes(waiting: Act, wanted: Act) -> bool {
    matches!(
        (waiting, wanted),
        (Act::Suspend, Act::Resume) | (Act::Resume, Act::Suspend) | (Act::Resize, Act::Resize)
    )
}

fn now(call: &Call) -> i64 {
    call.now().micros().div_euclid(1_000_000)
}

/// A change to what is there: asked for unless it is so already.
async fn change(
    call: &Call,
    operation: &Operation,
    to_do: ToDo,
    is_so: impl Fn(&Thing) -> bool,
) -> Result<Change, CallError> {
    let tag = &operation.resource.tag;
    let (card, waits) = settle(call, tag, |card| match card {
        Some(Card { thing: Some(thing), .. }) if !is_so(thing) => Next::Ask(to_do.clone()),
        Some(Card { thing: Some(_), to_do: Some(waiting) }) if undoes(waiting.act, to_do.act) => {
            Next::Withdraw
        }
        _ => Next::Stay,
    })
    .await?;
    Ok(match card.and_then(|card| card.thing) {
        None => Change::Missing,
        Some(_) if waits => Change::Working(working(to_do.act)),
        Some(_) => Change::Done,
    })
}

fn working(act: Act) -> Working {
    Working { task: None, percent: None, again_after: PATIENCE }.with_task(act.code())
}

fn observed(thing: &Thing) -> Observed {
    Observed {
        reference: Reference::new(&*thing.reference),
        state: if thing.is_suspended { State::Suspended } else { State::Running },
        name: thing.name.clone(),
        plan: thing.plan.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        addresses: thing.addresses.clone(),
        access: Some(&thing.told)
            .filter(|told| !told.is_empty())
            .map(|told| Access::new(AccessKind::Note, &**told))
            .into_iter()
            .collect(),
    }
}

#[async_trait]
impl Hosting for Manual {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        call.notebook()?;
        Ok(Connection { version: None, problems: Vec::new() })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        server::may_be_made(operation)?;
        let to_do = ToDo::new(Act::Create, operation.key.as_str(), now(call)).becoming(specification);
        let (card, _) =
            settle(call, &operation.resource.tag, |card| match card.and_then(|card| card.thing.as_ref()) {
                Some(_) => Next::Stay,
                None => Next::Ask(to_do.clone()),
            })
            .await?;
        Ok(match card.and_then(|card| card.thing) {
            Some(thing) => Creation::Done(Box::new(observed(&thing))),
            None => Creation::Working(working(Act::Create)),
        })
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let found = card_of(call, &resource.tag).await?;
        Ok(found.and_then(|(card, _)| card.thing).map(|thing| observed(&thing)))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, reason: &str) -> Result<Change, CallError> {
        let to_do = ToDo::new(Act::Suspend, operation.key.as_str(), now(call)).because(reason);
        change(call, operation, to_do, |thing| thing.is_suspended).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        let to_do = ToDo::new(Act::Resume, operation.key.as_str(), now(call));
        change(call, operation, to_do, |thing| !thing.is_suspended).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        let to_do = ToDo::new(Act::Terminate, operation.key.as_str(), now(call));
        let (_, waits) = settle(call, &operation.resource.tag, |card| match card {
            None => Next::Stay,
            Some(Card { thing: None, .. }) => Next::StrikeOut,
            Some(Card { thing: Some(_), .. }) => Next::Ask(to_do.clone()),
        })
        .await?;
        Ok(if waits { Change::Working(working(Act::Terminate)) } else { Change::Done })
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }
}

#[async_trait]
impl Resizing for Manual {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        let to_do = ToDo::new(Act::Resize, operation.key.as_str(), now(call)).becoming(specification);
        let wanted = to_do.plan.clone();
        change(call, operation, to_do, |thing| thing.plan == wanted).await
    }
}
