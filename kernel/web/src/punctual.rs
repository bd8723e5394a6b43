//! A connection that must begin to speak in time.
//!
//! Which protocol a client speaks is told from its first bytes, and the server library waits for those without end: its
//! timeout for heads and its keep-alive begin only afterwards. Without this, whoever connects and says nothing, or begins
//! the greeting of HTTP/2 and stops, keeps a file descriptor until the process ends.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What a client of HTTP/2 says first. Everybody else differs somewhere in it.
const GREETING: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A stream with a deadline for its first bytes.
pub(crate) struct Punctual<T> {
    stream: T,
    /// Until it is known what is spoken.
    deadline: Option<Pin<Box<Sleep>>>,
    greeted: usize,
}

impl<T> Punctual<T> {
    /// What is spoken must be known after so long.
    #[expect(clippy::disallowed_methods, reason = "a deadline of the network, not of the business")]
    pub(crate) fn new(stream: T, within: Duration) -> Self {
        Self { stream, deadline: Some(Box::pin(tokio::time::sleep(within))), greeted: 0 }
    }

    fn note(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.deadline.is_none() {
                return;
            }
            let is_greeting = GREETING[self.greeted] == *byte;
            self.greeted += 1;
            if !is_greeting || self.greeted == GREETING.len() {
                self.deadline = None;
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Punctual<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buf) {
            Poll::Ready(result) => {
                this.note(&buf.filled()[before..]);
                Poll::Ready(result)
            }
            Poll::Pending => {
                let Some(deadline) = &mut this.deadline else { return Poll::Pending };
                ready!(deadline.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Punctual<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    /// A server that has read what a client said, and the client, who says nothing more.
    async fn heard(said: &[u8]) -> (Punctual<DuplexStream>, DuplexStream) {
        let (mut client, server) = duplex(64);
        client.write_all(said).await.unwrap();
        let mut server = Punctual::new(server, Duration::ZERO);
        if !said.is_empty() {
            assert_eq!(server.read(&mut [0; 64]).await.unwrap(), said.len());
        }
        (server, client)
    }

    #[tokio::test]
    async fn who_says_nothing_or_stops_within_the_greeting_is_cut_off() {
        for said in [&b""[..], b"P", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r"] {
            let (mut server, _silent) = heard(said).await;
            let more = server.read(&mut [0; 64]).await;
            assert_eq!(more.unwrap_err().kind(), io::ErrorKind::TimedOut, "{said:?}");
        }
    }

    #[tokio::test]
    async fn who_has_said_what_they_speak_has_other_limits() {
        for said in [&b"G"[..], b"POST", &GREETING[..], b"PRI * HTTP/2.0\r\n\r\nXX"] {
            let (server, _silent) = heard(said).await;
            assert!(server.deadline.is_none(), "{said:?}");
        }
    }
}
