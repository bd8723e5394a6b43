//! Making, changing and removing services.

use bursar_hosting::{Change, Creation, Operation, PowerAction, Specification, server};
use bursar_outbound::CallError;

use crate::map::{self, Fields, Known};
use crate::wire::{Api, Failure};

const START: &str = "StartByBillingId";
/// Nobody's: tags carry no hyphen in this place.
const NOBODY: &str = "bursar-nobody";

/// Asks for something that nobody has, to learn what the panel says of absence.
pub(crate) async fn start_nobody(api: &Api<'_>) -> Result<(), Failure> {
    of_billing(api, START, NOBODY).await
}

async fn of_billing(api: &Api<'_>, function: &str, billing: &str) -> Result<(), Failure> {
    api.tell(function, &[("client_package_id", billing)]).await.map(drop)
}

/// Whether there is one. Starting it is the only harmless way to find out: what runs is left alone, and what was just made
/// is to run anyway.
async fn is_there(api: &Api<'_>, billing: &str) -> Result<bool, CallError> {
    match of_billing(api, START, billing).await {
        Ok(()) => Ok(true),
        Err(Failure::Absent) => Ok(false),
        // It may be there in a state in which it does not start. To make another one would be worse than to wait for a
        // person.
        Err(Failure::Reason(text)) => Err(CallError::Refused(format!(
            "nobody can tell whether {billing} is there already: asked to start it, the panel says \"{text}\". If that means \
             that there is none, add its words to the server's words for absence and try again"
        ))),
        Err(Failure::Call(error)) => Err(error),
    }
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    let resource = &operation.resource;
    let Some(known) = Known::of(resource) else {
        server::may_be_made(operation)?;
        return Err(CallError::Refused("a service without a name cannot be made".to_owned()));
    };
    let made = |known: &Known| Ok(Creation::Done(Box::new(map::unseen(known, api.base()))));
    let is_told = !known.client.is_empty() || resource.origin == bursar_hosting::Origin::Adopted;
    let to_make = Known::to_make(known.billing.clone(), specification);
    if is_there(api, &known.billing).await? {
        return made(if is_told { &known } else { &to_make });
    }
    server::may_be_made(operation)?;
    let fields = map::order(&to_make, specification)?;
    let user = api.tell("AddPendingSetup", &borrowed(&fields)).await?;
    // Who has a user there keeps it, under the name that it has.
    let user = if user.is_empty() { to_make.user.clone() } else { user };
    made(&Known { user, ..to_make })
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// What a function that sets a state came to.
pub(crate) async fn set(api: &Api<'_>, operation: &Operation, function: &str) -> Result<Change, CallError> {
    let Some(known) = Known::of(&operation.resource) else { return Ok(Change::Missing) };
    match of_billing(api, function, &known.billing).await {
        Ok(()) => Ok(Change::Done),
        Err(Failure::Absent) => Ok(Change::Missing),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn switch(
    api: &Api<'_>,
    operation: &Operation,
    action: PowerAction,
) -> Result<Change, CallError> {
    let function = match action {
        PowerAction::Start => START,
        PowerAction::Stop => "StopByBillingId",
        PowerAction::Restart => "RestartByBillingId",
        PowerAction::Kill => return Err(CallError::Refused("TCAdmin has no such switch".to_owned())),
    };
    let Some(known) = Known::of(&operation.resource) else { return Ok(Change::Missing) };
    changed(of_billing(api, function, &known.billing).await)
}

pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(known) = Known::of(&operation.resource) else { return Ok(Change::Missing) };
    let wanted = Known::to_make(known.billing.clone(), specification);
    let is_known = !known.client.is_empty();
    if is_known && (&wanted.game, &wanted.voice) != (&known.game, &known.voice) {
        let why = "TCAdmin cannot change the game or the voice server of a service, only slots and limits.";
        return Ok(Change::Failed { why: why.to_owned() });
    }
    let mut fields = map::limits(&specification.plan);
    fields.push(("client_package_id".to_owned(), known.billing));
    changed(api.tell("UpdateSettings", &borrowed(&fields)).await.map(drop))
}

/// The customer's password at the panel, for everything of theirs there.
pub(crate) async fn set_password(
    api: &Api<'_>,
    operation: &Operation,
    password: &str,
) -> Result<Change, CallError> {
    let Some(known) = Known::of(&operation.resource) else { return Ok(Change::Missing) };
    let fields = [
        ("client_id", &*known.client),
        ("user_name", &*known.user),
        ("user_password", password),
        ("client_package_id", &*known.billing),
    ];
    match api.tell("ChangePassword", &fields).await {
        Ok(_) => Ok(Change::Done),
        Err(Failure::Absent) => Ok(Change::Missing),
        Err(failure) => Err(failure.into()),
    }
}

/// A change that the panel refuses will not be made by asking again.
fn changed(outcome: Result<(), Failure>) -> Result<Change, CallError> {
    match outcome {
        Ok(()) => Ok(Change::Done),
        Err(Failure::Absent) => Ok(Change::Missing),
        Err(Failure::Reason(why)) => Ok(Change::Failed { why }),
        Err(Failure::Call(error)) => Err(error),
    }
}
