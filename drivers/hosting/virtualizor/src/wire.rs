//! Requests and answers as the master spells them: everything with status 200, numbers as texts, empty maps as lists.

use std::collections::BTreeMap;

use bursar_hosting::server;
use bursar_outbound::loose::{self, as_flag};
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::map;
use crate::settings;

/// The master's interface within one call.
pub(crate) struct Api<'a> {
    pub(crate) call: &'a Call,
    endpoint: Endpoint,
    key: &'a str,
    pass: &'a str,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The master said what is wrong.
    Reason(String),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Reason(text) if map::is_busy(&text) => {
                Self::RateLimited { retry_after: Some(std::time::Duration::from_secs(15)) }
            }
            Failure::Reason(text) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

/// A machine.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Machine {
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) vpsid: Option<String>,
    #[serde(default)]
    pub(crate) hostname: String,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) plid: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) space: Option<i64>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) used_bandwidth: Option<String>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(crate) suspended: bool,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) ips: Value,
}

/// How a machine is.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Status {
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) status: Option<i64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) used_ram: Option<i64>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) used_disk: Option<String>,
}

/// A task.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Task {
    #[serde(default)]
    pub(crate) action: String,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) status: Option<i64>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) ended: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) status_txt: Option<String>,
}

/// A plan.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Plan {
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) plid: Option<String>,
    #[serde(default)]
    pub(crate) plan_name: String,
    #[serde(flatten)]
    pub(crate) fields: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Template {
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Group {
    #[serde(default)]
    pub(crate) sg_name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Node {
    #[serde(default)]
    pub(crate) server_name: String,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) ram: Option<i64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) total_ram: Option<i64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) numvps: Option<i64>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(crate) locked: bool,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        Ok(Self {
            call,
            endpoint: server::endpoint(call)?,
            key: server::secret(call, settings::KEY, "API key")?,
            pass: server::secret(call, settings::PASS, "API password")?,
        })
    }

    /// Where customers sign in.
    pub(crate) fn for_customers(&self) -> Result<Endpoint, CallError> {
        let usual = || format!("https://{}:4083", self.endpoint.host_name());
        let url = self.call.settings().text(settings::CUSTOMER_URL).map_or_else(usual, str::to_owned);
        let parsed = Endpoint::parse(&url).map_err(|error| CallError::Refused(error.to_string()))?;
        Ok(parsed.trusting(self.trust()?))
    }

    fn trust(&self) -> Result<bursar_outbound::Trust, CallError> {
        let pin = self.call.settings().text(server::FINGERPRINT);
        let malformed = |_| CallError::Refused("the fingerprint is malformed".to_owned());
        Ok(match pin {
            Some(pin) => bursar_outbound::Trust::Pinned(pin.parse().map_err(malformed)?),
            None => bursar_outbound::Trust::Public,
        })
    }

    /// The machines that a filter finds. It finds parts of words too, and is ignored by some versions: what is wanted is
    /// compared by the caller.
    pub(crate) async fn machines(
        &self,
        filter: &[(&str, &str)],
    ) -> Result<BTreeMap<String, Machine>, CallError> {
        let mut query = vec![("search", "1")];
        query.extend_from_slice(filter);
        self.map("vs", &query, "vs").await
    }

    pub(crate) async fn status(&self, id: &str) -> Result<Status, CallError> {
        let all: BTreeMap<String, Status> = self.map("vs", &[("vs_status", id)], "status").await?;
        Ok(all.get(id).cloned().unwrap_or_default())
    }

    pub(crate) async fn tasks(&self, id: &str) -> Result<BTreeMap<String, Task>, CallError> {
        self.map("tasks", &[("vpsid", id), ("page", "1"), ("reslen", "50")], "tasks").await
    }

    pub(crate) async fn plans(&self) -> Result<Vec<Plan>, CallError> {
        let all: BTreeMap<String, Plan> =
            self.map("plans", &[("page", "1"), ("reslen", "500")], "plans").await?;
        Ok(all.into_values().collect())
    }

    /// One map of an answer, by its keys.
    pub(crate) async fn map<T: DeserializeOwned>(
        &self,
        action: &str,
        query: &[(&str, &str)],
        field: &str,
    ) -> Result<BTreeMap<String, T>, CallError> {
        #[derive(Deserialize)]
        struct Items<T: DeserializeOwned>(#[serde(deserialize_with = "loose::items")] BTreeMap<String, T>);
        let request = Request::get(&self.endpoint, "/index.php");
        let answer = self.send(request, action, query).await?;
        let Some(value) = answer.get(field) else {
            // An answer without what was asked for is no answer: it must not pass for an empty one.
            return Err(CallError::Unreadable(format!("the answer to {action} has no {field}")));
        };
        let items: Items<T> = serde_json::from_value(value.clone())
            .map_err(|error| CallError::Unreadable(format!("{action}: {error}")))?;
        Ok(items.0)
    }

    /// Changes something. Only `done` is done.
    pub(crate) async fn change(
        &self,
        action: &str,
        query: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Result<Value, Failure> {
        let mut request = Request::post(&self.endpoint, "/index.php").form(form);
        for (name, value) in form {
            if name.contains("pass") {
                request = request.hiding(value);
            }
        }
        let answer = self.send(request, action, query).await?;
        let done = &answer["done"];
        if as_flag(done) || done.is_object() || loose::as_number(done).is_some_and(|id| id > 0) {
            Ok(answer)
        } else {
            Err(Failure::Call(CallError::Unknown(format!(
                "the answer to {action} says neither done nor error"
            ))))
        }
    }

    pub(crate) async fn sso(&self, customers: &Endpoint, id: &str) -> Result<Value, CallError> {
        let request = Request::post(customers, "/index.php").with_secret_answer();
        self.send(request, "sso", &[("svs", id)]).await.map_err(CallError::from)
    }

    async fn send(
        &self,
        request: Request<'_>,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Failure> {
        let mut all =
            vec![("act", action), ("api", "json"), ("adminapikey", self.key), ("adminapipass", self.pass)];
        all.extend_from_slice(query);
        let answer =
            request.query(&all).reading_at_most(20 << 20).send(self.call).await.map_err(Failure::Call)?;
        data(&answer)
    }
}

fn data(answer: &Answer) -> Result<Value, Failure> {
    // Wrong credentials and addresses that are shut out are sent to the form for signing in.
    if (300..400).contains(&answer.status()) {
        let text = "the master sends us to its sign-in form: the credentials are wrong, or our address is not allowed";
        return Err(Failure::Call(CallError::BadCredentials(text.to_owned())));
    }
    if !answer.is_success() {
        return Err(Failure::Call(answer.failure(Forbidden::IsCredentials)));
    }
    let value: Value = answer.json().map_err(Failure::Call)?;
    if !value.is_object() {
        return Err(Failure::Call(CallError::Unreadable(answer.excerpt())));
    }
    match map::error_in(&value) {
        Some(text) => Err(Failure::Reason(answer.redact(&text))),
        None => Ok(value),
    }
}
