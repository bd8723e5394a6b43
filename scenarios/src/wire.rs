//! WebDriver's wire: JSON over HTTP/1.1 on a loopback connection that stays open.
//!
//! Written out because it is this small; the client crates bring a second HTTP stack, or switch on the order of keys in
//! everybody's JSON.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than any page or script may take; a browser that hangs fails the walk instead of stopping it for ever.
const PATIENCE: Duration = Duration::from_secs(240);

/// What the driver refused: its short code, such as `no such element`, and its words.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: String,
}

pub(crate) struct Wire(BufReader<TcpStream>);

impl Wire {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("chromedriver listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout above zero is accepted");
        stream.set_nodelay(true).expect("a fresh connection takes options");
        Self(BufReader::new(stream))
    }

    /// One command. A `GET` or `DELETE` has no body; everything else has one, empty if there is nothing to say.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let body = if matches!(method, "GET" | "DELETE") { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes()).expect("chromedriver reads what it is sent");
        let (status, answer) = self.answer();
        let value = answer.get("value").cloned().unwrap_or(Value::Null);
        if status == 200 {
            return Ok(value);
        }
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Err(Refused { code: text("error"), message: text("message") })
    }

    fn answer(&mut self) -> (u16, Value) {
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        let mut length = 0;
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length in digits");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the whole answer arrives");
        (status, serde_json::from_slice(&body).unwrap_or_else(|_| json!({})))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("chromedriver answers in time");
        line.trim_end().to_owned()
    }
}
