//! What it means how a command ended, for commands that answer in JSON and for those that only end.

use bursar_outbound::CallError;
use bursar_outbound::ssh::SshEnd;
use serde_json::{Map, Value, json};

/// What commands may say about a thing, as `name=value` lines.
const NAMES: &[&str] =
    &["reference", "state", "name", "plan", "image", "region", "address", "username", "task"];

pub(crate) fn connected() -> Value {
    json!({ "outcome": "done" })
}

pub(crate) fn add_problems(answer: &mut Value, problems: Vec<String>) {
    if let Some(fields) = answer.as_object_mut()
        && !problems.is_empty()
    {
        let mut all = fields.get("problems").and_then(Value::as_array).cloned().unwrap_or_default();
        all.extend(problems.into_iter().map(Value::from));
        fields.insert("problems".to_owned(), Value::Array(all));
    }
}

/// The answer of a command.
pub(crate) fn answer(end: &SshEnd, action: &str, told: &Map<String, Value>) -> Result<Value, CallError> {
    let output = String::from_utf8_lossy(&end.output);
    let said = said(&String::from_utf8_lossy(&end.messages), &output);
    match end.status {
        // Done, and done already.
        0 | 10 => {
            if end.is_cut {
                return Err(CallError::Unreadable("the command said too much".to_owned()));
            }
            let last = output.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            match serde_json::from_str::<Value>(last) {
                Ok(answer) if answer.is_object() => Ok(answer),
                _ => plain(&output, action, told),
            }
        }
        11 => Ok(json!({ "outcome": "missing" })),
        12 => Err(CallError::Refused(format!("it belongs to somebody else: {said}"))),
        13 | 126 | 127 => Err(CallError::Refused(said)),
        14 => Ok(json!({ "outcome": "capacity_full", "message": said })),
        20 => {
            let task = pairs(&output).ok().and_then(|pairs| pairs.get("task").cloned());
            Ok(json!({ "outcome": "working", "task": task }))
        }
        21 | 75 => Err(CallError::RateLimited { retry_after: None }),
        77 => Err(CallError::BadCredentials(said)),
        124 | 128.. => {
            Err(CallError::Unknown(format!("the command ended with status {}: {said}", end.status)))
        }
        status if is_question(action) => {
            Err(CallError::Unknown(format!("the command ended with status {status}: {said}")))
        }
        status => Ok(json!({ "outcome": "failed", "message": format!("status {status}: {said}") })),
    }
}

fn is_question(action: &str) -> bool {
    matches!(
        action,
        "test" | "observe" | "sign_in" | "usage" | "health" | "inventory" | "accounts" | "list_backups"
    )
}

/// A command that says nothing has done what it was told. What is said must be `name=value` lines and nothing else: a
/// page of something that is no command of ours is no success.
fn plain(output: &str, action: &str, told: &Map<String, Value>) -> Result<Value, CallError> {
    let pairs = pairs(output)?;
    let mut answer = Map::new();
    answer.insert("outcome".to_owned(), Value::from("done"));
    if matches!(action, "create" | "observe") {
        let told_of = |root: &str, field: &str| told.get(root).and_then(|value| value.get(field)).cloned();
        let or = |name: &str, else_: Option<Value>| pairs.get(name).cloned().or(else_).unwrap_or(Value::Null);
        let mut plan = Map::new();
        for name in ["plan", "image", "region"] {
            let ordered = (action == "create").then(|| told_of("plan", name)).flatten();
            if let Some(value) = pairs.get(name).cloned().or(ordered) {
                plan.insert(name.to_owned(), value);
            }
        }
        let access: Map<String, Value> =
            pairs.get("username").map(|name| ("username".to_owned(), name.clone())).into_iter().collect();
        let addresses: Vec<Value> = pairs.get("address").cloned().into_iter().collect();
        let ordered_name = (action == "create").then(|| told.get("name").cloned()).flatten();
        let resource = json!({
            "reference": or("reference", told_of("resource", "tag")),
            "state": or("state", Some(Value::from("running"))),
            "name": or("name", ordered_name),
            "plan": plan, "addresses": addresses, "access": access,
        });
        answer.insert("resource".to_owned(), resource);
    }
    Ok(Value::Object(answer))
}

fn pairs(output: &str) -> Result<Map<String, Value>, CallError> {
    let mut pairs = Map::new();
    for line in output.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_once('=') {
            Some((name, value)) if NAMES.contains(&name) => {
                pairs.insert(name.to_owned(), Value::from(value));
            }
            _ => {
                let names = NAMES.join(", ");
                return Err(CallError::Unreadable(format!(
                    "the command's output is neither JSON nor lines like state=running ({names})"
                )));
            }
        }
    }
    Ok(pairs)
}

/// The beginning of what a command complained of.
fn said(messages: &str, output: &str) -> String {
    const MOST: usize = 300;
    let text = if messages.trim().is_empty() { output } else { messages };
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: u32, output: &str, action: &str) -> Result<Value, CallError> {
        let told = json!({ "name": "a.example", "resource": { "tag": "b1" }, "plan": { "plan": "small" } });
        let end = SshEnd { status, output: output.into(), messages: b"why".to_vec(), is_cut: false };
        answer(&end, action, told.as_object().unwrap())
    }

    #[test]
    fn a_command_answers_in_json_in_lines_or_by_its_end_alone() {
        let json = ended(0, "hello\n{\"outcome\":\"missing\"}\n", "observe");
        assert_eq!(json, Ok(json!({ "outcome": "missing" })));
        let silent = ended(0, "", "create").unwrap();
        assert_eq!(silent["resource"]["reference"], "b1");
        assert_eq!(silent["resource"]["plan"], json!({ "plan": "small" }), "as it was ordered");
        let seen = ended(0, "state=suspended\nreference=cust7\n", "observe").unwrap();
        assert_eq!(
            (&seen["resource"]["state"], &seen["resource"]["reference"]),
            (&json!("suspended"), &json!("cust7"))
        );
        assert_eq!(seen["resource"]["plan"], json!({}), "what is not said is not compared");
        assert_eq!(ended(10, "", "suspend"), Ok(json!({ "outcome": "done" })));
        for noise in ["<html>It works!</html>", "Welcome!", "[1]"] {
            assert!(matches!(ended(0, noise, "suspend"), Err(CallError::Unreadable(_))), "{noise}");
        }
    }

    #[test]
    fn each_code_means_what_the_table_says() {
        assert_eq!(ended(11, "", "observe"), Ok(json!({ "outcome": "missing" })));
        assert!(matches!(ended(12, "", "create"), Err(CallError::Refused(_))));
        assert!(matches!(ended(127, "", "create"), Err(CallError::Refused(_))));
        assert_eq!(ended(14, "", "create"), Ok(json!({ "outcome": "capacity_full", "message": "why" })));
        assert_eq!(ended(20, "task=t9", "create"), Ok(json!({ "outcome": "working", "task": "t9" })));
        assert!(matches!(ended(75, "", "create"), Err(CallError::RateLimited { .. })));
        assert!(matches!(ended(124, "", "create"), Err(CallError::Unknown(_))));
        assert!(matches!(ended(137, "", "create"), Err(CallError::Unknown(_))));
        assert!(
            matches!(ended(1, "", "observe"), Err(CallError::Unknown(_))),
            "a question without an answer"
        );
        assert_eq!(ended(1, "", "create"), Ok(json!({ "outcome": "failed", "message": "status 1: why" })));
    }
}
