//! Requests and answers as Kasm spells them: everything is posted, credentials stand in the body, and failures come with
//! status 200 and a text.

use bursar_hosting::server;
use bursar_outbound::{Call, CallError, Endpoint, Forbidden, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::map;
use crate::settings;

/// The deployment's interface within one call.
pub(crate) struct Api<'a> {
    call: &'a Call,
    endpoint: Endpoint,
    key: &'a str,
    secret: &'a str,
}

/// Why a function gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such object, in Kasm's own words.
    Absent,
    /// It is there already.
    Exists,
    /// The licence or the machines behind it are used up.
    NoRoom(String),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Absent => Self::Refused("Kasm has no such object".to_owned()),
            Failure::Exists => Self::Refused("Kasm has such an object already".to_owned()),
            Failure::NoRoom(text) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) disabled: bool,
    #[serde(default)]
    pub(crate) locked: bool,
    #[serde(default)]
    pub(crate) groups: Vec<Group>,
    #[serde(default)]
    pub(crate) kasms: Vec<Session>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Group {
    pub(crate) group_id: String,
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Session {
    pub(crate) kasm_id: String,
}

/// A part of the list of users; older versions give all of them and no total.
#[derive(Debug, Deserialize)]
pub(crate) struct Users {
    pub(crate) users: Vec<User>,
    pub(crate) total: Option<usize>,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        Ok(Self {
            call,
            endpoint: server::endpoint(call)?,
            key: server::secret(call, settings::KEY, "API key")?,
            secret: server::secret(call, settings::SECRET, "API key secret")?,
        })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// A user by one of the fields that name one.
    pub(crate) async fn user(&self, field: &str, value: &str) -> Result<Option<User>, CallError> {
        #[derive(Deserialize)]
        struct Found {
            user: User,
        }
        match self.call::<Found>("get_user", &json!({ "target_user": { field: value } })).await {
            Ok(found) => Ok(Some(found.user)),
            Err(Failure::Absent) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    pub(crate) async fn users(&self, page: usize, page_size: usize) -> Result<Users, CallError> {
        Ok(self.call("get_users", &json!({ "page": page, "page_size": page_size })).await?)
    }

    pub(crate) async fn groups(&self) -> Result<Vec<Group>, CallError> {
        #[derive(Deserialize)]
        struct Groups {
            groups: Vec<Group>,
        }
        Ok(self.call::<Groups>("get_groups", &json!({})).await?.groups)
    }

    pub(crate) async fn image_count(&self) -> Result<usize, CallError> {
        #[derive(Deserialize)]
        struct Images {
            images: Vec<Value>,
        }
        Ok(self.call::<Images>("get_images", &json!({})).await?.images.len())
    }

    pub(crate) async fn login(&self, user: &str) -> Result<String, CallError> {
        #[derive(Deserialize)]
        struct Login {
            url: String,
        }
        let request =
            self.posting("get_login", &json!({ "target_user": { "user_id": user } })).with_secret_answer();
        Ok(self.send::<Login>(request).await.map_err(CallError::from)?.url)
    }

    /// Changes something. What is answered says nothing, but it is an object.
    pub(crate) async fn change(&self, function: &str, body: &Value) -> Result<(), Failure> {
        self.call::<serde_json::Map<String, Value>>(function, body).await.map(|_| ())
    }

    pub(crate) async fn call<T: DeserializeOwned>(&self, function: &str, body: &Value) -> Result<T, Failure> {
        self.send(self.posting(function, body)).await
    }

    fn posting(&self, function: &str, body: &Value) -> Request<'_> {
        let mut whole = body.clone();
        whole["api_key"] = json!(self.key);
        whole["api_key_secret"] = json!(self.secret);
        let request = Request::post(&self.endpoint, format!("/api/public/{function}")).json(&whole);
        match body["target_user"]["password"].as_str() {
            Some(password) => request.hiding(password),
            None => request,
        }
    }

    async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        if !answer.is_success() {
            return Err(Failure::Call(answer.failure(Forbidden::IsCredentials)));
        }
        let value: Value = answer.json().map_err(Failure::Call)?;
        match value["error_message"].as_str().filter(|text| !text.is_empty()) {
            Some(text) => Err(map::failure(&answer.redact(text))),
            None => serde_json::from_value(value)
                .map_err(|error| Failure::Call(CallError::Unreadable(error.to_string()))),
        }
    }
}
