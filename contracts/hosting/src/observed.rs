//! What the vendor has.

use bursar_outbound::Settings;

use crate::Reference;

/// A resource as it is at the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The vendor's name of it.
    pub reference: Reference,
    /// What state it is in.
    pub state: State,
    /// Host name or domain, where it has one.
    pub name: Option<String>,
    /// What the vendor shows of the plan, under the names and in the spelling of the manifest's plan settings, so
    /// that it can be compared with what was sold. What the vendor does not show is absent and not compared.
    pub plan: Settings,
    /// Its IP addresses.
    pub addresses: Vec<String>,
    /// How the customer gets in. Never a secret.
    pub access: Vec<Access>,
}

impl Observed {
    /// What a vendor that shows nothing has under a name.
    pub fn unseen(reference: Reference) -> Self {
        Self {
            reference,
            state: State::Unseen,
            name: None,
            plan: Settings::none(),
            addresses: Vec::new(),
            access: Vec::new(),
        }
    }
}

/// The state of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Being made, installed or restored.
    Building,
    /// The customer can use it.
    Running,
    /// Switched off, by the customer or by itself.
    Stopped,
    /// Taken away from the customer.
    Suspended,
    /// There, as far as its vendor's answers to other questions tell; it does not show how it is
    /// ([`Sight::Blind`](crate::Sight::Blind)).
    Unseen,
    /// Broken as the vendor says, with its reason.
    Failed(String),
    /// A word of the vendor that the driver does not know. Nothing is done about it.
    Unrecognised(String),
}

impl State {
    /// Stored and shown.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Suspended => "suspended",
            Self::Unseen => "unseen",
            Self::Failed(_) => "failed",
            Self::Unrecognised(_) => "unrecognised",
        }
    }
}

/// One fact about getting in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What it is.
    pub kind: AccessKind,
    /// Its value.
    pub value: String,
}

impl Access {
    /// A fact.
    pub fn new(kind: AccessKind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into() }
    }
}

/// Facts about getting in that customers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessKind {
    /// The name to sign in with.
    Username,
    /// The panel's address.
    PanelUrl,
    /// Host and port to connect to: a game server's address.
    Endpoint,
    /// Host and port for file transfer.
    FileTransfer,
    /// The name to sign in with for file transfer, where it differs.
    FileTransferUsername,
    /// A name server for the customer's domain.
    NameServer,
    /// A licence, as its product wants it entered. Who reads it can use the product, and reaches nothing of the
    /// customer's.
    Licence,
    /// What whoever made it wants the customer to know.
    Note,
}

impl AccessKind {
    /// Stored, and part of the key that its label is translated under.
    pub fn code(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::PanelUrl => "panel_url",
            Self::Endpoint => "endpoint",
            Self::FileTransfer => "file_transfer",
            Self::FileTransferUsername => "file_transfer_username",
            Self::NameServer => "name_server",
            Self::Licence => "licence",
            Self::Note => "note",
        }
    }

    /// Whether the value is worth money to whoever reads it: it is asked for when it is to be shown, and kept nowhere.
    pub fn is_secret(self) -> bool {
        self == Self::Licence
    }
}
