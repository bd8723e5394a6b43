//! Requests and answers as the panel spells them.

use std::collections::BTreeMap;

use bursar_hosting::server;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request, path_part};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::settings;

/// The panel's two interfaces within one call.
pub(crate) struct Api<'a> {
    pub(crate) call: &'a Call,
    endpoint: Endpoint,
    application: String,
    client: Option<String>,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The panel answered that there is no such object.
    Absent,
    /// Another object has this field's value.
    Duplicate(String),
    /// No node or port has room.
    NoRoom(String),
    /// Not in the object's present state.
    Conflict,
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Absent => Self::Refused("the panel has no such object".to_owned()),
            Failure::Duplicate(field) => {
                Self::Refused(format!("another object on the panel has the same {field}"))
            }
            Failure::NoRoom(text) => Self::Refused(text),
            // Nothing was done, and the state passes.
            Failure::Conflict => Self::RateLimited { retry_after: Some(std::time::Duration::from_secs(15)) },
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item<T> {
    pub(crate) attributes: T,
}

#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<Item<T>>,
    #[serde(default)]
    pub(crate) meta: Meta,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Meta {
    #[serde(default)]
    pub(crate) pagination: Pagination,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Pagination {
    #[serde(default)]
    pub(crate) total: i64,
    #[serde(default)]
    pub(crate) current_page: i64,
    #[serde(default)]
    pub(crate) total_pages: i64,
}

/// A server. Whatever the panel leaves out is absent, never nought.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Server {
    pub(crate) id: i64,
    pub(crate) external_id: Option<String>,
    pub(crate) identifier: String,
    pub(crate) name: String,
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) suspended: bool,
    pub(crate) limits: Limits,
    pub(crate) feature_limits: FeatureLimits,
    #[serde(default)]
    pub(crate) user: i64,
    pub(crate) allocation: Option<i64>,
    pub(crate) nest: Option<i64>,
    pub(crate) egg: i64,
    #[serde(default)]
    pub(crate) relationships: Relationships,
}

impl Server {
    pub(crate) fn is_suspended(&self) -> bool {
        self.suspended || self.status.as_deref() == Some("suspended")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Limits {
    pub(crate) memory: i64,
    pub(crate) swap: i64,
    pub(crate) disk: i64,
    pub(crate) io: i64,
    pub(crate) cpu: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct FeatureLimits {
    pub(crate) databases: Option<i64>,
    pub(crate) allocations: Option<i64>,
    pub(crate) backups: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Relationships {
    pub(crate) allocations: Option<Value>,
    pub(crate) node: Option<Value>,
    pub(crate) user: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) email: String,
    pub(crate) username: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Egg {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) docker_image: Option<String>,
    #[serde(default)]
    pub(crate) docker_images: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) startup: Option<String>,
    #[serde(default)]
    pub(crate) relationships: EggRelationships,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct EggRelationships {
    pub(crate) variables: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Nest {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) relationships: NestRelationships,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct NestRelationships {
    pub(crate) eggs: Option<List<Egg>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Location {
    pub(crate) id: i64,
    pub(crate) short: String,
    pub(crate) long: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) maintenance_mode: bool,
    pub(crate) memory: i64,
    pub(crate) disk: i64,
    #[serde(default)]
    pub(crate) allocated_resources: Allocated,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Allocated {
    #[serde(default)]
    pub(crate) memory: i64,
    #[serde(default)]
    pub(crate) disk: i64,
}

/// What a server does and uses now.
#[derive(Debug, Deserialize)]
pub(crate) struct Stats {
    pub(crate) current_state: String,
    #[serde(default)]
    pub(crate) resources: Used,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Used {
    #[serde(default)]
    pub(crate) memory_bytes: i64,
    #[serde(default)]
    pub(crate) cpu_absolute: f64,
    #[serde(default)]
    pub(crate) disk_bytes: i64,
    #[serde(default)]
    pub(crate) network_rx_bytes: i64,
    #[serde(default)]
    pub(crate) network_tx_bytes: i64,
}

/// What is told with a server.
const INCLUDE: &str = "include=allocations,node,user";

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        let application = server::secret(call, settings::APPLICATION_KEY, "application key")?;
        Ok(Self {
            call,
            endpoint: server::endpoint(call)?,
            application: format!("Bearer {application}"),
            client: server::optional_secret(call, settings::CLIENT_KEY).map(|key| format!("Bearer {key}")),
        })
    }

    pub(crate) fn base(&self) -> &str {
        self.endpoint.base()
    }

    pub(crate) fn is_pelican(&self) -> bool {
        self.call.settings().text(settings::FLAVOUR) == Some("pelican")
    }

    pub(crate) fn has_client_key(&self) -> bool {
        self.client.is_some()
    }

    pub(crate) async fn check_client_key(&self) -> Result<(), CallError> {
        self.as_client::<Value>(Request::get(&self.endpoint, "/api/client/account")).await?;
        Ok(())
    }

    pub(crate) async fn node_count(&self) -> Result<i64, CallError> {
        let nodes: List<Node> = self.get("/nodes?per_page=1").await?;
        Ok(nodes.meta.pagination.total)
    }

    pub(crate) async fn nodes(&self) -> Result<Vec<Node>, CallError> {
        let nodes: List<Node> = self.get("/nodes?per_page=100").await?;
        Ok(nodes.data.into_iter().map(|item| item.attributes).collect())
    }

    pub(crate) async fn server_of_tag(&self, tag: &str) -> Result<Option<Server>, CallError> {
        self.find(&format!("/servers/external/{}?{INCLUDE}", path_part(tag))).await
    }

    pub(crate) async fn server(&self, id: &str) -> Result<Option<Server>, CallError> {
        self.find(&format!("/servers/{}?{INCLUDE}", path_part(id))).await
    }

    pub(crate) async fn servers(&self, page: &str) -> Result<List<Server>, CallError> {
        Ok(self.get(&format!("/servers?page={}&per_page=100&sort=id&include=user", path_part(page))).await?)
    }

    /// The customer's user, by our number or else by the exact mail address: filters find parts of it too.
    pub(crate) async fn user(&self, external: &str, email: &str) -> Result<Option<User>, CallError> {
        let user = self.find::<User>(&format!("/users/external/{}", path_part(external))).await?;
        if user.is_some() {
            return Ok(user);
        }
        let path = format!("/users?filter%5Bemail%5D={}", path_part(email));
        let found: List<User> = self.get(&path).await?;
        let mut users = found.data.into_iter().map(|item| item.attributes);
        Ok(users.find(|user| user.email.eq_ignore_ascii_case(email)))
    }

    pub(crate) async fn user_by_id(&self, id: i64) -> Result<Option<User>, CallError> {
        self.find(&format!("/users/{id}")).await
    }

    pub(crate) async fn egg(&self, nest: Option<&str>, egg: &str) -> Result<Option<Egg>, CallError> {
        let path = match nest {
            Some(nest) => format!("/nests/{}/eggs/{}?include=variables", path_part(nest), path_part(egg)),
            None => format!("/eggs/{}?include=variables", path_part(egg)),
        };
        self.find(&path).await
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Request::get(&self.endpoint, format!("/api/application{path}"))).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Failure> {
        self.send(with_body(Request::post(&self.endpoint, format!("/api/application{path}")), body)).await
    }

    pub(crate) async fn patch<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Failure> {
        self.send(with_body(Request::patch(&self.endpoint, format!("/api/application{path}")), body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<(), Failure> {
        self.send::<Value>(Request::delete(&self.endpoint, format!("/api/application{path}")))
            .await
            .map(|_| ())
    }

    pub(crate) async fn stats(&self, identifier: &str) -> Result<Stats, Failure> {
        let path = format!("/api/client/servers/{}/resources", path_part(identifier));
        let item: Item<Stats> = self.as_client(Request::get(&self.endpoint, path)).await?;
        Ok(item.attributes)
    }

    pub(crate) async fn signal(&self, identifier: &str, signal: &str) -> Result<(), Failure> {
        let path = format!("/api/client/servers/{}/power", path_part(identifier));
        let request = Request::post(&self.endpoint, path).json(&serde_json::json!({ "signal": signal }));
        self.as_client::<Value>(request).await.map(|_| ())
    }

    async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, CallError> {
        match self.get::<Item<T>>(path).await {
            Ok(item) => Ok(Some(item.attributes)),
            Err(Failure::Absent) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        let request = request.header("authorization", self.application.clone());
        data(&request.send(self.call).await.map_err(Failure::Call)?)
    }

    async fn as_client<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        let none = || Failure::Call(CallError::Refused("no client key is set for this panel".to_owned()));
        let key = self.client.as_ref().ok_or_else(none)?;
        data(&request.header("authorization", key.clone()).send(self.call).await.map_err(Failure::Call)?)
    }
}

fn with_body<'a>(request: Request<'a>, body: &Value) -> Request<'a> {
    let request = request.json(body);
    match body["password"].as_str() {
        Some(password) => request.hiding(password),
        None => request,
    }
}

#[derive(Debug, Deserialize)]
struct Errors {
    errors: Vec<Reported>,
}

#[derive(Debug, Deserialize)]
struct Reported {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    meta: Source,
}

#[derive(Debug, Default, Deserialize)]
struct Source {
    #[serde(default)]
    source_field: String,
    #[serde(default)]
    rule: String,
}

/// The panel's own envelope around an error decides; a page of some other server is none.
fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if answer.is_success() {
        if answer.body().is_empty() {
            return serde_json::from_value(Value::Null)
                .map_err(|_| Failure::Call(CallError::Unreadable("the answer is empty".to_owned())));
        }
        return answer.json().map_err(Failure::Call);
    }
    let plain = || Failure::Call(answer.failure(Forbidden::IsCredentials));
    let Ok(errors) = answer.json::<Errors>() else { return Err(plain()) };
    let text = answer.redact(&errors.details());
    Err(errors
        .meaning(answer.status(), &text)
        .unwrap_or_else(|| Failure::Call(answer.failure_saying(Forbidden::IsCredentials, &text))))
}

impl Errors {
    fn details(&self) -> String {
        self.errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// What an error means, where the panel's own word for it means something certain.
    fn meaning(&self, status: u16, text: &str) -> Option<Failure> {
        let code = self.errors.first().map(|error| error.code.as_str()).unwrap_or_default();
        match (status, code) {
            (404, "NotFoundHttpException") => Some(Failure::Absent),
            (400, "NoViableNodeException" | "NoViableAllocationException") => {
                Some(Failure::NoRoom(text.to_owned()))
            }
            (409, _) => Some(Failure::Conflict),
            (422, _) => {
                let duplicate = self.errors.iter().find(|error| error.meta.rule == "unique")?;
                Some(Failure::Duplicate(duplicate.meta.source_field.clone()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_s_shapes_are_read() {
        let server: Item<Server> =
            serde_json::from_str(include_str!("../fixtures/1.11/server.json")).expect("a server");
        let server = server.attributes;
        assert_eq!(
            (server.id, server.external_id.as_deref(), server.allocation),
            (15, Some("b7k2"), Some(88))
        );
        assert_eq!((server.status.as_deref(), server.is_suspended()), (Some("installing"), false));
        let stats: Item<Stats> =
            serde_json::from_str(include_str!("../fixtures/1.11/resources.json")).expect("stats");
        assert_eq!(stats.attributes.resources.network_rx_bytes, 694_220);
        let users: List<User> =
            serde_json::from_str(include_str!("../fixtures/1.11/users.json")).expect("users");
        assert_eq!((users.data.len(), users.meta.pagination.total_pages), (1, 120));
    }

    #[test]
    fn errors_mean_what_the_panel_s_own_word_says() {
        let meaning = |status, text: &str| {
            let errors: Errors = serde_json::from_str(text).expect("the envelope");
            errors.meaning(status, &errors.details())
        };
        let duplicate = meaning(422, include_str!("../fixtures/1.11/duplicate.json"));
        assert!(matches!(duplicate, Some(Failure::Duplicate(field)) if field == "external_id"));
        let full = meaning(400, include_str!("../fixtures/1.11/no_room.json"));
        assert!(matches!(full, Some(Failure::NoRoom(text)) if text.starts_with("No nodes")));
        let of = |status, code: &str| {
            meaning(status, &format!(r#"{{"errors":[{{"code":"{code}","detail":""}}]}}"#))
        };
        assert!(matches!(of(404, "NotFoundHttpException"), Some(Failure::Absent)));
        assert!(of(404, "SomethingElse").is_none(), "another 404 is no absence");
        assert!(matches!(of(409, "ConflictHttpException"), Some(Failure::Conflict)));
        assert!(of(504, "DaemonConnectionException").is_none(), "the status decides");
    }
}
