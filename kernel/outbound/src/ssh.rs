//! Commands over SSH: one connection, one command a channel, host keys that were pinned by staff.
//!
//! There is no trust on first use. RSA is not spoken: keys are Ed25519 or ECDSA, which every server of the last ten years
//! has. A command that was accepted and ended without a status has an unknown outcome.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, AuthResult, Handle};
use russh::keys::{
    HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, decode_secret_key,
};
use russh::{Channel, ChannelMsg, Disconnect, Preferred};
use zeroize::Zeroizing;

use crate::hide::Hider;
use crate::record::{Exchange, cut};
use crate::{Call, CallError};

/// How long connecting and exchanging keys may take, at most.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How much of each stream of a command is kept.
const MOST_OUTPUT: usize = 1024 * 1024;

/// A host and the keys it may show.
#[derive(Debug, Clone)]
pub struct SshTarget {
    host: String,
    port: u16,
    pinned: Vec<PublicKey>,
}

/// A text is no public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host key like \"ssh-ed25519 AAAA…\"")]
pub struct BadHostKey(pub String);

impl SshTarget {
    /// A host with its keys, one a line in the form `algorithm base64`, as in a `known_hosts` file without the host.
    pub fn new(host: &str, port: u16, host_keys: &str) -> Result<Self, BadHostKey> {
        let lines = host_keys.lines().map(str::trim).filter(|line| !line.is_empty());
        let pinned = lines
            .map(|line| PublicKey::from_openssh(line).map_err(|_| BadHostKey(line.to_owned())))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { host: host.to_owned(), port, pinned })
    }

    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// How to sign in.
#[derive(Clone, Copy)]
pub enum SshLogin<'a> {
    /// A private key in the OpenSSH form, not encrypted.
    Key(&'a str),
    /// A password.
    Password(&'a str),
}

/// One command.
#[derive(Clone, Copy)]
pub struct SshCommand<'a> {
    /// What the account's shell is given. Values in it are quoted by the driver.
    pub text: &'a str,
    /// What it reads; the end of the input follows.
    pub input: &'a [u8],
    /// What must not be recorded, beside the account's credentials.
    pub secrets: &'a [&'a str],
    /// Whether the output must not be recorded: it lets in whoever reads it.
    pub output_is_secret: bool,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshEnd {
    /// Its exit status.
    pub status: u32,
    /// Its output, as far as it was kept.
    pub output: Vec<u8>,
    /// Its messages, as far as they were kept.
    pub messages: Vec<u8>,
    /// Whether more was written than is kept.
    pub is_cut: bool,
}

/// A connection, signed in.
pub struct SshSession {
    handle: Handle<HostCheck>,
    name: String,
}

impl std::fmt::Debug for SshSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SshSession").field(&self.name).finish()
    }
}

/// Compares the key that is shown with the pinned ones, and remembers it.
struct HostCheck {
    pinned: Vec<PublicKey>,
    shown: Arc<Mutex<Option<PublicKey>>>,
}

impl client::Handler for HostCheck {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        // Certificates are never asked for.
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(self.pinned.iter().any(|pinned| pinned.key_data() == key.key_data()))
    }
}

impl SshSession {
    /// Connects and signs in. Nothing is executed yet, so that every failure but wrong credentials and a wrong host key
    /// is `NotSent`. A wrong host key is `Refused`: it needs a person.
    pub async fn open(
        call: &Call,
        target: &SshTarget,
        user: &str,
        login: SshLogin<'_>,
    ) -> Result<Self, CallError> {
        let hider = Hider::new(call.credentials(), &[]);
        let mut handle = connect(call, target).await?;
        let refused = || CallError::BadCredentials(format!("{} does not let {user} in", target.name()));
        let answer = match login {
            SshLogin::Password(password) => handle.authenticate_password(user, password).await,
            SshLogin::Key(text) => {
                let key = decode_secret_key(text, None)
                    .map_err(|_| CallError::BadCredentials("the private key cannot be read".to_owned()))?;
                handle.authenticate_publickey(user, PrivateKeyWithHashAlg::new(Arc::new(key), None)).await
            }
        };
        match answer {
            Ok(AuthResult::Success) => Ok(Self { handle, name: target.name() }),
            Ok(AuthResult::Failure { .. }) => Err(refused()),
            Err(error) => Err(CallError::NotSent(hider.text(&error.to_string()))),
        }
    }

    /// Runs a command to its end within the call's time.
    pub async fn run(&self, call: &Call, command: SshCommand<'_>) -> Result<SshEnd, CallError> {
        let secrets: Vec<_> =
            command.secrets.iter().map(|secret| Zeroizing::new((*secret).to_owned())).collect();
        let hider = Hider::new(call.credentials(), &secrets);
        let (at, before) = (call.now(), call.elapsed());
        let outcome = match call.remaining() {
            Some(left) => match tokio::time::timeout(left, self.execute(&command)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(CallError::Unknown(format!("no end within {} s", call.timeout().as_secs()))),
            },
            None => Err(CallError::NotSent("the time for this call was over before it was sent".to_owned())),
        };
        if let Some(recorder) = call.recorder() {
            let (status, answer, failure) = match &outcome {
                Ok(end) if command.output_is_secret && end.status == 0 => {
                    (Some(end.status), format!("({} bytes, not kept)", end.output.len()), None)
                }
                Ok(end) => {
                    let text = [&*end.output, b"\n", &*end.messages].concat();
                    (Some(end.status), hider.body(&text), None)
                }
                Err(error) => (None, String::new(), Some(hider.text(&error.to_string()))),
            };
            recorder.record(Exchange {
                at,
                method: "exec".to_owned(),
                host: self.name.clone(),
                path: cut(&hider.text(command.text)),
                status,
                duration: call.elapsed().saturating_sub(before),
                // What is put in is where secrets are handed over.
                request: format!("({} bytes, not kept)", command.input.len()),
                answer: cut(&answer),
                failure,
            });
        }
        outcome
    }

    async fn execute(&self, command: &SshCommand<'_>) -> Result<SshEnd, CallError> {
        let before = |error: russh::Error| match error {
            russh::Error::ChannelOpenFailure(reason) => {
                CallError::Refused(format!("the server opens no channel: {reason:?}"))
            }
            other => CallError::NotSent(other.to_string()),
        };
        let mut channel = self.handle.channel_open_session().await.map_err(before)?;
        channel.exec(true, command.text).await.map_err(before)?;
        // From here on the server may have begun.
        if !command.input.is_empty() {
            channel.data_bytes(command.input.to_vec()).await.map_err(lost)?;
        }
        channel.eof().await.map_err(lost)?;
        collect(&mut channel).await
    }

    /// Says goodbye. Leaving without it is as good; the server only notes it.
    pub async fn close(self) {
        if self.handle.disconnect(Disconnect::ByApplication, "", "en").await.is_err() {
            // It was closed already, which is what was wanted.
        }
    }
}

fn lost(error: russh::Error) -> CallError {
    CallError::Unknown(format!("the connection broke: {error}"))
}

/// Everything until the channel is closed: status, ends and data come in any order.
async fn collect(channel: &mut Channel<client::Msg>) -> Result<SshEnd, CallError> {
    let mut end = SshEnd { status: 0, output: Vec::new(), messages: Vec::new(), is_cut: false };
    let mut status = None;
    let mut signal = None;
    let keep = |kept: &mut Vec<u8>, data: &[u8]| {
        let room = MOST_OUTPUT.saturating_sub(kept.len()).min(data.len());
        kept.extend_from_slice(&data[..room]);
        room < data.len()
    };
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => end.is_cut |= keep(&mut end.output, &data),
            ChannelMsg::ExtendedData { data, .. } => end.is_cut |= keep(&mut end.messages, &data),
            ChannelMsg::ExitStatus { exit_status } => status = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => signal = Some(format!("{signal_name:?}")),
            ChannelMsg::Failure => {
                return Err(CallError::Refused(
                    "the server executes no commands for this account".to_owned(),
                ));
            }
            ChannelMsg::Close => break,
            // The rest is for servers, or says nothing about the command.
            _ => {}
        }
    }
    match (status, signal) {
        (Some(status), _) => Ok(SshEnd { status, ..end }),
        (None, Some(signal)) => Err(CallError::Unknown(format!("the command was killed by {signal}"))),
        (None, None) => Err(CallError::Unknown("the command ended without a status".to_owned())),
    }
}

/// The key that a host shows, as `algorithm base64`, and its SHA-256 fingerprint, for staff to compare and pin.
pub async fn shown_host_key(call: &Call, host: &str, port: u16) -> Result<(String, String), CallError> {
    let target = SshTarget { host: host.to_owned(), port, pinned: Vec::new() };
    let shown = Arc::new(Mutex::new(None));
    let outcome = handshake(call, &target, shown.clone()).await;
    let key = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (key, outcome) {
        (Some(key), _) => Ok((spelled(&key), key.fingerprint(HashAlg::Sha256).to_string())),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(CallError::NotSent("the server showed no key".to_owned())),
    }
}

fn spelled(key: &PublicKey) -> String {
    key.to_openssh().unwrap_or_default().split(' ').take(2).collect::<Vec<_>>().join(" ")
}

async fn connect(call: &Call, target: &SshTarget) -> Result<Handle<HostCheck>, CallError> {
    if target.pinned.is_empty() {
        return Err(CallError::Refused(format!("no host key of {} is pinned", target.name())));
    }
    let shown = Arc::new(Mutex::new(None));
    let outcome = handshake(call, target, shown.clone()).await;
    let key = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (outcome, key) {
        (Ok(handle), _) => Ok(handle),
        (Err(_), Some(key)) if !target.pinned.iter().any(|pinned| pinned.key_data() == key.key_data()) => {
            Err(CallError::Refused(format!(
                "the host key of {} has changed: it shows {}, which is not pinned",
                target.name(),
                key.fingerprint(HashAlg::Sha256)
            )))
        }
        (Err(error), _) => Err(error),
    }
}

async fn handshake(
    call: &Call,
    target: &SshTarget,
    shown: Arc<Mutex<Option<PublicKey>>>,
) -> Result<Handle<HostCheck>, CallError> {
    let mut preferred = Preferred::default();
    if !target.pinned.is_empty() {
        // A server with keys of several kinds must show the kind that is pinned.
        preferred.key = Cow::Owned(target.pinned.iter().map(PublicKey::algorithm).collect());
    }
    let config = Arc::new(client::Config { preferred, nodelay: true, ..client::Config::default() });
    let check = HostCheck { pinned: target.pinned.clone(), shown };
    let connecting = client::connect(config, (target.host.as_str(), target.port), check);
    let Some(left) = call.remaining() else {
        return Err(CallError::NotSent("the time for this call was over before it was sent".to_owned()));
    };
    match tokio::time::timeout(left.min(CONNECT_TIMEOUT), connecting).await {
        Ok(Ok(handle)) => Ok(handle),
        Ok(Err(error)) => Err(CallError::NotSent(format!("{}: {error}", target.name()))),
        Err(_) => Err(CallError::NotSent(format!("{} does not answer", target.name()))),
    }
}

/// A new Ed25519 key pair: the private key in the OpenSSH form, and the public one as a line for `authorized_keys`.
/// `seed` comes from the injected randomness.
pub fn key_pair_of_seed(seed: &[u8; 32], comment: &str) -> Option<(Zeroizing<String>, String)> {
    use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed));
    let key = PrivateKey::new(pair, comment).ok()?;
    let private = key.to_openssh(russh::keys::ssh_key::LineEnding::LF).ok()?;
    Some((private, key.public_key().to_openssh().ok()?))
}
