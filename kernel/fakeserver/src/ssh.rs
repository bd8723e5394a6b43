//! A fake that is signed in to over SSH and executes commands.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bursar_ids::Rng;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::{PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session, VerifiedPublicKey, run_stream};
use russh::{Channel, ChannelId, Error, Sig};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::{Fault, Faults};

/// What stands behind an account. Executes at once.
pub trait Shell: Send + Sync + 'static {
    /// Executes a command as the account's shell was given it, with everything it may read.
    fn execute(&self, command: &str, input: &[u8]) -> Executed;
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Its output.
    pub output: Vec<u8>,
    /// Its messages.
    pub messages: Vec<u8>,
    /// How it ended.
    pub end: Ending,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a status.
    Status(u32),
    /// Killed.
    Killed,
    /// The channel is closed without a word.
    Silent,
}

impl Executed {
    /// An output with a status.
    pub fn saying(status: u32, output: &str) -> Self {
        Self { output: output.as_bytes().to_vec(), messages: Vec::new(), end: Ending::Status(status) }
    }
}

/// Who is let in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The user.
    pub user: String,
    /// The public key, as in `authorized_keys`; `None` lets no key in.
    pub key: Option<String>,
    /// The password; `None` lets no password in.
    pub password: Option<String>,
}

/// A server that listens. It stops, with every session, when this is dropped.
#[derive(Debug)]
pub struct FakeSshServer {
    address: SocketAddr,
    host_key: String,
    faults: Faults,
    listening: JoinHandle<()>,
}

impl FakeSshServer {
    /// Listens on a free loopback port with a host key of its own.
    pub async fn start(account: Account, shell: Arc<dyn Shell>) -> io::Result<Self> {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), account, shell).await
    }

    /// Listens where it is told, with a host key of its own.
    pub async fn listen(address: SocketAddr, account: Account, shell: Arc<dyn Shell>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&Rng::from_os().bytes()));
        let key = PrivateKey::new(pair, "").map_err(io::Error::other)?;
        let host_key = key.public_key().to_openssh().map_err(io::Error::other)?.trim().to_owned();
        let faults = Faults::default();
        let config = Config {
            keys: vec![key],
            // The delay against guessing would only make tests slow.
            auth_rejection_time: Duration::ZERO,
            ..Config::default()
        };
        let desk =
            Desk { account: Arc::new(account), shell, faults: faults.clone(), config: Arc::new(config) };
        #[expect(clippy::disallowed_methods, reason = "a fake is a process of its own in all but name")]
        let listening = tokio::spawn(accept(listener, desk));
        Ok(Self { address, host_key, faults, listening })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its host key: `ssh-ed25519 AAAA…`.
    pub fn host_key(&self) -> &str {
        &self.host_key
    }

    /// What goes wrong. A refusal ends the connection before anything is said, a failure and a rate limit refuse the
    /// command, and the others are as for requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for FakeSshServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

#[derive(Clone)]
struct Desk {
    account: Arc<Account>,
    shell: Arc<dyn Shell>,
    faults: Faults,
    config: Arc<Config>,
}

async fn accept(listener: TcpListener, desk: Desk) {
    // Dropped with this task, and every session with it.
    let mut sessions = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while sessions.try_join_next().is_some() {}
        if !desk.faults.refuses() {
            sessions.spawn(serve(stream, desk.clone()));
        }
    }
}

async fn serve(stream: TcpStream, desk: Desk) {
    let visitor = Visitor { desk: desk.clone(), commands: BTreeMap::new() };
    // A session that ends early is the caller's to notice.
    if let Ok(session) = run_stream(desk.config, stream, visitor).await {
        drop(session.await);
    }
}

struct Visitor {
    desk: Desk,
    commands: BTreeMap<ChannelId, Order>,
}

/// A command that was accepted, what it reads, and what is to go wrong with it.
struct Order {
    text: String,
    input: Vec<u8>,
    fault: Option<Fault>,
}

fn verdict(is_good: bool) -> Auth {
    if is_good { Auth::Accept } else { Auth::reject() }
}

impl Handler for Visitor {
    type Error = Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Error> {
        let account = &self.desk.account;
        Ok(verdict(user == account.user && account.password.as_deref() == Some(password)))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Error> {
        let account = &self.desk.account;
        let known = account.key.as_deref().and_then(|line| PublicKey::from_openssh(line).ok());
        let is_known = known.is_some_and(|known| known.key_data() == key.public_key.key_data());
        Ok(verdict(user == account.user && is_known))
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Error> {
        reply.accept().await;
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Error> {
        let fault = self.desk.faults.draw(true);
        // A server whose account has no shell refuses the command and leaves the channel to its caller.
        if matches!(fault, Some(Fault::RateLimit | Fault::Fail)) {
            return session.channel_failure(channel);
        }
        let text = String::from_utf8_lossy(command).into_owned();
        self.commands.insert(channel, Order { text, input: Vec::new(), fault });
        session.channel_success(channel)
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _session: &mut Session) -> Result<(), Error> {
        if let Some(order) = self.commands.get_mut(&channel) {
            order.input.extend_from_slice(data);
        }
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Error> {
        let Some(Order { text, input, fault }) = self.commands.remove(&channel) else { return Ok(()) };
        if matches!(fault, Some(Fault::Refuse | Fault::LoseBefore)) {
            return Err(Error::Disconnect);
        }
        let executed = self.desk.shell.execute(&text, &input);
        match fault {
            Some(Fault::LoseAfter) => Err(Error::Disconnect),
            Some(Fault::Stall) => Ok(()),
            Some(Fault::Garble) => answer(channel, session, &Executed::saying(0, "<html>It works!</html>")),
            _ => answer(channel, session, &executed),
        }
    }
}

fn answer(channel: ChannelId, session: &mut Session, executed: &Executed) -> Result<(), Error> {
    // The status goes before the last of the data, as it may with real servers.
    match executed.end {
        Ending::Status(status) => session.exit_status_request(channel, status)?,
        Ending::Killed => session.exit_signal_request(channel, Sig::KILL, false, "", "")?,
        Ending::Silent => {}
    }
    session.data(channel, executed.output.clone())?;
    session.extended_data(channel, 1, executed.messages.clone())?;
    session.eof(channel)?;
    session.close(channel)
}
