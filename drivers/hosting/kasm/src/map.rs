//! Between Kasm's spelling and ours. Pure.

use bursar_hosting::{Access, AccessKind, Account, Observed, Reference, State, Tag};
use bursar_outbound::{CallError, Settings};

use crate::settings;
use crate::wire::{Failure, Group, User};

/// What the names of our users begin with.
const PREFIX: &str = "bursar-";
/// The group that everybody is in.
const EVERYBODY: &str = "All Users";

pub(crate) fn username(tag: &Tag) -> String {
    format!("{PREFIX}{tag}")
}

pub(crate) fn tag_in(username: &str) -> Option<Tag> {
    Tag::new(username.strip_prefix(PREFIX)?).ok()
}

/// Ids are written with and without hyphens.
pub(crate) fn is_same_id(one: &str, other: &str) -> bool {
    let plain = |id: &str| id.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    plain(one) == plain(other)
}

/// What a failure's text means. Texts change with versions: only what is plain is read out of them.
pub(crate) fn failure(text: &str) -> Failure {
    let small = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| small.contains(word));
    if has(&["not found", "does not exist", "invalid user"]) {
        Failure::Absent
    } else if has(&["already exists", "already a member", "already in"]) {
        Failure::Exists
    } else if has(&["license", "licence", "no resources"]) {
        Failure::NoRoom(text.to_owned())
    } else if has(&["access denied", "invalid api", "unauthorized"]) {
        Failure::Call(CallError::BadCredentials(text.to_owned()))
    } else {
        Failure::Call(CallError::Refused(text.to_owned()))
    }
}

/// The groups of a user that somebody put them into.
pub(crate) fn own_groups(user: &User) -> impl Iterator<Item = &Group> {
    user.groups.iter().filter(|group| group.name != EVERYBODY)
}

pub(crate) fn is_in(user: &User, group: &str) -> bool {
    own_groups(user).any(|own| is_same_id(&own.group_id, group))
}

pub(crate) fn state(user: &User) -> State {
    if user.disabled {
        State::Suspended
    } else if user.locked {
        State::Stopped
    } else if own_groups(user).next().is_none() {
        State::Building
    } else {
        State::Running
    }
}

/// The plan, when the user is in one group beside everybody's: which of several is the plan nobody can tell.
fn plan(user: &User) -> Settings {
    let mut groups = own_groups(user);
    match (groups.next(), groups.next()) {
        (Some(group), None) => Settings::none().with(settings::GROUP, &*group.group_id),
        _ => Settings::none(),
    }
}

pub(crate) fn observed(user: &User, panel: &str) -> Observed {
    Observed {
        reference: Reference::new(&*user.user_id),
        state: state(user),
        name: None,
        plan: plan(user),
        addresses: Vec::new(),
        access: vec![
            Access::new(AccessKind::Username, &*user.username),
            Access::new(AccessKind::PanelUrl, panel),
        ],
    }
}

pub(crate) fn listed(user: &User) -> Account {
    Account {
        reference: Reference::new(&*user.user_id),
        tag: tag_in(&user.username),
        name: Some(user.username.clone()),
        email: Some(user.username.clone()).filter(|name| name.contains('@')),
        state: state(user),
        plan: plan(user),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_what_is_plain_in_them_and_nothing_else() {
        assert!(matches!(failure("User not found"), Failure::Absent));
        assert!(matches!(failure("A user with that username already exists"), Failure::Exists));
        assert!(matches!(failure("License limit exceeded"), Failure::NoRoom(_)));
        assert!(matches!(failure("Access Denied"), Failure::Call(CallError::BadCredentials(_))));
        assert!(matches!(failure("Image Not Authorized"), Failure::Call(CallError::Refused(_))));
    }

    #[test]
    fn the_vendor_s_shape_is_read_and_one_group_is_the_plan() {
        let user: User = serde_json::from_str(
            r#"{"user_id":"50fa0000000040008000000000000001","username":"bursar-b7k2","first_name":"A","realm":"local",
                "groups":[{"name":"All Users","group_id":"68d557ac"},{"name":"Small","group_id":"aa-BB"}],
                "disabled":false,"locked":false,"last_session":null,"kasms":[{"kasm_id":"k1","start_date":"2026-01-05"}]}"#,
        )
        .unwrap();
        assert_eq!(
            (tag_in(&user.username).map(|tag| tag.to_string()).as_deref(), user.kasms.len()),
            (Some("b7k2"), 1)
        );
        assert!(is_in(&user, "AABB") && !is_in(&user, "68d557ac"));
        assert_eq!((plan(&user), state(&user)), (Settings::none().with("group", "aa-BB"), State::Running));
        let two = User { groups: [user.groups.clone(), user.groups.clone()].concat(), ..user.clone() };
        assert_eq!(plan(&two), Settings::none());
        assert_eq!(state(&User { groups: Vec::new(), ..user.clone() }), State::Building);
        assert_eq!(state(&User { disabled: true, ..user }), State::Suspended);
    }
}
