//! Requests and answers as the panel spells them. Fields come and go with versions: only `id` is relied on.

use bursar_hosting::server;
use bursar_outbound::loose;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request, path_part};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::map;
use crate::settings;

/// The panel's interface within one call.
pub(crate) struct Api<'a> {
    pub(crate) call: &'a Call,
    endpoint: Endpoint,
    authorization: String,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The panel's own word that there is no such object.
    Absent,
    /// The panel understood and refused, with its reason.
    Reason(String),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Absent => Self::Refused("the panel has no such object".to_owned()),
            Failure::Reason(text) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Envelope<T> {
    data: T,
}

/// A part of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    #[serde(default)]
    pub(crate) current_page: i64,
    #[serde(default)]
    pub(crate) last_page: i64,
}

/// A server in a list.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Listed {
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) commissioned: i64,
    #[serde(default)]
    pub(crate) owner: i64,
    #[serde(default)]
    pub(crate) suspended: bool,
    #[serde(default)]
    pub(crate) created: Option<String>,
}

/// A server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Server {
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) hostname: Option<String>,
    #[serde(default)]
    pub(crate) commission_status: i64,
    #[serde(default)]
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) suspended: bool,
    #[serde(default)]
    pub(crate) build_failed: bool,
    #[serde(default)]
    pub(crate) owner: Option<Owner>,
    #[serde(default)]
    pub(crate) settings: Settings,
    #[serde(default)]
    pub(crate) network: Network,
    /// `false` when the hypervisor cannot be asked.
    #[serde(default)]
    pub(crate) remote_state: Value,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owner {
    #[serde(default)]
    pub(crate) ext_relation_id: Option<i64>,
    #[serde(default)]
    pub(crate) email: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resources {
    #[serde(default)]
    pub(crate) memory: i64,
    #[serde(default)]
    pub(crate) storage: i64,
    #[serde(default)]
    pub(crate) cpu_cores: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Network {
    #[serde(default)]
    pub(crate) interfaces: Vec<Interface>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Interface {
    #[serde(default)]
    pub(crate) ipv4: Vec<Value>,
    #[serde(default)]
    pub(crate) ipv6: Vec<Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) id: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Package {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    #[serde(default)]
    pub(crate) memory: i64,
    #[serde(default)]
    pub(crate) primary_storage: i64,
    #[serde(default)]
    pub(crate) cpu_cores: i64,
}

impl Package {
    pub(crate) fn resources(&self) -> Resources {
        Resources { memory: self.memory, storage: self.primary_storage, cpu_cores: self.cpu_cores }
    }
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Category {
    #[serde(default)]
    pub(crate) templates: Vec<Template>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Template {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default, deserialize_with = "loose::text")]
    pub(crate) version: Option<String>,
}

/// Work of the panel's.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Queued {
    pub(crate) finished: Option<String>,
    #[serde(default)]
    pub(crate) failed: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Month {
    #[serde(default)]
    pub(crate) rx: i64,
    #[serde(default)]
    pub(crate) tx: i64,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        let token = server::secret(call, settings::TOKEN, "token")?;
        Ok(Self { call, endpoint: server::endpoint(call)?, authorization: format!("Bearer {token}") })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) async fn server(&self, id: &str) -> Result<Option<Server>, CallError> {
        self.find(&format!("/servers/{}?remoteState=true", path_part(id))).await
    }

    pub(crate) async fn servers(&self, page: i64) -> Result<Page<Listed>, CallError> {
        Ok(self
            .raw(Request::get(
                &self.endpoint,
                under(&format!("/servers?type=simple&results=200&page={page}")),
            ))
            .await?)
    }

    pub(crate) async fn user(&self, number: i64) -> Result<Option<User>, CallError> {
        self.find(&format!("/users/{number}/byExtRelation")).await
    }

    pub(crate) async fn packages(&self) -> Result<Vec<Package>, CallError> {
        Ok(self.get("/packages").await?)
    }

    pub(crate) async fn groups(&self) -> Result<Vec<Named>, CallError> {
        Ok(self.get("/compute/hypervisors/groups?results=200").await?)
    }

    pub(crate) async fn templates(&self, package: i64) -> Result<Vec<Category>, CallError> {
        Ok(self.get(&format!("/media/templates/fromServerPackageSpec/{package}")).await?)
    }

    pub(crate) async fn queue(&self, id: &str) -> Result<Option<Queued>, CallError> {
        self.find(&format!("/queue/{}", path_part(id))).await
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let envelope: Envelope<T> = self.raw(Request::get(&self.endpoint, under(path))).await?;
        Ok(envelope.data)
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Failure> {
        let envelope: Envelope<T> = self.raw(Request::post(&self.endpoint, under(path)).json(body)).await?;
        Ok(envelope.data)
    }

    /// A change whose answer says nothing, or a body in some versions.
    pub(crate) async fn change(&self, request: Request<'_>) -> Result<Value, Failure> {
        let answer = self.send(request).await?;
        if answer.body().is_empty() { Ok(Value::Null) } else { answer.json().map_err(Failure::Call) }
    }

    pub(crate) fn posting(&self, path: &str) -> Request<'_> {
        Request::post(&self.endpoint, under(path))
    }

    pub(crate) fn putting(&self, path: &str, body: &Value) -> Request<'_> {
        Request::put(&self.endpoint, under(path)).json(body)
    }

    pub(crate) fn deleting(&self, path: &str) -> Request<'_> {
        Request::delete(&self.endpoint, under(path))
    }

    async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, CallError> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Absent) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn raw<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        self.send(request).await?.json().map_err(Failure::Call)
    }

    async fn send(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let request = request.header("authorization", self.authorization.clone());
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        if answer.is_success() { Ok(answer) } else { Err(failure(&answer)) }
    }
}

fn under(path: &str) -> String {
    format!("/api/v1{path}")
}

/// A 404 is absence only in the panel's own words: a proxy's or an older version's is not.
fn failure(answer: &Answer) -> Failure {
    let body: Value = answer.json().unwrap_or_default();
    let text = map::reason(&body).map(|text| answer.redact(&text));
    match (answer.status(), text) {
        (404, Some(text)) if body["msg"].is_string() && text.to_lowercase().contains("not found") => {
            Failure::Absent
        }
        // Something else is being done to the server: nothing was done, and waiting helps.
        (423, _) => {
            Failure::Call(CallError::RateLimited { retry_after: Some(std::time::Duration::from_secs(15)) })
        }
        (422, Some(text)) => Failure::Reason(text),
        (_, Some(text)) => Failure::Call(answer.failure_saying(Forbidden::IsCredentials, &text)),
        (_, None) => Failure::Call(answer.failure(Forbidden::IsCredentials)),
    }
}
