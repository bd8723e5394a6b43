//! What was said and answered, without secrets, for people who look into a service's history.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bursar_time::Instant;

/// One request and what came of it. Redacted when it is made; bodies are cut to [`MOST_RECORDED`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// When it was sent.
    pub at: Instant,
    /// "GET", "POST", or "exec" for a command.
    pub method: String,
    /// Host and port.
    pub host: String,
    /// Path and query, or the command.
    pub path: String,
    /// The status of HTTP or of the command; `None` when there was no answer.
    pub status: Option<u32>,
    /// How long it took.
    pub duration: Duration,
    /// What was sent.
    pub request: String,
    /// What came back.
    pub answer: String,
    /// Why there was no answer.
    pub failure: Option<String>,
}

/// How much of a body is kept, in bytes.
pub const MOST_RECORDED: usize = 4_096;

/// Takes exchanges as they end. It is called in the middle of a call: it stores in memory, and whoever made the call
/// stores for good.
pub trait Recorder: Send + Sync {
    /// Takes one.
    fn record(&self, exchange: Exchange);
}

/// Exchanges in the order in which they ended. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Recording(Arc<Mutex<Vec<Exchange>>>);

impl Recording {
    /// Takes what was recorded so far.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Recorder for Recording {
    fn record(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

/// At most so many bytes, ending at a character, with a word about the rest.
pub(crate) fn cut(text: &str) -> String {
    if text.len() <= MOST_RECORDED {
        return text.to_owned();
    }
    let end = (0..=MOST_RECORDED).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    format!("{}… ({} bytes in all)", &text[..end], text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(cut("short"), "short");
        let long = format!("a{}", "é".repeat(MOST_RECORDED));
        let cut = cut(&long);
        assert!(cut.starts_with('a') && cut.ends_with("é… (8193 bytes in all)"), "{cut}");
        assert_eq!(
            cut.find('…'),
            Some(MOST_RECORDED - 1),
            "a character that would cross the limit is left out"
        );
    }
}
