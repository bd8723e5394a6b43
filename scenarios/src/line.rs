//! A bare connection to the office: what is sent is what is given, byte for byte.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::house::House;

/// Longer than the server bears with anybody; a server that never answers fails the test instead of stopping it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug)]
pub struct Heard {
    /// Its status.
    pub status: u16,
    /// Its head, without the first line.
    pub head: String,
    /// What came after the head, in one piece.
    pub body: Vec<u8>,
}

impl Heard {
    /// The values of a header, in their order.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.head.lines().filter_map(move |line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The first of them, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers(name).next().unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One connection.
#[derive(Debug)]
pub struct Line(BufReader<TcpStream>);

impl Line {
    /// Connects and says nothing.
    pub fn to(house: &House) -> Self {
        let port = house.base().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        let stream = TcpStream::connect::<(&str, u16)>(("127.0.0.1", port)).expect("the office listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout above zero is accepted");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout above zero is accepted");
        stream.set_nodelay(true).expect("a fresh connection takes options");
        Self(BufReader::new(stream))
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// The other side has closed.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.get_mut().write_all(bytes.as_ref())
    }

    /// Says that nothing more will be sent.
    pub fn finish(&mut self) {
        // It may be closed from the other side already, which is as good.
        drop(self.0.get_mut().shutdown(Shutdown::Write));
    }

    /// The next answer; nothing when the connection was closed without one.
    pub fn hear(&mut self) -> Option<Heard> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok())?;
        let mut head = String::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            head.push_str(&line);
            head.push('\n');
        }
        let mut heard = Heard { status, head, body: Vec::new() };
        heard.body = if heard.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
            self.pieces()?
        } else if let Ok(length) = heard.header("content-length").parse() {
            let mut body = vec![0; length];
            self.0.read_exact(&mut body).ok()?;
            body
        } else {
            Vec::new()
        };
        Some(heard)
    }

    /// Whether the other side has closed or is about to, without waiting for it.
    pub fn is_cut_off(&mut self) -> bool {
        match self.waiting() {
            Ok(0) => true,
            // It says why before it closes; nothing was asked, so it can be nothing else.
            Ok(_) => {
                self.hear().is_none_or(|heard| heard.header("connection") == "close") || self.is_cut_off()
            }
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }

    /// Whether an answer has begun to arrive, without waiting for it.
    pub fn is_answered(&mut self) -> bool {
        self.waiting().is_ok_and(|count| count > 0)
    }

    fn waiting(&mut self) -> io::Result<usize> {
        let stream = self.0.get_mut();
        stream.set_nonblocking(true)?;
        let seen = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        seen
    }

    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let count = self.0.read_until(b'\n', &mut line).ok()?;
        (count > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    fn pieces(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).ok()?;
            let mut piece = vec![0; length + 2];
            self.0.read_exact(&mut piece).ok()?;
            if length == 0 {
                return Some(body);
            }
            body.extend_from_slice(&piece[..length]);
        }
    }
}
