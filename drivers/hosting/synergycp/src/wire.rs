//! Requests and answers as the panel spells them: the key behind every path, and an envelope around everything.

use bursar_hosting::server;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request, loose};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::settings;

/// The panel's interface within one call.
pub(crate) struct Api<'a> {
    call: &'a Call,
    endpoint: Endpoint,
    key: &'a str,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The panel understood and refused; with the object that is in the way, where it names one.
    Reason(String, Value),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Reason(text, _) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    #[serde(default)]
    pub(crate) current_page: i64,
    #[serde(default)]
    pub(crate) last_page: i64,
}

/// A machine.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Machine {
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) nickname: Option<String>,
    #[serde(default)]
    pub(crate) access: Option<Access>,
    #[serde(default)]
    pub(crate) usage: Option<Used>,
    #[serde(default)]
    pub(crate) billing: Option<Billing>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Access {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) is_active: bool,
    #[serde(default)]
    pub(crate) client: Option<Client>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) email: Option<String>,
}

/// In bits.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Used {
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) used: Option<i64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) max: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Billing {
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Install {
    #[serde(default, deserialize_with = "loose::number")]
    pub(crate) percent: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entity {
    #[serde(default)]
    pub(crate) address: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Profile {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) billing: Option<Billing>,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        Ok(Self {
            call,
            endpoint: server::endpoint(call)?,
            key: server::secret(call, settings::KEY, "API key")?,
        })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        filter: &[(&str, &str)],
    ) -> Result<Page<T>, CallError> {
        Ok(self.send(Request::get(&self.endpoint, path), filter).await?)
    }

    /// A machine by its number. Lists find it, because what a single one that is not there answers is not known.
    pub(crate) async fn machine(&self, id: &str) -> Result<Option<Machine>, CallError> {
        let mut page = 1;
        loop {
            let part: Page<Machine> =
                self.list("/server", &[("page", &page.to_string()), ("per_page", "100")]).await?;
            let is_last = part.data.is_empty() || part.current_page >= part.last_page;
            let found = part.data.into_iter().find(|machine| machine.id.to_string() == id);
            if found.is_some() || is_last {
                return Ok(found);
            }
            page += 1;
        }
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(hiding(Request::post(&self.endpoint, path), body), &[]).await
    }

    pub(crate) async fn post_for_secret(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(Request::post(&self.endpoint, path).json(body).with_secret_answer(), &[]).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(Request::patch(&self.endpoint, path).json(body), &[]).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: Request<'_>,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let mut all = vec![("key", self.key)];
        all.extend_from_slice(query);
        let answer = request.query(&all).send(self.call).await.map_err(Failure::Call)?;
        data(&answer)
    }
}

fn hiding<'a>(request: Request<'a>, body: &Value) -> Request<'a> {
    let request = request.json(body);
    match body["password"].as_str().filter(|password| !password.is_empty()) {
        Some(password) => request.hiding(password),
        None => request,
    }
}

/// `error` is the word `false`, or it failed, whatever the status.
fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    let plain = || Failure::Call(answer.failure(Forbidden::IsCredentials));
    let Ok(body) = answer.json::<Value>() else {
        return Err(if answer.is_success() {
            Failure::Call(CallError::Unreadable(answer.excerpt()))
        } else {
            plain()
        });
    };
    if matches!(answer.status(), 401 | 403 | 408 | 429 | 500..=599) {
        return Err(plain());
    }
    if body["error"] == Value::Bool(false) && answer.is_success() {
        return serde_json::from_value(body["data"].clone())
            .map_err(|error| Failure::Call(CallError::Unreadable(error.to_string())));
    }
    if body.get("error").is_none() {
        return Err(Failure::Call(CallError::Unreadable(answer.excerpt())));
    }
    let text = body["messages"][0]["text"].as_str().unwrap_or("the panel gives no reason");
    Err(Failure::Reason(answer.redact(text), body["data"].clone()))
}
