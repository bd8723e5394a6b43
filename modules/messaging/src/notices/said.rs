//! The values of news: kept as JSON, said in the reader's language.

use bursar_fault::{Fault, Text, TextArg};
use bursar_i18n::Translator;
use bursar_web::NoticeKind;
use serde_json::{Value, json};

pub(super) fn encode(said: &[TextArg]) -> Result<String, Fault> {
    let values: Vec<Value> = said
        .iter()
        .map(|arg| match arg {
            TextArg::Word(word) => json!({ "word": word }),
            TextArg::Number(number) => json!({ "number": number }),
            TextArg::Amount { minor, code, exponent } => {
                json!({ "minor": minor, "code": code, "exponent": exponent })
            }
            TextArg::Day(day) => json!({ "day": day }),
        })
        .collect();
    serde_json::to_string(&values).map_err(|e| Fault::wrap("encoding the values of news", e))
}

fn decode(value: &Value) -> TextArg {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    if let (Some(minor), Some(code)) = (value["minor"].as_i64(), text("code")) {
        let exponent = value["exponent"].as_u64().and_then(|it| u8::try_from(it).ok()).unwrap_or(2);
        return TextArg::Amount { minor, code, exponent };
    }
    if let Some(number) = value["number"].as_i64() {
        return TextArg::Number(number);
    }
    text("day").map_or_else(|| TextArg::Word(text("word").unwrap_or_default()), TextArg::Day)
}

/// What news says: a text in the reader's language, or English words with their values.
pub(crate) fn say(kind: &NoticeKind, said: &str, words: &Translator) -> String {
    let values: Vec<Value> = serde_json::from_str(said).unwrap_or_default();
    if !kind.text.contains(' ') {
        let text = kind
            .values
            .iter()
            .zip(&values)
            .fold(Text::new(kind.text), |text, (name, value)| text.with(name, decode(value)));
        return words.say(&text);
    }
    kind.values.iter().zip(&values).fold(kind.text.to_owned(), |said, (name, value)| {
        let value = match decode(value) {
            TextArg::Word(word) | TextArg::Day(word) => word,
            TextArg::Number(number) => number.to_string(),
            TextArg::Amount { minor, code, .. } => format!("{minor} {code}"),
        };
        said.replace(&format!("{{{name}}}"), &value)
    })
}
