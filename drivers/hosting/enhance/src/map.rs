//! Between the panel's spelling and ours. Pure.

use bursar_hosting::{Access, AccessKind, Account, Customer, Observed, Reference, State, Tag};
use bursar_outbound::Settings;

use crate::settings;
use crate::wire::{Org, Subscription, Website};

/// A subscription with its organisation.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) org: Org,
    pub(crate) subscription: Subscription,
}

/// What ends the name of a customer's organisation, so that it can be found again: nothing else there is unique.
pub(crate) fn mark(prefix: &str, number: i64) -> String {
    format!("#{prefix}-{number}")
}

pub(crate) fn org_name(customer: &Customer, mark: &str) -> String {
    let name = format!("{} {}", customer.first_name, customer.last_name);
    let name = if name.trim().is_empty() { customer.email.as_str() } else { name.trim() };
    format!("{name} {mark}")
}

pub(crate) fn is_marked(org: &Org, mark: &str) -> bool {
    org.status != "deleted" && org.name.split(' ').next_back() == Some(mark)
}

pub(crate) fn reference(org: &str, subscription: i64) -> Reference {
    Reference::new(format!("{org}/{subscription}"))
}

/// Organisation and number out of a reference.
pub(crate) fn parts(reference: &Reference) -> Option<(&str, i64)> {
    let (org, number) = reference.as_str().split_once('/')?;
    Some((org, number.parse().ok()?))
}

pub(crate) fn is_gone(subscription: &Subscription) -> bool {
    subscription.status == "deleted"
}

pub(crate) fn tag_of(subscription: &Subscription) -> Option<Tag> {
    Tag::new(subscription.friendly_name.clone()?).ok()
}

/// The website that belongs to a subscription; a subscription may have more, and the oldest was ours.
pub(crate) fn website_of(subscription: &Subscription, websites: Vec<Website>) -> Option<Website> {
    websites
        .into_iter()
        .find(|site| site.subscription_id == Some(subscription.id) && site.status != "deleted")
}

pub(crate) fn state(subscription: &Subscription, website: Option<&Website>) -> State {
    let Some(website) = website else { return State::Building };
    if subscription.suspended_by.is_some() || website.suspended_by.is_some() {
        return State::Suspended;
    }
    match website.status.as_str() {
        "active" => State::Running,
        "disabled" => State::Stopped,
        other => State::Unrecognised(other.to_owned()),
    }
}

fn plan(subscription: &Subscription) -> Settings {
    Settings::none().with(settings::PLAN, subscription.plan_id.to_string())
}

pub(crate) fn observed(held: &Held, website: Option<&Website>, panel: &str) -> Observed {
    let mut access = vec![Access::new(AccessKind::PanelUrl, panel)];
    access.extend(held.org.owner_email.iter().map(|email| Access::new(AccessKind::Username, email.clone())));
    let ftp = website.and_then(|site| site.unix_user.as_ref());
    access.extend(ftp.map(|user| Access::new(AccessKind::FileTransferUsername, user.clone())));
    Observed {
        reference: reference(&held.org.id, held.subscription.id),
        state: state(&held.subscription, website),
        name: website.map(|site| site.domain.domain.clone()),
        plan: plan(&held.subscription),
        addresses: website.iter().flat_map(|site| &site.server_ips).map(|ip| ip.ip.clone()).collect(),
        access,
    }
}

pub(crate) fn listed(held: &Held, website: Option<&Website>) -> Account {
    Account {
        reference: reference(&held.org.id, held.subscription.id),
        tag: tag_of(&held.subscription),
        name: website.map(|site| site.domain.domain.clone()),
        email: held.org.owner_email.clone(),
        state: state(&held.subscription, website),
        plan: plan(&held.subscription),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(name: &str, status: &str) -> Org {
        Org {
            id: "c".to_owned(),
            name: name.to_owned(),
            status: status.to_owned(),
            owner_id: None,
            owner_login_id: None,
            owner_email: None,
        }
    }

    #[test]
    fn organisations_are_found_by_their_mark_alone() {
        let mark = mark("bursar", 42);
        let customer = Customer {
            number: 42,
            email: "ann@a.example".to_owned(),
            first_name: String::new(),
            last_name: String::new(),
        };
        assert_eq!(org_name(&customer, &mark), "ann@a.example #bursar-42");
        assert!(is_marked(&org("Ann O'Neil #bursar-42", "active"), &mark));
        for other in ["Ann #bursar-421", "Ann #other-42", "#bursar-42 Ann", "Ann#bursar-42"] {
            assert!(!is_marked(&org(other, "active"), &mark), "{other}");
        }
        assert!(!is_marked(&org("Ann #bursar-42", "deleted"), &mark));
    }

    #[test]
    fn references_have_two_parts() {
        assert_eq!(parts(&reference("c-uuid", 321)), Some(("c-uuid", 321)));
        for bad in ["321", "c-uuid/", "c-uuid/x"] {
            assert_eq!(parts(&Reference::new(bad)), None, "{bad}");
        }
    }

    #[test]
    fn a_subscription_without_its_website_is_not_finished() {
        let subscription: Subscription = serde_json::from_str(
            r#"{"id":321,"planId":7,"status":"active","friendlyName":"b7k2","resources":[{"name":"diskspace","total":1,"usage":5}],"new":1}"#,
        )
        .unwrap();
        let website: Website = serde_json::from_str(
            r#"{"id":"w","domain":{"id":"d","domain":"demo.example","kind":"primary"},"status":"active","subscriptionId":321,"serverIps":[{"ip":"192.0.2.50","isPrimary":true}]}"#,
        )
        .unwrap();
        assert_eq!(state(&subscription, None), State::Building);
        assert_eq!(state(&subscription, Some(&website)), State::Running);
        let suspended = Subscription { suspended_by: Some("org".to_owned()), ..subscription.clone() };
        assert_eq!(state(&suspended, Some(&website)), State::Suspended);
        assert_eq!(tag_of(&subscription).map(|tag| tag.to_string()).as_deref(), Some("b7k2"));
        let other = Website { subscription_id: Some(322), ..website.clone() };
        assert_eq!(website_of(&subscription, vec![other, website]).map(|site| site.id).as_deref(), Some("w"));
    }
}
