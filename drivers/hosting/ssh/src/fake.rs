//! A server with one program, `panelctl`, that answers in lines where it is called with options and in JSON where it is
//! not. It splits its command by a reader of its own, which knows nothing of how commands are made.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bursar_fakeserver::{Account, Executed, Shell};
use bursar_hosting::conformance::{ByHand, Fake, Opening};
use bursar_hosting::relay::fake::{EVERYTHING, PLANS, Panel};
use bursar_hosting::{Reference, Tag};
use serde_json::{Value, json};

/// Who is let in, with which password.
pub const USER: &str = "panel";
/// The password.
pub const PASSWORD: &str = "ssh-fake-Password-1";
/// The secret parameters that the program wants.
pub const SECRETS: &str = "key=relay-panel-key-1";

/// The commands that the fake understands, by setting.
pub const COMMANDS: &[(&str, &str)] = &[
    ("command", "panelctl {action}"),
    (
        "command_create",
        "LC_ALL=C panelctl create --plan {plan} --user {tag} --adopted={reference} --now {now} -- {name}",
    ),
    ("command_observe", "panelctl observe --user {tag} --reference {reference}"),
    ("command_suspend", "panelctl suspend --user {tag} --reference {reference} --reason {reason}"),
];

/// How it is started by hand.
pub const BY_HAND: ByHand = ByHand {
    driver: crate::ID,
    open: Opening::Ssh(open),
    settings: &[
        ("user", USER),
        ("password", PASSWORD),
        ("secrets", SECRETS),
        ("offers", EVERYTHING),
        COMMANDS[0],
        COMMANDS[1],
        COMMANDS[2],
        COMMANDS[3],
    ],
    plan: &[("plan", PLANS[0])],
};

fn open(state: Option<&Path>) -> io::Result<(Account, Arc<dyn Shell>)> {
    let account = Account { user: USER.to_owned(), key: None, password: Some(PASSWORD.to_owned()) };
    Ok((account, Arc::new(FakeHost::open(state)?)))
}

/// The server's program.
#[derive(Debug)]
pub struct FakeHost {
    panel: Panel,
    busy: AtomicUsize,
}

impl FakeHost {
    /// A program that remembers as long as it lives, or in a file.
    pub fn open(state: Option<&Path>) -> io::Result<Self> {
        Ok(Self { panel: Panel::open(state)?, busy: AtomicUsize::new(0) })
    }

    /// Takes what was announced so far.
    pub fn announcements(&self) -> Vec<bursar_hosting::WebhookRequest> {
        self.panel.announcements()
    }

    /// Holds the program's lock against the next command.
    pub fn be_busy(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
    }

    /// Lets go of it.
    pub fn be_free(&self) {
        self.busy.store(0, Ordering::Relaxed);
    }
}

impl Shell for FakeHost {
    fn execute(&self, command: &str, input: &[u8]) -> Executed {
        let Some(mut words) = split(command) else { return Executed::saying(2, "syntax error") };
        words.retain(|word| word != "LC_ALL=C");
        if words.first().map(String::as_str) != Some("panelctl") {
            return Executed::saying(127, "command not found");
        }
        if self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
            return Executed::saying(75, "");
        }
        let question: Value = serde_json::from_slice(input).unwrap_or_default();
        match words.as_slice() {
            [_, action] if question["action"] == action.as_str() => {
                Executed::saying(0, &format!("panelctl 1.0\n{}\n", self.panel.answer(&question)))
            }
            [_, action, options @ ..] => plain(&self.panel.answer(&asked(action, options, &question))),
            _ => Executed::saying(13, "what shall be done?"),
        }
    }
}

/// What a command line asks. Of the standard input only what is secret is used.
fn asked(action: &str, options: &[String], input: &Value) -> Value {
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    let mut rest = options.iter();
    while let Some(word) = rest.next() {
        match (word.split_once('='), word.as_str()) {
            (_, "--") => {
                named.insert("name", rest.next().map_or("", String::as_str));
            }
            (Some((name, value)), _) => {
                named.insert(name, value);
            }
            (None, name) => {
                named.insert(name, rest.next().map_or("", String::as_str));
            }
        }
    }
    let of = |name: &str| named.get(name).copied().unwrap_or_default();
    let reference = [of("--reference"), of("--adopted")].into_iter().find(|text| !text.is_empty());
    json!({
        "action": action, "plan": { "plan": of("--plan") }, "name": of("name"), "now": of("--now").parse::<i64>().ok(),
        // The command line does not say whether it was adopted; what the panel holds under no tag is.
        "resource": { "tag": of("--user"), "reference": reference, "adopted": input["resource"]["adopted"] },
        "secrets": input["secrets"], "password": input["password"],
    })
}

/// An answer as a script would give it.
fn plain(answer: &Value) -> Executed {
    let message = answer["message"].as_str().unwrap_or_default();
    match (answer["error"].as_str(), answer["outcome"].as_str()) {
        (Some("bad_credentials"), _) => Executed::saying(77, message),
        (Some(_), _) => Executed::saying(12, message),
        (None, Some("missing")) => Executed::saying(11, ""),
        (None, Some("working")) => Executed::saying(20, "task=build\n"),
        (None, Some("capacity_full")) => Executed::saying(14, message),
        _ => {
            let thing = &answer["resource"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let lines = [
                ("reference", text(&thing["reference"])),
                ("state", text(&thing["state"])),
                ("name", text(&thing["name"])),
                ("plan", text(&thing["plan"]["plan"])),
                ("address", text(&thing["addresses"][0])),
                ("username", text(&thing["access"]["username"])),
            ];
            let said = lines.iter().filter(|(_, value)| !value.is_empty());
            Executed::saying(0, &said.map(|(name, value)| format!("{name}={value}\n")).collect::<String>())
        }
    }
}

/// The words of a command as POSIX splits them, for commands without substitutions; `None` when a quote is open.
pub fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = command.chars();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        '"' => break,
                        '\\' => word.push(rest.next()?),
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(rest.next()?),
            // A separator would begin a second command; the fake has one.
            ';' | '&' | '|' | '<' | '>' | '(' | ')' | '$' | '`' => return None,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

impl Fake for FakeHost {
    fn live(&self, tag: &Tag) -> usize {
        self.panel.live(tag)
    }
    fn pass_time(&self) {
        self.panel.pass_time();
    }
    fn fill(&self) -> bool {
        self.panel.fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.panel.block(tag)
    }
    fn strangers(&self) -> usize {
        self.panel.strangers()
    }
}

#[cfg(test)]
mod tests {
    use bursar_hosting::relay::fake::KEY;

    use super::*;

    #[test]
    fn the_fake_s_secret_is_the_panel_s() {
        assert_eq!(SECRETS, format!("key={KEY}"));
    }
}
