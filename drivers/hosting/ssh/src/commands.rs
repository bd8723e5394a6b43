//! Which command answers which question.

use bursar_hosting::Capability;
use bursar_hosting::relay::OFFERS;
use bursar_outbound::{CallError, Settings};

use crate::settings::{COMMAND, COMMANDS};
use crate::template::Template;

/// The command for an action: its own, or else the one for everything.
pub(crate) fn of(settings: &Settings, action: &str) -> Result<Option<Template>, CallError> {
    let own = COMMANDS.iter().find(|(known, _)| *known == action).and_then(|(_, name)| settings.text(name));
    let Some(text) = own.or_else(|| settings.text(COMMAND)) else { return Ok(None) };
    Template::parse(text)
        .map(Some)
        .map_err(|error| CallError::Refused(format!("the command for {action} cannot be used: {error}")))
}

/// What is wrong with the commands, a sentence each.
pub(crate) fn problems(settings: &Settings) -> Vec<String> {
    const NEEDED: [&str; 5] = ["create", "observe", "suspend", "resume", "terminate"];
    let mut problems = Vec::new();
    let all = COMMANDS.iter().map(|(action, name)| (*action, *name)).chain([("everything", COMMAND)]);
    for (action, name) in all {
        if let Some(text) = settings.text(name)
            && let Err(error) = Template::parse(text)
        {
            problems.push(format!("The command for {action} cannot be used: {error}."));
        }
    }
    for action in NEEDED {
        if matches!(of(settings, action), Ok(None)) {
            problems.push(format!("There is no command for {action}; write one, or one for everything."));
        }
    }
    problems
}

/// A capability is there when it has a command of its own, or when the one for everything is said to have it.
pub(crate) fn offers(settings: &Settings, capability: Capability) -> bool {
    let own = |action: &str| {
        let name = COMMANDS.iter().find(|(known, _)| *known == action).map(|(_, name)| *name);
        name.is_some_and(|name| settings.text(name).is_some())
    };
    let has_own = match capability {
        Capability::Resizing => own("resize"),
        Capability::Power => own("power"),
        Capability::Passwords => own("set_password"),
        Capability::Usage => own("usage"),
        Capability::Inventory => own("inventory"),
        Capability::Accounts => own("accounts"),
        Capability::SignIn
        | Capability::Health
        | Capability::Backups
        | Capability::Webhooks
        | Capability::Reinstallation => false,
    };
    let said = settings.text(OFFERS).unwrap_or_default();
    let is_said = said.split([' ', ',']).any(|word| word == capability.code());
    has_own || is_said && (capability == Capability::Webhooks || settings.text(COMMAND).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_its_own_command_or_the_one_for_everything() {
        let settings = Settings::none().with("command", "agent {action}").with("command_create", "mk {tag}");
        let filled = |action: &str| {
            let told = serde_json::json!({ "action": action, "resource": { "tag": "b1" } });
            of(&settings, action).unwrap().unwrap().filled(told.as_object().unwrap()).unwrap()
        };
        assert_eq!((filled("create").as_str(), filled("power").as_str()), ("mk 'b1'", "agent 'power'"));
        assert_eq!(problems(&settings), Vec::<String>::new());
        assert_eq!(of(&Settings::none(), "create"), Ok(None));
        assert_eq!(problems(&Settings::none()).len(), 5);
        let bad = Settings::none().with("command", "{tag}");
        assert!(matches!(of(&bad, "create"), Err(CallError::Refused(_))) && problems(&bad).len() == 1);
    }

    #[test]
    fn what_has_no_command_is_not_offered() {
        let settings = Settings::none().with("command_power", "p {power}").with("offers", "usage webhooks");
        let offered: Vec<Capability> =
            Capability::ALL.into_iter().filter(|capability| offers(&settings, *capability)).collect();
        assert_eq!(
            offered,
            [Capability::Power, Capability::Webhooks],
            "usage is said, and nothing would answer"
        );
    }
}
