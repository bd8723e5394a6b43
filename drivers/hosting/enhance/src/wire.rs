//! Requests and answers as the panel spells them. Errors have no form that can be relied on: their status counts.

use bursar_hosting::server;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request, path_part};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::settings;

/// How much of a list is asked for at once.
pub(crate) const PER_PAGE: usize = 100;

/// The panel's interface within one call.
pub(crate) struct Api<'a> {
    pub(crate) call: &'a Call,
    endpoint: Endpoint,
    authorization: String,
    /// Our organisation, as a part of a path.
    pub(crate) org: String,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The panel's own word that there is no such object.
    Absent,
    /// Something like it is there already.
    Exists,
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Absent => Self::Refused("the panel has no such object".to_owned()),
            Failure::Exists => Self::Refused("the panel has such an object already".to_owned()),
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Items<T> {
    pub(crate) items: Vec<T>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Org {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) owner_id: Option<String>,
    #[serde(default)]
    pub(crate) owner_login_id: Option<String>,
    #[serde(default)]
    pub(crate) owner_email: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscription {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) plan_id: i64,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) friendly_name: Option<String>,
    #[serde(default)]
    pub(crate) suspended_by: Option<String>,
    #[serde(default)]
    pub(crate) resources: Vec<Amount>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Amount {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) usage: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Website {
    pub(crate) id: String,
    pub(crate) domain: Domain,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) suspended_by: Option<String>,
    #[serde(default)]
    pub(crate) subscription_id: Option<i64>,
    #[serde(default)]
    pub(crate) unix_user: Option<String>,
    #[serde(default)]
    pub(crate) server_ips: Vec<Ip>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Domain {
    pub(crate) domain: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ip {
    pub(crate) ip: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Login {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) email: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Plan {
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
struct Made {
    id: Value,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        let token = server::secret(call, settings::TOKEN, "access token")?;
        let org = path_part(server::setting(call, settings::ORG, "organisation")?);
        Ok(Self { call, endpoint: server::endpoint(call)?, authorization: format!("Bearer {token}"), org })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Request::get(&self.endpoint, under(path))).await?.json().map_err(Failure::Call)
    }

    /// What may be absent.
    pub(crate) async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, CallError> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Absent) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// A whole list, page by page.
    pub(crate) async fn all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, CallError> {
        let mut all = Vec::new();
        loop {
            let part = self.part(path, all.len()).await?;
            let is_last = part.len() < PER_PAGE;
            all.extend(part);
            if is_last {
                return Ok(all);
            }
        }
    }

    pub(crate) async fn part<T: DeserializeOwned>(
        &self,
        path: &str,
        from: usize,
    ) -> Result<Vec<T>, CallError> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let list: Items<T> = self.get(&format!("{path}{separator}limit={PER_PAGE}&offset={from}")).await?;
        Ok(list.items)
    }

    /// Makes something, and gives its id.
    pub(crate) async fn make(&self, path: &str, body: &Value) -> Result<String, Failure> {
        let request = Request::post(&self.endpoint, under(path)).json(body);
        let request = match body["password"].as_str() {
            Some(password) => request.hiding(password),
            None => request,
        };
        let made: Made = self.send(request).await?.json().map_err(Failure::Call)?;
        bursar_outbound::loose::as_text(&made.id)
            .ok_or_else(|| Failure::Call(CallError::Unreadable("what was made has no id".to_owned())))
    }

    pub(crate) async fn ask(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = Request::post(&self.endpoint, under(path)).json(body);
        self.send(request).await?.json().map_err(Failure::Call)
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Result<(), Failure> {
        self.done(Request::patch(&self.endpoint, under(path)).json(body)).await
    }

    pub(crate) async fn put_password(&self, path: &str, password: &str) -> Result<(), Failure> {
        let body = serde_json::json!({ "newPassword": password });
        self.done(Request::put(&self.endpoint, under(path)).json(&body).hiding(password)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<(), Failure> {
        self.done(Request::delete(&self.endpoint, under(path))).await
    }

    pub(crate) async fn link(&self, path: &str) -> Result<String, CallError> {
        let request = Request::get(&self.endpoint, under(path)).with_secret_answer();
        self.send(request).await.map_err(CallError::from)?.json()
    }

    /// A change that says nothing when it is done. A body that is there is JSON, or it is not the panel that answers.
    async fn done(&self, request: Request<'_>) -> Result<(), Failure> {
        let answer = self.send(request).await?;
        if !answer.body().is_empty() {
            answer.json::<Value>().map_err(Failure::Call)?;
        }
        Ok(())
    }

    async fn send(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let request = request.header("authorization", self.authorization.clone());
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        if answer.is_success() {
            return Ok(answer);
        }
        let body: Value = answer.json().unwrap_or_default();
        match answer.status() {
            // Some other server's page is no word of the panel's.
            404 if body["code"] == "not_found" => Err(Failure::Absent),
            409 => Err(Failure::Exists),
            _ => Err(Failure::Call(answer.failure(Forbidden::IsRefusal))),
        }
    }
}

fn under(path: &str) -> String {
    format!("/api{path}")
}
