//! Collects what is wrong with a form, field by field, and says how to mend it.

use bursar_fault::{FieldError, Text};
use bursar_i18n::is_country;

use crate::error::CustomerError;

#[derive(Debug, Default)]
pub(crate) struct Check(Vec<FieldError>);

impl Check {
    pub(crate) fn finish(self) -> Result<(), CustomerError> {
        if self.0.is_empty() { Ok(()) } else { Err(CustomerError::Invalid(self.0)) }
    }

    pub(crate) fn fail(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// The same, said to customers too.
    fn tell(&mut self, field: &'static str, message: impl Into<String>, text: Text) {
        self.0.push(FieldError::new(field, message).in_words(text));
    }

    /// One line of text of at most `most` characters.
    pub(crate) fn line(&mut self, field: &'static str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            let said =
                Text::new("customers-check-long").with("length", count(length)).with("most", count(most));
            self.tell(field, format!("This has {length} characters; shorten it to at most {most}."), said);
        } else if text.chars().any(char::is_control) {
            let said = Text::new("customers-check-control");
            self.tell(field, "Remove line breaks and control characters.", said);
        }
    }

    /// An e-mail address; empty is for the caller to allow.
    pub(crate) fn email(&mut self, field: &'static str, text: &str) {
        if !is_email(text) {
            let said = Text::new("customers-check-email");
            self.tell(field, "Enter one e-mail address such as ann@example.com.", said);
        }
    }

    /// A person or a company must be called something.
    pub(crate) fn named(&mut self, name: &str) {
        if name.is_empty() {
            let said = Text::new("customers-check-name");
            self.tell("last_name", "Enter a first name, a last name or a company.", said);
        }
    }

    pub(crate) fn country(&mut self, field: &'static str, code: &str) {
        if !is_country(code) {
            let said = Text::new("customers-check-country");
            self.tell(field, "Choose a country: its code has two letters, such as DE or US.", said);
        }
    }

    pub(crate) fn phone(&mut self, field: &'static str, text: &str) {
        let allowed = |c: char| c.is_ascii_digit() || "+-()./ xX#*".contains(c);
        if text.len() > 40 || !text.chars().all(allowed) {
            let said = Text::new("customers-check-phone");
            self.tell(field, "Enter at most 40 digits, spaces and + - ( ) . / such as +49 30 1234.", said);
        }
    }

    pub(crate) fn tax_id(&mut self, field: &'static str, text: &str) {
        let allowed = |c: char| c.is_alphanumeric() || "-./ &".contains(c);
        if text.chars().count() > 40 || !text.chars().all(allowed) {
            let said = Text::new("customers-check-tax-id");
            self.tell(
                field,
                "Enter at most 40 letters, digits, spaces and - . / as on the registration.",
                said,
            );
        }
    }

    pub(crate) fn language(&mut self, field: &'static str, text: &str) {
        let parts: Vec<&str> = text.split('-').collect();
        let ok = match parts.as_slice() {
            [language] => is_language(language),
            [language, region] => {
                is_language(language)
                    && (2..=8).contains(&region.len())
                    && region.bytes().all(|b| b.is_ascii_alphanumeric())
            }
            _ => false,
        };
        if !ok {
            self.fail(field, "Enter a language code such as en, de or pt-BR.");
        }
    }

    /// Lower-case machine names: gateways, custom fields.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(allowed) {
            self.fail(field, "Use 1 to 64 lower-case letters, digits, hyphens and underscores.");
        }
    }
}

fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

/// Strict enough to catch typing errors and header injection, loose enough for every address in real use.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean = |c: char| !c.is_control() && !c.is_whitespace() && !"<>(),;:\\\"@[]".contains(c);
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(clean)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_only_looks_like_one() {
        for good in ["ann@example.com", "a.b+c@sub.example.co", "käthe@bücher.example", "o'neil@x.io"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@example",
            "a b@example.com",
            "ann@exa mple.com",
            "ann@example..com",
            "ann@-x.com",
            ".ann@x.com",
            "a@b@c.com",
            "ann@x.com\nBcc: b@x.com",
            "a,b@x.com",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once_beside_its_field() {
        let mut check = Check::default();
        check.line("city", &"x".repeat(101), 100);
        check.country("country", "XX");
        check.phone("phone", "call me");
        check.language("language", "german");
        let Err(CustomerError::Invalid(fields)) = check.finish() else { panic!("must be refused") };
        let names: Vec<_> = fields.iter().map(|f| f.field.as_ref()).collect();
        assert_eq!(names, ["city", "country", "phone", "language"]);
        assert_eq!(fields[0].message, "This has 101 characters; shorten it to at most 100.");
    }
}
