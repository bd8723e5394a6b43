//! Making, suspending, resuming and removing accounts. Before anything is changed the account is looked at, and after
//! a refusal it is looked at again: reasons are for people.

use bursar_hosting::{Change, Creation, Operation, Origin, Resource, Specification, Working, server};
use bursar_outbound::CallError;

use crate::map::{self, Known};
use crate::settings;
use crate::wire::{Api, Failure, Summary};

/// The user name of a resource's account; `None` for one that was taken over and never named.
fn username(resource: &Resource) -> Option<String> {
    match resource.origin {
        Origin::Made => Some(map::username(&resource.tag)),
        Origin::Adopted => resource.reference.as_ref().map(|reference| reference.as_str().to_owned()),
    }
}

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Summary>, CallError> {
    match username(resource) {
        Some(user) => api.account(&user).await,
        None => Ok(None),
    }
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    let done = |account: Summary| Creation::Done(Box::new(map::observed(&account, api.panel_host())));
    if let Some(account) = find(api, &operation.resource).await? {
        return Ok(done(account));
    }
    server::may_be_made(operation)?;
    let user = map::username(&operation.resource.tag);
    let domain = specification.name.as_deref().unwrap_or_default();
    let plan = &specification.plan;
    let pairs = [
        ("username", user.as_str()),
        ("domain", domain),
        ("plan", plan.text(settings::PLAN).unwrap_or_default()),
        ("password", specification.password.expose()),
        ("contactemail", &specification.customer.email),
        ("ip", if plan.is_on(settings::DEDICATED_IP) { "y" } else { "n" }),
    ];
    match api.change("createacct", &pairs).await {
        Ok(()) => {}
        Err(Failure::Reason(Some(Known::NoRoom), why)) => return Ok(Creation::CapacityFull { why }),
        Err(Failure::Reason(Some(Known::Taken), _)) => {}
        Err(Failure::Reason(Some(Known::DomainTaken), why)) => {
            // It may be ours: a creation whose answer was lost goes on behind it.
            let search = map::exactly(domain);
            let holders = api.list(&[("searchtype", "domain"), ("search", &search)]).await?;
            if holders.iter().any(|account| account.user != user) {
                return Err(CallError::Refused(why));
            }
        }
        Err(failure) => return Err(failure.into()),
    }
    match api.account(&user).await? {
        Some(account) => Ok(done(account)),
        // The name is taken and not listed: the server is still making it, which may take minutes.
        None => Ok(Creation::Working(Working::again_after_seconds(30))),
    }
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation, reason: &str) -> Result<Change, CallError> {
    let Some(account) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if account.suspended {
        return Ok(Change::Done);
    }
    let outcome = api.change("suspendacct", &[("user", &account.user), ("reason", reason)]).await;
    confirmed(api, &account, outcome, |account| account.suspended).await
}

pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(account) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    if !account.suspended {
        return Ok(Change::Done);
    }
    let outcome = api.change("unsuspendacct", &[("user", &account.user)]).await;
    confirmed(api, &account, outcome, |account| !account.suspended).await
}

pub(crate) async fn change_package(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(account) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let wanted = specification.plan.text(settings::PLAN).unwrap_or_default();
    if account.plan == wanted {
        return Ok(Change::Done);
    }
    let outcome = api.change("changepackage", &[("user", &account.user), ("pkg", wanted)]).await;
    confirmed(api, &account, outcome, |account| account.plan == wanted).await
}

/// A refusal counts only when the account is not as it was wanted.
async fn confirmed(
    api: &Api<'_>,
    account: &Summary,
    outcome: Result<(), Failure>,
    is_wanted: impl Fn(&Summary) -> bool,
) -> Result<Change, CallError> {
    match outcome {
        Ok(()) => Ok(Change::Done),
        Err(Failure::Reason(known, why)) => match api.account(&account.user).await? {
            Some(account) if is_wanted(&account) => Ok(Change::Done),
            None => Ok(Change::Missing),
            Some(_) if known == Some(Known::Busy) => Err(Failure::Reason(known, why).into()),
            Some(_) => Ok(Change::Failed { why }),
        },
        Err(Failure::Call(error)) => Err(error),
    }
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(account) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    // The older name of the parameter is sent too; both say the same.
    let pairs = [("username", account.user.as_str()), ("user", &account.user)];
    match api.change("removeacct", &pairs).await {
        Ok(()) => Ok(Change::Done),
        Err(Failure::Reason(known, why)) => match api.account(&account.user).await? {
            None => Ok(Change::Done),
            Some(_) if known == Some(Known::Busy) => Err(Failure::Reason(known, why).into()),
            Some(_) => Ok(Change::Failed { why }),
        },
        Err(Failure::Call(error)) => Err(error),
    }
}
