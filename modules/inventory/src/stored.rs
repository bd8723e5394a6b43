//! Settings and lists as JSON text in a column.

use bursar_fault::Fault;
use bursar_outbound::Settings;
use serde_json::Value;

pub(crate) fn settings_text(settings: &Settings) -> String {
    let pairs = settings.iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    Value::Object(pairs.collect()).to_string()
}

pub(crate) fn read_settings(text: &str) -> Result<Settings, Fault> {
    let pairs: std::collections::BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|e| Fault::wrap("stored settings cannot be read", e))?;
    Ok(pairs.into_iter().collect())
}

pub(crate) fn lines_text(lines: &[String]) -> String {
    Value::from(lines).to_string()
}

pub(crate) fn read_lines(text: &str) -> Result<Vec<String>, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::wrap("a stored list cannot be read", e))
}
