//! Commands on a server, over SSH, as a hosting driver.
//!
//! The operator writes one command for each thing to do, with placeholders. Every value that is put into one is quoted
//! here and nowhere else, so that no name a customer chose can become a command. The question itself, with everything
//! that is secret, goes to the command's standard input.
//!
//! Deliberately absent: trust on first use (host keys are pinned), a terminal, forwarding, and shells that are not
//! POSIX's: a router's console quotes by rules of its own.

mod commands;
mod ending;
#[cfg(feature = "fake")]
pub mod fake;
mod settings;
mod template;

use async_trait::async_trait;
use bursar_hosting::relay::{Carrier, Question, Relay};
use bursar_hosting::{Capability, Manifest, server};
use bursar_outbound::ssh::{SshCommand, SshLogin, SshSession, SshTarget};
use bursar_outbound::{Call, CallError, Settings};
use serde_json::Value;

pub use template::{BadTemplate, Template, quote};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "ssh";

/// The driver.
pub type Ssh = Relay<Commands>;

/// Runs commands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Commands;

#[async_trait]
impl Carrier for Commands {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    fn offers(&self, settings: &Settings, capability: Capability) -> bool {
        commands::offers(settings, capability)
    }

    async fn carry(&self, call: &Call, question: &Question) -> Result<Value, CallError> {
        let command = match (commands::of(call.settings(), question.action())?, question.action()) {
            (Some(template), _) => Some(template.filled(question.told()).map_err(CallError::Refused)?),
            (None, "test") => None,
            (None, action) => {
                return Err(CallError::Refused(format!("no command is written for {action}")));
            }
        };
        let session = open(call).await?;
        let answer = match command {
            Some(command) => run(call, question, &session, &command).await,
            // Signing in is what is tested.
            None => Ok(ending::connected()),
        };
        session.close().await;
        let mut answer = answer?;
        if question.action() == "test" {
            ending::add_problems(&mut answer, commands::problems(call.settings()));
        }
        Ok(answer)
    }
}

async fn run(
    call: &Call,
    question: &Question,
    session: &SshSession,
    command: &str,
) -> Result<Value, CallError> {
    let input = question.expose();
    let command = SshCommand {
        text: command,
        input: input.as_bytes(),
        secrets: &question.secrets(),
        output_is_secret: question.answer_is_secret(),
    };
    let end = session.run(call, command).await?;
    ending::answer(&end, question.action(), question.told())
}

async fn open(call: &Call) -> Result<SshSession, CallError> {
    let host = server::setting(call, settings::HOST, "host")?;
    let user = server::setting(call, settings::USER, "user")?;
    let keys = server::setting(call, settings::HOST_KEYS, "host key")?;
    let port = call.settings().number(settings::PORT).and_then(|port| u16::try_from(port).ok()).unwrap_or(22);
    let target = SshTarget::new(host, port, keys).map_err(|error| CallError::Refused(error.to_string()))?;
    let login = match call.credentials().get(settings::PRIVATE_KEY).filter(|key| !key.trim().is_empty()) {
        Some(key) => SshLogin::Key(key),
        None => SshLogin::Password(server::secret(call, settings::PASSWORD, "private key or password")?),
    };
    SshSession::open(call, &target, user, login).await
}
