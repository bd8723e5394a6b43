//! What a program answers. A field that is not known is an error: it is a slip of its author, who should hear of it.

use std::time::Duration;

use bursar_outbound::{CallError, Settings};
use bursar_time::Instant;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{
    Access, AccessKind, Account, Backup, Change, Creation, InventoryItem, Observed, Reference, ServerHealth,
    State, Tag, Traffic, TrafficMeter, UsageReading, Working,
};

/// How long to wait when the program does not say.
const USUAL_PAUSE: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    outcome: Option<Outcome>,
    error: Option<Failure>,
    #[serde(default)]
    message: String,
    task: Option<String>,
    percent: Option<u8>,
    again_after_seconds: Option<u64>,
    resource: Option<Thing>,
    pub(super) url: Option<String>,
    pub(super) expires_at: Option<i64>,
    usage: Option<Used>,
    health: Option<How>,
    #[serde(default)]
    items: Vec<Listed>,
    #[serde(default)]
    accounts: Vec<Thing>,
    pub(super) next: Option<String>,
    #[serde(default)]
    backups: Vec<Kept>,
    pub(super) version: Option<String>,
    #[serde(default)]
    pub(super) problems: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Done,
    Working,
    Missing,
    CapacityFull,
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Failure {
    NotSent,
    Unknown,
    RateLimited,
    BadCredentials,
    Refused,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    reference: String,
    tag: Option<String>,
    state: String,
    #[serde(default)]
    why: String,
    name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    plan: BTreeMap<String, Value>,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    access: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Used {
    cpu_ppm: Option<i64>,
    memory_bytes: Option<i64>,
    disk_bytes: Option<i64>,
    in_bytes: Option<i64>,
    out_bytes: Option<i64>,
    counts: Option<Meter>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Meter {
    SinceStart,
    ThisMonth,
    Total,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    cpu_ppm: Option<i64>,
    memory_bytes: Option<(i64, i64)>,
    disk_bytes: Option<(i64, i64)>,
    resource_count: Option<i64>,
    resource_limit: Option<i64>,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    id: String,
    label: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    reference: String,
    name: String,
    created_at: Option<i64>,
    size_bytes: Option<i64>,
    complete: bool,
}

fn unreadable(why: impl std::fmt::Display) -> CallError {
    CallError::Unreadable(format!("the program's answer: {why}"))
}

impl Answer {
    pub(super) fn read(value: Value) -> Result<Self, CallError> {
        let mut answer: Self = serde_json::from_value(value).map_err(unreadable)?;
        let message = std::mem::take(&mut answer.message);
        match answer.error {
            None => {
                answer.message = message;
                Ok(answer)
            }
            Some(Failure::NotSent) => Err(CallError::NotSent(message)),
            Some(Failure::Unknown) => Err(CallError::Unknown(message)),
            Some(Failure::RateLimited) => {
                let retry_after = answer.again_after_seconds.map(Duration::from_secs);
                Err(CallError::RateLimited { retry_after })
            }
            Some(Failure::BadCredentials) => Err(CallError::BadCredentials(message)),
            Some(Failure::Refused) => Err(CallError::Refused(message)),
        }
    }

    fn working(&self) -> Working {
        let again_after =
            self.again_after_seconds.map_or(USUAL_PAUSE, |seconds| Duration::from_secs(seconds.max(1)));
        let task = self.task.as_deref().map(crate::TaskReference::new);
        Working { task, percent: self.percent.map(|percent| percent.min(100)), again_after }
    }

    pub(super) fn creation(self) -> Result<Creation, CallError> {
        match self.outcome {
            Some(Outcome::Done) => match self.resource {
                Some(thing) => Ok(Creation::Done(Box::new(thing.observed()))),
                None => Err(unreadable("a creation that is done says what there is, in \"resource\"")),
            },
            Some(Outcome::Working) => Ok(Creation::Working(self.working())),
            Some(Outcome::CapacityFull) => Ok(Creation::CapacityFull { why: self.message }),
            Some(Outcome::Failed) => Ok(Creation::Failed { why: self.message }),
            Some(Outcome::Missing) => Err(unreadable("a creation cannot be \"missing\"")),
            None => Err(unreadable("\"outcome\" is missing")),
        }
    }

    pub(super) fn change(self) -> Result<Change, CallError> {
        match self.outcome {
            Some(Outcome::Done) => Ok(Change::Done),
            Some(Outcome::Working) => Ok(Change::Working(self.working())),
            Some(Outcome::Missing) => Ok(Change::Missing),
            Some(Outcome::CapacityFull) => Ok(Change::CapacityFull { why: self.message }),
            Some(Outcome::Failed) => Ok(Change::Failed { why: self.message }),
            None => Err(unreadable("\"outcome\" is missing")),
        }
    }

    /// Whether the thing that was asked about is there. Only a word for it is absence: an empty answer is none.
    pub(super) fn is_there(&self) -> Result<bool, CallError> {
        match self.outcome {
            Some(Outcome::Done) => Ok(true),
            Some(Outcome::Missing) => Ok(false),
            Some(Outcome::Working | Outcome::CapacityFull | Outcome::Failed) | None => {
                Err(unreadable("a question is answered with the outcome \"done\" or \"missing\""))
            }
        }
    }

    pub(super) fn observed(self) -> Result<Option<Observed>, CallError> {
        if !self.is_there()? {
            return Ok(None);
        }
        let thing = self.resource.ok_or_else(|| unreadable("\"resource\" is missing"))?;
        Ok(Some(thing.observed()))
    }

    pub(super) fn reading(self, at: Instant) -> Result<Option<UsageReading>, CallError> {
        if !self.is_there()? {
            return Ok(None);
        }
        let used = self.usage.ok_or_else(|| unreadable("\"usage\" is missing"))?;
        let traffic = (used.in_bytes.is_some() || used.out_bytes.is_some()).then(|| Traffic {
            in_bytes: used.in_bytes.unwrap_or_default(),
            out_bytes: used.out_bytes.unwrap_or_default(),
            meter: match used.counts {
                Some(Meter::SinceStart) => TrafficMeter::SinceStart,
                Some(Meter::ThisMonth) => TrafficMeter::ThisMonth,
                Some(Meter::Total) | None => TrafficMeter::Total,
            },
        });
        let Used { cpu_ppm, memory_bytes, disk_bytes, .. } = used;
        Ok(Some(UsageReading { at, cpu_ppm, memory_bytes, disk_bytes, traffic }))
    }

    pub(super) fn server_health(self) -> Result<ServerHealth, CallError> {
        let how = self.health.ok_or_else(|| unreadable("\"health\" is missing"))?;
        let How { cpu_ppm, memory_bytes, disk_bytes, resource_count, resource_limit, warnings } = how;
        Ok(ServerHealth { cpu_ppm, memory_bytes, disk_bytes, resource_count, resource_limit, warnings })
    }

    pub(super) fn inventory(self) -> Vec<InventoryItem> {
        let item = |listed: Listed| InventoryItem {
            label: listed.label.unwrap_or_else(|| listed.id.clone()),
            id: listed.id,
        };
        self.items.into_iter().map(item).collect()
    }

    pub(super) fn listed_accounts(&mut self) -> Vec<Account> {
        std::mem::take(&mut self.accounts).into_iter().map(Thing::account).collect()
    }

    pub(super) fn copies(self) -> Vec<Backup> {
        let copy = |kept: Kept| Backup {
            reference: Reference::new(kept.reference),
            name: kept.name,
            created_at: kept.created_at.map(instant),
            size_bytes: kept.size_bytes,
            is_complete: kept.complete,
        };
        self.backups.into_iter().map(copy).collect()
    }
}

/// Unix seconds.
pub(super) fn instant(seconds: i64) -> Instant {
    Instant::EPOCH.plus_seconds(seconds)
}

impl Thing {
    fn state(&self) -> State {
        match self.state.as_str() {
            "building" => State::Building,
            "running" => State::Running,
            "stopped" => State::Stopped,
            "suspended" => State::Suspended,
            "failed" => State::Failed(self.why.clone()),
            other => State::Unrecognised(other.to_owned()),
        }
    }

    /// What the plan shows under names that the manifest knows; the rest is the program's own.
    fn plan(&self) -> Settings {
        let known = |name: &str| super::PLAN_SETTINGS.iter().any(|setting| setting.name == name);
        self.plan
            .iter()
            .filter(|(name, _)| known(name))
            .filter_map(|(name, value)| Some((name.clone(), bursar_outbound::loose::as_text(value)?)))
            .collect()
    }

    fn observed(self) -> Observed {
        let access = self
            .access
            .iter()
            .filter_map(|(kind, value)| Some(Access::new(access_kind(kind)?, value.clone())));
        Observed {
            state: self.state(),
            plan: self.plan(),
            access: access.collect(),
            reference: Reference::new(self.reference),
            name: self.name,
            addresses: self.addresses,
        }
    }

    fn account(self) -> Account {
        Account {
            state: self.state(),
            plan: self.plan(),
            reference: Reference::new(self.reference),
            tag: self.tag.and_then(|tag| Tag::new(tag).ok()),
            name: self.name,
            email: self.email,
        }
    }
}

fn access_kind(code: &str) -> Option<AccessKind> {
    const ALL: [AccessKind; 8] = [
        AccessKind::Username,
        AccessKind::PanelUrl,
        AccessKind::Endpoint,
        AccessKind::FileTransfer,
        AccessKind::FileTransferUsername,
        AccessKind::NameServer,
        AccessKind::Licence,
        AccessKind::Note,
    ];
    ALL.into_iter().find(|kind| kind.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Answer, CallError> {
        Answer::read(value)
    }

    #[test]
    fn only_an_explicit_outcome_is_one() {
        let change = |value| read(value).and_then(Answer::change);
        assert_eq!(change(json!({ "outcome": "done" })), Ok(Change::Done));
        assert_eq!(change(json!({ "outcome": "missing" })), Ok(Change::Missing));
        for unclear in
            [json!({}), json!({ "outcome": "ok" }), json!({ "outcome": null }), json!([]), json!("done")]
        {
            assert!(matches!(change(unclear.clone()), Err(CallError::Unreadable(_))), "{unclear}");
        }
        let observed = |value| read(value).and_then(Answer::observed);
        assert_eq!(observed(json!({ "outcome": "missing" })), Ok(None));
        for unclear in [json!({}), json!({ "resource": null }), json!({ "outcome": "done" })] {
            assert!(matches!(observed(unclear.clone()), Err(CallError::Unreadable(_))), "{unclear}");
        }
        let slip = change(json!({ "outcome": "done", "refrence": "7" }));
        assert!(matches!(&slip, Err(CallError::Unreadable(text)) if text.contains("refrence")), "{slip:?}");
    }

    #[test]
    fn working_says_when_to_come_back_and_never_at_once() {
        let working = |value| match read(value).and_then(Answer::creation) {
            Ok(Creation::Working(working)) => working,
            other => panic!("{other:?}"),
        };
        let told =
            working(json!({ "outcome": "working", "again_after_seconds": 0, "task": "t", "percent": 250 }));
        assert_eq!((told.again_after, told.percent), (Duration::from_secs(1), Some(100)));
        assert_eq!(working(json!({ "outcome": "working" })).again_after, USUAL_PAUSE);
    }

    #[test]
    fn errors_say_what_may_be_done() {
        let error =
            |code: &str| read(json!({ "error": code, "message": "why", "again_after_seconds": 7 })).err();
        assert_eq!(error("not_sent"), Some(CallError::NotSent("why".to_owned())));
        assert_eq!(error("unknown"), Some(CallError::Unknown("why".to_owned())));
        assert_eq!(
            error("rate_limited"),
            Some(CallError::RateLimited { retry_after: Some(Duration::from_secs(7)) })
        );
        assert_eq!(error("bad_credentials"), Some(CallError::BadCredentials("why".to_owned())));
        assert_eq!(error("refused"), Some(CallError::Refused("why".to_owned())));
        assert!(matches!(error("sulking"), Some(CallError::Unreadable(_))));
    }

    #[test]
    fn a_resource_is_read_with_its_words_as_they_are() {
        let answer = json!({ "outcome": "done", "resource": {
            "reference": "42", "state": "hibernating", "plan": { "plan": 7, "cores": "4" },
            "access": { "username": "ann", "hat": "red" },
        } });
        let observed = read(answer).and_then(Answer::observed).unwrap().unwrap();
        assert_eq!(observed.state, State::Unrecognised("hibernating".to_owned()));
        assert_eq!(
            observed.plan,
            Settings::none().with("plan", "7"),
            "what the manifest does not know is not compared"
        );
        assert_eq!(observed.access, [Access::new(AccessKind::Username, "ann")]);
    }
}
