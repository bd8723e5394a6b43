//! Files to fetch: nothing is made, and a link is signed for whoever may have one.
//!
//! The files lie on a web server of the operator's that checks the signature by itself, so that large files never pass
//! through here. Who may fetch what stands in the call's notebook.

mod links;
mod settings;

use async_trait::async_trait;
use bursar_hosting::{
    Change, Connection, Creation, Door, Hosting, Link, Manifest, Observed, Operation, Reference, Resizing,
    Resource, SignIn, Specification, State, Tag, server,
};
use bursar_outbound::{Call, CallError, Endpoint};
use serde::{Deserialize, Serialize};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "download";

/// How often a rival may write first.
const TRIES: usize = 5;

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Downloads;

/// Who may fetch what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Grant {
    file: String,
    hours: i64,
    is_suspended: bool,
}

impl Grant {
    fn of(specification: &Specification) -> Result<Self, CallError> {
        let file = specification.plan.text(settings::FILE).unwrap_or_default();
        links::path(file).map_err(CallError::Refused)?;
        let hours = specification.plan.number(settings::HOURS).unwrap_or(settings::USUAL_HOURS);
        Ok(Self { file: file.to_owned(), hours, is_suspended: false })
    }

    fn observed(&self, tag: &Tag) -> Observed {
        Observed {
            reference: Reference::new(format!("grant-{tag}")),
            state: if self.is_suspended { State::Suspended } else { State::Running },
            name: None,
            plan: [(settings::FILE, self.file.clone()), (settings::HOURS, self.hours.to_string())]
                .into_iter()
                .collect(),
            addresses: Vec::new(),
            access: Vec::new(),
        }
    }
}

/// The name of a tag's grant in the notebook.
pub fn grant_name(tag: &Tag) -> String {
    format!("download/{tag}")
}

async fn find(call: &Call, tag: &Tag) -> Result<Option<(Grant, String)>, CallError> {
    let Some(text) = call.notebook()?.read(&grant_name(tag)).await? else { return Ok(None) };
    let grant = serde_json::from_str(&text)
        .map_err(|error| CallError::Unreadable(format!("a grant in the notebook: {error}")))?;
    Ok(Some((grant, text)))
}

async fn write(
    call: &Call,
    tag: &Tag,
    before: Option<&str>,
    grant: Option<&Grant>,
) -> Result<bool, CallError> {
    let text = grant.map(|grant| serde_json::to_string(grant).expect("a grant of texts is JSON"));
    call.notebook()?.write(&grant_name(tag), before, text.as_deref()).await
}

/// Changes the grant, or strikes it out when `change` gives none.
async fn change(
    call: &Call,
    operation: &Operation,
    change: impl Fn(&Grant) -> Option<Grant>,
) -> Result<Change, CallError> {
    let tag = &operation.resource.tag;
    for _ in 0..TRIES {
        let Some((grant, text)) = find(call, tag).await? else { return Ok(Change::Missing) };
        let after = change(&grant);
        if after.as_ref() == Some(&grant) || write(call, tag, Some(&text), after.as_ref()).await? {
            return Ok(Change::Done);
        }
    }
    Err(CallError::RateLimited { retry_after: None })
}

fn base(call: &Call) -> Result<Endpoint, CallError> {
    let endpoint = server::endpoint(call)?;
    if endpoint.base().starts_with("https://") {
        Ok(endpoint)
    } else {
        Err(CallError::Refused("the files' address must begin with https://".to_owned()))
    }
}

#[async_trait]
impl Hosting for Downloads {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        call.notebook()?;
        base(call)?;
        server::secret(call, settings::SECRET, "signing secret")?;
        Ok(Connection { version: None, problems: Vec::new() })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        server::may_be_made(operation)?;
        let tag = &operation.resource.tag;
        let grant = Grant::of(specification)?;
        for _ in 0..TRIES {
            if let Some((grant, _)) = find(call, tag).await? {
                return Ok(Creation::Done(Box::new(grant.observed(tag))));
            }
            if write(call, tag, None, Some(&grant)).await? {
                return Ok(Creation::Done(Box::new(grant.observed(tag))));
            }
        }
        Err(CallError::RateLimited { retry_after: None })
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        Ok(find(call, &resource.tag).await?.map(|(grant, _)| grant.observed(&resource.tag)))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        change(call, operation, |grant| Some(Grant { is_suspended: true, ..grant.clone() })).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        change(call, operation, |grant| Some(Grant { is_suspended: false, ..grant.clone() })).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        match change(call, operation, |_| None).await? {
            Change::Missing => Ok(Change::Done),
            other => Ok(other),
        }
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
        Some(self)
    }
}

#[async_trait]
impl Resizing for Downloads {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        let wanted = Grant::of(specification)?;
        change(call, operation, |grant| Some(Grant { is_suspended: grant.is_suspended, ..wanted.clone() }))
            .await
    }
}

#[async_trait]
impl SignIn for Downloads {
    /// The file stands behind the one door there is.
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel]
    }

    async fn sign_in(
        &self,
        call: &Call,
        resource: &Resource,
        _door: Door,
    ) -> Result<Option<Link>, CallError> {
        let Some((grant, _)) = find(call, &resource.tag).await? else { return Ok(None) };
        if grant.is_suspended {
            return Ok(None);
        }
        let secret = server::secret(call, settings::SECRET, "signing secret")?;
        let expires_at = call.now().plus_seconds(grant.hours.saturating_mul(3_600));
        let scheme = call.settings().text(settings::SCHEME).unwrap_or(settings::HMAC);
        let path = links::path(&grant.file).map_err(CallError::Refused)?;
        let url = links::signed(base(call)?.base(), &path, scheme, secret, expires_at);
        Ok(Some(Link::new(url, Some(expires_at))))
    }
}
