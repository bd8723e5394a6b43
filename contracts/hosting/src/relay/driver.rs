//! The contract, question by question.

use async_trait::async_trait;
use bursar_outbound::signature::{self, SignatureError};
use bursar_outbound::{Call, CallError, Settings};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, instant};
use super::settings::{WEBHOOK_HEADER, WEBHOOK_SECRET};
use super::{Carrier, Question, Relay};
use crate::{
    AccountPage, Accounts, Backup, Backups, Capability, Change, Connection, Creation, Door, Health, Hosting,
    Inventory, InventoryItem, InventoryKind, Link, Manifest, Observed, Operation, Password, Passwords, Power,
    PowerAction, Reference, Reinstallation, Resizing, Resource, ServerHealth, SignIn, Specification, Tag,
    Usage, UsageReading, WebhookEvent, WebhookRefused, WebhookRequest, Webhooks,
};

impl<C: Carrier> Relay<C> {
    async fn ask(&self, call: &Call, question: Question) -> Result<Answer, CallError> {
        Answer::read(self.0.carry(call, &question).await?)
    }

    async fn change(
        &self,
        call: &Call,
        action: &'static str,
        operation: &Operation,
    ) -> Result<Change, CallError> {
        self.ask(call, Question::to(call, action, operation)).await?.change()
    }
}

#[async_trait]
impl<C: Carrier> Hosting for Relay<C> {
    fn manifest(&self) -> &Manifest {
        self.0.manifest()
    }

    fn offers(&self, settings: &Settings, capability: Capability) -> bool {
        self.0.offers(settings, capability)
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let answer = self.ask(call, Question::new(call, "test")).await?;
        if !answer.is_there()? {
            return Err(CallError::Refused("the program says that its panel is missing".to_owned()));
        }
        Ok(Connection { version: answer.version, problems: answer.problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        let question = Question::to(call, "create", operation).with_specification(specification);
        self.ask(call, question).await?.creation()
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        self.ask(call, Question::of(call, "observe", resource)).await?.observed()
    }

    async fn suspend(&self, call: &Call, operation: &Operation, reason: &str) -> Result<Change, CallError> {
        let question = Question::to(call, "suspend", operation).with("reason", json!(reason));
        self.ask(call, question).await?.change()
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        self.change(call, "resume", operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        match self.change(call, "terminate", operation).await? {
            // What is not there is gone.
            Change::Missing => Ok(Change::Done),
            other => Ok(other),
        }
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn power(&self) -> Option<&dyn Power> {
        Some(self)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
        Some(self)
    }

    fn passwords(&self) -> Option<&dyn Passwords> {
        Some(self)
    }

    fn usage(&self) -> Option<&dyn Usage> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn backups(&self) -> Option<&dyn Backups> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn reinstallation(&self) -> Option<&dyn Reinstallation> {
        Some(self)
    }
}

#[async_trait]
impl<C: Carrier> Resizing for Relay<C> {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "resize", operation).with_specification(specification);
        self.ask(call, question).await?.change()
    }
}

#[async_trait]
impl<C: Carrier> Power for Relay<C> {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "power", operation).with("power", json!(action.code()));
        self.ask(call, question).await?.change()
    }
}

#[async_trait]
impl<C: Carrier> SignIn for Relay<C> {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel]
    }

    async fn sign_in(&self, call: &Call, resource: &Resource, door: Door) -> Result<Option<Link>, CallError> {
        let question =
            Question::of(call, "sign_in", resource).with("door", json!(door.code())).with_secret_answer();
        let answer = self.ask(call, question).await?;
        if !answer.is_there()? {
            return Ok(None);
        }
        let url = answer.url.filter(|url| url.starts_with("https://"));
        let url =
            url.ok_or_else(|| CallError::Unreadable("\"url\" is not an https:// address".to_owned()))?;
        Ok(Some(Link::new(url, answer.expires_at.map(instant))))
    }
}

#[async_trait]
impl<C: Carrier> Passwords for Relay<C> {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "set_password", operation).with_password(password.expose());
        self.ask(call, question).await?.change()
    }
}

#[async_trait]
impl<C: Carrier> Usage for Relay<C> {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        self.ask(call, Question::of(call, "usage", resource)).await?.reading(call.now())
    }
}

#[async_trait]
impl<C: Carrier> Health for Relay<C> {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        self.ask(call, Question::new(call, "health")).await?.server_health()
    }
}

#[async_trait]
impl<C: Carrier> Inventory for Relay<C> {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans, InventoryKind::Images, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let word = match kind {
            InventoryKind::Plans => "plans",
            InventoryKind::Images => "images",
            InventoryKind::Regions => "regions",
            InventoryKind::Storages => "storages",
        };
        let question = Question::new(call, "inventory").with("kind", json!(word));
        Ok(self.ask(call, question).await?.inventory())
    }
}

#[async_trait]
impl<C: Carrier> Accounts for Relay<C> {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let mut answer = self.ask(call, Question::new(call, "accounts").with("from", json!(from))).await?;
        let accounts = answer.listed_accounts();
        Ok(AccountPage { accounts, next: answer.next })
    }
}

#[async_trait]
impl<C: Carrier> Backups for Relay<C> {
    async fn list_backups(&self, call: &Call, resource: &Resource) -> Result<Vec<Backup>, CallError> {
        Ok(self.ask(call, Question::of(call, "list_backups", resource)).await?.copies())
    }

    async fn create_backup(
        &self,
        call: &Call,
        operation: &Operation,
        name: &str,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "create_backup", operation).with("name", json!(name));
        self.ask(call, question).await?.change()
    }

    async fn restore_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "restore_backup", operation).with("backup", json!(backup.as_str()));
        self.ask(call, question).await?.change()
    }

    async fn delete_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "delete_backup", operation).with("backup", json!(backup.as_str()));
        self.ask(call, question).await?.change()
    }
}

#[async_trait]
impl<C: Carrier> Reinstallation for Relay<C> {
    async fn reinstall(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        let question = Question::to(call, "reinstall", operation).with_specification(specification);
        self.ask(call, question).await?.change()
    }
}

#[derive(Deserialize)]
struct Announcement {
    id: String,
    tag: Option<String>,
    reference: Option<String>,
}

impl<C: Carrier> Webhooks for Relay<C> {
    fn verify(&self, call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused> {
        let secret = call.credentials().get(WEBHOOK_SECRET).ok_or(WebhookRefused::NoSecret)?;
        let header = request.header(WEBHOOK_HEADER).ok_or(WebhookRefused::NotSigned)?;
        signature::verify(secret, call.started_at(), header, &request.body).map_err(|error| match error {
            SignatureError::Malformed => WebhookRefused::NotSigned,
            SignatureError::Mismatch => WebhookRefused::BadSignature,
            SignatureError::Stale => WebhookRefused::Stale,
        })?;
        let unreadable = |why: String| WebhookRefused::Unreadable(why);
        let read: Announcement =
            serde_json::from_slice(&request.body).map_err(|error| unreadable(error.to_string()))?;
        let tag = read.tag.map(Tag::new).transpose().map_err(|error| unreadable(error.to_string()))?;
        Ok(WebhookEvent { id: read.id, tag, reference: read.reference.map(Reference::new) })
    }
}
