//! Collects what is wrong with a form, field by field, and says how to mend it.

use bursar_fault::FieldError;

use crate::error::CatalogError;

/// The largest price: 10^12 minor units.
pub(crate) const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

#[derive(Debug, Default)]
pub(crate) struct Check(Vec<FieldError>);

impl Check {
    pub(crate) fn finish(self) -> Result<(), CatalogError> {
        if self.0.is_empty() { Ok(()) } else { Err(CatalogError::Invalid(self.0)) }
    }

    pub(crate) fn fail(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// A name of one line that must be there.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) {
        if text.is_empty() {
            self.fail(field, "Enter a name.");
        } else if text.chars().any(char::is_control) {
            self.fail(field, "Remove line breaks and control characters.");
        } else {
            self.text(field, text, 200);
        }
    }

    /// Text of any number of lines.
    pub(crate) fn text(&mut self, field: &'static str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.fail(field, format!("This has {length} characters; shorten it to at most {most}."));
        }
    }

    pub(crate) fn slug(&mut self, field: &'static str, text: &str) {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if text.is_empty() || text.len() > 100 || !text.bytes().all(allowed) {
            self.fail(field, "Use 1 to 100 lower-case letters, digits and hyphens, such as vps-2.");
        }
    }

    pub(crate) fn range(&mut self, field: &'static str, value: i64, least: i64, most: i64, unit: &str) {
        if !(least..=most).contains(&value) {
            self.fail(field, format!("Enter between {least} and {most} {unit}."));
        }
    }
}
