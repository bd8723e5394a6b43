//! Requests and answers as Proxmox spells them.

use std::collections::BTreeMap;

use bursar_hosting::server;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request, path_part};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::map::{self, Known};
use crate::settings;

/// The cluster's interface within one call.
pub(crate) struct Api<'a> {
    pub(crate) call: &'a Call,
    endpoint: Endpoint,
    authorization: String,
}

/// Why a request gave no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Proxmox's own words, which mean something certain.
    Known(Known, String),
    /// Anything else.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            // Nothing was done, and waiting helps.
            Failure::Known(Known::Busy, _) => {
                Self::RateLimited { retry_after: Some(std::time::Duration::from_secs(10)) }
            }
            Failure::Known(_, text) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Envelope<T> {
    data: T,
}

/// A guest in the list of the cluster.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Listed {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "number")]
    pub(crate) vmid: u32,
    pub(crate) node: String,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) template: u8,
    #[serde(default)]
    pub(crate) tags: String,
    pub(crate) lock: Option<String>,
    #[serde(default)]
    pub(crate) maxcpu: f64,
    #[serde(default)]
    pub(crate) maxmem: i64,
    #[serde(default)]
    pub(crate) maxdisk: i64,
}

/// A guest's state now.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Status {
    pub(crate) status: String,
    pub(crate) qmpstatus: Option<String>,
    #[serde(default)]
    pub(crate) cpu: f64,
    #[serde(default)]
    pub(crate) mem: i64,
    #[serde(default)]
    pub(crate) disk: i64,
    #[serde(default)]
    pub(crate) netin: i64,
    #[serde(default)]
    pub(crate) netout: i64,
}

/// A node of the cluster.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Node {
    pub(crate) node: String,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) cpu: f64,
    #[serde(default)]
    pub(crate) maxcpu: f64,
    #[serde(default)]
    pub(crate) mem: i64,
    #[serde(default)]
    pub(crate) maxmem: i64,
}

impl Node {
    pub(crate) fn is_online(&self) -> bool {
        self.status == "online"
    }
}

/// A storage of a node.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Storage {
    pub(crate) storage: String,
    #[serde(default)]
    pub(crate) total: i64,
    #[serde(default)]
    pub(crate) used: i64,
    #[serde(default)]
    pub(crate) avail: i64,
}

/// A template of containers.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Volume {
    pub(crate) volid: String,
}

/// A task.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Task {
    #[serde(default)]
    pub(crate) status: String,
    pub(crate) exitstatus: Option<String>,
}

/// What became of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TaskEnd {
    Running,
    Good,
    Bad(String),
    /// Its log is gone, or it was never one of ours; the guest's state tells.
    Forgotten,
}

/// A guest's configuration: texts and numbers by name.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Config(BTreeMap<String, Value>);

impl Config {
    /// A value, whether it is spelled as text or as number.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect())
    }
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        let endpoint = server::endpoint(call)?;
        let id = server::setting(call, settings::TOKEN_ID, "token")?;
        let secret = server::secret(call, settings::TOKEN_SECRET, "token secret")?;
        Ok(Self { call, endpoint, authorization: format!("PVEAPIToken={id}={}", secret) })
    }

    pub(crate) async fn version(&self) -> Result<String, CallError> {
        #[derive(Deserialize)]
        struct Version {
            version: String,
        }
        Ok(self.get::<Version>("/version").await?.version)
    }

    pub(crate) async fn permissions(&self) -> Result<BTreeMap<String, BTreeMap<String, Value>>, CallError> {
        Ok(self.get("/access/permissions").await?)
    }

    /// Every guest and template of the cluster.
    pub(crate) async fn guests(&self) -> Result<Vec<Listed>, CallError> {
        Ok(self.get("/cluster/resources?type=vm").await?)
    }

    pub(crate) async fn nodes(&self) -> Result<Vec<Node>, CallError> {
        Ok(self.get("/nodes").await?)
    }

    pub(crate) async fn storages(&self, node: &str, content: &str) -> Result<Vec<Storage>, CallError> {
        Ok(self.get(&format!("/nodes/{}/storage?content={content}", path_part(node))).await?)
    }

    pub(crate) async fn container_templates(
        &self,
        node: &str,
        storage: &str,
    ) -> Result<Vec<Volume>, CallError> {
        let path =
            format!("/nodes/{}/storage/{}/content?content=vztmpl", path_part(node), path_part(storage));
        Ok(self.get(&path).await?)
    }

    pub(crate) async fn task(&self, upid: &str) -> Result<TaskEnd, CallError> {
        let Some(node) = upid.split(':').nth(1) else { return Ok(TaskEnd::Forgotten) };
        let path = format!("/nodes/{}/tasks/{}/status", path_part(node), path_part(upid));
        let request = Request::get(&self.endpoint, under_api(&path));
        let answer = request.header("authorization", self.authorization.clone()).send(self.call).await?;
        // Logs are rotated away after a while, which is said with a 400.
        if answer.status() == 400 {
            return Ok(TaskEnd::Forgotten);
        }
        let task: Task = data(&answer).map_err(CallError::from)?;
        Ok(end_of(task))
    }

    /// Whether a task is under way for a number. Clones run under their template's.
    pub(crate) async fn is_busy(&self, node: &str, vmid: u32) -> Result<bool, CallError> {
        let path = format!("/nodes/{}/tasks?vmid={vmid}&source=active", path_part(node));
        Ok(!self.get::<Vec<Value>>(&path).await?.is_empty())
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Request::get(&self.endpoint, under_api(path))).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(String, String)],
    ) -> Result<T, Failure> {
        self.send(with_form(Request::post(&self.endpoint, under_api(path)), form)).await
    }

    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(String, String)],
    ) -> Result<T, Failure> {
        self.send(with_form(Request::put(&self.endpoint, under_api(path)), form)).await
    }

    /// Options of a deletion go behind the path: a body is refused.
    pub(crate) async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Request::delete(&self.endpoint, under_api(path))).await
    }

    async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        let request = request.header("authorization", self.authorization.clone());
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        data(&answer)
    }
}

fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if answer.is_success() {
        return answer.json::<Envelope<T>>().map(|envelope| envelope.data).map_err(Failure::Call);
    }
    let text = words_of(answer);
    match map::known(&text) {
        Some(known) if matches!(answer.status(), 400 | 500) => {
            Err(Failure::Known(known, answer.redact(&text)))
        }
        _ => Err(Failure::Call(answer.failure_saying(Forbidden::IsRefusal, &text))),
    }
}

/// Success with warnings is success; a task that is not stopped is not over.
fn end_of(task: Task) -> TaskEnd {
    match (task.status.as_str(), task.exitstatus) {
        ("stopped", Some(end)) if end == "OK" || end.starts_with("WARNINGS") => TaskEnd::Good,
        ("stopped", end) => TaskEnd::Bad(end.unwrap_or_else(|| "the task ended without a word".to_owned())),
        _ => TaskEnd::Running,
    }
}

fn under_api(path: &str) -> String {
    format!("/api2/json{path}")
}

fn with_form<'a>(request: Request<'a>, form: &[(String, String)]) -> Request<'a> {
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let secrets = form.iter().filter(|(name, _)| name.ends_with("password"));
    secrets.fold(request.form(&pairs), |request, (_, value)| request.hiding(value))
}

/// Fields first, then the message of newer versions, then the words beside the status.
fn words_of(answer: &Answer) -> String {
    #[derive(Default, Deserialize)]
    struct Body {
        errors: Option<BTreeMap<String, Value>>,
        message: Option<String>,
    }
    let body: Body = answer.json().unwrap_or_default();
    if let Some(errors) = body.errors.filter(|errors| !errors.is_empty()) {
        let fields: Vec<String> = errors
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default().trim()))
            .collect();
        return fields.join("; ");
    }
    let message = body.message.map(|message| message.trim().to_owned()).filter(|message| !message.is_empty());
    message.unwrap_or_else(|| answer.reason().to_owned())
}

/// Numbers of guests are texts in some lists.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Spelled {
        Number(u32),
        Text(String),
    }
    match Spelled::deserialize(deserializer)? {
        Spelled::Number(number) => Ok(number),
        Spelled::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: DeserializeOwned>(text: &str) -> T {
        serde_json::from_str::<Envelope<T>>(text).expect("the shape is the vendor's").data
    }

    #[test]
    fn the_vendor_s_shapes_are_read() {
        let guests: Vec<Listed> = read(include_str!("../fixtures/pve-9/cluster_resources.json"));
        let numbers: Vec<u32> = guests.iter().map(|guest| guest.vmid).collect();
        assert_eq!(numbers, [101, 102, 9_000], "a number is a number, also when it is a text");
        assert_eq!(
            (guests[0].tags.as_str(), guests[1].lock.as_deref(), guests[2].template),
            ("bursar.b7k2;web", Some("backup"), 1)
        );
        let status: Status = read(include_str!("../fixtures/pve-9/status_current.json"));
        assert_eq!(
            (status.status.as_str(), status.netin, status.netout, status.mem),
            ("running", 123_456, 654_321, 612_345_678)
        );
        let task: Task = read(include_str!("../fixtures/pve-9/task_status.json"));
        assert_eq!(end_of(task), TaskEnd::Good, "warnings are no failure");
        let config: Config = read(include_str!("../fixtures/pve-9/config.json"));
        assert_eq!(
            (config.text("cores").as_deref(), config.text("memory").as_deref()),
            (Some("2"), Some("2048"))
        );
        assert_eq!(map::boot_disk(&config).as_deref(), Some("scsi0"));
        assert_eq!(map::addresses(&config), ["192.0.2.40"]);
    }

    #[test]
    fn only_an_end_is_an_end() {
        let task = |status: &str, exit: Option<&str>| {
            end_of(Task { status: status.to_owned(), exitstatus: exit.map(str::to_owned) })
        };
        assert_eq!(task("running", None), TaskEnd::Running);
        assert_eq!(task("queued", None), TaskEnd::Running, "a word that is not known is no success");
        assert_eq!(task("stopped", Some("OK")), TaskEnd::Good);
        assert_eq!(task("stopped", Some("unexpected status")), TaskEnd::Bad("unexpected status".to_owned()));
        assert!(matches!(task("stopped", None), TaskEnd::Bad(_)));
    }
}
