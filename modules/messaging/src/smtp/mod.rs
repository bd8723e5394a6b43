//! One conversation with a mail server.

use std::time::Duration;

use bursar_fault::Fault;
use bursar_vault::Secret;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use crate::compose::Composed;
use crate::sender::Security;

/// A server to send through.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) login: Option<(String, Secret<String>)>,
    /// How we call ourselves: the domain we send from.
    pub(crate) hello: String,
    /// How long one step may take.
    pub(crate) patience: Duration,
}

/// How an attempt ended, as far as anybody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The server took the mail.
    Accepted,
    /// Nothing was taken, and later it may be.
    NotNow(String),
    /// The server will never take it.
    Never(String),
    /// The content left and no answer came.
    Unknown(String),
}

/// Sends a mail. `before_content` is called once the server has accepted everything but the content; when it answers
/// `false` somebody else has the message, nothing more is said to the server, and the answer is `None`.
///
/// # Errors
/// Faults of `before_content`. What the server does is never an error but a [`Delivery`].
pub(crate) async fn deliver(
    server: &Server,
    mail: &Composed,
    before_content: impl AsyncFnOnce() -> Result<bool, Fault>,
) -> Result<Option<Delivery>, Fault> {
    let mut connection = match prepare(server, mail).await {
        Ok(connection) => connection,
        Err(delivery) => return Ok(Some(delivery)),
    };
    if !before_content().await? {
        // Without a word: the server waits for content, and would take a goodbye for it.
        return Ok(None);
    }
    let answer = step(server.patience * 4, connection.message(&mail.bytes)).await;
    let delivery = match answer {
        Ok(_) => Delivery::Accepted,
        Err(Trouble::Said(error)) if error.is_permanent() => Delivery::Never(words("the content", &error)),
        Err(Trouble::Said(error)) if error.is_transient() => Delivery::NotNow(words("the content", &error)),
        Err(trouble) => Delivery::Unknown(format!(
            "The content was sent, and no answer came: {}. It may have arrived.",
            trouble.why()
        )),
    };
    hang_up(server, &mut connection).await;
    Ok(Some(delivery))
}

/// Everything up to the point at which the content would be sent.
async fn prepare(server: &Server, mail: &Composed) -> Result<AsyncSmtpConnection, Delivery> {
    let mut connection = connect(server).await?;
    let settled = talk(server, mail, &mut connection).await;
    if let Err(delivery) = settled {
        hang_up(server, &mut connection).await;
        return Err(delivery);
    }
    Ok(connection)
}

/// Politeness only, and not for long: what became of the mail is known by now, and a server that has stopped answering
/// must not hold the worker.
async fn hang_up(server: &Server, connection: &mut AsyncSmtpConnection) {
    if tokio::time::timeout(server.patience, connection.abort()).await.is_err() {
        tracing::debug!(host = server.host, "the mail server did not say goodbye");
    }
}

async fn connect(server: &Server) -> Result<AsyncSmtpConnection, Delivery> {
    let hello = ClientId::Domain(server.hello.clone());
    let tls = || {
        TlsParameters::new(server.host.clone())
            .map_err(|error| Delivery::NotNow(format!("TLS cannot be set up: {error}")))
    };
    let at_once = match server.security {
        Security::Tls => Some(tls()?),
        Security::StartTls | Security::Plain => None,
    };
    let address = (server.host.as_str(), server.port);
    let connecting =
        AsyncSmtpConnection::connect_tokio1(address, Some(server.patience), &hello, at_once, None);
    let mut connection = step(server.patience, connecting).await.map_err(|it| it.before("connecting"))?;
    if server.security == Security::StartTls {
        // Somebody between us and the server may have cut this offer out: without it nothing more is said, least of
        // all the password.
        if !connection.can_starttls() {
            hang_up(server, &mut connection).await;
            return Err(Delivery::NotNow(
                "the server does not offer STARTTLS, so nothing was sent to it in the clear".to_owned(),
            ));
        }
        let encrypting = connection.starttls(tls()?, &hello);
        step(server.patience, encrypting).await.map_err(|it| it.before("encrypting"))?;
    }
    Ok(connection)
}

async fn talk(
    server: &Server,
    mail: &Composed,
    connection: &mut AsyncSmtpConnection,
) -> Result<(), Delivery> {
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.expose().clone());
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        // A refused password is no fault of the mail: it waits until somebody has mended the settings.
        let signing_in = connection.auth(&mechanisms, &credentials);
        step(server.patience, signing_in).await.map_err(|it| Delivery::NotNow(it.said_at("signing in")))?;
    }
    let mut options = Vec::new();
    if connection.server_info().supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let from = Mail::new(mail.envelope.from().cloned(), options);
    step(server.patience, connection.command(from)).await.map_err(|it| it.before("the sender"))?;
    for to in mail.envelope.to() {
        let to = Rcpt::new(to.clone(), Vec::new());
        step(server.patience, connection.command(to)).await.map_err(|it| it.before("the recipient"))?;
    }
    step(server.patience, connection.command(Data)).await.map_err(|it| it.before("the content"))?;
    Ok(())
}

/// What went wrong in one step.
enum Trouble {
    Said(Error),
    Late,
}

impl Trouble {
    fn why(&self) -> String {
        match self {
            Self::Said(error) => chain(error),
            Self::Late => "the server took too long".to_owned(),
        }
    }

    fn said_at(&self, at: &str) -> String {
        format!("{at}: {}", self.why())
    }

    /// Before the content left everything but a final refusal may be tried again.
    fn before(self, at: &str) -> Delivery {
        match &self {
            Self::Said(error) if error.is_permanent() => Delivery::Never(self.said_at(at)),
            Self::Said(_) | Self::Late => Delivery::NotNow(self.said_at(at)),
        }
    }
}

async fn step<T>(patience: Duration, doing: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
    match tokio::time::timeout(patience, doing).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::Said(error)),
        Err(_) => Err(Trouble::Late),
    }
}

fn words(at: &str, error: &Error) -> String {
    format!("{at}: {}", chain(error))
}

/// The server's words; control characters and whatever is longer than a line of a list are left out.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).take(300).collect()
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
