use serde_json::Value;

/// A key that contains one of these never has its value written.
const SECRET_NAMES: [&str; 6] = ["password", "secret", "token", "api_key", "private_key", "sealed"];

/// The JSON text that is stored, without secrets. The second line of defence: callers don't pass them at all.
pub(crate) fn to_text(mut value: Value) -> String {
    redact(&mut value);
    value.to_string()
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let lower = name.to_ascii_lowercase();
                if SECRET_NAMES.iter().any(|secret| lower.contains(secret)) && !field.is_null() {
                    *field = Value::from("[secret]");
                } else {
                    redact(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_under_secret_names_are_not_stored_at_any_depth() {
        let text = to_text(json!({"name": "Ann", "login": [{"password_hash": "x1", "API_KEY": null}]}));
        assert_eq!(text, r#"{"login":[{"API_KEY":null,"password_hash":"[secret]"}],"name":"Ann"}"#);
    }
}
