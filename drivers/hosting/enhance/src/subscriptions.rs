//! Making, suspending, resuming and removing subscriptions with their websites. Each step looks for what it would make,
//! because the panel makes a second one of nearly everything when it is asked twice.

use bursar_hosting::{
    Change, Creation, Observed, Operation, Origin, Resource, Specification, Working, server,
};
use bursar_outbound::{CallError, path_part};
use serde_json::{Value, json};

use crate::map::{self, Held};
use crate::settings;
use crate::wire::{Api, Failure, Login, Org, Subscription, Website};

pub(crate) async fn customers(api: &Api<'_>) -> Result<Vec<Org>, CallError> {
    let all: Vec<Org> = api.all(&format!("/orgs/{}/customers", api.org)).await?;
    Ok(all.into_iter().filter(|org| org.status != "deleted").collect())
}

pub(crate) async fn of_org(api: &Api<'_>, org: &Org) -> Result<Vec<Subscription>, CallError> {
    let path = format!("/orgs/{}/customers/{}/subscriptions", api.org, path_part(&org.id));
    let all: Vec<Subscription> = api.all(&path).await?;
    Ok(all.into_iter().filter(|subscription| !map::is_gone(subscription)).collect())
}

pub(crate) async fn website(api: &Api<'_>, held: &Held) -> Result<Option<Website>, CallError> {
    let sites = api.all(&format!("/orgs/{}/websites", path_part(&held.org.id))).await?;
    Ok(map::website_of(&held.subscription, sites))
}

pub(crate) async fn find(api: &Api<'_>, resource: &Resource) -> Result<Option<Held>, CallError> {
    if let Some((org, number)) = resource.reference.as_ref().and_then(map::parts) {
        let held = by_number(api, org, number).await?;
        if resource.origin == Origin::Adopted {
            return Ok(held);
        }
        if let Some(held) =
            held.filter(|held| map::tag_of(&held.subscription).as_ref() == Some(&resource.tag))
        {
            return Ok(Some(held));
        }
    }
    if resource.origin == Origin::Adopted {
        return Ok(None);
    }
    // Nobody told the reference: every customer is looked at.
    for org in customers(api).await? {
        if let Some(held) = among(api, org, resource).await? {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

async fn among(api: &Api<'_>, org: Org, resource: &Resource) -> Result<Option<Held>, CallError> {
    let all = of_org(api, &org).await?;
    let found =
        all.into_iter().find(|subscription| map::tag_of(subscription).as_ref() == Some(&resource.tag));
    Ok(found.map(|subscription| Held { org, subscription }))
}

async fn by_number(api: &Api<'_>, org: &str, number: i64) -> Result<Option<Held>, CallError> {
    let part = path_part(org);
    let Some(org) = api.find::<Org>(&format!("/orgs/{part}")).await? else { return Ok(None) };
    let found: Option<Subscription> = api.find(&format!("/orgs/{part}/subscriptions/{number}")).await?;
    let live = found.filter(|subscription| !map::is_gone(subscription));
    Ok(live.map(|subscription| Held { org, subscription }))
}

pub(crate) async fn observed(api: &Api<'_>, held: &Held) -> Result<Observed, CallError> {
    let website = website(api, held).await?;
    Ok(map::observed(held, website.as_ref(), api.endpoint().base()))
}

pub(crate) async fn create(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Creation, CallError> {
    let resource = &operation.resource;
    if resource.origin == Origin::Adopted {
        return match find(api, resource).await? {
            Some(held) => Ok(Creation::Done(Box::new(observed(api, &held).await?))),
            None => {
                server::may_be_made(operation).map(|()| Creation::Working(Working::again_after_seconds(1)))
            }
        };
    }
    let domain = specification.name.as_deref().unwrap_or_default();
    let mark = map::mark(prefix(api), specification.customer.number);
    let known = customers(api).await?.into_iter().find(|org| map::is_marked(org, &mark));
    let held = match &known {
        Some(org) => among(api, org.clone(), resource).await?,
        None => None,
    };
    if let Some(held) = held {
        return match website(api, &held).await? {
            Some(site) => {
                Ok(Creation::Done(Box::new(map::observed(&held, Some(&site), api.endpoint().base()))))
            }
            None => make_website(api, &held, specification, domain).await,
        };
    }
    is_free(api, domain).await?;
    let org = customer(api, known, specification, &mark).await?;
    let body = json!({
        "planId": plan_of(specification)?, "friendlyName": resource.tag.as_str(),
    });
    let path = format!("/orgs/{}/customers/{}/subscriptions", api.org, path_part(&org.id));
    match api.make(&path, &body).await {
        Ok(_) => Ok(Creation::Working(Working::again_after_seconds(1))),
        // A reseller's own quota is the one thing that forbids this and nothing else.
        Err(Failure::Call(CallError::Refused(why))) if why.starts_with("HTTP 403") => {
            Ok(Creation::CapacityFull { why })
        }
        Err(failure) => Err(failure.into()),
    }
}

fn prefix<'a>(api: &Api<'a>) -> &'a str {
    api.call.settings().text(settings::PREFIX).unwrap_or("bursar")
}

pub(crate) fn plan_of(specification: &Specification) -> Result<i64, CallError> {
    let missing = || CallError::Refused("the plan is not a number of the panel's".to_owned());
    specification.plan.number(settings::PLAN).ok_or_else(missing)
}

/// A domain that somebody has is found out before anything is made for it.
async fn is_free(api: &Api<'_>, domain: &str) -> Result<(), CallError> {
    let answer = api.ask(&format!("/orgs/{}/domains/check", api.org), &json!({ "domain": domain })).await?;
    match answer["status"].as_str() {
        Some("notInUse") => Ok(()),
        Some(status) => {
            Err(CallError::Refused(format!("the domain {domain} cannot be used on the panel: {status}")))
        }
        None => Err(CallError::Unreadable("whether the domain is free is not said".to_owned())),
    }
}

async fn make_website(
    api: &Api<'_>,
    held: &Held,
    specification: &Specification,
    domain: &str,
) -> Result<Creation, CallError> {
    let mut body = json!({ "domain": domain, "subscriptionId": held.subscription.id });
    if let Some(group) = specification.plan.text(settings::GROUP) {
        body["serverGroupId"] = Value::from(group);
    }
    api.make(&format!("/orgs/{}/websites", path_part(&held.org.id)), &body).await?;
    Ok(Creation::Working(Working::again_after_seconds(1)))
}

/// The customer's organisation with somebody who owns it, made when there is none.
async fn customer(
    api: &Api<'_>,
    known: Option<Org>,
    specification: &Specification,
    mark: &str,
) -> Result<Org, CallError> {
    let org = match known {
        Some(org) => org,
        None => {
            let name = map::org_name(&specification.customer, mark);
            let id = api.make(&format!("/orgs/{}/customers", api.org), &json!({ "name": name })).await?;
            api.get(&format!("/orgs/{}", path_part(&id))).await?
        }
    };
    if org.owner_id.is_some() {
        return Ok(org);
    }
    let login = login(api, &org, specification).await?;
    let member = json!({ "loginId": login, "roles": ["Owner"] });
    match api.make(&format!("/orgs/{}/members", path_part(&org.id)), &member).await {
        Ok(_) | Err(Failure::Exists) => Ok(org),
        Err(failure) => Err(failure.into()),
    }
}

/// The login of the customer's mail address: one person has one on the whole panel.
async fn login(api: &Api<'_>, org: &Org, specification: &Specification) -> Result<String, CallError> {
    let customer = &specification.customer;
    let name = format!("{} {}", customer.first_name, customer.last_name);
    let body = json!({
        "email": customer.email, "password": specification.password.expose(), "name": name.trim(),
    });
    match api.make(&format!("/logins?orgId={}", path_part(&org.id)), &body).await {
        Ok(id) => return Ok(id),
        Err(Failure::Exists) => {}
        Err(failure) => return Err(failure.into()),
    }
    let all: Vec<Login> = api.all(&format!("/v2/orgs/{}/customers/logins", api.org)).await?;
    let own = all.into_iter().find(|login| login.email.eq_ignore_ascii_case(&customer.email));
    let elsewhere = || {
        CallError::Refused(format!(
            "{} signs in to the panel already, and is none of our customers",
            customer.email
        ))
    };
    own.map(|login| login.id).ok_or_else(elsewhere)
}

/// The subscription first, and its website too where the panel leaves that as it was.
pub(crate) async fn set_suspended(
    api: &Api<'_>,
    operation: &Operation,
    is_suspended: bool,
) -> Result<Change, CallError> {
    let Some(held) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let org = path_part(&held.org.id);
    let body = json!({ "isSuspended": is_suspended });
    if held.subscription.suspended_by.is_some() != is_suspended {
        api.patch(&format!("/orgs/{org}/subscriptions/{}", held.subscription.id), &body).await?;
    }
    if let Some(site) = website(api, &held).await?
        && site.suspended_by.is_some() != is_suspended
    {
        api.patch(&format!("/orgs/{org}/websites/{}", path_part(&site.id)), &body).await?;
    }
    Ok(Change::Done)
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let Some(held) = find(api, &operation.resource).await? else { return Ok(Change::Done) };
    let force = if api.call.settings().is_on(settings::FORCE) { "?force=true" } else { "" };
    let path = format!("/orgs/{}/subscriptions/{}{force}", path_part(&held.org.id), held.subscription.id);
    match api.delete(&path).await {
        Ok(()) | Err(Failure::Absent) => Ok(Change::Done),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let Some(held) = find(api, &operation.resource).await? else { return Ok(Change::Missing) };
    let plan = plan_of(specification)?;
    if held.subscription.plan_id == plan {
        return Ok(Change::Done);
    }
    let path = format!("/orgs/{}/subscriptions/{}", path_part(&held.org.id), held.subscription.id);
    api.patch(&path, &json!({ "planId": plan })).await?;
    let after: Subscription = api.get(&path).await?;
    if after.plan_id == plan {
        Ok(Change::Done)
    } else {
        Ok(Change::Failed { why: "The panel kept the old plan.".to_owned() })
    }
}
