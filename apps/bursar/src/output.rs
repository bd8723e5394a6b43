//! Results to standard output, everything else to standard error.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use serde::Serialize;

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// JSON or text for people.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a person watches: then long work draws a bar.
    pub fn is_watched(self) -> bool {
        std::io::stderr().is_terminal()
    }

    /// The result of a command: its JSON form, or the text.
    pub fn result<T: Serialize>(self, value: &T, text: impl FnOnce() -> String) {
        if self.json {
            match serde_json::to_string_pretty(value) {
                Ok(text) => self.print(&text),
                Err(error) => self.say(&format!("the result cannot be written as JSON: {error}")),
            }
        } else {
            self.print(&text());
        }
    }

    fn print(self, text: &str) {
        // A closed pipe (`| head`) is the reader's choice, not a failure.
        if writeln!(std::io::stdout(), "{}", text.trim_end()).is_err() {
            tracing::debug!("standard output was closed");
        }
    }

    /// A remark for the person.
    pub fn say(self, text: &str) {
        if writeln!(std::io::stderr(), "{text}").is_err() {
            tracing::debug!("standard error was closed");
        }
    }

    /// A failure: the reason on standard error, and as JSON where asked for.
    pub fn failed(self, why: &str) -> ExitCode {
        self.say(&format!("bursar: {why}"));
        if self.json {
            self.print(&serde_json::json!({ "error": why }).to_string());
        }
        ExitCode::from(1)
    }

    /// A progress bar for long work; hidden when nobody watches.
    pub fn progress(self, label: &'static str) -> indicatif::ProgressBar {
        if !self.is_watched() {
            return indicatif::ProgressBar::hidden();
        }
        let bar = indicatif::ProgressBar::new(0);
        let style = indicatif::ProgressStyle::with_template(
            "{msg} [{bar:40}] {human_pos}/{human_len} {per_sec} {eta}",
        )
        .expect("the template is right");
        bar.set_style(style);
        bar.set_message(label);
        bar
    }
}
