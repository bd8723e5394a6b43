//! Requests and answers as WHM API 1 spells them.

use std::collections::BTreeSet;

use bursar_hosting::server;
use bursar_outbound::loose::{flag, text};
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::map::{self, Known};
use crate::settings;

/// Lists of all accounts are given whole.
const MOST_LIST: usize = 20 * 1024 * 1024;

/// The server's interface within one call.
pub(crate) struct Api<'a> {
    call: &'a Call,
    endpoint: Endpoint,
    authorization: String,
}

/// Why a function gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The function was called and refused, with a reason.
    Reason(Option<Known>, String),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Reason(Some(Known::Busy), _) => {
                Self::RateLimited { retry_after: Some(std::time::Duration::from_secs(30)) }
            }
            Failure::Reason(_, reason) => Self::Refused(reason),
            Failure::Call(error) => error,
        }
    }
}

/// An account.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Summary {
    pub(crate) user: String,
    pub(crate) domain: String,
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) plan: String,
    pub(crate) ip: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) suspended: bool,
    #[serde(default, deserialize_with = "text")]
    pub(crate) diskused: Option<String>,
}

/// A package.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
}

/// Traffic of an account this month.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Bandwidth {
    pub(crate) user: String,
    #[serde(default, deserialize_with = "text")]
    pub(crate) totalbytes: Option<String>,
}

/// A link that lets in.
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) url: String,
    #[serde(default, deserialize_with = "text")]
    pub(crate) expires: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    metadata: Metadata,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(deserialize_with = "flag")]
    result: bool,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct AccountList {
    #[serde(default)]
    acct: Vec<Summary>,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        let endpoint = server::endpoint(call)?;
        let user = server::setting(call, settings::USERNAME, "user")?;
        let token = server::secret(call, settings::TOKEN, "token")?;
        Ok(Self { call, endpoint, authorization: format!("whm {user}:{}", token) })
    }

    /// Where customers sign in.
    pub(crate) fn panel_host(&self) -> &str {
        self.call.settings().text(settings::HOSTNAME).unwrap_or_else(|| self.endpoint.host_name())
    }

    /// Hosts that links may lead to.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        host.eq_ignore_ascii_case(self.panel_host()) || host.eq_ignore_ascii_case(self.endpoint.host_name())
    }

    pub(crate) async fn version(&self) -> Result<String, CallError> {
        #[derive(Deserialize)]
        struct Version {
            version: String,
        }
        Ok(self.ask::<Version>("version", &[]).await?.version)
    }

    /// What the token may call. Some versions give objects with names.
    pub(crate) async fn functions(&self) -> Result<BTreeSet<String>, CallError> {
        #[derive(Deserialize)]
        struct Functions {
            #[serde(default)]
            app: Vec<Value>,
        }
        let functions = self.ask::<Functions>("applist", &[]).await?;
        let name = |value: Value| value.as_str().or_else(|| value["name"].as_str()).map(str::to_owned);
        Ok(functions.app.into_iter().filter_map(name).collect())
    }

    /// An account by its user name. That there is none is confirmed by the list, because the words for it change.
    pub(crate) async fn account(&self, user: &str) -> Result<Option<Summary>, CallError> {
        match self.ask::<AccountList>("accountsummary", &[("user", user)]).await {
            Ok(list) => Ok(list.acct.into_iter().find(|account| account.user == user)),
            Err(Failure::Reason(..)) => {
                let search = map::exactly(user);
                let list = self.list(&[("searchtype", "user"), ("search", &search)]).await?;
                Ok(list.into_iter().find(|account| account.user == user))
            }
            Err(Failure::Call(error)) => Err(error),
        }
    }

    pub(crate) async fn list(&self, search: &[(&str, &str)]) -> Result<Vec<Summary>, CallError> {
        Ok(self.ask::<AccountList>("listaccts", search).await?.acct)
    }

    pub(crate) async fn packages(&self) -> Result<Vec<Package>, CallError> {
        #[derive(Deserialize)]
        struct Packages {
            pkg: Vec<Package>,
        }
        Ok(self.ask::<Packages>("listpkgs", &[("want", "creatable")]).await?.pkg)
    }

    pub(crate) async fn bandwidth(&self, user: &str) -> Result<Option<Bandwidth>, CallError> {
        #[derive(Deserialize)]
        struct List {
            #[serde(default)]
            acct: Vec<Bandwidth>,
        }
        let search = map::exactly(user);
        let list: List = self.ask("showbw", &[("searchtype", "user"), ("search", &search)]).await?;
        Ok(list.acct.into_iter().find(|account| account.user == user))
    }

    pub(crate) async fn session(&self, user: &str, service: &str) -> Result<Session, Failure> {
        let request = self.posting("create_user_session", &[("user", user), ("service", service)]);
        let answer = request.with_secret_answer().send(self.call).await.map_err(Failure::Call)?;
        data(&answer)
    }

    /// Calls a function that changes something. Its data may be absent.
    pub(crate) async fn change(&self, function: &str, pairs: &[(&str, &str)]) -> Result<(), Failure> {
        let mut request = self.posting(function, pairs);
        for (name, value) in pairs {
            if *name == "password" {
                request = request.hiding(value);
            }
        }
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        data::<Value>(&answer).map(|_| ())
    }

    fn posting(&self, function: &str, pairs: &[(&str, &str)]) -> Request<'_> {
        // Query strings end up in the server's logs; what changes something or carries a password is posted.
        let mut form = vec![("api.version", "1")];
        form.extend_from_slice(pairs);
        Request::post(&self.endpoint, format!("/json-api/{function}"))
            .form(&form)
            .header("authorization", self.authorization.clone())
    }

    async fn ask<T: DeserializeOwned>(&self, function: &str, pairs: &[(&str, &str)]) -> Result<T, Failure> {
        let mut query = vec![("api.version", "1")];
        query.extend_from_slice(pairs);
        let request = Request::get(&self.endpoint, format!("/json-api/{function}"))
            .query(&query)
            .reading_at_most(MOST_LIST)
            .header("authorization", self.authorization.clone());
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        data(&answer)
    }
}

/// A refused function is answered with 200 as well: the result says.
fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if !answer.is_success() {
        return Err(Failure::Call(answer.failure(Forbidden::IsCredentials)));
    }
    let value: Value = answer.json().map_err(Failure::Call)?;
    read(value, |text| answer.redact(text))
}

fn read<T: DeserializeOwned>(value: Value, redact: impl Fn(&str) -> String) -> Result<T, Failure> {
    // The legacy shape, which some refusals still have.
    if let Some(error) = value["cpanelresult"]["error"].as_str() {
        return Err(Failure::Call(CallError::Refused(redact(&map::readable(error)))));
    }
    let unreadable = |error: serde_json::Error| Failure::Call(CallError::Unreadable(error.to_string()));
    let envelope: Envelope = serde_json::from_value(value).map_err(unreadable)?;
    if !envelope.metadata.result {
        let reason = map::readable(&envelope.metadata.reason);
        return Err(Failure::Reason(map::known(&reason), redact(&reason)));
    }
    serde_json::from_value(envelope.data).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
        read(serde_json::from_str(text).expect("it is JSON"), str::to_owned)
    }

    #[test]
    fn the_vendor_s_shapes_are_read() {
        let list: AccountList =
            shape(include_str!("../fixtures/11.134/accountsummary.json")).expect("an account");
        let account = &list.acct[0];
        assert_eq!(
            (account.user.as_str(), account.plan.as_str(), account.suspended),
            ("b7k2demo", "starter", false)
        );
        assert_eq!(account.diskused.as_deref().and_then(map::size_bytes), Some(14 << 20));
        let list: AccountList =
            shape(include_str!("../fixtures/11.134/suspended_as_text.json")).expect("an account");
        assert!(list.acct[0].suspended, "a flag may be a text");
        let done: Value =
            shape(include_str!("../fixtures/11.134/suspendacct.json")).expect("no data is needed");
        assert!(done.is_null());
        let session: Session =
            shape(include_str!("../fixtures/11.134/create_user_session.json")).expect("a link");
        assert_eq!(session.expires.as_deref(), Some("1654003600"));
        #[derive(Deserialize)]
        struct List {
            acct: Vec<Bandwidth>,
        }
        let list: List = shape(include_str!("../fixtures/11.134/showbw.json")).expect("traffic");
        assert_eq!(list.acct[0].totalbytes.as_deref(), Some("1048576"));
    }

    #[test]
    fn a_refusal_is_found_in_each_of_its_shapes() {
        let refused = shape::<Value>(include_str!("../fixtures/11.134/createacct_refused.json"));
        let Err(Failure::Reason(Some(Known::Taken), reason)) = refused else { panic!("{refused:?}") };
        assert_eq!(reason, "This system already has an account named “demo1”.");
        let legacy = shape::<Value>(r#"{"cpanelresult":{"error":"Access denied","data":{"result":"0"}}}"#);
        assert!(matches!(&legacy, Err(Failure::Call(CallError::Refused(text))) if text == "Access denied"));
        let nothing = shape::<Value>(r#"{"result":[{"status":0}]}"#);
        assert!(
            matches!(nothing, Err(Failure::Call(CallError::Unreadable(_)))),
            "API 0 is not read by mistake"
        );
    }
}
