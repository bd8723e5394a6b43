//! WebDriver's wire: JSON over HTTP/1.1 on a loopback connection that stays open.
//!
//! Written out because it is this small; the client crates bring a second HTTP stack, or switch on the order of keys in
//! everybody's JSON.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bursar_time::Stopwatch;
use serde_json::{Value, json};

/// Longer than any page or script takes, also where a browser gets a twentieth of the machine; one that hangs fails the
/// walk instead of stopping it for ever.
const PATIENCE: Duration = Duration::from_secs(330);

/// What the driver refused: its short code, such as `no such element`, and its words.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: String,
}

pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
    /// No answer came: the next thing that is heard would be an answer to something else.
    is_lost: bool,
    /// How long all calls from its start on may take together.
    limit: Option<(Stopwatch, Duration)>,
}

impl Wire {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("chromedriver listens");
        stream.set_nodelay(true).expect("a fresh connection takes options");
        Self { stream: BufReader::new(stream), is_lost: false, limit: None }
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// From now on so much time, or as much as each call takes.
    pub(crate) fn limit(&mut self, limit: Option<Duration>) {
        self.limit = limit.map(|limit| (Stopwatch::start(), limit));
    }

    /// How long the next answer may take; nothing when it is too late for one.
    fn patience(&self) -> Option<Duration> {
        let Some((watch, limit)) = &self.limit else { return Some(PATIENCE) };
        limit.checked_sub(watch.elapsed()).filter(|left| !left.is_zero()).map(|left| left.min(PATIENCE))
    }

    /// One command. A `GET` or `DELETE` has no body; everything else has one, empty if there is nothing to say.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let body = if matches!(method, "GET" | "DELETE") { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let unanswered =
            |message: &str| Refused { code: "no answer".to_owned(), message: message.to_owned() };
        if self.is_lost {
            return Err(unanswered("the browser did not answer before"));
        }
        let patience = self.patience().ok_or_else(|| unanswered("its time is over"))?;
        let stream = self.stream.get_ref();
        stream.set_read_timeout(Some(patience)).expect("a timeout above zero is accepted");
        let (status, answer) = self.ask(&request).map_err(|error| {
            self.is_lost = true;
            unanswered(&format!("{error} after {} s", patience.as_secs()))
        })?;
        let value = answer.get("value").cloned().unwrap_or(Value::Null);
        if status == 200 {
            return Ok(value);
        }
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Err(Refused { code: text("error"), message: text("message") })
    }

    fn ask(&mut self, request: &str) -> io::Result<(u16, Value)> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length in digits");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_else(|_| json!({}))))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}
