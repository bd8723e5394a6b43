//! Licences: keys out of a pool that a maker of software sold to us, or texts that we sign ourselves.
//!
//! What was given out stands in the call's notebook. A key belongs to one thing for ever, also when that thing is gone:
//! whoever had it may have kept it. A signed licence can be checked without asking anybody, so it cannot be called back;
//! it ends some weeks after it was last looked at instead, and while it is paid for a newer one is always there.

mod book;
mod settings;
mod signed;

use async_trait::async_trait;
use bursar_hosting::{
    Access, AccessKind, Change, Connection, Creation, Health, Hosting, Manifest, Observed, Operation,
    Reference, Resizing, Resource, ServerHealth, Specification, State, server,
};
use bursar_outbound::{Call, CallError};

use crate::book::{Book, Entry, Held};
use crate::signed::Signer;

pub use book::{is_live, key_name};
pub use signed::{Licence, read};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "licence";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Licences;

/// The keys of the call's pool, one a line.
fn pool(call: &Call) -> Vec<&str> {
    let text = call.credentials().get(settings::KEYS).unwrap_or_default();
    text.lines().map(str::trim).filter(|key| !key.is_empty()).collect()
}

fn is_signed(call: &Call) -> bool {
    call.settings().text(settings::KIND) == Some(settings::SIGNED)
}

/// An entry with its licence in words.
fn observed(call: &Call, resource: &Resource, entry: &Entry) -> Result<Observed, CallError> {
    let (state, licence) = match &entry.held {
        _ if entry.is_suspended => (State::Suspended, None),
        Held::Signed => (State::Running, Some(Signer::open(call)?.licence(call, &resource.tag, entry))),
        Held::Key(digest) => {
            match pool(call).into_iter().find(|key| key_name(key).ends_with(digest.as_str())) {
                Some(key) => (State::Running, Some(key.to_owned())),
                None => (State::Failed("Its key is no longer among the keys.".to_owned()), None),
            }
        }
    };
    Ok(Observed {
        reference: Reference::new(entry.reference()),
        state,
        name: None,
        plan: entry.plan.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        addresses: Vec::new(),
        access: licence.map(|text| Access::new(AccessKind::Licence, text)).into_iter().collect(),
    })
}

#[async_trait]
impl Hosting for Licences {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let book = Book::of(call)?;
        if is_signed(call) {
            let version = format!("public key {}", Signer::open(call)?.public_key());
            return Ok(Connection { version: Some(version), problems: Vec::new() });
        }
        let keys = pool(call);
        let free = book.free(&keys).await?.len();
        let problem = format!("{free} of {} keys are left; add more before they are sold.", keys.len());
        Ok(Connection { version: None, problems: if free == 0 { vec![problem] } else { Vec::new() } })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        server::may_be_made(operation)?;
        let resource = &operation.resource;
        let book = Book::of(call)?;
        let done = |entry: &Entry| Ok(Creation::Done(Box::new(observed(call, resource, entry)?)));
        if let Some(found) = book.find(&resource.tag).await? {
            return done(&found.entry);
        }
        let held = if is_signed(call) {
            Signer::open(call)?;
            Held::Signed
        } else {
            match book.take(&resource.tag, &pool(call)).await? {
                Some(digest) => Held::Key(digest),
                None => return Ok(Creation::CapacityFull { why: "No key is left.".to_owned() }),
            }
        };
        let entry = Entry::new(held, specification, &resource.tag);
        if book.write(&resource.tag, None, Some(&entry)).await? {
            return done(&entry);
        }
        // A rival of the same tag was first; what it wrote counts.
        match book.find(&resource.tag).await? {
            Some(found) => done(&found.entry),
            None => Err(CallError::RateLimited { retry_after: None }),
        }
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        match Book::of(call)?.find(&resource.tag).await? {
            Some(found) => Ok(Some(observed(call, resource, &found.entry)?)),
            None => Ok(None),
        }
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        Book::of(call)?.change(&operation.resource.tag, |entry| entry.is_suspended = true).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        Book::of(call)?.change(&operation.resource.tag, |entry| entry.is_suspended = false).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        Book::of(call)?.strike_out(&operation.resource.tag).await
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }
}

#[async_trait]
impl Resizing for Licences {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        Book::of(call)?
            .change(&operation.resource.tag, |entry| entry.plan = book::pairs(&specification.plan))
            .await
    }
}

#[async_trait]
impl Health for Licences {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        let book = Book::of(call)?;
        if is_signed(call) {
            let resource_count = i64::try_from(book.count().await?).ok();
            return Ok(ServerHealth { resource_count, ..ServerHealth::default() });
        }
        let keys = pool(call);
        let free = book.free(&keys).await?.len();
        Ok(ServerHealth {
            resource_count: i64::try_from(keys.len() - free).ok(),
            resource_limit: i64::try_from(keys.len()).ok(),
            ..ServerHealth::default()
        })
    }
}
