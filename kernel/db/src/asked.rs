//! What readers that run together have asked.
//!
//! Parts of a page do not know of each other, and some ask the same: the newest invoices of a customer stand in a panel and
//! in the timeline. In one snapshot the same question has the same answer, so it is sent once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use tokio_postgres::Row;

use crate::param::{Param, Value};
use crate::session::Text;

/// The rows, once they are there. Who comes first asks; the others wait. When it fails the next one asks again, and hears
/// from the server why.
pub(crate) type Answer = Arc<OnceCell<Vec<Row>>>;

/// Cheap to clone: each reader has one. Gone with the last of them.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<(Question, Answer)>>>);

struct Question {
    text: Own,
    values: Vec<Value>,
}

enum Own {
    /// Where it is declared.
    Declared(usize),
    Built(String),
}

impl Question {
    fn new(text: Text<'_>, params: &[Param<'_>]) -> Self {
        let text = match text {
            Text::Declared(statement) => Own::Declared(std::ptr::from_ref(statement).addr()),
            Text::Built(text) => Own::Built(text.to_owned()),
        };
        Self { text, values: params.iter().map(Value::from).collect() }
    }

    fn is(&self, text: Text<'_>, params: &[Param<'_>]) -> bool {
        let is_text = match (&self.text, text) {
            (Own::Declared(own), Text::Declared(other)) => *own == std::ptr::from_ref(other).addr(),
            (Own::Built(own), Text::Built(other)) => own == other,
            _ => false,
        };
        is_text && self.values.iter().map(Value::param).eq(params.iter().copied())
    }
}

impl Asked {
    /// Where the answer is or will be.
    pub(crate) fn find(&self, text: Text<'_>, params: &[Param<'_>]) -> Answer {
        // A page asks some dozens of questions: there is nothing to be won by sorting them.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = all.iter().find(|(question, _)| question.is(text, params)) {
            return Arc::clone(answer);
        }
        let answer = Answer::default();
        all.push((Question::new(text, params), Arc::clone(&answer)));
        answer
    }
}
