//! What a program is asked.

use bursar_outbound::{Call, Settings};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::VERSION;
use super::settings::{self, OFFERS, PARAMETERS, SECRETS};
use crate::{Operation, Origin, Resource, Specification};

/// One question, ready to be carried. It never prints.
pub struct Question {
    action: &'static str,
    body: Map<String, Value>,
    secret: Map<String, Value>,
    answer_is_secret: bool,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Question").field(&self.action).finish()
    }
}

impl Question {
    pub(super) fn new(call: &Call, action: &'static str) -> Self {
        let mut told: Map<String, Value> = call
            .settings()
            .iter()
            .filter(|(name, value)| ![OFFERS, PARAMETERS].contains(name) && !value.trim().is_empty())
            .map(|(name, value)| (name.to_owned(), Value::from(value.trim())))
            .collect();
        told.extend(pairs(call.settings().text(PARAMETERS).unwrap_or_default()));
        let body = json!({
            "version": VERSION,
            "action": action,
            "now": call.now().micros().div_euclid(1_000_000),
            "seconds_left": call.remaining().unwrap_or_default().as_secs(),
            "server": told,
        });
        let Value::Object(body) = body else { unreachable!("it was written as an object") };
        let mut question = Self { action, body, secret: Map::new(), answer_is_secret: false };
        let secrets: Map<String, Value> =
            pairs(call.credentials().get(SECRETS).unwrap_or_default()).collect();
        if !secrets.is_empty() {
            question.secret.insert("secrets".to_owned(), Value::Object(secrets));
        }
        question
    }

    pub(super) fn of(call: &Call, action: &'static str, resource: &Resource) -> Self {
        Self::new(call, action).with(
            "resource",
            json!({
                "tag": resource.tag.as_str(),
                "reference": resource.reference.as_ref().map(|reference| reference.as_str()),
                "adopted": resource.origin == Origin::Adopted,
            }),
        )
    }

    pub(super) fn to(call: &Call, action: &'static str, operation: &Operation) -> Self {
        Self::of(call, action, &operation.resource)
            .with("key", json!(operation.key.as_str()))
            .with("task", json!(operation.task.as_ref().map(|task| task.as_str())))
    }

    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.body.insert(name.to_owned(), value);
        self
    }

    pub(super) fn with_specification(self, specification: &Specification) -> Self {
        let customer = &specification.customer;
        let addresses: Vec<Value> = specification
            .addresses
            .iter()
            .map(|address| json!({ "ip": address.ip, "prefix": address.prefix, "gateway": address.gateway }))
            .collect();
        self.with("plan", Value::Object(plan(&specification.plan)))
            .with("name", json!(specification.name))
            .with(
                "customer",
                json!({ "number": customer.number, "email": customer.email, "first_name": customer.first_name,
                        "last_name": customer.last_name }),
            )
            .with("addresses", Value::Array(addresses))
            .with("ssh_keys", json!(specification.ssh_keys))
            .with_password(specification.password.expose())
    }

    pub(super) fn with_password(mut self, password: &str) -> Self {
        self.secret.insert("password".to_owned(), Value::from(password));
        self
    }

    pub(super) fn with_secret_answer(mut self) -> Self {
        self.answer_is_secret = true;
        self
    }

    /// The action's name.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The question whole, for the program only.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut whole = self.body.clone();
        whole.extend(self.secret.clone());
        Zeroizing::new(Value::Object(whole).to_string())
    }

    /// The question without what is secret.
    pub fn told(&self) -> &Map<String, Value> {
        &self.body
    }

    /// The same as text, for the record.
    pub fn shown(&self) -> String {
        Value::Object(self.body.clone()).to_string()
    }

    /// Every secret in it, so that it can be hidden where a program repeats it.
    pub fn secrets(&self) -> Vec<&str> {
        fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::String(text) => found.push(text),
                Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
                Value::Array(items) => items.iter().for_each(|value| texts(value, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        let mut found = Vec::new();
        self.secret.values().for_each(|value| texts(value, &mut found));
        found
    }

    /// Whether the answer lets in whoever reads it.
    pub fn answer_is_secret(&self) -> bool {
        self.answer_is_secret
    }
}

fn plan(settings: &Settings) -> Map<String, Value> {
    let named = settings
        .iter()
        .filter(|(name, value)| *name != PARAMETERS && !value.trim().is_empty())
        .map(|(name, value)| (name.to_owned(), Value::from(value.trim())));
    named.chain(pairs(settings.text(PARAMETERS).unwrap_or_default())).collect()
}

fn pairs(text: &str) -> impl Iterator<Item = (String, Value)> {
    settings::lines(text).map(|(name, value)| (name.to_owned(), Value::from(value)))
}
