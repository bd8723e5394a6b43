//! Commands with placeholders. A value becomes one word of the command, whatever it holds; what could still be
//! misunderstood by the program that gets it (a leading hyphen, a line end) is refused.

use serde_json::{Map, Value};

/// The longest value, and the longest command: servers take 128 KiB at most.
const MOST_VALUE: usize = 4 * 1024;
const MOST_COMMAND: usize = 64 * 1024;

/// What a placeholder may begin with: the fields of a question that are no secret.
const ROOTS: &[&str] = &[
    "action",
    "backup",
    "customer",
    "door",
    "from",
    "key",
    "kind",
    "name",
    "now",
    "plan",
    "power",
    "reason",
    "reference",
    "seconds_left",
    "server",
    "tag",
    "task",
    "address",
];

/// A command that was read and can be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(String),
}

/// Why a text is no command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadTemplate {
    /// Nothing is there.
    Empty,
    /// A placeholder stands where its value would not be one word: in quotes, behind a backslash or a dollar sign, in a
    /// substitution or a comment.
    Misplaced(String),
    /// A placeholder is the name of the command.
    IsCommand(String),
    /// No question has such a field.
    UnknownField(String),
    /// A pipe hides how its first command ended, a here-document quotes by other rules, and a line break hides a second
    /// command.
    Forbidden(&'static str),
    /// A quote is not closed.
    Unclosed,
}

impl std::fmt::Display for BadTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Misplaced(name) => write!(
                f,
                "{{{name}}} must stand outside of quotes, substitutions and comments; values are quoted by themselves"
            ),
            Self::IsCommand(name) => write!(f, "{{{name}}} cannot be the command itself"),
            Self::UnknownField(name) => {
                write!(f, "there is no {{{name}}}; placeholders begin with one of: {}", ROOTS.join(", "))
            }
            Self::Forbidden(what) => {
                write!(f, "{what} cannot be used in it; put it into a script on the server")
            }
            Self::Unclosed => f.write_str("a quote in it is not closed"),
        }
    }
}

/// Where the reader of a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    Single,
    Double,
}

impl Template {
    /// Reads a command. `{field}` and `{plan.field}` are placeholders; every other brace is the shell's.
    pub fn parse(text: &str) -> Result<Self, BadTemplate> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadTemplate::Empty);
        }
        let mut reader = Reader { parts: Vec::new(), text: String::new(), place: Place::Plain, begins: true };
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some((name, after)) = placeholder(rest) {
                reader.value(name)?;
                rest = after;
            } else {
                rest = reader.character(next, &rest[next.len_utf8()..])?;
            }
        }
        if reader.place != Place::Plain {
            return Err(BadTemplate::Unclosed);
        }
        reader.end_text();
        Ok(Self(reader.parts))
    }

    /// The command with the values of a question, or why it cannot be filled in.
    pub fn filled(&self, told: &Map<String, Value>) -> Result<String, String> {
        let mut command = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => command.push_str(text),
                Part::Value(name) => command.push_str(&quote(&checked(name, &value_of(name, told))?)),
            }
        }
        if command.len() > MOST_COMMAND {
            return Err(format!("the command would be longer than {MOST_COMMAND} bytes"));
        }
        Ok(command)
    }
}

struct Reader {
    parts: Vec<Part>,
    text: String,
    place: Place,
    /// Whether the next word would name a command.
    begins: bool,
}

impl Reader {
    fn value(&mut self, name: &str) -> Result<(), BadTemplate> {
        let root = name.split('.').next().unwrap_or_default();
        if !ROOTS.contains(&root) {
            return Err(BadTemplate::UnknownField(name.to_owned()));
        }
        let before = self.text.chars().last();
        if self.place != Place::Plain || before.is_some_and(|c| matches!(c, '\\' | '$')) {
            return Err(BadTemplate::Misplaced(name.to_owned()));
        }
        if self.begins {
            return Err(BadTemplate::IsCommand(name.to_owned()));
        }
        self.end_text();
        self.parts.push(Part::Value(name.to_owned()));
        Ok(())
    }

    /// Takes one character, and what follows it where that belongs to it.
    fn character<'a>(&mut self, c: char, rest: &'a str) -> Result<&'a str, BadTemplate> {
        let next = rest.chars().next();
        match (self.place, c) {
            (Place::Single, '\'') | (Place::Double, '"') => self.place = Place::Plain,
            (Place::Plain, '\'') => self.place = Place::Single,
            (Place::Plain, '"') => self.place = Place::Double,
            (Place::Plain | Place::Double, '`') => return Err(BadTemplate::Forbidden("a backtick")),
            (Place::Plain | Place::Double, '$') if next == Some('(') => {
                return Err(BadTemplate::Forbidden("a substitution"));
            }
            (Place::Plain, '#') => return Err(BadTemplate::Forbidden("a comment")),
            (Place::Plain, '<') if next == Some('<') => {
                return Err(BadTemplate::Forbidden("a here-document"));
            }
            (Place::Plain, '|') if next != Some('|') && !self.text.ends_with('|') => {
                return Err(BadTemplate::Forbidden("a pipe"));
            }
            (_, '\n' | '\r' | '\0') => return Err(BadTemplate::Forbidden("a line break")),
            // What follows a backslash is not looked at, unless it is a placeholder, which is refused there.
            (Place::Plain | Place::Double, '\\') if placeholder(rest).is_none() => {
                self.text.push(c);
                if let Some(next) = next {
                    self.text.push(next);
                    self.begins = false;
                    return Ok(&rest[next.len_utf8()..]);
                }
                return Err(BadTemplate::Unclosed);
            }
            _ => {}
        }
        if self.place == Place::Plain {
            match c {
                ';' | '&' | '|' | '(' | '!' => self.begins = true,
                ' ' | '\t' => {}
                _ => self.begins = false,
            }
        } else {
            self.begins = false;
        }
        self.text.push(c);
        Ok(rest)
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
    }
}

/// A placeholder at the beginning of a text, and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let spelled = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    (spelled && starts).then_some((name, after))
}

/// A field of the question. `{plan}` and `{server}` alone mean the field of the same name in them; what is absent is empty.
fn value_of(name: &str, told: &Map<String, Value>) -> String {
    let found = match name.split_once('.') {
        Some((root, field)) => told.get(root).and_then(|value| value.get(field)),
        None => match name {
            "plan" => told.get("plan").and_then(|plan| plan.get("plan")),
            "tag" | "reference" => told.get("resource").and_then(|resource| resource.get(name)),
            "address" => told.get("addresses").and_then(|all| all.get(0)).and_then(|first| first.get("ip")),
            _ => told.get(name),
        },
    };
    found.and_then(bursar_outbound::loose::as_text).unwrap_or_default()
}

fn checked(name: &str, value: &str) -> Result<String, String> {
    if value.chars().any(char::is_control) {
        return Err(format!("{{{name}}} has a control character or a line end in it"));
    }
    if value.starts_with('-') {
        return Err(format!("{{{name}}} begins with a hyphen, which the command would take for an option"));
    }
    if value.len() > MOST_VALUE {
        return Err(format!("{{{name}}} is longer than {MOST_VALUE} bytes"));
    }
    Ok(value.to_owned())
}

/// A value as one word for any POSIX shell: nothing within single quotes means anything but a single quote.
pub fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told() -> Map<String, Value> {
        let told = json!({
            "action": "create", "name": "it's a.example", "resource": { "tag": "b7", "reference": null },
            "plan": { "plan": "small", "disk_mb": 10240 }, "addresses": [{ "ip": "192.0.2.7" }],
        });
        told.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn values_become_quoted_words() {
        let filled = |text: &str| Template::parse(text).unwrap().filled(&told());
        assert_eq!(
            filled("LC_ALL=C sudo -n -- mk --disk={plan.disk_mb} {plan} --ref {reference} -- {name}")
                .unwrap(),
            r"LC_ALL=C sudo -n -- mk --disk='10240' 'small' --ref '' -- 'it'\''s a.example'"
        );
        assert_eq!(filled("a {address}; b {tag} || c").unwrap(), "a '192.0.2.7'; b 'b7' || c");
        assert_eq!(
            filled("a ${HOME} \"{x\" '{' {A} {}").unwrap(),
            "a ${HOME} \"{x\" '{' {A} {}",
            "braces of the shell"
        );
    }

    #[test]
    fn a_placeholder_where_quoting_would_not_hold_is_refused() {
        let misplaced = |name: &str| Err(BadTemplate::Misplaced(name.to_owned()));
        for text in ["a '{tag}'", "a \"{tag}\"", "a \\{tag}", "a ${tag}", "a \"x {tag} y\""] {
            assert_eq!(Template::parse(text), misplaced("tag"), "{text}");
        }
        for text in ["{tag}", " {tag} x", "a; {tag}", "a && {tag}", "( {tag} )", "! {tag}"] {
            assert_eq!(Template::parse(text), Err(BadTemplate::IsCommand("tag".to_owned())), "{text}");
        }
        for text in [
            "a `{tag}`",
            "a $(b)",
            "a \"$(b)\"",
            "a | b",
            "a |& b",
            "a << X",
            "a # {tag}",
            "a\nb",
            "a 'x\ny'",
        ] {
            assert!(matches!(Template::parse(text), Err(BadTemplate::Forbidden(_))), "{text}");
        }
        for text in ["a 'b", "a \"b", "a \\"] {
            assert_eq!(Template::parse(text), Err(BadTemplate::Unclosed), "{text}");
        }
        assert_eq!(Template::parse("a {secret}"), Err(BadTemplate::UnknownField("secret".to_owned())));
        assert_eq!(Template::parse("a {password}"), Err(BadTemplate::UnknownField("password".to_owned())));
        assert_eq!(Template::parse("  "), Err(BadTemplate::Empty));
    }

    #[test]
    fn values_that_no_quoting_makes_safe_are_refused() {
        let template = Template::parse("a {name}").unwrap();
        for bad in ["-rf", "a\nb", "a\0b", "\u{7f}", &"x".repeat(4_097)] {
            let told = json!({ "name": bad }).as_object().cloned().unwrap();
            assert!(template.filled(&told).is_err(), "{bad:?}");
        }
    }
}
