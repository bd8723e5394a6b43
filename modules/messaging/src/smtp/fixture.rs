//! A mail server that misbehaves as told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Takes,
    DropsAtOnce,
    SilentAtOnce,
    RefusesLogin,
    NotNowAtRecipient,
    NeverAtRecipient,
    NotNowAfterContent,
    NeverAfterContent,
    DropsAfterContent,
    SilentAfterContent,
}

#[derive(Debug, Default)]
struct Seen {
    mails: Vec<String>,
    commands: Vec<String>,
}

/// The server. It stops with the process: each connection ends when its client goes.
#[derive(Debug, Clone)]
pub(crate) struct FakeServer {
    pub(crate) port: u16,
    manner: Arc<Mutex<Manner>>,
    seen: Arc<Mutex<Seen>>,
}

impl FakeServer {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let server =
            Self { port, manner: Arc::new(Mutex::new(manner)), seen: Arc::new(Mutex::new(Seen::default())) };
        let own = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                // A client that goes away in the middle is what some of the tests are about.
                std::thread::spawn(move || drop(own.serve(stream)));
            }
        });
        server
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().expect("nobody panics with it") = manner;
    }

    /// What it took, or at least read.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.seen.lock().expect("nobody panics with it").mails.clone()
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.seen.lock().expect("nobody panics with it").commands.clone()
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let manner = *self.manner.lock().expect("nobody panics with it");
        let mut out = stream.try_clone()?;
        let mut lines = BufReader::new(stream);
        match manner {
            Manner::DropsAtOnce => return Ok(()),
            Manner::SilentAtOnce => return until_gone(&mut lines),
            _ => out.write_all(b"220 fake\r\n")?,
        }
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            self.seen.lock().expect("nobody panics with it").commands.push(line.trim().to_owned());
            let answer = match (verb.as_str(), manner) {
                ("EHLO", _) => "250-fake\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n",
                ("AUTH", Manner::RefusesLogin) => "535 5.7.8 wrong password\r\n",
                ("AUTH", _) => "235 welcome\r\n",
                ("RCPT", Manner::NotNowAtRecipient) => "450 4.2.0 greylisted, come back\r\n",
                ("RCPT", Manner::NeverAtRecipient) => "550 5.1.1 no such mailbox\r\n",
                ("DATA", _) => {
                    out.write_all(b"354 go on\r\n")?;
                    self.take(&mut lines)?;
                    match manner {
                        Manner::DropsAfterContent => return Ok(()),
                        Manner::SilentAfterContent => return until_gone(&mut lines),
                        Manner::NotNowAfterContent => "451 4.3.0 disk is full\r\n",
                        Manner::NeverAfterContent => "554 5.6.0 looks like spam\r\n",
                        _ => "250 taken\r\n",
                    }
                }
                ("QUIT", _) => {
                    out.write_all(b"221 bye\r\n")?;
                    return Ok(());
                }
                _ => "250 fine\r\n",
            };
            out.write_all(answer.as_bytes())?;
        }
    }

    fn take(&self, lines: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        let mut mail = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                // A mail that was not ended is thrown away.
                return Ok(());
            }
            if line == ".\r\n" {
                break;
            }
            mail.push_str(&line);
        }
        self.seen.lock().expect("nobody panics with it").mails.push(mail);
        Ok(())
    }
}

fn until_gone(lines: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    lines.read_to_end(&mut Vec::new()).map(drop)
}
