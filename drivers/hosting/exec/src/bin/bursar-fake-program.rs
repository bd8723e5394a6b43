//! A program for the tests: answers out of a panel in its folder, or passes the question on to the program `inner`
//! there, and does wrong what the file `trouble` says.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use bursar_hosting::relay::fake::Panel;
use serde_json::Value;

fn main() -> std::io::Result<ExitCode> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let question: Value = serde_json::from_str(&input)?;
    match trouble(&question)?.as_deref() {
        Some("refuse") => return Ok(ExitCode::from(69)),
        Some("rate_limit") => return Ok(ExitCode::from(75)),
        Some("fail") => return Ok(ExitCode::FAILURE),
        Some("lose_before") => std::process::abort(),
        Some("lose_after") => {
            answer(&input, &question)?;
            std::process::abort()
        }
        // A call is one question here, so that one that goes wrong must leave a change undone.
        Some("mumble") => std::io::stdout().write_all(b"<html>It works!</html>\n")?,
        Some("garble") => {
            answer(&input, &question)?;
            std::io::stdout().write_all(b"<html>It works!</html>\n")?;
        }
        _ => std::io::stdout().write_all(&answer(&input, &question)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The first trouble of the file, when this question meets it.
fn trouble(question: &Value) -> std::io::Result<Option<String>> {
    let Ok(text) = std::fs::read_to_string("trouble") else { return Ok(None) };
    let mut lines = text.lines();
    let Some((aim, fault)) = lines.next().and_then(|line| line.split_once(' ')) else { return Ok(None) };
    if aim == "change" && !Panel::changes(question) {
        return Ok(None);
    }
    std::fs::write("trouble", lines.collect::<Vec<_>>().join("\n"))?;
    Ok(Some(fault.to_owned()))
}

fn answer(input: &str, question: &Value) -> std::io::Result<Vec<u8>> {
    if !Path::new("inner").exists() {
        let panel = Panel::open(Some(Path::new("panel.json")))?;
        return Ok(panel.answer(question).to_string().into_bytes());
    }
    let mut inner = Command::new("./inner").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = inner.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let end = inner.wait_with_output()?;
    if end.status.success() { Ok(end.stdout) } else { Err(std::io::Error::other("the inner program failed")) }
}
