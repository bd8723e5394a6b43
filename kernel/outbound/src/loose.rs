//! JSON as loosely typed languages write it, for `#[serde(deserialize_with = …)]`: a number may be a text, a flag may be
//! a number, an empty map may be an empty list.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text or a number as text. What is `null`, `false` or empty is absent.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(as_text(&Value::deserialize(deserializer)?))
}

/// A whole number, also when it is a text or has a fraction, which is cut off.
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(as_number(&Value::deserialize(deserializer)?))
}

/// `true`, `1`, `"1"`, `"true"`, `"yes"` and `"on"` are set; everything else is not.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(as_flag(&Value::deserialize(deserializer)?))
}

/// Items under their keys, whether they stand in a map or in a list. The keys of a list are its positions.
pub fn items<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let read = |value: Value| serde_json::from_value::<T>(value).map_err(D::Error::custom);
    match Value::deserialize(deserializer)? {
        Value::Object(fields) => fields.into_iter().map(|(key, value)| Ok((key, read(value)?))).collect(),
        Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(place, value)| Ok((place.to_string(), read(value)?)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(BTreeMap::new()),
    }
}

/// As [`text`], of a value at hand.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// As [`number`], of a value at hand.
pub fn as_number(value: &Value) -> Option<i64> {
    let text = as_text(value)?;
    let whole = text.trim().split('.').next().unwrap_or_default();
    whole.parse().ok()
}

/// As [`flag`], of a value at hand.
pub fn as_flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(_) | Value::String(_) => {
            matches!(as_text(value).as_deref(), Some("1" | "true" | "yes" | "on"))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "text")]
        name: Option<String>,
        #[serde(default, deserialize_with = "number")]
        size: Option<i64>,
        #[serde(default, deserialize_with = "flag")]
        on: bool,
        #[serde(default, deserialize_with = "items")]
        parts: BTreeMap<String, i64>,
    }

    #[test]
    fn each_spelling_is_read_the_same() {
        for (row, name, size, on, parts) in [
            (r#"{"name":7,"size":"12","on":"1","parts":{"9":1}}"#, Some("7"), Some(12), true, vec![("9", 1)]),
            (
                r#"{"name":"a","size":12.9,"on":true,"parts":[1,2]}"#,
                Some("a"),
                Some(12),
                true,
                vec![("0", 1), ("1", 2)],
            ),
            (r#"{"name":"","size":null,"on":"0","parts":[]}"#, None, None, false, vec![]),
            (r#"{"name":false,"size":"x","on":0,"parts":null}"#, None, None, false, vec![]),
            ("{}", None, None, false, vec![]),
        ] {
            let read: Row = serde_json::from_str(row).unwrap();
            assert_eq!((read.name.as_deref(), read.size, read.on), (name, size, on), "{row}");
            let expected: BTreeMap<String, i64> = parts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            assert_eq!(read.parts, expected, "{row}");
        }
    }
}
