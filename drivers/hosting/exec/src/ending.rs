//! What it means how a program ended.

use bursar_outbound::{CallError, ProgramEnd};
use serde_json::Value;

// The codes of sysexits.h that say something certain. Every other one may have come after half of the work.
const USAGE: i32 = 64;
const UNAVAILABLE: i32 = 69;
const TEMPORARY: i32 = 75;
const NO_PERMISSION: i32 = 77;
const CONFIGURATION: i32 = 78;

/// The answer of a program that ended well.
pub(crate) fn answer(end: &ProgramEnd) -> Result<Value, CallError> {
    let said = || beginning(end.messages.trim());
    match end.status {
        0 if end.is_cut => Err(CallError::Unreadable("the program said too much".to_owned())),
        0 => parse(&end.output),
        USAGE | CONFIGURATION => Err(CallError::Refused(said())),
        UNAVAILABLE => Err(CallError::NotSent(said())),
        TEMPORARY => Err(CallError::RateLimited { retry_after: None }),
        NO_PERMISSION => Err(CallError::BadCredentials(said())),
        status => Err(CallError::Unknown(format!("the program ended with status {status}: {}", said()))),
    }
}

/// The whole output, or else its last line: languages and libraries like to say something first.
fn parse(output: &[u8]) -> Result<Value, CallError> {
    let text = String::from_utf8_lossy(output);
    let whole = serde_json::from_str::<Value>(text.trim());
    let last = || text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    whole
        .or_else(|_| serde_json::from_str::<Value>(last()))
        .map_err(|error| CallError::Unreadable(format!("the program's output is no JSON ({error})")))
}

fn beginning(text: &str) -> String {
    const MOST: usize = 300;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ended(status: i32, output: &str) -> Result<Value, CallError> {
        let output = output.as_bytes().to_vec();
        answer(&ProgramEnd { status, output, messages: "why\n".to_owned(), is_cut: false })
    }

    #[test]
    fn an_answer_is_the_whole_output_or_its_last_line() {
        let done = Ok(json!({ "outcome": "done" }));
        assert_eq!(ended(0, r#"{"outcome":"done"}"#), done);
        assert_eq!(ended(0, "{\n  \"outcome\": \"done\"\n}\n"), done);
        assert_eq!(ended(0, "connecting …\n{\"outcome\":\"done\"}\n\n"), done);
        for garbage in ["", "\n", "done", "{\"outcome\":", "{\"outcome\":\"done\"}\nbye"] {
            assert!(matches!(ended(0, garbage), Err(CallError::Unreadable(_))), "{garbage:?}");
        }
    }

    #[test]
    fn a_code_counts_more_than_what_was_said_before_it() {
        let code = |status| ended(status, r#"{"outcome":"done"}"#).err();
        let why = || "why".to_owned();
        assert_eq!(code(64), Some(CallError::Refused(why())));
        assert_eq!(code(69), Some(CallError::NotSent(why())));
        assert_eq!(code(75), Some(CallError::RateLimited { retry_after: None }));
        assert_eq!(code(77), Some(CallError::BadCredentials(why())));
        assert_eq!(code(78), Some(CallError::Refused(why())));
        for unknown in [1, 2, 124, 127, 255] {
            assert!(matches!(code(unknown), Some(CallError::Unknown(_))), "{unknown}");
        }
    }
}
