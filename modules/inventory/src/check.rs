//! Collects what is wrong with a form, field by field, and says how to mend it.

use std::borrow::Cow;

use bursar_fault::FieldError;

use crate::error::InventoryError;

#[derive(Debug, Default)]
pub(crate) struct Check(Vec<FieldError>);

impl Check {
    pub(crate) fn finish(self) -> Result<(), InventoryError> {
        if self.0.is_empty() { Ok(()) } else { Err(InventoryError::Invalid(self.0)) }
    }

    /// Everything that is wrong.
    pub(crate) fn into_fields(self) -> Vec<FieldError> {
        self.0
    }

    pub(crate) fn fail(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// A name of one line that must be there.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) {
        if text.is_empty() {
            self.fail(field, "Enter a name.");
        }
        self.line(field, text, 100);
    }

    /// One line, or nothing.
    pub(crate) fn line(&mut self, field: &'static str, text: &str, most: usize) {
        if text.chars().any(char::is_control) {
            self.fail(field, "Remove line breaks and control characters.");
        }
        self.text(field, text, most);
    }

    /// Text of any number of lines.
    pub(crate) fn text(&mut self, field: &'static str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.fail(field, format!("This has {length} characters; shorten it to at most {most}."));
        }
    }

    pub(crate) fn range(&mut self, field: &'static str, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            self.fail(field, format!("Enter a whole number from {least} to {most}."));
        }
    }
}
