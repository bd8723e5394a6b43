//! A click that leads to another page is over when that page is there.
//!
//! The driver waits for a page that it knows to be loading. On a busy machine the browser begins to load one only a
//! moment after a form was sent, and whoever looks in that moment still sees the page before.

use serde_json::{Value, json};

use crate::Browser;

/// Notes whether the next click or the form it sends leads away. Scripts of the page that take a click over prevent
/// what the browser would have done, and have had their turn before it reaches the window.
const WATCH: &str = "window.leads = false;\
    addEventListener('click', (event) => {\
      const link = event.target.closest && event.target.closest('a[href]');\
      const elsewhere = link && link.href.split('#')[0] !== location.href.split('#')[0];\
      if (elsewhere && !event.defaultPrevented && !link.hasAttribute('download') && link.target !== '_blank') leads = true;\
    }, {once: true});\
    addEventListener('submit', (event) => {\
      if (!event.defaultPrevented && event.target.method !== 'dialog') leads = true;\
    }, {once: true})";

/// True as soon as nothing is awaited; asked again after a moment otherwise. A new page knows nothing of the note.
const ARRIVED: &str = "if (window.leads !== true && document.readyState === 'complete') return true;\
    return new Promise((done) => setTimeout(() => done(false), 20))";

/// How often it is asked. A link to a file leads nowhere, so there is an end to it.
const ASKED: usize = 500;

impl Browser<'_> {
    /// Clicks, and waits for the page it leads to if it leads to one.
    pub(crate) fn click_and_follow(&mut self, element: &str) {
        self.script(WATCH, &[]);
        self.command(&format!("/element/{element}/click"), &json!({}));
        for _ in 0..ASKED {
            // The page may go while it is asked.
            if self.try_script(ARRIVED).unwrap_or(Value::Bool(false)) == true {
                return;
            }
        }
    }
}
