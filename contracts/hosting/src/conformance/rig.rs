//! What the suite needs of a driver and its fake.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bursar_fakeserver::{Account, Aim, FakeServer, Fault, Pretend, Shell};
use bursar_outbound::{Call, Credentials, Exchange, Outbound, Recording, Settings};
use bursar_time::Instant;

use crate::{
    Address, Capability, Customer, Hosting, Observed, Password, Reference, Resource, Specification, Tag,
    WebhookRequest,
};

/// What happens to the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection is refused.
    Refuse,
    /// The vendor asks to wait.
    RateLimit,
    /// The answer to the next change is lost before the vendor acted.
    LoseBefore,
    /// The answer to the next change is lost after the vendor acted.
    LoseAfter,
    /// The vendor acts upon the next change and answers something unreadable.
    GarbleChange,
    /// The next question is answered with something unreadable.
    GarbleQuestion,
    /// The answer to the next question is lost.
    LoseQuestion,
    /// The vendor fails at the next question.
    FailQuestion,
}

/// A driver with its fake, empty but for what a panel needs to be sold from.
pub trait Rig: Send + Sync {
    /// The driver.
    fn hosting(&self) -> &dyn Hosting;
    /// A call with good credentials at the fake's time.
    fn call(&self) -> Call;
    /// A call with credentials the vendor does not accept.
    fn call_with_bad_credentials(&self) -> Call;
    /// A small plan of a customer's.
    fn specification(&self) -> Specification;
    /// The same on the next larger plan.
    fn larger(&self) -> Specification;
    /// Makes a request go wrong.
    fn trouble(&self, trouble: Trouble);
    /// Forgets trouble that no request has met.
    fn forget_trouble(&self);
    /// How many objects at the vendor carry a tag.
    fn live(&self, tag: &Tag) -> usize;
    /// Lets everything that is under way at the vendor come to its end.
    fn pass_time(&self);
    /// Uses up all room. False when this kind of vendor has no such limit.
    fn fill(&self) -> bool;
    /// Puts somebody else's object where the driver would put this tag's, and gives the vendor's name of it.
    fn block(&self, tag: &Tag) -> Reference;
    /// How many objects of others there are.
    fn strangers(&self) -> usize;
    /// What there really is of a resource, for drivers without sight: there the suite looks for itself.
    fn really(&self, _resource: &Resource) -> Option<Observed> {
        None
    }
    /// Whether the driver offers this at the rig's server.
    fn offers(&self, capability: Capability) -> bool {
        self.hosting().offers(self.call().settings(), capability)
    }
    /// The server goes away.
    fn vanish(&mut self);
    /// Takes what was recorded so far.
    fn exchanges(&self) -> Vec<Exchange>;
    /// Takes the webhooks that the fake has sent by now.
    fn webhooks(&self) -> Vec<WebhookRequest> {
        Vec::new()
    }
}

/// What the suite asks of a fake that listens, beside the vendor's protocol.
pub trait Fake: Send + Sync {
    /// As [`Rig::live`].
    fn live(&self, tag: &Tag) -> usize;
    /// As [`Rig::pass_time`].
    fn pass_time(&self);
    /// As [`Rig::fill`].
    fn fill(&self) -> bool;
    /// As [`Rig::block`].
    fn block(&self, tag: &Tag) -> Reference;
    /// As [`Rig::strangers`].
    fn strangers(&self) -> usize;
    /// As [`Rig::really`].
    fn really(&self, _resource: &Resource) -> Option<Observed> {
        None
    }
}

/// A driver and its fake behind a [`FakeServer`]: most drivers need nothing else.
pub struct ServerRig {
    /// The driver.
    pub hosting: Box<dyn Hosting>,
    /// The fake's own side.
    pub fake: Arc<dyn Fake>,
    /// Where it listens; `None` when it went away.
    pub server: Option<FakeServer>,
    /// What leads there.
    pub settings: Settings,
    /// What the fake accepts.
    pub credentials: Credentials,
    /// What it does not.
    pub bad_credentials: Credentials,
    /// A small plan.
    pub plan: Settings,
    /// The next larger one.
    pub larger_plan: Settings,
    /// Host name or domain.
    pub name: Option<String>,
    /// Connections.
    pub outbound: Outbound,
    /// What was said.
    pub recording: Recording,
}

/// How a driver's fake is started by hand.
#[derive(Debug, Clone, Copy)]
pub struct ByHand {
    /// The driver's id.
    pub driver: &'static str,
    /// Opens it, with its state in a file when one is named.
    pub open: Opening,
    /// What staff fill in beside address and fingerprint; secrets too, for they open nothing real.
    pub settings: &'static [(&'static str, &'static str)],
    /// A plan that it sells.
    pub plan: &'static [(&'static str, &'static str)],
}

/// How a fake is opened, by what it speaks.
#[derive(Debug, Clone, Copy)]
pub enum Opening {
    /// HTTP.
    Http(fn(Option<&Path>) -> io::Result<Arc<dyn Pretend>>),
    /// SSH: who is let in, and the shell behind.
    Ssh(fn(Option<&Path>) -> io::Result<(Account, Arc<dyn Shell>)>),
}

impl ServerRig {
    /// The settings that lead to a server, with its certificate pinned, under the names that drivers share.
    pub fn settings_for(server: &FakeServer) -> Settings {
        Settings::none().with("url", server.url()).with("fingerprint", server.identity().fingerprint())
    }

    fn call_with(&self, credentials: &Credentials) -> Call {
        Call::new(noon(), Duration::from_secs(30), credentials.clone())
            .with_settings(self.settings.clone())
            .through(&self.outbound)
            .recorded_by(Arc::new(self.recording.clone()))
    }

    fn faults(&self, aim: Aim, fault: Fault) {
        if let Some(server) = &self.server {
            server.faults().next(aim, fault);
        }
    }
}

/// 2026-01-01T12:00:00Z.
fn noon() -> Instant {
    Instant::from_micros(1_767_268_800_000_000)
}

/// The password of every specification in the suite; must be nowhere to be read.
pub(crate) const PASSWORD: &str = "Kx7-mellow-Otter!42";

/// What the suite's customer orders on a plan.
pub fn specification_on(plan: Settings, name: Option<String>) -> Specification {
    Specification {
        plan,
        name,
        customer: Customer {
            number: 42,
            email: "ann@customer.example".to_owned(),
            first_name: "Ann".to_owned(),
            last_name: "O'Neil".to_owned(),
        },
        password: Password::new(PASSWORD),
        addresses: vec![Address {
            ip: "192.0.2.40".to_owned(),
            prefix: 24,
            gateway: Some("192.0.2.1".to_owned()),
        }],
        ssh_keys: vec![
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG5vdCBhIHJlYWwga2V5IGF0IGFsbCEh ann@laptop".to_owned(),
        ],
    }
}

impl Rig for ServerRig {
    fn hosting(&self) -> &dyn Hosting {
        &*self.hosting
    }
    fn call(&self) -> Call {
        self.call_with(&self.credentials)
    }
    fn call_with_bad_credentials(&self) -> Call {
        self.call_with(&self.bad_credentials)
    }
    fn specification(&self) -> Specification {
        specification_on(self.plan.clone(), self.name.clone())
    }
    fn larger(&self) -> Specification {
        specification_on(self.larger_plan.clone(), self.name.clone())
    }
    fn trouble(&self, trouble: Trouble) {
        match trouble {
            Trouble::Refuse => self.faults(Aim::Any, Fault::Refuse),
            Trouble::RateLimit => self.faults(Aim::Any, Fault::RateLimit),
            Trouble::LoseBefore => self.faults(Aim::Change, Fault::LoseBefore),
            Trouble::LoseAfter => self.faults(Aim::Change, Fault::LoseAfter),
            Trouble::GarbleChange => self.faults(Aim::Change, Fault::Garble),
            Trouble::GarbleQuestion => self.faults(Aim::Any, Fault::Garble),
            Trouble::LoseQuestion => self.faults(Aim::Any, Fault::LoseBefore),
            Trouble::FailQuestion => self.faults(Aim::Any, Fault::Fail),
        }
    }
    fn forget_trouble(&self) {
        if let Some(server) = &self.server {
            server.faults().forget();
        }
    }
    fn live(&self, tag: &Tag) -> usize {
        self.fake.live(tag)
    }
    fn pass_time(&self) {
        self.fake.pass_time();
    }
    fn fill(&self) -> bool {
        self.fake.fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.fake.block(tag)
    }
    fn strangers(&self) -> usize {
        self.fake.strangers()
    }
    fn really(&self, resource: &Resource) -> Option<Observed> {
        self.fake.really(resource)
    }
    fn vanish(&mut self) {
        self.server = None;
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.recording.take()
    }
}
