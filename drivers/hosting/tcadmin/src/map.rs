//! Between TCAdmin's spelling and ours. Pure.

use bursar_hosting::{Access, AccessKind, Observed, Origin, Reference, Resource, Specification};
use bursar_outbound::{CallError, Settings};

use crate::settings as plan;
use crate::wire::Failure;

/// The vendor's form: names with values.
pub(crate) type Fields = Vec<(String, String)>;

/// What an error's text means. Texts are not catalogued anywhere: what absence is called is for staff to say.
pub(crate) fn failure(text: &str, absent_words: &str) -> Failure {
    let small = text.to_lowercase();
    let has = |word: &str| small.contains(word);
    if ["access denied", "login", "permission", "not authorized", "unauthorized"].into_iter().any(has) {
        return Failure::Call(CallError::BadCredentials(text.to_owned()));
    }
    let words = absent_words.to_lowercase();
    let absent = words.split(',').map(str::trim).filter(|word| !word.is_empty()).any(has);
    if absent { Failure::Absent } else { Failure::Reason(text.to_owned()) }
}

/// What is known of a service, kept in its reference because the panel tells nothing back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Names it at the panel.
    pub(crate) billing: String,
    /// The customer's.
    pub(crate) client: String,
    /// What it was made from; neither can be changed.
    pub(crate) game: String,
    pub(crate) voice: String,
    /// The customer's name at the panel.
    pub(crate) user: String,
}

impl Known {
    /// `None` for something linked without a reference: that is nowhere.
    pub(crate) fn of(resource: &Resource) -> Option<Self> {
        let told = resource.reference.as_ref().map(|reference| Self::parse(reference.as_str()));
        match resource.origin {
            Origin::Adopted => told,
            Origin::Made => {
                let told = told.filter(|told| told.billing == resource.tag.as_str());
                Some(told.unwrap_or_else(|| Self::parse(resource.tag.as_str())))
            }
        }
    }

    /// As it will be when it is made.
    pub(crate) fn to_make(billing: String, specification: &Specification) -> Self {
        let text = |name| specification.plan.text(name).unwrap_or_default().to_owned();
        let client = specification.customer.number.to_string();
        Self {
            user: format!("customer{client}"),
            billing,
            client,
            game: text(plan::GAME),
            voice: text(plan::VOICE),
        }
    }

    fn parse(text: &str) -> Self {
        let mut parts = text.splitn(5, '/').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        Self { billing: next(), client: next(), game: next(), voice: next(), user: next() }
    }

    pub(crate) fn reference(&self) -> Reference {
        let Self { billing, client, game, voice, user } = self;
        Reference::new(format!("{billing}/{client}/{game}/{voice}/{user}"))
    }
}

pub(crate) fn unseen(known: &Known, panel: &str) -> Observed {
    let mut access = vec![Access::new(AccessKind::PanelUrl, panel)];
    if !known.user.is_empty() {
        access.push(Access::new(AccessKind::Username, &*known.user));
    }
    Observed { access, ..Observed::unseen(known.reference()) }
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn flag(plan: &Settings, name: &str) -> (String, String) {
    pair(name, if plan.is_on(name) { "1" } else { "0" })
}

/// An order, whole: the customer, and a game, a voice server or both under one billing id.
pub(crate) fn order(known: &Known, specification: &Specification) -> Result<Fields, CallError> {
    let Specification { plan, customer, .. } = specification;
    let refused = |why: &str| Err(CallError::Refused(why.to_owned()));
    let has = |name| plan.text(name).is_some();
    if !has(plan::GAME) && !has(plan::VOICE) {
        return refused("the plan names neither a game nor a voice server");
    }
    let mut fields = vec![
        pair("client_id", &*known.client),
        pair("client_package_id", &*known.billing),
        pair("package_package_id", &*known.billing),
        pair("user_email", &*customer.email),
        pair("user_fname", &*customer.first_name),
        pair("user_lname", &*customer.last_name),
        pair("user_name", &*known.user),
        pair("user_password", specification.password.expose()),
        pair("skip_page", "1"),
    ];
    for (kind, id, slots, places) in [
        ("game", plan::GAME, plan::GAME_SLOTS, [plan::GAME_DATACENTER, plan::GAME_SERVER]),
        ("voice", plan::VOICE, plan::VOICE_SLOTS, [plan::VOICE_DATACENTER, plan::VOICE_SERVER]),
    ] {
        let Some(thing) = plan.text(id) else { continue };
        if !has(slots) {
            return refused(&format!("the plan names a {kind} and no number of slots"));
        }
        // Without the customer's own choice the panel must be told where.
        let Some(place) = places.into_iter().rev().find(|place| has(place)) else {
            return refused(&format!("the plan names a {kind} and neither a datacenter nor a server for it"));
        };
        fields.push(pair(&format!("{kind}_package_id"), &*known.billing));
        fields.push(pair(id, thing));
        fields.push(pair(place, plan.text(place).unwrap_or_default()));
        fields.push(pair(&format!("{kind}_additional_slots"), "0"));
        fields.push(pair(&format!("{kind}_startup"), "Automatic"));
    }
    if has(plan::GAME) {
        fields.push(pair("game_start", "1"));
        fields.extend(variables(plan, plan::GAME_VARIABLES, "gamevar_"));
    }
    if has(plan::VOICE) {
        fields.extend(variables(plan, plan::VOICE_VARIABLES, "voicevar_"));
    }
    fields.extend(limits(plan));
    Ok(fields)
}

/// `name=value` lines. A line without an equals sign has no meaning and is left out.
fn variables(plan: &Settings, name: &str, prefix: &str) -> Fields {
    let lines = plan.text(name).unwrap_or_default().lines();
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| pair(&format!("{prefix}{}", name.trim()), value.trim()))
        .collect()
}

/// What can be changed later, every value of it: what the panel makes of one that is left out nobody knows.
pub(crate) fn limits(plan: &Settings) -> Fields {
    let text = |name, usual: &str| pair(name, plan.text(name).unwrap_or(usual));
    let mut fields = Vec::new();
    if plan.text(plan::GAME).is_some() {
        fields.extend([
            text(plan::GAME_SLOTS, ""),
            flag(plan, plan::GAME_PRIVATE),
            flag(plan, plan::GAME_BRANDED),
            text(plan::GAME_PRIORITY, "Normal"),
        ]);
    }
    if plan.text(plan::VOICE).is_some() {
        fields.extend([
            text(plan::VOICE_SLOTS, ""),
            flag(plan, plan::VOICE_PRIVATE),
            flag(plan, plan::VOICE_BRANDED),
            text(plan::VOICE_PRIORITY, "Normal"),
            text(plan::VOICE_UPLOAD, ""),
            text(plan::VOICE_DOWNLOAD, ""),
        ]);
    }
    fields
}

#[cfg(test)]
mod tests {
    use bursar_hosting::Tag;
    use bursar_hosting::conformance::specification_on;

    use super::*;

    #[test]
    fn an_error_is_absence_only_in_the_words_that_staff_gave() {
        let words = "not found, kein solcher";
        assert_eq!(failure("Service NOT FOUND", words), Failure::Absent);
        assert_eq!(failure("Kein solcher Dienst", words), Failure::Absent);
        assert_eq!(failure("It does not exist", words), Failure::Reason("It does not exist".to_owned()));
        assert_eq!(
            failure("Anything", " , "),
            Failure::Reason("Anything".to_owned()),
            "empty words match nothing"
        );
        let denied = failure("Access denied: user not found", words);
        assert!(matches!(denied, Failure::Call(CallError::BadCredentials(_))), "{denied:?}");
    }

    #[test]
    fn a_reference_keeps_what_the_panel_does_not_tell() {
        let tag = Tag::new("b7k2").unwrap();
        let plan =
            Settings::none().with("game_id", "82").with("game_slots", "16").with("game_datacenter", "1");
        let known = Known::to_make("b7k2".to_owned(), &specification_on(plan, None));
        assert_eq!(known.reference().as_str(), "b7k2/42/82//customer42");
        let resource = Resource::tagged(tag.clone());
        assert_eq!(Known::of(&resource.clone().at(known.reference())), Some(known.clone()));
        let other = Known { billing: "b9".to_owned(), ..known.clone() };
        let mistaken = Known::of(&resource.at(other.reference())).unwrap();
        assert_eq!(
            (&*mistaken.billing, &*mistaken.user),
            ("b7k2", ""),
            "the tag is believed and not the reference"
        );
        let linked = Known::of(&Resource::adopted(tag.clone(), Reference::new("1001"))).unwrap();
        assert_eq!((&*linked.billing, &*linked.client), ("1001", ""));
        assert_eq!(
            Known::of(&Resource { reference: None, ..Resource::adopted(tag, Reference::new("")) }),
            None
        );
    }

    #[test]
    fn an_order_is_whole_and_says_what_is_missing() {
        let order_of = |pairs: &[(&str, &str)]| {
            let specification = specification_on(pairs.iter().copied().collect(), None);
            order(&Known::to_make("b7k2".to_owned(), &specification), &specification)
        };
        let game = [
            ("game_id", "82"),
            ("game_slots", "16"),
            ("game_datacenter", "1"),
            ("game_variables", "Xmx=2048\nnothing"),
        ];
        let fields = order_of(&game).unwrap();
        let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        for (name, expected) in [
            ("client_id", "42"),
            ("client_package_id", "b7k2"),
            ("game_package_id", "b7k2"),
            ("user_name", "customer42"),
            ("game_id", "82"),
            ("game_slots", "16"),
            ("game_private", "0"),
            ("game_priority", "Normal"),
            ("game_datacenter", "1"),
            ("gamevar_Xmx", "2048"),
            ("skip_page", "1"),
        ] {
            assert_eq!(value(name), Some(expected), "{name}");
        }
        assert_eq!((value("voice_id"), value("voice_slots"), value("gamevar_nothing")), (None, None, None));
        for (pairs, why) in [
            (&[][..], "neither a game nor a voice server"),
            (&[("game_id", "82")][..], "no number of slots"),
            (&[("voice_id", "TEAMSPEAK3"), ("voice_slots", "10")][..], "neither a datacenter nor a server"),
        ] {
            let Err(CallError::Refused(text)) = order_of(pairs) else { panic!("{pairs:?} is refused") };
            assert!(text.contains(why), "{text}");
        }
        let server = order_of(&[
            ("voice_id", "T"),
            ("voice_slots", "10"),
            ("voice_datacenter", "1"),
            ("voice_server", "7"),
        ]);
        let places: Vec<_> = server
            .unwrap()
            .into_iter()
            .filter(|(name, _)| name.ends_with("center") || name.ends_with("server"))
            .collect();
        assert_eq!(
            places,
            [("voice_server".to_owned(), "7".to_owned())],
            "a server is more than a datacenter"
        );
    }
}
